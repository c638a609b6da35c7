//! One QuickJS runtime with the handlers of a tree in it, each in a realm of its own, and one call of one of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use parity_model::{FailureKind, HandlerId, Outcome, StepInput};
use rquickjs::function::{Args, IntoArgs};
use rquickjs::promise::PromiseState;
use rquickjs::{Array, Ctx, Error, Object, Value};
use serde_json::Value as Json;

use super::bridge::{ReadError, WriteError, define, pointer, write, write_object};
use super::loader::SharedModules;
use super::profile::Profile;
use super::start::{Host, Places, Realm, fault};
use super::trace::trace;
use super::unsupported::plain;
use parity_engine::TreeError;
use parity_engine::catalog::Catalog;
use parity_engine::clock::{thread_time, thread_time_since};
use parity_engine::failure::{Given, failed};
use parity_engine::naming::Inventory;
use parity_model::{Observation, Unplanned};

/// How long a handler's file may take to load again.
const LOADING: Duration = Duration::from_secs(10);

/// What QuickJS throws when a script's stack is full: in general, and by the compiler of patterns.
const STACK_OVERFLOWS: [(&str, &str); 2] =
    [("RangeError", "Maximum call stack size exceeded"), ("SyntaxError", "stack overflow")];

/// A runtime with a realm for every handler that was called.
pub(super) struct Vm {
    realms: RefCell<BTreeMap<HandlerId, Rc<Realm>>>,
    modules: SharedModules,
    host: Host,
}

/// What the driver is given for a call, in the order of its parameters.
struct Arguments<'js, 'a> {
    class: Object<'js>,
    ids: Vec<&'a str>,
    context: Object<'js>,
    dependencies: Object<'js>,
    step_config: Object<'js>,
    retry_count: u32,
    max_retries: u32,
    step_inputs: Object<'js>,
    checkpoint: Option<Object<'js>>,
}

impl<'js> IntoArgs<'js> for Arguments<'js, '_> {
    fn num_args(&self) -> usize {
        9
    }

    fn into_args(self, args: &mut Args<'js>) -> rquickjs::Result<()> {
        args.push_arg(self.class)?;
        args.push_arg(self.ids)?;
        args.push_args([self.context, self.dependencies, self.step_config])?;
        args.push_args([self.retry_count, self.max_retries])?;
        args.push_arg(self.step_inputs)?;
        args.push_arg(self.checkpoint)
    }
}

/// Why a call has no end that the driver could name.
enum NoEnd {
    /// An exception is pending.
    Exception,
    /// The engine failed.
    Fault(String),
}

impl From<Error> for NoEnd {
    fn from(error: Error) -> Self {
        match error {
            Error::Exception => Self::Exception,
            error => Self::Fault(error.to_string()),
        }
    }
}

impl Vm {
    /// A runtime without realms.
    pub(super) fn new(modules: &SharedModules, catalog: &Catalog, profile: Profile) -> Result<Self, TreeError> {
        let host = Host::new(modules, catalog, profile).map_err(|error| fault(&error))?;
        Ok(Self { realms: RefCell::default(), modules: modules.clone(), host })
    }

    /// What the tree holds, and where each handler was seen.
    pub(super) fn discover(&self, catalog: &Catalog, deadline: Duration) -> Result<(Inventory, Places), TreeError> {
        self.host.discover(catalog, deadline)
    }

    /// The realm of a handler, made the first time.
    fn realm(&self, handler: &HandlerId, places: &Places) -> Result<Rc<Realm>, String> {
        if let Some(realm) = self.realms.borrow().get(handler) {
            return Ok(Rc::clone(realm));
        }
        let place = places.get(handler).ok_or_else(|| "it is not loaded".to_owned())?;
        let realm = self.host.realm((place, handler.method()), LOADING);
        let realm = Rc::new(realm.map_err(|error| format!("it cannot be loaded by itself: {error}"))?);
        self.realms.borrow_mut().insert(handler.clone(), Rc::clone(&realm));
        Ok(realm)
    }

