//! What the TypeScript engine makes of a tree of files, and how it says that it can not.

use std::time::Duration;

use parity_engine::{Engine, TreeError};
use parity_engine_typescript::TypeScriptEngine;
use parity_model::{Observation, Unplanned};
use rstest::rstest;
use serde_json::json;
use similar_asserts::assert_eq;

use crate::support::{step_input, tree};
use crate::typescript_trees::{IMPORTS, handler};

#[test]
fn two_trees_live_in_one_process() {
    let answer =
        |n: u32| tree(&[("s_handler.ts", &handler("test/subject", &format!("return this.success({{ n: {n} }});")))]);
    let mut engines: Vec<_> = [1, 2].map(|n| TypeScriptEngine::load(answer(n).path()).unwrap()).into();
    for n in [2, 1, 2] {
        let observed =
            serde_json::to_value(engines[n - 1].run(&step_input("test/subject", &json!(0))).unwrap()).unwrap();
        assert_eq!(observed["result"], json!({"n": n}));
    }
}
#[test]
fn what_typescript_adds_to_javascript_compiles() {
    let shapes =
        "export interface Line { sku: string }\nexport type Id = string;\nexport const KNOWN = ['a'] as const;\n";
    let index = "export { KNOWN } from '../shapes.js';\nexport type { Line } from '../shapes';\n";
    let source = "
import { Line, KNOWN } from './lib';
import type { Id } from '../shapes.ts';
import * as Tasker from '@tasker-systems/tasker';
enum Tier { Free = 'free', Gold = 'gold' }
const enum Level { Low, High }
namespace Prices { export const base: number = 3; }
abstract class Base extends Tasker.StepHandler {
  constructor(protected readonly factor: number = 2, public label?: string) { super(); }
}
export default class Subject extends Base {
  static override handlerName = 'test/subject' satisfies string;
  declare ghost: Id;
  #hidden = 1;
  override async call<T extends Line>(context: Tasker.StepContext): Promise<Tasker.StepHandlerResult> {
    const line = { sku: 's' } as unknown as T;
    const first = <Id>KNOWN[0]!;
    return this.success({ tier: Tier.Gold, level: Level.High, price: Prices.base * this.factor, sku: line.sku, first,
      hidden: this.#hidden, ghost: 'ghost' in this });
  }
}
export { Subject };
";
    let tree = tree(&[
        ("post/subject_handler.ts", source),
        ("post/lib/index.ts", index),
        ("shapes.ts", &format!("{shapes}// post/lib sees this as ../shapes\n")),
        ("post/shapes.ts", shapes),
        ("node_modules/x_handler.ts", "broken ("),
        (".hidden/x_handler.ts", "broken ("),
    ]);
    let mut engine = TypeScriptEngine::load(tree.path()).unwrap();
    assert_eq!(engine.handlers().len(), 1);
    let observed = serde_json::to_value(engine.run(&step_input("test/subject", &json!(0))).unwrap()).unwrap();
    assert_eq!(
        observed["result"],
        json!({"tier": "gold", "level": 1, "price": 6, "sku": "s", "first": "a", "hidden": 1, "ghost": false})
    );
}

#[test]
fn files_may_be_links() {
    let real = tree(&[("far_away.ts", &handler("test/subject", "return this.success({ x: 1 });"))]);
    let tree = tree(&[("a/readme.txt", "")]);
    std::os::unix::fs::symlink(real.path().join("far_away.ts"), tree.path().join("a/subject_handler.ts")).unwrap();
    assert_eq!(TypeScriptEngine::load(tree.path()).unwrap().handlers()[0].as_str(), "test/subject");
}

#[rstest]
#[case::syntax("x_handler.ts", "const a = 1;\n\nconst b = = 2;", "x_handler.ts:3: Unexpected token")]
#[case::semantics(
    "x_handler.ts",
    "const a = 1;\nconst a = 2;",
    "x_handler.ts:1: Identifier `a` has already been declared"
)]
#[case::bare_import(
    "x_handler.ts",
    "// c\nimport fs from 'fs';\nfs.rm('/');",
    "x_handler.ts:2: it imports \"fs\", but a handler may import"
)]
#[case::missing_import(
    "a/x_handler.ts",
    "import { a } from './b.js';\na;",
    "a/x_handler.ts:1: it imports \"./b.js\", but the tree holds none of a/b.ts"
)]
#[case::outside(
    "a/x_handler.ts",
    "import { a } from '../../b';\na;",
    "a/x_handler.ts:1: it imports \"../../b\", which leaves the tree"
)]
#[case::missing_export(
    "x_handler.ts",
    "import { nope } from 'node:path';\nnope;",
    "it throws while it is loaded: SyntaxError: "
)]
#[case::throws(
    "x_handler.ts",
    "type A = {\n  a: number;\n};\nthrow new TypeError('no');",
    "x_handler.ts:4: it throws while it is loaded: TypeError: no"
)]
#[case::throws_a_text("x_handler.ts", "throw 'no';", "x_handler.ts: it throws while it is loaded: ")]
#[case::waits("x_handler.ts", "await new Promise(() => {});", "x_handler.ts: it does not finish loading")]
#[case::no_class(
    "x_handler.ts",
    "export const a = 1;",
    "x_handler.ts: it exports no handler of its own; export a class that extends StepHandler"
)]
fn a_bad_file_is_named_with_what_is_wrong(#[case] name: &str, #[case] source: &str, #[case] message: &str) {
    let tree = tree(&[(name, source)]);
    let error = TypeScriptEngine::load(tree.path()).unwrap_err();
    assert!(matches!(error, TreeError::BadFile { .. }), "{error:?}");
    assert!(error.to_string().contains(message), "{error}");
    assert!(error.to_string().starts_with(&tree.path().display().to_string()), "{error}");
}

