//! What the trend page reads beside the snapshot: who comes in by a mail's link, whether anything has
//! changed since it was last computed, and what stands behind the figures.

mod door;
mod papers;
mod stamp;

pub use papers::load_papers;
pub use stamp::Stamp;
pub(crate) use {
    door::STATEMENTS as DOOR, papers::STATEMENTS as PAPERS, stamp::STATEMENTS as STAMP,
};
