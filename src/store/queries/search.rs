//! Full text over everything that has words, and conditions on figures.
//!
//! Two traps shape the statement. The planner walks an index by date for a rare word and sorts half the
//! table for a common one; so matches are counted first, up to a cap and not by reading the table, and the
//! count decides which of three ways is taken: few are ranked, more are sorted by date, and beyond the cap the
//! newest are read until there are enough, since matches are then found everywhere. And an operator
//! that is not leakproof is not used by index under row-level security; so the question stands in
//! the policy (migration 7), which reads it from a setting of the transaction. The words that a person has are
//! found by their pieces in the same way (migration 8).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use crate::domain::export_format::camel_case;
use crate::domain::ids::RecordId;
use crate::domain::search::{Area, FEW, Found, Hit, Search};
use crate::domain::secret::Secret;
use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

/// How many matches are counted.
pub const COUNTED: u64 = 10_000;

/// Characters of each text that are brought.
const LONGEST: i32 = 600;

/// Makes the question that of the transaction. What holds no word at all finds nothing.
pub const ASK: &str = "select set_config('wildlands.asked', \
     coalesce(nullif(wildlands.asked_for($1, $2)::text, ''), ''' '''), true)";

/// The documents that answer; figures of a day are in the day alone.
macro_rules! matching {
    () => {
        "from wildlands.search_documents d where d.user_id = $1 \
             and ($2::text[] is null or d.table_name = any ($2)) \
             and ($3::date is null or d.day < $3) and ($4::date is null or d.day > $4) \
             and ($5::text[] is null or d.status = any ($5)) \
             and ($6::text is null or case d.table_name \
                 when 'logs' then exists (select from wildlands.logs l \
                     where l.user_id = $1 and l.id = d.record_id and l.data @@ $6::text::jsonpath) \
                 else d.figures @@ $6::text::jsonpath end)"
    };
}

/// Counts and finds: `$1` person, `$2` tables, `$3` before, `$4` after, `$5` statuses, `$6` condition on
/// figures, `$7` word of the excerpts, `$8` their length, `$9` how many.
pub const FIND: &str = concat!(
    "with found as materialized (select d.table_name, d.record_id, d.day ",
    matching!(),
    " limit 10001), \
     total as materialized (select count(*) as n from found), \
     best as (\
         (select f.table_name, f.record_id, f.day, \
              coalesce(ts_rank(d.words, nullif(current_setting('wildlands.asked', true), '')::tsquery), 0) as rank \
          from found f join wildlands.search_documents d \
              on d.user_id = $1 and d.table_name = f.table_name and d.record_id = f.record_id \
          where (select n from total) <= 1000 \
          order by rank desc, f.day desc, f.record_id desc limit $9) \
         union all \
         (select f.table_name, f.record_id, f.day, 0 from found f \
          where (select n from total) between 1001 and 10000 \
          order by f.day desc, f.record_id desc limit $9) \
         union all \
         (select d.table_name, d.record_id, d.day, 0 ",
    matching!(),
    "    and (select n from total) > 10000 \
          order by d.day desc, d.record_id desc limit $9)), \
     hits as materialized (select b.*, case b.table_name \
             when 'logs' then (select to_jsonb(t) from wildlands.logs t where t.user_id = $1 and t.id = b.record_id) \
             when 'ideas' then (select to_jsonb(t) from wildlands.ideas t where t.user_id = $1 and t.id = b.record_id) \
             when 'goals' then (select to_jsonb(t) from wildlands.goals t where t.user_id = $1 and t.id = b.record_id) \
             when 'check_ins' then (\
                 select to_jsonb(t) || jsonb_build_object('title', g.title, 'was_private', g.was_private) \
                 from wildlands.check_ins t join wildlands.goals g on g.user_id = t.user_id and g.id = t.goal_id \
                 where t.user_id = $1 and t.id = b.record_id) \
             when 'drift_flags' then (select to_jsonb(t) from wildlands.drift_flags t where t.user_id = $1 and t.id = b.record_id) \
             when 'teaching_requests' then (select to_jsonb(t) from wildlands.teaching_requests t where t.user_id = $1 and t.id = b.record_id) \
             when 'harris_content' then (select to_jsonb(t) from wildlands.harris_content t where t.user_id = $1 and t.id = b.record_id) \
             when 'reviews' then (select to_jsonb(t) from wildlands.reviews t where t.user_id = $1 and t.id = b.record_id) \
         end as record from best b) \
     select total.n, h.table_name, h.record_id, h.day, wildlands.searched_title(h.record), \
         wildlands.searched_status(h.record), h.record ->> 'archived_at' is not null, \
         coalesce(h.table_name = 'check_ins' and (h.record ->> 'was_private')::boolean, false), \
         case when octet_length(h.record::text) < 8000 \
             then wildlands.searched_texts(h.table_name, h.record) \
             else wildlands.excerpts(wildlands.searched_texts(h.table_name, h.record), $7, $8) end \
     from total left join hits h on h.record is not null \
     order by h.rank desc, h.day desc, h.record_id desc"
);

