//! What a Python handler does becomes the right observation, and trees stay apart.

use std::time::Duration;

use parity_engine::{Engine, TreeError};
use parity_engine_python::PythonEngine;
use parity_model::Unplanned;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::python_trees::{engine, handler, observe};
use crate::support::{step_input, tree};

#[expect(clippy::needless_pass_by_value, reason = "reads as the JSON literals that it is given")]
fn failed(kind: &str, code: Value, retry_after: Value, context: Value) -> Value {
    json!({"status": "failed", "kind": kind, "code": code, "message": "m", "retry_after": retry_after, "context": context})
}

/// A failure of this type that was raised.
fn raised(error_type: &str, mut failed: Value) -> Value {
    (failed["error_type"], failed["raised"]) = (json!(error_type), json!(true));
    failed
}

/// A failure of this type that was returned.
fn returned(error_type: &str, mut failed: Value) -> Value {
    failed["error_type"] = json!(error_type);
    failed
}

#[rstest]
#[case("return self.failure('m')", returned("handler_error", failed("retryable", json!(null), json!(null), json!({}))))]
#[case(
    "return self.failure('m', 'gone', retryable=False, error_code='C')",
    returned("gone", failed("permanent", json!("C"), json!(null), json!({})))
)]
#[case("return self.failure('m', None)", failed("retryable", json!(null), json!(null), json!({})))]
#[case(
    "return self.failure('m', metadata={'error_code': 'C', 'retry_after': 5, 'a': 1})",
    returned("handler_error", failed("retryable", json!("C"), json!(5), json!({"a": 1})))
)]
#[case("raise PermanentError('m')", raised("PermanentError", failed("permanent", json!(null), json!(null), json!({}))))]
#[case(
    "raise PermanentError('m', error_code='C', context={'a': 1}, metadata={'b': 2})",
    raised("PermanentError", failed("permanent", json!("C"), json!(null), json!({"a": 1, "b": 2})))
)]
#[case(
    "raise RetryableError('m', retry_after=2.5)",
    raised("RetryableError", failed("retryable", json!(null), json!(2.5), json!({})))
)]
#[case(
    "raise ValidationError('m', retryable=True)",
    raised("ValidationError", failed("retryable", json!(null), json!(null), json!({})))
)]
#[case("raise StepTimeoutError('m')", raised("TimeoutError", failed("retryable", json!(null), json!(null), json!({}))))]
fn a_failure_is_the_same_returned_or_raised_but_for_its_type(#[case] body: &str, #[case] expected: Value) {
    assert_eq!(observe(body), expected);
}

#[test]
fn a_type_that_is_no_text_cannot_be_sent() {
    let expected = json!({"status": "unserialisable", "path": "/error_type", "what": "a number, not a string"});
    assert_eq!(observe("return self.failure('m', 5)"), expected);
}

#[rstest]
#[case("return {}['x']", "KeyError", "'x'", "subject_handler.py:10 call")]
#[case("return 5", "int", "the handler returned no StepHandlerResult", "")]
#[case("raise KeyboardInterrupt", "KeyboardInterrupt", "", "subject_handler.py:10 call")]
#[case("raise OSError(f'no {__file__}')", "OSError", "no subject_handler.py", "subject_handler.py:10 call")]
#[case(
    "def inner():\n    return __import__('json').loads('{')\ninner()",
    "JSONDecodeError",
    "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    "subject_handler.py:12 call\nsubject_handler.py:11 inner"
)]
#[case(
    "return self.success([1])",
    "ValidationError",
    "1 validation error for StepHandlerResult\nresult\n  Input should be a valid dictionary",
    "subject_handler.py:10 call"
)]
#[case(
    "return self.success({1: 2})",
    "ValidationError",
    "1 validation error for StepHandlerResult\nresult.1.[key]\n  Input should be a valid string",
    "subject_handler.py:10 call"
)]
#[case(
    "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
    "E",
    "a message that cannot be read: ValueError",
    "subject_handler.py:12 call"
)]
fn anything_else_is_a_crash(#[case] body: &str, #[case] class: &str, #[case] message: &str, #[case] trace: &str) {
    let crashed = json!({"status": "crashed", "class": class, "message": message, "trace": trace});
    assert_eq!(observe(body), crashed);
}

