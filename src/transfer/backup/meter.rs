//! How far a backup is: bytes of tables, once for each pass over them.

use super::Depth;
use super::look::{Facts, Table};
use crate::transfer::export::Progress;

pub(in crate::transfer) struct Meter<'a> {
    tables: Vec<Table>,
    each_pass: u64,
    passes: u64,
    before: u64,
    now: u64,
    pending: u64,
    progress: Progress<'a>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(facts: &Facts, depth: Depth, progress: Progress<'a>) -> Self {
        let passes = match depth {
            // Dumped, read.
            Depth::List => 2,
            // Dumped, read, counted, restored, counted again.
            Depth::Full => 5,
        };
        Self::of(facts.tables.clone(), passes, progress)
    }

    /// A meter for so many passes over these tables.
    pub(in crate::transfer) fn of(tables: Vec<Table>, passes: u64, progress: Progress<'a>) -> Self {
        let each_pass = tables.iter().map(|table| table.bytes).sum::<u64>().max(1);
        Self {
            tables,
            each_pass,
            passes,
            before: 0,
            now: 0,
            pending: 0,
            progress,
        }
    }

    /// The next pass begins.
    pub(in crate::transfer) fn pass(&mut self) {
        if self.now + self.pending > 0 {
            self.before += self.each_pass;
        }
        (self.now, self.pending) = (0, 0);
        self.tell();
    }

    /// A table begins, and the one before it has ended. Names come with and without their schema.
    pub(in crate::transfer) fn begun(&mut self, table: &str) {
        let name = table.strip_prefix("wildlands.").unwrap_or(table);
        self.now += self.pending;
        let known = self.tables.iter().find(|table| table.name == name);
        self.pending = known.map_or(0, |table| table.bytes);
        self.tell();
    }

    /// Everything is done.
    pub(in crate::transfer) fn end(&mut self) {
        let all = self.each_pass * self.passes;
        (self.progress)(all, all);
    }

    fn tell(&mut self) {
        let all = self.each_pass * self.passes;
        (self.progress)((self.before + self.now).min(all), all);
    }
}
