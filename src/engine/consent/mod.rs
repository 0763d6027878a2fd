//! How somebody comes to be on a list: asked for or invited, and confirmed by a mail of their own
//! (double opt-in, MAIL 43).
//!
//! The request is a row, and so is the mail that is due: a relay that is away or a process that dies
//! delays it and loses nothing. A link's token is made when its mail is, and only its hash is kept.

mod asking;
mod mailing;
mod own_data;
mod words;

pub use asking::Admitted;
pub(in crate::engine) use asking::client_name;
pub use own_data::OwnDataLink;
