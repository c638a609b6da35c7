//! Whatever is done to the files in `vectors/` by hand is refused, with the file and the vector.

use std::fs;
use std::path::{Path, PathBuf};

use parity_json::{canonical, digest_of, file_text};
use parity_vectors::{Engines, check};
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

const CART: &str = "vectors/ecommerce/validate_cart.json";
const ORDERS: &str = "vectors/workflows/ecommerce__ecommerce_order_processing.json";

/// A repository that has a copy of the vectors and nothing else.
struct Copy {
    dir: TempDir,
}

impl Copy {
    fn new() -> Self {
        let copy = Self { dir: tempfile::tempdir().unwrap() };
        copy_tree(&root().join("vectors"), &copy.dir.path().join("vectors"));
        copy
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    fn write(&self, file: &str, text: &str) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), text).unwrap();
    }

    /// Edits a file as somebody would who knows the format but not the rules: the text stays canonical.
    fn edit(&self, file: &str, edit: impl FnOnce(&mut Value)) {
        let mut document: Value = serde_json::from_str(&self.text(file)).unwrap();
        edit(&mut document);
        self.write(file, &file_text(&document));
    }

    /// The same, and the digest is made to fit.
    fn forge(&self, file: &str, edit: impl FnOnce(&mut Value)) {
        self.edit(file, |document| {
            edit(document);
            document["digest"] = json!(digest_of(&document["vectors"]));
        });
    }

    /// What is wrong with the files, and with what the oracle answers.
    fn problems(&self) -> Vec<String> {
        self.problems_with(Engines::of_oracle(root()).unwrap())
    }

    fn problems_with(&self, mut engines: Engines) -> Vec<String> {
        let problems = check(self.dir.path(), &mut engines).unwrap();
        problems.iter().map(ToString::to_string).collect()
    }

    /// The identity of the first vector that `wanted` takes, and its number.
    fn vector(&self, file: &str, wanted: impl Fn(&Value) -> bool) -> (String, usize) {
        let document: Value = serde_json::from_str(&self.text(file)).unwrap();
        let vectors = document["vectors"].as_array().unwrap();
        let number = vectors.iter().position(wanted).unwrap();
        (vectors[number]["id"].as_str().unwrap().to_owned(), number)
    }
}

fn root() -> &'static Path {
    Path::new(crate::support::ROOT)
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn is_completed(vector: &Value) -> bool {
    vector["expected"]["status"] == "completed"
}

#[test]
fn the_vectors_of_this_repository_are_whole_and_true() {
    assert_eq!(Copy::new().problems_with(Engines::of_repository(root()).unwrap()), Vec::<String>::new());
}

