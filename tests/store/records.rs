//! Records of the lanes: made, changed field by field, deleted and brought back, listed in pages.

use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::meeting::{Base, Outcome};
use harriswildlands::domain::record::Record;
use harriswildlands::domain::retention;
use harriswildlands::domain::secret::Exit;
use harriswildlands::domain::subject::Subject;
use harriswildlands::store::api::{
    Answer, Listing, Mutation, Order, Page, Query, RecordChange, Write, Written,
};
use harriswildlands::store::error::StoreError;
use harriswildlands::store::queries::{self, answer, writes};
use harriswildlands::store::session::Session;
use jiff::civil::date;
use serde_json::{Value, json};

use crate::driver::{patch, sign_in};
use crate::support::TestServer;

fn change(lane: Lane, id: RecordId, change: RecordChange) -> Write {
    Write {
        request: RequestId::new(),
        mutation: Mutation::Record { lane, id, change },
    }
}

fn set(lane: Lane, id: RecordId, fields: Value) -> Write {
    let base = Base::Any;
    let patch = patch(fields);
    change(lane, id, RecordChange::Set { patch, base })
}

async fn apply(
    session: &Session,
    write: &Write,
) -> Result<(Option<Record>, Option<Mutation>), StoreError> {
    match writes::apply(session, write).await? {
        Written::Record {
            record, inverse, ..
        } => Ok((record, inverse)),
        Written::Log { .. } | Written::Already { .. } => panic!("of a day"),
    }
}

async fn create(session: &Session, lane: Lane, fields: Value) -> RecordId {
    let id = RecordId::new();
    let create = change(lane, id, RecordChange::Create(patch(fields)));
    apply(session, &create).await.unwrap();
    id
}

async fn read(session: &Session, lane: Lane, id: RecordId) -> Option<Record> {
    match answer(session, &Query::Record(lane, id)).await.unwrap() {
        Answer::Record(record) => record,
        other => panic!("{other:?}"),
    }
}

async fn page(session: &Session, listing: Listing) -> Page {
    match answer(session, &Query::Records(listing)).await.unwrap() {
        Answer::Records(page) => page,
        other => panic!("{other:?}"),
    }
}

fn json_of(record: &Record) -> Value {
    Value::Object(record.fields.expose(Exit::Output).clone())
}

