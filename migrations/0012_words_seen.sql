-- Every word of a person answers where nothing is asked, as every document does: each has the piece '*' beside its
-- own. Until now nothing was to be seen of the list without a question. And an import brings what was: an amount
-- that is above a day's minutes, too.

create or replace function wildlands.learn_words(owner_id uuid, words tsvector) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into wildlands.search_words (user_id, word, pieces)
    select owner_id, w.lexeme, array_prepend('*', wildlands.word_pieces(w.lexeme))
    from (select lexeme from unnest(words) where char_length(lexeme) between 3 and 40
              and lexeme !~ '[[:digit:][:space:][:punct:]]' order by lexeme) w
    on conflict do nothing
$$;

create or replace function wildlands.learn_words_again() returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    made bigint;
begin
    perform set_config('wildlands.asked', '', true);
    perform set_config('wildlands.alike', '', true);
    delete from wildlands.search_words where user_id = wildlands.current_user_id();
    insert into wildlands.search_words (user_id, word, pieces)
    select wildlands.current_user_id(), w.lexeme, array_prepend('*', wildlands.word_pieces(w.lexeme))
    from (select distinct u.lexeme from wildlands.search_documents d, unnest(d.words) u
          where d.user_id = wildlands.current_user_id() and char_length(u.lexeme) between 3 and 40
              and u.lexeme !~ '[[:digit:][:space:][:punct:]]') w
    on conflict do nothing;
    get diagnostics made = row_count;
    return made;
end
$$;

create or replace function wildlands.check_amount() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- An import brings what was.
    if current_setting('wildlands.importing', true) is distinct from 'on'
        and new.amount > 1440 and (tg_op = 'INSERT' or new.amount is distinct from old.amount) and exists (
        select from wildlands.goals g
        where g.user_id = new.user_id and g.id = new.goal_id and g.target_type = 'duration')
    then
        raise exception 'a day has 1440 minutes' using errcode = 'check_violation', constraint = 'check_ins_minutes_of_a_day',
            table = 'check_ins', schema = 'wildlands';
    end if;
    return new;
end
$$;

alter table wildlands.search_words no force row level security;
update wildlands.search_words set pieces = array_prepend('*', pieces);
alter table wildlands.search_words force row level security;

drop policy forget on wildlands.search_words;
alter policy own_rows on wildlands.search_words
    using (user_id = (select wildlands.current_user_id())
           and pieces && coalesce(nullif(current_setting('wildlands.alike', true), ''), '{*}')::text[]);
