//! Which built-in objects there are depends on the version of Node that the engine is like: as `node -p` says in each.

use parity_engine::Engine;
use parity_engine::naming::Naming;
use parity_engine_typescript::{Profile, TypeScriptEngine};
use parity_model::StepInput;
use rstest::rstest;
use serde_json::{Map, json};

const HANDLER: &str = "import { StepHandler } from '@tasker-systems/tasker';
const has = (object: any, names: string) => names.split(' ').filter((name) => Object.hasOwn(object, name)).join(' ');
const iterator: any = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
export class A extends StepHandler {
  static override handlerName = 'test/shown';
  async call() {
    return this.success({
      version: process.version.split('.')[0],
      globals: has(globalThis, 'Iterator Float16Array DisposableStack InternalError'),
      iterators: has(iterator, 'drop map toArray chunks includes'),
      objects: has(Object, 'groupBy') + has(Map, 'groupBy') + has(Array, 'fromAsync'),
      sets: has(Set.prototype, 'union isSubsetOf'),
      promises: has(Promise, 'try withResolvers'),
      patterns: has(RegExp, 'escape'),
      statics: has((globalThis as any).Iterator ?? {}, 'from concat zip'),
      buffers: has(ArrayBuffer.prototype, 'transfer sliceToImmutable'),
      power: String(10 ** -4),
    });
  }
}
";

#[rstest]
#[case(Profile::Node20, json!({
    "version": "v20", "globals": "", "iterators": "", "objects": "", "sets": "", "promises": "", "patterns": "", "statics": "",
    "buffers": "", "power": "0.00009999999999999999",
}))]
#[case(Profile::Node22, json!({
    "version": "v22", "globals": "Iterator", "iterators": "drop map toArray", "objects": "groupBygroupByfromAsync",
    "sets": "union isSubsetOf", "promises": "withResolvers", "patterns": "", "statics": "from", "buffers": "transfer",
    "power": "0.00009999999999999999",
}))]
#[case(Profile::Node24, json!({
    "version": "v24", "globals": "Iterator Float16Array DisposableStack", "iterators": "drop map toArray",
    "objects": "groupBygroupByfromAsync", "sets": "union isSubsetOf", "promises": "try withResolvers", "patterns": "escape",
    "statics": "from", "buffers": "transfer", "power": "0.0001",
}))]
fn a_version_has_its_built_in_objects_and_no_others(#[case] profile: Profile, #[case] expected: serde_json::Value) {
    let tree = tempfile::tempdir().unwrap();
    std::fs::write(tree.path().join("a_handler.ts"), HANDLER).unwrap();
    let mut engine = TypeScriptEngine::load_like(profile, tree.path(), &Naming::identities(), &[]).unwrap();
    let observation = engine.run(&StepInput::new("test/shown".parse().unwrap(), Map::new(), Map::new())).unwrap();
    assert_eq!(json!(observation)["result"], expected);
}
