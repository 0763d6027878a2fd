//! The trend page under load: 500 gaps and 104 weeks, asked for over HTTP a hundred times a second.
//!
//! Requests start when they are due, whether or not the ones before are answered, and a request's time
//! is counted from then: a page that stands still shows in every request that waits for it. `--seconds`,
//! `--rate` and `--engines sqlite,postgres` change what is asked; benches/README.md says what is printed.

mod asking;
#[path = "../../tests/support/cluster.rs"]
#[expect(dead_code, reason = "nothing stops this server half way")]
mod cluster;
mod house;
#[path = "../support/known.rs"]
#[expect(dead_code, reason = "only its rows are used")]
mod known;

use std::time::Duration;

use asking::Asking;
use house::House;

/// Pages, and how often each of ten requests is for it.
const PAGES: [(&str, usize); 5] =
    [("", 6), ("/gaps", 1), ("/weeks", 1), ("/what-if?close=GAP", 1), ("/gaps.csv", 1)];
/// Between two writes, in the runs with writes.
const WRITES: Duration = Duration::from_secs(1);

fn main() {
    let options = Options::read();
    println!(
        "### The trend page: 500 gaps, 104 weeks, {} requests a second for {} s\n",
        options.rate, options.seconds
    );
    println!("| engine | what | answered | p50 ms | p99 ms | max ms | octets |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for engine in &options.engines {
        let house = match House::new(engine == "postgres") {
            Ok(house) => house,
            Err(why) => {
                println!("| {engine} | skipped: {why} | | | | | |");
                continue;
            }
        };
        let first = house.ask_once();
        println!(
            "| {engine} | the first request, with everything to compute | 1 | | | {:.1} | {} |",
            first.time.as_secs_f64() * 1e3,
            first.octets
        );
        for writes in [None, Some(WRITES)] {
            let asking = Asking { rate: options.rate, seconds: options.seconds, pages: &PAGES };
            let answers = house.ask(&asking, writes);
            let what = match writes {
                None => "nothing changes",
                Some(_) => "a gap is written every second",
            };
            println!("| {engine} | {what} | {}", answers.row());
        }
    }
    println!();
}

/// What is asked.
struct Options {
    rate: u32,
    seconds: u32,
    engines: Vec<String>,
}

impl Options {
    fn read() -> Self {
        let words: Vec<String> = std::env::args().collect();
        let value = |name: &str| {
            let at = words.iter().position(|word| word == name)?;
            words.get(at + 1).cloned()
        };
        let number = |name: &str, usual: u32| value(name).map_or(usual, |n| n.parse().expect(name));
        let engines = value("--engines").unwrap_or_else(|| "sqlite,postgres".to_owned());
        Self {
            rate: number("--rate", 100),
            seconds: number("--seconds", 10),
            engines: engines.split(',').map(str::to_owned).collect(),
        }
    }
}
