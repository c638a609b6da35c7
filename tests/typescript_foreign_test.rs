//! Trees of TypeScript handlers in the manner of people who never heard of the harness.

use std::time::Duration;

use parity_engine::naming::WhyUnused;
use parity_engine::{Engine, TreeError};
use parity_engine_typescript::{Alias, TypeScriptEngine};
use parity_model::StepInput;
use rstest::rstest;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::python_foreign_test::naming;
use crate::support::tree;

fn aliased(files: &[(&str, &str)], aliases: &[&str]) -> (TempDir, TypeScriptEngine) {
    let tree = tree(files);
    let aliases: Vec<Alias> = aliases.iter().map(|alias| alias.parse().unwrap()).collect();
    let engine = TypeScriptEngine::load_named(tree.path(), &naming(), &aliases).unwrap();
    (tree, engine)
}

fn load(files: &[(&str, &str)]) -> (TempDir, TypeScriptEngine) {
    aliased(files, &[])
}

fn identities(engine: &dyn Engine) -> Vec<&str> {
    engine.handlers().iter().map(parity_model::HandlerId::as_str).collect()
}

fn observe(engine: &mut dyn Engine, handler: &str) -> Value {
    let dependencies = json!({"validate_cart": {"total": 5.0}}).as_object().unwrap().clone();
    let context = json!({"items": [1, 2], "email": "a@b.example"}).as_object().unwrap().clone();
    json!(engine.run(&StepInput::new(handler.parse().unwrap(), context, dependencies)).unwrap())
}

/// Imports, and a class `name` with these members that does `body`.
fn class(name: &str, members: &str, body: &str) -> String {
    format!(
        "import {{ StepHandler, type StepContext, type StepHandlerResult }} from '@tasker-systems/tasker';\nexport class {name} \
         extends StepHandler {{\n  {members}\n  async call(context: StepContext): Promise<StepHandlerResult> {{ {body} }}\n}}\n"
    )
}

const DONE: &str = "return this.success({ done: true });";

#[rstest]
#[case::class_name_only("cart.ts", &class("ValidateCartHandler", "", DONE))]
#[case::ruby_spelling("cart.ts", &class("A", "static handlerName = 'Shop::StepHandlers::ValidateCartHandler';", DONE))]
#[case::typescript_spelling("cart.ts", &class("A", "static override handlerName = 'Shop.StepHandlers.ValidateCartHandler';", DONE))]
#[case::bare_spelling("cart.ts", &class("A", "static handlerName = 'validate_cart';", DONE))]
#[case::deep("a/b/c/cart.ts", &class("ValidateCart", "", DONE))]
#[case::tsx("cart.tsx", &class("ValidateCart", "", DONE))]
#[case::mts("cart.mts", &class("ValidateCart", "", DONE))]
#[case::file_name_only(
    "validate-cart.handler.ts",
    "import { StepHandler } from '@tasker-systems/tasker';\nexport default class extends StepHandler {\n  async call() { return this.success({ done: true }); }\n}\n"
)]
#[case::default_export("cart.ts", &class("ValidateCart", "", DONE).replace("export class", "export default class"))]
#[case::in_a_list("cart.ts", &(class("A", "static handlerName = 'validate_cart';", DONE).replace("export class", "class") + "export const handlers = [A];\n"))]
#[case::in_a_table("cart.ts", &(class("A", "", DONE).replace("export class", "class") + "export default { validateCart: A };\n"))]
#[case::registered("cart.ts", &(class("A", "", DONE).replace("export class", "class") + "import { HandlerRegistry } from '@tasker-systems/tasker';\nHandlerRegistry.instance().register('validate_cart', A);\n"))]
#[case::function(
    "cart.ts",
    "import { defineHandler } from '@tasker-systems/tasker';\nexport const Anything = defineHandler('Shop.StepHandlers.ValidateCartHandler', {}, async () => ({ done: true }));\n"
)]
#[case::function_name_only(
    "cart.ts",
    "import { defineHandler } from '@tasker-systems/tasker';\nexport const validateCart = defineHandler('v1', {}, () => ({ done: true }));\n"
)]
#[case::exported_under_another_name("cart.ts", &(class("A", "", DONE).replace("export class", "class") + "export { A as ValidateCartHandler };\n"))]
fn a_handler_is_found(#[case] file: &str, #[case] source: &str) {
    let (_tree, mut engine) = load(&[(file, source)]);
    assert_eq!(identities(&engine), ["shop/validate_cart"]);
    assert_eq!(observe(&mut engine, "shop/validate_cart")["result"], json!({"done": true}));
}

