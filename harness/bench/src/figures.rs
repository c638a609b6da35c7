//! What was measured, as figures.

use std::fmt::Write as _;
use std::time::Duration;

use parity_model::HandlerId;
use serde::Serialize;

use super::large::{DatasetFigures, ShrinkFigures};
use super::peers::Peers;
use super::runs::RunFigures;
use super::times::{RoundTimes, rounded};
use parity_report::table;

/// A handler's times.
#[derive(Clone, Debug)]
pub(super) struct HandlerFigures {
    /// The handler that was measured.
    pub(super) handler: HandlerId,
    pub(super) times: RoundTimes,
}

/// All figures.
///
/// JSON: `{"ratio", "worst": {"handler", "ratio"}, "cases_per_second": {"oracle", "python", "typescript", "full"}, "shares",
/// "startup_ms", "peak_rss_mb", "handlers": [{"handler", "ratio"}], "datasets": [{"handler", "records", "ratio",
/// "cases_per_second", "microseconds_per_record"}], "shrinking": {"divergences", "evaluations", "ms"}, "runs": {"node", "confinement"}, "peers": {NAME: FACTOR},
/// "peer_runs": {NAME: {"cases", "microseconds_per_case", "factor"}}, "peers_left_out": {NAME: REASON}}`; the members of the
/// peers are empty unless they were asked for, and `runs` is there if all handlers were measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// The cost of the whole loop over the sum of what oracle and handlers cost by themselves.
    pub ratio: f64,
    /// The handler of the greatest ratio.
    pub worst: Worst,
    /// How many cases go through each loop in a second of CPU time.
    pub cases_per_second: Rates,
    /// Where the time of the whole loop goes; together 1.
    pub shares: Shares,
    /// From the start of the process to the end of the first case.
    pub startup_ms: u64,
    /// The most memory that was held.
    pub peak_rss_mb: u64,
    /// Every handler's ratio.
    pub handlers: Vec<Worst>,
    /// Large inputs.
    pub datasets: Vec<DatasetFigures>,
    /// Making divergences small.
    pub shrinking: ShrinkFigures,
    /// Whole runs, if they were measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<RunFigures>,
    /// Other ways to do the same, by how many times they are slower.
    #[serde(flatten)]
    pub peers: Peers,
    /// Of the whole loop on the wall, a case.
    #[serde(skip)]
    pub(super) case: Duration,
}

/// A handler and its ratio.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worst {
    /// The handler that was measured.
    pub handler: String,
    /// Its ratio.
    pub ratio: f64,
}

/// Cases a second.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rates {
    /// The oracle alone.
    pub oracle: f64,
    /// A loop in Python over the handlers.
    pub python: f64,
    /// A loop in `QuickJS` over the handlers.
    pub typescript: f64,
    /// The whole loop.
    pub full: f64,
}

/// What each part of the whole loop takes of its time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shares {
    /// Oracle and handlers by themselves.
    pub bare: f64,
    /// Drawing cases.
    pub generation: f64,
    /// Inputs into both languages.
    pub conversion_in: f64,
    /// Comparing.
    pub comparison: f64,
    /// Outcomes out of both languages, clock and randomness, and what keeps handlers within bounds.
    pub conversion_out_and_guards: f64,
}

