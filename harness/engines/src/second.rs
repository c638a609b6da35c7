//! `QuickJS`, seconded by Node: an engine that is built in, whose answers another runtime of the same language has the last word on.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parity_engine::{Engine, EngineFault, Opinion, Otherwise, TreeError, Wrapper};
use parity_judge::differences;
use parity_model::{HandlerId, Observation, StepInput, Unplanned};

/// Starts the second runtime.
pub(crate) type StartSecond = Box<dyn Fn() -> Result<Box<dyn Engine + Send>, TreeError> + Send>;

/// After so many calls that it failed on, nobody asks the second runtime any more.
const MOST_FAILURES: u32 = 3;

/// How many calls the second runtime is told of at a time.
const WINDOW: usize = 32;

/// Calls that the second runtime is to be asked of, each with what the first one answered, by handler and step: it is quicker with
/// many calls of one handler than with one after the other of each.
type Postponed = BTreeMap<(HandlerId, String), Vec<(StepInput, Observation)>>;

/// The second runtime of one tree, which several engines of a process share.
#[derive(Clone)]
pub(crate) struct Second(Arc<Mutex<State>>);

struct State {
    /// What it is, e.g. `Node 20.20.2`.
    runtime: String,
    start: StartSecond,
    engine: Option<Box<dyn Engine + Send>>,
    /// Nobody asks it any more.
    is_lost: bool,
    failures: u32,
    /// What went wrong so far. It is told again and again, so that nobody misses it.
    troubles: BTreeSet<String>,
    deadline: Option<Duration>,
    /// A call that it has answered well: it shows whether it is still alive.
    control: Option<StepInput>,
    /// What it is asked of later, if it is.
    postponed: Option<Postponed>,
}

