//! Key files: which are taken, and what is said of the others.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use back_office_brief::clock::chance;
use back_office_brief::domain::address::Domain;
use back_office_brief::mail::dkim::{Algorithm, Key, KeyError, Record, Selector, Usage, generate};
use rsa::PrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::LineEnding;
use secrecy::ExposeSecret;
use tempfile::TempDir;

/// A new RSA key as text; one for the whole run, since it takes its time.
pub fn rsa_text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| generate::rsa(&mut chance()).expect("a key").expose_secret().to_owned())
}

pub fn ed25519_text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| generate::ed25519(&mut chance()).expect("a key").expose_secret().to_owned())
}

/// Writes a key file that only its owner may read.
pub fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    mode(&file, 0o600);
    file
}

pub fn mode(file: &Path, mode: u32) {
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

pub fn read(file: &Path, selector: &str, usage: Usage) -> Result<Key, KeyError> {
    let domain = Domain::parse("brief.example").expect("a domain");
    Key::read(file, Selector::parse(selector).expect("a selector"), domain, usage)
}

/// One key of each kind, both signing.
pub fn both() -> Vec<Key> {
    let folder = TempDir::new().unwrap();
    let rsa = written(folder.path(), "rsa.pem", rsa_text());
    let ed25519 = written(folder.path(), "ed25519.pem", ed25519_text());
    let read = |file, selector| read(file, selector, Usage::Sign).expect("a key");
    vec![read(&rsa, "spring-rsa"), read(&ed25519, "spring-ed25519")]
}

#[test]
fn both_forms_of_an_rsa_key_are_one_key() {
    let folder = TempDir::new().unwrap();
    let own = PrivateKey::new(&mut chance(), 2048).unwrap();
    let pkcs1 = own.to_pkcs1_pem(LineEnding::CRLF).unwrap();
    let pkcs8 = rsa::pkcs8::EncodePrivateKey::to_pkcs8_pem(&own, LineEnding::LF).unwrap();
    let commented = format!("Bag Attributes: none\n{}", pkcs8.as_str());
    let public: Vec<Vec<u8>> = [pkcs1.as_str(), pkcs8.as_str(), &commented]
        .iter()
        .map(|text| {
            let key = read(&written(folder.path(), "k.pem", text), "s", Usage::Sign).unwrap();
            assert_eq!(key.algorithm(), Algorithm::Rsa { bits: 2048 });
            key.public().to_vec()
        })
        .collect();
    assert!(public.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_file_that_others_may_read_is_refused_until_they_may_not() {
    let folder = TempDir::new().unwrap();
    let file = written(folder.path(), "k.pem", ed25519_text());
    for open in [0o644, 0o604, 0o601, 0o660, 0o666, 0o602] {
        mode(&file, open);
        let error = read(&file, "s", Usage::Sign).unwrap_err();
        assert_eq!(error, KeyError::Exposed(open));
        assert!(error.to_string().contains(&format!("mode {open:04o}); run chmod 600")), "{error}");
    }
    for kept in [0o600, 0o400, 0o640, 0o440] {
        mode(&file, kept);
        assert!(read(&file, "s", Usage::Sign).is_ok(), "{kept:o}");
    }
}

#[test]
fn what_is_no_key_of_ours_is_told_apart() {
    let folder = TempDir::new().unwrap();
    let of = |text: &str| {
        let file = written(folder.path(), "k.pem", text);
        read(&file, "s", Usage::Sign).unwrap_err()
    };
    let short = PrivateKey::new(&mut chance(), 1024).unwrap().to_pkcs1_pem(LineEnding::LF).unwrap();
    let error = of(&short);
    assert_eq!(error, KeyError::Bits(1024));
    assert!(error.to_string().contains("1024 bits; use one of 2048 to 4096"), "{error}");
    let curve = rcgen::KeyPair::generate().unwrap().serialize_pem();
    assert_eq!(of(&curve), KeyError::Kind);
    for none in ["", "nonsense", "-----BEGIN PRIVATE KEY-----\n", "\u{fffd}"] {
        assert_eq!(of(none), KeyError::NoPem, "{none:?}");
    }
    let public = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
    assert_eq!(of(public), KeyError::NoPem);
    let locked = rsa_text().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    assert_eq!(of(&locked), KeyError::Encrypted);
    let cut = ed25519_text().replacen("MC4C", "MC8C", 1);
    let error = of(&cut);
    assert!(matches!(error, KeyError::Damaged(_)), "{error}");
    let gone = read(&folder.path().join("gone.pem"), "s", Usage::Sign).unwrap_err();
    assert!(gone.to_string().starts_with("cannot be read (No such file"), "{gone}");
    let folder = read(folder.path(), "s", Usage::Sign).unwrap_err();
    assert!(folder.to_string().starts_with("cannot be read (it is no file)"), "{folder}");
}

#[test]
fn a_key_shows_nothing_that_is_secret() {
    let shown = format!("{:?}", both());
    let secret: Vec<&str> = rsa_text().lines().chain(ed25519_text().lines()).collect();
    assert!(shown.contains("spring-rsa") && shown.contains("RSA-2048"), "{shown}");
    assert!(secret.iter().all(|line| !shown.contains(line)), "{shown}");
}

#[test]
fn a_record_is_cut_into_strings_that_make_it_whole_again() {
    let keys = both();
    let rsa = Record::of(&keys[0]);
    assert_eq!(rsa.name, "spring-rsa._domainkey.brief.example");
    assert!(rsa.value.starts_with("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"));
    let strings = rsa.strings();
    assert_eq!((strings.len(), strings[0].len()), (2, 255));
    assert_eq!(strings.concat(), rsa.value);
    assert_eq!(
        rsa.zone_line(),
        format!("{}. IN TXT ( \"{}\" \"{}\" )", rsa.name, strings[0], strings[1])
    );
    let ed25519 = Record::of(&keys[1]);
    assert!(ed25519.value.starts_with("v=DKIM1; k=ed25519; p="), "{}", ed25519.value);
    assert_eq!((ed25519.value.len(), ed25519.strings().len()), (22 + 44, 1));
}
