//! One DMARC record (RFC 9989 4.7, 4.8).

use super::super::tags::Tags;

/// What is asked of receivers when mail does not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Nothing.
    None,
    /// To be wary of it.
    Quarantine,
    /// To turn it away.
    Reject,
}

impl Policy {
    /// As a record writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Quarantine => "quarantine",
            Self::Reject => "reject",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::Quarantine, Self::Reject]
            .into_iter()
            .find(|policy| policy.as_str().eq_ignore_ascii_case(text))
    }
}

/// Whether a name is above what organizations register (RFC 9989 4.7, `psd`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Suffix {
    /// `y`: it is.
    Yes,
    /// `n`: it is not, and an organization begins here.
    No,
    /// `u`, or nothing: to be found out.
    #[default]
    Unsaid,
}

/// How alike two domains must be (RFC 9989 4.4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// `r`: of the same organization.
    #[default]
    Relaxed,
    /// `s`: the same.
    Strict,
}

/// A record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// `p`, where it is there and valid.
    pub policy: Option<Policy>,
    /// `sp`, likewise.
    pub subdomains: Option<Policy>,
    /// `np`, likewise.
    pub missing_subdomains: Option<Policy>,
    /// `psd`
    pub suffix: Suffix,
    /// `adkim`
    pub dkim: Mode,
    /// `aspf`
    pub spf: Mode,
    /// `t=y`: the policy is to be applied one step lower.
    pub is_test: bool,
    /// `rua`: where aggregate reports go.
    pub reports: Vec<String>,
    /// Tags of `p`, `sp` and `np` whose value is none of the three, as written.
    pub invalid_policies: Vec<String>,
    /// What else is wrong, in words. Receivers pass over it.
    pub problems: Vec<String>,
    /// Tags that RFC 9989 took away.
    pub removed: Vec<&'static str>,
}

/// Whether a text is a record: `v` comes first and is `DMARC1`, in capitals (RFC 9989 4.7).
#[must_use]
pub fn is_dmarc(text: &str) -> bool {
    let first = text.split(';').next().unwrap_or_default();
    first.split_once('=').is_some_and(|(name, value)| {
        name.trim_end_matches([' ', '\t']) == "v" && value.trim_matches([' ', '\t']) == "DMARC1"
    })
}

/// Whether a text means to be a record, by what it says, and is none.
#[must_use]
pub fn is_almost_dmarc(text: &str) -> bool {
    !is_dmarc(text) && text.to_ascii_lowercase().contains("dmarc1")
}

impl Record {
    /// Reads a text that [`is_dmarc`]. What cannot be read counts as left out (RFC 9989 4.7).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let tags = Tags::parse(text);
        let mut record = Self { problems: tags.problems.clone(), ..Self::default() };
        for (name, field) in [
            ("p", &mut record.policy),
            ("sp", &mut record.subdomains),
            ("np", &mut record.missing_subdomains),
        ] {
            if let Some(value) = tags.get(name) {
                *field = Policy::parse(value);
                if field.is_none() {
                    record.invalid_policies.push(format!("{name}={value}"));
                }
            }
        }
        let problems = &mut record.problems;
        let yes = [("y", true), ("n", false)];
        let modes = [("r", Mode::Relaxed), ("s", Mode::Strict)];
        let suffixes = [("y", Suffix::Yes), ("n", Suffix::No), ("u", Suffix::Unsaid)];
        record.is_test = choice(&tags, "t", &yes, problems);
        record.dkim = choice(&tags, "adkim", &modes, problems);
        record.spf = choice(&tags, "aspf", &modes, problems);
        record.suffix = choice(&tags, "psd", &suffixes, problems);
        record.reports = tags.get("rua").map(list).unwrap_or_default();
        record.removed =
            ["pct", "rf", "ri"].into_iter().filter(|name| tags.get(name).is_some()).collect();
        record
    }

    /// What is asked about the domain itself, or about a subdomain of it that exists
    /// (RFC 9989 4.10.1). An invalid policy counts as `none`.
    #[must_use]
    pub fn asked(&self, is_subdomain: bool) -> Policy {
        if !self.invalid_policies.is_empty() {
            return Policy::None;
        }
        let own = self.policy.unwrap_or(Policy::None);
        if is_subdomain { self.subdomains.unwrap_or(own) } else { own }
    }
}

fn choice<T: Copy + Default>(
    tags: &Tags<'_>,
    name: &str,
    choices: &[(&str, T)],
    problems: &mut Vec<String>,
) -> T {
    let Some(value) = tags.get(name) else {
        return T::default();
    };
    let found = choices.iter().find(|(word, _)| word.eq_ignore_ascii_case(value));
    if found.is_none() {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        problems.push(format!("{name}={value} is none of {}", words.join(", ")));
    }
    found.map_or_else(T::default, |(_, choice)| *choice)
}

fn list(value: &str) -> Vec<String> {
    let parts = value.split(',').map(|part| part.trim_matches([' ', '\t']));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_comes_first_and_in_capitals() {
        for text in ["v=DMARC1", "v = DMARC1 ; p=none", "v=DMARC1;p=none"] {
            assert!(is_dmarc(text) && !is_almost_dmarc(text), "{text}");
        }
        for text in
            ["v=dmarc1; p=none", "p=none; v=DMARC1", "\"v=DMARC1; p=none", "v=DMARC1 p=none"]
        {
            assert!(!is_dmarc(text) && is_almost_dmarc(text), "{text}");
        }
        assert!(!is_dmarc("") && !is_almost_dmarc("v=spf1 -all") && !is_dmarc("v=DMARC2"));
    }

    #[test]
    fn every_tag_is_read() {
        let record = Record::parse(
            "v=DMARC1; p=Reject; sp=quarantine; np=reject; psd=n; adkim=s; aspf=r; t=y; fo=1; \
             rua=mailto:a@x.example,  mailto:b@y.example; pct=50; ri=3600; x=y",
        );
        assert_eq!(record.policy, Some(Policy::Reject));
        assert_eq!((record.asked(false), record.asked(true)), (Policy::Reject, Policy::Quarantine));
        assert_eq!(record.missing_subdomains, Some(Policy::Reject));
        assert_eq!(
            (record.suffix, record.dkim, record.spf),
            (Suffix::No, Mode::Strict, Mode::Relaxed)
        );
        assert!(record.is_test && record.problems.is_empty(), "{record:?}");
        assert_eq!(record.reports, ["mailto:a@x.example", "mailto:b@y.example"]);
        assert_eq!(record.removed, ["pct", "ri"]);
    }

    #[test]
    fn what_is_wrong_counts_as_left_out() {
        let record = Record::parse("v=DMARC1; p=monitor; adkim=x; nonsense; sp=reject");
        assert_eq!(record.invalid_policies, ["p=monitor"]);
        assert_eq!((record.asked(false), record.asked(true)), (Policy::None, Policy::None));
        assert_eq!((record.dkim, record.problems.len()), (Mode::Relaxed, 2));
    }
}
