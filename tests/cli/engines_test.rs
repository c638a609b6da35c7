//! Engines in programs that are not ours: Node, an ordinary Python, and whatever else speaks the protocol.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use parity_engine::Engine;
use parity_engine::allowed::Allowed;
use parity_engine::naming::Naming;
use parity_engine::process::Surroundings;
use parity_engine_python::python_process;
use parity_engine_ruby::ruby;
use parity_engine_typescript::NodeEngine;
use parity_model::{Ambient, AmbientStreams, StepInput};
use rstest::rstest;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;

use crate::cli::support::{CART, ROOT, code, heads, parity, stderr, stdout, tree, worker};

const LIMIT: Duration = Duration::from_secs(10);

#[test]
#[ignore = "needs Node"]
fn all_handlers_agree_in_node_and_in_an_ordinary_python() {
    let arguments = ["diff", "--engine", "node", "--engine", "python-process", "--cases", "20", "--allow-unexercised"];
    let arguments = [&arguments[..], &["--format", "json"]].concat();
    let output = parity(&arguments, "");
    assert_eq!(code(&output), 0, "{} {}", stdout(&output), stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = report["handlers"].as_array().unwrap();
    assert_eq!(rows.len(), 2 * reference_rs::HANDLERS.len());
    assert!(rows.iter().all(|row| row["agreed"] == 20), "{report}");
}

#[rstest]
#[case("python-process", "--python", "fixtures/defects/line_total_rounded_half_even")]
fn a_defect_is_found_shrunk_confirmed_and_shown_again(#[case] engine: &str, #[case] flag: &str, #[case] defect: &str) {
    let arguments = ["--engine", engine, flag, defect, "--handler", "ecommerce/validate_cart", "--seed", "1"];
    let output = parity(&[&["diff", "--format", "json"], &arguments[..]].concat(), "");
    assert_eq!(code(&output), 1, "{} {}", stdout(&output), stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let [divergence] = heads(&report)[..] else { panic!("{report}") };
    assert_eq!(divergence["input"]["context"], json!({"cart_items": [{"product_id": 1, "quantity": 0.5}]}));
    let command = format!("cargo parity replay --engine {engine} {flag} {defect} -");
    assert!(divergence["reproduce"].as_str().unwrap().ends_with(&command), "{divergence}");
    let replayed = parity(&["replay", "--engine", engine, flag, defect, "-"], &divergence["input"].to_string());
    assert_eq!(code(&replayed), 1);
    assert!(stdout(&replayed).contains(&format!("{engine} differs from rust: value")), "{}", stdout(&replayed));
}

#[rstest]
#[case::node(&["--engine", "node"], 3, "there is no node on PATH; install Node 20 or newer, or leave the engine out")]
#[case::python(&["--engine", "python-process"], 3, "there is no python3: No such file; install it, put it on PATH")]
#[case::command(&["--engine", "go=/nowhere/go"], 3, "the go engine cannot start: sh ended at once: exit status: 127")]
#[case::ruby(&["--engine", "ruby"], 2, "name their tree with --ruby DIR")]
#[case::name(&["--engine", "perl"], 2, "any other program joins as NAME=COMMAND")]
fn a_missing_program_is_a_clear_error(#[case] engine: &[&str], #[case] exit: i32, #[case] message: &str) {
    // A directory with nothing in it but a shell.
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/bin/sh", dir.path().join("sh")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_parity"))
        .args([&["diff", "--cases", "1"], engine].concat())
        .env("PATH", dir.path())
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert_eq!(code(&output), exit, "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
}

#[test]
fn any_program_that_speaks_the_protocol_is_an_engine() {
    let (_told, command) = worker("typescript", &Path::new(ROOT).join("handlers/typescript"));
    let ours = format!("mine={command}");
    let output = parity(&["replay", "--engine", &ours, "-"], CART);
    assert_eq!(code(&output), 0, "{} {}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("rust, mine:"), "{}", stdout(&output));
}

/// What a handler with this body answers in an engine.
fn engine(language: &str, imports: &str, body: &str) -> (tempfile::TempDir, Box<dyn Engine>) {
    let around = Surroundings::default();
    if language == "python" {
        let source = format!(
            "{imports}\nfrom tasker_core import StepHandler\n\n\nclass A(StepHandler):\n    handler_name = 'test/subject'\n\n    \
             def call(self, context):\n        return self.success({{'x': {body}}})\n"
        );
        let tree = tree(&[("a_handler.py", &source)]);
        let engine = python_process(
            ("python-process", "python3".as_ref()),
            tree.path(),
            &Naming::identities(),
            &Allowed::default(),
            &around,
            LIMIT,
        )
        .unwrap();
        return (tree, Box::new(engine));
    }
    let source = format!(
        "import {{ StepHandler }} from '@tasker-systems/tasker';\n{imports}\nexport class A extends StepHandler {{\n  static \
         override handlerName = 'test/subject';\n  async call() {{ return this.success({{ x: {body} }}); }}\n}}\n"
    );
    let tree = tree(&[("deep/a_handler.ts", &source), ("common.ts", "export const two: number = 2;\n")]);
    let engine = NodeEngine::load(tree.path(), &Naming::identities(), &[], &around, LIMIT).unwrap();
    (tree, Box::new(engine))
}

#[test]
#[ignore = "needs Ruby with ActiveSupport"]
fn ruby_has_the_clock_and_the_randomness_of_the_oracle() {
    let source = "require 'tasker_core'\nmodule Test\n  class SubjectHandler < TaskerCore::StepHandler::Base\n    def call(_)\n      \
                  success(result: { x: [SecureRandom.uuid, rand, SecureRandom.hex(5), Random.rand(1..6), %w[x y z].sample,\n      \
                  SecureRandom.hex(2), (Time.now.to_f * 1000).round, Date.today.iso8601, Time.current.utc.iso8601(3),\n      \
                  3.days.from_now.utc.iso8601, Process.clock_gettime(Process::CLOCK_MONOTONIC), sleep(60)] })\n    end\n  end\nend\n";
    let tree = tree(&[("subject_handler.rb", source)]);
    let mut engine = ruby(
        ("ruby", "ruby".as_ref()),
        tree.path(),
        &Naming::identities(),
        &Allowed::default(),
        &Surroundings::default(),
        LIMIT,
    )
    .unwrap();
    for entropy in [0, u64::MAX] {
        let ambient = Ambient { entropy, ..Ambient::default() };
        let mut streams = AmbientStreams::new(&ambient);
        let expected = json!([
            streams.uuid4(),
            streams.float(),
            streams.hex(5),
            streams.integer(1, 6),
            (["x", "y", "z"][streams.integer(0, 2) as usize]),
            streams.hex(2),
            1_768_469_400_000_i64,
            "2026-01-15",
            "2026-01-15T09:30:00.000Z",
            "2026-01-18T09:30:00Z",
            0.0,
            60
        ]);
        let observed = json!(engine.run(&input(ambient)).unwrap());
        assert_eq!(observed["result"]["x"], expected, "{observed}");
    }
}

#[test]
#[ignore = "needs Ruby with ActiveSupport"]
fn failures_of_ruby_keep_code_context_and_delay() {
    let source = "require 'tasker_core'\nclass A < TaskerCore::StepHandler::Base\n  HANDLER_NAME = 'test/subject'\n  def call(context)\n    \
                  case context.get_dependency_field('one', :kind)\n    \
                  when 'permanent' then raise TaskerCore::Errors::PermanentError.new('no', error_code: 'NO', context: { a: 1 })\n    \
                  when 'retryable' then raise TaskerCore::Errors::RetryableError.new('later', retry_after: 30)\n    \
                  else failure(message: 'said', error_code: 'SAID', retryable: false, metadata: { b: [nil] })\n    end\n  end\nend\n";
    let tree = tree(&[("a_handler.rb", source)]);
    let mut engine = ruby(
        ("ruby", "ruby".as_ref()),
        tree.path(),
        &Naming::identities(),
        &Allowed::default(),
        &Surroundings::default(),
        LIMIT,
    )
    .unwrap();
    for (kind, expected) in [
        (
            "permanent",
            json!({"status": "failed", "kind": "permanent", "code": "NO", "message": "no", "retry_after": null,
            "context": {"a": 1}, "error_type": "TaskerCore::Errors::PermanentError", "raised": true}),
        ),
        (
            "retryable",
            json!({"status": "failed", "kind": "retryable", "code": null, "message": "later", "retry_after": 30,
            "context": {}, "error_type": "TaskerCore::Errors::RetryableError", "raised": true}),
        ),
        (
            "returned",
            json!({"status": "failed", "kind": "permanent", "code": "SAID", "message": "said",
            "retry_after": null, "context": {"b": [null]}, "error_type": "UnexpectedError"}),
        ),
    ] {
        let mut step_input = input(Ambient::default());
        step_input.dependencies.insert("one".to_owned(), json!({ "kind": kind }));
        assert_eq!(json!(engine.run(&step_input).unwrap()), expected);
    }
}

fn input(ambient: Ambient) -> StepInput {
    StepInput { ambient, ..StepInput::new("test/subject".parse().unwrap(), Map::new(), Map::new()) }
}

#[rstest]
#[case::python(
    "python",
    "import os, random, secrets, uuid, time",
    "[str(uuid.uuid4()), random.random(), secrets.token_hex(5), random.randint(1, 6), os.urandom(3).hex(), time.time_ns() // 10**6]"
)]
#[case::node(
    "node",
    "import { randomBytes, randomInt, randomUUID } from 'node:crypto';",
    "[randomUUID(), Math.random(), randomBytes(5).toString('hex'), randomInt(1, 7), \
     Buffer.from(crypto.getRandomValues(new Uint8Array(3))).toString('hex'), Date.now()]"
)]
#[ignore = "needs Node"]
fn clock_and_randomness_are_those_of_the_oracle(#[case] language: &str, #[case] imports: &str, #[case] body: &str) {
    let (_tree, mut engine) = engine(language, imports, body);
    for (entropy, now) in [(0, "2026-01-15T09:30:00.000Z"), (u64::MAX, "1969-12-31T23:59:59.999Z")] {
        let ambient = Ambient { entropy, now: now.parse().unwrap(), ..Ambient::default() };
        let mut streams = AmbientStreams::new(&ambient);
        let expected = json!([
            streams.uuid4(),
            streams.float(),
            streams.hex(5),
            streams.integer(1, 6),
            streams.hex(3),
            ambient.now.as_millisecond()
        ]);
        for _ in 0..2 {
            let observed = json!(engine.run(&input(ambient.clone())).unwrap());
            assert_eq!(observed["result"]["x"], expected);
        }
    }
}

