//! What a table holds, as figures that can be compared: how many rows, and a checksum that knows no order.

use tokio_postgres::Client;

use super::BackupError;
use super::look::Sight;
use crate::transfer::ground::quoted;

/// A table's rows and their checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSum {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// The sum and the exclusive-or of `hashtextextended(row::text, 0)`, in hexadecimal. Equal rows in any order give the
    /// same; a row that is missing, twice there or changed does not, but for a chance of one in 2^64.
    pub checksum: String,
}

/// How rows are written as text: the same in every session.
const FORM: &str = "set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; \
                    set local extra_float_digits = 1; set local bytea_output = 'hex'; \
                    set local statement_timeout = 0; set local jit = off; set local row_security = on";

/// Begins the transaction in which [`of`] counts: one state of the data.
pub(in crate::transfer) async fn begin(client: &Client, sight: Sight) -> Result<(), BackupError> {
    client
        .batch_execute(&format!(
            "begin isolation level repeatable read read only; {FORM}"
        ))
        .await?;
    if let Sight::OnlyPerson(user) = sight {
        client
            .execute(
                "select set_config('wildlands.user_id', $1, true)",
                &[&user.to_string()],
            )
            .await?;
    }
    Ok(())
}

/// Counts one table, in a transaction of [`begin`].
pub(in crate::transfer) async fn of(client: &Client, table: &str) -> Result<TableSum, BackupError> {
    let name = quoted(table);
    let row = client
        .query_one(
            &format!(
                "select count(*), coalesce(mod(sum(h::numeric), 18446744073709551616), 0)::text, coalesce(bit_xor(h), 0) \
                 from (select hashtextextended(t::text, 0) as h from wildlands.{name} t) hashed"
            ),
            &[],
        )
        .await?;
    let sum: i128 = row.try_get::<_, String>(1)?.parse().unwrap_or(0);
    let sum = u64::try_from(sum.rem_euclid(1 << 64)).unwrap_or(0);
    let mixed: i64 = row.try_get(2)?;
    Ok(TableSum {
        table: table.to_owned(),
        rows: u64::try_from(row.try_get::<_, i64>(0)?).unwrap_or(0),
        checksum: format!("{sum:016x}{mixed:016x}"),
    })
}
