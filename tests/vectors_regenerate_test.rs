//! Regeneration gives the same bytes, touches what it was asked to touch, and drops nothing unasked. A change of the oracle
//! shows in exactly the vectors that it changes; here the oracle stays and the files change.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use parity_json::{digest_of, file_text};
use parity_vectors::diff;
use parity_vectors::{Change, Engines, Request, VectorError, regenerate};
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

const CART: &str = "ecommerce/validate_cart";
const CART_FILE: &str = "vectors/ecommerce/validate_cart.json";
const ORDER_FILE: &str = "vectors/ecommerce/create_order.json";
const TRACE_FILE: &str = "vectors/workflows/ecommerce__ecommerce_order_processing.json";

/// A repository with our handlers and templates, and a copy of the vectors of two handlers and of their workflow's traces.
fn repository() -> TempDir {
    let (dir, root) = (tempfile::tempdir().unwrap(), Path::new(crate::support::ROOT));
    symlink(root.join("handlers"), dir.path().join("handlers")).unwrap();
    symlink(root.join("fixtures"), dir.path().join("fixtures")).unwrap();
    for file in [CART_FILE, ORDER_FILE, TRACE_FILE] {
        fs::create_dir_all(dir.path().join(file).parent().unwrap()).unwrap();
        fs::copy(root.join(file), dir.path().join(file)).unwrap();
    }
    dir
}

/// Edits a file; what the tool writes stays canonical and has a digest that fits.
fn forge(file: &PathBuf, edit: impl FnOnce(&mut Value)) {
    let mut document: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    edit(&mut document);
    document["digest"] = json!(digest_of(&document["vectors"]));
    fs::write(file, file_text(&document)).unwrap();
}

fn carts() -> Request {
    Request { handlers: vec![CART.parse().unwrap()], ..Request::default() }
}

/// The vectors whose expected shipping is changed from 5.99 to 4.99, as if the oracle had changed the other way.
fn cheaper_shipping(document: &mut Value) -> Vec<String> {
    let mut changed = Vec::new();
    for vector in document["vectors"].as_array_mut().unwrap() {
        if vector["expected"]["result"]["shipping"] == json!(5.99) {
            vector["expected"]["result"]["shipping"] = json!(4.99);
            changed.push(vector["id"].as_str().unwrap().to_owned());
        }
    }
    changed
}

#[test]
fn a_second_regeneration_changes_no_byte() {
    let repository = repository();
    let file = repository.path().join(CART_FILE);
    // Promoted vectors are kept, not chosen: without the file they are gone.
    fs::remove_file(&file).unwrap();
    let check = Request { check: true, ..carts() };
    assert_eq!(regenerate(repository.path(), &check).unwrap().stale, [CART_FILE]);
    assert!(!file.exists());
    assert_eq!(regenerate(repository.path(), &carts()).unwrap().stale, [CART_FILE]);
    let before = fs::read_to_string(&file).unwrap();
    assert_eq!(regenerate(repository.path(), &carts()).unwrap().stale, Vec::<String>::new());
    fs::remove_file(&file).unwrap();
    assert_eq!(regenerate(repository.path(), &carts()).unwrap().stale, [CART_FILE]);
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn a_regeneration_of_one_handler_touches_no_file_of_another() {
    let repository = repository();
    let root = repository.path();
    // A file that another version of the tool has written is not what was asked for.
    forge(&root.join(ORDER_FILE), |document| document["provenance"]["version"] = json!("0.0.1"));
    forge(&root.join(CART_FILE), |document| document["provenance"]["version"] = json!("0.0.1"));
    fs::remove_file(root.join(TRACE_FILE)).unwrap();
    assert_eq!(regenerate(root, &carts()).unwrap().stale, [CART_FILE, TRACE_FILE]);
    assert_eq!(regenerate(root, &carts()).unwrap().stale, Vec::<String>::new());
    assert!(fs::read_to_string(root.join(ORDER_FILE)).unwrap().contains("\"version\": \"0.0.1\""));
}

#[test]
fn a_change_of_the_oracle_is_listed_by_cause_and_kept_from_handlers_that_were_not_named() {
    let repository = repository();
    let file = repository.path().join(CART_FILE);
    let mut expected = Vec::new();
    forge(&file, |document| expected = cheaper_shipping(document));
    assert!(expected.len() > 1);

    let changes = diff(repository.path(), &Engines::of_oracle(repository.path()).unwrap()).unwrap();
    assert_eq!(changes.0.len(), 1);
    let (cause, changes) = changes.0.into_iter().next().unwrap();
    assert_eq!((cause.of.as_str(), cause.path.as_str(), cause.class.as_str()), (CART, "/result/shipping", "value"));
    let change = |id| Change { id, path: "/result/shipping".to_owned(), from: json!(4.99), to: json!(5.99) };
    assert_eq!(changes, expected.iter().cloned().map(change).collect::<Vec<_>>());

    let orders = Request { handlers: vec!["ecommerce/create_order".parse().unwrap()], ..Request::default() };
    let error = regenerate(repository.path(), &orders).unwrap_err();
    let VectorError::OthersChanged { vectors } = &error else { panic!("{error}") };
    assert_eq!(vectors.len(), expected.len());
    assert!(
        vectors.iter().zip(&expected).all(|(line, id)| line.contains(CART_FILE) && line.contains(id)),
        "{vectors:?}"
    );
    assert_eq!(regenerate(repository.path(), &carts()).unwrap().stale, [CART_FILE]);
}

#[test]
fn vectors_are_not_dropped_unasked_and_promoted_ones_never() {
    let repository = repository();
    let file = repository.path().join(CART_FILE);
    let mut ids = Vec::new();
    forge(&file, |document| {
        // Two inputs that nobody would choose.
        for (number, attempt) in [(0, 7), (1, 8)] {
            let mut vector = document["vectors"][number].clone();
            vector["input"]["attempt"] = json!(attempt);
            let input: parity_model::StepInput = serde_json::from_value(vector["input"].clone()).unwrap();
            vector["id"] = json!(parity_vectors::id_of(&input));
            if attempt == 8 {
                vector["flags"].as_array_mut().unwrap().push(json!("regression"));
            }
            ids.push(vector["id"].as_str().unwrap().to_owned());
            document["vectors"].as_array_mut().unwrap().push(vector);
        }
    });
    let before = fs::read_to_string(&file).unwrap();
    let error = regenerate(repository.path(), &carts()).unwrap_err();
    let VectorError::Removals { vectors } = &error else { panic!("{error}") };
    assert_eq!(vectors, &[format!("{CART_FILE}: {}", ids[0])]);
    assert_eq!(fs::read_to_string(&file).unwrap(), before);

    regenerate(repository.path(), &Request { allow_removals: true, ..carts() }).unwrap();
    let after = fs::read_to_string(&file).unwrap();
    assert_eq!((after.contains(&ids[0]), after.contains(&ids[1])), (false, true));
}
