//! The pages that say something and the pages that ask one thing: what their templates are given.

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};

use super::body::html;
use super::state::Site;

/// What surrounds every page.
#[derive(Debug, Clone)]
pub(super) struct Chrome {
    /// The service's name.
    pub(super) product: String,
    /// The sender's postal address.
    pub(super) postal: String,
    /// What paths begin with.
    pub(super) base: String,
}

impl Chrome {
    pub(super) fn of(site: &Site) -> Self {
        let mail = &site.engine.settings.mail;
        Self {
            product: mail.product_name.clone(),
            postal: mail.postal_address.clone(),
            base: site.base.to_string(),
        }
    }
}

/// A link under a page's words.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) label: &'static str,
    pub(super) href: String,
}

/// One button with what it sends.
#[derive(Debug, Clone)]
pub(super) struct Button {
    /// Says what happens.
    pub(super) label: &'static str,
    /// The path it is sent to.
    pub(super) action: String,
    /// Hidden fields.
    pub(super) fields: Vec<(&'static str, String)>,
    /// Whether it stands out.
    pub(super) is_main: bool,
}

impl Button {
    /// One that sends what it does to the page of a link (`u`, `p`, `n`), with that link's mark.
    pub(super) fn of_link(
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

/// A heading, some sentences, perhaps a button.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub(super) heading: String,
    pub(super) paragraphs: Vec<String>,
    /// Words that are agreed to by the button.
    pub(super) agreement: Option<&'static str>,
    pub(super) button: Option<Button>,
    pub(super) links: Vec<Link>,
}

impl Words {
    pub(super) fn new(heading: impl Into<String>, paragraphs: &[&str]) -> Self {
        Self {
            heading: heading.into(),
            paragraphs: paragraphs.iter().map(|own| (*own).to_owned()).collect(),
            agreement: None,
            button: None,
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
pub(super) fn words(site: &Site, status: StatusCode, words: &Words) -> Response<Body> {
    html(status, &WordsPage { chrome: Chrome::of(site), words })
}

/// The page of a problem.
pub(super) fn problem(
    site: &Site,
    status: StatusCode,
    heading: &str,
    sentence: String,
) -> Response<Body> {
    words(site, status, &Words { paragraphs: vec![sentence], ..Words::new(heading, &[]) })
}
