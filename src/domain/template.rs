//! Wording with places to fill in: `{topic}`.
//!
//! Nothing is invented: a line that names something unknown is left out. What is filled in is never read as
//! wording again, so a text with braces stays as it is.

/// The wording with its places filled in. `value` gives what a place stands for; an empty text is unknown.
#[must_use]
pub fn fill<'v>(wording: &str, value: impl Fn(&str) -> &'v str) -> String {
    let lines: Vec<String> = wording
        .trim_matches('\n')
        .lines()
        .filter_map(|line| fill_line(line, &value))
        .collect();
    lines.join("\n")
}

fn fill_line<'v>(line: &str, value: &impl Fn(&str) -> &'v str) -> Option<String> {
    let mut filled = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((place, behind)) = after.split_once('}') else {
            break;
        };
        let known = value(place).trim();
        if known.is_empty() {
            return None;
        }
        filled.push_str(before);
        filled.push_str(known);
        rest = behind;
    }
    filled.push_str(rest);
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(place: &str) -> &'static str {
        match place {
            "topic" => " {grade} of fractions ",
            _ => "",
        }
    }

    #[test]
    fn places_are_filled_once_and_lines_of_the_unknown_are_left_out() {
        let wording = "On {topic}.\nGrade: {grade}\nEnd {topic}, {topic}";
        assert_eq!(
            fill(wording, value),
            "On {grade} of fractions.\nEnd {grade} of fractions, {grade} of fractions"
        );
        assert_eq!(fill("\n{grade}\n", value), "");
        assert_eq!(fill("a { b", value), "a { b");
    }
}
