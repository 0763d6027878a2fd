//! Whom we trust when a relay, or a web server of ours, shows its certificate.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Days further than which nobody looks ahead: a certificate lives a little over a year at most.
const DAYS_MAX: u32 = 800;

/// Certificates are checked against these authorities; there is no way to turn the check off.
#[derive(Clone)]
pub struct Trust {
    config: Arc<ClientConfig>,
    verifier: Arc<WebPkiServerVerifier>,
}

impl Trust {
    /// The system's authorities, or, when a file is given, those in it and no others.
    ///
    /// # Errors
    /// A sentence that says why there is nobody to trust.
    pub fn new(ca_file: Option<&Path>) -> Result<Self, String> {
        let roots = Arc::new(match ca_file {
            Some(path) => from_file(path)?,
            None => from_system()?,
        });
        let provider: Arc<CryptoProvider> = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .build()
            .map_err(|error| format!("TLS cannot be set up: {error}"))?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS cannot be set up: {error}"))?
            .with_webpki_verifier(Arc::clone(&verifier))
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config), verifier })
    }

    /// Speaks TLS from here on, with whoever proves to be `host`.
    ///
    /// # Errors
    /// The network's errors, and a `rustls::Error` inside where the other end could not prove it.
    pub async fn encrypt(&self, host: &str, tcp: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        TlsConnector::from(Arc::clone(&self.config)).connect(name, tcp).await
    }

    /// How many days from `now` on the certificates just shown will do, those of authorities in
    /// between included; none where they do not even now, or for years.
    #[must_use]
    pub fn days_left(
        &self,
        host: &str,
        stream: &TlsStream<TcpStream>,
        now: Timestamp,
    ) -> Option<u32> {
        let (own, between) = stream.get_ref().1.peer_certificates()?.split_first()?;
        let name = ServerName::try_from(host.to_owned()).ok()?;
        let now = u64::try_from(now.as_second()).ok()?;
        let will_do = |days: u32| {
            let then = Duration::from_secs(now + u64::from(days) * 86_400);
            let then = UnixTime::since_unix_epoch(then);
            self.verifier.verify_server_cert(own, between, &name, &[], then).is_ok()
        };
        if !will_do(0) || will_do(DAYS_MAX) {
            return None;
        }
        let (mut good, mut bad) = (0, DAYS_MAX);
        while bad - good > 1 {
            let days = good.midpoint(bad);
            if will_do(days) { good = days } else { bad = days }
        }
        Some(good)
    }
}

/// Whether a host can be asked to prove that it is this one.
#[must_use]
pub fn is_name(host: &str) -> bool {
    ServerName::try_from(host).is_ok()
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust")
    }
}

fn from_file(path: &Path) -> Result<RootCertStore, String> {
    let unreadable = |error: &dyn fmt::Display| {
        format!(
            "ca_file {} cannot be read as PEM certificates: {error}; give a readable PEM file",
            path.display()
        )
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))? {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        roots.add(certificate).map_err(|error| unreadable(&error))?;
    }
    if roots.is_empty() {
        return Err(unreadable(&"it holds none"));
    }
    Ok(roots)
}

fn from_system() -> Result<RootCertStore, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err("this system has no certificate authorities to check the relay with; install \
                    ca-certificates or add ?ca_file=PATH"
            .to_owned());
    }
    Ok(roots)
}
