-- What the application role may do. Roles belong to the whole server, not to one database: the role may be
-- missing (a login without the right to create one owns the tables, and forced row-level security binds it),
-- and it is missing after a dump was restored on a new server. So the grants are a function that can be
-- called again. A migration that adds a table replaces it.
create function wildlands.grant_to_app() returns boolean
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
    return true;
end
$$;

revoke execute on all functions in schema wildlands from public;
select wildlands.grant_to_app();
