//! A series over dates with its baseline band and the rows that count, in braille or in ASCII.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::Marker;
use ratatui::widgets::Widget;
use ratatui::widgets::canvas::{Canvas, Line, Points};

use super::look::Look;
use super::theme::Role;
use super::width::width;

/// The fewest rows that a chart takes: four of the plot, one of dates.
pub const CHART_ROWS: u16 = 5;

/// A day of a series.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ChartDay {
    /// The figure, where there is one.
    pub value: Option<f64>,
    /// The lower and the upper end of the baseline band.
    pub band: Option<(f64, f64)>,
    /// Whether its row counts.
    pub is_marked: bool,
}

/// The chart: one column or half of one a day, oldest first; below it the first and the last date.
#[derive(Debug, Clone, Copy, Default)]
pub struct SeriesChart<'a> {
    /// The days.
    pub days: &'a [ChartDay],
    /// The day under the cursor.
    pub selected: Option<usize>,
    /// What the lowest and the highest row stand for, each with its label.
    pub bounds: ((f64, &'a str), (f64, &'a str)),
    /// The first and the last date, as they are written.
    pub ends: (&'a str, &'a str),
    /// What the marks mean, between the dates where there is room.
    pub legend: &'a str,
}

impl SeriesChart<'_> {
    /// The days that a chart of these columns can show.
    #[must_use]
    pub fn days_in(columns: u16, look: &Look) -> u16 {
        let plot = columns.saturating_sub(Self::margin());
        if look.glyphs.unicode {
            plot.saturating_mul(2)
        } else {
            plot
        }
    }

    /// Columns of the labels at the left.
    const fn margin() -> u16 {
        5
    }

    /// Draws it; nothing where it has less than [`CHART_ROWS`] rows.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let area = area.intersection(buf.area);
        let margin = Self::margin();
        if area.height < CHART_ROWS || area.width <= margin + 8 {
            return;
        }
        let plot = Rect {
            x: area.x + margin,
            width: area.width - margin,
            height: area.height - 1,
            ..area
        };
        self.labels(area, plot, buf, look);
        self.plot(plot, buf, look);
        self.marks(plot, buf, look);
    }

    fn labels(&self, area: Rect, plot: Rect, buf: &mut Buffer, look: &Look) {
        let ((_, low), (_, high)) = self.bounds;
        let left = Self::margin() - 1;
        for (text, y) in [(high, plot.y), (low, plot.bottom() - 1)] {
            let cells = u16::try_from(width(text)).unwrap_or(u16::MAX).min(left);
            look.put_fit(
                buf,
                area,
                (area.x + left - cells, y),
                text,
                cells,
                Role::Muted,
            );
        }
        let row = Rect {
            y: plot.bottom(),
            height: 1,
            ..plot
        };
        let (first, last) = self.ends;
        look.put(buf, row, (row.x, row.y), first, Role::Muted);
        let taken = width(first) + width(last) + 4;
        let room = usize::from(row.width).saturating_sub(taken);
        if width(first) + width(last) + 1 < usize::from(row.width) {
            look.put_right(buf, row, row.y, last, Role::Muted);
        }
        let cells = width(self.legend);
        if cells > 0 && cells <= room {
            let indent = width(first) + 2 + (room - cells) / 2;
            let at = row
                .x
                .saturating_add(u16::try_from(indent).unwrap_or(u16::MAX));
            look.put(buf, row, (at, row.y), self.legend, Role::Muted);
        }
    }

    /// Where a day stands, from 0 to 1; the days are spread over all the columns.
    fn across(&self, day: usize) -> f64 {
        let last = self.days.len().saturating_sub(1).max(1);
        share(day) / share(last)
    }

    /// The edges of the band, each from a day to the next one.
    fn band(&self) -> Vec<((f64, f64), (f64, f64))> {
        let days = self.days.iter().enumerate();
        let next = days.clone().skip(1);
        let edges = days.zip(next).filter_map(|((at, day), (then, next))| {
            let (from, to) = (self.across(at), self.across(then));
            let ((low, high), (next_low, next_high)) = (day.band?, next.band?);
            Some([
                ((from, low), (to, next_low)),
                ((from, high), (to, next_high)),
            ])
        });
        edges.flatten().collect()
    }

    fn plot(&self, plot: Rect, buf: &mut Buffer, look: &Look) {
        let ((low, _), (high, _)) = self.bounds;
        let days = || self.days.iter().enumerate();
        let band = self.band();
        let others: Vec<(f64, f64)> = days()
            .filter(|(_, day)| !day.is_marked)
            .filter_map(|(at, day)| Some((self.across(at), day.value?)))
            .collect();
        let colour = |role: Role| look.style(role).fg.unwrap_or_default();
        let (of_band, of_others) = if look.glyphs.unicode {
            (Marker::Braille, Marker::Braille)
        } else {
            (Marker::Custom('-'), Marker::Custom('.'))
        };
        let ground = buf.cell((plot.x, plot.y)).map(|cell| cell.bg);
        let others = Points::new(&others, colour(Role::Chart));
        let of_line = colour(Role::Track);
        Canvas::default()
            .background_color(ground.unwrap_or_default())
            .x_bounds([0.0, 1.0])
            .y_bounds([low, high])
            .paint(|cx| {
                cx.marker(of_band);
                for ((x1, y1), (x2, y2)) in &band {
                    cx.draw(&Line::new(*x1, *y1, *x2, *y2, of_line));
                }
                cx.marker(of_others);
                cx.draw(&others);
            })
            .render(plot, buf);
    }

    /// The rows that count have a mark of their own, whatever the colours are.
    fn marks(&self, plot: Rect, buf: &mut Buffer, look: &Look) {
        for (at, day) in self.days.iter().enumerate() {
            let is_here = self.selected == Some(at);
            let Some(value) = day.value.filter(|_| day.is_marked || is_here) else {
                continue;
            };
            let (x, y) = (
                plot.x + cell(self.across(at), plot.width),
                plot.bottom() - 1 - cell(self.height(value), plot.height),
            );
            let (mark, role) = if is_here {
                (look.glyphs.here, Role::Accent)
            } else {
                (look.glyphs.logged, Role::Primary)
            };
            look.put(buf, plot, (x, y), mark, role);
        }
    }

    fn height(&self, value: f64) -> f64 {
        let ((low, _), (high, _)) = self.bounds;
        let share = (value - low) / (high - low);
        if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.5
        }
    }
}

fn share(day: usize) -> f64 {
    f64::from(u32::try_from(day).unwrap_or(u32::MAX))
}

/// The cell of a share of so many; the canvas rounds in the same way.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within 0 and the number of cells
fn cell(share: f64, cells: u16) -> u16 {
    let last = f64::from(cells.saturating_sub(1));
    (share * last).round() as u16
}
