//! Stack texts as readers of TypeScript want them: `at FUNCTION (FILE:LINE:COLUMN)` a line, in the places of the sources, with files
//! below the tree. Only the handlers' own frames stand there, no frames of the harness, the package or of packages in
//! `node_modules`; the innermost is the last line. QuickJS and Node name functions and columns each in its own way.

use super::embedded;
use super::loader::Modules;

/// File name of the prelude in stack texts.
pub(super) const PRELUDE: &str = "<prelude>";

/// File name of what is replaced in QuickJS.
pub(super) const NATIVES: &str = "<natives>";

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

    /// Whether it lies in a file that the tree's owner wrote.
    fn is_own(&self) -> bool {
        let is_package = self.file.starts_with("node_modules/") || self.file.contains("/node_modules/");
        ![PRELUDE, NATIVES].contains(&self.file) && embedded::source(self.file).is_none() && !is_package
    }

    fn source(&self, modules: &Modules) -> (u32, u32) {
        modules.source(self.file, self.line, self.column).unwrap_or((self.line, self.column))
    }
}

/// The handlers' own frames of a stack text, with the positions of the sources, innermost call last.
pub(super) fn trace(stack: &str, modules: &Modules) -> String {
    let mut frames: Vec<String> = stack
        .lines()
        .filter_map(Frame::parse)
        .filter(Frame::is_own)
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
        .find(Frame::is_own)
        .map(|frame| (frame.file.to_owned(), frame.source(modules).0))
}
