//! Episodes: which signal of today is the stored one of yesterday.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{Signal, SignalType};
use crate::domain::ids::RecordId;
use crate::domain::patch::Patch;

/// What the person, or the end of the condition, made of a stored signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Shown.
    Open,
    /// Seen by the person; it does not come back in the same episode.
    Acknowledged,
    /// Put aside until a date.
    Snoozed,
    /// The condition has ended.
    Resolved,
}

impl State {
    /// All of them, in the order of the data model.
    pub const ALL: [Self; 4] = [
        Self::Open,
        Self::Acknowledged,
        Self::Snoozed,
        Self::Resolved,
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Snoozed => "snoozed",
            Self::Resolved => "resolved",
        }
    }

    /// The state of a stored word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What a person answers a signal: the state together with the moment or the date that belongs to it, and what stood
/// there before (`held`: the record's fields).
#[must_use]
pub fn answer(
    held: &Map<String, Value>,
    state: State,
    until: Option<Date>,
    now: Timestamp,
) -> (Patch, Patch) {
    let acknowledged = (state == State::Acknowledged).then(|| Value::from(now.to_string()));
    let until = until.filter(|_| state == State::Snoozed);
    let fields = [
        ("state", Some(Value::from(state.word()))),
        ("acknowledgedAt", acknowledged),
        (
            "snoozedUntil",
            until.map(|date| Value::from(date.to_string())),
        ),
    ];
    let (mut written, mut seen) = (Patch::default(), Patch::default());
    for (key, value) in fields {
        written.merge(Patch::one(key, value));
        seen.merge(Patch::one(key, held.get(key).cloned()));
    }
    (written, seen)
}

/// A stored signal as far as its episode is concerned.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The row.
    pub id: RecordId,
    /// What kind of observation.
    pub kind: SignalType,
    /// What it is about.
    pub subject: String,
    /// The first date of the episode.
    pub window_start: Date,
    /// The last date it rests on.
    pub window_end: Date,
    /// What became of it.
    pub state: State,
    /// The day on which it first appeared.
    pub first_seen: Date,
    /// The last day on which its condition held.
    pub last_seen: Date,
    /// The date on which a snoozed one is shown again.
    pub snoozed_until: Option<Date>,
}

/// What is to be done with the stored signals.
#[derive(Clone, Debug, PartialEq)]
pub enum FlagChange {
    /// A new episode.
    Open(Signal),
    /// The condition of a stored one holds.
    Continue {
        /// The row.
        id: RecordId,
        /// What is true today; its `window_start` is the stored one.
        signal: Signal,
        /// The state from now on: the stored one, but a snoozed one whose date has come is open, and so is a resolved one
        /// whose condition has returned.
        state: State,
    },
    /// The condition of a stored one holds no longer.
    Resolve {
        /// The row.
        id: RecordId,
    },
}

/// Compares what is stored with what holds today.
///
/// A stored signal of the same type and subject that is not resolved is the same episode: it keeps its first date, the day
/// it was first seen, and its state. A resolved one is taken up when type, subject and first date are the same, since there is
/// one row for each of them.
#[must_use]
pub fn reconcile(stored: &[Stored], found: Vec<Signal>, today: Date) -> Vec<FlagChange> {
    let mut taken = vec![false; stored.len()];
    let mut changes = Vec::with_capacity(found.len());
    for mut signal in found {
        let same = |one: &Stored| one.kind == signal.kind && one.subject == signal.subject;
        let running = |one: &Stored| same(one) && one.state != State::Resolved;
        let returned = |one: &Stored| same(one) && one.window_start == signal.window_start;
        // Of several that run, the one with the same beginning, else the latest.
        let place = place(stored, &taken, |one| running(one) && returned(one))
            .or_else(|| place(stored, &taken, running))
            .or_else(|| place(stored, &taken, returned));
        let Some((index, one)) = place else {
            changes.push(FlagChange::Open(signal));
            continue;
        };
        if let Some(slot) = taken.get_mut(index) {
            *slot = true;
        }
        signal.window_start = one.window_start;
        signal.window_end = signal.window_end.max(one.window_start);
        changes.push(FlagChange::Continue {
            id: one.id,
            signal,
            state: continued(one, today),
        });
    }
    let ended = stored
        .iter()
        .zip(&taken)
        .filter(|(one, taken)| !**taken && one.state != State::Resolved);
    changes.extend(ended.map(|(one, _)| FlagChange::Resolve { id: one.id }));
    changes
}

