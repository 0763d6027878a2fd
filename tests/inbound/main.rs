//! What comes back, read from its octets alone: a corpus of the shapes that mail systems write, and
//! what becomes of it when it is damaged.

mod corpus;
mod hooks;
mod mutated;
mod samples;
