-- Imports of many records: the history in sets, no function where a condition does, and what the search reads of new
-- records made in sets and written once.
--
-- A new record has no document until its words are known; a table whose records came in is gone through by their
-- ids, from the first that came. A row of search_waiting says how far that is.

create table wildlands.search_waiting (
    user_id    uuid not null,
    table_name text not null,
    from_id    uuid not null, -- records of this id and greater may be without a document
    many       bigint not null, -- how many came that the planner does not know of
    primary key (user_id, table_name)
);
select wildlands.protect('wildlands.search_waiting', 'user_id', false);

-- A check-in of more minutes than a day has is asked about; of all others nothing is to be asked.
drop trigger minutes_of_a_day on wildlands.check_ins;
create trigger minutes_of_a_day before insert or update of amount on wildlands.check_ins
    for each row when (new.amount > 1440) execute function wildlands.check_amount();

-- What is read of a record, as expressions that stand within the statement that asks: a function that is called for each
-- row takes longer than what it does. Their names were resolved when they were made.

create or replace function wildlands.searched_title(record jsonb) returns text
language sql immutable parallel safe
return coalesce(record ->> 'title', record ->> 'subject', '');

create or replace function wildlands.searched_status(record jsonb) returns text
language sql immutable parallel safe
return coalesce(record ->> 'status', record ->> 'state');

-- What is searched of a record beside its title: an object of texts, at any depth. Of a day all of its answers: only
-- the texts among them have words.
create or replace function wildlands.searched_texts(of_table text, record jsonb) returns jsonb
language sql stable parallel safe
return case of_table
    when 'logs' then coalesce(record -> 'data', '{}')
    when 'ideas' then jsonb_build_object(
        'category', record -> 'category', 'pitch', record -> 'pitch', 'who_it_helps', record -> 'who_it_helps',
        'pain_it_solves', record -> 'pain_it_solves', 'why_i_care', record -> 'why_i_care', 'tiny_test', record -> 'tiny_test',
        'resources_needed', record -> 'resources_needed', 'next_action', record -> 'next_action',
        'milestones', record -> 'milestones', 'reality_check', record -> 'reality_check', 'notes', record -> 'notes')
    when 'goals' then jsonb_build_object('description', record -> 'description', 'domain', record -> 'domain')
    when 'check_ins' then jsonb_build_object('note', record -> 'note')
    when 'drift_flags' then jsonb_build_object('sentence', record -> 'sentence', 'note', record -> 'note')
    when 'teaching_requests' then jsonb_build_object(
        'grade', record -> 'grade', 'topic', record -> 'topic', 'standards', record -> 'standards',
        'materials', record -> 'materials', 'student_profile', record -> 'student_profile',
        'constraints', record -> 'constraints', 'assessment_type', record -> 'assessment_type',
        'format', record -> 'format', 'plan', record -> 'plan', 'notes', record -> 'notes')
    when 'harris_content' then jsonb_build_object(
        'type', record -> 'type', 'tone', record -> 'tone', 'template', record -> 'template', 'content', record -> 'content')
    when 'reviews' then jsonb_build_object('answers', record -> 'answers')
end;

-- Numbers and yes or no of a record, by their names. Nearly every change of a day is a figure, so those are not
-- copied: a question about them reads the day.
create or replace function wildlands.searched_figures(of_table text, record jsonb) returns jsonb
language sql stable parallel safe
return case of_table
    when 'ideas' then jsonb_strip_nulls(jsonb_build_object(
        'excitement', record -> 'excitement', 'feasibility', record -> 'feasibility',
        'priority', record -> 'priority', 'score', record -> 'score'))
    when 'goals' then jsonb_strip_nulls(jsonb_build_object(
        'weekly_minimum', record -> 'weekly_minimum', 'priority', record -> 'priority', 'was_private', record -> 'was_private'))
    when 'check_ins' then jsonb_strip_nulls(jsonb_build_object(
        'completed', record -> 'completed', 'amount', record -> 'amount', 'score', record -> 'score'))
    when 'teaching_requests' then jsonb_strip_nulls(jsonb_build_object('duration_minutes', record -> 'duration_minutes'))
    else '{}'
end;

-- As searched_words, of texts that may be beyond what a tsvector holds: then they are found by their beginning. What
-- is tried and taken back is a transaction of its own, which no other process may share in.
create function wildlands.searched_words_of_long(language regconfig, title text, texts jsonb) returns tsvector
language plpgsql immutable parallel unsafe
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

