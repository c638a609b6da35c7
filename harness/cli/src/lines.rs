//! `parity coverage --lines`: which lines and branches of the handlers the generated cases reach, as the languages' own tools
//! count them.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use reference_rs::HandlerSpec;
use serde::Serialize;
use serde_json::Value;

use super::args::CoverageArgs;
use super::error::CliError;
use super::root::Root;
use parity_blog::coverage::draw_cases;
use parity_json::file_text;
use parity_vectors::{Vector, VectorFile};

/// The modules of the Python runtime, in the checkout.
const PYTHON_RUNTIME: &str = "harness/engine-python/runtime";

/// What of one file was reached.
///
/// JSON: `{"file", "lines", "branches"}`, both in percent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct FileLines {
    /// The file, from the repository's root.
    pub(super) file: String,
    /// Lines or statements.
    pub(super) lines: f64,
    /// Branches; 100 where there are none.
    pub(super) branches: f64,
}

/// Runs the cases of these handlers on CPython under coverage.py and on Node under c8.
pub(super) fn lines(
    args: &CoverageArgs,
    root: &Root,
    specs: &[&'static HandlerSpec],
    cases: u64,
) -> Result<Vec<FileLines>, CliError> {
    let dir = tempfile::tempdir()?;
    let (inputs, vectors) = write_cases(dir.path(), specs, cases, args.seed)?;
    let mut files = python_lines(&args.python_program, root, dir.path(), &inputs)?;
    files.extend(typescript_lines(root, dir.path(), &vectors)?);
    Ok(files)
}

/// The cases as lines of step inputs, and as a directory of vectors.
fn write_cases(
    dir: &Path,
    specs: &[&'static HandlerSpec],
    cases: u64,
    seed: u64,
) -> Result<(PathBuf, PathBuf), CliError> {
    let (inputs, vectors) = (dir.join("inputs.jsonl"), dir.join("vectors"));
    let mut lines = File::create(&inputs)?;
    for spec in specs {
        let handler = spec.handler();
        let mut file = Vec::new();
        for case in draw_cases(spec, cases, seed)? {
            let expected = spec.evaluate(&case.step_input).outcome;
            let vector = Vector::new(case.step_input, expected, Vec::new(), "generated".to_owned());
            writeln!(lines, "{}", serde_json::json!(vector.input))?;
            file.push(vector);
        }
        file.sort_by(|one: &Vector, other| one.id.cmp(&other.id));
        file.dedup_by(|one, other| one.id == other.id);
        let path = vectors.join(format!("{}.json", spec.id));
        fs::create_dir_all(path.parent().unwrap_or(&vectors))?;
        fs::write(path, file_text(&VectorFile::new(handler, file)))?;
    }
    Ok((inputs, vectors))
}

fn python_lines(program: &Path, root: &Root, dir: &Path, inputs: &Path) -> Result<Vec<FileLines>, CliError> {
    let tree = root.dir().join("handlers/python");
    let (data, report) = (dir.join("python.coverage"), dir.join("python.json"));
    let include: Vec<String> =
        ["post_*/*", "support/*"].iter().map(|pattern| tree.join(pattern).display().to_string()).collect();
    let coverage = |arguments: &[&str]| {
        let mut command = Command::new(program);
        command.current_dir(&tree).args(["-m", "coverage"]).args(arguments).arg("--data-file").arg(&data);
        command
    };
    let mut run = coverage(&["run", "--branch", "--include", &include.join(",")]);
    run.args(["-m", "tests.worker"]).arg(root.dir().join(PYTHON_RUNTIME)).arg(&tree).stdin(File::open(inputs)?);
    let advice =
        "pip install -r handlers/python/requirements-dev.txt, and --python-program names the Python that has it";
    finish(&mut run, advice)?;
    finish(coverage(&["json"]).arg("-o").arg(&report), advice)?;
    let summary: Value = read(&report)?;
    let files = summary["files"].as_object().into_iter().flatten();
    Ok(files
        .map(|(file, found)| FileLines {
            file: format!("handlers/python/{file}"),
            lines: percent_of(&found["summary"], "covered_lines", "num_statements"),
            branches: percent_of(&found["summary"], "covered_branches", "num_branches"),
        })
        .collect())
}

fn typescript_lines(root: &Root, dir: &Path, vectors: &Path) -> Result<Vec<FileLines>, CliError> {
    let tree = root.dir().join("handlers/typescript");
    let reports = dir.join("typescript");
    let mut run = Command::new("npx");
    run.current_dir(&tree).args(["--no-install", "c8", "--reporter", "json-summary"]);
    run.arg("--temp-directory").arg(dir.join("v8")).arg("--reports-dir").arg(&reports);
    run.args(["--include", "post_*/**", "--include", "support/**", "npm", "test", "--silent", "--"]);
    // With a tree of its own name, the tests of the replay itself are left out.
    run.arg(format!("--vectors={}", vectors.display())).arg(format!("--tree={}", tree.display()));
    finish(run.stdin(Stdio::null()), "npm ci in handlers/typescript")?;
    let summary: Value = read(&reports.join("coverage-summary.json"))?;
    let files = summary.as_object().into_iter().flatten().filter(|(file, _)| *file != "total");
    let mut files: Vec<FileLines> = files
        .map(|(file, found)| FileLines {
            file: Path::new(file)
                .strip_prefix(&tree)
                .map_or_else(|_| file.clone(), |file| format!("handlers/typescript/{}", file.display())),
            lines: percent_of(&found["lines"], "covered", "total"),
            branches: percent_of(&found["branches"], "covered", "total"),
        })
        .collect();
    files.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(files)
}

fn read(file: &Path) -> Result<Value, CliError> {
    let text = fs::read_to_string(file).map_err(|source| CliError::Unreadable { file: file.to_owned(), source })?;
    serde_json::from_str(&text)
        .map_err(|error| CliError::Tool { tool: file.display().to_string(), message: error.to_string() })
}

fn percent_of(summary: &Value, covered: &str, all: &str) -> f64 {
    let number = |name: &str| summary[name].as_f64().unwrap_or_default();
    if number(all) == 0.0 { 100.0 } else { 100.0 * number(covered) / number(all) }
}

/// Runs a tool to its end. What it printed is shown if it fails, with what to do if it is not there.
fn finish(command: &mut Command, advice: &str) -> Result<(), CliError> {
    let tool = command.get_program().to_string_lossy().into_owned();
    let failed = |message: String| CliError::Tool { tool: tool.clone(), message: format!("{message}; try {advice}") };
    let Output { status, stdout, stderr } = command.output().map_err(|error| failed(error.to_string()))?;
    if status.success() {
        return Ok(());
    }
    let printed = [stdout, stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    let last: Vec<&str> = printed.lines().rev().take(20).collect();
    let last: Vec<&str> = last.into_iter().rev().collect();
    Err(failed(format!("{status}\n{}\n", last.join("\n"))))
}
