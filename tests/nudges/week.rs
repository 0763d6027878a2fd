//! The story of one nudge, as its people see it.

use back_office_brief::store::Db;
use mail_parser::{HeaderValue, MessageParser};

use crate::browser::HOME;
use crate::html::faults;
use crate::on_both;
use crate::scene::{ANA, GAP, LEADER, OWNER, THURSDAY, TUESDAY, WEDNESDAY, browser, house, told};
use crate::world::{at, number};

on_both! {
    async fn a_week_of_a_nudge_from_draft_to_measure(db: Db) {
        let world = house(db).await;
        told(&world).await;
        // The consultant reads of it in the portfolio, and follows its link.
        let portfolio = world.mails_to(ANA).pop().expect("a portfolio");
        let drafted = world.nudge().await;
        assert!(portfolio.text.contains(&drafted.text), "{}", portfolio.text);
        assert!(portfolio.text.contains(&format!("{HOME}/desk/nudges")), "{}", portfolio.text);
        let desk = browser(&world, ANA).await;
        let page = desk.get("/desk/nudges").await;
        page.is(200).says("To approve (1)").says("The northfield").says("Lee Park, who owns it").says("Ana Mendel");
        page.says("Wednesday 25 November, between 9 and 17 in Chicago").says("not updated since 30 September");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        desk.get("/desk").await.says("Nudges: 1 to approve");
        desk.get("/desk/c/northfield").await.says("1 nudge to approve");
        // Other words, then yes.
        let words = "When the next billing run starts, name one price list that wins, Lee.";
        desk.press_nudge(&drafted.id, "save", Some(words)).await.is(303);
        desk.press_nudge(&drafted.id, "approve", Some(words)).await.is(303);
        desk.get("/desk/nudges?told=approved").await.says("Approved. It goes").says("Approved by Ana Mendel");
        // Before nine it waits, at nine it goes, once.
        world.tick("2026-11-25T14:59:00Z").await;
        assert_eq!(world.notices().len(), 0);
        assert!(world.tick(WEDNESDAY).await.closes());
        world.tick("2026-11-25T15:01:00Z").await;
        let mails = world.notices();
        assert_eq!(mails.len(), 1);
        let mail = &mails[0];
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), (OWNER, "Ten minutes for The northfield"));
        assert!(mail.text.contains(words) && mail.text.contains("Ana Mendel asks this about"), "{}", mail.text);
        assert!(mail.text.contains("You get this because you own this gap at The northfield."));
        head(mail, &drafted.id);
        desk.get("/desk/nudges").await.says("no answer yet").says("not yet").says("25 November 2026");
        // The link answers; what was said moves the gap.
        let start = format!("{HOME}/a/");
        let links: Vec<&str> = mail.text.split(' ').filter(|word| word.starts_with(&start)).collect();
        assert_eq!(links.len(), 3, "{}", mail.text);
        world.clock.set(at(THURSDAY));
        let done = links.iter().find(|link| link.ends_with(&format!("/done/{GAP}"))).expect("a link");
        let reader = crate::browser::Browser::of(&world);
        reader.press(done, &[]).await.is(200).says("is in test");
        let answered = world.nudge().await;
        assert_eq!((answered.state.as_str(), answered.answered_at.is_some()), ("answered", true));
        desk.get("/desk/nudges").await.says("answered").says("moved");
        // A week later it is counted; one alone says nothing.
        world.tick("2026-12-02T15:00:00Z").await;
        assert_eq!(world.nudge().await.outcome.as_deref(), Some("moved"));
        desk.get("/desk/nudges").await.says("Your own words").says("too few to tell");
        let log = world.db.audit_log(Some("northfield"), None, 100).await.expect("a log");
        let mut acts: Vec<&str> = log.iter().map(|row| row.action.as_str()).collect();
        acts.reverse();
        assert_eq!(acts, ["nudge.edit", "nudge.approve", "gap.change", "gap.change", "gap.answer"]);
        assert!(log.iter().all(|row| row.subject == GAP));
    }

    async fn where_nobody_owns_the_gap_the_leader_is_asked(db: Db) {
        let world = house(db).await;
        for gap in ["g1", "g2", "g3"] {
            let id = world.id("unowned");
            world.put(&[back_office_brief::store::records::GapEvent {
                id,
                gap_id: format!("northfield-{gap}"),
                kind: "owner".to_owned(),
                from_value: Some("Lee Park".to_owned()),
                to_value: None,
                effective_on: "2026-10-01".to_owned(),
                recorded_at: crate::world::ms("2026-10-01T15:00:00Z"),
                ..Default::default()
            }]).await;
        }
        told(&world).await;
        let own = world.nudge().await;
        assert_eq!(own.recipient_kind.as_deref(), Some("sponsor"));
        assert_eq!(own.recipient_person_id, Some(format!("person-{LEADER}")));
        world.approve().await;
        world.tick(WEDNESDAY).await;
        let mails = world.notices();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, LEADER);
        assert!(mails[0].text.contains("because you answer for the readiness of The northfield"), "{}", mails[0].text);
        assert!(mails[0].text.contains("name one owner for"), "{}", mails[0].text);
    }

    async fn an_owner_who_reads_no_brief_is_asked_to_reply(db: Db) {
        let world = house(db).await;
        world.by_hand("UPDATE subscription SET person_id = 'person-dora.ruiz@client.example', role = 'reader' WHERE role = 'owner'").await;
        world.by_hand("INSERT INTO gap_event (id, gap_id, kind, to_value, effective_on, recorded_at, person_id) \
            SELECT 'own-' || id, id, 'owner', 'Lee Park', '2026-10-01', 1790000000000, 'person-lee.park@client.example' FROM gap").await;
        world.tick("2026-11-22T12:00:00Z").await;
        world.tick("2026-11-23T13:00:00Z").await;
        world.clock.set(at(TUESDAY));
        let all = world.nudges().await;
        let own = all.iter().find(|own| own.organization_id == "northfield").expect("a nudge");
        assert_eq!(own.recipient_person_id, Some(format!("person-{OWNER}")), "{own:?}");
        let desk = browser(&world, ANA).await;
        desk.press_nudge(&own.id, "approve", Some(&own.text)).await.is(303);
        world.tick(WEDNESDAY).await;
        let mails = world.notices();
        assert_eq!(mails.len(), 1, "{:?}", world.nudges().await);
        assert!(mails[0].text.contains("Reply to this mail: Ana Mendel reads it."), "{}", mails[0].text);
        assert!(!mails[0].text.contains("/a/"), "{}", mails[0].text);
        // What was answered by mail is said with a button.
        desk.press_nudge(&own.id, "answered", None).await.is(303);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM nudge WHERE state = 'answered'").await, 1);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action = 'nudge.answered'").await, 1);
    }

    async fn whoever_wants_no_nudges_gets_none_and_their_briefs_all_the_same(db: Db) {
        let world = house(db).await;
        told(&world).await;
        world.approve().await;
        world.tick(WEDNESDAY).await;
        let mail = world.notices().pop().expect("a nudge");
        let start = format!("{HOME}/n/");
        let header = String::from_utf8_lossy(&mail.bytes).into_owned();
        let stop = mail.text.split([' ', '<', '>']).find(|word| word.starts_with(&start)).expect("a way out").to_owned();
        assert!(header.replace("\r\n ", "").contains(&format!("<{stop}>")), "{header}");
        let reader = crate::browser::Browser::of(&world);
        reader.get(&stop).await.is(200).says("Nothing has changed yet.");
        // The one click of a mail program.
        reader.post(&stop, &[("List-Unsubscribe", "One-Click")]).await.is(200);
        world.tick("2026-11-29T12:00:00Z").await;
        let held = world.nudges().await.pop().expect("a row");
        assert_eq!((held.state.as_str(), held.why.as_deref()), ("held_back", Some("wants no nudges")));
        world.tick("2026-11-30T13:00:00Z").await;
        assert_eq!(world.mails_to(OWNER).len(), 2, "the brief comes as before");
    }
}

/// Whose it is, who is answered, and how it is known.
fn head(mail: &crate::world::mail::Mail, id: &str) {
    let message = MessageParser::default().parse(&mail.bytes).expect("a message");
    let from = message.from().and_then(|from| from.first()).expect("a sender");
    assert_eq!(from.name(), Some("Ana Mendel via Back Office Brief"));
    assert!(from.address().is_some_and(|own| own.ends_with("brief.example")), "{from:?}");
    let reply = message.reply_to().and_then(|to| to.first()).expect("who is answered");
    assert_eq!(reply.address(), Some(ANA));
    assert!(mail.message_id.starts_with(&format!("{id}@")), "{}", mail.message_id);
    for name in ["List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Auto-Submitted"] {
        assert!(!matches!(message.header(name), None | Some(HeaderValue::Empty)), "{name}");
    }
}
