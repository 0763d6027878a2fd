//! Sunday's backup, Monday's mail, a lost disk: what an operator sees and does (DESIGN 2.8).

use crate::support::Place;

const SUNDAY: &str = "2026-11-22T20:00:00Z";
/// Half of the readers are due.
const MONDAY: &str = "2026-11-23T13:05:00Z";
/// All of them are.
const LATER: &str = "2026-11-23T16:00:00Z";

const FILES: [(&str, &str); 4] = [
    (
        "in/organizations.csv",
        "external_id,name,currency,time_zone\nnorthfield,Northfield,USD,America/Chicago\n",
    ),
    (
        "in/gaps.csv",
        "external_id,organization,area,category,severity,title,opened_on\n\
         G1,northfield,billing,no_source,4,Two price lists disagree,2026-11-02\n",
    ),
    (
        "in/people.csv",
        "email,name\nanna@n.example,Anna\nben@n.example,Ben\ncleo@n.example,Cleo\ndan@n.example,Dan\n",
    ),
    (
        "in/subscriptions.csv",
        "email,organization,role,weekday,hour,confirmed_at\n\
         anna@n.example,northfield,leader,1,7,2026-11-10T08:00:00Z\n\
         ben@n.example,northfield,leader,1,7,2026-11-10T08:00:00Z\n\
         cleo@n.example,northfield,leader,1,9,2026-11-10T08:00:00Z\n\
         dan@n.example,northfield,leader,1,9,2026-11-10T08:00:00Z\n",
    ),
];

/// Sunday's database restored after Monday's mail went to anna and ben. What is mailed from now on
/// goes to an empty outbox.
fn restored() -> Place {
    let place = Place::new();
    for (name, text) in FILES {
        place.write(name, text);
    }
    done(&place, &["import", "in", "--now", "2026-11-16T15:00:00Z"]);
    done(&place, &["run", "--once", "--now", SUNDAY]);
    done(&place, &["backup", "sunday.db", "--now", SUNDAY]);
    done(&place, &["run", "--once", "--now", MONDAY]);
    assert_eq!(mailed(&place), ["anna@n.example", "ben@n.example"]);
    for file in ["var/brief.db", "var/brief.db-wal", "var/brief.db-shm"] {
        let _ = std::fs::remove_file(place.path().join(file));
    }
    std::fs::rename(place.path().join("sunday.db"), place.path().join("var/brief.db")).unwrap();
    std::fs::rename(place.path().join("var/outbox"), place.path().join("monday")).unwrap();
    place
}

fn done(place: &Place, args: &[&str]) -> String {
    let ran = place.run(args);
    assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.out, ran.err);
    ran.out
}

/// Whom the outbox has a mail for.
fn mailed(place: &Place) -> Vec<String> {
    let files = std::fs::read_dir(place.path().join("var/outbox")).into_iter().flatten();
    let mails = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let to = mails.map(|mail| {
        let to = mail.lines().find(|line| line.starts_with("To: ")).expect("a recipient");
        to.rsplit(['<', ' ']).next().unwrap().trim_end_matches('>').to_owned()
    });
    let mut to: Vec<String> = to.collect();
    to.sort();
    to
}

