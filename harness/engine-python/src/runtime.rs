//! The Python modules that every CPython of the harness runs, embedded or not.

/// A module of ours.
pub(super) struct Module {
    /// Its name. Traces show it in angle brackets.
    pub(super) name: &'static str,
    pub(super) source: &'static str,
    /// What the build script has compiled it to, for the CPython that is embedded: `marshal` reads it.
    #[cfg(feature = "embedded")]
    pub(super) code: &'static [u8],
}

macro_rules! modules {
    ($($name:literal: $file:literal,)*) => {
        &[$(Module {
            name: $name,
            source: include_str!(concat!("../runtime/", $file)),
            #[cfg(feature = "embedded")]
            code: include_bytes!(concat!(env!("OUT_DIR"), "/", $name)),
        }),*]
    };
}

/// Our modules, in the order in which they are executed.
pub(super) const RUNTIME: &[Module] = modules! {
    "parity_builtins": "parity_builtins.py",
    "parity_guard": "parity_guard.py",
    "parity_isolation": "parity_isolation.py",
    "parity_ambient": "parity_ambient.py",
    "tasker_core.errors": "tasker_core/errors.py",
    "tasker_core._checks": "tasker_core/_checks.py",
    "tasker_core.types": "tasker_core/types.py",
    "tasker_core.step_handler": "tasker_core/step_handler.py",
    "tasker_core._decisions": "tasker_core/_decisions.py",
    "tasker_core._batches": "tasker_core/_batches.py",
    "tasker_core._aggregation": "tasker_core/_aggregation.py",
    "tasker_core._batchable": "tasker_core/_batchable.py",
    "tasker_core._arguments": "tasker_core/_arguments.py",
    "tasker_core._functional": "tasker_core/_functional.py",
    "tasker_core.registry": "tasker_core/registry.py",
    "tasker_core.logging": "tasker_core/logging.py",
    "tasker_core._surface": "tasker_core/_surface.py",
    "tasker_core": "tasker_core/__init__.py",
    "parity_json": "parity_json.py",
    "parity_loop": "parity_loop.py",
    "parity_imports": "parity_imports.py",
    "parity_sweep": "parity_sweep.py",
    "parity_doors": "parity_doors.py",
    "parity_realm": "parity_realm.py",
    "parity_tree": "parity_tree.py",
    "parity_driver": "parity_driver.py",
};
