//! One page a handler: what it promises, and its text in every language.

use std::fmt::Write as _;

use reference_rs::{HandlerSpec, OutcomeClass};

use serde_json::Value;

use crate::docs::identity::{class_of, ruby_of};
use crate::docs::sources::Source;
use parity_suite::template::{Backoff, Step, Template};

/// The first line of every page.
pub(super) const WRITTEN_BY: &str = "<!-- Written by `cargo parity docs`; do not edit. -->";

/// What a page is made of.
pub(super) struct Subject<'a> {
    pub(super) spec: &'a HandlerSpec,
    /// JSON Schema of context and dependencies.
    pub(super) schema: Value,
    pub(super) template: &'a Template,
    pub(super) step: &'a Step,
    pub(super) sources: Vec<Source>,
}

/// The page of one handler.
pub(super) fn render(subject: &Subject<'_>) -> String {
    let Subject { spec, template, step, .. } = subject;
    let mut page = format!("{WRITTEN_BY}\n\n# {}\n\n", spec.step());
    let _ = writeln!(page, "{}\n", summary(subject));
    let _ = writeln!(page, "| | |\n|---|---|");
    let _ = writeln!(page, "| Identity | `{}` |", spec.id);
    let _ = writeln!(page, "| Workflow | `{}` |", template.id);
    let _ = writeln!(page, "| Runs after | {} |", code_list(&step.dependencies));
    let _ = writeln!(page, "| Reads the results of | {} |", code_list(spec.dependencies));
    let _ = writeln!(page, "| Attempts | {} |", attempts(step));
    let _ = writeln!(page, "| Ruby | `{}` |", ruby_of(spec));
    let _ = writeln!(page, "| Python, TypeScript | `{}` |", class_of(spec));

    let _ = writeln!(page, "\n## How it ends\n\n| Outcome | Kind |\n|---|---|");
    for class in spec.outcomes {
        let kind = match class {
            OutcomeClass::Completed(_) => "success",
            OutcomeClass::Permanent(_) => "permanent failure",
            OutcomeClass::Retryable(_) => "retryable failure",
        };
        let _ = writeln!(page, "| `{class}` | {kind} |");
    }

    let schema = serde_json::to_string_pretty(&subject.schema).unwrap_or_default();
    let _ = writeln!(page, "\n## Well-formed input\n\nJSON Schema of context and dependencies:\n");
    let _ = writeln!(page, "{}", fenced("json", &schema));

    let _ = writeln!(page, "\n## The handler\n\n{{% tabs %}}");
    for source in &subject.sources {
        let _ = writeln!(page, "{{% tab title=\"{}\" %}}", source.language.title);
        let _ = writeln!(page, "`{}`\n", source.file);
        let _ = writeln!(page, "{}", fenced(source.language.fence, source.text.trim_end()));
        let _ = writeln!(page, "{{% endtab %}}\n");
    }
    page.truncate(page.trim_end().len());
    page + "\n{% endtabs %}\n"
}

/// What the oracle's file says of itself in its first line.
fn summary(subject: &Subject<'_>) -> String {
    let rust = subject.sources.iter().find(|source| source.language.fence == "rust");
    let first = rust.and_then(|source| source.text.lines().next()).unwrap_or_default();
    let sentence = first.split_once(": ").map_or(first, |(_, sentence)| sentence);
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |letter| letter.to_uppercase().collect::<String>() + letters.as_str())
}

/// Names as code, or a dash.
pub(super) fn code_list<T: AsRef<str>>(names: &[T]) -> String {
    if names.is_empty() {
        return "–".to_owned();
    }
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

fn attempts(step: &Step) -> String {
    let retry = &step.retry;
    if !retry.retryable || retry.max_attempts == 1 {
        return "1".to_owned();
    }
    let growth = match retry.backoff {
        Backoff::None => "without a wait".to_owned(),
        Backoff::Fixed => format!("{} ms apart", retry.backoff_base_ms),
        Backoff::Linear => format!("{} ms apart, growing by as much", retry.backoff_base_ms),
        Backoff::Exponential => format!("{} ms apart, doubling", retry.backoff_base_ms),
    };
    let most = retry.max_backoff_ms.map_or_else(String::new, |most| format!(" up to {most} ms"));
    format!("{}, {growth}{most}", retry.max_attempts)
}

/// `text` as a code block; the fence is longer than any in the text.
pub(super) fn fenced(language: &str, text: &str) -> String {
    let longest = text.lines().map(|line| line.trim_start().chars().take_while(|c| *c == '`').count()).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}