/// Makes the pieces of these words those of the transaction.
pub const ASK_ALIKE: &str = "select set_config('wildlands.alike', \
     array(select distinct p from unnest($1::text[]) w, unnest(wildlands.word_pieces(w)) p)::text, true)";

/// The person's words that share most pieces with each of the words `$2`: `$1` person, `$3` how many of each.
pub const ALIKE: &str = "select a.word, w.word from unnest($2::text[]) a (word), lateral (\
         select w.word from wildlands.search_words w, wildlands.word_pieces(a.word) asked \
         where w.user_id = $1 and char_length(w.word) >= char_length(a.word) - 2 and w.pieces && asked \
         order by (select count(*) from unnest(asked) p where p = any (w.pieces)) desc, \
             abs(char_length(w.word) - char_length(a.word)), w.word \
         limit $3) w";

/// Words of each that are compared.
const COMPARED: i64 = 60;

/// The records that answer a question, at most so many. Where they are few, those follow that answer it with
/// words that may have been meant.
///
/// # Errors
/// As the database and the way to it report them.
pub async fn find(session: &Session, search: &Search, limit: u16) -> Result<Found, StoreError> {
    let mut found = find_exact(session, search, limit).await?;
    if found.total >= FEW {
        return Ok(found);
    }
    let Some(wide) = or_alike(session, search).await? else {
        return Ok(found);
    };
    let more = find_exact(session, &wide, limit).await?.hits;
    for hit in more {
        let is_new = found
            .hits
            .iter()
            .all(|known| (known.area, known.id) != (hit.area, hit.id));
        if is_new && found.hits.len() < usize::from(limit) {
            found.hits.push(Hit {
                similar: true,
                ..hit
            });
        }
    }
    found.alike = Some(wide);
    Ok(found)
}

/// The question with the person's own words that may have been meant; nothing where there are none.
async fn or_alike(session: &Session, search: &Search) -> Result<Option<Search>, StoreError> {
    let words = search.uncertain();
    if words.is_empty() {
        return Ok(None);
    }
    let user = session.user().0;
    let ask: [(&(dyn ToSql + Sync), Type); 1] = [(&words, Type::TEXT_ARRAY)];
    let params = [
        (&user as _, Type::UUID),
        (&words as _, Type::TEXT_ARRAY),
        (&COMPARED as _, Type::INT8),
    ];
    let rows = session
        .search(Some((ASK_ALIKE, &ask)), ALIKE, &params)
        .await?;
    let mut known: Vec<(String, String)> = Vec::with_capacity(rows.len());
    for row in &rows {
        known.push((row.try_get(0)?, row.try_get(1)?));
    }
    Ok(search.or_alike(&known))
}

async fn find_exact(session: &Session, search: &Search, limit: u16) -> Result<Found, StoreError> {
    let user = session.user().0;
    let (tables, statuses) = (search.tables(), search.statuses());
    let (before, after, figures) = (search.before(), search.after(), search.jsonpath());
    let (word, limit) = (search.first_word().unwrap_or_default(), i64::from(limit));
    let params = [
        (&user as _, Type::UUID),
        (&tables as _, Type::TEXT_ARRAY),
        (&before as _, Type::DATE),
        (&after as _, Type::DATE),
        (&statuses as _, Type::TEXT_ARRAY),
        (&figures as _, Type::TEXT),
        (&word as _, Type::TEXT),
        (&LONGEST as _, Type::INT4),
        (&limit as _, Type::INT8),
    ];
    let rows = match search.tsquery() {
        Some((words, phrases)) => {
            let asked: [(&(dyn ToSql + Sync), Type); 2] =
                [(&words, Type::TEXT), (&phrases, Type::TEXT)];
            session.search(Some((ASK, &asked)), FIND, &params).await?
        }
        None => session.search(None, FIND, &params).await?,
    };
    let counted = match rows.first() {
        Some(row) => u64::try_from(row.try_get::<_, i64>(0)?).unwrap_or(0),
        None => 0,
    };
    let mut hits = Vec::with_capacity(rows.len());
    for row in &rows {
        hits.extend(read_hit(row)?);
    }
    Ok(Found {
        hits,
        total: counted.min(COUNTED),
        capped: counted > COUNTED,
        alike: None,
    })
}

