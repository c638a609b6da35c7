//! Starts a runtime: the prelude, the embedded package, then every file of the tree that may hold handlers.

use std::collections::BTreeMap;
use std::time::Duration;

use parity_model::HandlerId;
use rquickjs::{
    Array, CatchResultExt, CaughtError, Context, Ctx, Error, Function, Module, Object, Persistent, Runtime,
};

use super::ambient::AmbientDoors;
use super::bridge::Reader;
use super::embedded::PACKAGE;
use super::host;
use super::limits::Limits;
use super::loader::{Problem, SharedModules, TreeLoader, TreeResolver, compile};
use super::profile::Profile;
use super::trace::{NATIVES, PRELUDE, innermost};
use super::unsupported::{Unsupported, plain};
use parity_engine::catalog::{Catalog, not_loaded, position_of};
use parity_engine::naming::{Inventory, NotLoaded, ResolvedHandler, Sighting};
use parity_engine::{EngineFault, TreeError};

/// The engine's name.
pub(super) const NAME: &str = "typescript";

/// What handlers see of a JavaScript host, and the driver.
pub(super) const PRELUDE_SOURCE: &str = include_str!("../runtime/quickjs/prelude.js");

/// What is in QuickJS otherwise than in Node.
const NATIVES_SOURCE: &str = include_str!("../runtime/quickjs/natives.js");

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

/// Where each handler was seen.
pub(super) type Places = BTreeMap<HandlerId, Sighting>;

/// What the realms of a tree share.
pub(super) struct Host {
    files: Vec<String>,
    /// The methods that templates name.
    methods: Vec<String>,
    modules: SharedModules,
    pub(super) ambient: AmbientDoors,
    pub(super) unsupported: Unsupported,
    pub(super) limits: Limits,
    profile: Profile,
    runtime: Runtime,
}

/// A handler with modules, globals and prototypes of its own, so that nothing that it changes reaches another one.
pub(super) struct Realm {
    pub(super) driver: Driver,
    pub(super) class: Persistent<Object<'static>>,
    pub(super) reader: Reader,
    pub(super) context: Context,
}

impl Host {
    /// A runtime without realms.
    pub(super) fn new(modules: &SharedModules, catalog: &Catalog, profile: Profile) -> rquickjs::Result<Self> {
        let files: Vec<String> = catalog.names().into_iter().map(str::to_owned).collect();
        let methods = catalog.naming.methods().into_iter().map(str::to_owned).collect();
        modules.borrow_mut().look_into(&catalog.names());
        let (runtime, limits) = Limits::runtime()?;
        runtime.set_loader(TreeResolver(modules.clone()), TreeLoader(modules.clone()));
        let (ambient, unsupported) = (AmbientDoors::new(), Unsupported::default());
        Ok(Self { files, methods, modules: modules.clone(), ambient, unsupported, limits, profile, runtime })
    }

    /// Whether the last call was stopped half-way; its objects may be in any state then.
    pub(super) fn was_stopped(&self) -> bool {
        self.limits.timed_out() || self.limits.out_of_memory()
    }

    /// Loads all files of a tree, each within the deadline; returns what the tree holds, and where.
    pub(super) fn discover(&self, catalog: &Catalog, deadline: Duration) -> Result<(Inventory, Places), TreeError> {
        let context = Context::full(&self.runtime).map_err(|error| fault(&error))?;
        context.with(|ctx| {
            let driver = self.driver(&ctx).catch(&ctx).map_err(|error| fault(&error))?;
            let files = Files {
                ctx: &ctx,
                driver: &driver,
                modules: &self.modules,
                limits: &self.limits,
                deadline,
                methods: &self.methods,
            };
            let not_loaded = self.files.iter().filter_map(|file| files.note(file).err()).collect();
            let found = files.sightings().catch(&ctx).map_err(|error| fault(&error))?;
            let seen: Vec<Sighting> = found.into_iter().map(|(_, sighting)| sighting).collect();
            let defined = catalog.at_definition(seen.clone());
            let inventory = catalog.resolve(&defined, not_loaded)?;
            let place = |found: &ResolvedHandler| {
                Some((found.handler.clone(), seen.get(position_of(&defined, &found.sighting)?)?.clone()))
            };
            let places = inventory.handlers.iter().filter_map(place).collect();
            Ok((inventory, places))
        })
    }

