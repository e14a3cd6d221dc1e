//! The steps of a guided review: the week's parts, then the questions.

use crate::domain::form::LogForm;

/// A step of a guided review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Days logged, and the fields.
    Days,
    /// The goals.
    Goals,
    /// The signals.
    Signals,
    /// Ideas and lesson requests that wait.
    Waiting,
    /// A question, by its field's key.
    Question(String),
}

impl Step {
    /// The word that is stored.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Days => "days",
            Self::Goals => "goals",
            Self::Signals => "signals",
            Self::Waiting => "waiting",
            Self::Question(key) => key,
        }
    }
}

/// All steps, in order, with the questions of a form.
#[must_use]
pub fn steps(form: &LogForm) -> Vec<Step> {
    let mut steps = vec![Step::Days, Step::Goals, Step::Signals, Step::Waiting];
    let fields = form.sections.iter().flat_map(|section| &section.fields);
    steps.extend(fields.map(|field| Step::Question(field.key.clone())));
    steps
}
