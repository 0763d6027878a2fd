//! Files that somebody sent: what they look like, which of our columns theirs may be, and a map from
//! what was chosen. Pure, and the same map serves the command line.
//!
//! Reading order: [`sniff`] (bytes), [`columns`] (what a column of ours holds), [`survey`] (a file's own
//! columns and words), [`guess`] (what they may mean), [`arrange`] (choices into a map), [`preview`].

pub mod arrange;
pub mod columns;
pub mod guess;
pub mod preview;
pub mod sniff;
pub mod survey;
mod synonyms;