impl Second {
    /// A runtime that is started when it is first needed.
    pub(crate) fn new(runtime: &str, start: StartSecond) -> Self {
        Self(Arc::new(Mutex::new(State {
            runtime: runtime.to_owned(),
            start,
            engine: None,
            is_lost: false,
            failures: 0,
            troubles: BTreeSet::new(),
            deadline: None,
            control: None,
            postponed: None,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An engine whose answers are confirmed. Where the two answer otherwise, the second one's answer is the engine's.
pub(crate) struct Seconded {
    first: Box<dyn Engine>,
    second: Second,
    opinion: Opinion,
}

impl Seconded {
    /// `first`, seconded by `second`.
    pub(crate) fn new(first: Box<dyn Engine>, second: Second) -> Self {
        Self { first, second, opinion: Opinion::default() }
    }

    /// The engine's answer, where the first runtime has given its own; nothing where the two are the same.
    fn decided(&mut self, step_input: &StepInput, first: Cow<'_, Observation>) -> Option<Observation> {
        let mut state = self.second.state();
        if let Some(postponed) = &mut state.postponed {
            let key = (step_input.handler.clone(), step_input.ambient.step_uuid.clone());
            let calls = postponed.entry(key).or_default();
            if !calls.iter().any(|(input, answer)| input == step_input && *answer == *first) {
                calls.push((step_input.clone(), first.into_owned()));
            }
            return None;
        }
        let said = state.hear(step_input, &first);
        drop(state);
        let second = match said {
            Said::Nothing => return None,
            Said::Same => None,
            Said::Other(second) => Some(second),
        };
        self.opinion.calls += 1;
        let second = second?;
        let (input, first) = (step_input.clone(), first.into_owned());
        let otherwise = Otherwise { calls: 1, input, first, second: second.clone() };
        self.opinion.differ(step_input.handler.clone(), otherwise);
        Some(second)
    }
}

impl State {
    /// The running engine, if it can be had.
    fn engine(&mut self) -> Result<Option<&mut (dyn Engine + Send)>, String> {
        if self.is_lost {
            return Ok(None);
        }
        if self.engine.is_none() {
            match (self.start)() {
                Ok(mut engine) => {
                    if let Some(deadline) = self.deadline {
                        engine.set_deadline(deadline);
                    }
                    self.engine = Some(engine);
                }
                Err(error) => {
                    self.is_lost = true;
                    return Err(format!("{} cannot run the tree: {error}", self.runtime));
                }
            }
        }
        Ok(self.engine.as_deref_mut().map(|engine| engine as &mut (dyn Engine + Send)))
    }

    fn announce(&mut self, step_inputs: &[&StepInput]) -> Result<(), String> {
        if let Some(engine) = self.engine()? {
            engine.announce(step_inputs);
        }
        Ok(())
    }

    /// What the second runtime says where the first one answered `first`. Where it fails, it says nothing.
    fn hear(&mut self, step_input: &StepInput, first: &Observation) -> Said {
        self.answer(step_input, first).unwrap_or_else(|trouble| {
            self.fail(trouble);
            Said::Nothing
        })
    }

    /// The same with a reason where it fails.
    fn answer(&mut self, step_input: &StepInput, first: &Observation) -> Result<Said, String> {
        let runtime = self.runtime.clone();
        let handler = &step_input.handler;
        let failed = |fault: EngineFault| format!("{runtime} failed: {fault}");
        let Some(engine) = self.engine()? else { return Ok(Said::Nothing) };
        if !engine.has(handler) {
            return Err(format!("{runtime} has no {handler}"));
        }
        let mut answer = other_than(first, engine.run_expecting(step_input, first).map_err(failed)?);
        if answer.as_ref().is_some_and(ends_the_process) {
            // It may have been the machine, or somebody else.
            answer = other_than(first, Some(engine.run(step_input).map_err(failed)?));
            if answer.as_ref().is_some_and(ends_the_process) && !self.is_alive() {
                self.is_lost = true;
                return Err(format!("{runtime} ended or hung on {handler} and answers nothing any more"));
            }
        }
        if self.control.is_none() && matches!(answer.as_ref().unwrap_or(first), Observation::Planned(_)) {
            self.control = Some(step_input.clone());
        }
        Ok(answer.map_or(Said::Same, Said::Other))
    }

    /// Whether it still answers what it has answered before.
    fn is_alive(&mut self) -> bool {
        let Some(control) = self.control.clone() else { return false };
        let engine = self.engine.as_deref_mut();
        engine.is_some_and(|engine| engine.run(&control).is_ok_and(|end| matches!(end, Observation::Planned(_))))
    }

    fn fail(&mut self, trouble: String) {
        self.troubles.insert(trouble);
        self.failures += 1;
        if self.failures >= MOST_FAILURES {
            self.is_lost = true;
            self.troubles.insert(format!("{} was not asked any more", self.runtime));
        }
    }
}

/// What a second runtime says of an answer.
enum Said {
    /// It is not asked any more.
    Nothing,
    /// The same.
    Same,
    /// This.
    Other(Observation),
}

/// The answer, if it is not the same as `first`.
fn other_than(first: &Observation, answer: Option<Observation>) -> Option<Observation> {
    answer.filter(|answer| !differences(first, answer).is_empty())
}

/// Whether an end is one after which there is no process any more.
fn ends_the_process(end: &Observation) -> bool {
    match end {
        Observation::Unplanned(Unplanned::Crashed { class, .. }) => {
            class.starts_with("SIG") || class.starts_with("signal ")
        }
        Observation::Unplanned(unplanned) => {
            matches!(unplanned, Unplanned::TimedOut | Unplanned::Exited | Unplanned::OutOfMemory)
        }
        Observation::Planned(_) => false,
    }
}

impl Wrapper for Seconded {
    fn inner(&self) -> &dyn Engine {
        self.first.as_ref()
    }

    fn inner_mut(&mut self) -> &mut dyn Engine {
        self.first.as_mut()
    }

    fn run_wrapped(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        let first = self.first.run(step_input)?;
        Ok(self.decided(step_input, Cow::Borrowed(&first)).unwrap_or(first))
    }

    fn run_wrapped_expecting(
        &mut self,
        step_input: &StepInput,
        expected: &Observation,
    ) -> Result<Option<Observation>, EngineFault> {
        let first = self.first.run_expecting(step_input, expected)?;
        let said = first.as_ref().map_or(Cow::Borrowed(expected), Cow::Borrowed);
        Ok(self.decided(step_input, said).or(first))
    }

    fn announce_wrapped(&mut self, step_inputs: &[&StepInput]) {
        let mut state = self.second.state();
        if let Err(trouble) = state.announce(step_inputs) {
            state.fail(trouble);
        }
    }

    fn take_wrapped_opinion(&mut self) -> Opinion {
        let opinion = std::mem::take(&mut self.opinion);
        Opinion { troubles: self.second.state().troubles.clone(), ..opinion }
    }

    fn postpone_wrapped_opinions(&mut self) {
        self.second.state().postponed = Some(Postponed::new());
    }

    fn settle_wrapped_opinions(&mut self) -> bool {
        let mut state = self.second.state();
        let calls: Vec<_> = state.postponed.take().into_iter().flat_map(BTreeMap::into_values).flatten().collect();
        let mut heard = 0;
        for window in calls.chunks(WINDOW) {
            if let Err(trouble) = state.announce(&window.iter().map(|(input, _)| input).collect::<Vec<_>>()) {
                state.fail(trouble);
            }
            for (input, first) in window {
                match state.hear(input, first) {
                    Said::Nothing => {}
                    Said::Same => heard += 1,
                    Said::Other(_) => return true,
                }
            }
        }
        drop(state);
        self.opinion.calls += heard;
        false
    }

    fn set_wrapped_deadline(&mut self, deadline: Duration) {
        self.first.set_deadline(deadline);
        let mut state = self.second.state();
        state.deadline = Some(deadline);
        if let Some(engine) = &mut state.engine {
            engine.set_deadline(deadline);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use parity_model::{HandlerId, Outcome};
    use rstest::rstest;
    use serde_json::{Map, json};

    use super::*;

    /// Answers with the next of its ends, and with the last one again and again.
    struct Fake {
        handlers: Vec<HandlerId>,
        ends: VecDeque<Option<Observation>>,
    }

    impl Engine for Fake {
        fn name(&self) -> &'static str {
            "typescript"
        }

        fn handlers(&self) -> &[HandlerId] {
            &self.handlers
        }

        fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
            let end = if self.ends.len() > 1 { self.ends.pop_front() } else { self.ends.front().cloned() };
            let fault = || EngineFault::NoHandler { engine: "node".to_owned(), handler: step_input.handler.clone() };
            end.flatten().ok_or_else(fault)
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "an end among ends that may be faults")]
    fn result(result: f64) -> Option<Observation> {
        Some(Outcome::Completed { result: json!(result), metadata: json!({}) }.into())
    }

    #[expect(clippy::unnecessary_wraps, reason = "an end among ends that may be faults")]
    fn exited() -> Option<Observation> {
        Some(Unplanned::Exited.into())
    }

    fn input() -> StepInput {
        StepInput::new("shop/quote".parse().unwrap(), Map::new(), Map::new())
    }

    #[expect(clippy::unnecessary_box_returns, reason = "engines are boxed")]
    fn fake(ends: &[Option<Observation>]) -> Box<Fake> {
        Box::new(Fake { handlers: vec![input().handler], ends: ends.iter().cloned().collect() })
    }

    /// An engine that answers 1, seconded by one that comes to these ends.
    fn seconded(ends: &[Option<Observation>]) -> Seconded {
        let second = fake(ends);
        let second = Mutex::new(Some(second));
        let start: StartSecond = Box::new(move || Ok(second.lock().unwrap().take().unwrap()));
        Seconded::new(fake(&[result(1.0)]), Second::new("Node 20.0.0", start))
    }

    #[test]
    fn the_second_has_the_last_word() {
        let mut engine = seconded(&[result(2.0)]);
        assert_eq!(engine.run(&input()).unwrap(), result(2.0).unwrap());
        // The first one agrees with either; what counts is what the second one says.
        assert_eq!(engine.run_expecting(&input(), &result(1.0).unwrap()).unwrap(), result(2.0));
        assert_eq!(engine.run_expecting(&input(), &result(2.0).unwrap()).unwrap(), result(2.0));
        let opinion = engine.take_opinion();
        assert_eq!((opinion.calls, opinion.otherwise[&input().handler].calls), (3, 3));
        assert!(engine.take_opinion().is_nothing());
    }

    #[test]
    fn what_both_answer_is_no_difference() {
        let one = json!({"status": "completed", "result": 1, "metadata": {}});
        let mut engine = seconded(&[Some(serde_json::from_value(one).unwrap())]);
        assert_eq!(engine.run(&input()).unwrap(), result(1.0).unwrap());
        let opinion = engine.take_opinion();
        assert_eq!((opinion.calls, opinion.otherwise.len()), (1, 0));
    }

    #[test]
    fn what_the_first_does_not_provide_the_second_may() {
        let what = || Some(Unplanned::Unsupported { what: "Intl.Segmenter".to_owned() }.into());
        let mut engine = Seconded { first: fake(&[what()]), ..seconded(&[result(3.0)]) };
        assert_eq!(engine.run(&input()).unwrap(), result(3.0).unwrap());
    }

    #[rstest]
    #[case::once(&[result(1.0), exited(), result(1.0)], result(1.0), false)]
    #[case::by_the_handler(&[result(1.0), exited(), exited(), result(1.0)], exited(), false)]
    #[case::for_good(&[result(1.0), exited()], result(1.0), true)]
    fn a_process_that_ends_is_told_from_a_handler_that_ends_it(
        #[case] ends: &[Option<Observation>],
        #[case] answer: Option<Observation>,
        #[case] is_lost: bool,
    ) {
        let mut engine = seconded(ends);
        engine.run(&input()).unwrap();
        assert_eq!(Some(engine.run(&input()).unwrap()), answer);
        let troubles = engine.take_opinion().troubles;
        assert_eq!(!troubles.is_empty(), is_lost, "{troubles:?}");
        assert_eq!(engine.second.state().is_lost, is_lost);
    }

    #[test]
    fn it_may_be_asked_later_of_each_call_once() {
        let mut engine = seconded(&[result(1.0)]);
        engine.postpone_opinions();
        for _ in 0..3 {
            assert_eq!(engine.run(&input()).unwrap(), result(1.0).unwrap());
        }
        assert!(engine.take_opinion().is_nothing());
        assert!(!engine.settle_opinions());
        assert_eq!(engine.take_opinion().calls, 1);
        // From now on of each one as it is made.
        engine.run(&input()).unwrap();
        assert_eq!(engine.take_opinion().calls, 1);
    }

    #[test]
    fn calls_that_it_answers_otherwise_are_to_be_made_again() {
        let mut engine = seconded(&[result(2.0)]);
        engine.postpone_opinions();
        assert_eq!(engine.run_expecting(&input(), &result(1.0).unwrap()).unwrap(), result(1.0));
        assert!(engine.settle_opinions());
        assert!(engine.take_opinion().is_nothing());
        assert_eq!(engine.run(&input()).unwrap(), result(2.0).unwrap());
    }

    #[test]
    fn a_second_that_fails_is_given_up_and_the_first_goes_on() {
        let mut engine = seconded(&[None]);
        for _ in 0..5 {
            assert_eq!(engine.run(&input()).unwrap(), result(1.0).unwrap());
        }
        let opinion = engine.take_opinion();
        let troubles: Vec<&str> = opinion.troubles.iter().map(String::as_str).collect();
        let failed = "Node 20.0.0 failed: the node engine has no handler shop/quote";
        assert_eq!((opinion.calls, troubles), (0, vec![failed, "Node 20.0.0 was not asked any more"]));
    }

    #[test]
    fn a_second_that_does_not_start_is_told_once() {
        let start = || Err(TreeError::Refused { message: "no tree".to_owned() });
        let second = Second::new("Node 20.0.0", Box::new(start));
        let mut engine = Seconded::new(fake(&[result(1.0)]), second);
        engine.announce(&[&input()]);
        assert_eq!(engine.run(&input()).unwrap(), result(1.0).unwrap());
        let troubles = engine.take_opinion().troubles;
        assert!(troubles.contains("Node 20.0.0 cannot run the tree: no tree"), "{troubles:?}");
    }
}
