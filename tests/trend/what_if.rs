//! What if: the score that would be is the score that is, once it is so. Asking changes nothing.

use back_office_brief::store::Db;

use crate::cases::{event, gap, price};
use crate::on_both;
use crate::read::{section, words};
use crate::world::{World, ms};

on_both! {
    async fn a_closing_that_is_tried_out_does_what_a_closing_does(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let tried = browser.get(&format!("{link}/what-if?close=N-1&close=N-2")).await;
        tried.is(200)
            .says("Closing 2 gaps today: 88 of 100, up 22.")
            .says("Ready: 88 of 100, target 85. Keep it there until 1 February.")
            .says("It would save about $4,600 a week; $3,300 a week would be left.");
        assert_eq!(tried.text.matches(" checked").count(), 2);
        for id in ["N-1", "N-2"] {
            let mut closing = event(id, "status", Some("closed"), "2026-11-23");
            closing.recorded_at = ms("2026-11-23T07:00:00Z");
            world.put(&[closing]).await;
        }
        let real = browser.get(&link).await;
        assert!(section(&real, "readiness").contains("88 of 100"), "{}", real.text);
        real.says("Ready: 88 of 100, target 85. Keep it there until 1 February.").says("<strong>$3,300</strong> a week");
    }

    async fn without_the_blocker_it_stops_and_says_so(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let page = browser.get(&format!("{link}/what-if?close=N-2&close=N-3&close=N-4&close=N-5")).await;
        page.says("Closing 4 gaps today: 79 of 100, up 13.").says("At this pace");
        let one = browser.get(&format!("{link}/what-if?close=N-3")).await;
        one.says("Closing 1 gap today: 70 of 100, up 4.").says("At this pace");
    }

    async fn the_shortest_way_is_a_link_that_ticks_it(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let page = browser.get(&link).await;
        let way = crate::read::links(&page).into_iter().find(|own| own.contains("close=")).expect("a way");
        assert!(way.ends_with("/what-if?close=N-1&close=N-2"), "{way}");
        browser.get(&way).await.says("88 of 100");
        let plain = browser.get(&format!("{link}/what-if")).await;
        plain.is(200).says("Tick the shortest way to the target");
        assert!(!plain.text.contains(" checked") && !plain.text.contains("Closing"), "{}", plain.text);
    }

    async fn what_is_not_open_here_is_left_out_and_said(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let page = browser.get(&format!("{link}/what-if?close=N-2&close=N-6&close=nobody&close=%3Cscript%3E")).await;
        page.says("Closing 1 gap today").says("3 of them are not open here and left out.");
        assert!(!page.text.contains("<script"), "{}", page.text);
        let page = browser.get(&format!("{link}/what-if?close=nobody")).await;
        page.is(200).says("None of these can be closed here.").says("1 of them is not open here and left out.");
    }

    async fn asking_changes_nothing(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let (before, page) = (world.everything().await, browser.get(&link).await.text);
        for _ in 0..2 {
            for own in ["", "?print=1", "/gaps", "/weeks", "/what-if?close=N-1&close=N-2", "/trend.csv", "/gaps.csv"] {
                browser.get(&format!("{link}{own}")).await.is(200);
            }
        }
        assert_eq!(world.everything().await, before);
        assert_eq!(browser.get(&link).await.text, page);
    }

    async fn each_implementation_has_its_own_course(db: Db) {
        let world = World::on(db);
        world.house("two", |_| {}).await;
        world.platform("two", &[("billing", 3)], Some("2027-02-01")).await;
        world.looked("two", "billing", "2026-11-02").await;
        world.second_platform("two", "payroll", "2027-06-01").await;
        for (id, area) in [("b1", "billing"), ("p1", "payroll")] {
            world.put(&[gap("two", id, area, "no_source", "2026-11-02")]).await;
            world.put(&[event(id, "opened", Some("open"), "2026-11-02"), event(id, "severity", Some("3"), "2026-11-02")]).await;
            world.put(&[price(id, "rework", [10_000, 20_000, 30_000], "2026-11-02")]).await;
        }
        let (browser, link) = world.follow("two", "2026-11-23").await;
        let first = browser.get(&link).await;
        first.says("<h1>ERP cutover</h1>").says("aria-current=\"page\">ERP cutover</a>");
        let second = browser.get(&format!("{link}?of=payroll")).await;
        second.says("<h1>Payroll platform</h1>").says("aria-current=\"page\">Payroll platform</a>");
        let asked = browser.get(&format!("{link}/what-if?of=payroll&close=b1&close=p1")).await;
        asked.says("name=\"of\" value=\"payroll\"").says("Closing 1 gap today").says("1 of them is not open here");
        let csv = browser.get(&format!("{link}/trend.csv?of=payroll")).await.text;
        assert!(csv.lines().nth(1).unwrap().starts_with("payroll,"), "{csv}");
        for own in crate::read::links(&second).iter().filter(|own| own.contains("/t/")) {
            let is_platform = own.contains("of=payroll") || own.ends_with("of=erp");
            assert!(is_platform, "{own} forgets which implementation is looked at");
        }
        // One that is not there is the first.
        browser.get(&format!("{link}?of=nobody")).await.is(200).says("<h1>ERP cutover</h1>");
        assert!(words(&first.text).contains("2 of 2 open gaps priced"), "money is of the whole organization");
    }
}
