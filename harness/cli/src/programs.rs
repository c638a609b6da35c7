//! Which programs run handlers: those that were named are asked what they are before anything is started.

use std::path::{Path, PathBuf};
use std::sync::Once;

use parity_engine::language::{PYTHON, TYPESCRIPT};
use parity_engine::program::{ProgramError, Version, on_path};
use parity_engine::{EngineConfig, Interpreter, Runner, Second};
use parity_engine_typescript::Profile;
use parity_engines::is_built_in;
use parity_report::printable;

use super::args::{NodeChoice, TreeArgs};
use super::error::CliError;

/// Whether it is said already that a runtime is not built in.
static SAID: Once = Once::new();

/// The engine with the programs that the arguments name for it.
pub(super) fn with_programs(mut engine: EngineConfig, trees: &TreeArgs) -> Result<EngineConfig, CliError> {
    if let Runner::Embedded { language } = engine.runner
        && !is_built_in(language)
        && let Some(interpreter) = &language.interpreter
    {
        let named = trees.python_program.clone().filter(|_| *language == PYTHON);
        let program = named.unwrap_or_else(|| PathBuf::from(interpreter.program));
        SAID.call_once(|| {
            let (name, program) = (&engine.name, program.display().to_string());
            let program = printable(&program);
            eprintln!("parity: {name} runs in {program}, in processes of its own: this parity has none inside");
        });
        engine.runner = Runner::Interpreter { language, program };
    }
    if let Some((interpreter, program)) = engine.named_program() {
        interpreter.version_of(program)?;
    } else if let (Runner::Interpreter { language, program }, Some(named)) = (&mut engine.runner, &trees.python_program)
        && **language == PYTHON
    {
        if let Some(interpreter) = &language.interpreter {
            interpreter.version_of(named)?;
        }
        program.clone_from(named);
    }
    match &TYPESCRIPT.interpreter {
        Some(node) if engine.is_embedded() && engine.language() == Some(&TYPESCRIPT) => {
            let (second, version) = second(node, trees)?;
            Ok(EngineConfig { second: Some(second), version, ..engine })
        }
        _ => Ok(engine),
    }
}

/// What `--node` is unless it is given.
const VARIABLE: &str = "PARITY_NODE";

/// Who seconds the embedded engine, and which version it is to be like.
fn second(node: &Interpreter, trees: &TreeArgs) -> Result<(Second, Option<u32>), CliError> {
    let asked = trees.node_version;
    let nobody = |why: String| Ok((Second::Nobody { why }, asked));
    let variable = std::env::var(VARIABLE).ok();
    let (is_named, program) = match (&trees.node, &variable) {
        (Some(NodeChoice::Off), _) => return nobody("--node off".to_owned()),
        (Some(NodeChoice::Program(program)), _) => (true, program.as_path()),
        (None, Some(choice)) if choice == "off" => return nobody(format!("{VARIABLE} is off")),
        (None, Some(program)) => (true, Path::new(program)),
        (None, None) => (false, Path::new(node.program)),
    };
    let found = found(program).and_then(|program| Ok((node.version_of(&program)?, program)));
    let (version, program) = match found {
        Ok(found) => found,
        Err(error) if is_named => return Err(error.into()),
        Err(ProgramError::Missing { .. }) => return nobody(format!("there is no {} on PATH", node.program)),
        Err(error) => return nobody(error.to_string()),
    };
    let Version { major, text, .. } = version;
    match asked {
        Some(asked) if Profile::of(major).major() != asked => {
            let program = program.display().to_string();
            let error = CliError::OtherNode { program, version: text, asked };
            if is_named { Err(error) } else { nobody(error.to_string()) }
        }
        _ => Ok((Second::Program { program, runtime: format!("{} {text}", node.title) }, Some(major))),
    }
}

/// Where a program is, so that it is found from everywhere.
fn found(program: &Path) -> Result<PathBuf, ProgramError> {
    let found = on_path(program).and_then(|file| std::path::absolute(file).ok());
    found.ok_or_else(|| ProgramError::Missing { program: program.to_owned() })
}
