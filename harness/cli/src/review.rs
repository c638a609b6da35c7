//! `parity review`: saved divergences, or those of a report, one after the other, and what is to become of each.

use std::io::StdinLock;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use parity_campaign::{Corpus, Divergence, Examiner, Fate, Saved, Tally};
use parity_engine::language::TestKind;
use parity_engines::Launcher;
use parity_json::document::{DocumentError, write_atomically};
use parity_judge::{Entry, Ledger, Why, with_entry};
use parity_report::{Emit, Report, ReportedDivergence, Results, printable};
use parity_vectors::{OnSuite, promote};

use super::args::ReviewArgs;
use super::asker::{Asker, say};
use super::emit::test_of;
use super::error::{CliError, Exit};
use super::merge::read;
use super::output::view;
use super::places::places;
use super::results::results;
use super::root::Root;
use super::suite::{Asked, Chosen};
use super::vectors::{may_lack, own, promote_own, setting, store};

pub(super) fn review(args: &ReviewArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let there = args.ledger.as_deref().filter(|file| file.exists());
    let mut asked = Asked::new(&args.kept.suite, root, &Chosen::All, there)?;
    // What is known is not asked about, and is no agreement.
    let known = std::mem::take(&mut asked.suite.criteria.ledger);
    let known = if args.ledger.is_some() && there.is_none() { Ledger::default() } else { known };
    let corpus = Corpus::new(args.corpus.clone().unwrap_or_else(|| asked.corpus.clone()));
    let items = match &args.file {
        Some(file) => of_report(read(file)?)?,
        None => of_corpus(&corpus, args.corpus.as_deref().unwrap_or(&asked.corpus))?,
    };
    if items.is_empty() {
        say("nothing to review")?;
        return Ok(Exit::Agreement);
    }
    let setting = setting(&args.kept, &asked.suite, launch);
    let may_lack = may_lack(&args.kept);
    let answering = OnSuite { examiner: Examiner::new(&setting)?, may_lack: &may_lack };
    let last = (String::new(), String::new());
    let mut review = Review { args, root, asked: &asked, known, corpus, answering, asker: Asker::new(), last };
    let mut exit = Exit::Agreement;
    let count = items.len();
    for (number, item) in items.into_iter().enumerate() {
        say(&format!("{} of {count}: {}", number + 1, printable(&item.name)))?;
        let end = review.one(&item)?;
        exit = match (end, exit) {
            (End::Unknown, _) | (_, Exit::CouldNotCompare) => Exit::CouldNotCompare,
            (End::Left | End::Quit, _) => Exit::Divergence,
            (End::Settled, exit) => exit,
        };
        if end == End::Quit {
            say(&format!("{} of {count} are left", count - number))?;
            break;
        }
    }
    Ok(exit)
}

/// What is gone through.
struct Item {
    name: String,
    /// Where it is saved, if it is.
    file: Option<PathBuf>,
    saved: Result<Saved, String>,
    /// As the report has it.
    reported: Option<Divergence>,
}

fn of_corpus(corpus: &Corpus, dir: &Path) -> Result<Vec<Item>, CliError> {
    if !dir.is_dir() {
        return Err(CliError::NoCorpus { dir: dir.to_owned() });
    }
    let item = |file: PathBuf| Item {
        name: file.strip_prefix(dir).unwrap_or(&file).display().to_string(),
        saved: corpus.read(&file).map_err(|error| error.to_string()),
        file: Some(file),
        reported: None,
    };
    Ok(corpus.files(None)?.into_iter().map(item).collect())
}

/// Those that stand for a cause. What is found in whole runs alone is no input of one handler.
fn of_report(report: Report) -> Result<Vec<Item>, CliError> {
    let runs = report.divergences.iter().filter(|found| matches!(found, ReportedDivergence::Run { .. })).count();
    if runs > 0 {
        say(&format!("{runs} of whole workflows are left out: neither kept nor known"))?;
    }
    let step = |found| match found {
        ReportedDivergence::Step { divergence, under: None, .. } => Some(*divergence),
        ReportedDivergence::Step { .. } | ReportedDivergence::Run { .. } => None,
    };
    let item = |divergence: Divergence| Item {
        name: divergence.signature.to_string(),
        file: None,
        saved: Ok(Saved::of(&divergence, !divergence.malformed)),
        reported: Some(divergence),
    };
    Ok(report.divergences.into_iter().filter_map(step).map(item).collect())
}

/// What has become of an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// It no longer differs, or is known.
    Settled,
    /// It still differs.
    Left,
    /// Nobody knows whether it differs.
    Unknown,
    /// Neither this one nor those behind it are decided.
    Quit,
}

