//! Golden vectors: chosen step inputs with the outcomes that the oracle plans for them, and divergences that were found and
//! are kept.
//!
//! ```text
//! cases -> examine -> select -> minimise -> vector file -> replay on every engine -> store
//! ```

mod answering;
mod boundary;
mod case_pool;
mod check;
mod diff;
mod edges;
mod error;
mod examine;
mod feature;
mod flag;
mod identity;
mod minimise;
mod model;
mod notes;
mod nudge;
mod on_suite;
mod promote;
mod refresh;
mod regenerate;
mod replay;
mod schema;
mod select;
mod store;
mod traces;

pub use answering::{Answering, Mismatch};
pub use check::{Problem, check, check_promoted};
pub use diff::{Cause, Change, Changes, diff};
pub use error::VectorError;
pub use examine::Examined;
pub use flag::{Flag, class_flag};
pub use identity::id_of;
pub use model::{Provenance, TraceFile, TraceVector, Vector, VectorFile};
pub use on_suite::OnSuite;
pub use promote::promote;
pub use regenerate::{Regenerated, Request, regenerate};
pub use replay::{Engines, mismatches};
pub use schema::{SCHEMA_FILE, schema};
pub use select::select;
pub use store::Store;
