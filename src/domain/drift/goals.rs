//! Rules about goals and check-ins. A goal counts from its start, by its weekly minimum; days without a check-in are not a “no”.

mod tended;

use jiff::civil::Date;

use super::days::{before, length, whole, window};
use super::fields::streak_evidence;
use super::{Evidence, EvidenceRow, History, Settings, Signal, SignalType, words};
use crate::domain::goal::{CheckIn, Domain, Goal, Priority, Status, worth};

use tended::Tended;

/// The rules' version.
const VERSION: u32 = 1;

/// What a day knows of goals.
struct Tally<'a> {
    today: Date,
    settings: &'a Settings,
    /// Check-ins of all goals up to today, by date.
    check_ins: &'a [CheckIn],
    goals: Vec<Tended<'a>>,
}

pub(super) fn evaluate(
    history: &History,
    today: Date,
    settings: &Settings,
    found: &mut Vec<Signal>,
) {
    let end = history.check_ins.partition_point(|one| one.date <= today);
    let check_ins = history.check_ins.get(..end).unwrap_or_default();
    let reach = whole(settings.thresholds.consistency_days)
        .max(whole(settings.thresholds.neglect_days))
        .max(whole(settings.thresholds.streak_kept) + 60);
    let begin = check_ins.partition_point(|one| one.date < before(today, reach));
    let recent = check_ins.get(begin..).unwrap_or_default();
    let goals = history
        .goals
        .iter()
        .filter(|goal| goal.status == Status::Active && settings.takes_domain(goal.domain))
        .map(|goal| Tended::of(goal, check_ins, recent))
        .filter(|one| one.start <= today && one.goal.due.is_none_or(|due| today <= due))
        .collect();
    let tally = Tally {
        today,
        settings,
        check_ins: recent,
        goals,
    };
    found.extend(tally.dropoff());
    found.extend(tally.consistency());
    found.extend(
        Domain::ALL
            .into_iter()
            .filter_map(|domain| tally.neglect(domain)),
    );
    found.extend(tally.overload());
    found.extend(tally.intent());
    found.extend(tally.goals.iter().filter_map(|one| tally.streak(one)));
}

/// The mean of some shares and their number; nothing where there are none.
fn mean(shares: &[f64]) -> Option<(usize, f64)> {
    let n = u32::try_from(shares.len()).ok().filter(|n| *n > 0)?;
    Some((shares.len(), shares.iter().sum::<f64>() / f64::from(n)))
}

