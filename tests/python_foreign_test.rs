//! Trees of Python handlers in the manner of people who never heard of the harness.

use parity_engine::naming::{Naming, WhyUnused};
use parity_engine::{Engine, TreeError};
use parity_engine_python::PythonEngine;
use parity_model::StepInput;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::support::tree;

/// What the handlers of a shop are called.
pub(crate) fn naming() -> Naming {
    let steps = [
        ("shop/validate_cart", "Shop::StepHandlers::ValidateCartHandler"),
        ("shop/process_payment", "Shop::StepHandlers::ProcessPaymentHandler"),
        ("shop/send_receipt", "Shop::StepHandlers::SendReceiptHandler"),
    ];
    Naming::of(steps.map(|(handler, callable)| (handler.parse().unwrap(), callable.parse().unwrap()))).lenient()
}

fn load(files: &[(&str, &str)]) -> (TempDir, PythonEngine) {
    let tree = tree(files);
    let engine = PythonEngine::load_named(tree.path(), &naming()).unwrap();
    (tree, engine)
}

fn identities(engine: &dyn Engine) -> Vec<&str> {
    engine.handlers().iter().map(parity_model::HandlerId::as_str).collect()
}

/// What a handler does with a cart of two items and a receipt of an earlier step.
fn observe(engine: &mut dyn Engine, handler: &str) -> Value {
    let context = json!({"items": [{"price": 2.5, "quantity": 2}], "email": "a@b.example"});
    let dependencies = json!({"validate_cart": {"total": 5.0, "currency": "EUR"}});
    let object = |value: &Value| value.as_object().unwrap().clone();
    json!(engine.run(&StepInput::new(handler.parse().unwrap(), object(&context), object(&dependencies))).unwrap())
}

const CLASS: &str = "from tasker_core import StepHandler, StepHandlerResult, StepContext\n\n\nclass ValidateCart(StepHandler):\n    \
                     handler_name = 'shop.step_handlers.ValidateCartHandler'\n\n    def call(self, context: StepContext) -> \
                     StepHandlerResult:\n        return self.success({'from': __name__})\n";

#[rstest]
#[case::class_name_only(
    "cart.py",
    "from tasker_core import StepHandler\nclass ValidateCartHandler(StepHandler):\n    def call(self, context): return self.success({})\n"
)]
#[case::ruby_spelling(
    "cart.py",
    "from tasker_core import StepHandler\nclass A(StepHandler):\n    handler_name = 'Shop::StepHandlers::ValidateCartHandler'\n    def call(self, context): return self.success({})\n"
)]
#[case::bare_spelling(
    "cart.py",
    "import tasker_core\nclass A(tasker_core.StepHandler):\n    handler_name = 'validate_cart'\n    def call(self, context): return self.success({})\n"
)]
#[case::deep("a/b/c/cart.py", CLASS)]
#[case::no_name_of_a_module("validate-cart.handler.py", CLASS)]
#[case::a_name_that_is_taken("json.py", CLASS)]
#[case::a_package("cart/__init__.py", CLASS)]
#[case::async_call(
    "cart.py",
    "from tasker_core import StepHandler\nclass A(StepHandler):\n    handler_name = 'validate_cart'\n    async def call(self, context): return self.success({})\n"
)]
#[case::function(
    "cart.py",
    "from tasker_core.step_handler import step_handler\n@step_handler('validate_cart')\ndef anything(): return {}\n"
)]
#[case::function_name_only(
    "cart.py",
    "from tasker_core.step_handler.functional import step_handler\n@step_handler('v1')\ndef validate_cart(): return {}\n"
)]
#[case::registered(
    "cart.py",
    "from tasker_core import HandlerRegistry, StepHandler\nclass A(StepHandler):\n    def call(self, context): return self.success({})\nHandlerRegistry.instance().register('validate_cart', A)\n"
)]
#[case::made_by_a_function(
    "cart.py",
    "from tasker_core import StepHandler\ndef make(name):\n    class Made(StepHandler):\n        handler_name = name\n        def call(self, context): return self.success({})\n    return Made\nOne = make('validate_cart')\n"
)]
fn a_handler_is_found(#[case] file: &str, #[case] source: &str) {
    let (_tree, mut engine) = load(&[(file, source)]);
    assert_eq!(identities(&engine), ["shop/validate_cart"]);
    assert_eq!(observe(&mut engine, "shop/validate_cart")["status"], json!("completed"));
}

