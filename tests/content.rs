//! The authored content as an operator meets it: what ships is sound, and what they add is checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use back_office_brief::content::{self, Content};
use back_office_brief::domain::codes::{Area, Category, Situation, Trend};
use back_office_brief::domain::issue;
use jiff::civil::Date;

const TODAY: Date = Date::constant(2026, 11, 24);

fn shipped() -> Content {
    content::shipped(TODAY)
        .unwrap_or_else(|error| panic!("the shipped content is refused:\n{error}"))
}

#[test]
fn what_ships_covers_every_pattern_trend_and_situation() {
    let content = shipped();
    assert_eq!(content.warnings, []);
    let has = |category, area, trend, situation| {
        content.insights.entries.iter().any(|e| {
            (e.category, e.area, e.trend, e.situation) == (category, area, trend, situation)
        })
    };
    for category in Category::ALL.iter().copied().map(Some) {
        for trend in Trend::ALL.iter().copied().map(Some) {
            assert!(has(category, None, trend, None), "{category:?} {trend:?}");
        }
        for area in [Area::Billing, Area::Payables, Area::Close].map(Some) {
            assert!(has(category, area, None, None), "{category:?} {area:?}");
        }
    }
    for situation in Situation::ALL.iter().copied().map(Some) {
        assert!(has(None, None, None, situation), "{situation:?}");
    }
    assert!(content.insights.entries.len() >= 67);
}

#[test]
fn a_pattern_that_stays_for_weeks_has_a_new_text_for_each() {
    let content = shipped();
    let count = |keep: &dyn Fn(&back_office_brief::domain::insight::Insight) -> bool| {
        content.insights.entries.iter().filter(|e| keep(e)).count()
    };
    for category in Category::ALL {
        let any_week = count(&|e| {
            e.category == Some(*category) && (e.area, e.trend, e.situation) == (None, None, None)
        });
        assert!(any_week >= 3, "{category:?}: {any_week}");
    }
    for situation in Situation::ALL {
        let own = count(&|e| e.situation == Some(*situation));
        // A first week comes once, and an unpriced gap is priced by its action.
        let once = matches!(situation, Situation::FirstWeek | Situation::Unpriced);
        assert!(own >= if once { 1 } else { 2 }, "{situation:?}: {own}");
    }
}

#[test]
fn no_two_insights_say_the_same_thing() {
    let content = shipped();
    let texts: BTreeSet<&str> = content.insights.entries.iter().map(|e| e.text.as_str()).collect();
    assert_eq!(texts.len(), content.insights.entries.len());
}

#[test]
fn every_content_file_is_compiled_in() {
    let content = shipped();
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let on_disk = content::load_from(&config, TODAY).unwrap();
    assert_eq!(on_disk.insights, content.insights);
    assert_eq!(on_disk.issues, content.issues);
}

#[test]
fn a_year_of_public_issues_starts_over_after_the_last() {
    let content = shipped();
    assert!(content.issues.len() >= 12);
    let mut sent = BTreeMap::new();
    let mut order = Vec::new();
    for _ in 0..=content.issues.len() {
        let next = issue::next(&content.issues, &sent).unwrap();
        order.push(next.order);
        for weeks in sent.values_mut() {
            *weeks += 1;
        }
        sent.insert(next.id.clone(), 1);
    }
    let mut expected: Vec<u32> = content.issues.iter().map(|i| i.order).collect();
    expected.push(expected[0]);
    assert_eq!(order, expected);
}

#[test]
fn past_its_review_an_entry_still_ships_and_the_operator_is_told() {
    let content = content::shipped(Date::constant(2029, 1, 1)).unwrap();
    assert!(content.warnings.len() >= 42 + 12);
    assert_eq!(
        content.warnings[0].to_string(),
        "config/insights/base.toml, entry \"undocumented-improving\": was to be reviewed by \
         2028-11-24; check its source and set a new date"
    );
}

const MINE: &str = r#"
[[insight]]
id = "quiet"
situation = "quiet"
text = """
In a trial, one reminder a week brought in more tax than a single reminder did. Two a week did less \
well. We count ours the same way, and this is the only one you get."""
claim_kind = "finding"
source = { title = "Reminders", publisher = "A journal", year = 2021, url = "https://doi.org/10.1016/j.jebo.2021.09.023" }
review_by = 2028-11-24
"#;