#[rstest]
#[case::missing("")]
#[case::no_slash("static override handlerName = 'subject';")]
#[case::not_a_text("static override handlerName: any = 5;")]
fn a_handler_without_an_identity_is_refused(#[case] member: &str) {
    let source =
        format!("{IMPORTS}export class Subject extends StepHandler {{ {member} async call(): Promise<any> {{}} }}");
    let tree = tree(&[("x_handler.ts", &source)]);
    let error = TypeScriptEngine::load(tree.path()).unwrap_err().to_string();
    assert!(error.contains("class Subject has no identity; give it static handlerName = 'namespace/step'"), "{error}");
}

#[test]
fn an_identity_belongs_to_one_class() {
    let source = handler("test/subject", "return this.success({});");
    let tree = tree(&[("a_handler.ts", &source), ("b/a_handler.ts", &source)]);
    let error = TypeScriptEngine::load(tree.path()).unwrap_err();
    let TreeError::Duplicate { handler, first, second } = error else { panic!("{error:?}") };
    assert_eq!(handler.as_str(), "test/subject");
    assert_eq!((first, second), (tree.path().join("a_handler.ts"), tree.path().join("b/a_handler.ts")));
}

#[test]
fn a_tree_without_handlers_is_refused() {
    let tree = tree(&[("handler.ts", ""), ("helper.ts", "")]);
    let error = TypeScriptEngine::load(tree.path()).unwrap_err();
    assert!(
        matches!(error, TreeError::NoHandlers { pattern: "*_handler.ts", language: "typescript", .. }),
        "{error:?}"
    );
    let error = TypeScriptEngine::load(&tree.path().join("handler.ts")).unwrap_err();
    assert!(matches!(error, TreeError::NoDirectory { language: "typescript", .. }), "{error:?}");
}

#[rstest]
#[case::endless(
    "for (;;) { try { for (;;) {} } catch {} }",
    "it does not finish loading; look at the code outside its functions"
)]
#[case::bottomless("try { new ArrayBuffer(1 << 30); } catch {}", "it uses too much memory while it is loaded")]
fn a_file_that_goes_beyond_a_limit_while_it_is_loaded_is_refused(#[case] statement: &str, #[case] message: &str) {
    let source = format!("{statement}\n{}", handler("test/subject", "return this.success({});"));
    let tree = tree(&[("x_handler.ts", &source)]);
    let error = TypeScriptEngine::load_within(tree.path(), Duration::from_millis(500)).unwrap_err();
    assert!(error.to_string().ends_with(&format!("x_handler.ts: {message}")), "{error}");
}

#[test]
fn a_tree_that_is_gone_still_serves_after_a_call_was_stopped() {
    let tree = tree(&[
        ("x_handler.ts", &format!("import './side.js';\n{}", handler("test/subject", "for (;;) {}"))),
        ("calm_handler.ts", &handler("test/calm", "return this.success({});")),
        ("side.ts", "export {};"),
    ]);
    let mut engine = TypeScriptEngine::load(tree.path()).unwrap();
    engine.set_deadline(Duration::from_millis(50));
    drop(tree);
    assert_eq!(engine.run(&step_input("test/subject", &json!(0))).unwrap(), Unplanned::TimedOut.into());
    assert!(matches!(engine.run(&step_input("test/calm", &json!(0))).unwrap(), Observation::Planned(_)));
}