#[test]
fn a_handler_that_is_passed_on_is_one_handler_at_home_where_it_is_defined() {
    let (_tree, engine) = load(&[
        (
            "index.ts",
            "// StepHandler\nexport * from './handlers';\nexport { ValidateCart as Again, default as Other } from './handlers/index.js';\n",
        ),
        (
            "handlers/index.ts",
            "// StepHandler\nexport { ValidateCart } from './zcart';\nexport { ValidateCart as default } from './zcart.js';\n",
        ),
        ("handlers/zcart.ts", &class("ValidateCart", "", DONE)),
    ]);
    let inventory = engine.inventory().unwrap();
    assert_eq!((inventory.unused.len(), inventory.not_loaded.len()), (0, 0), "{inventory:?}");
    let found = &inventory.handlers[0].sighting;
    assert_eq!((inventory.handlers.len(), found.file.as_str(), found.line), (1, "handlers/zcart.ts", Some(2)));
}

#[rstest]
#[case::named("@shop/rates", &["@shop/*=./lib/*"], None)]
#[case::named_exactly("../../../src/rates.js", &["../../../src/rates.js=./lib/rates"], None)]
#[case::configured("@shop/rates", &[], Some(r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@shop/*": ["nowhere/*", "lib/*"],}, /* the rest */ }}"#))]
#[case::from_the_base("lib/rates", &[], Some(r#"{"compilerOptions": {"baseUrl": "./"}}"#))]
#[case::javascript_that_is_typescript("./lib/rates.js", &[], None)]
#[case::javascript("./lib/plain.js", &[], None)]
#[case::directory("./lib/sub", &[], None)]
#[case::json("./lib/rates.json", &[], None)]
fn a_specifier_leads_to_a_file(#[case] specifier: &str, #[case] aliases: &[&str], #[case] config: Option<&str>) {
    let import = if specifier.contains("json") {
        format!("import table from '{specifier}' with {{ type: 'json' }};\nconst RATE = table.RATE;\n")
    } else {
        format!("import {{ RATE }} from '{specifier}';\n")
    };
    let source = import + &class("ValidateCart", "", "return this.success({ rate: RATE });");
    let mut files = vec![
        ("cart.ts", source.as_str()),
        ("lib/rates.ts", "export const RATE: number = 3;\n"),
        ("lib/rates.json", "{\"RATE\": 3, \"__proto__\": 1}"),
        ("lib/plain.js", "export const RATE = 3;\n"),
        ("lib/sub/index.ts", "export { RATE } from '../rates';\n"),
    ];
    files.extend(config.map(|config| ("tsconfig.json", config)));
    let (_tree, mut engine) = aliased(&files, aliases);
    assert_eq!(observe(&mut engine, "shop/validate_cart")["result"], json!({"rate": 3}), "{:?}", engine.inventory());
}

#[test]
fn the_package_may_be_imported_under_another_name() {
    let source = class("ValidateCart", "", DONE).replace("@tasker-systems/tasker", "../../../src/index.js");
    let (_tree, mut engine) = aliased(&[("cart.ts", &source)], &["../../../src/index.js=@tasker-systems/tasker"]);
    assert_eq!(observe(&mut engine, "shop/validate_cart")["result"], json!({"done": true}));
}

