//! What tests of imports share: files as browsers send them, and forms as they are filled.

use axum::body::Body;
use axum::http::Request;

use crate::browser::{Browser, Page};

pub const CLIENT: &str = "/desk/c/northfield/import";
pub const ALL: &str = "/desk/import";

/// A German export: semicolons, other names and words, days with dots, with a BOM. One gap is new, one
/// is known and now in work.
pub const ODD: &str = "\u{feff}Nr;Titel;Bereich;Ursache;Prio;Status;Verantwortlich;Erstellt am;Fällig am\r\n\
    N-1;Rechnungen doppelt geprüft;Rechnungsstellung;no_source;hoch;offen;D. Ruiz;03.11.2026;15.12.2026\r\n\
    NORTHFIELD-G1;Price list g1 disagrees;billing;undocumented;mittel;in Bearbeitung;Lee Park;05.10.2026;\r\n";

const BOUNDARY: &str = "----brief-7d1c";

/// A body with files, as a browser writes it.
pub fn form_data(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in fields {
        out.extend(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .bytes(),
        );
    }
    for (name, bytes) in files {
        let name = name.replace('"', "%22");
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
        );
        out.extend(head.bytes());
        out.extend(*bytes);
        out.extend(b"\r\n");
    }
    out.extend(format!("--{BOUNDARY}--\r\n").bytes());
    out
}

/// A request with such a body.
pub fn sending(path: &str, body: Vec<u8>) -> Request<Body> {
    let request = Request::builder().method("POST").uri(path);
    let request =
        request.header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}"));
    request.body(Body::from(body)).expect("a request")
}

impl Browser {
    /// Sends files from the page where imports begin.
    pub async fn upload(&self, base: &str, files: &[(&str, &[u8])]) -> Page {
        let mark = self.get(base).await.field("mark");
        self.send(sending(base, form_data(&[("mark", &mark)], files))).await
    }

    /// The same of one file that is taken: the path of its upload.
    pub async fn uploaded(&self, base: &str, name: &str, text: &str) -> String {
        let page = self.upload(base, &[(name, text.as_bytes())]).await;
        page.is(303);
        page.header("Location").to_owned()
    }

    /// Sends the form of an upload's columns as it stands, but for these fields.
    pub async fn choose(&self, upload: &str, what: &str, changes: &[(&str, &str)]) -> Page {
        let page = self.get(upload).await;
        page.is(200);
        let mut fields = form(&page.text, upload);
        fields.retain(|(name, _)| changes.iter().all(|(own, _)| own != name));
        fields.extend(changes.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        fields.push(("do".to_owned(), what.to_owned()));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post(upload, &fields).await
    }

    /// Presses the button under what would change, and opens where that leads.
    pub async fn apply(&self, upload: &str) -> Page {
        let path = format!("{upload}/diff");
        let page = self.get(&path).await;
        page.is(200);
        let (mark, seen) = (page.field("mark"), page.field("seen"));
        let done = self.post(&path, &[("mark", &mark), ("seen", &seen)]).await;
        done.is(303);
        assert_eq!(done.header("Location"), upload);
        self.get(upload).await
    }

    /// Everything at once: the page that says what was written.
    pub async fn import(&self, base: &str, name: &str, text: &str) -> Page {
        let upload = self.uploaded(base, name, text).await;
        self.apply(&upload).await
    }
}

/// The id of the first import that a page leads to.
pub fn batch(page: &Page) -> String {
    let at = page.text.find("/batch/").expect("a link to an import") + "/batch/".len();
    page.text[at..].split('"').next().expect("a quote").to_owned()
}

/// What a browser would send of the form that goes to `action`.
fn form(html: &str, action: &str) -> Vec<(String, String)> {
    let begin = html.find(&format!("action=\"{action}\"")).expect("the form");
    let html = &html[begin..begin + html[begin..].find("</form>").expect("its end")];
    let mut fields = Vec::new();
    let mut select: Option<String> = None;
    let mut first = true;
    for tag in html.split('<').skip(1).filter_map(|piece| piece.split('>').next()) {
        let get = |name: &str| {
            let mark = format!("{name}=\"");
            let at = tag.find(&format!(" {mark}"))? + 1 + mark.len();
            Some(plain(&tag[at..at + tag[at..].find('"')?]))
        };
        if tag.starts_with("select") {
            select = get("name");
            first = true;
        } else if tag.starts_with("/select") {
            select = None;
        } else if tag.starts_with("option") {
            let Some(name) = &select else { continue };
            let is_own = tag.ends_with(" selected");
            if is_own && !first {
                fields.retain(|(own, _): &(String, String)| own != name);
            }
            if is_own || first {
                fields.push((name.clone(), get("value").unwrap_or_default()));
            }
            first = false;
        } else if tag.starts_with("input") {
            let is_off = get("type").as_deref() == Some("checkbox") && !tag.ends_with(" checked");
            if let Some(name) = get("name").filter(|_| !is_off) {
                fields.push((name, get("value").unwrap_or_default()));
            }
        }
    }
    fields
}

/// A value as it was before it was escaped.
fn plain(text: &str) -> String {
    [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
