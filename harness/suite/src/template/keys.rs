//! Keys of a template that nobody reads, which are mostly misspelled.

use serde_json::Value;

use super::lines::line_of;
use super::schema_keys::misspelled;

/// The keys of a template, and of what stands in it.
const TEMPLATE: &[&str] = &[
    "name",
    "namespace_name",
    "version",
    "description",
    "metadata",
    "input_schema",
    "steps",
    "task_handler",
    "system_dependencies",
    "domain_events",
    "environments",
    "lifecycle",
];
const STEP: &[&str] = &[
    "name",
    "description",
    "handler",
    "type",
    "system_dependency",
    "dependencies",
    "depends_on",
    "retry",
    "timeout_seconds",
    "publishes_events",
    "batch_config",
    "result_schema",
    "metadata",
];
const HANDLER: &[&str] = &["callable", "method", "resolver", "initialization"];
const RETRY: &[&str] = &["retryable", "max_attempts", "backoff", "backoff_base_ms", "max_backoff_ms"];

/// Resolvers that find a handler by the name that its callable is.
const BY_NAME: &[&str] = &["explicit_mapping", "class_lookup"];

/// Names at most so many letters apart are taken for one another.
const NEAR: usize = 2;

/// What is said of the keys of a template that are unknown, with the line.
pub(super) fn unknown(text: &str, document: &Value) -> Vec<(Option<u32>, String)> {
    let mut notes = Vec::new();
    let mut look = |value: Option<&Value>, at: &str, known: &[&str]| {
        for key in value.and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
            // Keys of somebody's own, and what is only there to be merged.
            if known.contains(&key.as_str()) || key.starts_with("x-") || key == "<<" {
                continue;
            }
            let meant = nearest(key, known).map_or_else(String::new, |known| format!("; did you mean {known}?"));
            let line = line_of(text, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")));
            notes.push((line, format!("the key {key} is not known and not read{meant}")));
        }
    };
    look(Some(document), "", TEMPLATE);
    for (index, step) in document.get("steps").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let at = format!("/steps/{index}");
        look(Some(step), &at, STEP);
        look(step.get("handler"), &format!("{at}/handler"), HANDLER);
        look(step.get("retry"), &format!("{at}/retry"), RETRY);
    }
    notes.extend(resolvers(text, document));
    let schema = document.get("input_schema").map(|schema| misspelled(schema, "/input_schema"));
    notes.extend(schema.into_iter().flatten().map(|(at, what)| (line_of(text, &at), what)));
    notes
}

/// What is said of the keys of a template that lacks the key `lacking`.
pub(super) fn instead_of(lacking: &str, text: &str, document: &Value) -> Option<String> {
    let meant = format!("; did you mean {lacking}?");
    unknown(text, document).into_iter().map(|(_, note)| note).find(|note| note.ends_with(&meant))
}

/// The known key that is near, or of which somebody wrote the beginning.
pub(super) fn nearest<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    let distance = |known: &str| if known.starts_with(key) { 0 } else { strsim::damerau_levenshtein(key, known) };
    let near = known.iter().map(|known| (distance(known), *known)).min()?;
    Some(near).filter(|(distance, _)| *distance <= NEAR).map(|(_, known)| known)
}

/// What is said of resolvers of somebody's own, which nobody runs here.
fn resolvers(text: &str, document: &Value) -> Vec<(Option<u32>, String)> {
    let steps = document.get("steps").and_then(Value::as_array).into_iter().flatten().enumerate();
    let resolver = |(index, step): (usize, &Value)| {
        let name = step.pointer("/handler/resolver")?.as_str().filter(|name| !BY_NAME.contains(name))?;
        let what = format!("the resolver {name} is not run; the handler is the one that has the name of its callable");
        Some((line_of(text, &format!("/steps/{index}/handler/resolver")), what))
    };
    steps.filter_map(resolver).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_resolver_of_ones_own_is_told() {
        let text = "steps:\n  - handler:\n      callable: n/a\n      resolver: by_region\n";
        let of =
            |resolver: &str| unknown(text, &json!({"steps": [{"handler": {"callable": "n/a", "resolver": resolver}}]}));
        let what = "the resolver by_region is not run; the handler is the one that has the name of its callable";
        assert_eq!(of("by_region"), [(Some(4), what.to_owned())]);
        assert_eq!(of("explicit_mapping"), []);
    }

    #[test]
    fn a_key_that_stands_for_one_that_lacks_is_told() {
        let document = json!({"namespace": "n", "step": []});
        let said = |lacking: &str| instead_of(lacking, "", &document);
        let of =
            |key: &str, meant: &str| Some(format!("the key {key} is not known and not read; did you mean {meant}?"));
        assert_eq!(said("namespace_name"), of("namespace", "namespace_name"));
        assert_eq!(said("steps"), of("step", "steps"));
        assert_eq!(said("version"), None);
    }

    #[test]
    fn an_unknown_key_is_told_with_the_nearest_known_one() {
        let text = "name: t\nx-mine: 1\nsteps:\n  - name: a\n    depend_on: [b]\n    handler: {callabel: n/a}\n    colour: red\n";
        let document = json!({"name": "t", "x-mine": 1, "steps": [
            {"name": "a", "depend_on": ["b"], "handler": {"callabel": "n/a"}, "colour": "red"}]});
        let expected = [
            (Some(5), "the key depend_on is not known and not read; did you mean depends_on?"),
            (Some(7), "the key colour is not known and not read"),
            (Some(6), "the key callabel is not known and not read; did you mean callable?"),
        ];
        assert_eq!(unknown(text, &document), expected.map(|(line, note)| (line, note.to_owned())));
    }
}