/// The latest that is not taken and fits.
fn place<'a>(
    stored: &'a [Stored],
    taken: &[bool],
    fits: impl Fn(&Stored) -> bool,
) -> Option<(usize, &'a Stored)> {
    stored
        .iter()
        .enumerate()
        .zip(taken)
        .filter(|((_, one), taken)| !**taken && fits(one))
        .map(|(place, _)| place)
        .max_by_key(|(_, one)| one.window_start)
}

fn continued(one: &Stored, today: Date) -> State {
    match one.state {
        State::Acknowledged => State::Acknowledged,
        State::Snoozed if one.snoozed_until.is_some_and(|until| until > today) => State::Snoozed,
        State::Open | State::Resolved | State::Snoozed => State::Open,
    }
}

/// An episode as a replay finds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// As it was on the last day it was seen.
    pub signal: Signal,
    /// The day on which it first appeared.
    pub first_seen: Date,
    /// The last day on which its condition held.
    pub last_seen: Date,
    /// The day on which it had ended; nothing while it lasts.
    pub ended: Option<Date>,
}

/// The episodes of a time: those that were seen on a day of it, in the order of first sight.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    episodes: Vec<Episode>,
    stored: Vec<Stored>,
}

impl Record {
    /// Takes the signals of a day; days come in order.
    pub(super) fn day(&mut self, found: Vec<Signal>, today: Date) {
        for change in reconcile(&self.stored, found, today) {
            match change {
                FlagChange::Open(signal) => self.open(signal, today),
                FlagChange::Continue { id, signal, state } => {
                    let place = self.stored.iter().position(|one| one.id == id);
                    let parts = place.and_then(|place| {
                        Some((self.stored.get_mut(place)?, self.episodes.get_mut(place)?))
                    });
                    if let Some((stored, episode)) = parts {
                        stored.state = state;
                        stored.window_end = signal.window_end;
                        stored.last_seen = today;
                        episode.last_seen = today;
                        episode.ended = None;
                        episode.signal = signal;
                    }
                }
                FlagChange::Resolve { id } => {
                    let place = self.stored.iter().position(|one| one.id == id);
                    let parts = place.and_then(|place| {
                        Some((self.stored.get_mut(place)?, self.episodes.get_mut(place)?))
                    });
                    if let Some((stored, episode)) = parts {
                        stored.state = State::Resolved;
                        episode.ended = Some(today);
                    }
                }
            }
        }
    }

    fn open(&mut self, signal: Signal, today: Date) {
        // A number in the place of a row: it has to differ within this record only.
        let number = u128::try_from(self.stored.len()).unwrap_or(0);
        self.stored.push(Stored {
            id: RecordId(uuid::Uuid::from_u128(number)),
            kind: signal.kind,
            subject: signal.subject.clone(),
            window_start: signal.window_start,
            window_end: signal.window_end,
            state: State::Open,
            first_seen: today,
            last_seen: today,
            snoozed_until: None,
        });
        self.episodes.push(Episode {
            signal,
            first_seen: today,
            last_seen: today,
            ended: None,
        });
    }

