//! Goals of every target type with a year of check-ins.

use harriswildlands::domain::ids::RecordId;
use harriswildlands::domain::lane::Lane;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{FakeStore, PLANTED, TODAY};

impl FakeStore {
    /// A goal with these fields beside its title and domain.
    pub fn put_goal(&mut self, title: &str, domain: &str, more: &Value) -> RecordId {
        let mut fields = json!({ "title": title, "domain": domain });
        for (key, value) in more.as_object().unwrap() {
            fields[key] = value.clone();
        }
        self.put_record(Lane::Goals, fields)
    }

    /// A check-in so many days before today.
    pub fn put_check_in(&mut self, goal: RecordId, back: i64, more: &Value) -> RecordId {
        let date: Date = TODAY.saturating_sub(back.days());
        let mut fields = json!({ "goalId": goal.to_string(), "date": date.to_string() });
        for (key, value) in more.as_object().unwrap() {
            fields[key] = value.clone();
        }
        self.put_record(Lane::CheckIns, fields)
    }

    /// Seven active goals, a paused and an archived one, with the check-ins of some months. The first has a note of
    /// the red zone on each day.
    pub fn put_goals(&mut self) {
        let prayer = self.put_goal(
            "Morning prayer",
            "faith",
            &json!({ "weeklyMinimum": 5, "priority": 1 }),
        );
        let dinner = self.put_goal(
            "Dinner with all of us",
            "family",
            &json!({ "weeklyMinimum": 3 }),
        );
        let deep = self.put_goal(
            "Deep work before the first meeting of the day",
            "work",
            &json!({ "targetType": "duration", "weeklyMinimum": 600, "priority": 1 }),
        );
        let run = self.put_goal(
            "Run",
            "health",
            &json!({ "targetType": "count", "weeklyMinimum": 20 }),
        );
        let sleep = self.put_goal(
            "In bed by ten",
            "health",
            &json!({ "weeklyMinimum": 6, "startDate": TODAY.saturating_sub(3.days()).to_string() }),
        );
        self.put_goal(
            "日本語 ノート",
            "ideas",
            &json!({ "targetType": "duration", "weeklyMinimum": 60 }),
        );
        let fence = self.put_goal(
            "Fence",
            "property",
            &json!({ "dueDate": "2026-12-31", "priority": 3 }),
        );
        self.put_goal(
            "Guitar",
            "ideas",
            &json!({ "status": "paused", "weeklyMinimum": 2 }),
        );
        self.put_goal(
            "Old course",
            "work",
            &json!({ "status": "archived", "weeklyMinimum": 2 }),
        );
        for back in 0..120_i64 {
            let score = 1 + (back * 7) % 10;
            self.put_check_in(
                prayer,
                back,
                &json!({ "completed": back % 9 != 4, "note": PLANTED }),
            );
            if back % 3 != 1 {
                self.put_check_in(dinner, back, &json!({ "score": score, "note": PLANTED }));
            }
            if back % 7 < 5 {
                self.put_check_in(deep, back, &json!({ "amount": 30 + (back * 17) % 120 }));
            }
            if back % 2 == 0 {
                let km = f64::from(i32::try_from(back % 11).unwrap()) + 2.5;
                self.put_check_in(
                    run,
                    back,
                    &json!({ "amount": km, "completed": back % 4 == 0, "score": score }),
                );
            }
        }
        for back in [0, 2, 3] {
            self.put_check_in(sleep, back, &json!({ "completed": back != 2 }));
        }
        self.put_check_in(
            fence,
            1,
            &json!({ "note": "Posts on the west side are in.\nRails next." }),
        );
    }
}