#[tokio::test]
async fn a_record_is_made_changed_and_taken_back_field_by_field() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let id = create(
        &session,
        Lane::Ideas,
        json!({"title": "Bees", "excitement": 8, "realityCheck.known": ["they fly"], "milestones": ["a hive"]}),
    )
    .await;
    let made = read(&session, Lane::Ideas, id).await.unwrap();
    assert_eq!(
        json_of(&made),
        json!({
            "title": "Bees", "excitement": 8, "realityCheck.known": ["they fly"], "milestones": ["a hive"],
            "captureMode": "quick", "status": "draft", "priority": 0,
        })
    );
    assert!(made.whole);
    let fields = json!({
        "pitch": "honey", "excitement": null, "reviewOn": "2026-12-24",
        "realityCheck.known": null, "realityCheck.decision": "wait", "milestones": null, "priority": 3,
    });
    let (changed, inverse) = apply(&session, &set(Lane::Ideas, id, fields))
        .await
        .unwrap();
    let changed = changed.unwrap();
    assert_eq!(
        json_of(&changed),
        json!({
            "title": "Bees", "pitch": "honey", "reviewOn": "2026-12-24", "realityCheck.decision": "wait",
            "captureMode": "quick", "status": "draft", "priority": 3,
        })
    );
    assert_eq!(changed.version, 2);
    let back = Write {
        request: RequestId::new(),
        mutation: inverse.unwrap(),
    };
    let (back, _) = apply(&session, &back).await.unwrap();
    assert_eq!(json_of(&back.unwrap()), json_of(&made));
    // Nothing to change writes nothing.
    let same = set(Lane::Ideas, id, json!({"title": "Bees", "notes": null}));
    let (same, inverse) = apply(&session, &same).await.unwrap();
    assert_eq!((same.unwrap().version, inverse), (3, None));
    // What no column holds is refused, and what a column refuses.
    for fields in [
        json!({"version": 9}),
        json!({"needle": 1}),
        json!({"excitement": 11}),
    ] {
        assert!(
            apply(&session, &set(Lane::Ideas, id, fields))
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn a_write_that_is_sent_twice_has_one_effect() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let id = RecordId::new();
    let fields = patch(json!({"title": "Once"}));
    let create = change(Lane::Ideas, id, RecordChange::Create(fields));
    apply(&session, &create).await.unwrap();
    let delete = change(Lane::Ideas, id, RecordChange::Delete);
    apply(&session, &delete).await.unwrap();
    for write in [&create, &delete] {
        let (record, inverse) = apply(&session, write).await.unwrap();
        assert_eq!((record, inverse), (None, None));
    }
    assert_eq!(read(&session, Lane::Ideas, id).await, None);
    let gone = set(Lane::Ideas, id, json!({"title": "x"}));
    assert_eq!(apply(&session, &gone).await, Err(StoreError::Gone));
}

#[tokio::test]
async fn of_two_texts_written_at_once_both_stay() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let fields =
        json!({"title": "Bees", "pitch": "old", "realityCheck.reasoning": "seen", "priority": 1});
    let id = create(&session, Lane::Ideas, fields).await;
    let seen = Base::Seen {
        texts: patch(json!({"pitch": "old", "realityCheck.reasoning": "seen"})),
        figures: patch(json!({"priority": 1})),
    };
    let mine = change(
        Lane::Ideas,
        id,
        RecordChange::Set {
            patch: patch(
                json!({"pitch": "mine", "realityCheck.reasoning": "mine too", "priority": 2}),
            ),
            base: seen,
        },
    );
    let theirs = json!({"pitch": "theirs", "realityCheck.reasoning": "theirs too", "priority": 5});
    apply(&session, &set(Lane::Ideas, id, theirs))
        .await
        .unwrap();
    let Written::Record { record, met, .. } = writes::apply(&session, &mine).await.unwrap() else {
        panic!("of a day")
    };
    let record = json_of(&record.unwrap());
    assert_eq!(record["pitch"], json!("theirs\n\nmine"));
    assert_eq!(
        record["realityCheck.reasoning"],
        json!("theirs too\n\nmine too")
    );
    // The figure was written later there.
    assert_eq!(record["priority"], json!(5));
    let outcomes: Vec<_> = met
        .iter()
        .map(|met| (met.field.as_str(), met.outcome))
        .collect();
    assert_eq!(
        outcomes,
        [
            ("pitch", Outcome::Joined),
            ("priority", Outcome::Stayed),
            ("realityCheck.reasoning", Outcome::Joined),
        ]
    );
}

