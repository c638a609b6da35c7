//! The command line `parity`.

fn main() {}
