//! In which order the cells of a frame are sent: a change of the pen often costs more bytes than a
//! move of the cursor, so that all cells of one pen come together where that is shorter.

use std::mem::take;

use ratatui::buffer::Cell;

use super::doubt::is_certain;
use super::pen::Pen;

/// A cell and its place: column, row.
pub(super) type Placed<'a> = (u16, u16, &'a Cell);

/// The same cells, pen by pen. Nothing where that may not be done: what a terminal may draw wider
/// than its place has to come before what is beside it.
pub(super) fn by_pen<'a>(cells: &[Placed<'a>]) -> Option<Vec<Placed<'a>>> {
    if !cells.iter().all(|(_, _, cell)| is_certain(cell.symbol())) {
        return None;
    }
    let mut pens: Vec<(Pen, Vec<Placed<'a>>)> = Vec::new();
    let mut run: Vec<Placed<'a>> = Vec::new();
    let mut pen: Option<Pen> = None;
    for &(x, y, cell) in cells {
        let is_next = run
            .last()
            .is_some_and(|(before, row, _)| *row == y && *before + 1 == x);
        let wanted = Pen::of(cell);
        // A blank goes with its neighbours, whatever their colour.
        if is_next && run.iter().all(is_blank) {
            pen = pen.map(|pen| pen.for_blank(wanted));
        }
        let needed = match pen {
            Some(pen) if cell.symbol() == " " => wanted.for_blank(pen),
            Some(_) | None => wanted,
        };
        if pen.is_some_and(|pen| !is_next || pen != needed) {
            add(&mut pens, pen, take(&mut run));
            pen = None;
        }
        pen = pen.or(Some(wanted));
        run.push((x, y, cell));
    }
    add(&mut pens, pen, run);
    Some(pens.into_iter().flat_map(|(_, cells)| cells).collect())
}

fn is_blank((_, _, cell): &Placed<'_>) -> bool {
    cell.symbol() == " "
}

fn add<'a>(pens: &mut Vec<(Pen, Vec<Placed<'a>>)>, pen: Option<Pen>, mut run: Vec<Placed<'a>>) {
    let Some(pen) = pen else { return };
    match pens.iter_mut().find(|(other, _)| *other == pen) {
        Some((_, cells)) => cells.append(&mut run),
        None => pens.push((pen, run)),
    }
}
