//! What a fuzz target does: draws a case from the fuzzer's bytes, runs it on oracle and engines, and panics where they differ.

use std::cell::RefCell;
use std::error::Error;
use std::path::{Path, PathBuf};

use parity_blog::fuzz::ByteSource;
use parity_blog::{Oracle, own_criteria};
use parity_campaign::Probe;
use parity_engine::Engine;
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_judge::Criteria;
use parity_suite::template::load_all;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

thread_local! {
    static TARGET: RefCell<Option<Target>> = const { RefCell::new(None) };
}

struct Target {
    source: ByteSource,
    oracle: Oracle,
    engines: Vec<Box<dyn Engine>>,
    criteria: Criteria,
}

/// Runs the case that `bytes` make of a step of `workflow`. Panics if an engine differs from the oracle, with the case as JSON,
/// and if something cannot be compared.
///
/// `PARITY_FUZZ_PYTHON` and `PARITY_FUZZ_TYPESCRIPT` name other trees than our own.
pub fn run(workflow: &str, bytes: &[u8]) {
    TARGET.with_borrow_mut(|target| {
        let target = target.get_or_insert_with(|| match Target::new(workflow) {
            Ok(target) => target,
            Err(error) => panic!("{workflow} cannot be fuzzed: {error}"),
        });
        if let Err(error) = target.check(bytes) {
            panic!("{error}");
        }
    });
}

impl Target {
    fn new(workflow: &str) -> Result<Self, Box<dyn Error>> {
        let tree = |variable: &str, own: &str| {
            std::env::var_os(variable).map_or_else(|| Path::new(ROOT).join(own), PathBuf::from)
        };
        let templates = load_all(&Path::new(ROOT).join("fixtures/templates"))?;
        let template = templates.iter().find(|template| template.id.to_string() == workflow);
        Ok(Self {
            source: template.and_then(ByteSource::new).ok_or("there is no such workflow, or no generator")?,
            oracle: Oracle::default(),
            engines: vec![
                Box::new(PythonEngine::load(&tree("PARITY_FUZZ_PYTHON", "handlers/python"))?),
                Box::new(TypeScriptEngine::load(&tree("PARITY_FUZZ_TYPESCRIPT", "handlers/typescript"))?),
            ],
            criteria: own_criteria(),
        })
    }

    fn check(&mut self, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        let input = self.source.draw(bytes)?;
        for engine in self.engines.iter_mut().filter(|engine| engine.has(&input.handler)) {
            let mut probe = Probe { oracle: &mut self.oracle, subject: engine.as_mut(), criteria: &self.criteria };
            if let Some(signature) = probe.ask(&input)?.signatures.first() {
                return Err(format!("differs from rust: {signature}\n{}", serde_json::to_string(&input)?).into());
            }
        }
        Ok(())
    }
}
