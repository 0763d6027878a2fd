//! The certificates of SNS, fetched once, and the answer to its question whether we want to hear.

use std::collections::HashMap;

use tokio::sync::Mutex;
use url::Url;

use crate::mail::inbound::webhook::fetch::{FetchError, fetch};

/// Certificates kept at once; SNS has a handful.
const MOST: usize = 8;

/// What was fetched, by its address.
#[derive(Debug, Default)]
pub(super) struct Certificates(Mutex<HashMap<Url, Vec<u8>>>);

impl Certificates {
    /// The certificate at an address of SNS; none when it cannot be fetched now.
    pub(super) async fn get(&self, url: &Url) -> Option<Vec<u8>> {
        let mut known = self.0.lock().await;
        if let Some(certificate) = known.get(url) {
            return Some(certificate.clone());
        }
        let fetched = fetch(url).await;
        match fetched {
            Ok(certificate) => {
                if known.len() >= MOST {
                    known.clear();
                }
                known.insert(url.clone(), certificate.clone());
                Some(certificate)
            }
            Err(error) => {
                tracing::warn!(%error, "the certificate of an SNS call cannot be fetched");
                None
            }
        }
    }
}

/// Says yes to a topic.
pub(super) async fn confirm(url: &Url) -> Result<(), FetchError> {
    fetch(url).await.map(drop)
}
