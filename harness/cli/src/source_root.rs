//! Where the sources of a language begin: the innermost directory that holds whatever handlers import of their own project.
//!
//! Imports are read from the text, as far as a line tells, and followed from file to file. What is found nowhere in the project is a
//! package of others.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use parity_engine::Language;
use parity_engine::language::{PYTHON, RUBY, TYPESCRIPT};
use parity_engine::tree::SourceFile;
use parity_engine_typescript::meanings_below;

/// The sources of a language in a project, by their names below it.
pub(super) struct Project<'s> {
    pub(super) dir: &'s Path,
    pub(super) language: &'static Language,
    pub(super) sources: &'s [SourceFile],
}

/// What a file imports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Import {
    /// A path from the directory of the file, such as `../common/rates`.
    Relative(String),
    /// A module by its name, as a path, such as `booking/common`.
    Named(String),
}

/// The innermost directory that holds both.
pub(super) fn shared(one: &Path, other: &Path) -> PathBuf {
    one.iter().zip(other).take_while(|(one, other)| one == other).map(|(name, _)| name).collect()
}

impl<'s> Project<'s> {
    /// The root of the sources that `handlers` are among, which are below `folder`.
    pub(super) fn root(&self, folder: PathBuf, handlers: &[&str]) -> PathBuf {
        let is_asked = |source: &&SourceFile| handlers.contains(&source.name.as_str());
        let mut open: Vec<&SourceFile> = self.sources.iter().filter(is_asked).collect();
        let mut seen: HashSet<&str> = open.iter().map(|source| source.name.as_str()).collect();
        let mut asked = HashSet::new();
        let mut root = folder;
        while let Some(source) = open.pop() {
            let folder = Path::new(&source.name).parent().unwrap_or(Path::new(""));
            for import in imports(self.language, &source.text) {
                // Files of one directory mean the same by it.
                let found = asked.insert((folder, import.clone())).then(|| self.resolve(folder, &import)).flatten();
                let Some((dir, modules)) = found else { continue };
                root = shared(&root, &dir);
                open.extend(modules.into_iter().filter(|module| seen.insert(&module.name)));
            }
        }
        root
    }

    /// The directory that a tree must hold for an import of a file in `folder` to be found, and the files that it may mean.
    fn resolve(&self, folder: &Path, import: &Import) -> Option<(PathBuf, Vec<&'s SourceFile>)> {
        match import {
            Import::Relative(path) => {
                let path = joined(folder, path)?;
                let files = self.meant(&path);
                Some((if files.is_empty() { path.parent()?.to_owned() } else { common(&files)? }, files))
            }
            Import::Named(name) => folder.ancestors().find_map(|dir| self.named(dir, name)),
        }
    }

    /// What a module of this name is for a tree that begins at `dir`.
    fn named(&self, dir: &Path, name: &str) -> Option<(PathBuf, Vec<&'s SourceFile>)> {
        let found = |path: PathBuf| Some(self.meant(&path)).filter(|files| !files.is_empty());
        if *self.language == TYPESCRIPT {
            let mut meanings = meanings_below(&self.dir.join(dir), name).into_iter();
            if let Some(files) = meanings.find_map(|path| found(joined(dir, &path)?)) {
                return Some((dir.to_owned(), files));
            }
            let is_installed = !self.language.dialect.marks.contains(&package(name))
                && self.dir.join(dir).join("node_modules").join(package(name)).is_dir();
            return is_installed.then(|| (dir.to_owned(), Vec::new()));
        }
        if let Some(files) = found(dir.join(name)) {
            return Some((dir.to_owned(), files));
        }
        // Or it is beside, and somebody's import path has both. A single name could be any package.
        let ends_so = |source: &&SourceFile| {
            let below = Path::new(&source.name).strip_prefix(dir);
            below.is_ok_and(|below| below.with_extension("").ends_with(name))
        };
        let files: Vec<&SourceFile> = self.sources.iter().filter(|_| name.contains('/')).filter(ends_so).collect();
        (!files.is_empty()).then(|| (dir.to_owned(), files))
    }

    /// The files that a path means: one of this name, or those of a package.
    fn meant(&self, path: &Path) -> Vec<&'s SourceFile> {
        let is_meant = |source: &&SourceFile| {
            let (file, stem) = (Path::new(&source.name), Path::new(&source.name).with_extension(""));
            let is_index =
                stem.file_name().is_some_and(|name| self.language.index_files.iter().any(|index| name == *index));
            let of_package = file.parent() == Some(path) && (is_index || *self.language == PYTHON);
            // JavaScript that is imported may be made of TypeScript.
            of_package
                || file == path
                || stem == path
                || (*self.language == TYPESCRIPT && stem == path.with_extension(""))
        };
        self.sources.iter().filter(is_meant).collect()
    }
}