    /// Whether the last call was stopped half-way; its objects may be in any state then.
    pub(super) fn was_stopped(&self) -> bool {
        self.host.was_stopped()
    }

    /// Calls a handler.
    pub(super) fn call(
        &self,
        step_input: &StepInput,
        places: &Places,
        deadline: Duration,
    ) -> Result<Observation, String> {
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "a method is not general enough in its lifetimes"
        )]
        self.call_and(step_input, places, deadline, |call, end| call.read_end(end))
    }

    /// The same; `None` if it ends as `expected`.
    pub(super) fn call_expecting(
        &self,
        step_input: &StepInput,
        expected: &Outcome,
        places: &Places,
        deadline: Duration,
    ) -> Result<Option<Observation>, String> {
        self.call_and(step_input, places, deadline, |call, end| {
            if call.realm.reader.is_end(end, expected)? { Ok(None) } else { call.read_end(end).map(Some) }
        })
    }

    /// Calls a handler and reads its end with `read`.
    fn call_and<T: From<Observation>>(
        &self,
        step_input: &StepInput,
        places: &Places,
        deadline: Duration,
        read: impl FnOnce(&Call<'_>, &Array<'_>) -> Result<T, NoEnd>,
    ) -> Result<T, String> {
        let realm = self.realm(&step_input.handler, places)?;
        let Host { limits, unsupported, .. } = &self.host;
        limits.start(deadline);
        unsupported.take();
        self.modules.borrow_mut().take_denied();
        let unplanned = |unplanned: Unplanned| Observation::from(unplanned).into();
        let call = Call { realm: &realm, host: &self.host, modules: &self.modules };
        let end = realm.context.with(|ctx| {
            let end = match call.observe(&ctx, step_input) {
                Ok(Some(end)) => read(&call, &end),
                Ok(None) => Ok(unplanned(Unplanned::TimedOut)),
                Err(no_end) => Err(no_end),
            };
            let end = end.or_else(|no_end| match no_end {
                NoEnd::Exception => call.crashed(&ctx).map(T::from),
                fault @ NoEnd::Fault(_) => Err(fault),
            });
            // What the handler left running must not run into the next call.
            while ctx.execute_pending_job() && !limits.is_over() {}
            end
        });
        // A script may have caught what stopped it and answered all the same.
        if limits.out_of_memory() {
            return Ok(unplanned(Unplanned::OutOfMemory));
        }
        if limits.timed_out() {
            return Ok(unplanned(Unplanned::TimedOut));
        }
        let denied = self.modules.borrow_mut().take_denied();
        if let Some(refused) = denied.or_else(|| unsupported.take()) {
            return Ok(unplanned(self.modules.borrow().told(refused)));
        }
        end.map_err(message_of)
    }

    /// Calls handlers one after the other with nothing around them; returns how long it took to write the inputs, and how
    /// long the calls took.
    pub(super) fn bare_loop(&self, step_inputs: &[StepInput], places: &Places) -> Result<(Duration, Duration), String> {
        const LONG: Duration = Duration::from_mins(10);
        let mut times = (Duration::ZERO, Duration::ZERO);
        for step_inputs in step_inputs.chunk_by(|a, b| a.handler == b.handler) {
            let realm = self.realm(&step_inputs[0].handler, places)?;
            self.host.limits.start(LONG);
            let call = Call { realm: &realm, host: &self.host, modules: &self.modules };
            let (written, called) = realm.context.with(|ctx| call.bare_loop(&ctx, step_inputs)).map_err(message_of)?;
            times = (times.0 + written, times.1 + called);
        }
        Ok(times)
    }
}

fn message_of(no_end: NoEnd) -> String {
    match no_end {
        NoEnd::Exception => "an exception of the driver".to_owned(),
        NoEnd::Fault(message) => message,
    }
}

