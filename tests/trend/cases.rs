//! Worked cases of the model as rows of a database.

use back_office_brief::clock::new_id;
use back_office_brief::store::records::{
    Assessment, AssessmentAnswer, Exposure, Gap, GapEvent, Implementation, ImplementationArea,
    ImplementationEvent, Organization,
};
use serde_json::Value;

use crate::browser::{Browser, link, real_ids};
use crate::world::{World, ms};

const CATEGORIES: [&str; 5] =
    ["undocumented", "no_source", "approval_memory", "owner_habit", "report_mismatch"];

/// What the brief calls the gaps of the full case.
const SHORT_NAMES: [(&str, &str); 5] = [
    ("N-1", "Price lists"),
    ("N-2", "Invoice exceptions"),
    ("N-3", "Close pack"),
    ("N-5", "Disputed invoices"),
    ("N-7", "Duplicate vendor payments"),
];

/// A case of the file.
pub fn case(name: &str) -> Value {
    let mut file: Value = serde_json::from_str(include_str!("../data/golden.json")).unwrap();
    let case = file["cases"][name].take();
    assert!(case.is_object(), "no case {name}");
    case
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text"))
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

pub fn int(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no whole number"))
}

/// Everything is recorded an hour before the cut-off of the day it was true on.
fn recorded(day: &str) -> i64 {
    ms(&format!("{day}T05:00:00Z"))
}

/// One thing that happened to a gap, recorded on its own day.
pub fn event(gap: &str, kind: &str, to: Option<&str>, day: &str) -> GapEvent {
    GapEvent {
        id: new_id(),
        gap_id: gap.to_owned(),
        kind: kind.to_owned(),
        to_value: to.map(str::to_owned),
        effective_on: day.to_owned(),
        recorded_at: recorded(day),
        ..Default::default()
    }
}

/// A gap's own row.
pub fn gap(organization: &str, id: &str, area: &str, category: &str, day: &str) -> Gap {
    Gap {
        id: id.to_owned(),
        external_id: id.to_owned(),
        organization_id: organization.to_owned(),
        area: area.to_owned(),
        category: category.to_owned(),
        leak_zone: "finance".to_owned(),
        title: format!("Title of {id}"),
        opened_on: day.to_owned(),
        created_at: recorded(day),
        ..Default::default()
    }
}

/// An estimate without inputs.
pub fn price(gap: &str, kind: &str, bounds: [i64; 3], day: &str) -> Exposure {
    let [low, likely, high] = bounds;
    Exposure {
        id: new_id(),
        gap_id: gap.to_owned(),
        kind: kind.to_owned(),
        inputs: "{}".to_owned(),
        low,
        likely,
        high,
        basis: "estimated".to_owned(),
        effective_on: day.to_owned(),
        recorded_at: recorded(day),
        ..Default::default()
    }
}

impl World {
    /// An organization in UTC whose cut-off is Monday at six.
    pub async fn house(&self, slug: &str, change: impl FnOnce(&mut Organization)) {
        self.organization_alone(slug, "2026-09-01T00:00:00Z", |row| {
            row.time_zone = "UTC".to_owned();
            change(row);
        })
        .await;
    }

    /// An implementation with weighted areas.
    pub async fn platform(&self, organization: &str, areas: &[(&str, i64)], go_live: Option<&str>) {
        let id = format!("{organization}-erp");
        self.put(&[Implementation {
            id: id.clone(),
            organization_id: organization.to_owned(),
            slug: "erp".to_owned(),
            name: "ERP cutover".to_owned(),
            kind: "erp".to_owned(),
            target_milli: 85_000,
            created_at: ms("2026-09-01T00:00:00Z"),
            ..Default::default()
        }])
        .await;
        let event = |field: &str, to: &str| ImplementationEvent {
            id: new_id(),
            implementation_id: id.clone(),
            field: field.to_owned(),
            to_value: Some(to.to_owned()),
            effective_on: "2026-09-01".to_owned(),
            recorded_at: ms("2026-09-01T00:00:00Z"),
            ..Default::default()
        };
        let mut events = vec![event("status", "preparing")];
        events.extend(go_live.map(|day| event("go_live_on", day)));
        self.put(&events).await;
        let area = |(area, weight): &(&str, i64)| ImplementationArea {
            id: new_id(),
            implementation_id: id.clone(),
            area: (*area).to_owned(),
            weight: *weight,
            ..Default::default()
        };
        self.put(&areas.iter().map(area).collect::<Vec<_>>()).await;
    }

    /// Another implementation, of one area.
    pub async fn second_platform(&self, organization: &str, slug: &str, go_live: &str) {
        let id = format!("{organization}-{slug}");
        self.put(&[Implementation {
            id: id.clone(),
            organization_id: organization.to_owned(),
            slug: slug.to_owned(),
            name: "Payroll platform".to_owned(),
            kind: "other".to_owned(),
            target_milli: 85_000,
            created_at: ms("2026-09-01T00:00:00Z"),
            ..Default::default()
        }])
        .await;
        self.put(&[ImplementationEvent {
            id: new_id(),
            implementation_id: id.clone(),
            field: "go_live_on".to_owned(),
            to_value: Some(go_live.to_owned()),
            effective_on: "2026-09-01".to_owned(),
            recorded_at: ms("2026-09-01T00:00:00Z"),
            ..Default::default()
        }])
        .await;
        self.put(&[ImplementationArea {
            id: new_id(),
            implementation_id: id,
            area: slug.to_owned(),
            weight: 2,
            ..Default::default()
        }])
        .await;
    }

    /// Somebody looked at all five questions of an area on a day.
    pub async fn looked(&self, organization: &str, area: &str, day: &str) {
        let id = new_id();
        self.put(&[Assessment {
            id: id.clone(),
            implementation_id: format!("{organization}-erp"),
            held_on: day.to_owned(),
            recorded_at: recorded(day),
            ..Default::default()
        }])
        .await;
        self.put(&CATEGORIES.map(|category| AssessmentAnswer {
            assessment_id: id.clone(),
            area: area.to_owned(),
            category: category.to_owned(),
            level: Some(2),
            ..Default::default()
        }))
        .await;
    }

    /// The full case N, as an organization called northfield.
    pub async fn northfield(&self) {
        let case = case("N_full_case");
        let given = &case["given"];
        self.house("northfield", |row| row.name = "Northfield Supply".to_owned()).await;
        let areas: Vec<(&str, i64)> = given["areas"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(area, row)| (area.as_str(), int(&row["weight"])))
            .collect();
        let go_live = text(&given["implementation"]["go_live"]);
        self.platform("northfield", &areas, Some(go_live)).await;
        for (area, row) in given["areas"].as_object().unwrap() {
            for day in list(&row["looked_on_all_five"]) {
                self.looked("northfield", area, text(day)).await;
            }
        }
        let kinds = crate::cases::case("X1_exposure_by_effect")["given"]["kinds"].take();
        for row in list(&given["gaps"]) {
            self.full_gap(row, &kinds).await;
        }
    }

    async fn full_gap(&self, row: &Value, kinds: &Value) {
        let id = text(&row["id"]);
        let statuses = list(&row["status"]);
        let opened = text(&statuses[0][0]);
        let mut own = gap("northfield", id, text(&row["area"]), text(&row["category"]), opened);
        own.title = text(&row["title"]).to_owned();
        let short = SHORT_NAMES.iter().find(|(gap, _)| *gap == id);
        own.short_name = short.map(|(_, name)| (*name).to_owned());
        let mut events = vec![
            event(id, "opened", Some("open"), opened),
            event(id, "severity", Some(&row["severity"].to_string()), opened),
        ];
        events.extend(row["owner"].as_str().map(|owner| event(id, "owner", Some(owner), opened)));
        for status in &statuses[1..] {
            events.push(event(id, "status", Some(text(&status[1])), text(&status[0])));
        }
        for day in list(&row["movements"]).iter().map(text) {
            if statuses.iter().all(|status| text(&status[0]) != day) {
                events.push(event(id, "evidence", None, day));
            }
        }
        let kind = kinds.get(id).map_or("direct", text);
        let prices: Vec<Exposure> = list(&row["exposure"])
            .iter()
            .map(|own| {
                let bounds: Vec<i64> = list(&own[1]).iter().map(int).collect();
                price(id, kind, bounds.try_into().unwrap(), text(&own[0]))
            })
            .collect();
        self.put(&[own]).await;
        self.put(&events).await;
        self.put(&prices).await;
    }

    /// A leader whose brief of a Monday is sent at seven; the path of the trend page that it links to,
    /// and a browser. The clock stands at seven then.
    pub async fn follow(&self, organization: &str, monday: &str) -> (Browser, String) {
        self.subscriber(organization, "leader@client.example", |person, subscription| {
            real_ids(person, subscription);
        })
        .await;
        let report = self.tick(&format!("{monday}T07:00:00Z")).await;
        assert!(report.closes(), "{report:?}");
        let mail = self.mails_to("leader@client.example").pop().expect("a mail");
        (Browser::of(self), link(&mail, "t"))
    }
}
