//! What the sources of a tree say: Python's own parser reads them, and nothing of them is run.

use std::ffi::CString;

use parity_engine::tree::SourceFile;
use parity_literals::{File, Node};
use pyo3::prelude::*;
use pyo3::types::PyModule;

use super::interpreter::interpreter;

/// Ours, like those of the runtime, but needed by nobody who runs handlers.
const SOURCE: &str = include_str!("../../runtime/parity_harvest.py");

/// What the files say. One that is no Python says nothing, and neither does any where Python does not start, of which the engine
/// tells.
#[must_use]
pub fn harvest(sources: &[SourceFile]) -> Vec<File> {
    let Ok(interpreter) = interpreter(0) else { return Vec::new() };
    interpreter.attach(|py| all(py, sources)).unwrap_or_default()
}

fn all(py: Python<'_>, sources: &[SourceFile]) -> PyResult<Vec<File>> {
    let module = PyModule::from_code(py, &CString::new(SOURCE)?, c"<parity_harvest>", c"parity_harvest")?;
    let harvest = module.getattr("harvest")?;
    let nodes = |text: &str| -> Option<Vec<Node>> {
        let nodes: String = harvest.call1((text,)).ok()?.extract().ok()?;
        serde_json::from_str(&nodes).ok()
    };
    let file = |source: &SourceFile| Some(File::new(&source.name, &nodes(&source.text)?));
    Ok(sources.iter().filter_map(file).collect())
}

#[cfg(test)]
mod tests {
    use parity_literals::{Literal, What, reached};

    use super::*;

    const SHOP: &str = r#"
import re
from datetime import date
from enum import Enum

LIMIT = 100
RATES = {"WELCOME10": 10, "SPRING25": 25}
SKU = re.compile(r"(?P<kind>[A-Z]{3})-\d+\Z")


class Tier(Enum):
    GOLD = "gold"


class Model:
    size: Literal["small", "large"]


def fee(amount):
    """Nobody compares with this."""
    return 2.5 if amount > 499.99 else 0


@step_handler("checkout")
@inputs(code="coupon", "lines")
def checkout(code, lines, context):
    if len(lines) > LIMIT:
        raise PermanentError("far too many", error_code="TOO_MANY")
    if context["region"].startswith(("EU-", "UK-")) or not SKU.fullmatch(lines[0].get("sku")):
        log.info("said to people")
    match context["channel"]:
        case "web" | "app":
            pass
    tier = Tier(context["tier"])
    model = Model(**context)
    if context["since"] < date(2024, 3, 31):
        return {"status": "early", "off": RATES.get(code.upper(), 0)}
    return fee(sum(line["amount"] for line in lines))


@step_handler("other")
def other(x):
    return x == "OTHER"
"#;

    fn said(text: &str) -> Vec<Literal> {
        let source = SourceFile { name: "shop.py".to_owned(), text: text.to_owned() };
        reached(&harvest(&[source]), &|name| name == "checkout")
    }

    #[test]
    fn what_a_handler_compares_with_is_found_with_the_fields_that_it_reads() {
        // A keyword before a positional argument is no Python.
        assert_eq!(said(SHOP), []);
        let literals = said(&SHOP.replace(r#"@inputs(code="coupon", "lines")"#, r#"@inputs("lines", code="coupon")"#));
        let near = |what: What, name: &str| {
            let literal = literals.iter().find(|literal| literal.what == what);
            literal.is_some_and(|literal| literal.near.iter().any(|near| near == name))
        };
        let text = |text: &str| What::Text(text.to_owned());
        assert!(near(text("WELCOME10"), "coupon"), "{literals:#?}");
        assert!(near(What::Number(100.into()), "lines") && near(What::Number(100.into()), "len"));
        assert!(near(What::Prefix("EU-".to_owned()), "region"));
        assert!(near(What::Pattern(r"(?<kind>[A-Z]{3})-\d+$".to_owned()), "sku"));
        assert!(near(text("app"), "channel"));
        assert!(near(text("gold"), "tier"));
        assert!(near(text("2024-03-31"), "since"));
        assert!(near(text("large"), "size"));
        assert!(near(What::Key("sku".to_owned()), "lines"));
        let all = format!("{literals:?}");
        assert!(all.contains("499.99"));
        for unsaid in ["OTHER", "TOO_MANY", "far too many", "said to people", "Nobody", "early"] {
            assert!(!all.contains(unsaid), "{unsaid}");
        }
    }

    #[test]
    fn what_is_replaced_stands_near_that_it_is() {
        let literals = said("def checkout(text, name):\n    return text.replace('{{name}}', name)\n");
        let near: Vec<_> = literals.iter().flat_map(|literal| &literal.near).collect();
        assert!(near.contains(&&"text".to_owned()) && near.contains(&&"replace".to_owned()), "{literals:?}");
    }

    #[test]
    fn a_source_that_cannot_be_read_says_nothing() {
        let deep = format!("x = {}1{}", "(".repeat(5000), ")".repeat(5000));
        let long = format!("def checkout(x):\n    return x == 'end' or {}", vec!["x"; 3000].join(" + "));
        for (text, count) in
            [("def (", 0), ("\0", 0), (deep.as_str(), 0), ("x = '\\ud800' + 'a'", 1), (long.as_str(), 0)]
        {
            assert_eq!(said(text).len(), count, "{}", &text[..text.len().min(40)]);
        }
    }
}
