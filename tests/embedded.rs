//! The private server against real PostgreSQL programs: first start, sharing, the last one out, kills, stale state,
//! and each way it can fail. Every test has its own directory and ends what it started, also when it fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "embedded/bench.rs"]
mod bench;
#[path = "embedded/failures.rs"]
mod failures;
#[path = "embedded/lifecycle.rs"]
mod lifecycle;
#[path = "embedded/setup.rs"]
mod setup;
#[path = "embedded/stale.rs"]
mod stale;
