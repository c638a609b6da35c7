//! The one command that shows a divergence again.

use std::path::PathBuf;

use parity_engine::EngineConfig;
use parity_model::{Ambient, StepInput};
use serde_json::{Value, json};

use super::escape::printable;
use parity_suite::workflow::Task;

/// The directories that were named on the command line, where the others are our own; and what runs them, if that is not
/// what always does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trees {
    /// `--python DIR`
    pub python: Option<PathBuf>,
    /// `--typescript DIR`
    pub typescript: Option<PathBuf>,
    /// `--templates PATH`
    pub templates: Option<PathBuf>,
    /// `--ruby DIR`
    pub ruby: Option<PathBuf>,
    /// `--python-program PROGRAM`
    pub python_program: Option<PathBuf>,
    /// `--alias PATTERN=TARGET`, each.
    pub aliases: Vec<String>,
    /// `--engine NAME`, each; none stands for the default.
    pub engines: Vec<String>,
    /// The program that shows a divergence again, as somebody started it; none stands for `cargo parity`.
    pub program: Option<String>,
    /// Further options that decide what differs, e.g. `--oracle` and a name, or one without a value.
    pub options: Vec<(&'static str, Option<String>)>,
}

impl Trees {
    /// Whether all handlers are our own.
    #[must_use]
    pub fn are_ours(&self) -> bool {
        let ours = self.python.is_none() && self.typescript.is_none() && self.ruby.is_none();
        ours && !self.engines.iter().any(|engine| engine.parse().is_ok_and(|engine: EngineConfig| engine.is_command()))
    }

    /// A shell command that replays `step_input`. It holds the input itself, not a seed, so that it outlives every change
    /// of a generator.
    #[must_use]
    pub fn reproduce(&self, step_input: &StepInput) -> String {
        self.replay(&short_json(step_input))
    }

    /// A shell command that replays `task`.
    #[must_use]
    pub(super) fn reproduce_task(&self, task: &Task) -> String {
        let mut short = json!({"workflow": task.workflow, "context": task.context});
        if task.ambient != Ambient::default() {
            short["ambient"] = json!(task.ambient);
        }
        self.replay(&printable(&short.to_string()))
    }

    /// The arguments of `parity` that replay a document from standard input.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["replay".to_owned()];
        let mut put = |option: &str, value: &str| arguments.extend([option.to_owned(), value.to_owned()]);
        for engine in &self.engines {
            put("--engine", engine);
        }
        for alias in &self.aliases {
            put("--alias", alias);
        }
        let dirs = [
            ("--python", &self.python),
            ("--python-program", &self.python_program),
            ("--typescript", &self.typescript),
            ("--ruby", &self.ruby),
            ("--templates", &self.templates),
        ];
        for (flag, dir) in dirs {
            if let Some(dir) = dir {
                put(flag, &dir.display().to_string());
            }
        }
        for (option, value) in &self.options {
            arguments.extend(std::iter::once((*option).to_owned()).chain(value.clone()));
        }
        arguments.push("-".to_owned());
        arguments
    }

    fn replay(&self, document: &str) -> String {
        let arguments: Vec<String> = self.arguments().iter().map(|argument| quote(argument)).collect();
        let program = self.program.as_deref().map_or_else(|| "cargo parity".to_owned(), quote);
        format!("printf %s {} | {program} {}", quote(document), arguments.join(" "))
    }
}

/// The step input without the members that have their default value.
fn short_json(step_input: &StepInput) -> String {
    let mut short = json!({"handler": step_input.handler, "context": step_input.context});
    let default = StepInput::new(step_input.handler.clone(), serde_json::Map::new(), serde_json::Map::new());
    let mut put = |name: &str, differs: bool, value: Value| {
        if differs {
            short[name] = value;
        }
    };
    put("dependencies", !step_input.dependencies.is_empty(), json!(step_input.dependencies));
    put("step_config", !step_input.step_config.is_empty(), json!(step_input.step_config));
    put("step_inputs", !step_input.step_inputs.is_empty(), json!(step_input.step_inputs));
    put("checkpoint", step_input.checkpoint.is_some(), json!(step_input.checkpoint));
    put("attempt", step_input.attempt != default.attempt, json!(step_input.attempt));
    put("max_attempts", step_input.max_attempts != default.max_attempts, json!(step_input.max_attempts));
    put("ambient", step_input.ambient != Ambient::default(), json!(step_input.ambient));
    printable(&short.to_string())
}

fn quote(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_holds_the_input_and_the_trees() {
        let context = json!({"a": "it's"}).as_object().unwrap().clone();
        let step_input = StepInput::new("a/b".parse().unwrap(), context, serde_json::Map::new());
        let trees = Trees { python: Some("my tree".into()), ..Trees::default() };
        assert_eq!(
            trees.reproduce(&step_input),
            r#"printf %s '{"handler":"a/b","context":{"a":"it'\''s"}}' | cargo parity replay --python 'my tree' -"#
        );
    }

    #[test]
    fn the_command_names_the_program_as_it_was_started() {
        let step_input = StepInput::new("a/b".parse().unwrap(), serde_json::Map::new(), serde_json::Map::new());
        let trees = Trees { program: Some("/opt/my tools/parity".to_owned()), ..Trees::default() };
        let command = r#"printf %s '{"handler":"a/b","context":{}}' | '/opt/my tools/parity' replay -"#;
        assert_eq!(trees.reproduce(&step_input), command);
    }

    #[test]
    fn the_command_names_engines_that_are_not_the_default() {
        let step_input = StepInput::new("a/b".parse().unwrap(), serde_json::Map::new(), serde_json::Map::new());
        let engines = vec!["node".to_owned(), "go=./go worker".to_owned()];
        let command = Trees { engines, ..Trees::default() }.reproduce(&step_input);
        assert!(command.ends_with("cargo parity replay --engine node --engine 'go=./go worker' -"), "{command}");
    }

    #[test]
    fn a_shortened_input_reads_back_as_the_same_input() {
        let mut step_input = StepInput::new("a/b".parse().unwrap(), serde_json::Map::new(), serde_json::Map::new());
        step_input.attempt = 2;
        step_input.ambient.entropy = 5;
        step_input.dependencies.insert("x".into(), json!("\u{202e}"));
        step_input.step_inputs.insert("is_no_op".into(), json!(true));
        step_input.checkpoint = Some(serde_json::Map::from_iter([("cursor".to_owned(), json!(3))]));
        assert_eq!(serde_json::from_str::<StepInput>(&short_json(&step_input)).unwrap(), step_input);
    }
}