/// A fault in one vector; the digest is made to fit, so that nothing but the fault itself gives it away.
#[rstest]
#[case::expected_result(|vector: &mut Value| vector["expected"]["result"]["shipping"] = json!(0), "rust differs: value at \"/result/shipping\"")]
#[case::expected_decision(|vector: &mut Value| vector["expected"] = json!({"status": "failed", "kind": "permanent", "code": "X", "message": "", "retry_after": null, "context": {}}), "rust differs: decision:X")]
#[case::expected_is_no_outcome(|vector: &mut Value| vector["expected"]["status"] = json!("done"), "breaks vector.schema.json")]
#[case::input(|vector: &mut Value| vector["input"]["attempt"] = json!(7), "the id is not that of the input")]
#[case::input_of_another_handler(|vector: &mut Value| vector["input"]["handler"] = json!("ecommerce/create_order"), "its input is one of ecommerce/create_order")]
#[case::input_without_ambient(|vector: &mut Value| drop(vector["input"].as_object_mut().unwrap().remove("ambient")), "breaks vector.schema.json")]
#[case::no_note(|vector: &mut Value| drop(vector.as_object_mut().unwrap().remove("note")), "breaks vector.schema.json")]
#[case::blank_note(|vector: &mut Value| vector["note"] = json!(" \n"), "has no note")]
#[case::unknown_flag(|vector: &mut Value| vector["flags"] = json!(["completed", "sunny"]), "breaks vector.schema.json")]
#[case::wrong_flag(|vector: &mut Value| vector["flags"].as_array_mut().unwrap().insert(0, json!("PRODUCT_INACTIVE")), "wrong: PRODUCT_INACTIVE")]
#[case::lost_flag(|vector: &mut Value| vector["flags"] = json!(["completed"]), "but [")]
#[case::other_id(|vector: &mut Value| vector["id"] = json!("validate_cart-000000000000"), "the id is not that of the input")]
#[case::unknown_member(|vector: &mut Value| vector["comment"] = json!("hello"), "breaks vector.schema.json")]
fn a_fault_in_a_vector_is_refused(#[case] fault: fn(&mut Value), #[case] message: &str) {
    let copy = Copy::new();
    let (mut id, number) = copy.vector(CART, is_completed);
    copy.forge(CART, |document| {
        fault(&mut document["vectors"][number]);
        document["vectors"][number]["id"].as_str().unwrap().clone_into(&mut id);
    });
    let problems = copy.problems();
    let is_told = |problem: &String| problem.starts_with(&format!("{CART}: {id}: ")) && problem.contains(message);
    assert!(problems.iter().any(is_told), "{id}: {message:?} is not told by {problems:#?}");
}

/// A fault in a file, and what is told of it.
#[rstest]
#[case::edited_without_digest(|copy: &Copy| copy.edit(CART, |document| document["vectors"][0]["note"] = json!("New.")), CART, "edited by hand")]
#[case::wrong_digest(|copy: &Copy| copy.edit(CART, |document| document["digest"] = json!(digest_of(&json!(0)))), CART, "edited by hand")]
#[case::old_format(|copy: &Copy| copy.forge(CART, |document| document["schema_version"] = json!(0)), CART, "breaks vector.schema.json at \"/schema_version\"")]
#[case::the_oracle_named(|copy: &Copy| copy.forge(CART, |document| document["provenance"]["oracle"] = json!(digest_of(&json!(0)))), CART, "breaks vector.schema.json at \"/provenance\"")]
#[case::another_policy(|copy: &Copy| copy.forge(CART, |document| document["provenance"]["policy"] = json!(99)), CART, "the provenance is not that of this tool")]
#[case::another_handler(|copy: &Copy| copy.forge(CART, |document| document["handler"] = json!("ecommerce/create_order")), CART, "holds the vectors of ecommerce/create_order")]
#[case::no_vectors(|copy: &Copy| copy.forge(CART, |document| document["vectors"] = json!([])), CART, "the declared outcome PRODUCT_INACTIVE has no vector")]
#[case::missing(|copy: &Copy| fs::remove_file(copy.path(CART)).unwrap(), CART, "is missing")]
#[case::missing_traces(|copy: &Copy| fs::remove_file(copy.path(ORDERS)).unwrap(), ORDERS, "is missing")]
#[case::orphan(|copy: &Copy| copy.write("vectors/ecommerce/gift_wrap.json", "{}\n"), "vectors/ecommerce/gift_wrap.json", "belongs to no handler")]
#[case::schema(|copy: &Copy| copy.edit("vectors/vector.schema.json", |schema| schema["title"] = json!("Mine")), "vectors/vector.schema.json", "is stale")]
#[case::no_saved_divergence(|copy: &Copy| copy.write("vectors/regressions/a/b/0.json", "{}\n"), "vectors/regressions/a/b/0.json", "missing field")]
fn a_fault_in_a_file_is_refused(#[case] fault: fn(&Copy), #[case] file: &str, #[case] message: &str) {
    let copy = Copy::new();
    fault(&copy);
    let problems = copy.problems();
    let is_told = |problem: &String| problem.starts_with(&format!("{file}: ")) && problem.contains(message);
    assert!(problems.iter().any(is_told), "{message:?} is not told by {problems:#?}");
}

