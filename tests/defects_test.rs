//! Every planted defect is found, alone and with its exact minimal input, on every seed.

use std::path::{Path, PathBuf};

use parity_campaign::{Campaign, Panel, StepKind};
use parity_engine::{Engine, EngineConfig};
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_engines::harvest;
use parity_model::Ambient;
use parity_report::heads;
use parity_suite::{Literals, Suite};
use rstest::rstest;
use serde::Deserialize;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{campaign, panel};

const SEEDS: u64 = 10;

/// What a tree in `fixtures/defects` says of itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Defect {
    language: String,
    handler: String,
    class: String,
    path: String,
    context: Value,
    dependencies: Value,
    why: String,
}

impl Defect {
    fn engine(&self, tree: &Path) -> Box<dyn Engine> {
        match self.language.as_str() {
            "python" => Box::new(PythonEngine::load(tree).unwrap()),
            "typescript" => Box::new(TypeScriptEngine::load(tree).unwrap()),
            language => panic!("{}: no engine for {language}", tree.display()),
        }
    }

    /// A campaign as `parity diff` makes it of this tree.
    fn campaign(&self, tree: &Path) -> Campaign<StepKind> {
        let handlers = vec![self.handler.parse().unwrap()];
        let engine: EngineConfig = self.language.parse().unwrap();
        let engine = EngineConfig { tree: Some(tree.to_owned()), ..engine };
        let literals = Literals::of(&handlers, &harvest(std::iter::once(&engine)));
        let campaign = campaign(handlers, 1000, 0);
        Campaign { suite: Suite { literals, ..campaign.suite }, ..campaign }
    }

    /// Signatures and inputs that a campaign reports, those that stand for what follows from them.
    fn found(campaign: &Campaign<StepKind>, panel: &mut Panel) -> Value {
        let tally = campaign.run_on(panel, None, &mut |_| {}).unwrap();
        assert!(tally.faults.is_empty(), "{:?}", tally.faults);
        heads(&tally.divergences)
            .iter()
            .map(|divergence| {
                assert_eq!(divergence.input.ambient, Ambient::default());
                json!({
                    "signature": divergence.signature.family(),
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

#[rstest]
fn a_planted_defect_is_found_alone_and_minimal(#[files("../../fixtures/defects/*/defect.json")] file: PathBuf) {
    let defect: Defect = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert!(!defect.why.is_empty(), "say why the input is minimal");
    let tree = file.parent().unwrap();
    let mut panel = panel(vec![defect.engine(tree)]);
    let mut campaign = defect.campaign(tree);
    for seed in 0..SEEDS {
        campaign.seed = seed;
        assert_eq!(Defect::found(&campaign, &mut panel), defect.expected(), "seed {seed}");
    }
}