#[test]
fn a_handler_that_is_passed_on_is_one_handler() {
    let (_tree, engine) = load(&[
        ("shop/__init__.py", "from .handlers import *\nfrom shop.handlers.cart import ValidateCart as Again\n"),
        ("shop/handlers/__init__.py", "from .cart import ValidateCart\n\n__all__ = ['ValidateCart']\n"),
        ("shop/handlers/cart.py", CLASS),
        (
            "shop/register.py",
            "from tasker_core import HandlerRegistry\nfrom shop import ValidateCart\nHandlerRegistry.instance().register('validate_cart', ValidateCart)\n",
        ),
    ]);
    assert_eq!(identities(&engine), ["shop/validate_cart"]);
    let inventory = engine.inventory().unwrap();
    assert_eq!((inventory.unused.len(), inventory.not_loaded.len()), (0, 0), "{inventory:?}");
    assert_eq!(inventory.handlers[0].sighting.file, "shop/handlers/cart.py");
    assert_eq!(inventory.handlers[0].sighting.line, Some(4));
}

const TWO: &str = "from tasker_core import StepHandler\nfrom {models} import TOTAL\n\n\nclass ValidateCartHandler(StepHandler):\n    \
                   def call(self, context):\n        return self.success({'total': TOTAL})\n\n\nclass \
                   ProcessPaymentHandler(StepHandler):\n    def call(self, context):\n        from {models} import TOTAL as later\n        \
                   return self.success({'total': later})\n";

#[rstest]
#[case::beside(&["handlers.py", "models.py"], "models")]
#[case::relative_in_a_package(&["shop/handlers.py", "shop/models.py"], ".models")]
#[case::relative_up(&["shop/steps/handlers.py", "shop/models.py"], "..models")]
#[case::absolute(&["shop/handlers.py", "shop/models.py"], "shop.models")]
#[case::source_layout(&["src/shop/handlers.py", "src/shop/models.py"], "shop.models")]
#[case::deep_layout(&["services/api/shop/handlers.py", "services/api/shop/models.py"], "shop.models")]
#[case::the_tree_is_the_package(&["handlers.py", "models.py", "__init__.py"], ".models")]
#[case::the_tree_is_a_package_without_a_file(&["handlers.py", "models.py"], ".models")]
#[case::below_the_package_that_the_tree_is(&["steps/handlers.py", "models.py"], "..models")]
fn files_import_one_another(#[case] files: &[&str], #[case] models: &str) {
    let handlers = TWO.replace("{models}", models);
    let text = |file: &&str| {
        let text = if file.ends_with("handlers.py") {
            handlers.as_str()
        } else if file.ends_with("models.py") {
            "TOTAL = 7\n"
        } else {
            ""
        };
        (file.to_string(), text.to_owned())
    };
    let texts: Vec<(String, String)> = files.iter().map(text).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    let (_tree, mut engine) = load(&texts);
    let inventory = engine.inventory().unwrap();
    assert_eq!((inventory.unused.len(), inventory.not_loaded.len()), (0, 0), "{inventory:?}");
    for handler in ["shop/validate_cart", "shop/process_payment"] {
        assert_eq!(observe(&mut engine, handler)["result"], json!({"total": 7}));
    }
}

#[test]
fn a_tree_imports_itself_by_its_own_name_and_nothing_beside_it() {
    let outer = tree(&[
        ("shop/handlers.py", &TWO.replace("{models}", "shop.models")),
        ("shop/models.py", "TOTAL = 7\n"),
        ("shop/bad.py", "from tasker_core import StepHandler\nimport beside\n"),
        ("beside.py", "TOTAL = 8\n"),
    ]);
    let mut engine = PythonEngine::load_named(&outer.path().join("shop"), &naming()).unwrap();
    assert_eq!(observe(&mut engine, "shop/process_payment")["result"], json!({"total": 7}));
    let not_loaded = &engine.inventory().unwrap().not_loaded;
    assert_eq!(not_loaded.len(), 1);
    assert_eq!((not_loaded[0].file.as_str(), not_loaded[0].line), ("bad.py", Some(2)));
    assert!(not_loaded[0].message.starts_with("ModuleNotFoundError: No module named 'beside'"), "{not_loaded:?}");
}

const FUNCTIONS: &str = "
from dataclasses import dataclass, field

from tasker_core import PermanentError, RateLimitError, RetryableError
from tasker_core.step_handler import depends_on, inputs, step_handler


@dataclass
class Cart:
    items: list
    email: str
    coupon: str | None
    tags: list = field(default_factory=lambda: ['new'])


class Totals:
    def __init__(self, total, currency):
        self.total, self.currency = total, currency


class Validated:
    model_fields = {'items': None, 'email': None, 'phone': None}

    def __init__(self, **values):
        self.values = values

    @classmethod
    def model_validate(cls, values):
        return cls(**values, validated=True)

    def model_dump(self, mode='python'):
        return {**self.values, 'mode': mode}


