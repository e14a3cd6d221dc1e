//! The reading of a document on a thread of its own, in batches of COPY lines.

use std::io::Read;
use std::thread;

use tokio::sync::{mpsc, oneshot};

use crate::domain::form::LogForm;
use crate::domain::import::cell::{Cell, copy_row};
use crate::domain::import::report::{LISTED, Remark};
use crate::domain::import::shape;

use super::document::{self, Begun, Sink};
use super::refusal::Stop;

/// Bytes of a batch.
const BATCH: usize = 512 * 1024;

/// A batch of more bytes is waited for before the next is made: memory is for one of them.
const LARGE: usize = 1024 * 1024;

/// Batches that are read ahead, while the server merges a table.
const AHEAD: usize = 16;

/// What comes from the document.
pub(super) enum Message {
    /// What it says about itself.
    Begun(Begun),
    /// Rows of a table.
    Batch(Batch),
    /// No row of this table comes any more.
    Whole(usize),
    /// Its end, as it has to be or not, with the remarks and their number.
    Ended(Result<(Vec<Remark>, u64), Stop>),
}

/// Rows of a table, as COPY takes them.
pub(super) struct Batch {
    pub table: usize,
    pub lines: Vec<u8>,
    pub rows: u64,
    /// Dropped when the rows are with the server.
    pub taken: Option<oneshot::Sender<()>>,
}

/// Reads on a thread of its own. The thread is not waited for: standard input may never end.
pub(super) fn start<R: Read + Send + 'static>(
    input: R,
    form: LogForm,
) -> std::io::Result<mpsc::Receiver<Message>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    thread::Builder::new()
        .name("import".to_owned())
        .spawn(move || {
            let mut feeder = Feeder {
                sender: sender.clone(),
                tables: shape::shapes()
                    .map(|(_, shape)| Waiting {
                        persons: shape.position("user_id"),
                        ..Waiting::default()
                    })
                    .collect(),
                remarks: Vec::new(),
                remarks_total: 0,
            };
            let read = document::read(input, &form, &mut feeder).and_then(|()| feeder.rest());
            let ended = read.map(|()| (feeder.remarks, feeder.remarks_total));
            // Where nobody listens, nobody waits for it.
            let _ = sender.blocking_send(Message::Ended(ended));
        })?;
    Ok(receiver)
}

/// Rows of a table on their way.
#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    rows: u64,
    /// The column of the person: the rows become those of the one who imports.
    persons: Option<usize>,
}

struct Feeder {
    sender: mpsc::Sender<Message>,
    tables: Vec<Waiting>,
    remarks: Vec<Remark>,
    remarks_total: u64,
}

impl Feeder {
    fn send(&mut self, table: usize) -> Result<(), Stop> {
        let Some(waiting) = self.tables.get_mut(table) else {
            return Ok(());
        };
        let lines = std::mem::take(&mut waiting.lines);
        let rows = std::mem::take(&mut waiting.rows);
        if rows == 0 {
            return Ok(());
        }
        let (taken, wait) = if lines.len() > LARGE {
            let (taken, wait) = oneshot::channel();
            (Some(taken), Some(wait))
        } else {
            (None, None)
        };
        let batch = Batch {
            table,
            lines,
            rows,
            taken,
        };
        self.sender
            .blocking_send(Message::Batch(batch))
            .map_err(|_| Stop::Gone)?;
        if let Some(wait) = wait {
            // It ends when the batch is gone, whatever became of it.
            let _ = wait.blocking_recv();
        }
        Ok(())
    }

    fn rest(&mut self) -> Result<(), Stop> {
        (0..self.tables.len()).try_for_each(|table| self.send(table))
    }
}

impl Sink for Feeder {
    fn begin(&mut self, begun: Begun) -> Result<(), Stop> {
        self.sender
            .blocking_send(Message::Begun(begun))
            .map_err(|_| Stop::Gone)
    }

    fn row(&mut self, table: usize, cells: &[Cell], place: u64) -> Result<(), Stop> {
        let Some(waiting) = self.tables.get_mut(table) else {
            return Ok(());
        };
        let persons = waiting.persons;
        let kept = cells.iter().enumerate();
        let kept = kept.filter(|(at, _)| Some(*at) != persons);
        copy_row(kept.map(|(_, cell)| cell), place, &mut waiting.lines);
        waiting.rows += 1;
        if waiting.lines.len() >= BATCH {
            self.send(table)?;
        }
        Ok(())
    }

    fn whole(&mut self, table: usize) -> Result<(), Stop> {
        self.send(table)?;
        self.sender
            .blocking_send(Message::Whole(table))
            .map_err(|_| Stop::Gone)
    }

    fn remark(&mut self, remark: Remark) {
        self.remarks_total += 1;
        if self.remarks.len() < LISTED {
            self.remarks.push(remark);
        }
    }
}
