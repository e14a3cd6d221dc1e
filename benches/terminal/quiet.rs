//! What the program costs while nobody does anything, and what it weighs.

use std::time::Duration;

use crate::figures::{Figure, Samples, Unit};
use crate::home::WILDLANDS;
use crate::process::{Counters, megabytes, peak};
use crate::program::Program;
use crate::seed::{today, win};
use crate::table::Table;
use crate::{Homes, Wanted};

/// After the last activity: what is one-off has ended then.
const REST: Duration = Duration::from_secs(1);

/// Nothing at all is done, by all programs at once: after the start, and after some work and an export.
pub fn measure(homes: &Homes, wanted: &Wanted, table: &mut Table) {
    let time = Duration::from_secs(if wanted.quick { 3 } else { 10 });
    let mut programs = [
        homes.few.open_floor(true),
        homes.few.open(),
        homes.many.open(),
    ];
    let shown = win(today());
    for program in &mut programs {
        program.until("today's data", |text| text.contains(&shown));
    }
    let after_the_start = idle(&mut programs, time);
    let (names, units) = (
        ["idle: CPU ticks", "idle: wake-ups", "idle: bytes"],
        [Unit::Count; 3],
    );
    for ((name, unit), samples) in names.into_iter().zip(units).zip(after_the_start) {
        table.add(Figure::new(name, unit, 0.0).of(samples));
    }
    for program in &mut programs[1..] {
        for key in ["j", "5", "[", "]", "x"] {
            program.press(key);
        }
        program.until("the export", |text| text.contains("exported, private"));
        program.until("the end of the notice", |text| {
            !text.contains("exported, private")
        });
    }
    let [ticks, wakes, bytes] = idle(&mut programs, time);
    let _ = (ticks, bytes);
    table.add(Figure::new("idle after an export: wake-ups", Unit::Count, 0.0).of(wakes));
    let peaks = programs
        .each_ref()
        .map(|program| peak(program.pid()).into());
    table.add(Figure::new("peak memory after an export", Unit::Megabytes, 20.0).of(peaks));
}

/// Ticks, wake-ups and bytes of each while nothing is done.
fn idle(programs: &mut [Program; 3], time: Duration) -> [[Samples; 3]; 3] {
    std::thread::sleep(REST);
    let mut before = Vec::new();
    for program in &mut *programs {
        program.settle();
        before.push((Counters::of(program.pid()), program.sent));
    }
    std::thread::sleep(time);
    let mut measured: [[Samples; 3]; 3] = Default::default();
    for (index, (program, (counters, sent))) in programs.iter_mut().zip(before).enumerate() {
        let now = Counters::of(program.pid());
        program.settle();
        measured[0][index] = now.ticks_since(&counters).into();
        measured[1][index] = now.wakes_since(&counters).into();
        #[allow(clippy::cast_precision_loss)] // a few bytes, or none
        let more = (program.sent - sent) as f64;
        measured[2][index] = more.into();
    }
    measured
}

/// The executable as it is shipped.
pub fn binary(table: &mut Table) {
    let size = std::fs::metadata(WILDLANDS).unwrap().len();
    let ours: Samples = megabytes(size).into();
    let figure = Figure::new("release binary, stripped", Unit::Megabytes, 12.0);
    table.add(figure.of([Samples::default(), ours, Samples::default()]));
}
