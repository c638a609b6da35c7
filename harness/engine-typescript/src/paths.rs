//! Specifiers as paths below the root of a tree, and what a path may mean.

use std::path::{Path, PathBuf};

use super::alias::meanings_below;

/// The path of `name` as seen from the module `base`; nothing when it climbs out of the root.
pub(super) fn join(base: &str, name: &str) -> Option<String> {
    let mut path: Vec<&str> = base.split('/').collect();
    path.pop();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            part => path.push(part),
        }
    }
    Some(path.join("/"))
}

/// Whether a specifier names a file as seen from another one.
pub(super) fn is_relative(name: &str) -> bool {
    name.starts_with("./") || name.starts_with("../") || name == "." || name == ".."
}

/// The endings of modules, in the order in which they are tried.
const ENDINGS: [&str; 5] = [".ts", ".tsx", ".mts", ".js", ".mjs"];

/// Files that a path may mean, in the order in which they are tried. The JavaScript that it names may be made of TypeScript.
pub(super) fn candidates(path: &str) -> Vec<String> {
    let with = |stem: &str, endings: &[&str]| endings.iter().map(|ending| format!("{stem}{ending}")).collect();
    let sources: [(&str, &[&str]); 3] =
        [(".js", &[".ts", ".tsx", ".js"]), (".mjs", &[".mts", ".mjs"]), (".jsx", &[".tsx"])];
    for (ending, endings) in sources {
        if let Some(stem) = path.strip_suffix(ending) {
            return with(stem, endings);
        }
    }
    if [".ts", ".tsx", ".mts", ".json"].iter().any(|ending| path.ends_with(ending)) {
        return vec![path.to_owned()];
    }
    let index = if path.is_empty() { "index".to_owned() } else { format!("{path}/index") };
    let mut candidates: Vec<String> = if path.is_empty() { Vec::new() } else { with(path, &ENDINGS) };
    candidates.extend(with(&index, &ENDINGS));
    candidates
}

/// Where a tree would have to begin for an import of the module `base` to be found which it does not hold: above the tree, in the same
/// repository, is the file, or the `tsconfig.json` that leads to one.
pub(super) fn beginning(root: &Path, base: &str, specifier: &str) -> Option<PathBuf> {
    let holds = |dir: &Path, path: &str| candidates(path).iter().any(|file| dir.join(file).is_file());
    let mut below = base.to_owned();
    for dir in root.ancestors() {
        let found = if is_relative(specifier) {
            join(&below, specifier).is_some_and(|path| holds(dir, &path))
        } else {
            let meanings = meanings_below(dir, specifier).into_iter().filter_map(|meaning| join("", &meaning));
            meanings.into_iter().any(|path| holds(dir, &path))
        };
        if found {
            return Some(dir.to_owned());
        }
        if dir.join(".git").exists() {
            return None;
        }
        below = format!("{}/{below}", dir.file_name()?.to_string_lossy());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_begins_where_its_imports_are_found_and_within_the_repository() {
        let project = tempfile::tempdir().unwrap();
        let root = project.path().join("repo/ts/src/steps");
        std::fs::create_dir_all(&root).unwrap();
        for (file, text) in [
            ("x.ts", ""),
            ("repo/.git", ""),
            ("repo/ts/src/common/rates.ts", ""),
            ("repo/ts/tsconfig.json", "{ \"compilerOptions\": { \"paths\": { \"@lib/*\": [\"./src/common/*\"] } } }"),
        ] {
            let file = project.path().join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let begins = |specifier: &str| beginning(&root, "deep/price.ts", specifier);
        assert_eq!(begins("../../common/rates.js"), Some(project.path().join("repo/ts/src")));
        assert_eq!(begins("@lib/rates"), Some(project.path().join("repo/ts")));
        for nowhere in ["../../common/other.js", "@lib/other", "zod", "../../../../../x"] {
            assert_eq!(begins(nowhere), None, "{nowhere}");
        }
    }
}
