//! Answering on `web.listen`.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long open requests may take once the service ends.
const PATIENCE: Duration = Duration::from_secs(2);

/// The address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("web.listen {address} cannot be listened on ({problem}); set another, or use --no-web")]
pub struct ListenError {
    address: SocketAddr,
    problem: io::Error,
}

/// A socket that takes connections and does not answer yet.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    /// Where it can be reached.
    pub address: SocketAddr,
}

/// Listens on `web.listen`; port 0 takes a free one.
///
/// # Errors
/// When the address is taken or is not this machine's.
pub async fn listen(address: SocketAddr) -> Result<Listening, ListenError> {
    let wrong = |problem| ListenError { address, problem };
    let listener = TcpListener::bind(address).await.map_err(wrong)?;
    let address = listener.local_addr().map_err(wrong)?;
    Ok(Listening { listener, address })
}

impl Listening {
    /// Answers from now on, in a task of its own.
    #[must_use]
    pub fn answer(self, pages: Router) -> Pages {
        let end = CancellationToken::new();
        let ended = end.clone().cancelled_owned();
        let app = pages.into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move {
            let served = axum::serve(self.listener, app).with_graceful_shutdown(ended).await;
            if let Err(error) = served {
                tracing::error!(%error, "the pages answer no more");
            }
        });
        Pages { end, task }
    }
}

/// Pages that answer.
#[derive(Debug)]
pub struct Pages {
    end: CancellationToken,
    task: JoinHandle<()>,
}

impl Pages {
    /// Takes no new request, and gives those under way a moment.
    pub async fn end(mut self) {
        self.end.cancel();
        if tokio::time::timeout(PATIENCE, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}
