//! Signals of a made-up database.

use harriswildlands::domain::drift::{
    Baseline, Evidence, EvidenceRow, Settings, SignalType, State,
};
use harriswildlands::domain::ids::RecordId;
use harriswildlands::domain::lane::Lane;
use harriswildlands::store::api::Standing;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{FakeStore, PLANTED, TODAY};

impl FakeStore {
    /// A signal of every state and of several kinds, one of a field that the form no longer has.
    pub fn put_drift(&mut self) {
        let days: Vec<(Date, f64)> = (0..14_i64)
            .map(|back| (TODAY.saturating_sub((13 - back).days()), 3.0))
            .collect();
        let id = RecordId::new();
        let rows = days.iter().map(|(date, value)| EvidenceRow {
            table: "logs".to_owned(),
            id,
            date: *date,
            value: Some(*value),
        });
        let evidence = Evidence {
            rule: "level_shift".to_owned(),
            version: 1,
            parameters: [("autocorrelation".to_owned(), 0.31)].into(),
            window: (days[0].0, TODAY),
            baseline: Some(Baseline {
                n: 46,
                from: TODAY.saturating_sub(59.days()),
                to: TODAY.saturating_sub(14.days()),
                centre: 6.75,
                scale: 1.25,
                weekdays: [0.0, 0.25, 0.0, 0.0, 0.0, -0.25, 0.0],
            }),
            observed_n: 14,
            observed_mean: Some(3.0),
            statistic: Some(9.5),
            limit: Some(8.6),
            rows: rows.collect(),
        };
        self.put_stored_signal(
            (SignalType::LevelShift, "energy", State::Open),
            "Energy averaged 3.0 over 10–23 Nov (typical for those weekdays: 6.8).",
            &evidence,
        );
        self.put_stored_signal(
            (SignalType::LevelShift, "gone", State::Open),
            &format!("{PLANTED} averaged 3.0 over 10–23 Nov (typical for those weekdays: 6.8)."),
            &evidence,
        );
        let goal = self.records.values().find(|one| one.lane == Lane::Goals);
        let goal = goal.map_or_else(RecordId::new, |goal| goal.id);
        let bare = |kind: SignalType, rows| Evidence {
            rule: kind.word().to_owned(),
            version: 1,
            parameters: [("goals".to_owned(), 2.0), ("neglectDays".to_owned(), 7.0)].into(),
            window: (
                TODAY.saturating_sub(7.days()),
                TODAY.saturating_sub(1.days()),
            ),
            baseline: None,
            observed_n: 0,
            observed_mean: None,
            statistic: None,
            limit: None,
            rows,
        };
        let row = EvidenceRow {
            table: "goals".to_owned(),
            id: goal,
            date: TODAY.saturating_sub(40.days()),
            value: None,
        };
        self.put_stored_signal(
            (SignalType::DomainNeglect, "health", State::Acknowledged),
            "No check-ins in health, 16–22 Nov; 2 active goals.",
            &bare(SignalType::DomainNeglect, vec![row]),
        );
        self.put_stored_signal(
            (SignalType::IdeasCrowded, "", State::Snoozed),
            "3 promoted ideas on 22 Nov (limit: 2).",
            &bare(SignalType::IdeasCrowded, Vec::new()),
        );
        self.put_stored_signal(
            (SignalType::MissedDays, "", State::Resolved),
            "4 of 7 days logged, 5–11 Nov (typical: 6 of 7).",
            &bare(SignalType::MissedDays, Vec::new()),
        );
        self.standing = Some(standing(2));
    }

    pub fn put_stored_signal(
        &mut self,
        (kind, subject, state): (SignalType, &str, State),
        sentence: &str,
        evidence: &Evidence,
    ) -> RecordId {
        let mut fields = json!({
            "type": kind.word(), "subject": subject, "state": state.word(), "sentence": sentence,
            "windowStart": evidence.window.0, "windowEnd": evidence.window.1,
            "firstSeen": evidence.window.0, "lastSeen": TODAY,
        });
        match state {
            State::Open => {}
            State::Acknowledged => fields["acknowledgedAt"] = json!("2026-11-20T08:00:00Z"),
            State::Snoozed => {
                fields["snoozedUntil"] = json!("2026-12-05");
                fields["note"] = json!(format!("{PLANTED}: the garden first"));
            }
            State::Resolved => fields["resolvedAt"] = json!("2026-11-19T08:00:00Z"),
        }
        if let Value::Object(parts) = evidence.to_json() {
            for (part, value) in parts {
                let is_empty = value.as_array().is_some_and(Vec::is_empty);
                if !value.is_null() && !is_empty {
                    fields[format!("value.{part}")] = value;
                }
            }
        }
        self.put_record(Lane::Signals, fields)
    }
}

/// How it stands with so many open signals, where of one field there are too few days yet.
pub fn standing(open: usize) -> Standing {
    Standing {
        open,
        changed: false,
        settings: Settings::default(),
        needed: vec![
            ("energy".to_owned(), 60, 28),
            ("exercise".to_owned(), 12, 21),
        ],
    }
}