/// A call in a realm.
struct Call<'a> {
    realm: &'a Realm,
    host: &'a Host,
    modules: &'a SharedModules,
}

impl Call<'_> {
    /// What the driver makes of a call's end; nothing when it never comes.
    fn observe<'js>(&self, ctx: &Ctx<'js>, step_input: &StepInput) -> Result<Option<Array<'js>>, NoEnd> {
        let now = self.host.ambient.reset(&step_input.ambient);
        let zone = step_input.ambient.zone.name();
        self.realm.driver.reset.clone().restore(ctx)?.call::<_, ()>((now, zone))?;
        let settled = match self.answer(ctx, step_input) {
            Ok(answer) => self.settle(ctx, answer),
            Err(no_end) => Err(no_end),
        };
        Ok(Some(match settled {
            Ok(Some(value)) => self.realm.driver.conclude.clone().restore(ctx)?.call((value,))?,
            Ok(None) => return Ok(None),
            Err(NoEnd::Exception) if self.host.was_stopped() => return Err(NoEnd::Exception),
            Err(NoEnd::Exception) => self.realm.driver.refuse.clone().restore(ctx)?.call((ctx.catch(),))?,
            Err(fault) => return Err(fault),
        }))
    }

    fn bare_loop(&self, ctx: &Ctx<'_>, step_inputs: &[StepInput]) -> Result<(Duration, Duration), NoEnd> {
        let started = thread_time();
        let calls = Array::new(ctx.clone())?;
        for (number, step_input) in step_inputs.iter().enumerate() {
            let Arguments { class, ids, context, dependencies, step_config, retry_count, max_retries, .. } =
                self.arguments(ctx, step_input)?;
            let call = Array::new(ctx.clone())?;
            call.set(0, class)?;
            call.set(1, ids)?;
            for (place, value) in [context, dependencies, step_config].into_iter().enumerate() {
                call.set(place + 2, value)?;
            }
            call.set(5, retry_count)?;
            call.set(6, max_retries)?;
            calls.set(number, call)?;
        }
        let written = thread_time();
        let functions = (self.realm.driver.bare_loop.clone(), self.realm.driver.start.clone());
        let answer = functions.0.restore(ctx)?.call((functions.1.restore(ctx)?, calls))?;
        self.settle(ctx, answer)?;
        Ok((written.saturating_sub(started), thread_time_since(written)))
    }

    /// Calls the handler up to its first wait.
    fn answer<'js>(&self, ctx: &Ctx<'js>, step_input: &StepInput) -> Result<Value<'js>, NoEnd> {
        let start = self.realm.driver.start.clone().restore(ctx)?;
        Ok(start.call(self.arguments(ctx, step_input)?)?)
    }

    /// What the driver is given for a call.
    fn arguments<'js, 'a>(&self, ctx: &Ctx<'js>, step_input: &'a StepInput) -> Result<Arguments<'js, 'a>, NoEnd> {
        let handler = &step_input.handler;
        let too_deep = |error| match error {
            WriteError::Exception(error) => NoEnd::from(error),
            WriteError::TooDeep => NoEnd::Fault("the step input nests deeper than 200".to_owned()),
        };
        let context = write_object(ctx, &step_input.context).map_err(too_deep)?;
        let step_config = write_object(ctx, &step_input.step_config).map_err(too_deep)?;
        let step_inputs = write_object(ctx, &step_input.step_inputs).map_err(too_deep)?;
        let checkpoint = step_input.checkpoint.as_ref().map(|checkpoint| write_object(ctx, checkpoint));
        let checkpoint = checkpoint.transpose().map_err(too_deep)?;
        let dependencies = Object::new(ctx.clone())?;
        for (step, result) in &step_input.dependencies {
            // In an envelope, so that the package takes off this one and never touches the value.
            let envelope = Object::new(ctx.clone())?;
            define(&envelope, "result", &write(ctx, result).map_err(too_deep)?)?;
            define(&dependencies, step, envelope.as_value())?;
        }
        let ambient = &step_input.ambient;
        let ids = vec![handler.class_name(), &ambient.task_uuid, &ambient.step_uuid];
        let (retry_count, max_retries) = (step_input.attempt.saturating_sub(1), step_input.max_attempts);
        let class = self.realm.class.clone().restore(ctx)?;
        Ok(Arguments {
            class,
            ids,
            context,
            dependencies,
            step_config,
            retry_count,
            max_retries,
            step_inputs,
            checkpoint,
        })
    }

    /// Waits for an answer in virtual time; nothing when it can never come.
    fn settle<'js>(&self, ctx: &Ctx<'js>, answer: Value<'js>) -> Result<Option<Value<'js>>, NoEnd> {
        let Some(promise) = answer.as_promise() else { return Ok(Some(answer)) };
        while promise.state() == PromiseState::Pending {
            let goes_on = !self.host.limits.is_over()
                && (ctx.execute_pending_job()
                    || self.realm.driver.fire_timer.clone().restore(ctx)?.call::<_, bool>(())?);
            if !goes_on {
                return Ok(None);
            }
        }
        Ok(promise.result().transpose()?)
    }

    /// Reads one of the driver's ends.
    fn read_end(&self, end: &Array<'_>) -> Result<Observation, NoEnd> {
        let read = match end.get::<u8>(0)? {
            0 => self.read_success(end),
            1 => self.read_failure(end, FailureKind::Permanent),
            2 => self.read_failure(end, FailureKind::Retryable),
            4 => return Ok(Unplanned::Exited.into()),
            _ => return self.read_crash(end),
        };
        match read {
            Ok(observation) => Ok(self.host.unsupported.without_marks(observation)),
            Err(ReadError::NotJson { path, what, .. }) => {
                Ok(Unplanned::Unserialisable { path: pointer(&path), what }.into())
            }
            Err(ReadError::Exception(error)) => Err(error.into()),
        }
    }

    fn member(&self, end: &Array<'_>, index: usize, name: &str) -> Result<Json, ReadError> {
        let value: Value = end.get(index)?;
        self.realm.reader.read(&value).map_err(|error| error.below(name))
    }

    fn read_success(&self, end: &Array<'_>) -> Result<Observation, ReadError> {
        let (result, metadata) = (self.member(end, 1, "result")?, self.member(end, 2, "metadata")?);
        Ok(Outcome::Completed { result, metadata }.into())
    }

    fn read_failure(&self, end: &Array<'_>, kind: FailureKind) -> Result<Observation, ReadError> {
        let given = Given {
            code: self.member(end, 1, "code")?,
            message: self.member(end, 2, "message")?,
            retry_after: self.member(end, 3, "retry_after")?,
            context: self.member(end, 4, "context")?,
            error_type: self.member(end, 5, "error_type")?,
            raised: end.get(6)?,
        };
        Ok(failed(kind, given))
    }

    fn read_crash(&self, end: &Array<'_>) -> Result<Observation, NoEnd> {
        let (class, message, stack): (String, String, String) = (end.get(1)?, end.get(2)?, end.get(3)?);
        if STACK_OVERFLOWS.contains(&(class.as_str(), plain(&message).as_str())) {
            return Ok(Unplanned::StackOverflow.into());
        }
        let trace = trace(&stack, &self.modules.borrow());
        Ok(self.host.unsupported.without_marks(Unplanned::Crashed { class, message, trace }.into()))
    }

    /// What became of a call whose answer threw while it was looked at.
    fn crashed(&self, ctx: &Ctx<'_>) -> Result<Observation, NoEnd> {
        let thrown = ctx.catch();
        let end: Array = self.realm.driver.crash.clone().restore(ctx)?.call((thrown,))?;
        self.read_crash(&end)
    }
}
