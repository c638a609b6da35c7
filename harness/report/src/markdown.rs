//! The report as a page of Markdown, for `$GITHUB_STEP_SUMMARY` and whoever shows the like.

use std::fmt::Write as _;

use super::cells::State;
use super::counts::counted_noun;
use super::document::{Report, ReportedDivergence};
use super::escape::printable;
use super::order::grade_of;
use super::outcomes::pretty;
use super::summary::{odd_of, what};
use super::text::verdict_line;
use parity_model::document_of;

/// Causes that have a row of their own; GitHub takes a page of a megabyte.
const ROWS: usize = 100;

/// Causes whose minimal input is shown.
const INPUTS: usize = 20;

impl Report {
    /// The report in Markdown: what it comes to, one row a cause, the minimal inputs of the worst, and what was not compared.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = format!("## Parity: {}\n", plain(&verdict_line(self)));
        let is_head = |found: &ReportedDivergence| !matches!(found, ReportedDivergence::Step { under: Some(_), .. });
        let numbered = self.divergences.iter().enumerate().map(|(index, found)| (index + 1, found));
        let heads: Vec<_> = numbered.filter(|(_, found)| is_head(found)).collect();
        if !heads.is_empty() {
            text += "\n| No. | Grade | Handler | Odd one out | What differs |\n| ---: | --- | --- | --- | --- |\n";
        }
        for (number, found) in heads.iter().take(ROWS) {
            let cells =
                [grade_of(found).to_string(), found.name(), odd_of(found), what(found)].map(|cell| plain(&cell));
            let _ = writeln!(text, "| {number} | {} |", cells.join(" | "));
        }
        if let Some(more) = heads.len().checked_sub(ROWS).filter(|more| *more > 0) {
            let _ = writeln!(text, "\n{} more.", counted_noun(more, "cause"));
        }
        for (number, found) in heads.iter().take(INPUTS) {
            let (ReportedDivergence::Step { reproduce, .. } | ReportedDivergence::Run { reproduce, .. }) = found;
            let input = match found {
                ReportedDivergence::Step { divergence, .. } => pretty(&document_of(&divergence.input)),
                ReportedDivergence::Run { divergence, .. } => pretty(&divergence.input),
            };
            let title = format!("{number}. {}: {}", found.name(), what(found));
            let (input, command) = (fenced("json", &input), fenced("sh", reproduce));
            let _ = writeln!(text, "\n<details><summary>{}</summary>\n\n{input}\n{command}\n</details>", html(&title));
        }
        for raised in &self.raised {
            let _ = writeln!(text, "\n{}", plain(&raised.to_string()));
        }
        self.push_not_compared(&mut text);
        text
    }

    fn push_not_compared(&self, text: &mut String) {
        let mut lines: Vec<String> = self.obstacles();
        let cells = self.cells();
        let not_compared = cells.iter().filter(|cell| matches!(cell.state(), State::NotCompared | State::Accepted));
        lines.extend(not_compared.map(|cell| format!("{} on {}: {}", cell.title(), cell.engine, cell.line())));
        if !lines.is_empty() {
            text.push_str("\n### Not compared\n\n");
        }
        for line in lines.iter().take(ROWS) {
            let _ = writeln!(text, "- {}", plain(line));
        }
        if let Some(more) = lines.len().checked_sub(ROWS).filter(|more| *more > 0) {
            let _ = writeln!(text, "- and {more} more");
        }
    }
}

/// A text that Markdown and HTML make nothing of, on one line.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in html(text).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '@' | '$') {
            escaped.push('\\');
        }
        escaped.push(if character == '\n' { ' ' } else { character });
    }
    escaped
}

fn html(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A block of code, fenced by more backticks than are in it.
fn fenced(language: &str, code: &str) -> String {
    let longest = code.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{code}\n{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_and_html_make_nothing_of_a_text() {
        let text = "a|b\n<img src=x onerror=alert(1)>`c`*d*[e](f)";
        assert_eq!(plain(text), r"a\|b &lt;img src=x onerror=alert(1)&gt;\`c\`\*d\*\[e\](f)");
        assert_eq!(fenced("json", "\"````\""), "`````json\n\"````\"\n`````");
    }
}
