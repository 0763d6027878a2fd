//! A changes file is the history.

use back_office_brief::store::Db;

use crate::desk::{Desk, EVENTS, GAPS, ORGANIZATIONS, instant};
use crate::on_both;

const CHANGES: &str = "external_id,gap,kind,from,to,effective_at,recorded_at,actor,note\n\
    c1,g1,opened,,open,2026-09-01T10:00:00Z,2026-09-01T10:00:00Z,,\n\
    c2,g1,owner,B. Olsen,A. Ito,2026-09-08T10:00:00Z,2026-09-08T10:00:00Z,,\n\
    c3,g1,due_on,2026-10-01,2026-11-01,2026-09-20T10:00:00Z,2026-10-02T10:00:00Z,,\n\
    c4,g1,status,open,closed,2026-10-20T10:00:00Z,2026-10-20T10:00:00Z,,\n\
    c5,g1,reopened,closed,in_progress,2026-10-27T10:00:00Z,2026-10-27T10:00:00Z,,\n";
const STATE: &str = "external_id,organization,area,category,severity,title,owner,opened_on,due_on,status,closed_on\n\
    g1,north,billing,no_source,3,Price lists differ,A. Ito,2026-09-01,2026-11-01,in_progress,\n\
    g2,north,payables,no_source,2,Vendors twice,,2026-09-01,,open,\n";

async fn with_history(db: &Db, state: &str) -> (Desk, back_office_brief::import::ImportReport) {
    let desk = Desk::new(db);
    desk.file("organizations.csv", ORGANIZATIONS);
    desk.file("gaps.csv", state);
    desk.file("changes.csv", CHANGES);
    let report = desk.import(&["changes.csv", "gaps.csv", "organizations.csv"]).await;
    (desk, report)
}

/// The changes of one day, of a gap that was found on another.
const DAY: [&str; 3] = [
    "d1,g1,status,open,in_progress,2026-11-20T09:00:00-06:00",
    "d2,g1,status,in_progress,verifying,2026-11-20T11:00:00-06:00",
    "d3,g1,status,verifying,closed,2026-11-20T15:30:00-06:00",
];

