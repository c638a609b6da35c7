//! Ruby handlers, written for `TaskerCore`, in a Ruby process of their own: see [`ruby`].
//!
//! ```no_run
//! use std::path::Path;
//! use std::time::Duration;
//!
//! use parity_engine::Engine;
//! use parity_engine::allowed::Allowed;
//! use parity_engine::naming::Naming;
//! use parity_engine::process::Surroundings;
//!
//! let tree = Path::new("handlers/ruby");
//! let (naming, allowed, surroundings) = (Naming::identities(), Allowed::default(), Surroundings::default());
//! let program = ("ruby", Path::new("ruby"));
//! let engine = parity_engine_ruby::ruby(program, tree, &naming, &allowed, &surroundings, Duration::from_secs(10))?;
//! println!("{:?}", engine.handlers());
//! # Ok::<(), parity_engine::TreeError>(())
//! ```

mod ruby;

pub use ruby::ruby;
