//! Divergences that were found are kept as values, examined in every campaign, and become golden vectors once they are mended.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use parity_campaign::Divergence;
use parity_campaign::{Corpus, Examiner, Fate, Saved};
use parity_engine::Engine;
use parity_engine_python::PythonEngine;
use parity_vectors::{Engines, Store, VectorError, check, promote};
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{campaign, panel, python};
use crate::vectors_test::vectors_of;

fn root() -> &'static Path {
    Path::new(crate::support::ROOT)
}

/// Our Python handlers with one mistake.
fn wrong() -> Box<dyn Engine> {
    Box::new(PythonEngine::load(&root().join("fixtures/defects/line_total_rounded_half_even")).unwrap())
}

fn found() -> Divergence {
    let campaign = campaign(vec!["ecommerce/validate_cart".parse().unwrap()], 1000, 1);
    campaign.run_on(&mut panel(vec![wrong()]), None, &mut |_| {}).unwrap().divergences.remove(0)
}

#[test]
fn a_saved_divergence_is_found_again_without_any_case_and_is_fixed_when_it_is_mended() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::new(dir.path().to_owned());
    let divergence = found();
    let file = corpus.save(&Saved::of(&divergence, true)).unwrap();
    let saved = corpus.read(&file).unwrap();
    assert_eq!((&saved.input, &saved.signature), (&divergence.input, &divergence.signature));

    let handlers = [divergence.input.handler.clone()];
    let all = corpus.of_handlers(&handlers).unwrap();
    let suite = parity_blog::suite();
    let (again, faults) = Examiner::on(&suite, panel(vec![wrong()]), None).examine_saved(&all);
    // All that the input shows, each by itself. What matters is found out while shrinking.
    let same = again.iter().find(|found| found.signature == divergence.signature).unwrap();
    assert_eq!(*same, Divergence { evaluations: 1, matters: Vec::new(), broad: false, ..divergence.clone() });
    assert_eq!(again.len(), 1 + divergence.beside.len());
    assert_eq!(faults, []);
    let fate = |engine: Box<dyn Engine>| Examiner::on(&suite, panel(vec![engine]), None).fate(&saved);
    assert_eq!(fate(wrong()), Fate::StillFailing(divergence.signature));
    assert_eq!(fate(python()), Fate::Fixed);
}

#[test]
fn what_can_not_be_replayed_and_what_is_no_longer_meant_are_told_apart() {
    let saved = Saved::of(&found(), true);
    let suite = parity_blog::suite();
    let fate = |engines, saved: &Saved| Examiner::on(&suite, panel(engines), None).fate(saved);
    assert_eq!(fate(Vec::new(), &saved).to_string(), "ERROR: no engine python with ecommerce/validate_cart");
    let mut outside = saved;
    outside.input.context.insert("cart_items".to_owned(), json!(7));
    assert_eq!(fate(vec![python()], &outside), Fate::OutOfDomain);
}

#[test]
fn many_may_save_the_same_divergence_at_the_same_time() {
    let dir = tempfile::tempdir().unwrap();
    let saved = Saved::of(&found(), true);
    thread::scope(|scope| {
        for _ in 0..200 {
            let corpus = Corpus::new(dir.path().to_owned());
            let saved = &saved;
            scope.spawn(move || {
                let file = corpus.save(saved).unwrap();
                assert_eq!(&corpus.read(&file).unwrap(), saved);
            });
        }
    });
    let namespace = dir.path().join("ecommerce/validate_cart");
    let files: Vec<PathBuf> = fs::read_dir(namespace).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files, Corpus::new(dir.path().to_owned()).files(None).unwrap());
    assert_eq!(files.len(), 1);
}

#[test]
fn a_pipe_is_no_saved_divergence_and_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe.json");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let corpus = Corpus::new(dir.path().to_owned());
    assert_eq!(corpus.files(None).unwrap(), std::slice::from_ref(&pipe));
    let error = corpus.read(&pipe).unwrap_err().to_string();
    assert!(error.contains("pipe.json") && error.contains("is no regular file"), "{error}");
}

#[test]
fn a_saved_divergence_at_another_place_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::new(dir.path().to_owned());
    let file = corpus.save(&Saved::of(&found(), true)).unwrap();
    let moved = file.with_file_name("0123456789abcdef.json");
    fs::rename(&file, &moved).unwrap();
    let error = corpus.read(&moved).unwrap_err().to_string();
    assert!(error.starts_with(&moved.display().to_string()) && error.contains("is not at its place"), "{error}");
}

/// A repository with the vectors of carts alone.
fn repository() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let file = Store::of_repository(dir.path()).file_of(&"ecommerce/validate_cart".parse().unwrap());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::copy(root().join("vectors/ecommerce/validate_cart.json"), file).unwrap();
    dir
}

#[test]
fn a_promoted_divergence_is_a_golden_vector() {
    let (repository, corpus) = (repository(), tempfile::tempdir().unwrap());
    let saved = Saved::of(&found(), true);
    let file = Corpus::new(corpus.path().to_owned()).save(&saved).unwrap();
    let mut engines = Engines::of_repository(root()).unwrap();
    let (written, id) =
        promote(&Store::of_repository(repository.path()), &mut engines, &file, "Half a cent goes up.").unwrap();

    let document: Value = serde_json::from_str(&fs::read_to_string(&written).unwrap()).unwrap();
    let vectors = document["vectors"].as_array().unwrap();
    let vector = vectors.iter().find(|vector| vector["id"] == json!(id)).unwrap();
    assert_eq!(vector["note"], "Half a cent goes up.");
    assert!(vector["flags"].as_array().unwrap().contains(&json!("regression")), "{vector}");
    assert_eq!(vector["input"]["context"], json!(saved.input.context));
    let before = vectors_of(&saved.input.handler).vectors;
    let expected = before.len() + usize::from(before.iter().all(|vector| vector.id != id));
    assert_eq!(vectors.len(), expected);
    let problems = check(repository.path(), &mut engines).unwrap();
    let of_carts = problems.iter().filter(|problem| problem.file == "vectors/ecommerce/validate_cart.json");
    assert_eq!(of_carts.count(), 0, "{problems:?}");
}

#[test]
fn nothing_is_promoted_without_a_note_or_into_a_file_that_was_edited() {
    let (repository, corpus) = (repository(), tempfile::tempdir().unwrap());
    let file = Corpus::new(corpus.path().to_owned()).save(&Saved::of(&found(), true)).unwrap();
    let mut engines = Engines::of_repository(root()).unwrap();
    let mut refused =
        |note: &str| match promote(&Store::of_repository(repository.path()), &mut engines, &file, note).unwrap_err() {
            VectorError::NotPromotable { reason, .. } => reason,
            error => panic!("{error}"),
        };
    assert_eq!(refused("  "), "a note must say why the vector is there");
    let vectors = repository.path().join("vectors/ecommerce/validate_cart.json");
    let text = fs::read_to_string(&vectors).unwrap();
    fs::write(&vectors, text.replacen("\"note\": \"", "\"note\": \"x", 1)).unwrap();
    assert_eq!(refused("Why."), "vectors/ecommerce/validate_cart.json was edited by hand");
}
