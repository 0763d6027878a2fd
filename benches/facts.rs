//! Facts of one organization at a cut-off, from a snapshot in memory: no input, no output, one core.

#[path = "support/known.rs"]
mod known;
#[path = "support/rate.rs"]
mod rate;

use known::Known;

/// Gaps and weeks of history.
const SIZES: [(usize, u32); 4] = [(12, 12), (25, 104), (100, 104), (500, 104)];

fn main() {
    println!("### Facts: one organization at a cut-off\n\n{}", rate::HEAD);
    for (gaps, weeks) in SIZES {
        let known = Known::new(gaps, weeks);
        let told = known.facts();
        let note = format!(
            "{} open gaps told, {} looks, {} events",
            told.gaps.len(),
            known.snapshot.looks.len(),
            known.snapshot.gaps.iter().map(|gap| gap.events.len()).sum::<usize>(),
        );
        let rate = rate::measure(|| known.facts());
        println!("{}", rate.row(&format!("facts, {gaps} gaps, {weeks} weeks"), &note));
    }
    println!();
}
