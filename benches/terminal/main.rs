//! What the program costs, measured from outside through a terminal, beside the floor: the smallest list program that
//! can be written with the same library, driven the same way in the same run.
//!
//! Measured, not asserted: a figure over its limit is marked, and the exit code stays 0.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod brought;
mod copied;
mod figures;
mod floor;
mod home;
mod keys;
mod lists;
mod private;
mod process;
mod program;
mod quiet;
mod search;
mod seed;
mod signals;
mod starts;
mod table;

#[path = "../../tests/support/mod.rs"]
mod support;

#[allow(dead_code)] // the tests of the store need more of it
#[path = "../../tests/store/driver.rs"]
mod driver;

use home::Home;
use table::Table;

/// How the run was asked for.
pub struct Wanted {
    quick: bool,
    parts: Vec<String>,
}

impl Wanted {
    fn from_arguments() -> Self {
        let mut wanted = Self {
            quick: false,
            parts: Vec::new(),
        };
        for argument in std::env::args().skip(1) {
            match argument.as_str() {
                "--quick" => wanted.quick = true,
                "--bench" => {} // from cargo
                _ => wanted.parts.push(argument),
            }
        }
        wanted
    }

    /// Whether this part was asked for, by a piece of its name; without any, all are.
    fn part(&self, name: &str) -> bool {
        let wanted = self.parts.is_empty() || self.parts.iter().any(|part| name.contains(part));
        if wanted {
            eprintln!("measuring {name} …");
        }
        wanted
    }

    /// So many rounds, or a fifth of them.
    fn rounds(&self, usual: usize) -> usize {
        if self.quick { usual.div_ceil(5) } else { usual }
    }
}

fn main() {
    if floor::is_asked_for() {
        floor::run();
        return;
    }
    let wanted = Wanted::from_arguments();
    if wanted.parts.iter().any(|part| part.starts_with('-')) {
        eprintln!("usage: cargo bench --bench terminal -- [--quick] [PART …]");
        eprintln!("parts: {}", PARTS.join(", "));
        std::process::exit(2);
    }
    let mut table = Table::default();
    measure(&wanted, &mut table);
    print!("{table}");
}

const PARTS: [&str; 12] = [
    "start", "keys", "server", "held", "idle", "lists", "search", "private", "export", "import",
    "signals", "size",
];

fn measure(wanted: &Wanted, table: &mut Table) {
    let on_homes = PARTS[..6].iter().any(|part| {
        wanted.parts.is_empty()
            || wanted
                .parts
                .iter()
                .any(|asked| part.contains(asked.as_str()))
    });
    if on_homes {
        let homes = seed::homes();
        if wanted.part("start") {
            starts::measure(&homes, wanted, table);
        }
        if wanted.part("keys") {
            keys::each(&homes, wanted, table);
        }
        if wanted.part("server") {
            keys::from_the_server(&homes, wanted, table);
        }
        if wanted.part("held") {
            keys::held(&homes, wanted, table);
        }
        if wanted.part("idle") {
            quiet::measure(&homes, wanted, table);
        }
        if wanted.part("lists") {
            lists::measure(&homes, wanted, table);
        }
    }
    if wanted.part("search") {
        search::measure(wanted, table);
    }
    if wanted.part("private") {
        private::measure(wanted, table);
    }
    if wanted.part("export") {
        copied::measure(wanted, table);
        copied::measure_a_million(wanted, table);
    }
    if wanted.part("import") {
        brought::measure(wanted, table);
    }
    if wanted.part("signals") {
        signals::measure(wanted, table);
    }
    if wanted.part("size") {
        quiet::binary(table);
    }
}

/// What is measured side by side.
pub struct Homes {
    /// Ten days, ten ideas.
    pub few: Home,
    /// A hundred years of days, 100,000 ideas.
    pub many: Home,
}