#[rstest]
#[case("import sys\nsys.exit(3)", "exited")]
#[case("raise MemoryError", "out_of_memory")]
#[case("return self.call(context)", "stack_overflow")]
fn ends_of_their_own_kind(#[case] body: &str, #[case] status: &str) {
    assert_eq!(observe(body), json!({ "status": status }));
}

#[rstest]
#[case::endless_loop("while True: pass")]
#[case::loop_that_catches("while True:\n    try:\n        while True: pass\n    except Exception: pass")]
#[case::loop_in_a_coroutine(
    "import asyncio\nasync def forever():\n    while True: pass\nreturn asyncio.run(forever())"
)]
#[case::endless_coroutine(
    "import asyncio\nasync def forever():\n    while True: await asyncio.sleep(0)\nreturn asyncio.run(forever())"
)]
#[case::loop_in_a_comparison("class E:\n    def __eq__(self, other):\n        while True: pass\nreturn E() == 1")]
#[case::slow_arithmetic("x = 3\nwhile True: x = x * x % 1000003")]
fn what_takes_too_long_is_ended_and_the_next_call_is_not(#[case] body: &str) {
    let body = format!("if context.get_input('value') == 1:\n    return self.success({{'x': 1}})\n{body}");
    let mut engine = engine(&body);
    engine.set_deadline(Duration::from_millis(100));
    let mut observe =
        |value| serde_json::to_value(engine.run(&step_input("test/subject", &json!(value))).unwrap()).unwrap();
    assert_eq!(observe(0), json!({"status": "timed_out"}));
    for _ in 0..100 {
        assert_eq!(observe(1)["result"], json!({"x": 1}));
    }
}

#[test]
fn a_call_that_ends_about_its_deadline_does_not_disturb_the_next_one() {
    let body = "for i in range(context.get_input('value')): pass\nreturn self.success({'x': 1})";
    let mut engine = engine(body);
    engine.set_deadline(Duration::from_millis(20));
    let mut late = 0;
    for round in 0..60 {
        // From a few to some forty milliseconds.
        let busy = engine.run(&step_input("test/subject", &json!(round * 20_000))).unwrap();
        late += usize::from(busy == Unplanned::TimedOut.into());
        let quick = engine.run(&step_input("test/subject", &json!(0))).unwrap();
        assert_eq!(serde_json::to_value(quick).unwrap()["result"], json!({"x": 1}), "round {round}");
    }
    // On a machine as fast as it may be, the last rounds take longer than the first.
    assert!(late < 60);
}

#[test]
fn a_file_that_never_loads_is_refused() {
    let tree = tree(&[("x_handler.py", "import time\nwhile True: pass\n")]);
    let error = PythonEngine::load_within(tree.path(), Duration::from_millis(200)).unwrap_err().to_string();
    assert!(error.contains("x_handler.py:2: DeadlineError"), "{error}");
}

