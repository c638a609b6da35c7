//! Saved divergences of somebody's own handlers are replayed as they were found, and what does not repeat is not saved.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use parity_blog::Oracle;
use parity_blog::fuzz::ByteSource;
use parity_campaign::Corpus;
use parity_engine::Engine;
use parity_model::{Observation, Outcome};
use parity_suite::template::load_all;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{ROOT, code, diff_in, differences, parity_in, stderr, stdout, tree};

const TREES: [&str; 6] = ["--templates", "flows", "--python", "app", "--typescript", "web"];

const CHECKOUT: &str = "ecommerce/ecommerce_order_processing";

const TYPESCRIPT: &str = "import { PermanentError, StepHandler } from '@tasker-systems/tasker';\n\n\
                          export class CheckRefundHandler extends StepHandler {\n  static handlerName = 'check_refund';\n  \
                          async call(context: any) {\n    const amount = context.getInput('amount');\n    \
                          if (amount >= 1000 && context.getInput('reason') === 'other') {\n      \
                          throw new PermanentError('needs a reason', { error_code: 'NEEDS_REASON' });\n    }\n    \
                          return this.success({ approved: amount });\n  }\n}\n";

/// A team's project, of which the languages disagree on a refund of exactly 1000.
fn project() -> TempDir {
    tree(&[
        (
            "flows/refund.yaml",
            "name: refund\nnamespace_name: billing\nversion: 1.0.0\ninput_schema:\n  type: object\n  \
             required: [amount, reason]\n  properties:\n    amount: { type: integer, minimum: 1, maximum: 5000 }\n    \
             reason: { type: string, enum: [damaged, late, other] }\n\
             steps:\n  - name: check_refund\n    handler: { callable: CheckRefundHandler }\n",
        ),
        (
            "app/steps/refund.py",
            "from tasker_core import StepHandler\nfrom tasker_core.errors import PermanentError\n\n\n\
             class CheckRefundHandler(StepHandler):\n    handler_name = 'check_refund'\n\n    \
             def call(self, context):\n        amount = context.get_input('amount')\n        \
             if amount > 1000 and context.get_input('reason') == 'other':\n            \
             raise PermanentError('needs a reason', error_code='NEEDS_REASON')\n        \
             return self.success({'approved': amount})\n",
        ),
        ("web/src/refund.ts", TYPESCRIPT),
    ])
}

/// The files below `saved` in a directory.
fn saved_in(dir: &Path) -> Vec<PathBuf> {
    Corpus::new(dir.join("saved")).files(None).unwrap()
}

#[rstest]
#[case::on_the_second_language(&["--oracle", "python"], "typescript", "decision:completed->NEEDS_REASON")]
#[case::on_the_first_language(&["--oracle", "typescript", "--engine", "python"], "python", "decision:NEEDS_REASON->completed")]
fn a_saved_divergence_of_a_project_is_replayed_until_it_is_mended(
    #[case] sides: &[&str],
    #[case] engine: &str,
    #[case] class: &str,
) {
    let dir = project();
    let options = ["--cases", "300", "--seed", "1", "--save=saved"];
    let output = parity_in(dir.path(), &[&["diff"], &TREES[..], sides, &options].concat());
    assert_eq!(code(&output), 1, "{}", stdout(&output));
    let files = saved_in(dir.path());
    assert_eq!(files.len(), 1, "{files:?}");
    let shown = files[0].strip_prefix(dir.path()).unwrap().display().to_string();
    assert_eq!(stderr(&output), format!("saved: {shown}\n"));
    let saved: Value = serde_json::from_str(&fs::read_to_string(&files[0]).unwrap()).unwrap();
    let signature = json!({
        "handler": "billing/check_refund", "engine": engine, "class": class, "path": "", "manner": "needs a reason",
    });
    assert_eq!((&saved["signature"], &saved["well_formed"]), (&signature, &json!(true)));
    assert_eq!(saved["input"]["context"], json!({"amount": 1000, "reason": "other"}));

    let below = shown.strip_prefix("saved/").unwrap();
    let replay = |more: &[&str]| {
        let output = parity_in(dir.path(), &[&["replay", "--all", "--corpus", "saved"], &TREES[..], more].concat());
        (code(&output), stdout(&output))
    };
    // Whoever the others are compared with, and whoever is named.
    for more in [sides, &[]] {
        let fate = format!("{below}: STILL FAILING: {engine} {class} at \"\"\n1 saved divergences\n");
        assert_eq!(replay(more), (1, fate));
    }
    let one = parity_in(dir.path(), &[&["replay", &shown], &TREES[..], sides].concat());
    assert_eq!(code(&one), 1, "{}", stderr(&one));

    fs::write(dir.path().join("web/src/refund.ts"), TYPESCRIPT.replace(">= 1000", "> 1000")).unwrap();
    assert_eq!(replay(&[]), (0, format!("{below}: FIXED\n1 saved divergences\n")));
}

