//! A current state again: the difference becomes events.

use back_office_brief::store::Db;

use crate::desk::{Desk, EVENTS, GAPS, IMPLEMENTATIONS, instant};
use crate::on_both;

/// The gaps file with other words in it.
fn gaps(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(GAPS.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

const OPENING: usize = 4;

on_both! {
    async fn a_changed_state_becomes_events_dated_on_the_day_of_the_record(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.clock.set(instant("2026-11-30T12:00:00Z"));
        let text = gaps(&[
            (",3,Price lists differ,A. Ito,2026-10-05,2026-12-01,open,", ",4,Price lists differ,,2026-10-05,2026-12-15,in_progress,"),
        ]);
        let report = desk.take("gaps.csv", &text).await;
        assert_eq!((report.written, report.unchanged, report.events), (1, 1, 4));
        assert_eq!(
            desk.values(EVENTS).await[OPENING..],
            [
                "status open>in_progress 2026-11-30",
                "severity 3>4 2026-11-30",
                "owner A. Ito>- 2026-11-30",
                "due_on 2026-12-01>2026-12-15 2026-11-30",
            ]
        );
        let report = desk.take("gaps.csv", &text).await;
        assert_eq!((report.written, report.unchanged, report.events), (0, 2, 0));
    }

    async fn a_closing_has_its_own_day_and_coming_back_is_a_reopening(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.clock.set(instant("2026-11-30T12:00:00Z"));
        desk.take("gaps.csv", &gaps(&[("2026-12-01,open,", "2026-12-01,closed,2026-11-27")])).await;
        desk.clock.set(instant("2026-12-07T12:00:00Z"));
        desk.take("gaps.csv", GAPS).await;
        assert_eq!(
            desk.values(EVENTS).await[OPENING..],
            ["status open>closed 2026-11-27", "reopened closed>open 2026-12-07"]
        );
    }

    async fn an_estimate_is_written_once_for_each_time_it_changes(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let header = "external_id,organization,area,category,severity,title,opened_on,exposure_kind,exposure_inputs,exposure_basis\n";
        let row = |kind: &str, inputs: &str| format!("{header}g1,north,billing,no_source,3,Price lists differ,2026-10-05,{kind},{inputs},measured\n");
        for (kind, inputs, written) in [
            ("unpriced", "", 0),
            ("direct", "amount_minor=3000;period_days=30", 1),
            ("direct", "period_days=30; amount_minor=3000", 0),
            ("direct", "\"{\"\"amount_minor\"\": 3000, \"\"period_days\"\": 30}\"", 0),
            ("direct", "amount_minor=0;period_days=30", 1),
            ("unpriced", "", 1),
        ] {
            let report = desk.take("gaps.csv", &row(kind, inputs)).await;
            assert_eq!((report.written, report.rejected), (written, 0), "{kind} {inputs}: {:?}", report.reject_examples);
        }
        assert_eq!(
            desk.value("SELECT kind || ' ' || CAST(likely AS TEXT) FROM exposure ORDER BY id").await,
            "direct 700|direct 0|unpriced 0"
        );
        let bad = desk.take("gaps.csv", &row("direct", "amount_minor=3000")).await;
        assert!(bad.reject_examples[0].contains("period_days is missing"), "{:?}", bad.reject_examples);
    }

    async fn columns_that_a_file_does_not_have_keep_their_values(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let short = "external_id,organization,area,category,severity,title,opened_on\n\
                     g1,north,billing,no_source,3,Price lists differ,2026-10-05\n";
        let report = desk.take("gaps.csv", short).await;
        assert_eq!((report.unchanged, report.events), (1, 0), "{:?}", report.reject_examples);
        let named = short.replace("Price lists differ", "Two price lists");
        assert_eq!(desk.take("gaps.csv", &named).await.written, 1);
        assert_eq!(
            desk.value("SELECT title || ' ' || COALESCE(implementation_id, 'none') FROM gap WHERE external_id = 'g1' \
                        AND implementation_id IS NOT NULL").await.split(' ').count(),
            4
        );
        assert_eq!(desk.values(EVENTS).await.len(), OPENING);
    }

    async fn what_an_object_does_not_say_is_kept_wherever_it_stands(db: Db) {
        let object = |id: &str, more: &str| {
            format!("{{\"external_id\": \"{id}\", \"organization\": \"north\", \"area\": \"billing\", \"category\": \
                     \"no_source\", \"severity\": 3, \"title\": \"T\", \"opened_on\": \"2026-10-05\"{more}}}")
        };
        let whole = ", \"owner\": \"A. Ito\", \"due_on\": \"2026-12-01\"";
        let desk = Desk::with_parents(&db).await;
        let first = format!("[{}, {}, {}]", object("j1", whole), object("j2", whole), object("j3", whole));
        assert_eq!(desk.take("gaps.json", &first).await.written, 3);
        desk.clock.set(instant("2026-11-30T12:00:00Z"));
        let again = format!("[{}, {}, {}]", object("j1", ""), object("j2", ", \"owner\": null, \"due_on\": \"\""), object("j3", ""));
        let report = desk.take("gaps.json", &again).await;
        assert_eq!((report.written, report.unchanged, report.events), (1, 2, 2), "{:?}", report.reject_examples);
        assert_eq!(
            desk.value("SELECT g.external_id || ' ' || e.kind FROM gap_event e JOIN gap g ON g.id = e.gap_id \
                        WHERE g.external_id LIKE 'j%' AND e.effective_on = '2026-11-30' ORDER BY e.id").await,
            "j2 owner|j2 due_on"
        );
    }

    async fn an_acceptance_of_180_days_is_told_once(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.clock.set(instant("2026-11-30T12:00:00Z"));
        let text = gaps(&[("2026-12-01,open,", "2026-12-01,accepted:2027-05-29,")]);
        for written in [1, 0] {
            let report = desk.take("gaps.csv", &text).await;
            assert_eq!((report.written, report.events), (written, written), "{:?}", report.reject_examples);
        }
        let report = desk.take("gaps.csv", &text.replace("05-29", "05-30")).await;
        assert_eq!((report.rejected, report.events), (1, 0), "{:?}", report.reject_examples);
    }

    async fn a_basis_a_source_and_a_day_that_are_not_spoken_of_stay(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let header = "external_id,organization,area,category,severity,title,opened_on";
        let row = "g1,north,billing,no_source,3,Price lists differ,2026-10-05";
        let estimate = "exposure_kind,exposure_inputs";
        let inputs = "direct,amount_minor=3000;period_days=30";
        desk.take("gaps.csv", &format!(
            "{header},{estimate},exposure_basis,exposure_source,next_step,next_step_on\n{row},{inputs},measured,the ledger,Ask Anna,2026-12-04\n"
        )).await;
        desk.clock.set(instant("2026-11-30T12:00:00Z"));
        let short = |inputs: &str, step: &str| format!("{header},{estimate},next_step\n{row},{inputs},{step}\n");
        let report = desk.take("gaps.csv", &short(inputs, "Ask Anna")).await;
        assert_eq!((report.unchanged, report.events), (1, 0), "{:?}", report.reject_examples);
        // Other numbers and another step are not those that the basis and the day were told of.
        let report = desk.take("gaps.csv", &short("direct,amount_minor=6000;period_days=30", "Ask Ben")).await;
        assert_eq!(report.events, 3, "{:?}", report.reject_examples);
        assert_eq!(
            desk.values("SELECT basis || ' ' || COALESCE(source_note, '-') FROM exposure ORDER BY id").await,
            ["measured the ledger", "estimated -"]
        );
        assert_eq!(
            desk.values("SELECT to_value || ' ' || COALESCE(note, '-') FROM gap_event WHERE kind = 'next_step' ORDER BY id").await,
            ["Ask Anna 2026-12-04", "Ask Ben -"]
        );
    }

    async fn the_opening_of_a_known_gap_is_not_moved_ahead(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let report = desk.take("gaps.csv", &gaps(&[("A. Ito,2026-10-05", "A. Ito,2027-10-05")])).await;
        assert_eq!((report.written, report.rejected), (0, 1));
        let why = &report.reject_examples[0];
        assert!(why.contains("column opened_on: 2027-10-05 lies more than a day ahead"), "{why}");
    }

    async fn a_rejected_gap_leaves_nobody(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let text = "external_id,organization,area,category,severity,title,opened_on,owner,owner_email,status,closed_on\n\
            g7,north,billing,no_source,3,T,2027-10-05,N. Body,nobody@north.example,,\n\
            g8,north,billing,no_source,3,T,2026-10-05,S. Body,somebody@north.example,,\n\
            g9,north,billing,no_source,3,T,2027-10-05,S. Body,somebody@north.example,,\n";
        let report = desk.take("gaps.csv", text).await;
        assert_eq!((report.written, report.rejected), (1, 2), "{:?}", report.reject_examples);
        assert_eq!(desk.value("SELECT email FROM person").await, "somebody@north.example");
    }

    async fn the_evidence_of_a_new_gap_is_an_event(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let text = "external_id,organization,area,category,severity,title,opened_on,status,closed_on,evidence\n\
            e1,north,billing,no_source,3,T,2026-10-05,closed,2026-11-02,One list won\n\
            e2,north,billing,no_source,3,T,2026-10-06,verifying,,A test\n\
            e3,north,billing,no_source,3,T,2026-10-07,open,,A draft\n\
            e4,north,billing,no_source,3,T,2026-10-08,open,,\n";
        for written in [4, 0] {
            let report = desk.take("gaps.csv", text).await;
            assert_eq!((report.written, report.rejected), (written, 0), "{:?}", report.reject_examples);
        }
        assert_eq!(
            desk.values("SELECT note || ' ' || effective_on FROM gap_event WHERE kind = 'evidence' ORDER BY id").await,
            ["One list won 2026-11-02", "A test 2026-11-23", "A draft 2026-10-07"]
        );
    }

    async fn an_older_state_cannot_overwrite_a_newer_one(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.file("gaps.csv", gaps(&[("2026-12-01,open,", "2026-12-01,verifying,")]));
        let mut options = desk.options(&["gaps.csv"]);
        options.recorded_at = Some(instant("2026-11-09T12:00:00Z"));
        let report = desk.run(&options).await.unwrap().files.remove(0);
        assert_eq!((report.unchanged, report.rejected), (1, 1));
        assert!(report.reject_examples[0].contains("in the order of their time"), "{:?}", report.reject_examples);
        options.recorded_at = Some(instant("2026-11-25T12:00:00Z"));
        let error = desk.run(&options).await.expect_err("the future").to_string();
        assert!(error.contains("lies in the future"), "{error}");
    }

    async fn an_address_makes_the_owner_a_person(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let header = "external_id,organization,area,category,severity,title,opened_on,owner,owner_email\n";
        let row = |owner: &str, email: &str| format!("{header}g1,north,billing,no_source,3,Price lists differ,2026-10-05,{owner},{email}\n");
        let report = desk.take("gaps.csv", &row("A. Ito", "Ito@North.example")).await;
        assert_eq!((report.written, report.events), (1, 1), "{:?}", report.reject_examples);
        assert_eq!(
            desk.value("SELECT p.name || ' ' || p.email FROM gap_event e JOIN person p ON p.id = e.person_id").await,
            "A. Ito Ito@north.example"
        );
        // The same person in other letters is no change.
        assert_eq!(desk.take("gaps.csv", &row("A. Ito", "ito@north.example")).await.unchanged, 1);
        let report = desk.take("gaps.csv", &row("", "nobody@north.example")).await;
        assert!(report.reject_examples[0].contains("an address without a name"), "{:?}", report.reject_examples);
    }

    async fn a_moved_go_live_is_an_event(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.clock.set(instant("2026-11-30T12:00:00Z"));
        let moved = IMPLEMENTATIONS.replace("2027-02-01", "2027-03-01").replace("ERP cutover", "ERP");
        assert_eq!(desk.take("implementations.csv", &moved).await.events, 1);
        assert_eq!(
            desk.value("SELECT from_value || '>' || to_value || ' ' || effective_on FROM implementation_event \
                        WHERE from_value IS NOT NULL").await,
            "2027-02-01>2027-03-01 2026-11-30"
        );
        assert_eq!(desk.value("SELECT name FROM implementation").await, "ERP");
        assert_eq!(desk.take("implementations.csv", &moved).await.unchanged, 1);
    }
}
