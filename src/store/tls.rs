//! TLS by rustls with libpq's meanings of `sslmode`: what is encrypted, what is verified, against whom.
//!
//! `require` encrypts and trusts whoever answers: that is said aloud (`Protection::warning`). A verification
//! that was asked for is never weakened because a file is missing.

use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::StoreError;

/// `sslmode`, as libpq names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Never encrypted.
    Disable,
    /// Encrypted where the server insists.
    Allow,
    /// Encrypted where the server can.
    Prefer,
    /// Always encrypted.
    Require,
    /// Always encrypted, and the certificate is signed by a known authority.
    VerifyCa,
    /// As `VerifyCa`, and the certificate is for this host.
    VerifyFull,
}

impl Mode {
    /// The mode of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "disable" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => return None,
        })
    }

    /// What is tried first.
    #[must_use]
    pub fn first_try(self) -> SslMode {
        match self {
            Self::Disable | Self::Allow => SslMode::Disable,
            Self::Prefer => SslMode::Prefer,
            Self::Require | Self::VerifyCa | Self::VerifyFull => SslMode::Require,
        }
    }

    /// What is tried when the server refuses the first.
    #[must_use]
    pub fn second_try(self) -> Option<SslMode> {
        match self {
            Self::Allow => Some(SslMode::Require),
            Self::Prefer => Some(SslMode::Disable),
            Self::Disable | Self::Require | Self::VerifyCa | Self::VerifyFull => None,
        }
    }
}

/// How far a certificate is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    /// Not at all.
    None,
    /// Signed by one of the authorities in this file.
    Chain(PathBuf),
    /// Signed by one of the authorities in this file, or of the system, and for this host.
    Full(Option<PathBuf>),
}

/// How a connection over a network is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// Whether it is encrypted.
    pub mode: Mode,
    /// Whether the server is who it says it is.
    pub verification: Verification,
    /// Files of this client's certificate and its key.
    pub identity: Option<(PathBuf, PathBuf)>,
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.mode, &self.verification) {
            (Mode::Disable, _) => "not encrypted",
            (Mode::Allow | Mode::Prefer, _) => "TLS if the server offers it, not guaranteed",
            (Mode::Require, Verification::None) => "TLS require: encrypted, not verified",
            (Mode::VerifyCa | Mode::Require, _) => "TLS verify-ca",
            (Mode::VerifyFull, _) => "TLS verify-full",
        })
    }
}

impl Protection {
    /// For a socket on this machine.
    #[must_use]
    pub fn off() -> Self {
        Self {
            mode: Mode::Disable,
            verification: Verification::None,
            identity: None,
        }
    }