-- The lexemes of a title and of texts. A tsvector holds 1 MiB; a lexeme and its place take at most six times what the
-- word takes as text, and each word stands there twice.
create or replace function wildlands.searched_words(language regconfig, title text, texts jsonb) returns tsvector
language sql immutable parallel unsafe
return case
    when octet_length(texts::text) > 65536 then wildlands.searched_words_of_long(language, title, texts)
    when language = 'pg_catalog.simple'::regconfig then
        setweight(to_tsvector('pg_catalog.simple', title), 'A') || jsonb_to_tsvector('pg_catalog.simple', texts, '["string"]')
    else
        setweight(to_tsvector('pg_catalog.simple', title), 'A') || jsonb_to_tsvector('pg_catalog.simple', texts, '["string"]')
            || setweight(to_tsvector(language, title), 'A') || jsonb_to_tsvector(language, texts, '["string"]')
end;

-- As before; a record that had no document yet has one after its first change.
create or replace function wildlands.keep_document() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    of_table text := tg_table_name; -- as text: a comparison with a name is not found by index
    owner_id uuid := case tg_op when 'DELETE' then old.user_id else new.user_id end;
    before   text := current_setting('wildlands.user_id', true);
    borrowed boolean := wildlands.current_user_id() is distinct from owner_id;
    has_one  boolean := false;
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
    elsif tg_op = 'UPDATE' and current_setting('wildlands.importing', true) = 'on' then
        record := to_jsonb(new);
        update wildlands.search_documents d
        set day = wildlands.searched_day(of_table, record), status = wildlands.searched_status(record), language = ''
        where d.user_id = owner_id and d.table_name = of_table and d.record_id = new.id;
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
            has_one := found;
        end if;
        if not has_one then
            perform wildlands.put_document(of_table, record, texts);
        end if;
    end if;
    if borrowed then
        perform set_config('wildlands.user_id', coalesce(before, ''), true);
    end if;
    return null;
end
$$;

-- The documents of records of a table, of a person, as they are now. Here and below rows are met by their whole keys, one
-- by one, which `offset 0` holds to: the statistics may be of before the records came, and a plan by them would read
-- all rows for each.
create function wildlands.documents_of(owner_id uuid, of_table text, ids uuid[]) returns setof wildlands.search_documents
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    config regconfig := wildlands.search_language();
    zone   text;
    day    text;
begin
    case of_table
        when 'logs', 'check_ins' then day := 't.date';
        when 'drift_flags' then day := 't.window_end';
        when 'reviews' then day := 't.week_start';
        else day := '(t.created_at at time zone $3)::date';
    end case;
    select u.timezone into zone from wildlands.users u where u.id = owner_id;
    begin
        perform now() at time zone zone;
    exception when invalid_parameter_value then
        zone := 'UTC';
    end;
    return query execute format(
        'select $1, %1$L, k.id, x.day, wildlands.searched_status(x.r), wildlands.searched_figures(%1$L, x.r), '
        '$4::text, wildlands.searched_words($4, y.title, y.texts) '
        'from unnest($2) k (id), '
        'lateral (select to_jsonb(t) as r, %2$s as day from wildlands.%1$I t where t.user_id = $1 and t.id = k.id offset 0) x, '
        'lateral (select wildlands.searched_title(x.r) as title, wildlands.searched_texts(%1$L, x.r) as texts offset 0) y',
        of_table, day)
        using owner_id, ids, coalesce(zone, 'UTC'), config;
end
$$;

-- Adds words to a person's list, those that are not in it.
create function wildlands.learn_lexemes(owner_id uuid, lexemes text[]) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into wildlands.search_words (user_id, word, pieces)
    select owner_id, w.lexeme, array_prepend('*', wildlands.word_pieces(w.lexeme))
    from unnest(lexemes) w (lexeme)
    where char_length(w.lexeme) between 3 and 40 and w.lexeme !~ '[[:digit:][:space:][:punct:]]'
        and not exists (select from (
            select from wildlands.search_words s where s.user_id = owner_id and s.word = w.lexeme offset 0) known)
    order by w.lexeme
    on conflict do nothing
$$;

-- Makes the documents of the current user's new records, at most so many, of a table that waits. Returns how many
-- records it went by; 0 when no table waits.
create function wildlands.index_new(most integer) returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me       uuid := wildlands.current_user_id();
    of_table text;
    first    uuid;
    came     bigint;
    ids      uuid[];
    lexemes  text[];
