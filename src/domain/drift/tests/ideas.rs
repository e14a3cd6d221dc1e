//! Ideas.

use super::*;
use crate::domain::idea::Status;

fn idea(number: usize, status: Status, touched: usize, review_on: Option<usize>) -> IdeaTrace {
    IdeaTrace {
        id: id(number),
        status,
        touched: day(touched),
        review_on: review_on.map(day),
    }
}

fn of(ideas: Vec<IdeaTrace>) -> History {
    History {
        ideas,
        ..History::default()
    }
}

#[test]
fn drafts_wait_and_nothing_is_touched() {
    let kind = SignalType::IdeasStagnant;
    let history = of(vec![
        idea(1, Status::Draft, 0, None),
        idea(2, Status::Shipped, 3, None),
    ]);
    assert_eq!(one(&history, day(16), kind), None, "13 days");
    let found = one(&history, day(17), kind).unwrap();
    assert_eq!(
        found.sentence,
        "No idea touched, 9–22 Jan (14 days); 1 draft waiting."
    );
    assert_eq!((found.window_start, found.evidence.rows.len()), (day(4), 1));
    let none = of(vec![idea(2, Status::Shipped, 3, None)]);
    assert_eq!(one(&none, day(40), kind), None, "no draft");
}

#[test]
fn parked_ideas_past_their_review_date() {
    let kind = SignalType::IdeasStagnant;
    let history = of(vec![
        idea(1, Status::Parked, 0, Some(10)),
        idea(2, Status::Parked, 9, Some(30)),
    ]);
    assert_eq!(one(&history, day(10), kind), None, "on the date itself");
    let found = one(&history, day(11), kind).unwrap();
    assert_eq!(
        found.sentence,
        "1 parked idea past the review date on 16 Jan; the earliest date was 15 Jan."
    );
    assert_eq!(found.window_start, day(10));
}

#[test]
fn promoted_ideas_at_once() {
    let promoted = |number, touched| idea(number, Status::Promoted, touched, None);
    let kind = SignalType::IdeasCrowded;
    let two = of(vec![promoted(1, 0), promoted(2, 1)]);
    assert_eq!(one(&two, day(5), kind), None);
    let three = of(vec![promoted(1, 0), promoted(2, 1), promoted(3, 4)]);
    let found = one(&three, day(5), kind).unwrap();
    assert_eq!(
        found.sentence,
        "3 promoted ideas at once on 10 Jan (limit: 2)."
    );
    assert_eq!(found.window_start, day(4));
    // Before the third was promoted there were two.
    assert_eq!(one(&three, day(3), kind), None);
}

#[test]
fn of_ten_thousand_waiting_ideas_all_are_counted_and_some_named() {
    let ideas = (1..=20_000).map(|number| idea(number, Status::Draft, 3, None));
    let history = of(ideas.collect());
    let found = one(&history, day(17), SignalType::IdeasStagnant).unwrap();
    assert!(
        found.sentence.contains("20000 drafts"),
        "{}",
        found.sentence
    );
    assert_eq!(found.evidence.rows.len(), 1000);
}