/// The innermost directory that holds all of these files.
fn common(files: &[&SourceFile]) -> Option<PathBuf> {
    let folders = files.iter().filter_map(|file| Path::new(&file.name).parent());
    folders.map(Path::to_owned).reduce(|one, other| shared(&one, &other))
}

/// A path below the project, if it is not outside.
fn joined(folder: &Path, path: &str) -> Option<PathBuf> {
    let mut joined = folder.to_owned();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if !joined.pop() {
                    return None;
                }
            }
            part => joined.push(part),
        }
    }
    Some(joined)
}

/// The package of which a specifier names a module.
fn package(specifier: &str) -> &str {
    let parts = if specifier.starts_with('@') { 2 } else { 1 };
    let end = specifier.match_indices('/').nth(parts - 1).map_or(specifier.len(), |(end, _)| end);
    &specifier[..end]
}

/// What a text imports.
fn imports(language: &Language, text: &str) -> Vec<Import> {
    let of_line: fn(&str) -> Vec<Import> = match language {
        language if *language == PYTHON => python,
        language if *language == TYPESCRIPT => typescript,
        language if *language == RUBY => ruby,
        _ => return Vec::new(),
    };
    text.lines().flat_map(|line| of_line(line.trim())).collect()
}

fn python(line: &str) -> Vec<Import> {
    let words = |text: &str| text.split_whitespace().next().unwrap_or_default().to_owned();
    if let Some(names) = line.strip_prefix("import ") {
        return names.split(',').map(|name| Import::Named(words(name).replace('.', "/"))).collect();
    }
    let Some(source) =
        line.strip_prefix("from ").and_then(|rest| rest.split_once(" import").map(|(source, _)| source.trim()))
    else {
        return Vec::new();
    };
    let name = source.trim_start_matches('.');
    let path = name.replace('.', "/");
    match source.len() - name.len() {
        0 => vec![Import::Named(path)],
        dots => vec![Import::Relative(format!("./{}{path}", "../".repeat(dots - 1)))],
    }
}

fn typescript(line: &str) -> Vec<Import> {
    const BEFORE: [&str; 4] = ["from", "import", "import(", "require("];
    let mut imports = Vec::new();
    let mut rest = line;
    while let Some((before, quote, after)) = quoted(rest) {
        let Some((specifier, behind)) = after.split_once(quote) else { break };
        if BEFORE.iter().any(|word| before.trim_end().ends_with(word)) {
            let is_relative = specifier.starts_with('.');
            let specifier = specifier.to_owned();
            imports.push(if is_relative { Import::Relative(specifier) } else { Import::Named(specifier) });
        }
        rest = behind;
    }
    imports
}

fn ruby(line: &str) -> Vec<Import> {
    let path = line.strip_prefix("require_relative").and_then(quoted);
    let path = path.and_then(|(_, quote, after)| after.split_once(quote));
    path.map(|(path, _)| Import::Relative(path.to_owned())).into_iter().collect()
}