on_both! {
    async fn the_changes_of_a_day_count_in_the_order_of_their_instants_whatever_that_of_the_file(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let header = "external_id,gap,kind,from,to,effective_at";
        // More rows between them than are written at once.
        let between: Vec<String> = (0..600).map(|n| format!("n{n},g2,note,,,2026-11-19")).collect();
        let [first, second, third] = DAY;
        let text = [header, third, &between.join("\n"), second, first, ""].join("\n");
        let report = desk.take("changes.csv", &text).await;
        assert_eq!((report.written, report.rejected), (603, 0), "{:?}", report.reject_examples);
        let state = GAPS.replace("2026-12-01,open,", "2026-12-01,closed,2026-11-20");
        let report = desk.take("gaps.csv", &state).await;
        assert_eq!((report.unchanged, report.events), (2, 0), "it is closed, and was not reopened");
        assert_eq!(
            desk.values(EVENTS).await[4..],
            [
                "status open>in_progress 2026-11-20",
                "status in_progress>verifying 2026-11-20",
                "status verifying>closed 2026-11-20",
            ]
        );
    }

    async fn a_status_that_no_change_tells_of_is_the_one_that_the_row_says(db: Db) {
        let desk = Desk::new(&db);
        desk.file("organizations.csv", ORGANIZATIONS);
        let state = STATE.replace("2026-11-01,in_progress,", "2026-11-01,closed,2026-10-20");
        desk.file("gaps.csv", format!("{state}g3,north,close,no_source,2,Third,,2026-09-01,,verifying,\n"));
        desk.file("changes.csv", "external_id,gap,kind,from,to,effective_at,recorded_at\n\
            c1,g1,owner,B. Olsen,A. Ito,2026-09-08T10:00:00Z,2026-09-08T10:00:00Z\n\
            c2,g3,status,open,done,2026-09-08T10:00:00Z,2026-09-08T10:00:00Z\n\
            c3,g3,status,open,closed,2027-09-08T10:00:00Z,\n");
        let report = desk.import(&["changes.csv", "gaps.csv", "organizations.csv"]).await;
        assert_eq!((report.files[1].written, report.files[1].disagreements), (3, 0), "{report}");
        assert_eq!((report.files[2].written, report.files[2].rejected), (1, 2), "{report}");
        assert_eq!(
            desk.values(EVENTS).await,
            [
                "opened ->open 2026-09-01",
                "status open>closed 2026-10-20",
                "severity ->3 2026-09-01",
                "owner ->B. Olsen 2026-09-01",
                "due_on ->2026-11-01 2026-09-01",
                "owner B. Olsen>A. Ito 2026-09-08",
            ]
        );
        // Of the third gap every change is rejected, so its row is all that is known.
        assert_eq!(
            desk.value("SELECT e.to_value || ' ' || e.effective_on FROM gap_event e JOIN gap g ON g.id = e.gap_id \
                        WHERE g.external_id = 'g3' AND e.kind = 'status'").await,
            "verifying 2026-11-23"
        );
        assert_eq!(
            desk.value("SELECT DISTINCT CAST(e.recorded_at AS TEXT) FROM gap_event e WHERE e.kind = 'status' AND e.to_value = 'closed'").await,
            instant("2026-11-23T12:00:00Z").as_millisecond().to_string(),
            "told now, not with the first change"
        );
    }

    async fn a_severity_that_is_no_number_rejects_its_own_row_and_no_file(db: Db) {
        let desk = Desk::new(&db);
        desk.file("organizations.csv", ORGANIZATIONS);
        desk.file("gaps.csv", STATE);
        desk.file("changes.csv", "external_id,gap,kind,from,to,effective_at\nc1,g1,severity,high,2,2026-10-08\n");
        let report = desk.import(&["changes.csv", "gaps.csv", "organizations.csv"]).await;
        assert!(report.files.iter().all(|file| file.refused.is_none()), "{report}");
        assert_eq!((report.files[1].written, report.files[2].rejected), (2, 1), "{report}");
        assert!(report.files[2].reject_examples[0].contains("column from: \"high\" is not a known severity"), "{report}");
        assert_eq!(desk.values(EVENTS).await[1], "severity ->3 2026-09-01");
    }

    async fn a_gap_begins_with_what_its_first_changes_came_from(db: Db) {
        let (desk, report) = with_history(&db, STATE).await;
        assert!(report.is_complete() && report.files.iter().all(|f| f.disagreements == 0), "{report}");
        assert_eq!(
            desk.values(EVENTS).await,
            [
                "severity ->3 2026-09-01",
                "owner ->B. Olsen 2026-09-01",
                "due_on ->2026-10-01 2026-09-01",
                "opened ->open 2026-09-01",
                "owner B. Olsen>A. Ito 2026-09-08",
                "due_on 2026-10-01>2026-11-01 2026-09-20",
                "status open>closed 2026-10-20",
                "reopened closed>in_progress 2026-10-27",
            ]
        );
        // What it began with was recorded with its opening, not today; g2 has no history and was.
        assert_eq!(
            desk.value("SELECT DISTINCT CAST(e.recorded_at AS TEXT) FROM gap_event e JOIN gap g ON g.id = e.gap_id \
                        WHERE g.external_id = 'g1' AND e.kind = 'severity'").await,
            "1788256800000"
        );
        assert_eq!(report.files[2].backdated, 1, "{report}");
    }

    async fn a_current_state_that_disagrees_is_reported_and_not_written(db: Db) {
        let state = STATE.replace("3,Price lists differ,A. Ito", "4,Price lists differ,C. Wu").replace("in_progress,", "closed,2026-11-02");
        let (desk, report) = with_history(&db, &state).await;
        let gaps = &report.files[1];
        assert_eq!((gaps.written, gaps.disagreements), (2, 2), "{report}");
        assert_eq!(
            gaps.examples,
            [
                "g1: status is closed in the file and in_progress by its history",
                "g1: owner is C. Wu in the file and A. Ito by its history",
            ]
        );
        assert_eq!(desk.values(EVENTS).await.last().unwrap(), "reopened closed>in_progress 2026-10-27");
    }

    async fn a_change_is_known_by_its_id_and_never_rewritten(db: Db) {
        let (desk, _) = with_history(&db, STATE).await;
        let again = desk.take("changes.csv", CHANGES).await;
        assert_eq!((again.unchanged, again.events), (5, 0));
        let more = format!("{CHANGES}c6,g1,severity,3,4,2026-11-02T10:00:00Z,2026-11-02T10:00:00Z,,\n")
            .replace("c4,g1,status,open,closed", "c4,g1,status,open,verifying");
        let report = desk.take("changes.csv", &more).await;
        assert_eq!((report.written, report.unchanged, report.rejected), (1, 4, 1));
        assert!(report.reject_examples[0].starts_with("line 5, column to: a change of this id"), "{:?}", report.reject_examples);
    }

    async fn changes_that_cannot_be_are_rejected_one_by_one(db: Db) {
        let (desk, _) = with_history(&db, STATE).await;
        let header = "external_id,gap,kind,from,to,effective_at,recorded_at,actor,note\n";
        for (row, column, reason) in [
            ("x,g1,status,,closed,2026-11-20,2026-11-18T10:00:00Z,,", "effective_at", "more than a day ahead"),
            ("x,g1,status,,closed,2026-11-20,2026-12-18T10:00:00Z,,", "recorded_at", "more than a day ahead"),
            ("x,g1,status,,closed,1900-01-01T00:00:00Z,,,", "effective_at", "before 1990-01-01"),
            ("x,g1,status,,closed,2026-11-20T10:00:00,,,", "effective_at", "has no time zone"),
            ("x,g1,status,,,2026-11-20,,,", "to", "needs a value"),
            ("x,g1,status,,gone,2026-11-20,,,", "to", "is not a known status"),
            ("x,g1,status,,open:2027-01-01,2026-11-20,,,", "to", "only accepted"),
            ("x,g1,severity,,5,2026-11-20,,,", "to", "is not a known severity"),
            ("x,g1,due_on,,soon,2026-11-20,,,", "to", "is not a date"),
            ("x,g1,accomplishment,,P-1,2026-11-20,,,", "kind", "is not a known kind of change"),
            ("x,g1,exposure,,direct;amount_minor=1,2026-11-20,,,", "to", "period_days is missing"),
            ("x,g9,status,,closed,2026-11-20,,,", "gap", "is not known; import it first (gaps.csv)"),
            (",g1,status,,closed,2026-11-20,,,", "external_id", "the cell is empty"),
        ] {
            let report = desk.take("changes.csv", &format!("{header}{row}\n")).await;
            assert_eq!((report.written, report.rejected), (0, 1), "{row}");
            let example = &report.reject_examples[0];
            assert!(example.starts_with(&format!("line 2, column {column}: ")) && example.contains(reason), "{row}: {example}");
        }
        let fine = desk.take("changes.csv", &format!("{header}x,g1,status,,accepted:2027-01-31,2026-11-24,2026-11-23T10:00:00Z,,\n")).await;
        assert_eq!(fine.written, 1, "one day ahead is another zone's today: {:?}", fine.reject_examples);
    }
}
