//! The written pages are those that the sources ask for, and a stale one is noticed.

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
fn a_changed_template_makes_page_and_overview_stale() {
    let repository = repository();
    let template = "fixtures/templates/ecommerce_order_processing.yaml";
    edit(&repository, template, "dependencies: [create_order]", "dependencies: [validate_cart]");
    assert_eq!(stale(&repository), ["docs/gitbook/README.md", "docs/gitbook/ecommerce/send_confirmation.md"]);
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
