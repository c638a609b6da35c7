//! The command: writes what is not there yet, and says what is left to do.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::NewHandlerError;
use super::name::Name;
use super::place::repository_from;
use super::skeletons::{Content, Skeletons};
use crate::error::{CliError, Exit};
use parity_report::printable;

#[derive(Debug, clap::Args)]
pub(crate) struct NewHandlerArgs {
    /// What the handler is called, as namespace/step
    #[arg(value_name = "NAMESPACE/STEP")]
    pub(crate) name: String,
}

pub(crate) fn new_handler(args: &NewHandlerArgs, root: Option<&Path>) -> Result<Exit, CliError> {
    let name = Name::parse(&args.name)?;
    let root = match root {
        Some(dir) => repository_at(dir)?,
        None => repository_from(&std::env::current_dir()?)?,
    };
    let skeletons = Skeletons::of(&root, &name)?;
    write_all(&root, &skeletons)?;
    print(&name, &skeletons)?;
    Ok(Exit::Agreement)
}

/// The repository that was named, and none above it.
fn repository_at(dir: &Path) -> Result<PathBuf, NewHandlerError> {
    let found = repository_from(dir)?;
    if found == dir { Ok(found) } else { Err(NewHandlerError::NoRepository { dir: dir.to_owned() }) }
}

/// Writes all files, or none if one is there that is not only made longer.
fn write_all(root: &Path, skeletons: &Skeletons) -> Result<(), NewHandlerError> {
    let is_new = |content: &Content| !matches!(content, Content::Extended(_));
    let new = skeletons.files.iter().filter(|(_, content)| is_new(content)).map(|(file, _)| root.join(file));
    // A link that leads nowhere is there, too.
    let files: Vec<PathBuf> = new.filter(|file| file.symlink_metadata().is_ok()).collect();
    if !files.is_empty() {
        return Err(NewHandlerError::Exists { files });
    }
    for (file, content) in &skeletons.files {
        let path = root.join(file);
        let failed = |source| NewHandlerError::Io { path: path.clone(), source };
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(failed)?;
        }
        match content {
            Content::New(text) | Content::Extended(text) => fs::write(&path, text).map_err(failed)?,
            Content::Link(target) => std::os::unix::fs::symlink(target, &path).map_err(failed)?,
        }
    }
    Ok(())
}

/// What was written, and what only a person can do.
fn print(name: &Name, skeletons: &Skeletons) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    for (file, content) in &skeletons.files {
        let verb = if matches!(content, Content::Extended(_)) { "extended" } else { "written" };
        writeln!(out, "{verb}: {}", shown(file))?;
    }
    let list =
        |files: &[PathBuf]| files.iter().map(|file| format!("   - {}\n", shown(file))).collect::<Vec<_>>().concat();
    let (identity, sources, defects) = (name.identity(), list(&skeletons.sources), list(&skeletons.defects));
    let template = shown(&skeletons.template);
    write!(
        out,
        "
Left to do by hand:
1. Write the handler in each language, with one sentence at the top, export it in the post's index.ts, and declare in its SPEC
   what it reads and each way in which it may end:
{sources}2. State what it runs after, its retries and the input that it reads in {template}.
3. Plant defects that somebody could make, each with its minimal input, in the place of these, which give the day alone:
{defects}4. Where the input_schema says too little, write a generator in harness/blog/src and name it in GENERATORS.
5. cargo parity diff --handler {identity}
6. cargo parity vectors regenerate --handler {identity} && cargo parity docs
"
    )?;
    Ok(())
}

fn shown(file: &Path) -> String {
    printable(&file.display().to_string())
}
