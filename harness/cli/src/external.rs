//! Engines whose handlers run in a program that is not ours.

use std::path::Path;
use std::time::Duration;

use super::engines::{aliases, naming};
use super::subject::SubjectName;
use parity_engine::process::{ProcessEngine, Surroundings, WorkerCommand};
use parity_engine::{Engine, TreeError};
use parity_engine_python::python_process;
use parity_engine_ruby::ruby;
use parity_engine_typescript::NodeEngine;
use parity_report::Trees;

/// The Python of most systems.
const PYTHON: &str = "python3";

/// Starts an engine of this kind. A call that takes longer than `deadline` has timed out.
pub(super) fn load(
    subject: &SubjectName,
    tree: Option<&Path>,
    trees: &Trees,
    surroundings: &Surroundings,
    deadline: Duration,
) -> Result<Box<dyn Engine>, TreeError> {
    let naming = naming(trees)?;
    match (subject, tree) {
        (SubjectName::Command { name, command }, _) => {
            let command = WorkerCommand {
                program: "sh".into(),
                arguments: vec!["-c".into(), command.into()],
                surroundings: surroundings.clone(),
                ..WorkerCommand::default()
            };
            Ok(Box::new(ProcessEngine::start_named(name, command, deadline, &naming)?))
        }
        (SubjectName::PythonProcess, Some(tree)) => {
            let program = trees.python_program.as_deref().unwrap_or(Path::new(PYTHON));
            Ok(Box::new(python_process(program, tree, &naming, surroundings, deadline)?))
        }
        (SubjectName::Node, Some(tree)) => {
            Ok(Box::new(NodeEngine::load(tree, &naming, &aliases(trees)?, surroundings, deadline)?))
        }
        (SubjectName::Ruby, Some(tree)) => Ok(Box::new(ruby(tree, &naming, surroundings, deadline)?)),
        (other, _) => {
            let message =
                format!("there are no handlers of ours for {}; name their tree with --ruby DIR", other.name());
            Err(TreeError::Refused { message })
        }
    }
}
