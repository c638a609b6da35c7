//! The files of a crate import one another in one direction: no circle leads from one of them back to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rstest::rstest;
use similar_asserts::assert_eq;

/// A module as the names that lead to it from the root of its crate.
type Module = Vec<String>;

/// The files below `src` that are modules of their own; `lib.rs`, `main.rs` and `mod.rs` only hand names on.
fn modules(src: &Path) -> BTreeMap<Module, String> {
    let mut found = BTreeMap::new();
    let mut dirs = vec![src.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let module = path.with_extension("");
                let names = module.strip_prefix(src).unwrap().iter().map(|name| name.to_str().unwrap().to_owned());
                let names: Module = names.collect();
                if !matches!(names.last().map(String::as_str), Some("lib" | "main" | "mod")) {
                    found.insert(names, std::fs::read_to_string(path).unwrap());
                }
            }
        }
    }
    found
}

/// The paths that a text imports or names, without its tests: `a::{b, c}` is `a::b` and `a::c`.
fn paths(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let code: String = text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join(" ");
    let mut paths = Vec::new();
    for (start, _) in code.match_indices("crate::").chain(code.match_indices("super::")) {
        let is_whole =
            !code[..start].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':');
        if is_whole {
            expand("", &mut code[start..].chars().peekable(), &mut paths);
        }
    }
    paths
}

type Letters<'t> = std::iter::Peekable<std::str::Chars<'t>>;

fn expand(before: &str, letters: &mut Letters<'_>, paths: &mut Vec<String>) {
    let mut path = before.to_owned();
    while let Some(letter) = letters.next_if(|letter| letter.is_alphanumeric() || "_: \n".contains(*letter)) {
        if letter != ' ' && letter != '\n' {
            path.push(letter);
        } else if !path.ends_with(':') {
            break;
        }
    }
    if path.ends_with("::") && letters.next_if_eq(&'{').is_some() {
        loop {
            while letters.next_if(|letter| letter.is_whitespace() || *letter == ',').is_some() {}
            if letters.next_if_eq(&'}').is_some() || letters.peek().is_none() {
                return;
            }
            let known = paths.len();
            expand(&path, letters, paths);
            // What comes after a name, such as ` as other`.
            while letters.next_if(|letter| !",}".contains(*letter)).is_some() {}
            assert!(paths.len() > known, "{path}");
        }
    }
    paths.push(path);
}

/// The module of `files` that `path` leads to, seen from the module `from`.
fn module_of(path: &str, from: &Module, files: &BTreeMap<Module, String>) -> Option<Module> {
    let mut names: Vec<&str> = path.split("::").collect();
    let mut base: Vec<&str> = if names[0] == "crate" { Vec::new() } else { from.iter().map(String::as_str).collect() };
    while matches!(names.first(), Some(&("super" | "crate"))) {
        base.pop();
        names.remove(0);
    }
    let whole: Module = base.into_iter().chain(names).map(str::to_owned).collect();
    (1..=whole.len()).rev().map(|length| whole[..length].to_vec()).find(|module| files.contains_key(module))
}

/// Modules of a crate that lead back to themselves.
fn in_circles(src: &Path) -> Vec<String> {
    let files = modules(src);
    let imports = |(from, text): (&Module, &String)| {
        let paths = paths(text);
        let to = paths.iter().filter_map(|path| module_of(path, from, &files)).filter(|to| to != from);
        (from.clone(), to.collect::<BTreeSet<Module>>())
    };
    let imports: BTreeMap<Module, BTreeSet<Module>> = files.iter().map(imports).collect();
    let leads_back = |start: &Module| {
        let (mut seen, mut left) = (BTreeSet::new(), vec![start]);
        while let Some(module) = left.pop() {
            left.extend(imports[module].iter().filter(|next| seen.insert(*next)));
        }
        seen.contains(start)
    };
    imports.keys().filter(|module| leads_back(module)).map(|module| module.join("::")).collect()
}

#[rstest]
fn no_circle_leads_from_a_file_back_to_it(
    #[files("../../harness/*/Cargo.toml")]
    #[files("../../reference_rs/Cargo.toml")]
    file: PathBuf,
) {
    let src = file.with_file_name("src");
    assert_eq!(in_circles(&src), Vec::<String>::new(), "{}", file.display());
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    std::fs::create_dir(dir.path().join("below")).unwrap();
    write("lib.rs", "mod a; mod b; mod below; pub use a::One;");
    write("a.rs", "use std::fmt;\nuse crate::{\n    below::c::{Three, Four},\n    One as Other,\n};\n");
    write("below/c.rs", "fn of() -> super::super::b::Two { todo!() }");
    write("b.rs", "//! use super::a::One;\n#[cfg(test)]\nmod tests { use super::super::a::One; }");
    assert_eq!(in_circles(dir.path()), Vec::<String>::new());
    write("b.rs", "use super::{fmt, a::One};");
    assert_eq!(in_circles(dir.path()), ["a", "b", "below::c"]);
}
