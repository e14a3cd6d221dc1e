-- Search over everything that has words: one document a record, kept by triggers.
--
-- The documents are a table of their own. A column of the records would be copied into each version of the
-- history, and it would be written again with every figure of a day. They can be made anew from the records at
-- any time, so they have no version, no history, and no place in an export; an import or a restore makes them
-- by the same triggers.
--
-- Two sets of lexemes are kept side by side: the words as they are written ("simple"), which a prefix and a
-- phrase need, and their stems in the person's language (settings ->> 'searchLanguage', a text search
-- configuration of PostgreSQL; English where none is set). A prefix of a stem is not a stem: "meditatio" finds
-- nothing among the stems of "meditation". `language` is what a document was made with; after a change of
-- the setting the words still find it, and wildlands.index_again makes the stems anew, some at a time.

create table wildlands.search_documents (
    user_id    uuid not null,
    table_name text not null check (table_name in
               ('logs', 'ideas', 'goals', 'check_ins', 'drift_flags', 'teaching_requests', 'harris_content', 'reviews')),
    record_id  uuid not null,
    day        date not null, -- the record's own, else the day on which it was made
    status     text,
    figures    jsonb not null, -- numbers and yes or no by their names; those of a day stay in the day alone
    language   text not null,
    words      tsvector not null,
    primary key (user_id, table_name, record_id)
);
create index search_documents_by_day on wildlands.search_documents (user_id, day, record_id);

-- The configuration of the current user's language.
create function wildlands.search_language() returns regconfig
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select c.oid::regconfig from wildlands.users u
         join pg_ts_config c on c.cfgname = lower(u.settings ->> 'searchLanguage')
             and c.cfgnamespace = 'pg_catalog'::regnamespace
         where u.id = wildlands.current_user_id()),
        'pg_catalog.english'::regconfig)
$$;

-- The local day of a moment; UTC where the zone's name is unknown to this server, which must not refuse a write.
create function wildlands.local_day(moment timestamptz, zone text) returns date
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (moment at time zone zone)::date;
exception when invalid_parameter_value then
    return (moment at time zone 'UTC')::date;
end
$$;

-- What is searched of a record beside its title: an object of texts, at any depth.
create function wildlands.searched_texts(of_table text, record jsonb) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case of_table
        when 'logs' then (
            select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(record -> 'data') e
            where jsonb_typeof(e.value) in ('string', 'array', 'object'))
        else (
            select jsonb_object_agg(k, record -> k)
            from unnest(case of_table
                when 'ideas' then array['category', 'pitch', 'who_it_helps', 'pain_it_solves', 'why_i_care', 'tiny_test',
                    'resources_needed', 'next_action', 'milestones', 'reality_check', 'notes']
                when 'goals' then array['description', 'domain']
                when 'check_ins' then array['note']
                when 'drift_flags' then array['sentence', 'note']
                when 'teaching_requests' then array['grade', 'topic', 'standards', 'materials', 'student_profile', 'constraints',
                    'assessment_type', 'format', 'plan', 'notes']
                when 'harris_content' then array['type', 'tone', 'template', 'content']
                when 'reviews' then array['answers']
            end) k)
    end
$$;

create function wildlands.searched_title(record jsonb) returns text
language sql immutable parallel safe
as $$
    select coalesce(record ->> 'title', record ->> 'subject', '')
$$;

-- Numbers and yes or no of a record, by their names. Nearly every change of a day is a figure, so those are not
-- copied: a question about them reads the day.
create function wildlands.searched_figures(of_table text, record jsonb) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_object_agg(e.key, e.value), '{}')
    from jsonb_each(case when of_table <> 'logs' then record - 'version' end) e
    where jsonb_typeof(e.value) in ('number', 'boolean')
$$;

-- The lexemes of a title and of texts. A document that is beyond what a tsvector holds is found by its
-- beginning: no record is refused because it cannot be indexed whole.
create function wildlands.searched_words(language regconfig, title text, texts jsonb) returns tsvector
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    words tsvector;
begin
    begin
        words := setweight(to_tsvector('simple', title), 'A') || jsonb_to_tsvector('simple', texts, '["string"]');
        if language <> 'simple'::regconfig then
            words := words || setweight(to_tsvector(language, title), 'A') || jsonb_to_tsvector(language, texts, '["string"]');
        end if;
        return words;
    exception when program_limit_exceeded then
        return setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', left(texts::text, 100000));
    end;
