//! Runs the peers of `benches/peers` on the inputs that were measured.

use std::fmt::{Display, Write as _};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use parity_model::StepInput;
use serde::Deserialize;
use serde_json::json;

use super::error::BenchError;
use super::figures::Figures;
use super::measure::Bench;
use parity_blog::Oracle;
use parity_engine::Engine;
use parity_judge::differences;
use parity_model::Observation;

/// Cases a handler for the peer that starts a process for each.
const PROCESSES: usize = 2;

/// Cases of the peers that generate.
const EXAMPLES: usize = 1000;

/// What the Node programs need beside themselves.
const NODE_FILES: [&str; 7] = [
    "package.json",
    "package-lock.json",
    "build.mjs",
    "handlers.mjs",
    "lines.mjs",
    "worker.mjs",
    "fast_check_peer.mjs",
];

/// Where the peers are.
#[derive(Clone, Debug)]
pub struct PeerPrograms {
    /// The repository.
    pub root: PathBuf,
    /// Their sources.
    pub sources: PathBuf,
    /// Where packages and JavaScript go.
    pub build: PathBuf,
}

type Timed = Result<(u64, Duration), BenchError>;

/// What a peer of its own language prints.
#[derive(Deserialize)]
struct Printed {
    cases: u64,
    seconds: f64,
}

impl Figures {
    /// Adds the peers, on the inputs of `bench`. One that cannot run is named with the reason.
    pub fn add_peers(&mut self, bench: &Bench, programs: &PeerPrograms) -> Result<(), BenchError> {
        let inputs = bench.inputs()?;
        let cases = programs.build.join("cases.jsonl");
        let ready = fs::create_dir_all(&programs.build)
            .and_then(|()| write_cases(&inputs, &cases))
            .map_err(|error| failure("writing the cases", &error))
            .and_then(|()| programs.node());
        let stride = usize::try_from(bench.cases).unwrap_or(usize::MAX) / PROCESSES;
        let few: Vec<StepInput> = inputs.iter().step_by(stride.max(1)).cloned().collect();
        let examples = EXAMPLES.min(inputs.len());
        let runs: [(&str, &dyn Fn() -> Timed); 4] = [
            ("process-per-call", &|| programs.process_per_call(&few)),
            ("json-lines", &|| programs.json_lines(&inputs)),
            ("hypothesis", &|| programs.python_packages().and_then(|()| programs.hypothesis(&cases, examples))),
            ("fast-check", &|| programs.fast_check(&cases, examples)),
        ];
        for (name, run) in runs {
            match ready.as_ref().map_err(|error| failure("the set-up", error)).and_then(|()| run()) {
                Ok(timed) => self.peers.add(name, timed, self.case),
                Err(error @ BenchError::Differs { .. }) => return Err(error),
                Err(error) => {
                    self.peers.peers_left_out.insert(name.to_owned(), error.to_string());
                }
            }
        }
        Ok(())
    }
}

fn write_cases(inputs: &[StepInput], file: &Path) -> std::io::Result<()> {
    let mut oracle = Oracle::default();
    let mut text = String::new();
    for input in inputs {
        let expected = oracle.run(input).map_err(std::io::Error::other)?;
        let _ = writeln!(text, "{}", json!({"input": input, "expected": expected}));
    }
    fs::write(file, text)
}

impl PeerPrograms {
    fn python(&self) -> PathBuf {
        self.build.join("venv/bin/python")
    }

    /// Makes the Python environment, unless it is there with what is asked for.
    fn python_packages(&self) -> Result<(), BenchError> {
        let (asked, there) = (self.sources.join("requirements.txt"), self.build.join("requirements.txt"));
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        if !self.python().is_file() {
            run(Command::new("python3").args(["-m", "venv"]).arg(self.build.join("venv")))?;
        }
        if !same(&asked, &there) {
            run(Command::new(self.python()).args(pip).arg(&asked))?;
            fs::copy(&asked, &there).map_err(|error| failure("copying", &error))?;
        }
        Ok(())
    }

    /// Installs the packages of Node, unless they are there, and makes the JavaScript of the handlers.
    fn node(&self) -> Result<(), BenchError> {
        let js = self.build.join("js");
        fs::create_dir_all(&js).map_err(|error| failure("making a directory", &error))?;
        let installed = js.join("node_modules").is_dir()
            && same(&self.sources.join("package-lock.json"), &js.join("package-lock.json"));
        for file in NODE_FILES {
            fs::copy(self.sources.join(file), js.join(file)).map_err(|error| failure(file, &error))?;
        }
        if !installed {
            run(Command::new("npm").args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(&js))?;
        }
        run(Command::new("node").arg("build.mjs").arg(&self.root).current_dir(&js)).map(|_| ())
    }