#[test]
fn what_a_killed_writer_leaves_is_accepted() {
    let copy = Copy::new();
    copy.write("vectors/ecommerce/.validate_cart.json.1.0.tmp", "{\n  \"vec");
    assert_eq!(copy.problems(), Vec::<String>::new());
}

#[test]
fn a_vector_that_is_there_twice_is_refused() {
    let copy = Copy::new();
    let (id, number) = copy.vector(CART, is_completed);
    copy.forge(CART, |document| {
        let vectors = document["vectors"].as_array_mut().unwrap();
        vectors.insert(number, vectors[number].clone());
    });
    assert_eq!(copy.problems(), [format!("{CART}: {id}: the id is there twice")]);
}

#[test]
fn vectors_in_another_order_are_refused() {
    let copy = Copy::new();
    copy.forge(CART, |document| document["vectors"].as_array_mut().unwrap().swap(0, 1));
    let (first, _) = copy.vector(CART, |_| true);
    let (second, _) = copy.vector(CART, |vector| vector["id"] != json!(first));
    assert_eq!(copy.problems(), [format!("{CART}: {second}: stands behind {first}; vectors are sorted by id")]);
}

#[test]
fn a_truncated_file_is_refused_with_the_vector_at_its_end() {
    let copy = Copy::new();
    let text = copy.text(CART);
    let (id, _) = copy.vector(CART, is_completed);
    let end = text.find(&format!("\"id\": \"{id}\"")).unwrap() + id.len() + 20;
    copy.write(CART, &text[..end]);
    let problems = copy.problems();
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with(&format!("{CART}: EOF while parsing")) && problems[0].ends_with(&id),
        "{problems:?}"
    );
}

/// The same document in another text.
#[rstest]
#[case::keys_reordered("\"attempt\": 1,\n        \"context\": {}", "\"context\": {},\n        \"attempt\": 1")]
#[case::number_in_another_form("\"attempt\": 1,", "\"attempt\": 1e0,")]
#[case::text_with_escapes(
    "\"handler\": \"ecommerce/validate_cart\",\n        \"max",
    "\"handler\": \"ecommerce\\/validate_cart\",\n        \"max"
)]
#[case::more_space("\"step_config\": {}", "\"step_config\": { }")]
fn another_text_of_the_same_document_is_refused(#[case] from: &str, #[case] to: &str) {
    let copy = Copy::new();
    let text = copy.text(CART);
    let (before, after) = text.split_once(from).unwrap();
    copy.write(CART, &format!("{before}{to}{after}"));
    let id = before.rsplit("\"id\": \"").next().unwrap().split('"').next().unwrap();
    let problems = copy.problems();
    assert!(problems[0].starts_with(&format!("{CART}: {id}: line ")), "{id}: {problems:#?}");
}

#[test]
fn another_line_ending_is_refused() {
    let copy = Copy::new();
    copy.write(CART, &copy.text(CART).replace('\n', "\r\n"));
    let problems = copy.problems();
    assert!(problems.len() == 1 && problems[0].contains("is not in canonical text"), "{problems:?}");
}

#[test]
fn an_edited_trace_is_refused_with_its_vector() {
    let copy = Copy::new();
    let (id, number) = copy.vector(ORDERS, |vector| vector["expected"]["state"] == "completed");
    copy.forge(ORDERS, |document| document["vectors"][number]["expected"]["state"] = json!("failed"));
    let problems = copy.problems_with(Engines::of_repository(root()).unwrap());
    assert_eq!(problems.len(), 3, "{problems:#?}");
    assert!(problems.iter().all(|problem| problem.starts_with(&format!("{ORDERS}: {id}: "))), "{problems:#?}");
}

#[test]
fn the_files_are_canonical_values() {
    let document: Value = serde_json::from_str(&Copy::new().text(CART)).unwrap();
    assert_eq!(canonical(document.clone()).to_string(), document.to_string());
}
