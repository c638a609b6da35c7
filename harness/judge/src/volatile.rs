//! Fields that are random: their values cannot be compared, but their shape can. What is random is found out by running the
//! oracle again with other randomness; the shape is what all of its answers have in common.

use std::borrow::Cow;

use parity_model::Ambient;
use serde_json::Value;

use parity_engine::EngineFault;
use parity_model::Observation;

/// Runs the call on the oracle once more, with another clock or other randomness.
pub type Again<'a> = dyn FnMut(&Ambient) -> Result<Observation, EngineFault> + 'a;

/// How often the oracle is run again. A hex digit shows itself as one unless all of them are decimal by chance.
const RUNS: u64 = 8;

/// A little more than a year and a day, a number of milliseconds whose digits all change.
const CLOCK_STEP_MS: i64 = 31_757_123_457;

/// How alike two values of one field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// Two random values of one form.
    SameForm,
    /// Two random values, or one time, in two forms.
    OtherForm,
    /// Neither.
    Other,
}

/// Whether two texts are one time.
fn is_same_instant(one: &str, other: &str) -> bool {
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    instant(one).is_some_and(|one| instant(other) == Some(one))
}

/// Whether a text may be a random one of any form: one word with a digit. Letters alone are a word that somebody chose.
fn may_be_random(text: &str) -> bool {
    text.chars().any(|letter| letter.is_ascii_digit()) && !text.contains(char::is_whitespace)
}

/// Decides which fields of one call are random.
pub(crate) struct Volatile<'a, 'f> {
    ambient: &'a Ambient,
    again: &'a mut Again<'f>,
    /// With other randomness.
    entropies: Option<Vec<Observation>>,
    /// With another clock, too.
    clocks: Option<Vec<Observation>>,
    /// With the same clock and randomness.
    repeats: Vec<Observation>,
    /// Where two values were alike in form alone.
    same_form: Vec<String>,
    fault: Option<EngineFault>,
}

impl<'a, 'f> Volatile<'a, 'f> {
    /// Nothing is run before it is needed.
    pub(crate) fn new(ambient: &'a Ambient, again: &'a mut Again<'f>) -> Self {
        Self { ambient, again, entropies: None, clocks: None, repeats: Vec::new(), same_form: Vec::new(), fault: None }
    }

    /// How alike the oracle's value at `path` and `actual` are where the oracle's is random. A `declared` field may also depend on
    /// the clock, whose values are otherwise compared exactly: all engines read the same time.
    pub(crate) fn judge(&mut self, path: &str, expected: &Value, actual: &Value, declared: bool) -> Likeness {
        let texts = expected.as_str().zip(actual.as_str());
        if texts.is_some_and(|(one, other)| is_same_instant(one, other)) {
            return Likeness::OtherForm;
        }
        let others = self.others(declared);
        let at: Vec<Cow<'_, Value>> = others.iter().filter_map(|observation| observation.at(path)).collect();
        let samples: Vec<&Value> = std::iter::once(expected).chain(at.iter().map(AsRef::as_ref)).collect();
        let likeness = match Shape::learn(&samples) {
            Some(shape) if shape.fits(actual) => Likeness::SameForm,
            Some(_) if texts.is_some_and(|(_, actual)| may_be_random(actual)) => Likeness::OtherForm,
            _ => return Likeness::Other,
        };
        // What seldom changes may have changed between two calls. So many are made again that it had to do so here, too.
        let is_rare = samples.iter().enumerate().any(|(index, sample)| samples[..index].contains(sample));
        if !self.repeats(path, expected, if is_rare { RUNS } else { 1 }) {
            return Likeness::Other;
        }
        if likeness == Likeness::SameForm {
            self.same_form.push(path.to_owned());
        }
        likeness
    }

    /// Whether the oracle's value is the same where clock and randomness are: else it is something that the handler keeps from one call
    /// to the next which changes it.
    fn repeats(&mut self, path: &str, expected: &Value, runs: u64) -> bool {
        while (self.repeats.len() as u64) < runs {
            match (self.again)(self.ambient) {
                Ok(observation) => self.repeats.push(observation),
                Err(error) => {
                    self.fault.get_or_insert(error);
                    return true;
                }
            }
        }
        self.repeats.iter().all(|repeat| repeat.at(path).is_some_and(|value| *value == *expected))
    }

    /// Where two values were alike in form alone.
    pub(crate) fn same_form(&self) -> &[String] {
        &self.same_form
    }

