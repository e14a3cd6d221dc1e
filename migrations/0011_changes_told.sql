-- Programs of one person hear of one another's changes: a notification names the table, and who else listens asks
-- anew what it shows. A notification holds nothing of a row.

-- Where the changes of a user are told. Whoever may connect to a database may listen to any channel whose name they
-- know; this one cannot be guessed without the user's id, which no other user can read, nor does it give the id away.
create function wildlands.change_channel(of_user uuid) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select 'wildlands_' || left(encode(sha256(convert_to('wildlands changes of ' || of_user, 'UTF8')), 'hex'), 40)
$$;

-- Once a statement, whatever its number of rows; PostgreSQL drops the repetitions of a transaction. Every row of a
-- statement belongs to the current user, since row-level security holds it so; maintenance without one tells nobody.
-- After the table stands who made the change (wildlands.origin, set in the transaction by who wants to know its own
-- again). A server that has no notifications must not refuse a write for it.
create function wildlands.tell_change() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    person uuid := wildlands.current_user_id();
begin
    if person is not null then
        perform pg_notify(wildlands.change_channel(person),
                          tg_table_name || ' ' || left(coalesce(current_setting('wildlands.origin', true), ''), 64));
    end if;
    return null;
exception when feature_not_supported then
    return null;
end
$$;

do $$
declare
    name text;
begin
    foreach name in array array['users', 'logs', 'ideas', 'goals', 'check_ins', 'drift_flags', 'teaching_requests',
                                'harris_content', 'reviews']
    loop
        execute format('create trigger told after insert or update or delete on wildlands.%I '
                       'for each statement execute function wildlands.tell_change()', name);
    end loop;
end
$$;

-- Lists of signals, of all and of a state.
create index drift_flags_by_touch on wildlands.drift_flags (user_id, updated_at desc, id);
create index drift_flags_of_state on wildlands.drift_flags (user_id, state, updated_at desc, id);

revoke execute on function wildlands.change_channel(uuid) from public;
revoke execute on function wildlands.tell_change() from public;
