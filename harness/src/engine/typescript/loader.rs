//! Finds and loads the modules of a tree: relative imports within it, and the embedded handler package.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;

use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{Ctx, Error, Module};

use super::strip::{Script, strip};

/// The package that handlers are written against; the harness brings its own.
pub(super) const PACKAGE: &str = "@tasker-systems/tasker";

const PACKAGE_SOURCE: &str = include_str!("../../../runtime/typescript/tasker.ts");

/// The modules of one tree. A module's name is its path below the root, with slashes.
#[derive(Debug)]
pub(super) struct Modules {
    root: PathBuf,
    scripts: HashMap<String, Script>,
    problem: Option<Problem>,
}

/// Why an import failed, and where.
#[derive(Debug)]
pub(super) struct Problem {
    /// The module in which it did.
    pub(super) module: String,
    /// The line, from 1.
    pub(super) line: Option<u32>,
    /// What is wrong.
    pub(super) message: String,
}

/// The modules as the engine and QuickJS share them.
pub(super) type SharedModules = Rc<RefCell<Modules>>;

impl Modules {
    /// No module is read yet.
    pub(super) fn new(root: PathBuf) -> SharedModules {
        Rc::new(RefCell::new(Self { root, scripts: HashMap::new(), problem: None }))
    }

    /// The file of a module, as the tree was named.
    pub(super) fn file(&self, module: &str) -> PathBuf {
        self.root.join(module)
    }

    /// The source position of a position in a module's JavaScript.
    pub(super) fn source(&self, module: &str, line: u32, column: u32) -> Option<(u32, u32)> {
        self.scripts.get(module)?.positions.source(line, column)
    }

    /// Why the last import failed, where that is known better than QuickJS can say.
    pub(super) fn take_problem(&mut self) -> Option<Problem> {
        self.problem.take()
    }

    /// The module that `name` means in the module `base`.
    pub(super) fn resolve(&mut self, base: &str, name: &str) -> Result<String, String> {
        if name == PACKAGE {
            return Ok(PACKAGE.to_owned());
        }
        if !name.starts_with("./") && !name.starts_with("../") && name != "." && name != ".." {
            return Err(format!(
                "it imports {name:?}, but a handler may import relative paths and {PACKAGE:?} only; the standard globals \
                 (crypto, Date, Math) need no import"
            ));
        }
        let path = join(base, name)
            .ok_or_else(|| format!("it imports {name:?}, which leaves the tree; keep every file below its root"))?;
        let candidates = candidates(&path);
        candidates
            .iter()
            .find(|candidate| self.holds(candidate))
            .cloned()
            .ok_or_else(|| format!("it imports {name:?}, but the tree holds none of {}", candidates.join(", ")))
    }

    /// Whether there is such a module. One that was read stays, whatever becomes of its file.
    fn holds(&self, module: &str) -> bool {
        self.scripts.contains_key(module) || self.root.join(module).is_file()
    }

    /// The JavaScript of a module, read and stripped the first time.
    pub(super) fn script(&mut self, module: &str) -> Result<String, Problem> {
        if let Some(script) = self.scripts.get(module) {
            return Ok(script.code.clone());
        }
        let problem = |line, message| Problem { module: module.to_owned(), line, message };
        let source = if module == PACKAGE {
            PACKAGE_SOURCE.to_owned()
        } else {
            fs::read_to_string(self.file(module)).map_err(|error| problem(None, error.to_string()))?
        };
        let script = strip(&source, module).map_err(|error| problem(error.line, error.message))?;
        let code = script.code.clone();
        self.scripts.insert(module.to_owned(), script);
        Ok(code)
    }

    /// The line on which a module names another one.
    pub(super) fn import_line(&self, module: &str, name: &str) -> Option<u32> {
        let source = fs::read_to_string(self.file(module)).ok()?;
        let names = [format!("'{name}'"), format!("\"{name}\"")];
        let index = source.lines().position(|line| names.iter().any(|name| line.contains(name)))?;
        u32::try_from(index + 1).ok()
    }
}

/// The path of `name` as seen from the module `base`; nothing when it climbs out of the root.
fn join(base: &str, name: &str) -> Option<String> {
    let mut path: Vec<&str> = base.split('/').collect();
    path.pop();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            part => path.push(part),
        }
    }
    Some(path.join("/"))
}

/// Files that a path without regard to its extension may mean, in the order in which they are tried.
fn candidates(path: &str) -> Vec<String> {
    if path.is_empty() {
        return vec!["index.ts".to_owned()];
    }
    match path.rsplit_once('.') {
        Some((stem, "js")) => vec![format!("{stem}.ts")],
        Some((_, "ts")) => vec![path.to_owned()],
        _ => vec![format!("{path}.ts"), format!("{path}/index.ts")],
    }
}

/// Hands module names of QuickJS to [`Modules`].
pub(super) struct TreeResolver(pub(super) SharedModules);

impl Resolver for TreeResolver {
    fn resolve<'js>(
        &mut self,
        _ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<String> {
        let mut modules = self.0.borrow_mut();
        modules.resolve(base, name).map_err(|message| {
            let line = modules.import_line(base, name);
            let error = Error::new_resolving_message(base, name, message.clone());
            modules.problem.get_or_insert(Problem { module: base.to_owned(), line, message });
            error
        })
    }
}

/// Hands module sources to QuickJS.
pub(super) struct TreeLoader(pub(super) SharedModules);

impl Loader for TreeLoader {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<Module<'js, Declared>> {
        let script = self.0.borrow_mut().script(name);
        match script {
            Ok(code) => Module::declare(ctx.clone(), name, code),
            Err(problem) => {
                let error = Error::new_loading_message(name, &problem.message);
                self.0.borrow_mut().problem.get_or_insert(problem);
                Err(error)
            }
        }
    }
}
