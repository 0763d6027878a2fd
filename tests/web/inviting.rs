//! Invitations: one mail, and nothing before it is confirmed.

use back_office_brief::domain::codes::{QuietChoice, Role};
use back_office_brief::store::Db;
use back_office_brief::store::confirmations::Asked;
use back_office_brief::store::confirmations::Wanted;

use crate::browser::{Browser, header, link};
use crate::on_both;
use crate::world::{SEVEN, World, at};

const CFO: &str = "cfo@client.example";

fn invitation(role: Role, organization: Option<&str>) -> Wanted {
    Wanted {
        email: CFO.parse().unwrap(),
        name: None,
        role,
        organization: organization.map(str::to_owned),
        slot: Some((1, 7)),
        quiet: QuietChoice::Line,
    }
}

on_both! {
    async fn an_invitation_is_accepted_before_anything_is_sent(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.clock.set(at("2026-11-18T12:00:00Z"));
        let now = at("2026-11-18T12:00:00Z");
        let asked = world.engine.invite(invitation(Role::Leader, Some("acme")), now).await.unwrap();
        assert_eq!(asked, Asked::WillAsk);
        assert_eq!(world.engine.send_confirmations(now).await.unwrap(), 1);
        let mail = world.notices().remove(0);
        assert_eq!(mail.subject, "Confirm the weekly brief of The acme");
        assert!(mail.text.contains("You are invited to a weekly brief") && mail.text.contains("until 2 December 2026"), "{}", mail.text);
        assert!(header(&mail, "List-Unsubscribe-Post").is_some(), "who does not want it says so once");
        assert!(world.tick(SEVEN).await.closes());
        assert!(world.mails().is_empty());
        let browser = Browser::of(&world);
        browser.get(&link(&mail, "confirm")).await.is(200).says("It would be sent to cfo@client.example");
        browser.press(&link(&mail, "confirm"), &[]).await.is(200).says("on Mondays at 07:00");
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        assert_eq!(world.mails_to(CFO).len(), 1);
        let known = world.engine.invite(invitation(Role::Leader, Some("acme")), now).await.unwrap();
        assert_eq!(known, Asked::Known);
    }

    async fn what_a_sender_says_too_late_takes_nothing_from_the_next_one(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        let now = at("2026-11-18T12:00:00Z");
        let (over, later) = (at("2026-11-18T12:15:00Z"), at("2026-11-18T12:16:00Z"));
        world.engine.invite(invitation(Role::Leader, Some("acme")), now).await.unwrap();
        let first = world.db.confirmations_due(now, 10).await.unwrap().remove(0);
        assert!(world.db.claim_confirmation(&first, Some("first"), now, over).await.unwrap());
        assert!(world.db.confirmations_due(now, 10).await.unwrap().is_empty(), "it is being sent");
        let second = world.db.confirmations_due(later, 10).await.unwrap().remove(0);
        assert!(world.db.claim_confirmation(&second, Some("second"), later, at("2026-11-18T12:31:00Z")).await.unwrap());
        assert!(!world.db.claim_confirmation(&first, Some("third"), later, later).await.unwrap());
        // Whatever became of the first mail, the link in the second one works and its mail is not done.
        world.db.retry_confirmation(&first, later).await.unwrap();
        world.db.close_confirmation(&first, "refused", later).await.unwrap();
        world.db.confirmation_mailed(&first, later).await.unwrap();
        assert!(world.db.confirmation("second").await.unwrap().is_some_and(|found| found.is_open(later)));
        assert_eq!(world.db.confirmations_due(at("2026-11-18T12:31:00Z"), 10).await.unwrap().len(), 1);
    }

    async fn who_declines_is_not_asked_again(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        let now = at("2026-11-18T12:00:00Z");
        world.clock.set(now);
        world.engine.invite(invitation(Role::Owner, Some("acme")), now).await.unwrap();
        world.engine.send_confirmations(now).await.unwrap();
        let mail = world.notices().remove(0);
        let browser = Browser::of(&world);
        browser.one_click(&link(&mail, "u")).await.is(200);
        let again = world.engine.invite(invitation(Role::Owner, Some("acme")), now).await.unwrap();
        assert_eq!(again, Asked::HadLeft);
        assert_eq!(world.engine.send_confirmations(now).await.unwrap(), 0);
        // The same mail is also the way back.
        browser.press(&link(&mail, "confirm"), &[]).await.is(200).says("You are on the list");
    }

    async fn a_role_has_its_organization_or_none(db: Db) {
        let world = World::on(db);
        let now = at("2026-11-18T12:00:00Z");
        let without = world.engine.invite(invitation(Role::Leader, None), now).await.unwrap_err();
        assert!(without.to_string().contains("organization"), "{without}");
        let nowhere = world.engine.invite(invitation(Role::Leader, Some("nowhere")), now).await.unwrap_err();
        assert!(nowhere.to_string().contains("nowhere"), "{nowhere}");
        assert_eq!(world.rows("confirmation").await, 0);
        let portfolio = Wanted { slot: None, ..invitation(Role::Consultant, None) };
        assert_eq!(world.engine.invite(portfolio, now).await.unwrap(), Asked::WillAsk);
    }

    async fn who_was_here_before_is_not_forgotten_because_an_invitation_lapsed(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        let now = at("2026-11-18T12:00:00Z");
        world.clock.set(now);
        world.engine.invite(invitation(Role::Leader, Some("acme")), now).await.unwrap();
        world.tick("2026-12-20T12:00:00Z").await;
        assert_eq!(world.rows("person").await, 1);
    }
}
