//! Starts a runtime: the prelude, the embedded package, then every handler file of the tree.

use std::collections::BTreeMap;
use std::time::Duration;

use reference_rs::HandlerId;
use rquickjs::context::EvalOptions;
use rquickjs::{Array, CatchResultExt, CaughtError, Context, Ctx, Error, Function, Module, Object, Persistent};

use super::ambient::AmbientDoors;
use super::bridge::Reader;
use super::engine::NAME;
use super::limits::Limits;
use super::loader::{PACKAGE, SharedModules, TreeLoader, TreeResolver};
use super::trace::{PRELUDE, innermost};
use super::vm::Driver;
use crate::engine::{EngineFault, TreeError};

/// What handlers see of a JavaScript host, and the driver.
pub(in crate::engine) const PRELUDE_SOURCE: &str = include_str!("../../../runtime/typescript/prelude.js");

/// What is said of a module that loops or waits.
const UNFINISHED: &str = "it does not finish loading; look at the code outside its functions";

/// What a runtime consists of.
pub(super) struct Start {
    pub(super) driver: Driver,
    pub(super) handlers: BTreeMap<HandlerId, Persistent<Object<'static>>>,
    pub(super) reader: Reader,
    pub(super) ambient: AmbientDoors,
    pub(super) limits: Limits,
    pub(super) context: Context,
}

/// A runtime with all handlers of `files` loaded, each within the deadline.
pub(super) fn start(modules: &SharedModules, files: &[String], deadline: Duration) -> Result<Start, TreeError> {
    let (runtime, limits) = Limits::runtime().map_err(|error| fault(&error))?;
    runtime.set_loader(TreeResolver(modules.clone()), TreeLoader(modules.clone()));
    let context = Context::full(&runtime).map_err(|error| fault(&error))?;
    let ambient = AmbientDoors::new();
    let (driver, reader, handlers) = context.with(|ctx| {
        let driver = driver(&ctx, &ambient).catch(&ctx).map_err(|error| fault(&error))?;
        let reader = driver.get("samples").and_then(|samples| Reader::new(&samples)).map_err(|error| fault(&error))?;
        let handlers = Handlers { ctx: &ctx, driver: &driver, modules, limits: &limits, deadline }.load(files)?;
        let driver = functions(&ctx, &driver).map_err(|error| fault(&error))?;
        Ok::<_, TreeError>((driver, reader, handlers))
    })?;
    Ok(Start { driver, handlers, reader, ambient, limits, context })
}

fn fault(error: &dyn std::fmt::Display) -> TreeError {
    EngineFault::Start { engine: NAME.to_owned(), message: error.to_string() }.into()
}

/// Evaluates the prelude and gives it the package.
fn driver<'js>(ctx: &Ctx<'js>, ambient: &AmbientDoors) -> rquickjs::Result<Object<'js>> {
    let mut options = EvalOptions::default();
    options.filename = Some(PRELUDE.to_owned());
    let prelude: Function = ctx.eval_with_options(PRELUDE_SOURCE, options)?;
    let make_driver: Function = prelude.call((ambient.object(ctx)?,))?;
    let package: Object = Module::import(ctx, PACKAGE)?.finish()?;
    let driver: Object = make_driver.call((package,))?;
    let reset: Function = driver.get("reset")?;
    let now = ambient.reset(&reference_rs::Ambient::default());
    reset.call::<_, ()>((now,))?;
    Ok(driver)
}

fn functions<'js>(ctx: &Ctx<'js>, driver: &Object<'js>) -> rquickjs::Result<Driver> {
    let function = |name: &str| Ok::<_, Error>(Persistent::save(ctx, driver.get::<_, Function>(name)?));
    Ok(Driver {
        bare_loop: function("bareLoop")?,
        start: function("start")?,
        reset: function("reset")?,
        fire_timer: function("fireTimer")?,
        conclude: function("conclude")?,
        refuse: function("refuse")?,
        crash: function("crash")?,
    })
}

