//! The private server: running, stopped, and made for the first time.

use crate::Wanted;
use crate::figures::{Figure, Samples, Unit};
use crate::home::Home;
use crate::seed::{today, win};
use crate::starts::FRAME;
use crate::table::Table;

/// On the screen as soon as there is a person.
const ONLINE: &str = "● local";

/// Each from the start of the program.
pub fn measure(wanted: &Wanted, table: &mut Table) {
    let mut first_ever = Samples::default();
    let mut stopped = Samples::default();
    let mut running = Samples::default();
    let mut progress = Samples::default();
    let set = format!("topWin={}", win(today()));
    for _ in 0..wanted.rounds(5) {
        let home = Home::private();
        let mut program = home.open();
        program.since_start("the first frame", |text| text.contains(FRAME));
        let seen = program.since_start("progress", |text| text.contains("private database"));
        progress.0.push(seen);
        let done = program.since_start("the person", |text| text.contains(ONLINE));
        first_ever.0.push(done / 1000.0);
        drop(program);
        home.run(&["log", "today", &set]);
        for _ in 0..wanted.rounds(10) {
            home.run(&["data", "server", "stop"]);
            stopped.0.push(to_today(&home));
        }
        for _ in 0..wanted.rounds(10) {
            running.0.push(to_today(&home));
        }
    }
    let alone = |samples| [Samples::default(), samples, Samples::default()];
    let data = Figure::new(
        "private server running: exec → today's data",
        Unit::Milliseconds,
        25.0,
    );
    table.add(data.of(alone(running)));
    let data = Figure::new(
        "private server stopped: exec → today's data",
        Unit::Milliseconds,
        400.0,
    );
    table.add(data.of(alone(stopped)));
    let told = Figure::new(
        "first start ever: exec → progress in words",
        Unit::Milliseconds,
        100.0,
    );
    table.add(told.of(alone(progress)));
    let done = Figure::new("first start ever: exec → ready", Unit::Seconds, 3.0);
    table.add(done.of(alone(first_ever)));
}

fn to_today(home: &Home) -> f64 {
    let mut program = home.open();
    let shown = win(today());
    let taken = program.since_start("today's data", |text| text.contains(&shown));
    program.settle();
    program.quit();
    taken
}
