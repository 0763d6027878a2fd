//! The outbox viewer: the finished mails of a file outbox as pages on this machine.
//!
//! It shows what a recipient would see, on a phone and on a desk, light and dark, as text and as
//! source. It reads a folder and writes nothing.
//!
//! **Invariants:** only files that lie in the folder, or in the one beside it for what is no
//! delivery, under a plain name are ever opened; a
//! mail's HTML is shown in a sandbox without scripts and without this page's origin; a request that
//! names another host than this machine is refused, so that no page elsewhere can read the mails by
//! pointing its own name at loopback.

mod appearance;
mod folder;
mod mail;
mod pages;
mod respond;
mod routes;
mod serve;

pub(in crate::web) use respond::is_loopback;
pub use routes::router;
pub use serve::{Viewer, listen};
