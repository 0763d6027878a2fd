//! "Send me this as a test": to whom, how often, and what is said of the relay's answer.

use back_office_brief::domain::address::EmailAddress;
use back_office_brief::store::Db;

use crate::desk::{ANA, Who, ana, browser, world};
use crate::html::faults;
use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{World, at, number};

const PREVIEW: &str = "/desk/c/northfield/preview";

/// The house with a relay.
async fn with_relay(db: Db, script: Script) -> (World, SmtpServer) {
    let mut world = world(db).await;
    let relay = SmtpServer::start(script).await;
    world.relay_is(&relay);
    (world, relay)
}

on_both! {
    async fn a_test_goes_to_whoever_looks_at_it(db: Db) {
        let (world, relay) = with_relay(db, Script::new()).await;
        let browser = ana(&world).await;
        let page = browser.fill(PREVIEW, &[("do", "test"), ("as", "reader"), ("date", "2026-11-16"), ("to", "victim@client.example")]).await;
        page.is(200).says("The relay took").says(ANA);
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let mails = relay.mails();
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, ANA), "no other address is taken from a consultant");
        assert!(mails[0].subject.starts_with("[Test] "), "{}", mails[0].subject);
        assert!(mails[0].text.contains("preview-to-nobody-on-a-list") && mails[0].text.contains("16 November 2026"), "{}", mails[0].text);
        let rows = world.db.audit_log(Some("northfield"), None, 10).await.unwrap();
        let told: Vec<_> = rows.iter().map(|row| (row.action.as_str(), row.actor.as_str())).collect();
        assert_eq!(told, [("test.outcome", "Ana Mendel"), ("test.send", "Ana Mendel")]);
        assert!(rows[0].detail.contains("accepted") && rows[0].detail.contains("2026-11-16"), "{}", rows[0].detail);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM delivery").await + number(&world.db, "SELECT COUNT(*) FROM edition").await, 0);
        browser.fill("/desk/preview", &[("do", "test")]).await.is(200).says("The relay took");
        assert_eq!(relay.mails().len(), 2);
    }

    async fn the_operator_may_name_an_address(db: Db) {
        let (world, relay) = with_relay(db, Script::new()).await;
        let operator = browser(&world, Who::Operator).await;
        operator.fill(PREVIEW, &[("do", "test"), ("to", "qa@operator.example")]).await.is(200).says("qa@operator.example");
        operator.fill(PREVIEW, &[("do", "test"), ("to", "")]).await.is(200).says("The relay took");
        for wrong in ["nobody", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "<script>@b.example"] {
            let page = operator.fill(PREVIEW, &[("do", "test"), ("to", wrong)]).await;
            page.is(422);
            assert!(!page.text.contains("<script"), "{}", page.text);
            assert_eq!(faults(&page.text), Vec::<String>::new(), "{wrong}");
        }
        let to: Vec<String> = relay.mails().into_iter().map(|own| own.to).collect();
        assert_eq!(to, ["qa@operator.example", "ops@operator.example"]);
    }

    async fn what_the_relay_answers_is_told(db: Db) {
        let (mut world, relay) = with_relay(db, Script::new().at(At::Rcpt, "", Act::reply("550 5.1.1 no such <b>user"))).await;
        let browser = ana(&world).await;
        let refused = browser.fill(PREVIEW, &[("do", "test")]).await;
        refused.is(200).says("The relay refused the test mail at rcpt: 550 5.1.1 no such &#60;b&#62;user");
        relay.now_plays(Script::new().at(At::Dot, "", Act::Close));
        browser.fill(PREVIEW, &[("do", "test")]).await.is(200).says("The relay gave no answer after the whole mail").says("it may have arrived");
        world.relay_is_at("smtp://127.0.0.1:1");
        let browser = ana(&world).await;
        browser.fill(PREVIEW, &[("do", "test")]).await.is(200).says("The test mail was not sent");
        let outcomes = world.db.audit_log(Some("northfield"), None, 20).await.unwrap();
        let outcomes: Vec<_> = outcomes.iter().filter(|row| row.action == "test.outcome").collect();
        for (row, word) in outcomes.iter().zip(["not_sent", "unknown", "refused"]) {
            assert!(row.detail.contains(word), "{}", row.detail);
        }
        assert_eq!(outcomes.len(), 3);
    }

    async fn ten_an_hour_are_the_most(db: Db) {
        let (world, relay) = with_relay(db, Script::new()).await;
        let browser_of_ana = ana(&world).await;
        for _ in 0..10 {
            browser_of_ana.fill(PREVIEW, &[("do", "test")]).await.is(200);
        }
        let page = browser_of_ana.fill(PREVIEW, &[("do", "test")]).await;
        page.is(429).says("Nothing was sent: ten tests an hour are the most. The next one can be sent from Wednesday 25 November, 11:00 on.");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        browser_of_ana.fill("/desk/preview", &[("do", "test")]).await.is(429);
        assert_eq!(relay.mails().len(), 10);
        // Each person has their own.
        browser(&world, Who::Operator).await.fill(PREVIEW, &[("do", "test")]).await.is(200);
        world.clock.set(at("2026-11-25T17:00:00Z"));
        browser_of_ana.fill(PREVIEW, &[("do", "test")]).await.is(200);
        assert_eq!(relay.mails().len(), 12);
    }

    async fn the_emergency_stop_stops_tests(db: Db) {
        let (world, relay) = with_relay(db, Script::new()).await;
        world.db.pause("wrong <figures>", at(crate::desk::NOW)).await.unwrap();
        let browser = ana(&world).await;
        browser.fill(PREVIEW, &[("do", "test")]).await.is(409).says("Nothing is sent: delivery is stopped (wrong &#60;figures&#62;).");
        world.db.resume().await.unwrap();
        let own = EmailAddress::parse(ANA).unwrap();
        world.db.suppress_by_hand(&own, "hard_bounce".parse().unwrap(), None, 1, None).await.unwrap();
        browser.fill(PREVIEW, &[("do", "test")]).await.is(409).says("on the list of those that get no mail");
        assert_eq!((relay.mails().len(), number(&world.db, "SELECT COUNT(*) FROM audit").await), (0, 0));
        // Looking at something that is not there sends nothing.
        browser.fill(&format!("{PREVIEW}?date=2026-11-16"), &[("do", "test"), ("date", "2026-01-05")]).await.is(200).says("Nothing was recorded");
        assert_eq!(relay.mails().len(), 0);
    }
}
