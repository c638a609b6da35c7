//! What counts as an email address, for every handler that writes to one.

/// One `@` with something before and behind it, and no ASCII whitespace anywhere. No dot is required.
pub(crate) fn is_email(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && !part.contains(['@', '\t', '\n', '\x0b', '\x0c', '\r', ' ']);
    text.split_once('@').is_some_and(|(local, domain)| part(local) && part(domain))
}
