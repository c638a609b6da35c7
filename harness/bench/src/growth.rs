//! How time and memory grow with the number of cases, each number in a process of its own, and with the size of datasets.

use std::fmt::Write as _;
use std::io;
use std::mem::MaybeUninit;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use parity_model::HandlerId;
use serde::Serialize;

use super::datasets::record_costs;
use super::error::BenchError;
use super::large::RecordCost;
use super::times::rounded;
use parity_campaign::Panel;
use parity_report::table;

/// Cases of the campaigns, over all handlers.
const CASES: [u64; 3] = [1000, 10_000, 100_000];

/// How time and memory grow.
///
/// JSON: `{"campaigns": [{"cases", "seconds", "cases_per_second", "peak_rss_mb"}], "datasets": [{"handler", "records",
/// "microseconds_per_record"}]}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Growth {
    /// Ever longer campaigns.
    pub campaigns: Vec<CampaignCost>,
    /// Ever larger datasets.
    pub datasets: Vec<RecordCost>,
}

/// What a whole process costs that runs a campaign.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CampaignCost {
    /// Its cases.
    pub cases: u64,
    /// Its CPU time.
    pub seconds: f64,
    /// Cases a second of that.
    pub cases_per_second: f64,
    /// The most memory that it held.
    pub peak_rss_mb: u64,
}

impl Growth {
    /// Runs campaigns of `program`, which is this one, over `handlers`, and datasets on `panel`.
    pub fn measure(program: &Path, handlers: &[HandlerId], panel: &mut Panel, seed: u64) -> Result<Self, BenchError> {
        let campaign = |cases: &u64| campaign(program, handlers, *cases, seed);
        let campaigns = CASES.iter().map(campaign).collect::<Result<_, _>>()?;
        Ok(Self { campaigns, datasets: record_costs(panel, seed)? })
    }

    /// For people.
    #[must_use]
    pub fn render(&self) -> String {
        let (campaigns, datasets) = self.rows();
        format!("{}\n{}", table(&campaigns, 0), table(&datasets, 1))
    }

    /// As tables of Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let (campaigns, datasets) = self.rows();
        let mut text = String::new();
        for mut rows in [campaigns, datasets] {
            rows.insert(1, vec!["---".to_owned(); rows[0].len()]);
            for row in rows {
                let _ = writeln!(text, "| {} |", row.join(" | "));
            }
            text.push('\n');
        }
        text.truncate(text.trim_end().len() + 1);
        text
    }

    fn rows(&self) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
        let head = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let mut campaigns = vec![head(&["cases", "CPU seconds", "cases a second", "peak MB"])];
        campaigns.extend(self.campaigns.iter().map(|cost| {
            let CampaignCost { cases, seconds, cases_per_second, peak_rss_mb } = cost;
            vec![cases.to_string(), format!("{seconds:.2}"), format!("{cases_per_second:.0}"), peak_rss_mb.to_string()]
        }));
        let mut handlers: Vec<&str> = self.datasets.iter().map(|cost| cost.handler.as_str()).collect();
        handlers.dedup();
        let mut sizes: Vec<usize> = self.datasets.iter().map(|cost| cost.records).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let mut datasets = vec![head(&["µs a record, in a dataset of"])];
        datasets[0].extend(sizes.iter().map(ToString::to_string));
        for handler in handlers {
            let costs = self.datasets.iter().filter(|cost| cost.handler == handler);
            let costs = costs.map(|cost| format!("{:.2}", cost.microseconds_per_record));
            datasets.push(std::iter::once(handler.to_owned()).chain(costs).collect());
        }
        (campaigns, datasets)
    }
}

fn campaign(program: &Path, handlers: &[HandlerId], cases: u64, seed: u64) -> Result<CampaignCost, BenchError> {
    let each = cases.div_ceil(handlers.len() as u64);
    let mut command = Command::new(program);
    command.args(["diff", "--isolation", "in-process", "--cases", &each.to_string(), "--seed", &format!("{seed:x}")]);
    for handler in handlers {
        command.args(["--handler", handler.as_str()]);
    }
    let failed = |message: String| BenchError::Process { what: format!("a campaign of {cases} cases"), message };
    let child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().map_err(|error| failed(error.to_string()))?;
    let (status, cpu, memory) = ended(&child).map_err(|error| failed(error.to_string()))?;
    if status != 0 {
        return Err(failed(format!("`parity diff` ended with status {status}; run it to see why")));
    }
    let cases = each * handlers.len() as u64;
    let rate = f64::from(u32::try_from(cases).unwrap_or(u32::MAX)) / cpu.as_secs_f64();
    let seconds = rounded(cpu.as_secs_f64());
    Ok(CampaignCost { cases, seconds, cases_per_second: rate.round(), peak_rss_mb: memory >> 20 })
}

/// The status of a process, its CPU time, and the most memory that it held in bytes.
fn ended(child: &Child) -> io::Result<(i32, Duration, u64)> {
    let process = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let (mut status, mut usage) = (0, MaybeUninit::<libc::rusage>::zeroed());
    // SAFETY: the call fills what it is given; the process is a child of ours that nobody else waits for.
    let usage = unsafe {
        while libc::wait4(process, &raw mut status, 0, usage.as_mut_ptr()) < 0 {
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
        usage.assume_init()
    };
    let time = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec.unsigned_abs()) + Duration::from_micros(time.tv_usec.unsigned_abs())
    };
    Ok((status, time(usage.ru_utime) + time(usage.ru_stime), usage.ru_maxrss.unsigned_abs() << 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_told_in_two_tables() {
        let cost =
            |handler: &str, records| RecordCost { handler: handler.to_owned(), records, microseconds_per_record: 1.5 };
        let campaign = CampaignCost { cases: 1000, seconds: 0.5, cases_per_second: 2000.0, peak_rss_mb: 40 };
        let datasets = vec![cost("a/x", 10), cost("a/x", 100), cost("a/y", 10), cost("a/y", 100)];
        let growth = Growth { campaigns: vec![campaign], datasets };
        assert_eq!(
            growth.markdown(),
            "| cases | CPU seconds | cases a second | peak MB |\n| --- | --- | --- | --- |\n| 1000 | 0.50 | 2000 | 40 |\n\n\
             | µs a record, in a dataset of | 10 | 100 |\n| --- | --- | --- |\n| a/x | 1.50 | 1.50 |\n| a/y | 1.50 | 1.50 |\n"
        );
    }

    #[test]
    #[expect(clippy::zombie_processes, reason = "it is waited for without the standard library")]
    fn an_ended_process_tells_its_status_and_memory() {
        let child = Command::new("sh").args(["-c", "exit 3"]).spawn().unwrap();
        let (status, _, memory) = ended(&child).unwrap();
        assert_eq!(libc::WEXITSTATUS(status), 3);
        assert!(memory > 0);
    }
}
