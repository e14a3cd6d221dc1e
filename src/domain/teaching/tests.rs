#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

fn request() -> LessonRequest {
    LessonRequest::read(&fields(&json!({
        "subject": "Maths",
        "grade": "5",
        "topic": "Adding fractions",
        "standards": ["5.NF.A.1 Add fractions"],
        "durationMinutes": 45,
        "materials": "Fraction strips\n- Whiteboard, markers",
        "studentProfile": "Two learn English.",
        "assessmentType": "quiz",
        "format": "lesson plan",
        "status": "requested",
    })))
}

fn fields(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn stored(plan: &Plan) -> Map<String, Value> {
    plan.fields()
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn found(request: &LessonRequest, plan: &Plan, check: Check) -> (bool, String) {
    let all = checklist(request, plan);
    let finding = all.iter().find(|finding| finding.check == check).unwrap();
    (finding.is_met, finding.sentence.clone())
}

fn missing(sentence: &str) -> (bool, String) {
    (false, sentence.to_owned())
}

fn met(sentence: &str) -> (bool, String) {
    (true, sentence.to_owned())
}

#[test]
fn every_duration_and_every_format_adds_up_to_the_minute() {
    for format in Format::ALL {
        for duration in DURATION.0..=DURATION.1 {
            let request = LessonRequest {
                format,
                duration: Some(duration),
                ..request()
            };
            let plan = plan(&request);
            assert_eq!(plan.total(), u32::from(duration), "{format:?} {duration}");
            for phase in &plan.phases {
                let is_there = !phase.text.is_empty();
                assert_eq!(phase.minutes.is_some(), is_there, "{format:?} {duration}");
                assert!(phase.minutes.is_none_or(|minutes| minutes >= 1));
            }
            let ticket = &plan.phases[4];
            assert!(ticket.minutes.is_some(), "{format:?} {duration}");
            assert!(found(&request, &plan, Check::Minutes).0);
        }
    }
}

#[test]
fn a_short_lesson_joins_phases_and_names_them() {
    let request = LessonRequest {
        duration: Some(10),
        ..request()
    };
    let plan = plan(&request);
    let minutes: Vec<Option<u16>> = plan.phases.iter().map(|phase| phase.minutes).collect();
    assert_eq!(minutes, [None, Some(4), None, Some(4), Some(2)]);
    let i_do = &plan.phases[1].text;
    let (warm_up, rest) = i_do.split_once("\n\nI do: ").unwrap();
    assert!(
        warm_up.starts_with("Warm-up: ") && rest.contains("\n\nWe do: "),
        "{i_do}"
    );
}

#[test]
fn a_plan_holds_what_the_request_says_and_nothing_of_the_students() {
    let plan = plan(&request());
    assert!(plan.objective.contains("Adding fractions") && plan.objective.contains("5.NF.A.1"));
    assert_eq!(plan.materials, "- Fraction strips\n- Whiteboard\n- markers");
    assert!(plan.assessment.starts_with("Quiz") && plan.exit_ticket_key.is_empty());
    assert!(
        plan.preparation
            .contains("Fraction strips, Whiteboard, markers")
    );
    assert!(
        !stored(&plan)
            .values()
            .any(|text| text.to_string().contains("English"))
    );
    let bare = super::plan(&LessonRequest {
        subject: "Art".to_owned(),
        ..LessonRequest::default()
    });
    assert!(bare.objective.contains("Art") && !bare.objective.contains("Standards"));
    assert!(bare.materials.is_empty() && bare.assessment.is_empty() && bare.total() == 0);
    assert!(bare.phases.iter().all(|phase| !phase.text.is_empty()));
}

#[test]
fn a_plan_is_read_back_as_it_was_stored() {
    let plan = plan(&request());
    assert_eq!(Plan::read(&stored(&plan)), plan);
    assert!(Plan::read(&Map::new()).is_empty() && !plan.is_empty());
    let odd = fields(&json!({ "plan.iDo": 3, "plan.iDoMinutes": "x", "plan.weDoMinutes": 4.6 }));
    let odd = Plan::read(&odd);
    assert_eq!(
        (odd.phases[1].minutes, odd.phases[2].minutes),
        (None, Some(5))
    );
}

#[test]
fn the_checklist_of_a_fresh_plan_lacks_the_key_alone() {
    let (request, plan) = (request(), plan(&request()));
    let lacking: Vec<Check> = checklist(&request, &plan)
        .into_iter()
        .filter(|finding| !finding.is_met)
        .map(|finding| finding.check)
        .collect();
    assert_eq!(lacking, [Check::ExitTicketKey]);
}

#[test]
fn what_is_missing_is_said_with_how_much() {
    let request = request();
    let mut plan = plan(&request);
    plan.phases[3].minutes = Some(22);
    assert_eq!(
        found(&request, &plan, Check::Minutes),
        missing("The phases take 52 minutes, 7 more than the 45 asked for.")
    );
    plan.phases[3].minutes = None;
    assert_eq!(
        found(&request, &plan, Check::Minutes),
        missing(
            "The phases take 30 minutes, 15 fewer than the 45 asked for. Without minutes: You do."
        )
    );
    plan.materials = "1. fraction  STRIPS\n• Scissors\nglue; markers.".to_owned();
    assert_eq!(
        found(&request, &plan, Check::Materials),
        missing("Not listed in the request: Scissors, glue.")
    );
    plan.materials = "- whiteboard".to_owned();
    assert!(found(&request, &plan, Check::Materials).0);
    plan.objective = "Fun".to_owned();
    assert_eq!(
        found(&request, &plan, Check::Aligned),
        missing("The objective names neither the topic nor a standard of the request.")
    );
    plan.objective = "As in 5.nf.a.1.".to_owned();
    assert_eq!(
        found(&request, &plan, Check::Aligned),
        met("The objective names a standard of the request.")
    );
    plan.objective = "Fractions: adding them".to_owned();
    assert!(found(&request, &plan, Check::Aligned).0);
    plan.assessment = "A rubric".to_owned();
    assert_eq!(
        found(&request, &plan, Check::Assessment),
        missing("The request asks for the type quiz; the assessment section does not name it.")
    );
    plan.differentiation = " \n".to_owned();
    assert!(!found(&request, &plan, Check::Differentiation).0);
    plan.exit_ticket_key = "3/4".to_owned();
    assert!(found(&request, &plan, Check::ExitTicketKey).0);
    plan.phases[4].text.clear();
    assert_eq!(
        found(&request, &plan, Check::ExitTicketKey),
        missing("The plan has no exit ticket.")
    );
}

#[test]
fn the_document_has_every_section_and_leaves_the_students_out_where_asked() {
    let (request, mut plan) = (request(), plan(&request()));
    plan.exit_ticket_key = "# 3/4 | <b>".to_owned();
    let whole = document(&request, &plan, false);
    for heading in [
        "# Maths: Adding fractions",
        "- Duration: 45 minutes",
        "## Standards",
        "## Materials listed",
        "## Students",
        "## Plan",
        "### Objective",
        "### Warm-up (5 minutes)",
        "### You do (15 minutes)",
        "### Exit ticket (4 minutes)",
        "### Exit ticket key",
        "### Preparation",
    ] {
        assert!(
            whole.lines().any(|line| line == heading),
            "{heading}\n{whole}"
        );
    }
    assert!(whole.contains("\\# 3/4 \\| \\<b>"));
    let redacted = document(&request, &plan, true);
    assert!(!redacted.contains("English") && !redacted.contains("Students\n"));
    assert!(whole.ends_with('\n') && !whole.contains("\n\n\n"));
}

#[test]
fn a_request_tells_no_text_when_it_is_formatted() {
    let (request, plan) = (request(), plan(&request()));
    let told = format!("{request:?} {plan:?} {plan:#?}");
    for needle in ["Maths", "English", "fractions", "strips"] {
        assert!(!told.contains(needle), "{told}");
    }
}

proptest! {
    #[test]
    fn a_plan_of_any_request_is_whole(
        subject in "\\PC{1,20}",
        topic in "\\PC{0,20}",
        materials in "(\\PC|[\n,;*-]){0,40}",
        duration in prop::option::of(10_u16..=240),
        format in prop::sample::select(Format::ALL.to_vec()),
        assessment in prop::option::of(prop::sample::select(Assessment::ALL.to_vec())),
    ) {
        let request = LessonRequest {
            subject, topic, duration, materials, assessment, format,
            ..LessonRequest::default()
        };
        let plan = plan(&request);
        prop_assert_eq!(Plan::read(&stored(&plan)), plan.clone());
        prop_assert!(duration.is_none_or(|minutes| plan.total() == u32::from(minutes)));
        // Its materials are the request's own.
        prop_assert!(found(&request, &plan, Check::Materials).0);
        prop_assert!(found(&request, &plan, Check::Assessment).0);
    }
}
