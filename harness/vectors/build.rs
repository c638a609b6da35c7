//! Repeats the embedded Python's rpath for the tests.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Ok(lib_dir) = std::env::var("DEP_PARITY_PYTHON_LIBDIR") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{lib_dir}");
    }
}
