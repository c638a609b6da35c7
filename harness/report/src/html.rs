//! The report as one page that needs no network. What handlers answer is data on it: the template escapes everything, and no script
//! but the page's own may run.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::value::Serde;
use minijinja::{Environment, Value as Shown};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::cells::{Cell, State};
use super::counts::counted;
use super::document::{Report, ReportedDivergence};
use super::escape::printable;
use super::fields::{Field, fields};
use super::next::next_steps;
use super::order::grade_of;
use super::outcomes::pretty;
use super::sources::{Link, Source, Sources};
use super::summary::{odd_of, what};
use super::text::verdict_line;
use super::workflows::CUT_SHORT;
use parity_judge::Grade;
use parity_model::{Observation, document_of};

/// The extension says that texts are escaped.
const TEMPLATE: (&str, &str) = ("report.html", include_str!("../page/report.html"));
const STYLE: &str = include_str!("../page/report.css");
const SCRIPT: &str = include_str!("../page/report.js");

#[derive(Serialize)]
struct Page {
    policy: String,
    style: Shown,
    script: Shown,
    verdict: String,
    state: &'static str,
    grades: Vec<GradeCount>,
    notes: Vec<String>,
    engines: Vec<String>,
    names: Vec<String>,
    rows: Vec<HandlerRow>,
    groups: Vec<Vec<Found>>,
    sources: Vec<Source>,
}

#[derive(Serialize)]
struct GradeCount {
    name: String,
    count: usize,
}

#[derive(Serialize)]
struct HandlerRow {
    title: String,
    cells: Vec<EngineCell>,
    ends: String,
}

#[derive(Serialize)]
struct EngineCell {
    state: &'static str,
    text: String,
    line: String,
}

/// A divergence.
#[derive(Serialize)]
struct Found {
    number: usize,
    grade: String,
    name: String,
    what: String,
    odd: String,
    /// For the filter, between blanks.
    engines: String,
    remarks: Vec<String>,
    input: String,
    matters: Vec<String>,
    columns: Vec<String>,
    fields: Vec<Field>,
    left_out: usize,
    reproduce: String,
    next: Vec<String>,
    sources: Vec<Link>,
}

impl Report {
    /// The report as one page of HTML. `read` has the text of a file that a place names, if it can be read here: the page shows the
    /// handlers that differ.
    pub fn to_html(&self, read: &dyn Fn(&str) -> Option<String>) -> Result<String, minijinja::Error> {
        Environment::new().render_named_str(TEMPLATE.0, TEMPLATE.1, Serde(self.page(read)))
    }

    fn page(&self, read: &dyn Fn(&str) -> Option<String>) -> Page {
        let cells = self.cells();
        let mut sources = Sources::new(self, read);
        let grade_count = |grade: Grade| {
            let count = self.divergences.iter().filter(|found| grade_of(found) == grade).count();
            GradeCount { name: grade.to_string(), count }
        };
        let mut groups: Vec<Vec<Found>> = Vec::new();
        for (index, found) in self.divergences.iter().enumerate() {
            let mut shown = self.found(index + 1, found);
            shown.sources = sources.of(found, &shown.columns);
            match (found, groups.last_mut()) {
                (ReportedDivergence::Step { under: Some(_), .. }, Some(group)) => group.push(shown),
                _ => groups.push(vec![shown]),
            }
        }
        let totals = self.totals();
        let state = if totals.is_incomplete() {
            State::NotCompared
        } else if totals.is_divergent() {
            State::Differs
        } else {
            State::Agrees
        };
        let engines = distinct(cells.iter().map(|cell| cell.engine.clone()));
        Page {
            policy: policy(),
            style: Shown::from_safe_string(STYLE.to_owned()),
            script: Shown::from_safe_string(SCRIPT.to_owned()),
            verdict: verdict_line(self),
            state: class_of(state),
            grades: [Grade::Decision, Grade::Value, Grade::Contract, Grade::Cosmetic].map(grade_count).into(),
            notes: self.notes(&cells),
            names: distinct(self.divergences.iter().map(ReportedDivergence::name)),
            rows: self.rows(&cells, &engines),
            groups,
            engines,
            sources: sources.into_shown(),
        }
    }

