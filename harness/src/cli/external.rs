//! Engines whose handlers run in a program that is not ours.

use std::path::Path;
use std::time::Duration;

use super::subject::SubjectName;
use crate::engine::node::NodeEngine;
use crate::engine::process::{ProcessEngine, Surroundings, WorkerCommand};
use crate::engine::python_process::python_process;
use crate::engine::ruby::ruby;
use crate::engine::{Engine, TreeError};

/// The Python of most systems.
const PYTHON: &str = "python3";

/// Starts an engine of this kind. A call that takes longer than `deadline` has timed out.
pub(super) fn load(
    subject: &SubjectName,
    tree: Option<&Path>,
    python: Option<&Path>,
    surroundings: &Surroundings,
    deadline: Duration,
) -> Result<Box<dyn Engine>, TreeError> {
    match (subject, tree) {
        (SubjectName::Command { name, command }, _) => {
            let command = WorkerCommand {
                program: "sh".into(),
                arguments: vec!["-c".into(), command.into()],
                surroundings: surroundings.clone(),
                ..WorkerCommand::default()
            };
            Ok(Box::new(ProcessEngine::start(name, command, deadline)?))
        }
        (SubjectName::PythonProcess, Some(tree)) => {
            let program = python.unwrap_or(Path::new(PYTHON));
            Ok(Box::new(python_process(program, tree, surroundings, deadline)?))
        }
        (SubjectName::Node, Some(tree)) => Ok(Box::new(NodeEngine::load(tree, surroundings, deadline)?)),
        (SubjectName::Ruby, Some(tree)) => Ok(Box::new(ruby(tree, surroundings, deadline)?)),
        (other, _) => {
            let message =
                format!("there are no handlers of ours for {}; name their tree with --ruby DIR", other.name());
            Err(TreeError::Refused { message })
        }
    }
}
