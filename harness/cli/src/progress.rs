//! What is seen of a long run: a bar on a terminal, nothing elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use parity_campaign::{Event, Loss};
use parity_report::printable;

/// A bar up to so many cases, if that is known; none if it is to be `quiet`. It is redrawn on its own, so that a slow handler does
/// not look like a hang.
pub(super) fn progress_bar(cases: Option<u64>, quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let bar = cases.map_or_else(ProgressBar::no_length, ProgressBar::new);
    let template = if cases.is_some() {
        "{bar:30} {pos}/{len} cases, {elapsed} (about {eta} left), {msg}"
    } else {
        "{spinner} {pos} cases, {elapsed}, {msg}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Shows what happens.
pub(super) fn watch(bar: &ProgressBar, event: Event<'_>) {
    match event {
        Event::Ran(name, cases, found) => {
            bar.inc(cases);
            bar.set_message(format!("{found} found, running {name}"));
        }
        Event::Triage(name) => bar.set_message(format!("shrinking {name}")),
    }
}

/// Says that a handler ended the process that it ran in.
pub(super) fn tell(loss: &Loss) {
    let Loss { how, inputs } = loss;
    for (engine, input) in inputs {
        eprintln!("parity: {} in {engine}: {how}", input.handler);
        eprintln!("  step input: {}", printable(&serde_json::json!(input).to_string()));
    }
    if inputs.is_empty() {
        eprintln!("parity: {how}, and no handler was running");
    }
    eprintln!("parity: running again with every engine in a process of its own");
}
