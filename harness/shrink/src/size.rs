//! The one total order in which values are smaller or larger.

use std::cmp::Ordering;

use serde_json::Value;

use super::numbers::Decimal;

/// How large a value is: fewer nodes first, then shorter text (keys included), then smaller numbers (fewer decimals, then
/// fewer minus signs, then less magnitude in all), then plainer kinds (null, false, true, number, string, list, object),
/// then less magnitude in the first number that differs, then plainer characters (letters from `a`, digits, capitals,
/// other ASCII, the rest), then fewer whole numbers written with a decimal point.
#[derive(Clone, Debug, PartialEq)]
pub struct Size {
    nodes: usize,
    text: usize,
    decimals: u32,
    magnitude: f64,
    negatives: usize,
    magnitudes: Vec<f64>,
    kinds: Vec<u8>,
    characters: Vec<u32>,
    points: usize,
}

impl Size {
    /// The size of `value`.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let mut size = Self {
            nodes: 0,
            text: 0,
            decimals: 0,
            magnitude: 0.0,
            negatives: 0,
            magnitudes: Vec::new(),
            kinds: Vec::new(),
            characters: Vec::new(),
            points: 0,
        };
        size.add(value);
        size
    }

    fn add(&mut self, value: &Value) {
        self.nodes += 1;
        self.kinds.push(kind(value));
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => {
                let decimal = Decimal::of(number);
                self.decimals += decimal.decimals();
                self.points += usize::from(number.is_f64() && decimal.decimals() == 0);
                self.magnitude += decimal.magnitude();
                self.magnitudes.push(decimal.magnitude());
                self.negatives += usize::from(decimal.is_negative());
            }
            Value::String(text) => self.add_text(text),
            Value::Array(elements) => elements.iter().for_each(|element| self.add(element)),
            Value::Object(members) => {
                for (key, member) in members {
                    self.add_text(key);
                    self.add(member);
                }
            }
        }
    }

    fn add_text(&mut self, text: &str) {
        let before = self.characters.len();
        self.characters.extend(text.chars().map(plainness));
        self.text += self.characters.len() - before;
    }

    /// Whether the two differ at most in how their parts are arranged: as many nodes, as much text, as small numbers.
    #[must_use]
    pub fn is_as_small_as(&self, other: &Self) -> bool {
        (self.nodes, self.text, self.decimals, self.negatives, self.magnitude)
            == (other.nodes, other.text, other.decimals, other.negatives, other.magnitude)
    }

    fn key(&self) -> impl PartialOrd + '_ {
        let numbers = (self.decimals, self.negatives, self.magnitude);
        (self.nodes, self.text, numbers, &self.kinds, &self.magnitudes, &self.characters, self.points)
    }
}

impl PartialOrd for Size {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.key().partial_cmp(&other.key())
    }
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(false) => 1,
        Value::Bool(true) => 2,
        Value::Number(_) => 3,
        Value::String(_) => 4,
        Value::Array(_) => 5,
        Value::Object(_) => 6,
    }
}

fn plainness(character: char) -> u32 {
    let code = u32::from(character);
    match character {
        'a'..='z' => code - u32::from('a'),
        '0'..='9' => 100 + code,
        'A'..='Z' => 200 + code,
        _ => 400 + code,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"a": 100}), json!({"a": 1, "b": 1}))]
    #[case(json!(100), json!("a"))]
    #[case(json!(3), json!(0.5))]
    #[case(json!(0.5), json!(1.5))]
    #[case(json!(1.5), json!(0.25))]
    #[case(json!(1), json!(-1))]
    #[case(json!([1, 2]), json!([2, 1]))]
    #[case(json!(2), json!(2.0))]
    #[case(json!(null), json!(false))]
    #[case(json!(0), json!(""))]
    #[case(json!([]), json!({}))]
    #[case(json!("a"), json!("b"))]
    #[case(json!("z"), json!("0"))]
    #[case(json!("0"), json!("1"))]
    #[case(json!("Z"), json!("!"))]
    #[case(json!("Z"), json!("\0"))]
    #[case(json!(["a", "b"]), json!(["", "aaa"]))]
    #[case(json!("9"), json!("A"))]
    #[case(json!("!"), json!("é"))]
    #[case(json!(["b"]), json!(["aa"]))]
    fn the_first_is_smaller(#[case] smaller: Value, #[case] larger: Value) {
        assert!(Size::of(&smaller) < Size::of(&larger));
    }

    #[test]
    fn an_arrangement_does_not_count() {
        let as_small = |one: Value, other: Value| Size::of(&one).is_as_small_as(&Size::of(&other));
        assert!(as_small(json!([1, 2]), json!([2, 1])));
        assert!(!as_small(json!([1, 2]), json!([1, 1])));
        assert!(!as_small(json!("a"), json!("aa")));
    }
}
