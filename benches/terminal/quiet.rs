//! What the program costs while nobody does anything, and what it weighs.

use std::time::Duration;

use crate::figures::{Figure, Samples, Unit};
use crate::floor::FIRST;
use crate::home::WILDLANDS;
use crate::process::{Counters, megabytes};
use crate::seed::{today, win};
use crate::table::Table;
use crate::{Homes, Wanted};

/// After the start: what is one-off has ended then.
const REST: Duration = Duration::from_secs(2);

/// Nothing at all is done by all three at once.
pub fn measure(homes: &Homes, wanted: &Wanted, table: &mut Table) {
    let time = Duration::from_secs(if wanted.quick { 3 } else { 10 });
    let mut programs = [
        homes.few.open_floor(true),
        homes.few.open(),
        homes.many.open(),
    ];
    let shown = win(today());
    for program in &mut programs {
        program.until("today's data", |text| {
            text.contains(&shown) || text.contains(FIRST)
        });
    }
    std::thread::sleep(REST);
    let mut before = Vec::new();
    for program in &mut programs {
        program.settle();
        before.push((Counters::of(program.pid()), program.sent));
    }
    std::thread::sleep(time);
    let mut ticks: [Samples; 3] = Default::default();
    let mut wakes: [Samples; 3] = Default::default();
    let mut bytes: [Samples; 3] = Default::default();
    for (index, (program, (counters, sent))) in programs.iter_mut().zip(before).enumerate() {
        let now = Counters::of(program.pid());
        program.settle();
        ticks[index] = now.ticks_since(&counters).into();
        wakes[index] = now.wakes_since(&counters).into();
        #[allow(clippy::cast_precision_loss)] // a few bytes, or none
        let more = (program.sent - sent) as f64;
        bytes[index] = more.into();
    }
    table.add(Figure::new("idle: CPU ticks", Unit::Count, 0.0).of(ticks));
    table.add(Figure::new("idle: wake-ups", Unit::Count, 0.0).of(wakes));
    table.add(Figure::new("idle: bytes", Unit::Count, 0.0).of(bytes));
}

/// The executable as it is shipped.
pub fn binary(table: &mut Table) {
    let size = std::fs::metadata(WILDLANDS).unwrap().len();
    let ours: Samples = megabytes(size).into();
    let figure = Figure::new("release binary, stripped", Unit::Megabytes, 12.0);
    table.add(figure.of([Samples::default(), ours, Samples::default()]));
}
