//! Every page as a browser, a screen reader and a printer take it.

use std::collections::{BTreeMap, BTreeSet};

use back_office_brief::store::Db;

use crate::browser::{Browser, Page};
use crate::cases::{event, gap, price};
use crate::on_both;
use crate::read::links;
use crate::world::World;

/// The attribute of a tag, if it has one.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mark = format!(" {name}=\"");
    let at = tag.find(&mark)? + mark.len();
    tag[at..].split('"').next()
}

/// Every opening and closing tag of a page, without its brackets.
fn tags(page: &Page) -> Vec<&str> {
    page.text.split('<').skip(1).filter_map(|rest| rest.split('>').next()).collect()
}

/// The opening tags of one element.
fn named<'t>(tags: &[&'t str], name: &str) -> Vec<&'t str> {
    tags.iter().filter(|tag| tag.split_whitespace().next() == Some(name)).copied().collect()
}

/// What keeps a page whole: one heading over all and none left out below it, every name once, every
/// reference answered, every control labelled, every head of a table said what it is the head of.
pub fn is_whole(url: &str, page: &Page) {
    let (text, tags) = (&page.text, tags(page));
    assert!(text.starts_with("<!doctype html>\n<html lang=\"en\""), "{url}");
    assert_eq!((named(&tags, "h1").len(), named(&tags, "main").len()), (1, 1), "{url}");
    for bad in ["script", "style", "iframe", "object", "embed", "img"] {
        assert!(named(&tags, bad).is_empty(), "{url}: <{bad}>");
    }
    let mut last = 0;
    for tag in &tags {
        let names = tag.split('"').step_by(2).flat_map(str::split_whitespace);
        let is_bad = |name: &str| name.starts_with("on") || name.starts_with("style");
        assert!(!names.skip(1).any(is_bad), "{url}: <{tag}>");
        let level = tag.strip_prefix('h').and_then(|rest| rest.chars().next()?.to_digit(10));
        if let Some(level) = level {
            assert!(level <= last + 1, "{url}: <{tag}> under h{last}");
            last = level;
        }
    }
    has_what_it_names(url, &tags);
    for tag in named(&tags, "input").iter().filter(|tag| attribute(tag, "type") != Some("hidden")) {
        let at = text.find(&format!("<{tag}>")).expect("it is there");
        let label = text[..at].rfind("<label").expect("a label before it");
        assert!(!text[label..at].contains("</label>"), "{url}: <{tag}> stands in no label");
    }
    assert_eq!(named(&tags, "details").len(), named(&tags, "summary").len(), "{url}");
    for name in [
        "section", "details", "table", "ul", "dl", "div", "p", "form", "figure", "svg", "span", "a",
    ] {
        let closed = text.matches(&format!("</{name}>")).count();
        assert_eq!(named(&tags, name).len(), closed, "{url}: <{name}> is not closed as often");
    }
    assert!(text.len() < 100_000, "{url} has {} octets", text.len());
}

/// Every id once, whatever is referred to there; heads and pictures say what they are.
fn has_what_it_names(url: &str, tags: &[&str]) {
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| attribute(tag, "id")) {
        assert!(ids.insert(id), "{url}: {id} twice");
    }
    for tag in tags {
        for name in ["aria-labelledby", "aria-describedby", "for"] {
            for id in attribute(tag, name).into_iter().flat_map(str::split_whitespace) {
                assert!(ids.contains(id), "{url}: <{tag}> asks for {id}");
            }
        }
    }
    for tag in named(tags, "th") {
        assert!(matches!(attribute(tag, "scope"), Some("col" | "row")), "{url}: <{tag}>");
    }
    for tag in named(tags, "svg") {
        assert_eq!(attribute(tag, "role"), Some("img"), "{url}");
        assert!(attribute(tag, "aria-labelledby").is_some(), "{url}: <{tag}>");
    }
}

/// Follows every link behind a door, and holds every page to [`is_whole`]; the pages by address.
pub async fn walk(browser: &Browser, link: &str) -> BTreeMap<String, Page> {
    let start = link.strip_prefix(crate::browser::HOME).unwrap_or(link).to_owned();
    let (mut open, mut seen) = (vec![start.clone()], BTreeMap::new());
    while let Some(url) = open.pop() {
        if seen.contains_key(&url) {
            continue;
        }
        let page = browser.get(&url).await;
        page.is(200);
        if page.header("content-type").starts_with("text/html") {
            is_whole(&url, &page);
            open.extend(links(&page).into_iter().filter(|own| own.starts_with(&start)));
        }
        seen.insert(url, page);
        assert!(seen.len() < 400, "there is no end to the pages");
    }
    seen
}

