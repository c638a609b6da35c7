//! Which of several answers most engines give.

use parity_model::{Ambient, StepInput};

use crate::criteria::{ComparedCall, Criteria, Verdict};
use parity_engine::{Engine, EngineFault};
use parity_model::Observation;
use parity_model::Signature;

/// Runs `step_input` on every engine.
pub fn answers(engines: &mut [&mut dyn Engine], step_input: &StepInput) -> Result<Vec<Observation>, EngineFault> {
    engines.iter_mut().map(|engine| engine.run(step_input)).collect()
}

/// The engines that agree with each other, by their places, if they are more than half; the first of them stands for all. `at` a
/// signature's place, only that place counts.
pub fn majority(
    engines: &mut [&mut dyn Engine],
    step_input: &StepInput,
    answers: &[Observation],
    criteria: &Criteria,
    at: Option<&Signature>,
) -> Result<Option<Vec<usize>>, EngineFault> {
    for place in 0..answers.len() {
        let agreeing = agreeing(engines, step_input, answers, (place, at), criteria)?;
        if agreeing.len() * 2 > answers.len() {
            return Ok(Some(agreeing));
        }
    }
    Ok(None)
}

/// The engines, by their places, that agree with the one in `place`, itself among them; `at` a signature's place, if only that
/// counts.
///
/// What the ledger knows is a difference here: it makes nobody right.
pub fn agreeing(
    engines: &mut [&mut dyn Engine],
    step_input: &StepInput,
    answers: &[Observation],
    (place, at): (usize, Option<&Signature>),
    criteria: &Criteria,
) -> Result<Vec<usize>, EngineFault> {
    let mut agreeing = Vec::new();
    for other in 0..answers.len() {
        if other == place {
            agreeing.push(other);
            continue;
        }
        let verdict = judge(engines, step_input, answers, (place, other), criteria)?;
        if at.map_or_else(|| verdict.is_agreement(), |signature| !verdict.differs_at(signature)) {
            agreeing.push(other);
        }
    }
    Ok(agreeing)
}

/// The place of the engine whose answer differs least from all others: who is wrong in one place only stands nearer to those that
/// are wrong in another one than they to each other. The first of several.
pub fn nearest(
    engines: &mut [&mut dyn Engine],
    step_input: &StepInput,
    answers: &[Observation],
    criteria: &Criteria,
) -> Result<usize, EngineFault> {
    let mut nearest = (0, usize::MAX);
    for place in 0..answers.len() {
        let mut differences = 0;
        for other in (0..answers.len()).filter(|other| *other != place) {
            differences += judge(engines, step_input, answers, (place, other), criteria)?.signatures.len();
        }
        if differences < nearest.1 {
            nearest = (place, differences);
        }
    }
    Ok(nearest.0)
}

/// How the second of two engines, by their places, differs from the first.
fn judge(
    engines: &mut [&mut dyn Engine],
    step_input: &StepInput,
    answers: &[Observation],
    (place, other): (usize, usize),
    criteria: &Criteria,
) -> Result<Verdict, EngineFault> {
    let (handler, ambient) = (&step_input.handler, &step_input.ambient);
    let name = engines[other].name().to_owned();
    let pair = ComparedCall { handler, ambient, expected: &answers[place], engine: &name, actual: &answers[other] };
    criteria.judge(&pair, &mut |ambient: &Ambient| engines[place].again(step_input, ambient))
}

#[cfg(test)]
mod tests {
    use parity_model::{DifferenceClass, HandlerId, Outcome};
    use rstest::rstest;
    use serde_json::{Map, json};

    use super::*;

    /// Always answers the same.
    struct Fixed {
        name: String,
        answer: char,
    }

    impl Engine for Fixed {
        fn name(&self) -> &str {
            &self.name
        }

        fn handlers(&self) -> &[HandlerId] {
            &[]
        }

        fn run(&mut self, _: &StepInput) -> Result<Observation, EngineFault> {
            let result = json!(self.answer);
            Ok(Outcome::Completed { result, metadata: json!({}) }.into())
        }
    }

    /// What `vote` says where each engine gives one letter.
    fn with<T>(letters: &str, vote: impl FnOnce(&mut [&mut dyn Engine], &StepInput, &[Observation]) -> T) -> T {
        let step_input = StepInput::new("a/b".parse().unwrap(), Map::new(), Map::new());
        let engine = |(place, answer)| Fixed { name: format!("engine{place}"), answer };
        let mut fixed: Vec<Fixed> = letters.chars().enumerate().map(engine).collect();
        let mut engines: Vec<&mut dyn Engine> = fixed.iter_mut().map(|engine| engine as &mut dyn Engine).collect();
        let answers = answers(&mut engines, &step_input).unwrap();
        vote(&mut engines, &step_input, &answers)
    }

    #[rstest]
    #[case("xyy", Some(vec![1, 2]))]
    #[case("xyz", None)]
    #[case("xy", None)]
    #[case("xx", Some(vec![0, 1]))]
    #[case("xxyy", None)]
    #[case("xyxx", Some(vec![0, 2, 3]))]
    #[case("xyzyy", Some(vec![1, 3, 4]))]
    #[case("xxyyz", None)]
    fn more_than_half_are_most(#[case] letters: &str, #[case] expected: Option<Vec<usize>>) {
        let majority = with(letters, |engines, input, answers| {
            majority(engines, input, answers, &Criteria::default(), None).unwrap()
        });
        assert_eq!(majority, expected);
    }

    #[test]
    fn who_is_wrong_elsewhere_is_right_in_the_place_of_a_signature() {
        let answer =
            |id: i32, fee: i32| Outcome::Completed { result: json!({"id": id, "fee": fee}), metadata: json!({}) };
        let answers = [answer(1, 1), answer(2, 1), answer(1, 2)].map(Observation::from);
        let step_input = StepInput::new("a/b".parse().unwrap(), Map::new(), Map::new());
        let mut fixed = ["one", "two", "three"].map(|name| Fixed { name: name.to_owned(), answer: ' ' });
        let mut engines: Vec<&mut dyn Engine> = fixed.iter_mut().map(|engine| engine as &mut dyn Engine).collect();
        let signature = |path: &str| Signature {
            handler: "a/b".parse().unwrap(),
            engine: "three".to_owned(),
            class: DifferenceClass::Value,
            path: path.to_owned(),
            manner: String::new(),
        };
        let mut most =
            |at: Option<&Signature>| majority(&mut engines, &step_input, &answers, &Criteria::default(), at).unwrap();
        assert_eq!(most(None), None);
        assert_eq!(most(Some(&signature("/result/fee"))), Some(vec![0, 1]));
        assert_eq!(most(Some(&signature("/result/id"))), Some(vec![0, 2]));
    }
}
