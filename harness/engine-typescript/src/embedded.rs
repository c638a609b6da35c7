//! The modules that every tree finds, whatever its files are.

use super::strip::OPERATORS;

/// The package that handlers are written against; the harness brings its own.
pub(super) const PACKAGE: &str = "@tasker-systems/tasker";

/// How the names of Node's modules begin.
const NODE: &str = "node:";

macro_rules! source {
    ($file:literal) => {
        include_str!(concat!("../runtime/quickjs/", $file))
    };
}

/// The texts of the package, of what decorators become, and of those modules of Node that reach nobody, as far as handlers
/// use them.
const MODULES: &[(&str, &str)] = &[
    (PACKAGE, source!("tasker.ts")),
    ("@tasker-systems/tasker/aggregation.ts", source!("tasker/aggregation.ts")),
    ("@tasker-systems/tasker/batchable.ts", source!("tasker/batchable.ts")),
    ("@tasker-systems/tasker/batches.ts", source!("tasker/batches.ts")),
    ("@tasker-systems/tasker/context.ts", source!("tasker/context.ts")),
    ("@tasker-systems/tasker/decisions.ts", source!("tasker/decisions.ts")),
    ("@tasker-systems/tasker/engine.ts", source!("tasker/engine.ts")),
    ("@tasker-systems/tasker/functional.ts", source!("tasker/functional.ts")),
    ("@tasker-systems/tasker/handler.ts", source!("tasker/handler.ts")),
    ("@tasker-systems/tasker/registry.ts", source!("tasker/registry.ts")),
    ("@tasker-systems/tasker/result.ts", source!("tasker/result.ts")),
    ("@tasker-systems/tasker/values.ts", source!("tasker/values.ts")),
    (OPERATORS, source!("operators.js")),
    ("@oxc-project/runtime/helpers/decorate", source!("decorate.js")),
    ("@oxc-project/runtime/helpers/decorateParam", source!("decorate_param.js")),
    ("node:assert", source!("node/assert.js")),
    ("node:buffer", source!("node/buffer.js")),
    ("node:crypto", source!("node/crypto.js")),
    ("node:events", source!("node/events.js")),
    ("node:path", source!("node/path.js")),
    ("node:perf_hooks", source!("node/perf_hooks.js")),
    ("node:process", source!("node/process.js")),
    ("node:timers", source!("node/timers.js")),
    ("node:timers/promises", source!("node/timers_promises.js")),
    ("node:url", source!("node/url.js")),
    ("node:util", source!("node/util.js")),
];

/// The name of the embedded module that a specifier means.
pub(super) fn embedded(specifier: &str) -> Option<&'static str> {
    if specifier.strip_prefix(PACKAGE).is_some_and(|rest| rest.starts_with('/')) {
        return Some(PACKAGE);
    }
    let is_meant = |name: &str| name == specifier || name.strip_prefix(NODE) == Some(specifier);
    MODULES.iter().map(|(name, _)| *name).find(|name| is_meant(name))
}

/// The text of an embedded module.
pub(super) fn source(module: &str) -> Option<&'static str> {
    MODULES.iter().find(|(name, _)| *name == module).map(|(_, source)| *source)
}

/// The modules of which the package is made, each with its file in a directory of packages.
pub(super) fn of_package() -> impl Iterator<Item = (&'static str, String)> {
    let file = |name: &'static str| match name.strip_prefix(PACKAGE)? {
        "" => Some((name, format!("{PACKAGE}/index.js"))),
        part => Some((name, format!("{PACKAGE}/tasker{}.js", part.strip_suffix(".ts")?))),
    };
    MODULES.iter().filter_map(move |(name, _)| file(name))
}

/// Whether a module is one of Node's that a handler finds there as it is. Its process is none of the handler's.
pub(super) fn is_of_node(module: &str) -> bool {
    module.starts_with(NODE) && module != "node:process"
}

/// The embedded modules that handlers may name.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    MODULES.iter().map(|(name, _)| *name).filter(|name| *name == PACKAGE || name.starts_with(NODE))
}
