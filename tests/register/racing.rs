//! Several people write at once.

use back_office_brief::domain::register::ask::{GapChange, NewGap};
use back_office_brief::engine::register::RegisterError;
use back_office_brief::store::Db;

use crate::on_both;
use crate::scene::{gap, mendel, osei, scene};
use crate::world::at;

on_both! {
    async fn another_version_than_the_one_looked_at_is_a_conflict(db: Db) {
        let world = scene(db).await;
        let looked_at = world.sees("ACME-G1").await.version;
        let expecting = |severity, version: &str| GapChange {
            severity: Some(severity),
            expected: Some(version.to_owned()),
            ..GapChange::default()
        };
        let now = world.changes("ACME-G1", expecting(4, &looked_at), &osei()).await.version;
        assert_ne!(now, looked_at);
        let before = world.rows().await;
        let late = world.engine.change_gap("acme", "ACME-G1", &expecting(2, &looked_at), &mendel()).await;
        match late {
            Err(RegisterError::Conflict(said)) => {
                assert!(said.contains("the last entry is by P. Osei, 2026-11-17 09:00"), "{said}");
            }
            other => panic!("a conflict: {other:?}"),
        }
        assert_eq!(world.rows().await, before);
        world.clock.set(at("2026-11-18T15:00:00Z"));
        world.changes("ACME-G1", expecting(2, &now), &mendel()).await;
    }

    async fn every_kind_of_write_makes_another_version(db: Db) {
        let world = scene(db).await;
        let mut versions = vec![world.sees("ACME-G1").await.version];
        let title = GapChange { title: Some("Another title".to_owned()), ..GapChange::default() };
        versions.push(world.changes("ACME-G1", title, &mendel()).await.version);
        versions.push(world.engine.confirm_gap("acme", "ACME-G1", None, &mendel()).await.unwrap().version);
        world.happens("acme", "g1", "severity", "4", "2026-11-16T15:00:00Z").await;
        versions.push(world.sees("ACME-G1").await.version);
        let kinds: std::collections::BTreeSet<&String> = versions.iter().collect();
        assert_eq!(kinds.len(), versions.len(), "{versions:?}");
        assert_eq!(world.sees("ACME-G1").await.version, versions[3], "reading makes none");
    }

    async fn of_those_who_looked_at_the_same_one_writes(db: Db) {
        let world = scene(db).await;
        let looked_at = world.sees("ACME-G1").await.version;
        let who = mendel();
        let words: Vec<GapChange> = (0..6)
            .map(|n| GapChange {
                note: Some(format!("Note {n}")),
                expected: Some(looked_at.clone()),
                ..GapChange::default()
            })
            .collect();
        let engines: Vec<_> = (0..6).map(|_| world.another_engine()).collect();
        let write = |n: usize| engines[n].change_gap("acme", "ACME-G1", &words[n], &who);
        let (a, b, c, d, e, f) = tokio::join!(write(0), write(1), write(2), write(3), write(4), write(5));
        let all = [a, b, c, d, e, f];
        let won = all.iter().filter(|r| r.is_ok()).count();
        let lost = all.iter().filter(|r| matches!(r, Err(RegisterError::Conflict(_)))).count();
        assert_eq!((won, lost), (1, 5), "{all:?}");
    }

    async fn gaps_that_are_added_at_once_get_ids_of_their_own(db: Db) {
        let world = scene(db).await;
        let (who, new): (_, Vec<NewGap>) = (mendel(), (0..6).map(|n| gap(&format!("Gap {n}"))).collect());
        let engines: Vec<_> = (0..6).map(|_| world.another_engine()).collect();
        let add = |n: usize| engines[n].add_gap("acme", &new[n], &who);
        let (a, b, c, d, e, f) = tokio::join!(add(0), add(1), add(2), add(3), add(4), add(5));
        let mut ids: Vec<String> = [a, b, c, d, e, f].into_iter().map(|r| r.unwrap().id).collect();
        ids.sort_unstable();
        assert_eq!(ids, ["ACME-4", "ACME-5", "ACME-6", "ACME-7", "ACME-8", "ACME-9"]);
    }
}
