//! Finds the handlers: every `src/<post>/**/<step>_handler.rs` becomes a module and an entry of `HANDLERS`, so that a new one
//! is its file and nothing else. The files beside them become private modules.
//!
//! The order is that of the directories, and within one that of the steps in the workflows of `fixtures/templates`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const TEMPLATES: &str = "../fixtures/templates";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed={TEMPLATES}");
    let steps = steps_of_workflows();
    let (mut modules, mut list) = (String::new(), String::new());
    for dir in sorted(Path::new("src")).iter().filter(|path| path.is_dir()) {
        add_dir(dir, &steps, &mut modules, &mut list);
    }
    let doc = "/// Every handler of the oracle, in the order of the posts and of their workflows.";
    let text = format!("{modules}{doc}\npub const HANDLERS: &[HandlerSpec] = &[\n{list}];\n");
    let out = std::env::var("OUT_DIR").unwrap_or_else(|error| fail(&format!("OUT_DIR: {error}")));
    fs::write(Path::new(&out).join("handlers.rs"), text).unwrap_or_else(|error| fail(&format!("{out}: {error}")));
}

/// Adds the module of `dir` to `modules`, and its handlers to `list`.
fn add_dir(dir: &Path, steps: &[String], modules: &mut String, list: &mut String) {
    let path = dir.components().skip(1).map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("::");
    let mut handlers = Vec::new();
    _ = writeln!(modules, "/// The handlers in `{path}`.\npub mod {} {{", name_of(dir));
    for file in sorted(dir).iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        let name = name_of(file);
        let visibility = match name.strip_suffix("_handler") {
            Some(step) => {
                let id = id_of(file, step);
                // A step of no workflow comes behind those of one.
                let place = steps.iter().position(|other| *other == id).unwrap_or(usize::MAX);
                handlers.push((place, format!("    {path}::{name}::SPEC,\n")));
                "pub "
            }
            None => "",
        };
        let file = std::path::absolute(file).unwrap_or_else(|error| fail(&format!("{}: {error}", file.display())));
        _ = writeln!(modules, "#[path = r\"{}\"]\n{visibility}mod {name};", file.display());
    }
    handlers.sort();
    list.extend(handlers.into_iter().map(|(_, entry)| entry));
    for dir in sorted(dir).iter().filter(|path| path.is_dir()) {
        add_dir(dir, steps, modules, list);
    }
    modules.push_str("}\n");
}

/// The identity in the handler's `SPEC`, which ends in the step that names the file.
fn id_of(file: &Path, step: &str) -> String {
    let text = read(file);
    let id = text.lines().find_map(|line| line.trim_start().strip_prefix("id: \"")?.strip_suffix("\","));
    match id.and_then(|id| id.split_once('/')) {
        Some((namespace, named)) if named == step => format!("{namespace}/{step}"),
        _ => fail(&format!("{}: its SPEC needs `id: \"<namespace>/{step}\"`", file.display())),
    }
}

/// The handlers that the templates call, in the order in which they stand there.
fn steps_of_workflows() -> Vec<String> {
    let templates: Vec<String> = sorted(Path::new(TEMPLATES)).iter().map(|file| read(file)).collect();
    let lines = templates.iter().flat_map(|text| text.lines());
    let callables = lines.filter_map(|line| Some(line.split_once("callable:")?.1));
    let id = |text: &str| text.trim_start().split([' ', ',', '}']).next().map(str::to_owned);
    callables.filter_map(id).collect()
}

/// What is in `dir`, by name.
fn sorted(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap_or_else(|error| fail(&format!("{}: {error}", dir.display())));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| fail(&format!("{}: {error}", file.display())))
}

fn name_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    std::process::exit(1)
}
