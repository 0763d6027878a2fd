//! Tokens and the keys they are signed with: what was not signed here is never accepted.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use back_office_brief::secrets::{
    FILE, Keyring, Purpose, SecretsError, Subject, TokenError, rotate,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const ID: &str = "01a205b3-d000-8547-befa-c20c5563d36b";

fn now() -> Timestamp {
    "2026-11-23T13:00:00Z".parse().unwrap()
}

fn subject() -> Subject {
    Subject::parse(ID).unwrap()
}

fn ring() -> Keyring {
    Keyring::with_key([7; 32])
}

#[test]
fn what_is_signed_is_read_back() {
    let ring = ring();
    for purpose in Purpose::ALL {
        let forever = ring.sign(purpose, subject(), None);
        assert_eq!(ring.verify(purpose, &forever, now()).unwrap().to_string(), ID);
        let a_day = ring.sign(purpose, subject(), Some(now() + SignedDuration::from_hours(24)));
        assert_eq!(ring.verify(purpose, &a_day, now()), Ok(subject()));
        let later = now() + SignedDuration::from_hours(24);
        assert_eq!(ring.verify(purpose, &a_day, later), Err(TokenError::Expired));
        assert_ne!(forever, a_day);
    }
}

#[test]
fn a_token_is_the_same_in_every_release() {
    // Mail that was sent before an upgrade must work after it: these never change. Made by another
    // program.
    let ring = ring();
    assert_eq!(
        ring.sign(Purpose::Unsubscribe, subject(), None),
        "AAEBAaIFs9AAhUe--sIMVWPTa58veSTopwmr2xqxAGgggw8"
    );
    assert_eq!(
        ring.sign(Purpose::Bounce, subject(), None),
        "aaaqiancawz5aaefi67pvqqmkvr5g26m3x6voc73wgjfmxzzbmemm43n"
    );
}

#[test]
fn a_token_for_one_thing_is_good_for_nothing_else() {
    let ring = ring();
    for purpose in Purpose::ALL {
        let text = ring.sign(purpose, subject(), None);
        for other in Purpose::ALL.into_iter().filter(|other| *other != purpose) {
            assert_eq!(
                ring.verify(other, &text, now()),
                Err(TokenError::Invalid),
                "{purpose:?} {other:?}"
            );
        }
    }
}

