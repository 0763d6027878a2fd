//! Which sources this process reads now.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// The names of those under way, and a bell for each that ends.
#[derive(Debug)]
pub struct Running {
    names: Mutex<HashSet<String>>,
    count: watch::Sender<usize>,
}

impl Default for Running {
    fn default() -> Self {
        Self { names: Mutex::default(), count: watch::Sender::new(0) }
    }
}

/// One under way, until it is dropped.
#[derive(Debug)]
pub(super) struct UnderWay {
    all: Arc<Running>,
    name: String,
}

impl Running {
    /// Notes that a source is read now; none where it is already.
    pub(super) fn begin(self: &Arc<Self>, name: &str) -> Option<UnderWay> {
        let mut names = self.names();
        names.insert(name.to_owned()).then(|| {
            self.count.send_replace(names.len());
            UnderWay { all: Arc::clone(self), name: name.to_owned() }
        })
    }

    /// Whether a source is read now.
    pub(super) fn is_under_way(&self, name: &str) -> bool {
        self.names().contains(name)
    }

    /// Waits until none is.
    pub(super) async fn ended(&self) {
        let mut count = self.count.subscribe();
        // The sender lives as long as we do, so that there is always an answer.
        let _ = count.wait_for(|count| *count == 0).await;
    }

    fn names(&self) -> MutexGuard<'_, HashSet<String>> {
        // A set is whole after every call, whoever panicked.
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut names = self.all.names();
        names.remove(&self.name);
        self.all.count.send_replace(names.len());
    }
}
