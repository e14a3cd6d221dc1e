//! Lessons and content of a made-up database.

use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::teaching::{LessonRequest, plan};
use serde_json::{Value, json};

use super::{FakeStore, PLANTED};

impl FakeStore {
    /// Requests of every status, the first with its plan.
    pub fn put_lessons(&mut self) {
        let mut fields = json!({
            "subject": "Maths", "topic": "Adding fractions with unlike denominators", "grade": "5",
            "durationMinutes": 45, "format": "lesson plan", "assessmentType": "quiz",
            "standards": ["5.NF.A.1 Add and subtract fractions with unlike denominators"],
            "materials": "Fraction strips\nWhiteboard, markers", "studentProfile": PLANTED,
            "status": "planned",
        });
        let request = LessonRequest::read(fields.as_object().unwrap());
        for (key, value) in plan(&request).fields() {
            if !value.is_null() {
                fields[key] = value;
            }
        }
        fields["plan.materials"] = json!("- Fraction strips\n- Scissors");
        fields["plan.youDoMinutes"] = json!(20);
        self.put_record(Lane::Teaching, fields);
        self.put_record(
            Lane::Teaching,
            json!({ "subject": "Art", "status": "archived", "format": "worksheet" }),
        );
        let history = json!({
            "subject": "History", "topic": "日本語 👩‍👩‍👧 \u{1b}[31mred \u{202e}turned", "status": "taught",
            "format": "quiz", "durationMinutes": 20, "taughtOn": "2026-11-20", "notes": "Too short.",
        });
        self.put_record(Lane::Teaching, history);
        let science = json!({
            "subject": "Science", "topic": "Bridges", "status": "requested", "format": "project guide",
        });
        self.put_record(Lane::Teaching, science);
    }

    /// Pieces of every type and status.
    pub fn put_content(&mut self) {
        let piece = |kind: &str, template: &str, status: &str, title: &str| {
            json!({
                "type": kind, "template": template, "status": status, "title": title,
                "tone": "personal",
            })
        };
        let put = |store: &mut Self, fields: Value| store.put_record(Lane::Content, fields);
        let mut thread = piece("social", "thread hook", "draft", "Sheds in a day");
        thread["content.coreMessage"] = json!("A shed is a day's work.");
        thread["content.audience"] = json!("Gardeners with little room");
        thread["content.body"] = json!(format!(
            "A shed is a day's work.\n---\n{}\n---\nThe end.",
            "Wood, screws and a plan. ".repeat(14)
        ));
        put(self, thread);
        put(self, piece("video", "tutorial", "archived", "Old video"));
        put(
            self,
            piece("blog", "how-to", "published", "How to build a shed by hand"),
        );
        put(
            self,
            piece("email", "welcome", "draft", "日本語 👩‍👩‍👧 \u{1b}[31mred"),
        );
    }
}
