//! One Monday from the outside: imported, planned, sent, looked up, paused, restored, taken back.

use crate::support::Place;

const RECORDED: &str = "2026-11-16T15:00:00Z";
const MONDAY: &str = "2026-11-23T14:00:00Z";

const ORGANIZATIONS: &str = "\
external_id,name,currency,time_zone
northfield,Northfield,USD,America/Chicago
";

const GAPS: &str = "\
external_id,organization,area,category,severity,title,owner,opened_on,status
G1,northfield,billing,no_source,4,Two price lists disagree,D. Ruiz,2026-11-02,open
G2,northfield,payables,owner_habit,3,Invoice exceptions have no owner,,2026-11-02,open
";

/// An organization with two gaps, one confirmed leader and one who never confirmed.
fn northfield(place: &Place) {
    place.write("organizations.csv", ORGANIZATIONS);
    place.write("gaps.csv", GAPS);
    let commands: [&[&str]; 3] = [
        &["import", "organizations.csv", "gaps.csv"],
        &[
            "subscriptions",
            "add",
            "coo@northfield.example",
            "--organization",
            "northfield",
            "--confirmed",
        ],
        &["subscriptions", "add", "cfo@northfield.example", "--organization", "northfield"],
    ];
    for command in commands {
        let ran = place.run(&[command, &["--now", RECORDED]].concat());
        assert_eq!(ran.code, 0, "{command:?}: {}{}", ran.out, ran.err);
    }
    assert!(!place.path().join("gaps.rejects.csv").exists(), "every row is taken");
}

fn mails(place: &Place) -> usize {
    let outbox = std::fs::read_dir(place.path().join("var/outbox"));
    outbox.map_or(0, |files| {
        files
            .filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|e| e == "eml"))
            .count()
    })
}

#[test]
fn a_monday_is_sent_once_and_accounted_for() {
    let place = Place::new();
    northfield(&place);
    let early = place.run(&["run", "--once", "--now", "2026-11-23T11:59:59Z"]);
    assert_eq!((early.code, mails(&place)), (0, 0), "{early:?}");
    let ran = place.run(&["run", "--once", "--now", MONDAY]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(mails(&place), 1);
    assert_eq!(place.run(&["run", "--once", "--now", MONDAY]).code, 0);
    assert_eq!(mails(&place), 1, "a second tick sends nothing");

    let runs = place.json(&["runs", "--json"]);
    assert_eq!((&runs[0]["id"], &runs[0]["state"]), (&"2026-W48".into(), &"closed".into()));
    assert_eq!(runs[0]["expected"], 1);
    let run = place.run(&["runs", "2026-W48", "--now", MONDAY]);
    assert!(run.out.contains("1 expected = 1 sent"), "{}", run.out);
    let sent = place.json(&["deliveries", "--state", "sent", "--json"]);
    assert_eq!(sent.as_array().unwrap().len(), 1);
    assert_eq!(sent[0]["email"], "coo@northfield.example");
    assert_eq!(sent[0]["handed_over_at"], MONDAY);
    let editions = place.json(&["editions", "--state", "frozen", "--json"]);
    assert_eq!(editions[0]["scope"], "northfield");

    let id = sent[0]["id"].as_str().unwrap();
    let retry = place.run(&["deliveries", "retry", id]);
    assert_eq!(retry.code, 1);
    assert!(retry.err.contains("is sent; only a failed"), "{}", retry.err);
    let frozen = editions[0]["id"].as_str().unwrap();
    let late = place.run(&["editions", "approve", frozen]);
    assert_eq!(late.code, 1);
    assert!(late.err.contains("is frozen"), "{}", late.err);
    let same = place.run(&["editions", "correct", frozen, "--now", MONDAY]);
    assert_eq!(same.code, 1, "nothing differs: {}", same.out);
}

#[test]
fn a_stop_holds_the_mail_back_and_a_restore_does_not_send_it_twice() {
    let place = Place::new();
    northfield(&place);
    assert_eq!(place.run(&["pause", "--why", "looking", "--now", MONDAY]).code, 0);
    let paused = place.run(&["run", "--once", "--now", MONDAY]);
    assert_eq!((paused.code, mails(&place)), (1, 0), "{paused:?}");
    assert!(paused.out.contains("looking"), "{}", paused.out);
    let later = "2026-11-23T18:00:00Z";
    let assumed = place.json(&["assume-sent", "--until", MONDAY, "--now", later, "--json"]);
    assert_eq!(assumed["assumed_sent"], 1);
    assert_eq!(place.run(&["resume"]).code, 0);
    let ran = place.run(&["run", "--once", "--now", later]);
    assert_eq!((ran.code, mails(&place)), (0, 0), "{ran:?}");
    let rows = place.json(&["deliveries", "--json"]);
    assert_eq!(rows[0]["reason"], "assumed sent");
}

#[test]
fn what_is_planned_after_assume_sent_is_not_sent_either() {
    let place = Place::new();
    northfield(&place);
    let later = "2026-11-23T18:00:00Z";
    assert_eq!(place.run(&["assume-sent", "--until", MONDAY, "--now", later]).code, 0);
    let ran = place.run(&["run", "--once", "--now", later]);
    assert_eq!((ran.code, mails(&place)), (0, 0), "{ran:?}");
    assert_eq!(place.json(&["deliveries", "--json"])[0]["state"], "sent");
}

#[test]
fn a_mistake_that_went_out_is_corrected_once() {
    let place = Place::new();
    northfield(&place);
    assert_eq!(place.run(&["run", "--once", "--now", MONDAY]).code, 0);
    let editions = place.json(&["editions", "--json"]);
    let id = editions[0]["id"].as_str().unwrap();
    let correct = [
        "editions",
        "correct",
        id,
        "--figure",
        "Price lists",
        "--was",
        "$3,800",
        "--is",
        "$2,100",
        "--now",
        MONDAY,
    ];
    let unpaired = place.run(&correct[..correct.len() - 4]);
    assert_eq!(unpaired.code, 2, "{}", unpaired.err);
    let ran = place.run(&correct);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("Price lists: $2,100 instead of $3,800"), "{}", ran.out);
    assert_eq!(place.run(&["run", "--once", "--now", MONDAY]).code, 0);
    assert_eq!(mails(&place), 2);
    assert_eq!(place.run(&correct).code, 1, "one correction a week is the most");
}

