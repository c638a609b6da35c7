//! The integration tests, one binary: it links the interpreters once.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in the functions that tests share"
)]

use mimalloc::MiMalloc;

/// As in the binary: who judges what a confined thread asks for is a thread of the same process, and a thread that forks holds the locks
/// of the C library's allocator meanwhile.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

mod ambient_streams_test;
mod bridge_test;
mod campaign_test;
mod check_test;
mod cli;
mod completeness_test;
mod created_steps_test;
mod data_pipeline_rules_test;
mod defects_test;
mod dispatch_test;
mod docs_test;
mod e2e;
mod house_test;
mod json_values;
mod ledger_test;
mod near_misses;
mod python_ambient_test;
mod python_bridge_test;
mod python_engine_test;
mod python_foreign_test;
mod python_trees;
mod regressions_test;
mod shrink_test;
mod shrinking_challenge_test;
mod shrinking_challenges;
mod slippage_test;
mod support;
mod support_rules_test;
mod tasker_api_test;
mod template_test;
mod typescript_ambient_test;
mod typescript_bridge_test;
mod typescript_engine_test;
mod typescript_expressions_test;
mod typescript_foreign_test;
mod typescript_host_test;
mod typescript_intl_test;
mod typescript_tree_test;
mod typescript_trees;
mod vectors_corruption_test;
mod vectors_power_test;
mod vectors_regenerate_test;
mod vectors_test;
mod worked_examples_customer_success_test;
mod worked_examples_data_pipeline_test;
mod worked_examples_metrics_test;
mod worked_examples_microservices_test;
mod worked_examples_payments_test;
mod worked_examples_test;
mod workflow_campaign_test;
mod workflow_test;
mod zone_test;
