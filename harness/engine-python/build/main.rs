//! What the embedded CPython needs before the engine is compiled, if there is to be one.

#[cfg(feature = "embedded")]
mod embedded;

fn main() {
    println!("cargo::rerun-if-changed=build");
    #[cfg(feature = "embedded")]
    embedded::main();
}
