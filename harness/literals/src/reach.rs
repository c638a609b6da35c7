//! From the definition of a handler to everything that its code says.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::file::{Definition, File};
use super::literal::{Literal, normal};
use super::node::What;

/// How many definitions are read for one handler, and how many literals are kept.
const MOST_DEFINITIONS: usize = 400;
const MOST_LITERALS: usize = 300;

/// How many definitions a name may lead to in other files: what more have says nothing.
const MOST_OF_A_NAME: usize = 4;

/// How many names are kept of those near a literal.
const MOST_NEAR: usize = 12;

/// The longest text that is kept.
const LONG: usize = 200;

/// A definition by the numbers of its file and of itself.
type Place = (usize, usize);

/// The literals of what `is_it` knows by one of its names, and of everything that this leads to: a name leads to what is called so
/// in the same file, else in another one. Where nothing is known by its name, a file may be; else all of them count.
#[must_use]
pub fn reached(files: &[File], is_it: &dyn Fn(&str) -> bool) -> Vec<Literal> {
    let reached = definitions(files, &roots(files, is_it));
    let mut literals: Vec<Literal> = Vec::new();
    for definition in &reached {
        let beside = beside(definition, &reached);
        for Literal { what, near } in definition.literals.iter().filter(|literal| says_something(&literal.what)) {
            let made = near.iter().filter_map(|name| definition.assigned.get(name)).flatten();
            let near: Vec<String> =
                near.iter().chain(made).chain(beside.iter().copied()).map(|name| normal(name)).collect();
            match literals.iter().position(|known| known.what == *what) {
                Some(known) => literals[known].near.extend(near),
                None if literals.len() < MOST_LITERALS => literals.push(Literal { what: what.clone(), near }),
                None => {}
            }
        }
    }
    for literal in &mut literals {
        let mut seen = BTreeSet::new();
        literal.near.retain(|name| !name.is_empty() && seen.insert(name.clone()));
        literal.near.truncate(MOST_NEAR);
    }
    literals
}

/// Where to begin.
fn roots(files: &[File], is_it: &dyn Fn(&str) -> bool) -> Vec<Place> {
    let all = || {
        let places = |(number, file): (usize, &File)| (0..file.definitions.len()).map(move |place| (number, place));
        files.iter().enumerate().flat_map(places)
    };
    let known: Vec<Place> = all()
        .filter(|(file, place)| {
            let Definition { names, claims, .. } = &files[*file].definitions[*place];
            names.iter().chain(claims).any(|name| is_it(name))
        })
        .collect();
    if !known.is_empty() {
        return known;
    }
    let of_file: Vec<Place> = all().filter(|(file, _)| is_it(files[*file].stem())).collect();
    if of_file.is_empty() { all().collect() } else { of_file }
}

/// What the roots lead to, the roots first.
fn definitions<'f>(files: &'f [File], roots: &[Place]) -> Vec<&'f Definition> {
    let mut by_name: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for (number, file) in files.iter().enumerate() {
        for (place, definition) in file.definitions.iter().enumerate() {
            for name in &definition.names {
                by_name.entry(name).or_default().push((number, place));
            }
        }
    }
    let mut seen: BTreeSet<Place> = roots.iter().copied().collect();
    let mut open: VecDeque<Place> = roots.iter().copied().collect();
    let mut reached = Vec::new();
    while let Some((file, place)) = open.pop_front() {
        let definition = &files[file].definitions[place];
        reached.push(definition);
        if reached.len() == MOST_DEFINITIONS {
            break;
        }
        for places in definition.uses.iter().filter_map(|name| by_name.get(name.as_str())) {
            let own: Vec<Place> = places.iter().copied().filter(|(other, _)| *other == file).collect();
            let led = if own.is_empty() { places.clone() } else { own };
            if led.len() <= MOST_OF_A_NAME {
                open.extend(led.into_iter().filter(|place| seen.insert(*place)));
            }
        }
    }
    reached
}

