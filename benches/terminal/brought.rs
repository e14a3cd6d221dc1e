//! An import into an empty account, of records of several lanes, and how much memory it takes.

use std::time::Instant;

use crate::copied::fill_lanes;
use crate::figures::{Figure, Samples, Unit};
use crate::home::Home;
use crate::seed::wait;
use crate::support::TestServer;
use crate::table::Table;
use crate::{Wanted, process};

/// Of the kinds that [`fill_lanes`] makes.
const RECORDS: u32 = 200_000;

/// Every round has a database of its own; what an account holds already is in no figure.
pub fn measure(wanted: &Wanted, table: &mut Table) {
    let full = Home::on(wait(TestServer::shared().database()));
    full.run(&["log", "today", "mood=7"]);
    wait(fill_lanes(full.database.as_ref().unwrap(), RECORDS));
    let document = full.file("all.json");
    full.run(&["export", document.to_str().unwrap()]);
    let size = process::megabytes(std::fs::metadata(&document).unwrap().len());
    eprintln!("the document has {RECORDS} records and {size:.0} MB");
    let (mut speeds, mut peaks) = (Samples::default(), Samples::default());
    for round in 0..wanted.rounds(3) {
        let empty = Home::on(wait(TestServer::shared().database()));
        let started = Instant::now();
        let peak = empty.peak_of(&["import", document.to_str().unwrap()]);
        let seconds = started.elapsed().as_secs_f64();
        let speed = f64::from(RECORDS) / seconds;
        eprintln!("round {round}: {seconds:.1} s, {speed:.0} records a second, {peak:.1} MB");
        speeds.0.push(speed);
        peaks.0.push(peak);
    }
    let speed = Figure::new("import: records a second", Unit::PerSecond, 20_000.0).at_least();
    table.add(speed.of([Samples::default(), speeds, Samples::default()]));
    let peak = Figure::new("import: peak memory", Unit::Megabytes, 200.0);
    table.add(peak.of([Samples::default(), peaks, Samples::default()]));
}
