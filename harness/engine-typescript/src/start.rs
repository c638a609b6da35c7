//! Starts a runtime: the prelude, the embedded package, then every file of the tree that may hold handlers.

use std::collections::BTreeMap;
use std::time::Duration;

use parity_model::HandlerId;
use rquickjs::context::EvalOptions;
use rquickjs::{Array, CatchResultExt, CaughtError, Context, Ctx, Error, Function, Module, Object, Persistent};

use super::ambient::AmbientDoors;
use super::bridge::Reader;
use super::embedded::PACKAGE;
use super::host;
use super::limits::Limits;
use super::loader::{Problem, SharedModules, TreeLoader, TreeResolver};
use super::trace::{PRELUDE, innermost};
use parity_engine::catalog::{Catalog, not_loaded, position_of};
use parity_engine::naming::{Inventory, NotLoaded, ResolvedHandler, Sighting};
use parity_engine::{EngineFault, TreeError};

/// The engine's name.
pub(super) const NAME: &str = "typescript";

/// What handlers see of a JavaScript host, and the driver.
pub(super) const PRELUDE_SOURCE: &str = include_str!("../runtime/quickjs/prelude.js");

/// What is said of a module that loops or waits.
const UNFINISHED: &str = "it does not finish loading; look at the code outside its functions";

/// The functions of the prelude's driver.
pub(super) struct Driver {
    /// Calls many handlers.
    pub(super) bare_loop: Persistent<Function<'static>>,
    /// Calls a handler.
    pub(super) start: Persistent<Function<'static>>,
    /// Sets the clock.
    pub(super) reset: Persistent<Function<'static>>,
    /// Runs the earliest timer, if there is one.
    pub(super) fire_timer: Persistent<Function<'static>>,
    /// Names what a handler returned.
    pub(super) conclude: Persistent<Function<'static>>,
    /// Names what a handler threw.
    pub(super) refuse: Persistent<Function<'static>>,
    /// Names what was thrown while a document was read.
    pub(super) crash: Persistent<Function<'static>>,
}

/// The classes of handlers.
type Classes = BTreeMap<HandlerId, Persistent<Object<'static>>>;

/// What a runtime consists of.
pub(super) struct Start {
    pub(super) driver: Driver,
    pub(super) handlers: Classes,
    pub(super) inventory: Inventory,
    pub(super) reader: Reader,
    pub(super) ambient: AmbientDoors,
    pub(super) limits: Limits,
    pub(super) context: Context,
}

/// A runtime with all files of a tree loaded, each within the deadline.
pub(super) fn start(modules: &SharedModules, catalog: &Catalog, deadline: Duration) -> Result<Start, TreeError> {
    modules.borrow_mut().look_into(&catalog.names());
    let (runtime, limits) = Limits::runtime().map_err(|error| fault(&error))?;
    runtime.set_loader(TreeResolver(modules.clone()), TreeLoader(modules.clone()));
    let context = Context::full(&runtime).map_err(|error| fault(&error))?;
    let ambient = AmbientDoors::new();
    let (driver, reader, handlers, inventory) = context.with(|ctx| {
        let driver = driver(&ctx, &ambient).catch(&ctx).map_err(|error| fault(&error))?;
        let reader = driver.get("samples").and_then(|samples| Reader::new(&samples)).map_err(|error| fault(&error))?;
        let files = Files { ctx: &ctx, driver: &driver, modules, limits: &limits, deadline };
        let (handlers, inventory) = files.load(catalog)?;
        let driver = functions(&ctx, &driver).map_err(|error| fault(&error))?;
        Ok::<_, TreeError>((driver, reader, handlers, inventory))
    })?;
    Ok(Start { driver, handlers, inventory, reader, ambient, limits, context })
}

fn fault(error: &dyn std::fmt::Display) -> TreeError {
    EngineFault::Start { engine: NAME.to_owned(), message: error.to_string() }.into()
}