    /// A realm with the handler that was seen in a place, and what is called of it. It loads the handler's file; the others only if the handler is not to be
    /// found in it alone, e.g. since another one registers it.
    pub(super) fn realm(
        &self,
        (place, method): (&Sighting, Option<&str>),
        deadline: Duration,
    ) -> Result<Realm, String> {
        let context = Context::full(&self.runtime).map_err(|error| error.to_string())?;
        let (driver, class, reader) = context
            .with(|ctx| self.load(&ctx, (place, method), deadline).catch(&ctx).map_err(|error| error.to_string()))?;
        let class = class.ok_or_else(|| "its file does not hold it any more".to_owned())?;
        Ok(Realm { driver, class, reader, context })
    }

    fn load(
        &self,
        ctx: &Ctx<'_>,
        (place, method): (&Sighting, Option<&str>),
        deadline: Duration,
    ) -> rquickjs::Result<(Driver, Option<Persistent<Object<'static>>>, Reader)> {
        // The time of the last call may be over.
        self.limits.start(deadline);
        let driver = self.driver(ctx)?;
        let files = Files {
            ctx,
            driver: &driver,
            modules: &self.modules,
            limits: &self.limits,
            deadline,
            methods: &self.methods,
        };
        // Whether other classes extend it is known only where all files are loaded.
        let is_meant = |sighting: &Sighting| Sighting { extended: place.extended, ..sighting.clone() } == *place;
        let mut class = None;
        let (own, others): (Vec<&String>, Vec<&String>) = self.files.iter().partition(|file| **file == place.file);
        for names in [own, others] {
            if class.is_none() {
                for file in names {
                    // What is wrong with a file was said when the tree was searched.
                    let _ = files.note(file);
                }
                class = files.sightings()?.into_iter().find(|(_, sighting)| is_meant(sighting));
            }
        }
        let mut class = class.map(|(class, _)| class);
        if let (Some(own), Some(method)) = (&class, method) {
            let dispatched: Function = driver.get("dispatched")?;
            class = Some(dispatched.call((own.clone(), method))?);
        }
        let reader = Reader::new(ctx, Persistent::save(ctx, driver.get::<_, Function>("members")?))?;
        Ok((functions(ctx, &driver)?, class.map(|class| Persistent::save(ctx, class)), reader))
    }

    /// Evaluates the prelude and gives it the package.
    fn driver<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
        let script = |name: &str, source: &str| {
            let module = compile(&self.modules, ctx, name, || Ok(format!("export default {source}")))?;
            let (module, evaluated) = module.eval()?;
            evaluated.finish::<()>()?;
            module.get::<_, Function>("default")
        };
        let prelude = script(PRELUDE, PRELUDE_SOURCE)?;
        let doors = self.ambient.object(ctx)?;
        host::add(ctx, &doors, self.profile)?;
        doors.set("natives", script(NATIVES, NATIVES_SOURCE)?)?;
        doors.set("unsupported", self.unsupported.door(ctx)?)?;
        doors.set("denied", self.unsupported.denied_door(ctx)?)?;
        doors.set("noteMark", self.unsupported.mark_door(ctx)?)?;
        let make_driver: Function = prelude.call((doors,))?;
        let package: Object = Module::import(ctx, PACKAGE)?.finish()?;
        let driver: Object = make_driver.call((package,))?;
        let reset: Function = driver.get("reset")?;
        let now = self.ambient.reset(&parity_model::Ambient::default());
        reset.call::<_, ()>((now,))?;
        Ok(driver)
    }
}

pub(super) fn fault(error: &dyn std::fmt::Display) -> TreeError {
    EngineFault::Start { engine: NAME.to_owned(), message: error.to_string() }.into()
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
    methods: &'a [String],
    driver: &'a Object<'js>,
    modules: &'a SharedModules,
    limits: &'a Limits,
    deadline: Duration,
}

impl<'js> Files<'_, 'js> {
    fn sightings(&self) -> rquickjs::Result<Vec<(Object<'js>, Sighting)>> {
        let sightings: Function = self.driver.get("sightings")?;
        let found: Array = sightings.call((self.methods,))?;
        let sighting = |entry: Array<'js>| {
            let (declared, name, exported) = (entry.get(1)?, entry.get(2)?, entry.get(3)?);
            let (file, extended, methods) = (entry.get(4)?, entry.get(5)?, entry.get(6)?);
            Ok((entry.get(0)?, Sighting { declared, name, exported, file, line: None, extended, methods }))
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
        let message =
            format!("it throws while it is loaded: {name}: {}", plain(&exception.message().unwrap_or_default()));
        let modules = self.modules.borrow();
        match innermost(&plain(&exception.stack().unwrap_or_default()), &modules) {
            Some((file, line)) => not_loaded(module, &file, Some(line), message),
            None => problem(message),
        }
    }
}
