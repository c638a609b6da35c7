//! What a campaign or a replay found, as data, as JSON, as text, as a page and as stand-alone tests. Nothing here reads or writes files.
//!
//! - [`Report`] is made of the [`Results`] of a campaign, and has one normal form.
//! - [`render`] writes it for people, as much as a [`View`] shows, and [`Report::statistics`] what was drawn; [`merge()`] joins the reports of a campaign's shards.
//! - A report writes itself for other readers: [`Report::to_html`], [`Report::to_junit`], [`Report::to_markdown`], [`Report::to_sarif`],
//!   [`Report::annotations`].
//! - [`Trees`] write the command that shows a divergence again; [`Emit`] writes a test of it.
//!
//! ```
//! use parity_report::{Report, View, render};
//!
//! let report: Report = serde_json::from_str(
//!     r#"{"seed": "00000000000000ab", "scope": "normal", "cases": 100, "seconds": 1.5, "divergences": [], "faults": [], "absent": []}"#,
//! )?;
//! assert_eq!(render(&report, View::default()), "\nagreement: 100 cases in 1.5 s, seed 00000000000000ab, scope normal\n");
//! # Ok::<(), serde_json::Error>(())
//! ```

mod annotations;
mod cells;
mod counts;
mod document;
mod emit;
mod escape;
mod fields;
mod groups;
mod health;
mod html;
#[cfg(test)]
mod html_in_chromium;
mod junit;
mod markdown;
mod merge;
mod next;
mod normalise;
mod opinions;
mod order;
mod outcomes;
mod places;
mod raised;
mod reached;
mod reproduce;
#[cfg(test)]
mod samples;
mod sarif;
mod sources;
mod statistics;
mod summary;
mod table;
mod text;
mod view;
mod workflows;

pub use document::{
    ALL, Absent, Allowed, Place, Report, ReportedDivergence, ReportedFault, Results, ShardCounts, Totals, Version,
};
pub use emit::{Emit, Tested};
pub use escape::printable;
pub use groups::heads;
pub use merge::{MergeError, merge};
pub use normalise::missing;
pub use opinions::SecondOpinion;
pub use outcomes::{outcome_diff, pretty, value_diff};
pub use raised::RaisedErrors;
pub use reached::Reached;
pub use reproduce::Trees;
pub use table::{table, table_within};
pub use text::render;
pub use view::View;
pub use workflows::trace_lines;