@step_handler('validate_cart', version='2.0.0')
@inputs(Cart)
async def validate(inputs: Cart, context):
    return {'items': len(inputs.items), 'coupon': inputs.coupon, 'tags': inputs.tags, 'retry': context.is_retry()}


@step_handler('process_payment')
@depends_on(cart=('validate_cart', Totals), raw='validate_cart', nothing=('other', Totals))
@inputs('email', 'absent')
def pay(cart, raw, nothing, email, absent):
    return Cart(items=[cart.total, cart.currency], email=email, coupon=absent, tags=[raw, nothing])


@step_handler('send_receipt')
@depends_on(cart=('validate_cart', Validated))
@inputs(Validated)
def send(cart, inputs, _context):
    try:
        raise RateLimitError('slow down', retry_after=3)
    except RetryableError as error:
        if _context.retry_count:
            raise PermanentError(error.message, error_code='GIVEN_UP', context={'after': error.retry_after}) from error
    return {'cart': cart.model_dump(), 'inputs': inputs.model_dump()}


# A function with a decorator is still the function that it was.
assert pay(cart=Totals(1, 'EUR'), raw=0, nothing=None, email='a', absent=None).items == [1, 'EUR']
";

#[test]
fn functions_get_what_their_decorators_say() {
    let (_tree, mut engine) = load(&[("flow.py", FUNCTIONS)]);
    assert_eq!(identities(&engine), ["shop/process_payment", "shop/send_receipt", "shop/validate_cart"]);
    assert_eq!(
        observe(&mut engine, "shop/validate_cart")["result"],
        json!({"items": 1, "coupon": null, "tags": ["new"], "retry": false})
    );
    assert_eq!(
        observe(&mut engine, "shop/process_payment")["result"],
        json!({"result": {"items": [5.0, "EUR"], "email": "a@b.example", "coupon": null,
            "tags": [{"total": 5.0, "currency": "EUR"}, null]}})
    );
    assert_eq!(
        observe(&mut engine, "shop/send_receipt")["result"],
        json!({"cart": {"total": 5.0, "currency": "EUR", "validated": true, "mode": "python"},
            "inputs": {"items": [{"price": 2.5, "quantity": 2}], "email": "a@b.example", "phone": null, "mode": "python"}})
    );
    let mut again =
        StepInput::new("shop/send_receipt".parse().unwrap(), serde_json::Map::new(), serde_json::Map::new());
    again.attempt = 2;
    let failed = json!(engine.run(&again).unwrap());
    assert_eq!(
        (&failed["kind"], &failed["code"], &failed["context"]),
        (&json!("permanent"), &json!("GIVEN_UP"), &json!({"after": 3}))
    );
}

#[test]
fn what_can_not_be_used_is_listed_with_the_reason_and_the_rest_works() {
    let (_tree, mut engine) = load(&[
        ("cart.py", CLASS),
        (
            "payment.py",
            "import requests\nfrom tasker_core import StepHandler\nclass ProcessPaymentHandler(StepHandler): ...\n",
        ),
        (
            "receipt.py",
            "from tasker_core import StepHandler\nclass SendReceipt(StepHandler):\n    def call(self, c): ...\nclass SendReceiptHandler(SendReceipt): ...\n",
        ),
        ("other.py", "from tasker_core import StepHandler\nclass Other(StepHandler):\n    def call(self, c): ...\n"),
        ("broken_handler.py", "def (:\n"),
        ("server.py", "raise SystemExit('nobody imports a server')\n"),
        ("tests/test_cart.py", "from tasker_core import StepHandler\nraise SystemExit\n"),
        (".venv/pyvenv.cfg", ""),
        ("env/pyvenv.cfg", ""),
        ("env/lib.py", "import tasker_core\nraise SystemExit\n"),
    ]);
    assert_eq!(observe(&mut engine, "shop/validate_cart")["result"], json!({"from": "cart"}));
    let inventory = engine.inventory().unwrap();
    assert_eq!(inventory.identities().len(), 1);
    let not_loaded: Vec<(&str, Option<u32>, &str)> =
        inventory.not_loaded.iter().map(|file| (file.file.as_str(), file.line, file.message.as_str())).collect();
    let advice = "; --engine python-process --python-program PROGRAM runs handlers in a Python that has requests";
    assert_eq!(
        not_loaded,
        [
            ("broken_handler.py", Some(1), "SyntaxError: invalid syntax"),
            ("payment.py", Some(1), &*format!("ModuleNotFoundError: No module named 'requests'{advice}")),
        ]
    );
    let unused: Vec<(&str, &WhyUnused)> =
        inventory.unused.iter().map(|unused| (unused.sighting.name.as_str(), &unused.why)).collect();
    let duplicate =
        WhyUnused::Duplicate { handler: "shop/send_receipt".parse().unwrap(), other: "receipt.py".to_owned() };
    assert_eq!(
        unused,
        [("Other", &WhyUnused::Unknown), ("SendReceipt", &duplicate), ("SendReceiptHandler", &duplicate)]
    );
}

