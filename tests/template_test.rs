//! Templates load as the workflow engine's own do, and what is wrong with one is named by file, line and step.

use std::path::{Path, PathBuf};

use parity_blog::Oracle;
use parity_suite::template::{Backoff, Template, load, load_all};
use rstest::rstest;
use serde_json::json;
use similar_asserts::assert_eq;

use crate::support::tree;

fn fixtures() -> PathBuf {
    Path::new(crate::support::ROOT).join("fixtures/templates")
}

fn named<'a>(templates: &'a [Template], id: &str) -> &'a Template {
    templates.iter().find(|template| template.id.to_string() == id).unwrap()
}

#[test]
fn our_templates_load_and_two_of_them_share_a_name() {
    let templates = load_all(&fixtures()).unwrap();
    let files: Vec<&PathBuf> = templates.iter().map(|template| &template.file).collect();
    let mut expected: Vec<PathBuf> =
        std::fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().path()).collect();
    expected.sort();
    assert_eq!(files, expected.iter().collect::<Vec<_>>());
    let refunds = templates.iter().filter(|template| template.id.name == "process_refund");
    let namespaces: Vec<&str> = refunds.map(|template| template.id.namespace.as_str()).collect();
    assert_eq!(namespaces, ["customer_success", "payments"]);
    for template in &templates {
        assert_eq!(template.version, "1.0.0");
        assert_eq!(template.input_schema["type"], json!("object"));
        for step in &template.steps {
            assert_eq!(step.handler.callable.namespace(), template.id.namespace);
            assert_eq!(step.handler.callable.step(), step.name);
            assert!(step.line.is_some());
        }
    }
}

#[test]
fn a_step_holds_what_the_file_says() {
    let templates = load_all(&fixtures()).unwrap();
    let step = named(&templates, "ecommerce/ecommerce_order_processing").step("update_inventory").unwrap();
    assert_eq!(step.dependencies, ["process_payment"]);
    assert_eq!((step.retry.max_attempts, step.retry.backoff), (2, Backoff::Exponential));
    assert_eq!(
        (step.retry.backoff_base_ms, step.retry.max_backoff_ms, step.timeout_seconds),
        (100, Some(5000), Some(10))
    );
    assert_eq!(json!(step.handler.initialization), json!({"scenario": "ecommerce_checkout"}));
    let approval = named(&templates, "customer_success/process_refund").step("get_manager_approval").unwrap();
    assert_eq!(
        (approval.retry.max_attempts, approval.retry.backoff, approval.retry.max_backoff_ms),
        (1, Backoff::Linear, None)
    );
}

#[test]
fn a_step_is_handed_all_its_ancestors() {
    let templates = load_all(&fixtures()).unwrap();
    let ancestors = |id: &str, step: &str| {
        let template = named(&templates, id);
        let names = template.ancestors(template.step(step).unwrap()).into_iter().map(|step| step.name.clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(ancestors("data_pipeline/analytics_pipeline", "transform_sales"), ["extract_sales_data"]);
    assert_eq!(ancestors("data_pipeline/analytics_pipeline", "aggregate_metrics").len(), 6);
    assert_eq!(
        ancestors("microservices/user_registration", "send_welcome_sequence"),
        ["create_user_account", "setup_billing_profile", "initialize_preferences"]
    );
    assert!(ancestors("payments/process_refund", "validate_payment_eligibility").is_empty());
}

const HEAD: &str = "name: t\nnamespace_name: n\nversion: 1.0.0\nsteps:\n";

#[rstest]
#[case("steps: [\n", "t.yaml:2: ")]
#[case("name: t\nnamespace_name: n\nversion: 1.0.0\nsteps: []\n", "t.yaml: the template has no steps")]
#[case("name: t\nnamespace_name: n\nsteps: []\n", "t.yaml:1: missing field `version`")]
#[case(&format!("{HEAD}  - name: a\n    handler: {{ callable: n/a }}\n    retry: {{ max_attempts: two }}\n"), "t.yaml:7: step a: ")]
#[case(&format!("{HEAD}  - name: a\n    handler: {{ callable: a b }}\n"), "t.yaml:6: step a: steps[0].handler: \"a b\" names no handler")]
#[case(&format!("{HEAD}  - name: a\n    handler: {{ callable: n/a }}\n    retry: {{ max_attempts: 0 }}\n"), "t.yaml:5: step a: max_attempts is 0")]
#[case(&format!("{HEAD}  - name: a\n    handler: {{ callable: n/a, method: a/b }}\n"), "t.yaml:5: step a: handler.method is \"a/b\", which is no name of a method")]
#[case(
    &format!("{HEAD}  - name: a\n    handler: {{ callable: n/a }}\n  - name: a\n    handler: {{ callable: n/a }}\n"),
    "t.yaml:7: step a: there is another step of this name in line 5"
)]
#[case(
    &format!("{HEAD}  - name: a\n    handler: {{ callable: n/a }}\n    depends_on: [b]\n"),
    "t.yaml:5: step a: depends on b, which is no step of this template"
)]
#[case(
    &format!("{HEAD}  - {{ name: x, handler: {{ callable: n/x }}, dependencies: [a] }}\n  - name: a\n    handler: {{ callable: n/a }}\n    dependencies: [b]\n  - name: b\n    handler: {{ callable: n/b }}\n    dependencies: [c]\n  - name: c\n    handler: {{ callable: n/c }}\n    dependencies: [a]\n"),
    "t.yaml:6: step a: depends on itself: a -> b -> c -> a"
)]
fn what_is_wrong_is_named_by_file_line_and_step(#[case] text: &str, #[case] message: &str) {
    let tree = tree(&[("t.yaml", text)]);
    let error = load(&tree.path().join("t.yaml")).unwrap_err().to_string();
    let expected = format!("{}/{message}", tree.path().display());
    assert!(error.starts_with(&expected), "{error:?} does not start with {expected:?}");
}

#[test]
fn a_handler_that_an_engine_lacks_is_named() {
    let text = format!(
        "{HEAD}  - name: a\n    handler: {{ callable: ecommerce/validate_cart }}\n  - name: b\n    handler: {{ callable: n/b }}\n"
    );
    let tree = tree(&[("t.yaml", &text)]);
    let template = load(&tree.path().join("t.yaml")).unwrap();
    let error = template.check_handlers(&Oracle::default()).unwrap_err().to_string();
    assert!(error.ends_with("t.yaml:7: step b: the rust engine has no handler n/b"), "{error}");
}

#[test]
fn two_templates_of_one_identity_are_refused_and_a_directory_without_any() {
    let text = format!("{HEAD}  - name: a\n    handler: {{ callable: n/a }}\n");
    let both = tree(&[("a.yaml", &text), ("b.yml", &text), ("c.txt", "")]);
    let error = load_all(both.path()).unwrap_err().to_string();
    assert!(error.contains("b.yml: the template n/t is also in ") && error.contains("a.yaml"), "{error}");
    let error = load_all(tree(&[("c.txt", "")]).path()).unwrap_err().to_string();
    assert!(error.contains("no templates here"), "{error}");
    let error = load(&both.path().join("nothing.yaml")).unwrap_err().to_string();
    assert!(error.contains("nothing.yaml: can not be read: No such file"), "{error}");
}
