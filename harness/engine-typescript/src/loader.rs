//! Finds and loads the modules of a tree: its own files, and those that the harness brings.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use parity_engine::allowed::Allowed;
use parity_model::Unplanned;
use rquickjs::WriteOptions;
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{Ctx, Error, Module};

use super::alias::{Alias, Aliases};
use super::embedded::{PACKAGE, embedded, names, source};
use super::packages::Package;
use super::paths::{beginning, candidates, is_relative, join};
use super::strip::{Runtime, Script, strip};

/// Begins the name of a module that is left to Node.
pub(super) const OF_NODE: &str = "npm:";

/// The modules of one tree. A module's name is its path below the root, with slashes.
#[derive(Debug)]
pub(super) struct Modules {
    root: PathBuf,
    aliases: Aliases,
    runtime: Runtime,
    scripts: HashMap<String, Script>,
    package_dirs: BTreeSet<String>,
    /// What QuickJS makes of modules, which every realm loads anew.
    compiled: HashMap<String, Arc<[u8]>>,
    problem: Option<Problem>,
    /// What an import reached for first that leads out.
    denied: Option<Unplanned>,
    /// What handlers may reach for all the same.
    allowed: Allowed,
}

/// The modules of Node that lead out, by what a report calls it.
const LEADING_OUT: [(&str, &[&str]); 4] = [
    ("file", &["fs", "fs/promises"]),
    ("network", &["dgram", "dns", "dns/promises", "http", "http2", "https", "net", "tls"]),
    ("process", &["child_process", "cluster", "inspector", "repl", "worker_threads"]),
    ("native_code", &["module", "v8", "vm"]),
];