end
$$;

-- Keeps the document of a record. It runs as the owner so that the application role needs no right to write
-- documents. Like the history it borrows the row's own user where there is no current one.
create function wildlands.keep_document() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    of_table text := tg_table_name; -- as text: a comparison with a name is not found by index
    owner_id uuid := case tg_op when 'DELETE' then old.user_id else new.user_id end;
    before   text := current_setting('wildlands.user_id', true);
    borrowed boolean := wildlands.current_user_id() is distinct from owner_id;
    record   jsonb;
    prior    jsonb;
    texts    jsonb;
begin
    if borrowed then
        perform set_config('wildlands.user_id', owner_id::text, true);
    end if;
    if tg_op = 'DELETE' then
        delete from wildlands.search_documents
        where user_id = owner_id and table_name = of_table and record_id = old.id;
    else
        record := to_jsonb(new);
        texts := wildlands.searched_texts(of_table, record);
        if tg_op = 'UPDATE' then
            prior := to_jsonb(old);
        end if;
        if prior is not null and texts = wildlands.searched_texts(of_table, prior)
            and wildlands.searched_title(record) = wildlands.searched_title(prior)
        then
            -- The words and their index stay as they are.
            update wildlands.search_documents d
            set figures = wildlands.searched_figures(of_table, record), status = wildlands.searched_status(record),
                day = wildlands.searched_day(of_table, record)
            where d.user_id = owner_id and d.table_name = of_table and d.record_id = new.id;
        else
            perform wildlands.put_document(of_table, record, texts);
        end if;
    end if;
    if borrowed then
        perform set_config('wildlands.user_id', coalesce(before, ''), true);
    end if;
    return null;
end
$$;

create function wildlands.searched_status(record jsonb) returns text
language sql immutable parallel safe
as $$
    select coalesce(record ->> 'status', record ->> 'state')
$$;

create function wildlands.searched_day(of_table text, record jsonb) returns date
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case of_table
        when 'logs' then (record ->> 'date')::date
        when 'check_ins' then (record ->> 'date')::date
        when 'drift_flags' then (record ->> 'window_end')::date
        when 'reviews' then (record ->> 'week_start')::date
        else wildlands.local_day((record ->> 'created_at')::timestamptz,
            coalesce((select u.timezone from wildlands.users u where u.id = (record ->> 'user_id')::uuid), 'UTC'))
    end
$$;