/// The run says why it stands still, and so does the doctor.
fn stands_still(place: &Place) {
    let ran = place.run(&["run", "--once", "--now", LATER]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for words in [
        "Delivery stopped: the database is older than the journal: 2 of the last 2 mails",
        "a restored backup?",
        "brief assume-sent --journal",
        "4 expected = 4 queued",
    ] {
        assert!(ran.out.contains(words), "{words} is not in {}", ran.out);
    }
    assert_eq!(mailed(place), Vec::<String>::new());
    let doctor = place.run(&["doctor", "--now", LATER]);
    assert_eq!(doctor.code, 1, "{doctor:?}");
    assert!(doctor.out.contains("FAIL  journal"), "{}", doctor.out);
}

#[test]
fn by_the_journal_only_the_other_half_is_mailed() {
    let place = restored();
    stands_still(&place);
    let said = done(&place, &["assume-sent", "--journal", "--now", LATER]);
    assert!(said.starts_with("2 deliveries that the journal knows are recorded as sent"), "{said}");
    done(&place, &["run", "--once", "--now", LATER]);
    assert_eq!(mailed(&place), ["cleo@n.example", "dan@n.example"]);
    let run = done(&place, &["runs", "2026-W48", "--now", LATER]);
    assert!(run.contains("4 expected = 2 sent + 2 sent (assumed sent by the journal)"), "{run}");
    let doctor = place.run(&["doctor", "--now", LATER]);
    assert!(doctor.out.contains("ok    journal"), "{}", doctor.out);
}

#[test]
fn by_an_instant_everything_due_until_then_is_left_alone() {
    let place = restored();
    stands_still(&place);
    let until = ["assume-sent", "--until", MONDAY, "--now", LATER, "--json"];
    assert_eq!(place.json(&until)["assumed_sent"], 2);
    done(&place, &["run", "--once", "--now", LATER]);
    assert_eq!(mailed(&place), ["cleo@n.example", "dan@n.example"]);
}

#[test]
fn an_answer_before_anything_is_planned_holds_for_what_is_planned_then() {
    for answer in [vec!["--journal"], vec!["--until", MONDAY]] {
        let place = restored();
        let command = [&["assume-sent", "--now", LATER][..], &answer].concat();
        done(&place, &command);
        done(&place, &["run", "--once", "--now", LATER]);
        assert_eq!(mailed(&place), ["cleo@n.example", "dan@n.example"], "{answer:?}");
        done(&place, &["run", "--once", "--now", LATER]);
    }
}

#[test]
fn resume_says_that_the_database_is_right() {
    let place = restored();
    stands_still(&place);
    let said = done(&place, &["resume", "--now", LATER]);
    assert!(said.starts_with("Delivery goes on at the next tick. 2 mails that only"), "{said}");
    done(&place, &["run", "--once", "--now", LATER]);
    assert_eq!(mailed(&place).len(), 4);
    let again = place.json(&["resume", "--json"]);
    assert_eq!((&again["was_paused"], &again["ignored"]), (&false.into(), &0.into()));
}

#[test]
fn a_pause_outlasts_the_answer_and_its_end_takes_nothing_back() {
    let place = restored();
    done(&place, &["pause", "--why", "restored", "--now", LATER]);
    let said = done(&place, &["assume-sent", "--journal", "--now", LATER]);
    assert!(said.ends_with("`brief resume` lets delivery go on.\n"), "{said}");
    done(&place, &["resume", "--now", LATER]);
    done(&place, &["run", "--once", "--now", LATER]);
    assert_eq!(mailed(&place), ["cleo@n.example", "dan@n.example"]);
}

#[test]
fn assume_sent_wants_one_answer() {
    let place = Place::new();
    let none = place.run(&["assume-sent"]);
    assert_eq!(none.code, 2, "{none:?}");
    assert!(none.err.contains("--journal"), "{}", none.err);
    let both = place.run(&["assume-sent", "--journal", "--until", MONDAY]);
    assert_eq!(both.code, 2, "{both:?}");
}

#[test]
fn a_journal_that_cannot_be_kept_is_told_of_before_and_while_it_matters() {
    let place = Place::new();
    place.write("file", "in the way");
    place.write("config/local.toml", "[journal]\ndir = \"file/journal\"\n");
    done(&place, &["migrate"]);
    let doctor = place.run(&["doctor"]);
    assert_eq!(doctor.code, 1, "{doctor:?}");
    assert!(doctor.out.contains("FAIL  journal"), "{}", doctor.out);
    let ran = place.run(&["run", "--once", "--now", MONDAY]);
    assert!(ran.out.contains("Delivery stopped: the journal of hand-overs"), "{}", ran.out);
    place.write("config/local.toml", "[journal]\nweeks = 1\n");
    let wrong = place.run(&["config"]);
    assert!(wrong.err.contains("journal.weeks: the value cannot be used"), "{}", wrong.err);
}
