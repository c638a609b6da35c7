//! The ways in which languages spell the name of one handler.

use std::fmt;
use std::str::FromStr;

use parity_model::HandlerId;
use serde::{Deserialize, Serialize};

/// What a handler's last name may end in without being another handler: `ValidateCartHandler`, `validate_cart_step`.
const ENDINGS: [&str; 2] = ["_handler", "_step"];

/// A handler's name as somebody spells it.
///
/// `Ecommerce::StepHandlers::ValidateCartHandler`, `ecommerce.step_handlers.ValidateCartHandler`,
/// `Ecommerce.StepHandlers.ValidateCartHandler`, `validate_cart`, or an identity, `ecommerce/validate_cart`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Spelling {
    text: String,
    identity: Option<HandlerId>,
    /// What stands before the step, each in snake case.
    before: Vec<String>,
    /// The step, in snake case and without its ending.
    step: String,
}

impl Spelling {
    /// The text as it was spelled.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The step that it names, in snake case: `validate_cart`.
    #[must_use]
    pub fn step(&self) -> &str {
        &self.step
    }

    /// What stands before the step, in snake case: `ecommerce`, `step_handlers`.
    #[must_use]
    pub fn before(&self) -> &[String] {
        &self.before
    }

    /// The identity, if it is spelled as one.
    #[must_use]
    pub fn identity(&self) -> Option<&HandlerId> {
        self.identity.as_ref()
    }

    /// The identity that it has in a namespace. One that is spelled out stays what it is.
    pub fn identity_in(&self, namespace: &str) -> Result<HandlerId, String> {
        self.identity.clone().map_or_else(|| format!("{namespace}/{}", self.step).parse(), Ok)
    }

    /// Whether both may mean the same handler, given that they have the same identity: one of them is short, or all their
    /// names are the same.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        let is_short = |spelling: &Self| spelling.before.is_empty() || spelling.identity.is_some();
        is_short(self)
            || is_short(other)
            || self.before.iter().map(|name| key(name)).eq(other.before.iter().map(|name| key(name)))
    }
}

impl FromStr for Spelling {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('/') {
            let identity: HandlerId = text.parse()?;
            let (before, step) = (vec![snake(identity.namespace())], snake(identity.step()));
            return Ok(Self { text: text.to_owned(), identity: Some(identity), before, step });
        }
        let names: Vec<String> = text.split("::").flat_map(|part| part.split('.')).map(snake).collect();
        let is_name = |name: &String| name.chars().any(char::is_alphanumeric);
        let is_plain = text.chars().all(|letter| letter.is_alphanumeric() || "_-:.$".contains(letter));
        if !is_plain || !names.iter().all(is_name) {
            return Err(format!(
                "{text:?} names no handler; write namespace/step, or a name such as validate_cart, \
                 shop.handlers.ValidateCartHandler or Shop::Handlers::ValidateCartHandler"
            ));
        }
        let (before, step) = split(names);
        Ok(Self { text: text.to_owned(), identity: None, before, step })
    }
}

impl TryFrom<String> for Spelling {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Spelling> for String {
    fn from(spelling: Spelling) -> Self {
        spelling.text
    }
}

impl fmt::Display for Spelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Takes the step from its place. A last name that says nothing, as in `validate_cart.Handler`, leaves that to the one before.
fn split(mut names: Vec<String>) -> (Vec<String>, String) {
    let says_nothing = |name: &String| ENDINGS.iter().any(|ending| ending[1..] == *bare(name));
    while names.len() > 1 && names.last().is_some_and(says_nothing) {
        names.pop();
    }
    let step = names.pop().unwrap_or_default();
    (names, bare(&step).to_owned())
}

/// A name in snake case without its endings.
pub(super) fn bare(snake: &str) -> &str {
    let mut bare = snake;
    while let Some(rest) = ENDINGS.iter().find_map(|ending| bare.strip_suffix(ending)).filter(|rest| !rest.is_empty()) {
        bare = rest;
    }
    bare
}

/// A name in snake case: `ValidateCart`, `validateCart` and `validate-cart` become `validate_cart`, `HTTPCall` `http_call`.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (place, letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(place + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if begins {
            snake.push('_');
        }
        match letter {
            '-' | '$' => snake.push('_'),
            letter => snake.extend(letter.to_lowercase()),
        }
    }
    snake.trim_matches('_').to_owned()
}

/// A name without what languages spell differently: `validate_step_1` and `ValidateStep1` have one key.
pub(super) fn key(snake: &str) -> String {
    snake.chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Ecommerce::StepHandlers::ValidateCartHandler", &["ecommerce", "step_handlers"], "validate_cart")]
    #[case("ecommerce.step_handlers.ValidateCartHandler", &["ecommerce", "step_handlers"], "validate_cart")]
    #[case("Ecommerce.StepHandlers.ValidateCartHandler", &["ecommerce", "step_handlers"], "validate_cart")]
    #[case("ecommerce/validate_cart", &["ecommerce"], "validate_cart")]
    #[case("validate_cart", &[], "validate_cart")]
    #[case("validate-cart", &[], "validate_cart")]
    #[case("validateCart", &[], "validate_cart")]
    #[case("validate_cart_handler", &[], "validate_cart")]
    #[case("ValidateCartStep", &[], "validate_cart")]
    #[case("ValidateCartStepHandler", &[], "validate_cart")]
    #[case("validate_cart.Handler", &[], "validate_cart")]
    #[case("shop.validate_cart.StepHandler", &["shop"], "validate_cart")]
    #[case("Handler", &[], "handler")]
    #[case("CallHTTPApi", &[], "call_http_api")]
    #[case("_private", &[], "private")]
    #[case("Überweisung", &[], "überweisung")]
    fn a_spelling_is_taken_apart(#[case] text: &str, #[case] before: &[&str], #[case] step: &str) {
        let spelling: Spelling = text.parse().unwrap();
        assert_eq!(
            (spelling.before(), spelling.step()),
            (before.iter().map(ToString::to_string).collect::<Vec<_>>().as_slice(), step)
        );
        assert_eq!(spelling.to_string(), text);
    }

    #[rstest]
    #[case("")]
    #[case("a b")]
    #[case("a..b")]
    #[case("::a")]
    #[case("a/b/c")]
    #[case("/a")]
    #[case("_")]
    fn what_names_nothing_is_refused(#[case] text: &str) {
        assert!(text.parse::<Spelling>().is_err());
    }

    #[rstest]
    #[case("Shop::Handlers::PayHandler", "shop.handlers.PayHandler", true)]
    #[case("Shop::Handlers::PayHandler", "pay", true)]
    #[case("shop/pay", "other.PayHandler", true)]
    #[case("v1.PayHandler", "v2.PayHandler", false)]
    fn two_spellings_agree_unless_they_name_different_places(#[case] a: &str, #[case] b: &str, #[case] agree: bool) {
        let spelling = |text: &str| text.parse::<Spelling>().unwrap();
        assert_eq!(spelling(a).agrees_with(&spelling(b)), agree);
        assert_eq!(spelling(b).agrees_with(&spelling(a)), agree);
    }

    #[test]
    fn digits_and_underscores_make_no_difference_to_the_key() {
        assert_eq!(key(&snake("OAuth2Token")), key("oauth_2_token"));
    }
}
