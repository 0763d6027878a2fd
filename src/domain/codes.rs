//! The closed vocabularies of the model. Every code is written the same way in a database row, in a
//! CSV cell, in JSON and on the command line.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word that is not in the vocabulary it was read for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCode {
    /// What was being read, for example "area".
    pub what: &'static str,
    /// The word found.
    pub found: String,
    /// Every word that would have been understood, in order.
    pub known: &'static str,
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found: String = self.found.chars().take(60).collect();
        write!(f, "{:?} is not a known {}; use one of: {}", found, self.what, self.known)
    }
}

impl std::error::Error for UnknownCode {}

/// Declares a closed vocabulary: the enum, its words, and the ways in and out.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident, $what:literal, { $( $(#[$vmeta:meta])* $variant:ident = $word:literal ),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(
            #[doc = concat!("`", $word, "`")]
            $(#[$vmeta])*
            #[serde(rename = $word)]
            $variant
        ),+ }

        impl $name {
            /// Every member, in the order of the model.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands for this member everywhere outside the program.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }

        impl FromStr for $name {
            type Err = UnknownCode;
            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                Self::ALL.iter().copied().find(|c| c.as_str() == text).ok_or_else(|| UnknownCode {
                    what: $what,
                    found: text.to_owned(),
                    known: concat!($($word, " "),+).trim_ascii_end(),
                })
            }
        }
    };
}

pub(in crate::domain) use vocabulary;

vocabulary!(
    /// Why a gap exists: the five observable patterns of an unready back office (MODEL 1a).
    Category, "category", {
        Undocumented = "undocumented", NoSource = "no_source", ApprovalMemory = "approval_memory",
        OwnerHabit = "owner_habit", ReportMismatch = "report_mismatch",
    }
);

vocabulary!(
    /// Where a gap is: a process area (MODEL 1a).
    Area, "area", {
        Billing = "billing", Collections = "collections", Payables = "payables",
        Procurement = "procurement", Payroll = "payroll", Close = "close", Planning = "planning",
        Treasury = "treasury", Compliance = "compliance", People = "people",
        Onboarding = "onboarding", MasterData = "master_data",
    }
);

impl Area {
    /// The process numbers of the APQC framework that this area stands for (MODEL 1a).
    #[must_use]
    pub const fn pcf(self) -> &'static str {
        match self {
            Self::Billing => "9.2.2",
            Self::Collections => "9.2.3-9.2.5",
            Self::Payables => "9.6",
            Self::Procurement => "4.2",
            Self::Payroll => "9.5",
            Self::Close => "9.3",
            Self::Planning => "9.1",
            Self::Treasury => "9.7",
            Self::Compliance => "9.8-9.9",
            Self::People => "7.0",
            Self::Onboarding => "5.0",
            Self::MasterData => "8.0",
        }
    }

    /// The zone that groups this area's money where a gap names none (MODEL 1a).
    #[must_use]
    pub const fn leak_zone(self) -> LeakZone {
        match self {
            Self::Billing | Self::Collections | Self::Treasury | Self::Close | Self::Planning => {
                LeakZone::Finance
            }
            Self::Payables | Self::Procurement | Self::Compliance => LeakZone::Process,
            Self::MasterData => LeakZone::Tools,
            Self::Onboarding => LeakZone::Customers,
            Self::Payroll | Self::People => LeakZone::People,
        }
    }

    /// The area as it stands in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::MasterData => "master data",
            Self::Close => "the close",
            other => other.as_str(),
        }
    }
}

vocabulary!(
    /// The five zones of a leak audit; used only to group money (MODEL 0.1).
    LeakZone, "leak zone", {
        Finance = "finance", Process = "process", Tools = "tools", Customers = "customers", People = "people",
    }
);

vocabulary!(
    /// Where a gap stands in its life (MODEL 2).
    GapStatus, "status", {
        Open = "open", InProgress = "in_progress", Verifying = "verifying", Closed = "closed",
        Accepted = "accepted", Withdrawn = "withdrawn",
    }
);

impl GapStatus {
    /// A gap that costs money: everything but closed and withdrawn (MODEL 3).
    #[must_use]
    pub const fn is_leaking(self) -> bool {
        matches!(self, Self::Open | Self::InProgress | Self::Verifying | Self::Accepted)
    }
}

vocabulary!(
    /// What a gap event says (MODEL 2).
    EventKind, "kind of change", {
        Opened = "opened", Status = "status", Reopened = "reopened", Severity = "severity",
        Owner = "owner", DueOn = "due_on", NextStep = "next_step", Exposure = "exposure",
        Evidence = "evidence", WithdrawConfirmed = "withdraw_confirmed", Confirmed = "confirmed",
        Note = "note",
    }
);

vocabulary!(
    /// How a gap's weekly cost is worked out (MODEL 3).
    ExposureKind, "exposure kind", {
        Rework = "rework", Error = "error", Leakage = "leakage", LateCash = "late_cash",
        Event = "event", Direct = "direct", Unpriced = "unpriced",
    }
);

vocabulary!(
    /// What an exposure does to profit (MODEL 3, "by effect").
    Effect, "effect", { Lost = "lost", Time = "time", Cash = "cash" }
);

impl ExposureKind {
    /// The effect this kind is summed under; none for an unpriced gap.
    #[must_use]
    pub const fn effect(self) -> Option<Effect> {
        match self {
            Self::Leakage | Self::Event | Self::Direct => Some(Effect::Lost),
            Self::Rework | Self::Error => Some(Effect::Time),
            Self::LateCash => Some(Effect::Cash),
            Self::Unpriced => None,
        }
    }
}

