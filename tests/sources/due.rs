//! Before which instants a source is read.

use back_office_brief::store::Db;
use back_office_brief::store::records::{Organization, Subscription};

use crate::foreign::Foreign;
use crate::house::{beside, entry, pull, world};
use crate::on_both;
use crate::world::{World, at};

/// Whether the only source has to be read.
async fn is_due(world: &World, now: &str) -> bool {
    !world.engine.due_sources(at(now)).await.expect("our own database works").is_empty()
}

/// The settings' way to read before cut-offs only.
const NOT_DAILY: &str = "every = \"none\"";

/// A register whose rows are all of an organization that is known here.
async fn of_north(db: Db, foreign: &Foreign, change: impl FnOnce(&mut Organization)) -> World {
    let world = world(db, &[entry("erp", &foreign.url, NOT_DAILY, &foreign.queries()[1..])]);
    world
        .organization_alone("north", "2026-11-01T00:00:00Z", |o| {
            o.currency = "EUR".to_owned();
            change(o);
        })
        .await;
    pull(&world, "erp", "2026-11-10T09:00:00Z").await;
    world.engine.schedule(at("2026-11-10T09:00:00Z")).await.expect("it is planned");
    world
}

on_both! {
    async fn before_each_cut_off_of_whom_it_tells_about(db: Db) {
        let foreign = Foreign::sqlite().await.expect("a file");
        let world = of_north(db, &foreign, |_| {}).await;
        // Monday six o'clock in Chicago.
        assert!(!is_due(&world, "2026-11-16T09:59:59Z").await);
        assert!(is_due(&world, "2026-11-16T10:00:00Z").await);
        pull(&world, "erp", "2026-11-16T10:00:00Z").await;
        assert!(!is_due(&world, "2026-11-16T11:59:00Z").await);
    }

    async fn before_a_draft_and_before_a_portfolio(db: Db) {
        let foreign = Foreign::sqlite().await.expect("a file");
        let hold = |o: &mut Organization| (o.review, o.review_hours) = ("hold".to_owned(), Some(48));
        let world = of_north(db, &foreign, hold).await;
        assert!(!is_due(&world, "2026-11-14T09:59:00Z").await);
        assert!(is_due(&world, "2026-11-14T10:00:00Z").await, "two hours before Saturday's draft");
        pull(&world, "erp", "2026-11-14T10:00:00Z").await;
        let own = |s: &mut Subscription| s.next_due_at = Some(at("2026-11-15T12:00:00Z").as_millisecond());
        world.consultant("a.mendel@adviser.example", &["north"], |_, s| own(s)).await;
        assert!(!is_due(&world, "2026-11-15T09:59:00Z").await);
        assert!(is_due(&world, "2026-11-15T10:00:00Z").await, "two hours before Sunday's portfolio");
    }

    async fn before_those_of_the_organization_in_its_settings_although_it_told_nothing_yet(db: Db) {
        let foreign = Foreign::sqlite().await.expect("a file");
        let own = format!("{NOT_DAILY}, lead = \"30m\", organization = \"north\"");
        let nothing = "SELECT * FROM (SELECT 'x' AS external_id, 'billing' AS area, 'no_source' AS category, \
            2 AS severity, 'T' AS title, '2026-10-01' AS opened_on) AS q WHERE 1 = 0";
        let world = world(db, &[entry("erp", &foreign.url, &own, &[("gaps", nothing.to_owned())])]);
        world.organization("north").await;
        world.engine.schedule(at("2026-11-10T09:00:00Z")).await.expect("it is planned");
        assert!(is_due(&world, "2026-11-10T09:00:00Z").await, "it was never read");
        let pulled = pull(&world, "erp", "2026-11-10T09:00:00Z").await;
        assert_eq!((pulled.read, pulled.error), (0, None));
        assert!(!is_due(&world, "2026-11-16T11:29:00Z").await);
        assert!(is_due(&world, "2026-11-16T11:30:00Z").await);
    }

    async fn once_a_day_besides_unless_the_settings_say_otherwise(db: Db) {
        let foreign = Foreign::sqlite().await.expect("a file");
        let world = beside(db, &foreign);
        pull(&world, "erp", "2026-11-10T15:00:00Z").await;
        assert!(!is_due(&world, "2026-11-11T14:59:00Z").await);
        assert!(is_due(&world, "2026-11-11T15:00:00Z").await);
    }

    async fn rows_without_an_organization_are_of_the_one_in_its_settings(db: Db) {
        let foreign = Foreign::sqlite().await.expect("a file");
        let sql = "SELECT 'w1' AS external_id, 'billing' AS area, 'no_source' AS category, 2 AS severity, \
            'Two lists' AS title, '2026-10-01' AS opened_on";
        let own = "organization = \"the-north\"";
        let world = world(db, &[entry("erp", &foreign.url, own, &[("gaps", sql.to_owned())])]);
        let named = |o: &mut Organization| {
            (o.slug, o.external_id) = ("the-north".to_owned(), Some("N-1".to_owned()));
        };
        world.organization_alone("north", "2026-11-01T00:00:00Z", named).await;
        let pulled = pull(&world, "erp", "2026-11-10T09:00:00Z").await;
        assert_eq!((pulled.written, pulled.rejected), (1, 0), "{pulled:?}");
    }
}
