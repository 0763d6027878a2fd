//! A mail's HTML as a light or as a dark reader would see it.
//!
//! A page cannot tell a frame which colour scheme to prefer, and there is no script here that
//! could. So the one condition is decided beforehand: in the copy that is shown, the mail's own
//! `prefers-color-scheme` queries are replaced by one that always or never holds. Nothing else of
//! the mail is touched, and the stored file is not touched at all.

/// How the reader's device is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Dark text on a light ground.
    Light,
    /// Light text on a dark ground.
    Dark,
}

impl Look {
    /// The word in a URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the word; anything else is light.
    #[must_use]
    pub fn parse(text: Option<&str>) -> Self {
        match text {
            Some("dark") => Self::Dark,
            _ => Self::Light,
        }
    }
}

/// Links open beside the viewer, not inside the small frame.
const BASE: &str = "<base target=\"_blank\">";

/// The HTML with its colour-scheme queries decided.
#[must_use]
pub fn decided(html: &str, look: Look) -> String {
    let mut shown = String::with_capacity(html.len() + 128);
    let mut rest = html;
    while let Some((before, query, after)) = next_query(rest) {
        shown.push_str(before);
        // Both are complete media conditions, so they also stand behind an `and`.
        shown.push_str(if query == look { "(min-width: 0)" } else { "(max-width: 0)" });
        rest = after;
    }
    shown.push_str(rest);
    let pinned = format!("<style>:root{{color-scheme:only {}}}</style>", look.as_str());
    insert_into_head(shown, &format!("{BASE}{pinned}"))
}

/// The first `(prefers-color-scheme: …)`: what stands before, what it asks for, what stands after.
fn next_query(html: &str) -> Option<(&str, Look, &str)> {
    let mut from = 0;
    while let Some(found) = html[from..].find("(prefers-color-scheme") {
        let at = from + found;
        let end = at + html[at..].find(')')? + 1;
        let asked = html[at..end].split(':').nth(1).unwrap_or_default();
        let look = match asked.trim_end_matches(')').trim() {
            "dark" => Some(Look::Dark),
            "light" => Some(Look::Light),
            _ => None,
        };
        match look {
            Some(look) => return Some((&html[..at], look, &html[end..])),
            None => from = end,
        }
    }
    None
}

/// Puts `addition` at the end of the head; at the very beginning where there is no head.
fn insert_into_head(mut html: String, addition: &str) -> String {
    let at = html.find("</head>").unwrap_or_default();
    html.insert_str(at, addition);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "<head><style>@media (prefers-color-scheme: dark){a{color:red}}\
        @media screen and (prefers-color-scheme:light){b{color:blue}}</style></head><p>(prefers-color-scheme</p>";

    #[test]
    fn the_query_that_fits_always_holds_and_the_other_never() {
        let dark = decided(MAIL, Look::Dark);
        assert!(dark.contains("@media (min-width: 0){a{color:red}}"), "{dark}");
        assert!(dark.contains("screen and (max-width: 0){b{color:blue}}"), "{dark}");
        let light = decided(MAIL, Look::Light);
        assert!(light.contains("@media (max-width: 0){a{color:red}}"), "{light}");
        assert!(light.contains("color-scheme:only light"), "{light}");
        assert!(light.ends_with("<p>(prefers-color-scheme</p>"), "{light}");
    }

    #[test]
    fn a_mail_without_a_head_is_shown_too() {
        assert!(decided("hello", Look::Dark).ends_with("hello"));
    }
}
