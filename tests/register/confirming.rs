//! Several gaps that were looked at and had not changed, written down at once.

use back_office_brief::engine::register::RegisterError;
use back_office_brief::store::Db;

use crate::on_both;
use crate::scene::{mendel, scene};
use crate::world::number;

const CONFIRMED: &str = "SELECT COUNT(*) FROM gap_event WHERE kind = 'confirmed'";

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

on_both! {
    async fn several_gaps_are_confirmed_at_once(db: Db) {
        let world = scene(db).await;
        let written = world.engine.confirm_gaps("acme", &named(&["ACME-G1", "ACME-G3"]), &mendel()).await.unwrap();
        assert_eq!((written.id.as_str(), written.is_changed), ("acme", true));
        assert_eq!(number(&world.db, CONFIRMED).await, 2);
        let log = world.db.audit_log(Some("acme"), None, 10).await.unwrap();
        assert_eq!((log.len(), log[0].action.as_str(), log[0].subject.as_str()), (1, "gaps.confirm", "acme"));
        assert!(log[0].detail.contains("\"gaps\":[\"ACME-G1\",\"ACME-G3\"]"), "{}", log[0].detail);
        let gap = world.engine.gap("acme", "ACME-G3").await.unwrap();
        assert_eq!(gap.history[0].actor.as_deref(), Some("A. Mendel"));
        let none = world.engine.confirm_gaps("acme", &[], &mendel()).await.unwrap();
        assert!(!none.is_changed);
    }

    async fn one_that_is_not_there_leaves_all_as_they_are(db: Db) {
        let world = scene(db).await;
        for other in ["OTHER-G1", "ACME-G9", "acme-g1", ""] {
            let refused = world.engine.confirm_gaps("acme", &named(&["ACME-G1", other]), &mendel()).await;
            assert!(matches!(refused, Err(RegisterError::NotFound { what: "gap", .. })), "{other}: {refused:?}");
        }
        assert_eq!(number(&world.db, CONFIRMED).await, 0);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit").await, 0);
    }

    async fn the_number_of_statements_depends_on_nothing(db: Db) {
        let world = scene(db).await;
        let count = async |names: &[String]| {
            let before = world.db.queries();
            world.engine.confirm_gaps("acme", names, &mendel()).await.unwrap();
            world.db.queries() - before
        };
        let small = count(&named(&["ACME-G1"])).await;
        let names: Vec<String> = (0..80).map(|n| format!("n{n}")).collect();
        world.gaps("acme", &names, "2026-10-05T15:00:00Z").await;
        let names: Vec<String> = names.iter().map(|name| format!("ACME-{}", name.to_uppercase())).collect();
        assert_eq!(count(&names).await, small);
    }
}
