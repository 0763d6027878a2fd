//! The words that somebody agrees to. What was shown is part of the proof of consent, so each wording
//! has a name and a version, and a version that was ever shown is never edited: a new one is added.

/// Words that were shown beside a button, and what they are recorded as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording {
    /// Where they stand.
    pub form: &'static str,
    /// Which text of that form.
    pub version: &'static str,
    /// The text.
    pub text: &'static str,
}

/// Beside the field for the address on the page for everybody.
pub const REQUEST: Wording = Wording {
    form: "request",
    version: "1",
    text: "Send me the public brief by e-mail, once a week, until I stop it. Every mail has a link that \
           stops it.",
};

/// In the mail of an invitation and on its page.
pub const INVITATION: Wording = Wording {
    form: "invitation",
    version: "1",
    text: "Send me this brief by e-mail, once a week, until I stop it. Every mail has a link that stops \
           it.",
};

/// On the page of somebody who left and wants to come back.
pub const AGAIN: Wording = Wording {
    form: "again",
    version: "1",
    text: "Send me these briefs again, once a week, until I stop them. Every mail has a link that stops \
           them.",
};

/// Every wording that was ever shown.
pub const SHOWN: [Wording; 3] = [REQUEST, INVITATION, AGAIN];

/// The words of a form's version, for whoever has to show what was agreed to.
#[must_use]
pub fn wording(form: &str, version: &str) -> Option<Wording> {
    SHOWN.into_iter().find(|wording| wording.form == form && wording.version == version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::insight::fnv1a64;

    #[test]
    fn a_version_that_was_shown_is_never_edited() {
        // Hashes stand for the texts: whoever changes one makes a new version instead.
        let hashes = SHOWN.map(|own| (own.form, own.version, fnv1a64(own.text.as_bytes())));
        let known = [
            ("request", "1", 0x05249d692df9327d),
            ("invitation", "1", 0x5dc8327a18f74221),
            ("again", "1", 0x7f22ab31e81ca46d),
        ];
        assert_eq!(hashes, known);
        for own in SHOWN {
            assert_eq!(wording(own.form, own.version), Some(own));
        }
        assert_eq!(wording("request", "0"), None);
    }
}