    /// What keeps this from being all, and what else is to be known.
    fn notes(&self, cells: &[Cell<'_>]) -> Vec<String> {
        let mut notes = self.obstacles();
        let open = cells.iter().filter(|cell| matches!(cell.state(), State::NotCompared | State::Accepted));
        notes.extend(open.map(|cell| format!("{} on {}: {}", cell.title(), cell.engine, cell.line())));
        let stale = self.stale.iter().flatten();
        notes.extend(stale.map(|signature| format!("the known divergence {signature} no longer occurs")));
        notes.extend(self.ignored.iter().map(|field| format!("{field} was not compared")));
        notes.extend(self.tolerated.iter().map(|field| format!("{field} is tolerated")));
        notes.extend(self.by_form_lines());
        notes.extend(self.raised.iter().map(ToString::to_string));
        notes.extend(self.unmet.iter().map(|field| format!("no outcome has {field}")));
        notes.extend(self.doors.iter().map(|door| format!("allowed: {door}; answers may depend on what is outside")));
        notes.extend(self.unconfined.iter().map(|who| format!("not confined: {who}")));
        notes.extend(self.second_opinions.iter().map(|opinion| opinion.render().trim_end().to_owned()));
        notes.iter().map(|note| printable(note)).collect()
    }

    fn rows(&self, cells: &[Cell<'_>], engines: &[String]) -> Vec<HandlerRow> {
        let ends = self.ends();
        let titles = distinct(cells.iter().map(Cell::title));
        let row = |title: String| {
            let its: Vec<&Cell<'_>> = cells.iter().filter(|cell| cell.title() == title).collect();
            let name = its.first().map_or("", |cell| cell.name.as_str());
            let ends = ends.iter().find(|ends| ends.name == name);
            let on = |engine: &String| match its.iter().find(|cell| cell.engine == *engine) {
                Some(cell) => shown(cell),
                None => EngineCell { state: "none", text: "–".to_owned(), line: "not run".to_owned() },
            };
            HandlerRow {
                cells: engines.iter().map(on).collect(),
                ends: ends.map_or_else(String::new, |ends| printable(&counted(&ends.counts))),
                title: printable(&title),
            }
        };
        titles.into_iter().map(row).collect()
    }

    fn found(&self, number: usize, found: &ReportedDivergence) -> Found {
        let (ReportedDivergence::Step { reproduce, .. } | ReportedDivergence::Run { reproduce, .. }) = found;
        let mut shown = Found {
            number,
            grade: grade_of(found).to_string(),
            name: printable(&found.name()),
            what: printable(&what(found)),
            odd: printable(&odd_of(found)),
            engines: String::new(),
            remarks: Vec::new(),
            input: String::new(),
            matters: Vec::new(),
            columns: vec![self.oracle.clone()],
            fields: Vec::new(),
            left_out: 0,
            reproduce: printable(reproduce),
            next: next_steps(self, found),
            sources: Vec::new(),
        };
        let cut_short = match found {
            ReportedDivergence::Step { divergence, .. } => {
                let engine = &divergence.signature.engine;
                let others =
                    divergence.sides.iter().filter(|side| side.engine != self.oracle && side.engine != *engine);
                let mut ends: Vec<&Observation> = vec![&divergence.expected, &divergence.actual];
                shown.columns.push(engine.clone());
                for side in others {
                    shown.columns.push(side.engine.clone());
                    ends.push(&side.outcome);
                }
                (shown.fields, shown.left_out) = fields(&ends);
                shown.engines = distinct(divergence.odd.iter().chain([engine]).cloned()).join(" ");
                shown.input = pretty(&document_of(&divergence.input));
                shown.matters = divergence.matters.iter().map(|path| printable(path)).collect();
                if divergence.malformed {
                    shown.remarks.push("The input is not well-formed.".to_owned());
                }
                if let Some(evidence) = &divergence.evidence {
                    let seen_as = format!("{} at {}", evidence.seen_as.class, evidence.seen_as.path);
                    shown.remarks.push(printable(&format!("Nondeterministic: it was seen as {seen_as}.")));
                }
                divergence.cut_short
            }
            ReportedDivergence::Run { divergence, .. } => {
                shown.columns.push(divergence.signature.engine.clone());
                (shown.fields, shown.left_out) = fields(&[&divergence.expected, &divergence.actual]);
                shown.engines.clone_from(&divergence.signature.engine);
                shown.input = pretty(&divergence.input);
                divergence.cut_short
            }
        };
        shown.remarks.extend(cut_short.then(|| CUT_SHORT.to_owned()));
        shown
    }
}

fn shown(cell: &Cell<'_>) -> EngineCell {
    let text = match cell.state() {
        State::NotCompared => "not compared".to_owned(),
        State::Accepted => "accepted".to_owned(),
        State::Agrees => format!("{} agree", cell.agreed),
        State::Differs if cell.divergences.is_empty() => "differs".to_owned(),
        State::Differs => format!("{} differ", cell.divergences.len()),
    };
    EngineCell { state: class_of(cell.state()), text, line: printable(&cell.line()) }
}

fn class_of(state: State) -> &'static str {
    match state {
        State::NotCompared => "not-compared",
        State::Differs => "differs",
        State::Accepted => "accepted",
        State::Agrees => "agrees",
    }
}

/// Each once, in the order in which they come.
fn distinct(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for one in all {
        if !known.contains(&one) {
            known.push(one);
        }
    }
    known
}

/// What the page may load and run: its own style and script.
fn policy() -> String {
    let [style, script] = [STYLE, SCRIPT].map(|text| BASE64_STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    const HOSTILE: &str = "</pre></script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{ 7 * 7 }}\u{202e}";

    #[test]
    fn a_page_of_hostile_texts_holds_no_markup_of_theirs() {
        let report = crate::samples::report(3, HOSTILE);
        let page = report.to_html(&|_| Some(format!("\n\n{HOSTILE}\n"))).unwrap();
        assert_eq!(page.matches("<script>").count(), 1);
        assert_eq!(page.matches("</script>").count(), 1);
        assert!(!page.contains("<img") && page.contains("{{ 7 * 7 }}") && !page.contains('\u{202e}'), "{page}");
        assert!(page.contains("&lt;img src=x onerror=alert(2)&gt;"), "{page}");
        assert!(page.contains(r##"<a href="#s1">"##) && page.contains(r#"<pre id="s1""#), "{page}");
    }

    #[test]
    fn fields_that_differ_are_marked() {
        let page = crate::samples::report(1, "dear").to_html(&|_| None).unwrap();
        assert!(page.contains("<mark>&quot;dear&quot;</mark>"), "{page}");
        assert!(page.contains("quote_0.py:3 (python)"), "{page}");
        assert!(page.contains(r#"<td class="differs""#), "{page}");
    }

    #[test]
    fn every_way_to_write_a_report_shows_what_was_not_compared() {
        let mut report = crate::samples::report(1, "dear");
        let fault = json!({"handler": "shop/quote_0", "engine": "typescript", "message": "it <died>",
            "input": report.divergences_input(0)});
        report.faults = vec![serde_json::from_value(fault).unwrap()];
        assert!(report.to_html(&|_| None).unwrap().contains("the engine failed: it &lt;died&gt;"));
        assert!(report.to_markdown().contains("the engine failed: it &lt;died&gt;"));
        let junit = report.to_junit().unwrap();
        assert!(junit.contains("<failure ") && junit.contains("<error "), "{junit}");
        assert!(report.annotations().contains("could not be compared::the engine failed: it <died>"));
        assert_eq!(report.to_sarif()["runs"][0]["invocations"][0]["executionSuccessful"], json!(false));
    }
}
