//! Ideas of a made-up database.

use harriswildlands::domain::ids::RecordId;
use harriswildlands::domain::lane::Lane;
use jiff::ToSpan;
use serde_json::{Value, json};

use super::{FakeStore, PLANTED, moment};

impl FakeStore {
    /// An idea that was captured so many days ago.
    pub fn put_idea(&mut self, days: i64, fields: Value) -> RecordId {
        let id = self.put_record(Lane::Ideas, fields);
        let made = moment().checked_sub((24 * days).hours()).unwrap();
        let idea = self.records.get_mut(&id).unwrap();
        idea.created_at = made;
        idea.updated_at = made;
        id
    }

    /// Some ideas of every status but one.
    pub fn put_ideas(&mut self) {
        self.put_idea(3, json!({
            "title": format!("{PLANTED}: a reading corner under the stairs"), "category": "family",
            "excitement": 8, "feasibility": 7, "priority": 3,
        }));
        self.put_idea(
            0,
            json!({ "title": "日本語 👩‍👩‍👧 \u{1b}[31mred \u{202e}turned", "priority": 0 }),
        );
        self.put_idea(
            40,
            json!({
                "title": format!("{PLANTED} again"), "status": "parked", "reviewOn": "2026-12-21",
                "excitement": 10, "feasibility": 10, "priority": 5,
            }),
        );
        self.put_idea(400, json!({
            "title": "Seed library", "status": "reality_checked", "excitement": 9, "feasibility": 2,
            "realityCheck.known": [PLANTED], "realityCheck.decision": "promote",
        }));
        for (days, title) in [(100, "Tool shed"), (200, "Podcast")] {
            self.put_idea(
                days,
                json!({ "title": title, "status": "promoted", "priority": 1 }),
            );
        }
        self.put_idea(
            700,
            json!({ "title": "Old site", "status": "discarded", "category": "tech" }),
        );
        self.put_idea(800, json!({ "title": "First book", "status": "archived" }));
    }
}