#[test]
fn a_held_edition_is_noted_and_approved_before_it_is_sent() {
    let place = Place::new();
    northfield(&place);
    let review =
        ["organizations", "change", "northfield", "--review", "required", "--now", RECORDED];
    assert_eq!(place.run(&review).code, 0);
    let held = place.run(&["run", "--once", "--now", MONDAY]);
    assert_eq!(mails(&place), 0, "{held:?}");
    let editions = place.json(&["editions", "--state", "held", "--json"]);
    let id = editions[0]["id"].as_str().expect("a held edition");
    let words = "Two teams quote from different lists. Ask who decides.";
    let note = ["editions", "note", id, words, "--by", "A. Mendel", "--now", MONDAY];
    assert_eq!(place.run(&note).out, "The note is written.\n");
    let long = place.run(&["editions", "note", id, &"word ".repeat(80), "--now", MONDAY]);
    assert!(long.code == 1 && long.err.contains("shorten it"), "{long:?}");
    let approve = ["editions", "approve", id, "--by", "A. Mendel", "--now", MONDAY];
    assert_eq!(place.run(&approve).code, 0);
    let ran = place.run(&["run", "--once", "--now", MONDAY]);
    assert_eq!((ran.code, mails(&place)), (0, 1), "{ran:?}");
    let file = std::fs::read_dir(place.path().join("var/outbox")).unwrap().next().unwrap().unwrap();
    let mail = std::fs::read_to_string(file.path()).unwrap();
    assert!(mail.contains("Ask who decides"), "{mail}");
}

#[test]
fn what_is_left_alone_is_shown_and_tried_at_once_after_resume() {
    let place = Place::new();
    northfield(&place);
    let in_the_way = place.write("var/outbox", "a file");
    let run = || place.run(&["run", "--once", "--now", MONDAY]);
    assert_eq!(run().code, 1);
    let ran = place.run(&["doctor", "--now", MONDAY]);
    let told = "warn  breaker         file://var/outbox is left alone since 2026-11-23T14:00:00Z until \
                2026-11-23T14:00:";
    assert!(ran.out.contains(told) && ran.out.contains("a file is in the way"), "{}", ran.out);
    std::fs::remove_file(in_the_way).unwrap();
    assert_eq!((run().code, mails(&place)), (1, 0), "it is left alone");
    let resumed = place.run(&["resume", "--now", MONDAY]);
    assert_eq!(resumed.out, "Delivery was not paused. One breaker was open and is closed.\n");
    assert_eq!((run().code, mails(&place)), (0, 1));
    let twice = place.json(&["resume", "--json"]);
    assert_eq!(twice["was_paused"], false);
    assert_eq!(twice["closed_breakers"], 0);
}
