//! Every planted defect is found, alone and with its exact minimal input, on every seed.

use std::path::{Path, PathBuf};

use harness::campaign::Campaign;
use harness::engine::Engine;
use harness::engine::oracle::Oracle;
use harness::engine::python::PythonEngine;
use harness::engine::typescript::TypeScriptEngine;
use harness::generate::Scope;
use reference_rs::Ambient;
use serde::Deserialize;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Defect {
    #[serde(skip)]
    name: String,
    language: String,
    handler: String,
    class: String,
    path: String,
    context: Value,
    dependencies: Value,
    why: String,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/defects")
}

/// Every tree in `fixtures/defects`, by name.
fn defects() -> Vec<Defect> {
    let mut trees: Vec<PathBuf> = std::fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().path()).collect();
    trees.sort();
    let read = |tree: PathBuf| {
        let text = std::fs::read_to_string(tree.join("defect.json")).unwrap();
        let name = tree.file_name().unwrap().to_str().unwrap().to_owned();
        Defect { name, ..serde_json::from_str(&text).unwrap() }
    };
    trees.into_iter().map(read).collect()
}

impl Defect {
    fn engine(&self) -> Box<dyn Engine> {
        let tree = fixtures().join(&self.name);
        match self.language.as_str() {
            "python" => Box::new(PythonEngine::load(&tree).unwrap()),
            "typescript" => Box::new(TypeScriptEngine::load(&tree).unwrap()),
            language => panic!("{}: no engine for {language}", self.name),
        }
    }

    /// Signatures and inputs that a campaign reports.
    fn found(&self, seed: u64, engine: Box<dyn Engine>) -> Value {
        let handlers = vec![self.handler.parse().unwrap()];
        let campaign = Campaign { handlers, cases: 1000, max_time: None, seed, scope: Scope::Normal };
        let tally = campaign.run(&mut Oracle::default(), &mut [engine], &mut |_| {}).unwrap();
        assert!(tally.faults.is_empty(), "{:?}", tally.faults);
        tally
            .divergences
            .iter()
            .map(|divergence| {
                assert_eq!(divergence.input.ambient, Ambient::default());
                json!({
                    "signature": divergence.signature,
                    "context": divergence.input.context,
                    "dependencies": divergence.input.dependencies,
                })
            })
            .collect()
    }

    fn expected(&self) -> Value {
        json!([{
            "signature": {
                "handler": self.handler, "engine": self.language, "class": self.class, "path": self.path,
            },
            "context": self.context,
            "dependencies": self.dependencies,
        }])
    }
}

/// Defects in `language` are found on twenty seeds.
fn all_are_found(language: &str) {
    let planted: Vec<Defect> = defects().into_iter().filter(|defect| defect.language == language).collect();
    assert!(!planted.is_empty());
    for defect in planted {
        for seed in 0..20 {
            assert_eq!(defect.found(seed, defect.engine()), defect.expected(), "{}, seed {seed}", defect.name);
        }
    }
}

#[test]
fn defects_in_python_are_found_alone_and_minimal() {
    all_are_found("python");
}

#[test]
fn defects_in_typescript_are_found_alone_and_minimal() {
    all_are_found("typescript");
}

#[test]
fn every_defect_says_why_its_input_is_minimal() {
    for defect in defects() {
        assert!(!defect.why.is_empty(), "{}", defect.name);
    }
}
