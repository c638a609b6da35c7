//! What a new handler may be called: a name that stands unchanged in file names, classes and identities of every language.

use super::error::NewHandlerError;

/// Words that Python or TypeScript keep for themselves.
const KEYWORDS: &[&str] = &[
    "and",
    "any",
    "as",
    "assert",
    "async",
    "await",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "declare",
    "def",
    "default",
    "del",
    "delete",
    "do",
    "elif",
    "else",
    "enum",
    "except",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "global",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "is",
    "lambda",
    "let",
    "match",
    "module",
    "namespace",
    "new",
    "nonlocal",
    "not",
    "null",
    "number",
    "object",
    "or",
    "package",
    "pass",
    "private",
    "protected",
    "public",
    "raise",
    "return",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// `namespace/step`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) namespace: String,
    pub(super) step: String,
}

impl Name {
    /// The name that `text` spells, if a handler can be called so.
    pub(super) fn parse(text: &str) -> Result<Self, NewHandlerError> {
        let refuse = |reason: String| NewHandlerError::Name { name: text.to_owned(), reason };
        let parts = text.split_once('/').filter(|(_, step)| !step.contains('/'));
        let (namespace, step) = parts.ok_or_else(|| refuse("it is not of the form namespace/step".to_owned()))?;
        for part in [namespace, step] {
            if !is_snake_case(part) {
                let rule =
                    "has to be lower-case letters and digits, with single underscores between words, a letter first";
                return Err(refuse(format!("{part:?} {rule}")));
            }
            if KEYWORDS.contains(&part) {
                return Err(refuse(format!("{part:?} is a keyword of Python or TypeScript")));
            }
        }
        Ok(Self { namespace: namespace.to_owned(), step: step.to_owned() })
    }

    /// The identity.
    pub(super) fn identity(&self) -> String {
        format!("{}/{}", self.namespace, self.step)
    }

    /// The class, in every language that has classes.
    pub(super) fn class(&self) -> String {
        let word = |word: &str| word[..1].to_uppercase() + &word[1..];
        self.step.split('_').map(word).collect::<String>() + "Handler"
    }
}

fn is_snake_case(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.split('_').all(is_word)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_name_has_a_class() {
        let name = Name::parse("demo/say_hello_2_all").unwrap();
        assert_eq!((name.identity().as_str(), name.class().as_str()), ("demo/say_hello_2_all", "SayHello2AllHandler"));
    }

    #[rstest]
    #[case("say_hello", "form namespace/step")]
    #[case("demo/say/hello", "form namespace/step")]
    #[case("demo/", "\"\" has to be")]
    #[case("Demo/say_hello", "\"Demo\" has to be")]
    #[case("demo/say-hello", "\"say-hello\" has to be")]
    #[case("demo/_hello", "\"_hello\" has to be")]
    #[case("demo/say__hello", "\"say__hello\" has to be")]
    #[case("demo/2_hello", "\"2_hello\" has to be")]
    #[case("demo/grüßen", "\"grüßen\" has to be")]
    #[case("../hello", "\"..\" has to be")]
    #[case("class/hello", "\"class\" is a keyword")]
    #[case("demo/lambda", "\"lambda\" is a keyword")]
    fn a_name_that_is_none_says_why(#[case] text: &str, #[case] reason: &str) {
        let error = Name::parse(text).unwrap_err().to_string();
        assert!(error.contains(reason) && error.contains("ecommerce/validate_cart"), "{error}");
    }
}
