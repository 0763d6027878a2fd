//! That a run did what it is timed for: everybody expected, everybody sent, nothing open.

use serde_json::Value;

/// Fails unless one proof among those printed says that so many were expected and sent, exactly,
/// and that the run closes.
///
/// # Panics
/// With the proofs.
pub fn demand(said: &Value, recipients: u32) {
    let runs = said["runs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_exact = |run: &Value| {
        let all = Value::from(recipients);
        let sent = run["counts"].as_array().is_some_and(|counts| {
            counts.len() == 1 && counts[0]["state"] == "sent" && counts[0]["deliveries"] == all
        });
        sent && run["expected"] == all && run["closes"] == true && run["resends"] == 0
    };
    assert!(runs.len() == 1 && is_exact(&runs[0]), "the run is not exact: {said:#}");
}
