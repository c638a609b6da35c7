//! Texts that a regular expression matches. It is parsed once; anchors are taken off, as nothing but the text itself is drawn
//! between them, and an open end gets something that nobody thought of.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use proptest::string::string_regex_parsed;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use crate::scope::Scope;

/// How often something is repeated.
#[derive(Clone, Copy)]
enum Repeat {
    /// As seldom as it may.
    Least,
    /// Up to this often more than it must.
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

/// Texts that `pattern` matches, mostly: the caller validates. `least` is how long they must be.
pub(super) fn texts(pattern: &str, least: u32, scope: Scope) -> Result<BoxedStrategy<String>, String> {
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
        for branch in branches(&hir) {
            strategies.push((weight, branch.strategy(repeat, alphabet)?));
        }
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
    fn strategy(&self, repeat: Repeat, alphabet: Alphabet) -> Result<BoxedStrategy<String>, String> {
        let inner = string_regex_parsed(&drawable(&self.hir, repeat, alphabet)).map_err(|error| error.to_string())?;
        let around = |is_open: bool| if is_open { select(AROUND).boxed() } else { Just("").boxed() };
        let parts = (around(self.is_open_before), inner, around(self.is_open_behind));
        Ok(parts.prop_map(|(before, inner, behind)| format!("{before}{inner}{behind}")).boxed())
    }
}

/// The expression without anchors and boundaries, repeating as told, of characters from the alphabet.
fn drawable(hir: &Hir, repeat: Repeat, alphabet: Alphabet) -> Hir {
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
        HirKind::Capture(capture) => drawable(&capture.sub, repeat, alphabet),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(|part| drawable(part, repeat, alphabet)).collect()),
        HirKind::Alternation(parts) => {
            Hir::alternation(parts.iter().map(|part| drawable(part, repeat, alphabet)).collect())
        }
        HirKind::Repetition(repetition) => {
            let most = match repeat {
                Repeat::Least => repetition.min,
                Repeat::UpTo(more) => repetition.min.saturating_add(more),
            };
            let max = repetition.max.map_or(most, |max| max.min(most));
            let sub = Box::new(drawable(&repetition.sub, repeat, alphabet));
            Hir::repetition(Repetition { min: repetition.min, max: Some(max), greedy: repetition.greedy, sub })
        }
    }
}

/// What is on a keyboard, and some letters that are not on every one.
fn readable() -> ClassUnicode {
    let ranges = [(' ', '~'), ('ß', 'ß'), ('à', 'å'), ('É', 'É'), ('é', 'é'), ('İ', 'ı')];
    ClassUnicode::new(ranges.map(|(first, last)| ClassUnicodeRange::new(first, last)))
}
