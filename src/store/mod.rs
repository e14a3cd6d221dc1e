//! PostgreSQL behind channels: requests in, events out.

pub mod address;
pub mod api;
pub mod before_migration;
pub mod config;
pub mod connect;
pub mod drafts;
pub mod edits;
pub mod embedded;
pub mod error;
pub mod files;
pub mod migrate;
pub mod outbox;
pub mod places;
pub mod queries;
pub mod session;
pub mod target;
pub mod task;
pub mod tls;
pub mod tools;
pub mod zone;