/// Evaluates the prelude and gives it the package.
fn driver<'js>(ctx: &Ctx<'js>, ambient: &AmbientDoors) -> rquickjs::Result<Object<'js>> {
    let mut options = EvalOptions::default();
    options.filename = Some(PRELUDE.to_owned());
    let prelude: Function = ctx.eval_with_options(PRELUDE_SOURCE, options)?;
    let doors = ambient.object(ctx)?;
    host::add(ctx, &doors)?;
    let make_driver: Function = prelude.call((doors,))?;
    let package: Object = Module::import(ctx, PACKAGE)?.finish()?;
    let driver: Object = make_driver.call((package,))?;
    let reset: Function = driver.get("reset")?;
    let now = ambient.reset(&parity_model::Ambient::default());
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

/// Loads the files of a tree.
struct Files<'a, 'js> {
    ctx: &'a Ctx<'js>,
    driver: &'a Object<'js>,
    modules: &'a SharedModules,
    limits: &'a Limits,
    deadline: Duration,
}

impl<'js> Files<'_, 'js> {
    /// Loads the files; returns the handlers' classes by identity, and the inventory of the tree.
    fn load(&self, catalog: &Catalog) -> Result<(Classes, Inventory), TreeError> {
        let not_loaded = catalog.names().into_iter().filter_map(|module| self.note(module).err()).collect();
        let found = self.sightings().catch(self.ctx).map_err(|error| fault(&error))?;
        let (classes, sightings): (Vec<Object<'js>>, Vec<Sighting>) = found.into_iter().unzip();
        let sightings = catalog.at_definition(sightings);
        let inventory = catalog.resolve(&sightings, not_loaded)?;
        let class = |found: &ResolvedHandler| {
            let class = position_of(&sightings, &found.sighting).and_then(|place| classes.get(place))?;
            Some((found.handler.clone(), Persistent::save(self.ctx, class.clone())))
        };
        Ok((inventory.handlers.iter().filter_map(class).collect(), inventory))
    }

    fn sightings(&self) -> rquickjs::Result<Vec<(Object<'js>, Sighting)>> {
        let sightings: Function = self.driver.get("sightings")?;
        let found: Array = sightings.call(())?;
        let sighting = |entry: Array<'js>| {
            let (declared, name, exported) = (entry.get(1)?, entry.get(2)?, entry.get(3)?);
            let (file, extended) = (entry.get(4)?, entry.get(5)?);
            Ok((entry.get(0)?, Sighting { declared, name, exported, file, line: None, extended }))
        };
        found.iter::<Array>().map(|entry| entry.and_then(sighting)).collect()
    }

    /// Loads a module and notes what it exports.
    fn note(&self, module: &str) -> Result<(), NotLoaded> {
        self.limits.start(self.deadline);
        let imported = Module::import(self.ctx, format!("./{module}"))
            .and_then(|promise| promise.finish::<Object>())
            .catch(self.ctx);
        self.check_limits(module)?;
        let imported = imported.map_err(|error| self.problem(module, &error))?;
        let note = || self.driver.get::<_, Function>("note")?.call::<_, ()>((imported, module));
        note().catch(self.ctx).map_err(|error| self.problem(module, &error))
    }

    /// Refuses a module that went beyond a limit, also when it caught what stopped it.
    fn check_limits(&self, module: &str) -> Result<(), NotLoaded> {
        let problem = |message: &str| Err(not_loaded(module, module, None, message.to_owned()));
        if self.limits.out_of_memory() {
            problem("it uses too much memory while it is loaded")
        } else if self.limits.timed_out() {
            problem(UNFINISHED)
        } else {
            Ok(())
        }
    }

    /// Why a module cannot be loaded.
    fn problem(&self, module: &str, error: &CaughtError<'js>) -> NotLoaded {
        if let Some(Problem { module: place, line, message }) = self.modules.borrow_mut().take_problem() {
            return not_loaded(module, &place, line, message);
        }
        let problem = |message: String| not_loaded(module, module, None, message);
        if matches!(error, CaughtError::Error(Error::WouldBlock)) {
            return problem(UNFINISHED.to_owned());
        }
        let CaughtError::Exception(exception) = error else {
            return problem(format!("it throws while it is loaded: {error}"));
        };
        let name: String = exception.as_object().get("name").unwrap_or_default();
        let message = format!("it throws while it is loaded: {name}: {}", exception.message().unwrap_or_default());
        let modules = self.modules.borrow();
        match innermost(&exception.stack().unwrap_or_default(), &modules) {
            Some((file, line)) => not_loaded(module, &file, Some(line), message),
            None => problem(message),
        }
    }
}
