//! What a confined process may read.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// What every program reads without being told to: libraries, time zones, locales, certificates, what the kernel says.
const SYSTEM: &[&str] = &[
    "/bin/sh",
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/local/lib64",
    "/nix/store",
    "/gnu/store",
    "/usr/share/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/usr/share/locale",
    "/usr/share/i18n",
    "/usr/share/icu",
    "/usr/share/nodejs",
    "/usr/share/ca-certificates",
    "/etc/zoneinfo",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/locale.alias",
    "/etc/ld.so.cache",
    "/etc/ld.so.preload",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
    "/proc",
    "/sys",
];

/// What looking up the name of a machine or of a service reads.
const NAMES: &[&str] = &[
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/protocols",
    "/etc/resolv.conf",
    "/etc/services",
];

/// What the names of modules end in. A link that leads out of a tree leads to these alone.
const MODULES: &[&str] = &["py", "rb", "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

/// A directory of packages, in which only the packages themselves are looked at.
const PACKAGES: &str = "node_modules";

/// As many entries of directories are looked at for links.
const MOST: usize = 100_000;

/// Files and directories, by what they really are.
#[derive(Clone, Debug, Default)]
pub struct Readable {
    /// Files, and directories with all that is in them.
    whole: BTreeSet<PathBuf>,
    /// Directories that may be listed.
    listed: BTreeSet<PathBuf>,
}

impl Readable {
    /// What every program needs.
    #[must_use]
    pub fn of_the_system() -> Self {
        SYSTEM.iter().fold(Self::default(), Self::with)
    }

    /// The same with a file, or with a directory and all that is in it, if it is there.
    #[must_use]
    pub fn with(mut self, path: impl AsRef<Path>) -> Self {
        self.whole.extend(path.as_ref().canonicalize().ok());
        self
    }

    /// The same with what looking up a name reads.
    #[must_use]
    pub fn with_names(self) -> Self {
        NAMES.iter().fold(self, Self::with)
    }

    /// The same with a tree of handlers, and with the modules that links lead to from it.
    #[must_use]
    pub fn with_tree(mut self, tree: &Path) -> Self {
        let Ok(root) = tree.canonicalize() else { return self };
        let mut left = MOST;
        let mut links = Vec::new();
        find_links(&root, &mut links, &mut left);
        for link in links {
            let Ok(leads_to) = link.canonicalize() else { continue };
            // All that is around the tree is no part of it.
            if leads_to.starts_with(&root) || root.starts_with(&leads_to) {
                continue;
            }
            if link.parent().is_some_and(is_packages) || link.parent().and_then(Path::parent).is_some_and(is_packages) {
                self.whole.insert(leads_to);
            } else {
                self.add_modules(&leads_to, &mut left);
            }
        }
        self.whole.insert(root);
        self
    }

    fn add_modules(&mut self, place: &Path, left: &mut usize) {
        if place.is_file() {
            if is_module(place) {
                self.whole.insert(place.to_owned());
            }
            return;
        }
        if !self.listed.insert(place.to_owned()) {
            return;
        }
        for entry in entries(place, left) {
            let kind = entry.file_type();
            if kind.as_ref().is_ok_and(fs::FileType::is_dir) {
                self.add_modules(&entry.path(), left);
            } else if kind.is_ok_and(|kind| kind.is_file()) && is_module(&entry.path()) {
                self.whole.insert(entry.path());
            }
        }
    }

    /// Whether it holds a path that has no links in it.
    pub(crate) fn holds(&self, real: &Path) -> bool {
        real.ancestors().any(|place| self.whole.contains(place)) || self.listed.contains(real)
    }

    /// All files, and directories with what is in them.
    pub(crate) fn whole(&self) -> impl Iterator<Item = &Path> {
        self.whole.iter().map(PathBuf::as_path)
    }

    /// All directories that may be listed.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &Path> {
        self.listed.iter().map(PathBuf::as_path)
    }
}

fn is_module(file: &Path) -> bool {
    file.extension().and_then(OsStr::to_str).is_some_and(|ending| MODULES.contains(&ending))
}

fn is_packages(dir: &Path) -> bool {
    dir.file_name().is_some_and(|name| name == PACKAGES)
}

/// The entries of a directory, as long as there is patience left.
fn entries(dir: &Path, left: &mut usize) -> Vec<fs::DirEntry> {
    let found: Vec<fs::DirEntry> = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok).take(*left).collect();
    *left -= found.len();
    found
}

/// Finds the links below a directory. Those within packages are the packages' own.
fn find_links(dir: &Path, links: &mut Vec<PathBuf>, left: &mut usize) {
    for entry in entries(dir, left) {
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        if kind.is_symlink() {
            links.push(path);
        } else if kind.is_dir() {
            let is_scope = entry.file_name().as_encoded_bytes().starts_with(b"@");
            if !is_packages(dir) || is_scope {
                find_links(&path, links, left);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use rstest::rstest;

    use super::*;

    /// A tree with links, and what is around it.
    fn around() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in
            ["tree/a.py", "common/money.py", "common/key.txt", "common/deep/b.ts", "pkg/index.js", "pkg/data.bin"]
        {
            let file = dir.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        fs::create_dir_all(dir.path().join("tree/node_modules/@shop")).unwrap();
        for (link, leads_to) in [
            ("tree/common", "../common"),
            ("tree/key", "../common/key.txt"),
            ("tree/up", ".."),
            ("tree/node_modules/@shop/pkg", "../../../pkg"),
        ] {
            symlink(leads_to, dir.path().join(link)).unwrap();
        }
        dir
    }

    #[rstest]
    #[case::of_the_tree("tree/a.py", true)]
    #[case::a_module_behind_a_link("common/money.py", true)]
    #[case::deeper("common/deep/b.ts", true)]
    #[case::listed("common", true)]
    #[case::no_module("common/key.txt", false)]
    #[case::around("", false)]
    #[case::a_linked_package("pkg/data.bin", true)]
    fn a_link_out_of_a_tree_leads_to_modules_alone(#[case] place: &str, #[case] is_held: bool) {
        let dir = around();
        let readable = Readable::default().with_tree(&dir.path().join("tree"));
        let real = dir.path().canonicalize().unwrap().join(place);
        assert_eq!(readable.holds(real.components().as_path()), is_held, "{readable:?}");
    }
}
