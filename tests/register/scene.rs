//! One client of a consultant, another organization beside it, and a Tuesday.

use back_office_brief::domain::codes::{Area, Category};
use back_office_brief::domain::register::ask::{Evidence, GapChange, NewGap, Owner};
use back_office_brief::engine::register::{GapView, RegisterError, Written};
use back_office_brief::store::Db;
use back_office_brief::store::audit::{Actor, Way};
use back_office_brief::store::records::Audit;
use jiff::civil::Date;

use crate::world::{World, at};

/// Tuesday in week 47, nine in the morning in Chicago.
pub const TUESDAY: &str = "2026-11-17T15:00:00Z";

/// Acme with three open gaps of Lee Park (ACME-G1 to G3, severity 3, 200.00 a week each), with Mendel as
/// its consultant; Other with one gap; Park as a leader of Acme whose person is known.
pub async fn scene(db: Db) -> World {
    scene_with(db, &[]).await
}

/// The same with settings as the environment gives them.
pub async fn scene_with(db: Db, settings: &[(&str, &str)]) -> World {
    let world = World::with(db, settings);
    world.organization("acme").await;
    world.organization_like("other", 1, crate::world::RECORDED, |_| {}).await;
    world
        .consultant("mendel@advisor.example", &["acme"], |p, _| p.name = "A. Mendel".to_owned())
        .await;
    world.subscriber("acme", "lee.park@client.example", |_, _| {}).await;
    world.subscriber("acme", "osei@client.example", |p, _| p.name = "P. Osei".to_owned()).await;
    world.clock.set(at(TUESDAY));
    world
}

/// Somebody at the desk.
pub fn actor(email: &str, name: &str) -> Actor {
    Actor { person_id: Some(format!("person-{email}")), name: name.to_owned(), way: Way::Desk }
}

/// The consultant.
pub fn mendel() -> Actor {
    actor("mendel@advisor.example", "A. Mendel")
}

/// Somebody of Acme who owns nothing.
pub fn osei() -> Actor {
    actor("osei@client.example", "P. Osei")
}

/// A day.
pub fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// A gap to be added, of severity 3.
pub fn gap(title: &str) -> NewGap {
    NewGap::new(Area::Billing, Category::NoSource, 3, title)
}

/// An owner by name and address.
pub fn owner(name: &str, email: Option<&str>) -> Owner {
    Owner { name: name.to_owned(), email: email.map(str::to_owned) }
}

/// What was shown.
pub fn evidence(text: &str) -> Option<Evidence> {
    Some(Evidence { text: text.to_owned(), url: None })
}

/// Fields and sentences of what was refused.
pub fn refusals(
    result: Result<Written, RegisterError>,
) -> Vec<(Option<usize>, &'static str, String)> {
    match result {
        Err(RegisterError::Refused(refusals)) => {
            refusals.0.into_iter().map(|r| (r.entry, r.field, r.problem)).collect()
        }
        other => panic!("it should be refused: {other:?}"),
    }
}

/// The one field that was refused, with its sentence.
pub fn refusal(result: Result<Written, RegisterError>) -> (&'static str, String) {
    let mut all = refusals(result);
    assert_eq!(all.len(), 1, "{all:?}");
    let (_, field, problem) = all.remove(0);
    (field, problem)
}

impl World {
    /// Changes a gap of Acme, which must be taken.
    pub async fn changes(&self, gap: &str, change: GapChange, actor: &Actor) -> Written {
        self.engine.change_gap("acme", gap, &change, actor).await.expect("it is taken")
    }

    /// A gap of Acme.
    pub async fn sees(&self, gap: &str) -> GapView {
        self.engine.gap("acme", gap).await.expect("a gap")
    }

    /// The audit log of Acme, newest first.
    pub async fn log(&self) -> Vec<Audit> {
        self.db.audit_log(Some("acme"), None, 1_000).await.expect("a log")
    }

    /// How many rows people write into there are: nothing may be left of what was refused.
    pub async fn rows(&self) -> i64 {
        crate::world::number(
            &self.db,
            "SELECT CAST((SELECT COUNT(*) FROM gap) + (SELECT COUNT(*) FROM gap_event) + (SELECT COUNT(*) FROM exposure) \
             + (SELECT COUNT(*) FROM assessment) + (SELECT COUNT(*) FROM assessment_answer) + (SELECT COUNT(*) FROM session) \
             + (SELECT COUNT(*) FROM promise) + (SELECT COUNT(*) FROM implementation) + (SELECT COUNT(*) FROM person) \
             + (SELECT COUNT(*) FROM implementation_event) + (SELECT COUNT(*) FROM implementation_area) \
             + (SELECT COUNT(*) FROM audit) AS BIGINT)",
        )
        .await
    }
}