    fn worker(&self, language: &str) -> Command {
        if language == "python" {
            let mut command = Command::new("python3");
            command.arg(self.sources.join("worker.py"));
            command
        } else {
            let mut command = Command::new("node");
            command.arg(self.build.join("js/worker.mjs"));
            command
        }
    }

    /// A process of its own for every call of every language.
    fn process_per_call(&self, inputs: &[StepInput]) -> Timed {
        let mut oracle = Oracle::default();
        let started = Instant::now();
        for input in inputs {
            let expected = oracle.run(input)?;
            for language in ["python", "node"] {
                PeerProcess::start(self.worker(language), language)?.agree(input, &expected)?;
            }
        }
        Ok((inputs.len() as u64, started.elapsed()))
    }

    /// One process a language that answers lines with lines.
    fn json_lines(&self, inputs: &[StepInput]) -> Timed {
        let mut oracle = Oracle::default();
        let mut workers =
            [PeerProcess::start(self.worker("python"), "python")?, PeerProcess::start(self.worker("node"), "node")?];
        let started = Instant::now();
        for input in inputs {
            let expected = oracle.run(input)?;
            for worker in &mut workers {
                worker.agree(input, &expected)?;
            }
        }
        Ok((inputs.len() as u64, started.elapsed()))
    }

    fn hypothesis(&self, cases: &Path, examples: usize) -> Timed {
        let mut command = Command::new(self.python());
        command.arg(self.sources.join("hypothesis_peer.py")).arg(cases).arg(examples.to_string());
        command.env("HYPOTHESIS_STORAGE_DIRECTORY", self.build.join("hypothesis"));
        printed(command.arg(self.build.join("js/worker.mjs")))
    }

    fn fast_check(&self, cases: &Path, examples: usize) -> Timed {
        let mut command = Command::new("node");
        command.arg(self.build.join("js/fast_check_peer.mjs")).arg(cases).arg(examples.to_string());
        printed(command.arg("python3").arg(self.sources.join("worker.py")))
    }
}

/// A process that answers lines with lines.
struct PeerProcess {
    name: &'static str,
    process: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl PeerProcess {
    /// Starts it and waits until it is ready.
    fn start(mut command: Command, name: &'static str) -> Result<Self, BenchError> {
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn();
        let mut process = started.map_err(|error| failure(name, &error))?;
        let answers = process.stdout.take().ok_or_else(|| failure(name, &"it has no standard output"))?;
        let mut worker = Self { name, process, answers: BufReader::new(answers) };
        worker.line()?;
        Ok(worker)
    }

    fn line(&mut self) -> Result<String, BenchError> {
        let mut line = String::new();
        match self.answers.read_line(&mut line) {
            Ok(0) => Err(failure(self.name, &"it has ended")),
            Ok(_) => Ok(line),
            Err(error) => Err(failure(self.name, &error)),
        }
    }

    fn agree(&mut self, input: &StepInput, expected: &Observation) -> Result<(), BenchError> {
        let line = serde_json::to_string(input).map_err(|error| failure(self.name, &error))? + "\n";
        let requests = self.process.stdin.as_mut().ok_or_else(|| failure(self.name, &"it has no standard input"))?;
        requests.write_all(line.as_bytes()).map_err(|error| failure(self.name, &error))?;
        let actual: Observation = serde_json::from_str(&self.line()?).map_err(|error| failure(self.name, &error))?;
        if differences(expected, &actual).is_empty() {
            return Ok(());
        }
        Err(BenchError::Differs { handler: input.handler.clone(), engine: self.name.to_owned() })
    }
}

impl Drop for PeerProcess {
    fn drop(&mut self) {
        // It ends by itself when there is nothing more to read; one that does not is no longer needed either.
        drop(self.process.stdin.take());
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn same(one: &Path, other: &Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

fn failure(what: &str, error: &dyn Display) -> BenchError {
    BenchError::Process { what: what.to_owned(), message: error.to_string() }
}

/// What a program prints.
fn run(command: &mut Command) -> Result<String, BenchError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| failure(&program, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
    Err(failure(&program, &last))
}

fn printed(command: &mut Command) -> Timed {
    let program = command.get_program().to_string_lossy().into_owned();
    let text = run(command)?;
    let printed: Printed = serde_json::from_str(text.trim()).map_err(|error| failure(&program, &error))?;
    if printed.cases == 0 {
        return Err(failure(&program, &"it ran no case"));
    }
    let time = Duration::try_from_secs_f64(printed.seconds).map_err(|error| failure(&program, &error))?;
    Ok((printed.cases, time))
}
