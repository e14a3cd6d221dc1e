//! From the start of the program to its first frame, and to today's data.

use crate::figures::{Figure, Samples, Unit};
use crate::floor::FIRST;
use crate::home::Home;
use crate::seed::{today, win};
use crate::table::Table;
use crate::{Homes, Wanted, process};

/// On the screen from the first frame.
pub const FRAME: &str = "LifeOps";

/// The three side by side, round by round, so that what else the machine does hits all.
pub fn measure(homes: &Homes, wanted: &Wanted, table: &mut Table) {
    let mut frames: [Samples; 3] = Default::default();
    let mut data: [Samples; 3] = Default::default();
    let mut memory: [Samples; 3] = Default::default();
    let shown = win(today());
    // The first round warms the files.
    for round in 0..=wanted.rounds(40) {
        let mut floor = homes.few.open_floor(false);
        let first = floor.since_start("the floor", |text| text.contains(FIRST));
        let peak = process::peak(floor.pid());
        floor.quit();
        let mut floor = homes.many.open_floor(true);
        let second = floor.since_start("the floor's data", |text| text.contains(&shown));
        floor.quit();
        let few = start(&homes.few, &shown);
        let many = start(&homes.many, &shown);
        if round == 0 {
            continue;
        }
        for (index, (frame, today, most)) in
            [(first, second, peak), few, many].into_iter().enumerate()
        {
            frames[index].0.push(frame);
            data[index].0.push(today);
            memory[index].0.push(most);
        }
    }
    table.add(Figure::new("exec → first frame", Unit::Milliseconds, 12.0).of(frames));
    table.add(Figure::new("exec → today's data", Unit::Milliseconds, 25.0).of(data));
    table.add(Figure::new("peak memory after the start", Unit::Megabytes, 20.0).of(memory));
}

fn start(home: &Home, shown: &str) -> (f64, f64, f64) {
    let mut program = home.open();
    let first = program.since_start("the first frame", |text| text.contains(FRAME));
    let data = program.since_start("today's data", |text| text.contains(shown));
    program.settle();
    let peak = process::peak(program.pid());
    program.quit();
    (first, data, peak)
}
