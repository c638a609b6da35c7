//! The sources of the handlers that a report speaks of, as its page shows them.

use std::collections::BTreeMap;

use parity_model::DifferenceClass;
use serde::Serialize;

use super::document::{Place, Report, ReportedDivergence};
use super::escape::printable;
use super::places::handler_of;

/// So much of a handler is shown, unless another one begins before.
const MOST_LINES: usize = 40;

/// The beginning of a handler.
#[derive(Debug, Serialize)]
pub(super) struct Source {
    id: String,
    title: String,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    number: usize,
    text: String,
    /// Whether a call ended here that nobody planned to end.
    marked: bool,
}

/// Where a source is on the page.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Link {
    id: String,
    title: String,
}

/// The sources that were needed so far, each once.
pub(super) struct Sources<'r> {
    report: &'r Report,
    read: &'r dyn Fn(&str) -> Option<String>,
    texts: BTreeMap<&'r str, Option<String>>,
    shown: Vec<(&'r Place, Source)>,
}

impl<'r> Sources<'r> {
    /// None yet; `read` has the text of a file, as places name it, unless it cannot be read here.
    pub(super) fn new(report: &'r Report, read: &'r dyn Fn(&str) -> Option<String>) -> Self {
        Self { report, read, texts: BTreeMap::new(), shown: Vec::new() }
    }

    /// The sources of the handler of a divergence in these engines.
    pub(super) fn of(&mut self, found: &ReportedDivergence, engines: &[String]) -> Vec<Link> {
        let Some(handler) = handler_of(found) else { return Vec::new() };
        let report = self.report;
        let places = engines.iter().filter_map(|engine| report.place(handler.as_str(), engine));
        let links = places.filter_map(|place| self.link(place)).collect();
        if let ReportedDivergence::Step { divergence, .. } = found
            && let DifferenceClass::Crashed(class) = &divergence.signature.class
            && let Some(place) = report.place(handler.as_str(), &divergence.signature.engine)
        {
            self.mark(place, class);
        }
        links
    }

    /// All that was needed.
    pub(super) fn into_shown(self) -> Vec<Source> {
        self.shown.into_iter().map(|(_, source)| source).collect()
    }

    fn link(&mut self, place: &'r Place) -> Option<Link> {
        let is_same = |(known, _): &&(&Place, Source)| (&known.file, known.line) == (&place.file, place.line);
        if let Some((_, Source { id, title, .. })) = self.shown.iter().find(is_same) {
            return Some(Link { id: id.clone(), title: title.clone() });
        }
        let read = self.read;
        let text = self.texts.entry(&place.file).or_insert_with(|| read(&place.file)).as_ref()?;
        let first = usize::try_from(place.line?).ok()?.max(1);
        let others = self.report.places.iter().filter(|other| other.file == place.file && other.line > place.line);
        let next = others.filter_map(|other| usize::try_from(other.line?).ok()).min().unwrap_or(usize::MAX);
        let lines = (1..).zip(text.lines()).skip(first - 1).take(MOST_LINES).take_while(|(number, _)| *number < next);
        let line = |(number, text): (usize, &str)| Line {
            number,
            text: printable(&text.replace('\t', "    ")),
            marked: false,
        };
        let mut lines: Vec<Line> = lines.map(line).collect();
        while lines.last().is_some_and(|line| line.text.trim().is_empty()) {
            lines.pop();
        }
        if lines.is_empty() {
            return None;
        }
        let (id, title) = (format!("s{}", self.shown.len() + 1), printable(&format!("{place} ({})", place.engine)));
        self.shown.push((place, Source { id: id.clone(), title: title.clone(), lines }));
        Some(Link { id, title })
    }

    /// Marks the line of a crash, `KeyError at shop/quote.py:12`, if it is shown.
    fn mark(&mut self, place: &Place, class: &str) {
        let frame = class.rsplit_once(" at ").and_then(|(_, frame)| frame.rsplit_once(':'));
        let Some((file, number)) = frame.and_then(|(file, line)| Some((file, line.parse::<usize>().ok()?))) else {
            return;
        };
        let is_there = |(known, _): &&mut (&Place, Source)| known.file == place.file && place.file.ends_with(file);
        for (_, source) in self.shown.iter_mut().filter(is_there) {
            source.lines.iter_mut().filter(|line| line.number == number).for_each(|line| line.marked = true);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const TEXT: &str =
        "import x\n\nclass Quote:\n\tdef call(self):\n        return 1 / 0\n\n\nclass Other:\n    pass\n";

    fn report(class: &str) -> Report {
        let mut document = json!(crate::samples::report(1, "dear"));
        document["divergences"][0]["signature"]["class"] = json!(class);
        let other = json!({"handler": "shop/other", "engine": "python", "file": "py/quote_0.py", "line": 8});
        document["places"].as_array_mut().unwrap().push(other);
        serde_json::from_value(document).unwrap()
    }

    fn shown(report: &Report, text: Option<&str>) -> (Vec<Link>, Value) {
        let read = |file: &str| text.filter(|_| file == "py/quote_0.py").map(str::to_owned);
        let mut sources = Sources::new(report, &read);
        let engines = ["rust", "python"].map(str::to_owned);
        let links = sources.of(&report.divergences[0], &engines);
        assert_eq!(links, sources.of(&report.divergences[0], &engines));
        (links, json!(sources.into_shown()))
    }

    #[test]
    fn a_handler_is_shown_once_until_the_next_one_begins() {
        let (links, sources) = shown(&report("value"), Some(TEXT));
        assert_eq!(json!(links), json!([{"id": "s1", "title": "py/quote_0.py:3 (python)"}]));
        let text = sources[0]["lines"].as_array().unwrap();
        let numbers: Vec<&Value> = text.iter().map(|line| &line["number"]).collect();
        assert_eq!(numbers, [3, 4, 5]);
        assert_eq!(text[1]["text"], "    def call(self):");
        assert!(text.iter().all(|line| line["marked"] == false));
    }

    #[test]
    fn the_line_of_a_crash_is_marked() {
        let (_, sources) = shown(&report("crashed:ZeroDivisionError at quote_0.py:5"), Some(TEXT));
        let marked: Vec<&Value> = sources[0]["lines"].as_array().unwrap().iter().map(|line| &line["marked"]).collect();
        assert_eq!(marked, [false, false, true]);
    }

    #[test]
    fn a_file_that_cannot_be_read_or_has_become_shorter_is_not_shown() {
        for text in [None, Some("x\n")] {
            assert_eq!(shown(&report("value"), text), (vec![], json!([])));
        }
    }
}
