//! The tables of an export, their columns, and the names by which people ask for them.

use super::names::{camel_case, snake_case};
use crate::domain::text::{folded, nearest, printable};

/// A table of the person's, as an export writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// The table's name in the database.
    pub sql: &'static str,
    /// The columns that make the order of its rows, for `ORDER BY`: the same rows give the same
    /// document.
    pub order: &'static str,
    /// Its columns in the database, in the order written.
    pub columns: &'static [&'static str],
}

/// The tables, in the order written: what refers to a row comes after it.
pub const TABLES: [Table; 11] = [
    Table {
        sql: "logs",
        order: "date",
        columns: &[
            "id",
            "user_id",
            "date",
            "data",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "ideas",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "title",
            "pitch",
            "category",
            "capture_mode",
            "status",
            "who_it_helps",
            "pain_it_solves",
            "why_i_care",
            "tiny_test",
            "resources_needed",
            "time_estimate",
            "excitement",
            "feasibility",
            "priority",
            "next_action",
            "review_on",
            "milestones",
            "reality_check",
            "notes",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "goals",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "title",
            "description",
            "domain",
            "target_type",
            "weekly_minimum",
            "start_date",
            "due_date",
            "status",
            "priority",
            "was_private",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "check_ins",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "goal_id",
            "date",
            "completed",
            "amount",
            "score",
            "note",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "drift_flags",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "type",
            "subject",
            "value",
            "window_start",
            "window_end",
            "sentence",
            "state",
            "first_seen",
            "last_seen",
            "acknowledged_at",
            "snoozed_until",
            "note",
            "resolved_at",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "teaching_requests",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "subject",
            "grade",
            "topic",
            "standards",
            "duration_minutes",
            "materials",
            "student_profile",
            "constraints",
            "assessment_type",
            "format",
            "status",
            "plan",
            "taught_on",
            "notes",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "harris_content",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "type",
            "tone",
            "template",
            "title",
            "status",
            "content",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "reviews",
        order: "week_start",
        columns: &[
            "id",
            "user_id",
            "week_start",
            "answers",
            "stats",
            "completed_at",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "retention_policies",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "table_name",
            "keep_days",
            "action",
            "enabled",
            "last_run",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "imported_records",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "source",
            "kind",
            "source_id",
            "payload",
            "reason",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "record_history",
        order: "changed_at, id",
        columns: &[
            "id",
            "user_id",
            "table_name",
            "record_id",
            "version",
            "operation",
            "row",
            "changed_at",
            "changed_by",
            "transaction",
        ],
    },
];

/// The columns of `users` that make [`super::ExportUser`], in its order. Rights in a certain database
/// (`role`, `db_role`) and the password's hash are not the person's data and stay behind.
pub const USER_COLUMNS: [&str; 8] = [
    "id",
    "username",
    "email",
    "display_name",
    "timezone",
    "week_start",
    "settings",
    "created_at",
];

impl Table {
    /// The table's name in the document.
    #[must_use]
    pub fn json(&self) -> String {
        camel_case(self.sql)
    }

    /// Its columns: the name in the database and the name in the document.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.columns
            .iter()
            .map(|&column| (column, camel_case(column)))
    }

    /// The column in the database that says when a row was last changed.
    #[must_use]
    pub fn changed_column(&self) -> &'static str {
        if self.columns.contains(&"updated_at") {
            "updated_at"
        } else {
            // The history is written once.
            "changed_at"
        }
    }
}

/// A name that is no table's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no table “{name}”{}", .suggestion.as_ref().map_or_else(
    || format!("; there are {}", TABLES.map(|table| table.json()).join(", ")),
    |near| format!("; did you mean “{near}”?"),
))]
pub struct UnknownTable {
    /// Harmless and short.
    pub name: String,
    /// The name that was probably meant, as the document writes it.
    pub suggestion: Option<String>,
}

/// The tables of a list with commas, in any spelling (`checkIns`, `check_ins`, `check-ins`), in the order written.
///
/// # Errors
/// The first name that is none; an empty list.
pub fn tables_of(list: &str) -> Result<Vec<&'static Table>, UnknownTable> {
    static ALL: &[Table] = &TABLES;
    let names = TABLES.map(|table| table.json());
    let mut wanted = Vec::new();
    for name in list.split(',').map(str::trim) {
        let same = |table: &&Table| folded(table.sql).eq(folded(name));
        let known = ALL.iter().find(same).ok_or_else(|| UnknownTable {
            name: printable(name).chars().take(64).collect(),
            suggestion: nearest(name, names.iter().map(String::as_str)).map(str::to_owned),
        })?;
        wanted.push(known.sql);
    }
    Ok(ALL
        .iter()
        .filter(|table| wanted.contains(&table.sql))
        .collect())
}

/// The table of a name as the database or the document writes it.
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    static LIST: &[Table] = &TABLES;
    LIST.iter()
        .find(|table| table.sql == name || table.sql == snake_case(name))
}
