//! Ctrl-C and SIGTERM: a report of what was found until then, and nobody left behind.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::cli::support::{ROOT, worker};

/// A run that would take for ever.
fn run() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parity"));
    command.args(["diff", "--handler", "ecommerce/validate_cart", "--cases", "1000000000", "--seed", "1"]);
    command.current_dir(ROOT).stdout(Stdio::piped());
    command
}

/// A run that would take for ever, once it has run its first cases.
fn endless(more: &[&str]) -> Child {
    endless_run(run().args(more))
}

fn endless_run(run: &mut Command) -> Child {
    let mut child = run.arg("-vv").stderr(Stdio::piped()).spawn().unwrap();
    let errors = BufReader::new(child.stderr.take().unwrap());
    let mut lines = errors.lines();
    assert!(lines.any(|line| line.unwrap().contains("probe")), "it ended before its first cases");
    // What else is said is read, so that nobody waits for it.
    std::thread::spawn(move || lines.count());
    child
}

fn signal(child: &Child, signal: i32) {
    // The process is a child that was not waited for.
    assert_eq!(send(child.id(), signal), 0);
}

fn send(process: u32, signal: i32) -> i32 {
    // SAFETY: a signal touches no memory of this process.
    unsafe { libc::kill(i32::try_from(process).unwrap(), signal) }
}

/// How it ends, and what it prints.
fn end(mut child: Child) -> (ExitStatus, String) {
    let mut printed = String::new();
    child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
    (child.wait().unwrap(), printed)
}

/// All processes below one.
fn below(process: u32) -> Vec<u32> {
    let mut all = Vec::new();
    for thread in fs::read_dir(format!("/proc/{process}/task")).unwrap() {
        let children = fs::read_to_string(thread.unwrap().path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().map(|child| child.parse().unwrap()) {
            all.push(child);
            all.extend(below(child));
        }
    }
    all
}

fn assert_gone(processes: &[u32]) {
    assert!(!processes.is_empty());
    let until = Instant::now() + Duration::from_secs(30);
    let runs = |process: &u32| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        !status.is_empty() && !status.contains("State:\tZ")
    };
    while processes.iter().any(runs) {
        assert!(Instant::now() < until, "{processes:?} go on");
        std::thread::yield_now();
    }
}

#[rstest]
#[case::ctrl_c(libc::SIGINT, "SIGINT", 130, "json")]
#[case::termination(libc::SIGTERM, "SIGTERM", 143, "text")]
fn an_interrupted_run_reports_what_was_found(
    #[case] number: i32,
    #[case] name: &str,
    #[case] code: i32,
    #[case] format: &str,
) {
    let child = endless(&["--python", "fixtures/defects/item_count_counts_units", "--format", format]);
    let processes = below(child.id());
    signal(&child, number);
    let (status, printed) = end(child);
    assert_eq!(status.code(), Some(code), "{printed}");
    assert_gone(&processes);
    if format == "json" {
        let report: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(report["interrupted"], json!(name));
        assert!(report["cases"].as_u64().unwrap() > 0, "{report}");
    } else {
        assert!(printed.contains("interrupted by SIGTERM: this is what was found until then"), "{printed}");
        assert!(printed.contains("could not compare: interrupted"), "{printed}");
    }
}

#[test]
fn no_directory_stays_of_a_run_that_is_ended_while_it_starts_and_none_of_one_that_was_killed() {
    let place = tempfile::tempdir().unwrap();
    let names = || -> Vec<_> { fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect() };
    let killed = endless_run(run().env("TMPDIR", place.path()));
    let processes = below(killed.id());
    signal(&killed, libc::SIGKILL);
    for &process in &processes {
        // It may have ended because the one above it did.
        send(process, libc::SIGKILL);
    }
    assert_eq!(end(killed).0.code(), None);
    assert_gone(&processes);
    let left = names();
    assert_ne!(left, [""; 0]);

    let ended = run().env("TMPDIR", place.path()).stderr(Stdio::null()).spawn().unwrap();
    while names().iter().all(|name| left.contains(name)) {
        std::thread::yield_now();
    }
    signal(&ended, libc::SIGINT);
    assert_eq!(end(ended).0.code(), Some(130));
    assert_eq!(names(), [""; 0]);
}

#[test]
fn what_engines_started_ends_too_even_when_nobody_waits() {
    let (_told, command) = worker("python", &Path::new(ROOT).join("handlers/python"));
    let child = endless(&["--engine", &format!("other={command}")]);
    let processes = below(child.id());
    // sh, what it starts, and the processes of the campaign.
    assert!(processes.len() >= 4, "{processes:?}");
    signal(&child, libc::SIGINT);
    signal(&child, libc::SIGINT);
    let (status, _) = end(child);
    assert_eq!(status.code(), Some(130));
    assert_gone(&processes);
}
