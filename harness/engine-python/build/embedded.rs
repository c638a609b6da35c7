//! Finds the Python that the engine embeds, and hands its place on to every binary that links it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use pyo3_build_config::{InterpreterConfig, PythonImplementation};

pub(super) fn main() {
    println!("cargo::rerun-if-changed={RUNTIME}");
    let config = pyo3_build_config::get();
    let interpreter = Interpreter::ask(config);
    let lib_dir = link_dir(config, &interpreter);
    compile(&interpreter);
    // Where a soname is found first at run time is not where it was found at link time: without an rpath, a binary
    // linked against one Python 3.11 runs another.
    println!("cargo::rustc-link-arg=-Wl,-rpath,{}", interpreter.lib_dir.display());
    println!("cargo::rustc-link-search=native={}", lib_dir.display());
    println!("cargo::metadata=libdir={}", interpreter.lib_dir.display());
    println!("cargo::rustc-env=PARITY_PYTHON_VERSION={}", interpreter.version);
    println!("cargo::rustc-env=PARITY_PYTHON_HOME={}", interpreter.base_prefix);
}

/// The directory of the modules that handlers are called with.
const RUNTIME: &str = "runtime";

/// Compiles every module to a file under its name: compiling them takes a third of the time in which an interpreter starts.
const COMPILE: &str = r#"
import marshal, pathlib, sys
root, out = map(pathlib.Path, sys.argv[1:])
for file in root.rglob("*.py"):
    name = ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    code = compile(file.read_text(encoding="utf-8"), f"<{name}>", "exec", dont_inherit=True)
    (out / name).write_bytes(marshal.dumps(code))
"#;

fn compile(interpreter: &Interpreter) {
    let out_dir = env::var_os("OUT_DIR").unwrap_or_default();
    let output = Command::new(&interpreter.executable).args(["-I", "-c", COMPILE, RUNTIME]).arg(out_dir).output();
    if !output.as_ref().is_ok_and(|output| output.status.success()) {
        fail(&format!("{} cannot compile the modules in {RUNTIME}: {output:?}", interpreter.executable));
    }
}

struct Interpreter {
    executable: String,
    /// `sys.version` on one line, as `Py_GetVersion` gives it.
    version: String,
    base_prefix: String,
    lib_dir: PathBuf,
}

impl Interpreter {
    fn ask(config: &InterpreterConfig) -> Self {
        let executable = config.executable().unwrap_or("python3").to_owned();
        let script = "import sys, sysconfig; print(sys.version.replace('\\n', ' ')); print(sys.base_prefix); \
                      print(sysconfig.get_config_var('LIBDIR'))";
        let output = Command::new(&executable).args(["-I", "-c", script]).output();
        let text = match output {
            Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
            other => fail(&format!("{executable} cannot be asked where it lives: {other:?}")),
        };
        let mut lines = text.lines().map(str::to_owned);
        match (lines.next(), lines.next(), lines.next()) {
            (Some(version), Some(base_prefix), Some(lib_dir)) => {
                Self { executable, version, base_prefix, lib_dir: lib_dir.into() }
            }
            _ => fail(&format!("{executable} answered {text:?} when asked where it lives")),
        }
    }
}

/// The directory to link from. Debian's run-time package lacks the `.so` link that the linker looks for, so it is made.
fn link_dir(config: &InterpreterConfig, interpreter: &Interpreter) -> PathBuf {
    let name = config.lib_name().unwrap_or_default();
    let lib_dir = &interpreter.lib_dir;
    if config.implementation() != PythonImplementation::CPython || name.is_empty() {
        fail("parity embeds CPython; set PYO3_PYTHON to one that is at least 3.10");
    }
    if lib_dir.join(format!("lib{name}.so")).exists() {
        return lib_dir.clone();
    }
    let versioned = lib_dir.join(format!("lib{name}.so.1.0"));
    if !versioned.exists() {
        fail(&format!(
            "{} has no shared library lib{name}.so in {}. On Debian or Ubuntu: apt-get install lib{name}-dev (or \
             libpython3-dev). With pyenv: PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install 3.11. Or set PYO3_PYTHON to \
             another Python.",
            config.executable().unwrap_or("python3"),
            lib_dir.display()
        ));
    }
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    link(&versioned, &out_dir.join(format!("lib{name}.so")));
    out_dir
}

fn link(target: &Path, link: &Path) {
    let _ = std::fs::remove_file(link);
    if let Err(error) = std::os::unix::fs::symlink(target, link) {
        fail(&format!("{} cannot be linked to {}: {error}", link.display(), target.display()));
    }
}

fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    std::process::exit(1)
}
