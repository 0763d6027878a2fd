//! A week in which everybody got their brief, and what can be read of it afterwards.

use back_office_brief::clock::new_id;
use back_office_brief::engine::register::GapView;
use back_office_brief::secrets::{Keyring, Purpose, Subject};
use back_office_brief::store::Db;
use back_office_brief::store::records::Audit;

use crate::browser::{Browser, HOME};
use crate::world::mail::Mail;
use crate::world::{SEVEN, World, at, number};

pub const LEADER: &str = "anna.berg@client.example";
pub const OWNER: &str = "lee.park@client.example";
pub const READER: &str = "rita.reader@client.example";
pub const CONSULTANT: &str = "ana.mendel@advisor.example";
/// Lee Park's, and the one that the leader's action is about.
pub const FIRST: &str = "ACME-G1";
/// Kim Vale's.
pub const OTHER: &str = "ACME-G3";

/// A world before its Monday: three gaps, one of them another's, and somebody of each role.
pub async fn peopled(db: Db) -> World {
    let world = World::with(db, &[("BRIEF__DESK__OPERATORS", "ops@operator.example")]);
    world.organization("acme").await;
    world.happens("acme", "g3", "owner", "Kim Vale", "2026-11-02T12:00:00Z").await;
    // The links of a list are made for ids as the program gives them.
    world.subscriber("acme", LEADER, |_, s| s.id = new_id()).await;
    world.subscriber("acme", OWNER, |_, s| (s.id, s.role) = (new_id(), "owner".to_owned())).await;
    world.subscriber("acme", READER, |_, s| s.role = "reader".to_owned()).await;
    world.consultant(CONSULTANT, &["acme"], |_, _| {}).await;
    world
}

/// The same after it.
pub async fn told(db: Db) -> (World, Browser) {
    let world = peopled(db).await;
    assert!(world.tick(SEVEN).await.closes());
    let browser = Browser::of(&world);
    (world, browser)
}

/// Every answer link of a mail's text, in order.
pub fn answer_links(mail: &Mail) -> Vec<String> {
    let start = format!("{HOME}/a/");
    mail.text.split(' ').filter(|word| word.starts_with(&start)).map(str::to_owned).collect()
}

/// The link of a mail that answers so for a gap.
pub fn answer_link(mail: &Mail, kind: &str, gap: &str) -> String {
    let end = format!("/{kind}/{gap}");
    let mut all = answer_links(mail).into_iter();
    all.find(|link| link.ends_with(&end)).unwrap_or_else(|| panic!("no {end} in {}", mail.text))
}

impl World {
    /// The brief of the week to an address.
    pub fn brief_to(&self, email: &str) -> Mail {
        self.mails_to(email).pop().unwrap_or_else(|| panic!("no mail to {email}"))
    }

    /// A gap as it stands.
    pub async fn stands(&self, gap: &str) -> GapView {
        self.engine.gap("acme", gap).await.expect("a gap")
    }

    /// Who said what about a gap in its history, the oldest first: actor, kind, value, words.
    pub async fn history(&self, gap: &str) -> Vec<String> {
        let view = self.stands(gap).await;
        let told = view.history.iter().rev().filter(|event| event.actor.is_some());
        told.map(|event| {
            let words = [
                event.actor.clone(),
                Some(event.kind.to_string()),
                event.to.clone(),
                event.note.clone(),
            ];
            words.into_iter().flatten().collect::<Vec<_>>().join(" | ")
        })
        .collect()
    }

    /// The audit log of the organization, the oldest first.
    pub async fn log(&self) -> Vec<Audit> {
        let mut rows = self.db.audit_log(Some("acme"), None, 1_000).await.expect("a log");
        rows.reverse();
        rows
    }

    /// Kind and words of each answer that waits.
    pub async fn answers(&self) -> Vec<(String, String)> {
        let waiting = self.engine.answers_waiting::<&str>(None).await.expect("a list");
        waiting.into_iter().map(|answer| (answer.kind, answer.text)).collect()
    }

    /// How much was ever written by answering.
    pub async fn written(&self) -> [i64; 4] {
        [
            number(&self.db, "SELECT COUNT(*) FROM answer").await,
            number(&self.db, "SELECT COUNT(*) FROM gap_event").await,
            number(&self.db, "SELECT COUNT(*) FROM audit").await,
            number(&self.db, "SELECT COUNT(*) FROM answer WHERE seen_at IS NULL").await,
        ]
    }

    /// What answer links of the delivery to an address begin with, signed as the program signs them.
    pub async fn signed(&self, email: &str) -> String {
        let delivery = self.delivery(email, "2026-W48").await.id;
        let subject = Subject::parse(&delivery).expect("an id of ours");
        let keys = Keyring::open(&self.settings.secrets.dir).expect("keys");
        let token = keys.sign(Purpose::Answer, subject, Some(at("2026-12-21T00:00:00Z")));
        format!("{HOME}/a/{token}")
    }
}
