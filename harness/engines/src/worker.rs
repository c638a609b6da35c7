//! An embedded engine in a process of its own: what that process is told, in one document, and how it answers.

use std::io::{self, BufRead, Write};
use std::time::Duration;

use parity_engine::naming::Naming;
use parity_engine::process::{Surroundings, serve};
use parity_engine::{Engine, EngineConfig, EngineFault, LaunchOptions, TreeError};
use serde::{Deserialize, Serialize};

use super::confined::confine;
use super::runtimes::{embedded, prepared};

/// All that a worker is told, as the first line that it reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerConfig {
    /// The engine, whose runtime is built in.
    pub engine: EngineConfig,
    /// What handlers are called.
    pub naming: Naming,
    /// How long a call may take before it has timed out.
    pub deadline: Duration,
    /// Decides the order of sets.
    pub hash_seed: u32,
}

impl WorkerConfig {
    /// What a worker is told of an engine and its options.
    #[must_use]
    pub fn of(engine: &EngineConfig, options: &LaunchOptions) -> Self {
        let mut engine = engine.clone();
        if options.surroundings.directory.is_some() {
            // The worker starts in another directory.
            engine.tree = engine.tree.map(|tree| std::path::absolute(&tree).unwrap_or(tree));
        }
        Self {
            engine,
            naming: options.naming.clone(),
            deadline: options.deadline,
            hash_seed: options.surroundings.hash_seed,
        }
    }

    /// The document as a line.
    pub fn line(&self) -> serde_json::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }

    fn load(self) -> Result<Box<dyn Engine>, TreeError> {
        let Self { engine, naming, deadline, hash_seed } = self;
        if !engine.is_embedded() {
            let message = format!("{} has a worker of its own", engine.name);
            return Err(TreeError::Refused { message });
        }
        let surroundings = Surroundings { hash_seed, ..Surroundings::default() };
        let options = LaunchOptions { deadline, surroundings, naming, ..LaunchOptions::default() };
        let (Some(language), Some(tree)) = (engine.language(), engine.tree.as_deref()) else {
            return Err(TreeError::Refused { message: format!("{} has no tree", engine.name) });
        };
        confine(&[&engine]).map_err(|error| EngineFault::Start {
            engine: engine.name.clone(),
            message: format!("it cannot be confined: {error}"),
        })?;
        prepared(embedded(language, tree, &engine, &options)?, &options)
    }
}

/// Reads a [`WorkerConfig`], then answers requests with that engine until there are no more.
pub fn serve_worker(input: &mut dyn BufRead, output: &mut dyn Write) -> io::Result<()> {
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line)?;
    let config: WorkerConfig = serde_json::from_slice(&line)?;
    serve(|| config.load(), input, output)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn config(engine: &str, tree: &str) -> WorkerConfig {
        let engine = EngineConfig { tree: Some(tree.into()), ..engine.parse().unwrap() };
        WorkerConfig::of(&engine, &LaunchOptions::default())
    }

    /// What a worker of this configuration says to its first request.
    fn greeting(config: &WorkerConfig) -> String {
        let hello = r#"{"type":"hello","protocol":1,"engine":"x","tree":null,"deadline":1.0}"#;
        let input = [config.line().unwrap(), hello.into()].concat();
        let mut output = Vec::new();
        serve_worker(&mut input.as_slice(), &mut output).unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn a_worker_answers_with_the_engine_that_it_is_told() {
        let tree = tempfile::tempdir().unwrap();
        let source = "import { StepHandler } from '@tasker-systems/tasker';\n\
                      export class A extends StepHandler {\n  static handlerName = 'a/b';\n  \
                      async call() { return this.success({}); }\n}\n";
        std::fs::write(tree.path().join("a_handler.ts"), source).unwrap();
        let greeting = greeting(&config("typescript", tree.path().to_str().unwrap()));
        assert!(greeting.contains(r#""engine":"typescript","handlers":["a/b"]"#), "{greeting}");
    }

    #[rstest]
    #[case("node", "node has a worker of its own")]
    #[case("typescript", "/nowhere: not a directory")]
    fn what_a_worker_cannot_load_it_refuses(#[case] engine: &str, #[case] message: &str) {
        let greeting = greeting(&config(engine, "/nowhere"));
        assert!(greeting.contains("refused") && greeting.contains(message), "{greeting}");
    }

    #[test]
    fn a_worker_in_another_directory_is_told_where_its_tree_is() {
        let engine = EngineConfig { tree: Some("tree".into()), ..config("python", "x").engine };
        let surroundings = Surroundings { directory: Some("/".into()), ..Surroundings::default() };
        let told = WorkerConfig::of(&engine, &LaunchOptions { surroundings, ..LaunchOptions::default() });
        assert_eq!(told.engine.tree, Some(std::env::current_dir().unwrap().join("tree")));
    }
}
