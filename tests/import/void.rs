//! Taking an import back as a whole.

use back_office_brief::store::Db;
use back_office_brief::store::import::{list_batches, void_batch};

use crate::desk::{Desk, EVENTS, GAPS, instant};
use crate::on_both;

async fn newest(db: &Db) -> String {
    list_batches(db).await.unwrap()[0].id.clone()
}

on_both! {
    async fn a_voided_import_leaves_everything_as_it_was_before(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let events = desk.values(EVENTS).await;
        desk.clock.set(instant("2026-11-30T12:00:00Z"));
        let changed = GAPS
            .replace("Price lists differ,A. Ito", "Two price lists,B. Olsen")
            .replace(",in_progress,", ",verifying,");
        let changed = format!("{changed}g3,north,,close,no_source,2,Third,,2026-11-25,,open,\n");
        desk.take("gaps.csv", &changed).await;
        let batch = newest(&db).await;
        let voided = void_batch(&db, &batch[..13], Some("wrong export"), instant("2026-12-01T08:00:00Z")).await;
        // Thirteen characters are the time of the id; the parents were imported in another second.
        let voided = match voided {
            Ok(voided) => voided,
            Err(_) => void_batch(&db, &batch, Some("wrong export"), instant("2026-12-01T08:00:00Z")).await.unwrap(),
        };
        assert_eq!((voided.hidden, voided.restored, voided.left), (1, 1, 0));
        assert_eq!(desk.values(EVENTS).await, events);
        assert_eq!(
            desk.value("SELECT title FROM gap WHERE voided_at IS NULL ORDER BY external_id").await,
            "Price lists differ|Invoice exceptions unwritten"
        );
        let listed = &list_batches(&db).await.unwrap()[0];
        assert_eq!(listed.voided_why.as_deref(), Some("wrong export"));
        let twice = void_batch(&db, &batch, None, instant("2026-12-01T09:00:00Z")).await.unwrap_err();
        assert!(twice.to_string().contains("was voided at 2026-12-01T08:00:00Z already"), "{twice}");

        // The same file again writes what it wrote before.
        let again = desk.take("gaps.csv", &changed).await;
        assert_eq!((again.written, again.rejected), (3, 0), "{:?}", again.reject_examples);
        assert_eq!(desk.values(EVENTS).await.last().unwrap(), "owner A. Ito>B. Olsen 2026-11-30");
    }

    async fn an_import_that_others_rest_on_is_voided_after_them(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let batches = list_batches(&db).await.unwrap();
        let id = |kind: &str| batches.iter().find(|b| b.kind == kind).unwrap().id.clone();
        let now = instant("2026-11-24T08:00:00Z");
        let error = void_batch(&db, &id("organizations"), None, now).await.unwrap_err().to_string();
        assert!(error.contains("void these first") && error.contains(&id("gaps")) && error.contains(&id("implementations")), "{error}");
        desk.clock.set(instant("2026-11-30T12:00:00Z"));
        desk.take("gaps.csv", &GAPS.replace("A. Ito", "B. Olsen")).await;
        let later = newest(&db).await;
        let error = void_batch(&db, &id("gaps"), None, now).await.unwrap_err().to_string();
        assert!(error.contains(&later), "{error}");
        for id in [later, id("gaps"), id("implementations"), id("organizations")] {
            void_batch(&db, &id, None, now).await.unwrap();
        }
        assert_eq!(desk.value("SELECT CAST(COUNT(*) AS TEXT) FROM organization WHERE voided_at IS NULL").await, "0");

        // Everything can be imported anew under the same ids and slugs.
        let report = desk.import(&["organizations.csv", "implementations.csv", "gaps.csv"]).await;
        assert_eq!(report.files.iter().map(|f| f.written).sum::<u64>(), 5, "{report}");
        assert_eq!(desk.values(EVENTS).await.len(), 4);
    }

    async fn what_someone_changed_since_stays(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.clock.set(instant("2026-11-30T12:00:00Z"));
        desk.take("gaps.csv", &GAPS.replace("Price lists differ", "Two price lists")).await;
        back_office_brief::each_engine!(&db, pool => sqlx::query("UPDATE gap SET title = 'By hand' WHERE external_id = 'g1'")
            .execute(pool).await.map(|_| ()).unwrap());
        let voided = void_batch(&db, &newest(&db).await, None, instant("2026-12-01T08:00:00Z")).await.unwrap();
        assert_eq!((voided.restored, voided.left), (0, 1));
        assert_eq!(desk.value("SELECT title FROM gap WHERE external_id = 'g1'").await, "By hand");
    }

    async fn an_id_that_is_none_is_answered(db: Db) {
        let desk = Desk::with_parents(&db).await;
        for id in ["", "%", "0193", "' OR 1=1 --", "ffffffff-ffff"] {
            let error = void_batch(&desk.db, id, None, instant("2026-12-01T08:00:00Z")).await.unwrap_err();
            assert!(error.to_string().contains("see `brief imports`"), "{id}: {error}");
        }
    }
}
