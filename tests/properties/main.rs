//! What must hold of any organization, whatever was recorded about it (MODEL 4.2).

mod core;
mod course;
mod generate;
#[path = "../model/mod.rs"]
mod model;
mod order;
mod score;
mod sums;
