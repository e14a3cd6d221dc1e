-- Words that were typed with a slip: what is looked for and is not there is compared with the words that are.
--
-- A list of each person's words, with the pieces of three letters of each as pg_trgm cuts them, in an index of
-- PostgreSQL's own. The extension is not asked for: a role may not be allowed to create it, small servers come without
-- it, and a dump whose indexes need it cannot be restored where it is missing. The list is made of the documents of
-- migration 7 and can be made anew from them at any time (wildlands.learn_words_again), so it has no version, no
-- history and no place in an export.

create table wildlands.search_words (
    user_id uuid not null,
    word    text not null check (char_length(word) between 3 and 40),
    pieces  text[] not null,
    primary key (user_id, word)
);

-- "  word " in pieces of three.
create function wildlands.word_pieces(word text) returns text[]
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select array(select distinct substr('  ' || word || ' ', n, 3) from generate_series(1, char_length(word) + 1) n)
$$;

-- Adds words of a document to its person's list. In one order, so that two writes do not wait for each other.
create function wildlands.learn_words(owner_id uuid, words tsvector) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into wildlands.search_words (user_id, word, pieces)
    select owner_id, w.lexeme, wildlands.word_pieces(w.lexeme)
    from (select lexeme from unnest(words) where char_length(lexeme) between 3 and 40
              and lexeme !~ '[[:digit:][:space:][:punct:]]' order by lexeme) w
    on conflict do nothing
$$;

