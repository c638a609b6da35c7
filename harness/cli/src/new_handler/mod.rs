//! `parity new-handler`: skeletons of everything that only a person can write about a handler.
//!
//! ```text
//! name -> place -> skeletons -> files
//! ```

mod command;
mod error;
mod name;
mod place;
mod skeletons;

pub(super) use command::{NewHandlerArgs, new_handler};
pub use error::NewHandlerError;
