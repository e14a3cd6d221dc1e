-- What is computed and reviewed, what is kept for how long, and what other programs' exports brought.

create table wildlands.drift_flags (
    user_id         uuid not null references wildlands.users (id),
    id              uuid not null,
    type            text not null check (type in
                    ('missed_days', 'level_shift', 'trend', 'habit_change', 'streak_broken', 'checkin_dropoff',
                     'consistency', 'domain_neglect', 'overload', 'intent_reality', 'ideas_stagnant', 'ideas_crowded')),
    subject         text not null default '' check (char_length(subject) <= 200), -- '' where the type needs none
    value           jsonb not null default '{}'
                    check (jsonb_typeof(value) = 'object' and octet_length(value::text) <= 1048576),
    window_start    date not null,
    window_end      date not null,
    sentence        text not null check (char_length(sentence) between 1 and 1000),
    state           text not null default 'open' check (state in ('open', 'acknowledged', 'snoozed', 'resolved')),
    first_seen      date not null,
    last_seen       date not null,
    acknowledged_at timestamptz,
    snoozed_until   date,
    note            text not null default '' check (char_length(note) <= 65536),
    resolved_at     timestamptz,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    version         integer not null default 1 check (version >= 1),
    archived_at     timestamptz,
    primary key (user_id, id),
    constraint drift_flags_one_per_window unique (user_id, type, subject, window_start),
    constraint drift_flags_window_order check (window_end >= window_start),
    constraint drift_flags_seen_order check (last_seen >= first_seen),
    constraint drift_flags_state_has_its_moment check (
        (state <> 'acknowledged' or acknowledged_at is not null)
        and (state <> 'snoozed' or snoozed_until is not null)
        and (state <> 'resolved' or resolved_at is not null))
);
create index drift_flags_by_state on wildlands.drift_flags (user_id, state, last_seen desc, id);
select wildlands.protect('wildlands.drift_flags', 'user_id', true);

-- stats holds the figures as they were on the day of the review.
create table wildlands.reviews (
    user_id      uuid not null references wildlands.users (id),
    id           uuid not null,
    week_start   date not null check (week_start between '1900-01-01' and '9999-12-31'),
    answers      jsonb not null default '{}'
                 check (jsonb_typeof(answers) = 'object' and octet_length(answers::text) <= 1048576
                        and wildlands.texts_within(answers, 65536)),
    stats        jsonb not null default '{}'
                 check (jsonb_typeof(stats) = 'object' and octet_length(stats::text) <= 1048576),
    completed_at timestamptz,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    version      integer not null default 1 check (version >= 1),
    archived_at  timestamptz,
    primary key (user_id, id),
    constraint reviews_one_per_week unique (user_id, week_start)
);
select wildlands.protect('wildlands.reviews', 'user_id', true);

-- Off unless enabled. A history has no archive to go to.
create table wildlands.retention_policies (
    user_id     uuid not null references wildlands.users (id),
    id          uuid not null,
    table_name  text not null check (table_name in
                ('logs', 'ideas', 'goals', 'check_ins', 'drift_flags', 'teaching_requests', 'harris_content',
                 'reviews', 'imported_records', 'record_history')),
    keep_days   integer not null check (keep_days between 1 and 36500),
    action      text not null check (action in ('archive', 'delete')),
    enabled     boolean not null default false,
    last_run    timestamptz,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    version     integer not null default 1 check (version >= 1),
    archived_at timestamptz,
    primary key (user_id, id),
    constraint retention_policies_one_per_table unique (user_id, table_name),
    constraint retention_policies_history_is_deleted check (table_name <> 'record_history' or action = 'delete')
);
select wildlands.protect('wildlands.retention_policies', 'user_id', true);

-- What an import brought that has no table here, or no valid row: kept as it came and exported again.
create table wildlands.imported_records (
    user_id     uuid not null references wildlands.users (id),
    id          uuid not null,
    source      text not null check (char_length(source) between 1 and 200),
    kind        text not null check (char_length(kind) between 1 and 200),
    source_id   text not null check (char_length(source_id) between 1 and 200),
    payload     jsonb not null check (octet_length(payload::text) <= 16777216),
    reason      text not null default '' check (char_length(reason) <= 2000),
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    version     integer not null default 1 check (version >= 1),
    archived_at timestamptz,
    primary key (user_id, id),
    constraint imported_records_once unique (user_id, source, kind, source_id)
);
select wildlands.protect('wildlands.imported_records', 'user_id', true);
