//! What the pages work with.

use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::links::Pages;
use crate::engine::{Engine, EngineError};
use crate::secrets::{Keyring, Purpose, Subject, TokenError};

/// Everything a page is given. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Site {
    pub(super) engine: Arc<Engine>,
    pub(super) keys: Arc<Keyring>,
    pub(super) pages: Arc<Pages>,
    /// The path that `web.public_url` ends with, without a slash at the end; mostly empty.
    pub(super) base: Arc<str>,
    /// Whether readers reach the pages by https.
    pub(super) is_https: bool,
}

impl Site {
    /// # Errors
    /// When the keys cannot be read or made.
    pub(super) fn new(engine: Arc<Engine>) -> Result<Self, EngineError> {
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

    pub(super) fn now(&self) -> Timestamp {
        self.engine.clock.now()
    }

    /// Whose row a link's token is about.
    pub(super) fn read(&self, purpose: Purpose, token: &str) -> Result<Subject, TokenError> {
        self.keys.verify(purpose, token, self.now())
    }

    /// The path of a page as a reader's browser asks for it.
    pub(super) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}
