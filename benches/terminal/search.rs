//! Search as it is typed: from a key to the frame with its hits.

use std::time::Instant;

use crate::Wanted;
use crate::figures::{Figure, Samples, Unit};
use crate::home::Home;
use crate::program::milliseconds;
use crate::seed::wait;
use crate::support::{TestDatabase, TestServer};
use crate::table::Table;

/// Records of the large home: ideas of about 1 KB, days and pieces of content.
const RECORDS: i64 = 100_000;
const FEW: i64 = 10;

/// Words of every frequency: the n-th word stands about 1/n as often as the first.
const WORDS: &str = "create function public.babble(words integer, seed integer) returns text language sql as $$ \
     select string_agg(substr(md5((exp(random() * ln(20000.0)))::integer::text), 1, 7), ' ') \
     from generate_series(1, words + seed * 0) $$";

/// A rare word, one of the middle and the most common one, and two together.
pub fn measure(wanted: &Wanted, table: &mut Table) {
    let mut times: [Samples; 3] = Default::default();
    let homes = [FEW, RECORDS].map(|records| {
        let home = Home::on(wait(TestServer::shared().database()));
        home.run(&["log", "today", "mood=7"]);
        wait(fill(home.database.as_ref().unwrap(), records));
        home
    });
    for (index, home) in homes.iter().enumerate() {
        let mut program = home.open();
        program.until("today", |text| text.contains("● "));
        program.settle();
        let words = wait(words(home.database.as_ref().unwrap()));
        for round in 0..=wanted.rounds(10) {
            for word in &words {
                program.press("/");
                let mut line = String::new();
                for letter in word.chars() {
                    line.push(letter);
                    let typed = Instant::now();
                    program.types(&letter.to_string());
                    // One letter asks nothing yet.
                    let asks = line.len() > 1;
                    let shown = format!("│ {line} ");
                    let answered = program.until("the hits", |text| {
                        let is_there = text.contains(" found") || text.contains("nothing found");
                        text.contains(&shown) && is_there == asks && !text.contains("searching")
                    });
                    // The first round warms the server's memory.
                    if round > 0 && asks {
                        times[index + 1].0.push(milliseconds(answered - typed));
                    }
                    program.settle();
                }
                program.press("\x1b");
                program.settle();
            }
        }
        program.quit();
    }
    let limit = Figure::new("search as you type: key → hits", Unit::Milliseconds, 25.0);
    table.add(limit.and_p95(50.0).of(times));
}

/// Words that stand everywhere, often, and hardly anywhere.
async fn words(database: &TestDatabase) -> Vec<String> {
    let superuser = database.superuser_client().await;
    let sql =
        "select array_agg(substr(md5(n::text), 1, 7)) from unnest(array[1, 3, 40, 700, 15000]) n";
    superuser.query_one(sql, &[]).await.unwrap().get(0)
}

async fn fill(database: &TestDatabase, records: i64) {
    let superuser = database.superuser_client().await;
    superuser.batch_execute(WORDS).await.unwrap();
    // The documents are made in one go, as the migration makes them, and indexed at the end.
    let sql = format!(
        "alter table wildlands.ideas disable trigger search; alter table wildlands.logs disable trigger search; \
         insert into wildlands.ideas (user_id, id, title, pitch, notes, created_at) \
         select u.id, gen_random_uuid(), public.babble(6, n), public.babble(70, n), public.babble(60, n), \
                now() - n * interval '1 hour' \
         from wildlands.users u, generate_series(1, {records} * 8 / 10) n; \
         insert into wildlands.logs (user_id, id, date, data) \
         select u.id, gen_random_uuid(), current_date - n, jsonb_build_object('energy', n % 10, \
                'topWin', public.babble(50, n), 'driftCheck', public.babble(50, n)) \
         from wildlands.users u, generate_series(1, {records} * 2 / 10) n; \
         drop index wildlands.search_documents_words; \
         insert into wildlands.search_documents \
         select t.user_id, 'ideas', t.id, t.created_at::date, t.status, '{{}}', 'english', \
                wildlands.searched_words('english', t.title, wildlands.searched_texts('ideas', to_jsonb(t))) \
         from wildlands.ideas t; \
         insert into wildlands.search_documents \
         select t.user_id, 'logs', t.id, t.date, null, '{{}}', 'english', \
                wildlands.searched_words('english', '', wildlands.searched_texts('logs', to_jsonb(t))) \
         from wildlands.logs t on conflict do nothing; \
         create index search_documents_words on wildlands.search_documents using gin (words) \
             with (fastupdate = on, gin_pending_list_limit = 256)"
    );
    superuser.batch_execute(&sql).await.unwrap();
    superuser.batch_execute("vacuum analyze").await.unwrap();
}
