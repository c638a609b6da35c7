//! Link arguments do not reach the dependents of a library, so the integration tests repeat the harness's rpath. And the
//! tests of the planted defects are made from the files that are there.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=fixtures/defects");
    if let Ok(lib_dir) = std::env::var("DEP_PARITY_HARNESS_LIBDIR") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{lib_dir}");
    }
}
