//! Other ways to hold handlers of two languages against each other, and how much slower they are.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use super::times::rounded;
use parity_report::table;

/// What is known of the peers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Peers {
    /// By how many times each is slower.
    pub peers: BTreeMap<String, f64>,
    /// How that was measured.
    pub peer_runs: BTreeMap<String, PeerRun>,
    /// Those that cannot run here, and why.
    pub peers_left_out: BTreeMap<String, String>,
}

/// One peer's run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PeerRun {
    /// Cases that it ran.
    pub cases: u64,
    /// What each of them took, on the wall.
    pub microseconds_per_case: f64,
}

impl Peers {
    /// Adds a run of so many cases, beside what a case takes here.
    pub(super) fn add(&mut self, name: &str, (cases, time): (u64, Duration), ours: Duration) {
        let case = time.as_secs_f64() / f64::from(u32::try_from(cases).unwrap_or(u32::MAX));
        self.peers.insert(name.to_owned(), rounded(case / ours.as_secs_f64()));
        self.peer_runs.insert(name.to_owned(), PeerRun { cases, microseconds_per_case: rounded(case * 1e6) });
    }

    /// For people.
    pub(super) fn render(&self) -> String {
        let mut rows = Vec::new();
        for (name, run) in &self.peer_runs {
            let (cases, case) = (run.cases, run.microseconds_per_case);
            rows.push(vec![name.clone(), format!("{cases} cases"), format!("{case:.0} µs"), self.factor(name)]);
        }
        let mut text = if rows.is_empty() { String::new() } else { table(&rows, 1) };
        for (name, reason) in &self.peers_left_out {
            let _ = writeln!(text, "{name} cannot run here: {reason}");
        }
        text
    }

    /// The table of docs/bench.md.
    pub(super) fn markdown(&self, ours: Duration) -> String {
        let ours = ours.as_secs_f64() * 1e6;
        let mut text = format!("| Way | µs a case | Times ours |\n|---|---|---|\n| `parity diff` | {ours:.0} | 1 |\n");
        for (name, run) in &self.peer_runs {
            let _ = writeln!(text, "| `{name}` | {:.0} | {} |", run.microseconds_per_case, self.factor(name));
        }
        for (name, reason) in &self.peers_left_out {
            let _ = writeln!(text, "| `{name}` | {reason} | |");
        }
        text
    }

    fn factor(&self, name: &str) -> String {
        self.peers.get(name).map_or_else(String::new, |factor| format!("{factor:.1}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_told_by_the_time_of_a_case() {
        let mut peers = Peers::default();
        peers.add("slow", (10, Duration::from_millis(5)), Duration::from_micros(50));
        peers.peers_left_out.insert("absent".to_owned(), "there is no node on PATH".to_owned());
        assert_eq!(peers.peers["slow"], 10.0);
        assert_eq!(
            peers.markdown(Duration::from_micros(50)),
            "| Way | µs a case | Times ours |\n|---|---|---|\n| `parity diff` | 50 | 1 |\n| `slow` | 500 | 10.0 |\n\
             | `absent` | there is no node on PATH | |\n"
        );
        assert!(peers.render().contains("absent cannot run here: there is no node on PATH"), "{}", peers.render());
    }
}