#[rstest]
#[case::connect("import socket\nsocket.create_connection(('127.0.0.1', 9))", "network")]
#[case::name_lookup("import socket\nsocket.gethostbyname('example.org')", "network")]
#[case::url("import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/')", "network")]
#[case::bind("import socket\nsocket.socket().bind(('127.0.0.1', 0))", "network")]
#[case::read("open('/etc/hostname').read()", "file")]
#[case::read_bytes_path("open(b'/etc/hostname').read()", "file")]
#[case::read_by_detour("import os\nopen(os.path.dirname(__file__) + '/../../etc/hostname').read()", "file")]
#[case::read_open_file("open(0).read()", "file")]
#[case::read_low_level("import os\nos.open('/etc/hostname', os.O_RDONLY)", "file")]
#[case::write("open('/tmp/parity-must-not-be-there', 'w')", "file")]
#[case::write_in_the_tree("open(__file__ + 'x', 'a')", "file")]
#[case::list("import os\nos.listdir('/')", "file")]
#[case::list_here("import os\nos.listdir()", "file")]
#[case::remove("import os\nos.remove(__file__)", "file")]
#[case::temporary("import tempfile\ntempfile.mkdtemp()", "file")]
#[case::database("import sqlite3\nsqlite3.connect('/tmp/parity-must-not-be-there')", "file")]
#[case::command("import os\nos.system('true')", "process")]
#[case::subprocess("import subprocess\nsubprocess.run(['true'])", "process")]
#[case::fork("import os\nos.fork()", "process")]
#[case::fork_exec("import _posixsubprocess\n_posixsubprocess.fork_exec()", "process")]
#[case::kill("import os\nos.kill(os.getpid(), 9)", "process")]
#[case::foreign_functions("import ctypes", "native_code")]
fn what_is_not_the_handlers_is_denied(#[case] body: &str, #[case] what: &str) {
    let observation = observe(body);
    assert_eq!((&observation["status"], &observation["what"]), (&json!("denied"), &json!(what)), "{observation}");
    // Also when the handler hides it.
    let body = body.replace('\n', "\n    ");
    let hidden = observe(&format!("try:\n    {body}\nexcept BaseException:\n    pass\nreturn self.success({{}})"));
    assert_eq!((&hidden["status"], &hidden["what"]), (&json!("denied"), &json!(what)), "{hidden}");
}

#[rstest]
#[case::library("len(open(__import__('json').__file__).read()) > 100", "True")]
#[case::time_zone("__import__('zoneinfo').ZoneInfo('Europe/Berlin').key", "'Europe/Berlin'")]
#[case::random_bytes("len(__import__('os').urandom(4))", "4")]
#[case::unconnected_socket("__import__('socket').socket().getpeername.__name__", "'getpeername'")]
fn what_is_the_handlers_is_not_denied(#[case] expression: &str, #[case] value: &str) {
    assert_eq!(
        observe(&format!("return self.success({{'same': ({expression}) == {value}}})"))["result"],
        json!({"same": true})
    );
}

#[test]
fn a_handler_may_read_its_own_tree() {
    let body = "import os\nreturn self.success({'x': open(os.path.dirname(__file__) + '/../data.txt').read()})";
    let source = handler("test/subject", body);
    let tree = tree(&[("post/subject_handler.py", &source), ("data.txt", "7")]);
    let outcome = PythonEngine::load(tree.path()).unwrap().run(&step_input("test/subject", &json!(0))).unwrap();
    assert_eq!(serde_json::to_value(outcome).unwrap()["result"], json!({"x": "7"}));
}

#[test]
fn a_denial_does_not_stick() {
    let mut engine = engine("if context.get_input('value') == 1: open('/etc/hostname')\nreturn self.success({})");
    let mut status = |value| {
        serde_json::to_value(engine.run(&step_input("test/subject", &json!(value))).unwrap()).unwrap()["status"].clone()
    };
    assert_eq!((status(0), status(1), status(0)), (json!("completed"), json!("denied"), json!("completed")));
}

#[rstest]
#[case::one_block("x = bytearray(300 << 20)")]
#[case::a_long_text("x = 'x' * (8 << 30)")]
#[case::many_small_objects("x = []\nwhile True: x.append([x])")]
#[case::to_the_last_byte(
    "x = []\nwhile True:\n    try:\n        x.append([x])\n    except MemoryError:\n        if len(x) % 1000 == 0: raise\n        x.append(1)"
)]
#[case::that_is_caught("try:\n    x = bytearray(8 << 30)\nexcept MemoryError:\n    pass\nreturn self.success({})")]
fn what_takes_too_much_memory_is_told(#[case] body: &str) {
    let mut engine = engine(&format!(
        "if context.get_input('value') == 1:\n    return self.success({{'x': len(bytearray(50 << 20))}})\n{body}"
    ));
    let mut observe =
        |value| serde_json::to_value(engine.run(&step_input("test/subject", &json!(value))).unwrap()).unwrap();
    assert_eq!(observe(0), json!({"status": "out_of_memory"}));
    for _ in 0..20 {
        // What ended calls took is not held against later ones.
        assert_eq!(observe(1)["result"], json!({"x": 50 << 20}));
    }
}

