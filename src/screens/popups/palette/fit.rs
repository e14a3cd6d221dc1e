//! How well a typed word fits a command: its letters in order in the name, or the word itself in the text about it.
//!
//! Of a name, any letters will do as long as they come in order (`gtd` for `go-to-date`); those at the beginning and
//! at the beginnings of words count most, those that stand side by side next. In the words about a command letters
//! that are scattered would fit nearly everything, so there a word has to occur as it was typed.

/// A letter that was found at all.
const FOUND: u32 = 16;
/// One that stands right after the one before.
const BESIDE: u32 = 12;
/// The first one of the text.
const FIRST: u32 = 24;
/// The first one of a word.
const WORD_START: u32 = 20;
/// The text is the word and nothing else.
const WHOLE: u32 = 40;
/// What fits a name is meant more often than what fits the words about it.
const NAME: u32 = 1000;

/// How well a word in small letters fits a name and the words about it; the higher the better.
pub(super) fn fit(word: &str, name: &str, about: &str) -> Option<u32> {
    in_name(word, &name.to_lowercase())
        .map(|score| NAME + score)
        .or_else(|| in_words(word, &about.to_lowercase()))
}

/// Where each letter of a text stands: at its beginning, at that of a word, or within one.
fn letters(text: &str) -> impl Iterator<Item = (char, u32)> {
    let before = std::iter::once(None).chain(text.chars().map(Some));
    text.chars().zip(before).map(|(letter, before)| {
        let place = match before {
            None => FIRST,
            Some(before) if !before.is_alphanumeric() => WORD_START,
            Some(_) => 0,
        };
        (letter, place)
    })
}

/// The best of all ways to find the letters of the word in order.
fn in_name(word: &str, name: &str) -> Option<u32> {
    // For each letter of the name, the best score of what is found so far with its last letter just there.
    let mut row: Option<Vec<Option<u32>>> = None;
    for asked in word.chars() {
        let mut earlier: Option<u32> = None;
        let mut beside: Option<u32> = None;
        let mut next = Vec::new();
        for (at, (letter, place)) in letters(name).enumerate() {
            let so_far = match &row {
                None => Some(0),
                Some(_) => earlier.max(beside.map(|score| score + BESIDE)),
            };
            let is_it = letter == asked;
            next.push(so_far.filter(|_| is_it).map(|score| score + FOUND + place));
            earlier = earlier.max(beside);
            beside = row.as_ref().and_then(|row| row.get(at).copied().flatten());
        }
        row = Some(next);
    }
    let best = row?.into_iter().flatten().max()?;
    Some(best + if word == name { WHOLE } else { 0 })
}

/// The word as it was typed, best at the beginning of a word.
fn in_words(word: &str, about: &str) -> Option<u32> {
    let place = |(at, _): (usize, &str)| {
        let before = about.get(..at).and_then(|before| before.chars().last());
        match before {
            None => FIRST,
            Some(before) if !before.is_alphanumeric() => WORD_START,
            Some(_) => 0,
        }
    };
    about.match_indices(word).map(place).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_goes_before_a_word_and_a_word_before_a_middle() {
        let of = |name| in_name("re", name);
        assert!(of("reveal") > of("go-to-review"));
        assert!(of("go-to-review") > of("archive-all"));
        assert!(of("go-to-review") > of("there"));
        assert!(of("there") > of("carpet"), "side by side");
        assert!(in_name("form", "form") > in_name("form", "format"));
        assert_eq!(of("er"), None, "in order");
        assert_eq!(in_name("aa", "a"), None, "a letter counts once");
    }

    #[test]
    fn letters_may_be_left_out_of_a_name_but_not_of_the_words_about_it() {
        assert!(fit("gtd", "go-to-date", "").is_some());
        assert_eq!(fit("gtd", "form", "go to a date"), None);
        assert!(fit("dat", "form", "go to a date") > fit("ate", "form", "go to a date"));
        assert!(fit("d", "form-d", "date") > fit("d", "form", "date"));
    }

    #[test]
    fn letters_beyond_ascii_are_letters() {
        assert!(fit("ü", "Übersicht", "").is_some());
        assert!(fit("数据", "x", "看数据").is_some());
    }
}
