//! The kinds of file, in the order in which they are imported, and the columns of each.

use std::fmt;
use std::path::Path;

/// What a file holds. The order is parents first: a row's parents are in a kind before its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Who the briefs are about.
    Organizations,
    /// Who gets mail.
    People,
    /// Who looks after which organizations.
    Consultants,
    /// Platforms and mandates.
    Implementations,
    /// Scope: areas and weights, and when all five questions of one were looked at.
    Areas,
    /// Gaps as they stand.
    Gaps,
    /// What happened to gaps, and when.
    Changes,
    /// Answers of an assessment, one cell a row.
    Assessments,
    /// Meetings of a consultant with an organization.
    Sessions,
    /// What was promised in them.
    Promises,
    /// Who gets which brief when.
    Subscriptions,
}

/// One column that a kind knows.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name, as in the header.
    pub name: &'static str,
    /// A row without a value here is rejected.
    pub required: bool,
    /// Line breaks inside a cell are kept; elsewhere they become spaces.
    pub prose: bool,
}

/// A column that must hold something.
const fn must(name: &'static str) -> Column {
    Column { name, required: true, prose: false }
}

/// A column that may be empty or absent.
const fn may(name: &'static str) -> Column {
    Column { name, required: false, prose: false }
}

/// A column of free text over several lines.
const fn prose(name: &'static str) -> Column {
    Column { name, required: false, prose: true }
}

const ORGANIZATIONS: &[Column] = &[
    must("external_id"),
    must("name"),
    must("currency"),
    may("time_zone"),
    may("cut_off_weekday"),
    may("cut_off_hour"),
    may("billed_per_week"),
    may("review"),
];
const PEOPLE: &[Column] = &[must("email"), must("name"), may("time_zone"), may("locale")];
const CONSULTANTS: &[Column] = &[must("email"), must("name"), must("organization")];
const IMPLEMENTATIONS: &[Column] = &[
    must("external_id"),
    must("organization"),
    must("name"),
    may("kind"),
    may("configuration_starts_on"),
    may("go_live_on"),
    may("target_score"),
    may("benefit_per_week"),
    may("status"),
];
const AREAS: &[Column] =
    &[must("implementation"), must("area"), must("weight"), may("assessed_on")];
const GAPS: &[Column] = &[
    must("external_id"),
    must("organization"),
    may("implementation"),
    must("area"),
    must("category"),
    must("severity"),
    must("title"),
    may("short_name"),
    prose("description"),
    may("owner"),
    may("owner_email"),
    must("opened_on"),
    may("existed_since"),
    may("due_on"),
    may("next_step"),
    may("next_step_on"),
    may("status"),
    may("closed_on"),
    may("verifier"),
    prose("evidence"),
    may("exposure_kind"),
    prose("exposure_inputs"),
    may("exposure_basis"),
    may("exposure_source"),
    may("exposure_group"),
];
const CHANGES: &[Column] = &[
    must("external_id"),
    must("gap"),
    must("kind"),
    may("from"),
    may("to"),
    must("effective_at"),
    may("recorded_at"),
    may("actor"),
    prose("note"),
];
const ASSESSMENTS: &[Column] = &[
    must("implementation"),
    must("held_on"),
    must("assessor"),
    must("area"),
    must("category"),
    must("level"),
    prose("note"),
    may("gap"),
];
const SESSIONS: &[Column] =
    &[must("organization"), must("consultant"), must("starts_at"), prose("notes")];
const PROMISES: &[Column] = &[must("session"), must("text"), may("owner"), may("due"), may("done")];
const SUBSCRIPTIONS: &[Column] = &[
    must("email"),
    may("organization"),
    must("role"),
    may("weekday"),
    may("hour"),
    may("quiet"),
    may("confirmed_at"),
];

impl FileKind {
    /// Every kind, parents first.
    pub const ALL: &'static [Self] = &[
        Self::Organizations,
        Self::People,
        Self::Consultants,
        Self::Implementations,
        Self::Areas,
        Self::Gaps,
        Self::Changes,
        Self::Assessments,
        Self::Sessions,
        Self::Promises,
        Self::Subscriptions,
    ];

    /// The word for it: file name without ending, JSON key, table of a map file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::People => "people",
            Self::Consultants => "consultants",
            Self::Implementations => "implementations",
            Self::Areas => "areas",
            Self::Gaps => "gaps",
            Self::Changes => "changes",
            Self::Assessments => "assessments",
            Self::Sessions => "sessions",
            Self::Promises => "promises",
            Self::Subscriptions => "subscriptions",
        }
    }

    /// Its columns, in the order in which they are documented.
    #[must_use]
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Organizations => ORGANIZATIONS,
            Self::People => PEOPLE,
            Self::Consultants => CONSULTANTS,
            Self::Implementations => IMPLEMENTATIONS,
            Self::Areas => AREAS,
            Self::Gaps => GAPS,
            Self::Changes => CHANGES,
            Self::Assessments => ASSESSMENTS,
            Self::Sessions => SESSIONS,
            Self::Promises => PROMISES,
            Self::Subscriptions => SUBSCRIPTIONS,
        }
    }

    /// Where a column stands in [`Self::columns`].
    #[must_use]
    pub fn column(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|c| c.name == name)
    }

    /// The column names in one line, for an error.
    #[must_use]
    pub fn column_names(self) -> String {
        let names: Vec<&str> = self.columns().iter().map(|c| c.name).collect();
        names.join(", ")
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.as_str() == word)
    }

    /// The kind that a file's own name tells: `gaps.csv`, `gaps.json`, in any case of letters.
    #[must_use]
    pub fn of_file(path: &Path) -> Option<Self> {
        let stem = path.file_stem()?.to_str()?.to_ascii_lowercase();
        Self::named(&stem)
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
