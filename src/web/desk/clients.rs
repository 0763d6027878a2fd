//! Whose clients a page over all of them shows: those that somebody works for.

use crate::domain::access::Act;
use crate::domain::line::clean;
use crate::engine::today::ClientToday;
use crate::store::organizations;
use crate::store::records::Organization;

use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

/// Most clients with figures on one page.
const MOST: usize = 100;

/// Whom somebody works for and whom they read about.
#[derive(Debug, Clone, Default)]
pub(super) struct Clients {
    /// Those to be shown, by slug.
    pub(super) shown: Vec<Organization>,
    /// How many there are that match.
    pub(super) n_found: usize,
    /// How many there are.
    pub(super) n_all: usize,
    /// Those that they only read about.
    pub(super) read: Vec<Organization>,
}

impl Clients {
    /// The clients whose name or slug holds some words; all where there are none. The visitor's own
    /// come before those that only the operator's rights reach.
    pub(super) async fn of(site: &Site, visitor: &Visitor, words: &str) -> Result<Self, Problem> {
        let access = &visitor.standing.access;
        let all = organizations::list(&site.engine.db).await?;
        let (work, read): (Vec<_>, Vec<_>) = all
            .into_iter()
            .filter(|organization| access.may(Act::Read, &organization.id))
            .partition(|organization| access.may(Act::Work, &organization.id));
        let n_all = work.len();
        let words = words.to_lowercase();
        let holds = |text: &str| text.to_lowercase().contains(&words);
        let mut found: Vec<Organization> =
            work.into_iter().filter(|own| holds(&own.name) || holds(&own.slug)).collect();
        let n_found = found.len();
        if n_found > MOST {
            found.sort_by_key(|own| !access.ties_to(&own.id).is_consultant);
            found.truncate(MOST);
        }
        Ok(Self { shown: found, n_found, n_all, read })
    }

    /// Their row ids.
    pub(super) fn ids(&self) -> Vec<String> {
        self.shown.iter().map(|own| own.id.clone()).collect()
    }

    /// How many are left out.
    pub(super) fn n_more(&self) -> usize {
        self.n_found - self.shown.len()
    }
}

/// A client's name on a line of its own.
pub(super) fn called(name: &str) -> String {
    let name = clean(name, 60);
    if name.is_empty() { "(no name)".to_owned() } else { name }
}

/// How many clients are done with this week's round.
pub(super) fn n_done(clients: &[ClientToday]) -> usize {
    clients.iter().filter(|client| client.is_done()).count()
}
