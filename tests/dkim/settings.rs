//! `mail.dkim` as it is written, and what is said when it cannot be used.

use std::path::Path;

use back_office_brief::config::{ConfigError, Settings, Sources, load};
use back_office_brief::mail::dkim::Usage;
use tempfile::TempDir;

use crate::keys::{ed25519_text, mode, rsa_text, written};

/// A folder with one key of each kind, and `brief.toml` in it.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    written(folder.path(), "rsa.pem", rsa_text());
    written(folder.path(), "ed25519.pem", ed25519_text());
    folder
}

fn of_file(folder: &Path, text: &str) -> Result<Settings, ConfigError> {
    let text = text.replace("DIR", &folder.display().to_string());
    let file = written(folder, "brief.toml", &format!("[mail]\nfrom = \"a@b.example\"\n{text}"));
    load(&Sources { file: Some(file), environment: Vec::new() })
}

fn of_variable(folder: &Path, list: &str) -> Result<Settings, ConfigError> {
    let list = list.replace("DIR", &folder.display().to_string());
    let environment = vec![("BRIEF__MAIL__DKIM".to_owned(), list)];
    let file = Some(written(
        folder,
        "brief.toml",
        &format!("[[mail.dkim]]\nselector = \"file\"\nkey = \"{}/rsa.pem\"\n", folder.display()),
    ));
    load(&Sources { file, environment })
}

fn shown(settings: &Settings) -> Vec<String> {
    settings.mail.dkim.iter().map(|key| format!("{key:?}")).collect()
}

#[test]
fn keys_are_read_with_their_names_and_uses() {
    let folder = folder();
    let settings = of_file(
        folder.path(),
        "[[mail.dkim]]\nselector = \"Spring\"\nkey = \"DIR/rsa.pem\"\n\
         [[mail.dkim]]\nselector = \"e\"\nkey = \"DIR/ed25519.pem\"\ndomain = \"mail.b.example\"\n\
         [[mail.dkim]]\nselector = \"old\"\nkey = \"DIR/rsa.pem\"\nuse = \"published\"\n",
    )
    .unwrap();
    let dir = folder.path().display();
    let wanted = [
        format!("Key(spring, b.example, Sign, RSA-2048, {dir}/rsa.pem)"),
        format!("Key(e, mail.b.example, Sign, Ed25519, {dir}/ed25519.pem)"),
        format!("Key(old, b.example, Published, RSA-2048, {dir}/rsa.pem)"),
    ];
    assert_eq!(shown(&settings), wanted);
    assert!(Settings::built_in().mail.dkim.is_empty());
}

#[test]
fn the_variable_takes_the_place_of_the_whole_list() {
    let folder = folder();
    let none = of_variable(folder.path(), "[]").unwrap();
    assert!(none.mail.dkim.is_empty());
    let one = "[{ selector = \"e\", key = \"DIR/ed25519.pem\", use = \"published\" }]";
    let one = of_variable(folder.path(), one).unwrap();
    assert_eq!(one.mail.dkim.len(), 1);
    assert_eq!(one.mail.dkim[0].usage, Usage::Published);
    for (list, told) in [
        ("selector=a", "BRIEF__MAIL__DKIM: mail.dkim: this is not a list in TOML"),
        ("nonsense", "write it as [{ name = \"value\" }"),
        ("\"a.pem\"", "it must be a list of tables: write [[mail.dkim]] above each of them"),
        ("[\"a.pem\"]", "it must be a list of tables"),
        ("[{ selector = \"a\" }]", "entry 1 cannot be used; it lacks key; add key = \"...\""),
        ("[{}]", "entry 1 cannot be used; it lacks selector"),
    ] {
        let text = of_variable(folder.path(), list).unwrap_err().to_string();
        assert!(text.contains("environment variable BRIEF__MAIL__DKIM: "), "{text}");
        assert!(text.contains(told), "{told}\nis not in\n{text}");
    }
}

#[test]
fn every_problem_is_told_with_its_line_and_entry() {
    let folder = folder();
    let error = of_file(
        folder.path(),
        "[[mail.dkim]]\nselector = \"a b\"\nkey = 3\n\
         [[mail.dkim]]\nselector = \"c\"\nkey = \"DIR/gone.pem\"\ncolour = \"red\"\n\
         [[mail.dkim]]\nselector = \"d\"\nkey = \"DIR/rsa.pem\"\ndomain = \"other.example\"\nuse = \"never\"\n",
    )
    .unwrap_err();
    let text = error.to_string();
    for told in [
        "line 4: mail.dkim: entry 1 cannot be used; its selector must be letters, digits and hyphens",
        "line 5: mail.dkim: entry 1 cannot be used; its key must be text in quotes",
        "line 6: mail.dkim: entry 2 cannot be used; its key ",
        "/gone.pem cannot be read (No such file or directory (os error 2)); name a key file that",
        "line 9: mail.dkim: entry 2 cannot be used; it has a key \"colour\"; the keys are selector, \
         key, domain, use",
        "line 13: mail.dkim: entry 3 cannot be used; its domain must be b.example, the domain of \
         mail.from, or one above or below it",
        "line 14: mail.dkim: entry 3 cannot be used; its use must be one of \"sign\", \"published\"",
    ] {
        assert!(text.contains(told), "{told}\nis not in\n{text}");
    }
    assert_eq!(error.problems().len(), 6, "{text}");
}

#[test]
fn a_key_that_cannot_sign_is_refused_with_its_file() {
    let folder = folder();
    let one = "[[mail.dkim]]\nselector = \"a\"\nkey = \"DIR/rsa.pem\"\n";
    mode(&folder.path().join("rsa.pem"), 0o644);
    let text = of_file(folder.path(), one).unwrap_err().to_string();
    assert!(text.contains("/rsa.pem may be read or changed by others (mode 0644)"), "{text}");
    written(folder.path(), "rsa.pem", "no key");
    let text = of_file(folder.path(), one).unwrap_err().to_string();
    assert!(text.contains("/rsa.pem holds no private key in PEM form"), "{text}");
    let text = of_file(folder.path(), "dkim = \"DIR/rsa.pem\"\n").unwrap_err().to_string();
    assert!(
        text.contains("line 3: mail.dkim: the value cannot be used; it must be a list"),
        "{text}"
    );
    let table = "[mail.dkim]\nselector = \"a\"\n";
    let text = of_file(folder.path(), table).unwrap_err().to_string();
    assert!(text.contains("write [[mail.dkim]] above each of them"), "{text}");
}

#[test]
fn one_name_publishes_one_key_and_one_key_of_a_kind_signs() {
    let folder = folder();
    let two = |first: &str, second: &str| {
        let entry =
            |selector| format!("[[mail.dkim]]\nselector = \"{selector}\"\nkey = \"DIR/rsa.pem\"\n");
        of_file(folder.path(), &format!("{}{}use = \"sign\"\n", entry(first), entry(second)))
            .unwrap_err()
            .to_string()
    };
    let text = two("a", "A");
    assert!(text.contains("line 6: mail.dkim: entry 2"), "{text}");
    assert!(text.contains("its selector stands in an earlier entry"), "{text}");
    let text = two("a", "b");
    assert!(text.contains("it signs with rsa as an earlier entry does"), "{text}");
    let long = format!("{}.{}", "a".repeat(63), ["b"; 90].join("."));
    let entry = format!("[[mail.dkim]]\nselector = \"{long}\"\nkey = \"DIR/rsa.pem\"\n");
    let text = of_file(folder.path(), &entry).unwrap_err().to_string();
    assert!(text.contains("too long together; shorten the selector"), "{text}");
}
