//! The integration tests, one binary: it links the interpreters once.

mod campaign_test;
mod defects_test;
mod support;
mod typescript_ambient_test;
mod typescript_bridge_test;
mod typescript_engine_test;
mod typescript_tree_test;
mod typescript_trees;
mod worked_examples_test;
