//! The house rules that the compiler does not know. Each failure says where, and why the rule is there.

mod calls;
mod layers;
mod registers;
mod sizes;
mod source;

/// Fails with every finding at once and the reason of the rule.
fn hold(rule: &str, why: &str, findings: &[String]) {
    assert!(
        findings.is_empty(),
        "{rule}\nWhy: {why}\nFound {}:\n  {}\n",
        findings.len(),
        findings.join("\n  ")
    );
}
