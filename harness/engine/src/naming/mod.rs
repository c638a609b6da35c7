//! Who a handler is: what templates and handlers call it, and which identity they mean.

mod inventory;
mod resolve;
mod spelling;

pub use inventory::{Inventory, NotLoaded, ResolvedHandler, Sighting, Unused, WhyAbsent, WhyUnused};
pub use resolve::Naming;
pub use spelling::Spelling;
