//! QuickJS stack texts as readers of TypeScript want them: source lines, innermost call last, no frames of the harness.

use super::embedded;
use super::loader::Modules;

/// File name of the prelude in stack texts.
pub(super) const PRELUDE: &str = "<prelude>";

/// One line of a stack text: `    at call (echo_handler.ts:3:11)` or `    at echo_handler.ts:3:11`.
struct Frame<'a> {
    function: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
}

impl<'a> Frame<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim().strip_prefix("at ")?;
        let (function, place) = match text.rsplit_once(" (") {
            Some((function, place)) => (function, place.strip_suffix(')')?),
            None => ("", text),
        };
        let (rest, column) = place.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        Some(Self { function, file, line: line.parse().ok()?, column: column.parse().ok()? })
    }

    fn source(&self, modules: &Modules) -> (u32, u32) {
        modules.source(self.file, self.line, self.column).unwrap_or((self.line, self.column))
    }
}

/// The stack text with TypeScript positions, innermost call last.
pub(super) fn trace(stack: &str, modules: &Modules) -> String {
    let mut frames: Vec<String> = stack
        .lines()
        .filter_map(Frame::parse)
        .filter(|frame| frame.file != PRELUDE)
        .map(|frame| {
            let (line, column) = frame.source(modules);
            let function = if frame.function.is_empty() { "<anonymous>" } else { frame.function };
            format!("at {function} ({}:{line}:{column})", frame.file)
        })
        .collect();
    frames.reverse();
    frames.join("\n")
}

/// The innermost place of a stack text that lies in a file of the tree.
pub(super) fn innermost(stack: &str, modules: &Modules) -> Option<(String, u32)> {
    stack
        .lines()
        .filter_map(Frame::parse)
        .find(|frame| frame.file != PRELUDE && embedded::source(frame.file).is_none())
        .map(|frame| (frame.file.to_owned(), frame.source(modules).0))
}
