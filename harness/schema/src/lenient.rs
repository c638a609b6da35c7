//! What most tools read although the standards do not allow it: patterns in the syntax before Unicode (`[\w-.]`, `\${`), and references
//! with characters that an address may not have. Both are written as the standards have them.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value};

/// What an address may not have, wherever it stands.
const FORBIDDEN: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// Keywords whose values are data.
const DATA: &[&str] = &["enum", "const", "default", "examples"];

/// `schema` as the standards have it.
pub(super) fn strict(schema: &Value) -> Value {
    match schema {
        Value::Object(keywords) => Value::Object(keywords.iter().map(strict_keyword).collect()),
        Value::Array(parts) => parts.iter().map(strict).collect(),
        other => other.clone(),
    }
}

fn strict_keyword((keyword, said): (&String, &Value)) -> (String, Value) {
    let said = match (keyword.as_str(), said) {
        ("pattern", Value::String(pattern)) => strict_pattern(pattern).into(),
        ("$ref", Value::String(reference)) => utf8_percent_encode(reference, FORBIDDEN).to_string().into(),
        ("patternProperties", Value::Object(schemas)) => {
            let strict = |(pattern, schema): (&String, &Value)| (strict_pattern(pattern), strict(schema));
            Value::Object(schemas.iter().map(strict).collect::<Map<_, _>>())
        }
        ("properties" | "$defs" | "definitions", Value::Object(schemas)) => {
            Value::Object(schemas.iter().map(|(name, schema)| (name.clone(), strict(schema))).collect())
        }
        (data, said) if DATA.contains(&data) => said.clone(),
        (_, said) => strict(said),
    };
    (keyword.clone(), said)
}

/// A pattern that means the same, with a backslash before what stands for itself.
fn strict_pattern(pattern: &str) -> String {
    let mut written = String::new();
    let (mut in_class, mut is_behind_set) = (false, false);
    let mut rest = pattern;
    while !rest.is_empty() {
        let (token, behind) = rest.split_at(length_of_token(rest, in_class));
        let is_literal = match token {
            "{" | "}" | "]" => !in_class,
            // Between a set of characters and anything else there is no range.
            "-" => in_class && !behind.starts_with(']') && (is_behind_set || is_set(behind)),
            _ => false,
        };
        if is_literal {
            written.push('\\');
        }
        written.push_str(token);
        in_class = if in_class { token != "]" } else { token == "[" };
        is_behind_set = is_set(token);
        rest = behind;
    }
    written
}

/// Whether a text begins with a set of characters.
fn is_set(text: &str) -> bool {
    ["\\w", "\\W", "\\d", "\\D", "\\s", "\\S", "\\p", "\\P"].iter().any(|set| text.starts_with(set))
}

/// The length of an escape, a quantifier in braces, or a character.
fn length_of_token(text: &str, in_class: bool) -> usize {
    let letters: String = text.chars().take(2).collect();
    let in_braces = |text: &str, is: fn(char) -> bool| {
        let length = text.strip_prefix('{')?.find('}')?;
        (length > 0 && text[1..=length].chars().all(is)).then_some(length + 2)
    };
    match letters.as_str() {
        "\\p" | "\\P" | "\\u" => {
            2 + in_braces(&text[2..], |letter| letter.is_alphanumeric() || "_=".contains(letter)).unwrap_or(0)
        }
        escape if escape.starts_with('\\') => escape.len(),
        quantifier if quantifier.starts_with('{') && !in_class => {
            let is_count = quantifier[1..].starts_with(|letter: char| letter.is_ascii_digit());
            in_braces(text, |letter| letter.is_ascii_digit() || letter == ',').filter(|_| is_count).unwrap_or(1)
        }
        other => other.chars().next().map_or(0, char::len_utf8),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(r"^\${.*?}$", r"^\$\{.*?\}$")]
    #[case(r"^[\w-_.]+/[\w-]+[a-\d]$", r"^[\w\-_.]+/[\w-]+[a\-\d]$")]
    #[case(r"^[a-z]{2}-[a-z]{1,2}]?{,3}$", r"^[a-z]{2}-[a-z]{1,2}\]?\{,3\}$")]
    #[case(r"\p{L}[\p{Lu}-x]\u{1F600}{2}[{}\]]", r"\p{L}[\p{Lu}\-x]\u{1F600}{2}[{}\]]")]
    #[case(r"^(?<a>é|\{x)\k<a>$", r"^(?<a>é|\{x)\k<a>$")]
    fn a_pattern_is_written_in_the_syntax_of_today(#[case] pattern: &str, #[case] strict: &str) {
        assert_eq!(strict_pattern(pattern), strict);
        assert_eq!(strict_pattern(strict), strict);
    }

    #[test]
    fn references_and_patterns_are_rewritten_and_data_is_not() {
        let schema = json!({
            "properties": {"pattern": {"$ref": "#/$defs/Of<A>"}, "b": {"pattern": "^{"}},
            "patternProperties": {"^}": {"enum": [{"$ref": "<", "pattern": "{"}]}},
            "$defs": {"Of<A>": {"default": {"pattern": "{"}}},
        });
        let expected = json!({
            "properties": {"pattern": {"$ref": "#/$defs/Of%3CA%3E"}, "b": {"pattern": "^\\{"}},
            "patternProperties": {"^\\}": {"enum": [{"$ref": "<", "pattern": "{"}]}},
            "$defs": {"Of<A>": {"default": {"pattern": "{"}}},
        });
        assert_eq!(strict(&schema), expected);
    }
}
