//! The page that shows a first comparison is what happens.

use std::collections::BTreeMap;
use std::path::Path;

use similar_asserts::assert_eq;

use crate::cli::support::{ROOT, code, parity_in, stderr, stdout, tree};

/// The blocks of code of a page, each with the last line before it.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = page.split("```").collect();
    parts
        .chunks_exact(2)
        .map(|pair| (pair[0].trim_end().lines().last().unwrap_or_default(), pair[1].split_once('\n').unwrap().1))
        .collect()
}

/// Whether the lines stand in a text, in their order; `…` stands for any.
fn assert_printed(lines: &str, printed: &str) {
    let mut rest = printed.lines();
    for line in lines.lines().filter(|line| line.trim() != "…" && !line.starts_with('$')) {
        assert!(rest.any(|other| other.starts_with(line)), "{line:?} is not in its place in\n{printed}");
    }
}

/// The file that a block is, where its title names one.
fn file_of(title: &str) -> Option<&str> {
    title.strip_prefix('`')?.strip_suffix("`:")
}

#[test]
fn the_first_comparison_finds_what_the_page_says_and_no_more_when_it_is_mended() {
    let page = std::fs::read_to_string(Path::new(ROOT).join("docs/first_comparison.md")).unwrap();
    let blocks = blocks(&page);
    let files: BTreeMap<&str, &str> =
        blocks.iter().filter_map(|(title, text)| Some((file_of(title)?, *text))).collect();
    let consoles: Vec<&str> =
        blocks.iter().map(|(_, text)| *text).filter(|text| text.starts_with("$ parity diff\n")).collect();
    assert_eq!((files.len(), consoles.len()), (6, 2));
    let project = tree(&files.iter().map(|(name, text)| (*name, *text)).collect::<Vec<_>>());

    let output = parity_in(project.path(), &["diff", "--seed", "1"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert_printed(consoles[0], &stdout(&output));

    let (_, mended) = blocks.iter().find(|(title, _)| title.ends_with("mended:")).unwrap();
    let wrong = files["ts/shipping.ts"];
    let line = |text: &str| text.lines().find(|line| line.contains("FREE_FROM ?")).unwrap().to_owned();
    let right = wrong.replace(&line(wrong), &line(mended));
    assert!(right != wrong);
    std::fs::write(project.path().join("ts/shipping.ts"), right).unwrap();
    let output = parity_in(project.path(), &["diff", "--seed", "1"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert_printed(consoles[1], &stdout(&output));
}
