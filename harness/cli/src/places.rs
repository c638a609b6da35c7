//! Where the engines' trees have the handlers of a campaign.

use std::path::{Path, PathBuf};

use parity_campaign::{Roster, Rosters};
use parity_report::Place;
use parity_suite::Suite;

/// The places of the handlers that are compared, as far as somebody knows them.
pub(super) fn places(rosters: &Rosters, suite: &Suite) -> Vec<Place> {
    let here = std::env::current_dir().unwrap_or_default();
    let all = std::iter::once(&rosters.oracle).chain(&rosters.engines);
    all.flat_map(|roster| {
        let engine = suite.all_engines().find(|engine| engine.name == roster.engine);
        let tree = engine.and_then(|engine| engine.tree.clone()).unwrap_or_default();
        places_of(roster, suite, &tree, &here)
    })
    .collect()
}

fn places_of(roster: &Roster, suite: &Suite, tree: &Path, here: &Path) -> Vec<Place> {
    let found = roster.inventory.iter().flat_map(|inventory| &inventory.handlers);
    let asked_for = found.filter(|found| suite.handlers.contains(&found.handler));
    asked_for
        .map(|found| Place {
            handler: found.handler.clone(),
            engine: roster.engine.clone(),
            file: from(here, tree.join(&found.sighting.file)).display().to_string(),
            line: found.sighting.line,
        })
        .collect()
}

/// The file as somebody names it who stands there.
fn from(here: &Path, file: PathBuf) -> PathBuf {
    let below = file.strip_prefix(here).or_else(|_| file.strip_prefix("."));
    below.map(Path::to_owned).unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/work/services/a.py", "services/a.py")]
    #[case("./services/a.py", "services/a.py")]
    #[case("../services/a.py", "../services/a.py")]
    #[case("/elsewhere/a.py", "/elsewhere/a.py")]
    fn a_file_is_named_from_the_working_directory(#[case] file: &str, #[case] named: &str) {
        assert_eq!(from(Path::new("/work"), file.into()), Path::new(named));
    }
}
