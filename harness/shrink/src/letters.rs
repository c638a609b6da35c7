//! The pass over the letters of texts: fewer of them, then plainer ones.

use serde_json::Value;

use super::search::Search;
use super::tree::{NodePath, get, paths, with};

/// What may do in the place of a control character, or of one beyond ASCII, if no letter does: what is seen before what is not.
const PLAINER: [char; 13] = [' ', '-', 'é', '€', 'Ａ', '😀', '\t', '\n', '\r', '\u{a0}', '\u{feff}', '\0', '\u{1c}'];

/// The plainest character.
const PLAINEST: char = 'a';

/// The letters and digits that are tried first in the place of another one.
const PLAIN: [char; 5] = [PLAINEST, 'b', '0', '1', 'A'];

/// Shortens strings, then makes their characters plainer.
pub(super) fn strings<E>(search: &mut Search<'_, E>) -> Result<(), E> {
    for path in paths(&search.best) {
        shorten(search, &path)?;
        plain_together(search, &path, 1, |letter| letter != PLAINEST, 1)?;
        // What is as long as two letters becomes two where one is too short.
        plain_together(search, &path, 2, |letter| letter.len_utf16() == 2, 0)?;
        repeated(search, &path)?;
        one_by_one(search, &path)?;
        behind_plain_ones(search, &path)?;
    }
    Ok(())
}

/// The letters of the text at a place, if there is one.
pub(super) fn letters(value: &Value, path: &NodePath) -> Option<Vec<char>> {
    Some(get(value, path)?.as_str()?.chars().collect())
}

/// `value` with a text of these letters at a place.
pub(super) fn with_letters(value: &Value, path: &NodePath, letters: Vec<char>) -> Value {
    with(value, path, |node| *node = letters.into_iter().collect::<String>().into())
}

fn now<E>(search: &Search<'_, E>, path: &NodePath) -> Vec<char> {
    letters(&search.best, path).unwrap_or_default()
}

fn put<E>(search: &mut Search<'_, E>, path: &NodePath, letters: Vec<char>) -> Result<bool, E> {
    search.attempt(with_letters(&search.best, path, letters))
}

fn shorten<E>(search: &mut Search<'_, E>, path: &NodePath) -> Result<(), E> {
    let mut chunk = now(search, path).len();
    while chunk > 0 {
        let mut from = 0;
        while from + chunk <= now(search, path).len() {
            let mut letters = now(search, path);
            letters.drain(from..from + chunk);
            if !put(search, path, letters)? {
                from += chunk;
            }
        }
        chunk /= 2;
    }
    Ok(())
}

/// Puts `count` plain letters in the place of each one that is meant: of many at once, so that a long text costs little, down to more
/// than `fewest`.
fn plain_together<E>(
    search: &mut Search<'_, E>,
    path: &NodePath,
    count: usize,
    is_meant: fn(char) -> bool,
    fewest: usize,
) -> Result<(), E> {
    let meant = |search: &Search<'_, E>| now(search, path).into_iter().filter(|letter| is_meant(*letter)).count();
    let mut chunk = meant(search);
    while chunk > fewest {
        let mut from = 0;
        while from < meant(search) {
            let mut seen = 0;
            let plain = now(search, path).into_iter().flat_map(|letter| {
                seen += usize::from(is_meant(letter));
                let is_it = is_meant(letter) && (from + 1..=from + chunk).contains(&seen);
                if is_it { vec![PLAINEST; count] } else { vec![letter] }
            });
            let plain = plain.collect();
            if !put(search, path, plain)? {
                from += chunk;
            }
        }
        chunk /= 2;
    }
    Ok(())
}

/// Makes a letter plainer wherever it stands: what stands there twice may have to be the same.
fn repeated<E>(search: &mut Search<'_, E>, path: &NodePath) -> Result<(), E> {
    let mut repeated = now(search, path);
    repeated.sort_unstable();
    let repeated: Vec<char> =
        repeated.chunk_by(PartialEq::eq).filter(|same| same.len() > 1).map(|same| same[0]).collect();
    for old in repeated {
        for plain in PLAIN.into_iter().take_while(|plain| *plain != old) {
            let everywhere = now(search, path).into_iter().map(|letter| if letter == old { plain } else { letter });
            let everywhere = everywhere.collect();
            if put(search, path, everywhere)? {
                break;
            }
        }
    }
    Ok(())
}

fn one_by_one<E>(search: &mut Search<'_, E>, path: &NodePath) -> Result<(), E> {
    for (index, old) in now(search, path).into_iter().enumerate().filter(|(_, old)| *old != PLAINEST) {
        let plainer = PLAINER.into_iter().filter(|_| !old.is_ascii_graphic());
        // The `t` and `z` of a time are plainer as capitals.
        let other_case = [old.to_ascii_lowercase(), old.to_ascii_uppercase()];
        for plain in PLAIN.into_iter().chain(other_case).chain(plainer) {
            let mut letters = now(search, path);
            letters[index] = plain;
            if put(search, path, letters)? {
                break;
            }
        }
    }
    Ok(())
}

/// What has to stand somewhere stands behind plain letters.
fn behind_plain_ones<E>(search: &mut Search<'_, E>, path: &NodePath) -> Result<(), E> {
    for index in (0..now(search, path).len()).rev() {
        let mut letters = now(search, path);
        if letters[index] != PLAINEST {
            let letter = letters.remove(index);
            letters.push(letter);
            put(search, path, letters)?;
        }
    }
    Ok(())
}
