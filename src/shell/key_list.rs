//! The keys in force, without opening the program.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::app::keymap::{KEYMAP_FILE, KeymapError, Listing};
use crate::app::message::Now;
use crate::app::settings::Settings;
use crate::app::world::World;
use crate::screens;
use crate::store::config::Config;

/// The keys as the files in this configuration directory make them; without one the program's own.
///
/// # Errors
/// The program's own key table contradicts itself.
pub fn keys_in_force(configuration: Option<&Path>) -> Result<Listing, KeymapError> {
    let config = configuration.map(Config::load).unwrap_or_default();
    let now = Now {
        instant: Timestamp::now(),
        zone: config.zone.now(),
    };
    let settings = Settings::of(&config.chosen, config.form.view);
    let world = World::new(now, Arc::new(config.form), settings);
    let mut model = screens::model(world)?;
    let problems = model.remap(config.keymap.as_deref().unwrap_or_default())?;
    let mut listing = Listing::new(&model.world.tables, &model.world.keymap, &problems);
    let of_file = config.mistakes.into_iter();
    let of_file = of_file.filter(|mistake| mistake.starts_with(KEYMAP_FILE));
    listing.problems.extend(of_file);
    Ok(listing)
}