    /// Why the oracle could not be run again.
    pub(crate) fn fault(self) -> Result<(), EngineFault> {
        self.fault.map_or(Ok(()), Err)
    }

    fn others(&mut self, with_clock: bool) -> &[Observation] {
        let Self { ambient, again, entropies, clocks, fault, .. } = self;
        let slot = if with_clock { clocks } else { entropies };
        slot.get_or_insert_with(|| {
            let mut ran = Vec::new();
            for run in 1..=RUNS {
                match again(&other(ambient, run, with_clock)) {
                    Ok(observation) => ran.push(observation),
                    Err(error) => {
                        fault.get_or_insert(error);
                    }
                }
            }
            ran
        })
    }
}

/// Clock and randomness of run number `run`.
fn other(ambient: &Ambient, run: u64, with_clock: bool) -> Ambient {
    // An odd factor: no two runs share their randomness.
    let entropy = ambient.entropy.wrapping_add(run.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let back = i64::try_from(run).unwrap_or(1) * CLOCK_STEP_MS;
    let millisecond = ambient.now.as_millisecond() - back;
    let now = jiff::Timestamp::from_millisecond(millisecond).ok().filter(|_| with_clock).unwrap_or(ambient.now);
    Ambient { entropy, now, ..ambient.clone() }
}

/// What several values of one random field have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// Texts of one length, place by place.
    Places(Vec<Place>),
    /// Texts of several lengths: how they begin and end, and what may stand between.
    Between { start: String, end: String, letters: Letters },
}

/// One place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The same in all samples.
    Fixed(char),
    /// Different ones.
    Of(Letters),
}

/// Kinds of characters, as a set: decimal digits, the letters of hexadecimal numbers, other letters, and what else was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Letters(u16);

impl Letters {
    fn of(letter: char) -> Self {
        Self(match letter {
            '0'..='9' => 1,
            'a'..='f' => 2,
            'g'..='z' => 4,
            'A'..='F' => 8,
            'G'..='Z' => 16,
            '-' | '_' => 32,
            '+' | '/' | '=' => 64,
            letter if letter.is_ascii() => 128,
            letter if letter.is_alphanumeric() => 256,
            _ => 512,
        })
    }

    fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn holds(self, letter: char) -> bool {
        let own = Self::of(letter);
        self.with(own) == self
    }
}

impl Shape {
    /// The shape of a field with these values; nothing if they are all the same, or not all numbers or all texts.
    fn learn(samples: &[&Value]) -> Option<Self> {
        let first = samples.first()?;
        if samples.iter().all(|sample| sample == first) {
            return None;
        }
        if samples.iter().all(|sample| sample.is_number()) {
            let whole = |sample: &&Value| sample.as_f64().is_some_and(|number| number.fract() == 0.0);
            return Some(if samples.iter().all(whole) { Self::Integer } else { Self::Number });
        }
        let texts: Option<Vec<Vec<char>>> =
            samples.iter().map(|sample| Some(sample.as_str()?.chars().collect())).collect();
        let texts = texts?;
        let length = texts.first()?.len();
        Some(if texts.iter().all(|text| text.len() == length) {
            Self::Places(places(&texts, length))
        } else {
            between(&texts)
        })
    }

    fn fits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Integer, Value::Number(number)) => number.as_f64().is_some_and(|number| number.fract() == 0.0),
            (Self::Number, Value::Number(_)) => true,
            (Self::Places(places), Value::String(text)) => {
                let at = |(place, letter): (&Place, char)| match place {
                    Place::Fixed(fixed) => *fixed == letter,
                    Place::Of(letters) => letters.holds(letter),
                };
                text.chars().count() == places.len() && places.iter().zip(text.chars()).all(at)
            }
            (Self::Between { start, end, letters }, Value::String(text)) => {
                let inner = text.strip_prefix(start.as_str()).and_then(|rest| rest.strip_suffix(end.as_str()));
                inner.is_some_and(|inner| inner.chars().all(|letter| letters.holds(letter)))
            }
            _ => false,
        }
    }
}

