//! Cells that a spreadsheet would run.
//!
//! A cell such as `=HYPERLINK(...)` is plain text to this program: it is stored as it stands and
//! escaped wherever it is shown. A file that we write may be opened in a spreadsheet, so there such
//! a cell gets an apostrophe in front; reading one back takes the apostrophe away again.

/// Whether a spreadsheet may take this cell for a formula. A plain number with its sign is none.
#[must_use]
pub fn is_formula(cell: &str) -> bool {
    match cell.as_bytes().first() {
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        Some(b'+' | b'-') => !is_number(&cell[1..]),
        _ => false,
    }
}

/// Digits with at most one dot or comma.
fn is_number(text: &str) -> bool {
    let marks = text.bytes().filter(|b| matches!(b, b'.' | b',')).count();
    marks <= 1
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// The cell as it may stand in a CSV file that we write.
#[must_use]
pub fn guarded(cell: &str) -> std::borrow::Cow<'_, str> {
    if is_formula(cell) { format!("'{cell}").into() } else { cell.into() }
}

/// The cell without the apostrophe that [`guarded`] puts in front.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_on_the_way_out_and_read_back_as_they_were() {
        for cell in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx"] {
            assert_eq!(guarded(cell), format!("'{cell}"));
            assert_eq!(unguarded(&guarded(cell)), cell);
        }
        for cell in ["-250", "+1,5", "12", "it's", "'quoted'", ""] {
            assert_eq!(guarded(cell), cell);
            assert_eq!(unguarded(cell), cell);
        }
    }
}
