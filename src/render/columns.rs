//! A table in plain text: aligned columns within 72 columns of width.

use unicode_width::UnicodeWidthStr;

use super::wrap;
use crate::domain::brief::Table;

/// Blanks between columns, at least.
const GAP: usize = 2;

/// The table's lines. Columns begin at multiples of four where that fits; else they move together,
/// and the widest cells are broken into lines.
pub fn lines(table: &Table) -> Vec<String> {
    let count = table.head.len();
    if count == 0 {
        return Vec::new();
    }
    let head: Vec<String> = table.head.iter().map(|cell| cell.to_uppercase()).collect();
    let widths = widths(&head, table);
    let mut out = row_lines(&head, &widths);
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.text.clone()).collect();
        out.extend(row_lines(&cells, &widths));
    }
    out
}

/// The width of each column's text and of the gap behind it.
fn widths(head: &[String], table: &Table) -> Vec<(usize, usize)> {
    let mut texts: Vec<usize> = head.iter().map(|cell| cell.width()).collect();
    for row in &table.rows {
        for (most, cell) in texts.iter_mut().zip(row) {
            *most = (*most).max(cell.text.width());
        }
    }
    let last = texts.len() - 1;
    let aligned = |width: usize| (width + GAP).next_multiple_of(4) - width;
    let total: usize =
        texts.iter().map(|&width| width + aligned(width)).sum::<usize>() - aligned(texts[last]);
    if total <= wrap::WIDEST {
        return texts.iter().map(|&width| (width, aligned(width))).collect();
    }
    let room = wrap::WIDEST.saturating_sub(GAP * last).max(texts.len());
    while room < texts.iter().sum() {
        // The widest gives way; of equals the first, which is the name and breaks best.
        let widest = texts.iter().copied().max().unwrap_or(1);
        if let Some(width) = texts.iter_mut().find(|width| **width == widest) {
            *width -= 1;
        }
    }
    texts.iter().map(|&width| (width.max(1), GAP)).collect()
}

/// One row, over as many lines as its tallest cell.
fn row_lines(cells: &[String], widths: &[(usize, usize)]) -> Vec<String> {
    let broken: Vec<Vec<String>> =
        cells.iter().zip(widths).map(|(cell, (width, _))| wrap::cell(cell, *width)).collect();
    let height = broken.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|at| {
            let mut line = String::new();
            for (lines, (width, gap)) in broken.iter().zip(widths) {
                let text = lines.get(at).map_or("", String::as_str);
                line.push_str(text);
                line.push_str(&" ".repeat((width + gap).saturating_sub(text.width())));
            }
            line.truncate(line.trim_end().len());
            line
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::{Tone, Toned};

    fn table(head: &[&str], rows: &[&[&str]]) -> Table {
        let cell = |text: &&str| Toned { text: (*text).to_owned(), tone: Tone::Plain };
        Table {
            head: head.iter().map(|&text| text.to_owned()).collect(),
            rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
            after: Vec::new(),
        }
    }

    #[test]
    fn columns_align() {
        let clients = table(
            &["Client", "Score", "Go-live", "At this pace", "Open a week"],
            &[
                &["Calder Dental", "58 -2", "7 Dec (2 wk)", "no date", "$2,100"],
                &["Ostrava Pumps", "74 +1", "15 Mar (16 wk)", "1 week late", "€970"],
            ],
        );
        assert_eq!(
            lines(&clients),
            [
                "CLIENT          SCORE   GO-LIVE         AT THIS PACE    OPEN A WEEK",
                "Calder Dental   58 -2   7 Dec (2 wk)    no date         $2,100",
                "Ostrava Pumps   74 +1   15 Mar (16 wk)  1 week late     €970",
            ]
        );
    }

    #[test]
    fn long_names_break_inside_their_column() {
        let long = table(
            &["Client", "Score", "Go-live", "At this pace", "Open a week"],
            &[&[
                "Northern Consolidated Freight Forwarding and Warehousing",
                "66 +3",
                "15 March 2029 (121 wk)",
                "17 weeks late",
                "KWD 1,200",
            ]],
        );
        let lines = lines(&long);
        assert!(lines.iter().all(|line| line.width() <= wrap::WIDEST), "{lines:#?}");
        assert!(lines[1].contains("66 +3") && lines[1].contains("KWD 1,200"));
        assert!(2 < lines.len());
    }

    #[test]
    fn a_table_of_many_columns_still_fits() {
        let heads: Vec<String> = (0..20).map(|n| format!("Column {n}")).collect();
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let lines = lines(&table(&heads, &[&heads]));
        assert!(lines.iter().all(|line| line.width() <= wrap::WIDEST), "{lines:#?}");
        assert_eq!(super::lines(&table(&[], &[])), Vec::<String>::new());
    }
}
