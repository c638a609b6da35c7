//! The Python modules that every CPython of the harness runs, embedded or not.

/// Our modules, in the order in which they are executed: name and source. Their traces show the name in angle brackets.
pub(super) const RUNTIME: &[(&str, &str)] = &[
    ("parity_builtins", include_str!("../runtime/parity_builtins.py")),
    ("parity_guard", include_str!("../runtime/parity_guard.py")),
    ("parity_isolation", include_str!("../runtime/parity_isolation.py")),
    ("parity_ambient", include_str!("../runtime/parity_ambient.py")),
    ("tasker_core.errors", include_str!("../runtime/tasker_core/errors.py")),
    ("tasker_core.types", include_str!("../runtime/tasker_core/types.py")),
    ("tasker_core.step_handler", include_str!("../runtime/tasker_core/step_handler.py")),
    ("tasker_core.registry", include_str!("../runtime/tasker_core/registry.py")),
    ("tasker_core.logging", include_str!("../runtime/tasker_core/logging.py")),
    ("tasker_core._surface", include_str!("../runtime/tasker_core/_surface.py")),
    ("tasker_core", include_str!("../runtime/tasker_core/__init__.py")),
    ("parity_json", include_str!("../runtime/parity_json.py")),
    ("parity_loop", include_str!("../runtime/parity_loop.py")),
    ("parity_imports", include_str!("../runtime/parity_imports.py")),
    ("parity_sweep", include_str!("../runtime/parity_sweep.py")),
    ("parity_doors", include_str!("../runtime/parity_doors.py")),
    ("parity_realm", include_str!("../runtime/parity_realm.py")),
    ("parity_tree", include_str!("../runtime/parity_tree.py")),
    ("parity_driver", include_str!("../runtime/parity_driver.py")),
];
