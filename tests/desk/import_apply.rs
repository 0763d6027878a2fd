//! What would change is seen, and written once.

use back_office_brief::store::Db;

use crate::desk::{Who, ana, browser, world};
use crate::html::faults;
use crate::importing::{ALL, CLIENT, ODD, batch};
use crate::on_both;
use crate::world::number;

const HEAD: &str = "external_id,organization,area,category,severity,title,opened_on";

on_both! {
    async fn a_file_is_seen_applied_and_taken_back(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let upload = browser.uploaded(CLIENT, "export.csv", ODD).await;
        browser.choose(&upload, "next", &[]).await.is(303);
        let page = browser.get(&format!("{upload}/diff")).await;
        page.is(200).says("2 rows would be written. Nothing is written yet.").says("<dt>New</dt><dd>1</dd>").says("<dt>Changed</dt><dd>1</dd>");
        page.says("severity: 3 → 2").says("status: open → in_progress").says("Rechnungen doppelt geprüft");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM import_batch").await, 0, "nothing is written by looking");
        browser.get("/desk/c/northfield/gaps/N-1").await.is(404);

        let done = browser.apply(&upload).await;
        done.is(200).says("2 rows were written.").says("severity: 3 → 2");
        assert!(!done.text.contains("Somebody wrote meanwhile"), "{}", done.text);
        assert_eq!(faults(&done.text), Vec::<String>::new());
        browser.get("/desk/c/northfield/gaps/N-1").await.is(200).says("Rechnungen doppelt geprüft").says("D. Ruiz");
        browser.get("/desk/c/northfield/gaps/NORTHFIELD-G1").await.is(200).says("In progress");
        let log = world.db.audit_log(Some("northfield"), None, 10).await.expect("a log");
        assert_eq!((log.len(), log[0].action.as_str(), log[0].actor.as_str()), (1, "import.apply", "Ana Mendel"), "{log:?}");
        assert!(log[0].detail.contains("\"written\":2") && log[0].subject == batch(&done), "{log:?}");

        let list = browser.get(CLIENT).await;
        list.is(200).says("2 of 2 written").says("in force").says("Ana Mendel");
        let path = format!("{CLIENT}/batch/{}", batch(&done));
        let page = browser.get(&path).await;
        page.is(200).says("1 row that it added goes out of sight").says("Briefs that were sent stay as they were");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        browser.get("/desk/c/northfield/gaps/N-1").await.is(200);
        let undone = browser.fill_on(&path, &[]).await;
        undone.says("Taken back. The next brief counts it no more").says("taken back 25 November 2026");
        browser.get("/desk/c/northfield/gaps/N-1").await.is(404);
        browser.get("/desk/c/northfield/gaps/NORTHFIELD-G1").await.is(200).says("Open");
        let log = world.db.audit_log(Some("northfield"), None, 10).await.expect("a log");
        assert_eq!((log.len(), log[0].action.as_str()), (2, "import.undo"));
        browser.get(&path).await.is(200).says("was voided at");
        browser.fill(&path, &[("mark", &browser.get(CLIENT).await.field("mark"))]).await.is(409);
    }

    async fn a_button_pressed_twice_writes_once(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let upload = browser.uploaded(CLIENT, "export.csv", ODD).await;
        let path = format!("{upload}/diff");
        let page = browser.get(&path).await;
        let (mark, seen) = (page.field("mark"), page.field("seen"));
        let fields = [("mark", mark.as_str()), ("seen", seen.as_str())];
        let press = || browser.post(&path, &fields);
        let (a, b, c) = futures_util::join!(press(), press(), press());
        for answer in [a, b, c, press().await] {
            answer.is(303);
            assert_eq!(answer.header("Location"), upload);
        }
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM import_batch").await, 1);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit").await, 1);
        browser.get(&upload).await.is(200).says("2 rows were written");
        browser.get(&path).await.is(303);
    }

    async fn what_somebody_wrote_meanwhile_is_said(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let upload = browser.uploaded(CLIENT, "export.csv", ODD).await;
        let path = format!("{upload}/diff");
        let seen = browser.get(&path).await;
        seen.says("severity: 3 → 2");
        let fields = [("do", "people"), ("owner", "Lee Park"), ("severity", "2")];
        browser.fill("/desk/c/northfield/gaps/NORTHFIELD-G1", &fields).await.is(303);
        let (mark, digest) = (seen.field("mark"), seen.field("seen"));
        browser.post(&path, &[("mark", &mark), ("seen", &digest)]).await.is(303);
        let page = browser.get(&upload).await;
        page.is(200).says("Somebody wrote meanwhile").says("status: open → in_progress");
        assert!(!page.text.contains("severity: 3 → 2"), "it was 2 already: {}", page.text);
    }

    async fn rejected_rows_are_told_and_can_be_taken_home(db: Db) {
        let world = world(db).await;
        let browser = browser(&world, Who::Operator).await;
        let text = format!(
            "{HEAD}\nn1,northfield,billing,no_source,3,Fine,2026-11-20\nn2,nowhere,billing,no_source,3,Lost,2026-11-20\n\
             n3,halden,moon,no_source,3,=cmd|' /C calc'!A0,2026-11-20\nn4,halden,billing,no_source,3,\"a\"\"b\",2026-13-40\n"
        );
        let upload = browser.uploaded(ALL, "gaps.csv", &text).await;
        let page = browser.get(&format!("{upload}/diff")).await;
        page.is(200).says("<dt>Rejected</dt><dd>3</dd>").says("&#34;nowhere&#34; is not known").says("1 row would be written");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let csv = browser.get(&format!("{upload}/rejects.csv")).await;
        csv.is(200);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        let lines: Vec<&str> = csv.text.lines().collect();
        assert_eq!(lines.len(), 4, "{}", csv.text);
        assert!(lines[0].starts_with("file,line,column,reason,external_id,organization"), "{}", lines[0]);
        assert!(lines.iter().any(|line| line.starts_with("gaps.csv,4,") && line.contains("'=cmd|")), "{}", csv.text);

        // All rows or none.
        browser.choose(&upload, "next", &[("strict", "yes")]).await.is(303);
        let page = browser.get(&format!("{upload}/diff")).await;
        page.is(200).says("It is not imported like this").says("3 rows were rejected");
        assert!(!page.text.contains("Import this"), "{}", page.text);
        let mark = browser.get(&upload).await.field("mark");
        browser.post(&format!("{upload}/diff"), &[("mark", &mark), ("seen", "x")]).await.is(422);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM import_batch").await, 0);
        browser.choose(&upload, "next", &[("strict", "no")]).await.is(303);
        browser.apply(&upload).await.is(200).says("1 row was written");
        let csv = browser.get(&format!("{upload}/rejects.csv")).await;
        assert_eq!(csv.text.lines().count(), 4);
    }

    async fn several_files_are_one_import(db: Db) {
        let world = world(db).await;
        let browser = browser(&world, Who::Operator).await;
        let organizations = b"external_id,name,currency\nacme,Acme Tools,USD\n";
        let gaps = format!("{HEAD}\na1,acme,billing,no_source,3,Prices disagree,2026-11-20\n");
        let changes = b"external_id,gap,kind,from,to,effective_at\nc1,a1,status,open,in_progress,2026-11-22\n";
        let page = browser.upload(ALL, &[("changes.csv", changes), ("gaps.csv", gaps.as_bytes()), ("organizations.csv", organizations)]).await;
        page.is(303);
        let upload = page.header("Location").to_owned();
        browser.get(&upload).await.is(200).says("Organizations: 1 row").says("Changes: 1 row");
        let page = browser.get(&format!("{upload}/diff")).await;
        page.is(200).says("3 rows would be written");
        browser.apply(&upload).await.is(200).says("3 rows were written");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM import_batch").await, 3);
        browser.get("/desk/c/acme-tools/gaps/a1").await.is(200).says("In progress");
        // The same again changes nothing.
        let page = browser.upload(ALL, &[("gaps.csv", gaps.as_bytes())]).await;
        browser.get(&format!("{}/diff", page.header("Location"))).await.is(200).says("Nothing would change.");
    }

    async fn json_is_read_too(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let text = r#"[{"Key": "J-1", "Summary": "Prices", "Process": "Billing", "Priority": "High", "Created": "2026-11-20", "Cause": "no_source"}]"#;
        let upload = browser.uploaded(CLIENT, "issues.json", text).await;
        browser.get(&upload).await.is(200).says("Gaps: 1 row");
        browser.apply(&upload).await.is(200).says("1 row was written");
        let both = r#"{"gaps": [{"external_id": "J-2", "area": "close", "category": "no_source", "severity": 2, "title": "T", "opened_on": "2026-11-20"}],
            "changes": [{"external_id": "JC-1", "gap": "J-2", "kind": "note", "effective_at": "2026-11-20", "note": "Hello"}]}"#;
        let upload = browser.uploaded(CLIENT, "both.json", both).await;
        browser.apply(&upload).await.is(200).says("2 rows were written");
        browser.get("/desk/c/northfield/gaps/J-2").await.is(200).says("Hello");
    }

    async fn many_changes_are_told_of_in_a_page_that_is_not_heavy(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let mut text = format!("{HEAD},owner,due_on,next_step\n");
        for n in 0..700 {
            text.push_str(&format!("many-{n},northfield,billing,no_source,3,A title as long as a title may be which is sixty {n:03},2026-11-20,Somebody With A Name,2026-12-20,A step that takes a while to say in full {n}\n"));
        }
        let upload = browser.uploaded(CLIENT, "gaps.csv", &text).await;
        let page = browser.get(&format!("{upload}/diff")).await;
        page.is(200).says("700 rows would be written").says("and 500 more");
        assert!(page.text.len() < 100_000, "{} octets", page.text.len());
        browser.apply(&upload).await.is(200).says("700 rows were written");
    }

    async fn what_a_process_died_over_is_applied_again(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let upload = browser.uploaded(CLIENT, "export.csv", ODD).await;
        let page = browser.get(&format!("{upload}/diff")).await;
        let fields = [("mark", page.field("mark")), ("seen", page.field("seen"))];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        world.by_hand("UPDATE upload SET state = 'applying'").await;
        browser.get(&upload).await.is(200).says("It is being written");
        browser.get(&format!("{upload}/diff")).await.is(303);
        browser.post(&format!("{upload}/diff"), &fields).await.is(303);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM import_batch").await, 0);
        world.clock.set(crate::world::at(crate::desk::NOW) + jiff::SignedDuration::from_mins(11));
        browser.get(&format!("{upload}/diff")).await.is(200).says("2 rows would be written");
        browser.post(&format!("{upload}/diff"), &fields).await.is(303);
        browser.get(&upload).await.is(200).says("2 rows were written");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM import_batch").await, 1);
    }

    async fn days_estimates_and_what_belongs_where_are_told(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        browser.import(CLIENT, "implementations.csv", "external_id,organization,name\nplan,northfield,Plan\n").await;
        let text = format!(
            "{HEAD},implementation,status,closed_on,exposure_kind,exposure_inputs\n\
             d1,northfield,billing,no_source,3,Priced,2026-11-03,plan,open,,direct,amount_minor=7000;period_days=7\n\
             d2,northfield,billing,no_source,3,Closed,2026-11-03,,closed,2026-11-10,,\n"
        );
        let upload = browser.uploaded(CLIENT, "gaps.csv", &text).await;
        let page = browser.get(&format!("{upload}/diff")).await;
        page.is(200).says("implementation plan").says("estimate direct, estimated: 7000 (7000 to 7000)");
        page.says("closed (as of 2026-11-10)");
        let other = browser.uploaded(CLIENT, "gaps.csv", &text.replace("2026-11-10", "2026-11-11")).await;
        let other = browser.get(&format!("{other}/diff")).await;
        assert_ne!(page.field("seen"), other.field("seen"), "another day is another outcome");
        browser.apply(&upload).await.is(200);
        let text = "implementation,held_on,assessor,area,category,level,note,gap\nplan,2026-11-12,Ana,billing,no_source,0,Nobody owns it,d1\n";
        let upload = browser.uploaded(CLIENT, "assessments.csv", text).await;
        let page = browser.get(&format!("{upload}/diff")).await;
        page.is(200).says("2026-11-12").says("Nobody owns it").says("d1");
    }
}
