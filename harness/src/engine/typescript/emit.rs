//! The JavaScript of a whole tree, for a runtime that loads files.

use std::collections::BTreeMap;
use std::path::Path;

use super::loader::{Modules, PACKAGE, SharedModules};
use super::strip::specifiers;
use super::trace::trace;
use super::tree::handler_files;
use crate::engine::TreeError;

/// The modules of Node that reach nobody, and answer the clock and the randomness of the call.
const BUILTINS: [&str; 12] = [
    "assert",
    "buffer",
    "crypto",
    "events",
    "path",
    "perf_hooks",
    "querystring",
    "string_decoder",
    "timers",
    "timers/promises",
    "url",
    "util",
];

/// The handlers of a tree and everything that they import, as JavaScript.
pub(in crate::engine) struct Emitted {
    /// File name and text of every module. The package has none: its place is the runtime's affair.
    pub(in crate::engine) files: Vec<(String, String)>,
    /// The modules that hold handlers: the names of their TypeScript files.
    pub(in crate::engine) handlers: Vec<String>,
    modules: SharedModules,
}

/// Strips the handler files of `tree` and all that they import.
pub(in crate::engine) fn emit(tree: &Path, language: &'static str) -> Result<Emitted, TreeError> {
    let handlers = handler_files(tree, language)?;
    let shared = Modules::new(tree.to_path_buf());
    let mut modules = shared.borrow_mut();
    let mut files = BTreeMap::new();
    let mut waiting = handlers.clone();
    while let Some(module) = waiting.pop() {
        if files.contains_key(&module) {
            continue;
        }
        let mut code = modules.script(&module)?;
        let mut requests = specifiers(&code);
        // From the end, so that the places before stay what they are.
        requests.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
        for (place, name) in requests {
            if is_builtin(&name) {
                continue;
            }
            let target = modules.resolve(&module, &name).map_err(|message| TreeError::BadFile {
                file: modules.file(&module),
                line: modules.import_line(&module, &name),
                message,
            })?;
            if target != PACKAGE {
                code.replace_range(place, &format!("{:?}", relative(&module, &target)));
                waiting.push(target);
            }
        }
        files.insert(module, code);
    }
    // The package is stripped once here, so that traces through it can be told.
    let package = modules.script(PACKAGE)?;
    drop(modules);
    let mut files: Vec<(String, String)> =
        files.into_iter().map(|(module, code)| (javascript(&module), code)).collect();
    files.push((format!("node_modules/{PACKAGE}/index.js"), package));
    Ok(Emitted { files, handlers, modules: shared })
}

impl Emitted {
    /// The stack text with TypeScript positions, innermost call last.
    pub(in crate::engine) fn trace(&self, stack: &str) -> String {
        trace(stack, &self.modules.borrow())
    }
}

/// Whether a specifier means a harmless module of Node.
fn is_builtin(name: &str) -> bool {
    BUILTINS.contains(&name.strip_prefix("node:").unwrap_or(name))
}

/// The specifier by which the JavaScript of `module` names that of `target`.
fn relative(module: &str, target: &str) -> String {
    let up = "../".repeat(module.matches('/').count());
    format!("{}{}", if up.is_empty() { "./" } else { &up }, javascript(target))
}

fn javascript(module: &str) -> String {
    format!("{}.js", module.strip_suffix(".ts").unwrap_or(module))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_lead_to_the_javascript_whatever_the_depth() {
        assert_eq!(relative("a.ts", "b/c.ts"), "./b/c.js");
        assert_eq!(relative("x/y/a.ts", "b.ts"), "../../b.js");
    }

    #[test]
    fn only_modules_that_reach_nobody_are_let_through() {
        assert!(is_builtin("node:crypto") && is_builtin("util"));
        assert!(!is_builtin("node:fs") && !is_builtin("fs") && !is_builtin("./crypto"));
    }
}