    /// What must be said aloud about a connection to another machine.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        match (self.mode, &self.verification) {
            (Mode::Disable, _) => Some(
                "The connection to the database is not encrypted (sslmode=disable). sslmode=verify-full protects it."
                    .into(),
            ),
            (Mode::Allow | Mode::Prefer, _) => Some(
                "The connection to the database may be unencrypted, and the server is not verified. \
                 sslmode=verify-full protects it."
                    .into(),
            ),
            (Mode::Require, Verification::None) => Some(
                "The connection to the database is encrypted, but the server is not verified (sslmode=require). \
                 sslmode=verify-full verifies it."
                    .into(),
            ),
            (Mode::Require | Mode::VerifyCa | Mode::VerifyFull, _) => None,
        }
    }

    /// The connector, where there is something to encrypt.
    ///
    /// # Errors
    /// Where a file of certificates or a key cannot be read or used.
    pub fn connector(&self) -> Result<Option<MakeRustlsConnect>, StoreError> {
        if self.mode == Mode::Disable {
            return Ok(None);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| StoreError::BadAddress(format!("TLS cannot be set up: {error}")))?
            .dangerous()
            .with_custom_certificate_verifier(self.verifier(provider)?);
        let config = match &self.identity {
            None => config.with_no_client_auth(),
            Some((certificate, key)) => {
                let key = private_key(key)?;
                config
                    .with_client_auth_cert(certificates(certificate)?, key)
                    .map_err(|error| {
                        StoreError::BadAddress(format!(
                            "sslcert {}: {error}",
                            certificate.display()
                        ))
                    })?
            }
        };
        Ok(Some(MakeRustlsConnect::new(config)))
    }

    fn verifier(
        &self,
        provider: Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, StoreError> {
        let (file, with_name) = match &self.verification {
            Verification::Full(None) => {
                let verifier = rustls_platform_verifier::Verifier::new(provider).map_err(|error| {
                    StoreError::BadAddress(format!(
                        "the system's certificate authorities cannot be used ({error}); name a file in PGSSLROOTCERT"
                    ))
                })?;
                return Ok(Arc::new(verifier));
            }
            Verification::Full(Some(file)) => (Some(file), true),
            Verification::Chain(file) => (Some(file), false),
            Verification::None => (None, false),
        };
        let roots = file.map(|file| Roots::read(file)).transpose()?;
        Ok(Arc::new(Verifier {
            provider,
            roots,
            with_name,
        }))
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, StoreError> {
    let bad = |reason: String| {
        StoreError::BadAddress(format!("certificate file {}: {reason}", file.display()))
    };
    let found = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| bad(error.to_string()))?;
    if found.is_empty() {
        return Err(bad("there is no certificate in it".into()));
    }
    Ok(found)
}

/// libpq's rule: nobody else may read a key, but for the group where the key is root's.
fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, StoreError> {
    let bad =
        |reason: String| StoreError::BadAddress(format!("sslkey {}: {reason}", file.display()));
    let facts = std::fs::metadata(file).map_err(|error| bad(error.to_string()))?;
    let forbidden = if facts.uid() == 0 { 0o037 } else { 0o077 };
    if facts.mode() & forbidden != 0 {
        return Err(bad("others may read it; run chmod 600 on it".into()));
    }
    PrivateKeyDer::from_pem_file(file).map_err(|error| match error {
        pem::Error::Io(error) => bad(error.to_string()),
        _ => bad("there is no unencrypted PEM key in it".into()),
    })
}

/// The authorities of a file.
#[derive(Debug)]
struct Roots {
    store: RootCertStore,
    certificates: Vec<CertificateDer<'static>>,
}

impl Roots {
    fn read(file: &Path) -> Result<Self, StoreError> {
        let certificates = certificates(file)?;
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(certificates.iter().cloned());
        Ok(Self {
            store,
            certificates,
        })
    }

    fn vouch(
        &self,
        end_entity: &CertificateDer<'_>,
        parsed: &ParsedCertificate<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
        provider: &CryptoProvider,
    ) -> Result<(), rustls::Error> {
        // A server whose own certificate is in the file is trusted, as OpenSSL does: many have signed their own.
        if self
            .certificates
            .iter()
            .any(|root| root.as_ref() == end_entity.as_ref())
        {
            return Ok(());
        }
        let algorithms = provider.signature_verification_algorithms.all;
        verify_server_cert_signed_by_trust_anchor(
            parsed,
            &self.store,
            intermediates,
            now,
            algorithms,
        )
    }
}

/// Verifies as far as it is asked to. The signature of the handshake is verified always: without it even the same
/// stranger's next message could be another's.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    roots: Option<Roots>,
    with_name: bool,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Some(roots) = &self.roots {
            let parsed = ParsedCertificate::try_from(end_entity)?;
            roots.vouch(end_entity, &parsed, intermediates, now, &self.provider)?;
            if self.with_name {
                verify_server_name(&parsed, server_name)?;
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn why_a_key_cannot_be_used_is_said() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let told = |file: &Path| private_key(file).unwrap_err().to_string();
        let unreadable = told(home.path());
        assert!(unreadable.contains("Is a directory"), "{unreadable}");
        let file = home.path().join("key");
        fs::write(&file, "no key").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(told(&file).ends_with("there is no unencrypted PEM key in it"));
    }
}
