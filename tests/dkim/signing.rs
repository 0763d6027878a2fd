//! What is signed, and how.

use back_office_brief::mail::dkim::{Key, Record, SignError, Signer, Usage};
use jiff::Timestamp;

use crate::keys::{both, ed25519_text, read, written};
use crate::letters::{anna, letter, names_of, one_click};
use crate::receiver::{Zone, judge, passes};

pub fn now() -> Timestamp {
    "2026-11-23T13:00:00Z".parse().expect("an instant")
}

/// A letter signed with both keys, and the zone with their records.
pub fn signed(keys: &[Key]) -> (Vec<u8>, Zone) {
    let mut message = letter().build(&one_click()).expect("a message");
    Signer::of(keys).sign(&mut message, now()).expect("it signs");
    let records: Vec<Record> = keys.iter().map(Record::of).collect();
    (message, Zone::of(&records))
}

#[test]
fn a_mail_carries_two_signatures_that_pass() {
    let (message, zone) = signed(&both());
    let judged = judge(&message, &zone);
    let seen: Vec<_> = judged.iter().map(|j| (j.algorithm, j.selector.as_str())).collect();
    assert_eq!(seen, [("rsa-sha256", "spring-rsa"), ("ed25519-sha256", "spring-ed25519")]);
    for own in &judged {
        assert!(own.passes, "{own:?}");
        assert_eq!(own.domain, "brief.example");
        assert_eq!(i128::from(own.time), i128::from(now().as_second()));
        assert!(!own.has_length, "what is added behind the body would not be signed");
    }
    let text = String::from_utf8(message).unwrap();
    assert!(text.starts_with("DKIM-Signature: v=1; a=rsa-sha256; "), "{text}");
    assert_eq!(text.matches("c=relaxed/relaxed").count(), 2);
}

#[test]
fn every_field_that_counts_is_named_once_more_than_it_stands_there() {
    let (message, zone) = signed(&both());
    let wanted = [
        "From",
        "To",
        "Subject",
        "Date",
        "Reply-To",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "List-Id",
        "List-Help",
        "Auto-Submitted",
        "Feedback-ID",
    ];
    let present = names_of(&message);
    for own in judge(&message, &zone) {
        let count = |names: &[String], name: &str| {
            names.iter().filter(|own| own.eq_ignore_ascii_case(name)).count()
        };
        for name in wanted {
            assert_eq!(count(&present, name), 1, "{name} is there");
            assert_eq!(count(&own.names, name), 2, "{name} in {:?}", own.names);
        }
        assert_eq!(own.names.len(), 2 * wanted.len(), "nothing else: {:?}", own.names);
    }
    let mut plain = letter();
    (plain.list, plain.feedback, plain.reply_to) = (None, None, None);
    let mut message = plain.build(&anna()).expect("a message");
    let keys = both();
    Signer::of(&keys).sign(&mut message, now()).expect("it signs");
    let zone = Zone::of(&keys.iter().map(Record::of).collect::<Vec<_>>());
    for own in judge(&message, &zone) {
        assert!(own.passes, "{own:?}");
        for absent in ["List-Id", "Reply-To", "List-Unsubscribe-Post"] {
            let count = own.names.iter().filter(|name| *name == absent).count();
            assert_eq!(count, 1, "{absent} is signed as absent: {:?}", own.names);
        }
    }
}

#[test]
fn the_signatures_stand_first_and_the_rest_is_untouched() {
    let mut message = letter().build(&anna()).expect("a message");
    let before = message.clone();
    Signer::of(&both()).sign(&mut message, now()).expect("it signs");
    assert!(message.ends_with(&before), "what was cast follows as it was");
    let head = String::from_utf8(message[..message.len() - before.len()].to_vec()).unwrap();
    let names: Vec<&str> = head
        .split_terminator("\r\n")
        .filter(|line| !line.starts_with('\t'))
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(names, ["DKIM-Signature", "DKIM-Signature"]);
    for line in head.split_terminator("\r\n") {
        assert!(line.len() <= 78 && !line.trim().is_empty(), "{line:?}");
    }
}

#[test]
fn the_same_mail_at_the_same_time_gets_the_same_signatures() {
    let keys = both();
    assert_eq!(signed(&keys).0, signed(&keys).0);
}

#[test]
fn what_relays_may_do_on_the_way_breaks_nothing() {
    let (message, zone) = signed(&both());
    let text = String::from_utf8(message).unwrap();
    let trace = format!("Received: from a by b; Mon, 23 Nov 2026 13:00:01 +0000\r\n{text}");
    let folded = text.replacen("Subject: Go-live in", "SUBJECT:  Go-live\r\n\tin", 1);
    assert_ne!(folded, text);
    let longer = format!("{text}\r\n\r\n");
    for on_the_way in [trace, folded, longer] {
        assert_eq!(passes(on_the_way.as_bytes(), &zone), [true, true], "{on_the_way}");
    }
}

#[test]
fn letters_in_any_script_are_signed_as_they_are_written() {
    let keys = both();
    let zone = Zone::of(&keys.iter().map(Record::of).collect::<Vec<_>>());
    let mut own = letter();
    own.subject = "Готовность: 62 из 100, ещё девять недель до запуска".to_owned();
    own.text = "Grüße  mit   Abstand \n\n.dot\n\tTab\n\n\n".to_owned();
    own.html = format!("<p>{}</p>", "名前 & ünïcode  ".repeat(400));
    let mut message = own.build(&one_click()).expect("a message");
    Signer::of(&keys).sign(&mut message, now()).expect("it signs");
    assert_eq!(passes(&message, &zone), [true, true]);
    own.text = String::new();
    own.html = String::new();
    let mut message = own.build(&anna()).expect("a message");
    Signer::of(&keys).sign(&mut message, now()).expect("it signs");
    assert_eq!(passes(&message, &zone), [true, true], "nearly nothing in it");
}

#[test]
fn a_key_that_is_only_published_signs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "k.pem", ed25519_text());
    let next = read(&file, "autumn", Usage::Published).unwrap();
    let before = letter().build(&anna()).expect("a message");
    let mut message = before.clone();
    for keys in [&[][..], std::slice::from_ref(&next)] {
        Signer::of(keys).sign(&mut message, now()).expect("there is nothing to do");
        assert_eq!(message, before);
    }
    let mut keys = both();
    keys.push(next);
    let (message, zone) = signed(&keys);
    assert_eq!(passes(&message, &zone), [true, true], "two of three keys sign");
}

#[tokio::test]
async fn on_a_thread_of_its_own_it_is_the_same_and_what_is_no_mail_is_refused() {
    let signer = Signer::of(&both());
    let message = letter().build(&anna()).expect("a message");
    let mut here = message.clone();
    signer.sign(&mut here, now()).expect("it signs");
    assert_eq!(signer.sign_apart(message, now()).await.expect("it signs"), here);
    let none = signer.sign_apart(b"Subject: no body".to_vec(), now()).await;
    assert_eq!(none, Err(SignError::NoHeader));
}
