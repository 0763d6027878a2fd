//! The figures as CSV: whole, for programs, and harmless in a spreadsheet.

use back_office_brief::store::Db;

use crate::browser::Page;
use crate::cases::{case, event, gap, int, list, price};
use crate::on_both;
use crate::world::World;

/// The rows of a sheet by the names of its columns.
fn rows(page: &Page) -> Vec<std::collections::BTreeMap<String, String>> {
    page.is(200);
    assert!(page.header("content-type").starts_with("text/csv; charset=utf-8"));
    let mut reader = csv::ReaderBuilder::new().from_reader(page.text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row as long as the head")).collect()
}

on_both! {
    async fn the_weeks_are_those_of_the_case(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let page = browser.get(&format!("{link}/trend.csv")).await;
        assert_eq!(page.header("content-disposition"), "attachment; filename=\"northfield-trend.csv\"");
        assert!(page.text.lines().all(|line| !line.is_empty()) && page.text.matches("\r\n").count() == page.text.lines().count());
        let rows = rows(&page);
        let scores = case("N_full_case")["expect"]["weekly_scores_milli"].take();
        let milli = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
        let shown: Vec<i64> = rows[rows.len() - 8..].iter().map(|row| milli(&row["score"])).collect();
        assert_eq!(shown, list(&scores).iter().map(int).collect::<Vec<_>>());
        let last = rows.last().unwrap();
        assert_eq!((last["as_of"].as_str(), last["score_as_reported"].as_str(), last["reported_on"].as_str()), ("2026-11-23", "66.153", "2026-11-23"));
        assert_eq!((last["target"].as_str(), last["open_load"].as_str(), last["allowed_load_today"].as_str(), last["looked_at_percent"].as_str()), ("85.000", "123.000", "35.424", "100.00"));
    }

    async fn the_gaps_carry_their_money_to_the_last_minor_unit(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let rows = rows(&browser.get(&format!("{link}/gaps.csv")).await);
        let expect = case("N_full_case")["expect"].take();
        assert_eq!(rows.len(), 8, "open and closed");
        let minor = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
        for row in &rows {
            let id = row["external_id"].as_str();
            assert_eq!(minor(&row["cost_so_far"]), int(&expect["per_gap_cost_so_far"][id]), "{id}");
            assert_eq!(minor(&row["worth_points"]), int(&expect["points_if_closed_milli"][id]), "{id}");
        }
        let open: i64 = rows.iter().filter(|row| row["status"] != "closed").map(|row| minor(&row["likely_per_week"])).sum();
        assert_eq!(open, int(&expect["exposure_per_week"][1]));
        let so_far: i64 = rows.iter().map(|row| minor(&row["cost_so_far"])).sum();
        assert_eq!(so_far, int(&expect["cost_so_far"]));
        let protected: i64 = rows.iter().filter(|row| !row["protected_to_date"].is_empty()).map(|row| minor(&row["protected_to_date"])).sum();
        assert_eq!(protected, int(&expect["protected_to_date"]));
    }

    async fn each_currency_has_its_own_decimals(db: Db) {
        for (currency, shown) in [("USD", "1234567.89"), ("JPY", "123456789"), ("KWD", "123456.789")] {
            let world = World::on(db.clone());
            let slug = currency.to_lowercase();
            world.house(&slug, |row| row.currency = currency.to_owned()).await;
            world.put(&[gap(&slug, &slug, "billing", "no_source", "2026-11-02")]).await;
            world.put(&[event(&slug, "opened", Some("open"), "2026-11-02")]).await;
            world.put(&[price(&slug, "rework", [123_456_789; 3], "2026-11-02")]).await;
            world.subscriber(&slug, &format!("{slug}@client.example"), crate::browser::real_ids).await;
            world.tick("2026-11-23T07:00:00Z").await;
            let link = crate::browser::link(&world.mails_to(&format!("{slug}@client.example"))[0], "t");
            let rows = rows(&crate::browser::Browser::of(&world).get(&format!("{link}/gaps.csv")).await);
            assert_eq!((rows[0]["likely_per_week"].as_str(), rows[0]["currency"].as_str()), (shown, currency));
        }
    }

    async fn no_cell_is_a_formula_and_no_line_break_breaks_a_row(db: Db) {
        let world = World::on(db);
        world.house("hostile", |_| {}).await;
        let typed = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r\n=1", "\u{feff}=1", "plain, \"quoted\"\nand broken"];
        for (n, text) in typed.iter().enumerate() {
            let id = format!("H{n}");
            let mut own = gap("hostile", &id, "billing", "no_source", "2026-11-02");
            own.title = (*text).to_owned();
            world.put(&[own]).await;
            world.put(&[event(&id, "opened", Some("open"), "2026-11-02"), event(&id, "owner", Some(text), "2026-11-02"), event(&id, "next_step", Some(text), "2026-11-02")]).await;
            let mut estimate = price(&id, "rework", [100, 200, 300], "2026-11-02");
            estimate.source_note = Some((*text).to_owned());
            world.put(&[estimate]).await;
        }
        let (browser, link) = world.follow("hostile", "2026-11-23").await;
        let rows = rows(&browser.get(&format!("{link}/gaps.csv")).await);
        assert_eq!(rows.len(), typed.len());
        for row in &rows {
            for (name, cell) in row {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{name}: {cell:?}");
                assert!(!cell.contains(['\r', '\n']), "{name}: {cell:?}");
            }
        }
        let titles: Vec<&str> = rows.iter().map(|row| row["title"].as_str()).collect();
        assert!(titles.contains(&"'=cmd|' /C calc'!A0") && titles.contains(&"plain, \"quoted\" and broken"), "{titles:?}");
    }
}
