//! Handlers' texts on a terminal: nothing in them may move the cursor, change colours or reorder what is read.

use std::fmt::Write as _;

/// `text`, which is JSON or a message, with every character that a terminal acts upon written as a JSON escape. Line
/// breaks stay: in JSON they are layout.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if character != '\n' && (character.is_control() || is_format(character)) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(printable, "\\u{unit:04x}");
            }
        } else {
            printable.push(character);
        }
    }
    printable
}

/// Invisible characters that join, separate or change the direction of text (Unicode category Cf and line separators).
fn is_format(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_upon_is_escaped() {
        assert_eq!(printable("a\u{1b}[31m\u{9b}2J\u{202e}b\r\u{7f}"), r"a\u001b[31m\u009b2J\u202eb\u000d\u007f");
        assert_eq!(printable("é😀\n{}"), "é😀\n{}");
    }

    #[test]
    fn escaped_json_is_the_same_json() {
        let value = serde_json::json!("\u{9b}\u{202e}\u{e0001}x");
        let text = printable(&value.to_string());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
