//! The figures are those of the model's worked cases.

use back_office_brief::domain::money;
use back_office_brief::store::Db;

use crate::cases::{case, event, gap, int, list, price, text};
use crate::on_both;
use crate::read::{gap as gap_of, section, table};
use crate::world::{World, at, ms};

/// Column of the table of weeks.
fn column(rows: &[Vec<String>], at: usize) -> Vec<String> {
    rows.iter().rev().map(|row| row[at].clone()).collect()
}

on_both! {
    async fn the_page_tells_every_figure_of_the_full_case(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let expect = case("N_full_case")["expect"].take();
        let page = browser.get(&link).await;
        page.is(200)
            .says("At this pace the ERP cutover is ready on 31 May, 17 weeks after go-live. If the faster weeks hold: 15 February. If the slower: no date.")
            .says("Northfield Supply · figures of 23 November 2026");

        let readiness = section(&page, "readiness");
        for words in [
            "66 of 100, up 3 since 16 November",
            "Target 85 by 1 February.",
            "Closing price lists and invoice exceptions makes it 88. Without price lists it stops at 79.",
            "Look at billing and payables again by 14 December.",
            "Looked at what the looks alone allow 100",
            "Open gaps what they take from it -34",
            "Price lists 12 points Invoice exceptions 10 points Close pack 4 points",
            "Billing 5 of 18 × 100% looked at × 10 ÷ (10 + 14.5) 11.338",
            "All areas together 66.153",
        ] {
            assert!(readiness.contains(words), "{words:?} is not in {readiness}");
        }
        let rows = table(&page, "Readiness by week");
        let printed: Vec<String> = list(&expect["printed"]).iter().map(ToString::to_string).collect();
        let known = column(&rows, 1);
        assert_eq!(known[known.len() - 8..], printed);
        let looked: Vec<String> = list(&expect["weekly_coverage_bp"]).iter().map(|bp| format!("{}%", int(bp) / 100)).collect();
        let shown = column(&rows, 3);
        assert_eq!(shown[shown.len() - 8..], looked);
        assert_eq!(rows[0][2], "66", "what the mail said stands beside it");
        let loads: Vec<String> = list(&expect["weekly_open_load_milli"]).iter()
            .map(|milli| { let tenths = (int(milli) + 50) / 100; format!("{}.{}", tenths / 10, tenths % 10) }).collect();
        let shown = column(&table(&page, "Open load by week"), 1);
        assert_eq!(shown[shown.len() - 8..], loads);

        let load = section(&page, "load");
        for words in [
            "123.0 points", "The target allows 35.4.", "The load falls by 3.3 a week.", "Go-live needs 8.8.",
            "Closing has to go 2.6 times faster.", "To go load less what is allowed 87.6",
            "the middle of all rates between 7 weekly points 3.3 a week", "87.6 ÷ 10 weeks to go-live 8.8 a week",
            "At this pace 27 weeks after 23 November 2026 31 May 2027", "15 February 2027", "no date",
        ] {
            assert!(load.contains(words), "{words:?} is not in {load}");
        }
    }

    async fn the_page_tells_every_amount_of_the_full_case(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let expect = case("N_full_case")["expect"].take();
        let page = browser.get(&link).await;
        let shown = section(&page, "money");
        let exact = |minor: &serde_json::Value| money::exact(int(minor), "USD");
        for words in [
            "About $7,800 a week ($4,400 to $11,800)".to_owned(),
            format!("5 of 5 open gaps priced {} a week", exact(&expect["exposure_per_week"][1])),
            format!("{} to {} a week", exact(&expect["exposure_per_week"][0]), exact(&expect["exposure_per_week"][2])),
            format!("since 14 September, open and closed gaps together {}", text(&expect["cost_printed"])),
            format!("open and closed gaps since 14 September 2026 {}", exact(&expect["cost_so_far"])),
            format!("by closed gaps, {} so far {} a week", text(&expect["protected_printed"][1]), text(&expect["protected_printed"][0])),
            format!("{} a week now {}", exact(&expect["protected_per_week"]), exact(&expect["protected_to_date"])),
            "Lost amounts that do not come in or go out too high $4,386.67 a week".to_owned(),
            "closed 18 November 2026: $443.33 a week × 5 days ÷ 7 $316.66".to_owned(),
        ] {
            assert!(shown.contains(&words), "{words:?} is not in {shown}");
        }
        let names = [("N-1", "Price lists"), ("N-2", "Invoice exceptions"), ("N-3", "Close pack"), ("N-5", "Disputed invoices")];
        for (id, name) in names {
            let own = gap_of(&page, name);
            assert!(own.contains(text(&expect["per_gap_per_week"][id])), "{own}");
            let cost = exact(&expect["per_gap_cost_so_far"][id]);
            assert!(own.contains(&format!("days × price ÷ 7, added up and rounded once {cost}")), "{own}");
            let worth = (int(&expect["points_if_closed_milli"][id]) + 50) / 100;
            assert!(own.contains(&format!("less the score {}.{} points", worth / 10, worth % 10)), "{own}");
        }
        assert!(gap_of(&page, "Price lists").contains("10 for severity 4 (blocks go-live) × 100% while in progress × 125% after 3 weeks without movement 12.5 points"));
        let order: Vec<&str> = page.text.split("<span class=\"name\">").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
        assert_eq!(order[..4], ["Price lists", "Close pack", "Disputed invoices", "Invoice exceptions"], "by money");
        let moved = section(&page, "moves");
        assert!(moved.contains("Closed : duplicate vendor payments. Protects $440 a week."), "{moved}");
        let grid = table(&page, "Areas by patterns");
        assert_eq!(grid[0][0], "Billing ×5");
        assert_eq!(grid[0][2], "1 1 open gap, looked at 5 weeks ago");
        assert_eq!(grid[4][1], "– nothing open, looked at 4 weeks ago");
    }

    /// T1: naming an old gap restates the past, and what was mailed stays beside it.
    async fn as_reported_stands_beside_as_now_known(db: Db) {
        let world = World::on(db);
        world.house("north", |_| {}).await;
        world.platform("north", &[("billing", 3), ("close", 2)], None).await;
        for area in ["billing", "close"] {
            world.looked("north", area, "2026-10-05").await;
        }
        world.put(&[gap("north", "g1", "billing", "no_source", "2026-10-05")]).await;
        world.put(&[
            event("g1", "opened", Some("open"), "2026-10-05"), event("g1", "severity", Some("3"), "2026-10-05"),
            event("g1", "status", Some("verifying"), "2026-11-09"), event("g1", "status", Some("closed"), "2026-11-16"),
        ]).await;
        let expect = case("T1_restated_series")["expect"].take();
        let printed = |name: &str| -> Vec<String> {
            list(&expect[name]).iter().map(|milli| ((int(milli) + 500) / 1_000).to_string()).collect()
        };
        // Each Monday says what was known then.
        for monday in ["2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09"] {
            world.tick(&format!("{monday}T07:00:00Z")).await;
        }
        let (browser, _) = world.follow("north", "2026-11-16").await;
        let mut old = gap("north", "g2", "close", "owner_habit", "2026-11-20");
        old.existed_since = Some("2026-10-05".to_owned());
        world.put(&[old]).await;
        world.put(&[event("g2", "opened", Some("open"), "2026-11-20"), event("g2", "severity", Some("3"), "2026-11-20")]).await;
        world.tick("2026-11-23T07:00:00Z").await;
        let mail = world.mails_to("leader@client.example").pop().unwrap();
        let page = browser.get(&crate::browser::link(&mail, "t")).await;
        let rows = table(&page, "Readiness by week");
        let (known, mailed) = (column(&rows, 1), column(&rows, 2));
        assert_eq!(known[known.len() - 6..], printed("restated_milli"));
        let reported = printed("reported_milli");
        assert_eq!(mailed[mailed.len() - 6..mailed.len() - 1], reported[..5]);
        assert_eq!(mailed.last().unwrap(), "87", "the last brief knew of it");
        page.says("The dots are what each brief said.");
        assert_eq!(page.text.matches("class=\"dots\"").count(), 1);
        // Looked at before that brief, the page says what became of the one before.
        world.clock.set(at("2026-11-21T12:00:00Z"));
        let page = browser.get(&crate::browser::link(&mail, "t")).await;
        page.says("The brief of 16 November said 100. By what is known now, that day was 87.");
    }

    async fn between_two_briefs_the_dates_stay_until_something_happens(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        world.clock.set(at("2026-11-25T12:00:00Z"));
        browser.get(&link).await.says("ready on 31 May, 17 weeks after go-live").says("figures of 25 November 2026");
        let mut closing = event("N-2", "status", Some("closed"), "2026-11-25");
        closing.recorded_at = ms("2026-11-25T12:00:00Z");
        world.put(&[closing]).await;
        let page = browser.get(&link).await;
        assert!(!page.text.contains("17 weeks after go-live"), "{}", page.text);
        let moved = section(&page, "moves");
        assert!(moved.contains("Since 23 November 2026 Closed : invoice exceptions. Protects $810 a week."), "{moved}");
    }

    async fn a_figure_without_a_price_is_said_to_have_none(db: Db) {
        let world = World::on(db);
        world.house("bare", |_| {}).await;
        world.platform("bare", &[("billing", 3)], None).await;
        world.put(&[gap("bare", "g1", "billing", "no_source", "2026-11-02"), gap("bare", "g2", "billing", "owner_habit", "2026-11-02")]).await;
        let opened = |id| event(id, "opened", Some("open"), "2026-11-02");
        world.put(&[opened("g1"), opened("g2")]).await;
        let (browser, link) = world.follow("bare", "2026-11-23").await;
        browser.get(&link).await.says("None of 2 open gaps is priced.").says("Not assessed")
            .says("No date yet: nothing has been looked at.");
        world.put(&[price("g1", "rework", [0, 0, 0], "2026-11-23")]).await;
        let page = browser.get(&link).await;
        page.says("<strong>$0</strong> a week").says("1 of 2 open gaps is not priced.");
        assert!(!page.text.contains("About <strong>$0"), "a measured zero is no estimate");
    }
}
