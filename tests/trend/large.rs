//! Five hundred gaps and two years of weeks, with the longest words: every page stays small.

use back_office_brief::domain::history::add_days;
use back_office_brief::store::Db;
use back_office_brief::store::records::{Exposure, Gap, GapEvent, WeeklyPoint};
use jiff::civil::date;

use crate::cases::{event, gap, price};
use crate::on_both;
use crate::read::{links, table};
use crate::world::World;

const GAPS: usize = 500;
const AREAS: [&str; 12] = [
    "billing",
    "collections",
    "payables",
    "procurement",
    "payroll",
    "close",
    "planning",
    "treasury",
    "compliance",
    "people",
    "onboarding",
    "master_data",
];

/// An organization with as much of everything as there may be.
async fn crowded(world: &World) {
    world.house("large", |row| row.name = "Long ".repeat(60)).await;
    let areas: Vec<(&str, i64)> = AREAS.iter().map(|area| (*area, 3)).collect();
    world.platform("large", &areas, Some("2027-02-01")).await;
    let monday = |week: i64| add_days(date(2026, 11, 23), -7 * week).to_string();
    for (n, area) in (0..104).rev().zip(AREAS.iter().cycle()) {
        world.looked("large", area, &monday(n)).await;
    }
    let (mut gaps, mut events, mut prices): (Vec<Gap>, Vec<GapEvent>, Vec<Exposure>) =
        Default::default();
    for n in 0..GAPS {
        let id = format!("L-{n:04}");
        let opened = monday(103 - i64::try_from(n % 100).unwrap());
        let mut own = gap("large", &id, AREAS[n % 12], "no_source", &opened);
        own.title = "Wide title & more ".repeat(20);
        own.short_name = Some(format!("W&W {n}"));
        gaps.push(own);
        events.push(event(&id, "opened", Some("open"), &opened));
        events.push(event(&id, "owner", Some(&"Owner & ".repeat(20)), &opened));
        events.push(event(&id, "next_step", Some(&"<next> ".repeat(70)), &opened));
        // Something moves in every week.
        for week in (0..n % 10).map(|k| i64::try_from(k * 10).unwrap()) {
            let on = monday(week);
            if on > opened {
                events.push(event(&id, "severity", Some(&(n % 4 + 1).to_string()), &on));
                let mut estimate = price(&id, "leakage", [100_000, 200_000 + week, 300_000], &on);
                estimate.source_note = Some("\"Source\" ".repeat(300));
                estimate.inputs = format!(
                    "{{\"billed_minor_per_week\":[1,{},9007199254740991],\"leak_bp\":[1,50,10000]}}",
                    n + 2
                );
                prices.push(estimate);
            }
        }
    }
    world.put(&gaps).await;
    world.put(&events).await;
    world.put(&prices).await;
    let point = |week: i64| WeeklyPoint {
        implementation_id: "large-erp".to_owned(),
        as_of: monday(week),
        score_reported: Some(50_000 + 100 * week),
        ..Default::default()
    };
    world.put(&(1..104).map(point).collect::<Vec<_>>()).await;
    world.put(&[event("L-0001", "note", None, "2026-11-23")]).await;
}

on_both! {
    async fn every_page_stays_under_a_hundred_kilobytes(db: Db) {
        let world = World::on(db);
        crowded(&world).await;
        let (browser, link) = world.follow("large", "2026-11-23").await;
        let page = browser.get(&link).await;
        assert_eq!(table(&page, "Readiness by week").len(), 104);
        page.says("All 500 gaps");
        // A walk that tries out each of the gaps would be long: those of the first two pages do.
        let pages = browser.get(&format!("{link}/gaps")).await;
        pages.says("1 to 25 of 500");
        for own in links(&pages).iter().filter(|own| own.starts_with("/t/")).take(12) {
            browser.get(own).await.is(200);
        }
        let mut next = format!("{link}/gaps");
        let mut seen = 0;
        loop {
            let page = browser.get(&next).await;
            crate::shown::is_whole(&next, &page);
            seen += page.text.matches("<details class=\"gap\">").count();
            let further = links(&page).into_iter().rfind(|own| own.contains("page="));
            match further.filter(|_| page.text.contains("rel=\"next\"")) {
                Some(url) => next = url,
                None => break,
            }
        }
        assert_eq!(seen, GAPS, "each gap is on one page");
        let ticked: String = (0..GAPS).map(|n| format!("&close=L-{n:04}")).collect();
        for own in ["?print=1", "/weeks", "/weeks?page=8", "/what-if", &format!("/what-if?{}", &ticked[1..])] {
            let page = browser.get(&format!("{link}{own}")).await;
            page.is(200);
            crate::shown::is_whole(&own[..own.len().min(40)], &page);
        }
        browser.get(&format!("{link}/weeks")).await.says("1 to 13 of 105");
        browser.get(&format!("{link}/gaps?page=999999")).await.says("476 to 500 of 500");
        browser.get(&format!("{link}/gaps?page=-1")).await.says("1 to 25 of 500");
        assert_eq!(browser.get(&format!("{link}/gaps.csv")).await.text.lines().count(), GAPS + 1);
    }
}
