//! The one place that knows the YAML library.

use serde::de::DeserializeOwned;

/// What is wrong with a YAML text, and in which line.
#[derive(Debug)]
pub struct YamlError {
    /// The line, counted from 1, where one is known.
    pub line: Option<u32>,
    /// What is wrong.
    pub message: String,
}

/// Reads a YAML text.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    serde_yaml::from_str(text).map_err(|error| {
        let line = error.location().and_then(|location| u32::try_from(location.line()).ok());
        let message = error.to_string();
        // The place is told apart from the message.
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        YamlError { line, message }
    })
}
