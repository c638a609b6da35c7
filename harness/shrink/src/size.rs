//! The one total order in which values are smaller or larger.

use std::cmp::Ordering;

use serde_json::Value;

use super::dates::ranked;
use super::numbers::Decimal;

/// How large a value is: fewer nodes first, then shorter text (keys included; an emoji is as long as two letters), then smaller numbers, then plainer kinds
/// (null, false, true, number, string, list, object), then less magnitude in the first number that differs, then plainer
/// characters (letters from `a`, digits, capitals, other ASCII, what else is seen, line ends and tabs, what nobody sees, control
/// characters), then fewer whole numbers written with a decimal point, then the JSON text.
///
/// Numbers are smaller as a person would write them: fewer that are minus zero, then fewer with an exponent, then fewer
/// minus signs, then fewer digits beyond the first (2 before 0.5 before 100), then fewer decimals, then less magnitude. A
/// year in a text (`2024-02-29`) is the plainer the nearer it is to 2000, a time is written with `T` and `Z`,
/// and no part of a version begins with a zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    nodes: usize,
    text: usize,
    numbers: Numbers,
    kinds: Vec<u8>,
    magnitudes: Vec<Magnitude>,
    characters: Vec<u32>,
    points: usize,
    json: String,
}

/// How large the numbers of a value are in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Numbers {
    minus_zeros: usize,
    exponents: usize,
    negatives: usize,
    more_digits: u32,
    decimals: u32,
    magnitude: Magnitude,
}

/// A number without its sign, or a sum of such.
#[derive(Clone, Copy, Debug, Default)]
struct Magnitude(f64);

impl Size {
    /// The size of `value`.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let (nodes, text) = counts(value);
        let mut size = Self {
            nodes,
            text,
            numbers: Numbers::default(),
            kinds: Vec::new(),
            magnitudes: Vec::new(),
            characters: Vec::new(),
            points: 0,
            json: value.to_string(),
        };
        size.add(value);
        size
    }

    /// Whether `value` has more nodes, or as many and more text: then it is larger, whatever else it has.
    pub(super) fn is_exceeded_by(&self, value: &Value) -> bool {
        counts(value) > (self.nodes, self.text)
    }

    /// The JSON text.
    pub(super) fn json(&self) -> &str {
        &self.json
    }

    fn add(&mut self, value: &Value) {
        self.kinds.push(kind(value));
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => {
                let decimal = Decimal::of(number);
                self.points += usize::from(number.is_f64() && decimal.decimals() == 0);
                self.magnitudes.push(Magnitude(decimal.magnitude()));
                self.numbers.add(&decimal);
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
        self.characters.extend(ranked(text).chars().map(plainness));
    }

    /// Whether the two differ at most in how their parts are arranged: as many nodes, as much text, as small numbers.
    #[must_use]
    pub fn is_as_small_as(&self, other: &Self) -> bool {
        (self.nodes, self.text, self.numbers) == (other.nodes, other.text, other.numbers)
    }
}

/// How many nodes a value has, and how much text.
fn counts(value: &Value) -> (usize, usize) {
    let add = |(nodes, text): (usize, usize), (more, longer): (usize, usize)| (nodes + more, text + longer);
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => (1, 0),
        Value::String(text) => (1, length(text)),
        Value::Array(elements) => elements.iter().map(counts).fold((1, 0), add),
        Value::Object(members) => members.iter().map(|(key, it)| add((0, length(key)), counts(it))).fold((1, 0), add),
    }
}

fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

impl Numbers {
    fn add(&mut self, decimal: &Decimal) {
        self.minus_zeros += usize::from(decimal.is_minus_zero());
        self.exponents += usize::from(decimal.exponent().is_some());
        self.negatives += usize::from(decimal.is_negative());
        self.more_digits += decimal.more_digits();
        self.decimals += decimal.decimals();
        self.magnitude.0 += decimal.magnitude();
    }
}

