//! Stand-alone tests of one input, for those who mend a handler.

use std::iter;
use std::path::Path;

use parity_model::{Outcome, StepInput};
use serde_json::{Value, json};

use super::escape::printable;
use super::outcomes::pretty;
use parity_engine::language::{Language, TestKind};
use parity_json::named_id;

/// What a test is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emit {
    /// A test for pytest; of our own handlers, for handlers/python/tests
    Pytest,
    /// A test for node --test; of our own handlers, for handlers/typescript/tests
    Node,
    /// A test for vitest, of handlers that are not our own
    Vitest,
    /// A test for harness/cli/tests
    Rust,
}

/// What a test is about.
#[derive(Clone, Copy, Debug)]
pub struct Tested<'a> {
    /// The engine whose handlers are tested.
    pub engine: &'a str,
    /// Their language.
    pub language: &'static Language,
    /// Their tree.
    pub tree: &'a Path,
    /// The input.
    pub input: &'a StepInput,
    /// What the oracle plans.
    pub expected: &'a Outcome,
    /// The flags of a golden vector with this input.
    pub flags: &'a [String],
    /// What differs, in a few words.
    pub what: &'a str,
    /// The arguments of `parity` that replay the input, where the handlers are of a project that has no tests of ours.
    pub replay: Option<&'a [String]>,
}

impl Emit {
    /// The test, if it can run the handlers of that engine.
    #[must_use]
    pub fn test(self, tested: &Tested<'_>) -> Option<String> {
        let Language { embedded, test, rust_type, .. } = tested.language;
        match (self, test) {
            (Self::Pytest, Some(TestKind::Pytest)) => {
                let replayed = include_str!("../templates/pytest_replay.tmpl");
                Some(with_documents([include_str!("../templates/pytest.tmpl"), replayed], "pytest", tested))
            }
            (Self::Node, Some(TestKind::Node)) => {
                Some(with_documents([include_str!("../templates/node.tmpl"), NODE_REPLAYED], "node:test", tested))
            }
            // Our own tests are run by Node itself.
            (Self::Vitest, Some(TestKind::Node)) if tested.replay.is_some() => {
                Some(with_documents(["", NODE_REPLAYED], "vitest", tested))
            }
            (Self::Rust, _) if *embedded == Some(tested.engine) => rust_type.map(|module| in_rust(tested, module)),
            _ => None,
        }
    }
}

const NODE_REPLAYED: &str = include_str!("../templates/node_replay.tmpl");

/// Fills in the first template, or the second where `parity` is to replay the input, for a framework.
fn with_documents([ours, replayed]: [&str; 2], framework: &str, tested: &Tested<'_>) -> String {
    if let Some(arguments) = tested.replay {
        let command: Vec<&str> = iter::once("parity").chain(arguments.iter().map(String::as_str)).collect();
        let (command, input) = (in_raw_string(&json!(command)), in_raw_string(&json!(tested.input)));
        return fill(replayed, tested, &[("command", &command), ("input", &input), ("framework", framework)]);
    }
    let vector = json!({
        "expected": tested.expected,
        "flags": tested.flags,
        "id": named_id(tested.input.handler.step(), tested.input),
        "input": tested.input,
        "note": note(tested),
    });
    fill(ours, tested, &[("vector", &in_raw_string(&vector))])
}

/// JSON text without what would end a raw string: that stands within strings alone, where JSON knows another way to write it.
fn in_raw_string(document: &Value) -> String {
    pretty(document).replace('\'', "\\u0027").replace('`', "\\u0060").replace('$', "\\u0024")
}

fn in_rust(tested: &Tested<'_>, module: &str) -> String {
    let engine = module.rsplit("::").next().unwrap_or(module);
    let template = include_str!("../templates/rust.tmpl");
    let (input, expected) = (raw_string(&pretty(tested.input)), raw_string(&pretty(tested.expected)));
    fill(template, tested, &[("module", module), ("engine", engine), ("input", &input), ("expected", &expected)])
}

/// Puts texts in the place of `{{name}}`, in one go: what is put in is not looked at again.
fn fill(template: &str, tested: &Tested<'_>, more: &[(&str, &str)]) -> String {
    let tree = json!(tested.tree).to_string();
    let (name, note) = (named_id(tested.input.handler.step(), tested.input).replace(['-', '#'], "_"), note(tested));
    let mut texts = vec![("tree", tree.as_str()), ("name", &name), ("note", &note)];
    texts.extend(more);
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once("{{") {
        let (placeholder, after) = behind.split_once("}}").unwrap_or((behind, ""));
        filled.push_str(before);
        filled.push_str(texts.iter().find(|(name, _)| *name == placeholder).map_or("", |(_, text)| text));
        rest = after;
    }
    filled + rest
}

