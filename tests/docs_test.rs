//! The written pages are those that the sources ask for, and a stale one is noticed; what the pages for people point to exists.

use std::fs;
use std::path::{Path, PathBuf};

use parity_blog::docs::{DocsError, Pages};
use similar_asserts::assert_eq;
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(crate::support::ROOT)
}

#[test]
fn the_pages_are_up_to_date() {
    let stale = Pages::render(root()).unwrap().stale().unwrap();
    assert_eq!(stale, Vec::<PathBuf>::new(), "write them again with `cargo parity docs`");
}

/// A repository with what the pages are made of, and its pages.
fn repository() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for part in ["reference_rs/src", "handlers", "fixtures/templates", "docs"] {
        copy(&root().join(part), &dir.path().join(part));
    }
    Pages::render(dir.path()).unwrap().write().unwrap();
    dir
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), target).unwrap();
        } else if entry.file_name() != "node_modules" && entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        }
    }
}

fn stale(repository: &TempDir) -> Vec<String> {
    let stale = Pages::render(repository.path()).unwrap().stale().unwrap();
    stale.iter().map(|file| file.strip_prefix(repository.path()).unwrap().display().to_string()).collect()
}

fn edit(repository: &TempDir, file: &str, from: &str, to: &str) {
    let file = repository.path().join(file);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{from:?} is not in {}", file.display());
    fs::write(&file, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_changed_source_makes_its_page_stale() {
    let repository = repository();
    assert_eq!(stale(&repository), Vec::<String>::new());
    edit(&repository, "handlers/python/post_01_ecommerce/validate_cart_handler.py", "prices the cart", "prices it");
    assert_eq!(stale(&repository), ["docs/gitbook/ecommerce/validate_cart.md"]);
    Pages::render(repository.path()).unwrap().write().unwrap();
    assert_eq!(stale(&repository), Vec::<String>::new());
}

#[test]
fn what_handlers_share_has_pages() {
    let repository = repository();
    edit(&repository, "handlers/python/support/model.py", "Models of", "The models of");
    edit(&repository, "handlers/typescript/post_01_ecommerce/order.ts", "Models of", "The models of");
    edit(&repository, "handlers/typescript/register.ts", "all handlers", "every handler");
    let pages = ["docs/gitbook/ecommerce/models.md", "docs/gitbook/registration.md", "docs/gitbook/support.md"];
    assert_eq!(stale(&repository), pages);
}

#[test]
fn a_changed_template_makes_page_and_overview_stale() {
    let repository = repository();
    let template = "fixtures/templates/ecommerce_order_processing.yaml";
    edit(&repository, template, "dependencies: [create_order]", "dependencies: [validate_cart]");
    let python = "handlers/python/config/tasks/ecommerce_order_processing.yaml";
    let pages = ["docs/gitbook/README.md", "docs/gitbook/ecommerce/send_confirmation.md", python];
    assert_eq!(stale(&repository), pages);
}

#[test]
fn an_edited_table_and_a_page_of_nobody_are_stale() {
    let repository = repository();
    edit(&repository, "handlers/README.md", "`ValidateCartHandler`", "`CheckCartHandler`");
    let orphan = repository.path().join("docs/gitbook/ecommerce/nobody.md");
    fs::write(&orphan, "").unwrap();
    assert_eq!(stale(&repository), ["docs/gitbook/ecommerce/nobody.md", "handlers/README.md"]);
    Pages::render(repository.path()).unwrap().write().unwrap();
    assert_eq!((stale(&repository), orphan.exists()), (Vec::new(), false));
}

#[test]
fn what_is_missing_is_named() {
    let repository = repository();
    let python = repository.path().join("handlers/python/post_01_ecommerce/create_order_handler.py");
    fs::remove_file(python).unwrap();
    let error = Pages::render(repository.path()).unwrap_err();
    assert!(
        matches!(error, DocsError::NoSource { handler: "ecommerce/create_order", language: "Python", .. }),
        "{error}"
    );
    assert!(error.to_string().contains("create_order_handler.py"), "{error}");
}

#[test]
fn a_page_without_marks_is_left_alone() {
    let repository = repository();
    edit(&repository, "handlers/README.md", "<!-- end of mapping -->", "");
    let error = Pages::render(repository.path()).unwrap_err();
    assert!(matches!(error, DocsError::NoMarks { .. }), "{error}");
}

/// The pages that people write, beside those in `docs/`.
const PAGES: [&str; 11] = [
    "README.md",
    "DESIGN.md",
    "CONTRIBUTING.md",
    "benches/peers/README.md",
    "fixtures/foreign/README.md",
    "fuzz/README.md",
    "handlers/README.md",
    "handlers/python/README.md",
    "handlers/typescript/README.md",
    "reference_rs/README.md",
    "vectors/README.md",
];

fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let docs = docs.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    PAGES.into_iter().map(|page| root().join(page)).chain(docs).collect()
}

/// The text of a page without its blocks of code.
fn prose(page: &Path) -> String {
    let text = fs::read_to_string(page).unwrap();
    text.split("```").step_by(2).collect()
}

/// What a page has in back-ticks that begins like a path from the root, with all that `{a,b}` stands for.
fn paths_in(prose: &str) -> Vec<String> {
    let is_place = |first: &str| !["", "target"].contains(&first) && root().join(first).is_dir();
    let spans = prose.split('`').skip(1).step_by(2).filter(|span| !span.contains(char::is_whitespace));
    spans.filter(|span| span.split_once('/').is_some_and(|(first, _)| is_place(first))).flat_map(expanded).collect()
}

fn expanded(span: &str) -> Vec<String> {
    let parts = span.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?)));
    let Some((head, (choices, tail))) = parts else { return vec![span.to_owned()] };
    choices.split(',').map(|choice| format!("{head}{choice}{tail}")).collect()
}

