//! What one handler is called in each language.

use reference_rs::HandlerSpec;

/// The class of a handler: `validate_cart` is `ValidateCartHandler` in every language that has classes.
pub(super) fn class_of(spec: &HandlerSpec) -> String {
    camel(spec.step()) + "Handler"
}

/// The callable of Tasker's Ruby templates, `Ecommerce::StepHandlers::ValidateCartHandler`.
pub(super) fn ruby_of(spec: &HandlerSpec) -> String {
    format!("{}::StepHandlers::{}", camel(spec.namespace()), class_of(spec))
}

fn camel(snake: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
    };
    snake.split('_').map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_identity() {
        let spec = reference_rs::HANDLERS.iter().find(|spec| spec.id == "ecommerce/validate_cart").unwrap();
        assert_eq!(class_of(spec), "ValidateCartHandler");
        assert_eq!(ruby_of(spec), "Ecommerce::StepHandlers::ValidateCartHandler");
        assert_eq!(camel("customer_success"), "CustomerSuccess");
    }
}
