//! Who can be nudged: an owner or a leader with an address, who did not leave and wants nudges.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use crate::domain::address::EmailAddress;
use crate::domain::facts::Facts;
use crate::domain::portfolio::Recipient;
use crate::domain::time::date_of;
use crate::engine::notice::{nudge_subject_of, stop_key};
use crate::engine::{Engine, EngineError};
use crate::store::address_hash::AddressHash;
use crate::store::nudges::NudgePerson;

/// Who is meant where nobody is known.
const NO_ADDRESS: &str = "no address";

/// Somebody who can be nudged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct Reached {
    /// The address.
    pub email: EmailAddress,
    /// The name; may be empty.
    pub name: String,
}

/// The people of one client: who can be nudged, and why another cannot.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Reach {
    /// By row id.
    people: HashMap<String, Result<Reached, &'static str>>,
    /// Row ids of those who own gaps by a name, or are called so.
    named: BTreeMap<String, BTreeSet<String>>,
    /// Row ids of leaders, in the order in which they confirmed.
    leaders: Vec<String>,
}

impl Reach {
    /// Who a nudge would go to, by row id.
    ///
    /// # Errors
    /// Why nobody gets it.
    pub fn of(&self, recipient: &Recipient) -> Result<&str, &'static str> {
        match recipient {
            Recipient::Owner(name) => {
                let named = self.named.get(name);
                let mut ids = named.into_iter().flatten();
                let first = ids.next().ok_or(NO_ADDRESS)?;
                if ids.next().is_some() {
                    return Err("two people have this name");
                }
                self.person(first).map(|_| first.as_str())
            }
            Recipient::Sponsor => {
                let mut why = "no leader gets the brief";
                for id in &self.leaders {
                    match self.person(id) {
                        Ok(_) => return Ok(id),
                        Err(said) => why = said,
                    }
                }
                Err(why)
            }
        }
    }

    /// Somebody by row id.
    ///
    /// # Errors
    /// Why they get no nudge.
    pub fn person(&self, id: &str) -> Result<&Reached, &'static str> {
        self.people.get(id).map_or(Err(NO_ADDRESS), |own| own.as_ref().map_err(|why| *why))
    }

    /// Whether somebody leads there, by row id, and gets the brief for it.
    pub fn leads(&self, id: &str) -> bool {
        self.leaders.iter().any(|own| own == id)
    }

    /// Whom of those that a client's gaps ask for nobody reaches, and why.
    pub fn unreachable(&self, facts: &Facts) -> Vec<(Recipient, String)> {
        let stalled = facts.gaps.iter().filter(|gap| !gap.stall_reasons.is_empty());
        let owners: BTreeSet<&str> = stalled
            .filter_map(|gap| gap.owner.as_deref())
            .filter(|owner| !owner.trim().is_empty())
            .collect();
        let owners = owners.into_iter().map(|name| Recipient::Owner(name.to_owned()));
        let all = owners.chain([Recipient::Sponsor]);
        all.filter_map(|own| self.of(&own).err().map(|why| (own, why.to_owned()))).collect()
    }
}

impl Engine {
    /// The people of some clients, as far as was recorded at an instant, by row id of the client.
    pub(in crate::engine) async fn reach(
        &self,
        organizations: &[String],
        now: Timestamp,
    ) -> Result<HashMap<String, Reach>, EngineError> {
        let rows = self.db.nudge_people(organizations, now).await?;
        let addresses: Vec<EmailAddress> =
            rows.iter().filter_map(|row| EmailAddress::parse(row.email.as_deref()?).ok()).collect();
        let hashes: BTreeSet<String> =
            addresses.iter().map(|own| AddressHash::of(own).into_string()).collect();
        let hashes: Vec<String> = hashes.into_iter().collect();
        let suppressed: BTreeSet<String> =
            self.db.suppressed_among(&hashes).await?.into_iter().collect();
        let keys: BTreeSet<String> =
            addresses.iter().filter_map(|own| nudge_subject_of(own).map(stop_key)).collect();
        let keys: Vec<String> = keys.into_iter().collect();
        let stopped: BTreeSet<String> = self.db.settings_among(&keys).await?.into_iter().collect();
        let mut of_client: HashMap<String, Vec<NudgePerson>> = HashMap::new();
        for row in rows {
            of_client.entry(row.organization_id.clone()).or_default().push(row);
        }
        let barred = Barred { suppressed: &suppressed, stopped: &stopped };
        Ok(of_client
            .into_iter()
            .map(|(client, rows)| (client, reach_of(&rows, &barred, now)))
            .collect())
    }
}

/// Addresses that get no mail, and none of this kind.
struct Barred<'a> {
    suppressed: &'a BTreeSet<String>,
    stopped: &'a BTreeSet<String>,
}

fn reach_of(rows: &[NudgePerson], barred: &Barred<'_>, now: Timestamp) -> Reach {
    let mut reach = Reach::default();
    let mut own: BTreeMap<&str, Vec<&NudgePerson>> = BTreeMap::new();
    for row in rows {
        own.entry(&row.id).or_default().push(row);
        if !row.name.trim().is_empty() {
            reach.named.entry(row.name.clone()).or_default().insert(row.id.clone());
        }
    }
    for (id, rows) in own {
        reach.people.insert(id.to_owned(), judge(&rows, barred, now));
    }
    let mut leaders: Vec<&NudgePerson> = rows
        .iter()
        .filter(|row| row.role.as_deref() == Some("leader") && is_live(row, now))
        .collect();
    leaders.sort_by_key(|row| (row.confirmed_at, row.id.clone()));
    reach.leaders = leaders.into_iter().map(|row| row.id.clone()).collect();
    reach
}

