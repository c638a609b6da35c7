//! Values that depend on one another: equal, nearly equal, the sum of others, so many days apart, the same text in another form.
//! A schema says nothing of that, and what is drawn value by value never shows it.

mod around;
pub(crate) mod decimal;
mod lists;
mod numbers;
mod stamp;
mod step;
mod texts;
mod times;
mod twins;

pub use step::{Room, relate};
