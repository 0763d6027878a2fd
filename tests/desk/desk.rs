//! A small house: two clients of one consultant, one of another, and everybody who could open a page.

use back_office_brief::store::Db;

use crate::browser::{Browser, Page};
use crate::world::{World, at, ms};

/// Two days after the Monday of week 48, at ten in Chicago.
pub const NOW: &str = "2026-11-25T16:00:00Z";
pub const ANA: &str = "ana.mendel@advisor.example";
pub const BEN: &str = "ben.stone@advisor.example";
pub const OPS: &str = "ops@operator.example";

/// Who opens a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Nobody is signed in.
    SignedOut,
    /// Leads Northfield.
    Leader,
    /// Owns gaps at Northfield.
    Owner,
    /// Reads about Northfield.
    Reader,
    /// Ana, who looks after Northfield and Calder.
    Consultant,
    /// Ben, who looks after Halden alone.
    Stranger,
    /// Runs the service.
    Operator,
}

impl Who {
    pub const ALL: [Self; 7] = [
        Self::SignedOut,
        Self::Leader,
        Self::Owner,
        Self::Reader,
        Self::Consultant,
        Self::Stranger,
        Self::Operator,
    ];

    const fn email(self) -> &'static str {
        match self {
            Self::SignedOut => "",
            Self::Leader => "lee.park@client.example",
            Self::Owner => "dora.ruiz@client.example",
            Self::Reader => "rob.reed@client.example",
            Self::Consultant => ANA,
            Self::Stranger => BEN,
            Self::Operator => OPS,
        }
    }
}

/// Northfield and Calder are Ana's, Halden is Ben's. The last brief was on Monday.
pub async fn world(db: Db) -> World {
    let world = World::with(db, &[("BRIEF__DESK__OPERATORS", OPS)]);
    for slug in ["northfield", "calder", "halden"] {
        world.organization(slug).await;
        backed(&world, slug).await;
    }
    for (email, role) in [
        ("lee.park@client.example", "leader"),
        ("dora.ruiz@client.example", "owner"),
        ("rob.reed@client.example", "reader"),
    ] {
        world.subscriber("northfield", email, |_, own| own.role = role.to_owned()).await;
    }
    world.consultant(ANA, &["northfield", "calder"], |_, _| {}).await;
    world.consultant(BEN, &["halden"], |_, _| {}).await;
    world.consultant(OPS, &[], |_, _| {}).await;
    world.clock.set(at(NOW));
    world
}

/// A look at billing of which every level passes but one, which its gap stands for.
async fn backed(world: &World, slug: &str) {
    use back_office_brief::store::records::{Assessment, AssessmentAnswer};
    let look = format!("{slug}-backed");
    world
        .put(&[Assessment {
            id: look.clone(),
            implementation_id: format!("{slug}-erp"),
            held_on: "2026-10-12".to_owned(),
            assessor: Some("A. Mendel".to_owned()),
            recorded_at: ms("2026-10-12T15:00:00Z"),
            ..Default::default()
        }])
        .await;
    let answer = |category: &str, level: i64, gap: Option<String>| AssessmentAnswer {
        assessment_id: look.clone(),
        area: "billing".to_owned(),
        category: category.to_owned(),
        level: Some(level),
        gap_id: gap,
        ..Default::default()
    };
    let gap = Some(format!("{slug}-g2"));
    world
        .put(&[
            answer("undocumented", 3, None),
            answer("no_source", 1, gap),
            answer("approval_memory", 4, None),
            answer("owner_habit", 3, None),
            answer("report_mismatch", 5, None),
        ])
        .await;
}

/// A browser in which somebody is signed in.
pub async fn browser(world: &World, who: Who) -> Browser {
    let browser = Browser::of(world);
    if who != Who::SignedOut {
        browser.sign_in(world, who.email()).await;
    }
    browser
}

/// The consultant's browser.
pub async fn ana(world: &World) -> Browser {
    browser(world, Who::Consultant).await
}

impl Browser {
    /// Opens a page, and sends a form of it with its hidden fields of mark, version and time.
    pub async fn fill(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(path).await;
        page.is(200);
        let hidden =
            |name: &str| page.text.contains(&format!("name=\"{name}\"")).then(|| page.field(name));
        let mut sent: Vec<(String, String)> = Vec::new();
        for name in ["mark", "version", "seen"] {
            sent.extend(hidden(name).map(|value| (name.to_owned(), value)));
        }
        sent.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post(path, &sent).await
    }

    /// The same, and opens where that leads.
    pub async fn fill_on(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let sent = self.fill(path, fields).await;
        assert_eq!(sent.status.as_u16(), 303, "{path}: {}", sent.text);
        let to = sent.header("Location").to_owned();
        let page = self.get(to.split('#').next().unwrap_or_default()).await;
        page.is(200);
        page
    }
}
