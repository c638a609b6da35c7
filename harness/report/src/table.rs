//! Rows of text in columns.

use std::borrow::Cow;
use std::fmt::Write as _;

use console::{Alignment, measure_text_width, pad_str, truncate_str};

/// No column is made narrower for the sake of a line's width.
const NARROWEST: usize = 12;

/// What stands between two columns.
const GAP: &str = "  ";

/// Rows in columns as wide as their widest cell: the first `texts` columns to the left, the others, which hold numbers, to
/// the right.
#[must_use]
pub fn table(rows: &[Vec<String>], texts: usize) -> String {
    table_within(rows, texts, usize::MAX)
}

/// The same in lines of at most `width`, as far as that is possible: what is too long is cut in the widest columns of text.
#[must_use]
pub fn table_within(rows: &[Vec<String>], texts: usize, width: usize) -> String {
    let widths = widths(rows, texts, width);
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            let side = if column < texts { Alignment::Left } else { Alignment::Right };
            pad_str(&cut(cell, width), width, side, None).into_owned()
        });
        let line = cells.collect::<Vec<_>>().join(GAP);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// `text` in at most so many columns of a terminal, with a mark where something is missing.
pub(super) fn cut(text: &str, width: usize) -> Cow<'_, str> {
    truncate_str(text, width, "…")
}

fn widths(rows: &[Vec<String>], texts: usize, most: usize) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| measure_text_width(cell)).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..columns).map(widest).collect();
    let gaps = GAP.len() * columns.saturating_sub(1);
    let mut over = (widths.iter().sum::<usize>() + gaps).saturating_sub(most);
    while over > 0 {
        let Some(widest) = widths.iter_mut().take(texts).max().filter(|width| **width > NARROWEST) else { break };
        *widest -= 1;
        over -= 1;
    }
    widths
}

/// As much of a minimal input as fits beside the rest.
const MOST: usize = 120;

/// A text of a table, or what fits of it.
pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[[&str; 3]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect()
    }

    #[test]
    fn the_widest_columns_of_text_are_cut_and_numbers_stay() {
        let rows =
            rows(&[["shop/quote", "a long text that is not read", "12345"], ["shop/x", "价格价格价格价格", "1"]]);
        let cut = "shop/quote  a long text tha…  12345\nshop/x      价格价格价格价格      1\n";
        assert_eq!(table_within(&rows, 2, 35), cut);
        assert!(table(&rows, 2).starts_with("shop/quote  a long text that is not read  12345\n"));
    }

    #[test]
    fn what_does_not_fit_is_as_narrow_as_can_be() {
        let rows = rows(&[["a/handler_with_a_name", "what differs there", "12345"]]);
        assert_eq!(table_within(&rows, 2, 5), "a/handler_w…  what differ…  12345\n");
    }
}
