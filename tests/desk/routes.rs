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
    /// Everybody who is signed in; who works for nobody is led on.
    SignedIn,
}

/// One page: as it is routed, an address that it has in the tests' house, and who may.
pub struct Route {
    pub pattern: &'static str,
    pub address: &'static str,
    pub may: May,
    /// Whether it takes forms.
    pub has_form: bool,
}

const fn route(pattern: &'static str, address: &'static str, may: May, has_form: bool) -> Route {
    Route { pattern, address, may, has_form }
}

/// The list.
pub const ROUTES: &[Route] = &[
    route("/desk", "/desk", May::SignedIn, false),
    route("/desk/round", "/desk/round", May::WorkAnywhere, true),
    route("/desk/nudges", "/desk/nudges", May::WorkAnywhere, true),
    route("/desk/c/{slug}", "/desk/c/northfield", May::Work, false),
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
