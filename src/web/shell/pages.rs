//! The pages that say something and the pages that ask one thing: what their templates are given.

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};

use super::body::html;
use super::state::Site;
use super::visitor::Visitor;

/// What surrounds every page.
#[derive(Debug, Clone)]
pub(in crate::web) struct Chrome {
    /// The service's name.
    pub(in crate::web) product: String,
    /// The sender's postal address.
    pub(in crate::web) postal: String,
    /// What paths begin with.
    pub(in crate::web) base: String,
    /// How who is signed in is called, on a page of theirs.
    pub(in crate::web) visitor: Option<String>,
}

impl Chrome {
    pub(in crate::web) fn of(site: &Site) -> Self {
        let mail = &site.engine.settings.mail;
        Self {
            product: mail.product_name.clone(),
            postal: mail.postal_address.clone(),
            base: site.base.to_string(),
            visitor: None,
        }
    }

    /// The same under the name that an organization's briefs come under, so that whoever follows a link
    /// of theirs is where the mail said.
    pub(in crate::web) fn under(self, brand: Option<&str>) -> Self {
        Self { product: brand.map_or(self.product, str::to_owned), ..self }
    }

    /// The same around a page of somebody who is signed in.
    pub(in crate::web) fn seen_by(self, visitor: &Visitor) -> Self {
        Self { visitor: Some(visitor.standing.called().to_owned()), ..self }
    }
}

/// A link under a page's words.
#[derive(Debug, Clone)]
pub(in crate::web) struct Link {
    pub(in crate::web) label: &'static str,
    pub(in crate::web) href: String,
}

/// One button with what it sends.
#[derive(Debug, Clone)]
pub(in crate::web) struct Button {
    /// Says what happens.
    pub(in crate::web) label: &'static str,
    /// The path it is sent to.
    pub(in crate::web) action: String,
    /// Hidden fields.
    pub(in crate::web) fields: Vec<(&'static str, String)>,
    /// Whether it stands out.
    pub(in crate::web) is_main: bool,
}

impl Button {
    /// One that sends what it does to the page of a link (`u`, `n`, `d`), with that link's mark.
    pub(in crate::web) fn of_link(
        site: &Site,
        (page, token): (&str, &str),
        (label, what): (&'static str, &str),
        is_main: bool,
    ) -> Self {
        Self {
            label,
            action: site.path(&format!("/{page}/{token}")),
            fields: vec![("mark", site.keys.form_mark(token)), ("do", what.to_owned())],
            is_main,
        }
    }
}

/// A heading, some sentences, perhaps buttons.
#[derive(Debug, Clone)]
pub(in crate::web) struct Words {
    pub(in crate::web) heading: String,
    pub(in crate::web) paragraphs: Vec<String>,
    /// Words that are agreed to by the first button.
    pub(in crate::web) agreement: Option<&'static str>,
    pub(in crate::web) buttons: Vec<Button>,
    pub(in crate::web) links: Vec<Link>,
}

impl Words {
    pub(in crate::web) fn new(heading: impl Into<String>, paragraphs: &[&str]) -> Self {
        Self {
            heading: heading.into(),
            paragraphs: paragraphs.iter().map(|own| (*own).to_owned()).collect(),
            agreement: None,
            buttons: Vec::new(),
            links: Vec::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "web/site/words.html")]
struct WordsPage<'a> {
    chrome: Chrome,
    words: &'a Words,
}

/// A page of words.
pub(in crate::web) fn words(site: &Site, status: StatusCode, words: &Words) -> Response<Body> {
    html(status, &WordsPage { chrome: Chrome::of(site), words })
}

/// The page of a problem.
pub(in crate::web) fn problem(
    site: &Site,
    status: StatusCode,
    heading: &str,
    sentence: String,
) -> Response<Body> {
    words(site, status, &Words { paragraphs: vec![sentence], ..Words::new(heading, &[]) })
}
