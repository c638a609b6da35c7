//! Whose handlers the operating system does not shut in, and why.

use parity_campaign::Isolation;
use parity_confine::Support;
use parity_engine::Runner;
use parity_suite::Suite;

/// What a report says of it; nothing if all are.
pub(super) fn unconfined(suite: &Suite, isolation: Isolation, support: Support) -> Vec<String> {
    let mut told: Vec<String> = support.lacking().map(str::to_owned).into_iter().collect();
    for engine in suite.all_engines() {
        let name = &engine.name;
        match engine.runner {
            Runner::Command { .. } => told.push(format!("{name} is a program of yours, which may do what you may")),
            Runner::Embedded { .. } if isolation == Isolation::InProcess => told.push(format!(
                "{name} runs in the process that writes the report (--isolation in-process): nothing but the guards of its \
                 language keeps handlers in"
            )),
            _ => {}
        }
    }
    told
}