impl Tally<'_> {
    /// So many dates; today is one of them where it has a check-in.
    fn window(&self, days: i64) -> (Date, Date) {
        let has_entry = self
            .check_ins
            .last()
            .is_some_and(|one| one.date == self.today);
        window(self.today, has_entry, days)
    }

    /// Most of seven days have no check-in, of whatever goal, though a goal fell short of its weekly minimum in them: three of
    /// seven days are all that a goal of three a week asks for.
    fn dropoff(&self) -> Option<Signal> {
        let window = self.window(7);
        let short = self
            .goals
            .iter()
            .filter_map(|one| one.share(window))
            .filter(|share| *share < 1.0);
        if short.count() == 0 {
            return None;
        }
        let mut dates: Vec<Date> = self
            .check_ins
            .iter()
            .map(|one| one.date)
            .filter(|date| (window.0..=window.1).contains(date))
            .collect();
        dates.dedup();
        let with = i64::try_from(dates.len()).ok()?;
        if 7 - with < whole(self.settings.thresholds.dropoff_days) {
            return None;
        }
        let sentence = words::checkin_dropoff(with, window.0, window.1, self.goals.len());
        let mut evidence = Self::evidence(SignalType::CheckinDropoff, window, &self.all())
            .with("dropoffDays", self.settings.thresholds.dropoff_days);
        evidence.observed_n = 7;
        evidence.statistic = u32::try_from(7 - with).ok().map(f64::from);
        evidence.limit = Some(self.settings.thresholds.dropoff_days);
        Some(signal(
            SignalType::CheckinDropoff,
            "",
            window,
            sentence,
            evidence,
        ))
    }

    fn consistency(&self) -> Option<Signal> {
        let window = self.window(whole(self.settings.thresholds.consistency_days));
        let (goals, share) = mean(&self.shares(window, |_| true))?;
        let limit = self.settings.thresholds.consistency_share;
        if share >= limit {
            return None;
        }
        let sentence = words::consistency(share, window.0, window.1, goals);
        let mut evidence = Self::evidence(SignalType::Consistency, window, &self.all())
            .with("consistencyShare", limit)
            .with("consistencyDays", self.settings.thresholds.consistency_days)
            .with("goals", counted(goals));
        measured(&mut evidence, share, limit);
        Some(signal(
            SignalType::Consistency,
            "",
            window,
            sentence,
            evidence,
        ))
    }

    fn neglect(&self, domain: Domain) -> Option<Signal> {
        let window = self.window(whole(self.settings.thresholds.neglect_days));
        let own: Vec<&Tended> = self
            .goals
            .iter()
            .filter(|one| one.goal.domain == domain && one.start <= window.0)
            .collect();
        let done = own
            .iter()
            .flat_map(|one| {
                one.within(window)
                    .map(|check_in| (one.goal.target, check_in))
            })
            .any(|(target, check_in)| check_in.completed || worth(target, check_in) > 0.0);
        if own.is_empty() || done {
            return None;
        }
        let sentence = words::domain_neglect(domain.word(), window.0, window.1, own.len());
        let mut evidence = Self::evidence(SignalType::DomainNeglect, window, &own)
            .with("neglectDays", self.settings.thresholds.neglect_days)
            .with("goals", counted(own.len()));
        evidence.statistic = Some(0.0);
        evidence.limit = Some(1.0);
        // What shows that nothing was done: the goals themselves.
        let goals = own.iter().map(|one| EvidenceRow {
            table: "goals".to_owned(),
            id: one.goal.id,
            date: one.start.max(window.0),
            value: None,
        });
        evidence.rows.extend(goals);
        evidence.rows.sort_by_key(|row| (row.date, row.id));
        Some(signal(
            SignalType::DomainNeglect,
            domain.word(),
            window,
            sentence,
            evidence,
        ))
    }

    fn overload(&self) -> Option<Signal> {
        let thresholds = &self.settings.thresholds;
        let most = whole(thresholds.overload_goals);
        let window = self.window(whole(thresholds.consistency_days));
        let (_, share) = mean(&self.shares(window, |_| true))?;
        let goals = self.goals.len();
        if i64::try_from(goals).ok()? <= most || share >= thresholds.overload_share {
            return None;
        }
        let sentence = words::overload(goals, most, share, window.0, window.1);
        let mut evidence = Self::evidence(SignalType::Overload, window, &self.all())
            .with("overloadGoals", thresholds.overload_goals)
            .with("overloadShare", thresholds.overload_share)
            .with("goals", counted(goals));
        measured(&mut evidence, share, thresholds.overload_share);
        Some(signal(SignalType::Overload, "", window, sentence, evidence))
    }

    fn intent(&self) -> Option<Signal> {
        let thresholds = &self.settings.thresholds;
        let window = self.window(whole(thresholds.consistency_days));
        let (_, trunk) = mean(&self.shares(window, |goal| goal.priority == Priority::Trunk))?;
        let (_, low) = mean(&self.shares(window, |goal| goal.priority == Priority::Low))?;
        let limit = low - thresholds.intent_difference;
        if trunk >= limit - 1e-9 {
            return None;
        }
        let sentence = words::intent_reality(trunk, low, window.0, window.1);
        let own: Vec<&Tended> = self
            .goals
            .iter()
            .filter(|one| one.goal.priority != Priority::Leaves)
            .collect();
        let mut evidence = Self::evidence(SignalType::IntentReality, window, &own)
            .with("intentDifference", thresholds.intent_difference)
            .with("shareOfPriority3", low);
        measured(&mut evidence, trunk, limit);
        Some(signal(
            SignalType::IntentReality,
            "",
            window,
            sentence,
            evidence,
        ))
    }

    /// A goal done many times in a row and then not.
    fn streak(&self, one: &Tended) -> Option<Signal> {
        let occasions = one.occasions(self.today);
        let missed = occasions
            .iter()
            .rev()
            .take_while(|(_, done, _)| !done)
            .count();
        let kept_all = occasions.get(..occasions.len() - missed)?;
        let kept = kept_all
            .iter()
            .rev()
            .take_while(|(_, done, _)| *done)
            .count();
        let gone = occasions.get(occasions.len() - missed..)?;
        let (first, last, kept_to) = (gone.first()?.0, gone.last()?.0, kept_all.last()?.0);
        let thresholds = &self.settings.thresholds;
        let is_broken = i64::try_from(kept).ok()? >= whole(thresholds.streak_kept)
            && i64::try_from(missed).ok()? >= whole(thresholds.streak_missed)
            && length((first, self.today)) <= 14;
        if !is_broken {
            return None;
        }
        let sentence = words::goal_streak(&one.goal.title, kept, kept_to, (missed, first, last));
        let rows = gone
            .iter()
            .filter_map(|(_, _, check_in)| *check_in)
            .map(row)
            .collect();
        let evidence = streak_evidence((first, last), kept, missed, self.settings, rows);
        let subject = one.goal.id.to_string();
        Some(signal(
            SignalType::StreakBroken,
            &subject,
            (first, last),
            sentence,
            evidence,
        ))
    }

    fn shares(&self, window: (Date, Date), is: impl Fn(&Goal) -> bool) -> Vec<f64> {
        let own = self.goals.iter().filter(|one| is(one.goal));
        own.filter_map(|one| one.share(window)).collect()
    }

    fn all(&self) -> Vec<&Tended<'_>> {
        self.goals.iter().collect()
    }

    /// Evidence with the check-ins of these goals in the window.
    fn evidence(kind: SignalType, window: (Date, Date), goals: &[&Tended]) -> Evidence {
        let mut evidence = Evidence::of(kind, VERSION, window);
        let check_ins = goals.iter().flat_map(|one| one.within(window));
        evidence.rows = check_ins.map(row).collect();
        evidence.rows.sort_by_key(|row| (row.date, row.id));
        evidence.observed_n = u32::try_from(evidence.rows.len()).unwrap_or(u32::MAX);
        evidence
    }
}

fn row(check_in: &CheckIn) -> EvidenceRow {
    EvidenceRow {
        table: "check_ins".to_owned(),
        id: check_in.id,
        date: check_in.date,
        value: check_in
            .amount
            .or(Some(f64::from(u8::from(check_in.completed)))),
    }
}

fn measured(evidence: &mut Evidence, share: f64, limit: f64) {
    evidence.observed_mean = Some(share);
    evidence.statistic = Some(share);
    evidence.limit = Some(limit);
}

fn counted(size: usize) -> f64 {
    u32::try_from(size).map_or(0.0, f64::from)
}

fn signal(
    kind: SignalType,
    subject: &str,
    window: (Date, Date),
    sentence: String,
    evidence: Evidence,
) -> Signal {
    Signal {
        kind,
        subject: subject.to_owned(),
        window_start: window.0,
        window_end: window.1,
        sentence,
        evidence,
    }
}
