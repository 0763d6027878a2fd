//! Who may do what at which organization (DESIGN 1).

use std::collections::BTreeMap;

use super::codes::Role;

/// What somebody does at an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Reads figures, gaps and what was sent.
    Read,
    /// Answers for gaps: done, blocked, not mine, a number is wrong.
    Answer,
    /// Works on gaps, assessments, sessions, drafts, nudges and imports.
    Work,
    /// Changes organizations, people, programs' tokens, and what spans organizations.
    Manage,
}

/// What one person is to one organization; several things at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ties {
    /// Answers for its readiness.
    pub is_leader: bool,
    /// Owns gaps there.
    pub is_owner: bool,
    /// Reads.
    pub is_reader: bool,
    /// Looks after it.
    pub is_consultant: bool,
}

impl Ties {
    /// Adds what a role makes of somebody.
    #[must_use]
    pub const fn with(mut self, role: Role) -> Self {
        match role {
            Role::Leader => self.is_leader = true,
            Role::Owner => self.is_owner = true,
            Role::Reader => self.is_reader = true,
            Role::Consultant => self.is_consultant = true,
            Role::Public => {}
        }
        self
    }

    /// Whether these ties allow an act.
    #[must_use]
    pub const fn allow(self, act: Act) -> bool {
        match act {
            Act::Read => self.is_leader || self.is_owner || self.is_reader || self.is_consultant,
            Act::Answer => self.is_leader || self.is_owner || self.is_consultant,
            Act::Work => self.is_consultant,
            Act::Manage => false,
        }
    }

    /// Whether an answer may be about any gap, and not only about gaps of one's own.
    #[must_use]
    pub const fn answers_for_all(self) -> bool {
        self.is_leader || self.is_consultant
    }
}

/// What one person may do, everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    is_operator: bool,
    ties: BTreeMap<String, Ties>,
}

impl Access {
    /// Of somebody who is tied to organizations, each by its row id, and perhaps the operator.
    #[must_use]
    pub fn new(is_operator: bool, ties: impl IntoIterator<Item = (String, Role)>) -> Self {
        let mut own: BTreeMap<String, Ties> = BTreeMap::new();
        for (organization, role) in ties {
            let before = own.entry(organization).or_default();
            *before = before.with(role);
        }
        own.retain(|_, ties| ties.allow(Act::Read));
        Self { is_operator, ties: own }
    }

    /// Whether they run the service: they may do everything everywhere.
    #[must_use]
    pub const fn is_operator(&self) -> bool {
        self.is_operator
    }

    /// Whether an act is allowed at the organization with this row id.
    #[must_use]
    pub fn may(&self, act: Act, organization: &str) -> bool {
        self.is_operator || self.ties_to(organization).allow(act)
    }

    /// Whether an act is allowed at any organization at all.
    #[must_use]
    pub fn may_anywhere(&self, act: Act) -> bool {
        self.is_operator || self.ties.values().any(|ties| ties.allow(act))
    }

    /// What they are to an organization; nothing where it is not theirs.
    #[must_use]
    pub fn ties_to(&self, organization: &str) -> Ties {
        self.ties.get(organization).copied().unwrap_or_default()
    }

    /// The row ids of the organizations that they are tied to so that an act is allowed, in order.
    /// The operator's are not listed: there they may act everywhere.
    pub fn organizations(&self, act: Act) -> impl Iterator<Item = &str> {
        let tied = self.ties.iter().filter(move |(_, ties)| ties.allow(act));
        tied.map(|(organization, _)| organization.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_its_part_is() {
        for (role, read, answer, all, work) in [
            (Role::Leader, true, true, true, false),
            (Role::Owner, true, true, false, false),
            (Role::Reader, true, false, false, false),
            (Role::Consultant, true, true, true, true),
            (Role::Public, false, false, false, false),
        ] {
            let access = Access::new(false, [("a".to_owned(), role)]);
            assert_eq!(access.may(Act::Read, "a"), read, "{role}");
            assert_eq!(access.may(Act::Answer, "a"), answer, "{role}");
            assert_eq!(access.ties_to("a").answers_for_all(), all, "{role}");
            assert_eq!(access.may(Act::Work, "a"), work, "{role}");
            assert!(!access.may(Act::Manage, "a"), "{role}");
            for act in [Act::Read, Act::Answer, Act::Work, Act::Manage] {
                assert!(!access.may(act, "b"), "{role} elsewhere");
            }
        }
    }

    #[test]
    fn ties_add_up_and_the_operator_needs_none() {
        let both = [("a".to_owned(), Role::Reader), ("a".to_owned(), Role::Consultant)];
        let access = Access::new(false, both);
        assert!(access.may(Act::Work, "a") && access.may_anywhere(Act::Work));
        assert_eq!(access.organizations(Act::Work).collect::<Vec<_>>(), ["a"]);
        let operator = Access::new(true, []);
        assert!(operator.may(Act::Manage, "anything") && operator.may_anywhere(Act::Read));
        assert!(!Access::default().may_anywhere(Act::Read));
    }
}
