//! A copy of a tree: the same files in another place, with other times.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use parity_engine::scratch::ScratchDir;

/// What is made from what a tree holds, or about it. All else may be imported or read: packages, files whose names begin with a
/// dot, and links too.
const SKIPPED: [&str; 2] = ["__pycache__", ".git"];

/// Where directories are put that links lead to from the tree, and that are not in it. A loader that follows no links looks
/// into no directory of such a name, either.
const ASIDE: &str = ".parity-links";

/// A tree that goes with this.
#[derive(Debug)]
pub(super) struct TreeCopy {
    _dir: ScratchDir,
    place: PathBuf,
}

impl TreeCopy {
    /// Copies `tree`.
    pub(super) fn new(tree: &Path) -> io::Result<Self> {
        let root = tree.canonicalize()?;
        let dir = ScratchDir::new()?;
        // The copy keeps its name, by which its files may import one another.
        let name = root.file_name().map_or_else(|| "tree".into(), OsString::from);
        let place = dir.path().canonicalize()?.join(name);
        let mut copier = Copier { copied: vec![(root.clone(), place.clone())] };
        copier.copy_dir(&root, &place)?;
        Ok(Self { _dir: dir, place })
    }

    /// Its root.
    pub(super) fn path(&self) -> &Path {
        &self.place
    }
}

/// What is being copied: directories with their places, the tree first.
struct Copier {
    copied: Vec<(PathBuf, PathBuf)>,
}

