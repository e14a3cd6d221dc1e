//! What the system counts for a process.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The counters at one moment; empty where the system keeps none in `/proc`.
pub struct Counters {
    /// Of each thread: how often it went to sleep, and nanoseconds on a processor.
    threads: BTreeMap<PathBuf, (u64, u64)>,
    /// Hundredths of a second on a processor.
    ticks: u64,
}

fn number(text: &str) -> u64 {
    let digits = text.split_whitespace().next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn line(status: &str, name: &str) -> u64 {
    let found = status.lines().find_map(|line| line.strip_prefix(name));
    found.map_or(0, number)
}

impl Counters {
    /// As they are now.
    pub fn of(pid: u32) -> Self {
        let tasks = fs::read_dir(format!("/proc/{pid}/task"))
            .into_iter()
            .flatten();
        let threads = tasks.flatten().map(|task| {
            let read = |name| fs::read_to_string(task.path().join(name)).unwrap_or_default();
            let sleeps = line(&read("status"), "voluntary_ctxt_switches:");
            (task.path(), (sleeps, number(&read("schedstat"))))
        });
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // After the name in brackets: user and system time are the 12th and 13th.
        let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
        let ticks = after.split_whitespace().skip(11).take(2).map(number).sum();
        Self {
            threads: threads.collect(),
            ticks,
        }
    }

    /// Wake-ups since then, of all threads.
    pub fn wakes_since(&self, before: &Self) -> f64 {
        self.sum_since(before, |(sleeps, _)| sleeps)
    }

    /// Milliseconds on a processor since then, of all threads.
    pub fn busy_since(&self, before: &Self) -> f64 {
        self.sum_since(before, |(_, busy)| busy) / 1e6
    }

    /// Hundredths of a second on a processor since then.
    pub fn ticks_since(&self, before: &Self) -> f64 {
        float(self.ticks.saturating_sub(before.ticks))
    }

    fn sum_since(&self, before: &Self, of: impl Fn((u64, u64)) -> u64) -> f64 {
        let each = self.threads.iter().map(|(thread, now)| {
            let then = before.threads.get(thread).map_or(0, |then| of(*then));
            of(*now).saturating_sub(then)
        });
        // A thread that has ended since then must have been awake.
        let gone = before
            .threads
            .keys()
            .filter(|thread| !self.threads.contains_key(*thread));
        float(each.sum::<u64>()) + float(u64::try_from(gone.count()).unwrap_or(0))
    }
}

#[allow(clippy::cast_precision_loss)] // far below 2⁵³
fn float(count: u64) -> f64 {
    count as f64
}

/// The most memory that the process has had, in megabytes.
pub fn peak(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    float(line(&status, "VmHWM:")) / 1024.0
}

/// Bytes of a file, in megabytes.
pub fn megabytes(bytes: u64) -> f64 {
    float(bytes) / 1e6
}