impl Ord for Magnitude {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Magnitude {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Magnitude {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Magnitude {}

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

/// What the next kind of characters is less plain by.
const KIND: u32 = 0x11_0000;

/// Whether a character beyond ASCII is a blank, or is not to be seen at all.
fn is_unseen(character: char) -> bool {
    let marks = ['\u{ad}', '\u{180e}', '\u{feff}'];
    let is_mark =
        |character| matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    !character.is_ascii() && (character.is_whitespace() || marks.contains(&character) || is_mark(character))
}

fn plainness(character: char) -> u32 {
    let code = u32::from(character);
    match character {
        'a'..='z' => code - u32::from('a'),
        '0'..='9' => 100 + code,
        'A'..='Z' => 200 + code,
        '\n' | '\t' | '\r' => 400 + KIND + code,
        character if character.is_control() => 400 + 3 * KIND + code,
        character if is_unseen(character) => 400 + 2 * KIND + code,
        // Of those beyond surrogates, and of those that take two of these, the ones that people know.
        'Ａ' => 400 + 0xe000,
        '😀' => 400 + 0x1_0000,
        _ => 400 + code,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"a": 100}), json!({"a": 1, "b": 1}))]
    #[case(json!(100), json!("a"))]
    #[case(json!(3), json!(0.5))]
    #[case(json!(0.5), json!(1.5))]
    #[case(json!(1.5), json!(0.25))]
    #[case(json!(0.5), json!(100))]
    #[case(json!(100), json!(0.25))]
    #[case(json!(0.1), json!(8.7e-3))]
    #[case(json!(0.29), json!(0.0057))]
    #[case(json!(0.29), json!(1027.1))]
    #[case(json!(9_007_199_254_740_992_u64), json!(1e300))]
    #[case(json!(9_007_199_254_740_992_u64), json!(9_007_199_254_740_993_u64))]
    #[case(json!(0.0057), json!(1e-7))]
    #[case(json!(2e154), json!(1.5e154))]
    #[case(json!(1), json!(-1))]
    #[case(json!(100), json!(-1))]
    #[case(json!(0), json!(-0.0))]
    #[case(json!(1234.56), json!(-0.0))]
    #[case(json!(-5), json!(-0.0))]
    #[case(json!(1e-7), json!(-0.0))]
    #[case(json!([1, 2]), json!([2, 1]))]
    #[case(json!([-1, 1]), json!([1, -1]))]
    #[case(json!(2), json!(2.0))]
    #[case(json!(null), json!(false))]
    #[case(json!(0), json!(""))]
    #[case(json!([]), json!({}))]
    #[case(json!("a"), json!("b"))]
    #[case(json!("aa"), json!("😀"))]
    #[case(json!("z"), json!("0"))]
    #[case(json!("0"), json!("1"))]
    #[case(json!("Z"), json!("!"))]
    #[case(json!("!"), json!("\0"))]
    #[case(json!("é"), json!("\n"))]
    #[case(json!("\n"), json!("\u{2028}"))]
    #[case(json!("0.10.0"), json!("0.01.0"))]
    #[case(json!("\u{feff}"), json!("\u{1c}"))]
    #[case(json!("\u{1c}"), json!("\u{85}"))]
    #[case(json!("2000-01-01T00:00:00Z"), json!("2000-01-01t00:00:00z"))]
    #[case(json!(["a", "b"]), json!(["", "aaa"]))]
    #[case(json!("9"), json!("A"))]
    #[case(json!("!"), json!("é"))]
    #[case(json!(["b"]), json!(["aa"]))]
    #[case(json!("2000-02-29"), json!("2024-02-29"))]
    #[case(json!("2024-02-29"), json!("0000-02-29"))]
    #[case(json!("1999-12-31T23:59:59Z"), json!("9999-01-01T00:00:00Z"))]
    #[case(json!({"2024-01-01": 0}), json!({"0001-01-01": 0}))]
    fn the_first_is_smaller(#[case] smaller: Value, #[case] larger: Value) {
        assert!(Size::of(&smaller) < Size::of(&larger));
    }

    #[test]
    fn no_two_values_have_the_same_size() {
        let same_parts = [json!([1, -1]), json!([-1, 1]), json!({"a": "b"}), json!({"ab": ""}), json!(["ab", ""])];
        let sizes: BTreeSet<Size> = same_parts.iter().map(Size::of).collect();
        assert_eq!(sizes.len(), same_parts.len());
    }

    #[test]
    fn an_arrangement_does_not_count() {
        let as_small = |one: Value, other: Value| Size::of(&one).is_as_small_as(&Size::of(&other));
        assert!(as_small(json!([1, 2]), json!([2, 1])));
        assert!(!as_small(json!([1, 2]), json!([1, 1])));
        assert!(!as_small(json!("a"), json!("aa")));
    }
}
