//! What becomes of a report: it is printed, and written to the files that were named.

use std::io::Write;
use std::path::Path;

use console::Term;
use parity_json::document::{DocumentError, read_regular, write_atomically};
use parity_report::{Report, View, render};

use super::args::{Format, OutputArgs};
use super::error::CliError;

/// Is `true` where GitHub runs this.
const GITHUB: &str = "GITHUB_ACTIONS";

/// Writes the files that were named, then prints the report.
pub(super) fn put_out(report: &Report, output: &OutputArgs) -> Result<(), CliError> {
    write_files(report, output)?;
    print(report, output)
}

/// Each file is written as a whole or not at all, and none before all of them could be made.
fn write_files(report: &Report, output: &OutputArgs) -> Result<(), CliError> {
    let failed = |file: &Path, source: std::io::Error| CliError::Unwritable { file: file.to_owned(), source };
    let mut files: Vec<(&Path, String)> = Vec::new();
    if let Some(file) = &output.report {
        let text = report.to_json().map_err(|error| failed(file, error.into()))?;
        files.push((file, text + "\n"));
    }
    if let Some(file) = &output.html {
        files.push((
            file,
            report
                .to_html(&|source| read_regular(Path::new(source)).ok())
                .map_err(|error| failed(file, std::io::Error::other(error)))?,
        ));
    }
    if let Some(file) = &output.junit {
        files.push((file, report.to_junit().map_err(|error| failed(file, std::io::Error::other(error)))?));
    }
    if let Some(file) = &output.summary {
        files.push((file, report.to_markdown()));
    }
    if let Some(file) = &output.sarif {
        files.push((file, format!("{:#}\n", report.to_sarif())));
    }
    for (file, text) in files {
        write(file, &text)?;
    }
    Ok(())
}

/// Refuses files that cannot be written, before there is something to write.
pub(super) fn check_files(output: &OutputArgs) -> Result<(), CliError> {
    let OutputArgs { report, html, junit, summary, sarif, .. } = output;
    [report, html, junit, summary, sarif].into_iter().flatten().try_for_each(|file| check_parent(file))
}

fn check_parent(file: &Path) -> Result<(), CliError> {
    let Some(parent) = file.parent().filter(|parent| parent.as_os_str() != "" && !parent.is_dir()) else {
        return Ok(());
    };
    let message = format!("there is no directory {}", parent.display());
    Err(CliError::Unwritable { file: file.to_owned(), source: std::io::Error::other(message) })
}

fn write(file: &Path, text: &str) -> Result<(), CliError> {
    let unwritable = |source| CliError::Unwritable { file: file.to_owned(), source };
    if file.exists() && !file.is_file() {
        // A pipe, or a device.
        return std::fs::write(file, text).map_err(unwritable);
    }
    check_parent(file)?;
    write_atomically(file, text).map_err(|error| match error {
        DocumentError::Io { source, .. } => unwritable(source),
        malformed @ DocumentError::Malformed { .. } => malformed.into(),
    })
}

fn print(report: &Report, output: &OutputArgs) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    match output.format {
        Format::Text => out.write_all(render(report, view(output.all)).as_bytes())?,
        Format::Json => writeln!(out, "{}", report.to_json().map_err(std::io::Error::from)?)?,
    }
    if output.statistics {
        match output.format {
            Format::Text => out.write_all(report.statistics().as_bytes())?,
            // Standard output is one document.
            Format::Json => eprint!("{}", report.statistics()),
        }
    }
    if output.annotations || std::env::var(GITHUB).is_ok_and(|value| value == "true") {
        match output.format {
            Format::Text => out.write_all(report.annotations().as_bytes())?,
            // GitHub reads this, too.
            Format::Json => eprint!("{}", report.annotations()),
        }
    }
    Ok(())
}

/// What a person sees where standard output goes to.
pub(super) fn view(all: bool) -> View {
    let usual = View { all, ..View::default() };
    let terminal = Term::stdout();
    match terminal.features().is_attended().then(|| terminal.size_checked()).flatten() {
        Some((_, columns)) => View { width: columns.into(), ..usual },
        None => usual,
    }
}
