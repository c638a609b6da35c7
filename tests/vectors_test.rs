//! Our handlers in every language answer as the golden vectors expect: one test a file of vectors and engine.

use std::path::{Path, PathBuf};

use parity_campaign::{Corpus, Examiner, Fate};
use parity_engine::Engine;
use parity_model::HandlerId;
use parity_vectors::{Store, VectorFile, mismatches};
use reference_rs::{HANDLERS, HandlerSpec};
use rstest::rstest;
use similar_asserts::assert_eq;

use crate::support::{oracle, panel, python, typescript};

/// The vectors of a handler in this repository.
pub(crate) fn vectors_of(handler: &HandlerId) -> VectorFile {
    let store = Store::of_repository(Path::new(crate::support::ROOT));
    store.read(handler).unwrap().unwrap()
}

#[rstest]
fn a_handler_answers_as_its_vectors_expect(
    #[files("../../vectors/*/*.json")]
    #[exclude("vectors/workflows/")]
    file: PathBuf,
    #[values(oracle, python, typescript)] engine: fn() -> Box<dyn Engine>,
) {
    let file: VectorFile = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert!(file.vectors.len() >= 10, "{} has {} vectors only", file.handler, file.vectors.len());
    assert_eq!(mismatches(engine().as_mut(), &file).unwrap(), []);
}

#[test]
fn every_handler_has_vectors_of_its_own() {
    for handler in HANDLERS.iter().map(HandlerSpec::handler) {
        assert_eq!(vectors_of(&handler).handler, handler);
    }
}

/// Saved divergences of our own handlers that are not mended.
#[test]
fn saved_divergences_are_mended() {
    let corpus = Corpus::new(Path::new(crate::support::ROOT).join("vectors/regressions"));
    let suite = parity_blog::suite();
    let mut examiner = Examiner::on(&suite, panel(vec![python(), typescript()]), None);
    for file in corpus.files(None).unwrap() {
        let fate = examiner.fate(&corpus.read(&file).unwrap());
        assert!(matches!(fate, Fate::Fixed | Fate::OutOfDomain), "{}: {fate}", file.display());
    }
}