#[rstest]
#[case::os_exit("import os\nos._exit(3)")]
#[case::abort("import os\nos.abort()")]
fn who_ends_the_process_is_told(#[case] body: &str) {
    assert_eq!(observe(body), json!({"status": "exited"}));
}

#[rstest]
#[case::thread(
    "import threading\ndef spin():\n    while True: pass\nthreading.Thread(target=spin).start()",
    "a running thread"
)]
#[case::builtin("import builtins\nbuiltins.len = lambda x: 7", "another builtins.len")]
#[case::every_builtin(
    "import builtins\nfor name in dir(builtins):\n    if name[0] != '_': setattr(builtins, name, None)",
    "another builtins.abs"
)]
#[case::new_builtin("import builtins\nbuiltins.mine = 7", "another builtins.mine")]
#[case::no_builtin("import builtins\ndel builtins.sorted", "another builtins.sorted")]
#[case::environment("import os\nos.environ['HOME'] = '/nowhere'", "another os.environ HOME")]
#[case::new_variable("import os\nos.environ['MINE'] = '7'", "another os.environ MINE")]
#[case::function("import json\njson.dumps = len", "another json.dumps")]
#[case::by_its_dict("import json\nvars(json)['loads'] = len", "another json.loads")]
#[case::class("import json\njson.JSONEncoder.default = len", "another json.encoder.JSONEncoder.default")]
#[case::inherited(
    "import decimal\nfrom fractions import Fraction\nFraction.__format__ = len",
    "another fractions.Fraction.__format__"
)]
#[case::constant("import math\nmath.pi = 3", "another math.pi")]
#[case::hash("import hashlib\nhashlib.sha256 = hashlib.md5", "another hashlib.sha256")]
#[case::random("import random\nrandom.random = lambda: 0.5", "another random.random")]
#[case::module("import json, sys\nsys.modules['json'] = sys", "another module json")]
#[case::module_before_it_is_there("import sys\nsys.modules['mailbox'] = sys", "another module mailbox")]
#[case::zone(
    "import os, time\nos.environ['TZ'] = 'EST5EDT'\ntime.tzset()\nos.environ['TZ'] = 'UTC'",
    "another time zone"
)]
#[case::locale("import locale\nlocale.setlocale(locale.LC_NUMERIC, 'C.UTF-8')", "another locale")]
#[case::built_in_type(
    "import datetime, gc\ngc.get_referents(datetime.date.__dict__)[0]['isoformat'] = lambda self: 'x'",
    "another datetime.date.isoformat"
)]
#[case::of_tasker("StepHandlerResult.failure = None", "another tasker_core.types.StepHandlerResult.failure")]
fn what_is_left_behind_is_told_and_undone(#[case] body: &str, #[case] what: &str) {
    let mut engine = engine(&format!(
        "if context.get_input('value') == 1:\n    return self.success({{'x': len(sorted('ab'))}})\n{body}\nreturn self.success({{}})"
    ));
    let mut observe =
        |value| serde_json::to_value(engine.run(&step_input("test/subject", &json!(value))).unwrap()).unwrap();
    assert_eq!(observe(0), json!({"status": "left_behind", "what": what}));
    assert_eq!(observe(1)["result"], json!({"x": 2}));
}

/// An engine of two handlers of one file, which share a module: `test/first` does `first`, `test/second` does `second`.
fn pair(first: &str, second: &str) -> (TempDir, PythonEngine) {
    let second = handler("test/second", second).replace("class Subject", "class Second");
    let source = format!("import shared\n{}\n\n{second}", handler("test/first", first));
    let shared = "import decimal\nimport functools\nimport itertools\n\nnumbers = itertools.count(1)\nseen = []\ncount = 0\n\n\n\
                  class Total:\n    value = 0\n\n\n@functools.lru_cache\ndef memory():\n    return []\n";
    let tree = tree(&[("pair_handler.py", &source), ("shared.py", shared)]);
    let engine = PythonEngine::load(tree.path()).unwrap();
    (tree, engine)
}