/// Neighbours that change share what was seen in any of them: together they are one random text. So does a place between them
/// that holds the same letter each time, if it is one that they may hold: a UUID without its dashes has one.
fn places(texts: &[Vec<char>], length: usize) -> Vec<Place> {
    let column = |index: usize| texts.iter().filter_map(move |text| text.get(index)).copied();
    let differs = |index: usize| column(index).any(|letter| Some(letter) != column(index).next());
    let seen = |index: usize| column(index).fold(Letters::default(), |seen, letter| seen.with(Letters::of(letter)));
    let changes = |index: usize| {
        let is_between = || 0 < index && differs(index - 1) && index + 1 < length && differs(index + 1);
        let is_alike = || column(index).all(|letter| seen(index - 1).with(seen(index + 1)).holds(letter));
        differs(index) || is_between() && is_alike()
    };
    let mut places = Vec::new();
    while places.len() < length {
        let from = places.len();
        let to = (from..length).find(|index| !changes(*index)).unwrap_or(length);
        let letters = (from..to).map(seen).fold(Letters::default(), Letters::with);
        places.extend((from..to).map(|_| Place::Of(letters)));
        places.extend(column(to).next().map(Place::Fixed));
    }
    places
}

fn between(texts: &[Vec<char>]) -> Shape {
    let shortest = texts.iter().map(Vec::len).min().unwrap_or(0);
    let first = |index: usize| texts.first().and_then(|text| text.get(index));
    let start = (0..shortest).take_while(|index| texts.iter().all(|text| text.get(*index) == first(*index))).count();
    let last = |text: &Vec<char>, index: usize| text.len().checked_sub(index + 1).and_then(|at| text.get(at)).copied();
    let ends =
        |index: &usize| texts.iter().all(|text| last(text, *index) == texts.first().and_then(|one| last(one, *index)));
    let end = (0..shortest - start).take_while(ends).count();
    let inner = texts.iter().flat_map(|text| text.get(start..text.len() - end).unwrap_or_default());
    let letters = inner.fold(Letters::default(), |seen, letter| seen.with(Letters::of(*letter)));
    let sample = texts.first().map_or(&[][..], Vec::as_slice);
    Shape::Between {
        start: sample.iter().take(start).collect(),
        end: sample.iter().skip(sample.len() - end).collect(),
        letters,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn shape(samples: &[Value]) -> Option<Shape> {
        Shape::learn(&samples.iter().collect::<Vec<_>>())
    }

    #[rstest]
    #[case(&[json!("ord_1a2b"), json!("ord_9f01"), json!("ord_cc3d")], json!("ord_00ff"), true)]
    #[case(&[json!("ord_1a2b"), json!("ord_9f01"), json!("ord_cc3d")], json!("ord_00FF"), false)]
    #[case(&[json!("ord_1a2b"), json!("ord_9f01"), json!("ord_cc3d")], json!("ord_00ff0"), false)]
    #[case(&[json!("ord_1a2b"), json!("ord_9f01"), json!("ord_cc3d")], json!("ord-00ff"), false)]
    #[case(&[json!("ord_1a2b"), json!("ord_9f01"), json!("ord_cc3d")], json!("ord_00fg"), false)]
    #[case(&[json!("2026-1234"), json!("2026-8071")], json!("2026-0000"), true)]
    #[case(&[json!("2026-1234"), json!("2026-8071")], json!("2025-0000"), false)]
    #[case(&[json!("r1.x"), json!("r20.x"), json!("r317.x")], json!("r40506.x"), true)]
    #[case(&[json!("r1.x"), json!("r20.x"), json!("r317.x")], json!("r4a.x"), false)]
    #[case(&[json!("r1.x"), json!("r20.x"), json!("r317.x")], json!("r4"), false)]
    #[case(&[json!("r1.x"), json!("r20.x"), json!("r317.x")], json!("x4.x"), false)]
    #[case(&[json!("aa"), json!("aaa")], json!("aaaa"), true)]
    #[case(&[json!(1), json!(2)], json!(7), true)]
    #[case(&[json!(1), json!(2)], json!(7.5), false)]
    #[case(&[json!(1.5), json!(2)], json!(7.25), true)]
    #[case(&[json!(1), json!(2)], json!("7"), false)]
    fn a_value_fits_a_shape_or_does_not(#[case] samples: &[Value], #[case] value: Value, #[case] fits: bool) {
        assert_eq!(shape(samples).unwrap().fits(&value), fits);
    }

    #[rstest]
    #[case(&[json!("a"), json!("a")])]
    #[case(&[json!("a"), json!(1)])]
    #[case(&[json!(null), json!(true)])]
    #[case(&[json!(["a"]), json!(["b"])])]
    fn what_does_not_change_or_is_no_scalar_has_no_shape(#[case] samples: &[Value]) {
        assert_eq!(shape(samples), None);
    }

    #[rstest]
    #[case(&[json!("id-é9"), json!("id-a"), json!("id--")])]
    #[case(&[json!("aa"), json!("aaa")])]
    #[case(&[json!("abba"), json!("abbba"), json!("aba")])]
    fn every_sample_fits_its_own_shape(#[case] samples: &[Value]) {
        let shape = shape(samples).unwrap();
        assert!(samples.iter().all(|sample| shape.fits(sample)), "{shape:?}");
    }

    #[test]
    fn a_character_is_of_one_kind() {
        let kinds = ["0379", "acf", "gqz", "ABF", "GMZ", "-_", "+/=", " .~\u{7f}", "éλж٣中", "\u{301}…☃"];
        let all: Vec<(usize, char)> = kinds
            .iter()
            .enumerate()
            .flat_map(|(kind, letters)| letters.chars().map(move |letter| (kind, letter)))
            .collect();
        for (kind, letter) in &all {
            for (other_kind, other) in &all {
                let fits = Letters::of(*letter).holds(*other);
                assert_eq!(fits, kind == other_kind, "{letter:?} {other:?}");
            }
        }
    }

    #[test]
    fn every_run_has_a_clock_and_randomness_of_its_own() {
        let ambient = Ambient { entropy: 7, ..Ambient::default() };
        let runs: Vec<Ambient> = (1..=RUNS).map(|run| other(&ambient, run, true)).collect();
        let step = jiff::SignedDuration::from_millis(CLOCK_STEP_MS);
        for (run, before) in runs.iter().zip(std::iter::once(&ambient).chain(&runs)) {
            assert_eq!(run.now + step, before.now);
            assert_ne!(run.entropy, before.entropy);
        }
        assert_eq!(other(&ambient, 1, false), Ambient { entropy: runs[0].entropy, ..ambient });
    }

    #[test]
    fn only_a_declared_field_may_depend_on_the_clock() {
        let ambient = Ambient::default();
        let mut again = |ambient: &Ambient| {
            let outcome = json!({"status": "completed", "result": {"at": ambient.now.to_string()}, "metadata": {}});
            Ok(serde_json::from_value::<Observation>(outcome).unwrap())
        };
        let (now, then) = (json!("2026-01-15T09:30:00Z"), json!("2026-01-15T09:30:01Z"));
        let mut volatile = Volatile::new(&ambient, &mut again);
        assert_eq!(volatile.judge("/result/at", &now, &then, false), Likeness::Other);
        assert_eq!(volatile.judge("/result/at", &now, &then, true), Likeness::SameForm);
        let offset = json!("2026-01-15T09:30:01+00:00");
        assert_eq!(volatile.judge("/result/at", &now, &offset, true), Likeness::OtherForm);
    }

    #[rstest]
    #[case("2026-01-15T09:30:00.000Z", Likeness::OtherForm)]
    #[case("2026-01-15T10:30:00+01:00", Likeness::OtherForm)]
    #[case("2026-01-15T10:30:00Z", Likeness::Other)]
    #[case("now", Likeness::Other)]
    fn a_time_may_be_written_in_another_form(#[case] actual: &str, #[case] likeness: Likeness) {
        let ambient = Ambient::default();
        let at = json!("2026-01-15T09:30:00Z");
        let answer = json!({"status": "completed", "result": {"at": at}, "metadata": {}});
        let mut again = |_: &Ambient| Ok(serde_json::from_value::<Observation>(answer.clone()).unwrap());
        assert_eq!(Volatile::new(&ambient, &mut again).judge("/result/at", &at, &json!(actual), false), likeness);
    }

    #[rstest]
    #[case("q_0123456789abcdef", Likeness::SameForm)]
    #[case("q_0123456789ABCDEF", Likeness::OtherForm)]
    #[case("q_0123", Likeness::OtherForm)]
    #[case("", Likeness::Other)]
    #[case("pending", Likeness::Other)]
    fn a_random_id_may_be_written_in_another_form(#[case] actual: &str, #[case] likeness: Likeness) {
        // The digit in the middle is always the same, as in a UUID.
        let id = |entropy: u64| format!("q_{:08x}4{:07x}", entropy >> 32, (entropy & 0xffff_ffff) >> 4);
        let mut again = |ambient: &Ambient| {
            let outcome = json!({"status": "completed", "result": {"id": id(ambient.entropy)}, "metadata": {}});
            Ok(serde_json::from_value::<Observation>(outcome).unwrap())
        };
        let ambient = Ambient { entropy: 0x0123_4567_89ab_cdef, ..Ambient::default() };
        let mut volatile = Volatile::new(&ambient, &mut again);
        assert_eq!(volatile.judge("/result/id", &json!(id(ambient.entropy)), &json!(actual), false), likeness);
    }
}
