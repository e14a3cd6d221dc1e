-- The lanes of the ledger: days, ideas, goals and check-ins, teaching, brand content.
-- `imported` keeps, word for word, what an import brought and no column of the table can hold.

-- One per person and day. A change sends only the fields that changed, merged in the database.
create table wildlands.logs (
    user_id     uuid not null references wildlands.users (id),
    id          uuid not null,
    date        date not null check (date between '1900-01-01' and '9999-12-31'),
    data        jsonb not null default '{}'
                constraint logs_data_is_object check (jsonb_typeof(data) = 'object')
                constraint logs_data_size check (octet_length(data::text) <= 2097152)
                constraint logs_text_length check (wildlands.texts_within(data, 65536)),
    imported    jsonb check (jsonb_typeof(imported) = 'object' and octet_length(imported::text) <= 2097152),
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    version     integer not null default 1 check (version >= 1),
    archived_at timestamptz,
    primary key (user_id, id),
    constraint logs_one_per_day unique (user_id, date) -- read backwards it lists the newest days
);
select wildlands.protect('wildlands.logs', 'user_id', true);

create table wildlands.ideas (
    user_id          uuid not null references wildlands.users (id),
    id               uuid not null,
    title            text not null check (char_length(title) between 1 and 500),
    pitch            text not null default '' check (char_length(pitch) <= 65536),
    category         text check (category in ('tech', 'business', 'creative', 'family', 'faith', 'learning', 'income')),
    capture_mode     text not null default 'quick' check (capture_mode in ('quick', 'deep')),
    status           text not null default 'draft' check (status in
                     ('draft', 'parked', 'reality_checked', 'promoted', 'shipped', 'discarded', 'archived')),
    who_it_helps     text not null default '' check (char_length(who_it_helps) <= 65536),
    pain_it_solves   text not null default '' check (char_length(pain_it_solves) <= 65536),
    why_i_care       text not null default '' check (char_length(why_i_care) <= 65536),
    tiny_test        text not null default '' check (char_length(tiny_test) <= 65536),
    resources_needed text not null default '' check (char_length(resources_needed) <= 65536),
    time_estimate    text check (time_estimate in ('hours', 'days', 'weeks', 'months')),
    excitement       smallint check (excitement between 1 and 10),
    feasibility      smallint check (feasibility between 1 and 10),
    priority         smallint not null default 0 check (priority between 0 and 5),
    next_action      text not null default '' check (char_length(next_action) <= 65536),
    review_on        date,
    milestones       jsonb not null default '[]'
                     check (jsonb_typeof(milestones) = 'array' and octet_length(milestones::text) <= 262144),
    reality_check    jsonb check (jsonb_typeof(reality_check) = 'object' and octet_length(reality_check::text) <= 262144),
    notes            text not null default '' check (char_length(notes) <= 65536),
    imported         jsonb check (jsonb_typeof(imported) = 'object' and octet_length(imported::text) <= 2097152),
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    version          integer not null default 1 check (version >= 1),
    archived_at      timestamptz,
    primary key (user_id, id)
);
create index ideas_by_status on wildlands.ideas (user_id, status, updated_at desc, id);
create index ideas_by_touch on wildlands.ideas (user_id, updated_at desc, id);
create index ideas_to_review on wildlands.ideas (user_id, review_on) where review_on is not null;
select wildlands.protect('wildlands.ideas', 'user_id', true);

create table wildlands.goals (
    user_id        uuid not null references wildlands.users (id),
    id             uuid not null,
    title          text not null check (char_length(title) between 1 and 500),
    description    text not null default '' check (char_length(description) <= 65536),
    domain         text not null check (domain in
                   ('faith', 'family', 'work', 'health', 'logistics', 'property', 'ideas', 'discipline')),
    target_type    text not null default 'binary' check (target_type in ('binary', 'count', 'duration')),
    weekly_minimum integer not null default 1 check (weekly_minimum between 1 and 100000),
    start_date     date,
    due_date       date,
    status         text not null default 'active' check (status in ('active', 'paused', 'archived')),
    priority       smallint not null default 2 check (priority between 1 and 3), -- 1 trunk, 2 leaves, 3 low
    imported       jsonb check (jsonb_typeof(imported) = 'object' and octet_length(imported::text) <= 2097152),
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    version        integer not null default 1 check (version >= 1),
    archived_at    timestamptz,
    primary key (user_id, id),
    constraint goals_due_after_start check (due_date >= start_date)
);
create index goals_by_status on wildlands.goals (user_id, status, domain, priority, id);
select wildlands.protect('wildlands.goals', 'user_id', true);