#[rstest]
#[case::decimal_context("import decimal\ndecimal.getcontext().prec = 4", "str(shared.decimal.Decimal(1) / 3)")]
#[case::decimal_template("import decimal\ndecimal.DefaultContext.prec = 4", "str(shared.decimal.Decimal(1) / 3)")]
#[case::rounding(
    "import decimal\ndecimal.getcontext().rounding = decimal.ROUND_UP",
    "str(round(shared.decimal.Decimal('2.5')))"
)]
#[case::seed("import random\nrandom.seed(4)", "__import__('random').random()")]
#[case::warnings("import warnings\nwarnings.simplefilter('error')", "str(__import__('warnings').warn('x'))")]
#[case::recursion("import sys\nsys.setrecursionlimit(60)", "__import__('sys').getrecursionlimit()")]
#[case::function_inside("import json\njson.dumps.__defaults__ = None", "__import__('json').dumps([1])")]
#[case::path("import sys\nsys.path.clear()", "len(__import__('sys').path) > 1")]
#[case::name("shared.count += 1", "shared.count")]
#[case::list("shared.seen.append(1)", "shared.seen")]
#[case::class("shared.Total.value += 1", "shared.Total.value")]
#[case::iterator("next(shared.numbers)", "next(shared.numbers)")]
#[case::cache("shared.memory().append(1)", "shared.memory()")]
#[case::own_module("global Subject\nSubject = 5", "'Subject' in globals() and type(Subject).__name__")]
fn what_a_handler_changes_is_not_seen_by_another(#[case] first: &str, #[case] expression: &str) {
    let second = format!("return self.success({{'x': {expression}}})");
    let ask = |engine: &mut PythonEngine, handler: &str| {
        serde_json::to_value(engine.run(&step_input(handler, &Value::Null)).unwrap()).unwrap()
    };
    let undisturbed = ask(&mut pair("pass", &second).1, "test/second");
    assert_eq!(undisturbed["status"], json!("completed"), "{undisturbed}");
    let (_tree, mut engine) = pair(&format!("{first}\nreturn self.success({{}})"), &second);
    ask(&mut engine, "test/first");
    assert_eq!(ask(&mut engine, "test/second"), undisturbed);
}

#[test]
fn what_files_register_in_each_other_is_there_for_each_handler() {
    let file = |name: &str| {
        let source = handler(&format!("test/{name}"), "return self.success({'x': shared.seen})");
        format!("import shared\nshared.seen.append('{name}')\n{source}")
    };
    let files = [("a_handler.py", file("a")), ("b_handler.py", file("b")), ("shared.py", "seen = []\n".to_owned())];
    let tree = tree(&files.each_ref().map(|(name, source)| (*name, source.as_str())));
    let mut engine = PythonEngine::load(tree.path()).unwrap();
    for name in ["test/b", "test/a"] {
        let observation = engine.run(&step_input(name, &Value::Null)).unwrap();
        assert_eq!(serde_json::to_value(observation).unwrap()["result"], json!({"x": ["a", "b"]}), "{name}");
    }
}

#[rstest]
#[case::context("import decimal\ndecimal.getcontext().prec = 5", "str(decimal.Decimal(1) / 3)", json!("0.33333"))]
#[case::variable("import os\nos.environ.setdefault('MODE', 'test')", "os.environ['MODE']", json!("test"))]
#[case::patch("import json\njson.dumps = lambda _: 'patched'", "json.dumps(1)", json!("patched"))]
fn what_a_tree_sets_when_it_is_imported_is_there_in_every_call(
    #[case] lines: &str,
    #[case] expression: &str,
    #[case] expected: Value,
) {
    let source = handler("test/subject", &format!("return self.success({{'x': {expression}}})"));
    let tree = tree(&[("subject_handler.py", &format!("{lines}\n{source}"))]);
    let mut engine = PythonEngine::load(tree.path()).unwrap();
    for _ in 0..2 {
        let observation = engine.run(&step_input("test/subject", &Value::Null)).unwrap();
        assert_eq!(serde_json::to_value(observation).unwrap()["result"], json!({"x": expected}));
    }
}

