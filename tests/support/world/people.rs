//! People and what they get.

use back_office_brief::store::records::{ConsultantClient, Person, Subscription};

use super::{RECORDED, World, ms};

/// The name before an address's sign, as a person is called: `lee.park@` is Lee Park.
fn name_of(email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default();
    let word = |w: &str| {
        let (first, rest) = w.split_at(1.min(w.len()));
        first.to_uppercase() + rest
    };
    local.split('.').map(word).collect::<Vec<_>>().join(" ")
}

impl World {
    /// A leader on Monday at seven in the organization's zone.
    pub async fn leader(&self, organization: &str, email: &str) {
        self.subscriber(organization, email, |_, _| {}).await;
    }

    /// Somebody who reads an organization's brief, a confirmed leader unless changed.
    pub async fn subscriber(
        &self,
        organization: &str,
        email: &str,
        change: impl FnOnce(&mut Person, &mut Subscription),
    ) {
        let (mut person, mut subscription) = rows(email);
        subscription.organization_id = Some(organization.to_owned());
        subscription.role = "leader".to_owned();
        change(&mut person, &mut subscription);
        self.put(&[person]).await;
        self.put(&[subscription]).await;
    }

    /// A consultant of some clients, with the role's one subscription.
    pub async fn consultant(
        &self,
        email: &str,
        clients: &[&str],
        change: impl FnOnce(&mut Person, &mut Subscription),
    ) {
        let (mut person, mut subscription) = rows(email);
        subscription.role = "consultant".to_owned();
        (subscription.weekday, subscription.hour) = (None, None);
        change(&mut person, &mut subscription);
        let id = person.id.clone();
        self.put(&[person]).await;
        self.put(&[subscription]).await;
        for client in clients {
            self.put(&[ConsultantClient {
                id: self.id("link"),
                person_id: id.clone(),
                organization_id: (*client).to_owned(),
                since: ms(RECORDED),
                ..Default::default()
            }])
            .await;
        }
    }

    /// Somebody who asked for the public edition.
    pub async fn public(&self, email: &str) {
        let (person, mut subscription) = rows(email);
        subscription.role = "public".to_owned();
        (subscription.weekday, subscription.hour) = (Some(2), Some(8));
        self.put(&[person]).await;
        self.put(&[subscription]).await;
    }

    /// Many leaders of one organization at once.
    pub async fn many_leaders(&self, organization: &str, number: usize) {
        self.many_leaders_at(organization, number, "many.example").await;
    }

    /// The same with their addresses at a domain.
    pub async fn many_leaders_at(&self, organization: &str, number: usize, domain: &str) {
        let all = (0..number).map(|n| rows(&format!("reader.{n}@{domain}")));
        let (people, mut subscriptions): (Vec<_>, Vec<_>) = all.unzip();
        for subscription in &mut subscriptions {
            subscription.organization_id = Some(organization.to_owned());
            subscription.role = "leader".to_owned();
        }
        self.put(&people).await;
        self.put(&subscriptions).await;
    }

    /// Many readers of the public edition at once.
    pub async fn many_public(&self, number: usize) {
        let all = (0..number).map(|n| rows(&format!("reader.{n}@many.example")));
        let (people, mut subscriptions): (Vec<_>, Vec<_>) = all.unzip();
        for subscription in &mut subscriptions {
            subscription.role = "public".to_owned();
        }
        self.put(&people).await;
        self.put(&subscriptions).await;
    }
}

fn rows(email: &str) -> (Person, Subscription) {
    let person = Person {
        id: format!("person-{email}"),
        email: Some(email.to_owned()),
        email_canonical: Some(email.to_owned()),
        name: name_of(email),
        locale: "en".to_owned(),
        created_at: ms(RECORDED),
        ..Default::default()
    };
    let subscription = Subscription {
        id: format!("subscription-{email}"),
        person_id: person.id.clone(),
        weekday: Some(1),
        hour: Some(7),
        quiet: "full".to_owned(),
        confirmed_at: Some(ms(RECORDED)),
        created_at: ms(RECORDED),
        ..Default::default()
    };
    (person, subscription)
}
