//! The one table that a run prints.

use std::fmt;

use crate::figures::{Figure, Samples};

/// The figures, in the order measured.
#[derive(Default)]
pub struct Table {
    figures: Vec<Figure>,
}

impl Table {
    /// Adds a line.
    pub fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }
}

const HEAD: [&str; 6] = ["figure", "limit", "floor", "10 days", "36,500 days", ""];

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines: Vec<[String; 6]> = vec![HEAD.map(str::to_owned)];
        for figure in &self.figures {
            let cell = |samples: &Samples| samples.shown(figure.unit);
            lines.push([
                format!("{} ({})", figure.name, figure.unit.name()),
                figure.limits(),
                cell(&figure.floor),
                cell(&figure.few),
                cell(&figure.many),
                figure.mark().to_owned(),
            ]);
        }
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
        let widths: Vec<usize> = (0..HEAD.len())
            .map(|column| width(column).unwrap_or(0))
            .collect();
        for (number, line) in lines.iter().enumerate() {
            for (column, (text, width)) in line.iter().zip(&widths).enumerate() {
                if column == 0 {
                    write!(f, "| {text:<width$} |")?;
                } else {
                    write!(f, " {text:>width$} |")?;
                }
            }
            writeln!(f)?;
            if number == 0 {
                for (column, width) in widths.iter().enumerate() {
                    let colon = if column == 0 { '-' } else { ':' };
                    let start = if column == 0 { "|" } else { "" };
                    write!(f, "{start}{}{colon}|", "-".repeat(width + 1))?;
                }
                writeln!(f)?;
            }
        }
        writeln!(
            f,
            "\np50 / p95, or one value; `over` misses its limit, `grows` is more than 1.3 times slower with 36,500 days"
        )
    }
}