#[rstest]
#[case::member("ApiHandler", "return self.api_success({})", "ApiHandler.api_success")]
#[case::inherited("ApiHandler", "return super().get('/x')", "ApiHandler.get")]
#[case::of_the_context("StepHandler", "context.task_sequence_step", "StepContext.task_sequence_step")]
#[case::class("StepHandler", "WorkerConfig()", "WorkerConfig")]
#[case::function("StepHandler", "bootstrap_worker()", "bootstrap_worker")]
fn what_is_not_provided_is_no_crash(#[case] base: &str, #[case] body: &str, #[case] what: &str) {
    let unsupported = json!({"status": "unsupported", "what": format!("tasker_core.{what}")});
    let hidden = format!("try:\n    {body}\nexcept Exception:\n    pass\nreturn self.success({{}})");
    for body in [body, &hidden] {
        let body = format!("if context.get_input('value') == 1: return self.success({{}})\n{body}");
        let source = handler("test/subject", &body).replace("(StepHandler)", &format!("({base})"));
        let tree = tree(&[("subject_handler.py", &source)]);
        let mut engine = PythonEngine::load(tree.path()).unwrap();
        let mut observe =
            |value| serde_json::to_value(engine.run(&step_input("test/subject", &json!(value))).unwrap()).unwrap();
        assert_eq!(observe(0), unsupported);
        assert_eq!(observe(1)["status"], json!("completed"));
    }
}

#[test]
fn a_member_that_tasker_does_not_have_either_is_a_crash() {
    let source = handler("test/subject", "self.mistyped").replace("(StepHandler)", "(DecisionHandler)");
    let tree = tree(&[("subject_handler.py", &source)]);
    let observation = PythonEngine::load(tree.path()).unwrap().run(&step_input("test/subject", &Value::Null)).unwrap();
    let observed = serde_json::to_value(observation).unwrap();
    assert_eq!((&observed["status"], &observed["class"]), (&json!("crashed"), &json!("AttributeError")));
}

/// Takes longer than the deadline of the tests below.
const SLOW: &str = "import time\nx = 0\nfor _ in range(3_000_000): x += 1\ndone = True\n";

#[test]
fn an_import_is_not_interrupted() {
    let body = "import slow\nreturn self.success({'x': slow.done})";
    let tree = tree(&[("subject_handler.py", &handler("test/subject", body)), ("slow.py", SLOW)]);
    let mut engine = PythonEngine::load(tree.path()).unwrap();
    engine.set_deadline(Duration::from_millis(1));
    let observation = engine.run(&step_input("test/subject", &Value::Null)).unwrap();
    assert_eq!(serde_json::to_value(observation).unwrap()["result"], json!({"x": true}));
}

#[test]
fn an_interruption_that_is_caught_is_one() {
    let body = "if context.get_input('value') == 1:\n    import slow\n    return self.success({'x': slow.done})\n\
                try:\n    while True: pass\nexcept BaseException:\n    return self.success({})";
    let tree = tree(&[("subject_handler.py", &handler("test/subject", body)), ("slow.py", "done = True\n")]);
    let mut engine = PythonEngine::load(tree.path()).unwrap();
    engine.set_deadline(Duration::from_millis(20));
    let mut observe =
        |value| serde_json::to_value(engine.run(&step_input("test/subject", &json!(value))).unwrap()).unwrap();
    assert_eq!(observe(0), json!({"status": "timed_out"}));
    assert_eq!(observe(1)["result"], json!({"x": true}));
}

#[test]
fn an_interpreter_that_can_not_be_used_any_more_is_a_fault() {
    let mut engine = engine(
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\nreturn self.success({})",
    );
    let fault = engine.run(&step_input("test/subject", &json!(0))).unwrap_err().to_string();
    assert!(fault.contains("a thread that cannot be ended"), "{fault}");
}

#[rstest]
#[case::executor(
    "from concurrent.futures import ThreadPoolExecutor\nx = ThreadPoolExecutor().submit(lambda: 3).result()"
)]
#[case::joined(
    "import threading\nlist = []\nt = threading.Thread(target=lambda: list.append(3))\nt.start()\nt.join()\nx = list[0]"
)]
fn threads_that_end_are_nobodys_business(#[case] body: &str) {
    assert_eq!(observe(&format!("{body}\nreturn self.success({{'x': x}})"))["result"], json!({"x": 3}));
}

