//! What Tasker's package answers to calls of its API: in Python what a table says, which is held against the package of `PyPI`
//! as well, and in TypeScript the same.

use std::path::Path;

use parity_engine::Engine;
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_model::StepInput;
use rstest::rstest;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;

use crate::support::ROOT;

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(ROOT).join("fixtures/tasker_api").join(name)
}

fn python() -> PythonEngine {
    PythonEngine::load(&fixture("python")).unwrap()
}

fn table() -> Value {
    serde_json::from_str(&std::fs::read_to_string(fixture("calls.json")).unwrap()).unwrap()
}

/// How a handler ends that evaluates the expression of a row.
fn end(engine: &mut dyn Engine, handler: &str, row: &Value) -> Value {
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let context =
        Map::from_iter([("expression".to_owned(), row["expression"].clone()), ("colour".to_owned(), json!("red"))]);
    let input = StepInput {
        step_config: object(&row["step_config"]),
        step_inputs: object(&row["step_inputs"]),
        checkpoint: row["checkpoint"].as_object().cloned(),
        ..StepInput::new(handler.parse().unwrap(), context, object(&table()["dependencies"]))
    };
    let mut end = json!(engine.run(&input).unwrap());
    // The table says what is said in the same way of both packages.
    for name in ["error_type", "raised"] {
        end.as_object_mut().unwrap().remove(name);
    }
    if end["status"] == "crashed" { json!({"crashed": end["class"]}) } else { end }
}

#[test]
fn python_answers_as_the_table_says() {
    let mut engine = python();
    let table = table();
    let rows = table["rows"].as_array().unwrap();
    assert!(rows.len() > 90);
    for row in rows {
        assert_eq!(end(&mut engine, "api/evaluates", row), row["end"], "{}", row["expression"]);
    }
}

/// What a worker is given, and where it stopped.
fn worker() -> Value {
    json!({
        "step_inputs": {
            "cursor": {"batch_id": "002", "start_cursor": 10, "end_cursor": 20, "batch_size": 10},
            "batch_metadata": {"cursor_field": "id", "failure_strategy": "fail_fast"},
            "is_no_op": false,
        },
        "checkpoint": {"cursor": 14, "items_processed": 4, "accumulated_results": {"sum": 3}},
    })
}

