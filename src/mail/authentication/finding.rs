//! What a check found, and what to do about it.

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Well,
    /// It cannot be known from here.
    Unknown,
    /// Mail arrives, but something should be put right.
    Warning,
    /// Mail, answers or bounces are lost by this.
    Failure,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check, one or two words.
    pub check: &'static str,
    /// How it came out.
    pub level: Level,
    /// What was found.
    pub found: String,
    /// What to do about it; none where all is well.
    pub advice: Option<String>,
}

impl Finding {
    /// All is well.
    #[must_use]
    pub fn well(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, level: Level::Well, found: found.into(), advice: None }
    }

    /// It cannot be known from here.
    #[must_use]
    pub fn unknown(
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::with(Level::Unknown, check, found, advice)
    }

    /// Something should be put right.
    #[must_use]
    pub fn warning(
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::with(Level::Warning, check, found, advice)
    }

    /// Something must be put right.
    #[must_use]
    pub fn failure(
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::with(Level::Failure, check, found, advice)
    }

    /// A finding of any level, with advice.
    #[must_use]
    pub fn with(
        level: Level,
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { check, level, found: found.into(), advice: Some(advice.into()) }
    }

    /// A name server did not say what had to be known.
    #[must_use]
    pub fn unanswered(check: &'static str, name: &str, why: &str) -> Self {
        Self::failure(
            check,
            format!("{name} cannot be looked up: {why}"),
            "check the name servers of this domain and the way to them, then ask again; receivers \
             may put mail off until they answer",
        )
    }
}
