//! The store against a real PostgreSQL, as the application role: queries, exactly-once writes, lost links.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "store/drift.rs"]
mod drift;
#[path = "store/driver.rs"]
mod driver;
#[path = "store/ideas.rs"]
mod ideas;
#[path = "store/links.rs"]
mod links;
#[path = "store/plans.rs"]
mod plans;
#[path = "store/queries.rs"]
mod queries;
#[path = "store/records.rs"]
mod records;
#[path = "store/retention.rs"]
mod retention;
#[path = "store/review.rs"]
mod review;
#[path = "store/search.rs"]
mod search;
mod support;
#[path = "store/teaching.rs"]
mod teaching;
#[path = "store/versions.rs"]
mod versions;
#[path = "store/writes.rs"]
mod writes;
