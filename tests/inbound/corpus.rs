//! What each sample means, and how its delivery is found.

use back_office_brief::mail::inbound::{Clue, What, read};

use crate::samples::{DELIVERY, TOKEN, all, ours, read_sample, sample};

/// Name, what it means, the code that decided, and how its delivery is found: by the `token` of the
/// bounce address, by an `id`, or not.
const TABLE: &[(&str, &str, &str, &str)] = &[
    ("answer-outlook", "auto_reply", "", ""),
    ("answer-read-receipt", "auto_reply", "", ""),
    ("answer-vacation", "auto_reply", "", ""),
    ("arf-dmarc-failure", "unclear", "", ""),
    ("arf-headers-only", "complaint", "", "id"),
    ("arf-hotmail", "complaint", "", "token"),
    ("arf-not-spam", "unclear", "", ""),
    ("arf-opt-out", "complaint", "", "token"),
    ("arf-redacted", "complaint", "", ""),
    ("arf-yahoo", "complaint", "", "id"),
    ("dovecot-lda-full", "soft", "5.2.2", "token"),
    ("dovecot-lmtp-full", "soft", "5.2.2", "token"),
    ("dovecot-sieve-reject", "auto_reply", "", ""),
    ("envelope-id-only", "hard", "5.1.1", "id"),
    ("exchange-2003", "hard", "5.1.1", "token"),
    ("exchange-2016", "hard", "5.1.1", "token"),
    ("exchange-55", "hard", "5.0.0", "token"),
    ("exchange-text", "hard", "5.1.1", "token"),
    ("exim-full", "soft", "5.0.0", "token"),
    ("exim-report", "hard", "5.1.1", "token"),
    ("exim-text", "hard", "5.1.1", "token"),
    ("exim-unrouteable", "soft", "5.0.0", "token"),
    ("exim-warning", "delayed", "4.7.1", "token"),
    ("expanded-partly", "delivered", "2.0.0", "token"),
    ("gateway-mixed", "hard", "5.2.1", "token"),
    ("gmail-delayed", "delayed", "4.4.1", "token"),
    ("gmail-disabled", "hard", "5.2.1", "token"),
    ("gmail-full", "soft", "5.2.2", "token"),
    ("gmail-no-such-user", "hard", "5.1.1", "token"),
    ("gmail-old", "hard", "5.1.1", "token"),
    ("gmail-rate", "soft", "5.2.1", "token"),
    ("gmail-unauthenticated", "sender", "5.7.26", "token"),
    ("human-forwards-a-report", "unclear", "", ""),
    ("human-quotes-a-bounce", "unclear", "", ""),
    ("icloud-no-user", "hard", "5.1.1", "token"),
    ("icloud-policy", "sender", "5.7.1", "token"),
    ("ironport-unknown", "hard", "5.0.0", "token"),
    ("james-no-mailbox", "hard", "5.1.1", "token"),
    ("message-id-only", "hard", "5.1.1", "id"),
    ("mimecast-invalid", "hard", "5.0.0", "token"),
    ("office365-access-denied", "soft", "5.4.1", "token"),
    ("office365-authentication", "sender", "5.7.515", "token"),
    ("office365-full", "soft", "5.2.2", "token"),
    ("office365-not-found", "hard", "5.1.10", "token"),
    ("postfix-blocklist", "sender", "5.7.1", "token"),
    ("postfix-delayed", "delayed", "4.4.1", "token"),
    ("postfix-expired", "soft", "4.4.1", "token"),
    ("postfix-no-such-domain", "soft", "5.4.4", "token"),
    ("postfix-null-mx", "hard", "5.1.0", "token"),
    ("postfix-old", "hard", "5.1.1", "token"),
    ("postfix-relayed", "delivered", "2.0.0", "token"),
    ("postfix-unknown-user", "hard", "5.1.1", "token"),
    ("proofpoint-invalid", "hard", "5.1.1", "token"),
    ("qmail-no-host", "hard", "5.1.2", "token"),
    ("qmail-no-mailbox", "hard", "5.1.1", "token"),
    ("qmail-quota", "soft", "5.2.2", "token"),
    ("qmail-remote-policy", "sender", "5.7.1", "token"),
    ("report-of-another-system", "hard", "5.1.1", ""),
    ("report-without-an-action", "unclear", "", ""),
    ("sendmail-old", "hard", "5.0.0", "token"),
    ("sendmail-report", "hard", "5.1.1", "token"),
    ("sendmail-warning", "delayed", "4.4.1", "token"),
    ("ses-no-such-user", "hard", "5.1.1", "token"),
    ("ses-suppressed", "hard", "5.1.1", "token"),
    ("spam-to-the-bounce-address", "unclear", "", ""),
    ("utf8-report", "soft", "5.1.1", "token"),
    ("yahoo-deferred", "sender", "4.7.0", "token"),
    ("yahoo-disabled", "hard", "5.0.0", "token"),
    ("yahoo-old", "hard", "5.0.0", "token"),
    ("zimbra-no-user", "hard", "5.1.1", "token"),
];

