//! What the sources of a tree say, where no CPython is embedded: the parser of the one on PATH reads them, and nothing of them is run.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use parity_engine::language::PYTHON;
use parity_engine::tree::SourceFile;
use parity_literals::{File, Node};

/// What is run on the texts, a JSON array on standard input: it writes the nodes of each.
const SOURCE: &str = concat!(
    include_str!("../runtime/parity_harvest.py"),
    "import sys\nprint(json.dumps([json.loads(harvest(text)) for text in json.load(sys.stdin)]))\n"
);

/// What the files say. One that is no Python says nothing, and neither does any where there is no Python, of which the engine tells.
#[must_use]
pub fn harvest_in_process(sources: &[SourceFile]) -> Vec<File> {
    all(sources).unwrap_or_default()
}

fn all(sources: &[SourceFile]) -> Option<Vec<File>> {
    let program = PYTHON.interpreter.as_ref()?.program;
    let mut command = Command::new(program);
    command.args(["-I", "-S", "-X", "utf8", "-c", SOURCE]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().ok()?;
    let mut input = child.stdin.take()?;
    let texts: Vec<&str> = sources.iter().map(|source| source.text.as_str()).collect();
    let texts = serde_json::to_vec(&texts).ok()?;
    // A program that has ended reads nothing, and answers nothing.
    let writing = thread::spawn(move || drop(input.write_all(&texts)));
    let output = child.wait_with_output().ok()?;
    writing.join().ok()?;
    let said: Vec<Vec<Node>> = serde_json::from_slice(&output.stdout).ok()?;
    Some(sources.iter().zip(&said).map(|(source, nodes)| File::new(&source.name, nodes)).collect())
}

#[cfg(all(test, feature = "embedded"))]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_reads_what_the_embedded_one_reads() {
        let source = |name: &str, text: &str| SourceFile { name: name.to_owned(), text: text.to_owned() };
        let deep = format!("x = {}1{}", "(".repeat(5000), ")".repeat(5000));
        let sources = [
            source("shop.py", "def checkout(code):\n    return code == 'WELCOME10' or code.startswith('Gr\u{fc}n-')\n"),
            source("broken.py", "def ("),
            source("deep.py", &deep),
            source("other.py", "LIMIT = 100\n"),
        ];
        let said = harvest_in_process(&sources);
        assert!(format!("{said:?}").contains("WELCOME10"), "{said:?}");
        assert_eq!(format!("{said:?}"), format!("{:?}", crate::embedded::harvest(&sources)));
    }
}
