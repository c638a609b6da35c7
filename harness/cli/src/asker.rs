//! Questions on a terminal: a key where a key is enough. Elsewhere answers are the lines of standard input.

use std::io::{self, BufRead, ErrorKind, IsTerminal, Write};

use console::{Key, Term};

/// Asks somebody, or whatever is in standard input.
pub(super) struct Asker<R> {
    terminal: Option<Term>,
    lines: R,
}

impl Asker<io::StdinLock<'static>> {
    /// Of whoever started this.
    pub(super) fn new() -> Self {
        let terminal = Term::stdout();
        let is_attended = io::stdin().is_terminal() && terminal.features().is_attended();
        Self { terminal: is_attended.then_some(terminal), lines: io::stdin().lock() }
    }
}

impl<R: BufRead> Asker<R> {
    /// One letter; `None` at the end of the input, or where somebody breaks off.
    pub(super) fn letter(&mut self, question: &str) -> io::Result<Option<char>> {
        let Some(terminal) = &self.terminal else {
            return Ok(self.line(question)?.map(|line| line.chars().next().unwrap_or('\n')));
        };
        print(question)?;
        let key = match terminal.read_key() {
            Ok(Key::CtrlC | Key::Escape) => None,
            Err(error) if error.kind() == ErrorKind::Interrupted => None,
            Ok(Key::Char(letter)) => Some(letter),
            Ok(_) => Some('\n'),
            Err(error) => return Err(error),
        };
        print(
            &key.filter(|letter| letter.is_alphanumeric())
                .map_or_else(|| "\n".to_owned(), |letter| format!("{letter}\n")),
        )?;
        Ok(key)
    }

    /// One line without blanks around it; `None` at the end of the input.
    pub(super) fn line(&mut self, question: &str) -> io::Result<Option<String>> {
        print(question)?;
        let mut line = String::new();
        let is_end = self.lines.read_line(&mut line)? == 0;
        if self.terminal.is_none() {
            // Nobody has ended the question's line by typing.
            print("\n")?;
        }
        Ok((!is_end).then(|| line.trim().to_owned()))
    }
}

/// Tells something.
pub(super) fn say(text: &str) -> io::Result<()> {
    print(text)?;
    print("\n")
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
