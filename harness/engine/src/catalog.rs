//! Discovery: the catalog of a tree resolves what an engine found in its files into handlers, and refuses what is wrong.

use std::path::{Path, PathBuf};

use parity_model::HandlerId;

use super::error::TreeError;
use super::tree::{Dialect, SourceFile, Sources, UNKNOWN, test_folder};
use crate::naming::{Inventory, Naming, NotLoaded, Sighting, WhyUnused};

/// What is needed to give the handlers of a tree their identities.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The tree, as it was named.
    pub root: PathBuf,
    /// The files that were loaded, or were to be.
    pub files: Vec<SourceFile>,
    /// How the language keeps its handlers.
    pub dialect: &'static Dialect,
    /// What handlers are called.
    pub naming: Naming,
    /// The files that speak of handlers and stand in directories of tests, which are not looked into.
    of_tests: Vec<String>,
}

impl Catalog {
    /// The catalog of a directory, whose files are read.
    pub fn read(
        root: &Path,
        language: &'static str,
        dialect: &'static Dialect,
        naming: &Naming,
    ) -> Result<Self, TreeError> {
        let Sources { files, of_tests } = dialect.handler_files(root, language)?;
        Ok(Self { root: root.to_owned(), files, dialect, naming: naming.clone(), of_tests })
    }

    /// The catalog of a tree of which nothing is known but what its worker says.
    #[must_use]
    pub(crate) fn of_unknown_tree(naming: &Naming) -> Self {
        let (root, files, of_tests) = (PathBuf::new(), Vec::new(), Vec::new());
        Self { root, files, dialect: &UNKNOWN, naming: naming.clone().lenient(), of_tests }
    }

    /// Gives what was found in the tree its identities. Unless the naming is lenient, a file that is named as a handler's must
    /// load and hold nothing but handlers that have an identity, and no two may have the same.
    pub fn resolve(&self, sightings: &[Sighting], mut not_loaded: Vec<NotLoaded>) -> Result<Inventory, TreeError> {
        not_loaded.extend(self.of_tests.iter().map(|file| {
            let folder = test_folder(file).unwrap_or_default();
            let message = format!("{folder}/ is not looked into, since tests are there; name it if it is meant");
            NotLoaded { file: file.clone(), line: None, place: None, message }
        }));
        let inventory = self.naming.assign(sightings, not_loaded);
        if !self.naming.is_lenient() {
            self.refuse_files(sightings, &inventory)?;
            self.refuse_handlers(&inventory)?;
        }
        Ok(inventory)
    }

    /// The names of the files, below the root.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.files.iter().map(|source| source.name.as_str()).collect()
    }

    /// The sightings with the file and the line of their definitions, also where a file was searched that merely re-exports
    /// them.
    #[must_use]
    pub fn at_definition(&self, sightings: Vec<Sighting>) -> Vec<Sighting> {
        let home = |sighting: Sighting| {
            if sighting.line.is_some() {
                return sighting;
            }
            let own = self.files.iter().filter(|source| source.name == sighting.file);
            let mut places =
                own.chain(&self.files).filter_map(|source| Some((source, definition(source, &sighting.name)?)));
            match places.next() {
                Some((source, line)) => Sighting { file: source.name.clone(), line: Some(line), ..sighting },
                None => sighting,
            }
        };
        sightings.into_iter().map(home).collect()
    }

    fn refuse_files(&self, sightings: &[Sighting], inventory: &Inventory) -> Result<(), TreeError> {
        for SourceFile { name: file, .. } in self.files.iter().filter(|file| self.dialect.is_called(&file.name)) {
            if let Some(NotLoaded { line, place, message, .. }) =
                inventory.not_loaded.iter().find(|not_loaded| not_loaded.file == *file)
            {
                return Err(self.bad_file(place.as_ref().unwrap_or(file), *line, message.clone()));
            }
            if sightings.iter().all(|sighting| sighting.file != *file) {
                return Err(self.bad_file(file, None, self.dialect.lacking.to_owned()));
            }
        }
        Ok(())
    }

    fn refuse_handlers(&self, inventory: &Inventory) -> Result<(), TreeError> {
        for unused in &inventory.unused {
            let Sighting { declared, name, file, line, extended, .. } = &unused.sighting;
            match &unused.why {
                WhyUnused::Duplicate { handler, .. } => return Err(self.duplicate(handler, inventory)),
                WhyUnused::Unknown if self.dialect.is_called(file) && !extended => {
                    let declared = declared.first().map_or("''".to_owned(), |declared| format!("{declared:?}"));
                    let message = self.dialect.nameless.replace("{name}", name).replace("{declared}", &declared);
                    return Err(self.bad_file(file, *line, message));
                }
                WhyUnused::Ambiguous { .. } if self.dialect.is_called(file) => {
                    return Err(self.bad_file(file, *line, format!("class {name}: {}", unused.why)));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The first two files that claim an identity.
    fn duplicate(&self, handler: &HandlerId, inventory: &Inventory) -> TreeError {
        let used =
            inventory.handlers.iter().filter(|found| found.handler == *handler).map(|found| &found.sighting.file);
        let claims = inventory.unused.iter().filter(
            |unused| matches!(&unused.why, WhyUnused::Duplicate { handler: claimed, .. } if claimed == handler),
        );
        let mut files: Vec<&String> = used.chain(claims.map(|unused| &unused.sighting.file)).collect();
        files.sort();
        let file = |number: usize| files.get(number).map_or_else(PathBuf::new, |file| self.root.join(file));
        TreeError::Duplicate { handler: handler.clone(), first: file(0), second: file(1) }
    }

    fn bad_file(&self, file: &str, line: Option<u32>, message: String) -> TreeError {
        TreeError::BadFile { file: self.root.join(file), line, message }
    }
}

/// The line, from 1, on which a class, a function or a constant of this name is defined.
fn definition(source: &SourceFile, name: &str) -> Option<u32> {
    let is_definition = |line: &str| {
        ["class ", "const ", "function ", "let "].iter().any(|keyword| {
            let after = line.split(keyword).nth(1).and_then(|rest| rest.strip_prefix(name));
            after.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || "_$".contains(next)))
        })
    };
    let index = source.text.lines().position(is_definition)?;
    u32::try_from(index + 1).ok()
}

/// Why a file was not loaded, by the place at which it failed.
#[must_use]
pub fn not_loaded(file: &str, place: &str, line: Option<u32>, message: String) -> NotLoaded {
    let place = (place != file).then(|| place.to_owned());
    NotLoaded { file: file.to_owned(), line, place, message }
}

/// The index of a handler in what was found.
#[must_use]
pub fn position_of(sightings: &[Sighting], sighting: &Sighting) -> Option<usize> {
    sightings.iter().position(|other| other == sighting)
}

/// The canonical path of a tree, which must be a directory.
pub fn directory(tree: &Path, language: &'static str) -> Result<PathBuf, TreeError> {
    let tree_of = tree.canonicalize().ok().filter(|tree| tree.is_dir());
    tree_of.ok_or_else(|| TreeError::NoDirectory { dir: tree.to_owned(), language })
}
