//! What an error of the store says to the person beyond what happened: why a write was refused, and what to do next.

use super::StoreError;

impl StoreError {
    /// Why a write was refused, in the words of who wrote it. Texts are checked for their length as
    /// they are typed, so that one that is too long was joined with another.
    #[must_use]
    pub fn refusal(&self) -> String {
        let Self::Constraint { constraint, .. } = self else {
            return self.to_string();
        };
        let words = match constraint.as_str() {
            "logs_text_length" => "too long together with the text that was written elsewhere",
            "check_ins_one_per_day" => "the goal has another check-in on that day by now",
            "check_ins_minutes_of_a_day" => "a day has 1440 minutes",
            "ideas_moves" => "an idea cannot go there from where it is by now",
            name if name.ends_with("_title_check") || name.ends_with("_subject_check") => {
                "a title has 1 to 500 characters"
            }
            _ => return self.to_string(),
        };
        words.to_owned()
    }

    /// What to do next, as one sentence.
    #[must_use]
    pub fn advice(&self) -> String {
        let words = match self {
            Self::Refused { user, database, .. } => {
                return format!(
                    "Ask the server's administrator to allow role \"{user}\" on database \"{database}\" in pg_hba.conf."
                );
            }
            Self::UnknownDatabase { database, .. } => {
                return format!(
                    "Create it (createdb {database}), or correct the name in DATABASE_URL or PGDATABASE."
                );
            }
            Self::MissingRight { remedy, .. } => return remedy.clone(),
            Self::ServerAbsent { .. } => {
                "Start the server, or correct the host and port in DATABASE_URL or \
                the PG* variables. Without any of them the program uses its private server."
            }
            Self::WrongPassword { .. } => {
                "Put the password into ~/.pgpass (mode 0600) or PGPASSWORD."
            }
            Self::TooOld { .. } => "Upgrade the server, or use another one.",
            Self::Newer { .. } => "Install the newest version of wildlands. Nothing was changed.",
            Self::Altered { .. } => {
                "This database was changed by another edition of the program. Use that one, \
                or restore a backup. Nothing was changed."
            }
            Self::Unprepared { .. } => "Run: wildlands data migrate",
            // No certificate would help.
            Self::Certificate { reason, .. } if reason.contains("does not support TLS") => {
                "Switch TLS on at the server (ssl = on). sslmode=prefer goes without it where there is none, \
                which is safe only over a trusted network."
            }
            Self::Certificate { .. } => {
                "Correct the certificate or the host name, or name the authority's file \
                in PGSSLROOTCERT. sslmode=require encrypts without verifying."
            }
            Self::BadAddress(_) => {
                "The form is postgresql://user@host:5432/database?sslmode=verify-full; \
                special characters are percent-encoded."
            }
            Self::Timeout { .. } | Self::LinkLost { .. } | Self::Busy { .. } => {
                "The program tries again by itself; what is not saved yet is kept."
            }
            Self::Constraint { .. } | Self::BadValue { .. } => "Correct the value.",
            Self::Conflict => "Look at the record as it is now, and try again.",
            Self::Gone => "Bring it back on the Data screen, or make it anew.",
            Self::Forbidden => "Sign in as the person whose record it is.",
            Self::SignInNeeded => "Sign in with this account's password or database role.",
            Self::Full => "Free space on the server's disk; what is not saved yet is kept.",
            Self::ReadOnly => {
                "Connect to the primary (target_session_attrs=read-write), or wait until the \
                server takes writes; what is not saved yet is kept."
            }
            Self::Embedded(_) => "See: wildlands data server status",
            Self::Unexpected { .. } => "Look into the server's log; what is not saved yet is kept.",
            Self::Internal { .. } => "Please report this; the log file has the statement's name.",
        };
        words.to_owned()
    }
}
