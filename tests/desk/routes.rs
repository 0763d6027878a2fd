//! Every page of those who sign in, in one list: who may open it, and what it answers to whom.
//!
//! A page that is added under `/desk` joins [`ROUTES`]; a test reads the sources and says so.

use std::path::Path;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// Everybody who works for Northfield. Its readers are told that they only read; for all others there
    /// is no such page.
    Work,
    /// Whoever works for anybody.
    WorkAnywhere,
    /// Whoever has clients of their own; the operator who has none finds nothing.
    WithClients,
    /// Everybody who is signed in; who works for nobody is led on.
    SignedIn,
    /// Whoever runs the service.
    Operate,
    /// Somebody of those who may work at Northfield: whose it is. To the operator it is not there.
    Own,
    /// The same of those who run the service.
    OperateOwn,
}

/// One page: as it is routed, an address that it has in the tests' house, and who may.
pub struct Route {
    pub pattern: &'static str,
    pub address: &'static str,
    pub may: May,
    /// Whether it takes forms.
    pub has_form: bool,
}

impl Route {
    /// Whether it answers a mail for a frame, and not a page of ours.
    pub fn is_mail(&self) -> bool {
        self.pattern.ends_with("/mail")
    }

    /// Whether it is a page in a house in which nobody made a session, an edition, an upload or an import,
    /// for who works for Northfield.
    pub fn is_plain(&self) -> bool {
        let made = ["{session}", "{edition}", "{upload}", "{batch}"];
        let is_made = made.iter().any(|made| self.pattern.contains(made));
        !is_made && !self.is_mail() && self.may != May::Operate
    }
}

const fn route(pattern: &'static str, address: &'static str, may: May, has_form: bool) -> Route {
    Route { pattern, address, may, has_form }
}

/// The list.
pub const ROUTES: &[Route] = &[
    route("/desk", "/desk", May::SignedIn, false),
    route("/desk/brand", "/desk/brand", May::WorkAnywhere, true),
    route("/desk/round", "/desk/round", May::WorkAnywhere, true),
    route("/desk/nudges", "/desk/nudges", May::WorkAnywhere, true),
    route("/desk/review", "/desk/review", May::WorkAnywhere, false),
    route("/desk/preview", "/desk/preview", May::WorkAnywhere, true),
    route("/desk/preview/mail", "/desk/preview/mail?date=2026-11-24", May::WithClients, false),
    route("/desk/c/{slug}", "/desk/c/northfield", May::Work, true),
    route("/desk/c/{slug}/review", "/desk/c/northfield/review", May::Work, true),
    route(
        "/desk/c/{slug}/review/{edition}",
        "/desk/c/northfield/review/edition-1",
        May::Work,
        true,
    ),
    route(
        "/desk/c/{slug}/review/{edition}/mail",
        "/desk/c/northfield/review/edition-1/mail",
        May::Work,
        false,
    ),
    route("/desk/c/{slug}/preview", "/desk/c/northfield/preview", May::Work, true),
    route("/desk/c/{slug}/preview/mail", "/desk/c/northfield/preview/mail", May::Work, false),
    route("/desk/c/{slug}/gaps/new", "/desk/c/northfield/gaps/new", May::Work, true),
    route("/desk/c/{slug}/gaps/{gap}", "/desk/c/northfield/gaps/NORTHFIELD-G1", May::Work, true),
    route("/desk/c/{slug}/grid", "/desk/c/northfield/grid", May::Work, true),
    route(
        "/desk/c/{slug}/grid/{implementation}/{area}",
        "/desk/c/northfield/grid/erp/billing",
        May::Work,
        true,
    ),
    route("/desk/c/{slug}/sessions", "/desk/c/northfield/sessions", May::Work, true),
    route(
        "/desk/c/{slug}/sessions/{session}",
        "/desk/c/northfield/sessions/session-1",
        May::Work,
        true,
    ),
    route("/desk/c/{slug}/implementations", "/desk/c/northfield/implementations", May::Work, true),
    route(
        "/desk/c/{slug}/implementations/{implementation}",
        "/desk/c/northfield/implementations/erp",
        May::Work,
        true,
    ),
    route("/desk/import", "/desk/import", May::Operate, true),
    route("/desk/import/{upload}", "/desk/import/upload-ops", May::OperateOwn, true),
    route("/desk/import/{upload}/diff", "/desk/import/upload-ops/diff", May::OperateOwn, true),
    route(
        "/desk/import/{upload}/map.toml",
        "/desk/import/upload-ops/map.toml",
        May::OperateOwn,
        false,
    ),
    route(
        "/desk/import/{upload}/rejects.csv",
        "/desk/import/upload-ops/rejects.csv",
        May::OperateOwn,
        false,
    ),
    route("/desk/import/batch/{batch}", "/desk/import/batch/0a20bb70-0001", May::Operate, true),
    route("/desk/c/{slug}/import", "/desk/c/northfield/import", May::Work, true),
    route("/desk/c/{slug}/import/{upload}", "/desk/c/northfield/import/upload-ana", May::Own, true),
    route(
        "/desk/c/{slug}/import/{upload}/diff",
        "/desk/c/northfield/import/upload-ana/diff",
        May::Own,
        true,
    ),
    route(
        "/desk/c/{slug}/import/{upload}/map.toml",
        "/desk/c/northfield/import/upload-ana/map.toml",
        May::Own,
        false,
    ),
    route(
        "/desk/c/{slug}/import/{upload}/rejects.csv",
        "/desk/c/northfield/import/upload-ana/rejects.csv",
        May::Own,
        false,
    ),
    route(
        "/desk/c/{slug}/import/batch/{batch}",
        "/desk/c/northfield/import/batch/0a20bb70-0001",
        May::Work,
        true,
    ),
];

#[test]
fn every_page_of_the_desk_is_in_the_list() {
    let mut routed = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut routed);
    routed.sort();
    let mut listed: Vec<String> = ROUTES.iter().map(|route| route.pattern.to_owned()).collect();
    listed.sort();
    assert_eq!(routed, listed, "tests/desk/routes.rs holds every route under /desk, and no other");
}

/// The patterns under `/desk` in the sources of a folder.
fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            let text = std::fs::read_to_string(&path).expect("text");
            for piece in text.split(".route(").skip(1) {
                let pattern = piece.trim_start().trim_start_matches('"').split('"').next();
                let pattern = pattern.unwrap_or_default();
                if pattern == "/desk" || pattern.starts_with("/desk/") {
                    found.push(pattern.to_owned());
                }
            }
        }
    }
}
