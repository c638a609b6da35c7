//! A campaign over workflows finds what is wrong, pins it to one step, and never takes a fault for an answer.

use std::path::Path;

use parity_blog::Oracle;
use parity_campaign::{Campaign, CampaignError, Mode, Shard, TaskKind, TaskPanel, WorkflowTally};
use parity_engine::EngineFault;
use parity_model::Observation;
use parity_model::{Outcome, StepInput};
use parity_schema::Scope;
use parity_suite::Suite;
use parity_suite::template;
use parity_suite::workflow::{Pool, StepState};
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{Miniature, Scripted};

const CHECKOUT: &str = "ecommerce/ecommerce_order_processing";

fn campaign() -> Campaign<TaskKind> {
    let templates = Path::new(crate::support::ROOT).join("fixtures/templates");
    Campaign {
        groups: vec![CHECKOUT.parse().unwrap()],
        modes: vec![Mode::LockStep, Mode::EndToEnd],
        suite: Suite { templates: template::load_all(&templates).unwrap(), ..parity_blog::suite() },
        cases: 60,
        max_time: None,
        until_quiet: None,
        fail_fast: false,
        seed: 1,
        scope: Scope::Normal,
        shard: Shard::WHOLE,
    }
}

fn oracle() -> Pool {
    Pool::start(3, || Ok(Box::new(Oracle::default()))).unwrap()
}

fn run(campaign: &Campaign<TaskKind>, subject: Pool) -> Result<WorkflowTally, CampaignError> {
    campaign.run_on(&TaskPanel { oracle: oracle(), engines: vec![subject] }, None, &mut |_| {})
}

/// The oracle with one twist.
fn miniature(twist: fn(&StepInput, Outcome) -> Result<Observation, EngineFault>) -> Pool {
    Pool::start(3, move || Ok(Miniature::engine(twist))).unwrap()
}

/// The oracle, but what it answers for `handler` has `value` at `name`.
fn with_result(handler: &str, name: &str, value: Value, step_input: &StepInput, outcome: Outcome) -> Observation {
    match outcome {
        Outcome::Completed { mut result, metadata } if step_input.handler.as_str() == handler => {
            result[name] = value;
            Outcome::Completed { result, metadata }.into()
        }
        other => other.into(),
    }
}

#[test]
fn the_oracle_agrees_with_itself_in_both_modes() {
    let tally = run(&campaign(), miniature(|_, outcome| Ok(outcome.into()))).unwrap();
    assert_eq!(tally.cases, 60);
    let rows: Vec<(Mode, u64, u64)> = tally.rows.iter().map(|row| (row.mode, row.cases, row.agreed)).collect();
    assert_eq!(rows, [(Mode::LockStep, 60, 60), (Mode::EndToEnd, 60, 60)]);
    assert_eq!((tally.lock_step.len(), tally.end_to_end.len(), tally.faults.len()), (0, 0, 0));
}

#[test]
fn a_wrong_step_is_named_in_both_modes_with_the_smallest_input() {
    for seed in 0..10 {
        let twist =
            |input: &_, outcome| Ok(with_result("ecommerce/validate_cart", "shipping", json!(5.99), input, outcome));
        let tally = run(&Campaign { seed, ..campaign() }, miniature(twist)).unwrap();

        // What the later steps make of the wrong cost is theirs to answer for in lock-step: nothing.
        assert_eq!(tally.lock_step.len(), 1);
        let step = &tally.lock_step[0];
        assert_eq!(
            (step.signature.handler.as_str(), step.signature.path.as_str()),
            ("ecommerce/validate_cart", "/result/shipping")
        );
        let cart = json!({"cart_items": [{"product_id": 1, "quantity": 5}]});
        assert_eq!(Value::from(step.input.context.clone()), cart);

        assert_eq!(tally.end_to_end.len(), 1);
        let run = &tally.end_to_end[0];
        assert_eq!((run.signature.step.as_str(), run.signature.path.as_str()), ("validate_cart", "/result/shipping"));
        // The whole task stays well-formed, whatever its payment is good for.
        let task = json!({
            "cart_items": [{"product_id": 1, "quantity": 5}],
            "customer_info": {"email": "", "name": ""},
            "payment_info": {"method": "", "token": "", "amount": 0},
        });
        assert_eq!(Value::from(run.input.context.clone()), task);
        assert_eq!(run.input.ambient, parity_model::Ambient::default());
        assert_eq!(run.expected.step("validate_cart").unwrap().result().unwrap()["shipping"], json!(9.99));
        assert_eq!(run.actual.step("validate_cart").unwrap().result().unwrap()["shipping"], json!(5.99));
    }
}