/// One line without what would end a comment or a documentation string.
fn note(tested: &Tested<'_>) -> String {
    let text = printable(&format!("{} in {}: {}", tested.input.handler, tested.engine, tested.what));
    text.replace(['"', '\\', '\n'], " ").replace("*/", "* /")
}

/// A raw string literal of Rust.
fn raw_string(text: &str) -> String {
    let longest = text.split('"').map(|part| part.len() - part.trim_start_matches('#').len()).max().unwrap_or(0);
    let hashes = "#".repeat(longest + 1);
    format!("r{hashes}\"{text}\"{hashes}")
}

#[cfg(test)]
mod tests {
    use parity_engine::EngineConfig;
    use serde_json::Map;
    use similar_asserts::assert_eq;

    use super::*;

    fn test_of(emit: Emit, engine: &str, text: &str) -> Option<String> {
        test_with(emit, engine, text, None)
    }

    fn test_with(emit: Emit, engine: &str, text: &str, replay: Option<&[String]>) -> Option<String> {
        let expected = Outcome::Completed { result: json!({}), metadata: json!({}) };
        let context = Map::from_iter([("text".to_owned(), json!(text))]);
        let input = StepInput::new("ecommerce/validate_cart".parse().unwrap(), context, Map::new());
        let tree = Path::new("/a tree");
        let language = engine.parse::<EngineConfig>().unwrap().language().unwrap();
        let what = "value at \"/x*/\"\n";
        emit.test(&Tested { engine, language, tree, input: &input, expected: &expected, flags: &[], what, replay })
    }

    #[test]
    fn nothing_is_left_to_fill_in_and_nothing_is_filled_in_twice() {
        for (emit, engine) in [(Emit::Pytest, "python"), (Emit::Node, "typescript"), (Emit::Rust, "python")] {
            let test = test_of(emit, engine, "a {{tree}}").unwrap();
            assert_eq!(test.matches("{{").count(), 1, "{test}");
            assert!(test.contains("\"text\": \"a {{tree}}\""), "{test}");
            assert!(test.contains("\"/a tree\"") && test.contains("value at  /x* /"), "{test}");
        }
    }

    #[test]
    fn no_text_ends_the_string_that_it_stands_in() {
        let hostile = "''' ` ${x} \"### \"";
        for (emit, engine) in [(Emit::Pytest, "python"), (Emit::Node, "typescript")] {
            let test = test_of(emit, engine, hostile).unwrap();
            assert!(test.contains("\\u0027\\u0027\\u0027 \\u0060 \\u0024{x}"), "{test}");
        }
        assert!(test_of(Emit::Rust, "typescript", hostile).unwrap().contains("r####\""));
    }

    #[test]
    fn a_test_for_a_project_replays_what_it_is_about() {
        let arguments = ["replay", "--python", "it's `$x`", "-"].map(str::to_owned);
        for (emit, engine, imported) in [
            (Emit::Pytest, "python", "import pytest"),
            (Emit::Node, "node", "import { test } from 'node:test';"),
            (Emit::Vitest, "typescript", "import { test } from 'vitest';"),
        ] {
            let test = test_with(emit, engine, "'a'", Some(&arguments)).unwrap();
            assert!(test.contains(imported), "{test}");
            assert!(test.contains(r#""it\u0027s \u0060\u0024x\u0060""#), "{test}");
            assert!(test.contains(r#""text": "\u0027a\u0027""#), "{test}");
            assert!(!test.contains("{{") && !test.contains("/a tree"), "{test}");
        }
    }

    #[test]
    fn a_test_is_written_for_the_language_of_the_handlers() {
        assert_eq!(test_of(Emit::Pytest, "typescript", ""), None);
        assert_eq!(test_of(Emit::Node, "python", ""), None);
        assert_eq!(test_of(Emit::Vitest, "node", ""), None);
        assert_eq!(test_with(Emit::Vitest, "python", "", Some(&[])), None);
        assert!(test_of(Emit::Pytest, "python-process", "").is_some());
        assert!(test_of(Emit::Node, "node", "").is_some());
        assert_eq!(test_of(Emit::Rust, "node", ""), None);
        assert_eq!(test_of(Emit::Pytest, "ruby", ""), None);
    }
}
