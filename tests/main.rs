//! The integration tests, one binary: it links the interpreters once.
