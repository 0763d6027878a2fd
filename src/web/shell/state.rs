//! What the pages work with.

use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::links::Pages;
use crate::engine::{Engine, EngineError};
use crate::secrets::{Keyring, Purpose, Subject};

use super::problem::Problem;

/// Everything a page is given. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Site {
    pub(in crate::web) engine: Arc<Engine>,
    pub(in crate::web) keys: Arc<Keyring>,
    pub(in crate::web) pages: Arc<Pages>,
    /// The path that `web.public_url` ends with, without a slash at the end; mostly empty.
    pub(in crate::web) base: Arc<str>,
    /// Whether readers reach the pages by https.
    pub(in crate::web) is_https: bool,
}

impl Site {
    /// # Errors
    /// When the keys cannot be read or made.
    pub(in crate::web) fn new(engine: Arc<Engine>) -> Result<Self, EngineError> {
        let public_url = &engine.settings.web.public_url;
        // Settings hold nothing but an address; what is none has no path.
        let path = url::Url::parse(public_url).map(|url| url.path().to_owned()).unwrap_or_default();
        Ok(Self {
            keys: engine.keys()?,
            pages: Arc::new(engine.pages()?),
            base: path.trim_end_matches('/').into(),
            is_https: public_url.starts_with("https://"),
            engine,
        })
    }

    pub(in crate::web) fn now(&self) -> Timestamp {
        self.engine.clock.now()
    }

    /// What a link's token is about; `over` is what its reader is told once it expired.
    pub(in crate::web) fn read(
        &self,
        purpose: Purpose,
        token: &str,
        over: &'static str,
    ) -> Result<Subject, Problem> {
        let subject = self.keys.verify(purpose, token, self.now());
        subject.map_err(|error| Problem::of_link(error, token, over))
    }

    /// The same of a link that never expires.
    pub(in crate::web) fn read_lasting(
        &self,
        purpose: Purpose,
        token: &str,
    ) -> Result<Subject, Problem> {
        self.read(purpose, token, "It is too old. Use the link in a newer mail.")
    }

    /// The path of a page as a reader's browser asks for it.
    pub(in crate::web) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}
