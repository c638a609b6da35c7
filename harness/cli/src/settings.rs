//! Settings in a file, so that nobody has to repeat flags: `parity.toml`, or `[tool.parity]` in a `pyproject.toml`, found upwards from
//! the working directory. A key is the name of a flag of `parity diff`, and a flag on the command line takes its place.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command, CommandFactory};
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use parity_engine::allowed::FILE as FILE_DOOR;

use super::args::Args;

/// What the file is called.
pub(super) const FILE: &str = "parity.toml";

/// A file that may hold settings, too, and where in it.
const PROJECT: (&str, [&str; 2]) = ("pyproject.toml", ["tool", "parity"]);

/// The commands that settings are for.
const COMMANDS: [&str; 7] = ["diff", "replay", "list", "run", "promote", "vectors", "review"];

/// Flags of other commands that are settings, too, each with its command.
const MORE: [(&str, &str); 1] = [("promote", "vectors")];

/// Flags that say what is done now, not how it is always done.
const NOT_SETTINGS: [&str; 10] =
    ["help", "version", "settings", "handler", "workflow", "shard", "changed", "format", "all", "report"];

/// Settings that name what has to be there.
const THERE: [&str; 6] = ["templates", "python", "typescript", "ruby", "ledger", "inputs"];

/// The setting whose values may name files.
const ALLOW: &str = "allow";

/// Tables that settings have in a file that is not theirs alone.
const TABLES: [&str; 2] = ["parity", "tool"];

/// The name of no file.
const NONE: &str = "none";

/// Names at most so many letters apart are taken for one another.
const NEAR: usize = 3;

/// Settings cannot be used.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("{}: the settings can not be read: {error}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is no TOML.
    #[error("{}:{line}: {message}", file.display())]
    NoToml {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A key cannot be used.
    #[error("{}:{line}: {key}: {message}", file.display())]
    Key {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key.
        key: String,
        /// What is wrong with it or its value.
        message: String,
    },
}

/// The arguments of the command line, `given`, and behind the command those that settings say. Arguments that clap refuses stay as they
/// are: it tells why.
pub fn with_settings(given: Vec<OsString>) -> Result<Vec<OsString>, SettingsError> {
    let cli = Args::command();
    let Some((place, command)) = command_in(&cli, &given) else { return Ok(given) };
    let Some(settings) = Settings::find(&given)? else { return Ok(given) };
    let arguments = settings.arguments(command, &given[place + 1..])?;
    settings.check_places(&arguments)?;
    Ok([&given[..=place], &arguments, &given[place + 1..]].concat())
}

/// The command among arguments, and its place, if settings are for it: of a command that has commands, the inner one.
fn command_in<'c>(cli: &'c Command, given: &[OsString]) -> Option<(usize, &'c Command)> {
    let find = |command: &'c Command, from: usize| {
        given.iter().enumerate().skip(from).find_map(|(place, name)| Some((place, command.find_subcommand(name)?)))
    };
    let (place, command) = find(cli, 0).filter(|(_, command)| COMMANDS.contains(&command.get_name()))?;
    if command.has_subcommands() { find(command, place + 1) } else { Some((place, command)) }
}

/// The file whose settings are those of this process.
pub(super) fn found() -> Option<PathBuf> {
    let given: Vec<OsString> = std::env::args_os().collect();
    Settings::find(&given).ok().flatten().map(|settings| settings.file)
}

/// A file with settings.
struct Settings {
    file: PathBuf,
    text: String,
}

impl Settings {
    /// The file that a flag names, or else the nearest one.
    fn find(given: &[OsString]) -> Result<Option<Self>, SettingsError> {
        match value_of("settings", given) {
            Some(name) if name == NONE => Ok(None),
            Some(name) => Self::read(PathBuf::from(name)).map(Some),
            None => Self::nearest(),
        }
    }

