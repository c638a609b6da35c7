//! What GitHub shows beside the lines of a change: a workflow command a cause, at the handler that is wrong.

use std::fmt::Write as _;

use super::document::{Place, Report, ReportedDivergence};
use super::escape::printable;
use super::order::grade_of;
use super::summary::{odd, what};
use super::table::shortened;
use parity_judge::Grade;
use parity_model::document_of;

impl Report {
    /// Workflow commands for GitHub, the worst first: of several divergences that seem to have one cause the one that stands for them,
    /// then what could not be compared.
    #[must_use]
    pub fn annotations(&self) -> String {
        let mut text = String::new();
        for found in &self.divergences {
            let place = self.place_of(found);
            let message = match found {
                ReportedDivergence::Step { under: Some(_), .. } => continue,
                ReportedDivergence::Step { divergence, .. } => {
                    let input = shortened(&printable(&document_of(&divergence.input).to_string()));
                    format!("odd one out: {}; minimal input: {input}", odd(divergence))
                }
                ReportedDivergence::Run { divergence, .. } => format!("in {}", divergence.signature.engine),
            };
            let level = if grade_of(found) == Grade::Cosmetic { "warning" } else { "error" };
            push(&mut text, level, place, &format!("{} differs", found.name()), &format!("{}; {message}", what(found)));
        }
        for raised in &self.raised {
            let place = raised.handlers.first().and_then(|handler| self.place(handler.as_str(), &raised.engine));
            push(&mut text, "warning", place, "raised errors", &raised.to_string());
        }
        for cell in self.cells() {
            let place = self.place(&cell.name, &cell.engine);
            for obstacle in &cell.obstacles {
                push(&mut text, "error", place, &format!("{} could not be compared", cell.title()), obstacle);
            }
        }
        for obstacle in self.obstacles() {
            push(&mut text, "error", None, "could not compare", &obstacle);
        }
        text
    }
}

fn push(text: &mut String, level: &str, place: Option<&Place>, title: &str, message: &str) {
    let mut properties = Vec::new();
    if let Some(Place { file, line, .. }) = place {
        properties.push(format!("file={}", property(file)));
        properties.extend(line.map(|line| format!("line={line}")));
    }
    properties.push(format!("title={}", property(&printable(title))));
    let _ = writeln!(text, "::{level} {}::{}", properties.join(","), data(&printable(message)));
}

/// A message as a workflow command holds it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property as a workflow command holds it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
