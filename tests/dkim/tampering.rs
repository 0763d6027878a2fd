//! What somebody on the way might add or change, and both signatures notice.

use crate::keys::both;
use crate::receiver::passes;
use crate::signing::signed;

#[test]
fn a_field_that_is_added_breaks_both_signatures_wherever_it_stands() {
    let (message, zone) = signed(&both());
    let text = String::from_utf8(message).unwrap();
    assert_eq!(passes(text.as_bytes(), &zone), [true, true]);
    for added in [
        "From: Somebody Else <else@other.example>",
        "Subject: Your invoice",
        "To: everybody@other.example",
        "Date: Mon, 30 Nov 2026 06:00:00 +0000",
        "Reply-To: else@other.example",
        "Message-ID: <2@other.example>",
        "MIME-Version: 1.0",
        "Content-Type: text/html",
        "List-Unsubscribe: <https://other.example/u>",
        "list-unsubscribe-post: List-Unsubscribe=One-Click",
        "List-Id: <other.example>",
        "List-Help: <https://other.example/>",
        "Auto-Submitted: no",
        "Feedback-ID: a:b:c:other",
    ] {
        let above = format!("{added}\r\n{text}");
        let below = text.replacen("\r\n\r\n", &format!("\r\n{added}\r\n\r\n"), 1);
        for tampered in [above, below] {
            assert_eq!(passes(tampered.as_bytes(), &zone), [false, false], "{added}");
        }
    }
}

#[test]
fn a_field_that_is_changed_or_taken_away_breaks_both_signatures() {
    let (message, zone) = signed(&both());
    let text = String::from_utf8(message).unwrap();
    for (was, is) in [
        ("weekly@brief.example", "weekly@other.example"),
        ("3 weeks late", "on time"),
        ("https://brief.example/u/", "https://other.example/u/"),
        ("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", ""),
        ("Auto-Submitted: auto-generated\r\n", ""),
        ("multipart/alternative", "text/plain"),
    ] {
        let tampered = text.replacen(was, is, 1);
        assert_ne!(tampered, text, "{was}");
        assert_eq!(passes(tampered.as_bytes(), &zone), [false, false], "{was}");
    }
}

#[test]
fn a_changed_body_breaks_both_signatures() {
    let (message, zone) = signed(&both());
    let text = String::from_utf8(message).unwrap();
    let (header, body) = text.split_once("\r\n\r\n").unwrap();
    let changed = body.replacen("Hello", "Hallo", 1);
    assert_ne!(changed, body);
    for tampered in [changed, format!("{body}P.S. Pay here.\r\n"), String::new()] {
        let tampered = format!("{header}\r\n\r\n{tampered}");
        assert_eq!(passes(tampered.as_bytes(), &zone), [false, false]);
    }
}

#[test]
fn another_key_under_the_same_name_does_not_pass() {
    let (message, zone) = signed(&both());
    let ed25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    zone.publish("spring-ed25519._domainkey.brief.example", ed25519);
    assert_eq!(passes(&message, &zone), [true, false]);
}
