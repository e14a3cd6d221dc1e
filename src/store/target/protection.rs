//! What libpq's `ssl…` parameters ask of a connection.
//!
//! Where they ask for a verification that cannot be made, that is an error and never a weaker connection.

use std::path::{Path, PathBuf};

use super::TargetError;
use super::settings::Settings;
use crate::store::tls::{self, Protection, Verification};

pub(super) fn protection(
    settings: &Settings,
    home: Option<&Path>,
) -> Result<Protection, TargetError> {
    let named = |key: &str| settings.get(key).map(PathBuf::from);
    let usual = |name: &str| {
        home.map(|home| home.join(".postgresql").join(name))
            .filter(|path| path.exists())
    };
    let mode = sslmode(settings)?;
    let roots = if settings.get("sslrootcert") == Some("system") {
        if mode != tls::Mode::VerifyFull {
            return Err(TargetError::new(
                "sslmode",
                "with sslrootcert=system only verify-full is safe: anybody can get a certificate from a public authority",
            ));
        }
        None
    } else {
        named("sslrootcert").or_else(|| usual("root.crt"))
    };
    let verification = match (mode, roots) {
        (tls::Mode::VerifyFull, roots) => Verification::Full(roots),
        (tls::Mode::VerifyCa, None) => {
            return Err(TargetError::new(
                "sslrootcert",
                "sslmode=verify-ca needs the authority's certificate; with the system's authorities use verify-full",
            ));
        }
        // As libpq: where an authority's file is there, it is used.
        (_, Some(roots)) => Verification::Chain(roots),
        (_, None) => Verification::None,
    };
    let certificate = named("sslcert").or_else(|| usual("postgresql.crt"));
    let key = named("sslkey").or_else(|| usual("postgresql.key"));
    let identity = match (certificate, key) {
        _ if settings.get("sslcertmode") == Some("disable") => None,
        (Some(certificate), Some(key)) => Some((certificate, key)),
        (None, None) => None,
        (Some(_), None) => {
            return Err(TargetError::new(
                "sslkey",
                "sslcert is given, but not its key",
            ));
        }
        (None, Some(_)) => {
            return Err(TargetError::new(
                "sslcert",
                "sslkey is given, but not its certificate",
            ));
        }
    };
    Ok(Protection {
        mode,
        verification,
        identity,
    })
}

fn sslmode(settings: &Settings) -> Result<tls::Mode, TargetError> {
    match (settings.get("sslmode"), settings.get("requiressl")) {
        (Some(word), _) => tls::Mode::parse(word).ok_or_else(|| {
            TargetError::new(
                "sslmode",
                format!("\"{word}\" is not one of disable, allow, prefer, require, verify-ca, verify-full"),
            )
        }),
        (None, Some("1")) => Ok(tls::Mode::Require),
        (None, _) if settings.get("sslrootcert") == Some("system") => Ok(tls::Mode::VerifyFull),
        (None, _) => Ok(tls::Mode::Prefer),
    }
}
