//! The web application's document.

use serde_json::json;

use super::driver::sign_in;
use super::support::TestServer;
use super::*;

fn document() -> Value {
    json!({
        "exportDate": "2026-11-20T10:00:00.000Z", "version": "1.0.0",
        "data": {
            "logs": [
                {"id": 2, "userId": "u", "date": "2026-11-19", "logType": "evening", "mood": 8, "energy": 4, "exercise": false,
                 "topWin": "evening", "dayType": "teaching", "triggersEncountered": ["Red"], "stress": 14,
                 "familyConnection": "good", "createdAt": "2026-11-19T20:00:00.000Z"},
                {"id": 1, "userId": "u", "date": "2026-11-19", "logType": "morning", "energy": 6, "exercise": true,
                 "sleepHours": 7, "topWin": "morning", "mood": null, "createdAt": "2026-11-19T06:00:00.000Z"},
                {"id": 3, "date": "some day", "mood": 3}
            ],
            "ideas": [{"id": 1, "title": "a", "excitement": 12, "priority": 3, "status": "reality-checked", "category": "Tech",
                "realityCheck": {"known": ["x"]}, "promotedSpec": {"y": 1},
                "milestones": [{"title": "one", "completed": true, "date": "2026-01-01"}]}],
            "goals": [{"id": 5, "domain": "Fitness", "title": "walk", "targetType": "count", "weeklyMinimum": 3},
                      {"id": 6, "domain": "health", "title": "run", "startDate": "2026-02-01", "dueDate": "2026-01-01"}],
            "checkins": [{"id": 1, "goalId": 5, "date": "2026-11-19", "done": true, "score": 7, "note": "n"},
                         {"id": 2, "goalId": 5, "date": "2026-11-19", "done": false},
                         {"id": 3, "goalId": 99, "date": "2026-11-19", "done": true}],
            "teachingRequests": [{"id": 1, "topic": "Fractions", "standard": "5.NF.1", "timeBlock": "45 minutes",
                "format": "Lesson Plan", "output": {"objective": "o"}}],
            "harrisContent": [{"id": 1, "contentType": "blog", "template": "talking head", "coreMessage": {"pain": "p"},
                "siteMap": null, "leadMagnet": {"title": "t"}, "generatedCopy": {"body": "b"}}],
            "transcripts": [{"id": 4, "title": "t", "content": "words 1.50"}],
            "settings": {"theme": "lab"}
        }
    })
}

#[tokio::test]
async fn it_becomes_ours_and_nothing_is_dropped_and_twice_is_as_once() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let report = imported(&session, document().to_string()).await;
    let after = parsed(&exported(&session).await);
    let data = &after["data"];
    let day = &data["logs"][0];
    assert_eq!(
        day["data"],
        json!({"energy": 4, "exercise": true, "sleepHours": 7, "topWin": "morning\n\nevening", "mood": 8,
               "triggersEncountered": ["red"], "familyConnection": "good"})
    );
    let rows = &day["imported"]["rows"];
    assert_eq!(
        (&rows[0]["id"], &rows[1]["stress"], &rows[1]["dayType"]),
        (&json!(1), &json!(14), &json!("teaching"))
    );
    assert_eq!(rows[1]["energy (other row)"], 6);
    assert_eq!(day["updatedAt"], "2026-11-19T20:00:00+00:00");
    let idea = &data["ideas"][0];
    assert_eq!(
        (&idea["status"], &idea["category"], &idea["excitement"]),
        (&json!("reality_checked"), &json!("tech"), &Value::Null)
    );
    assert_eq!(idea["imported"]["excitement"], 12);
    assert_eq!(idea["imported"]["promotedSpec"]["y"], 1);
    assert_eq!(idea["milestones"], json!(["[x] one"]));
    let goals = data["goals"].as_array().unwrap();
    let walk = goals.iter().find(|goal| goal["title"] == "walk").unwrap();
    assert_eq!(
        (&walk["domain"], &walk["imported"]["domain"]),
        (&json!("discipline"), &json!("Fitness"))
    );
    assert_eq!(data["checkIns"].as_array().unwrap().len(), 1);
    assert_eq!(data["checkIns"][0]["goalId"], walk["id"]);
    let lesson = &data["teachingRequests"][0];
    assert_eq!(
        (
            &lesson["durationMinutes"],
            &lesson["standards"],
            &lesson["plan"]["objective"]
        ),
        (&json!(45), &json!(["5.NF.1"]), &json!("o"))
    );
    let content = &data["harrisContent"][0];
    assert_eq!(
        (&content["template"], &content["imported"]["template"]),
        (&Value::Null, &json!("talking head"))
    );
    assert_eq!(content["content"]["leadMagnet"]["title"], "t");
    let kept = data["importedRecords"].as_array().unwrap();
    let kinds: Vec<&str> = kept
        .iter()
        .map(|kept| kept["kind"].as_str().unwrap())
        .collect();
    for kind in ["transcripts", "settings", "logs", "checkIns"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let told = report
        .remarks
        .iter()
        .map(|remark| remark.place.as_str())
        .collect::<Vec<_>>();
    for place in [
        "data.logs[0].stress",
        "data.logs[0].energy",
        "data.logs[2]",
        "data.ideas[0].excitement",
        "data.goals[0].domain",
    ] {
        assert!(told.contains(&place), "{told:?}");
    }
    let before = super::rows(&database).await;
    let again = imported(&session, document().to_string()).await;
    assert!(!again.changes_anything(), "{again:#?}");
    assert_eq!(super::rows(&database).await, before);
}

#[tokio::test]
async fn only_the_known_version_is_taken_and_hostile_rows_are_refused_or_kept() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let mut other = document();
    other["version"] = json!("2.0.0");
    let error = imported_with(&session, other.to_string(), Options::default())
        .await
        .unwrap_err();
    assert_eq!(error.exit_code(), 65);
    let mut odd = document();
    odd["data"]["ideas"] =
        json!([7, null, [], {"id": {}}, {"title": 1}, {"id": 1e30, "priority": "x"}]);
    odd["data"]["logs"] = json!([{"date": "2026-11-19"}, "x"]);
    imported(&session, odd.to_string()).await;
    let cut = document().to_string();
    let error = imported_with(
        &session,
        cut[..cut.len() - 9].to_owned(),
        Options::default(),
    )
    .await
    .unwrap_err();
    assert_eq!(error.exit_code(), 65);
}
