//! Columns and words of files that are not ours.

use back_office_brief::clock::Clock;
use back_office_brief::import::{ImportOptions, run};
use back_office_brief::store::Db;

use crate::desk::{Who, ana, browser, world};
use crate::html::faults;
use crate::importing::{ALL, CLIENT, ODD};
use crate::on_both;
use crate::world::{World, number};

/// Everything that imports write about gaps, in an order and without ids and times.
async fn everything(world: &World) -> Vec<String> {
    const SQL: &str = "SELECT g.external_id || '|' || g.title || '|' || g.area || '|' || g.category || '|' || g.opened_on \
        || '|' || e.kind || '|' || COALESCE(e.from_value, '-') || '|' || COALESCE(e.to_value, '-') || '|' || e.effective_on \
        FROM gap g JOIN gap_event e ON e.gap_id = g.id WHERE g.organization_id = 'northfield' ORDER BY 1";
    back_office_brief::each_engine!(&world.db, pool => sqlx::query_scalar(SQL).fetch_all(pool).await.expect("rows"))
}

on_both! {
    async fn an_odd_file_is_read_by_a_guess(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let upload = browser.uploaded(CLIENT, "C:\\Users\\ana\\export <1>.csv", ODD).await;
        assert!(upload.starts_with("/desk/c/northfield/import/"), "{upload}");
        let page = browser.get(&upload).await;
        page.is(200).says("Gaps: 2 rows").says("First rows of export &#60;1&#62;.csv, as they are read");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        for chosen in [
            "<option value=\"semicolon\" selected>",
            "<option value=\"%d.%m.%Y\" selected>",
            "<option value=\"Titel\" selected>",
            "<option value=\"Fällig am\" selected>",
            "<td data-is=\"opened_on\">2026-11-03</td>",
            "<td data-is=\"area\">billing</td>",
            "<td data-is=\"severity\">3</td>",
            "<td data-is=\"organization\">northfield</td>",
        ] {
            assert!(page.text.contains(chosen), "{chosen}: {}", page.text);
        }
        page.says("Rows that name none belong to northfield.").says("in Bearbeitung means");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM import_batch").await, 0);
    }

    async fn what_is_chosen_is_shown_and_what_is_missing_is_said(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let text = "a,b,state\nN-1,\"Prices, twice\",on hold\nN-2,Nobody knows,??\n";
        let upload = browser.uploaded(CLIENT, "list.csv", text).await;
        // Nothing tells what it holds.
        browser.choose(&upload, "next", &[]).await.is(422).says("list.csv: Say what this file holds.");
        browser.choose(&upload, "show", &[("kind.0", "gaps")]).await.is(303);
        let page = browser.choose(&upload, "next", &[("c.gaps.external_id", "a"), ("c.gaps.title", "a")]).await;
        page.is(422).says("same column").says("Gaps, Area: This is missing; choose a column, or a value for all rows.");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let all = [
            ("c.gaps.external_id", "a"), ("c.gaps.title", "b"), ("c.gaps.status", "state"), ("d.gaps.area", "close"),
            ("d.gaps.category", "owner_habit"), ("d.gaps.severity", "2"), ("d.gaps.opened_on", "2026-11-20"),
        ];
        browser.choose(&upload, "show", &all).await.is(303);
        let page = browser.get(&upload).await;
        page.is(200).says("&#34;on hold&#34; is not understood").says("on hold means");
        assert!(page.text.contains("<td data-is=\"area\">close</td>"), "{}", page.text);
        let sent = browser.choose(&upload, "next", &[("w.gaps.status.0", "withdrawn"), ("w.gaps.status.1", "verifying")]).await;
        sent.is(303);
        assert_eq!(sent.header("Location"), format!("{upload}/diff"));
        let page = browser.get(&format!("{upload}/diff")).await;
        page.is(200).says("2 rows would be written").says("Prices, twice").says("status verifying");
        // A zone that is none is shown again, and all else is kept.
        let page = browser.choose(&upload, "show", &[("zone", "Mars/Olympus"), ("d.gaps.area", "billing")]).await;
        page.is(422).says("&#34;Mars/Olympus&#34; is not a time zone").says("<td data-is=\"area\">billing</td>");
        browser.get(&upload).await.is(200).says("<td data-is=\"area\">billing</td>");
    }

    async fn the_map_does_the_same_on_the_command_line(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let upload = browser.uploaded(CLIENT, "odd.csv", ODD).await;
        let map = browser.get(&format!("{upload}/map.toml")).await;
        map.is(200);
        assert_eq!(map.header("content-disposition"), "attachment; filename=\"import-map.toml\"");
        let folder = tempfile::tempdir().expect("a folder");
        let (file, toml) = (folder.path().join("odd.csv"), folder.path().join("map.toml"));
        std::fs::write(&file, ODD).expect("written");
        std::fs::write(&toml, &map.text).expect("written");
        let options = ImportOptions {
            paths: vec![file],
            map: Some(toml),
            rejects: Some(folder.path().to_owned()),
            constants: world.settings.model.clone(),
            ..ImportOptions::default()
        };
        let report = run(&world.db, &*world.clock, &options, &mut |_| {}).await.expect("an import");
        assert_eq!((report.files[0].written, report.files[0].rejected), (2, 0), "{report}");
        let by_command = everything(&world).await;
        let batch = report.files[0].batch.clone().expect("a batch");
        back_office_brief::store::import::void_batch(&world.db, &batch, None, world.clock.now()).await.expect("voided");
        world.by_hand("UPDATE gap SET external_id = 'OLD' WHERE external_id = 'N-1'").await;
        let before = everything(&world).await.len();
        browser.apply(&upload).await.is(200).says("2 rows were written");
        let by_page = everything(&world).await;
        assert!(by_page.len() > before);
        for line in by_page.iter().filter(|line| line.starts_with("N-1")) {
            assert!(by_command.contains(line), "{line}: {by_command:?}");
        }
        assert_eq!(by_page.iter().filter(|l| l.starts_with("N-1")).count(), by_command.iter().filter(|l| l.starts_with("N-1")).count());
    }

    async fn the_map_of_last_time_is_offered_again(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let text = "code,what,place\nN-1,Prices,moon\n";
        let upload = browser.uploaded(CLIENT, "a.csv", text).await;
        browser.choose(&upload, "show", &[("kind.0", "gaps")]).await.is(303);
        let all = [
            ("c.gaps.external_id", "code"), ("c.gaps.title", "what"), ("c.gaps.area", "place"), ("d.gaps.category", "no_source"),
            ("d.gaps.severity", "2"), ("d.gaps.opened_on", "2026-11-20"),
        ];
        browser.choose(&upload, "show", &all).await.is(303);
        browser.choose(&upload, "next", &[("w.gaps.area.0", "treasury")]).await.is(303);
        browser.apply(&upload).await.is(200).says("1 row was written");
        let second = browser.uploaded(CLIENT, "b.csv", "code,what,place\nN-2,Rates,moon\n").await;
        browser.choose(&second, "show", &[("kind.0", "gaps")]).await.is(303);
        browser.get(&second).await.says("As last time (25 November 2026, 10:00)");
        let sent = browser.choose(&second, "", &[("last", "gaps")]).await;
        sent.is(303);
        browser.get(sent.header("Location")).await.says("The columns and words of last time are chosen.");
        browser.apply(&second).await.is(200).says("1 row was written");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM gap WHERE area = 'treasury' AND external_id LIKE 'N-%'").await, 2);
        // Another client's maps are its own.
        let other = browser.uploaded("/desk/c/calder/import", "c.csv", text).await;
        browser.choose(&other, "show", &[("kind.0", "gaps")]).await.is(303);
        assert!(!browser.get(&other).await.text.contains("As last time"));
    }

    async fn a_wide_file_makes_no_heavy_page(db: Db) {
        let world = world(db).await;
        let browser = browser(&world, Who::Operator).await;
        let names: Vec<String> = (0..180).map(|n| format!("A column of some length {n}")).collect();
        let text = format!("{}\n{}\n", names.join(","), vec!["x"; 180].join(","));
        let upload = browser.uploaded(ALL, "wide.csv", &text).await;
        browser.choose(&upload, "show", &[("kind.0", "gaps")]).await.is(303);
        let page = browser.choose(&upload, "show", &[("c.gaps.title", "A column of some length 7")]).await;
        page.is(303);
        let page = browser.get(&upload).await;
        page.is(200).says("value=\"A column of some length 7\"");
        assert!(page.text.len() < 100_000, "{} octets", page.text.len());
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let many = format!("{}\n{}\n", (0..40).map(|n| format!("Column of length {n}")).collect::<Vec<_>>().join(","), vec!["x"; 40].join(","));
        let upload = browser.uploaded(ALL, "many.csv", &many).await;
        browser.choose(&upload, "show", &[("kind.0", "gaps")]).await.is(303);
        let page = browser.get(&upload).await;
        assert!(page.text.len() < 100_000, "{} octets", page.text.len());
        let far = format!("{}\n", (0..201).map(|n| format!("c{n}")).collect::<Vec<_>>().join(","));
        browser.upload(ALL, &[("far.csv", format!("{far}{far}").as_bytes())]).await.is(422).says("201 columns, and 200 are the most");
    }

    async fn another_mark_between_columns_makes_no_endless_header(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        // With commas this is two columns.
        let text = format!("x\"{}y\",title\n1,2\n", ";".repeat(300));
        let upload = browser.uploaded(CLIENT, "gaps.csv", &text).await;
        let page = browser.choose(&upload, "show", &[("delimiter", "semicolon")]).await;
        page.is(422).says("301 columns, and 200 are the most");
    }
}
