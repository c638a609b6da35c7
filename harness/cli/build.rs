//! Repeats the embedded Python's rpath, since link arguments do not reach the dependents of a library.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The tests of the planted defects and of the golden vectors are made from the files that are there.
    println!("cargo::rerun-if-changed=../../fixtures/defects");
    println!("cargo::rerun-if-changed=../../vectors");
    if let Ok(lib_dir) = std::env::var("DEP_PARITY_PYTHON_LIBDIR") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{lib_dir}");
    }
}
