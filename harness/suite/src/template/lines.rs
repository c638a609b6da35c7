//! In which line of a YAML text the place of a JSON Pointer stands, as far as lines tell: of what is written within one line,
//! that line.

/// An entry of a mapping or a list, by its indentation. `- a: 1` is two: the dash, and what stands behind it.
struct Entry<'t> {
    line: u32,
    indent: usize,
    text: &'t str,
}

/// The line of `pointer`, or of the innermost part of it that is found, from 1.
pub(super) fn line_of(text: &str, pointer: &str) -> Option<u32> {
    let entries = entries(text);
    let (mut from, mut to) = (0, entries.len());
    let mut line = None;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let Some(found) = find(&entries[from..to], &token).map(|index| from + index) else { break };
        line = Some(entries[found].line);
        let Entry { indent, text, .. } = entries[found];
        let is_inside = |entry: &Entry<'_>| {
            // A list may stand as far to the left as its name.
            entry.indent > indent || (entry.indent == indent && entry.text == "-" && text != "-")
        };
        from = found + 1;
        to = entries[from..to].iter().position(|entry| !is_inside(entry)).map_or(to, |length| from + length);
    }
    line
}

fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    for (line, number) in text.trim_start_matches('\u{feff}').lines().zip(1..) {
        let mut rest = line.trim_start();
        let mut indent = line.len() - rest.len();
        while let Some(behind) = rest.strip_prefix("- ").or_else(|| (rest.trim_end() == "-").then_some("")) {
            entries.push(Entry { line: number, indent, text: "-" });
            let inner = behind.trim_start();
            indent += rest.len() - inner.len();
            rest = inner;
        }
        if !rest.is_empty() && !rest.starts_with('#') {
            entries.push(Entry { line: number, indent, text: rest });
        }
    }
    entries
}

/// The entry of a name or an index among those that are outermost.
fn find(entries: &[Entry<'_>], token: &str) -> Option<usize> {
    let indent = entries.first()?.indent;
    let mut outermost = entries.iter().enumerate().filter(|(_, entry)| entry.indent == indent);
    if entries.first()?.text == "-" {
        let index = token.parse().ok()?;
        return outermost.filter(|(_, entry)| entry.text == "-").nth(index).map(|(place, _)| place);
    }
    let is_named = |text: &str| {
        let bare = text.strip_prefix(token).or_else(|| {
            let quoted = |quote: char| text.strip_prefix(quote)?.strip_prefix(token)?.strip_prefix(quote);
            quoted('"').or_else(|| quoted('\''))
        });
        bare.is_some_and(|rest| rest.trim_start().starts_with(':'))
    };
    outermost.find(|(_, entry)| is_named(entry.text)).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const TEXT: &str = "\u{feff}name: t
# input_schema:
input_schema:
  type: object
  properties:
    'a/b':
      anyOf:
      - {type: string}
      - type: integer

        minimum: 3
    b: {type: array, items: {type: string}}
steps:
- name: x
";

    #[rstest]
    #[case("/name", Some(1))]
    #[case("/input_schema", Some(3))]
    #[case("/input_schema/properties/a~1b", Some(6))]
    #[case("/input_schema/properties/a~1b/anyOf/0", Some(8))]
    #[case("/input_schema/properties/a~1b/anyOf/1/minimum", Some(11))]
    #[case("/input_schema/properties/b/items/type", Some(12))]
    #[case("/input_schema/$defs/c", Some(3))]
    #[case("/steps/0/name", Some(14))]
    #[case("/nothing", None)]
    fn a_place_has_the_line_in_which_it_stands(#[case] pointer: &str, #[case] line: Option<u32>) {
        assert_eq!(line_of(TEXT, pointer), line);
    }
}