on_both! {
    async fn every_page_is_whole_and_every_link_leads_somewhere(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let pages = walk(&browser, &link).await;
        let kinds = |end: &str| pages.keys().filter(|url| url.contains(end)).count();
        assert!(kinds("/gaps") >= 2 && kinds("/weeks") >= 1 && kinds("/what-if") >= 6 && kinds("print=1") == 1, "{:?}", pages.keys());
    }

    async fn an_organization_of_which_little_is_known_has_whole_pages_too(db: Db) {
        let world = World::on(db);
        // Nothing but a name; a gap and no implementation; live; looked at and nothing open.
        world.house("empty", |_| {}).await;
        world.put(&[gap("empty", "e1", "billing", "no_source", "2026-11-23")]).await;
        world.put(&[event("e1", "opened", Some("open"), "2026-11-23")]).await;
        world.house("live", |_| {}).await;
        world.platform("live", &[("billing", 3)], Some("2026-11-02")).await;
        world.looked("live", "billing", "2026-10-26").await;
        world.put(&[gap("live", "l1", "billing", "no_source", "2026-10-05")]).await;
        world.put(&[event("l1", "opened", Some("open"), "2026-10-05")]).await;
        world.put(&[price("l1", "direct", [700, 1_400, 2_100], "2026-10-05")]).await;
        world.house("closed", |_| {}).await;
        world.platform("closed", &[("billing", 3)], Some("2027-02-01")).await;
        world.looked("closed", "billing", "2026-11-16").await;
        for slug in ["empty", "live", "closed"] {
            world.subscriber(slug, &format!("{slug}@client.example"), crate::browser::real_ids).await;
        }
        world.tick("2026-11-23T07:00:00Z").await;
        let browser = Browser::of(&world);
        for (slug, words) in [
            ("empty", "<h1>Back office</h1>"), ("live", "Foundation"), ("closed", "Nothing is open."),
        ] {
            let link = crate::browser::link(&world.mails_to(&format!("{slug}@client.example"))[0], "t");
            let pages = walk(&browser, &link).await;
            let start = link.strip_prefix(crate::browser::HOME).unwrap();
            pages[start].says(words);
        }
        let link = crate::browser::link(&world.mails_to("live@client.example")[0], "t");
        let page = browser.get(&link).await;
        page.says("Live for 3 weeks.").says("Since go-live");
        assert!(!page.text.contains("late") && !page.text.contains("Target"), "{}", page.text);
    }

    async fn what_somebody_typed_is_text_and_nothing_else(db: Db) {
        let world = World::on(db);
        let typed = "</title><script>alert(1)</script>\u{202e}<b onclick=x>&amp;\"'";
        world.house("hostile", |row| row.name = typed.to_owned()).await;
        world.platform("hostile", &[("billing", 3)], Some("2027-02-01")).await;
        crate::world::run(&world.db, "UPDATE implementation SET name = '<svg/onload=alert(1)>'").await;
        world.looked("hostile", "billing", "2026-11-02").await;
        for id in ["<i>1</i>", "\"><script>2</script>", "a&b=c&close=x", "ü %00 /..//"] {
            let mut own = gap("hostile", id, "billing", "no_source", "2026-11-02");
            own.title = typed.to_owned();
            own.short_name = Some(typed.chars().take(32).collect());
            own.exposure_group = Some(typed.to_owned());
            world.put(&[own]).await;
            let mut events = [event(id, "opened", Some("open"), "2026-11-02"), event(id, "owner", Some(typed), "2026-11-02"), event(id, "next_step", Some(typed), "2026-11-02")];
            events[0].actor = Some(typed.to_owned());
            world.put(&events).await;
            let mut estimate = price(id, "rework", [10_000, 20_000, 30_000], "2026-11-02");
            estimate.source_note = Some(typed.to_owned());
            world.put(&[estimate]).await;
        }
        let (browser, link) = world.follow("hostile", "2026-11-23").await;
        let pages = walk(&browser, &link).await;
        assert!(pages.keys().filter(|url| url.contains("close=")).count() >= 4, "{:?}", pages.keys());
        for (url, page) in pages.iter().filter(|(_, page)| page.text.starts_with("<!doctype")) {
            for bad in ["<script", "<b ", "<svg/", "<i>", "\u{202e}"] {
                assert!(!page.text.contains(bad), "{bad} in {url}");
            }
        }
        // An id that needs every kind of escaping still ticks its gap and no other.
        for (url, page) in pages.iter().filter(|(url, _)| url.matches("close=").count() == 1) {
            assert_eq!(page.text.matches(" checked").count(), 1, "{url}");
        }
    }

    async fn on_paper_everything_is_laid_open(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (browser, link) = world.follow("northfield", "2026-11-23").await;
        let page = browser.get(&format!("{link}?print=1")).await;
        assert!(!page.text.contains("<details>") && !page.text.contains("<details class=\"gap\">"), "{}", page.text);
        assert!(page.text.matches(" open>").count() >= 10);
        page.says("Back to the page");
        let style = browser.get("/trend.css").await;
        assert!(style.text.contains("@media print") && style.text.contains("forced-colors"));
    }
}
