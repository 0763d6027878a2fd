//! Where the demo's pages listen: this machine, on the usual port or on any that is free.

use std::net::{Ipv4Addr, SocketAddr};

use crate::web::service::{Listening, listen as listen_on};

/// Listens on the port, or on another where that is taken. Asked for before the mails are made,
/// because their links lead there.
///
/// # Errors
/// When no port is free.
pub async fn listen(port: u16) -> anyhow::Result<Listening> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    match listen_on(at(port)).await {
        Ok(listening) => Ok(listening),
        Err(_) => Ok(listen_on(at(0)).await?),
    }
}
