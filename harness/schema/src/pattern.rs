//! Texts that a regular expression matches. It is parsed once; anchors are taken off, as nothing but the text itself is drawn
//! between them, and an open end gets something that nobody thought of. Look-around is taken off, too, and backreferences repeat
//! what they refer to: the caller validates.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use proptest::test_runner::TestRng;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use super::look_around::{Plain, plain};
use crate::scope::Scope;

/// How often something is repeated.
#[derive(Clone, Copy)]
enum Repeat {
    /// As seldom as it may.
    Least,
    /// Up to this often more than it must; now and then as often as it may.
    UpTo(u32),
}

/// Which characters are drawn.
#[derive(Clone, Copy, PartialEq)]
enum Alphabet {
    /// Those that one can read, if there are any.
    Plain,
    All,
}

/// Texts around a part that has no anchor.
const AROUND: &[&str] = &["", "", "", " ", "\n", "x", "0", "A", "é"];

/// Longer texts are not drawn on: they would only cost time.
const LONG: usize = 1000;

/// Texts that `pattern` matches, mostly: the caller validates. `least` is how long they must be.
pub(super) fn texts(pattern: &str, least: u32, scope: Scope) -> Result<BoxedStrategy<String>, String> {
    let Plain { pattern, ahead } = plain(pattern);
    let whole = texts_of(&pattern, least, scope)?;
    if ahead.is_empty() {
        return Ok(whole);
    }
    // What must stand ahead is put somewhere into a part of the texts.
    let ahead: Vec<BoxedStrategy<String>> = ahead.iter().filter_map(|ahead| texts_of(ahead, 0, scope).ok()).collect();
    let with = (whole.clone(), ahead, any::<prop::sample::Index>()).prop_map(|(text, ahead, index)| {
        ahead.into_iter().fold(text, |text, ahead| {
            let letters: Vec<char> = text.chars().collect();
            let (before, behind) = letters.split_at(index.index(letters.len() + 1));
            before.iter().copied().chain(ahead.chars()).chain(behind.iter().copied()).collect()
        })
    });
    Ok(prop_oneof![whole, with].boxed())
}

fn texts_of(pattern: &str, least: u32, scope: Scope) -> Result<BoxedStrategy<String>, String> {
    let translated = jsonschema_regex::to_rust_regex(pattern).map_err(|()| "it is no regular expression".to_owned())?;
    let hir = regex_syntax::parse(&translated).map_err(|error| match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        other => other.to_string(),
    })?;
    let more = u32::try_from(scope.max_len()).unwrap_or(1).saturating_add(least);
    let mut strategies = Vec::new();
    for (weight, repeat, alphabet) in [
        (4, Repeat::UpTo(more), Alphabet::Plain),
        (2, Repeat::Least, Alphabet::Plain),
        (1, Repeat::UpTo(more), Alphabet::All),
    ] {
        strategies.extend(branches(&hir).iter().map(|branch| (weight, branch.strategy(repeat, alphabet))));
    }
    Ok(Union::new_weighted(strategies).boxed())
}

/// One way to match, and whether anything may stand before and behind it.
struct Branch {
    hir: Hir,
    is_open_before: bool,
    is_open_behind: bool,
}

fn branches(hir: &Hir) -> Vec<Branch> {
    match hir.kind() {
        HirKind::Alternation(parts) => parts.iter().flat_map(branches).collect(),
        HirKind::Capture(capture) => branches(&capture.sub),
        HirKind::Concat(parts) => {
            let is = |part: Option<&Hir>, look| part.is_some_and(|part| *part.kind() == HirKind::Look(look));
            let (is_open_before, is_open_behind) = (!is(parts.first(), Look::Start), !is(parts.last(), Look::End));
            vec![Branch { hir: hir.clone(), is_open_before, is_open_behind }]
        }
        HirKind::Look(Look::Start) => vec![Branch { hir: Hir::empty(), is_open_before: false, is_open_behind: true }],
        HirKind::Look(Look::End) => vec![Branch { hir: Hir::empty(), is_open_before: true, is_open_behind: false }],
        _ => vec![Branch { hir: hir.clone(), is_open_before: true, is_open_behind: true }],
    }
}

