//! Why a vector is there, in one sentence.

use std::collections::BTreeSet;

use reference_rs::OutcomeClass;

use super::feature::Feature;
use super::flag::class_flag;

/// The note of a vector that was chosen for one feature.
pub(super) fn of_feature(class: OutcomeClass, feature: &Feature) -> String {
    match feature {
        Feature::Class => format!("The smallest input found that ends in {}.", class_flag(class)),
        feature => format!("Ends in {} and shows {feature}.", class_flag(class)),
    }
}

/// The note of a further vector of an outcome.
pub(super) fn another(class: OutcomeClass) -> String {
    format!("Another input that ends in {}.", class_flag(class))
}

/// The note of a vector that has many features at once.
pub(super) fn fuller(class: OutcomeClass, features: &BTreeSet<Feature>) -> String {
    let edges: Vec<&str> = features
        .iter()
        .filter_map(|feature| match feature {
            Feature::Edge(flag) => Some(flag.name()),
            _ => None,
        })
        .collect();
    let of = if edges.is_empty() { String::new() } else { format!(", among them {}", edges.join(", ")) };
    format!("A fuller input that ends in {} and has {} features at once{of}.", class_flag(class), features.len())
}
