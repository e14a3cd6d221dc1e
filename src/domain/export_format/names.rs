//! Names, from the database to the document and back, by one rule.

/// `weeklyMinimum` for `weekly_minimum`.
#[must_use]
pub fn camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut capital = false;
    for c in name.chars() {
        if c == '_' {
            capital = !camel.is_empty();
        } else if capital {
            camel.push(c.to_ascii_uppercase());
            capital = false;
        } else {
            camel.push(c);
        }
    }
    camel
}

/// `weekly_minimum` for `weeklyMinimum`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// What a table is called on a screen, by its name in the database or in a document: `check-ins`, `signals`.
#[must_use]
pub fn spoken(name: &str) -> String {
    let name = snake_case(name);
    match name.as_str() {
        "check_ins" => "check-ins",
        "drift_flags" => "signals",
        "teaching_requests" => "lessons",
        "harris_content" => "content",
        "retention_policies" => "policies",
        "imported_records" => "imported",
        "record_history" => "history",
        _ => return name.replace('_', " "),
    }
    .to_owned()
}