begin
    loop
        -- Another program that does the same waits here, and goes on behind this.
        select w.table_name, w.from_id, w.many into of_table, first, came
        from wildlands.search_waiting w where w.user_id = me order by w.table_name limit 1 for update;
        if not found then
            return 0;
        end if;
        -- By statistics of before they came, every statement would read too much until the server looks by itself.
        if came >= 1000 then
            execute format('analyze wildlands.%I', of_table);
        end if;
        -- None of them is deleted before its document is there, which goes with it.
        execute format(
            'select array_agg(s.id) from (select t.id from wildlands.%I t where t.user_id = $1 and t.id >= $2 '
            'order by t.id limit $3 for key share) s', of_table)
            into ids using me, first, most + 1;
        if ids is null then
            delete from wildlands.search_waiting w where w.user_id = me and w.table_name = of_table;
            continue;
        end if;
        -- What somebody has written meanwhile is newer, and what has a document keeps it.
        with made as (
            insert into wildlands.search_documents
            select n.* from wildlands.documents_of(me, of_table, ids[:most]) n
            on conflict do nothing
            returning words
        )
        select array_agg(s.lexeme) into lexemes
        from (select l.lexeme from made, unnest(tsvector_to_array(made.words)) l (lexeme) group by l.lexeme) s;
        perform wildlands.learn_lexemes(me, lexemes);
        if cardinality(ids) <= most then
            delete from wildlands.search_waiting w where w.user_id = me and w.table_name = of_table;
            analyze wildlands.search_documents;
        else
            update wildlands.search_waiting w set from_id = ids[most + 1], many = 0
            where w.user_id = me and w.table_name = of_table;
        end if;
        return least(cardinality(ids), most);
    end loop;
end
$$;

-- Makes documents anew: of records that an import has changed, then of another language than the current user's; and
-- those of new records. At most so many, in this transaction. Returns how many; 0 when none is left.
create or replace function wildlands.index_again(most integer) returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me       uuid := wildlands.current_user_id();
    config   text := wildlands.search_language()::text;
    tables   text[];
    ids      uuid[];
    of_table text;
    lexemes  text[];
    made     bigint := 0;
    again    bigint;
begin
    perform set_config('wildlands.asked', '', true);
    perform set_config('wildlands.alike', '', true);
    select array_agg(s.table_name), array_agg(s.record_id) into tables, ids
    from (select d.table_name, d.record_id from wildlands.search_documents d
          where d.user_id = me and d.language = '' limit most for update skip locked) s;
    if ids is null then
        select array_agg(s.table_name), array_agg(s.record_id) into tables, ids
        from (select d.table_name, d.record_id from wildlands.search_documents d
              where d.user_id = me and (d.language < config or d.language > config)
              limit most for update skip locked) s;
    end if;
    if ids is null then
        return wildlands.index_new(most);
    end if;
    for of_table in select distinct t from unnest(tables) t loop
        with remade as (
            insert into wildlands.search_documents as d
            select n.* from wildlands.documents_of(me, of_table,
                (select array_agg(k.id) from unnest(tables, ids) k (name, id) where k.name = of_table)) n
            on conflict (user_id, table_name, record_id) do update
                set day = excluded.day, status = excluded.status, figures = excluded.figures,
                    language = excluded.language, words = excluded.words
            returning words
        )
        select (select array_agg(s.lexeme) from (
                    select l.lexeme from remade, unnest(tsvector_to_array(remade.words)) l (lexeme) group by l.lexeme) s),
               (select count(*) from remade)
        into lexemes, again;
        perform wildlands.learn_lexemes(me, lexemes);
        made := made + again;
    end loop;
    if made < cardinality(ids) then
        -- Those whose record is gone.
        delete from wildlands.search_documents d using unnest(tables, ids) k (name, id)
        where d.user_id = me and d.table_name = k.name and d.record_id = k.id
            and (d.language < config or d.language > config);
    end if;
    return cardinality(ids);
end
$$;

-- The search learns later of the current user's records of a table, so many, that have this id or a greater one.
drop function wildlands.index_later(text);
create function wildlands.index_later(of_table text, first_id uuid, many bigint) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if of_table in ('logs', 'ideas', 'goals', 'check_ins', 'drift_flags', 'teaching_requests', 'harris_content', 'reviews') then
        insert into wildlands.search_waiting as w (user_id, table_name, from_id, many)
        values (wildlands.current_user_id(), of_table, first_id, many)
        on conflict (user_id, table_name) do update
            set from_id = least(w.from_id, excluded.from_id), many = w.many + excluded.many;
    end if;
end
$$;

