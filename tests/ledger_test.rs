//! A known divergence is counted and not reported, hides no other one, and is told when it no longer occurs.

use parity_campaign::Tally;
use parity_judge::Ledger;
use parity_model::Outcome;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{Miniature, campaign, panel};

const HANDLER: &str = "ecommerce/validate_cart";
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 1, 1);

/// A ledger of one divergence at `path`, which `input` shows.
fn ledger(class: &str, path: &str, context: &Value) -> Ledger {
    let entry = json!({
        "signature": {"handler": HANDLER, "engine": "miniature", "class": class, "path": path},
        "input": {"handler": HANDLER, "context": context},
        "reason": "r", "owner": "o", "issue": "i", "expires": "2026-12-31",
    });
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ledger.yaml");
    // JSON is YAML.
    std::fs::write(&file, json!({"divergences": [entry]}).to_string()).unwrap();
    Ledger::load(&file, TODAY).unwrap()
}

/// Runs an engine that answers another tax for every cart, and another total for a cart of more than two kinds.
fn run(ledger: Ledger, mends_tax: bool) -> Tally {
    let mut campaign = campaign(vec![HANDLER.parse().unwrap()], 500, 1);
    campaign.suite.criteria = ledger.into();
    let twist = move |_: &_, outcome| {
        Ok(match outcome {
            Outcome::Completed { mut result, metadata } => {
                if !mends_tax {
                    result["tax"] = json!(-1);
                }
                if result["item_count"].as_u64() > Some(2) {
                    result["total"] = json!(-1);
                }
                Outcome::Completed { result, metadata }
            }
            failed @ Outcome::Failed(_) => failed,
        }
        .into())
    };
    campaign.run_on(&mut panel(vec![Miniature::engine(twist)]), None, &mut |_| {}).unwrap()
}

fn one_item() -> Value {
    json!({"cart_items": [{"product_id": 1, "quantity": 1}]})
}

fn paths(tally: &Tally) -> Vec<&str> {
    tally.divergences.iter().map(|divergence| divergence.signature.path.as_str()).collect()
}

#[test]
fn without_a_ledger_the_tax_and_the_total_are_found() {
    assert_eq!(paths(&run(Ledger::default(), false)), ["/result/tax", "/result/total"]);
}

#[test]
fn a_known_divergence_is_counted_and_the_one_behind_it_is_found() {
    let tally = run(ledger("value", "/result/tax", &one_item()), false);
    assert_eq!(paths(&tally), ["/result/total"]);
    // The smallest cart of three kinds; that its tax is wrong, too, is known.
    assert_eq!(tally.divergences[0].input.context["cart_items"].as_array().unwrap().len(), 3);
    assert!(tally.rows[0].known > 0, "{:?}", tally.rows);
    let rest = tally.rows[0].cases - tally.rows[0].agreed - tally.rows[0].known;
    assert!(rest > 0, "{:?}", tally.rows);
    assert!(tally.stale.is_empty());
}

#[test]
fn a_known_divergence_that_no_longer_occurs_is_stale() {
    let tally = run(ledger("value", "/result/tax", &one_item()), true);
    assert_eq!(tally.stale.iter().map(|signature| signature.path.as_str()).collect::<Vec<_>>(), ["/result/tax"]);
    assert_eq!((tally.rows[0].known, paths(&tally)), (0, vec!["/result/total"]));
}

#[test]
fn another_kind_of_difference_at_the_same_place_is_not_known() {
    let tally = run(ledger("type", "/result/tax", &one_item()), false);
    assert_eq!(paths(&tally), ["/result/tax", "/result/total"]);
    assert_eq!(tally.stale.len(), 1);
}
