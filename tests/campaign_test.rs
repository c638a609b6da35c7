//! A campaign finds what is wrong, tells an engine fault from a divergence, and never takes the one for the other.

use parity_blog::find;
use parity_campaign::{Campaign, CampaignError, Panel, StepKind, Tally};
use parity_engine::EngineFault;
use parity_model::{DifferenceClass, Failure, HandlerId, Observation, Outcome, Signature, StepInput, Unplanned};
use parity_suite::Suite;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;

use crate::support::{self, Miniature, Scripted, panel};

const HANDLER: &str = "ecommerce/validate_cart";

fn campaign(seed: u64) -> Campaign<StepKind> {
    support::campaign(vec![HANDLER.parse().unwrap()], 500, seed)
}

fn run(seed: u64, engine: Box<dyn parity_engine::Engine>) -> Tally {
    campaign(seed).run_on(&mut panel(vec![engine]), None, &mut |_| {}).unwrap()
}

#[test]
fn the_oracle_agrees_with_itself() {
    let tally = run(1, Miniature::engine(|_, outcome| Ok(outcome.into())));
    assert_eq!((tally.rows[0].cases, tally.rows[0].agreed, tally.rows[0].divergences), (500, 500, 0));
    assert_eq!((tally.divergences.len(), tally.faults.len()), (0, 0));
}

#[test]
fn a_wrong_field_is_found_once_and_shrunk_to_the_smallest_cart() {
    for seed in 0..20 {
        let flat_shipping = |_: &_, outcome| {
            Ok(match outcome {
                Outcome::Completed { mut result, metadata } => {
                    result["shipping"] = json!(5.99);
                    Outcome::Completed { result, metadata }
                }
                failed @ Outcome::Failed(_) => failed,
            }
            .into())
        };
        let tally = run(seed, Miniature::engine(flat_shipping));
        assert_eq!(tally.divergences.len(), 1);
        let divergence = &tally.divergences[0];
        assert_eq!(divergence.signature.path, "/result/shipping");
        assert_eq!(divergence.signature.class.to_string(), "value");
        // Five units are the first weight above the lowest limit.
        assert_eq!(
            Value::from(divergence.input.context.clone()),
            json!({"cart_items": [{"product_id": 1, "quantity": 5}]})
        );
        assert_eq!(divergence.input.ambient, parity_model::Ambient::default());
    }
}

#[test]
fn two_defects_are_two_divergences() {
    let tally = run(
        3,
        Miniature::engine(|_, outcome| {
            Ok(match outcome {
                Outcome::Completed { mut result, metadata } => {
                    result["item_count"] = json!(0);
                    Outcome::Completed { result, metadata }
                }
                Outcome::Failed(mut failure) => {
                    failure.retry_after = failure.retry_after.map(|_| 31.into());
                    Outcome::Failed(failure)
                }
            }
            .into())
        }),
    );
    let paths: Vec<&str> = tally.divergences.iter().map(|divergence| divergence.signature.path.as_str()).collect();
    assert_eq!(paths, ["/result/item_count", "/retry_after"]);
}

#[test]
fn a_crash_is_a_divergence() {
    let crash = || Unplanned::Crashed { class: "KeyError".into(), message: "x".into(), trace: String::new() };
    let tally = run(1, Miniature::engine(move |_, _| Ok(crash().into())));
    assert_eq!(tally.rows[0].agreed, 0);
    assert_eq!(tally.divergences.len(), 1);
    assert_eq!(tally.divergences[0].signature.class.to_string(), "crashed:KeyError");
}

#[test]
fn an_engine_fault_is_neither_a_divergence_nor_a_pass() {
    let mut calls = 0;
    let tally = run(
        1,
        Miniature::engine(move |step_input, outcome| {
            calls += 1;
            if calls > 10 {
                let handler = step_input.handler.clone();
                return Err(EngineFault::Call {
                    engine: "miniature".to_owned(),
                    handler,
                    message: "out of order".into(),
                });
            }
            Ok(outcome.into())
        }),
    );
    assert_eq!((tally.rows[0].cases, tally.rows[0].agreed), (10, 10));
    assert_eq!((tally.divergences.len(), tally.faults.len()), (0, 1));
    assert_eq!(tally.faults[0].message, "the miniature engine failed on ecommerce/validate_cart: out of order");
}

#[test]
fn an_engine_fault_while_shrinking_is_reported() {
    let mut calls = 0;
    let tally = run(
        1,
        Miniature::engine(move |step_input, _| {
            calls += 1;
            if calls > 500 {
                let handler = step_input.handler.clone();
                return Err(EngineFault::Call {
                    engine: "miniature".to_owned(),
                    handler,
                    message: "out of order".into(),
                });
            }
            Ok(Unplanned::Exited.into())
        }),
    );
    assert_eq!((tally.divergences.len(), tally.faults.len()), (0, 1));
}

#[test]
fn a_handler_that_takes_too_long_is_not_called_for_ever() {
    let tally = run(1, Miniature::engine(|_, _| Ok(Unplanned::TimedOut.into())));
    assert_eq!((tally.rows[0].cases, tally.rows[0].agreed, tally.divergences.len()), (3, 0, 1));
    assert_eq!(tally.divergences[0].signature.class.to_string(), "timed_out");
}

