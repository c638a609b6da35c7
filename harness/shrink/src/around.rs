//! Values around a minimal one: whether they show the same tells a mistake in every value from one in a particular value.

use serde_json::{Value, json};

/// At most so many parts are varied; a finding that takes more of them is not in every value.
const PARTS: usize = 4;

/// Copies of `value` in which one of the parts that `paths` name is another one of the same shape: a text of the same length, a number
/// of about the same size. No values that somebody would choose, such as round ones.
#[must_use]
pub fn around(value: &Value, paths: &[String]) -> Vec<Value> {
    let mut all = Vec::new();
    for path in paths.iter().take(PARTS) {
        for other in value.pointer(path).map(like).unwrap_or_default() {
            let mut copy = value.clone();
            if let Some(part) = copy.pointer_mut(path) {
                *part = other;
                all.push(copy);
            }
        }
    }
    all
}

/// Others like a scalar.
fn like(part: &Value) -> Vec<Value> {
    match part {
        Value::String(text) if !text.is_empty() => {
            let all_of = |letters: &str| letters.chars().cycle().take(text.chars().count()).collect::<String>();
            ["x", "qm", "k7"].map(|letters| json!(all_of(letters))).to_vec()
        }
        Value::Number(number) => {
            if let Some(whole) = number.as_i64() {
                return [1, 7, 23].map(|more| json!(whole.saturating_add(more))).to_vec();
            }
            let number = number.as_f64().unwrap_or_default();
            [number * 1.37, number * 0.61, number + 0.71, number + 12.9].map(|other| json!(other)).to_vec()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_that_is_named_is_varied_by_itself() {
        let value = json!({"a": "tab", "b": 2, "c": 0.5, "d": null});
        let paths = ["/a", "/b", "/c", "/d", "/e"].map(str::to_owned);
        let all = around(&value, &paths);
        let texts: Vec<&Value> = all.iter().map(|copy| &copy["a"]).filter(|text| *text != "tab").collect();
        assert_eq!(texts, [&json!("xxx"), &json!("qmq"), &json!("k7k")]);
        let wholes: Vec<&Value> = all.iter().map(|copy| &copy["b"]).filter(|number| **number != json!(2)).collect();
        assert_eq!(wholes, [&json!(3), &json!(9), &json!(25)]);
        assert_eq!(all.iter().filter(|copy| copy["c"] != json!(0.5)).count(), 4);
        assert!(all.iter().all(|copy| copy["d"].is_null()));
    }
}
