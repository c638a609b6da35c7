//! Calls that are announced are made ahead; what each of them does is the same as if it had been made by itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use parity_engine::Engine;
use parity_engine::process::{Interpreter, ProcessEngine, WorkerCommand, interpreter};
use parity_model::{Observation, Outcome, StepInput, Unplanned};
use rstest::rstest;
use serde_json::{Map, json};

/// Answers with the input's number and how many calls the process has seen; 13 ends it, and after 17 it can do nothing more. It takes
/// its time to load 19.
const WORKER: &str = r"
import json, os, sys, time
calls, spoiled = 0, False
for line in sys.stdin:
    request = json.loads(line)
    if request['type'] == 'hello':
        reply = {'type': 'hello', 'protocol': 1, 'engine': 'fake', 'handlers': ['a/b']}
    elif request['type'] == 'run':
        calls += 1
        number = request['input']['context']['number']
        if number == 13:
            os._exit(0)
        if number == 19:
            print(json.dumps({'type': 'loading', 'id': request['id']}), flush=True)
            until = time.process_time() + 0.1
            while time.process_time() < until:
                pass
            print(json.dumps({'type': 'loaded', 'id': request['id']}), flush=True)
        outcome = {'status': 'completed', 'result': [number, calls], 'metadata': {}}
        reply = {'type': 'result', 'id': request['id'], 'outcome': outcome}
        if spoiled:
            reply = {'type': 'again', 'id': request['id']}
        spoiled |= number == 17
    else:
        break
    print(json.dumps(reply), flush=True)
";

fn engine(works_ahead: bool) -> ProcessEngine {
    engine_within(works_ahead, Duration::from_secs(10))
}

fn engine_within(works_ahead: bool, limit: Duration) -> ProcessEngine {
    let arguments = vec!["-c".into(), WORKER.into()];
    let command = WorkerCommand { program: "python3".into(), arguments, works_ahead, ..WorkerCommand::default() };
    ProcessEngine::start("fake", command, limit).unwrap()
}

fn input(number: u64) -> StepInput {
    StepInput::new("a/b".parse().unwrap(), Map::from_iter([("number".to_owned(), json!(number))]), Map::new())
}

fn answer(number: u64, calls: u64) -> Observation {
    Outcome::Completed { result: json!([number, calls]), metadata: json!({}) }.into()
}

/// Announces inputs and asks for others; what is answered.
fn asked(engine: &mut ProcessEngine, announced: &[u64], asked: &[u64]) -> Vec<Observation> {
    let inputs: Vec<StepInput> = announced.iter().map(|number| input(*number)).collect();
    engine.announce(&inputs.iter().collect::<Vec<_>>());
    asked.iter().map(|number| engine.run(&input(*number)).unwrap()).collect()
}

#[test]
fn announced_calls_are_made_once_each() {
    let answers = asked(&mut engine(true), &[1, 2, 3], &[1, 2, 3]);
    assert_eq!(answers, [answer(1, 1), answer(2, 2), answer(3, 3)]);
}

#[test]
fn some_may_be_left_out_and_others_may_come() {
    let mut engine = engine(true);
    // All that were announced are made, whoever asks for them.
    assert_eq!(asked(&mut engine, &[1, 2, 3], &[2, 7]), [answer(2, 2), answer(7, 4)]);
    assert_eq!(asked(&mut engine, &[8], &[1, 8]), [answer(1, 6), answer(8, 7)]);
}

#[test]
fn who_ends_the_process_is_who_would_end_it_alone() {
    let answers = asked(&mut engine(true), &[1, 13, 2, 3], &[1, 13, 2, 3]);
    assert_eq!(answers, [answer(1, 1), Unplanned::Exited.into(), answer(2, 1), answer(3, 2)]);
}

#[rstest]
#[case::one_by_one(&[])]
#[case::ahead(&[1, 17, 2, 3])]
fn what_cannot_be_undone_is_left_behind_with_the_process(#[case] announced: &[u64]) {
    let answers = asked(&mut engine(true), announced, &[1, 17, 2, 3]);
    assert_eq!(answers, [answer(1, 1), answer(17, 2), answer(2, 1), answer(3, 2)]);
}

#[rstest]
#[case::one_by_one(&[])]
#[case::ahead(&[1, 19])]
fn to_load_a_handler_takes_no_time_of_a_call(#[case] announced: &[u64]) {
    let mut engine = engine_within(true, Duration::from_millis(30));
    assert_eq!(asked(&mut engine, announced, &[1, 19]), [answer(1, 1), answer(19, 2)]);
}

#[test]
fn what_is_expected_is_told_in_place_where_it_was_announced() {
    let mut engine = engine(true);
    engine.announce(&[&input(1), &input(2)]);
    assert_eq!(engine.run_expecting(&input(1), &answer(1, 1)).unwrap(), None);
    assert_eq!(engine.run_expecting(&input(2), &answer(1, 1)).unwrap(), Some(answer(2, 2)));
    assert_eq!(engine.run_expecting(&input(3), &answer(3, 3)).unwrap(), Some(answer(3, 3)));
}

/// A worker that is refused a file while it starts, and names its handler after its process.
const REFUSED: &str = r"
import json, os, sys
for line in sys.stdin:
    request = json.loads(line)
    if request['type'] == 'hello':
        try:
            open('/etc/shadow')
        except OSError:
            pass
        reply = {'type': 'hello', 'protocol': 1, 'engine': 'fake', 'handlers': [f'a/of_{os.getpid()}']}
    elif request['type'] == 'run':
        outcome = {'status': 'completed', 'result': os.getpid(), 'metadata': {}}
        reply = {'type': 'result', 'id': request['id'], 'outcome': outcome}
    else:
        break
    print(json.dumps(reply), flush=True)
";

/// Says where Python is and what it reads.
const PLACES: &str = r"
import os, sys
print(os.path.realpath(sys.executable), *sys.path[1:], f'parent {os.getppid()}', sep='\n')
";

#[test]
fn what_a_worker_is_refused_before_the_first_call_ends_no_worker() {
    let Interpreter { program, options: _, readable } = interpreter("python3".as_ref(), &["-c", PLACES]);
    let arguments = vec!["-c".into(), REFUSED.into()];
    let readable = Some(readable.unwrap());
    let command = WorkerCommand { program, arguments, readable, works_ahead: true, ..WorkerCommand::default() };
    let mut engine = ProcessEngine::start("fake", command, Duration::from_secs(10)).unwrap();
    let handler = engine.handlers()[0].clone();
    let input = StepInput { handler: handler.clone(), ..input(1) };
    engine.announce(&[&input]);
    let Observation::Planned(Outcome::Completed { result, .. }) = engine.run(&input).unwrap() else { panic!() };
    assert_eq!(handler.to_string(), format!("a/of_{result}"));
}

#[test]
fn a_worker_that_does_not_work_ahead_is_asked_for_one_call_at_a_time() {
    let answers = asked(&mut engine(false), &[1, 2, 3], &[3, 1]);
    assert_eq!(answers, [answer(3, 1), answer(1, 2)]);
}
