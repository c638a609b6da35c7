//! The engine `typescript`: one runtime for all handlers of a tree, in which each has a realm of its own. It is replaced when a call
//! leaves it in doubt.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use parity_model::{HandlerId, StepInput};

use super::alias::Alias;
use super::loader::{Modules, SharedModules};
use super::profile::Profile;
use super::start::{NAME, Places};
use super::strip::Runtime;
use super::vm::Vm;
use parity_engine::allowed::Allowed;
use parity_engine::catalog::Catalog;
use parity_engine::naming::{Inventory, Naming};
use parity_engine::tree::TYPESCRIPT;
use parity_engine::{Engine, EngineFault, TreeError};
use parity_model::Observation;

/// How long a call may take unless told otherwise.
const DEADLINE: Duration = Duration::from_secs(10);

/// Runs the TypeScript handlers of one tree in process.
///
/// A handler's modules are loaded when it is first called, under the default ambient, and keep their state from one of its calls to
/// the next; no other handler sees them, nor what it does to globals and prototypes. A promise that can never
/// settle has timed out at once: timers run in virtual time.
pub struct TypeScriptEngine {
    modules: SharedModules,
    catalog: Catalog,
    handlers: Vec<HandlerId>,
    inventory: Inventory,
    places: Places,
    profile: Profile,
    deadline: Duration,
    vm: Option<Vm>,
}

impl TypeScriptEngine {
    /// Loads the handlers of `tree`, each of which is named by its identity.
    pub fn load(tree: &Path) -> Result<Self, TreeError> {
        Self::load_within(tree, DEADLINE)
    }

    /// The same with handlers that are named in other ways, and with what specifiers mean that lead to no file.
    pub fn load_named(tree: &Path, naming: &Naming, aliases: &[Alias]) -> Result<Self, TreeError> {
        Self::load_like(Profile::default(), tree, naming, aliases)
    }

    /// The same in a runtime that is like another version of Node than the oldest.
    pub fn load_like(profile: Profile, tree: &Path, naming: &Naming, aliases: &[Alias]) -> Result<Self, TreeError> {
        Self::load_allowing(&Allowed::default(), profile, tree, naming, aliases)
    }

    /// The same where handlers may do more. What it is, this runtime does not have, and says so instead of refusing it.
    pub fn load_allowing(
        allowed: &Allowed,
        profile: Profile,
        tree: &Path,
        naming: &Naming,
        aliases: &[Alias],
    ) -> Result<Self, TreeError> {
        Self::start(allowed, profile, tree, (naming, aliases), DEADLINE)
    }

    /// Handlers that are named by their identities, with a limit on the time that one file may take to load and one call may
    /// take.
    pub fn load_within(tree: &Path, deadline: Duration) -> Result<Self, TreeError> {
        Self::start(&Allowed::default(), Profile::default(), tree, (&Naming::identities(), &[]), deadline)
    }

    fn start(
        allowed: &Allowed,
        profile: Profile,
        tree: &Path,
        (naming, aliases): (&Naming, &[Alias]),
        deadline: Duration,
    ) -> Result<Self, TreeError> {
        let catalog = Catalog::read(tree, NAME, &TYPESCRIPT, naming)?;
        let modules = Modules::new(tree, aliases, allowed, Runtime::QuickJs);
        let vm = Vm::new(&modules, &catalog, profile)?;
        let (inventory, places) = vm.discover(&catalog, deadline)?;
        let handlers = inventory.identities();
        Ok(Self { modules, catalog, handlers, inventory, places, profile, deadline, vm: Some(vm) })
    }
}

impl TypeScriptEngine {
    fn vm_again(&self) -> Result<Vm, String> {
        Vm::new(&self.modules, &self.catalog, self.profile).map_err(|error| error.to_string())
    }

    /// Calls a handler in a runtime that was not stopped half-way by an earlier call.
    fn on_vm<T>(
        &mut self,
        step_input: &StepInput,
        call: impl FnOnce(&Vm, &Places, Duration) -> Result<T, String>,
    ) -> Result<T, EngineFault> {
        let handler = &step_input.handler;
        if !self.has(handler) {
            return Err(EngineFault::NoHandler { engine: NAME.to_owned(), handler: handler.clone() });
        }
        let fault = |message: String| EngineFault::Call { engine: NAME.to_owned(), handler: handler.clone(), message };
        let vm = self.vm.take().map_or_else(|| self.vm_again().map_err(fault), Ok)?;
        let end = call(&vm, &self.places, self.deadline).map_err(fault)?;
        if !vm.was_stopped() {
            self.vm = Some(vm);
        }
        Ok(end)
    }

    /// Calls handlers one after the other with nothing around them; returns the CPU time that it took to write the inputs,
    /// and that of the calls.
    pub fn bare_loop(&mut self, step_inputs: &[StepInput]) -> Result<(Duration, Duration), EngineFault> {
        let fault = |message| EngineFault::Start { engine: NAME.to_owned(), message };
        let vm = self.vm.as_ref().ok_or_else(|| fault("the last call was stopped".to_owned()))?;
        vm.bare_loop(step_inputs, &self.places).map_err(fault)
    }
}

impl Engine for TypeScriptEngine {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handlers(&self) -> &[HandlerId] {
        &self.handlers
    }

    fn inventory(&self) -> Option<&Inventory> {
        Some(&self.inventory)
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        self.on_vm(step_input, |vm, places, deadline| vm.call(step_input, places, deadline))
    }

    fn run_expecting(
        &mut self,
        step_input: &StepInput,
        expected: &Observation,
    ) -> Result<Option<Observation>, EngineFault> {
        match expected.planned() {
            Some(expected) => {
                self.on_vm(step_input, |vm, places, deadline| vm.call_expecting(step_input, expected, places, deadline))
            }
            None => self.run(step_input).map(Some),
        }
    }

    fn deadline(&self) -> Option<Duration> {
        Some(self.deadline)
    }

    fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = deadline;
    }
}

impl fmt::Debug for TypeScriptEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypeScriptEngine").field("handlers", &self.handlers).finish_non_exhaustive()
    }
}
