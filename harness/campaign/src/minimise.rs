//! Makes an input or a task as small as possible without losing what it shows or leaving its domain.

use std::time::Instant;

use parity_model::{Ambient, Zone};
use parity_schema::Domain;
use parity_shrink::{Answer, around, load_bearing_paths, shrink};
use serde_json::Value;

use crate::note::is_over;

/// How often the two sides are run at most to shrink one finding.
pub const SHRINK_BUDGET: u32 = 3000;

/// What can become smaller: a document, and the clock and randomness.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shrinkable {
    pub(crate) document: Value,
    pub(crate) ambient: Ambient,
}

/// Something that is made smaller: how a candidate becomes an input of kind `I`, and whether that still shows the finding.
pub(crate) struct Minimiser<'a, I, E> {
    /// Which documents are well-formed. A smaller document is only looked at if it is, or if the first one is not, either.
    pub(crate) domain: &'a Domain,
    /// The input that a candidate stands for, if it stands for one.
    pub(crate) build: &'a dyn Fn(&Value, &Ambient) -> Option<I>,
    /// Whether an input shows the finding.
    pub(crate) shows: &'a mut dyn FnMut(I) -> Result<bool, E>,
    /// When to stop.
    pub(crate) limit: Option<Instant>,
}

impl<I, E> Minimiser<'_, I, E> {
    /// The smallest that shows the finding, and how often that was asked.
    pub(crate) fn minimise(&mut self, start: Shrinkable) -> Result<(Shrinkable, u32), E> {
        let well_formed = self.domain.holds(&start.document);
        let Shrinkable { mut document, mut ambient } = start;
        let mut evaluations = self.plainer_ambient(&document, &mut ambient)?;
        loop {
            let minimal = shrink(document, SHRINK_BUDGET, &mut |document| self.ask(document, &ambient, well_formed))?;
            document = minimal.value;
            evaluations += minimal.evaluations;
            // A smaller document may no longer need its time.
            let before = ambient.clone();
            evaluations += self.plainer_ambient(&document, &mut ambient)?;
            if ambient == before || is_over(self.limit) {
                return Ok((Shrinkable { document, ambient }, evaluations));
            }
        }
    }

    /// JSON Pointers to the parts of a minimal document on which it depends that the finding shows.
    pub(crate) fn load_bearing(&mut self, minimal: &Shrinkable) -> Result<Vec<String>, E> {
        let well_formed = self.domain.holds(&minimal.document);
        load_bearing_paths(&minimal.document, &mut |document| self.ask(document, &minimal.ambient, well_formed))
    }

    /// Whether most of the documents around a minimal one show the finding, too: it does not take particular values.
    pub(crate) fn is_broad(&mut self, minimal: &Shrinkable, matters: &[String]) -> Result<bool, E> {
        let well_formed = self.domain.holds(&minimal.document);
        let (mut shown, mut asked) = (0, 0);
        for document in around(&minimal.document, matters) {
            match self.ask(&document, &minimal.ambient, well_formed)? {
                Answer::Holds => (shown, asked) = (shown + 1, asked + 1),
                Answer::HoldsNot => asked += 1,
                Answer::OutOfDomain | Answer::OutOfTime => {}
            }
        }
        Ok(shown * 2 > asked)
    }

    fn ask(&mut self, document: &Value, ambient: &Ambient, well_formed: bool) -> Result<Answer, E> {
        if is_over(self.limit) {
            return Ok(Answer::OutOfTime);
        }
        let input = (self.build)(document, ambient).filter(|_| !well_formed || self.domain.holds(document));
        let Some(candidate) = input else { return Ok(Answer::OutOfDomain) };
        Ok(if (self.shows)(candidate)? { Answer::Holds } else { Answer::HoldsNot })
    }

    /// Puts default values in the place of clock and randomness, as far as the finding allows; returns how often it was asked.
    fn plainer_ambient(&mut self, document: &Value, ambient: &mut Ambient) -> Result<u32, E> {
        let mut evaluations = 0;
        let default = Ambient::default();
        let Ambient { now, ref zone, entropy, .. } = *ambient;
        let with = |zone: &Zone| {
            let zone = zone.clone();
            let plainest = Ambient { zone, ..default.clone() };
            [plainest.clone(), Ambient { entropy, ..plainest.clone() }, Ambient { now, ..plainest }]
        };
        let in_utc = Ambient { zone: Zone::default(), ..ambient.clone() };
        let plainer = [with(&default.zone).as_slice(), &[in_utc], &with(zone)].concat();
        for plainer in plainer {
            if *ambient == plainer {
                break;
            }
            let Some(candidate) = (self.build)(document, &plainer) else { break };
            evaluations += 1;
            if (self.shows)(candidate)? {
                *ambient = plainer;
                break;
            }
        }
        Ok(evaluations)
    }
}
