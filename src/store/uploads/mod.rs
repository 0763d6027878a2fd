//! Files that people uploaded, until they are imported or a day has passed; whose imports came of them,
//! and the maps that were used.
//!
//! **Invariant:** an upload is found by whoever sent it and by nobody else.

mod batches;
mod files;
mod maps;

pub use batches::{ListedImport, Which};
pub use files::{Kept, State, UploadNames};

pub(crate) use batches::STATEMENTS as BATCHES;
pub(crate) use files::STATEMENTS as FILES;
pub(crate) use maps::STATEMENTS as MAPS;