/// The names that stand in one expression with a name of `definition`, and those from which they are made.
fn beside<'d>(definition: &Definition, reached: &[&'d Definition]) -> BTreeSet<&'d String> {
    let mut beside = BTreeSet::new();
    for other in reached {
        for names in other.together.iter().filter(|names| definition.names.iter().any(|name| names.contains(name))) {
            let others = || names.iter().filter(|name| !definition.names.contains(name));
            beside.extend(others());
            beside.extend(others().filter_map(|name| other.assigned.get(name)).flatten());
        }
    }
    beside
}

/// Whether a draw without the literal would hardly meet it.
fn says_something(what: &What) -> bool {
    match what {
        What::Number(number) => number.as_f64().is_some_and(|value| value.abs() > 1.0 || value.fract() != 0.0),
        What::Text(text)
        | What::Prefix(text)
        | What::Suffix(text)
        | What::Separator(text)
        | What::Pattern(text)
        | What::Key(text) => !text.is_empty() && text.len() <= LONG,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Number;

    use super::*;
    use crate::node::Node;

    fn name(name: &str) -> Node {
        Node::Name(name.to_owned())
    }

    fn text(text: &str) -> What {
        What::Text(text.to_owned())
    }

    fn define(name: &str, nodes: Vec<Node>) -> Node {
        Node::Define(name.to_owned(), nodes)
    }

    fn near(literals: &[Literal], what: &What) -> Option<Vec<String>> {
        literals.iter().find(|literal| literal.what == *what).map(|literal| literal.near.clone())
    }

    #[test]
    fn a_literal_stands_near_the_names_of_its_expression_and_those_from_which_they_are_made() {
        let compared = Node::Group(vec![name("total"), Node::Literal(What::Number(Number::from(500)))]);
        let made = Node::Assign(vec!["total".to_owned()], vec![Node::Group(vec![name("order"), name("grand_total")])]);
        let file = File::new("a.py", &[define("pay", vec![made, compared])]);
        let literals = reached(&[file], &|name| name == "pay");
        let expected = ["total", "grandtotal", "order"].map(str::to_owned).to_vec();
        assert_eq!(near(&literals, &What::Number(Number::from(500))), Some(expected));
    }

    #[test]
    fn a_table_of_another_file_stands_near_what_it_is_asked_for() {
        let table = Node::Assign(vec!["RATES".to_owned()], vec![Node::Literal(text("SPRING25"))]);
        let asked = Node::Group(vec![name("RATES"), name("coupon")]);
        let files = [
            File::new("a.ts", &[define("discount", vec![asked]), define("other", vec![Node::Literal(text("no"))])]),
            File::new("tables.ts", &[table]),
        ];
        let literals = reached(&files, &|name| name == "discount");
        assert_eq!(near(&literals, &text("SPRING25")), Some(vec!["rates".to_owned(), "coupon".to_owned()]));
        assert_eq!(near(&literals, &text("no")), None);
    }

    #[test]
    fn a_handler_is_known_by_what_it_claims_else_by_its_file_else_everything_counts() {
        let claimed = define("a", vec![Node::Claim("pay".to_owned()), Node::Literal(text("x"))]);
        let files = [File::new("src/b.py", &[claimed, define("c", vec![Node::Literal(text("y"))])])];
        let found = |is_it: &dyn Fn(&str) -> bool| reached(&files, is_it).len();
        assert_eq!(found(&|name| name == "pay"), 1);
        assert_eq!(found(&|name| name == "b"), 2);
        assert_eq!(found(&|_| false), 2);
    }

    #[test]
    fn what_every_draw_meets_is_left_out() {
        let numbers = [0.0, 1.0, -1.0].map(|number| Node::Literal(What::Number(Number::from_f64(number).unwrap())));
        let nodes = numbers.into_iter().chain([Node::Literal(text("")), Node::Literal(text("a"))]).collect();
        assert_eq!(reached(&[File::new("a.py", &[define("a", nodes)])], &|_| true).len(), 1);
    }
}
