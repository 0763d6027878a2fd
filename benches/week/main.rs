//! The whole weekly run, end to end, against the limit of the machine.
//!
//! The real binary plans, freezes, splices, delivers to Postfix's `smtp-sink`, and records every
//! outcome durably. Before, between and after the runs `smtp-source` shows how fast that sink can
//! be filled at all. The figures are printed as Markdown; what happens meanwhile goes to standard
//! error. [README.md](../README.md) says which command gives which figure.

#[path = "../../tests/support/cluster.rs"]
#[expect(dead_code, reason = "tests that stop the server use the rest")]
mod cluster;

mod crowd;
mod house;
mod options;
mod product;
mod proof;
mod proxy;
mod relay;
mod table;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use house::House;
use options::{Engine, Options};
use product::{Product, Run};
use proxy::Proxy;
use relay::Relay;
use table::Figures;

/// Most mails of one measurement of the limit.
const LIMIT_MAILS: u32 = 20_000;

fn main() {
    let options = Options::parse();
    let relay = match Relay::start() {
        Ok(relay) => relay,
        Err(why) => return println!("SKIPPED: the weekly run. {why}.\n"),
    };
    let proxy = (options.delay > 0)
        .then(|| Proxy::start(relay.address, Duration::from_millis(options.delay)));
    let address = proxy.as_ref().map_or(relay.address, |proxy| proxy.address);
    println!("{}", table::head(&options));
    for engine in &options.engines {
        match measure(*engine, &relay, address, &options) {
            Ok(figures) => println!("{}", figures.row(&options)),
            Err(why) => println!("\nSKIPPED on {engine:?}: {why}.\n"),
        }
    }
    println!();
}

/// All runs on one engine.
fn measure(
    engine: Engine,
    relay: &Relay,
    address: SocketAddr,
    options: &Options,
) -> Result<Figures, String> {
    let name = engine.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default();
    eprintln!("{name}: seeding {} recipients", options.recipients);
    let begun = Instant::now();
    let house = House::new(engine, options)?;
    let disk = house.disk();
    eprintln!(
        "{name}: seeded in {:.1} s; the disk takes {disk:.1?}",
        begun.elapsed().as_secs_f64()
    );
    let limit = || {
        let mails = options.recipients.min(LIMIT_MAILS);
        let limit = relay.limit(address, mails, options.limit_octets, options.connections);
        eprintln!("{name}: limit {limit:.0} a second");
        limit
    };
    let mut figures =
        Figures { name: name.clone(), disk, limits: vec![limit()], ..Figures::default() };
    let relay_url = format!("smtp://{address}");
    for number in 1..=options.repeat {
        let url = house.copy();
        let product = Product { url: &url, relay: &relay_url, folder: house.folder(), options };
        let run = whole(&product, options);
        eprintln!("{name}: run {number}: {:.2} s, {:.0} MB", run.seconds, run.peak);
        figures.runs.push(run);
        figures.octets = house.octets(&url);
        figures.limits.push(limit());
    }
    for _ in 0..options.apart {
        let url = house.copy();
        let product = Product { url: &url, relay: &relay_url, folder: house.folder(), options };
        let (plan, deliver) = apart(&product, options);
        eprintln!(
            "{name}: apart: {:.2} s to plan, {:.2} s to deliver",
            plan.seconds, deliver.seconds
        );
        figures.apart.push((plan.seconds, deliver.seconds));
    }
    Ok(figures)
}

/// One whole run, and its proof.
fn whole(product: &Product<'_>, options: &Options) -> Run {
    let run = product.run(options.workers);
    if let [said] = run.said.as_slice() {
        proof::demand(said, options.recipients);
    } else {
        // The first to end may not have seen the end of the others.
        proof::demand(&product.run(1).said[0], options.recipients);
    }
    run
}

/// Planning alone, while delivery is paused, then delivery alone; each with its own start and its
/// own proof.
fn apart(product: &Product<'_>, options: &Options) -> (Run, Run) {
    product.tell("pause");
    let plan = product.run(options.workers);
    product.tell("resume");
    (plan, whole(product, options))
}
