//! The TypeScript engine: whatever a handler does becomes an observation, and every guard fires.

use std::time::Duration;

use parity_engine::{Engine, EngineFault};
use parity_engine_typescript::TypeScriptEngine;
use parity_model::{Observation, Unplanned};
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{step_input, tree};
use crate::typescript_trees::{echo, engine, handler, observe, observe_file};

#[rstest]
#[case::returned(
    "return this.failure('no', 'validation_error', false, { error_code: 'X', path: '/a' });",
    json!({"kind": "permanent", "code": "X", "message": "no", "retry_after": null, "context": {"path": "/a"}, "error_type": "validation_error"})
)]
#[case::returned_with_code(
    "return this.failure('no', 'e', true, { error_code: 'X', retry_after: 30 }, 'Y');",
    json!({"kind": "retryable", "code": "Y", "message": "no", "retry_after": 30, "context": {}, "error_type": "e"})
)]
#[case::returned_with_defaults(
    "return this.failure('no');",
    json!({"kind": "retryable", "code": null, "message": "no", "retry_after": null, "context": {}, "error_type": "handler_error"})
)]
#[case::thrown_permanent(
    "throw new PermanentError('no', { error_code: 'X', a: 1 });",
    json!({"kind": "permanent", "code": "X", "message": "no", "retry_after": null, "context": {"a": 1}, "error_type": "PermanentError", "raised": true})
)]
#[case::thrown_retryable(
    "await null; throw new RetryableError('no', { retry_after: 2.5 });",
    json!({"kind": "retryable", "code": null, "message": "no", "retry_after": 2.5, "context": {}, "error_type": "RetryableError", "raised": true})
)]
#[case::thrown_subclass(
    "class Mine extends PermanentError {} throw new Mine('no');",
    json!({"kind": "permanent", "code": null, "message": "no", "retry_after": null, "context": {}, "error_type": "Mine", "raised": true})
)]
fn a_planned_failure_is_read_from_its_result_or_its_metadata(#[case] body: &str, #[case] expected: Value) {
    let mut observed = observe(body);
    assert_eq!(observed.as_object_mut().unwrap().shift_remove("status"), Some(json!("failed")));
    assert_eq!(observed, expected);
}

#[test]
fn what_a_function_throws_is_called_by_its_kind() {
    let function = "import { defineHandler, PermanentError } from '@tasker-systems/tasker';\n\
                    export const Subject = defineHandler('test/subject', {}, async () => {\n  \
                    throw new PermanentError('no', { error_code: 'X' });\n});\n";
    let observed = observe_file(function);
    assert_eq!((&observed["error_type"], &observed["raised"]), (&json!("permanent_error"), &json!(true)));
}

#[rstest]
#[case("(null as any).x;", "TypeError", "Cannot read properties of null (reading 'x')")]
#[case("throw 'a text';", "thrown string", "a text")]
#[case("throw 5;", "thrown number", "5")]
#[case("throw null;", "thrown null", "null")]
#[case("throw undefined;", "thrown undefined", "undefined")]
#[case("throw { message: 'm' };", "Object", "m")]
#[case("throw Object.create(null);", "thrown object", "it cannot be described")]
#[case("class Mine extends Error {} throw new Mine('m');", "Mine", "m")]
#[case("throw new Error('\\ud800');", "Error", "\u{fffd}")]
#[case(
    "crypto.getRandomValues(new DataView(new ArrayBuffer(1)) as any);",
    "TypeError",
    "getRandomValues takes an integer typed array"
)]
#[case("crypto.getRandomValues(new Float32Array(1));", "TypeError", "getRandomValues takes an integer typed array")]
#[case("crypto.getRandomValues(new Uint8Array(65537));", "RangeError", "getRandomValues takes at most 65536 bytes")]
#[case("setTimeout('code' as any, 1);", "TypeError", "a timer needs a function")]
#[case("return 5 as any;", "TypeError", "call returned 5, not a StepHandlerResult")]
#[case("return { success: true } as any;", "TypeError", "call returned Object, not a StepHandlerResult")]
#[case("setTimeout(() => { throw new RangeError('m'); }, 5); await new Promise(() => {});", "RangeError", "m")]
#[case("return this.success({ get x(): number { throw new RangeError('m'); } });", "RangeError", "m")]
#[case("throw new PermanentError('m', { get x(): number { throw new RangeError('m'); } });", "RangeError", "m")]
fn anything_else_that_is_thrown_or_returned_is_a_crash(#[case] body: &str, #[case] class: &str, #[case] message: &str) {
    let observed = observe(body);
    assert_eq!(observed["status"], json!("crashed"), "{observed}");
    assert_eq!((&observed["class"], &observed["message"]), (&json!(class), &json!(message)));
}

