//! The report for tools that show what analysers find, as SARIF 2.1.0.

use serde_json::{Value, json};

use super::document::{Place, Report, ReportedDivergence};
use super::escape::printable;
use super::order::grade_of;
use super::raised::RaisedErrors;
use super::summary::{odd_of, what};
use parity_judge::Grade;
use parity_model::document_of;

/// Where the form of the document is described.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

impl Report {
    /// The report in SARIF: a result a divergence, the worst first, and a notification for whatever could not be compared.
    #[must_use]
    pub fn to_sarif(&self) -> Value {
        let rules = [Grade::Decision, Grade::Value, Grade::Contract, Grade::Cosmetic].map(|grade| {
            json!({
                "id": grade.to_string(),
                "shortDescription": {"text": about(grade)},
                "defaultConfiguration": {"level": level(grade)},
            })
        });
        let mut notifications: Vec<Value> = Vec::new();
        for cell in self.cells() {
            for obstacle in &cell.obstacles {
                let text = format!("{} on {} could not be compared: {obstacle}", cell.title(), cell.engine);
                let locations: Vec<Value> = self.place(&cell.name, &cell.engine).map(location).into_iter().collect();
                notifications
                    .push(json!({"level": "error", "message": {"text": printable(&text)}, "locations": locations}));
            }
        }
        let whole = self.obstacles().into_iter();
        notifications.extend(whole.map(|text| json!({"level": "error", "message": {"text": printable(&text)}})));
        let results = self.divergences.iter().map(|found| self.result(found));
        let results = results.chain(self.raised.iter().map(|raised| self.raised_result(raised)));
        json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {"name": "parity", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
                "invocations": [{
                    "executionSuccessful": notifications.is_empty(),
                    "toolExecutionNotifications": notifications,
                }],
                "results": results.collect::<Vec<_>>(),
            }],
        })
    }

    /// The handlers of a tree that raise, at the first of them.
    fn raised_result(&self, raised: &RaisedErrors) -> Value {
        let places = raised.handlers.iter().filter_map(|handler| self.place(handler.as_str(), &raised.engine));
        json!({
            "ruleId": raised.grade.to_string(),
            "level": level(raised.grade),
            "message": {"text": printable(&raised.to_string())},
            "locations": places.take(1).map(location).collect::<Vec<_>>(),
            "partialFingerprints": {"signature/v1": format!("raised {}", raised.engine)},
        })
    }

    fn result(&self, found: &ReportedDivergence) -> Value {
        let grade = grade_of(found);
        let (ReportedDivergence::Step { reproduce, .. } | ReportedDivergence::Run { reproduce, .. }) = found;
        let (signature, input) = match found {
            ReportedDivergence::Step { divergence, .. } => {
                (divergence.signature.to_string(), document_of(&divergence.input))
            }
            ReportedDivergence::Run { divergence, .. } => (divergence.signature.to_string(), json!(divergence.input)),
        };
        let text = format!("{}: {}; odd one out: {}", found.name(), what(found), odd_of(found));
        json!({
            "ruleId": grade.to_string(),
            "level": level(grade),
            "message": {"text": printable(&text)},
            "locations": self.place_of(found).map(location).into_iter().collect::<Vec<_>>(),
            "partialFingerprints": {"signature/v1": signature},
            "properties": {"input": input, "reproduce": reproduce},
        })
    }
}

fn location(place: &Place) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(&place.file)}});
    if let Some(line) = place.line {
        physical["region"] = json!({"startLine": line});
    }
    json!({"physicalLocation": physical})
}

/// A path as a reference, from the working directory unless it is absolute.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let escaped = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let path: String = path.bytes().map(escaped).collect();
    if path.starts_with('/') { format!("file://{path}") } else { path }
}

fn level(grade: Grade) -> &'static str {
    match grade {
        Grade::Decision | Grade::Value => "error",
        Grade::Contract => "warning",
        Grade::Cosmetic => "note",
    }
}

fn about(grade: Grade) -> &'static str {
    match grade {
        Grade::Decision => "The workflow goes another way",
        Grade::Value => "Later steps are given another value",
        Grade::Contract => "What others rely on is not there or is another one",
        Grade::Cosmetic => "Only people see it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference() {
        assert_eq!(uri("my tree/é.py"), "my%20tree/%C3%A9.py");
        assert_eq!(uri("/srv/a.py"), "file:///srv/a.py");
    }
}