/// What stands before the first quote of a text, the quote, and what stands behind it.
fn quoted(text: &str) -> Option<(&str, char, &str)> {
    let (place, quote) = text.char_indices().find(|(_, letter)| matches!(letter, '\'' | '"'))?;
    Some((&text[..place], quote, &text[place + 1..]))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use similar_asserts::assert_eq;

    use super::*;

    /// The root of sources of which the first is a handler.
    fn root(language: &'static Language, dir: &Path, files: &[(&str, &str)]) -> PathBuf {
        let source = |(name, text): &(&str, &str)| SourceFile { name: (*name).to_owned(), text: (*text).to_owned() };
        let sources: Vec<SourceFile> = files.iter().map(source).collect();
        let folder = Path::new(files[0].0).parent().unwrap().to_owned();
        Project { dir, language, sources: &sources }.root(folder, &[files[0].0])
    }

    const RATES: (&str, &str) = ("py/src/booking/common/rates.py", "");

    #[rstest]
    #[case::alone(&[("py/steps/price.py", "import json\nfrom decimal import Decimal")], "py/steps")]
    #[case::the_parent_of_its_package(
        &[("py/src/booking/steps/price.py", "from booking.common.rates import RATES"), RATES], "py/src")]
    #[case::the_package_alone(&[("py/src/booking/steps/price.py", "import os, booking.common as common"), RATES], "py/src")]
    #[case::indented(&[("py/src/booking/steps/price.py", "    import booking.common.rates  # here"), RATES], "py/src")]
    #[case::of_the_package_above(&[("py/src/booking/steps/price.py", "from ..common.rates import (\n  RATES)"), RATES], "py/src/booking")]
    #[case::a_module_of_the_package_above(&[("a/b/c/price.py", "from .. import rates"), ("a/b/rates.py", "")], "a/b")]
    #[case::beside(&[("a/b/price.py", "from .rates import RATES"), ("a/b/rates.py", "")], "a/b")]
    #[case::what_an_import_imports(
        &[("a/b/c/price.py", "from .rates import x"), ("a/b/c/rates.py", "from lib import y"), ("a/lib.py", "")], "a")]
    #[case::the_nearest_of_a_name(
        &[("a/b/c/price.py", "import lib.x"), ("a/b/lib/x.py", ""), ("a/lib/x.py", "")], "a/b")]
    #[case::beside_on_the_path(&[("py/app/price.py", "from shop.money import cents"), ("py/lib/shop/money.py", "")], "py")]
    #[case::a_package_of_others(&[("py/app/price.py", "import requests"), ("web/requests/x.py", "")], "py/app")]
    #[case::outside_the_project(&[("py/price.py", "from ....x import y")], "py")]
    #[case::the_project_itself(&[("steps/price.py", "from lib.x import y"), ("lib/x.py", "")], "")]
    fn python_begins_where_imports_are_found(#[case] files: &[(&str, &str)], #[case] expected: &str) {
        assert_eq!(root(&PYTHON, Path::new("."), files), Path::new(expected));
    }

    #[rstest]
    #[case::alone(&[("ts/src/steps/price.ts", "import { x } from 'node:crypto';\nimport './x.js';"), ("ts/src/steps/x.ts", "")], "ts/src/steps")]
    #[case::above(&[("ts/src/steps/price.ts", "import {\n  x\n} from \"../common/rates.js\";"), ("ts/src/common/rates.ts", "")], "ts/src")]
    #[case::without_ending(&[("ts/src/steps/price.ts", "export * from '../common'"), ("ts/src/common/index.ts", "")], "ts/src")]
    #[case::a_dot_in_the_name(&[("ts/src/steps/price.ts", "import '../money.util'"), ("ts/src/money.util.ts", "")], "ts/src")]
    #[case::no_source(&[("ts/src/steps/price.ts", "import x from '../../data/rates.json';")], "ts")]
    #[case::at_run_time(&[("a/b/c.ts", "const x = await import('../x'), y = require(\"../../y\");"), ("a/x.ts", ""), ("y.ts", "")], "")]
    #[case::outside_the_project(&[("ts/price.ts", "import { x } from '../../x';")], "ts")]
    #[case::no_import(&[("ts/a/price.ts", "const text = '../../x';")], "ts/a")]
    fn typescript_begins_where_imports_are_found(#[case] files: &[(&str, &str)], #[case] expected: &str) {
        assert_eq!(root(&TYPESCRIPT, Path::new("/nowhere"), files), Path::new(expected));
    }

    #[test]
    fn typescript_begins_where_its_aliases_and_its_packages_are_found() {
        let project = tempfile::tempdir().unwrap();
        let config = "{ \"compilerOptions\": { /* shared */ \"paths\": { \"@lib/*\": [\"./src/lib/*\"] } } }";
        std::fs::create_dir_all(project.path().join("ts/src")).unwrap();
        std::fs::create_dir_all(project.path().join("web/node_modules/@shop/money")).unwrap();
        std::fs::create_dir_all(project.path().join("node_modules/@tasker-systems/tasker")).unwrap();
        std::fs::write(project.path().join("ts/tsconfig.json"), config).unwrap();
        let lib = ("ts/src/lib/money.ts", "");
        let root = |handler: &str, text: &str| root(&TYPESCRIPT, project.path(), &[(handler, text), lib]);
        assert_eq!(root("ts/src/steps/price.ts", "import { cents } from '@lib/money';"), Path::new("ts"));
        assert_eq!(root("ts/src/steps/price.ts", "import { cents } from '@lib/other';"), Path::new("ts/src/steps"));
        assert_eq!(root("web/src/price.ts", "import { cents } from '@shop/money/cents';"), Path::new("web"));
        assert_eq!(root("web/src/price.ts", "import { x } from '@tasker-systems/tasker';"), Path::new("web/src"));
    }

    #[test]
    fn ruby_begins_where_its_files_are_required() {
        let files =
            [("app/handlers/price.rb", "require 'json'\nrequire_relative '../lib/rates'"), ("app/lib/rates.rb", "")];
        assert_eq!(root(&RUBY, Path::new("."), &files), Path::new("app"));
    }
}
