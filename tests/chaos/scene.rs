//! What is done to the product: each scene is one outage from its beginning to a finished run.

use std::time::Duration;

use crate::chance::Chance;
use crate::cluster::Cluster;
use crate::house::{House, Worker};
use crate::options::Options;
use crate::sink::Sink;
use crate::told::Told;

/// Runs after an outage until everybody is reached, each a few leases later.
const RUNS_AFTER: u64 = 14;

/// A house, a relay, and how large everything is.
#[derive(Debug)]
pub struct Scene {
    /// Where the product lives.
    pub house: House,
    /// Where its mail goes.
    pub sink: Sink,
    /// Sizes.
    pub options: Options,
}

impl Scene {
    /// A furnished house whose relay takes everything, on a file or on a server.
    pub fn new(cluster: Option<&Cluster>, options: &Options) -> Self {
        let sink = Sink::start();
        sink.waits(options.wait);
        let house = House::new(cluster, options.recipients, &sink.url(), options.connections);
        Self { house, sink, options: options.clone() }
    }

    /// What came of it.
    pub fn told(&self) -> Told {
        Told::of(&self.house, &self.sink, self.options.recipients)
    }

    /// Waits until the relay has taken so many messages, or the process has ended.
    fn until_taken(&self, messages: u64, worker: &mut Worker) {
        while self.sink.taken() < messages && !worker.has_ended() {
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Lets time pass and the product run until everybody has the brief and the run is closed.
    fn finish(&self, mut later: u64) -> Told {
        let last = later + RUNS_AFTER;
        loop {
            self.house.once(later).wait();
            let is_over = self.sink.given().len() as u64 == self.options.recipients;
            if is_over && self.house.is_closed() || later == last {
                return self.told();
            }
            later += 1;
        }
    }

    /// Waits for a random moment of the share of the run that is `part` of `parts`; one time in
    /// four for a moment soon after the start, before anything has left.
    fn random_moment(&self, chance: &mut Chance, part: u64, parts: u64, worker: &mut Worker) {
        if chance.below(4) == 0 {
            std::thread::sleep(chance.time(Duration::from_millis(200)));
            return;
        }
        let share = self.options.recipients / (parts + 1);
        let from = share * part;
        self.until_taken(from + chance.below(share.max(1)) + 1, worker);
        std::thread::sleep(chance.time(Duration::from_millis(3)));
    }

    /// One run, killed by `kill -9` at random moments and started again each time.
    pub fn killed(&self) -> Told {
        let mut chance = Chance::new("kill -9");
        let kills = self.options.kills;
        for kill in 0..kills {
            let mut worker = self.house.once(kill);
            self.random_moment(&mut chance, kill, kills, &mut worker);
            worker.kill();
        }
        self.finish(kills)
    }

    /// The service, asked to end at random moments of one run and started again each time; the last
    /// one is left alone until everybody is reached.
    ///
    /// # Panics
    /// When it does not end well, or never reaches everybody.
    pub fn asked_to_end(&self) -> Told {
        let mut chance = Chance::new("SIGTERM");
        let stops = self.options.stops;
        for stop in 0..stops {
            let mut service = self.house.serve();
            self.random_moment(&mut chance, stop, stops, &mut service);
            service.terminate();
            let status = service.wait();
            assert!(status.success(), "{status}: {}", service.said());
        }
        let mut service = self.house.serve();
        self.until_taken(self.options.recipients, &mut service);
        let closes = (0..300).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            self.house.is_closed()
        });
        assert!(closes, "the run stays open: {}", service.said());
        service.terminate();
        assert!(service.wait().success(), "{}", service.said());
        self.told()
    }

    /// Several workers on one database, one of which is killed; the others go on.
    pub fn one_of(&self, workers: u64) -> Told {
        let mut chance = Chance::new("one of several killed");
        let mut workers: Vec<_> = (0..workers).map(|_| self.house.once(0)).collect();
        let mut victim = workers.remove(0);
        let half = self.options.recipients / 2;
        self.until_taken(chance.below(half.max(1)) + half / 2, &mut victim);
        victim.kill();
        for mut worker in workers {
            worker.wait();
        }
        self.finish(1)
    }

    /// Several instances on one database from beginning to end, nobody killed.
    pub fn together(&self, instances: u64) -> Told {
        let mut workers: Vec<_> = (0..instances).map(|_| self.house.once(0)).collect();
        for worker in &mut workers {
            worker.wait();
        }
        self.told()
    }

    /// The database server is stopped in the middle of a run and comes back.
    pub fn database_away(&self, cluster: &Cluster) -> Told {
        let mut chance = Chance::new("the database away");
        let mut worker = self.house.once(0);
        let half = self.options.recipients / 2;
        self.until_taken(1 + chance.below(half.max(1)), &mut worker);
        cluster.stop();
        std::thread::sleep(self.options.away);
        cluster.start_again();
        worker.wait();
        self.finish(1)
    }

    /// The relay is down for the first half of the time. Returns what was told while it was, too.
    pub fn relay_away(&self) -> (Told, Told) {
        self.sink.goes_away();
        for later in 0..3 {
            self.house.once(later).wait();
        }
        let meanwhile = self.told();
        self.sink.comes_back();
        (meanwhile, self.finish(3))
    }

    /// The relay is cut off in the middle of a run and comes back.
    pub fn relay_cut(&self) -> Told {
        let mut chance = Chance::new("the relay cut off");
        let mut worker = self.house.once(0);
        self.until_taken(1 + chance.below(self.options.recipients / 2), &mut worker);
        self.sink.goes_away();
        worker.wait();
        self.sink.comes_back();
        self.finish(1)
    }

    /// The relay says 451 to every so many-th recipient, for as long as the run takes.
    pub fn defers_every(&self, number: u64) -> Told {
        self.sink.defers_every(number);
        self.finish(0)
    }

    /// The relay says 451 to the first recipients, then recovers.
    pub fn recovers(&self) -> Told {
        self.sink.defers_next(self.options.errors);
        self.finish(0)
    }
}
