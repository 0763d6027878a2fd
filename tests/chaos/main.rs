//! The real binary under kill -9, outages of its database and its relay, and company.
//!
//! A short form runs with the other tests. The size comes from the environment, so that the long
//! form is the same code:
//!
//! ```sh
//! BRIEF_CHAOS_RECIPIENTS=50000 BRIEF_CHAOS_KILLS=30 BRIEF_CHAOS_STOPS=10 BRIEF_CHAOS_AWAY=20 \
//!     BRIEF_CHAOS_ERRORS=1000 cargo test --release --test chaos -- --nocapture --test-threads 1
//! ```

#[path = "../support/cluster.rs"]
#[expect(dead_code, reason = "the benches use the rest")]
mod cluster;
#[path = "../support/house.rs"]
#[expect(dead_code, reason = "the tests of the service use the rest")]
mod house;
#[path = "../support/sink/mod.rs"]
mod sink;

mod chance;
mod options;
mod scene;
mod told;

use std::sync::OnceLock;

use cluster::{Cluster, Keeps};
use options::Options;
use scene::Scene;

/// A server for all tests that leave it running; gone when this process is.
static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();

/// Where PostgreSQL is absent, says so; `BRIEF_TEST_POSTGRES=require` makes that a failure.
fn or_skip<T>(server: Result<T, String>) -> Option<T> {
    server
        .inspect_err(|why| {
            let is_required = std::env::var("BRIEF_TEST_POSTGRES").is_ok_and(|v| v == "require");
            assert!(!is_required, "PostgreSQL is required here, and {why}");
            eprintln!("SKIPPED on PostgreSQL: {why}");
        })
        .ok()
}

fn shared() -> Option<&'static Cluster> {
    let shared = SHARED.get_or_init(|| Cluster::start(Keeps::Server, "64MB"));
    or_skip(shared.as_ref().map_err(Clone::clone))
}

/// Makes two tests of each scene, one on each engine.
macro_rules! on_each {
    ($( fn $name:ident($scene:ident) $body:block )+) => { $(
        mod $name {
            use super::*;

            fn body($scene: &Scene) $body

            #[test]
            fn sqlite() {
                body(&Scene::new(None, &Options::of_environment()));
            }

            #[test]
            fn postgres() {
                if let Some(server) = shared() {
                    body(&Scene::new(Some(server), &Options::of_environment()));
                }
            }
        }
    )+ };
}

on_each! {
    fn killed_at_random_moments_nobody_is_lost_and_each_copy_is_counted(scene) {
        let bound = 2 * scene.options.connections * scene.options.kills;
        scene.killed().holds(bound);
    }

    fn a_service_asked_to_end_at_random_moments_loses_nobody_and_sends_no_copy(scene) {
        scene.asked_to_end().holds(0);
    }

    fn a_relay_that_is_down_costs_no_attempt_and_everybody_is_reached_once_it_is_back(scene) {
        let (meanwhile, told) = scene.relay_away();
        assert_eq!((meanwhile.attempts, meanwhile.reached), (0, 0), "{meanwhile:?}");
        assert_eq!(meanwhile.states.get("queued"), Some(&scene.options.recipients));
        told.holds(0);
        assert_eq!(told.attempts, scene.options.recipients, "one attempt each: {told:?}");
    }

    fn a_relay_cut_off_half_way_loses_nobody(scene) {
        // What it had taken without having said so is sent once more.
        scene.relay_cut().holds(scene.options.connections);
    }

    fn whom_the_relay_refuses_for_now_is_tried_again_until_reached(scene) {
        let told = scene.defers_every(10);
        told.holds(0);
        assert!(scene.sink.deferred() >= scene.options.recipients / 10);
        assert_eq!(told.attempts, scene.options.recipients + scene.sink.deferred(), "{told:?}");
    }

    fn after_many_errors_everybody_is_tried_again(scene) {
        let told = scene.recovers();
        told.holds(0);
        assert_eq!(scene.sink.deferred(), scene.options.errors);
    }

    fn two_instances_send_no_copy(scene) {
        scene.together(2).holds(0);
    }
}

#[test]
fn four_instances_on_one_server_send_no_copy() {
    if let Some(server) = shared() {
        Scene::new(Some(server), &Options::of_environment()).together(4).holds(0);
    }
}

#[test]
fn of_several_workers_on_one_server_one_is_killed_and_no_copy_goes_out_beyond_its_own() {
    for workers in [2, 4] {
        let Some(server) = shared() else { return };
        let scene = Scene::new(Some(server), &Options::of_environment());
        scene.one_of(workers).holds(2 * scene.options.connections);
    }
}

#[test]
fn a_server_that_stops_half_way_and_comes_back_loses_nobody() {
    if let Some(server) = or_skip(Cluster::start(Keeps::Server, "64MB")) {
        let scene = Scene::new(Some(&server), &Options::of_environment());
        scene.database_away(&server).holds(2 * scene.options.connections);
    }
}
