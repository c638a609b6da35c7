//! Packages of a tree's `node_modules`, found as Node finds them.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Which of several files of a package is meant: what Node looks for when a module imports it.
const CONDITIONS: [&str; 3] = ["node", "import", "default"];

/// A package that a specifier means.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Package {
    /// The directory that holds `node_modules`, below the root.
    pub(super) dir: String,
    name: String,
    /// What the specifier names within it: `.` or `./sub/path`.
    subpath: String,
    manifest: Value,
}

impl Package {
    /// The package that `specifier` means in the module `base`, if the tree holds it.
    pub(super) fn find(root: &Path, base: &str, specifier: &str) -> Option<Self> {
        let parts = if specifier.starts_with('@') { 2 } else { 1 };
        let end = specifier.match_indices('/').nth(parts - 1).map_or(specifier.len(), |(end, _)| end);
        let (name, rest) = specifier.split_at(end);
        if name.is_empty() || name.starts_with(['.', '/']) || name.contains(':') {
            return None;
        }
        let mut dir = base;
        while let Some((above, _)) = dir.rsplit_once('/').or((!dir.is_empty()).then_some(("", ""))) {
            dir = above;
            let place = root.join(dir).join("node_modules").join(name);
            if place.is_dir() {
                let text = fs::read_to_string(place.join("package.json")).unwrap_or_default();
                let manifest = serde_json::from_str(&text).unwrap_or_default();
                return Some(Self {
                    dir: dir.to_owned(),
                    name: name.to_owned(),
                    subpath: format!(".{rest}"),
                    manifest,
                });
            }
        }
        None
    }

    /// The module that it is, as a path below the root; or why QuickJS cannot load it.
    pub(super) fn module(&self, root: &Path) -> Result<String, String> {
        let Self { dir, name, subpath, manifest } = self;
        let slash = if dir.is_empty() { "" } else { "/" };
        let place = format!("{dir}{slash}node_modules/{name}");
        let file = match &manifest["exports"] {
            Value::Null if subpath == "." => self.main(&root.join(&place)),
            Value::Null => Some(subpath.clone()),
            exports => target(exports, subpath),
        };
        let file = file.ok_or_else(|| format!("the package {name} exports no {subpath:?}"))?;
        let module = format!("{place}/{}", file.trim_start_matches("./"));
        if !root.join(&module).is_file() {
            return Err(format!("the package {name} has no file {file}"));
        }
        let is_loaded = match Path::new(&file).extension().and_then(OsStr::to_str) {
            Some("mjs" | "json") => true,
            Some("cjs") => false,
            _ => manifest["type"] == "module",
        };
        if is_loaded {
            Ok(module)
        } else {
            Err(format!(
                "{file} of the package {name} is a CommonJS module, which this engine does not load; --engine node does"
            ))
        }
    }

    /// The file that stands for a package without `exports`.
    fn main(&self, place: &Path) -> Option<String> {
        let main = self.manifest["main"].as_str().unwrap_or("index.js").trim_start_matches("./");
        let candidates = [main.to_owned(), format!("{main}.js"), format!("{main}/index.js"), "index.js".to_owned()];
        candidates.into_iter().find(|file| place.join(file).is_file())
    }
}

/// The file to which `exports` leads a subpath.
fn target(exports: &Value, subpath: &str) -> Option<String> {
    match exports {
        Value::Object(members) if members.keys().any(|key| key.starts_with('.')) => {
            if let Some(exact) = members.get(subpath) {
                return conditional(exact);
            }
            members.iter().find_map(|(pattern, leads_to)| {
                let (before, after) = pattern.split_once('*')?;
                let star = subpath.strip_prefix(before)?.strip_suffix(after)?;
                Some(conditional(leads_to)?.replace('*', star))
            })
        }
        whole if subpath == "." => conditional(whole),
        _ => None,
    }
}

fn conditional(exports: &Value) -> Option<String> {
    match exports {
        Value::String(file) => Some(file.clone()),
        Value::Array(choices) => choices.iter().find_map(conditional),
        Value::Object(members) => {
            let chosen = members.iter().filter(|(name, _)| CONDITIONS.contains(&name.as_str()));
            chosen.map(|(_, leads_to)| leads_to).find_map(conditional)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;
    use tempfile::TempDir;

    use super::*;

    fn tree(manifest: &Value) -> TempDir {
        let tree = tempfile::tempdir().unwrap();
        let place = tree.path().join("node_modules/@shop/money");
        for file in ["index.js", "esm/index.mjs", "lib/cents.js"] {
            let file = place.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "export const one = 1;\n").unwrap();
        }
        fs::write(place.join("package.json"), manifest.to_string()).unwrap();
        tree
    }

    #[rstest]
    #[case(json!({"type": "module"}), "@shop/money", "index.js")]
    #[case(json!({"type": "module", "main": "./lib/cents"}), "@shop/money", "lib/cents.js")]
    #[case(json!({"exports": "./esm/index.mjs"}), "@shop/money", "esm/index.mjs")]
    #[case(json!({"exports": {"require": "./index.js", "import": "./esm/index.mjs"}}), "@shop/money", "esm/index.mjs")]
    #[case(json!({"exports": {".": {"import": {"types": "./a.d.ts", "default": "./esm/index.mjs"}}}}), "@shop/money", "esm/index.mjs")]
    #[case(json!({"type": "module", "exports": {"./*": "./lib/*.js"}}), "@shop/money/cents", "lib/cents.js")]
    #[case(json!({"type": "module"}), "@shop/money/lib/cents.js", "lib/cents.js")]
    fn a_package_is_the_file_that_node_takes(#[case] manifest: Value, #[case] specifier: &str, #[case] file: &str) {
        let tree = tree(&manifest);
        let package = Package::find(tree.path(), "deep/down/a.ts", specifier).unwrap();
        assert_eq!(package.module(tree.path()), Ok(format!("node_modules/@shop/money/{file}")));
    }

    #[rstest]
    #[case(json!({}), "@shop/money", "is a CommonJS module, which this engine does not load; --engine node does")]
    #[case(json!({"exports": {".": "./index.js"}}), "@shop/money/lib", "exports no \"./lib\"")]
    #[case(json!({"exports": "./gone.mjs"}), "@shop/money", "has no file ./gone.mjs")]
    fn what_cannot_be_loaded_is_named(#[case] manifest: Value, #[case] specifier: &str, #[case] message: &str) {
        let tree = tree(&manifest);
        let package = Package::find(tree.path(), "a.ts", specifier).unwrap();
        assert!(package.module(tree.path()).unwrap_err().contains(message));
    }

    #[rstest]
    #[case("@shop/other")]
    #[case("./node_modules/@shop/money")]
    #[case("node:fs")]
    fn what_is_no_package_of_the_tree_is_none(#[case] specifier: &str) {
        assert_eq!(Package::find(tree(&json!({})).path(), "a.ts", specifier), None);
    }
}