#[tokio::test]
async fn a_goal_goes_and_comes_back_with_its_check_ins() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let goal = create(
        &session,
        Lane::Goals,
        json!({"title": "Run", "domain": "health"}),
    )
    .await;
    let on = |day: i8| json!({"goalId": goal, "date": format!("2026-11-{day:02}"), "note": "ran"});
    let mut check_ins = Vec::new();
    for day in 20..24 {
        check_ins.push(create(&session, Lane::CheckIns, on(day)).await);
    }
    // One that was deleted before stays deleted.
    let before = change(
        Lane::CheckIns,
        check_ins.pop().unwrap(),
        RecordChange::Delete,
    );
    apply(&session, &before).await.unwrap();
    let delete = change(Lane::Goals, goal, RecordChange::Delete);
    let (gone, inverse) = apply(&session, &delete).await.unwrap();
    assert_eq!(gone, None);
    for id in &check_ins {
        assert_eq!(read(&session, Lane::CheckIns, *id).await, None);
    }
    let Answer::Deleted(deleted) = answer(&session, &Query::Deleted { limit: 50 })
        .await
        .unwrap()
    else {
        panic!("another answer")
    };
    let listed: Vec<_> = deleted
        .iter()
        .map(|one| (one.record.lane, one.check_ins))
        .collect();
    assert_eq!(listed, [(Lane::Goals, 3), (Lane::CheckIns, 0)]);

    let restore = Write {
        request: RequestId::new(),
        mutation: inverse.unwrap(),
    };
    let (back, inverse) = apply(&session, &restore).await.unwrap();
    let back = back.unwrap();
    assert_eq!((back.id, back.version), (goal, 2));
    assert_eq!(json_of(&back)["title"], json!("Run"));
    for id in &check_ins {
        let check_in = read(&session, Lane::CheckIns, *id).await.unwrap();
        assert_eq!(json_of(&check_in)["note"], json!("ran"));
    }
    let listing = Listing {
        dates: Some((date(2026, 11, 1), date(2026, 11, 30))),
        only: vec![("goalId", vec![goal.to_string()])],
        order: Order::Date,
        ..Listing::new(Lane::CheckIns, 50)
    };
    let dates: Vec<_> = page(&session, listing)
        .await
        .records
        .iter()
        .filter_map(|it| it.date("date"))
        .collect();
    assert_eq!(dates, [22, 21, 20].map(|day| date(2026, 11, day)));
    // And again, by what takes the bringing back back.
    let again = Write {
        request: RequestId::new(),
        mutation: inverse.unwrap(),
    };
    apply(&session, &again).await.unwrap();
    let restore = change(Lane::Goals, goal, RecordChange::Restore);
    apply(&session, &restore).await.unwrap();
    assert!(read(&session, Lane::CheckIns, check_ins[0]).await.is_some());
}

#[tokio::test]
async fn a_second_check_in_of_a_goal_and_day_changes_the_first() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let goal = create(
        &session,
        Lane::Goals,
        json!({"title": "Run", "domain": "health"}),
    )
    .await;
    let first =
        json!({"goalId": goal, "date": "2026-11-24", "amount": 3, "note": "slow", "score": 7});
    let first = create(&session, Lane::CheckIns, first).await;
    let second = json!({"goalId": goal, "date": "2026-11-24", "amount": 5});
    let second = change(
        Lane::CheckIns,
        RecordId::new(),
        RecordChange::Create(patch(second)),
    );
    let (record, inverse) = apply(&session, &second).await.unwrap();
    let record = record.unwrap();
    assert_eq!(record.id, first);
    assert_eq!(json_of(&record)["amount"], json!(5));
    assert_eq!(json_of(&record)["note"], json!("slow"));
    assert_eq!(json_of(&record)["score"], json!(7));
    let inverse = Write {
        request: RequestId::new(),
        mutation: inverse.unwrap(),
    };
    let (record, _) = apply(&session, &inverse).await.unwrap();
    assert_eq!(json_of(&record.unwrap())["amount"], json!(3));
}

#[tokio::test]
async fn pages_go_through_every_record_once_in_every_order() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let (other, _) = sign_in(&database, "anna").await;
    create(&other, Lane::Ideas, json!({"title": "not mine"})).await;
    let mut ids = Vec::new();
    for at in 0..23 {
        let mut fields =
            json!({"title": format!("idea {at}"), "priority": at % 3, "notes": "long"});
        if at % 4 > 0 {
            fields["excitement"] = json!(1 + at % 4);
            fields["feasibility"] = json!(5);
        }
        fields["status"] = json!(if at % 2 == 0 { "draft" } else { "parked" });
        ids.push(create(&session, Lane::Ideas, fields).await);
    }
    for order in [
        Order::Touched,
        Order::Newest,
        Order::Oldest,
        Order::Score,
        Order::Priority,
    ] {
        for statuses in [vec![], vec!["draft"], vec!["draft", "parked"]] {
            let mut listing = Listing {
                order,
                only: vec![("status", statuses.iter().map(ToString::to_string).collect())],
                ..Listing::new(Lane::Ideas, 5)
            };
            let mut found = Vec::new();
            loop {
                let page = page(&session, listing.clone()).await;
                assert!(page.records.len() <= 5);
                found.extend(page.records);
                let Some(next) = page.next else { break };
                listing.after = Some(next);
            }
            // From the end on, page before page, the same.
            let mut back = Vec::new();
            (listing.after, listing.back) = (None, true);
            loop {
                let page = page(&session, listing.clone()).await;
                back.extend(page.records.into_iter().rev());
                let Some(before) = page.before else { break };
                listing.after = Some(before);
            }
            back.reverse();
            assert!(back == found, "{order:?} {statuses:?}");
            let wanted = if statuses.len() == 1 { 12 } else { 23 };
            assert_eq!(found.len(), wanted, "{order:?} {statuses:?}");
            let mut unique: Vec<_> = found.iter().map(|record| record.id).collect();
            if order == Order::Oldest && statuses.is_empty() {
                assert_eq!(unique, ids);
            }
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), wanted);
            let score = |record: &Record| {
                record.number("excitement").unwrap_or(0.0)
                    * record.number("feasibility").unwrap_or(0.0)
            };
            if order == Order::Score {
                assert!(found.is_sorted_by(|a, b| score(a) >= score(b)));
            }
            assert!(
                found
                    .iter()
                    .all(|record| !record.whole && record.text("notes").is_none())
            );
        }
    }
    let Answer::Statuses(counts) = answer(&session, &Query::Statuses(Lane::Ideas))
        .await
        .unwrap()
    else {
        panic!("another answer")
    };
    assert_eq!(json!(counts), json!({"draft": 12, "parked": 11}));
}