#[test]
fn a_coroutine_may_wait_for_a_thread() {
    let body = "import asyncio\nreturn self.success({'x': await asyncio.to_thread(lambda: 3)})";
    assert_eq!(observe_coroutine(body)["result"], json!({"x": 3}));
}

#[test]
fn what_is_printed_reaches_nobody() {
    let body = "import os, sys\nprint('x' * 100000)\nsys.stderr.write('x' * 100000)\n\
                return self.success({'x': os.write(1, b'spoilt report') + os.write(2, b'x')})";
    assert_eq!(observe(body)["result"], json!({"x": 14}));
}

fn observe_coroutine(body: &str) -> Value {
    let source = handler("test/subject", body).replace("    def call", "    async def call");
    let tree = tree(&[("subject_handler.py", &source)]);
    let mut engine = PythonEngine::load(tree.path()).unwrap();
    serde_json::to_value(engine.run(&step_input("test/subject", &Value::Null)).unwrap()).unwrap()
}

#[test]
fn a_coroutine_runs_in_virtual_time() {
    let body = "import asyncio\n\
                seen = []\n\
                async def wait(hours, name):\n    await asyncio.sleep(hours * 3600)\n    seen.append(name)\n\
                await asyncio.gather(wait(2, 'late'), wait(1, 'early'))\n\
                return self.success({'seen': seen})";
    assert_eq!(observe_coroutine(body)["result"], json!({"seen": ["early", "late"]}));
}

#[test]
fn a_coroutine_that_the_handler_runs_itself_waits_in_virtual_time() {
    let body = "import asyncio\n\
                async def wait():\n    await asyncio.sleep(3600)\n    return 5\n\
                try:\n    asyncio.run(asyncio.wait_for(asyncio.sleep(9), 3))\nexcept asyncio.TimeoutError:\n    late = True\n\
                return self.success({'x': asyncio.run(wait()), 'late': late})";
    assert_eq!(observe(body)["result"], json!({"x": 5, "late": true}));
}

#[test]
fn an_import_that_can_do_without_what_is_denied_is_none_the_worse() {
    let lines = "import platform\nbits = platform.architecture()[0]\n\
                 try:\n    import ctypes\n    ctypes.CDLL(None)\nexcept ImportError:\n    ctypes = None\n";
    let source = handler("test/subject", "return self.success({'x': [bits[2:], ctypes is None]})");
    let tree = tree(&[("subject_handler.py", &format!("{lines}{source}"))]);
    let observation = PythonEngine::load(tree.path()).unwrap().run(&step_input("test/subject", &Value::Null)).unwrap();
    assert_eq!(serde_json::to_value(observation).unwrap()["result"], json!({"x": ["bit", true]}));
}

#[test]
fn what_is_denied_to_an_import_is_told() {
    let tree = tree(&[("a_handler.py", "open('/etc/hostname')\n")]);
    let error = PythonEngine::load(tree.path()).unwrap_err().to_string();
    assert!(
        error.contains("a_handler.py:1: PermissionError: handlers may not do this (file): read /etc/hostname"),
        "{error}"
    );
}

#[test]
fn a_coroutine_that_never_settles_is_told_at_once() {
    let body = "import asyncio\nawait asyncio.get_running_loop().create_future()";
    assert_eq!(observe_coroutine(body), json!({"status": "timed_out"}));
}

