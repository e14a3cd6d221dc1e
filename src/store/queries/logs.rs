//! Daily logs: a day, a month, series of figures, the same day in earlier years.
//!
//! A day whose answers were all taken back has an empty row; it counts as not logged.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use crate::domain::ids::RecordId;
use crate::domain::log::DailyLog;
use crate::domain::secret::Secret;
use crate::store::error::StoreError;
use crate::store::session::Session;

use super::records::unexpected;

/// A log of one date, archived or not.
pub const DAY: &str = "select id, date, data, version, updated_at from wildlands.logs \
     where user_id = $1 and date = $2";

/// Dates with a log.
pub const MONTH: &str = "select date from wildlands.logs \
     where user_id = $1 and date >= $2 and date < $3 and archived_at is null and data <> '{}' \
     order by date";

/// For each logged date the fields' figures, in the order of `$4`. A number beyond what a float
/// holds is left out: one such value must not take the others with it.
pub const SERIES: &str = "select date, array(\
         select case jsonb_typeof(data -> key) \
             when 'number' then case when (data ->> key)::numeric between -1e300 and 1e300 \
                 then (data ->> key)::float8 end \
             when 'boolean' then (data -> key)::boolean::integer::float8 end \
         from unnest($4::text[]) with ordinality as field (key, place) order by place) \
     from wildlands.logs \
     where user_id = $1 and date >= $2 and date <= $3 and archived_at is null order by date";

/// The logs of a few dates, latest first.
pub const ON_DATES: &str = "select id, date, data, version, updated_at from wildlands.logs \
     where user_id = $1 and date = any($2) and archived_at is null and data <> '{}' \
     order by date desc";

/// How many earlier years are looked at.
const YEARS: i32 = 12;

/// The longest series, in days.
const LONGEST: i32 = 400;

/// A row of [`DAY`] or [`ON_DATES`].
///
/// # Errors
/// A column that is not what this program expects.
pub fn read_log(row: &Row) -> Result<DailyLog, StoreError> {
    let data: Value = row.try_get(2)?;
    let Value::Object(data) = data else {
        return Err(unexpected("the data of a log is not an object"));
    };
    Ok(DailyLog {
        id: RecordId(row.try_get(0)?),
        date: row.try_get(1)?,
        data: Secret::new(data),
        version: row.try_get(3)?,
        updated_at: row.try_get(4)?,
    })
}

/// The log of a date.
///
/// # Errors
/// As the database reports them.
pub async fn day(session: &Session, date: Date) -> Result<Option<DailyLog>, StoreError> {
    let user = session.user().0;
    let rows = session
        .read(DAY, &[(&user, Type::UUID), (&date, Type::DATE)])
        .await?;
    rows.first().map(read_log).transpose()
}

/// Dates of a calendar month that have a log, ascending.
///
/// # Errors
/// As the database reports them.
pub async fn month(session: &Session, first: Date) -> Result<Vec<Date>, StoreError> {
    let user = session.user().0;
    let first = first.first_of_month();
    let after = first.saturating_add(1.month());
    let params = [
        (&user as _, Type::UUID),
        (&first as _, Type::DATE),
        (&after as _, Type::DATE),
    ];
    let rows = session.read(MONTH, &params).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Figures of fields per date: numbers as they are, yes and no as 1 and 0, others absent.
///
/// # Errors
/// As the database reports them.
pub async fn series(
    session: &Session,
    fields: &[String],
    from: Date,
    to: Date,
) -> Result<BTreeMap<String, BTreeMap<Date, f64>>, StoreError> {
    let user = session.user().0;
    let from = from.max(to.saturating_sub((LONGEST - 1).days()));
    let params = [
        (&user as _, Type::UUID),
        (&from as _, Type::DATE),
        (&to as _, Type::DATE),
        (&fields as _, Type::TEXT_ARRAY),
    ];
    let rows = session.read(SERIES, &params).await?;
    let mut series: BTreeMap<String, BTreeMap<Date, f64>> = fields
        .iter()
        .map(|field| (field.clone(), BTreeMap::new()))
        .collect();
    for row in &rows {
        let date: Date = row.try_get(0)?;
        let figures: Vec<Option<f64>> = row.try_get(1)?;
        for (field, figure) in fields.iter().zip(figures) {
            if let (Some(days), Some(figure)) = (series.get_mut(field), figure) {
                days.insert(date, figure);
            }
        }
    }
    Ok(series)
}

/// The same month and day in the twelve years before, latest first.
///
/// # Errors
/// As the database reports them.
pub async fn on_this_day(session: &Session, date: Date) -> Result<Vec<DailyLog>, StoreError> {
    let user = session.user().0;
    let dates = earlier_years(date);
    let params = [(&user as _, Type::UUID), (&dates as _, Type::DATE_ARRAY)];
    let rows = session.read(ON_DATES, &params).await?;
    rows.iter().map(read_log).collect()
}

/// The date in each of the years before; 29 February is 28 February in a year that has no 29th.
#[must_use]
pub fn earlier_years(date: Date) -> Vec<Date> {
    (1..=YEARS)
        .filter_map(|years| date.checked_sub(years.years()).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_leap_day_falls_on_the_28th_in_other_years() {
        let years = earlier_years(date(2024, 2, 29));
        assert_eq!(years.len(), 12);
        assert_eq!(years.first(), Some(&date(2023, 2, 28)));
        assert_eq!(years.get(3), Some(&date(2020, 2, 29)));
        assert_eq!(
            earlier_years(date(2026, 11, 24)).last(),
            Some(&date(2014, 11, 24))
        );
    }
}