    fn read(file: PathBuf) -> Result<Self, SettingsError> {
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(Self { file, text }),
            Err(error) => Err(SettingsError::Unreadable { file, error }),
        }
    }

    fn nearest() -> Result<Option<Self>, SettingsError> {
        let Ok(here) = std::env::current_dir() else { return Ok(None) };
        let mut way = PathBuf::new();
        for _ in here.ancestors() {
            let own = way.join(FILE);
            if own.is_file() {
                return Self::read(own).map(Some);
            }
            let project = way.join(PROJECT.0);
            if project.is_file() {
                let project = Self::read(project)?;
                // What else is wrong with it is for others to say.
                if DeTable::parse(&project.text).is_ok_and(|table| project.section(table.into_inner()).is_some()) {
                    return Ok(Some(project));
                }
            }
            way.push("..");
        }
        Ok(None)
    }

    /// The table with the settings.
    fn section<'t>(&self, table: DeTable<'t>) -> Option<DeTable<'t>> {
        if self.file.file_name() != Some(OsStr::new(PROJECT.0)) {
            return Some(table);
        }
        PROJECT.1.iter().try_fold(table, |mut table, name| {
            let place = table.keys().find(|key| key.get_ref() == name)?.clone();
            match table.remove(&place)?.into_inner() {
                DeValue::Table(inner) => Some(inner),
                _ => None,
            }
        })
    }

    /// What the settings say to a command that was given these arguments.
    fn arguments(&self, command: &Command, given: &[OsString]) -> Result<Vec<OsString>, SettingsError> {
        let table = DeTable::parse(&self.text).map_err(|error| SettingsError::NoToml {
            file: self.file.clone(),
            line: self.line(error.span().unwrap_or_default()),
            message: error.message().to_owned(),
        })?;
        let cli = Args::command();
        let flags_of = |name: &str| cli.find_subcommand(name).into_iter().flat_map(Command::get_arguments);
        let is_setting = |arg: &&Arg| arg.get_long().is_some_and(|name| !NOT_SETTINGS.contains(&name));
        let more = |(command, flag): (&str, &'static str)| {
            flags_of(command).filter(move |arg| arg.get_long() == Some(flag)).collect::<Vec<_>>()
        };
        let known: Vec<&Arg> = flags_of("diff").filter(is_setting).chain(MORE.into_iter().flat_map(more)).collect();
        let mut members: Vec<_> = self.section(table.into_inner()).unwrap_or_default().into_iter().collect();
        members.sort_by_key(|(key, _)| key.span().start);
        let mut arguments = Vec::new();
        for (key, value) in members {
            let (line, name) = (self.line(key.span()), key.get_ref().as_ref());
            let refused =
                |message: String| SettingsError::Key { file: self.file.clone(), line, key: name.to_owned(), message };
            if TABLES.contains(&name) && matches!(value.get_ref(), DeValue::Table(_)) {
                return Err(refused(format!("the settings of a {FILE} are in no table; leave this line out")));
            }
            let flag = known.iter().find(|arg| arg.get_long() == Some(name));
            let flag = flag.ok_or_else(|| refused(unknown(name, &known)))?;
            let own = self.of_flag(flag, name, value).map_err(&refused)?;
            check(&own).map_err(&refused)?;
            let is_there = command.get_arguments().any(|arg| arg.get_long() == Some(name) && like(arg, flag));
            if is_there && !is_given(name, given) {
                arguments.extend(own);
            }
        }
        Ok(arguments)
    }

    /// Refuses places that are not there.
    fn check_places(&self, arguments: &[OsString]) -> Result<(), SettingsError> {
        for argument in arguments {
            let argument = argument.to_string_lossy();
            let Some((name, place)) = argument.trim_start_matches('-').split_once('=') else { continue };
            if THERE.contains(&name) && !Path::new(place).exists() {
                let (file, key) = (self.file.clone(), name.to_owned());
                let message = format!("{place} is not there");
                return Err(SettingsError::Key { file, line: self.line_of(name), key, message });
            }
        }
        Ok(())
    }

    /// The line of a key.
    fn line_of(&self, name: &str) -> usize {
        let table = DeTable::parse(&self.text).ok().and_then(|table| self.section(table.into_inner()));
        let key = table.and_then(|table| table.keys().find(|key| key.get_ref() == name).map(Spanned::span));
        self.line(key.unwrap_or_default())
    }

    /// The arguments that a key stands for.
    fn of_flag(&self, flag: &Arg, name: &str, value: Spanned<DeValue<'_>>) -> Result<Vec<OsString>, String> {
        let is_switch = matches!(flag.get_action(), ArgAction::SetTrue);
        let may_be_bare = is_switch || flag.get_num_args().is_some_and(|count| count.min_values() == 0);
        let is_list = matches!(flag.get_action(), ArgAction::Append);
        match value.into_inner() {
            DeValue::Boolean(is_on) if may_be_bare => {
                Ok(is_on.then(|| format!("--{name}").into()).into_iter().collect())
            }
            _ if is_switch => Err("write true or false".to_owned()),
            DeValue::Array(values) if is_list => {
                values.into_iter().map(|value| self.argument(flag, name, value.get_ref())).collect()
            }
            DeValue::Array(_) => Err("takes one value, not a list".to_owned()),
            value => Ok(vec![self.argument(flag, name, &value)?]),
        }
    }

    fn argument(&self, flag: &Arg, name: &str, value: &DeValue<'_>) -> Result<OsString, String> {
        let text = match value {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            other => return Err(format!("takes a text, not a value of the type {}", other.type_str())),
        };
        let mut argument = OsString::from(format!("--{name}="));
        // A program without a slash is looked for on PATH.
        let is_program = flag.get_value_names().is_some_and(|names| names.iter().any(|name| name == "PROGRAM"));
        if let Some(path) = text.strip_prefix(FILE_DOOR).filter(|_| name == ALLOW) {
            let place = self.file.parent().unwrap_or(Path::new("")).join(path);
            argument.push(FILE_DOOR);
            argument.push(place);
            return Ok(argument);
        }
        let is_path = flag.get_value_parser().type_id() == TypeId::of::<PathBuf>();
        if is_path && (!is_program || text.contains('/')) {
            argument.push(self.file.parent().unwrap_or(Path::new("")).join(text));
        } else {
            argument.push(text);
        }
        Ok(argument)
    }

    /// The line of a place in the text, from 1.
    fn line(&self, span: Range<usize>) -> usize {
        self.text.as_bytes().iter().take(span.start).filter(|byte| **byte == b'\n').count() + 1
    }
}

