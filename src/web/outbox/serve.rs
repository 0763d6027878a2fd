//! Answering on loopback.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use tokio::net::TcpListener;

use super::routes::router;

/// How many ports after the first are tried.
const PORTS_TRIED: u16 = 50;

/// A viewer that listens.
#[derive(Debug)]
pub struct Viewer {
    listener: TcpListener,
    /// Where it can be reached.
    pub address: SocketAddr,
}

/// Listens on loopback at `port`, or at the next free one after it.
///
/// # Errors
/// When none of the ports tried is free, or the system refuses.
pub async fn listen(port: u16) -> io::Result<Viewer> {
    let last = port.saturating_add(PORTS_TRIED);
    for candidate in port..=last {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)).await {
            Ok(listener) => {
                let address = listener.local_addr()?;
                return Ok(Viewer { listener, address });
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AddrInUse,
        format!(
            "every port from {port} to {last} is taken on 127.0.0.1; end one of the programs there"
        ),
    ))
}

impl Viewer {
    /// Shows the mails of `folder` until `until` comes true; requests under way are finished.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn run(
        self,
        folder: PathBuf,
        until: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        axum::serve(self.listener, router(folder)).with_graceful_shutdown(until).await
    }
}
