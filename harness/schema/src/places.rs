//! The places of a document: every value in it, where it stands, and which values stand in the same place of a list's elements.

use std::collections::HashMap;

use serde_json::Value;

/// More places of a document are not looked at: it would only cost time.
const MOST: usize = 1000;

/// A step from a value to one in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step<'v> {
    /// To a member.
    Member(&'v str),
    /// To an element.
    Element(usize),
}

/// A value and where it stands.
#[derive(Debug)]
pub(crate) struct Place<'v> {
    pub(crate) value: &'v Value,
    /// The place that it is in, and the step from there; none for the whole.
    pub(crate) parent: Option<(usize, Step<'v>)>,
    /// Which of the groups it belongs to.
    pub(crate) group: usize,
    /// Whether it may be changed.
    pub(crate) is_open: bool,
}

impl<'v> Place<'v> {
    /// The name of the member that it is, or else of the list that it is in.
    pub(crate) fn name(&self, places: &Places<'v>) -> Option<&'v str> {
        match self.parent? {
            (_, Step::Member(name)) => Some(name),
            (list, Step::Element(_)) => places.all[list].name(places),
        }
    }

    pub(crate) fn is_element(&self) -> bool {
        matches!(self.parent, Some((_, Step::Element(_))))
    }
}

/// All places of a document, parents before what is in them.
#[derive(Debug, Default)]
pub(crate) struct Places<'v> {
    pub(crate) all: Vec<Place<'v>>,
    /// The places that differ in nothing but which elements of lists they are in.
    pub(crate) groups: Vec<Vec<usize>>,
}

impl<'v> Places<'v> {
    /// The places of `document`. Those below its members `open` may be changed; the whole and these members may not.
    pub(crate) fn of(document: &'v Value, open: &[&str]) -> Self {
        let mut places = Self::default();
        let mut known = HashMap::new();
        places.walk(document, None, &mut known);
        for index in 1..places.all.len() {
            let is_open = match places.all[index].parent {
                Some((0, _)) | None => false,
                Some((parent, _)) => match places.all[parent].parent {
                    Some((0, Step::Member(name))) => open.contains(&name),
                    _ => places.all[parent].is_open,
                },
            };
            places.all[index].is_open = is_open;
        }
        places
    }

    fn walk(
        &mut self,
        value: &'v Value,
        parent: Option<(usize, Step<'v>)>,
        known: &mut HashMap<(usize, Option<&'v str>), usize>,
    ) {
        let index = self.all.len();
        if index == MOST {
            return;
        }
        let key = parent.map_or((usize::MAX, None), |(parent, step)| match step {
            Step::Member(name) => (self.all[parent].group, Some(name)),
            Step::Element(_) => (self.all[parent].group, None),
        });
        let group = *known.entry(key).or_insert_with(|| {
            self.groups.push(Vec::new());
            self.groups.len() - 1
        });
        self.groups[group].push(index);
        self.all.push(Place { value, parent, group, is_open: false });
        match value {
            Value::Array(elements) => {
                for (number, element) in elements.iter().enumerate() {
                    self.walk(element, Some((index, Step::Element(number))), known);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.walk(member, Some((index, Step::Member(name))), known);
                }
            }
            _ => {}
        }
    }

    /// The places of the values that `is` holds of.
    pub(crate) fn that<'p>(&'p self, is: impl Fn(&'v Value) -> bool + 'p) -> impl Iterator<Item = &'p Place<'v>> {
        self.all.iter().filter(move |place| is(place.value))
    }

    /// The way to a place.
    pub(crate) fn way(&self, index: usize) -> Way {
        let mut steps = Vec::new();
        let mut at = index;
        while let Some((parent, step)) = self.all[at].parent {
            steps.push(match step {
                Step::Member(name) => OwnStep::Member(name.to_owned()),
                Step::Element(number) => OwnStep::Element(number),
            });
            at = parent;
        }
        steps.reverse();
        Way(steps)
    }
}

/// The way to a place, for when the document is to change.
pub(crate) struct Way(Vec<OwnStep>);

enum OwnStep {
    Member(String),
    Element(usize),
}

impl Way {
    /// What stands there.
    pub(crate) fn of<'d>(&self, document: &'d mut Value) -> Option<&'d mut Value> {
        self.0.iter().try_fold(document, |value, step| match step {
            OwnStep::Member(name) => value.get_mut(name),
            OwnStep::Element(number) => value.get_mut(number),
        })
    }

    /// The value that this place is in, and how it is called there.
    pub(crate) fn holder<'d>(&self, document: &'d mut Value) -> Option<(&'d mut Value, Option<&str>)> {
        let (last, before) = self.0.split_last()?;
        let holder = before.iter().try_fold(document, |value, step| match step {
            OwnStep::Member(name) => value.get_mut(name),
            OwnStep::Element(number) => value.get_mut(number),
        })?;
        Some((
            holder,
            match last {
                OwnStep::Member(name) => Some(name),
                OwnStep::Element(_) => None,
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_only_in_elements_is_one_group_and_what_may_change_is_below_the_open_parts() {
        let document = json!({"a": {"lines": [{"n": 1}, {"n": 2}]}, "b": {"n": 3}});
        let places = Places::of(&document, &["a"]);
        let numbers: Vec<_> = places.that(Value::is_number).map(|place| (place.group, place.is_open)).collect();
        assert_eq!(numbers[0], numbers[1]);
        assert!(numbers[0].1 && !numbers[2].1 && numbers[0].0 != numbers[2].0);
        assert!(places.that(|value| value.get("lines").is_some()).all(|place| !place.is_open));
        let second = places.groups[numbers[0].0][1];
        assert_eq!(places.all[second].name(&places), Some("n"));
        let way = places.way(second);
        let mut document = document.clone();
        assert_eq!(way.of(&mut document), Some(&mut json!(2)));
        assert_eq!(
            way.holder(&mut document).map(|(holder, name)| (holder.clone(), name)),
            Some((json!({"n": 2}), Some("n")))
        );
    }
}
