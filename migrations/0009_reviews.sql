-- A weekly review asks which signals are new in a week and which ended in it.
create index drift_flags_by_first_seen on wildlands.drift_flags (user_id, first_seen, id);
create index drift_flags_by_end on wildlands.drift_flags (user_id, resolved_at, id) where resolved_at is not null;

-- The id of a review does not tell when it was made, as that of a check-in does not.
create index reviews_by_age on wildlands.reviews (user_id, created_at);
