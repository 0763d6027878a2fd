//! The demo's stories and the seed's crowds, as the store gives them back.

#[path = "sample/seed.rs"]
mod seed;
#[path = "sample/stories.rs"]
mod stories;
mod support;
