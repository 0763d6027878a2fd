//! Each answer, from the link in a delivered brief to what follows from it.

use back_office_brief::domain::codes::GapStatus;
use back_office_brief::store::Db;
use back_office_brief::store::records::Nudge;

use crate::on_both;
use crate::scene::{CONSULTANT, FIRST, LEADER, OTHER, OWNER, answer_link, told};
use crate::world::{RECORDED, SEVEN, World, ms, number};

on_both! {
    async fn done_is_in_test_and_not_closed(db: Db) {
        let (world, browser) = told(db).await;
        let link = answer_link(&world.brief_to(OWNER), "done", FIRST);
        let page = browser.get(&link).await;
        page.is(200).says("Price list g1 disagrees: is it done?").says("about $200 a week").says("Lee Park");
        page.says("Ana Mendel sees your answer").says("Nothing has changed yet.").says("in test");
        assert_eq!(world.stands(FIRST).await.status, GapStatus::Open);
        browser.press(&link, &[]).await.is(200).says("Price list g1 disagrees is in test");
        let gap = world.stands(FIRST).await;
        assert_eq!(gap.status, GapStatus::Verifying);
        assert_eq!(gap.owner.as_deref(), Some("Lee Park"));
        let moves = ["Lee Park | status | in_progress", "Lee Park | status | verifying"];
        assert_eq!(world.history(FIRST).await, moves);
        assert_eq!(world.answers().await, [("done".to_owned(), String::new())]);
        assert_eq!(world.stands(FIRST).await.answers.len(), 1, "the consultant sees it at the gap");
        let log = world.log().await;
        let actions: Vec<&str> = log.iter().map(|row| row.action.as_str()).collect();
        assert_eq!(actions, ["gap.change", "gap.change", "gap.answer"]);
        assert!(log.iter().all(|row| row.way == "mail" && row.actor == "Lee Park" && row.subject == FIRST));
        // Somebody else closes it; the next brief says where it is.
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        let next = world.brief_to(LEADER);
        assert!(next.text.contains("In test: price list g1 disagrees"), "{}", next.text);
    }

    async fn said_twice_it_counts_once(db: Db) {
        let (world, browser) = told(db).await;
        let link = answer_link(&world.brief_to(OWNER), "done", FIRST);
        let mark = browser.get(&link).await.field("mark");
        browser.post(&link, &[("mark", &mark)]).await.is(200);
        let before = world.written().await;
        for _ in 0..3 {
            browser.post(&link, &[("mark", &mark)]).await.is(200).says("you said that it is done");
            browser.get(&link).await.is(200).says("That was on 23 November 2026.").says("It counts once");
        }
        // Nor does it count again once the consultant has taken it back.
        world.happens("acme", "g1", "status", "open", "2026-11-23T14:00:00Z").await;
        browser.post(&link, &[("mark", &mark)]).await.is(200).says("It is open now");
        assert_eq!(world.written().await, [before[0], before[1] + 1, before[2], before[3]]);
        assert_eq!(world.stands(FIRST).await.status, GapStatus::Open);
    }

    async fn pressed_by_many_at_once_it_counts_once(db: Db) {
        let (world, browser) = told(db).await;
        let link = answer_link(&world.brief_to(OWNER), "blocked", FIRST);
        let mark = browser.get(&link).await.field("mark");
        let fields = [("mark", mark.as_str()), ("text", "No data yet.")];
        let all = [(); 6].map(|()| browser.post(&link, &fields));
        let [a, b, c, d, e, f] = all;
        let pages = tokio::join!(a, b, c, d, e, f);
        for page in [pages.0, pages.1, pages.2, pages.3, pages.4, pages.5] {
            page.is(200).says("noted as blocked");
        }
        assert_eq!(world.history(FIRST).await, ["Lee Park | note | Blocked: No data yet."]);
        assert_eq!(world.answers().await.len(), 1);
    }

    async fn blocked_is_a_note_and_may_be_put_otherwise(db: Db) {
        let (world, browser) = told(db).await;
        let link = answer_link(&world.brief_to(OWNER), "blocked", FIRST);
        browser.get(&link).await.is(200).says("what blocks it?").says("which stays open.");
        browser.press(&link, &[("text", " Finance has not\nanswered. ")]).await.is(200).says("noted as blocked");
        assert_eq!(world.stands(FIRST).await.status, GapStatus::Open);
        let first = "Lee Park | note | Blocked: Finance has not\nanswered.";
        assert_eq!(world.history(FIRST).await, [first]);
        let again = browser.get(&link).await;
        again.is(200).says("You said so on 23 November 2026. It can be changed.").says("Finance has not");
        // The same words change nothing.
        let before = world.written().await;
        let same = browser.press(&link, &[("text", "Finance has not\r\nanswered.")]).await;
        same.is(200).says("You said so already, and it counts once.");
        assert_eq!(world.written().await, before);
        // A consultant has seen it; then it is put otherwise, and waits again.
        let waiting = world.engine.answers_waiting(Some(&["acme"])).await.unwrap();
        let actor = back_office_brief::store::audit::Actor {
            person_id: None,
            name: "Ana Mendel".to_owned(),
            way: back_office_brief::store::audit::Way::Desk,
        };
        assert!(world.engine.answer_seen("acme", &waiting[0].id, &actor).await.unwrap());
        browser.get(&link).await.says("Ana Mendel has seen it.");
        browser.press(&link, &[("text", "Finance said no.")]).await.is(200);
        assert_eq!(world.answers().await, [("blocked".to_owned(), "Finance said no.".to_owned())]);
        assert_eq!(world.history(FIRST).await, [first, "Lee Park | note | Blocked: Finance said no."]);
        // Without words it is as true.
        browser.press(&answer_link(&world.brief_to(OWNER), "blocked", "ACME-G2"), &[]).await.is(200);
        assert_eq!(world.history("ACME-G2").await, ["Lee Park | note | Blocked."]);
    }

    async fn not_mine_leaves_the_owner_until_it_is_settled(db: Db) {
        let (world, browser) = told(db).await;
        let link = answer_link(&world.brief_to(OWNER), "not-mine", FIRST);
        browser.get(&link).await.is(200).says("whose is it?").says("Until that is settled its owner stays.");
        browser.press(&link, &[("text", "Kim took it over in May.")]).await.is(200).says("noted as not yours");
        let gap = world.stands(FIRST).await;
        assert_eq!((gap.owner.as_deref(), gap.status), (Some("Lee Park"), GapStatus::Open));
        assert_eq!(world.history(FIRST).await, ["Lee Park | note | Not mine: Kim took it over in May."]);
        assert_eq!(world.answers().await, [("not_mine".to_owned(), "Kim took it over in May.".to_owned())]);
    }

    async fn a_leader_corrects_a_number_in_words(db: Db) {
        let (world, browser) = told(db).await;
        let link = answer_link(&world.brief_to(LEADER), "correct", FIRST);
        let page = browser.get(&link).await;
        page.is(200).says("what is the right number?").says("Is it another number?");
        page.says("Price list g2 disagrees, $200").says("Price list g3 disagrees, $200");
        // Without a number there is nothing to correct; what was typed stays.
        browser.press(&link, &[("text", "   ")]).await.is(422).says("Type the right number");
        let long = format!("It is 150, {}", "x".repeat(500));
        let page = browser.press(&link, &[("text", &long)]).await;
        page.is(422).says("This has 511 characters; at most 500 fit.").says("It is 150, xxx");
        assert_eq!(world.written().await[0], 0);
        let text = "150 a week: half of the hours are gone since May.";
        browser.press(&link, &[("text", text)]).await.is(200).says("checks the number");
        assert_eq!(world.answers().await, [("correct".to_owned(), text.to_owned())]);
        assert!(world.history(FIRST).await.is_empty(), "the figure is the consultant's to change");
        assert_eq!(world.stands(FIRST).await.price.unwrap().per_week.likely, 20_000);
        // Another number of the same mail.
        let other = link.replace(FIRST, OTHER);
        assert!(page.text.contains(&other.replace("http://127.0.0.1:8080", "")), "{}", page.text);
        browser.press(&other, &[("text", "It is 20.")]).await.is(200);
        assert_eq!(world.answers().await.len(), 2);
    }

    async fn a_leader_answers_at_the_action_and_may_choose_there(db: Db) {
        let (world, browser) = told(db).await;
        let mail = world.brief_to(LEADER);
        let link = answer_link(&mail, "done", FIRST);
        assert!(mail.text.contains("Done, blocked or not mine:"), "{}", mail.text);
        let page = browser.get(&link).await;
        for (label, kind) in [("It is blocked", "blocked"), ("It is not mine", "not-mine"), ("Its number is wrong", "correct")] {
            let path = link.replace("/done/", &format!("/{kind}/")).replace("http://127.0.0.1:8080", "");
            assert!(page.text.contains(&format!("<a href=\"{path}\">{label}</a>")), "{}", page.text);
        }
        let blocked = link.replace("/done/", "/blocked/");
        browser.press(&blocked, &[("text", "Waits for the board.")]).await.is(200);
        assert_eq!(world.history(FIRST).await, ["Anna Berg | note | Blocked: Waits for the board."]);
        // Blocked last week is done now: another answer of the same mail.
        browser.press(&link, &[]).await.is(200);
        assert_eq!(world.stands(FIRST).await.status, GapStatus::Verifying);
        assert_eq!(world.answers().await.len(), 2);
        // And who comes later finds that it was said.
        let owner = answer_link(&world.brief_to(OWNER), "done", FIRST);
        browser.get(&owner).await.is(200).says("is in test already").says("Somebody said on 23 November 2026");
    }

    async fn a_nudge_about_the_gap_got_its_answer(db: Db) {
        let (world, browser) = told(db).await;
        let nudge = |id: &str, gap: &str, to: &str, state: &str| Nudge {
            id: id.to_owned(),
            organization_id: "acme".to_owned(),
            gap_id: Some(gap.to_owned()),
            consultant_person_id: format!("person-{CONSULTANT}"),
            recipient_person_id: Some(format!("person-{to}")),
            text: "When you open the stand-up, name one owner.".to_owned(),
            state: state.to_owned(),
            created_at: ms(SEVEN),
            sent_at: (state == "sent").then(|| ms(SEVEN)),
            ..Nudge::default()
        };
        world.put(&[
            nudge("n1", "acme-g1", OWNER, "sent"),
            nudge("n2", "acme-g1", OWNER, "drafted"),
            nudge("n3", "acme-g2", OWNER, "sent"),
            nudge("n4", "acme-g1", LEADER, "sent"),
        ]).await;
        browser.press(&answer_link(&world.brief_to(OWNER), "blocked", FIRST), &[]).await.is(200);
        assert_eq!(answered(&world).await, 1);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM nudge WHERE id = 'n1' AND state = 'answered'").await, 1);
    }

    async fn six_gaps_of_long_ids_keep_the_mail_small(db: Db) {
        let world = World::with(db, &[("BRIEF__WEB__PUBLIC_URL", "http://127.0.0.1:8080/a/path/of/some/length/behind/a/proxy")]);
        world.organization_like("acme", 0, RECORDED, |_| {}).await;
        let names: Vec<String> = (0..8).map(|n| format!("g{n}-{}", "long".repeat(40))).collect();
        world.gaps("acme", &names, RECORDED).await;
        world.subscriber("acme", OWNER, |_, s| s.role = "owner".to_owned()).await;
        assert!(world.tick(SEVEN).await.closes());
        let mail = world.brief_to(OWNER);
        let message = mail_parser::MessageParser::default().parse(&mail.bytes).unwrap();
        let html = message.body_html(0).unwrap();
        assert_eq!(html.matches("/not-mine/").count(), 4, "as many as the words of a first week allow");
        assert!(html.len() < 30_000, "{} bytes", html.len());
        let text = message.body_text(0).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= 72 || line.contains("http://")), "{text}");
    }

    async fn a_page_costs_the_same_however_many_gaps_there_are(db: Db) {
        let (world, browser) = told(db).await;
        let few = world.signed(LEADER).await;
        let count = async |url: &str| {
            let before = world.db.queries();
            browser.get(url).await.is(200);
            world.db.queries() - before
        };
        let small = count(&format!("{few}/correct/{FIRST}")).await;
        let names: Vec<String> = (10..70).map(|n| format!("g{n}")).collect();
        world.gaps("acme", &names, "2026-11-25T12:00:00Z").await;
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        let mail = world.brief_to(LEADER);
        let number = crate::scene::answer_links(&mail).into_iter().find(|link| link.contains("/correct/")).unwrap();
        let page = browser.get(&number).await;
        assert_eq!(count(&number).await, small);
        assert!(page.text.len() < 100_000 && page.text.matches("<li>").count() == 12, "{}", page.text.len());
        assert_eq!(page.text.matches("<h1").count(), 1);
        assert!(page.text.contains("<label for=\"text\">") && page.text.contains("<textarea id=\"text\""));
    }

    async fn the_web_copy_has_the_same_links_and_the_pages_do_what_they_say(db: Db) {
        let (world, browser) = told(db).await;
        let mail = world.brief_to(OWNER);
        let copy = browser.get(&crate::browser::link(&mail, "w")).await;
        for link in crate::scene::answer_links(&mail) {
            assert!(copy.text.contains(&format!("href=\"{link}\"")), "{link}");
        }
        assert_eq!(crate::scene::answer_links(&mail).len(), 6, "three for each of two gaps");
    }
}

async fn answered(world: &World) -> i64 {
    number(&world.db, "SELECT COUNT(*) FROM nudge WHERE state = 'answered'").await
}
