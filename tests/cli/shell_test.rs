//! What a shell and `man` are told of the commands.

use std::io::Write;
use std::process::{Command, Stdio};

use rstest::rstest;

use crate::cli::support::{code, parity, stderr, stdout};

#[rstest]
#[case("bash", "--templates")]
#[case("zsh", "--templates")]
#[case("fish", "-l templates")]
fn a_shell_learns_the_flags(#[case] shell: &str, #[case] flag: &str) {
    let output = parity(&["completions", shell], "");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains(flag), "{}", stdout(&output));
}

#[test]
fn bash_can_read_its_completions() {
    let script = stdout(&parity(&["completions", "bash"], ""));
    let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    bash.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(bash.wait().unwrap().success());
}

#[test]
fn every_command_has_a_page_and_what_processes_tell_each_other_has_none() {
    let dir = tempfile::tempdir().unwrap();
    let pages = dir.path().join("new/man1");
    let output = parity(&["man", pages.to_str().unwrap()], "");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let help = stdout(&parity(&["--help"], ""));
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let mut expected: Vec<String> = commands
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .map(|name| format!("parity-{name}.1"))
        .collect();
    expected.push("parity.1".to_owned());
    let mut found: Vec<String> = std::fs::read_dir(&pages)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        // The parts of `vectors` have pages of their own.
        .filter(|name| !name.starts_with("parity-vectors-"))
        .collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let page = std::fs::read_to_string(pages.join("parity-diff.1")).unwrap();
    assert!(page.contains(r"\-\-fail\-fast") && page.contains("Stop at the first divergence"), "{page}");
}

#[test]
fn pages_that_cannot_be_written_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let output = parity(&["man", file.join("man1").to_str().unwrap()], "");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("the pages cannot be written"), "{}", stderr(&output));
}
