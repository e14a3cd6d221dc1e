//! How versions are printed.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::cli::exit::Failure;
use crate::cli::output;
use crate::cli::sheet::Sheet;
use crate::domain::log::Shown;
use crate::domain::secret::Exit as Way;
use crate::domain::subject::Subject;
use crate::domain::version::differing;
use crate::store::api::Version;

/// How versions are printed.
pub(super) struct Paper<'f> {
    /// Of what.
    pub of: Subject,
    /// How fields are printed.
    pub sheet: Sheet<'f>,
    /// Whether as documents.
    pub json: bool,
    /// Whose clock.
    pub zone: TimeZone,
}

impl Paper<'_> {
    fn moment(&self, at: Timestamp) -> String {
        let at = at.to_zoned(self.zone.clone());
        at.strftime("%Y-%m-%d %H:%M").to_string()
    }

    fn is_sensitive(&self, key: &str) -> bool {
        match self.of {
            Subject::Log(_) => self.sheet.form.is_sensitive(key),
            Subject::Record(lane, _) => lane.is_sensitive(key),
        }
    }

    fn label<'a>(&'a self, key: &'a str) -> &'a str {
        let field = self.sheet.form.exact(key);
        field.map_or(key, |field| field.label.as_str())
    }

    pub(super) fn list(&self, versions: &[Version]) -> Result<(), Failure> {
        if self.json {
            let documents = versions.iter().map(|version| self.document(version));
            return output::print(&self.sheet.output.json(&documents.collect()));
        }
        let mut text = String::new();
        for (at, version) in versions.iter().enumerate() {
            let changed = match versions.get(at + 1) {
                Some(older) => {
                    let keys = differing(held(older), held(version));
                    let back = version.is_brought_back(older).then_some("brought back");
                    let names = keys.iter().map(|key| self.label(key));
                    let names: Vec<&str> = back.into_iter().chain(names).collect();
                    names.join(", ")
                }
                None if version.number == 1 => "made".to_owned(),
                None => String::new(),
            };
            let gone = version.ended.as_ref().filter(|ended| ended.deleted);
            let gone = gone.map_or_else(String::new, |ended| {
                format!("  deleted {} by {}", self.moment(ended.at), ended.by)
            });
            let by = version.made_by.as_deref().unwrap_or("-");
            let line = format!(
                "{:>4}  {}  {by:<12}  {changed}{gone}",
                version.number,
                self.moment(version.made_at)
            );
            text.push_str(self.sheet.output.line(line.trim_end()).as_ref());
            text.push('\n');
        }
        output::print(&text)
    }

    pub(super) fn one(&self, version: &Version) -> Result<(), Failure> {
        if self.json {
            return output::print(&self.sheet.output.json(&self.document(version)));
        }
        let mut text = self.head(version);
        let sections = self
            .sheet
            .sections(&|field| Shown::of(&version.fields, field));
        text.push_str(&sections);
        text.push_str(self.sheet.advice(&text));
        output::print(&text)
    }

    pub(super) fn two(&self, older: &Version, newer: &Version) -> Result<(), Failure> {
        let (before, after) = (held(older), held(newer));
        let keys = differing(before, after);
        if self.json {
            let fields: Map<String, Value> = keys
                .iter()
                .map(|key| {
                    let pair = [before, after].map(|fields| self.masked(key, fields.get(*key)));
                    ((*key).to_owned(), Value::from(pair.to_vec()))
                })
                .collect();
            let document = json!({
                "versions": [older.number, newer.number],
                "fields": fields,
                "masked": keys.iter().filter(|key| self.hides(key)).collect::<Vec<_>>(),
            });
            return output::print(&self.sheet.output.json(&document));
        }
        let mut text = format!("{}{}", self.head(older), self.head(newer));
        for key in &keys {
            let label = self.label(key);
            let _ = writeln!(text, "\n{}", self.sheet.output.line(label));
            for (version, fields) in [(older, before), (newer, after)] {
                let value = self.shown(key, fields.get(*key));
                for line in self.sheet.output.wrapped(&value, 8) {
                    let _ = writeln!(text, "{:>4}  {line}", version.number);
                }
            }
        }
        text.push_str(self.sheet.advice(&text));
        output::print(&text)
    }

    fn head(&self, version: &Version) -> String {
        let by = |who: &str| format!(" by {who}");
        let made = version.made_by.as_deref().map(by).unwrap_or_default();
        let ended = version.ended.as_ref().map(|ended| {
            let what = if ended.deleted { "deleted" } else { "replaced" };
            format!(", {what} {} by {}", self.moment(ended.at), ended.by)
        });
        let line = format!(
            "version {}, made {}{made}{}",
            version.number,
            self.moment(version.made_at),
            ended.unwrap_or_else(|| ", the present one".to_owned())
        );
        format!("{}\n", self.sheet.output.line(&line))
    }

    fn hides(&self, key: &str) -> bool {
        !self.sheet.reveal && self.is_sensitive(key)
    }

    fn masked(&self, key: &str, value: Option<&Value>) -> Value {
        match value {
            Some(value) if !self.hides(key) => value.clone(),
            Some(_) | None => Value::Null,
        }
    }

    fn shown(&self, key: &str, value: Option<&Value>) -> String {
        match (value, self.sheet.form.exact(key)) {
            (None, _) => "-".to_owned(),
            (Some(_), _) if self.hides(key) => self.sheet.output.mask().to_owned(),
            (Some(value), Some(field)) => field.show(value),
            (Some(Value::String(text)), None) => text.clone(),
            (Some(value), None) => value.to_string(),
        }
    }

    fn document(&self, version: &Version) -> Value {
        let is_sensitive = |key: &str| self.is_sensitive(key);
        let (data, masked) = self.sheet.data(version.fields.as_ref(), is_sensitive);
        let ended = version.ended.as_ref();
        json!({
            "version": version.number,
            "madeAt": version.made_at.to_string(),
            "madeBy": version.made_by,
            "endedAt": ended.map(|ended| ended.at.to_string()),
            "endedBy": ended.map(|ended| ended.by.as_str()),
            "deleted": ended.is_some_and(|ended| ended.deleted),
            "data": data,
            "masked": masked,
        })
    }
}

fn held(version: &Version) -> &Map<String, Value> {
    version.fields.expose(Way::Output)
}
