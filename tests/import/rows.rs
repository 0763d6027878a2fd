//! Rows that contradict what is known, kind by kind.

use back_office_brief::store::Db;

use crate::desk::{Desk, ORGANIZATIONS};
use crate::on_both;

/// Each row of a file alone is rejected for this reason in this column.
async fn rejected(desk: &Desk, name: &str, header: &str, cases: &[(&str, &str, &str)]) {
    for (row, column, reason) in cases {
        let report = desk.take(name, &format!("{header}\n{row}\n")).await;
        assert_eq!(
            (report.written, report.rejected),
            (0, 1),
            "{name}: {row}: {:?}",
            report.reject_examples
        );
        let example = &report.reject_examples[0];
        assert!(
            example.starts_with(&format!("line 2, column {column}: ")) && example.contains(reason),
            "{name}: {row}: {example}"
        );
    }
}

on_both! {
    async fn gaps(db: Db) {
        let desk = Desk::with_parents(&db).await;
        rejected(
            &desk,
            "gaps.csv",
            "external_id,organization,implementation,area,category,severity,title,owner,owner_email,opened_on,existed_since,status,closed_on,exposure_kind,exposure_inputs",
            &[
                ("g9,south,,billing,no_source,3,T,,,2026-10-05,,,,,", "organization", "\"south\" is not known"),
                ("g9,north,crm,billing,no_source,3,T,,,2026-10-05,,,,,", "implementation", "\"crm\" is not known"),
                ("g9,tarn,erp,billing,no_source,3,T,,,2026-10-05,,,,,", "implementation", "another organization"),
                ("g1,tarn,,billing,no_source,3,T,,,2026-10-05,,,,,", "external_id", "another organization"),
                ("g9,north,,warehouse,no_source,3,T,,,2026-10-05,,,,,", "area", "use one of: billing"),
                ("g9,north,,billing,no_source,9,T,,,2026-10-05,,,,,", "severity", "1 2 3 4"),
                ("g9,north,,billing,no_source,3,An overlong title that goes on and on until nobody reads it any more,,,2026-10-05,,,,,", "title", "at most 60 fit"),
                ("g9,north,,billing,no_source,3,T,,not an address,2026-10-05,,,,,", "owner_email", "e-mail address"),
                ("g9,north,,billing,no_source,3,T,,,1948-10-05,,,,,", "opened_on", "put its age into existed_since"),
                ("g9,north,,billing,no_source,3,T,,,2027-10-05,,,,,", "opened_on", "more than a day ahead"),
                ("g9,north,,billing,no_source,3,T,,,2026-10-05,2026-10-06,,,,", "existed_since", "exists before it is opened"),
                ("g9,north,,billing,no_source,3,T,,,2026-10-05,,open,2026-10-09,,", "closed_on", "the status is open"),
                ("g9,north,,billing,no_source,3,T,,,2026-10-05,,accepted:2027-05-23,,,", "status", "2027-05-23 is more than 180 days away; give a day up to 2027-05-22"),
                ("g9,north,,billing,no_source,3,T,,,2026-10-05,,closed,2026-10-01,,", "closed_on", "before the gap was opened"),
                ("g9,north,,billing,no_source,3,T,,,2026-10-05,,,,direct,", "exposure_inputs", "is missing"),
                ("g9,north,,billing,no_source,3,T,,,2026-10-05,,,,,a=1", "exposure_kind", "no kind to use them"),
                ("g9,north,,billing,no_source,3,T,,,2026-10-05,,,,direct,amount_minor=-5;period_days=7", "exposure_inputs", "0 or more"),
            ],
        ).await;
        let old = desk.take(
            "gaps.csv",
            "external_id,organization,area,category,severity,title,opened_on,existed_since\n\
             g9,north,billing,no_source,3,T,2026-10-05,1948-01-01\n",
        ).await;
        assert_eq!(old.written, 1, "{:?}", old.reject_examples);
    }

    async fn an_implementation_without_a_target_gets_the_configured_one_once(db: Db) {
        let desk = Desk::new(&db);
        desk.file("organizations.csv", ORGANIZATIONS);
        desk.file(
            "implementations.csv",
            "external_id,organization,name,target_score\nerp,north,ERP cutover,\ncrm,north,CRM,70\n",
        );
        let mut options = desk.options(&["organizations.csv", "implementations.csv"]);
        let targets = "SELECT CAST(target_milli AS TEXT) FROM implementation ORDER BY external_id";
        for configured in [90_000, 60_000] {
            options.constants.default_target_milli = configured;
            let report = desk.run(&options).await.unwrap();
            assert!(report.is_complete(), "{report}");
            // What was set with the row does not follow the settings.
            assert_eq!(desk.values(targets).await, ["70000", "90000"]);
        }
    }

    async fn a_shortfall_must_name_a_gap_that_is_as_severe(db: Db) {
        let desk = Desk::with_parents(&db).await;
        let header = "implementation,held_on,assessor,area,category,level,gap";
        rejected(
            &desk,
            "assessments.csv",
            header,
            &[
                ("erp,2026-11-16,A. Mendel,billing,no_source,2,", "gap", "severity 1 or more"),
                ("erp,2026-11-16,A. Mendel,billing,no_source,0,", "gap", "severity 3 or more"),
                ("erp,2026-11-16,A. Mendel,billing,no_source,0,g2", "gap", "severity 3 or more and \"g2\" has 2"),
                ("erp,2026-11-16,A. Mendel,billing,no_source,6,", "level", "from 0 to 5"),
                ("erp,2027-11-16,A. Mendel,billing,no_source,5,", "held_on", "more than a day ahead"),
                ("erp,2026-11-16,A. Mendel,billing,habit,5,", "category", "use one of: undocumented"),
                ("crm,2026-11-16,A. Mendel,billing,no_source,5,", "implementation", "is not known"),
            ],
        ).await;
        let fine = desk.take("assessments.csv", &format!("{header}\nerp,2026-11-16,A. Mendel,billing,no_source,1,g2\n")).await;
        assert_eq!(fine.written, 1);
        rejected(&desk, "assessments.csv", header, &[
            ("erp,2026-11-16,A. Mendel,billing,no_source,4,", "level", "recorded with level 1 that day"),
        ]).await;
    }

    async fn subscriptions_never_infer_consent_nor_take_back_its_withdrawal(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.take("people.csv", "email,name\nlee@north.example,R. Lee\n").await;
        let header = "email,organization,role,weekday,hour,confirmed_at";
        rejected(&desk, "subscriptions.csv", header, &[
            ("ito@north.example,north,leader,,,", "email", "import people.csv first"),
            ("lee@north.example,,leader,,,", "organization", "a value is needed"),
            ("lee@north.example,north,consultant,,,", "organization", "leave it empty"),
            ("lee@north.example,north,boss,,,", "role", "use one of: leader"),
            ("lee@north.example,north,leader,8,,", "weekday", "1 (Monday) to 7"),
            ("lee@north.example,north,leader,1,24,", "hour", "from 0 to 23"),
            ("lee@north.example,north,leader,,,2027-01-01T00:00:00Z", "confirmed_at", "in the future"),
        ]).await;
        let plain = format!("{header}\nlee@north.example,north,leader,,,\n");
        assert_eq!(desk.take("subscriptions.csv", &plain).await.written, 1);
        let state = "SELECT COALESCE(CAST(confirmed_at AS TEXT), 'waiting') || ' ' || \
                     CASE WHEN unsubscribed_at IS NULL THEN 'in' ELSE 'out' END FROM subscription";
        assert_eq!(desk.value(state).await, "waiting in");
        let confirmed = format!("{header}\nlee@north.example,north,leader,fri,9,2026-11-01T08:00:00Z\n");
        assert_eq!(desk.take("subscriptions.csv", &confirmed).await.written, 1);
        back_office_brief::each_engine!(&db, pool => sqlx::query("UPDATE subscription SET unsubscribed_at = 1793600000000")
            .execute(pool).await.map(|_| ()).unwrap());
        for text in [&plain, &confirmed] {
            desk.take("subscriptions.csv", text).await;
            assert_eq!(desk.value(state).await, "1793520000000 out");
        }
        back_office_brief::each_engine!(&db, pool => sqlx::query("UPDATE subscription SET ended_at = 1793700000000")
            .execute(pool).await.map(|_| ()).unwrap());
        rejected(&desk, "subscriptions.csv", header, &[
            ("lee@north.example,north,leader,,,2026-11-01T08:00:00Z", "email", "was ended at 2026-11-03"),
        ]).await;
    }

    async fn a_confirmation_that_a_waiting_subscription_gets_is_recorded(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.take("people.csv", "email,name\nlee@north.example,R. Lee\nkim@north.example,S. Kim\n").await;
        let header = "email,organization,role,hour,confirmed_at\n";
        desk.take("subscriptions.csv", &format!("{header}lee@north.example,north,leader,,\nkim@north.example,north,leader,,2026-11-01T08:00:00Z\n")).await;
        let agreed = "SELECT p.name || ' ' || c.channel || ' ' || CAST(c.confirmed_at AS TEXT) FROM consent_event c JOIN person p \
                      ON p.id = c.person_id WHERE c.kind = 'confirmed' ORDER BY c.id";
        assert_eq!(desk.values(agreed).await, ["S. Kim operator 1793520000000"]);
        // Another hour is no other consent.
        let text = format!("{header}lee@north.example,north,leader,9,2026-11-02T08:00:00Z\nkim@north.example,north,leader,9,2026-11-03T08:00:00Z\n");
        for _ in 0..2 {
            desk.take("subscriptions.csv", &text).await;
            assert_eq!(desk.values(agreed).await, ["S. Kim operator 1793520000000", "R. Lee operator 1793606400000"]);
        }
    }

    async fn an_organization_that_was_added_by_hand_is_taken_over(db: Db) {
        let desk = Desk::new(&db);
        let header = "external_id,name,currency\n";
        desk.take("organizations.csv", &format!("{header}x,Northfield,USD\n")).await;
        back_office_brief::each_engine!(&db, pool => sqlx::query("UPDATE organization SET external_id = NULL, batch_id = NULL")
            .execute(pool).await.map(|_| ()).unwrap());
        let report = desk.take("organizations.csv", &format!("{header}northfield,Northfield Supply,USD\n")).await;
        assert_eq!((report.written, report.rejected), (1, 0), "{:?}", report.reject_examples);
        let all = "SELECT slug || ' ' || COALESCE(external_id, '-') || ' ' || name FROM organization";
        assert_eq!(desk.value(all).await, "northfield northfield Northfield Supply");
        let batch = back_office_brief::store::import::list_batches(&db).await.unwrap()[0].id.clone();
        back_office_brief::store::import::void_batch(&db, &batch, None, crate::desk::instant("2026-11-24T08:00:00Z")).await.unwrap();
        assert_eq!(desk.value(all).await, "northfield - Northfield");
    }

    async fn a_cut_off_that_is_moved_by_an_import_moves_what_is_pending(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.take("people.csv", "email,name\nmendel@praxis.example,A. Mendel\n").await;
        let lists = "email,organization,role,weekday,hour\nmendel@praxis.example,,consultant,1,6\n";
        desk.take("subscriptions.csv", lists).await;
        // Monday's cut-off in Chicago; the portfolio is due an hour later.
        let due = "SELECT CAST(next_due_at AS TEXT) FROM organization WHERE slug = 'northfield-supply' \
                   UNION ALL SELECT CAST(next_due_at AS TEXT) FROM subscription";
        let at = |text: &str| crate::desk::instant(text).as_millisecond();
        let (cut_off, portfolio) = (at("2026-11-30T12:00:00Z"), at("2026-11-30T13:00:00Z"));
        back_office_brief::each_engine!(&db, pool => {
            sqlx::query("UPDATE organization SET next_due_at = $1").bind(cut_off).execute(pool).await.map(|_| ()).unwrap();
            sqlx::query("UPDATE subscription SET next_due_at = $1").bind(portfolio).execute(pool).await.map(|_| ()).unwrap();
        });
        let header = "external_id,name,currency,time_zone,cut_off_weekday\n";
        desk.take("organizations.csv", &format!("{header}north,Northfield Supply,USD,America/Chicago,wed\n")).await;
        let moved = desk.import(&["subscriptions.csv"]).await;
        assert_eq!(moved.files[0].unchanged, 1);
        assert_eq!(desk.values(due).await, [at("2026-12-02T12:00:00Z").to_string(), portfolio.to_string()]);
        desk.take("subscriptions.csv", &lists.replace(",1,6", ",2,6")).await;
        assert_eq!(desk.values(due).await[1], at("2026-11-23T12:00:00Z").to_string(), "looked at anew");
        // And back.
        let batches = back_office_brief::store::import::list_batches(&db).await.unwrap();
        let batch = batches.iter().find(|b| b.kind == "organizations").unwrap();
        back_office_brief::store::import::void_batch(&db, &batch.id, None, crate::desk::instant("2026-11-24T08:00:00Z")).await.unwrap();
        assert_eq!(desk.values(due).await[0], cut_off.to_string());
    }

    async fn two_consultants_may_begin_at_one_instant(db: Db) {
        let desk = Desk::with_parents(&db).await;
        desk.take("consultants.csv", "email,name,organization\nmendel@praxis.example,A. Mendel,north\nruiz@praxis.example,D. Ruiz,north\n").await;
        let header = "organization,consultant,starts_at,notes\n";
        desk.take("sessions.csv", &format!("{header}north,mendel@praxis.example,2026-11-26T16:00:00Z,Hers\n")).await;
        let report = desk.take("sessions.csv", &format!(
            "{header}north,ruiz@praxis.example,2026-11-26T16:00:00Z,His\nnorth,Ruiz@praxis.example,2026-11-26T16:00:00Z,Twice\n"
        )).await;
        assert_eq!((report.written, report.rejected), (1, 1), "{:?}", report.reject_examples);
        assert_eq!(
            desk.value("SELECT p.name || ' ' || s.notes FROM session s JOIN person p ON p.id = s.consultant_person_id ORDER BY p.name").await,
            "A. Mendel Hers|D. Ruiz His"
        );
        rejected(&desk, "promises.csv", "session,text", &[
            ("north@2026-11-26T16:00:00Z,Call", "session", "has sessions of several consultants at 2026-11-26T16:00:00Z"),
        ]).await;
    }

    async fn the_rest(db: Db) {
        let desk = Desk::with_parents(&db).await;
        rejected(&desk, "implementations.csv", "external_id,organization,name,kind,go_live_on,target_score,benefit_per_week,status", &[
            ("erp,tarn,ERP,,,,,", "external_id", "another organization"),
            ("x,north,X,rocket,,,,", "kind", "use one of: erp"),
            ("x,north,X,,next spring,,,", "go_live_on", "is not a date"),
            ("x,north,X,,,101,,", "target_score", "from 0 to 100"),
            ("x,north,X,,,,12.50,", "benefit_per_week", "minor units"),
            ("x,north,X,,,,,done", "status", "use one of: planned"),
        ]).await;
        rejected(&desk, "areas.csv", "implementation,area,weight,assessed_on", &[
            ("erp,billing,6,", "weight", "from 1 to 5"),
            ("erp,billing,5,2027-01-01", "assessed_on", "more than a day ahead"),
        ]).await;
        rejected(&desk, "people.csv", "email,name,time_zone,locale", &[
            ("lee,R. Lee,,", "email", "write it as name@example.com"),
            ("lee@north.example,R. Lee,Chicago,", "time_zone", "IANA"),
            ("lee@north.example,R. Lee,,e n", "locale", "language tag"),
        ]).await;
        rejected(&desk, "sessions.csv", "organization,consultant,starts_at", &[
            ("north,mendel@praxis.example,2026-11-26T10:00:00Z", "consultant", "import consultants.csv first"),
        ]).await;
        rejected(&desk, "promises.csv", "session,text", &[
            ("north,Call", "session", "organization@beginning"),
            ("north@2026-11-26T10:00:00Z,Call", "session", "has no session at 2026-11-26T10:00:00Z"),
        ]).await;
        let header = "external_id,name,currency\n";
        desk.take("gaps.csv", "external_id,organization,area,category,severity,title,opened_on,exposure_kind,exposure_inputs\n\
            g1,north,billing,no_source,3,Price lists differ,2026-10-05,direct,amount_minor=1;period_days=1\n").await;
        rejected(&desk, "organizations.csv", header.trim_end(), &[
            ("north,Northfield Supply,EUR", "currency", "fixed once a gap is priced"),
        ]).await;
        assert_eq!(desk.take("organizations.csv", &format!("{header}tarn,Tarn & Reyes,GBP\n")).await.written, 1);
    }
}