#[test]
fn a_bounce_token_fits_a_local_part_and_survives_any_case() {
    let ring = ring();
    let text = ring.sign(Purpose::Bounce, subject(), None);
    assert!(format!("b+{text}").len() <= 64, "RFC 5321 4.5.3.1.1");
    assert!(text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{text}");
    assert_eq!(ring.verify(Purpose::Bounce, &text.to_uppercase(), now()), Ok(subject()));
    let mixed: String = text
        .chars()
        .enumerate()
        .map(|(at, c)| if at % 3 == 0 { c.to_ascii_uppercase() } else { c })
        .collect();
    assert_eq!(ring.verify(Purpose::Bounce, &mixed, now()), Ok(subject()));
    let link = ring.sign(Purpose::Unsubscribe, subject(), None);
    assert_ne!(link, link.to_uppercase());
    assert!(ring.verify(Purpose::Unsubscribe, &link.to_uppercase(), now()).is_err());
}

#[test]
fn a_link_needs_no_escape() {
    let text = ring().sign(Purpose::WebCopy, subject(), Some(now()));
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{text}");
    assert!(text.len() <= 60);
}

#[test]
fn an_id_that_is_no_uuid_is_no_subject() {
    for bad in [
        "",
        "acme",
        "01A205B3-D000-8547-BEFA-C20C5563D36B",
        "01a205b3d0008547befac20c5563d36b",
        &ID[1..],
        "01a205b3-d000-8547-befa-c20c5563d3ñ",
        "01a205b3-d000-8547-befac-20c5563d36b",
    ] {
        assert_eq!(Subject::parse(bad), None, "{bad}");
    }
}

/// Marks of forms: bound to their link, and no tokens.
#[test]
fn a_form_belongs_to_its_link() {
    let (ring, other) = (ring(), Keyring::with_key([8; 32]));
    let link = ring.sign(Purpose::Preferences, subject(), None);
    let mark = ring.form_mark(&link);
    assert!(ring.is_form_mark(&link, &mark));
    let another = ring.sign(Purpose::Unsubscribe, subject(), None);
    for (ring, link, mark) in [
        (&ring, another.as_str(), mark.as_str()),
        (&other, &link, &mark),
        (&ring, &link, &mark[1..]),
        (&ring, &link, ""),
        (&ring, &link, "ñ"),
    ] {
        assert!(!ring.is_form_mark(link, mark), "{mark}");
    }
}

/// One way in which somebody may have changed a token.
#[derive(Debug, Clone)]
enum Forgery {
    /// Any text at all.
    Text(String),
    /// Characters that tokens are made of.
    Alike(String),
    /// A good one with a character replaced.
    Replaced(usize, char),
    /// A good one with one bit of what it stands for flipped: another key, another id, another time.
    Cut(usize),
    /// A good one with something behind it.
    Longer(String),
    /// The head of one, the tail of another.
    Spliced(usize),
    /// A good one of somebody else's.
    Foreign(u8),
}

fn forgeries() -> impl Strategy<Value = Forgery> {
    prop_oneof![
        any::<String>().prop_map(Forgery::Text),
        "[A-Za-z0-9_-]{0,70}".prop_map(Forgery::Alike),
        (0..56_usize, proptest::char::any()).prop_map(|(at, c)| Forgery::Replaced(at, c)),
        (0..56_usize, proptest::char::range('0', 'z')).prop_map(|(at, c)| Forgery::Replaced(at, c)),
        (0..56_usize).prop_map(Forgery::Cut),
        "[A-Za-z2-7=.]{1,8}".prop_map(Forgery::Longer),
        (1..46_usize).prop_map(Forgery::Spliced),
        (8..=255_u8).prop_map(Forgery::Foreign),
    ]
}

fn forged(forgery: &Forgery, purpose: Purpose, good: &str) -> String {
    match forgery {
        Forgery::Text(text) | Forgery::Alike(text) => text.clone(),
        Forgery::Replaced(at, c) => good
            .chars()
            .enumerate()
            .map(|(i, own)| if i == at % good.len() { *c } else { own })
            .collect(),
        Forgery::Cut(at) => good[..at % good.len()].to_owned(),
        Forgery::Longer(more) => format!("{good}{more}"),
        Forgery::Spliced(at) => {
            let other = Subject::parse("01a205b3-d000-8547-befa-c20c5563d36c").unwrap();
            let other = ring().sign(purpose, other, None);
            format!("{}{}", &good[..*at], &other[*at..])
        }
        Forgery::Foreign(key) => Keyring::with_key([*key; 32]).sign(purpose, subject(), None),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn ten_thousand_forged_tokens_are_refused(forgery in forgeries(), which in 0..5_usize) {
        let (ring, purpose) = (ring(), Purpose::ALL[which]);
        let good = ring.sign(purpose, subject(), None);
        let text = forged(&forgery, purpose, &good);
        let is_the_same = if purpose == Purpose::Bounce {
            text.eq_ignore_ascii_case(&good)
        } else {
            text == good
        };
        // A splice may put together what was whole on both sides; then it is a good one.
        let other = Subject::parse("01a205b3-d000-8547-befa-c20c5563d36c").unwrap();
        let is_the_other = text == ring.sign(purpose, other, None);
        prop_assume!(!is_the_same && !is_the_other);
        prop_assert_eq!(ring.verify(purpose, &text, now()), Err(TokenError::Invalid));
        prop_assert!(!ring.is_form_mark(&good, &text));
    }
}

#[test]
fn keys_are_made_once_and_for_their_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("deep/secrets");
    let first = Keyring::open(&dir).unwrap();
    let text = first.sign(Purpose::Unsubscribe, subject(), None);
    let mode = fs::metadata(dir.join(FILE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
    let again = Keyring::open(&dir).unwrap();
    assert_eq!(again.verify(Purpose::Unsubscribe, &text, now()), Ok(subject()));
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "nothing is left beside it");
    assert_eq!(format!("{again:?}"), "Keyring { keys: [1], .. }");
    let elsewhere = Keyring::open(&folder.path().join("other")).unwrap();
    assert!(elsewhere.verify(Purpose::Unsubscribe, &text, now()).is_err());
}

#[test]
fn many_that_start_at_once_have_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let texts: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| {
                scope.spawn(|| {
                    Keyring::open(folder.path()).unwrap().sign(Purpose::Bounce, subject(), None)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
}

#[test]
fn after_a_rotation_the_old_links_work_and_the_new_key_signs() {
    let folder = tempfile::tempdir().unwrap();
    let before = Keyring::open(folder.path()).unwrap();
    let old = before.sign(Purpose::Unsubscribe, subject(), None);
    assert_eq!(rotate(folder.path()).unwrap(), 2);
    assert_eq!(rotate(folder.path()).unwrap(), 3);
    let after = Keyring::open(folder.path()).unwrap();
    assert_eq!(after.numbers().collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(after.verify(Purpose::Unsubscribe, &old, now()), Ok(subject()));
    let new = after.sign(Purpose::Unsubscribe, subject(), None);
    assert_ne!(new, old);
    assert_eq!(before.verify(Purpose::Unsubscribe, &new, now()), Err(TokenError::Invalid));
    assert!(after.is_form_mark(&old, &before.form_mark(&old)), "a page that was open");
    let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    Keyring::open(folder.path()).unwrap();
    for mode in [0o640, 0o604, 0o620, 0o666] {
        fs::set_permissions(folder.path().join(FILE), fs::Permissions::from_mode(mode)).unwrap();
        let error = Keyring::open(folder.path()).unwrap_err();
        assert!(matches!(error, SecretsError::Open { .. }), "{error}");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
}

#[test]
fn a_damaged_file_names_the_line_and_no_key() {
    let folder = tempfile::tempdir().unwrap();
    Keyring::open(folder.path()).unwrap();
    let path = folder.path().join(FILE);
    let good = fs::read_to_string(&path).unwrap();
    let key = good.lines().last().unwrap().to_owned();
    for bad in
        [format!("{good}2 abc\n"), format!("{good}2\n"), format!("{good}65536 {}\n", &key[2..])]
    {
        fs::write(&path, &bad).unwrap();
        let error = Keyring::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("line 4") && !error.contains(&key[2..]), "{error}");
    }
    for bad in ["", "# nothing\n", &format!("{good}{key}\n")] {
        fs::write(&path, bad).unwrap();
        assert!(
            matches!(Keyring::open(folder.path()), Err(SecretsError::Damaged { .. })),
            "{bad:?}"
        );
    }
}

#[test]
fn a_rotation_that_was_cut_off_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    Keyring::open(folder.path()).unwrap();
    fs::write(folder.path().join(format!("{FILE}.new")), "half").unwrap();
    let error = rotate(folder.path()).unwrap_err();
    assert!(error.to_string().contains("remove it"), "{error}");
    assert_eq!(Keyring::open(folder.path()).unwrap().numbers().count(), 1);
}