#[test]
fn a_synchronous_call_is_as_good_as_a_promise() {
    let source = handler("test/subject", "return this.success({ a: 1 });").replace("async call", "call");
    let tree = tree(&[("subject_handler.ts", &source)]);
    let observation = TypeScriptEngine::load(tree.path()).unwrap().run(&step_input("test/subject", &json!(0))).unwrap();
    assert_eq!(serde_json::to_value(observation).unwrap()["result"], json!({"a": 1}));
}

#[test]
fn a_trace_names_the_lines_of_the_typescript_source_innermost_last() {
    let source = handler(
        "test/subject",
        "    interface Longer {\n      a: number;\n    }\n    type Other = Longer | null;\n    const outer = (): void => {\n      \
         fail();\n    };\n    outer();\n    return this.success({});",
    );
    let helper =
        "export type T = {\n  a: number;\n};\n\nexport function fail(): never {\n  throw new Error('here');\n}\n";
    let source = format!("import {{ fail }} from './support/helper.js';\n{source}");
    let tree = tree(&[("a/subject_handler.ts", &source), ("a/support/helper.ts", helper)]);
    let observation = TypeScriptEngine::load(tree.path()).unwrap().run(&step_input("test/subject", &json!(0))).unwrap();
    let Observation::Unplanned(Unplanned::Crashed { trace, .. }) = observation else { panic!("{observation:?}") };
    let places: Vec<&str> = trace.lines().map(|line| line.rsplit_once(':').map_or(line, |(place, _)| place)).collect();
    assert_eq!(
        places,
        ["at call (a/subject_handler.ts:13", "at outer (a/subject_handler.ts:11", "at fail (a/support/helper.ts:6"]
    );
}
#[rstest]
#[case::loop_that_catches("for (;;) { try { for (;;) {} } catch {} }", "timed_out")]
#[case::loop_after_await("await null; for (;;) {}", "timed_out")]
#[case::loop_in_a_getter("return this.success({ get x(): number { for (;;) {} } });", "timed_out")]
#[case::loop_that_is_rejected(
    "await (async () => { for (;;) {} })().catch(() => {}); return this.success({});",
    "timed_out"
)]
#[case::endless_jobs("const again = (): any => Promise.resolve().then(again); await again();", "timed_out")]
#[case::jobs_left_behind(
    "const again = (): any => Promise.resolve().then(again); again(); return this.success({});",
    "timed_out"
)]
#[case::endless_timers("setInterval(() => {}, 1); await new Promise(() => {});", "timed_out")]
#[case::never_settles("await new Promise(() => {});", "timed_out")]
#[case::recursion("const f = (n: number): number => 1 + f(n); f(0);", "stack_overflow")]
#[case::recursion_of_methods("const o = { toString(): string { return `${this}`; } }; `${o}`;", "stack_overflow")]
#[case::recursion_of_json("JSON.parse('['.repeat(1_000_000));", "stack_overflow")]
#[case::recursion_of_stringify(
    "let x: any = []; for (let i = 0; i < 2e4; i++) x = [x]; JSON.stringify(x);",
    "stack_overflow"
)]
#[case::recursion_of_join("let x: any = []; for (let i = 0; i < 1e5; i++) x = [x]; String(x);", "stack_overflow")]
#[case::recursion_of_proxies(
    "let x: any = {}; for (let i = 0; i < 1e5; i++) x = new Proxy(x, {}); x.y;",
    "stack_overflow"
)]
#[case::recursion_of_patterns("new RegExp('(?:'.repeat(1e5) + ')'.repeat(1e5));", "stack_overflow")]
#[case::slow_pattern("/^(a+)+$/.test('a'.repeat(40) + 'b');", "timed_out")]
#[case::slow_sort("[3, 2, 1].sort(() => { for (;;) {} });", "timed_out")]
#[case::eight_gigabytes(
    "const kept = []; for (let i = 0; i < 8192; i++) kept.push(new Uint8Array(1 << 20));",
    "out_of_memory"
)]
#[case::one_gigabyte_at_once("new ArrayBuffer(1 << 30);", "out_of_memory")]
#[case::memory_that_is_caught(
    "try { const kept = []; for (;;) kept.push('x'.repeat(1 << 20)); } catch {} return this.success({});",
    "out_of_memory"
)]
#[case::memory_of_small_things("const kept: any[] = []; for (;;) kept.push({ a: [kept.length] });", "out_of_memory")]
fn a_guard_fires_and_the_next_call_is_served(#[case] body: &str, #[case] status: &str) {
    let calm = handler("test/calm", "return this.success({ calm: true });");
    let tree = tree(&[("subject_handler.ts", &handler("test/subject", body)), ("calm_handler.ts", &calm)]);
    // What fills memory or stack takes longer to do so than a loop has to be watched.
    let deadline = Duration::from_millis(if status == "timed_out" { 100 } else { 60_000 });
    let mut engine = TypeScriptEngine::load(tree.path()).unwrap();
    engine.set_deadline(deadline);
    for _ in 0..2 {
        let observed = serde_json::to_value(engine.run(&step_input("test/subject", &json!(0))).unwrap()).unwrap();
        assert_eq!(observed, json!({"status": status}));
        let calm = serde_json::to_value(engine.run(&step_input("test/calm", &json!(0))).unwrap()).unwrap();
        assert_eq!(calm["result"], json!({"calm": true}));
    }
}
#[test]
fn the_context_is_that_of_the_step_input() {
    let body = "const { taskUuid, stepUuid, correlationId, handlerName, stepConfig, stepInputs, retryCount, maxRetries } = context;
        return this.success({ taskUuid, stepUuid, correlationId, handlerName, stepConfig, stepInputs, retryCount, maxRetries,
            plain: context.getDependencyResult('plain'), wrapped: context.getDependencyResult('wrapped'),
            missing: context.getDependencyResult('missing'), keys: context.getDependencyResultKeys() });";
    let mut step_input = step_input("test/subject", &Value::Null);
    step_input.dependencies =
        json!({"plain": {"a": 1}, "wrapped": {"result": {"b": 2}}, "__proto__": 3}).as_object().unwrap().clone();
    step_input.step_config = json!({"limit": 5}).as_object().unwrap().clone();
    (step_input.attempt, step_input.max_attempts) = (3, 4);
    let ambient = step_input.ambient.clone();
    let observed = serde_json::to_value(engine(body).run(&step_input).unwrap()).unwrap();
    assert_eq!(
        observed["result"],
        json!({"taskUuid": ambient.task_uuid, "stepUuid": ambient.step_uuid, "correlationId": ambient.task_uuid,
            "handlerName": "test/subject", "stepConfig": {"limit": 5}, "stepInputs": {}, "retryCount": 2, "maxRetries": 4,
            "plain": {"a": 1}, "wrapped": {"result": {"b": 2}}, "missing": null,
            "keys": ["plain", "wrapped", "__proto__"]})
    );
}

