//! Scopes that could not be planned: said once when one begins to fail and once when it is over,
//! although each is tried again at every look.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::engine::deliver::verdict::without_addresses;
use crate::engine::{Engine, EngineError};

use super::PlanReport;

/// Scopes told apart in one look; the rest are counted.
const TOLD: usize = 50;

/// What failed at the last look, by scope.
#[derive(Debug, Default)]
pub struct Failing(Mutex<BTreeMap<String, String>>);

impl PlanReport {
    /// Notes a scope that could not be planned: the others go on.
    pub(in crate::engine) fn fail(&mut self, what: &str, name: &str, error: &EngineError) {
        let why = without_addresses(&error.to_string());
        tracing::debug!(what, name, why, "not planned");
        self.failed += 1;
        if self.failures.len() < TOLD {
            self.failures.insert(format!("{what} {name}"), why);
        }
    }
}

impl Engine {
    /// Says what began to fail at this look, and what fails no more.
    pub(in crate::engine) fn say_failures(&self, plan: &PlanReport) {
        // A map that is replaced as a whole is whole, whoever panicked.
        let mut before = self.failing.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (scope, why) in plan.failures.iter().filter(|(scope, _)| !before.contains_key(*scope)) {
            tracing::error!(scope, why, "not planned; it is tried again at each look");
        }
        let more = plan.failed.saturating_sub(plan.failures.len());
        if more > 0 && before.len() < TOLD {
            tracing::error!(count = more, "more scopes were not planned");
        }
        for scope in before.keys().filter(|scope| !plan.failures.contains_key(*scope)) {
            tracing::info!(scope, "planned, or given up, or not due any more");
        }
        before.clone_from(&plan.failures);
    }
}
