//! What this process and those that it starts do, as they do it: spans and events on standard error, or in a file.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{FmtSpan, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, layer};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::{LookupSpan, Registry};

use super::args::LogArgs;
use super::error::CliError;

/// The variable that says what is logged, in the syntax of [`EnvFilter`].
pub const LOG_VARIABLE: &str = "PARITY_LOG";

/// What is logged, and where to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Logging {
    /// What; nothing is logged without it.
    filter: Option<String>,
    pub(super) to_stderr: bool,
    file: Option<PathBuf>,
}

impl Logging {
    /// What the arguments and the variable ask for; the arguments name the places, and the variable what goes there.
    pub(super) fn new(args: &LogArgs, variable: Option<&OsStr>) -> Self {
        let variable = variable.filter(|text| !text.is_empty()).map(|text| text.to_string_lossy().into_owned());
        let by_level = match (args.verbose, &args.log) {
            (0, None) => None,
            (1, _) => Some("parity=info".to_owned()),
            _ => Some("parity=debug".to_owned()),
        };
        let filter = args.log_filter.clone().or(variable).or(by_level);
        let file = args.log.as_ref().map(|file| std::path::absolute(file).unwrap_or_else(|_| file.clone()));
        let to_stderr = args.verbose > 0 || filter.is_some() && file.is_none();
        Self { filter, to_stderr, file }
    }

    /// The arguments with which another process of this run logs the same to the same places.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = Vec::new();
        if let Some(filter) = &self.filter {
            arguments.push(format!("--log-filter={filter}").into());
        }
        if let Some(file) = &self.file {
            arguments.extend(["--log".into(), file.into()]);
        }
        if self.to_stderr {
            arguments.push("-v".into());
        }
        arguments
    }

    /// The same without standard error, which belongs to the handlers of a process that serves one engine.
    pub(super) fn without_stderr(self) -> Self {
        Self { to_stderr: false, ..self }
    }

    /// Logs from now on. Without anything to log nothing is set up, so that it costs nothing.
    pub(super) fn start(&self) -> Result<(), CliError> {
        let Some(filter) = &self.filter else { return Ok(()) };
        let filter = EnvFilter::try_new(filter)
            .map_err(|error| CliError::LogFilter { filter: filter.clone(), message: error.to_string() })?;
        let file = self.file.as_deref().map(opened).transpose()?;
        let to_file = file.map(|file| {
            let lines = layer().json().with_writer(file).with_span_events(FmtSpan::CLOSE);
            lines.map_event_format(OfProcess)
        });
        let to_stderr =
            self.to_stderr.then(|| layer().with_writer(io::stderr).with_ansi(false).with_span_events(FmtSpan::CLOSE));
        let subscriber = Registry::default().with(filter).with(to_file).with(to_stderr);
        // Whoever has set up something else in this process already has done so on purpose.
        let _ = tracing::subscriber::set_global_default(subscriber);
        Ok(())
    }
}

/// The file, to which every process of a run appends whole lines.
fn opened(file: &Path) -> Result<File, CliError> {
    let options = File::options().append(true).create(true).open(file);
    options.map_err(|source| CliError::Log { file: file.to_owned(), source })
}

/// A line of JSON that begins with the process that writes it.
struct OfProcess<F>(F);

impl<S, N, F> FormatEvent<S, N> for OfProcess<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = String::new();
        self.0.format_event(context, Writer::new(&mut line), event)?;
        let members = line.strip_prefix('{').ok_or(fmt::Error)?;
        write!(writer, "{{\"process\":{},{members}", std::process::id())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn logging(verbose: u8, log: Option<&str>, variable: Option<&str>) -> Logging {
        let args = LogArgs { verbose, log: log.map(Into::into), log_filter: None };
        Logging::new(&args, variable.map(OsStr::new))
    }

    #[rstest]
    #[case::nothing(0, None, None, None, false)]
    #[case::an_empty_variable(0, None, Some(""), None, false)]
    #[case::once(1, None, None, Some("parity=info"), true)]
    #[case::twice(2, None, None, Some("parity=debug"), true)]
    #[case::a_file_alone(0, Some("/log"), None, Some("parity=debug"), false)]
    #[case::a_file_and_a_level(1, Some("/log"), None, Some("parity=info"), true)]
    #[case::a_variable_alone(0, None, Some("parity=trace"), Some("parity=trace"), true)]
    #[case::a_variable_and_a_level(1, None, Some("parity=trace"), Some("parity=trace"), true)]
    #[case::a_variable_and_a_file(0, Some("/log"), Some("parity=trace"), Some("parity=trace"), false)]
    fn arguments_name_the_places_and_the_variable_what_goes_there(
        #[case] verbose: u8,
        #[case] log: Option<&str>,
        #[case] variable: Option<&str>,
        #[case] filter: Option<&str>,
        #[case] to_stderr: bool,
    ) {
        let expected = Logging { filter: filter.map(str::to_owned), to_stderr, file: log.map(Into::into) };
        assert_eq!(logging(verbose, log, variable), expected);
    }

    #[rstest]
    #[case(0, None, None, &[])]
    #[case(2, None, None, &["--log-filter=parity=debug", "-v"])]
    #[case(0, Some("/log"), Some("parity=trace"), &["--log-filter=parity=trace", "--log", "/log"])]
    fn another_process_is_told_the_same(
        #[case] verbose: u8,
        #[case] log: Option<&str>,
        #[case] variable: Option<&str>,
        #[case] arguments: &[&str],
    ) {
        assert_eq!(logging(verbose, log, variable).arguments(), arguments);
    }
}
