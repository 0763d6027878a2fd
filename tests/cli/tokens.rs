//! `brief tokens`: made and shown once, listed without what opens, revoked.

use crate::support::{Place, northfield};

#[test]
fn a_token_is_printed_once_and_listed_without_what_opens() {
    let place = Place::new();
    northfield(&place);
    let made = place.run(&[
        "tokens",
        "add",
        "tickets",
        "--scope",
        "write:gaps",
        "--scope",
        "read:facts",
        "--organization",
        "northfield",
    ]);
    assert_eq!(made.code, 0, "{}", made.err);
    let (told, token) = made.out.trim_end().rsplit_once('\n').expect("a sentence, then the token");
    assert!(token.starts_with("bob_") && !token.contains(' '), "{token}");
    assert!(told.contains("write:gaps read:facts") && told.contains("only time"), "{told}");
    let quiet = place
        .run(&["tokens", "add", "other", "--scope", "read", "--expires", "12h", "--quiet"])
        .out;
    assert!(quiet.starts_with("bob_") && quiet.lines().count() == 1, "for a script: {quiet}");
    let listed = place.json(&["tokens", "--json"]);
    let of = |name: &str| {
        listed.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone()
    };
    assert_eq!(
        (&of("tickets")["organization"], &of("tickets")["state"]),
        (&"northfield".into(), &"good".into())
    );
    assert_eq!(of("other")["organization"], serde_json::Value::Null);
    let table = place.run(&["tokens", "list"]).out;
    assert!(
        table.contains("never") && !table.contains(token) && !listed.to_string().contains(token)
    );
    assert_eq!(place.run(&["tokens", "revoke", "tickets"]).code, 0);
    assert!(place.run(&["tokens", "revoke", "tickets"]).out.contains("already"));
    let after = place.json(&["tokens", "--json"]);
    assert!(after.to_string().contains("revoked"), "{after}");
}

#[test]
fn what_makes_no_token_is_said() {
    let place = Place::new();
    for (line, code, told) in [
        ("tokens add a", 2, "--scope"),
        ("tokens add a --scope read:everything", 1, "read:RESOURCE"),
        ("tokens add a --scope write:facts", 1, "facts (read only)"),
        ("tokens add a --scope read --expires 90", 2, "90d or 12h"),
        ("tokens add a --scope read --expires 800d", 1, "731 days"),
        ("tokens add a --scope read --organization nowhere", 1, "brief organizations"),
        ("tokens revoke nothing", 1, "brief tokens list"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = place.run(&words);
        assert_eq!(ran.code, code, "{line}: {}", ran.err);
        assert!(ran.err.contains(told), "{line}: {}", ran.err);
        assert_eq!(ran.out, "", "{line}");
    }
}
