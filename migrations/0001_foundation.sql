-- The ground everything stands on: who the current user is, the rules every table shares, and the history.
--
-- Nothing may rely on a search_path or on any other state of a session (poolers hand a session to another
-- client after each transaction), so every name outside pg_catalog is written with its schema.

-- Which user a sign-in name or a database role belongs to. Forced row-level security binds the tables' owner
-- as well, so a function that must find a user *before* the current user is known cannot read `users`.
-- It reads this table instead. The application role has no right to it; a trigger on `users` keeps it.
create table wildlands.account_directory (
    user_id      uuid primary key,
    username_key text not null unique,
    db_role      text unique,
    has_password boolean not null
);

-- The user whose rows this transaction may see. A person's own database role decides where there is one and
-- the setting cannot override it. After a transaction that set it, a session keeps the setting as an empty
-- string, which must read as "nobody".
create function wildlands.current_user_id() returns uuid
language sql stable security definer parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select d.user_id from wildlands.account_directory d where d.db_role = session_user),
        nullif(current_setting('wildlands.user_id', true), '')::uuid
    )
$$;

-- Every string directly under the object is at most so many characters long.
create function wildlands.texts_within(document jsonb, longest integer) returns boolean
language sql immutable parallel safe
as $$
    select not exists (
        select from jsonb_each(document) e
        where jsonb_typeof(e.value) = 'string' and char_length(e.value #>> '{}') > longest
    )
$$;

-- At most so many texts, none null, none longer than so many characters.
create function wildlands.list_within(list text[], most integer, longest integer) returns boolean
language sql immutable parallel safe
as $$
    select cardinality(list) <= most
        and not exists (select from unnest(list) t where t is null or char_length(t) > longest)
$$;

-- The prior version of each updated or deleted row. Undo, "bring back" and the history of a record read it.
-- Append-only: written by the trigger below alone, which is why it has no version or updated_at of its own.
-- There is no foreign key to `users`: a history outlives what it is the history of.
create table wildlands.record_history (
    user_id    uuid not null,
    id         uuid not null default gen_random_uuid(),
    table_name text not null,
    record_id  uuid not null,
    version    integer not null,
    operation  text not null check (operation in ('update', 'delete')),
    row        jsonb not null check (jsonb_typeof(row) = 'object'),
    changed_at timestamptz not null default clock_timestamp(),
    changed_by text not null default session_user,
    primary key (user_id, id)
);
create index record_history_of_record on wildlands.record_history (user_id, table_name, record_id, version desc);
create index record_history_by_time on wildlands.record_history (user_id, changed_at desc, id);

-- Writes the history. It runs as the owner so that the application role needs no right to write history, and
-- cannot forge one. Maintenance by a superuser has no current user: the row's own user is taken for the insert,
-- which opens nothing, because the row has been written already when this runs.
create function wildlands.record_change() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    prior    jsonb := to_jsonb(old) - 'password_hash';
    owner_id uuid := coalesce(prior ->> 'user_id', prior ->> 'id')::uuid;
    before   text := current_setting('wildlands.user_id', true);
    borrowed boolean := wildlands.current_user_id() is distinct from owner_id;
begin
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

-- Keeps updated_at and version, and what a record may never change: its identity and its beginning. An insert
-- keeps what it is given, so that an import restores a record as it was.
create function wildlands.touch_row() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.id is distinct from old.id then
        raise exception 'the id of a record in % cannot be changed', tg_table_name
            using errcode = 'check_violation', table = tg_table_name, constraint = tg_table_name || '_id_fixed';
    end if;
    new.created_at := old.created_at;
    new.updated_at := clock_timestamp();
    new.version := old.version + 1;
    return new;
end
$$;

-- Gives a table the rules of every table: forced row-level security, and, where the rows are records that a
-- person edits, the version and the history. The sub-select makes the policy an InitPlan: the current user is
-- looked up once in a statement and the indexes that begin with user_id are used.
create function wildlands.protect(guarded regclass, owner_column text, is_record boolean) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format('alter table %s enable row level security', guarded);
    execute format('alter table %s force row level security', guarded);
    execute format(
        'create policy own_rows on %s using (%I = (select wildlands.current_user_id())) '
        'with check (%I = (select wildlands.current_user_id()))',
        guarded, owner_column, owner_column);
    if is_record then
        execute format('create trigger touch before update on %s for each row execute function wildlands.touch_row()', guarded);
        execute format('create trigger history after update or delete on %s for each row execute function wildlands.record_change()', guarded);
    end if;
end
$$;

select wildlands.protect('wildlands.record_history', 'user_id', false);