#[test]
fn a_test_of_a_divergence_fails_in_the_project_until_it_is_mended() {
    let dir = project();
    let sides = ["--oracle", "python", "--cases", "300", "--seed", "1", "--emit", "node"];
    let output = parity_in(dir.path(), &[&["diff"], &TREES[..], &sides].concat());
    assert!(stdout(&output).contains("spawnSync(COMMAND[0]"), "{}", stdout(&output));

    let sides = ["--oracle", "typescript", "--engine", "python", "--cases", "300", "--seed", "1", "--emit", "pytest"];
    let printed = stdout(&parity_in(dir.path(), &[&["diff"], &TREES[..], &sides].concat()));
    let (_, test) = printed.split_once("\n\"\"\"billing/check_refund in python").unwrap();
    fs::write(dir.path().join("test_it.py"), format!("\"\"\"{test}")).unwrap();
    // What the test needs of pytest.
    fs::write(dir.path().join("pytest.py"), "def fail(message, pytrace):\n    raise SystemExit(message)\n").unwrap();
    let call = "import test_it; [test() for name, test in list(vars(test_it).items()) if name.startswith('test_')]";
    let binaries = Path::new(env!("CARGO_BIN_EXE_parity")).parent().unwrap();
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap());
    let run = || {
        Command::new("python3").args(["-B", "-c", call]).current_dir(dir.path()).env("PATH", &path).output().unwrap()
    };
    let failed = run();
    assert_eq!(code(&failed), 1, "{}", stdout(&failed));
    assert!(stderr(&failed).contains("decision:NEEDS_REASON->completed"), "{}", stderr(&failed));
    fs::write(dir.path().join("web/src/refund.ts"), TYPESCRIPT.replace(">= 1000", "> 1000")).unwrap();
    let passed = run();
    assert_eq!(code(&passed), 0, "{}", stderr(&passed));
}

/// Our Python handlers, of which one answers otherwise every second time.
fn flaky() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let ours = Path::new(ROOT).join("handlers/python/.");
    assert!(Command::new("cp").arg("-r").arg(ours).arg(dir.path()).status().unwrap().success());
    let file = dir.path().join("post_01_ecommerce/validate_cart_handler.py");
    let text = fs::read_to_string(&file).unwrap();
    let counted = text
        .replace("TAX_RATE = 0.08\n", "TAX_RATE = 0.08\nCALLS = [0]\n")
        .replace("            items = CartItem.", "            CALLS[0] += 1\n            items = CartItem.")
        .replace("\"item_count\": len(validated_items)", "\"item_count\": len(validated_items) + CALLS[0] % 2");
    assert_eq!(counted.matches("CALLS[0]").count(), 2);
    fs::write(file, counted).unwrap();
    dir
}

/// Bytes of a cart that is not refused.
fn bytes_of_a_good_cart() -> [u8; 4] {
    let templates = load_all(&Path::new(ROOT).join("fixtures/templates")).unwrap();
    let source =
        ByteSource::new(templates.iter().find(|template| template.id.to_string() == CHECKOUT).unwrap()).unwrap();
    let mut candidates = (0..=u8::MAX).map(|draw| [0, 2, draw, 0]);
    let is_good = |bytes: &[u8; 4]| {
        let outcome = Oracle::default().run(&source.draw(bytes).unwrap()).unwrap();
        matches!(outcome, Observation::Planned(Outcome::Completed { .. }))
    };
    candidates.find(is_good).unwrap()
}

#[test]
fn a_flaky_handler_is_nondeterministic_to_diff_and_is_not_saved_by_fuzz_case() {
    let (python, corpus) = (flaky(), tempfile::tempdir().unwrap());
    let trees = ["--python", python.path().to_str().unwrap(), "--engine", "python"];
    let options = ["--handler", "ecommerce/validate_cart", "--cases", "60", "--seed", "1"];
    let (exit, report) = diff_in(ROOT.as_ref(), &[&trees[..], &options].concat());
    let cart = json!({"cart_items": [{"product_id": 1, "quantity": 1}]});
    assert_eq!(differences(&report), [("nondeterministic", "", &cart)]);
    let found = &report["divergences"][0];
    assert_eq!((exit, &found["grade"]), (1, &json!("decision")));
    assert_ne!(found["expected"], found["actual"]);

    let file = corpus.path().join("crash-0");
    fs::write(&file, bytes_of_a_good_cart()).unwrap();
    let saved = corpus.path().join("saved");
    let what = ["fuzz-case", CHECKOUT, file.to_str().unwrap()];
    let output = parity_in(ROOT.as_ref(), &[&what[..], &["--save", saved.to_str().unwrap()], &trees[..]].concat());
    let not_saved = "not saved: ecommerce/validate_cart in python is nondeterministic\n";
    assert_eq!((code(&output), stdout(&output).as_str()), (1, not_saved), "{}", stderr(&output));
    assert_eq!(saved_in(corpus.path()), Vec::<PathBuf>::new());
}
