//! Literals of the code in drawn values: a threshold or a coupon code that stands only in the code is met by no blind draw.

mod mixer;
mod numbers;
mod places;
mod texts;

pub use mixer::{Mixer, Part};
