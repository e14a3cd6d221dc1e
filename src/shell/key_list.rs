//! The keys in force, and what is wrong in the person's files, without opening the program.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::app::keymap::{KEYMAP_FILE, KeymapError, Listing};
use crate::app::message::Now;
use crate::app::settings::Settings;
use crate::app::world::World;
use crate::screens;
use crate::store::config::Config;

use super::looks::Looks;

/// The keys as the files in this configuration directory make them; without one the program's own.
///
/// # Errors
/// The program's own key table contradicts itself.
pub fn keys_in_force(configuration: Option<&Path>) -> Result<Listing, KeymapError> {
    let config = configuration.map(Config::load).unwrap_or_default();
    listing(&config)
}

/// Everything that is wrong in the files of this configuration directory: settings, form, themes, keys.
///
/// # Errors
/// The program's own key table contradicts itself.
pub fn mistakes(configuration: Option<&Path>) -> Result<Vec<String>, KeymapError> {
    let mut config = configuration.map(Config::load).unwrap_or_default();
    Looks::load(&mut config, &|name| std::env::var(name).ok());
    let of_keys = listing(&config)?.problems;
    let mut mistakes = config.mistakes;
    let more: Vec<String> = of_keys
        .into_iter()
        .filter(|line| !mistakes.contains(line))
        .collect();
    mistakes.extend(more);
    Ok(mistakes)
}

fn listing(config: &Config) -> Result<Listing, KeymapError> {
    let now = Now {
        instant: Timestamp::now(),
        zone: config.zone.now(),
    };
    let settings = Settings::of(&config.chosen, config.form.view);
    let mut world = World::new(now, Arc::new(config.form.clone()), settings);
    world.chosen = config.chosen.clone();
    let mut model = screens::model(world)?;
    let problems = model.remap(config.keymap.as_deref().unwrap_or_default())?;
    let mut listing = Listing::new(&model.world.tables, &model.world.keymap, &problems);
    let of_file = config.mistakes.iter();
    let of_file = of_file.filter(|mistake| mistake.starts_with(KEYMAP_FILE));
    listing.problems.extend(of_file.cloned());
    Ok(listing)
}
