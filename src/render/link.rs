//! Which addresses a mail may link to, and how one is written.

use super::{Links, RenderError};
use crate::domain::percent::encoded;
use crate::domain::slots::Slot;

/// Checks every link of a frame.
pub fn check_all(links: &Links) -> Result<(), RenderError> {
    let named = [
        ("stop", links.stop.as_deref()),
        ("trend", links.trend.as_deref()),
        ("choices", links.choices.as_deref()),
        ("web_copy", links.web_copy.as_deref()),
        ("action", links.action.as_ref().map(|button| button.href.as_str())),
        ("answers", links.answers.as_deref()),
    ];
    for (name, href) in named {
        if let Some(href) = href {
            check(name, href)?;
        }
    }
    Ok(())
}

/// Refuses what is neither `https:` nor `mailto:`, nor a page on this machine, nor a slot's token.
pub fn check(name: &'static str, href: &str) -> Result<(), RenderError> {
    if is_linkable(href) { Ok(()) } else { Err(RenderError::Link { name, href: href.to_owned() }) }
}

/// Whether `href` may stand in a mail. Plain `http:` is for loopback only, where a trial runs.
pub fn is_linkable(href: &str) -> bool {
    if href
        .contains(|c: char| c.is_whitespace() || c.is_control() || c == '<' || c == '>' || c == '"')
    {
        return false;
    }
    begins_with_slot(href)
        || href.starts_with("mailto:")
        || has_host(href, "https://")
        || is_loopback(href)
}

/// Whether `href` begins with a token that is replaced by an address for each recipient.
pub fn begins_with_slot(href: &str) -> bool {
    Slot::ALL.iter().any(|slot| href.starts_with(slot.token()))
}

fn has_host(href: &str, scheme: &str) -> bool {
    href.strip_prefix(scheme)
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '['))
}

fn is_loopback(href: &str) -> bool {
    ["http://localhost", "http://127.0.0.1", "http://[::1]"]
        .iter()
        .filter_map(|host| href.strip_prefix(host))
        .any(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
}

/// A `mailto:` with a subject, percent-encoded (RFC 6068 section 2).
pub fn mailto(address: &str, subject: &str) -> String {
    format!("mailto:{}?subject={}", encoded(address, "@.+-_"), encoded(subject, "-._~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_schemes_may_be_linked() {
        for good in [
            "https://brief.example/t/abc?x=1",
            "mailto:unsubscribe+abc@brief.example?subject=unsubscribe",
            "http://127.0.0.1:8080/t",
            "http://localhost/t",
            "slot--stop--slot",
            "slot--answer--slot/gap-7/done",
        ] {
            assert!(is_linkable(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "http://brief.example/",
            "http://localhost.evil.example/",
            "https://",
            "https:///x",
            "/relative",
            "",
            "data:text/html,x",
            "slot--other--slot",
            "https://brief.example/a b",
            "https://brief.example/\u{0}",
        ] {
            assert!(!is_linkable(bad), "{bad}");
        }
    }

    #[test]
    fn the_refusal_names_the_link_and_what_to_do() {
        let error = check("trend", "ftp://x").unwrap_err().to_string();
        assert!(error.contains("trend") && error.contains("ftp://x") && error.contains("https://"));
    }

    #[test]
    fn a_mailto_cannot_be_widened_by_its_subject() {
        assert_eq!(
            mailto("help@brief.example", "Wrong number: a & b?\r\nBcc: x"),
            "mailto:help@brief.example?subject=Wrong%20number%3A%20a%20%26%20b%3F%0D%0ABcc%3A%20x"
        );
    }
}
