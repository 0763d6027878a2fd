//! What stands in a story's file. Days count from the demo's Monday.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One organization's story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    pub organization: Organization,
    pub people: Vec<Person>,
    pub review: Option<Review>,
    pub implementations: Vec<Implementation>,
    pub gaps: Vec<Gap>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    pub slug: String,
    pub name: String,
    pub currency: String,
    pub zone: String,
    pub billed_per_week: Option<i64>,
    /// `required` or `hold:N`.
    pub review: Option<String>,
}

/// Someone who gets mail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub email: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub role: String,
    /// The organization's zone where none is named.
    pub zone: Option<String>,
    pub locale: Option<String>,
    pub weekday: Option<i64>,
    pub hour: Option<i64>,
    pub quiet: Option<String>,
    /// First day of a pause, and the day after it.
    pub pause: Option<[i64; 2]>,
    pub confirmed: Option<bool>,
}

/// Who approves, and until which Monday it was done.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    pub consultant: String,
    pub approved_until: i64,
    /// Lines `MONDAY WORDS`.
    pub notes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implementation {
    pub slug: String,
    pub name: String,
    pub kind: String,
    pub configuration: Option<i64>,
    pub go_live: Option<i64>,
    /// Whole points.
    pub target: Option<i64>,
    pub benefit: Option<i64>,
    pub areas: BTreeMap<String, i64>,
    /// Lines `DAY AREA…`: all five questions of each area were looked at.
    pub looks: Vec<String>,
    /// Lines `DAY FIELD NEW_DAY`.
    #[serde(default)]
    pub moves: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    pub id: String,
    pub area: String,
    pub category: String,
    pub severity: i64,
    pub title: String,
    pub short: String,
    pub owner: Option<String>,
    pub verifier: Option<String>,
    pub opened: i64,
    pub existed: Option<i64>,
    pub due: Option<i64>,
    pub next_step: Option<String>,
    /// `kind`, perhaps `basis` and `source`; the rest are the formula's inputs.
    pub cost: Option<toml::Table>,
    /// Lines `DAY WHAT [VALUE]`, in order.
    pub history: Vec<String>,
}

/// Consultants, their sessions and notes, and the readers of the public edition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consulting {
    pub consultants: Vec<Consultant>,
    pub notes: Vec<Note>,
    pub sessions: Vec<Session>,
    pub public: Vec<Person>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consultant {
    pub email: String,
    pub name: String,
    pub zone: String,
    pub clients: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub organization: String,
    pub consultant: String,
    /// When it was written; it is for the next Monday.
    pub day: i64,
    pub text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    pub organization: String,
    pub consultant: String,
    pub day: i64,
    pub hour: i8,
    pub notes: String,
    pub promises: Vec<Promise>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    pub text: String,
    pub owner: String,
    pub due: Option<i64>,
    pub done: bool,
}