/// Whether somebody can be nudged who is known by these rows. Who has lists here gets nudges for as long as
/// one of them stands; who owns gaps and never had one can be asked about them.
fn judge(
    rows: &[&NudgePerson],
    barred: &Barred<'_>,
    now: Timestamp,
) -> Result<Reached, &'static str> {
    let first = rows.first().ok_or(NO_ADDRESS)?;
    let email = first.email.as_deref().and_then(|own| EmailAddress::parse(own).ok());
    let email = email.ok_or(NO_ADDRESS)?;
    let lists: Vec<&&NudgePerson> = rows.iter().filter(|row| row.role.is_some()).collect();
    if !lists.is_empty() && !lists.iter().any(|row| is_live(row, now)) {
        let has_left = lists.iter().any(|row| row.unsubscribed_at.is_some());
        let has_ended = lists.iter().any(|row| row.ended_at.is_some());
        return Err(match (has_left, has_ended) {
            (true, _) => "has left the list",
            (_, true) => "is off the list",
            _ => "has not confirmed",
        });
    }
    let is_suppressed = lists.iter().any(|row| row.suppressed_reason.is_some())
        || barred.suppressed.contains(AddressHash::of(&email).as_str());
    if is_suppressed {
        return Err("their address gets no mail");
    }
    if nudge_subject_of(&email).is_some_and(|own| barred.stopped.contains(&stop_key(own))) {
        return Err("wants no nudges");
    }
    if lists.iter().any(|row| is_paused(row, now)) {
        return Err("has paused mail");
    }
    let name = rows.iter().find(|row| row.role.is_some()).unwrap_or(first).name.clone();
    Ok(Reached { email, name })
}

/// Whether a subscription stands.
fn is_live(row: &NudgePerson, now: Timestamp) -> bool {
    let at = now.as_millisecond();
    let is_over = |end: Option<i64>| end.is_some_and(|end| end <= at);
    row.confirmed_at.is_some_and(|since| since <= at)
        && !is_over(row.unsubscribed_at)
        && !is_over(row.ended_at)
}

/// Whether its reader wants no mail for now; days are those of their own zone.
fn is_paused(row: &NudgePerson, now: Timestamp) -> bool {
    let zone = row.time_zone.as_deref().and_then(|name| jiff::tz::TimeZone::get(name).ok());
    let today = date_of(now, &zone.unwrap_or(jiff::tz::TimeZone::UTC)).to_string();
    let Some(from) = row.pause_from.as_deref() else { return false };
    from <= today.as_str() && row.pause_until.as_deref().is_none_or(|until| today.as_str() < until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str, name: &str, role: Option<&str>) -> NudgePerson {
        NudgePerson {
            organization_id: "o".to_owned(),
            id: id.to_owned(),
            name: name.to_owned(),
            email: Some(format!("{id}@client.example")),
            email_canonical: Some(format!("{id}@client.example")),
            time_zone: None,
            role: role.map(str::to_owned),
            confirmed_at: role.map(|_| 1),
            unsubscribed_at: None,
            ended_at: None,
            suppressed_reason: None,
            pause_from: None,
            pause_until: None,
        }
    }

    fn reach(rows: &[NudgePerson]) -> Reach {
        let none = BTreeSet::new();
        let now = "2026-11-25T16:00:00Z".parse().expect("an instant");
        reach_of(rows, &Barred { suppressed: &none, stopped: &none }, now)
    }

    #[test]
    fn an_owner_is_found_by_name_and_left_alone_where_it_is_not_plain_who() {
        let own = |name: &str| Recipient::Owner(name.to_owned());
        let known = reach(&[person("a", "Kim Vale", None), person("b", "Lee Park", Some("owner"))]);
        assert_eq!(known.of(&own("Kim Vale")), Ok("a"));
        assert_eq!(known.of(&own("Lee Park")), Ok("b"));
        assert_eq!(known.of(&own("Nobody")), Err(NO_ADDRESS));
        assert_eq!(known.of(&Recipient::Sponsor), Err("no leader gets the brief"));
        let two = reach(&[person("a", "Kim Vale", None), person("b", "Kim Vale", Some("owner"))]);
        assert_eq!(two.of(&own("Kim Vale")), Err("two people have this name"));
    }

    #[test]
    fn the_sponsor_is_the_first_leader_who_can_be_reached() {
        let mut first = person("a", "Ann", Some("leader"));
        let mut second = person("b", "Bob", Some("leader"));
        second.confirmed_at = Some(2);
        let of = |rows: &[NudgePerson]| reach(rows).of(&Recipient::Sponsor).map(str::to_owned);
        assert_eq!(of(&[second.clone(), first.clone()]), Ok("a".to_owned()));
        first.suppressed_reason = Some("hard_bounce".to_owned());
        assert_eq!(of(&[second.clone(), first.clone()]), Ok("b".to_owned()));
        second.pause_from = Some("2026-11-20".to_owned());
        assert_eq!(of(&[second, first]), Err("has paused mail"));
    }

    #[test]
    fn who_left_every_list_is_not_nudged_and_who_is_on_another_is() {
        let mut left = person("a", "Kim Vale", Some("owner"));
        left.unsubscribed_at = Some(5);
        let owns = person("a", "Kim Vale", None);
        let of = |rows: &[NudgePerson]| reach(rows).person("a").map(|_| ()).map_err(str::to_owned);
        assert_eq!(of(&[left.clone(), owns.clone()]), Err("has left the list".to_owned()));
        assert_eq!(of(&[left, owns, person("a", "Kim Vale", Some("leader"))]), Ok(()));
        let mut asked = person("a", "Kim Vale", Some("owner"));
        asked.confirmed_at = None;
        assert_eq!(of(&[asked]), Err("has not confirmed".to_owned()));
    }
}