#[rstest]
#[case::virtual_time("", "await new Promise((done) => setTimeout(() => done(performance.now()), 3_600_000))", json!(0))]
#[case::relative_import("import { two } from '../common';", "two", json!(2))]
#[case::dynamic_import("", "(await import('../common.js')).two", json!(2))]
#[case::utc("", "new Date(2026, 0, 1).toISOString() + new Date(0).getTimezoneOffset()", json!("2026-01-01T00:00:00.000Z0"))]
#[case::other_threads("import { pbkdf2 } from 'node:crypto';",
    "await new Promise((done) => pbkdf2('a', 'b', 1, 2, 'sha256', (_: unknown, key: Buffer) => done(key.length)))", json!(2))]
#[ignore = "needs Node"]
fn node_is_the_host_that_handlers_expect(#[case] imports: &str, #[case] body: &str, #[case] expected: Value) {
    let (_tree, mut engine) = engine("node", imports, body);
    let observed = json!(engine.run(&input(Ambient::default())).unwrap());
    assert_eq!(observed["result"]["x"], expected, "{observed}");
}

#[test]
#[ignore = "needs Node"]
fn a_trace_from_node_shows_the_typescript() {
    let (_tree, mut engine) = engine("node", "interface Unused { a: number }", "(null as unknown as { y: number }).y");
    let observed = json!(engine.run(&input(Ambient::default())).unwrap());
    assert_eq!(observed["class"], json!("TypeError"), "{observed}");
    let trace = observed["trace"].as_str().unwrap();
    assert!(trace.contains("deep/a_handler.ts:5:"), "{trace}");
}

