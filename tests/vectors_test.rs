//! Our handlers in every language answer as the golden vectors expect: one test a handler and engine.

use std::path::Path;

use parity_blog::Oracle;
use parity_campaign::{Corpus, Verdict};
use parity_engine::Engine;
use parity_model::HandlerId;
use parity_vectors::{Store, VectorFile, mismatches};
use similar_asserts::assert_eq;

use crate::support::{oracle, python, typescript};

/// The vectors of a handler in this repository.
pub(crate) fn vectors_of(handler: &HandlerId) -> VectorFile {
    let store = Store::of_repository(Path::new(crate::support::ROOT));
    store.read(handler).unwrap().unwrap()
}

fn answers_as_expected(handler: &str, engine: &mut dyn Engine) {
    let file = vectors_of(&handler.parse().unwrap());
    assert!(file.vectors.len() >= 10, "{handler} has {} vectors only", file.vectors.len());
    assert_eq!(mismatches(engine, &file).unwrap(), []);
}

/// One module a namespace, one module a step, one test an engine.
macro_rules! replays {
    ($($namespace:ident { $($step:ident),+ $(,)? })+) => {
        const NAMED: &[&str] = &[$($(concat!(stringify!($namespace), "/", stringify!($step)),)+)+];
        $(mod $namespace {
            $(mod $step {
                use crate::vectors_test::{answers_as_expected, oracle, python, typescript};
                const HANDLER: &str = concat!(stringify!($namespace), "/", stringify!($step));

                #[test]
                fn in_rust() {
                    answers_as_expected(HANDLER, oracle().as_mut());
                }

                #[test]
                fn in_python() {
                    answers_as_expected(HANDLER, python().as_mut());
                }

                #[test]
                fn in_typescript() {
                    answers_as_expected(HANDLER, typescript().as_mut());
                }
            })+
        })+
    };
}

replays! {
    ecommerce { validate_cart, process_payment, update_inventory, create_order, send_confirmation }
    data_pipeline {
        extract_sales_data, extract_inventory_data, extract_customer_data, transform_sales, transform_inventory,
        transform_customers, aggregate_metrics, generate_insights,
    }
    microservices {
        create_user_account, setup_billing_profile, initialize_preferences, send_welcome_sequence, update_user_status,
    }
    customer_success {
        validate_refund_request, check_refund_policy, get_manager_approval, execute_refund_workflow, update_ticket_status,
    }
    payments { validate_payment_eligibility, process_gateway_refund, update_payment_records, notify_customer }
}

#[test]
fn every_handler_is_replayed() {
    let handlers: Vec<&str> = reference_rs::HANDLERS.iter().map(|spec| spec.id).collect();
    assert_eq!(NAMED, handlers);
}

/// Saved divergences of our own handlers that are not mended.
#[test]
fn saved_divergences_are_mended() {
    let corpus = Corpus::new(Path::new(crate::support::ROOT).join("vectors/regressions"));
    let mut engines = [python(), typescript()];
    for file in corpus.files(None).unwrap() {
        let verdict = corpus.read(&file).unwrap().verdict(
            &mut Oracle::default(),
            &mut engines,
            &parity_blog::own_criteria(),
            &parity_blog::OWN,
        );
        assert!(matches!(verdict, Verdict::Fixed | Verdict::OutOfDomain), "{}: {verdict}", file.display());
    }
}
