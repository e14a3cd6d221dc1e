//! The wording of plans: one file for each format, one for the assessments, all part of the program.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Assessment, Format};

/// The wording of one format.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wording {
    #[cfg_attr(not(test), allow(dead_code))] // the file says what it is; a test compares
    format: String,
    pub objective: String,
    pub differentiation: String,
    pub preparation: String,
    /// Pairs of a phase and the one it joins where the lesson is too short for both.
    pub joins: Vec<(String, String)>,
    /// By the phase's key.
    pub phase: BTreeMap<String, PhaseWording>,
}

/// The wording of one phase.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhaseWording {
    pub weight: u32,
    pub minimum: u32,
    pub text: String,
}

/// The wording of a format.
pub(super) fn wording(format: Format) -> &'static Wording {
    static LESSON_PLAN: LazyLock<Wording> =
        LazyLock::new(|| read(include_str!("../../../assets/teaching/lesson-plan.toml")));
    static WORKSHEET: LazyLock<Wording> =
        LazyLock::new(|| read(include_str!("../../../assets/teaching/worksheet.toml")));
    static QUIZ: LazyLock<Wording> =
        LazyLock::new(|| read(include_str!("../../../assets/teaching/quiz.toml")));
    static PROJECT_GUIDE: LazyLock<Wording> =
        LazyLock::new(|| read(include_str!("../../../assets/teaching/project-guide.toml")));
    match format {
        Format::LessonPlan => &LESSON_PLAN,
        Format::Worksheet => &WORKSHEET,
        Format::Quiz => &QUIZ,
        Format::ProjectGuide => &PROJECT_GUIDE,
    }
}

/// What a plan says about the assessment of this type.
pub(super) fn assessment(kind: Assessment) -> &'static str {
    static ASSESSMENTS: LazyLock<BTreeMap<String, String>> =
        LazyLock::new(|| read(include_str!("../../../assets/teaching/assessments.toml")));
    ASSESSMENTS.get(kind.name()).map_or("", String::as_str)
}

/// The files are compiled in and tested to be whole.
fn read<T: Default + for<'de> Deserialize<'de>>(file: &str) -> T {
    toml::from_str(file).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Phase;
    use super::*;

    #[test]
    fn every_format_has_wording_for_every_phase_and_joins_that_name_phases() {
        for format in Format::ALL {
            let wording = wording(format);
            assert_eq!(wording.format, format.name());
            let keys: Vec<&str> = wording.phase.keys().map(String::as_str).collect();
            let mut known: Vec<&str> = Phase::ALL.map(Phase::key).to_vec();
            known.sort_unstable();
            assert_eq!(keys, known, "{format:?}");
            for phase in wording.phase.values() {
                assert!(phase.weight > 0 && phase.minimum > 0 && !phase.text.trim().is_empty());
            }
            for (joining, joined) in &wording.joins {
                assert!(known.contains(&joining.as_str()) && known.contains(&joined.as_str()));
                assert_ne!(joining, joined);
            }
        }
        for kind in Assessment::ALL {
            let wording = assessment(kind).to_lowercase();
            assert!(wording.contains(kind.name()), "{kind:?}");
        }
    }

    #[test]
    fn the_wording_is_plain() {
        for format in Format::ALL {
            let all = format!("{:?}", wording(format)).to_lowercase();
            for word in ["should", "must", "great", "amazing", "perfect"] {
                assert!(!all.contains(word), "{format:?}: {word}");
            }
        }
    }
}
