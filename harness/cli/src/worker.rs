//! `parity worker`: an engine in a process of its own, which another parity has started.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd};

use super::args::WorkerArgs;
use super::engines::{aliases, naming, tree_of};
use super::error::{CliError, Exit};
use super::subject::SubjectName;
use parity_engine::process::serve;
use parity_engine::{Engine, TreeError};
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;

pub(super) fn worker(args: &WorkerArgs) -> Result<Exit, CliError> {
    end_with_the_parent();
    let mut output = own_output()?;
    serve(|| load(args), &mut io::stdin().lock(), &mut output)?;
    Ok(Exit::Agreement)
}

fn load(args: &WorkerArgs) -> Result<Box<dyn Engine>, TreeError> {
    let trees = args.trees.trees();
    let (tree, naming) = (tree_of(&args.engine, &trees).unwrap_or_default(), naming(&trees)?);
    let mut engine: Box<dyn Engine> = match &args.engine {
        SubjectName::Python => Box::new(PythonEngine::load_seeded(&tree, &naming, args.hash_seed)?),
        SubjectName::Typescript => Box::new(TypeScriptEngine::load_named(&tree, &naming, &aliases(&trees)?)?),
        other => {
            let message = format!("{} has a worker of its own", other.name());
            return Err(TreeError::Refused { message });
        }
    };
    engine.set_deadline(args.deadline);
    Ok(engine)
}

/// Keeps standard output for the protocol, and lets everything else that is written there go nowhere.
pub(super) fn own_output() -> io::Result<File> {
    let nowhere = File::options().write(true).open("/dev/null")?;
    // SAFETY: both calls copy descriptors that are open; the new one belongs to nobody but the file that is made of it.
    unsafe {
        let output = libc::fcntl(libc::STDOUT_FILENO, libc::F_DUPFD_CLOEXEC, 3);
        if output < 0 || libc::dup2(nowhere.as_raw_fd(), libc::STDOUT_FILENO) < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(File::from_raw_fd(output))
    }
}

/// A handler may be running for ever when the parent is killed.
pub(super) fn end_with_the_parent() {
    // SAFETY: the call changes nothing but the signal that this process gets.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
}
