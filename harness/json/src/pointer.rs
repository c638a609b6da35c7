//! JSON Pointers (RFC 6901) and the wildcard form that signatures use.

/// The pointer of the member `key` of what `parent` points to.
#[must_use]
pub fn child(parent: &str, key: &str) -> String {
    format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// `pointer` with `*` for the member of one of `objects`, if it leads through one.
#[must_use]
pub fn wildcard_members(pointer: &str, objects: &[impl AsRef<str>]) -> String {
    let below = objects
        .iter()
        .map(AsRef::as_ref)
        .find_map(|object: &str| Some((object, pointer.strip_prefix(object)?.strip_prefix('/')?)));
    match below {
        Some((object, below)) => {
            let inner = below.find('/').map_or("", |end| &below[end..]);
            format!("{object}/*{inner}")
        }
        None => pointer.to_owned(),
    }
}

/// `pointer` with `*` for every array index. A member whose name is a number counts as an index, too.
#[must_use]
pub fn wildcard_indices(pointer: &str) -> String {
    let is_index = |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    pointer.split('/').map(|segment| if is_index(segment) { "*" } else { segment }).collect::<Vec<_>>().join("/")
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
    fn a_member_that_data_names_is_a_wildcard(#[case] pointer: &str, #[case] expected: &str) {
        assert_eq!(wildcard_members(pointer, &["/result/hours", "/result/days"]), expected);
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
