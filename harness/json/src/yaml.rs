//! The one place that knows the YAML library.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is wrong with a YAML text, and in which line.
#[derive(Debug)]
pub struct YamlError {
    /// The line, counted from 1, where one is known.
    pub line: Option<u32>,
    /// What is wrong.
    pub message: String,
}

/// Reads a YAML text. It may begin with a byte order mark, and merge keys (`<<`) are applied.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.contains("<<") {
        return serde_yaml::from_str(text).map_err(|error| told(&error));
    }
    let mut value: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| told(&error))?;
    value.apply_merge().map_err(|error| told(&error))?;
    // What is merged has no line of its own.
    serde_yaml::from_value(value).map_err(|error| told(&error))
}

/// The YAML text of a document.
pub fn text(document: &impl Serialize) -> Result<String, YamlError> {
    serde_yaml::to_string(document).map_err(|error| told(&error))
}

fn told(error: &serde_yaml::Error) -> YamlError {
    let line = error.location().and_then(|location| u32::try_from(location.line()).ok());
    let message = error.to_string();
    // The place is told apart from the message.
    let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
    YamlError { line, message }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(parse::<Value>("\u{feff}a: 1").unwrap(), json!({"a": 1}));
    }

    #[test]
    fn merge_keys_are_applied_and_what_is_stated_wins() {
        let text = "x: &x {a: 1, b: 2}\ny: &y {c: 3}\nz: [{<<: [*x, *y], b: 4}]";
        assert_eq!(parse::<Value>(text).unwrap()["z"], json!([{"b": 4, "a": 1, "c": 3}]));
        let error = parse::<Value>("a: {<<: 1}\n").unwrap_err();
        assert!(error.message.contains("merg"), "{}", error.message);
    }
}