#[tokio::test]
async fn an_idea_moves_along_the_pipeline_only_and_a_move_can_be_taken_back() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let id = create(&session, Lane::Ideas, json!({"title": "Bees"})).await;
    let to = |status: &str| set(Lane::Ideas, id, json!({"status": status}));
    let refused = apply(&session, &to("shipped")).await.unwrap_err();
    assert_eq!(
        refused,
        StoreError::Constraint {
            table: "ideas".to_owned(),
            constraint: "ideas_moves".to_owned()
        }
    );
    let mut last = None;
    for status in ["parked", "promoted", "shipped"] {
        (_, last) = apply(&session, &to(status)).await.unwrap();
    }
    // Back from shipped is no move, but the last move can be taken back.
    assert!(apply(&session, &to("promoted")).await.is_err());
    let exactly = Base::Exactly(patch(json!({"status": "shipped"})));
    let back = Write {
        request: RequestId::new(),
        mutation: last.unwrap().with_base(exactly),
    };
    let (record, _) = apply(&session, &back).await.unwrap();
    assert_eq!(record.unwrap().word("status"), Some("promoted"));
}

#[tokio::test]
async fn what_was_done_is_known_after_a_restart_and_can_be_taken_back() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let idea = create(&session, Lane::Ideas, json!({"title": "Bees"})).await;
    apply(
        &session,
        &set(
            Lane::Ideas,
            idea,
            json!({"title": "Wasps", "realityCheck.known": ["sting"]}),
        ),
    )
    .await
    .unwrap();
    let goal = create(
        &session,
        Lane::Goals,
        json!({"title": "Run", "domain": "health"}),
    )
    .await;
    let check_in = json!({"goalId": goal, "date": "2026-11-24"});
    create(&session, Lane::CheckIns, check_in).await;
    apply(&session, &change(Lane::Goals, goal, RecordChange::Delete))
        .await
        .unwrap();
    let (session, _) = sign_in(&database, "bruce").await;
    let query = Query::RecentChanges { limit: 50 };
    let Answer::RecentChanges(changes) = answer(&session, &query).await.unwrap() else {
        panic!("another answer")
    };
    // The goal's making is past: it is gone. Its check-in went with it.
    let subjects: Vec<_> = changes
        .iter()
        .map(|change| change.inverse.subject())
        .collect();
    let of = |lane, id| Subject::Record(lane, id);
    assert_eq!(
        subjects,
        [
            of(Lane::Goals, goal),
            of(Lane::Ideas, idea),
            of(Lane::Ideas, idea)
        ]
    );
    for change in changes {
        let mutation = change.inverse;
        let request = RequestId::new();
        apply(&session, &Write { request, mutation }).await.unwrap();
    }
    assert!(read(&session, Lane::Goals, goal).await.is_some());
    assert_eq!(read(&session, Lane::Ideas, idea).await, None);
}

