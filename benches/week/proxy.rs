//! A longer way to the relay: what comes in goes out half a round trip later, at full width.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// Octets read at once.
const PIECE: usize = 64 * 1024;

/// A running proxy; it ends when dropped.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    _runtime: Runtime,
}

impl Proxy {
    /// Leads to `relay` and makes each round trip longer by `delay`.
    pub fn start(relay: SocketAddr, delay: Duration) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        runtime.spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(join(near, relay, delay / 2));
            }
        });
        Self { address, _runtime: runtime }
    }
}

async fn join(near: TcpStream, relay: SocketAddr, later: Duration) -> std::io::Result<()> {
    let far = TcpStream::connect(relay).await?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    tokio::spawn(carry(near_in, far_out, later));
    carry(far_in, near_out, later).await;
    Ok(())
}

/// Carries one direction until either end is gone.
async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, later: Duration) {
    let (on_the_way, mut arriving) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let writer = tokio::spawn(async move {
        while let Some((due, piece)) = arriving.recv().await {
            sleep_until(due).await;
            if to.write_all(&piece).await.is_err() {
                break;
            }
        }
    });
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let read = from.read_buf(&mut piece).await;
        if !matches!(read, Ok(1..)) || on_the_way.send((Instant::now() + later, piece)).is_err() {
            break;
        }
    }
    drop(on_the_way);
    // It ends with the last piece; whether it could be written is the other end's concern.
    let _ = writer.await;
}
