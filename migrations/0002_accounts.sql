-- The people, how the program finds the one who is here, their sessions, and which writes have been applied.

-- A user's id is the user_id of everything that is theirs, so the primary key is `id` alone; a username, an
-- e-mail address and a database role are unique among all people by their meaning, not within one person.
-- On a sharded database this table is small and replicated to every node.
create table wildlands.users (
    id            uuid primary key,
    username      text not null check (char_length(username) between 1 and 64 and username !~ '[[:cntrl:]]'),
    email         text check (char_length(email) between 3 and 254 and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    display_name  text not null check (char_length(display_name) between 1 and 200),
    db_role       text check (char_length(db_role) between 1 and 63),
    password_hash text check (char_length(password_hash) <= 500 and password_hash like '$argon2id$%'),
    role          text not null default 'member' check (role in ('admin', 'member')),
    timezone      text not null default 'UTC' check (timezone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
    week_start    smallint not null default 1 check (week_start between 1 and 7), -- ISO: 1 is Monday
    settings      jsonb not null default '{}'
                  check (jsonb_typeof(settings) = 'object' and octet_length(settings::text) <= 262144),
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    version       integer not null default 1 check (version >= 1),
    archived_at   timestamptz
);
create unique index users_username_key on wildlands.users (lower(username));
create unique index users_email_key on wildlands.users (lower(email));
create unique index users_db_role_key on wildlands.users (db_role);
select wildlands.protect('wildlands.users', 'id', true);

alter table wildlands.account_directory
    add foreign key (user_id) references wildlands.users (id) on delete cascade;

create function wildlands.keep_directory() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into wildlands.account_directory (user_id, username_key, db_role, has_password)
    values (new.id, lower(new.username), new.db_role, new.password_hash is not null)
    on conflict (user_id) do update
        set username_key = excluded.username_key,
            db_role = excluded.db_role,
            has_password = excluded.has_password;
    return null;
end
$$;
create trigger directory after insert or update of username, db_role, password_hash on wildlands.users
    for each row execute function wildlands.keep_directory();

-- Signs in the operating-system user, who needs no password on a private or compose database: finds the
-- person by name (in any case) or creates them, makes them the current user of this transaction, and returns
-- their id. `fresh_id` is the id a new person gets. A person's own database role decides where there is one.
-- An account with a password or a role of its own is never entered this way, and where such accounts exist
-- nobody is added this way: SQLSTATE WL001.
create function wildlands.sign_in_local(fresh_id uuid, name text, shown_name text, zone text) returns uuid
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    person wildlands.account_directory;
begin
    select * into person from wildlands.account_directory d where d.db_role = session_user;
    if found then
        return person.user_id;
    end if;
    for attempt in 1 .. 2 loop
        select * into person from wildlands.account_directory d where d.username_key = lower(name);
        if found then
            if person.has_password or person.db_role is not null then
                raise exception 'this account must sign in' using errcode = 'WL001';
            end if;
            perform set_config('wildlands.user_id', person.user_id::text, true);
            return person.user_id;
        end if;
        if exists (select from wildlands.account_directory d where d.has_password or d.db_role is not null) then
            raise exception 'accounts in this database are added by its administrator' using errcode = 'WL001';
        end if;
        -- The first statement of the loop sees what another program committed while this one waited here.
        perform set_config('wildlands.user_id', fresh_id::text, true);
        insert into wildlands.users (id, username, display_name, timezone, role)
        values (fresh_id, name, shown_name, zone,
                case when exists (select from wildlands.account_directory) then 'member' else 'admin' end)
        on conflict do nothing;
        if found then
            return fresh_id;
        end if;
    end loop;
    raise exception 'the account could not be created' using errcode = 'serialization_failure';
end
$$;

-- sid is the SHA-256 of the token, never the token. No history: a session that was signed out must not be
-- something that can be brought back.
create table wildlands.sessions (
    user_id     uuid not null references wildlands.users (id) on delete cascade,
    id          uuid not null,
    sid         bytea not null check (octet_length(sid) = 32),
    sess        jsonb not null default '{}'
                check (jsonb_typeof(sess) = 'object' and octet_length(sess::text) <= 65536),
    expire      timestamptz not null,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    version     integer not null default 1 check (version >= 1),
    archived_at timestamptz,
    primary key (user_id, id),
    unique (user_id, sid)
);
create index sessions_by_expiry on wildlands.sessions (user_id, expire);
select wildlands.protect('wildlands.sessions', 'user_id', false);
create trigger touch before update on wildlands.sessions
    for each row execute function wildlands.touch_row();

-- Which requests of the outbox have been applied. The row is inserted in the transaction of the write itself;
-- a conflict means that this is a replay and the write must not be applied again.
create table wildlands.applied_writes (
    user_id    uuid not null references wildlands.users (id) on delete cascade,
    request_id uuid not null,
    applied_at timestamptz not null default now(),
    primary key (user_id, request_id)
);
create index applied_writes_by_time on wildlands.applied_writes (user_id, applied_at);
select wildlands.protect('wildlands.applied_writes', 'user_id', false);
