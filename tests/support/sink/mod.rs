//! A relay that takes mail as fast as it comes and remembers of each message only whom it was for
//! and its Message-ID. It can be slow, refuse for a while, or be away.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

mod talk;

/// What one recipient was given.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Messages taken, copies included.
    pub times: u64,
    /// The Message-ID of the first.
    pub message_id: String,
    /// Whether another one had another Message-ID.
    pub has_other: bool,
}

#[derive(Debug)]
struct Shared {
    given: Mutex<HashMap<String, Given>>,
    taken: AtomicU64,
    deferred: AtomicU64,
    asked: AtomicU64,
    wait_micros: AtomicU64,
    defer_every: AtomicU64,
    defer_next: AtomicU64,
    /// Changes when everybody is thrown out.
    evening: watch::Sender<u64>,
}

/// A running relay; it stops when dropped.
#[derive(Debug)]
pub struct Sink {
    /// Where it listens, also while it is away.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    runtime: Runtime,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

impl Sink {
    /// Listens on a free port of this machine, on two threads of its own.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("sink")
            .enable_all()
            .build()
            .expect("a runtime");
        let shared = Arc::new(Shared {
            given: Mutex::default(),
            taken: AtomicU64::new(0),
            deferred: AtomicU64::new(0),
            asked: AtomicU64::new(0),
            wait_micros: AtomicU64::new(0),
            defer_every: AtomicU64::new(0),
            defer_next: AtomicU64::new(0),
            evening: watch::Sender::new(0),
        });
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let accepting = runtime.spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, runtime, accepting: Mutex::new(Some(accepting)) }
    }

    /// `relay.url` for it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Messages taken so far, copies included.
    pub fn taken(&self) -> u64 {
        self.shared.taken.load(Ordering::SeqCst)
    }

    /// Recipients refused for now so far.
    pub fn deferred(&self) -> u64 {
        self.shared.deferred.load(Ordering::SeqCst)
    }

    /// What each recipient was given.
    pub fn given(&self) -> HashMap<String, Given> {
        self.shared.given.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits before it answers the end of each message.
    pub fn waits(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.shared.wait_micros.store(micros, Ordering::SeqCst);
    }

    /// Refuses every so many-th recipient for now; 0 for none.
    pub fn defers_every(&self, number: u64) {
        self.shared.defer_every.store(number, Ordering::SeqCst);
    }

    /// Refuses the next so many recipients for now.
    pub fn defers_next(&self, number: u64) {
        self.shared.defer_next.store(number, Ordering::SeqCst);
    }

    /// Cuts every connection and stops listening.
    pub fn goes_away(&self) {
        let accepting = self.accepting.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(accepting) = accepting {
            accepting.abort();
            // The port is closed once the task is gone; an aborted one says so as an error.
            let _ = self.runtime.block_on(accepting);
        }
        self.shared.evening.send_modify(|evening| *evening += 1);
    }

    /// Listens again where it did.
    ///
    /// # Panics
    /// When the port was taken meanwhile.
    pub fn comes_back(&self) {
        let listener =
            self.runtime.block_on(TcpListener::bind(self.address)).expect("the port is ours");
        let accepting = self.runtime.spawn(accept(listener, Arc::clone(&self.shared)));
        *self.accepting.lock().unwrap_or_else(PoisonError::into_inner) = Some(accepting);
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let mut evening = shared.evening.subscribe();
            tokio::select! {
                _ = talk::serve(stream, &shared) => {}
                _ = evening.changed() => {}
            }
        });
    }
}

impl Shared {
    /// Whether the recipient that is named now is refused for now.
    fn defers(&self) -> bool {
        let left = |left: u64| left.checked_sub(1);
        let every = self.defer_every.load(Ordering::Relaxed);
        let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        let refuses =
            self.defer_next.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left).is_ok()
                || every != 0 && number.is_multiple_of(every);
        if refuses {
            self.deferred.fetch_add(1, Ordering::SeqCst);
        }
        refuses
    }

    /// Takes note of a whole message.
    fn take(&self, recipient: &str, message_id: &str) {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = given.get_mut(recipient) {
            known.times += 1;
            known.has_other |= known.message_id != message_id;
        } else {
            let message_id = message_id.to_owned();
            let first = Given { times: 1, message_id, has_other: false };
            given.insert(recipient.to_owned(), first);
        }
        drop(given);
        self.taken.fetch_add(1, Ordering::SeqCst);
    }
}