#[test]
fn what_can_not_be_used_is_listed_with_the_reason_and_the_rest_works() {
    let (_tree, mut engine) = load(&[
        ("cart.ts", &class("ValidateCart", "", DONE)),
        (
            "payment.ts",
            &("import { z } from 'zod';\nz.string();\n".to_owned() + &class("ProcessPaymentHandler", "", DONE)),
        ),
        (
            "receipt.ts",
            &(class("SendReceipt", "", DONE)
                + &class("SendReceiptHandler", "", DONE).lines().skip(1).collect::<Vec<_>>().join("\n")),
        ),
        ("other.ts", &class("Other", "", DONE)),
        ("broken_handler.ts", "const = 1;\n"),
        (
            "imports_broken.ts",
            &("import { x } from './broken_handler';\nx();\n".to_owned() + &class("Never", "", DONE)),
        ),
        ("throws.ts", "import '@tasker-systems/tasker';\n\nthrow new RangeError('no');\n"),
        ("loops.ts", "import '@tasker-systems/tasker';\nfor (;;) {}\n"),
        ("server.ts", "throw new Error('nobody imports a server');\n"),
        ("cart.test.ts", "throw new Error('StepHandler');\n"),
        ("types.d.ts", "import { StepHandler } from '@tasker-systems/tasker';\ndeclare const x: StepHandler;\n"),
    ]);
    assert_eq!(observe(&mut engine, "shop/validate_cart")["result"], json!({"done": true}));
    let inventory = engine.inventory().unwrap();
    let not_loaded: Vec<(&str, Option<&str>, Option<u32>, bool)> = inventory
        .not_loaded
        .iter()
        .map(|file| {
            let says = [
                "Unexpected token",
                "it throws while it is loaded: RangeError: no",
                "it does not finish loading",
                "it imports \"zod\", but a handler may import",
            ];
            (
                file.file.as_str(),
                file.place.as_deref(),
                file.line,
                says.iter().any(|says| file.message.starts_with(says)),
            )
        })
        .collect();
    assert_eq!(
        not_loaded,
        [
            ("broken_handler.ts", None, Some(1), true),
            ("imports_broken.ts", Some("broken_handler.ts"), Some(1), true),
            ("loops.ts", None, None, true),
            ("payment.ts", None, Some(1), true),
            ("throws.ts", None, Some(3), true),
        ]
    );
    let unused: Vec<(&str, bool)> = inventory
        .unused
        .iter()
        .map(|unused| (unused.sighting.name.as_str(), unused.why == WhyUnused::Unknown))
        .collect();
    assert_eq!(unused, [("Other", true), ("SendReceipt", false), ("SendReceiptHandler", false)]);
}

#[test]
fn functions_get_what_they_ask_for() {
    let source = "
import { defineHandler, PermanentError } from '@tasker-systems/tasker';

export const validateCart = defineHandler(
  'validate_cart',
  { depends: { cart: 'validate_cart' }, inputs: { items: 'items', absent: 'absent' }, version: '2.0.0' },
  async ({ cart, items, absent, context }) => ({ cart, items, isAbsent: absent === undefined, email: context.getInput('email') }),
);
export const processPayment = defineHandler('process_payment', {}, async () => {
  throw new PermanentError('declined', { error_code: 'DECLINED', attempt: 1 });
});
";
    let (_tree, mut engine) = load(&[("flow.ts", source)]);
    assert_eq!(
        observe(&mut engine, "shop/validate_cart")["result"],
        json!({"cart": {"total": 5}, "items": [1, 2], "isAbsent": true, "email": "a@b.example"})
    );
    let failed = observe(&mut engine, "shop/process_payment");
    assert_eq!((&failed["code"], &failed["context"]), (&json!("DECLINED"), &json!({"attempt": 1})));
}

#[test]
fn what_typescript_adds_is_no_obstacle() {
    let source = "
import { StepHandler } from '@tasker-systems/tasker';
import type { StepContext, SomethingThatIsNoValue } from '@tasker-systems/tasker';
import { Money, type Unit } from './money';

enum Tier { Free = 'free', Gold = 1 << 3 }
namespace Prices { export const base = 2; export namespace Deep { export const x = base + 1; } }
declare module './money' { interface Money { extra?: string } }

function named(name: string) {
  return (target: any) => { target.handlerName = name; };
}
function doubled(_target: any, _key: string, descriptor: PropertyDescriptor) {
  const original = descriptor.value;
  descriptor.value = function (this: unknown, ...args: number[]) { return original.apply(this, args) * 2; };
}

@named('validate_cart')
export class Anything extends StepHandler {
  static #count = 0;
  accessor label = 'l';
  constructor(private readonly rate = 4, protected money = new Money(1)) { super(); }
  @doubled
  scaled(n: number): number { return n * this.rate; }
  override async call(context: StepContext) {
    Anything.#count += 1;
    const limits = { low: 1, high: 9 } as const satisfies Record<string, number>;
    const email = context.getInput<string>('email')!;
    using _nothing = null;
    return this.success({ tier: Tier.Gold, x: Prices.Deep.x, scaled: this.scaled(limits.high), email, label: this.label,
      amount: this.money.amount, unit: <Unit>'cent' });
  }
}
";
    let without_using = source.replace("    using _nothing = null;\n", "");
    let money = "export type Unit = 'cent';\nexport abstract class Base { abstract amount: number }\nexport class Money extends Base { constructor(public override amount: number) { super(); } }\n";
    let (_tree, mut engine) = load(&[("cart.ts", &without_using), ("money.ts", money)]);
    assert_eq!(
        observe(&mut engine, "shop/validate_cart")["result"],
        json!({"tier": 8, "x": 3, "scaled": 72, "email": "a@b.example", "label": "l", "amount": 1, "unit": "cent"}),
        "{:?}",
        engine.inventory()
    );
}

