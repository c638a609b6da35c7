//! JSON Pointers (RFC 6901) and the wildcard form that signatures use.

use serde_json::Value;

/// The pointer of the member `key` of what `parent` points to.
#[must_use]
pub fn child(parent: &str, key: &str) -> String {
    format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// `pointer` with `*` for every array index, and for every member of one of `objects`, which are such patterns themselves.
/// A member whose name is a number counts as an index, too. What is no pointer is taken for one segment.
#[must_use]
pub fn wildcard(pointer: &str, objects: &[impl AsRef<str>]) -> String {
    let is_index = |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    let mut pattern = String::new();
    for (depth, segment) in pointer.split('/').enumerate() {
        let is_data = is_index(segment) || depth > 0 && objects.iter().any(|object| object.as_ref() == pattern);
        if depth > 0 {
            pattern.push('/');
        }
        pattern.push_str(if is_data { "*" } else { segment });
    }
    pattern
}

/// `pointer` with `*` for every array index alone.
#[must_use]
pub fn wildcard_indices(pointer: &str) -> String {
    wildcard(pointer, &[] as &[&str])
}

/// Whether `pattern`, in which `*` stands for any one member or index, is `pointer`.
#[must_use]
pub fn matches(pattern: &str, pointer: &str) -> bool {
    let (mut pattern, mut pointer) = (pattern.split('/'), pointer.split('/'));
    loop {
        match (pattern.next(), pointer.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

/// Whether `value` has a place that `pattern` matches, in which `*` stands for any one member or index.
#[must_use]
pub fn exists(pattern: &str, value: &Value) -> bool {
    let Some(rest) = pattern.strip_prefix('/') else { return pattern.is_empty() };
    let (segment, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match value {
        Value::Object(members) if segment == "*" => members.values().any(|member| exists(rest, member)),
        Value::Array(elements) if segment == "*" => elements.iter().any(|element| exists(rest, element)),
        _ => value.pointer(&format!("/{segment}")).is_some_and(|inner| exists(rest, inner)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/result/days/2025-11-01/total", "/result/days/*/total")]
    #[case("/result/days/a~1b", "/result/days/*")]
    #[case("/result/days//total", "/result/days/*/total")]
    #[case("/result/days", "/result/days")]
    #[case("/result/days_of/may", "/result/days_of/may")]
    #[case("/result/total", "/result/total")]
    #[case("/result/items/3/counts/a/by/x/n", "/result/items/*/counts/*/by/*/n")]
    #[case("/result/items/3/other/a", "/result/items/*/other/a")]
    #[case("", "")]
    #[case("30", "*")]
    #[case("NOT_FOUND", "NOT_FOUND")]
    fn an_index_and_a_member_that_data_names_are_wildcards(#[case] pointer: &str, #[case] expected: &str) {
        let objects = ["/result/hours", "/result/days", "/result/items/*/counts", "/result/items/*/counts/*/by"];
        assert_eq!(wildcard(pointer, &objects), expected);
    }

    #[rstest]
    #[case("", true)]
    #[case("/items/*/price", true)]
    #[case("/items/1/price", true)]
    #[case("/*/0/a~1b", true)]
    #[case("/items/*/cost", false)]
    #[case("/items/2", false)]
    #[case("/none/*", false)]
    #[case("/name/*", false)]
    #[case("items", false)]
    fn a_place_exists_or_does_not(#[case] pattern: &str, #[case] expected: bool) {
        let value = serde_json::json!({"items": [{"a/b": 1}, {"price": null}], "name": "a", "none": []});
        assert_eq!(exists(pattern, &value), expected);
    }

    #[rstest]
    #[case("/result/a", "/result/a", true)]
    #[case("/result/*/price", "/result/0/price", true)]
    #[case("/result/*", "/result/items/0", false)]
    #[case("/result/a", "/result/ab", false)]
    #[case("/result", "/result/a", false)]
    #[case("/result/*/b", "/result/a", false)]
    fn a_star_is_any_one_segment(#[case] pattern: &str, #[case] pointer: &str, #[case] expected: bool) {
        assert_eq!(matches(pattern, pointer), expected);
    }
}