vocabulary!(
    /// Where an estimate's inputs come from (MODEL 2).
    Basis, "exposure basis", { Measured = "measured", Estimated = "estimated", Benchmark = "benchmark" }
);

vocabulary!(
    /// Which way the open load moves (MODEL 4.5, "trend word").
    Trend, "trend", { Improving = "improving", Flat = "flat", Slipping = "slipping" }
);

vocabulary!(
    /// The situations that an insight may speak to (MODEL 6.8).
    Situation, "situation", {
        FirstWeek = "first_week", Quiet = "quiet", ThirdQuiet = "third_quiet",
        GoLive8Weeks = "go_live_8_weeks", GoLive2Weeks = "go_live_2_weeks",
        GoLivePassed = "go_live_passed", Reopened = "reopened", Unowned = "unowned",
        Unpriced = "unpriced", StaleAssessment = "stale_assessment",
        DueDateSliding = "due_date_sliding", AllClosed = "all_closed",
    }
);

vocabulary!(
    /// What the forecast says, first that applies (MODEL 4.4).
    Verdict, "verdict", {
        Live = "live", NotAssessed = "not_assessed", AssessmentLimits = "assessment_limits",
        ReadyNow = "ready_now", TooEarly = "too_early", NoDate = "no_date", NoGoLive = "no_go_live",
        Late = "late", OnTime = "on_time",
    }
);

vocabulary!(
    /// What a person is to an organization (DESIGN 1).
    Role, "role", {
        Leader = "leader", Owner = "owner", Consultant = "consultant", Reader = "reader", Public = "public",
    }
);

vocabulary!(
    /// The kinds of edition (DESIGN 1), and the correction of one (DESIGN 2.3).
    EditionKind, "edition kind", {
        Leader = "leader", Owner = "owner", Portfolio = "portfolio", Public = "public",
        Correction = "correction",
    }
);

vocabulary!(
    /// What a subscriber wants in a week without movement.
    QuietChoice, "quiet-week choice", { Full = "full", Line = "line", Skip = "skip" }
);

vocabulary!(
    /// What the platform or mandate is (MODEL 2).
    ImplementationKind, "kind of implementation", {
        Erp = "erp", Close = "close", Billing = "billing", Automation = "automation",
        Offshoring = "offshoring", Ai = "ai", Other = "other",
    }
);

vocabulary!(
    /// Where an implementation stands (MODEL 2). A cancelled one leaves the briefs; its gaps stay.
    ImplementationStatus, "status of an implementation", {
        Planned = "planned", Preparing = "preparing", Live = "live", Cancelled = "cancelled",
    }
);

vocabulary!(
    /// The states of a delivery (DESIGN 2.5).
    DeliveryState, "delivery state", {
        Held = "held", Queued = "queued", HandingOver = "handing_over", Sent = "sent",
        Failed = "failed", Uncertain = "uncertain", Skipped = "skipped", Expired = "expired",
        Cancelled = "cancelled",
    }
);

/// How bad a gap could become before anyone sees it: 1 note, 2 deficiency, 3 significant,
/// 4 material (MODEL 1a). Invariant: 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Severity(u8);

vocabulary!(
    /// By which way somebody came to a list or left it.
    Channel, "channel", {
        Form = "form",
        Api = "api",
        Invitation = "invitation",
        Page = "page",
        OneClick = "one-click",
        Mailto = "mailto",
        Complaint = "complaint",
        Bounce = "bounce",
        Operator = "operator",
    }
);

impl Severity {
    /// Worth fixing.
    pub const NOTE: Self = Self(1);
    /// Errors happen and are caught late.
    pub const DEFICIENCY: Self = Self(2);
    /// Errors can reach customers, cash or filings.
    pub const SIGNIFICANT: Self = Self(3);
    /// Would stop or corrupt the platform's main purpose at go-live.
    pub const MATERIAL: Self = Self(4);

    /// The number 1 to 4.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Points before status, idleness and reopenings, in milli-points: 1, 2, 5 or 10 points (MODEL 4.1).
    #[must_use]
    pub const fn points_milli(self) -> i64 {
        match self.0 {
            1 => 1_000,
            2 => 2_000,
            3 => 5_000,
            _ => 10_000,
        }
    }
}

impl TryFrom<i64> for Severity {
    type Error = UnknownCode;
    fn try_from(number: i64) -> Result<Self, UnknownCode> {
        match u8::try_from(number) {
            Ok(n @ 1..=4) => Ok(Self(n)),
            _ => Err(UnknownCode { what: "severity", found: number.to_string(), known: "1 2 3 4" }),
        }
    }
}

impl From<Severity> for i64 {
    fn from(severity: Severity) -> Self {
        Self::from(severity.0)
    }
}

impl FromStr for Severity {
    type Err = UnknownCode;
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let unknown = || UnknownCode { what: "severity", found: text.to_owned(), known: "1 2 3 4" };
        text.trim().parse::<i64>().map_err(|_| unknown()).and_then(Self::try_from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_outside_the_vocabulary_is_answered_with_the_words_inside_it() {
        let error = "warehouse".parse::<Area>().unwrap_err().to_string();
        assert!(
            error.starts_with("\"warehouse\" is not a known area; use one of: billing"),
            "{error}"
        );
        assert!(error.ends_with("master_data"), "{error}");
        assert!("5".parse::<Severity>().is_err());
        assert_eq!("4".parse::<Severity>(), Ok(Severity::MATERIAL));
    }

    #[test]
    fn every_word_reads_back_as_itself() {
        for area in Area::ALL {
            assert_eq!(area.as_str().parse::<Area>(), Ok(*area));
            assert_eq!(serde_json::to_value(area).unwrap(), area.as_str());
        }
    }
}
