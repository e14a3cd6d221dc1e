//! A list of ten ideas and one of 100,000: moves, rows that scroll, the way to its end.

use crate::figures::{Figure, Samples, Unit};
use crate::program::{Program, milliseconds};
use crate::table::Table;
use crate::{Homes, Wanted};

/// The screen of ideas, revealed, so that each row differs from its neighbours.
fn opened(homes: &Homes) -> [Program; 2] {
    [&homes.few, &homes.many].map(|home| {
        let mut program = home.open();
        program.until("the day", |text| text.contains("saved"));
        program.settle();
        program.press("\t");
        program.until("the ideas", |text| text.contains("●●●"));
        program.settle();
        program.press("V");
        program.until("their titles", |text| text.contains("idea 0000"));
        program.settle();
        program
    })
}

/// Moves within what is seen and beyond it, and jumps to the list's ends.
pub fn measure(homes: &Homes, wanted: &Wanted, table: &mut Table) {
    let mut programs = opened(homes);
    let mut times: [Samples; 3] = Default::default();
    let mut bytes: [Samples; 3] = Default::default();
    for key in ["j", "j", "k", "k"].iter().cycle().take(wanted.rounds(120)) {
        for (index, program) in programs.iter_mut().enumerate() {
            note(&mut times[index + 1], &mut bytes[index + 1], program, key);
        }
    }
    let time = Figure::new("ideas, key → screen: move", Unit::Milliseconds, 1.5);
    table.add(time.and_p95(5.0).of(times));
    table.add(Figure::new("ideas, bytes: move", Unit::Bytes, 300.0).of(bytes));

    // Past the last row that is seen: only the long list scrolls.
    let mut times: [Samples; 3] = Default::default();
    let mut bytes: [Samples; 3] = Default::default();
    let [_, many] = &mut programs;
    many.press(&"j".repeat(60));
    many.settle();
    for _ in 0..wanted.rounds(150) {
        note(&mut times[2], &mut bytes[2], many, "j");
    }
    let time = Figure::new("ideas, key → screen: scroll", Unit::Milliseconds, 1.5);
    table.add(time.and_p95(5.0).of(times));
    table.add(Figure::new("ideas, scrolled row: bytes", Unit::Bytes, 1400.0).of(bytes));

    let mut times: [Samples; 3] = Default::default();
    for (index, program) in programs.iter_mut().enumerate() {
        for _ in 0..wanted.rounds(5) {
            for key in ["G", "g"] {
                times[index + 1].0.push(milliseconds_of(program, key));
            }
        }
    }
    table.add(Figure::new("ideas, first or last row", Unit::Milliseconds, 5.0).of(times));
}

#[allow(clippy::cast_precision_loss)] // a few thousand bytes
fn note(times: &mut Samples, bytes: &mut Samples, program: &mut Program, key: &str) {
    let reaction = program.press(key);
    if let Some(first) = reaction.first {
        times.0.push(first);
        bytes.0.push(reaction.bytes as f64);
    }
}

/// Until the last change that a key makes.
fn milliseconds_of(program: &mut Program, key: &str) -> f64 {
    let typed = std::time::Instant::now();
    program.types(key);
    let reaction = program.reaction(typed);
    reaction.last.max(milliseconds(std::time::Duration::ZERO))
}