#[tokio::test]
async fn a_check_in_that_another_one_has_replaced_cannot_come_back_and_holds_nothing_up() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let goal = create(
        &session,
        Lane::Goals,
        json!({"title": "Run", "domain": "health"}),
    )
    .await;
    let on_day = json!({"goalId": goal, "date": "2026-11-24"});
    let first = create(&session, Lane::CheckIns, on_day.clone()).await;
    apply(
        &session,
        &change(Lane::CheckIns, first, RecordChange::Delete),
    )
    .await
    .unwrap();
    create(&session, Lane::CheckIns, on_day).await;
    let refused = apply(
        &session,
        &change(Lane::CheckIns, first, RecordChange::Restore),
    )
    .await;
    let error = refused.unwrap_err();
    assert!(error.rejects_write(), "{error:?}");
    assert_eq!(
        error.refusal(),
        "the goal has another check-in on that day by now"
    );
}

/// The numbers of transactions begin anew on every server: after an import a deletion of another one may have the number
/// of one of this one.
#[tokio::test]
async fn an_imported_deletion_is_not_mixed_with_another_of_the_same_number() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let goal = create(
        &session,
        Lane::Goals,
        json!({"title": "Run", "domain": "health"}),
    )
    .await;
    let mut check_ins = Vec::new();
    for day in ["2026-11-22", "2026-11-23", "2026-11-24"] {
        let fields = json!({"goalId": goal, "date": day});
        check_ins.push(create(&session, Lane::CheckIns, fields).await);
    }
    let alone = check_ins[0];
    for (lane, id) in [(Lane::CheckIns, alone), (Lane::Goals, goal)] {
        let delete = change(lane, id, RecordChange::Delete);
        apply(&session, &delete).await.unwrap();
    }
    // As an import would have brought it: the check-in by itself went a day before, in a transaction of another server
    // that has the number of the goal's.
    let client = database.superuser_client().await;
    let sql = "update wildlands.record_history h \
         set changed_at = h.changed_at - interval '1 day', transaction = g.transaction \
         from wildlands.record_history g where h.record_id = $1 and h.operation = 'delete' \
         and g.record_id = $2 and g.operation = 'delete'";
    let moved = client.execute(sql, &[&alone.0, &goal.0]).await.unwrap();
    assert_eq!(moved, 1);

    let query = Query::Deleted { limit: 50 };
    let Answer::Deleted(deleted) = answer(&session, &query).await.unwrap() else {
        panic!("another answer")
    };
    let listed: Vec<_> = deleted
        .iter()
        .map(|one| (one.record.id, one.check_ins))
        .collect();
    assert_eq!(listed, [(goal, 2), (alone, 0)]);
    // It is a change of its own, too, which can be taken back by itself.
    let query = Query::RecentChanges { limit: 50 };
    let Answer::RecentChanges(changes) = answer(&session, &query).await.unwrap() else {
        panic!("another answer")
    };
    let of_alone = Subject::Record(Lane::CheckIns, alone);
    let mut subjects = changes.iter().map(|change| change.inverse.subject());
    assert!(subjects.any(|subject| subject == of_alone));

    let restore = change(Lane::Goals, goal, RecordChange::Restore);
    apply(&session, &restore).await.unwrap();
    assert!(read(&session, Lane::Goals, goal).await.is_some());
    for id in &check_ins[1..] {
        assert!(read(&session, Lane::CheckIns, *id).await.is_some());
    }
    assert_eq!(read(&session, Lane::CheckIns, alone).await, None);

    // The same from the history, as retention brings rows back.
    let delete = change(Lane::Goals, goal, RecordChange::Delete);
    apply(&session, &delete).await.unwrap();
    let moved = client.execute(sql, &[&alone.0, &goal.0]).await;
    assert!(moved.unwrap() >= 1);
    let back = queries::retention::undelete(&session, retention::Table::Goals, goal.0);
    assert_eq!(back.await.unwrap(), 3);
    assert_eq!(read(&session, Lane::CheckIns, alone).await, None);
}
