//! Northfield's week: the portfolio on Sunday, the briefs on Monday, a nudge on Wednesday.

use back_office_brief::clock::new_id;
use back_office_brief::engine::nudges::{Decision, version};
use back_office_brief::store::Db;
use back_office_brief::store::audit::{Actor, Way};
use back_office_brief::store::records::Nudge;

use crate::browser::{Browser, Page};
use crate::smtp::SmtpServer;
use crate::world::{SEVEN, World, at, ms};

pub const ANA: &str = "ana.mendel@advisor.example";
pub const BEN: &str = "ben.stone@advisor.example";
pub const OPS: &str = "ops@operator.example";
pub const OWNER: &str = "lee.park@client.example";
pub const LEADER: &str = "dora.ruiz@client.example";
/// The portfolio's cut-off, 24 hours before the client's.
pub const SUNDAY: &str = "2026-11-22T12:00:00Z";
/// After the briefs, before any nudge may go.
pub const TUESDAY: &str = "2026-11-24T16:00:00Z";
/// Nine o'clock in Chicago, 49 hours after the client's cut-off.
pub const WEDNESDAY: &str = "2026-11-25T15:00:00Z";
pub const THURSDAY: &str = "2026-11-26T16:00:00Z";
/// The gap that is nudged about: the first one is what the owner's brief asks for.
pub const GAP: &str = "NORTHFIELD-G2";
pub const GAP_ID: &str = "northfield-g2";

/// The house before its week. Calder is Ana's as well, Halden is Ben's.
pub async fn house(db: Db) -> World {
    peopled(World::with(db, &[("BRIEF__DESK__OPERATORS", OPS)])).await
}

/// The same with a scripted relay.
pub async fn house_with(db: Db, server: &SmtpServer) -> World {
    let mut world = World::with(db, &[("BRIEF__DESK__OPERATORS", OPS)]);
    world.relay_is(server);
    peopled(world).await
}

async fn peopled(world: World) -> World {
    for slug in ["northfield", "halden"] {
        world.organization(slug).await;
    }
    let reads = |role: &'static str| {
        move |_: &mut _, own: &mut back_office_brief::store::records::Subscription| {
            (own.id, own.role) = (new_id(), role.to_owned());
        }
    };
    world.subscriber("northfield", OWNER, reads("owner")).await;
    world.subscriber("northfield", LEADER, reads("leader")).await;
    world.consultant(ANA, &["northfield"], |_, _| {}).await;
    world.consultant(BEN, &["halden"], |_, _| {}).await;
    world.consultant(OPS, &[], |_, _| {}).await;
    world
}

/// The house after its portfolio and its briefs, on Tuesday.
pub async fn told(world: &World) {
    world.tick(SUNDAY).await;
    assert!(world.tick(SEVEN).await.closes());
    world.clock.set(at(TUESDAY));
}

impl World {
    /// Every nudge, by its id.
    pub async fn nudges(&self) -> Vec<Nudge> {
        let sql = "SELECT id, organization_id, gap_id, consultant_person_id, recipient_person_id, text, state, created_at,
            sent_at, recipient_kind, iso_week, send_from, expires_at, drafted_text, text_key, reason, why, decided_at,
            decided_by, message_id, answered_at, outcome FROM nudge ORDER BY created_at, id";
        match &self.db {
            Db::Sqlite(pool, _) => sqlx::query_as(sql).fetch_all(pool).await.expect("rows"),
            Db::Postgres(pool, _) => sqlx::query_as(sql).fetch_all(pool).await.expect("rows"),
        }
    }

    /// Northfield's nudge of the week.
    pub async fn nudge(&self) -> Nudge {
        let all = self.nudges().await;
        let mut own = all
            .into_iter()
            .filter(|n| n.organization_id == "northfield" && n.gap_id.as_deref() == Some(GAP_ID));
        own.next_back().expect("a nudge about the second gap")
    }

    /// State, and why, of Northfield's nudge of the week.
    pub async fn stands(&self) -> (String, String) {
        let own = self.nudge().await;
        (own.state, own.why.unwrap_or_default())
    }

    /// Ana decides about it.
    pub async fn decide(&self, decision: Decision) {
        let own = self.nudge().await;
        let actor = Actor {
            person_id: Some(format!("person-{ANA}")),
            name: "Ana Mendel".to_owned(),
            way: Way::Desk,
        };
        let seen = version(&own.state, &own.text);
        self.engine.decide_nudge(&own.id, &seen, &decision, &actor).await.expect("it is decided");
    }

    /// Ana approves it as it is.
    pub async fn approve(&self) {
        self.decide(Decision::Approve(self.nudge().await.text)).await;
    }

    /// An earlier nudge that was sent.
    pub async fn earlier(&self, to: &str, gap: &str, sent_at: &str, state: &str) {
        self.put(&[Nudge {
            id: new_id(),
            organization_id: gap.split('-').next().unwrap_or_default().to_owned(),
            gap_id: Some(gap.to_owned()),
            consultant_person_id: format!("person-{ANA}"),
            recipient_person_id: Some(format!("person-{to}")),
            text: "When finance meets, name one deputy.".to_owned(),
            state: state.to_owned(),
            created_at: ms(sent_at),
            sent_at: Some(ms(sent_at)),
            outcome: Some("still".to_owned()),
            ..Nudge::default()
        }])
        .await;
    }
}

/// A browser in which somebody is signed in.
pub async fn browser(world: &World, email: &str) -> Browser {
    let browser = Browser::of(world);
    browser.sign_in(world, email).await;
    browser
}

impl Browser {
    /// Presses a button of a nudge as the page shows it, with these words where it has some.
    pub async fn press_nudge(&self, id: &str, what: &str, text: Option<&str>) -> Page {
        let page = self.get("/desk/nudges").await;
        page.is(200);
        let at =
            page.text.find(&format!("name=\"nudge\" value=\"{id}\"")).expect("the nudge is shown");
        let form = &page.text[at..];
        let rest = &form[form.find("name=\"version\" value=\"").expect("a version") + 22..];
        let seen = rest[..rest.find('"').expect("an end")].to_owned();
        let mark = page.field("mark");
        let mut fields =
            vec![("mark", mark.as_str()), ("nudge", id), ("version", seen.as_str()), ("do", what)];
        fields.extend(text.map(|text| ("text", text)));
        self.post("/desk/nudges", &fields).await
    }
}
