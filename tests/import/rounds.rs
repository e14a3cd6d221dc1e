//! Round trips over invented accounts.
