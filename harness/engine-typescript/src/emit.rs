//! The JavaScript of a whole tree, for a runtime that loads files.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::alias::Alias;
use super::embedded::{PACKAGE, is_of_node, of_package};
use super::loader::{Modules, OF_NODE, Problem};
use super::strip::{Runtime, specifiers};
use super::trace::trace;
use parity_engine::EngineFault;
use parity_engine::allowed::Allowed;
use parity_engine::catalog::not_loaded;
use parity_engine::naming::NotLoaded;

/// The files of a tree and everything that they import, as JavaScript.
pub(super) struct Emitted {
    /// File name and text of every module. The package has none: its place is the runtime's affair.
    pub(super) files: Vec<(String, String)>,
    /// The modules that may hold handlers: the names of their TypeScript files.
    pub(super) handlers: Vec<String>,
    /// Those that cannot be made JavaScript of.
    pub(super) not_loaded: Vec<NotLoaded>,
    modules: Modules,
}

/// A module's JavaScript and what it imports, or why there is none.
type Made = Result<(String, Vec<String>), Problem>;

/// Strips files of a tree and all that they import.
pub(super) fn emit(root: &Path, names: &[&str], aliases: &[Alias], allowed: &Allowed) -> Result<Emitted, EngineFault> {
    let mut modules = Modules::unshared(root, aliases, allowed, Runtime::Node);
    modules.look_into(names);
    let mut made: BTreeMap<String, Made> = BTreeMap::new();
    let mut waiting: Vec<String> = names.iter().map(ToString::to_string).collect();
    while let Some(module) = waiting.pop() {
        if let Entry::Vacant(place) = made.entry(module) {
            let script = make(&mut modules, place.key());
            waiting.extend(script.iter().flat_map(|(_, imported)| imported.clone()));
            place.insert(script);
        }
    }
    // The package is stripped once here, so that traces through it can be told.
    let fault = |problem: Problem| EngineFault::Start { engine: PACKAGE.to_owned(), message: problem.message };
    let package = of_package().map(|(module, file)| Ok((format!("node_modules/{file}"), modules.script(module)?)));
    let package = package.collect::<Result<Vec<_>, _>>().map_err(fault)?;
    let failing = names.iter().filter_map(|name| Some((*name, failure(&made, name)?)));
    let not_loaded: Vec<NotLoaded> = failing
        .map(|(name, Problem { module, line, message })| not_loaded(name, module, *line, message.clone()))
        .collect();
    let is_whole = |name: &&&str| not_loaded.iter().all(|not_loaded| not_loaded.file != **name);
    let handlers = names.iter().filter(is_whole).map(ToString::to_string).collect();
    let codes = made.into_iter().filter_map(|(module, made)| Some((javascript(&module), made.ok()?.0)));
    let files = codes.chain(package).collect();
    Ok(Emitted { files, handlers, not_loaded, modules })
}

/// Strips one module and leads its imports to JavaScript.
fn make(modules: &mut Modules, module: &str) -> Made {
    let mut code = modules.script(module)?;
    let mut imported = Vec::new();
    let mut requests = specifiers(&code);
    // From the end, so that the places before stay what they are.
    requests.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
    for (place, name) in requests {
        let target = modules.resolve(module, &name).map_err(|message| Problem {
            module: module.to_owned(),
            line: modules.import_line(module, &name),
            message,
        })?;
        if let Some(name) = target.strip_prefix(OF_NODE) {
            code.replace_range(place, &format!("{name:?}"));
        } else if target == PACKAGE || is_of_node(&target) {
            // Node has these by their names.
            code.replace_range(place, &format!("{target:?}"));
        } else {
            code.replace_range(place, &format!("{:?}", relative(module, &target)));
            imported.push(target);
        }
    }
    Ok((code, imported))
}

/// Why a module, or something that it imports, is not made.
fn failure<'a>(made: &'a BTreeMap<String, Made>, module: &str) -> Option<&'a Problem> {
    let mut seen = BTreeSet::from([module]);
    let mut waiting = vec![module];
    while let Some(module) = waiting.pop() {
        match made.get(module)? {
            Err(problem) => return Some(problem),
            Ok((_, imported)) => {
                waiting.extend(imported.iter().map(String::as_str).filter(|module| seen.insert(module)));
            }
        }
    }
    None
}

impl Emitted {
    /// The directories of the tree whose packages are imported, below its root.
    pub(super) fn package_dirs(&self) -> BTreeSet<String> {
        self.modules.package_dirs().clone()
    }

    /// The stack text with TypeScript positions, innermost call last.
    pub(super) fn trace(&self, stack: &str) -> String {
        trace(stack, &self.modules)
    }
}

/// The specifier by which the JavaScript of `module` names that of `target`.
fn relative(module: &str, target: &str) -> String {
    let up = "../".repeat(module.matches('/').count());
    format!("{}{}", if up.is_empty() { "./" } else { &up }, javascript(target))
}

/// The file of a module's JavaScript. It has the name of the source, too, which may be one of several kinds.
fn javascript(module: &str) -> String {
    format!("{module}.js")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_lead_to_the_javascript_whatever_the_depth() {
        assert_eq!(relative("a.ts", "b/c.ts"), "./b/c.ts.js");
        assert_eq!(relative("x/y/a.ts", "b.ts"), "../../b.ts.js");
    }
}