/// Whether two commands mean the same by a flag.
fn like(one: &Arg, other: &Arg) -> bool {
    matches!(one.get_action(), ArgAction::Append) == matches!(other.get_action(), ArgAction::Append)
}

/// Whether a flag is among arguments.
fn is_given(name: &str, given: &[OsString]) -> bool {
    let flag = format!("--{name}");
    given.iter().take_while(|arg| *arg != "--").any(|arg| {
        let arg = arg.to_string_lossy();
        arg.strip_prefix(&flag).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}

/// The value of a flag among arguments.
fn value_of(name: &str, given: &[OsString]) -> Option<String> {
    let flag = format!("--{name}");
    let mut rest = given.iter().take_while(|arg| *arg != "--").map(|arg| arg.to_string_lossy());
    while let Some(arg) = rest.next() {
        match arg.strip_prefix(&flag) {
            Some("") => return rest.next().map(std::borrow::Cow::into_owned),
            Some(value) if value.starts_with('=') => return Some(value[1..].to_owned()),
            _ => {}
        }
    }
    None
}

/// What clap has against arguments by themselves.
fn check(own: &[OsString]) -> Result<(), String> {
    use clap::error::ErrorKind::{InvalidValue, ValueValidation};
    let whole = ["parity", "diff"].iter().map(OsString::from).chain(own.iter().cloned());
    match Args::command().try_get_matches_from(whole) {
        Err(error) if matches!(error.kind(), InvalidValue | ValueValidation) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            Err(first.trim_start_matches("error: ").to_owned())
        }
        _ => Ok(()),
    }
}

fn unknown(name: &str, known: &[&Arg]) -> String {
    let names = known.iter().filter_map(|arg| arg.get_long());
    let near = names.map(|known| (strsim::damerau_levenshtein(name, known), known)).min();
    match near {
        Some((distance, near)) if distance <= NEAR => format!("no such setting; did you mean {near}?"),
        _ => "no such setting; the flags of `parity diff` are".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use similar_asserts::assert_eq;

    use super::*;

    fn settings(file: &str, text: &str) -> Settings {
        Settings { file: file.into(), text: text.to_owned() }
    }

    fn said(settings: &Settings, command: &str, given: &[&str]) -> Vec<String> {
        let given: Vec<OsString> = given.iter().map(OsString::from).collect();
        let cli = Args::command();
        let arguments = settings.arguments(cli.find_subcommand(command).unwrap(), &given).unwrap();
        arguments.into_iter().map(|argument| argument.into_string().unwrap()).collect()
    }

    const ALL: &str = "python = 'py'\nruby = '/srv/rb'\nengine = ['python', 'node']\ncases = 50\nmax-time = 2.5\n\
        include-invalid = true\nallow-absent = true\npython-program = 'python3.12'\nvolatile = ['/result/at', '/result/id']\n";

    #[test]
    fn keys_are_flags_and_paths_are_those_of_the_file() {
        let expected = [
            "--python=../py",
            "--ruby=/srv/rb",
            "--engine=python",
            "--engine=node",
            "--cases=50",
            "--max-time=2.5",
            "--include-invalid",
            "--allow-absent",
            "--python-program=python3.12",
            "--volatile=/result/at",
            "--volatile=/result/id",
        ];
        assert_eq!(said(&settings("../parity.toml", ALL), "diff", &[]), expected);
    }

    #[test]
    fn a_flag_takes_the_place_of_a_key_and_a_command_takes_what_it_knows() {
        let settings = settings("parity.toml", ALL);
        let of_diff = said(&settings, "diff", &["--engine=ruby", "--cases", "7", "--allow-absent", "--python", "x"]);
        let expected = ["--ruby=/srv/rb", "--max-time=2.5", "--include-invalid", "--python-program=python3.12"];
        assert_eq!(of_diff[..4], expected);
        assert_eq!(said(&settings, "list", &[]), ["--python=py", "--ruby=/srv/rb", "--python-program=python3.12"]);
        // There, --engine names the one that answers.
        assert_eq!(said(&settings, "run", &["--engine", "python"])[0], "--python=py");
        assert!(said(&settings, "run", &[]).iter().all(|argument| !argument.starts_with("--engine")));
    }

    #[test]
    fn a_file_that_is_opened_is_that_of_the_file() {
        let settings = settings("../parity.toml", "allow = ['file:cli/src', 'file:/dev/null', 'network']\n");
        let expected = ["--allow=file:../cli/src", "--allow=file:/dev/null", "--allow=network"];
        assert_eq!(said(&settings, "list", &[]), expected);
    }

    #[test]
    fn a_command_of_a_command_has_settings_of_its_own() {
        let cli = Args::command();
        let place = |given: &[&str]| {
            let given: Vec<OsString> = given.iter().map(OsString::from).collect();
            command_in(&cli, &given).map(|(place, command)| (place, command.get_name().to_owned()))
        };
        assert_eq!(place(&["parity", "vectors", "--root", "x", "check", "-v"]), Some((4, "check".to_owned())));
        assert_eq!(place(&["parity", "promote", "diff"]), Some((1, "promote".to_owned())));
        assert_eq!(place(&["parity", "vectors"]), None);
        assert_eq!(place(&["parity", "docs"]), None);
        let settings = settings("a/parity.toml", "vectors = 'golden'\ncases = 5\n");
        assert_eq!(said(&settings, "promote", &[]), ["--vectors=a/golden"]);
        assert_eq!(said(&settings, "diff", &[]), ["--cases=5"]);
    }

    #[test]
    fn a_place_that_is_not_there_is_told_with_line_and_key() {
        let settings = settings("a/pyproject.toml", "[tool.parity]\ncases = 5\ntemplates = 'flows'\nsave = 'new'\n");
        let cli = Args::command();
        let arguments = settings.arguments(cli.find_subcommand("diff").unwrap(), &[]).unwrap();
        let error = settings.check_places(&arguments).unwrap_err().to_string();
        assert_eq!(error, "a/pyproject.toml:3: templates: a/flows is not there");
    }

    #[test]
    fn the_section_of_a_project_is_read_and_nothing_else_of_it() {
        let text = "[project]\nname = 'x'\n[tool.parity]\ntemplates = 'flows'\n[tool.ruff]\nline-length = 100\n";
        assert_eq!(said(&settings("a/pyproject.toml", text), "diff", &[]), ["--templates=a/flows"]);
    }

    #[rstest]
    #[case("\ntemplate = 'x'\n", "parity.toml:2: template: no such setting; did you mean templates?")]
    #[case(
        "\n[parity]\ncases = 5\n",
        "parity.toml:2: parity: the settings of a parity.toml are in no table; leave this line out"
    )]
    #[case("report = 'x'", "parity.toml:1: report: no such setting")]
    #[case("cases = 0", "parity.toml:1: cases: invalid value '0' for '--cases <N>'")]
    #[case("seed = 'xyz'\n", "parity.toml:1: seed: invalid value 'xyz'")]
    #[case("ignore = ['/nothing']\n", "parity.toml:1: ignore: invalid value '/nothing'")]
    #[case(
        "allow = 'file:nowhere'\n",
        "parity.toml:1: allow: invalid value 'file:nowhere' for '--allow <DOOR>': there is nothing"
    )]
    #[case("include-invalid = 1\n", "parity.toml:1: include-invalid: write true or false")]
    #[case("oracle = ['python']\n", "parity.toml:1: oracle: takes one value, not a list")]
    #[case("python = {a = 1}\n", "parity.toml:1: python: takes a text, not a value of the type table")]
    #[case("python = 'a'\n\npython = 'b'\n", "parity.toml:3: ")]
    #[case("cases = \n", "parity.toml:1: ")]
    fn what_can_not_be_used_is_told_with_line_and_key(#[case] text: &str, #[case] message: &str) {
        let cli = Args::command();
        let diff = cli.find_subcommand("diff").unwrap();
        let error = settings("parity.toml", text).arguments(diff, &[]).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}
