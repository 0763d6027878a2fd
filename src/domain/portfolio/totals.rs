//! Totals over clients: one for each currency, never added, never converted (MODEL 3, case M2).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::money;

/// The open exposure of all clients that count in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrencyTotal {
    /// ISO 4217 code.
    pub currency: String,
    /// How many clients it sums.
    pub clients: i64,
    /// Minor units a week.
    pub likely: i64,
}

/// Sums by currency; most clients first, then by code.
#[must_use]
pub fn totals<'c>(clients: impl Iterator<Item = (&'c str, i64)>) -> Vec<CurrencyTotal> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (currency, minor) in clients {
        let (count, sum) = sums.entry(currency).or_default();
        *count += 1;
        *sum = sum.saturating_add(minor);
    }
    let mut totals: Vec<CurrencyTotal> = sums
        .into_iter()
        .map(|(currency, (clients, likely))| CurrencyTotal {
            currency: currency.to_owned(),
            clients,
            likely,
        })
        .collect();
    totals.sort_by_key(|total| (Reverse(total.clients), total.currency.clone()));
    totals
}

/// Each total as printed, in the same order; a currency whose clients have nothing open is left out.
#[must_use]
pub fn printed(totals: &[CurrencyTotal]) -> Vec<String> {
    totals
        .iter()
        .filter(|total| total.likely != 0 || totals.len() == 1)
        .map(|total| money::printed(total.likely, &total.currency))
        .collect()
}
