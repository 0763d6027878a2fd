//! What is said of a value that will not do: where it is, and what would do.

use std::fmt;

use serde_json::{Value, json};

use crate::domain::register::Refusals;

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::api) enum At {
    /// In the body: a JSON pointer (RFC 6901).
    Body(String),
    /// In the address: the name of a parameter.
    Query(String),
    /// In a header.
    Header(&'static str),
}

impl At {
    /// The whole body.
    pub(in crate::web::api) const fn body() -> Self {
        Self::Body(String::new())
    }

    /// A member or an entry of it.
    pub(in crate::web::api) fn child(&self, name: impl fmt::Display) -> Self {
        match self {
            Self::Body(pointer) => {
                let name = name.to_string().replace('~', "~0").replace('/', "~1");
                Self::Body(format!("{pointer}/{name}"))
            }
            Self::Query(_) => Self::Query(name.to_string()),
            Self::Header(header) => Self::Header(header),
        }
    }
}

/// One value that will not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::api) struct Wrong {
    /// Where it stands.
    pub(in crate::web::api) at: At,
    /// What is wrong and what would do: reads after the name of the place.
    pub(in crate::web::api) detail: String,
}

impl Wrong {
    /// As it stands in a problem's `errors`.
    pub(in crate::web::api) fn json(&self) -> Value {
        let detail = &self.detail;
        match &self.at {
            At::Body(pointer) => json!({ "pointer": pointer, "detail": detail }),
            At::Query(parameter) => json!({ "parameter": parameter, "detail": detail }),
            At::Header(header) => json!({ "header": header, "detail": detail }),
        }
    }
}

/// Everything that will not do, in the order of being found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::web::api) struct Wrongs(pub(in crate::web::api) Vec<Wrong>);

impl Wrongs {
    /// Most that are said at once.
    const MOST: usize = 100;

    pub(in crate::web::api) fn add(&mut self, at: &At, detail: impl Into<String>) {
        if self.0.len() < Self::MOST {
            self.0.push(Wrong { at: at.clone(), detail: detail.into() });
        }
    }

    /// One value of the body.
    pub(in crate::web::api) fn one(field: &str, detail: impl Into<String>) -> Self {
        let mut wrongs = Self::default();
        wrongs.add(&At::body().child(field), detail);
        wrongs
    }

    /// What the register refused; `list` is the member whose entries it speaks of.
    pub(in crate::web::api) fn of(refusals: &Refusals, list: &str) -> Self {
        let mut wrongs = Self::default();
        for refusal in &refusals.0 {
            let field = refusal.field;
            let at = match refusal.entry {
                Some(entry) => {
                    let at = At::body().child(list).child(entry);
                    // An answer may hold a whole gap, whose fields are its own.
                    let is_inner = list == "answers" && !OF_ANSWER.contains(&field);
                    if is_inner { at.child("new_gap") } else { at }
                }
                None => At::body(),
            };
            wrongs.add(&member(&at, field, list), refusal.problem.clone());
        }
        wrongs
    }
}

/// Fields of an answer itself.
const OF_ANSWER: [&str; 5] = ["area", "category", "level", "note", "gap"];

/// Where a field of the register stands in a body.
fn member(at: &At, field: &str, list: &str) -> At {
    match field {
        "answers" => at.child(list),
        "evidence_url" => at.child("evidence").child("url"),
        "exposure_inputs" => at.child("estimate").child("inputs"),
        "exposure_source" => at.child("estimate").child("source"),
        "is_withdrawal_confirmed" => at.child("withdrawal_confirmed"),
        "next_step_on" => at.child("next_step").child("on"),
        "owner_email" => at.child("owner").child("email"),
        "target" => at.child("target_score"),
        other => at.child(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_one_of_rfc_6901() {
        let at = At::body().child("inputs").child("a/b~c").child(0);
        assert_eq!(at, At::Body("/inputs/a~1b~0c/0".to_owned()));
    }

    #[test]
    fn what_the_register_refuses_stands_where_it_was_sent() {
        let mut refusals = Refusals::default();
        refusals.add("title", "is too long");
        refusals.add_in(2, "level", "demands a gap");
        refusals.add_in(2, "owner_email", "is no address");
        let told: Vec<Value> = Wrongs::of(&refusals, "answers").0.iter().map(Wrong::json).collect();
        assert_eq!(
            told,
            [
                json!({ "pointer": "/title", "detail": "is too long" }),
                json!({ "pointer": "/answers/2/level", "detail": "demands a gap" }),
                json!({ "pointer": "/answers/2/new_gap/owner/email", "detail": "is no address" }),
            ]
        );
    }
}
