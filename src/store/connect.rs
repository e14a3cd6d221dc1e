//! From the settings to a signed-in session: which server, started if it is ours, prepared if new.

use std::sync::Arc;

use super::api::Person;
use super::embedded::{self, APP_ROLE, DATABASE, EmbeddedError, EmbeddedServer, OWNER_ROLE};
use super::error::StoreError;
use super::outbox::UNADDRESSED;
use super::queries::users::Account;
use super::session::{Access, Session};
use super::target::{self, Mode, Target};

/// Which server.
#[derive(Debug, Clone)]
pub enum Source {
    /// The private server, started when it does not run.
    Embedded(embedded::Settings),
    /// The one the person named.
    External(Target),
    /// None: what the person set cannot be understood. Each attempt to connect says why.
    Unusable(StoreError),
}

/// A session and what goes with it.
#[derive(Debug)]
pub struct Opened {
    /// Signed-in access.
    pub session: Session,
    /// Who is signed in.
    pub person: Person,
    /// This program's hold on the private server; dropping it may block.
    pub guard: Option<EmbeddedServer>,
    /// One word for the status line: `local`, or the host.
    pub place: String,
    /// What the person should know.
    pub warnings: Vec<String>,
}

/// Why there is no session.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub error: StoreError,
    /// Whether trying again may help with nothing changed by the person.
    pub retry: bool,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let retry = error.is_transient();
        Self { error, retry }
    }
}

impl From<EmbeddedError> for Failure {
    fn from(error: EmbeddedError) -> Self {
        Self {
            retry: error.is_transient(),
            error: StoreError::Embedded(error.to_string()),
        }
    }
}

/// Told in words what is being done.
pub type Steps = Arc<dyn Fn(&'static str) + Send + Sync>;

/// Connects, starting and preparing what has to be, and signs in.
///
/// # Errors
/// As the private server, the database and the way to it report them.
pub async fn open(source: &Source, account: &Account, steps: Steps) -> Result<Opened, StoreError> {
    open_or_why(source, account, steps)
        .await
        .map_err(|failure| failure.error)
}

pub(super) async fn open_or_why(
    source: &Source,
    account: &Account,
    steps: Steps,
) -> Result<Opened, Failure> {
    match source {
        Source::Unusable(error) => Err(Failure {
            error: error.clone(),
            retry: false,
        }),
        Source::Embedded(settings) => open_private(settings, account, steps).await,
        Source::External(target) => {
            steps("connecting");
            let access = Access {
                target: target.clone(),
                owner: target.clone(),
                place: target.describe(),
                directory: None,
            };
            let (session, person) = Session::open(access, account, &*steps).await?;
            let place = target.place().server;
            let mut warnings = target.warnings().to_vec();
            warnings.extend(super::before_migration::take_notes());
            Ok(Opened {
                session,
                person,
                guard: None,
                place,
                warnings,
            })
        }
    }
}

async fn open_private(
    settings: &embedded::Settings,
    account: &Account,
    steps: Steps,
) -> Result<Opened, Failure> {
    let told = Arc::clone(&steps);
    let start = {
        let settings = settings.clone();
        move || embedded::start(&settings, &mut |progress| told(progress.words()))
    };
    let guard = tokio::task::spawn_blocking(start)
        .await
        .map_err(|_| broken())??;
    let target = |role| Target::embedded(guard.socket_dir(), guard.port(), role, DATABASE);
    let access = Access {
        target: target(APP_ROLE),
        owner: target(OWNER_ROLE),
        place: "private server".to_owned(),
        directory: Some(settings.places.data.clone()),
    };
    let opened = Session::open(access, account, &*steps).await;
    let (session, person) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            release(guard).await;
            return Err(error.into());
        }
    };
    let place = "local".to_owned();
    Ok(Opened {
        session,
        person,
        guard: Some(guard),
        place,
        warnings: Vec::new(),
    })
}

/// Gives up the hold on the private server, which may stop it and take a while.
pub(super) async fn release(guard: EmbeddedServer) {
    let _ = tokio::task::spawn_blocking(move || drop(guard)).await;
}

/// A panic has said where it was; its own words may hold anything.
fn broken() -> StoreError {
    StoreError::Internal {
        what: "starting the private server broke off".to_owned(),
    }
}

impl Source {
    /// The server that the environment names, else the private one.
    ///
    /// # Errors
    /// Settings that cannot be understood, or no directory for the data.
    pub fn from_env() -> Result<Self, StoreError> {
        let environment = |name: &str| std::env::var(name).ok();
        match target::mode(&environment) {
            Mode::External => Ok(Self::External(Target::from_env(&environment)?)),
            Mode::Embedded => embedded::Settings::from_env()
                .map(Self::Embedded)
                .map_err(|error| StoreError::Embedded(error.to_string())),
        }
    }

    /// What writes that wait on disk are bound to: the database, however it is reached; empty where
    /// none is known, so that the next one takes them.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        match self {
            Self::Embedded(settings) => format!("private:{}", settings.places.data.display()),
            Self::External(target) => target.fingerprint(),
            Self::Unusable(_) => UNADDRESSED.to_owned(),
        }
    }
}
