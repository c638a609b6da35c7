//! Draws from each JSON Schema that is named, in a process of its own, and says how it went, a line a schema: refused and why, or how
//! many milliseconds the first value took and how many megabytes all of them. Public suites of schemas are measured with it.
//! `cargo run -p parity-schema --example suite -- SCHEMA.json...`

use std::process::Command;
use std::time::Instant;
use std::{env, error, fs};

use parity_schema::{Domain, Schema, Scope};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

const COUNT: usize = 100;

/// What became of the schema in a file.
fn outcome(file: &str) -> Result<String, Box<dyn error::Error>> {
    let schema: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    let start = Instant::now();
    let drawing = Schema::new(&schema);
    let strategy = match drawing.as_ref().map_err(Clone::clone).and_then(|drawing| drawing.values(Scope::Normal)) {
        Ok(strategy) => strategy,
        Err(error) => return Ok(format!("refused {error}")),
    };
    let mut runner = TestRunner::deterministic();
    let domain = Domain::of_schema(&schema)?;
    let (mut first, mut drawn) = (None, Vec::new());
    for _ in 0..COUNT {
        drawn.push(strategy.new_tree(&mut runner).map_err(|reason| reason.to_string())?.current());
        first.get_or_insert_with(|| start.elapsed().as_millis());
    }
    let invalid = drawn.iter().filter(|value| !domain.holds(value)).count();
    let undrawn = drawing?.undrawn(Scope::Normal);
    let (kind, undrawn) = match undrawn.first() {
        _ if invalid > 0 => ("invalid", invalid.to_string()),
        Some(error) => ("partly", error.to_string()),
        None => ("drawn", String::new()),
    };
    let memory = fs::read_to_string("/proc/self/status")?;
    let memory =
        memory.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    drawn.dedup();
    Ok(format!(
        "{kind} first {} ms, all {} ms, {} MB, {} distinct {undrawn}",
        first.unwrap_or_default(),
        start.elapsed().as_millis(),
        memory.unwrap_or_default() / 1024,
        drawn.len()
    ))
}

fn main() -> Result<(), Box<dyn error::Error>> {
    let files: Vec<String> = env::args().skip(1).collect();
    if let [file] = files.as_slice() {
        println!("{file} {}", outcome(file).unwrap_or_else(|error| format!("failed {error}")));
        return Ok(());
    }
    for file in files {
        let output = Command::new("timeout").arg("30").arg(env::current_exe()?).arg(&file).output()?;
        match output.status.code() {
            Some(0) => print!("{}", String::from_utf8_lossy(&output.stdout)),
            code => println!("{file} ended {code:?} {}", String::from_utf8_lossy(&output.stderr).trim()),
        }
    }
    Ok(())
}