-- They go with their goal, through the history, and come back with it.
create table wildlands.check_ins (
    user_id     uuid not null references wildlands.users (id),
    id          uuid not null,
    goal_id     uuid not null,
    date        date not null check (date between '1900-01-01' and '9999-12-31'),
    completed   boolean not null default true,
    amount      double precision check (amount >= 0 and amount <= 1000000),
    score       smallint check (score between 1 and 10),
    note        text not null default '' check (char_length(note) <= 65536),
    imported    jsonb check (jsonb_typeof(imported) = 'object' and octet_length(imported::text) <= 2097152),
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    version     integer not null default 1 check (version >= 1),
    archived_at timestamptz,
    primary key (user_id, id),
    foreign key (user_id, goal_id) references wildlands.goals (user_id, id) on delete cascade,
    constraint check_ins_one_per_day unique (user_id, goal_id, date)
);
create index check_ins_by_date on wildlands.check_ins (user_id, date desc, id);
select wildlands.protect('wildlands.check_ins', 'user_id', true);

create table wildlands.teaching_requests (
    user_id          uuid not null references wildlands.users (id),
    id               uuid not null,
    subject          text not null check (char_length(subject) between 1 and 500),
    grade            text not null default '' check (char_length(grade) <= 200),
    topic            text not null default '' check (char_length(topic) <= 2000),
    standards        text[] not null default '{}' check (wildlands.list_within(standards, 100, 2000)),
    duration_minutes integer check (duration_minutes between 10 and 240), -- null is any duration
    materials        text not null default '' check (char_length(materials) <= 65536),
    student_profile  text not null default '' check (char_length(student_profile) <= 65536),
    constraints      text not null default '' check (char_length(constraints) <= 65536),
    assessment_type  text check (assessment_type in ('exit ticket', 'quiz', 'rubric', 'performance')),
    format           text not null default 'lesson plan' check (format in ('lesson plan', 'worksheet', 'quiz', 'project guide')),
    status           text not null default 'requested' check (status in ('requested', 'planned', 'taught', 'archived')),
    plan             jsonb check (jsonb_typeof(plan) = 'object' and octet_length(plan::text) <= 1048576),
    taught_on        date,
    notes            text not null default '' check (char_length(notes) <= 65536),
    imported         jsonb check (jsonb_typeof(imported) = 'object' and octet_length(imported::text) <= 2097152),
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    version          integer not null default 1 check (version >= 1),
    archived_at      timestamptz,
    primary key (user_id, id)
);
create index teaching_requests_by_status on wildlands.teaching_requests (user_id, status, updated_at desc, id);
create index teaching_requests_by_touch on wildlands.teaching_requests (user_id, updated_at desc, id);
select wildlands.protect('wildlands.teaching_requests', 'user_id', true);

create table wildlands.harris_content (
    user_id     uuid not null references wildlands.users (id),
    id          uuid not null,
    type        text not null check (type in ('website', 'social', 'email', 'blog', 'video')),
    tone        text check (tone in ('inspirational', 'educational', 'personal', 'professional')),
    template    text,
    title       text not null check (char_length(title) between 1 and 500),
    status      text not null default 'draft' check (status in ('draft', 'published', 'archived')),
    content     jsonb not null default '{}'
                check (jsonb_typeof(content) = 'object' and octet_length(content::text) <= 2097152),
    imported    jsonb check (jsonb_typeof(imported) = 'object' and octet_length(imported::text) <= 2097152),
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    version     integer not null default 1 check (version >= 1),
    archived_at timestamptz,
    primary key (user_id, id),
    constraint harris_content_template_of_type check (template is null or (type, template) in (
        ('website', 'landing page'), ('website', 'about story'), ('website', 'services page'),
        ('social', 'thread hook'), ('social', 'value post'), ('social', 'personal story'),
        ('email', 'welcome'), ('email', 'nurture sequence'), ('email', 'launch announcement'),
        ('blog', 'how-to'), ('blog', 'listicle'), ('blog', 'opinion'),
        ('video', 'tutorial'), ('video', 'course module'), ('video', 'talking head')))
);
create index harris_content_by_type on wildlands.harris_content (user_id, type, status, updated_at desc, id);
create index harris_content_by_touch on wildlands.harris_content (user_id, updated_at desc, id);
select wildlands.protect('wildlands.harris_content', 'user_id', true);
