//! One small file of each kind: what it becomes, and that the same again becomes nothing.

use back_office_brief::store::Db;

use crate::desk::{Desk, EVENTS, GAPS, IMPLEMENTATIONS, ORGANIZATIONS};
use crate::on_both;

const REST: &[(&str, &str)] = &[
    ("people.csv", "email,name,time_zone\nlee@north.example,R. Lee,America/Chicago\n"),
    (
        "consultants.csv",
        "email,name,organization\nmendel@praxis.example,A. Mendel,north\nmendel@praxis.example,A. Mendel,tarn\n",
    ),
    (
        "areas.csv",
        "implementation,area,weight,assessed_on\nerp,billing,5,2026-11-02\nerp,payables,3,2026-11-02\nerp,close,1,\n",
    ),
    (
        "changes.csv",
        "external_id,gap,kind,from,to,effective_at,recorded_at,actor,note\n\
         c1,g1,status,open,in_progress,2026-11-10T09:00:00-06:00,2026-11-12T09:00:00-06:00,R. Lee,\n\
         c2,g1,exposure,,direct;amount_minor=3000;period_days=30,2026-11-12,2026-11-12T10:00:00-06:00,,from the ledger\n",
    ),
    (
        "assessments.csv",
        "implementation,held_on,assessor,area,category,level,note,gap\n\
         erp,2026-11-16,A. Mendel,billing,no_source,0,two lists,g1\nerp,2026-11-16,A. Mendel,close,undocumented,4,,\n",
    ),
    (
        "sessions.csv",
        "organization,consultant,starts_at,notes\nnorth,mendel@praxis.example,2026-11-26T10:00:00-06:00,Bring the list\n",
    ),
    (
        "promises.csv",
        "session,text,owner,due,done\nnorth@2026-11-26T16:00:00Z,Name a deputy,R. Lee,2026-12-03,no\n",
    ),
    (
        "subscriptions.csv",
        "email,organization,role,weekday,hour,quiet,confirmed_at\n\
         lee@north.example,north,leader,tue,8,line,2026-11-01T08:00:00Z\n\
         mendel@praxis.example,,consultant,,,,\n",
    ),
];

