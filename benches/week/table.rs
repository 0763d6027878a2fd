//! What was measured on one engine, as a row of a Markdown table.

use std::time::Duration;

use crate::options::Options;
use crate::product::Run;

/// Everything measured on one engine.
#[derive(Debug, Default)]
pub struct Figures {
    /// The engine.
    pub name: String,
    /// What one durable page costs.
    pub disk: Duration,
    /// Mails a second of `smtp-source`, before, between and after the runs.
    pub limits: Vec<f64>,
    /// The whole runs.
    pub runs: Vec<Run>,
    /// Seconds of planning and of delivery, where they were timed apart.
    pub apart: Vec<(f64, f64)>,
    /// Octets of the average message, without the recipient's own lines.
    pub octets: i64,
}

/// What was asked for, and the head of the table.
pub fn head(options: &Options) -> String {
    format!(
        "### The weekly run: {} recipients, {} organizations, {} connections, {} process(es), \
         {} ms added to a round trip\n\n\
         The limit is `smtp-source -d -s {}` with messages of {} octets, median of {} measurements; \
         a run is the median of {}.\n\n\
         | engine | run, s | mails a second | limit | ratio | planning, s | delivery, s | \
         peak, MB | processor, s | statements | octets of a brief | durable page, ms | proof |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|",
        options.recipients,
        options.organizations(),
        options.connections,
        options.workers,
        options.delay,
        options.connections,
        options.limit_octets,
        options.repeat + 1,
        options.repeat,
    )
}

impl Figures {
    /// The row.
    pub fn row(&self, options: &Options) -> String {
        let seconds = median(self.runs.iter().map(|run| run.seconds));
        let rate = f64::from(options.recipients) / seconds;
        let limit = median(self.limits.iter().copied());
        let part = |part: fn(&(f64, f64)) -> f64| {
            if self.apart.is_empty() {
                return "-".to_owned();
            }
            format!("{:.2}", median(self.apart.iter().map(part)))
        };
        let statements = self
            .runs
            .iter()
            .map(|run| run.said.iter().filter_map(|said| said["queries"].as_f64()).sum::<f64>());
        format!(
            "| {} | {seconds:.2} | {rate:.0} | {limit:.0} | {:.2} | {} | {} | {:.0} | {:.2} | {:.0} \
             | {} | {:.2} | {} expected = {} sent, closed |",
            self.name,
            rate / limit,
            part(|apart| apart.0),
            part(|apart| apart.1),
            self.runs.iter().map(|run| run.peak).fold(0.0, f64::max),
            median(self.runs.iter().map(|run| run.processor)),
            median(statements),
            self.octets,
            self.disk.as_secs_f64() * 1e3,
            options.recipients,
            options.recipients,
        )
    }
}

/// The middle value; the lower of the two middle ones of an even number.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get((values.len() - 1) / 2).copied().unwrap_or_default()
}