/// What somebody may do with an item, by its letter.
const ACCEPT: (char, &str) = ('a', "accept as known");
const KEEP: (char, &str) = ('k', "keep: save");
const EMIT: (char, &str) = ('e', "write a test");
const PROMOTE: (char, &str) = ('p', "promote to a golden vector");
const DELETE: (char, &str) = ('d', "delete");
const SKIP: (char, &str) = ('s', "skip");
const QUIT: (char, &str) = ('q', "quit");

struct Review<'a> {
    args: &'a ReviewArgs,
    root: Option<&'a Path>,
    asked: &'a Asked,
    known: Ledger,
    corpus: Corpus,
    answering: OnSuite<'a>,
    asker: Asker<StdinLock<'static>>,
    /// Owner and issue of the last one that was accepted.
    last: (String, String),
}

impl Review<'_> {
    fn one(&mut self, item: &Item) -> Result<End, CliError> {
        let saved = match &item.saved {
            Ok(saved) => saved,
            Err(error) => {
                say(&format!("ERROR: {}\n", printable(error)))?;
                return Ok(End::Unknown);
            }
        };
        if self.known.knows(&saved.signature) {
            say("known: it stands in the ledger\n")?;
            return Ok(End::Settled);
        }
        let fate = self.answering.examiner.fate(saved);
        say(&format!("{}\n", printable(&fate.to_string())))?;
        let found = match &fate {
            Fate::StillFailing(_) => Some(self.found(item, saved)?),
            Fate::Fixed | Fate::OutOfDomain | Fate::Error(_) => None,
        };
        let shown = match &found {
            Some(found) => self.shown(found),
            None => printable(&format!("{}\n{}\n", saved.signature, serde_json::json!(saved.input))),
        };
        say(&shown)?;
        let test = found.as_ref().and_then(|found| self.test_of(found));
        let mut choices = Vec::new();
        match (&fate, &found, &item.file) {
            (Fate::Fixed, _, Some(_)) => choices.extend([PROMOTE, DELETE]),
            (Fate::StillFailing(_), Some(found), file) => {
                choices.push(ACCEPT);
                choices.extend((file.is_none() && found.evidence.is_none()).then_some(KEEP));
                choices.extend(test.as_ref().map(|_| EMIT));
            }
            _ => {}
        }
        choices.extend([SKIP, QUIT]);
        let left = match fate {
            Fate::StillFailing(_) => End::Left,
            Fate::Error(_) => End::Unknown,
            Fate::Fixed | Fate::OutOfDomain => End::Settled,
        };
        loop {
            let offered: Vec<String> = choices.iter().map(|(letter, what)| format!("[{letter}] {what}")).collect();
            let Some(letter) = self.asker.letter(&format!("{}? ", offered.join(", ")))? else { return Ok(End::Quit) };
            let choice = choices.iter().find(|(known, _)| letter.eq_ignore_ascii_case(known)).copied();
            let done = match (choice, &found, &item.file) {
                (Some(SKIP), ..) => return Ok(left),
                (Some(QUIT), ..) => return Ok(End::Quit),
                (Some(ACCEPT), Some(found), _) => self.accept(found),
                (Some(KEEP), ..) => self.keep(saved).map(|()| false),
                (Some(EMIT), ..) => self.write_test(test.as_deref().unwrap_or_default()).map(|()| false),
                (Some(PROMOTE), _, Some(file)) => self.promote(file).map(|()| false),
                (Some(DELETE), _, Some(file)) => Self::delete(file).map(|()| true),
                _ => Ok(false),
            };
            match done {
                Ok(true) => return Ok(End::Settled),
                Ok(false) => {}
                // It is left as it was, and somebody may choose something else.
                Err(error) => say(&format!("{}\n", printable(&error.to_string())))?,
            }
        }
    }

    /// The divergence as it is now; as the report has it, if it is the same.
    fn found(&mut self, item: &Item, saved: &Saved) -> Result<Divergence, CliError> {
        let examined = self.answering.examiner.examine(&saved.input)?;
        let all: Vec<Divergence> = examined
            .into_iter()
            .filter(|examined| examined.engine == saved.signature.engine)
            .flat_map(|examined| examined.divergences)
            .collect();
        let same = all.iter().find(|divergence| divergence.signature == saved.signature);
        let found = same.or(all.first()).cloned();
        let as_saved = || {
            Divergence::new(saved.signature.clone(), saved.input.clone(), saved.expected.clone(), saved.actual.clone())
        };
        Ok(match (&item.reported, found) {
            (Some(reported), Some(found)) if reported.signature == found.signature => reported.clone(),
            (_, found) => found.unwrap_or_else(as_saved),
        })
    }

    /// A divergence as a report shows it.
    fn shown(&self, found: &Divergence) -> String {
        let panel = self.answering.examiner.panel();
        let tally = Tally { divergences: vec![found.clone()], ..Tally::default() };
        let report = Report::of(Results {
            oracle: panel.oracle.name().to_owned(),
            handlers: Some(tally),
            places: places(&panel.rosters(), &self.asked.suite),
            ..results(self.asked)
        });
        report.divergence(1, view(false)).unwrap_or_default()
    }

    /// A test of a divergence, if there is one.
    fn test_of(&self, found: &Divergence) -> Option<String> {
        let language = self.asked.suite.engine(&found.signature.engine)?.language()?;
        let usual = match language.test? {
            TestKind::Pytest => Emit::Pytest,
            TestKind::Node => Emit::Node,
        };
        test_of(self.args.emit.map_or(usual, Into::into), found, self.asked)
    }

    /// Writes a divergence to the ledger; false if somebody breaks off.
    fn accept(&mut self, found: &Divergence) -> Result<bool, CliError> {
        let own = self.asked.root.as_ref().filter(|_| self.asked.is_own()).map(Root::ledger);
        let file = self.args.ledger.clone().or(own).ok_or_else(|| {
            CliError::Usage("no ledger is named; name the file with --ledger, or `ledger` in the settings".to_owned())
        })?;
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let (owner, issue) = self.last.clone();
        let Some(reason) = self.told("why is it tolerated", "")? else { return Ok(false) };
        let Some(owner) = self.told("who mends it", &owner)? else { return Ok(false) };
        let Some(issue) = self.told("where is it discussed", &issue)? else { return Ok(false) };
        let Some(day) = self.told("the last day, as YYYY-MM-DD", "")? else { return Ok(false) };
        let expires: Date = day.parse().map_err(|_| CliError::Usage(format!("{day} is no day; write e.g. {today}")))?;
        self.last = (owner.clone(), issue.clone());
        let entry = Entry::new(found.signature.clone(), found.input.clone(), Why { reason, owner, issue, expires });
        write_atomically(&file, &with_entry(&file, &entry, today)?)?;
        self.known = Ledger::load(&file, today)?;
        say(&format!("{}: accepted until {expires}\n", printable(&file.display().to_string())))?;
        Ok(true)
    }

    /// A line that is not empty: without one, `usual`. Nothing where neither is there.
    fn told(&mut self, question: &str, usual: &str) -> Result<Option<String>, CliError> {
        let shown = if usual.is_empty() { String::new() } else { format!(" [{}]", printable(usual)) };
        let line = self.asker.line(&format!("  {question}{shown}: "))?;
        let line = line.map(|line| if line.is_empty() { usual.to_owned() } else { line });
        let line = line.filter(|line| !line.is_empty());
        if line.is_none() {
            say("  not said, so nothing was written")?;
        }
        Ok(line)
    }

    fn keep(&self, saved: &Saved) -> Result<(), CliError> {
        let file = self.corpus.save(saved)?;
        Ok(say(&format!("saved: {}\n", printable(&file.display().to_string())))?)
    }

    fn write_test(&mut self, test: &str) -> Result<(), CliError> {
        let Some(name) = self.asker.line("  file [it is printed]: ")? else { return Ok(()) };
        if name.is_empty() {
            return Ok(say(&format!("\n{test}"))?);
        }
        let file = PathBuf::from(name);
        if file.exists() {
            return Err(CliError::Usage(format!("{} is there already", file.display())));
        }
        write_atomically(&file, test)?;
        Ok(say(&format!("written: {}\n", printable(&file.display().to_string())))?)
    }

    fn promote(&mut self, file: &Path) -> Result<(), CliError> {
        let kept = &self.args.kept;
        let Some(note) = self.told("why is it a vector, in one sentence", "")? else { return Ok(()) };
        let (path, id) = match own(kept, self.root)? {
            Some(root) => promote_own(&root, file, &note)?,
            None => promote(&store(kept, self.asked), &mut self.answering, file, &note)?,
        };
        Ok(say(&printable(&format!("{}: {id}\n", path.display())))?)
    }

    fn delete(file: &Path) -> Result<(), CliError> {
        std::fs::remove_file(file).map_err(|source| DocumentError::Io { path: file.to_owned(), source })?;
        Ok(say("deleted\n")?)
    }
}
