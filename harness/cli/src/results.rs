//! What of a report follows from the suite alone.

use std::collections::{BTreeMap, BTreeSet};

use parity_campaign::Shard;
use parity_model::HandlerId;
use parity_report::{Allowed, Results, SecondOpinion};
use parity_schema::Scope;
use parity_suite::template::{Template, TemplateId};

use super::suite::Asked;

/// The results of a run that has found nothing.
pub(super) fn results(asked: &Asked) -> Results {
    let suite = &asked.suite;
    Results {
        seed: 0,
        oracle: suite.oracle.name().to_owned(),
        strictness: suite.criteria.strictness,
        ignored: suite.criteria.ignored.clone(),
        tolerances: suite.criteria.tolerances.clone(),
        refused: asked.refused.clone(),
        steps: steps_of(&suite.templates),
        scope: Scope::Normal,
        shard: Shard::WHOLE,
        handlers: None,
        workflows: None,
        second_opinions: suite.all_engines().filter_map(SecondOpinion::of).collect(),
        absent: Vec::new(),
        allowed: Allowed::default(),
        places: Vec::new(),
        trees: asked.trees.clone(),
        interrupted: None,
        unconfined: Vec::new(),
        doors: suite.all_engines().flat_map(|engine| engine.allowed.doors()).map(ToString::to_string).collect(),
        seconds: 0.0,
    }
}

/// The handlers that are steps of each workflow.
fn steps_of(templates: &[Template]) -> BTreeMap<TemplateId, BTreeSet<HandlerId>> {
    let handlers = |template: &Template| template.steps.iter().map(|step| step.handler.callable.clone()).collect();
    templates.iter().map(|template| (template.id.clone(), handlers(template))).collect()
}
