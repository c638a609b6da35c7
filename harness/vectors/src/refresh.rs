//! Promoted vectors of our own, which the oracle answers anew.

use parity_schema::Domain;

use super::examine::Examined;
use super::flag::Flag;
use super::model::Vector;

/// A promoted vector with what the oracle answers to it now.
pub(super) fn refreshed(vector: &Vector, domain: &Domain) -> Vector {
    match Examined::new(&vector.input) {
        Some(examined) => {
            let mut flags = examined.flags(domain);
            flags.push(Flag::Regression.name().to_owned());
            flags.sort();
            Vector::new(examined.input, examined.outcome, flags, vector.note.clone())
        }
        None => vector.clone(),
    }
}