#[test]
fn a_context_holds_what_the_step_input_says() {
    let body = "return self.success(dict(ids=[context.task_uuid, context.step_uuid, context.correlation_id], \
                name=context.handler_name, retry=[context.retry_count, context.max_retries, context.is_retry()], \
                dep=context.get_dependency_result('a'), field=context.get_dependency_field('a', 'result'), \
                none=context.get_dependency_result('b'), config=context.get_config('c')))";
    let mut step_input = step_input("test/subject", &Value::Null);
    step_input.attempt = 2;
    step_input.max_attempts = 3;
    step_input.dependencies = json!({"a": {"result": 5}, "b": null}).as_object().unwrap().clone();
    step_input.step_config = json!({"c": 1}).as_object().unwrap().clone();
    let observed = serde_json::to_value(engine(body).run(&step_input).unwrap()).unwrap();
    let (task, step) = (&step_input.ambient.task_uuid, &step_input.ambient.step_uuid);
    assert_eq!(
        observed["result"],
        json!({"ids": [task, step, task], "name": "test/subject", "retry": [1, 3, true],
            "dep": {"result": 5}, "field": 5, "none": null, "config": 1})
    );
}

#[test]
fn every_call_has_an_instance_and_an_input_of_its_own() {
    let body = "self.n = getattr(self, 'n', 0) + 1\ncontext.input_data['value'].append(1)\n\
                return self.success({'n': self.n, 'value': context.input_data['value']})";
    let mut engine = engine(body);
    for _ in 0..2 {
        let observation = engine.run(&step_input("test/subject", &json!([]))).unwrap();
        assert_eq!(serde_json::to_value(observation).unwrap()["result"], json!({"n": 1, "value": [1]}));
    }
}

/// A tree whose handler answers with what its own helper module says, which it imports only when called.
fn says(word: &str) -> PythonEngine {
    let body = "from parts.helper import WORD\nreturn self.success({'word': WORD})";
    let tree = tree(&[
        ("parts/helper.py", &format!("WORD = '{word}'\n")),
        ("parts/word_handler.py", &handler("test/subject", body)),
    ]);
    // Kept for as long as the process: the import comes with the first call.
    PythonEngine::load(&tree.keep()).unwrap()
}

#[test]
fn two_trees_do_not_see_each_others_modules() {
    let (mut first, mut second) = (says("first"), says("second"));
    for _ in 0..2 {
        for (engine, word) in [(&mut first, "first"), (&mut second, "second")] {
            let observation = engine.run(&step_input("test/subject", &Value::Null)).unwrap();
            assert_eq!(serde_json::to_value(observation).unwrap()["result"]["word"], json!(word));
        }
    }
}

#[rstest]
#[case(&[("a_handler.py", "from tasker_core import StepHandler\nclass A(StepHandler):\n    def call(self, c): pass\n")],
    "a_handler.py:2: give class A a handler_name of the form 'namespace/step' (it is '')")]
#[case(&[("a_handler.py", "import helper\n"), ("helper.py", "\nraise ValueError('no')\n")], "helper.py:2: ValueError: no")]
#[case(&[("a_handler.py", "import helper\n"), ("helper.py", "\n\ndef (\n")], "helper.py:3: SyntaxError: ")]
#[case(&[("a_handler.py", "import sys\nsys.exit()\n")], "a_handler.py:2: SystemExit: ")]
fn a_file_that_can_not_be_loaded_is_named(#[case] files: &[(&str, &str)], #[case] message: &str) {
    let tree = tree(files);
    let error = PythonEngine::load(tree.path()).unwrap_err();
    assert!(matches!(error, TreeError::BadFile { .. }));
    let text = error.to_string();
    let expected = format!("{}/{message}", tree.path().display());
    assert!(text.starts_with(&expected), "{text:?} does not start with {expected:?}");
}

#[test]
fn two_handlers_of_one_identity_are_refused() {
    let source = handler("test/subject", "pass");
    let tree = tree(&[("a_handler.py", &source), ("b_handler.py", &source), ("__pycache__/c_handler.py", &source)]);
    let error = PythonEngine::load(tree.path()).unwrap_err();
    let (first, second) = (tree.path().join("a_handler.py"), tree.path().join("b_handler.py"));
    let expected = format!(
        "{}: handler test/subject is also in {}; give one of them another name",
        second.display(),
        first.display()
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn loading_writes_nothing_into_the_tree() {
    let tree = tree(&[("a_handler.py", &handler("test/subject", "pass"))]);
    PythonEngine::load(tree.path()).unwrap();
    assert_eq!(std::fs::read_dir(tree.path()).unwrap().count(), 1);
}