impl Branch {
    fn strategy(&self, repeat: Repeat, alphabet: Alphabet) -> BoxedStrategy<String> {
        let hir = drawable(&self.hir, alphabet);
        let inner = Just(()).prop_perturb(move |(), mut rng| {
            let mut text = String::new();
            write(&hir, repeat, &mut rng, &mut text);
            text
        });
        let around = |is_open: bool| if is_open { select(AROUND).boxed() } else { Just("").boxed() };
        let parts = (around(self.is_open_before), inner, around(self.is_open_behind));
        parts.prop_map(|(before, inner, behind)| format!("{before}{inner}{behind}")).boxed()
    }
}

/// The expression without anchors and boundaries, of characters from the alphabet.
fn drawable(hir: &Hir, alphabet: Alphabet) -> Hir {
    let all = |parts: &[Hir]| parts.iter().map(|part| drawable(part, alphabet)).collect();
    match hir.kind() {
        HirKind::Look(_) | HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0.clone()),
        HirKind::Class(Class::Unicode(class)) if alphabet == Alphabet::Plain => {
            let mut plain = class.clone();
            plain.intersect(&readable());
            let class = if plain.ranges().is_empty() { class.clone() } else { plain };
            Hir::class(Class::Unicode(class))
        }
        HirKind::Class(class) => Hir::class(class.clone()),
        HirKind::Capture(capture) => drawable(&capture.sub, alphabet),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(drawable(&repetition.sub, alphabet));
            Hir::repetition(Repetition { sub, ..repetition.clone() })
        }
    }
}

/// Appends a text that `hir` matches.
fn write(hir: &Hir, repeat: Repeat, rng: &mut TestRng, text: &mut String) {
    match hir.kind() {
        HirKind::Look(_) | HirKind::Empty => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => text.extend(letter(class, rng)),
        HirKind::Class(Class::Bytes(class)) => {
            text.extend(class.to_unicode_class().and_then(|class| letter(&class, rng)));
        }
        HirKind::Capture(capture) => write(&capture.sub, repeat, rng, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, repeat, rng, text)),
        HirKind::Alternation(parts) => {
            let chosen = rng.random_range(0..parts.len());
            write(&parts[chosen], repeat, rng, text);
        }
        HirKind::Repetition(repetition) => {
            for done in 0..times(repetition, repeat, rng) {
                if text.len() > LONG && done >= repetition.min {
                    break;
                }
                write(&repetition.sub, repeat, rng, text);
            }
        }
    }
}

fn times(repetition: &Repetition, repeat: Repeat, rng: &mut TestRng) -> u32 {
    let least = repetition.min;
    let Repeat::UpTo(more) = repeat else { return least };
    let usual = least.saturating_add(more);
    match repetition.max {
        Some(most) => match rng.random_range(0..8) {
            0 => most,
            1 | 2 => rng.random_range(least..=most),
            _ => rng.random_range(least..=most.min(usual)),
        },
        None => rng.random_range(least..=usual),
    }
}

/// How much longer ranges of characters are preferred: what a pattern names by itself is hardly less likely.
const PREFERRED: u32 = 8;

/// A character of a class.
fn letter(class: &ClassUnicode, rng: &mut TestRng) -> Option<char> {
    let weight = |range: &ClassUnicodeRange| (u32::from(range.end()) - u32::from(range.start()) + 1).min(PREFERRED);
    let total: u32 = class.ranges().iter().map(weight).sum();
    let mut chosen = rng.random_range(0..total.max(1));
    let range = class.ranges().iter().find(|range| {
        let is_it = chosen < weight(range);
        chosen = chosen.saturating_sub(weight(range));
        is_it
    })?;
    // Only the gap of the surrogates lies between characters.
    char::from_u32(rng.random_range(u32::from(range.start())..=u32::from(range.end()))).or(Some(range.start()))
}

/// What is on a keyboard, and some letters that are not on every one.
fn readable() -> ClassUnicode {
    let ranges = [(' ', '~'), ('ß', 'ß'), ('à', 'å'), ('É', 'É'), ('é', 'é'), ('İ', 'ı')];
    ClassUnicode::new(ranges.map(|(first, last)| ClassUnicodeRange::new(first, last)))
}