impl Copier {
    fn copy_dir(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let (name, kind) = (entry.file_name(), entry.file_type()?);
            if SKIPPED.iter().any(|skipped| name == *skipped) {
                continue;
            }
            let (source, target) = (entry.path(), to.join(&name));
            let copied = if kind.is_symlink() {
                self.copy_link(&source, &target)
            } else if kind.is_dir() {
                self.copy_dir(&source, &target)
            } else if kind.is_file() {
                fs::copy(&source, &target).map(drop)
            } else {
                // A socket or a pipe.
                Ok(())
            };
            match copied {
                // What can not be read can not be imported, either.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                copied => copied?,
            }
        }
        Ok(())
    }

    /// A link to what was copied leads to the copy; what one out of the tree leads to is copied, each directory once.
    fn copy_link(&mut self, source: &Path, target: &Path) -> io::Result<()> {
        // One that leads nowhere, or round and round, leads there in the copy, too.
        let Ok(leads_to) = source.canonicalize() else { return symlink(fs::read_link(source)?, target) };
        if let Some(place) = self.place_of(&leads_to) {
            return symlink(place, target);
        }
        if leads_to.is_file() {
            return fs::copy(&leads_to, target).map(drop);
        }
        let (tree, copy) = &self.copied[0];
        if tree.starts_with(&leads_to) {
            // All that is around the tree is no part of it.
            return symlink(leads_to, target);
        }
        let place = copy.join(ASIDE).join(self.copied.len().to_string());
        self.copied.push((leads_to.clone(), place.clone()));
        if leads_to.is_dir() {
            self.copy_dir(&leads_to, &place)?;
        }
        symlink(place, target)
    }

    fn place_of(&self, original: &Path) -> Option<PathBuf> {
        self.copied.iter().find_map(|(from, to)| Some(to.join(original.strip_prefix(from).ok()?)))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use tempfile::TempDir;

    use super::*;

    /// A directory with a tree and something beside it.
    fn around() -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("tree/h.py", "import a"),
            ("tree/node_modules/tiny/index.js", "export const tiny = 1"),
            ("tree/.hidden/x.json", "{}"),
            ("tree/.env", "A=1"),
            ("tree/.venv/pyvenv.cfg", "home = /usr"),
            ("tree/.venv/lib/site-packages/p.py", "P = 1"),
            ("tree/__pycache__/h.pyc", "code"),
            ("tree/.git/config", "[core]"),
            ("common/support/__init__.py", "from .money import *"),
            ("common/support/money.py", "CENTS = 100"),
            ("common/rates.json", "[1]"),
        ] {
            let file = dir.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        dir
    }

    fn copy_with_link(link: &str, leads_to: &str) -> (TempDir, TreeCopy) {
        let dir = around();
        symlink(leads_to, dir.path().join("tree").join(link)).unwrap();
        let copy = TreeCopy::new(&dir.path().join("tree")).unwrap();
        (dir, copy)
    }

    #[rstest]
    #[case("h.py", true)]
    #[case("node_modules/tiny/index.js", true)]
    #[case(".hidden/x.json", true)]
    #[case(".env", true)]
    #[case(".venv/lib/site-packages/p.py", true)]
    #[case("__pycache__", false)]
    #[case(".git", false)]
    fn all_that_can_be_imported_or_read_is_copied(#[case] name: &str, #[case] is_copied: bool) {
        let dir = around();
        let copy = TreeCopy::new(&dir.path().join("tree")).unwrap();
        assert!(copy.path().ends_with("tree") && !copy.path().starts_with(dir.path()));
        assert_eq!(copy.path().join(name).exists(), is_copied);
    }

    #[rstest]
    #[case::a_file("a.py", "h.py", "h.py")]
    #[case::a_directory("hidden", ".hidden", ".hidden")]
    #[case::the_tree_itself("a", ".", "")]
    #[case::a_way_out_and_in("a", "../tree/.hidden", ".hidden")]
    fn a_link_within_the_tree_leads_to_the_same_in_the_copy(
        #[case] link: &str,
        #[case] leads_to: &str,
        #[case] expected: &str,
    ) {
        let (dir, copy) = copy_with_link(link, leads_to);
        let link = copy.path().join(link);
        assert!(link.is_symlink());
        assert_eq!(link.canonicalize().unwrap(), copy.path().join(expected).canonicalize().unwrap());
        drop(dir);
        assert!(link.exists());
    }

    #[test]
    fn an_absolute_link_into_the_tree_leads_into_the_copy() {
        let dir = around();
        let tree = dir.path().canonicalize().unwrap().join("tree");
        symlink(tree.join(".env"), tree.join("env")).unwrap();
        let copy = TreeCopy::new(&tree).unwrap();
        assert_eq!(copy.path().join("env").canonicalize().unwrap(), copy.path().join(".env"));
    }

    #[rstest]
    #[case::a_file("rates.json", "../common/rates.json", "rates.json", "[1]")]
    #[case::a_directory("support", "../common/support", "support/money.py", "CENTS = 100")]
    fn a_link_out_of_the_tree_is_followed(
        #[case] link: &str,
        #[case] leads_to: &str,
        #[case] file: &str,
        #[case] text: &str,
    ) {
        let (dir, copy) = copy_with_link(link, leads_to);
        let tree = dir.path().join("tree");
        assert_eq!(copy.path().join(link).is_dir(), tree.join(link).is_dir());
        // A loader that follows no links to directories sees the same in both.
        assert_eq!(copy.path().join(link).is_symlink(), tree.join(link).is_dir());
        drop(dir);
        assert_eq!(fs::read_to_string(copy.path().join(file)).unwrap(), text);
        assert!(copy.path().join(file).canonicalize().unwrap().starts_with(copy.path()));
    }

    #[test]
    fn cycles_of_links_end() {
        let dir = around();
        let (tree, common) = (dir.path().join("tree"), dir.path().join("common"));
        for (link, leads_to) in [("a", "b"), ("b", "a"), ("up", ".."), ("nowhere", "gone"), ("common", "../common")] {
            symlink(leads_to, tree.join(link)).unwrap();
        }
        symlink(".", common.join("again")).unwrap();
        symlink("../tree", common.join("back")).unwrap();
        let copy = TreeCopy::new(&tree).unwrap();
        for link in ["a", "nowhere"] {
            assert!(copy.path().join(link).is_symlink() && !copy.path().join(link).exists());
        }
        assert_eq!(copy.path().join("up").canonicalize().unwrap(), dir.path().canonicalize().unwrap());
        assert_eq!(copy.path().join("common/back").canonicalize().unwrap(), copy.path());
        let common = copy.path().join("common").canonicalize().unwrap();
        assert_eq!(common.join("again").canonicalize().unwrap(), common);
    }
}