    pub(super) fn into_episodes(self) -> Vec<Episode> {
        self.episodes
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
    use jiff::civil::date;
    use uuid::Uuid;

    use super::super::Evidence;
    use super::*;

    fn signal(subject: &str, start: Date, end: Date) -> Signal {
        Signal {
            kind: SignalType::LevelShift,
            subject: subject.to_owned(),
            window_start: start,
            window_end: end,
            sentence: "x".to_owned(),
            evidence: Evidence::of(SignalType::LevelShift, 1, (start, end)),
        }
    }

    fn stored(id: u128, subject: &str, start: Date, state: State) -> Stored {
        Stored {
            id: RecordId(Uuid::from_u128(id)),
            kind: SignalType::LevelShift,
            subject: subject.to_owned(),
            window_start: start,
            window_end: start,
            state,
            first_seen: start,
            last_seen: start,
            snoozed_until: None,
        }
    }

    #[test]
    fn an_episode_keeps_its_beginning_and_its_state() {
        let (early, late, today) = (date(2026, 11, 3), date(2026, 11, 5), date(2026, 11, 16));
        let before = [stored(1, "energy", early, State::Acknowledged)];
        let changes = reconcile(&before, vec![signal("energy", late, today)], today);
        let [
            FlagChange::Continue {
                id,
                signal: same,
                state,
            },
        ] = changes.as_slice()
        else {
            panic!("{changes:?}");
        };
        assert_eq!((*id, *state), (before[0].id, State::Acknowledged));
        assert_eq!((same.window_start, same.window_end), (early, today));
    }

    #[test]
    fn what_ended_is_resolved_once_and_what_is_new_opens() {
        let (early, today) = (date(2026, 11, 3), date(2026, 11, 16));
        let before = [
            stored(1, "energy", early, State::Open),
            stored(2, "mood", early, State::Resolved),
            stored(3, "focus", early, State::Acknowledged),
        ];
        let new = signal("mood", date(2026, 11, 10), today);
        let changes = reconcile(&before, vec![new.clone()], today);
        assert_eq!(
            changes,
            [
                FlagChange::Open(new),
                FlagChange::Resolve { id: before[0].id },
                FlagChange::Resolve { id: before[2].id },
            ]
        );
    }

    #[test]
    fn a_resolved_one_of_the_same_beginning_is_taken_up() {
        let (early, today) = (date(2026, 11, 3), date(2026, 11, 16));
        let before = [stored(1, "energy", early, State::Resolved)];
        let changes = reconcile(&before, vec![signal("energy", early, today)], today);
        assert!(
            matches!(&changes[..], [FlagChange::Continue { state: State::Open, id, .. }] if *id == before[0].id),
            "{changes:?}"
        );
    }

    #[test]
    fn a_snoozed_one_opens_on_its_date() {
        let (early, today) = (date(2026, 11, 3), date(2026, 11, 16));
        for (until, state) in [
            (Some(date(2026, 11, 17)), State::Snoozed),
            (Some(today), State::Open),
            (None, State::Open),
        ] {
            let mut before = stored(1, "energy", early, State::Snoozed);
            before.snoozed_until = until;
            let changes = reconcile(&[before], vec![signal("energy", early, today)], today);
            assert!(
                matches!(&changes[..], [FlagChange::Continue { state: found, .. }] if *found == state),
                "{changes:?}"
            );
        }
    }

    #[test]
    fn a_record_tells_when_each_was_seen_and_ended() {
        let day = |day| date(2026, 11, day);
        let mut record = Record::default();
        record.day(vec![], day(1));
        record.day(vec![signal("energy", day(1), day(2))], day(2));
        record.day(
            vec![
                signal("energy", day(2), day(3)),
                signal("mood", day(3), day(3)),
            ],
            day(3),
        );
        record.day(vec![signal("mood", day(3), day(4))], day(4));
        let told: Vec<_> = record
            .into_episodes()
            .into_iter()
            .map(|one| {
                (
                    one.signal.subject,
                    one.signal.window_start,
                    one.first_seen,
                    one.last_seen,
                    one.ended,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("energy".to_owned(), day(1), day(2), day(3), Some(day(4))),
                ("mood".to_owned(), day(3), day(3), day(4), None),
            ]
        );
    }
}