#[test]
fn handlers_that_all_take_too_long_are_not_called_for_ever_either() {
    let late = || Miniature::engine(|_, _| Ok(Unplanned::TimedOut.into()));
    let mut panel = Panel { oracle: late(), engines: vec![late()] };
    let tally = campaign(1).run_on(&mut panel, None, &mut |_| {}).unwrap();
    assert_eq!((tally.rows[0].cases, tally.rows[0].agreed, tally.divergences.len()), (3, 3, 0));
}

#[test]
fn nothing_executed_is_an_error() {
    let nothing = campaign(1).run_on(&mut panel(Vec::new()), None, &mut |_| {});
    assert!(matches!(nothing, Err(CampaignError::NothingExecuted)));
}

#[test]
fn the_same_seed_gives_the_same_tally() {
    let wrong = || Miniature::engine(|_, _| Ok(Unplanned::Exited.into()));
    let (first, second) = (run(9, wrong()), run(9, wrong()));
    assert_eq!(first.divergences, second.divergences);
    assert_eq!(first.rows, second.rows);
}

#[test]
fn every_declared_outcome_is_reached_and_few_cases_are_refused() {
    let thresholds = parity_blog::coverage::Thresholds::ours().unwrap();
    for spec in reference_rs::HANDLERS {
        // More cases than the command draws, so that the seed decides nothing.
        let coverage = parity_blog::coverage::Coverage::of(spec, 4 * thresholds.cases, 5).unwrap();
        assert_eq!(coverage.shortfalls(&thresholds), Vec::<String>::new());
    }
}

#[rstest::rstest]
#[case::on_no_attempt(0, 1)]
#[case::on_the_third_attempt(3, 3)]
fn a_minimal_input_is_a_first_attempt_if_that_shows_it(#[case] needed: u32, #[case] attempt: u32) {
    let wrong = Miniature::engine(move |step_input, outcome| {
        let is_wrong = needed == 0 || step_input.attempt == needed;
        Ok(if is_wrong { Unplanned::Exited.into() } else { outcome.into() })
    });
    let handler: HandlerId = HANDLER.parse().unwrap();
    let domain = find(&handler).unwrap().domain();
    let start = StepInput { attempt: 3, ..StepInput::new(handler.clone(), Map::new(), Map::new()) };
    let signature = Signature {
        handler,
        engine: "miniature".to_owned(),
        class: DifferenceClass::Exited,
        path: String::new(),
        manner: String::new(),
    };
    let criteria = parity_blog::own_criteria();
    let divergence = panel(vec![wrong]).triage(&criteria, None, None).run(&signature, start, &domain).unwrap();
    assert_eq!(divergence.input.attempt, attempt);
}

/// A handler that checks its amount; without the check it fails as if it had none. `amount` says what stands in its place.
fn pay(amount: Option<&Value>, is_checked: bool) -> Observation {
    match amount {
        Some(Value::Number(amount)) => {
            let result = Map::from_iter([("paid".to_owned(), amount.clone().into())]);
            Outcome::Completed { result: result.into(), metadata: json!({}) }.into()
        }
        None | Some(Value::Null) if is_checked => Outcome::Failed(Failure::permanent("MISSING", "no amount")).into(),
        Some(Value::Bool(_)) if is_checked => {
            Unplanned::Crashed { class: "TypeError".into(), message: "x".into(), trace: String::new() }.into()
        }
        _ => Outcome::Completed { result: json!({}), metadata: json!({}) }.into(),
    }
}

#[test]
fn bad_input_is_counted_apart_and_only_decisions_are_compared() {
    let files = support::tree(&[(
        "pay.yaml",
        "{name: checkout, namespace_name: shop, version: 1.0.0, steps: [{name: pay, handler: {callable: shop/pay}}], \
         input_schema: {type: object, required: [amount], properties: {amount: {type: integer}}}}",
    )]);
    let templates = parity_suite::template::load_all(files.path()).unwrap();
    let handlers = vec!["shop/pay".parse().unwrap()];
    let own = support::campaign(handlers.clone(), 1000, 1);
    let suite = Suite { handlers, templates, ..Suite::default() };
    let scripted = |is_checked| -> Box<dyn parity_engine::Engine> {
        Box::new(Scripted::pool(&["shop/pay"], move |input| Ok(pay(input.context.get("amount"), is_checked))))
    };
    let mut panel = Panel { oracle: scripted(true), engines: vec![scripted(false)] };
    let tally = Campaign { suite, ..own }.run_on(&mut panel, None, &mut |_| {}).unwrap();
    let [divergence] = tally.divergences.as_slice() else { panic!("{:?}", tally.divergences) };
    assert_eq!(divergence.signature.class.to_string(), "decision:MISSING->completed");
    assert!(divergence.malformed);
    assert_eq!(divergence.input.context, Map::new());
    let row = &tally.rows[0];
    assert_eq!((row.cases, row.ends["completed"]), (1000, row.agreed));
    assert!(row.malformed >= 5 && row.malformed + row.ends["MISSING"] < 80, "{row:?}");
}