impl Figures {
    pub(super) fn of(handlers: &[HandlerFigures], cases: u64, startup: Duration, memory: u64) -> Self {
        let all = handlers.iter().fold(RoundTimes::default(), |sum, handler| sum.add(&handler.times));
        let ratios: Vec<Worst> = handlers
            .iter()
            .map(|figures| Worst { handler: figures.handler.to_string(), ratio: figures.times.ratio() })
            .collect();
        let worst = ratios.iter().max_by(|one, other| one.ratio.total_cmp(&other.ratio)).cloned();
        let total = f64::from(u32::try_from(cases * handlers.len() as u64).unwrap_or(u32::MAX));
        let rate = |time: Duration| (total / time.as_secs_f64()).round();
        let share = |time: Duration| rounded(time.as_secs_f64() / all.full.as_secs_f64());
        let named = all.bare() + all.generation + all.conversion_in + all.comparison;
        Self {
            ratio: all.ratio(),
            worst: worst.unwrap_or(Worst { handler: String::new(), ratio: 0.0 }),
            cases_per_second: Rates {
                oracle: rate(all.oracle),
                python: rate(all.python),
                typescript: rate(all.typescript),
                full: rate(all.full),
            },
            shares: Shares {
                bare: share(all.bare()),
                generation: share(all.generation),
                conversion_in: share(all.conversion_in),
                comparison: share(all.comparison),
                conversion_out_and_guards: share(all.full.saturating_sub(named)),
            },
            startup_ms: u64::try_from(startup.as_millis()).unwrap_or(u64::MAX),
            peak_rss_mb: memory >> 20,
            handlers: ratios,
            datasets: Vec::new(),
            shrinking: ShrinkFigures::default(),
            runs: None,
            peers: Peers::default(),
            case: all.wall.div_f64(total),
        }
    }

    /// What a case costs in each way to compare two languages, as a table of Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.peers.markdown(self.case)
    }

    /// The figures for people.
    #[must_use]
    pub fn render(&self) -> String {
        let mut rows = vec![vec!["handler".to_owned(), "ratio".to_owned()]];
        rows.extend(self.handlers.iter().map(|line| vec![line.handler.clone(), format!("{:.2}", line.ratio)]));
        let mut text = table(&rows, 1);
        let Self { cases_per_second: rates, shares, worst, .. } = self;
        let _ = writeln!(
            text,
            "\ncases a second: oracle {}, python {}, typescript {}, all and compared {}",
            rates.oracle, rates.python, rates.typescript, rates.full
        );
        let _ = writeln!(
            text,
            "of that: handlers and oracle {:.0} %, generation {:.0} %, conversion in {:.0} %, comparison {:.0} %, conversion out \
             and guards {:.0} %",
            shares.bare * 100.0,
            shares.generation * 100.0,
            shares.conversion_in * 100.0,
            shares.comparison * 100.0,
            shares.conversion_out_and_guards * 100.0
        );
        for DatasetFigures { handler, records, ratio, microseconds_per_record: cost, .. } in &self.datasets {
            let _ = writeln!(text, "{records} records: {handler} ratio {ratio:.2}, {cost:.1} µs a record");
        }
        let ShrinkFigures { divergences, evaluations, ms } = self.shrinking;
        let _ = writeln!(text, "a divergence is shrunk in {ms:.1} ms, {evaluations} evaluations (of {divergences})");
        let _ = writeln!(text, "first case after {} ms, at most {} MB", self.startup_ms, self.peak_rss_mb);
        text += &self.runs.as_ref().map(RunFigures::render).unwrap_or_default();
        text += &self.peers.render();
        let _ = writeln!(text, "ratio {:.2}, worst {:.2} of {}", self.ratio, worst.ratio, worst.handler);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(full: u64) -> RoundTimes {
        let ms = Duration::from_millis;
        RoundTimes {
            oracle: ms(10),
            python: ms(30),
            typescript: ms(60),
            full: ms(full),
            wall: ms(full),
            generation: ms(20),
            conversion_in: ms(10),
            comparison: ms(10),
        }
    }

    #[test]
    fn a_ratio_is_that_of_the_whole_to_its_bare_parts() {
        let figures = [("a/x", 150), ("a/y", 250)]
            .map(|(handler, full)| HandlerFigures { handler: handler.parse().unwrap(), times: times(full) });
        let figures = Figures::of(&figures, 100, Duration::from_millis(7), 5 << 20);
        assert_eq!((figures.ratio, figures.worst.ratio, figures.worst.handler.as_str()), (2.0, 2.5, "a/y"));
        assert_eq!((figures.cases_per_second.full, figures.startup_ms, figures.peak_rss_mb), (500.0, 7, 5));
        let Shares { bare, generation, conversion_in, comparison, conversion_out_and_guards } = figures.shares;
        assert_eq!(
            [bare, generation, conversion_in, comparison, conversion_out_and_guards],
            [0.5, 0.1, 0.05, 0.05, 0.3]
        );
    }
}
