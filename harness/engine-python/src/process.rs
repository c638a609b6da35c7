//! The engine `python-process`: an ordinary CPython, with the modules that the embedded one uses.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::runtime::RUNTIME;
use parity_engine::allowed::Allowed;
use parity_engine::catalog::{Catalog, directory};
use parity_engine::naming::Naming;
use parity_engine::process::{self, Hosted, Interpreter, ProcessEngine, RuntimeFiles, Surroundings, WorkerCommand};
use parity_engine::tree::PYTHON;
use parity_engine::{EngineFault, TreeError};

/// The engine's name.
const NAME: &str = "python-process";

/// The modules that only a process of its own needs, beside those that it shares with the embedded interpreter.
const WORKER: &str = "parity_worker.py";
const FILES: &[(&str, &str)] = &[
    (WORKER, include_str!("../runtime/parity_worker.py")),
    ("parity_call.py", include_str!("../runtime/parity_call.py")),
    ("parity_sandbox.py", include_str!("../runtime/parity_sandbox.py")),
    ("refused.txt", include_str!("../runtime/refused.txt")),
    ("parity_streams.py", include_str!("../runtime/parity_streams.py")),
    ("parity_versions.py", include_str!("../runtime/parity_versions.py")),
];

/// Says where an interpreter and its packages are, in the words of Pythons of any age.
const PLACES: &str = "\
import os, sys
places = [sys.executable] + [path for path in sys.path if path]
for prefix in (sys.prefix, getattr(sys, 'base_prefix', sys.prefix)):
    places += [os.path.join(prefix, name) for name in ('lib', 'lib64', 'pyvenv.cfg')]
places += [getattr(module, '__file__', None) for module in list(sys.modules.values())]
with open('/proc/self/maps') as maps:
    places += [line.split(None, 5)[5].strip() for line in maps if '.so' in line]
given = getattr(sys, 'orig_argv', [])[1:]
print('\\n'.join(dict.fromkeys(place for place in places if place)))
print('parent', os.getppid())
print('\\n'.join('option ' + option for option in given[:len(given) - 4]))
";

/// The names of the files to import, beside the worker.
const TREE_FILES: &str = "tree_files.json";

/// What is open to handlers, beside the worker.
const ALLOWED: &str = "allowed.json";

/// Starts a program, a Python of at least 3.10, on the handlers of `tree`, under a name in reports.
pub fn python_process(
    (name, program): (&str, &Path),
    tree: &Path,
    naming: &Naming,
    allowed: &Allowed,
    surroundings: &Surroundings,
    deadline: Duration,
) -> Result<Hosted, TreeError> {
    let root = directory(tree, NAME)?;
    let catalog = Catalog::read(tree, NAME, &PYTHON, naming)?;
    let (names, open) = (json!(catalog.names()).to_string(), allowed.document().to_string());
    let shared: Vec<(String, &str)> = RUNTIME.iter().map(|module| (file_name(module.name), module.source)).collect();
    let shared = shared.iter().map(|(name, source)| (name.as_str(), *source));
    let files = RuntimeFiles::write(
        shared.chain(FILES.iter().copied()).chain([(TREE_FILES, names.as_str()), (ALLOWED, &open)]),
    )
    .map_err(|error| EngineFault::Start { engine: name.to_owned(), message: error.to_string() })?;
    let Interpreter { program, options, readable } = process::interpreter(program, &["-s", "-B", "-c", PLACES]);
    // No user's packages and no bytecode files.
    let arguments = ["-s".into(), "-B".into(), files.path().join(WORKER).into()];
    let command = WorkerCommand {
        program,
        readable: readable.map(|readable| allowed.beside(readable.with_tree(&root).with(files.path()))),
        doors: allowed.open(),
        arguments: options.into_iter().chain(arguments).collect(),
        tree: Some(root),
        variables: [("PYTHONHASHSEED", surroundings.hash_seed.to_string()), ("PYTHONUTF8", "1".to_owned())]
            .map(|(name, value)| (name.into(), value.into()))
            .to_vec(),
        surroundings: surroundings.clone(),
        ..WorkerCommand::default()
    };
    Ok(Hosted::new(ProcessEngine::start_with(name, command, deadline, catalog)?, files))
}

/// The file of a module; a package is its `__init__.py`.
fn file_name(module: &str) -> String {
    if module == "tasker_core" {
        return "tasker_core/__init__.py".to_owned();
    }
    format!("{}.py", module.replace('.', "/"))
}

#[cfg(test)]
mod tests {
    use parity_engine::Engine;
    use parity_model::StepInput;
    use serde_json::{Map, Value};

    use super::*;
    use crate::PythonEngine;

    /// Two handlers of one tree: one runs a statement, the other one evaluates an expression.
    const HANDLERS: &str = "\
import decimal
import json
import os
import random

from tasker_core import StepHandler, Worker

seen = []


class Runs(StepHandler):
    handler_name = 'test/runs'

    def call(self, context):
        exec(context.get_input('code'), globals())
        return self.success({})


class Evaluates(StepHandler):
    handler_name = 'test/evaluates'

    def call(self, context):
        return self.success({'x': eval(context.get_input('code'), globals())})
";

    /// What one handler does, how that ends, what the other one is asked then, and what it answers.
    const POISONS: [(&str, &str, &str, &str); 8] = [
        ("decimal.getcontext().prec = 4", "", "str(decimal.Decimal(1) / 3)", "0.3333333333333333333333333333"),
        ("json.dumps = repr", "another json.dumps", "json.dumps(None)", "null"),
        ("os.environ['POISON'] = '1'", "another os.environ POISON", "str(os.environ.get('POISON'))", "None"),
        ("import builtins; builtins.len = repr", "another builtins.len", "str(len('ab'))", "2"),
        ("random.seed(4)", "", "str(random.random())", "0.10449641143432731"),
        ("seen.append(1)", "", "str(seen)", "[]"),
        (
            "import time; os.environ['TZ'] = 'EST5EDT'; time.tzset(); os.environ['TZ'] = 'UTC'",
            "another time zone",
            "str(__import__('time').timezone)",
            "0",
        ),
        ("Worker()", "tasker_core.Worker", "'still there'", "still there"),
    ];

    fn ask(engine: &mut dyn Engine, handler: &str, code: &str) -> Value {
        let context = Map::from_iter([("code".to_owned(), json!(code))]);
        json!(engine.run(&StepInput::new(handler.parse().unwrap(), context, Map::new())).unwrap())
    }

    fn assert_apart(engine: &mut dyn Engine) {
        for (poison, what, expression, answer) in POISONS {
            let end = ask(engine, "test/runs", poison);
            assert_eq!(end.get("what").and_then(Value::as_str).unwrap_or_default(), what, "{poison}: {end}");
            assert_eq!(ask(engine, "test/evaluates", expression)["result"], json!({ "x": answer }), "{poison}");
        }
    }

    #[test]
    fn handlers_are_kept_apart_in_both_engines() {
        let tree = tempfile::tempdir().unwrap();
        std::fs::write(tree.path().join("pair_handler.py"), HANDLERS).unwrap();
        assert_apart(&mut PythonEngine::load(tree.path()).unwrap());
        let (naming, surroundings) = (Naming::identities(), Surroundings::default());
        let limit = Duration::from_secs(30);
        assert_apart(
            &mut python_process(
                (NAME, Path::new("python3")),
                tree.path(),
                &naming,
                &Allowed::default(),
                &surroundings,
                limit,
            )
            .unwrap(),
        );
    }
}
