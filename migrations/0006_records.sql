-- What the lanes' screens ask and what they may do: moves of an idea, orders of a list, what goes and comes
-- back together.

-- What was deleted in one transaction comes back together: a goal with its check-ins.
alter table wildlands.record_history add column transaction xid8 not null default pg_current_xact_id();
create index record_history_deleted on wildlands.record_history (user_id, changed_at desc, id)
    where operation = 'delete';
create index record_history_of_table on wildlands.record_history (user_id, table_name, changed_at desc, id);

-- A column of its own, because the rows of others are held back before anything is computed of a row that
-- may fail, a product too: a page deep in a list would read all before it.
alter table wildlands.ideas add column score integer not null
    generated always as (coalesce(excitement * feasibility, 0)) stored;

-- Lists of ideas by when they were made, by excitement × feasibility and by priority, of all and of a status.
create index ideas_by_age on wildlands.ideas (user_id, created_at, id);
create index ideas_of_status_by_age on wildlands.ideas (user_id, status, created_at, id);
create index ideas_by_score on wildlands.ideas (user_id, score, id);
create index ideas_of_status_by_score on wildlands.ideas (user_id, status, score, id);
create index ideas_by_priority on wildlands.ideas (user_id, priority, id);
create index ideas_of_status_by_priority on wildlands.ideas (user_id, status, priority, id);
create index harris_content_by_status on wildlands.harris_content (user_id, status, updated_at desc, id);
create index check_ins_by_age on wildlands.check_ins (user_id, created_at);
create index goals_by_touch on wildlands.goals (user_id, updated_at desc, id);

-- Which status an idea may take after which; every other move is refused. Taking a move back is no move: who
-- says so in the transaction may give an idea a status that it has had.
create function wildlands.check_idea_move() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
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
create trigger moves before update of status on wildlands.ideas
    for each row when (old.status is distinct from new.status) execute function wildlands.check_idea_move();
revoke execute on function wildlands.check_idea_move() from public;
