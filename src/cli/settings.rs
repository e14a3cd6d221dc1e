//! What the person has set, as far as subcommands heed it: where they are.

use crate::store::config::{CONFIG_FILE, Config};
use crate::store::places::Places;

use super::output;

/// The settings, without a word. Without a home there are none.
pub fn read() -> Config {
    Places::from_env().map_or_else(|_| Config::default(), |places| Config::load(&places.config))
}

/// The settings; what is wrong keeps its default, and is told. A form is read and told by [`super::form`].
pub fn heeded() -> Config {
    let config = read();
    for mistake in config
        .mistakes
        .iter()
        .filter(|line| line.starts_with(CONFIG_FILE))
    {
        output::say(&format!("wildlands: note: {mistake}"));
    }
    config
}