create or replace function wildlands.put_document(of_table text, record jsonb, texts jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    config   regconfig := wildlands.search_language();
    owner_id uuid := (record ->> 'user_id')::uuid;
    found    tsvector := wildlands.searched_words(config, wildlands.searched_title(record), texts);
begin
    insert into wildlands.search_documents as d (user_id, table_name, record_id, day, status, figures, language, words)
    values (owner_id, of_table, (record ->> 'id')::uuid,
            wildlands.searched_day(of_table, record), wildlands.searched_status(record),
            wildlands.searched_figures(of_table, record), config::text, found)
    on conflict (user_id, table_name, record_id) do update
        set day = excluded.day, status = excluded.status, figures = excluded.figures,
            language = excluded.language, words = excluded.words;
    perform wildlands.learn_words(owner_id, found);
end
$$;

-- Makes the current user's list anew from the documents that are there: words of what is gone for good go with it.
create function wildlands.learn_words_again() returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    made bigint;
begin
    perform set_config('wildlands.asked', '', true);
    -- The person's alone, by the policy; a condition here would have to see the rows.
    delete from wildlands.search_words;
    insert into wildlands.search_words (user_id, word, pieces)
    select wildlands.current_user_id(), w.lexeme, wildlands.word_pieces(w.lexeme)
    from (select distinct u.lexeme from wildlands.search_documents d, unnest(d.words) u
          where d.user_id = wildlands.current_user_id() and char_length(u.lexeme) between 3 and 40
              and u.lexeme !~ '[[:digit:][:space:][:punct:]]') w
    on conflict do nothing;
    get diagnostics made = row_count;
    return made;
end
$$;

do $$
begin
    -- What is there already. The owner is bound by forced row-level security until it is lifted.
    alter table wildlands.search_documents no force row level security;
    insert into wildlands.search_words (user_id, word, pieces)
    select w.user_id, w.lexeme, wildlands.word_pieces(w.lexeme)
    from (select distinct d.user_id, u.lexeme from wildlands.search_documents d, unnest(d.words) u
          where char_length(u.lexeme) between 3 and 40 and u.lexeme !~ '[[:digit:][:space:][:punct:]]') w;
    alter table wildlands.search_documents force row level security;
end
$$;

create index search_words_pieces on wildlands.search_words using gin (pieces)
    with (fastupdate = on, gin_pending_list_limit = 256);

-- As with the documents, what is asked stands in the policy, where it is found by index.
select wildlands.protect('wildlands.search_words', 'user_id', false);
alter policy own_rows on wildlands.search_words
    using (user_id = (select wildlands.current_user_id())
           and pieces && coalesce(nullif(current_setting('wildlands.alike', true), ''), '{}')::text[])
    with check (user_id = (select wildlands.current_user_id()));
create policy forget on wildlands.search_words for delete
    using (user_id = (select wildlands.current_user_id()));

-- A goal whose notes were private once keeps them so, whatever its domain is now.
alter table wildlands.goals add column was_private boolean not null default false;

create function wildlands.remember_private() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Nothing stands here in a row of before this step that comes back.
    new.was_private := coalesce(new.was_private, false) or new.domain in ('faith', 'family')
        or (tg_op = 'UPDATE' and (old.was_private or old.domain in ('faith', 'family')));
    return new;
end
$$;
create trigger remember_private before insert or update on wildlands.goals
    for each row execute function wildlands.remember_private();

-- A day has 1440 minutes. What was written before stays as it is, until its amount is changed.
create function wildlands.check_amount() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.amount > 1440 and (tg_op = 'INSERT' or new.amount is distinct from old.amount) and exists (
        select from wildlands.goals g
        where g.user_id = new.user_id and g.id = new.goal_id and g.target_type = 'duration')
    then
        raise exception 'a day has 1440 minutes' using errcode = 'check_violation', constraint = 'check_ins_minutes_of_a_day',
            table = 'check_ins', schema = 'wildlands';
    end if;
    return new;
end
$$;
create trigger minutes_of_a_day before insert or update of amount on wildlands.check_ins
    for each row execute function wildlands.check_amount();

do $$
begin
    alter table wildlands.goals no force row level security;
    alter table wildlands.record_history no force row level security;
    alter table wildlands.goals disable trigger touch;
    alter table wildlands.goals disable trigger history;
    alter table wildlands.goals disable trigger search_changed;
    update wildlands.goals g set was_private = true
    where g.domain in ('faith', 'family') or exists (
        select from wildlands.record_history h
        where h.user_id = g.user_id and h.table_name = 'goals' and h.record_id = g.id
            and h.row ->> 'domain' in ('faith', 'family'));
    alter table wildlands.goals enable trigger touch;
    alter table wildlands.goals enable trigger history;
    alter table wildlands.goals enable trigger search_changed;
    alter table wildlands.goals force row level security;
    alter table wildlands.record_history force row level security;
end
$$;

create or replace function wildlands.grant_to_app() returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from pg_roles where rolname = 'wildlands_app') then
        return false;
    end if;
    grant usage on schema wildlands to wildlands_app;
    grant select on wildlands.schema_migrations to wildlands_app;
    grant select, insert, update, delete on
        wildlands.sessions, wildlands.logs, wildlands.ideas, wildlands.goals, wildlands.check_ins,
        wildlands.drift_flags, wildlands.teaching_requests, wildlands.harris_content, wildlands.reviews,
        wildlands.retention_policies, wildlands.imported_records
        to wildlands_app;
    -- Names that are unique among all people are changed by an administrator: a person who could set them
    -- could find out by trying which ones exist, or take over another's database role.
    grant select on wildlands.users to wildlands_app;
    grant update (display_name, password_hash, timezone, week_start, settings) on wildlands.users to wildlands_app;
    -- The trigger writes the history; retention removes what is old.
    grant select, delete on wildlands.record_history to wildlands_app;
    grant select, insert, delete on wildlands.applied_writes to wildlands_app;
    grant execute on function wildlands.current_user_id() to wildlands_app;
    grant execute on function wildlands.sign_in_local(uuid, text, text, text) to wildlands_app;
    grant execute on function wildlands.texts_within(jsonb, integer) to wildlands_app;
    grant execute on function wildlands.list_within(text[], integer, integer) to wildlands_app;
    -- Documents are written by their trigger alone.
    grant select on wildlands.search_documents to wildlands_app;
    grant execute on function wildlands.search_language() to wildlands_app;
    grant execute on function wildlands.asked_for(text, text) to wildlands_app;
    grant execute on function wildlands.searched_texts(text, jsonb) to wildlands_app;
    grant execute on function wildlands.searched_title(jsonb) to wildlands_app;
    grant execute on function wildlands.searched_status(jsonb) to wildlands_app;
    grant execute on function wildlands.excerpts(jsonb, text, integer) to wildlands_app;
    grant execute on function wildlands.index_again(integer) to wildlands_app;
    grant select on wildlands.search_words to wildlands_app;
    grant execute on function wildlands.word_pieces(text) to wildlands_app;
    grant execute on function wildlands.learn_words_again() to wildlands_app;
    return true;
end
$$;

revoke execute on all functions in schema wildlands from public;
select wildlands.grant_to_app();