#[test]
fn two_wrong_steps_are_two_divergences_in_lock_step() {
    let twist = |input: &_, outcome| {
        Ok(match with_result("ecommerce/validate_cart", "item_count", json!(0), input, outcome) {
            Observation::Planned(outcome) => {
                with_result("ecommerce/create_order", "order_id", json!("1"), input, outcome)
            }
            unplanned @ Observation::Unplanned(_) => unplanned,
        })
    };
    let tally = run(&campaign(), miniature(twist)).unwrap();
    let handlers: Vec<&str> = tally.lock_step.iter().map(|divergence| divergence.signature.handler.step()).collect();
    assert_eq!(handlers, ["create_order", "validate_cart"]);
}

#[test]
fn a_missing_retry_decision_is_the_first_attempts_difference() {
    let twist = |_: &_, outcome: Outcome| {
        Ok(match outcome {
            Outcome::Failed(mut failure) => {
                failure.kind = parity_model::FailureKind::Permanent;
                Outcome::Failed(failure)
            }
            completed @ Outcome::Completed { .. } => completed,
        }
        .into())
    };
    let tally = run(&campaign(), miniature(twist)).unwrap();
    let payment = tally.end_to_end.iter().find(|divergence| divergence.signature.step == "process_payment").unwrap();
    assert_eq!(payment.signature.class.to_string(), "decision:retryable->permanent");
    assert_eq!(payment.expected.step("process_payment").unwrap().attempts.len(), 2);
    assert_eq!(payment.actual.step("process_payment").unwrap().attempts.len(), 1);
    assert_eq!(
        payment.actual.step("create_order").unwrap().state,
        StepState::Skipped(vec!["update_inventory".to_owned()])
    );
}

#[test]
fn an_engine_that_fails_is_a_fault_and_its_tasks_do_not_count() {
    let twist = |input: &StepInput, outcome: Outcome| match input.handler.step() {
        "create_order" => Err(EngineFault::Call {
            engine: "miniature".to_owned(),
            handler: input.handler.clone(),
            message: "out of order".to_owned(),
        }),
        _ => Ok(outcome.into()),
    };
    let tally = run(&campaign(), miniature(twist)).unwrap();
    assert_eq!(tally.faults.len(), 1);
    assert!(tally.faults[0].message.contains("out of order"));
    assert_eq!(tally.faults[0].workflow.to_string(), CHECKOUT);
    assert!(tally.rows.iter().all(|row| row.cases < 60), "{:?}", tally.rows);
    assert_eq!(tally.lock_step.len() + tally.end_to_end.len(), 0);
}

#[test]
fn an_engine_without_the_handlers_is_not_agreement() {
    let nobody = Scripted::pool(&[], |_| unreachable!("it has no handler"));
    assert!(matches!(run(&campaign(), nobody), Err(CampaignError::NothingExecuted)));
}

#[test]
fn a_workflow_that_nothing_is_known_of_is_refused() {
    let unknown = Campaign { groups: vec!["ecommerce/process_refund".parse().unwrap()], ..campaign() };
    let error = run(&unknown, miniature(|_, outcome| Ok(outcome.into()))).unwrap_err();
    assert_eq!(error.to_string(), "there is no template of the workflow ecommerce/process_refund");
}