create function wildlands.put_document(of_table text, record jsonb, texts jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    config regconfig := wildlands.search_language();
begin
    insert into wildlands.search_documents as d (user_id, table_name, record_id, day, status, figures, language, words)
    values ((record ->> 'user_id')::uuid, of_table, (record ->> 'id')::uuid,
            wildlands.searched_day(of_table, record), wildlands.searched_status(record),
            wildlands.searched_figures(of_table, record), config::text,
            wildlands.searched_words(config, wildlands.searched_title(record), texts))
    on conflict (user_id, table_name, record_id) do update
        set day = excluded.day, status = excluded.status, figures = excluded.figures,
            language = excluded.language, words = excluded.words;
end
$$;

-- Makes documents anew whose language is no longer the current user's: at most so many, newest first, in
-- this transaction. Returns how many; 0 when none is left.
create function wildlands.index_again(most integer) returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    config text := wildlands.search_language()::text;
    stale  wildlands.search_documents;
    record jsonb;
    done   integer := 0;
begin
    for stale in
        select * from wildlands.search_documents d
        where d.user_id = wildlands.current_user_id() and (d.language < config or d.language > config)
        limit most for update skip locked
    loop
        execute format('select to_jsonb(t) from wildlands.%I t where t.user_id = $1 and t.id = $2', stale.table_name)
            into record using stale.user_id, stale.record_id;
        if record is null then
            delete from wildlands.search_documents d
            where d.user_id = stale.user_id and d.table_name = stale.table_name and d.record_id = stale.record_id;
        else
            perform wildlands.put_document(
                stale.table_name, record, wildlands.searched_texts(stale.table_name, record));
        end if;
        done := done + 1;
    end loop;
    return done;
end
$$;

-- What is typed, as the question in both sets of lexemes: the words as they are or their stems, and phrases as
-- they are. Both are in the notation of to_tsquery with everything in quotes; either may be empty.
create function wildlands.asked_for(words text, phrases text) returns tsquery
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case when plain = stems then plain else plain || stems end && to_tsquery('simple', phrases)
    from to_tsquery('simple', words) plain, to_tsquery(wildlands.search_language(), words) stems
$$;

-- The texts of a record, at most so many characters of each, from around the first place of a word on: an
-- object of dotted keys. What stands in a list has the key of the list.
create function wildlands.excerpts(texts jsonb, word text, longest integer) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    with recursive part (key, value) as (
        select e.key, e.value from jsonb_each(texts) e
        union all
        select case when e.key is null then part.key else part.key || '.' || e.key end, e.value
        from part, lateral (
            select o.key, o.value from jsonb_each(case jsonb_typeof(part.value) when 'object' then part.value end) o
            union all
            select null, a.value from jsonb_array_elements(case jsonb_typeof(part.value) when 'array' then part.value end) a
        ) e
    ),
    whole (key, text) as (
        select part.key, string_agg(part.value #>> '{}', E'\n') from part
        where jsonb_typeof(part.value) = 'string' group by part.key
    )
    select coalesce(jsonb_object_agg(key, case when length(text) <= longest then text
        else substr(text, greatest(1, strpos(lower(text), lower(word)) - longest / 3), longest) end), '{}')
    from whole where text <> ''
$$;

do $$
declare
    name text;
begin
    foreach name in array array['logs', 'ideas', 'goals', 'check_ins', 'drift_flags', 'teaching_requests', 'harris_content', 'reviews']
    loop
        execute format('create trigger search after insert or delete on wildlands.%I '
            'for each row execute function wildlands.keep_document()', name);
        -- A day is passed by unless its date or one of its texts has changed.
        execute format('create trigger search_changed after update on wildlands.%I '
            'for each row %s execute function wildlands.keep_document()', name,
            case name when 'logs' then
                'when (old.date <> new.date or '
                'jsonb_path_query_array(old.data, ''strict $.* ? (@.type() != "number" && @.type() != "boolean")'') <> '
                'jsonb_path_query_array(new.data, ''strict $.* ? (@.type() != "number" && @.type() != "boolean")''))'
            end);
        -- What is there already. Forced row-level security binds the owner as well: it is lifted until the end of this step.
        execute format('alter table wildlands.%I no force row level security', name);
    end loop;
    alter table wildlands.users no force row level security;
    foreach name in array array['logs', 'ideas', 'goals', 'check_ins', 'drift_flags', 'teaching_requests', 'harris_content', 'reviews']
    loop
        execute format(
            'insert into wildlands.search_documents (user_id, table_name, record_id, day, status, figures, language, words) '
            'select t.user_id, %1$L, t.id, wildlands.searched_day(%1$L, to_jsonb(t)), wildlands.searched_status(to_jsonb(t)), '
            'wildlands.searched_figures(%1$L, to_jsonb(t)), ''english'', '
            'wildlands.searched_words(''pg_catalog.english'', wildlands.searched_title(to_jsonb(t)), wildlands.searched_texts(%1$L, to_jsonb(t))) '
            'from wildlands.%1$I t', name);
        execute format('alter table wildlands.%I force row level security', name);
    end loop;
    alter table wildlands.users force row level security;
end
$$;

-- GIN holds no uuid without an extension, so the person is not in it. A short pending list: what is written
-- goes there first, and each question reads it whole.
create index search_documents_words on wildlands.search_documents using gin (words)
    with (fastupdate = on, gin_pending_list_limit = 256);

-- The question is part of the policy. The operator @@ is not leakproof, so PostgreSQL applies it after the
-- policy and never by index when it stands in the statement; within the policy, beside the condition on the
-- person, it finds by index. Where nothing is asked, the question is one that every document answers.
select wildlands.protect('wildlands.search_documents', 'user_id', false);
alter policy own_rows on wildlands.search_documents
    using (user_id = (select wildlands.current_user_id())
           and words @@ coalesce(nullif(current_setting('wildlands.asked', true), ''), '!'' ''')::tsquery)
    with check (user_id = (select wildlands.current_user_id()));

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
    return true;
end
$$;

revoke execute on all functions in schema wildlands from public;
select wildlands.grant_to_app();
