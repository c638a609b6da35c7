//! Ruby handlers, written for `TaskerCore`, in a Ruby process of their own: see [`ruby`].
//!
//! ```no_run
//! use std::path::Path;
//! use std::time::Duration;
//!
//! use parity_engine::Engine;
//! use parity_engine::naming::Naming;
//! use parity_engine::process::Surroundings;
//!
//! let tree = Path::new("handlers/ruby");
//! let engine = parity_engine_ruby::ruby(("ruby", Path::new("ruby")), tree, &Naming::identities(), &Surroundings::default(), Duration::from_secs(10))?;
//! println!("{:?}", engine.handlers());
//! # Ok::<(), parity_engine::TreeError>(())
//! ```

mod ruby;

pub use ruby::ruby;
