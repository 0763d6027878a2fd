//! Taking an import back as a whole.

use back_office_brief::domain::codes::Channel;
use back_office_brief::store::Db;
use back_office_brief::store::consent::{Act, withdraw};
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

    async fn an_import_that_comes_again_brings_no_list_back_that_was_left(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.take("people.csv", "email,name\nlee@north.example,R. Lee\nkim@north.example,S. Kim\nmay@north.example,T. May\n").await;
        let text = "email,organization,role,confirmed_at\n\
                    lee@north.example,north,leader,2026-11-01T08:00:00Z\n\
                    kim@north.example,north,leader,2026-11-01T08:00:00Z\n\
                    may@north.example,north,leader,2026-11-01T08:00:00Z\n";
        assert_eq!(desk.take("subscriptions.csv", text).await.written, 3);
        let list = |name: &str| format!("SELECT s.id FROM subscription s JOIN person p ON p.id = s.person_id WHERE p.name = '{name}'");
        let (lee, kim) = (desk.value(list("R. Lee").leak()).await, desk.value(list("S. Kim").leak()).await);
        let act = Act::by(Channel::OneClick);
        assert!(withdraw(&db, &lee, &act, instant("2026-11-24T08:00:00Z")).await.unwrap());
        let batch = newest(&db).await;
        void_batch(&db, &batch, None, instant("2026-11-24T09:00:00Z")).await.unwrap();
        // Whoever follows the link of a mail that came before leaves for good as well.
        assert!(withdraw(&db, &kim, &act, instant("2026-11-24T10:00:00Z")).await.unwrap());
        let report = desk.take("subscriptions.csv", text).await;
        assert_eq!((report.written, report.rejected), (1, 2), "{:?}", report.reject_examples);
        assert!(report.reject_examples[0].contains("this list was left at 2026-11-24T08:00:00Z; only the person"), "{:?}", report.reject_examples);
        assert_eq!(desk.value("SELECT p.name FROM subscription s JOIN person p ON p.id = s.person_id WHERE s.voided_at IS NULL").await, "T. May");

        // Neither where the organization came again as well, under another row.
        for kind in ["subscriptions", "gaps", "implementations", "organizations"] {
            let batches = list_batches(&db).await.unwrap();
            let batch = batches.iter().find(|b| b.kind == kind && b.voided_at.is_none()).unwrap();
            void_batch(&db, &batch.id, None, instant("2026-11-24T11:00:00Z")).await.unwrap();
        }
        desk.import(&["organizations.csv"]).await;
        let report = desk.take("subscriptions.csv", text).await;
        assert_eq!((report.written, report.rejected), (1, 2), "{:?}", report.reject_examples);
        // An old mail's link leaves the list as it is now.
        let may = "SELECT s.id FROM subscription s JOIN person p ON p.id = s.person_id WHERE p.name = 'T. May' ORDER BY s.id";
        let first = desk.values(may).await[0].clone();
        assert!(withdraw(&db, &first, &act, instant("2026-11-24T12:00:00Z")).await.unwrap());
        let still = "SELECT s.id FROM subscription s WHERE s.voided_at IS NULL AND s.unsubscribed_at IS NULL";
        assert_eq!(desk.value(still).await, "");
    }

    async fn changes_in_place_are_taken_back_in_the_order_of_their_making(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let title = "SELECT title FROM gap WHERE external_id = 'g1'";
        let mut batches = Vec::new();
        for name in ["Two price lists", "Three price lists"] {
            desk.take("gaps.csv", &GAPS.replace("Price lists differ", name)).await;
            batches.push(newest(&db).await);
        }
        let now = instant("2026-12-01T08:00:00Z");
        let error = void_batch(&db, &batches[0], None, now).await.unwrap_err().to_string();
        assert!(error.contains(&format!("void these first: {} (gaps)", batches[1])), "{error}");
        for (batch, left) in [(&batches[1], "Two price lists"), (&batches[0], "Price lists differ")] {
            let voided = void_batch(&db, batch, None, now).await.unwrap();
            assert_eq!((voided.restored, voided.left), (1, 0));
            assert_eq!(desk.value(title).await, left);
        }
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