#[rstest]
#[case::route("self.decision_success(['a', 'b'])", "this.decisionSuccess(['a', 'b'])")]
#[case::context(
    "self.decision_success(['a'], {'tier': 'gold'}, {'by': 'me'})",
    "this.decisionSuccess(['a'], { tier: 'gold' }, { by: 'me' })"
)]
#[case::skip("self.skip_branches('none', {'n': 0})", "this.skipBranches('none', { n: 0 })")]
#[case::failure(
    "self.decision_failure('later', 'x', True, {'retry_after': 3})",
    "this.decisionFailure('later', 'x', true, { retry_after: 3 })"
)]
#[case::dynamic(
    "self.decision_success_with_outcome(DecisionPointOutcome.create_steps(['a'], [{'name': 'x'}]))",
    "this.decisionSuccessWithOutcome(DecisionPointOutcome.createSteps(['a'], [{ name: 'x' }]))"
)]
#[case::function(
    "decision_handler('route', '3.0.0')(lambda: Decision.route(['a'], tier='gold'))",
    "defineDecisionHandler('route', { version: '3.0.0' }, () => Decision.route(['a'], { tier: 'gold' }))"
)]
#[case::function_that_skips(
    "decision_handler('route')(lambda: Decision.skip('none'))",
    "defineDecisionHandler('route', {}, () => Decision.skip('none'))"
)]
#[case::analyzer(
    "self.batch_analyzer_success(self.create_batch_outcome(5, 2, batch_metadata={'source': 'x'}), {'m': 1}, 'work')",
    "this.batchAnalyzerSuccess(this.createBatchOutcome(5, 2, 1, { source: 'x' }), { m: 1 }, 'work')"
)]
#[case::few_batches(
    "self.batch_analyzer_success(cursor_configs=self.create_cursor_ranges(10, 3, max_batches=2), total_items=10)",
    "this.batchAnalyzerSuccess({ cursorConfigs: this.createCursorRanges(10, 3, 1, 2), totalItems: 10, batchMetadata: {} })"
)]
#[case::no_batches(
    "self.batch_analyzer_success(self.create_batch_outcome(0, 2, batch_metadata={'reason': 'none left'}))",
    "this.batchAnalyzerSuccess(this.createBatchOutcome(0, 2, 1, { reason: 'none left' }))"
)]
#[case::function_that_splits(
    "batch_analyzer('a', 'work')(lambda: BatchConfig(5, 3, {'source': 'x'}))",
    "defineBatchAnalyzer('a', { workerTemplate: 'work' }, () => ({ totalItems: 5, batchSize: 3, metadata: { source: 'x' } }))"
)]
#[case::configs("[each.to_dict() for each in self.create_cursor_configs(4, 3)]", "this.createCursorConfigs(4, 3)")]
#[case::worker(
    "self.batch_worker_success(self.create_worker_outcome(3, 2, 1, errors=[{'id': 1}], last_cursor=9), {'m': 1})",
    "this.batchWorkerSuccess(this.createWorkerOutcome(3, 2, 1, 0, [], [{ id: 1 }], 9), { m: 1 })"
)]
#[case::partial_failure(
    "self.batch_worker_partial_failure(self.create_worker_outcome(3, items_failed=1), 'one failed')",
    "this.batchWorkerPartialFailure(this.createWorkerOutcome(3, 0, 1), 'one failed')"
)]
#[case::checkpoint("self.checkpoint_yield(14, 4, {'sum': 3})", "this.checkpointYield(14, 4, { sum: 3 })")]
#[case::given(
    "(lambda batch: [batch.batch_id, batch.start_cursor, batch.end_cursor, batch.step_size, batch.checkpoint_cursor, \
     batch.accumulated_results, batch.checkpoint_items_processed, batch.batch_metadata])(self.get_batch_context(context))",
    "((batch) => [batch.batchId, batch.startCursor, batch.endCursor, batch.stepSize, batch.checkpointCursor, \
     batch.accumulatedResults, batch.checkpointItemsProcessed, batch.batchMetadata])(this.getBatchContext(context))"
)]
#[case::function_that_works(
    "batch_worker('w')(lambda batch_context: {'from': batch_context.start_cursor})",
    "defineBatchWorker('w', {}, ({ batchContext }) => ({ from: batchContext.startCursor }))"
)]
#[case::in_the_context(
    "[context.checkpoint_cursor, context.checkpoint_items_processed, context.accumulated_results, context.has_checkpoint()]",
    "[context.checkpointCursor, context.checkpointItemsProcessed, context.accumulatedResults, context.hasCheckpoint()]"
)]
#[case::sums(
    "aggregate_batch_results([context.get_dependency_result('work_001'), None, {'errors': 'x'}]).model_dump()",
    "aggregateBatchResults([context.getDependencyResult('work_001'), null, { errors: 'x' }])"
)]
#[case::scenario(
    "self.aggregate_batch_worker_results(self.detect_aggregation_scenario(context.dependency_results, 'analyze', 'work_'))",
    "this.aggregateBatchWorkerResults(this.detectAggregationScenario(context.dependencyResults, 'analyze', 'work_'))"
)]
fn typescript_answers_as_python_does(#[case] in_python: &str, #[case] in_typescript: &str) {
    let mut row = worker();
    row["expression"] = json!(in_python);
    let expected = end(&mut python(), "api/evaluates", &row);
    assert!(expected["status"].is_string(), "{expected}");
    row["expression"] = json!(in_typescript);
    let is_decision = ["ecision", "skipBranches"].iter().any(|word| in_typescript.contains(word));
    let handler = if is_decision { "api/evaluates" } else { "api/batches" };
    let mut engine = TypeScriptEngine::load(&fixture("typescript")).unwrap();
    assert_eq!(end(&mut engine, handler, &row), expected);
}