on_both! {
    async fn every_kind_is_written_once_and_the_same_again_writes_nothing(db: Db) {
        let desk = Desk::new(&db);
        desk.file("organizations.csv", ORGANIZATIONS);
        desk.file("implementations.csv", IMPLEMENTATIONS);
        desk.file("gaps.csv", GAPS);
        for (name, text) in REST {
            desk.file(name, text);
        }
        let folder = [""];
        let first = desk.import(&folder).await;
        assert!(first.is_complete(), "{first}");
        let order: Vec<&str> = first.files.iter().map(|f| f.kind).collect();
        assert_eq!(
            order.join(" "),
            "organizations people consultants implementations areas gaps changes assessments sessions promises subscriptions"
        );
        for file in &first.files {
            assert_eq!((file.read, file.rejected), (file.written, 0), "{}: {first}", file.kind);
        }
        let backdated: u64 = first.files.iter().map(|f| f.backdated).sum();
        assert_eq!(backdated, 1, "{first}");

        let totals = desk.totals().await;
        desk.clock.set("2026-11-24T12:00:00Z".parse().unwrap());
        let again = desk.import(&folder).await;
        for file in &again.files {
            assert_eq!((file.unchanged, file.written, file.events), (file.read, 0, 0), "{}: {again}", file.kind);
        }
        // Only the eleven batches themselves are new.
        assert_eq!(totals.split_once(' ').unwrap().1, desk.totals().await.split_once(' ').unwrap().1);
        assert_eq!(again.files.iter().filter(|f| f.batch.is_some()).count(), 11);
    }

    async fn what_was_written_is_what_the_files_say(db: Db) {
        let desk = Desk::with_parents(&db).await;
        for (name, text) in REST {
            let report = desk.take(name, text).await;
            assert_eq!(report.rejected, 0, "{name}: {:?}", report.reject_examples);
        }
        assert_eq!(
            desk.values(EVENTS).await,
            [
                "opened ->open 2026-10-05",
                "severity ->3 2026-10-05",
                "owner ->A. Ito 2026-10-05",
                "due_on ->2026-12-01 2026-10-05",
                "status open>in_progress 2026-11-10",
                "exposure ->700 2026-11-12",
            ]
        );
        assert_eq!(
            desk.value("SELECT kind || ' ' || CAST(likely AS TEXT) || ' ' || source_note FROM exposure").await,
            "direct 700 from the ledger"
        );
        assert_eq!(
            desk.value("SELECT slug FROM organization ORDER BY slug").await,
            "northfield-supply|tarn-reyes"
        );
        assert_eq!(
            desk.value("SELECT field || ' ' || COALESCE(to_value, '-') FROM implementation_event ORDER BY id").await,
            "go_live_on 2027-02-01|status planned"
        );
        // Ten answers for two areas that were looked at, two by an assessor; the third has no day.
        assert_eq!(desk.value("SELECT CAST(COUNT(*) AS TEXT) FROM assessment_answer").await, "12");
        assert_eq!(
            desk.value("SELECT role || ' ' || COALESCE(CAST(weekday AS TEXT), '-') || ' ' || quiet || ' ' || \
                        COALESCE(CAST(confirmed_at AS TEXT), 'unconfirmed') FROM subscription ORDER BY role").await,
            "consultant - full unconfirmed|leader 2 line 1793520000000"
        );
        // What was agreed to elsewhere, on the operator's word.
        let agreed = "SELECT list || ' ' || kind || ' ' || channel || ' ' || CAST(confirmed_at AS TEXT) FROM consent_event";
        assert_eq!(desk.value(agreed).await, "leader confirmed operator 1793520000000");
        assert_eq!(
            desk.value("SELECT p.text || ' ' || p.due_on || ' ' || s.notes FROM promise p JOIN session s ON s.id = p.session_id").await,
            "Name a deputy 2026-12-03 Bring the list"
        );
    }

    async fn json_says_the_same_as_csv(db: Db) {
        let desk = Desk::new(&db);
        desk.file(
            "everything.json",
            r#"{
              "gaps": [
                {"external_id": "g1", "organization": "north", "area": "billing", "category": "no_source", "severity": 3,
                 "title": "Price lists differ", "opened_on": "2026-10-05", "due_on": null,
                 "exposure_kind": "rework", "exposure_inputs": {"hours_centi_per_week": [300, 400, 500], "rate_minor_per_hour": 5000}},
                {"external_id": "g2", "organization": "north", "area": "billing", "category": "no_source", "severity": [3],
                 "title": "Bad", "opened_on": "2026-10-05"}
              ],
              "organizations": [{"external_id": "north", "name": "Northfield \u2603", "currency": "USD"}]
            }"#,
        );
        let report = desk.import(&["everything.json"]).await;
        assert_eq!(report.files.iter().map(|f| f.kind).collect::<Vec<_>>(), ["organizations", "gaps"]);
        assert_eq!((report.files[1].written, report.files[1].rejected), (1, 1), "{report}");
        assert!(report.files[1].reject_examples[0].starts_with("line 6, column severity: text, a number or null"), "{report}");
        assert_eq!(
            desk.value("SELECT CAST(low AS TEXT) || ' ' || CAST(likely AS TEXT) || ' ' || CAST(high AS TEXT) FROM exposure").await,
            "15000 20000 25000"
        );
        let rejects = std::fs::read_to_string(desk.path("everything.gaps.rejects.csv")).unwrap();
        assert!(rejects.starts_with("file,line,column,reason,row\n") && rejects.contains("\"\"Bad\"\""), "{rejects}");
    }
}
