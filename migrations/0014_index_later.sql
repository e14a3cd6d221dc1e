-- An import writes its records first, and what the search reads of them afterwards, many at a time: a document for each
-- row by a trigger takes more than twenty times what the row does. Until then a record stands among the documents
-- with its day and its status and without words, of no language. What was broken off is gone on with later: such documents
-- are found by an index of their own.

create index search_documents_waiting on wildlands.search_documents (user_id) where language = '';

do $$
declare
    name text;
begin
    foreach name in array array['logs', 'ideas', 'goals', 'check_ins', 'drift_flags', 'teaching_requests', 'harris_content', 'reviews']
    loop
        execute format('drop trigger search on wildlands.%I', name);
        execute format('create trigger search after insert on wildlands.%I for each row '
            'when (current_setting(''wildlands.importing'', true) is distinct from ''on'') '
            'execute function wildlands.keep_document()', name);
        execute format('create trigger search_gone after delete on wildlands.%I '
            'for each row execute function wildlands.keep_document()', name);
    end loop;
end
$$;

-- As before; of a record that an import changes the document waits.
create or replace function wildlands.keep_document() returns trigger
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

-- Puts the current user's records of a table that have no document among those that wait. Returns how many wait.
create function wildlands.index_later(of_table text) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me    uuid := wildlands.current_user_id();
    zone  text;
    day   text;
    state text;
    made  bigint;
begin
    case of_table
        when 'logs', 'check_ins' then day := 't.date'; state := 'null';
        when 'drift_flags' then day := 't.window_end'; state := 't.state';
        when 'reviews' then day := 't.week_start'; state := 'null';
        when 'ideas', 'goals', 'teaching_requests', 'harris_content' then
            day := '(t.created_at at time zone $2)::date'; state := 't.status';
        else return 0;
    end case;
    perform set_config('wildlands.asked', '', true);
    select u.timezone into zone from wildlands.users u where u.id = me;
    begin
        perform now() at time zone zone;
    exception when invalid_parameter_value then
        zone := 'UTC';
    end;
    execute format(
        'insert into wildlands.search_documents (user_id, table_name, record_id, day, status, figures, language, words) '
        'select t.user_id, %1$L, t.id, %2$s, %3$s, ''{}'', '''', '''' from wildlands.%1$I t '
        'where t.user_id = $1 and not exists (select from wildlands.search_documents d '
        '    where d.user_id = $1 and d.table_name = %1$L and d.record_id = t.id) '
        'on conflict do nothing', of_table, day, state)
        using me, zone;
    select count(*) into made from wildlands.search_documents d
    where d.user_id = me and d.table_name = of_table and d.language = '';
    return made;
end
$$;

-- As before, but words are learned once for all of them, and those that wait come first. Rows are met by their whole
-- keys, one by one: the statistics may be of before the records came, and a plan by them would read all for each call.
create or replace function wildlands.index_again(most integer) returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me       uuid := wildlands.current_user_id();
    config   regconfig := wildlands.search_language();
    tables   text[];
    ids      uuid[];
    of_table text;
    record   jsonb;
    found    tsvector;
    lexemes  text[] := '{}';
    made     integer := 0;
begin
    perform set_config('wildlands.asked', '', true);
    perform set_config('wildlands.alike', '', true);
    select array_agg(s.table_name), array_agg(s.record_id) into tables, ids
    from (select d.table_name, d.record_id from wildlands.search_documents d
          where d.user_id = me and d.language = '' limit most for update skip locked) s;
    if ids is null then
        select array_agg(s.table_name), array_agg(s.record_id) into tables, ids
        from (select d.table_name, d.record_id from wildlands.search_documents d
              where d.user_id = me and (d.language < config::text or d.language > config::text)
              limit most for update skip locked) s;
    end if;
    if ids is null then
        return 0;
    end if;
    for of_table in select distinct t from unnest(tables) t loop
        for record in execute format(
            'select x.r from unnest($2, $3) k (name, id), '
            'lateral (select to_jsonb(t) as r from wildlands.%1$I t where t.user_id = $1 and t.id = k.id offset 0) x '
            'where k.name = %1$L', of_table) using me, tables, ids
        loop
            found := wildlands.searched_words(config, wildlands.searched_title(record),
                                              wildlands.searched_texts(of_table, record));
            update wildlands.search_documents d
            set figures = wildlands.searched_figures(of_table, record), language = config::text, words = found
            where d.user_id = me and d.table_name = of_table and d.record_id = (record ->> 'id')::uuid;
            made := made + 1;
            lexemes := lexemes || tsvector_to_array(found);
        end loop;
    end loop;
    if made < cardinality(ids) then
        -- Those whose record is gone.
        delete from wildlands.search_documents d using unnest(tables, ids) k (name, id)
        where d.user_id = me and d.table_name = k.name and d.record_id = k.id
            and (d.language < config::text or d.language > config::text);
    end if;
    insert into wildlands.search_words (user_id, word, pieces)
    select me, w.lexeme, array_prepend('*', wildlands.word_pieces(w.lexeme))
    from (select distinct l as lexeme from unnest(lexemes) l where char_length(l) between 3 and 40) w
    where w.lexeme !~ '[[:digit:][:space:][:punct:]]'
        and not exists (select from wildlands.search_words s where s.user_id = me and s.word = w.lexeme)
    order by w.lexeme
    on conflict do nothing;
    return cardinality(ids);
end
$$;

revoke execute on function wildlands.index_later(text) from public;

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
    grant execute on function wildlands.index_later(text) to wildlands_app;
    grant select on wildlands.search_words to wildlands_app;
    grant execute on function wildlands.word_pieces(text) to wildlands_app;
    grant execute on function wildlands.learn_words_again() to wildlands_app;
    grant execute on function
        wildlands.restore_history(uuid, text, uuid, integer, text, jsonb, timestamptz, text, xid8) to wildlands_app;
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
