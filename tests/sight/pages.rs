//! `/metrics`, `/healthz` and `/readyz` over the router.

use axum::http::StatusCode;
use back_office_brief::config::MetricsFor;
use back_office_brief::store::Db;

use crate::on_both;
use crate::serving::{HERE, Serving, read};
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, run};

/// A quarter of an hour after [`SEVEN`].
const LATER: &str = "2026-11-23T13:15:00Z";

on_both! {
    async fn a_week_shows_in_the_metrics(db: Db) {
        let refused = Act::reply("550 5.1.1 no such user");
        let server = SmtpServer::start(Script::new().times(1, At::Rcpt, "", refused)).await;
        let mut world = World::on(db);
        world.settings.relay.connections = 1;
        world.relay_is(&server);
        world.organization("acme").await;
        world.many_leaders("acme", 12).await;
        let service = Serving::start(&world);
        service.at(&world, MONDAY).await;
        assert_eq!(service.sample("brief_run_deliveries{state=\"queued\"}").await, 12.0);
        assert_eq!(service.sample("brief_editions_total{state=\"frozen\"}").await, 1.0);
        service.at(&world, SEVEN).await;
        for (name, value) in [
            ("brief_deliveries_total{outcome=\"sent\"}", 11.0),
            ("brief_deliveries_total{outcome=\"failed\"}", 1.0),
            ("brief_hand_over_seconds_count", 12.0),
            ("brief_committed_entries_total", 24.0),
            ("brief_run_deliveries{state=\"sent\"}", 11.0),
            ("brief_run_deliveries{state=\"queued\"}", 0.0),
            ("brief_run_expected", 12.0),
            ("brief_run_accounted", 12.0),
            ("brief_run_closed", 1.0),
            ("brief_runs_open", 0.0),
            ("brief_due_deliveries", 0.0),
            ("brief_oldest_due_age_seconds", 0.0),
            ("brief_tick_age_seconds{part=\"schedule\"}", 0.0),
            ("brief_database_up", 1.0),
            ("brief_delivery_paused", 0.0),
        ] {
            assert_eq!(service.sample(name).await, value, "{name}");
        }
        assert!(service.sample("brief_statements_total").await > 20.0);
        assert!(service.sample("process_resident_memory_bytes").await > 1e6);
        service.end().await;
    }

    async fn what_waits_too_long_shows_its_age(db: Db) {
        let mut world = World::on(db);
        let gone = SmtpServer::start(Script::new()).await.url();
        world.relay_is_at(&gone);
        world.organization("acme").await;
        world.many_leaders("acme", 3).await;
        let service = Serving::start(&world);
        service.at(&world, SEVEN).await;
        service.at(&world, LATER).await;
        for (name, value) in [
            ("brief_due_deliveries", 3.0),
            ("brief_oldest_due_age_seconds", 900.0),
            ("brief_run_closed", 0.0),
            ("brief_runs_open", 1.0),
            ("brief_relay_stopped{cause=\"away\"}", 1.0),
            ("brief_relay_stopped{cause=\"refused\"}", 0.0),
        ] {
            assert_eq!(service.sample(name).await, value, "{name}");
        }
        let (status, why) = service.get("/readyz").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(why, r#"{"ready":false,"problems":[{"what":"relay","why":"it is away"}]}"#);
        assert_eq!(service.get("/healthz").await.0, StatusCode::OK, "a restart would not help");
        service.end().await;
    }

    async fn readiness_follows_the_database_and_a_scrape_outlives_it(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 3).await;
        let service = Serving::start(&world);
        service.at(&world, SEVEN).await;
        assert_eq!(service.get("/readyz").await, (StatusCode::OK, r#"{"ready":true,"problems":[]}"#.to_owned()));
        assert_eq!(service.sample("brief_run_expected").await, 3.0);
        run(&world.db, "ALTER TABLE _sqlx_migrations RENAME TO away").await;
        run(&world.db, "ALTER TABLE run RENAME TO run_away").await;
        world.clock.set(crate::world::at(LATER));
        let (status, why) = service.get("/readyz").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(why.contains("schema") && !why.contains("_sqlx"), "{why}");
        assert_eq!(service.sample("brief_database_up").await, 0.0);
        assert_eq!(service.sample("brief_run_expected").await, 3.0, "as of the last answer");
        run(&world.db, "ALTER TABLE run_away RENAME TO run").await;
        assert_eq!(service.sample("brief_database_up").await, 1.0);
        service.end().await;
    }
}

#[tokio::test]
async fn a_loop_that_makes_no_progress_fails_the_probe() {
    let (db, _folder) = crate::support::sqlite().await;
    let world = World::on(db);
    let service = Serving::start(&world);
    service.at(&world, SEVEN).await;
    assert_eq!(service.get("/healthz").await.0, StatusCode::OK);
    world.clock.set(crate::world::at(LATER));
    let (status, why) = service.get("/healthz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(why.contains("its loop makes no progress"), "{why}");
    service.end().await;
}

#[tokio::test]
async fn metrics_are_for_this_machine_unless_a_setting_says_otherwise() {
    let (db, _folder) = crate::support::sqlite().await;
    let mut world = World::on(db);
    let host = ("Host", "127.0.0.1:8080");
    let proxied = [host, ("X-Forwarded-For", "192.0.2.7")];
    for (metrics, here, there) in [
        (MetricsFor::Loopback, StatusCode::OK, StatusCode::FORBIDDEN),
        (MetricsFor::All, StatusCode::OK, StatusCode::OK),
        (MetricsFor::Off, StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
    ] {
        world.settings.web.metrics = metrics;
        let service = Serving::start(&world);
        let ask = async |peer: &str, headers: &[(&str, &str)]| {
            service.ask("GET", "/metrics", peer, headers).await.status()
        };
        assert_eq!(ask(HERE, &[host]).await, here, "{metrics:?}");
        assert_eq!(ask("[::1]:50000", &[host]).await, here, "{metrics:?}");
        assert_eq!(ask("192.0.2.7:50000", &[host]).await, there, "{metrics:?}");
        assert_eq!(ask(HERE, &proxied).await, there, "{metrics:?} through a proxy");
        let rebound = [("Host", "brief.client.example")];
        assert_eq!(ask(HERE, &rebound).await, there, "{metrics:?} under another name");
        service.end().await;
    }
}

#[tokio::test]
async fn every_answer_is_strict_and_holds_nothing_of_anybody() {
    let (db, _folder) = crate::support::sqlite().await;
    let world = World::on(db);
    world.organization("acme").await;
    world.many_leaders("acme", 3).await;
    let service = Serving::start(&world);
    service.at(&world, SEVEN).await;
    for uri in ["/metrics", "/healthz", "/readyz"] {
        let response = service.ask("GET", uri, HERE, &[("Host", "localhost:8080")]).await;
        let headers = response.headers().clone();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{uri}");
        assert_eq!(headers["cache-control"], "no-store", "{uri}");
        assert!(
            headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'")
        );
        let (_, text) = read(response).await;
        for word in ["@", "acme", ".example", "brief.db"] {
            assert!(!text.contains(word), "{uri} holds {word:?}:\n{text}");
        }
        let post = service.ask("POST", uri, HERE, &[("Host", "localhost:8080")]).await;
        assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED, "{uri}");
    }
    service.end().await;
}
