//! Organizations, what they get ready for, and their gaps.

use back_office_brief::store::records::{
    Assessment, AssessmentAnswer, Exposure, Gap, GapEvent, Implementation, ImplementationArea,
    ImplementationEvent, Organization,
};

use super::{RECORDED, World, ms};

const CATEGORIES: [&str; 5] =
    ["undocumented", "no_source", "approval_memory", "owner_habit", "report_mismatch"];

impl World {
    /// An organization in Chicago with an ERP cutover on 1 February, billing looked at, and three
    /// gaps; all recorded eight weeks before [`super::MONDAY`].
    pub async fn organization(&self, slug: &str) {
        self.organization_like(slug, 3, RECORDED, |_| {}).await;
    }

    /// The same with another row.
    pub async fn organization_with(&self, slug: &str, change: impl FnOnce(&mut Organization)) {
        self.organization_like(slug, 3, RECORDED, change).await;
    }

    /// The same with a number of gaps, all recorded at one instant.
    pub async fn organization_like(
        &self,
        slug: &str,
        n_gaps: usize,
        recorded: &str,
        change: impl FnOnce(&mut Organization),
    ) {
        self.organization_alone(slug, recorded, change).await;
        self.implementation(slug, recorded).await;
        let gaps: Vec<String> = (1..=n_gaps).map(|n| format!("g{n}")).collect();
        self.gaps(slug, &gaps, recorded).await;
    }

    /// Only the organization's own row: nothing is known about it yet.
    pub async fn organization_alone(
        &self,
        slug: &str,
        recorded: &str,
        change: impl FnOnce(&mut Organization),
    ) {
        let mut row = Organization {
            id: slug.to_owned(),
            slug: slug.to_owned(),
            name: format!("The {slug}"),
            currency: "USD".to_owned(),
            time_zone: "America/Chicago".to_owned(),
            cut_off_weekday: 1,
            cut_off_hour: 6,
            review: "none".to_owned(),
            status: "active".to_owned(),
            created_at: ms(recorded),
            ..Default::default()
        };
        change(&mut row);
        self.put(&[row]).await;
    }

    /// An implementation with billing in scope, looked at in full once.
    pub async fn implementation(&self, organization: &str, recorded: &str) {
        let id = format!("{organization}-erp");
        self.put(&[Implementation {
            id: id.clone(),
            organization_id: organization.to_owned(),
            slug: "erp".to_owned(),
            name: "ERP cutover".to_owned(),
            kind: "erp".to_owned(),
            target_milli: 85_000,
            created_at: ms(recorded),
            ..Default::default()
        }])
        .await;
        let event = |field: &str, to: &str| ImplementationEvent {
            id: format!("{id}-{field}"),
            implementation_id: id.clone(),
            field: field.to_owned(),
            to_value: Some(to.to_owned()),
            effective_on: recorded[..10].to_owned(),
            recorded_at: ms(recorded),
            ..Default::default()
        };
        self.put(&[event("status", "preparing"), event("go_live_on", "2027-02-01")]).await;
        self.put(&[ImplementationArea {
            id: format!("{id}-billing"),
            implementation_id: id.clone(),
            area: "billing".to_owned(),
            weight: 5,
            ..Default::default()
        }])
        .await;
        self.look(organization, recorded).await;
    }

    /// Somebody looked at all five questions of billing.
    pub async fn look(&self, organization: &str, recorded: &str) {
        let look = self.id("look");
        self.put(&[Assessment {
            id: look.clone(),
            implementation_id: format!("{organization}-erp"),
            held_on: recorded[..10].to_owned(),
            recorded_at: ms(recorded),
            ..Default::default()
        }])
        .await;
        let answers = CATEGORIES.map(|category| AssessmentAnswer {
            assessment_id: look.clone(),
            area: "billing".to_owned(),
            category: category.to_owned(),
            level: Some(2),
            ..Default::default()
        });
        self.put(&answers).await;
    }

    /// One gap.
    pub async fn gap(&self, organization: &str, name: &str, recorded: &str) {
        self.gaps(organization, &[name.to_owned()], recorded).await;
    }

    /// Open gaps, owned by Lee Park, priced at 200.00 a week each.
    pub async fn gaps(&self, organization: &str, names: &[String], recorded: &str) {
        let (mut gaps, mut events, mut prices) = (Vec::new(), Vec::new(), Vec::new());
        for (n, name) in names.iter().enumerate() {
            let id = format!("{organization}-{name}");
            gaps.push(Gap {
                id: id.clone(),
                external_id: id.to_uppercase(),
                organization_id: organization.to_owned(),
                implementation_id: Some(format!("{organization}-erp")),
                area: "billing".to_owned(),
                category: CATEGORIES[n % 5].to_owned(),
                leak_zone: "finance".to_owned(),
                title: format!("Price list {name} disagrees"),
                opened_on: recorded[..10].to_owned(),
                created_at: ms(recorded),
                ..Default::default()
            });
            for (kind, to) in [("opened", "open"), ("severity", "3"), ("owner", "Lee Park")] {
                events.push(event(&self.id("event"), &id, kind, to, recorded));
            }
            prices.push(Exposure {
                id: format!("{id}-price"),
                gap_id: id,
                kind: "rework".to_owned(),
                inputs: "{}".to_owned(),
                low: 10_000,
                likely: 20_000,
                high: 30_000,
                basis: "estimated".to_owned(),
                effective_on: recorded[..10].to_owned(),
                recorded_at: ms(recorded),
                ..Default::default()
            });
        }
        self.put(&gaps).await;
        self.put(&events).await;
        self.put(&prices).await;
    }

    /// Something happened to a gap.
    pub async fn happens(
        &self,
        organization: &str,
        gap: &str,
        kind: &str,
        to: &str,
        recorded: &str,
    ) {
        let gap = format!("{organization}-{gap}");
        self.put(&[event(&self.id("event"), &gap, kind, to, recorded)]).await;
    }
}

fn event(id: &str, gap: &str, kind: &str, to: &str, recorded: &str) -> GapEvent {
    GapEvent {
        id: id.to_owned(),
        gap_id: gap.to_owned(),
        kind: kind.to_owned(),
        to_value: Some(to.to_owned()),
        effective_on: recorded[..10].to_owned(),
        recorded_at: ms(recorded),
        ..Default::default()
    }
}
