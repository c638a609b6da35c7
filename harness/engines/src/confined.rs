//! What this process is shut in with that runs handlers itself.

use std::io;
use std::path::Path;

use parity_confine::{Readable, confine_this_thread};
use parity_engine::EngineConfig;
use parity_engine::allowed::Allowed;

/// Shuts this thread in, and all that it starts, with the trees of the engines whose runtimes are built in, with what these read, and with
/// the doors that are open to one of them: a language's own guard tells them apart. Without such an engine no handler runs here, and
/// nothing is done.
pub(crate) fn confine(engines: &[&EngineConfig]) -> io::Result<()> {
    let embedded: Vec<&EngineConfig> = engines.iter().copied().filter(|engine| engine.is_embedded()).collect();
    if embedded.is_empty() {
        return Ok(());
    }
    let allowed: Allowed = embedded.iter().flat_map(|engine| engine.allowed.doors()).cloned().collect();
    let mut readable = allowed.beside(Readable::of_the_system());
    for engine in embedded {
        #[cfg(feature = "embedded-python")]
        if engine.language() == Some(&parity_engine::language::PYTHON) {
            readable = parity_engine_python::library().iter().fold(readable, Readable::with);
        }
        if let Some(tree) = &engine.tree {
            readable = with_packages_around(readable.with_tree(tree), tree);
        }
    }
    confine_this_thread(readable, allowed.open())
}

/// The same with the packages of the directories around a tree, and with what describes these, where a module is looked for that is
/// not in the tree.
fn with_packages_around(readable: Readable, tree: &Path) -> Readable {
    let Ok(root) = tree.canonicalize() else { return readable };
    let around = root.ancestors().skip(1);
    around.fold(readable, |readable, dir| {
        ["node_modules", "package.json", "tsconfig.json", "tsconfig.base.json"]
            .iter()
            .fold(readable, |readable, name| readable.with(dir.join(name)))
    })
}
