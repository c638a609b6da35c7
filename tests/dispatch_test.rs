//! A template may name methods of a class: each is a handler of its own, in every language.

use std::time::Duration;

use parity_engine::Engine;
use parity_engine::allowed::Allowed;
use parity_engine::naming::Naming;
use parity_engine::process::Surroundings;
use parity_engine_python::{PythonEngine, python_process};
use parity_engine_typescript::{NodeEngine, TypeScriptEngine};
use parity_model::StepInput;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;

use crate::support::tree;

const PYTHON: &str = "
from tasker_core import StepHandler

calls = []


class PaymentHandler(StepHandler):
    def call(self, context):
        return self.did('call', context)

    def refund(self, context):
        return self.did('refund', context)

    async def take(self, context):
        return self.call(context)

    def did(self, what, context):
        calls.append(what)
        return self.success({'did': what, 'name': context.handler_name, 'calls': calls})
";

const TYPESCRIPT: &str = "
import { StepHandler } from '@tasker-systems/tasker';
const calls: string[] = [];
export class PaymentHandler extends StepHandler {
  async call(context: any) { return this.did('call', context); }
  async refund(context: any) { return this.did('refund', context); }
  take = (context: any) => this.call(context);
  did(what: string, context: any) {
    calls.push(what);
    return this.success({ did: what, name: context.handlerName, calls });
  }
}
";

fn naming() -> Naming {
    let steps = ["shop/payment", "shop/payment#refund", "shop/payment#take", "shop/payment#missing"];
    Naming::of(steps.map(|handler| (handler.parse().unwrap(), "shop.PaymentHandler".parse().unwrap()))).lenient()
}

/// Calls every handler, the first one again.
fn assert_dispatched(engine: &mut dyn Engine) {
    let handlers: Vec<String> = engine.handlers().iter().map(ToString::to_string).collect();
    assert_eq!(handlers, ["shop/payment", "shop/payment#refund", "shop/payment#take"]);
    let mut did = |handler: &str| {
        let input = StepInput::new(handler.parse().unwrap(), Map::new(), Map::new());
        json!(engine.run(&input).unwrap())["result"].clone()
    };
    // Each keeps what it has left in the module for itself.
    let result = |did: &str, calls: Value| json!({"did": did, "name": "shop/payment", "calls": calls});
    assert_eq!(did("shop/payment"), result("call", json!(["call"])));
    assert_eq!(did("shop/payment#refund"), result("refund", json!(["refund"])));
    assert_eq!(did("shop/payment#take"), result("call", json!(["call"])));
    assert_eq!(did("shop/payment#refund"), result("refund", json!(["refund", "refund"])));
    let missing = "shop/payment#missing".parse().unwrap();
    let why = engine.inventory().unwrap().why_absent(&missing, std::slice::from_ref(&missing));
    assert_eq!(why[0].message, "PaymentHandler: it has no method missing, which a template names");
}

#[test]
fn in_python() {
    let tree = tree(&[("payment.py", PYTHON)]);
    assert_dispatched(&mut PythonEngine::load_named(tree.path(), &naming()).unwrap());
    let program = ("python-process", "python3".as_ref());
    let (surroundings, limit) = (Surroundings::default(), Duration::from_secs(10));
    assert_dispatched(
        &mut python_process(program, tree.path(), &naming(), &Allowed::default(), &surroundings, limit).unwrap(),
    );
}

#[test]
fn in_typescript() {
    let tree = tree(&[("payment.ts", TYPESCRIPT)]);
    assert_dispatched(&mut TypeScriptEngine::load_named(tree.path(), &naming(), &[]).unwrap());
}

/// Node has one realm for all handlers, and restores what they share when another one's turn comes.
#[test]
fn in_node() {
    let one = TYPESCRIPT.replace("calls.push(what);", "calls.length = 0; calls.push(what);");
    let tree = tree(&[("payment.ts", &one)]);
    let (surroundings, limit) = (Surroundings::default(), Duration::from_secs(10));
    let mut node = NodeEngine::load(tree.path(), &naming(), &[], &surroundings, limit).unwrap();
    let mut did = |handler: &str| {
        let input = StepInput::new(handler.parse().unwrap(), Map::new(), Map::new());
        json!(node.run(&input).unwrap())["result"]["did"].clone()
    };
    assert_eq!([did("shop/payment#refund"), did("shop/payment#take"), did("shop/payment")], ["refund", "call", "call"]);
}
