//! What is due: organizations, consultants and their subscribers at a cut-off (DESIGN 2.1, 2.2).

mod claims;
mod organizations;
mod subscribers;

pub use claims::{Claim, ClientLink};
pub use organizations::DueOrganization;
pub use subscribers::Subscriber;
pub(crate) use {
    claims::STATEMENTS as CLAIMS, organizations::STATEMENTS as ORGANIZATIONS,
    subscribers::STATEMENTS as SUBSCRIBERS,
};