/// The targets of a page's links into the repository.
fn links_in(prose: &str) -> Vec<String> {
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    targets.filter(|target| !target.is_empty() && !target.contains("://")).map(str::to_owned).collect()
}

/// Whether there is such a file or directory; of a pattern or a `<name>`, what it is in.
fn exists(dir: &Path, path: &str) -> bool {
    let known = path.split('/').take_while(|part| !part.contains(['*', '<', '…']));
    dir.join(known.collect::<PathBuf>()).exists()
}

#[test]
fn what_the_pages_point_to_exists() {
    let (mut missing, mut seen) = (Vec::new(), 0);
    for page in pages() {
        let (prose, dir) = (prose(&page), page.parent().unwrap().to_owned());
        let (paths, links) = (paths_in(&prose), links_in(&prose));
        seen += paths.len() + links.len();
        // A directory that `diff --save` makes.
        let paths = paths.into_iter().filter(|path| !path.starts_with("vectors/regressions"));
        let lost = paths.filter(|path| !exists(root(), path) && !exists(&dir, path));
        let lost = lost.chain(links.into_iter().filter(|link| !exists(&dir, link)));
        missing.extend(lost.map(|path| format!("{}: {path}", page.strip_prefix(root()).unwrap().display())));
    }
    assert_eq!(missing, Vec::<String>::new());
    assert!(seen > 100, "{seen}");
}

#[test]
fn a_path_that_a_page_must_not_name_is_seen() {
    let prose =
        "`harness/src/compare.rs`, `tests/cli/{engines,nobody}_test.rs`, `cargo x`, `a/b`, [there](docs/nowhere.md#x)";
    let lost: Vec<String> = paths_in(prose).into_iter().filter(|path| !exists(root(), path)).collect();
    assert_eq!(lost, ["harness/src/compare.rs", "tests/cli/nobody_test.rs"]);
    assert_eq!(links_in(prose), ["docs/nowhere.md"]);
    assert!(exists(root(), "handlers/python/<post>/x.py") && !exists(root(), "handlers/perl/<post>/x.pl"));
}

#[test]
fn every_crate_of_the_harness_has_its_row_in_the_design() {
    let design = fs::read_to_string(root().join("DESIGN.md")).unwrap();
    let rows: Vec<&str> = design.lines().filter(|line| line.starts_with("| `")).collect();
    let places = fs::read_dir(root().join("harness")).unwrap().map(|entry| entry.unwrap().path());
    let crates = places.filter(|place| place.join("Cargo.toml").is_file());
    let names = crates.map(|place| format!("`{}`", place.file_name().unwrap().display()));
    let missing: Vec<String> = names.filter(|name| !rows.iter().any(|row| row.contains(name))).collect();
    assert_eq!(missing, Vec::<String>::new());
}
