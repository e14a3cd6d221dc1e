//! `wildlands idea TITLE [FIELD=VALUE …]`.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use crate::cli::exit::{Exit, Failure};
use crate::cli::fields::{self, Fields, ReadInput, Set};
use crate::cli::lane::Printing;
use crate::domain::lane::Lane;

use super::IDEA;

/// What is captured.
#[derive(Debug, clap::Args)]
pub struct Capture {
    /// The title, and what else is known already
    #[arg(value_name = "TITLE | FIELD=VALUE", required = true)]
    words: Vec<OsString>,
    #[command(flatten)]
    printing: Printing,
}

pub(super) fn run(arguments: &Capture) -> Result<(), Failure> {
    let set = read(&arguments.words, &mut fields::standard_input)?;
    fields::warn_of_exposed(&set.exposed);
    let idea = IDEA.make(set.patch.clone())?;
    IDEA.tell(arguments.printing, &idea, "captured", &set.patch)
}

/// The title and the fields.
fn read(words: &[OsString], input: ReadInput<'_>) -> Result<Set, Failure> {
    let form = Lane::Ideas.form();
    // The first word is of the title in any case, so that an idea may be called “E=mc²”.
    let is_field = |word: &OsStr| {
        let name = word.as_bytes().split(|byte| *byte == b'=').next();
        let name = name.filter(|name| name.len() < word.len());
        name.and_then(|name| std::str::from_utf8(name).ok())
            .is_some_and(|name| form.field(name).is_some())
    };
    let of_title = |(at, word): &(usize, &OsString)| {
        (*at == 0 && !is_field(word)) || (*at > 0 && !word.as_bytes().contains(&b'='))
    };
    let title = words.iter().enumerate().take_while(of_title).count();
    let (title, rest) = words.split_at(title);
    let mut fields = Fields::of(form, input);
    if !title.is_empty() {
        let mut word = OsString::from("title=");
        word.push(title.join(OsStr::new(" ")));
        fields.word(&word, "");
    }
    for word in rest {
        fields.word(word, "neither part of the title in first place");
    }
    let set = fields
        .finish()
        .map_err(|failure| failure.and("nothing was saved"))?;
    if set.patch.keys().all(|key| key != "title") {
        let line = "an idea needs a title: wildlands idea \"TITLE\"; nothing was saved";
        return Err(Failure::new(Exit::Usage, line));
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::domain::secret::Exit as Way;

    fn read_words(words: &[&str], input: &str) -> Result<serde_json::Value, Failure> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let bytes = input.as_bytes().to_vec();
        let set = read(&words, &mut move |_| Ok(bytes.clone()))?;
        Ok(set.patch.to_json(Way::Output))
    }

    #[test]
    fn the_words_before_the_first_field_are_the_title() {
        for words in [
            &["A reading corner", "excitement=8"][..],
            &["A", "reading", "corner", "excitement=8"],
            &["title=A reading corner", "Excitement=8"],
        ] {
            let read = read_words(words, "").unwrap();
            assert_eq!(
                read,
                json!({ "title": "A reading corner", "excitement": 8 })
            );
        }
        assert_eq!(
            read_words(&["E=mc2"], "").unwrap(),
            json!({ "title": "E=mc2" })
        );
        let piped = read_words(&["-", "category=tech"], "From outside\n").unwrap();
        assert_eq!(
            piped,
            json!({ "title": "From outside", "category": "tech" })
        );
    }

    #[test]
    fn what_is_wrong_is_told_and_never_quoted() {
        let refused = |words: &[&str]| read_words(words, "").unwrap_err();
        let failure = refused(&["x", "excitement=11", "feasability=planted-needle"]);
        let told = failure.lines.join("\n");
        assert_eq!(failure.exit, Exit::BadData);
        assert!(
            told.contains("1–10") && told.contains("did you mean `feasibility`?"),
            "{told}"
        );
        assert!(
            !told.contains("needle") && told.contains("nothing was saved"),
            "{told}"
        );
        assert_eq!(refused(&["pitch=x"]).exit, Exit::Usage);
        assert_eq!(refused(&[""]).exit, Exit::BadData);
    }
}