#[test]
fn every_call_has_an_instance_of_its_own() {
    let source = handler("test/subject", "this.count += 1; console.log('x'); return this.success({ n: this.count });")
        .replace("static override", "count = 0;\n  static override");
    let tree = tree(&[("subject_handler.ts", &source)]);
    let mut engine = TypeScriptEngine::load(tree.path()).unwrap();
    for _ in 0..2 {
        let observed = serde_json::to_value(engine.run(&step_input("test/subject", &json!(0))).unwrap()).unwrap();
        assert_eq!(observed["result"], json!({"n": 1}));
    }
}
#[test]
fn an_unknown_handler_is_a_fault() {
    let fault = echo().run(&step_input("parity/other", &json!(0))).unwrap_err();
    assert_eq!(
        fault,
        EngineFault::NoHandler { engine: "typescript".to_owned(), handler: "parity/other".parse().unwrap() }
    );
}

#[test]
fn a_handler_is_loaded_whatever_time_the_last_call_was_given() {
    let calm = |name: &str| handler(name, "return this.success({});");
    let tree = tree(&[("one_handler.ts", &calm("test/one")), ("two_handler.ts", &calm("test/two"))]);
    let mut engine = TypeScriptEngine::load(tree.path()).unwrap();
    let deadline = Duration::from_millis(200);
    engine.set_deadline(deadline);
    let mut status = |name: &str| serde_json::to_value(engine.run(&step_input(name, &json!(0))).unwrap()).unwrap();
    assert_eq!(status("test/one")["status"], json!("completed"));
    let called = std::time::Instant::now();
    while called.elapsed() < deadline {
        std::hint::spin_loop();
    }
    assert_eq!(status("test/two")["status"], json!("completed"));
}
