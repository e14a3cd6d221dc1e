//! The floor: the smallest list program with the same library, in the same build. With a database it reads a page of
//! days before it shows them, and the day before for a key.
//!
//! This executable starts itself again to be it.

use std::env;

use crossterm::event::{Event, KeyCode, read};
use ratatui::layout::{Constraint, Layout, Position};
use ratatui::text::Line;
use ratatui::widgets::{List, ListState};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls};

/// Set when this executable is to be the floor; holds the address of the database, if there is to be one.
pub const VARIABLE: &str = "WILDLANDS_BENCH_FLOOR";

/// On the screen from the first frame.
pub const FIRST: &str = "item number 1";

/// Whether this process is to be the floor.
pub fn is_asked_for() -> bool {
    env::var_os(VARIABLE).is_some()
}

struct Data {
    runtime: Runtime,
    client: Client,
    /// How many days before the newest.
    back: i64,
}

const NEWEST: &str = "select date::text || ' ' || coalesce(data->>'topWin', '') from wildlands.logs \
     where user_id = (select id from wildlands.users) order by date desc limit 100";
const ONE: &str = "select date::text || ' ' || coalesce(data->>'topWin', '') from wildlands.logs \
     where user_id = (select id from wildlands.users) order by date desc offset $1 limit 1";

impl Data {
    fn connect(url: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            tokio::spawn(connection);
            client
        });
        Self {
            runtime,
            client,
            back: 0,
        }
    }

    fn newest(&self) -> Vec<String> {
        let asked = self.client.query(NEWEST, &[]);
        let rows = self.runtime.block_on(asked).unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    fn back(&mut self) -> String {
        self.back += 1;
        let back: [&(dyn ToSql + Sync); 1] = [&self.back];
        let asked = self.client.query_one(ONE, &back);
        self.runtime.block_on(asked).unwrap().get(0)
    }
}

/// Runs until `q`.
pub fn run() {
    let url = env::var(VARIABLE).unwrap_or_default();
    let mut items: Vec<String> = (1..=100)
        .map(|number| format!("item number {number}"))
        .collect();
    let (mut typed, mut state) = (String::new(), ListState::default().with_selected(Some(0)));
    let mut terminal = ratatui::init();
    let mut data = None;
    if !url.is_empty() {
        let connected = Data::connect(&url);
        items = connected.newest();
        data = Some(connected);
    }
    loop {
        let drawn = terminal.draw(|frame| {
            let [above, below] =
                Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(frame.area());
            let list = List::new(items.iter().map(String::as_str)).highlight_symbol("> ");
            frame.render_stateful_widget(list, above, &mut state);
            frame.render_widget(Line::from(typed.as_str()), below);
            let end = u16::try_from(typed.len()).unwrap_or(0).min(below.width);
            frame.set_cursor_position(Position::new(end, below.y));
        });
        drawn.unwrap();
        let Ok(Event::Key(key)) = read() else {
            continue;
        };
        match key.code {
            KeyCode::Char('q') => break,
            KeyCode::Char('j') => state.select_next(),
            KeyCode::Char('k') => state.select_previous(),
            KeyCode::Char('[') => {
                if let Some(data) = &mut data {
                    typed = data.back();
                }
            }
            KeyCode::Char(other) => typed.push(other),
            _ => {}
        }
    }
    ratatui::restore();
}