#[rstest]
#[case(
    "import { readFileSync } from 'node:fs'; export const a = readFileSync;",
    "a_handler.ts:1: it imports \"node:fs\""
)]
#[case("throw new Error('oh dear');", "a_handler.ts: it throws while it is loaded: Error: oh dear")]
#[case("export const a = 1;", "a_handler.ts: it exports no handler of its own")]
#[ignore = "needs Node"]
fn a_tree_that_node_can_not_load_is_refused(#[case] source: &str, #[case] message: &str) {
    let tree = tree(&[("a_handler.ts", source)]);
    let error = NodeEngine::load(tree.path(), &Naming::identities(), &[], &Surroundings::default(), LIMIT)
        .err()
        .unwrap()
        .to_string();
    assert!(error.starts_with(&Path::new(tree.path()).display().to_string()) && error.contains(message), "{error}");
}

#[rstest]
#[case("raise ValueError('oh dear')", "a_handler.py:1: ValueError: oh dear")]
#[case("x = 1", "a_handler.py: no handler here")]
fn a_tree_that_python_can_not_load_is_refused(#[case] source: &str, #[case] message: &str) {
    let tree = tree(&[("a_handler.py", source)]);
    let error = python_process(
        ("python-process", "python3".as_ref()),
        tree.path(),
        &Naming::identities(),
        &Allowed::default(),
        &Surroundings::default(),
        LIMIT,
    )
    .err()
    .unwrap()
    .to_string();
    assert!(error.contains(message), "{error}");
}

#[test]
#[ignore = "needs Node"]
fn nothing_is_left_of_a_workers_files() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [&["--handler", "ecommerce/validate_cart"][..], &["--workflow", "payments/process_refund"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_parity"))
            .args(["diff", "--engine", "node", "--engine", "python-process", "--cases", "2", "--allow-unexercised"])
            .args(arguments)
            .env("TMPDIR", dir.path())
            .current_dir(ROOT)
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{} {}", stdout(&output), stderr(&output));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "{arguments:?}");
    }
}
