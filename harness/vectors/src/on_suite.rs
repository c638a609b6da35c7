//! The vectors of anybody's handlers, on the oracle and the engines of their suite, by its criteria.

use parity_campaign::{Examiner, Held, Panel, Saved};
use parity_engine::Engine;
use parity_judge::Verdict;
use parity_model::{HandlerId, INVALID_INPUT, Observation};

use super::answering::{Answering, Mismatch};
use super::error::VectorError;
use super::flag::Flag;
use super::model::{Provenance, Vector, VectorFile};

/// The oracle and the engines of a suite.
pub struct OnSuite<'a> {
    /// Asks them.
    pub examiner: Examiner<'a>,
    /// Whether an engine that is compared may lack a handler.
    pub may_lack: &'a dyn Fn(&HandlerId) -> bool,
}

impl Answering for OnSuite<'_> {
    fn provenance(&self) -> Provenance {
        Provenance::promoted()
    }

    fn vector_of(
        &mut self,
        saved: Saved,
        note: &str,
        refuse: &dyn Fn(String) -> VectorError,
    ) -> Result<Vector, VectorError> {
        let Saved { input, signature, well_formed, .. } = saved;
        let Panel { oracle, engines } = self.examiner.panel();
        if !oracle.has(&input.handler) {
            return Err(refuse(format!("the oracle {} has no handler {}", oracle.name(), input.handler)));
        }
        let is_meant = |engine: &dyn Engine| engine.name() == signature.engine && engine.has(&input.handler);
        if !is_meant(oracle.as_ref()) && !engines.iter().any(|engine| is_meant(engine.as_ref())) {
            return Err(refuse(format!("no engine {} with {} takes part", signature.engine, input.handler)));
        }
        if well_formed && !self.examiner.is_well_formed(&input) {
            return Err(refuse("its input was well-formed when it was saved, and no longer is".to_owned()));
        }
        let expected = self.examiner.expected(&input)?.planned().cloned();
        let expected = expected.ok_or_else(|| refuse("the oracle plans no outcome for its input".to_owned()))?;
        Ok(Vector::new(input, expected, vec![Flag::Regression.name().to_owned()], note.to_owned()))
    }

    fn replay(&mut self, file: &VectorFile) -> Result<Vec<Mismatch>, VectorError> {
        let mut found = Vec::new();
        // Without the oracle's handler nothing is compared.
        let oracle = self.examiner.panel().oracle.name().to_owned();
        for Vector { id, input, expected, .. } in &file.vectors {
            let mismatch = |engine: String, what, was_compared| Mismatch { id: id.clone(), engine, what, was_compared };
            if input.handler != file.handler {
                let what = format!("its input is one of {}", input.handler);
                found.push(mismatch("the file".to_owned(), what, true));
                continue;
            }
            for Held { engine, verdict } in self.examiner.hold(input, &Observation::from(expected.clone()))? {
                let Some(verdict) = verdict else {
                    if engine == oracle || !(self.may_lack)(&file.handler) {
                        found.push(mismatch(engine, format!("it has no handler {}", file.handler), true));
                    }
                    continue;
                };
                let Verdict { signatures, unsupported, is_outside, .. } = verdict;
                if let Some(what) = unsupported {
                    found.push(mismatch(engine, format!("{what} is not provided"), false));
                } else if is_outside {
                    let what = format!("the input is outside the contract: {INVALID_INPUT} is expected");
                    found.push(mismatch(engine, what, false));
                } else if let Some(first) = signatures.first() {
                    found.push(mismatch(engine, format!("{} at {:?}", first.class, first.path), true));
                }
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use parity_engine::EngineFault;
    use parity_model::{Outcome, StepInput};
    use parity_suite::Suite;
    use rstest::rstest;
    use serde_json::{Value, json};
    use similar_asserts::assert_eq;
    use tempfile::TempDir;

    use super::*;
    use crate::check::check_promoted;
    use crate::promote::promote;
    use crate::store::Store;

    /// Answers always the same.
    struct Fixed {
        name: &'static str,
        handlers: Vec<HandlerId>,
        end: Value,
    }

    impl Engine for Fixed {
        fn name(&self) -> &str {
            self.name
        }

        fn handlers(&self) -> &[HandlerId] {
            &self.handlers
        }

        fn run(&mut self, _: &StepInput) -> Result<Observation, EngineFault> {
            Ok(serde_json::from_value(self.end.clone()).unwrap())
        }
    }

    fn completed(fee: u32) -> Value {
        json!(Outcome::Completed { result: json!({"fee": fee}), metadata: json!({}) })
    }

    fn engine(name: &'static str, end: Value) -> Box<dyn Engine> {
        Box::new(Fixed { name, handlers: vec!["shop/fee".parse().unwrap()], end })
    }

    fn lacking(name: &'static str) -> Box<dyn Engine> {
        Box::new(Fixed { name, handlers: Vec::new(), end: completed(1) })
    }

    /// A saved divergence and vectors that are made of it.
    struct Kept {
        dir: TempDir,
        suite: Suite,
    }

    const FILE: &str = "vectors/shop/fee.json";

    impl Kept {
        fn new() -> Self {
            let kept = Self { dir: tempfile::tempdir().unwrap(), suite: Suite::default() };
            let saved = json!({
                "actual": completed(2), "expected": completed(1), "input": {"handler": "shop/fee", "context": {"b": 1, "a": 2}},
                "signature": {"handler": "shop/fee", "engine": "node", "class": "value", "path": "/result/fee"},
                "version": "0", "well_formed": false,
            });
            fs::write(kept.path("saved.json"), saved.to_string()).unwrap();
            kept
        }

        fn path(&self, file: &str) -> PathBuf {
            self.dir.path().join(file)
        }

        fn on<T>(
            &self,
            oracle: Box<dyn Engine>,
            engines: Vec<Box<dyn Engine>>,
            act: impl FnOnce(&Store, &mut OnSuite<'_>) -> T,
        ) -> T {
            let examiner = Examiner::on(&self.suite, Panel { oracle, engines }, None);
            let may_lack = |_: &HandlerId| true;
            act(&Store::new(self.path("vectors")), &mut OnSuite { examiner, may_lack: &may_lack })
        }

        /// What promoting comes to, without the file's name.
        fn promoted(&self, oracle: Box<dyn Engine>, engines: Vec<Box<dyn Engine>>) -> Result<String, String> {
            let file = self.path("saved.json");
            let promoted = self.on(oracle, engines, |store, all| promote(store, all, &file, "why"));
            promoted
                .map(|(_, id)| id)
                .map_err(|error| error.to_string().split(": ").skip(2).collect::<Vec<_>>().join(": "))
        }

        fn problems(&self, oracle: Box<dyn Engine>, engines: Vec<Box<dyn Engine>>) -> Vec<(String, bool)> {
            let problems = self.on(oracle, engines, |store, all| check_promoted(store, all)).unwrap();
            problems.into_iter().map(|problem| (problem.to_string(), problem.is_known)).collect()
        }
    }

    #[test]
    fn a_vector_is_what_all_answer_now_and_what_is_not_compared_is_told_apart() {
        let kept = Kept::new();
        // The oracle has been mended, too.
        let id = kept.promoted(engine("python", completed(3)), vec![engine("node", completed(3))]).unwrap();
        let all = |fee| (engine("python", completed(3)), vec![engine("node", completed(fee)), lacking("ruby")]);
        let (oracle, engines) = all(3);
        assert_eq!(kept.problems(oracle, engines), []);
        let (oracle, engines) = all(4);
        let differs = |what: &str| format!("{FILE}: {id}: {what}");
        assert_eq!(kept.problems(oracle, engines), [(differs("node differs: value at \"/result/fee\""), true)]);
        let unsupported = engine("node", json!({"status": "unsupported", "what": "fetch"}));
        let found = kept.problems(engine("python", completed(3)), vec![unsupported]);
        assert_eq!(found, [(differs("node was not compared: fetch is not provided"), false)]);
        // Without the oracle nothing is compared.
        let found = kept.problems(lacking("python"), vec![engine("node", completed(3))]);
        assert_eq!(found, [(differs("python differs: it has no handler shop/fee"), true)]);
    }

    #[rstest]
    #[case::differs(
        engine("python", completed(1)),
        engine("node", completed(2)),
        "node still differs: value at \"/result/fee\"; mend it first"
    )]
    #[case::crashes(engine("python", json!({"status": "timed_out"})), engine("node", completed(2)), "the oracle plans no outcome for its input")]
    #[case::is_gone(engine("python", completed(1)), lacking("node"), "no engine node with shop/fee takes part")]
    #[case::no_oracle(lacking("python"), engine("node", completed(1)), "the oracle python has no handler shop/fee")]
    fn what_is_not_mended_is_not_promoted(
        #[case] oracle: Box<dyn Engine>,
        #[case] subject: Box<dyn Engine>,
        #[case] reason: &str,
    ) {
        let kept = Kept::new();
        assert_eq!(kept.promoted(oracle, vec![subject]), Err(reason.to_owned()));
        assert!(!kept.path("vectors").exists());
    }

    #[test]
    fn what_is_done_by_hand_is_told() {
        let kept = Kept::new();
        let agree = || (engine("python", completed(1)), vec![engine("node", completed(1))]);
        let problems = || {
            let (oracle, engines) = agree();
            kept.problems(oracle, engines).into_iter().map(|(problem, _)| problem).collect::<Vec<_>>().join("\n")
        };
        let (oracle, engines) = agree();
        kept.promoted(oracle, engines).unwrap();
        let text = fs::read_to_string(kept.path(FILE)).unwrap();
        fs::write(kept.path("vectors/README.md"), "read me").unwrap();
        assert_eq!(problems(), "");
        fs::write(kept.path("vectors/x.txt"), "").unwrap();
        fs::write(kept.path("vectors/shop/other.json"), &text).unwrap();
        fs::write(kept.path(FILE), text.replace("\"why\"", "\" \"").replace(": 2,\n  \"v", ": 9,\n  \"v")).unwrap();
        let told = problems();
        for problem in [
            "fee.json: the digest is not that of the vectors: they were edited by hand",
            "has no note",
            "fee.json: is of version 9 of the format, not 2",
            "other.json: holds the vectors of shop/fee",
            "vectors/x.txt: belongs to no handler or workflow",
        ] {
            assert!(told.contains(problem), "{told}");
        }
        let (oracle, engines) = agree();
        assert_eq!(kept.promoted(oracle, engines), Err(format!("{FILE} was edited by hand")));
    }
}
