//! Puts the program together from what the person has set, and runs it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use ratatui::Frame;

use crate::app::keymap::KeymapError;
use crate::app::message::Now;
use crate::app::model::Model;
use crate::app::settings::Settings;
use crate::app::world::World;
use crate::domain::form::LogForm;
use crate::domain::lane::ask_in_reviews;
use crate::screens::{self, Tui};
use crate::store::config::Config;
use crate::store::connect::Source;
use crate::store::error::StoreError;
use crate::store::places::Places;
use crate::store::task::Options;
use crate::transfer::schedule::Plan;

use super::backing::Backing;
use super::looks::Looks;
use super::run::{Program, RunError, run};
use super::{log, report, terminal};

/// What the arguments and the environment say.
#[derive(Debug)]
pub struct Opening {
    /// Which database; settings that cannot be understood are shown on the offline screen.
    pub source: Result<Source, StoreError>,
    /// Where things live.
    pub places: Places,
    /// A form that takes the place of the person's own.
    pub form: Option<LogForm>,
    /// Something that holds for the whole run.
    pub notice: Option<String>,
    /// Whether settings that are changed are kept.
    pub keeps_settings: bool,
}

/// Why the program was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no terminal to use.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The program's own key table contradicts itself.
    #[error("the keys contradict themselves: {0}")]
    Keys(#[from] KeymapError),
    /// Reports are somebody else's already.
    #[error("{0}")]
    Report(String),
}

impl OpenError {
    /// As in sysexits.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Run(error) => error.exit_code(),
            Self::Keys(_) | Self::Report(_) => 70,
        }
    }
}

/// Opens the program; gives its exit code.
///
/// # Errors
/// There is no terminal to use, or the program contradicts itself.
pub fn open(opening: Opening) -> Result<u8, OpenError> {
    terminal::check().map_err(RunError::from)?;
    let Opening {
        source,
        places,
        form,
        notice,
        keeps_settings,
    } = opening;
    let variable = |name: &str| std::env::var(name).ok();
    log::install(&places.state, variable(log::VARIABLE).as_deref());
    report::install(&places.state).map_err(|error| OpenError::Report(error.to_string()))?;
    let mut config = Config::load(&places.config);
    if let Some(form) = form {
        config.form = form;
        config.form_is_broken = false;
    }
    if let Some(questions) = config.questions.take() {
        ask_in_reviews(questions);
    }
    let mut looks = Looks::load(&mut config, &variable);
    let model = model_of(&mut config, notice)?;
    let exports = config
        .export_dir
        .clone()
        .unwrap_or_else(|| here(&places.state));
    let mut plan = Plan::of(&config, &places);
    if !keeps_settings {
        plan = plan.beside(&places);
    }
    let source = source.unwrap_or_else(Source::Unusable);
    let mut outside = Backing::new(
        source,
        Options::new(places.state.clone()),
        exports,
        plan,
        config.zone.clone(),
    );
    if keeps_settings {
        outside = outside.keeping_settings(places.config);
    }
    let draw = |model: &Model<Tui>, frame: &mut Frame<'_>| {
        screens::frame::draw(model, looks.look(&model.world.settings), frame);
    };
    let program = Program {
        model,
        outside,
        draw,
        zone: config.zone.clone(),
        state: places.state,
    };
    Ok(run(program)?)
}

/// The program as it begins: with what the person has set, and with what is wrong in it.
fn model_of(config: &mut Config, notice: Option<String>) -> Result<Model<Tui>, OpenError> {
    let now = Now {
        instant: Timestamp::now(),
        zone: config.zone.now(),
    };
    let mut world = World::new(
        now,
        Arc::new(config.form.clone()),
        Settings::of(&config.chosen, config.form.view),
    );
    world.chosen = config.chosen.clone();
    let mut model = screens::model(world)?;
    let problems = model.remap(config.keymap.as_deref().unwrap_or_default())?;
    let problems = problems.iter().map(ToString::to_string);
    config.mistakes.extend(problems);
    // Until a key is pressed: a mistake of the person's, else what the run is about.
    model.world.first_word = config.notice().or_else(|| notice.clone());
    let standing = notice.into_iter().chain(config.mistakes.iter().cloned());
    model.world.standing_notices.extend(standing);
    Ok(model)
}

/// Where the person is: an export belongs beside what they work on. The state directory where that
/// is gone.
fn here(state: &Path) -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| state.to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_file_of_keys_has_one_name() {
        use crate::{app::keymap, store::config};
        assert_eq!(keymap::KEYMAP_FILE, config::KEYMAP_FILE);
    }
}