#[test]
fn without_templates_a_file_that_is_called_a_handlers_must_load_and_others_need_not() {
    let bad = "import requests\nfrom tasker_core import StepHandler\n";
    let loose = tree(&[
        ("bad.py", bad),
        ("a.py", &CLASS.replace("shop.step_handlers.ValidateCartHandler", "shop/validate_cart")),
    ]);
    let engine = PythonEngine::load(loose.path()).unwrap();
    assert_eq!((identities(&engine), engine.inventory().unwrap().not_loaded.len()), (vec!["shop/validate_cart"], 1));
    let strict = tree(&[("bad_handler.py", bad)]);
    let error = PythonEngine::load(strict.path()).unwrap_err();
    assert!(matches!(error, TreeError::BadFile { line: Some(1), .. }), "{error}");
}

#[test]
fn every_name_of_the_package_can_be_imported_and_what_is_the_engines_says_so_when_it_is_used() {
    let source = "
from tasker_core import *
from tasker_core import ApiHandler, Batchable, DecisionHandler, DecisionPointOutcome, ErrorClassifier, LogContext, Worker
from tasker_core import get_classifier, is_permanent, is_retryable, log_info, version
from tasker_core.batch_processing import BatchWorkerConfig
from tasker_core.client import TaskerClient
from tasker_core.domain_events import BasePublisher
from tasker_core.errors import TimeoutError, ValidationError
from tasker_core.errors.error_classifier import is_retryable as again
from tasker_core.exceptions import FFIError
from tasker_core.handler import HandlerRegistry, StepHandler
from tasker_core.logging import log_error
from tasker_core.registry.resolvers.class_lookup import ClassLookupResolver
from tasker_core.step_handler.base import StepHandlerCallResult
from tasker_core.step_handler.functional import decision_handler
from tasker_core.step_handler.mixins import APIMixin, DecisionMixin
from tasker_core.types import ResultStatus, StepContext, StepHandlerResult, create_batches


class Publisher(BasePublisher):
    pass


class ValidateCartHandler(StepHandler, Batchable):
    def call(self, context: StepContext) -> StepHandlerCallResult:
        log_info('checked', LogContext(task_uuid=context.task_uuid))
        kinds = [is_retryable(OSError()), is_retryable(ValueError()), is_permanent(ValidationError('x')), again(FFIError('y'))]
        result = StepHandlerResult(success=True, result={'kinds': kinds, 'checkpoint': context.has_checkpoint()})
        return result if result.is_success_result() else self.batch_worker_success()


class ProcessPaymentHandler(ApiHandler):
    def call(self, context):
        return self.get('https://shop.example/')


@decision_handler('send_receipt')
def route(context):
    return Worker()
";
    let (_tree, mut engine) = load(&[("all.py", source)]);
    let observed = observe(&mut engine, "shop/validate_cart");
    assert_eq!(observed["result"], json!({"kinds": [true, false, true, true], "checkpoint": false}), "{observed}");
    for (handler, name) in [("shop/process_payment", "ApiHandler.get"), ("shop/send_receipt", "Worker")] {
        let expected = json!({"status": "unsupported", "what": format!("tasker_core.{name}")});
        assert_eq!(observe(&mut engine, handler), expected);
    }
}

#[test]
fn a_handler_may_live_in_a_file_that_names_only_its_own_base() {
    let (_tree, mut engine) = load(&[
        (
            "shop/base.py",
            "from abc import abstractmethod\nfrom tasker_core import StepHandler\n\n\nclass ShopHandler(StepHandler):\n    @abstractmethod\n    def work(self, context): ...\n\n    def call(self, context):\n        return self.success(self.work(context))\n",
        ),
        ("shop/priced.py", "from .base import ShopHandler\n\n\nclass Priced(ShopHandler):\n    pass\n"),
        (
            "shop/cart.py",
            "from .priced import Priced\n\n\nclass ValidateCart(Priced):\n    def work(self, context):\n        return {'total': 1}\n",
        ),
    ]);
    assert_eq!(observe(&mut engine, "shop/validate_cart")["result"], json!({"total": 1}));
    assert_eq!(engine.inventory().unwrap().unused, []);
}
