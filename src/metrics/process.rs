//! This process: what it is built from, the memory it holds and the time it used.

use prometheus::{Counter, IntGauge};

use super::make::Maker;

/// Memory, processor time and open files, from `/proc` where there is one.
pub struct Process {
    memory: IntGauge,
    peak: IntGauge,
    cpu: Counter,
    files: IntGauge,
}

impl Process {
    pub(super) fn new(make: &Maker) -> Self {
        make.constant(
            "brief_build_info",
            "The program that runs here; always 1.",
            &[("version", env!("CARGO_PKG_VERSION"))],
        );
        Self {
            memory: make.gauge("process_resident_memory_bytes", "Memory that this process holds."),
            peak: make.gauge(
                "process_resident_memory_max_bytes",
                "The most memory that this process ever held.",
            ),
            cpu: make.seconds_counter(
                "process_cpu_seconds_total",
                "Processor time that this process used, its own and the system's.",
            ),
            files: make.gauge("process_open_fds", "Files and connections that are open."),
        }
    }

    /// Reads it anew; what cannot be read stays as it was.
    pub(super) fn refresh(&self) {
        if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
            set(&self.memory, kilobytes(&status, "VmRSS:"));
            set(&self.peak, kilobytes(&status, "VmHWM:"));
        }
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        if let Some(seconds) = cpu_seconds(&stat, rustix::param::clock_ticks_per_second()) {
            let more = seconds - self.cpu.get();
            if more > 0.0 {
                self.cpu.inc_by(more);
            }
        }
        if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
            self.files.set(i64::try_from(open.count()).unwrap_or(i64::MAX));
        }
    }
}

fn set(gauge: &IntGauge, value: Option<i64>) {
    if let Some(value) = value {
        gauge.set(value);
    }
}

/// A line of `/proc/self/status` in octets (proc(5)).
fn kilobytes(status: &str, name: &str) -> Option<i64> {
    let rest = status.lines().find_map(|line| line.strip_prefix(name))?;
    let number: i64 = rest.split_whitespace().next()?.parse().ok()?;
    number.checked_mul(1024)
}

/// Fields 14 and 15 of `/proc/self/stat`, counted behind the program's name, which may hold blanks
/// and brackets (proc(5)).
fn cpu_seconds(stat: &str, ticks_per_second: u64) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let own: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    let per_second = u32::try_from(ticks_per_second).ok().filter(|n| *n > 0)?;
    Some((f64::from(own) + f64::from(system)) / f64::from(per_second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_words_are_read() {
        let status = "Name:\tbrief\nVmHWM:\t  2048 kB\nVmRSS:\t   512 kB\n";
        assert_eq!(kilobytes(status, "VmRSS:"), Some(524_288));
        assert_eq!(kilobytes(status, "VmHWM:"), Some(2_097_152));
        assert_eq!(kilobytes("", "VmRSS:"), None);
        let stat = "7 (a) b) S 1 7 7 0 -1 4194304 1 2 3 4 150 50 0 0 20 0 9 0 1 2 3";
        assert_eq!(cpu_seconds(stat, 100), Some(2.0));
        assert_eq!(cpu_seconds("", 100), None);
    }
}
