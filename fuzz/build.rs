//! Link arguments do not reach the dependents of a library, so the targets repeat the embedded Python's rpath.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Ok(lib_dir) = std::env::var("DEP_PARITY_PYTHON_LIBDIR") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{lib_dir}");
    }
}
