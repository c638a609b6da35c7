//! JSON Pointers (RFC 6901) and the wildcard form that signatures use.

/// The pointer of the member `key` of what `parent` points to.
#[must_use]
pub fn child(parent: &str, key: &str) -> String {
    format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// `pointer` with `*` for every array index. A member whose name is a number counts as an index, too.
#[must_use]
pub fn wildcard_indices(pointer: &str) -> String {
    let is_index = |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    pointer.split('/').map(|segment| if is_index(segment) { "*" } else { segment }).collect::<Vec<_>>().join("/")
}
