//! What second runtimes say of the answers of others.

use std::collections::BTreeMap;

use parity_engine::{Engine, Opinion};

/// What second runtimes said, by the engine that they second.
pub type Opinions = BTreeMap<String, Opinion>;

/// Moves what was said of `engine` since the last time to what was said before.
pub(crate) fn take_opinion(opinions: &mut Opinions, engine: &mut dyn Engine) {
    let opinion = engine.take_opinion();
    if !opinion.is_nothing() {
        opinions.entry(engine.name().to_owned()).or_default().add(opinion);
    }
}
