//! Takes the digest of the oracle's sources, which golden vectors name as the one that made them, and repeats the embedded
//! Python's rpath for the tests.

use std::path::Path;

use sha2::{Digest, Sha256};

const ORACLE: &str = "../../reference_rs/src";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={ORACLE}");
    println!("cargo::rustc-env=PARITY_ORACLE_DIGEST=sha256:{}", oracle_digest());
    if let Ok(lib_dir) = std::env::var("DEP_PARITY_PYTHON_LIBDIR") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{lib_dir}");
    }
}

/// The digest of all sources of the oracle, each with its path, in the order of the paths. Line endings do not count.
fn oracle_digest() -> String {
    let root = Path::new(ORACLE);
    let mut files = Vec::new();
    let mut dirs = vec![root.to_owned()];
    while let Some(dir) = dirs.pop() {
        let entries = std::fs::read_dir(&dir).unwrap_or_else(|error| fail(&format!("{}: {error}", dir.display())));
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let parts = path.strip_prefix(root).unwrap_or(&path).components();
                let name: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
                files.push((name.join("/"), path));
            }
        }
    }
    files.sort();
    let mut hasher = Sha256::new();
    for (name, path) in files {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| fail(&format!("{}: {error}", path.display())));
        let text = text.replace("\r\n", "\n");
        hasher.update(format!("{name}\n{}\n{text}", text.len()));
    }
    format!("{:x}", hasher.finalize())
}

fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    std::process::exit(1)
}
