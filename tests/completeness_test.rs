//! Nothing is forgotten: registry, templates, sources and planted defects name the same handlers, and whatever has no
//! generator has cases from its template.

use std::collections::BTreeSet;
use std::path::Path;

use parity_blog::{GENERATORS, OwnCases, TASK_GENERATORS};
use parity_model::HandlerId;
use parity_schema::Scope;
use parity_suite::template::{self, Template};
use parity_suite::{CaseId, Literals, TaskSource};
use reference_rs::{HANDLERS, HandlerSpec};
use serde_json::Value;
use similar_asserts::assert_eq;

use crate::support::{python, typescript};

/// What each place names, and how a place is called.
#[derive(Clone)]
struct Inventory {
    handlers: Vec<(&'static str, BTreeSet<String>)>,
    workflows: Vec<(&'static str, BTreeSet<String>)>,
}

fn inventory() -> Inventory {
    let root = Path::new(crate::support::ROOT);
    let templates = template::load_all(&root.join("fixtures/templates")).unwrap();
    let steps = templates.iter().flat_map(|template| &template.steps);
    let defects = |language: &str| -> BTreeSet<String> {
        let trees = std::fs::read_dir(root.join("fixtures/defects")).unwrap();
        let read = |tree: std::fs::DirEntry| -> Value {
            serde_json::from_str(&std::fs::read_to_string(tree.path().join("defect.json")).unwrap()).unwrap()
        };
        let defects = trees.map(|tree| read(tree.unwrap())).filter(|defect| defect["language"] == language);
        defects.map(|defect| defect["handler"].as_str().unwrap().to_owned()).collect()
    };
    let names = |handlers: &[HandlerId]| handlers.iter().map(ToString::to_string).collect();
    Inventory {
        handlers: vec![
            ("the registry", HANDLERS.iter().map(|spec| spec.id.to_owned()).collect()),
            ("what cases are drawn for", with_cases()),
            ("the templates", steps.map(|step| step.handler.callable.to_string()).collect()),
            ("handlers/python", names(python().handlers())),
            ("handlers/typescript", names(typescript().handlers())),
            ("the planted defects in Python", defects("python")),
            ("the planted defects in TypeScript", defects("typescript")),
        ],
        workflows: vec![
            ("the templates", templates.iter().map(|template| template.id.to_string()).collect()),
            ("what tasks are drawn for", with_tasks(&templates)),
        ],
    }
}

/// The handlers of which cases can be drawn, and those that somebody wrote a generator for.
fn with_cases() -> BTreeSet<String> {
    let id = CaseId { seed: 0, index: 0 };
    let has_cases = |handler: &HandlerId| OwnCases::of(handler).unwrap().draw(id, Scope::Normal).is_ok();
    let drawn = HANDLERS.iter().map(HandlerSpec::handler).filter(has_cases).map(|handler| handler.to_string());
    drawn.chain(GENERATORS.iter().map(|generator| generator.handler.to_owned())).collect()
}

/// The same for the tasks of workflows.
fn with_tasks(templates: &[Template]) -> BTreeSet<String> {
    let id = CaseId { seed: 0, index: 0 };
    let has_tasks = |template: &&Template| {
        TaskSource::new(template, &parity_blog::OWN, &Literals::default()).unwrap().draw(id, Scope::Normal).is_ok()
    };
    let drawn = templates.iter().filter(has_tasks).map(|template| template.id.to_string());
    drawn.chain(TASK_GENERATORS.iter().map(|generator| generator.workflow.to_owned())).collect()
}

/// What one place names and another does not.
fn gaps(inventory: &Inventory) -> Vec<String> {
    let mut gaps = Vec::new();
    for places in [&inventory.handlers, &inventory.workflows] {
        let all: BTreeSet<&String> = places.iter().flat_map(|(_, names)| names).collect();
        for (place, names) in places {
            gaps.extend(
                all.iter().filter(|name| !names.contains(**name)).map(|name| format!("{name} is not in {place}")),
            );
        }
    }
    gaps
}

#[test]
fn every_place_names_every_handler_and_workflow() {
    assert_eq!(gaps(&inventory()), Vec::<String>::new());
}

#[test]
fn a_handler_that_is_missing_anywhere_is_named() {
    let complete = inventory();
    for place in 0..complete.handlers.len() {
        let mut inventory = complete.clone();
        let name = inventory.handlers[place].1.pop_first().unwrap();
        assert_eq!(gaps(&inventory), [format!("{name} is not in {}", complete.handlers[place].0)]);
    }
    let mut inventory = complete.clone();
    inventory.handlers[3].1.insert("payments/unknown".to_owned());
    assert_eq!(gaps(&inventory).len(), complete.handlers.len() - 1);
    let mut inventory = complete;
    inventory.workflows[1].1.clear();
    assert!(!gaps(&inventory).is_empty());
}

#[test]
fn every_handler_declares_outcomes_and_none_twice() {
    for spec in HANDLERS {
        let outcomes: BTreeSet<String> = spec.outcomes.iter().map(ToString::to_string).collect();
        assert_eq!(outcomes.len(), spec.outcomes.len(), "{}", spec.id);
        assert!(spec.outcomes.iter().any(|outcome| matches!(outcome, reference_rs::OutcomeClass::Completed(_))));
    }
}
