//! Somebody who opens pages: sends what forms hold, follows what mails link to.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use back_office_brief::clock::new_id;
use back_office_brief::engine::Engine;
use back_office_brief::store::address_hash::AddressHash;
use back_office_brief::store::records::{Person, Subscription};
use back_office_brief::web::site_router;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::world::World;
use crate::world::mail::Mail;

/// What `web.public_url` is in these tests.
pub const HOME: &str = "http://127.0.0.1:8080";
pub const FORM: &str = "application/x-www-form-urlencoded";

/// An answer.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    /// The value of a hidden field, of the first form that has one.
    pub fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let at = self.text.find(&mark).unwrap_or_else(|| panic!("no {name} in {}", self.text));
        let rest = &self.text[at + mark.len()..];
        rest[..rest.find('"').expect("a closed attribute")].to_owned()
    }

    pub fn says(&self, words: &str) -> &Self {
        // Lines are wrapped where the template is; sentences are what readers see.
        let shown = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(words), "{words:?} is not in {} {}", self.status, self.text);
        self
    }

    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }
}

/// A browser somewhere on the Internet.
pub struct Browser {
    pages: Router,
    /// The address and port that it is seen at.
    pub peer: String,
    /// Its cookies, by name.
    pub jar: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    /// Opens the pages of a world's engine.
    pub fn of(world: &World) -> Self {
        Self::on(Arc::new(world.another_engine()))
    }

    /// Opens the pages of an engine.
    pub fn on(engine: Arc<Engine>) -> Self {
        let pages = site_router(engine).expect("pages");
        Self { pages, peer: "203.0.113.7:50000".to_owned(), jar: Mutex::default() }
    }

    pub async fn send(&self, request: Request<Body>) -> Page {
        let mut request = request;
        let peer: SocketAddr = self.peer.parse().expect("an address and a port");
        request.extensions_mut().insert(ConnectInfo(peer));
        if let Some(cookies) = self.cookies() {
            request.headers_mut().insert("Cookie", cookies);
        }
        let response = self.pages.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.keep(&parts.headers);
        Page { status: parts.status, headers: parts.headers, text }
    }

    fn cookies(&self) -> Option<HeaderValue> {
        let jar = self.jar.lock().expect("a jar");
        let all: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!all.is_empty()).then(|| all.join("; ").parse().expect("a header"))
    }

    /// Does with cookies what an answer says.
    fn keep(&self, headers: &HeaderMap) {
        let mut jar = self.jar.lock().expect("a jar");
        for line in headers.get_all("Set-Cookie") {
            let line = line.to_str().expect("ASCII");
            let (pair, rest) = line.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a name and a value");
            if rest.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub async fn ask(&self, method: &str, url: &str) -> Page {
        self.send(request(method, url, "", "")).await
    }

    pub async fn get(&self, url: &str) -> Page {
        self.ask("GET", url).await
    }

    /// Sends a form.
    pub async fn post(&self, url: &str, fields: &[(&str, &str)]) -> Page {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(request("POST", url, FORM, &body)).await
    }

    /// Opens a page and presses its button, with further fields.
    pub async fn press(&self, url: &str, fields: &[(&str, &str)]) -> Page {
        let mark = self.get(url).await.field("mark");
        self.post(url, &[&[("mark", mark.as_str())], fields].concat()).await
    }

    /// Opens a page and presses a button on it that leads elsewhere.
    pub async fn press_at(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let mark = self.get(page).await.field("mark");
        self.post(action, &[&[("mark", mark.as_str())], fields].concat()).await
    }

    /// A mail program's one click (RFC 8058 3.2).
    pub async fn one_click(&self, url: &str) -> Page {
        self.send(request("POST", url, FORM, "List-Unsubscribe=One-Click")).await
    }
}

pub fn request(method: &str, url: &str, kind: &str, body: &str) -> Request<Body> {
    let path = url.strip_prefix(HOME).unwrap_or(url);
    let mut request = Request::builder().method(method).uri(path);
    if !kind.is_empty() {
        request = request.header("Content-Type", kind);
    }
    request.body(Body::from(body.to_owned())).expect("a request")
}

/// The first link of a mail that leads to a kind of page: `u`, `p`, `w`, `confirm`.
pub fn link(mail: &Mail, kind: &str) -> String {
    let start = format!("{HOME}/{kind}/");
    let at = mail.text.find(&start).unwrap_or_else(|| panic!("no {start} in {}", mail.text));
    mail.text[at..].split(' ').next().expect("a word").to_owned()
}

/// A header of a mail, unfolded.
pub fn header(mail: &Mail, name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(&mail.bytes).replace("\r\n ", " ");
    let head = text.split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let start = format!("{name}: ");
    head.lines().find_map(|line| line.strip_prefix(&start)).map(str::to_owned)
}

/// Gives a row the kind of id that the program gives: links are made for these only.
pub fn real_ids(person: &mut Person, subscription: &mut Subscription) {
    person.id = new_id();
    subscription.id = new_id();
    subscription.person_id.clone_from(&person.id);
}

impl World {
    /// A leader with an id as the program gives it; returns it.
    pub async fn real_leader(&self, organization: &str, email: &str) -> String {
        let mut id = String::new();
        self.subscriber(organization, email, |person, subscription| {
            real_ids(person, subscription);
            id.clone_from(&subscription.id);
        })
        .await;
        id
    }

    /// Waits until so many mails that ask to confirm have left: they do while the answer is read.
    pub async fn asked(&self, number: usize) {
        for _ in 0..400 {
            if self.notices().len() >= number {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{} of {number} mails left", self.notices().len());
    }

    /// Everything of some tables, to see that nothing changed.
    pub async fn everything(&self) -> String {
        let mut all = String::new();
        for listed in back_office_brief::store::subscriptions::list(&self.db, None, None)
            .await
            .expect("a list")
        {
            all.push_str(&format!("{listed:?}\n"));
        }
        for delivery in self.deliveries().await {
            all.push_str(&format!("{delivery:?}\n"));
        }
        for table in ["consent_event", "confirmation", "rate_count", "person"] {
            all.push_str(&format!("{table} {}\n", self.rows(table).await));
        }
        all
    }

    /// How many rows a table has.
    pub async fn rows(&self, table: &str) -> i64 {
        let sql = match table {
            "consent_event" => "SELECT COUNT(*) FROM consent_event",
            "confirmation" => "SELECT COUNT(*) FROM confirmation",
            "rate_count" => "SELECT COUNT(*) FROM rate_count",
            "person" => "SELECT COUNT(*) FROM person WHERE email IS NOT NULL",
            other => panic!("{other} is not counted"),
        };
        crate::world::number(&self.db, sql).await
    }

    /// Why an address gets no mail, if the list says so.
    pub async fn suppressed(&self, email: &str) -> Option<String> {
        let address = AddressHash::of(&email.parse().expect("an address"));
        let rows = self.db.suppressions(false, Some(&address), None, 1).await.expect("a list");
        rows.into_iter().next().map(|row| row.reason)
    }

    /// What the history of consent holds about an address: kind and channel, oldest first.
    pub async fn consents(&self, email: &str) -> Vec<(String, String)> {
        let email = email.parse().expect("an address");
        let person =
            back_office_brief::store::people::find(&self.db, &email).await.expect("a read");
        let person = person.expect("a person");
        let events = back_office_brief::store::consent::of_person(&self.db, &person.id).await;
        events.expect("a list").into_iter().map(|event| (event.kind, event.channel)).collect()
    }
}