#[test]
fn any_name_of_the_package_can_be_imported_and_what_is_the_engines_says_so_when_it_is_used() {
    let source = "
import { ApiHandler, DecisionPoints, HandlerRegistry, StepHandler, createLogger, logInfo } from '@tasker-systems/tasker';
import { ErrorType, StepHandlerResult, type BatchConfig } from '@tasker-systems/tasker';
export { BatchableHandler } from '@tasker-systems/tasker';

const log = createLogger({ component: 'cart' });
export class ValidateCart extends StepHandler {
  async call() {
    log.info('checked');
    logInfo('checked', { by: this.name });
    return StepHandlerResult.failure('no', ErrorType.VALIDATION_ERROR, false, {}, 'NO');
  }
}
export class ProcessPayment extends ApiHandler {
  async call() { return this.get('/'); }
}
export class SendReceipt extends StepHandler {
  async call() { return this.success({ kind: DecisionPoints.NONE }); }
}
";
    let (_tree, mut engine) = load(&[("all.ts", source)]);
    assert_eq!(observe(&mut engine, "shop/validate_cart")["code"], json!("NO"), "{:?}", engine.inventory());
    for (handler, name) in [("shop/process_payment", "ApiHandler"), ("shop/send_receipt", "DecisionPoints.NONE")] {
        let what = format!("@tasker-systems/tasker {name}");
        assert_eq!(observe(&mut engine, handler), json!({"status": "unsupported", "what": what}));
    }
}

#[test]
fn without_templates_a_file_that_is_called_a_handlers_must_load_and_others_need_not() {
    let bad = "import 'zod';\n// StepHandler\n";
    let good = class("A", "static handlerName = 'shop/validate_cart';", DONE);
    let loose = tree(&[("bad.ts", bad), ("a.ts", &good)]);
    let engine = TypeScriptEngine::load(loose.path()).unwrap();
    assert_eq!((identities(&engine), engine.inventory().unwrap().not_loaded.len()), (vec!["shop/validate_cart"], 1));
    let strict = tree(&[("bad_handler.ts", bad), ("a.ts", &good)]);
    let error = TypeScriptEngine::load(strict.path()).unwrap_err();
    assert!(matches!(error, TreeError::BadFile { line: Some(1), .. }), "{error}");
}

#[test]
fn a_tree_that_is_loaded_again_has_the_same_handlers() {
    let source = class(
        "ValidateCart",
        "",
        "if (context.getInput('value') === 1) for (;;); return this.success({ done: true });",
    );
    let (tree, mut engine) = load(&[("index.ts", "// StepHandler\nexport * from './z';\n"), ("z.ts", &source)]);
    drop(tree);
    engine.set_deadline(Duration::from_millis(50));
    let input = |value: u32| {
        let context = Map::from_iter([("value".to_owned(), json!(value))]);
        StepInput::new("shop/validate_cart".parse().unwrap(), context, Map::new())
    };
    assert_eq!(json!(engine.run(&input(1)).unwrap()), json!({"status": "timed_out"}));
    engine.set_deadline(Duration::from_secs(5));
    assert_eq!(json!(engine.run(&input(0)).unwrap())["result"], json!({"done": true}));
}