-- How many of the current user's records the search does not know the words of.
create function wildlands.records_waiting() returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me      uuid := wildlands.current_user_id();
    waiting bigint;
    more    bigint;
    w       wildlands.search_waiting;
begin
    select count(*) into waiting from wildlands.search_documents d where d.user_id = me and d.language = '';
    for w in select * from wildlands.search_waiting x where x.user_id = me loop
        execute format('select (select count(*) from wildlands.%1$I t where t.user_id = $1 and t.id >= $2) - '
            '(select count(*) from wildlands.search_documents d '
            'where d.user_id = $1 and d.table_name = %1$L and d.record_id >= $2)', w.table_name)
            into more using me, w.from_id;
        waiting := waiting + more;
    end loop;
    return waiting;
end
$$;

-- Adds entries to the history of the current user, those that are not there; how many that were. It runs as the owner, who
-- alone may write history; the entries are the current user's whatever they say, within the row as well, so that nobody
-- can put one into another's history. It changes no entry.
drop function wildlands.restore_history(uuid, text, uuid, integer, text, jsonb, timestamptz, text, xid8);
create function wildlands.restore_history(
    entry_ids uuid[], of_tables text[], of_records uuid[], of_versions integer[], done text[], priors jsonb[],
    moments timestamptz[], by_whom text[], in_transactions xid8[]
) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me   uuid := wildlands.current_user_id();
    made bigint;
    -- The jsonb is touched only where it has to be: most entries are the person's own that come back.
    adds text :=
        'insert into wildlands.record_history '
        '    (user_id, id, table_name, record_id, version, operation, row, changed_at, changed_by, transaction) '
        'select $10, e.id, e.of_table, case e.of_table when ''users'' then $10 else e.record end, e.version, e.done, '
        '    case when e.of_table <> ''users'' and not e.prior ? ''password_hash'' '
        '             and coalesce(e.prior ->> ''user_id'' = $10::text, not e.prior ? ''user_id'') '
        '         then e.prior '
        '         else (e.prior - ''password_hash'') '
        '             || case when e.prior ? ''user_id'' then jsonb_build_object(''user_id'', $10) else ''{}'' end '
        '             || case e.of_table when ''users'' then jsonb_build_object(''id'', $10) else ''{}'' end end, '
        '    e.moment, e.by_whom, e.in_transaction '
        'from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) '
        '    e (id, of_table, record, version, done, prior, moment, by_whom, in_transaction)';
begin
    if me is null then
        raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
    end if;
    -- To look first whether each is there takes longer than to find out.
    begin
        execute adds
            using entry_ids, of_tables, of_records, of_versions, done, priors, moments, by_whom, in_transactions, me;
        get diagnostics made = row_count;
    exception when unique_violation then
        execute adds || ' on conflict do nothing'
            using entry_ids, of_tables, of_records, of_versions, done, priors, moments, by_whom, in_transactions, me;
        get diagnostics made = row_count;
    end;
    return made;
end
$$;

revoke execute on function
    wildlands.searched_words_of_long(regconfig, text, jsonb), wildlands.documents_of(uuid, text, uuid[]),
    wildlands.learn_lexemes(uuid, text[]), wildlands.index_new(integer), wildlands.index_later(text, uuid, bigint),
    wildlands.records_waiting(),
    wildlands.restore_history(uuid[], text[], uuid[], integer[], text[], jsonb[], timestamptz[], text[], xid8[])
    from public;

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
    grant execute on function wildlands.index_later(text, uuid, bigint) to wildlands_app;
    grant select on wildlands.search_waiting to wildlands_app;
    grant execute on function wildlands.records_waiting() to wildlands_app;
    grant select on wildlands.search_words to wildlands_app;
    grant execute on function wildlands.word_pieces(text) to wildlands_app;
    grant execute on function wildlands.learn_words_again() to wildlands_app;
    grant execute on function wildlands.restore_history(
        uuid[], text[], uuid[], integer[], text[], jsonb[], timestamptz[], text[], xid8[]) to wildlands_app;
    grant execute on function
        wildlands.restore_profile(text, text, smallint, jsonb, timestamptz, text) to wildlands_app;
    -- What is imported stands in temporary tables until it is compared. Where the database belongs to somebody else,
    -- its owner decides; PUBLIC has the right unless it was taken.
    begin
        execute format('grant temporary on database %I to wildlands_app', current_database());
    exception when insufficient_privilege then
        null;
    end;
    return true;
end
$$;

select wildlands.grant_to_app();