#[test]
fn every_sample_means_what_the_table_says() {
    let found: Vec<(String, String, String, String)> = all()
        .into_iter()
        .map(|(name, octets)| {
            let inbound = read(&octets, &ours());
            let finding = inbound.finding(Some("anna@client.example"));
            let status = finding.status.map(|status| status.to_string()).unwrap_or_default();
            let clue = match inbound.clues.first() {
                Some(Clue::Token(token)) if token == TOKEN => "token",
                Some(Clue::Delivery(id)) if id == DELIVERY => "id",
                Some(other) => panic!("{name}: {other:?}"),
                None => "",
            };
            (name, finding.meaning.to_string(), status, clue.to_owned())
        })
        .collect();
    for (found, wanted) in found.iter().zip(TABLE) {
        let (name, meaning, status, clue) = found;
        assert_eq!((name.as_str(), meaning.as_str(), status.as_str(), clue.as_str()), *wanted);
    }
    assert_eq!(found.len(), TABLE.len());
}

#[test]
fn line_ends_a_pipe_and_a_second_way_make_no_other_message() {
    for (name, octets) in all() {
        let text = String::from_utf8(octets).expect("the samples are text");
        let one = read(text.as_bytes(), &ours());
        let piped = format!("From MAILER-DAEMON  Mon Nov 23 13:00:05 2026\n{text}");
        let wire = text.replace('\n', "\r\n");
        let again = format!("Received: by another.example\nX-Seen: 1\n{text}");
        for other in [&piped, &wire, &again] {
            let other = read(other.as_bytes(), &ours());
            assert_eq!((&other.what, &other.clues), (&one.what, &one.clues), "{name}");
            assert_eq!(other.digest, one.digest, "{name}");
        }
    }
}

#[test]
fn no_two_samples_are_one_message() {
    let mut digests: Vec<String> = all().iter().map(|(_, o)| read(o, &ours()).digest).collect();
    let n_samples = digests.len();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), n_samples);
}

#[test]
fn a_recipient_of_ours_decides_before_the_others() {
    let inbound = read_sample("expanded-partly");
    let of = |address| inbound.finding(address).meaning.to_string();
    assert_eq!(of(None), "delivered");
    assert_eq!(of(Some("former@client.example")), "hard");
    assert_eq!(of(Some("FORMER@client.example")), "hard");
    let inbound = read_sample("utf8-report");
    let of = |address| inbound.finding(address).meaning.to_string();
    assert_eq!(of(Some("jörg@client.example")), "hard");
    assert_eq!(of(Some("anna@client.example")), "soft", "of another address it counts only");
    assert_eq!(of(None), "hard");
}

#[test]
fn all_that_a_report_says_is_read() {
    let What::Report(recipients) = read_sample("postfix-unknown-user").what else {
        panic!("no report");
    };
    let [one] = recipients.as_slice() else { panic!("{recipients:?}") };
    assert_eq!(one.final_recipient.as_deref(), Some("anna@client.example"));
    assert_eq!(one.original_recipient.as_deref(), Some("anna@client.example"));
    assert_eq!(one.said.code, Some(550));
    assert!(one.words.contains("User unknown in virtual mailbox table"), "{}", one.words);
    let shown = format!("{recipients:?}");
    assert!(!shown.contains("anna"), "a debug line shows no address: {shown}");
}

#[test]
fn anything_at_all_is_read_without_a_panic() {
    let long = sample("gmail-full").repeat(2_000);
    for octets in [&b""[..], b"\n", b"From ", b"From x\n", b"\0\xff\xfe", &long] {
        assert!(read(octets, &ours()).clues.len() < 10);
    }
}