/// Loads an operator's folder with one insight file.
fn with_insights(text: &str) -> Result<Content, String> {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("insights")).unwrap();
    fs::write(dir.path().join("insights/mine.toml"), text).unwrap();
    content::load_from(dir.path(), TODAY).map_err(|e| e.to_string())
}

#[test]
fn an_operators_entry_replaces_the_shipped_one_or_joins_the_list() {
    let shipped = shipped().insights.entries;
    let replaced = with_insights(MINE).unwrap().insights.entries;
    assert_eq!(replaced.len(), shipped.len());
    let quiet = replaced.iter().find(|e| e.id == "quiet").unwrap();
    assert!(quiet.text.starts_with("In a trial,"), "{}", quiet.text);
    let joined = with_insights(&MINE.replace("id = \"quiet\"", "id = \"ours\"")).unwrap();
    assert_eq!(joined.insights.entries.len(), shipped.len() + 1);
}

#[test]
fn a_mistake_is_answered_with_file_entry_and_what_to_do() {
    let cases = [
        (
            "situation = \"quiet\"",
            "situation = \"calm\"",
            "is not a known situation; use one of: first_week",
        ),
        ("situation = \"quiet\"", "mood = \"calm\"", "unknown field `mood`"),
        ("claim_kind = \"finding\"", "claim_kind = \"rumor\"", "unknown variant `rumor`"),
        ("claim_kind = \"finding\"", "claim_kind = \"survey\"", ""),
        ("publisher = \"A journal\", ", "", "missing field `publisher`"),
        ("review_by = 2028-11-24", "", "missing field `review_by`"),
        ("review_by = 2028-11-24", "review_by = 2028-11-24T00:00:00Z", "write a date such as"),
        ("year = 2021", "year = 2031", "source.year is 2031"),
        (" We count ours the same way, and this is the only one you get.", "", "text has 22 words"),
        ("well.", "very well.", "\"very\" is a word of degree"),
        ("id = \"quiet\"", "id = \"Quiet week\"", "lower-case words"),
    ];
    for (from, to, expected) in cases {
        assert!(MINE.contains(from), "{from}");
        let error = with_insights(&MINE.replacen(from, to, 1)).expect_err(to);
        assert!(error.contains("insights/mine.toml, entry \""), "{error}");
        assert!(error.contains(expected), "{to}: {error}");
    }
}

#[test]
fn two_entries_with_one_id_are_refused_and_so_is_a_file_that_is_no_list() {
    let twice = with_insights(&format!("{MINE}{MINE}")).unwrap_err();
    assert!(twice.contains("another entry has this id"), "{twice}");
    let no_list = with_insights("insigth = 1").unwrap_err();
    assert!(no_list.contains("[[insight]]"), "{no_list}");
    let missing = content::load_from(Path::new("/nowhere/at/all"), TODAY).unwrap_err();
    assert!(missing.to_string().contains("is not a folder"), "{missing}");
}

#[test]
fn an_operators_issue_is_held_to_the_same_rules() {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/public");
    let good = fs::read_to_string(config.join("12-who-checked-it.toml")).unwrap();
    let load = |text: &str| {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("public")).unwrap();
        fs::write(dir.path().join("public/13.toml"), text).unwrap();
        content::load_from(dir.path(), TODAY)
    };
    let moved = load(&good.replace("order = 12", "order = 40")).unwrap();
    assert_eq!(moved.issues.last().map(|i| (i.order, i.id.as_str())), Some((40, "who-checked-it")));
    let cases = [
        ("order = 12", "order = 11", "order 11 is also that of"),
        ("question = \"Who", "question = \"Tell me in one line who", "question has"),
        ("build it?\"", "build it\"", "ends with a question mark"),
        (
            "preheader = \"The person who built it reports that it works.\"",
            "preheader = \"Short.\"",
            "are the fewest",
        ),
        ("412 of 7,554", "some", "leak has no figure"),
        ("byline = \"", "by = \"", "unknown field `by`"),
        ("The fix is in. ", "The fix is in. It is. ", "4 sentences"),
    ];
    for (from, to, expected) in cases {
        assert!(good.contains(from), "{from}");
        let error = load(&good.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(expected), "{to}: {error}");
    }
    let long =
        good.replace("The fix is in. ", &format!("The fix is in{}. ", " as it was".repeat(6)));
    let longer =
        long.replace("with a thumbs-up", &format!("with a thumbs-up{}", " and so on".repeat(6)));
    assert!(load(&longer).unwrap_err().to_string().contains("words"));
}
