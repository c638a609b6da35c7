//! A pattern without what only an engine that backtracks can match: look-around is left out, and a backreference becomes another
//! copy of its group.

/// What is left of a pattern.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) pattern: String,
    /// What must be matched ahead of some place, without the `.*` before it.
    pub(super) ahead: Vec<String>,
}

/// What opens a group that looks around, and whether it asks for a match ahead.
const LOOKS: &[(&str, bool)] = &[("(?=", true), ("(?!", false), ("(?<=", false), ("(?<!", false)];

/// A group of the pattern.
struct Group {
    /// Where it begins in what is written.
    start: usize,
    /// Its number, and its name.
    capture: Option<(usize, Option<String>)>,
}

/// `pattern` without look-around and backreferences.
pub(super) fn plain(pattern: &str) -> Plain {
    let mut plain = Plain::default();
    let mut open: Vec<Group> = Vec::new();
    // The groups that are complete, by number and by name.
    let mut groups: Vec<(usize, Option<String>, String)> = Vec::new();
    let mut captures = 0;
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let look = LOOKS.iter().find(|(opening, _)| rest.starts_with(opening));
        let taken = match (letter, look) {
            (_, Some((opening, is_ahead))) => {
                let length = length_of_group(rest);
                let inner = rest.get(opening.len()..length.saturating_sub(1)).unwrap_or_default();
                if *is_ahead && !inner.is_empty() {
                    plain.ahead.push(self::plain(inner.strip_prefix(".*").unwrap_or(inner)).pattern);
                }
                length
            }
            ('\\', None) => {
                let reference = groups.iter().find(|(number, name, _)| {
                    let by_name = name.as_ref().is_some_and(|name| rest.starts_with(&format!("\\k<{name}>")));
                    by_name || number_of(rest) == Some(*number)
                });
                if let Some((_, _, group)) = reference {
                    plain.pattern.push_str(group);
                } else if number_of(rest).is_none() {
                    plain.pattern.extend(rest.chars().take(2));
                }
                length_of_escape(rest)
            }
            ('[', None) => {
                let length = length_of_class(rest);
                plain.pattern.push_str(&rest[..length]);
                length
            }
            ('(', None) => {
                let name =
                    rest.strip_prefix("(?<").and_then(|rest| rest.split_once('>')).map(|(name, _)| name.to_owned());
                let capture = (name.is_some() || !rest.starts_with("(?")).then(|| {
                    captures += 1;
                    (captures, name.clone())
                });
                open.push(Group { start: plain.pattern.len(), capture });
                // Copies of a group cannot have its name.
                plain.pattern.push_str(if name.is_some() { "(?:" } else { "(" });
                name.map_or(1, |name| name.len() + 4)
            }
            (')', None) => {
                plain.pattern.push(')');
                if let Some(Group { start, capture: Some((number, name)) }) = open.pop() {
                    groups.push((number, name, plain.pattern[start..].to_owned()));
                }
                1
            }
            _ => {
                plain.pattern.push(letter);
                letter.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    plain
}

/// The number of the backreference at the start of `text`.
fn number_of(text: &str) -> Option<usize> {
    let digits: String = text.strip_prefix('\\')?.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|number| *number > 0)
}

fn length_of_escape(text: &str) -> usize {
    if number_of(text).is_some() {
        return 1 + text.chars().skip(1).take_while(char::is_ascii_digit).count();
    }
    match text.strip_prefix("\\k<").and_then(|rest| rest.find('>')) {
        Some(end) => end + 4,
        None => text.chars().take(2).map(char::len_utf8).sum(),
    }
}

/// The length of the character class at the start of `text`.
fn length_of_class(text: &str) -> usize {
    let mut is_escaped = false;
    for (place, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ']' => return place + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of the group at the start of `text`.
fn length_of_group(text: &str) -> usize {
    let (mut depth, mut place) = (0_usize, 0);
    while let Some(letter) = text[place..].chars().next() {
        place += match letter {
            '\\' => length_of_escape(&text[place..]),
            '[' => length_of_class(&text[place..]),
            _ => letter.len_utf8(),
        };
        match letter {
            '(' => depth += 1,
            ')' if depth <= 1 => return place,
            ')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("^[a-z](b|c)$", "^[a-z](b|c)$", &[])]
    #[case("^(?!.*secret).*$", "^.*$", &[])]
    #[case("^(?=.*[A-Z])(?=.*\\d)[A-Za-z\\d]{8,}$", "^[A-Za-z\\d]{8,}$", &["[A-Z]", "\\d"])]
    #[case("(?<=a(b)[)])c", "c", &[])]
    #[case("(a|b)\\1", "(a|b)(a|b)", &[])]
    #[case("(?<x>a)\\k<x>\\\\", "(?:a)(?:a)\\\\", &[])]
    #[case("((a)b)\\2\\1", "((a)b)(a)((a)b)", &[])]
    #[case("[\\](?=]", "[\\](?=]", &[])]
    #[case("(?=", "", &[])]
    fn what_needs_backtracking_is_left_out(#[case] pattern: &str, #[case] expected: &str, #[case] ahead: &[&str]) {
        let ahead = ahead.iter().copied().map(str::to_owned).collect();
        assert_eq!(plain(pattern), Plain { pattern: expected.to_owned(), ahead });
    }
}
