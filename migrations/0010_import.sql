-- What an import needs: records as they were, with their versions and moments; their history; the profile.
--
-- A transaction says that it imports (`wildlands.importing`). That opens nothing: whose rows a statement
-- reaches is still row-level security's to say, and a person's own rows are theirs to write.

-- Keeps updated_at and version, and what a record may never change: its identity and its beginning. An insert
-- keeps what it is given, and so does a change by an import: a record comes back as it was.
create or replace function wildlands.touch_row() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.id is distinct from old.id then
        raise exception 'the id of a record in % cannot be changed', tg_table_name
            using errcode = 'check_violation', table = tg_table_name, constraint = tg_table_name || '_id_fixed';
    end if;
    if current_setting('wildlands.importing', true) = 'on' then
        return new;
    end if;
    new.created_at := old.created_at;
    new.updated_at := clock_timestamp();
    new.version := old.version + 1;
    return new;
end
$$;

-- Writes the history, as before, but of a profile that is restored into an account not used yet: there
-- was nothing of the person's before it.
create or replace function wildlands.record_change() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    prior    jsonb := to_jsonb(old) - 'password_hash';
    owner_id uuid := coalesce(prior ->> 'user_id', prior ->> 'id')::uuid;
    before   text := current_setting('wildlands.user_id', true);
    borrowed boolean := wildlands.current_user_id() is distinct from owner_id;
begin
    if tg_table_name = 'users' and current_setting('wildlands.restoring_profile', true) = 'on' then
        return null;
    end if;
    if borrowed then
        perform set_config('wildlands.user_id', owner_id::text, true);
    end if;
    insert into wildlands.record_history (user_id, table_name, record_id, version, operation, row)
    values (owner_id, tg_table_name, (prior ->> 'id')::uuid, (prior ->> 'version')::integer, lower(tg_op), prior);
    if borrowed then
        perform set_config('wildlands.user_id', coalesce(before, ''), true);
    end if;
    return null;
end
$$;

-- Which status an idea may take after which, as before; an import is no move.
create or replace function wildlands.check_idea_move() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if current_setting('wildlands.importing', true) = 'on' then
        return new;
    end if;
    if (old.status, new.status) in (
        ('draft', 'parked'), ('draft', 'reality_checked'), ('draft', 'discarded'),
        ('parked', 'draft'), ('parked', 'reality_checked'), ('parked', 'promoted'), ('parked', 'discarded'),
        ('reality_checked', 'parked'), ('reality_checked', 'promoted'), ('reality_checked', 'discarded'),
        ('promoted', 'shipped'), ('promoted', 'parked'), ('promoted', 'discarded'),
        ('shipped', 'archived'),
        ('discarded', 'archived'), ('discarded', 'draft')
    ) then
        return new;
    end if;
    if current_setting('wildlands.taking_back', true) = 'on' and exists (
        select from wildlands.record_history h
        where h.user_id = new.user_id and h.table_name = 'ideas' and h.record_id = new.id
            and h."row" ->> 'status' = new.status
    ) then
        return new;
    end if;
    raise exception 'an idea that is % cannot become %', replace(old.status, '_', '-'), replace(new.status, '_', '-')
        using errcode = 'check_violation', schema = 'wildlands', table = 'ideas', constraint = 'ideas_moves';
end
$$;

-- Adds an entry to the history of the current user; false where it is there. It runs as the owner, who alone
-- may write history; the entry is the current user's whatever it says, within the row as well, so that nobody
-- can put one into another's history. It changes no entry.
create function wildlands.restore_history(
    entry_id uuid, of_table text, of_record uuid, of_version integer, done text, prior jsonb,
    moment timestamptz, by_whom text, in_transaction xid8
) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := wildlands.current_user_id();
begin
    if me is null then
        raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
    end if;
    prior := prior - 'password_hash';
    if prior ? 'user_id' then
        prior := jsonb_set(prior, '{user_id}', to_jsonb(me));
    end if;
    if of_table = 'users' then
        of_record := me;
        prior := prior || jsonb_build_object('id', me);
    end if;
    insert into wildlands.record_history
        (user_id, id, table_name, record_id, version, operation, row, changed_at, changed_by, transaction)
    values (me, entry_id, of_table, of_record, of_version, done, prior, moment, by_whom, in_transaction)
    on conflict do nothing;
    return found;
end
$$;

-- Gives the current user's account the name, zone, settings and beginning of an export, while there is nothing
-- in it yet. The address is unique among all people: it comes along only where there is nobody else, so that
-- nobody learns whether another has it.
create function wildlands.restore_profile(
    shown_name text, zone text, first_day smallint, chosen jsonb, made timestamptz, address text
) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me   uuid := wildlands.current_user_id();
    used boolean;
begin
    if me is null then
        raise exception 'nobody is signed in' using errcode = 'insufficient_privilege';
    end if;
    if exists (select from wildlands.logs where user_id = me)
        or exists (select from wildlands.ideas where user_id = me)
        or exists (select from wildlands.goals where user_id = me)
        or exists (select from wildlands.drift_flags where user_id = me)
        or exists (select from wildlands.teaching_requests where user_id = me)
        or exists (select from wildlands.harris_content where user_id = me)
        or exists (select from wildlands.reviews where user_id = me)
        or exists (select from wildlands.retention_policies where user_id = me)
        or exists (select from wildlands.imported_records where user_id = me)
        or exists (select from wildlands.record_history where user_id = me and table_name <> 'users')
    then
        raise exception 'the account is in use' using errcode = 'object_in_use';
    end if;
    select exists (select from wildlands.record_history where user_id = me) into used;
    perform set_config('wildlands.restoring_profile', case when used then 'off' else 'on' end, true);
    update wildlands.users u
    set display_name = shown_name, timezone = zone, week_start = first_day, settings = chosen, created_at = made,
        email = case when (select count(*) from wildlands.account_directory) = 1
                     then coalesce(address, u.email) else u.email end,
        updated_at = clock_timestamp(), version = u.version + 1
    where u.id = me;
    perform set_config('wildlands.restoring_profile', 'off', true);
end
$$;

revoke execute on function
    wildlands.restore_history(uuid, text, uuid, integer, text, jsonb, timestamptz, text, xid8),
    wildlands.restore_profile(text, text, smallint, jsonb, timestamptz, text)
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
    grant select on wildlands.search_words to wildlands_app;
    grant execute on function wildlands.word_pieces(text) to wildlands_app;
    grant execute on function wildlands.learn_words_again() to wildlands_app;
    grant execute on function
        wildlands.restore_history(uuid, text, uuid, integer, text, jsonb, timestamptz, text, xid8) to wildlands_app;
    grant execute on function
        wildlands.restore_profile(text, text, smallint, jsonb, timestamptz, text) to wildlands_app;
    return true;
end
$$;

select wildlands.grant_to_app();
