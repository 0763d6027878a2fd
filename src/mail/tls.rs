//! Whom we trust when a relay shows its certificate.

use std::path::Path;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::relay::RelayError;

/// A configuration that checks certificates: against the system's authorities, or, when a file is
/// given, against the authorities in it and no others. There is no way to turn the check off.
///
/// # Errors
/// [`RelayError::Tls`] when there is nothing to trust.
pub fn client_config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, RelayError> {
    let roots = match ca_file {
        Some(path) => from_file(path)?,
        None => from_system()?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| RelayError::Tls(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn from_file(path: &Path) -> Result<RootCertStore, RelayError> {
    let unreadable = |error: &dyn std::fmt::Display| {
        RelayError::Tls(format!(
            "ca_file {} cannot be read as PEM certificates: {error}; give a readable PEM file",
            path.display()
        ))
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

fn from_system() -> Result<RootCertStore, RelayError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err(RelayError::Tls(
            "this system has no certificate authorities to check the relay with; install \
             ca-certificates or add ?ca_file=PATH"
                .to_owned(),
        ));
    }
    Ok(roots)
}
