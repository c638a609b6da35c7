//! What the sources of all trees say.

use std::path::Path;

use parity_engine::language::{PYTHON, TYPESCRIPT};
use parity_engine::tree::SourceFile;
use parity_engine::{EngineConfig, Language};
use parity_literals::File;

/// The largest file that is read, and how much of a tree: reading is to take no time that anybody notices.
const MOST_OF_A_FILE: usize = 256 << 10;
const MOST_OF_A_TREE: usize = 4 << 20;

/// Reads the sources of a language.
type Harvest = fn(&[SourceFile]) -> Vec<File>;

#[cfg(feature = "embedded-python")]
use parity_engine_python::harvest as harvest_python;
#[cfg(not(feature = "embedded-python"))]
use parity_engine_python::harvest_in_process as harvest_python;

static HARVESTS: [(&Language, Harvest); 2] =
    [(&PYTHON, harvest_python), (&TYPESCRIPT, parity_engine_typescript::harvest)];

/// What the trees of these engines say, each tree once. A file that cannot be read says nothing: whoever loads it tells why.
pub fn harvest<'e>(engines: impl Iterator<Item = &'e EngineConfig>) -> Vec<Vec<File>> {
    let mut trees: Vec<(&Language, &Path)> = Vec::new();
    for engine in engines {
        if let (Some(language), Some(tree)) = (engine.language(), engine.tree.as_deref())
            && !trees.contains(&(language, tree))
        {
            trees.push((language, tree));
        }
    }
    trees.into_iter().filter_map(|(language, tree)| of_tree(language, tree)).collect()
}

fn of_tree(language: &Language, tree: &Path) -> Option<Vec<File>> {
    let (_, harvest) = HARVESTS.iter().find(|(known, _)| *known == language)?;
    let mut sources = language.dialect.sources(tree);
    sources.retain(|source| source.text.len() <= MOST_OF_A_FILE);
    let mut read = 0;
    let most = sources.iter().position(|source| {
        read += source.text.len();
        read > MOST_OF_A_TREE
    });
    sources.truncate(most.unwrap_or(sources.len()));
    Some(harvest(&sources))
}