/// Loads handler files.
struct Handlers<'a, 'js> {
    ctx: &'a Ctx<'js>,
    driver: &'a Object<'js>,
    modules: &'a SharedModules,
    limits: &'a Limits,
    deadline: Duration,
}

impl<'js> Handlers<'_, 'js> {
    fn load(&self, files: &[String]) -> Result<BTreeMap<HandlerId, Persistent<Object<'static>>>, TreeError> {
        let mut handlers = BTreeMap::new();
        let mut places: BTreeMap<HandlerId, String> = BTreeMap::new();
        for module in files {
            let classes = self.classes(module)?;
            if classes.is_empty() {
                return Err(self.bad_file(
                    module,
                    format!("it exports no handler of its own; export a class that extends StepHandler of {PACKAGE:?}"),
                ));
            }
            for (class, class_name, identity) in classes {
                let handler: HandlerId = identity.parse().map_err(|_| {
                    let message = format!(
                        "class {class_name} has no identity; give it static handlerName = 'namespace/step' (it is \
                         {identity:?})"
                    );
                    self.bad_file(module, message)
                })?;
                if let Some(first) = places.insert(handler.clone(), module.clone()) {
                    let modules = self.modules.borrow();
                    return Err(TreeError::Duplicate {
                        handler,
                        first: modules.file(&first),
                        second: modules.file(module),
                    });
                }
                handlers.insert(handler, Persistent::save(self.ctx, class));
            }
        }
        Ok(handlers)
    }

    fn bad_file(&self, module: &str, message: String) -> TreeError {
        TreeError::BadFile { file: self.modules.borrow().file(module), line: None, message }
    }

    /// The handler classes of a module with their names and identities.
    fn classes(&self, module: &str) -> Result<Vec<(Object<'js>, String, String)>, TreeError> {
        self.limits.start(self.deadline);
        let imported = Module::import(self.ctx, format!("./{module}"))
            .and_then(|promise| promise.finish::<Object>())
            .catch(self.ctx);
        self.check_limits(module)?;
        let imported = imported.map_err(|error| self.problem(module, &error))?;
        let classes = || {
            let find: Function = self.driver.get("handlers")?;
            let found: Array = find.call((imported,))?;
            found
                .iter::<Array>()
                .map(|entry| entry.and_then(|entry| Ok((entry.get(0)?, entry.get(1)?, entry.get(2)?))))
                .collect::<rquickjs::Result<Vec<_>>>()
        };
        classes().catch(self.ctx).map_err(|error| self.problem(module, &error))
    }

    /// Refuses a module that went beyond a limit, also when it caught what stopped it.
    fn check_limits(&self, module: &str) -> Result<(), TreeError> {
        if self.limits.out_of_memory() {
            Err(self.bad_file(module, "it uses too much memory while it is loaded".to_owned()))
        } else if self.limits.timed_out() {
            Err(self.bad_file(module, UNFINISHED.to_owned()))
        } else {
            Ok(())
        }
    }

    /// Why a module can not be loaded.
    fn problem(&self, module: &str, error: &CaughtError<'js>) -> TreeError {
        if let Some(problem) = self.modules.borrow_mut().take_problem() {
            return problem;
        }
        if matches!(error, CaughtError::Error(Error::WouldBlock)) {
            return self.bad_file(module, UNFINISHED.to_owned());
        }
        let CaughtError::Exception(exception) = error else {
            return self.bad_file(module, format!("it throws while it is loaded: {error}"));
        };
        let name: String = exception.as_object().get("name").unwrap_or_default();
        let message = format!("it throws while it is loaded: {name}: {}", exception.message().unwrap_or_default());
        let modules = self.modules.borrow();
        match innermost(&exception.stack().unwrap_or_default(), &modules) {
            Some((file, line)) => TreeError::BadFile { file: modules.file(&file), line: Some(line), message },
            None => TreeError::BadFile { file: modules.file(module), line: None, message },
        }
    }
}