/// A row of [`FIND`]; the only row of a question that finds nothing holds the count alone.
fn read_hit(row: &Row) -> Result<Option<Hit>, StoreError> {
    let Some(table) = row.try_get::<_, Option<String>>(1)? else {
        return Ok(None);
    };
    let area = Area::of_table(&table).ok_or_else(|| StoreError::Internal {
        what: format!("a document of the table {table}, which this program does not know"),
    })?;
    let title: Option<String> = row.try_get(4)?;
    let texts: Value = row.try_get(8)?;
    let mut by_key = BTreeMap::new();
    if let Value::Object(texts) = texts {
        for (key, text) in texts {
            let key = match area {
                Area::Log => key,
                Area::Lane(_) => camel_case(&key),
            };
            gather(key, text, &mut by_key);
        }
    }
    Ok(Some(Hit {
        area,
        id: RecordId(row.try_get::<_, Uuid>(2)?),
        day: row.try_get::<_, Date>(3)?,
        title: title.filter(|title| !title.is_empty()).map(Secret::new),
        status: row.try_get(5)?,
        archived: row.try_get(6)?,
        of_private_goal: row.try_get(7)?,
        similar: false,
        texts: Secret::new(by_key),
    }))
}

/// The texts of a value by dotted keys; what stands in a list has the key of the list.
fn gather(key: String, value: Value, texts: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            let known = texts.entry(key).or_default();
            if !known.is_empty() {
                known.push('\n');
            }
            known.push_str(&text);
        }
        Value::Array(values) => {
            for value in values {
                gather(key.clone(), value, texts);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                gather(format!("{key}.{name}"), value, texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Takes this language for the stems of words, a configuration of PostgreSQL's text search such as
/// `german`, and makes what is indexed already anew, some records at a time. `simple` has no stems.
///
/// # Errors
/// As the database and the way to it report them; what was not made anew is found by its words.
pub async fn set_language(session: &Session, language: &str) -> Result<(), StoreError> {
    let user = session.user().0;
    let params = [(&user as _, Type::UUID), (&language as _, Type::TEXT)];
    session.change(SET_LANGUAGE, &params).await?;
    // Also where nothing has changed: the work may have been broken off.
    let mut has_changed = false;
    while index_some(session).await? > 0 {
        has_changed = true;
    }
    if has_changed {
        learn_words_again(session).await?;
    }
    Ok(())
}

async fn index_some(session: &Session) -> Result<i32, StoreError> {
    let rows = session.change(INDEX_AGAIN, &[]).await?;
    match rows.first() {
        Some(row) => Ok(row.try_get(0)?),
        None => Ok(0),
    }
}

/// Makes the person's list of words, by which slips are found, anew of what is there: the words of what is gone for
/// good go with it.
///
/// # Errors
/// As the database and the way to it report them; the list is then as it was.
pub async fn learn_words_again(session: &Session) -> Result<(), StoreError> {
    // Of a hundred thousand records it takes longer than a statement of a screen may.
    let begin = session.begin(Kind::Write);
    let sql = format!(
        "{begin}; SET LOCAL statement_timeout = 0; SELECT wildlands.learn_words_again(); COMMIT"
    );
    let client = session.alone().await?;
    Ok(client.batch_execute(&sql).await?)
}

/// Goes on where an import was broken off before the search knew the words of what came.
///
/// # Errors
/// As the database and the way to it report them.
pub async fn index_waiting(session: &Session) -> Result<(), StoreError> {
    let params = [(&session.user().0 as _, Type::UUID)];
    // Nothing is made of documents that another program has at hand.
    while !session.read(WAITS, &params).await?.is_empty() && index_some(session).await? > 0 {}
    Ok(())
}

const WAITS: &str = "(select from wildlands.search_documents where user_id = $1 and language = '' limit 1) \
     union all (select from wildlands.search_waiting where user_id = $1 limit 1)";

const SET_LANGUAGE: &str = "update wildlands.users \
     set settings = settings || jsonb_build_object('searchLanguage', $2::text) \
     where id = $1 and coalesce(settings ->> 'searchLanguage', 'english') <> $2";

/// Few at a time: a write of the person's waits no longer than this takes.
const INDEX_AGAIN: &str = "select wildlands.index_again(50)";
