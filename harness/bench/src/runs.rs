//! What whole runs cost: with Node's opinion and without, shut in and not. They take turns, so that a machine that becomes slower for a
//! while is slow for all of them.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use super::times::rounded;

/// A run of the same cases in worker processes, as `parity diff` does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// As it is unless something is asked for.
    Default,
    /// Without Node's opinion of what `QuickJS` answers.
    WithoutNode,
    /// With handlers that nobody shuts in.
    Unconfined,
}

const RUNS: [Run; 3] = [Run::Default, Run::WithoutNode, Run::Unconfined];

/// Ratios of times on the wall, each the median over all rounds of that of one round.
///
/// JSON: `{"node": RATIO, "confinement": RATIO}`; `node` is null where there is no Node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunFigures {
    /// A default run over one without Node's opinion; nothing where there is no Node.
    pub node: Option<f64>,
    /// A default run over one whose handlers nobody shuts in.
    pub confinement: f64,
}

impl RunFigures {
    /// Measures runs; `run` does one and says how long it took.
    pub fn measure<E>(rounds: u32, has_node: bool, mut run: impl FnMut(Run) -> Result<Duration, E>) -> Result<Self, E> {
        let (mut of_node, mut of_confinement) = (Vec::new(), Vec::new());
        for round in 0..rounds as usize {
            // Each of them comes first as often as the others.
            let mut times = [Duration::ZERO; RUNS.len()];
            for turn in 0..RUNS.len() {
                let place = (round + turn) % RUNS.len();
                times[place] = run(RUNS[place])?;
            }
            let [default, without_node, unconfined] = times.map(|time| time.as_secs_f64());
            of_node.push(default / without_node);
            of_confinement.push(default / unconfined);
        }
        Ok(Self { node: has_node.then(|| median(of_node)), confinement: median(of_confinement) })
    }

    /// For people.
    pub(super) fn render(&self) -> String {
        let mut text = String::new();
        let _ = match self.node {
            Some(node) => writeln!(text, "a run with Node's opinion takes {node:.2} times one with --node off"),
            None => writeln!(text, "what Node's opinion costs is not measured: there is no Node"),
        };
        let confinement = (self.confinement - 1.0) * 100.0;
        let _ = writeln!(text, "to shut handlers in makes a run {confinement:+.1} % longer");
        text
    }
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    rounded(ratios.get(ratios.len() / 2).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_take_turns_and_a_slow_moment_changes_nothing() {
        let mut runs = Vec::new();
        let figures = RunFigures::measure(3, true, |run| {
            runs.push(run);
            let slow = if runs.len() == 1 { 100 } else { 1 };
            let time = match run {
                Run::Default => 30,
                Run::WithoutNode => 20,
                Run::Unconfined => 25,
            };
            Ok::<_, ()>(Duration::from_millis(time * slow))
        });
        let [a, b, c] = RUNS;
        assert_eq!(runs, [a, b, c, b, c, a, c, a, b]);
        assert_eq!(figures, Ok(RunFigures { node: Some(1.5), confinement: 1.2 }));
    }

    #[test]
    fn without_a_node_its_cost_is_not_told() {
        let figures = RunFigures::measure(1, false, |_| Ok::<_, ()>(Duration::from_millis(5))).unwrap();
        assert_eq!(figures, RunFigures { node: None, confinement: 1.0 });
        assert!(figures.render().contains("not measured: there is no Node"));
    }
}
