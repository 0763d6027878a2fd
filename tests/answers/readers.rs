//! The edition for readers: the leader's words, and nothing to answer (DESIGN 1).

use back_office_brief::domain::brief::Corrected;
use back_office_brief::engine::preview::Whose;
use back_office_brief::store::Db;

use crate::on_both;
use crate::scene::{CONSULTANT, LEADER, READER, answer_links, peopled, told};
use crate::world::{MONDAY, SEVEN, World, at, by};

/// Kind and variant of each edition of the week.
async fn variants(world: &World, week: &str) -> Vec<(String, String)> {
    world.editions(week).await.into_iter().map(|e| (e.kind, e.variant)).collect()
}

/// A mail's words without its links and its own footer addresses.
fn words(text: &str) -> String {
    text.split(' ').filter(|word| !word.contains("://")).collect::<Vec<_>>().join(" ")
}

on_both! {
    async fn readers_read_what_leaders_read_and_are_asked_nothing(db: Db) {
        let (world, _) = told(db).await;
        let leader = ("leader".to_owned(), "full-en".to_owned());
        let reader = ("leader".to_owned(), "full-en-reader".to_owned());
        let all = variants(&world, "2026-W48").await;
        assert!(all.contains(&leader) && all.contains(&reader), "{all:?}");
        let (one, two) = (world.brief_to(LEADER), world.brief_to(READER));
        let asked = words(&one.text).replace(" Done, blocked or not mine:", "").replace(" Correct a number:", "");
        assert_eq!(asked, words(&two.text));
        assert_eq!((answer_links(&one).len(), answer_links(&two).len()), (2, 0));
        let raw = String::from_utf8_lossy(&two.bytes).into_owned();
        assert!(!raw.contains("/a/"), "not in the HTML either");
    }

    async fn the_edition_is_made_only_where_somebody_reads(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", LEADER).await;
        world.leader("acme", "bert@client.example").await;
        assert!(world.tick(SEVEN).await.closes());
        assert_eq!(variants(&world, "2026-W48").await, [("leader".to_owned(), "full-en".to_owned())]);
    }

    async fn in_a_quiet_week_a_reader_may_want_one_line(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.subscriber("acme", READER, |_, s| {
            (s.role, s.quiet) = ("reader".to_owned(), "line".to_owned());
        }).await;
        world.subscriber("acme", LEADER, |_, s| s.quiet = "line".to_owned()).await;
        for tick in ["2026-11-09T13:00:00Z", "2026-11-16T13:00:00Z"] {
            assert!(world.tick(tick).await.closes());
        }
        let all = variants(&world, "2026-W47").await;
        for variant in ["line-en", "line-en-reader"] {
            assert!(all.contains(&("leader".to_owned(), variant.to_owned())), "{all:?}");
        }
        assert_eq!(answer_links(&world.brief_to(LEADER)).len(), 1, "the action, in one line too");
        assert!(answer_links(&world.brief_to(READER)).is_empty());
    }

    async fn a_preview_of_each_is_what_is_sent(db: Db) {
        let world = peopled(db).await;
        let acme = || "acme".to_owned();
        let leader = world.engine.preview(&Whose::Leader(acme()), at(MONDAY)).await.unwrap();
        let reader = world.engine.preview(&Whose::Reader(acme()), at(MONDAY)).await.unwrap();
        world.tick(SEVEN).await;
        for edition in world.editions("2026-W48").await.iter().filter(|e| e.kind == "leader") {
            let shown = if edition.variant.ends_with("-reader") { &reader } else { &leader };
            let stored = world.db.edition_body(&edition.id).await.unwrap();
            assert_eq!(stored.mould.as_ref(), Some(&shown.body.mould), "{}", edition.variant);
            assert_eq!(stored.facts.as_ref(), Some(&shown.body.facts));
        }
        let text = world.engine.preview_text(&leader);
        assert!(text.contains("/a/preview-to-nobody-on-a-list/done/ACME-G1"), "{text}");
        let eml = String::from_utf8(world.engine.preview_eml(&leader).unwrap()).unwrap();
        assert!(eml.contains("Reply-To: \"Ana Mendel\" <ana.mendel@advisor.example>"), "{eml}");
        assert!(!world.engine.preview_text(&reader).contains("/a/"));
    }

    async fn what_is_stopped_for_leaders_is_stopped_for_readers(db: Db) {
        let world = peopled(db).await;
        world.tick(MONDAY).await;
        let editions = world.editions("2026-W48").await;
        let leader = editions.iter().find(|e| (e.kind.as_str(), e.variant.as_str()) == ("leader", "full-en")).unwrap();
        assert_eq!(world.engine.cancel(&leader.id, &by("mendel"), "wrong prices").await.unwrap(), 2);
        for email in [LEADER, READER] {
            assert_eq!(world.fate(email, "2026-W48").await.0, "cancelled", "{email}");
        }
        let states = world.editions("2026-W48").await;
        let cancelled = states.iter().filter(|e| e.kind == "leader" && e.state == "cancelled");
        assert_eq!(cancelled.count(), 2);
    }

    async fn a_correction_goes_to_readers_too_and_once(db: Db) {
        let (world, _) = told(db).await;
        let editions = world.editions("2026-W48").await;
        let id = |variant: &str| editions.iter().find(|e| e.kind == "leader" && e.variant == variant).unwrap().id.clone();
        let figure = Corrected { figure: "Readiness".to_owned(), was: "66 of 100".to_owned(), is: "61 of 100".to_owned() };
        let (_, told) = world.engine.correct(&id("full-en"), vec![figure.clone()], "A wrong file.", &by("M. Mendel")).await.unwrap();
        assert_eq!(told, 2);
        let again = world.engine.correct(&id("full-en-reader"), vec![figure], "Again.", &by("M. Mendel")).await.unwrap_err();
        assert!(again.to_string().contains("corrected already"), "{again}");
        world.tick("2026-11-23T16:00:00Z").await;
        for email in [LEADER, READER] {
            let mails = world.mails_to(email);
            let correction = mails.iter().find(|mail| mail.subject.starts_with("Correction")).unwrap();
            assert!(answer_links(correction).is_empty());
            let reply = crate::browser::header(correction, "Reply-To").unwrap();
            assert!(reply.contains(CONSULTANT), "{reply}");
        }
    }
}