/// What a specifier reaches for that leads out, and the module of Node's that does.
fn leads_out(specifier: &str) -> Option<(&'static str, &str)> {
    let name = specifier.strip_prefix("node:").unwrap_or(specifier);
    let (what, _) = LEADING_OUT.iter().find(|(_, names)| names.contains(&name))?;
    Some((what, name))
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
    pub(super) fn new(root: &Path, aliases: &[Alias], allowed: &Allowed, runtime: Runtime) -> SharedModules {
        Rc::new(RefCell::new(Self::unshared(root, aliases, allowed, runtime)))
    }

    /// The same for one owner.
    pub(super) fn unshared(root: &Path, aliases: &[Alias], allowed: &Allowed, runtime: Runtime) -> Self {
        let aliases = Aliases::new(root, aliases);
        let root = root.to_owned();
        Self {
            root,
            aliases,
            runtime,
            scripts: HashMap::new(),
            package_dirs: BTreeSet::new(),
            compiled: HashMap::new(),
            problem: None,
            denied: None,
            allowed: allowed.clone(),
        }
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

    /// What imports reached for since the last time that leads out.
    pub(super) fn take_denied(&mut self) -> Option<Unplanned> {
        self.denied.take()
    }

    /// Whether what is called so may be reached for. Of what has to do with processes, that is what starts programs.
    fn opens(&self, what: &str, name: &str) -> bool {
        self.allowed.opens(what) && (what != "process" || name == "child_process")
    }

    /// What a call reached for, as it is told: nobody denied what is allowed, but QuickJS does not have it.
    pub(super) fn told(&self, reached_for: Unplanned) -> Unplanned {
        match reached_for {
            Unplanned::Denied { what, detail } if self.opens(&what, &detail) => {
                Unplanned::Unsupported { what: format!("{detail}, which is Node's alone") }
            }
            other => other,
        }
    }

    /// The module that `name` means in the module `base`.
    pub(super) fn resolve(&mut self, base: &str, name: &str) -> Result<String, String> {
        let alias = self.aliases.named(name);
        let meant = alias.as_deref().unwrap_or(name);
        let described = match &alias {
            Some(target) => format!("it imports {name:?}, which an alias leads to {target:?}"),
            None => format!("it imports {name:?}"),
        };
        // An alias is seen from the root.
        let base = if alias.is_some() { "" } else { base };
        if is_relative(meant) {
            let path = join(base, meant)
                .ok_or_else(|| format!("{described}, which leaves the tree; {}", self.remedy(base, meant)))?;
            if let Some(part) = part_of_package(base, &path) {
                return Ok(part);
            }
            return self.find(&path).map_err(|tried| format!("{described}, but the tree holds none of {tried}"));
        }
        if let Some(module) = embedded(meant) {
            return Ok(module.to_owned());
        }
        let of_tree = self.aliases.of_tree(meant).into_iter().filter_map(|meaning| join("", &meaning));
        let found: Option<String> = of_tree.collect::<Vec<_>>().iter().find_map(|path| self.find(path).ok());
        if found.is_none()
            && let Some(package) = Package::find(&self.root, base, meant)
        {
            return self.package(&package, meant).map_err(|why| format!("{described}, but {why}"));
        }
        let reached_for = leads_out(meant).filter(|_| found.is_none());
        let is_open = reached_for.is_some_and(|(what, name)| self.opens(what, name));
        if let Some((what, name)) = reached_for {
            if is_open && self.runtime == Runtime::Node {
                return Ok(format!("{OF_NODE}node:{name}"));
            }
            let (what, detail) = (what.to_owned(), name.to_owned());
            self.denied.get_or_insert(Unplanned::Denied { what, detail });
        }
        found.ok_or_else(|| {
            if is_open {
                return format!("{described}, which --allow opens in Node, so name --engine node");
            }
            if let Some(dir) = beginning(&self.root, base, meant) {
                let dir = dir.display();
                return format!("{described}, which is found if the tree is {dir}, so name that with --typescript");
            }
            format!(
                "{described}, but a handler may import relative paths, packages of the tree's node_modules, what an --alias or the \
                 paths of a tsconfig.json lead to, and {}; the standard globals (crypto, Date, Math) need no import",
                names().collect::<Vec<_>>().join(", ")
            )
        })
    }

    /// What to do about an import that leaves the tree.
    fn remedy(&self, base: &str, meant: &str) -> String {
        match beginning(&self.root, base, meant) {
            Some(dir) => format!("it is found if the tree is {}, so name that with --typescript", dir.display()),
            None => "keep every file below its root or name an --alias".to_owned(),
        }
    }

    /// The module that a package is. Node finds it by itself, if it finds its directory.
    fn package(&mut self, package: &Package, specifier: &str) -> Result<String, String> {
        match self.runtime {
            Runtime::QuickJs => package.module(&self.root),
            Runtime::Node => {
                self.package_dirs.insert(package.dir.clone());
                Ok(format!("{OF_NODE}{specifier}"))
            }
        }
    }

    /// The directories below the root whose packages are imported.
    pub(super) fn package_dirs(&self) -> &BTreeSet<String> {
        &self.package_dirs
    }

    /// The module that a path means, or what was looked for.
    fn find(&self, path: &str) -> Result<String, String> {
        let candidates = candidates(path);
        let found = candidates.iter().find(|candidate| self.holds(candidate)).cloned();
        found.ok_or_else(|| candidates.join(", "))
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
        let source = match source(module) {
            Some(source) => format!("{source}{}", self.lacking(module)),
            None => fs::read_to_string(self.file(module)).map_err(|error| problem(None, error.to_string()))?,
        };
        let script = strip(&source, module, self.runtime).map_err(|error| problem(error.line, error.message))?;
        let code = script.code.clone();
        self.scripts.insert(module.to_owned(), script);
        Ok(code)
    }

    /// Reads files, to learn which names they import of the package.
    pub(super) fn look_into(&mut self, modules: &[&str]) {
        for module in modules {
            // What is wrong with it is said when it is loaded.
            let _ = self.script(module);
        }
    }

    /// Exports for what files of the tree import of the package and it does not have: they fail when they are used.
    fn lacking(&mut self, module: &str) -> String {
        let imports = self.scripts.iter().flat_map(|(importer, script)| {
            script.imports.iter().map(move |(specifier, name)| (importer.clone(), specifier.clone(), name.clone()))
        });
        let imports: Vec<(String, String, String)> = if module == PACKAGE { imports.collect() } else { Vec::new() };
        let own =
            source(module).and_then(|source| strip(source, module, self.runtime).ok()).map(|script| script.exports);
        let mut names: Vec<String> = imports
            .into_iter()
            .filter(|(importer, specifier, _)| self.resolve(importer, specifier).is_ok_and(|target| target == PACKAGE))
            .map(|(_, _, name)| name)
            .filter(|name| name != "default" && !own.as_ref().is_some_and(|own| own.contains(name)))
            .collect();
        names.sort();
        names.dedup();
        names.iter().fold(String::new(), |text, name| text + &format!("export const {name} = ofTheEngine({name:?});\n"))
    }

    /// The line on which a module names another one.
    pub(super) fn import_line(&self, module: &str, name: &str) -> Option<u32> {
        let source = fs::read_to_string(self.file(module)).ok()?;
        let names = [format!("'{name}'"), format!("\"{name}\"")];
        let index = source.lines().position(|line| names.iter().any(|name| line.contains(name)))?;
        u32::try_from(index + 1).ok()
    }
}

/// The module of the package that a path means in another one of them.
fn part_of_package(base: &str, path: &str) -> Option<String> {
    let part = format!("{}.ts", path.strip_suffix(".js")?);
    (base.starts_with(PACKAGE) && source(&part).is_some()).then_some(part)
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

/// A module of `code`, which is compiled once for all realms. It stays what it was then.
pub(super) fn compile<'js>(
    modules: &SharedModules,
    ctx: &Ctx<'js>,
    name: &str,
    code: impl FnOnce() -> rquickjs::Result<String>,
) -> rquickjs::Result<Module<'js, Declared>> {
    let compiled = modules.borrow().compiled.get(name).cloned();
    if let Some(compiled) = compiled {
        // SAFETY: QuickJS of this very program wrote it, and the modules live as long as the runtime, which owns their loader.
        return unsafe { Module::load(ctx.clone(), &compiled) };
    }
    let module = Module::declare(ctx.clone(), name, code()?)?;
    let compiled = module.write(WriteOptions::default())?.into();
    modules.borrow_mut().compiled.insert(name.to_owned(), compiled);
    Ok(module)
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
        compile(&self.0, ctx, name, || {
            let script = self.0.borrow_mut().script(name);
            script.map_err(|problem| {
                let error = Error::new_loading_message(name, &problem.message);
                self.0.borrow_mut().problem.get_or_insert(problem);
                error
            })
        })
    }
}
