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

/// The engines that agree with each other, by their places, if they are more than half; the first of them stands for all.
pub fn majority(
    engines: &mut [&mut dyn Engine],
    step_input: &StepInput,
    answers: &[Observation],
    criteria: &Criteria,
) -> Result<Option<Vec<usize>>, EngineFault> {
    for place in 0..answers.len() {
        let agreeing = agreeing(engines, step_input, answers, place, criteria)?;
        if agreeing.len() * 2 > answers.len() {
            return Ok(Some(agreeing));
        }
    }
    Ok(None)
}

/// The engines, by their places, that agree with the one in `place`, itself among them.
///
/// What the ledger knows is a difference here: it makes nobody right.
pub fn agreeing(
    engines: &mut [&mut dyn Engine],
    step_input: &StepInput,
    answers: &[Observation],
    place: usize,
    criteria: &Criteria,
) -> Result<Vec<usize>, EngineFault> {
    let mut agreeing = Vec::new();
    for other in 0..answers.len() {
        if other == place || judge(engines, step_input, answers, (place, other), criteria)?.is_agreement() {
            agreeing.push(other);
        }
    }
    Ok(agreeing)
}

/// How each two engines differ, seen from either of them.
pub fn pairwise_differences(
    engines: &mut [&mut dyn Engine],
    step_input: &StepInput,
    answers: &[Observation],
    criteria: &Criteria,
) -> Result<Vec<[Signature; 2]>, EngineFault> {
    let mut apart = Vec::new();
    for one in 0..answers.len() {
        for other in one + 1..answers.len() {
            let seen_from_one = judge(engines, step_input, answers, (one, other), criteria)?.signature;
            let seen_from_other = judge(engines, step_input, answers, (other, one), criteria)?.signature;
            apart.extend(seen_from_one.zip(seen_from_other).map(<[Signature; 2]>::from));
        }
    }
    Ok(apart)
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
    use parity_model::{HandlerId, Outcome};
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
        let majority =
            with(letters, |engines, input, answers| majority(engines, input, answers, &Criteria::default()).unwrap());
        assert_eq!(majority, expected);
    }

    #[rstest]
    #[case("xyz", &[(0, 1), (0, 2), (1, 2)])]
    #[case("xyx", &[(0, 1), (1, 2)])]
    #[case("xx", &[])]
    fn engines_that_differ_are_seen_from_both_sides(#[case] letters: &str, #[case] expected: &[(usize, usize)]) {
        let apart = with(letters, |engines, input, answers| {
            pairwise_differences(engines, input, answers, &Criteria::default()).unwrap()
        });
        let signature = |place: &usize| format!("a/b engine{place} value /result");
        let expected: Vec<_> = expected.iter().map(|(one, other)| [signature(other), signature(one)]).collect();
        let apart: Vec<_> = apart.iter().map(|pair| pair.each_ref().map(ToString::to_string)).collect();
        assert_eq!(apart, expected);
    }
}
