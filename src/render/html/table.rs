//! Tables in the HTML part.

use unicode_width::UnicodeWidthStr;

use super::tone;
use crate::domain::brief::{Table, Toned};
use crate::render::{sentence, wrap};

/// What a phone of 375 px leaves for a table, with the padding of a client that drops `<style>`.
const PHONE: usize = 310;
/// A character of the table's 14 px letters, bold ones included; measured on names and amounts.
const CHARACTER: usize = 7;
/// Between two columns.
const PADDING: usize = 8;

/// A data table.
pub struct TableView<'a> {
    pub head: Vec<Head>,
    pub rows: Vec<Vec<Cell>>,
    pub after: &'a [String],
}

/// A column's head.
pub struct Head {
    pub text: String,
    /// As in [`Cell`].
    pub is_long: bool,
}

impl Head {
    fn of(text: &str) -> Self {
        Self {
            text: sentence::capitalized(&text.to_lowercase()),
            is_long: has_long_word(text),
        }
    }
}

/// One cell.
pub struct Cell {
    pub text: String,
    pub tone: &'static str,
    /// Holds a word that no narrow column has room for.
    pub is_long: bool,
    /// Figures that read as one: "66 +3".
    pub is_short: bool,
}

impl Cell {
    fn of(own: &Toned, is_loose: bool) -> Self {
        Self {
            tone: tone(own.tone),
            is_short: own.text.chars().count() <= 6,
            is_long: has_long_word(&own.text),
            text: if is_loose {
                wrap::loosened(&own.text)
            } else {
                own.text.clone()
            },
        }
    }
}

impl<'a> TableView<'a> {
    /// Of a table whose heads are in capitals or not.
    ///
    /// Dates and amounts stay unbroken as far as a phone has room: the columns give way from the last.
    pub fn of(table: &'a Table) -> Self {
        let columns = table.head.len();
        let bound = (0..=columns)
            .rev()
            .find(|bound| narrowest(table, *bound) <= PHONE)
            .unwrap_or(0);
        let cells = |row: &'a Vec<Toned>| {
            let cells = row.iter().enumerate();
            cells.map(|(at, own)| Cell::of(own, bound <= at)).collect()
        };
        Self {
            head: table.head.iter().map(|text| Head::of(text)).collect(),
            rows: table.rows.iter().map(cells).collect(),
            after: &table.after,
        }
    }
}

/// The width in px below which the table cannot get while its first `bound` columns stay unbroken.
fn narrowest(table: &Table, bound: usize) -> usize {
    let columns = table.head.iter().enumerate().map(|(at, head)| {
        let cells = table.rows.iter().filter_map(|row| row.get(at));
        let cells = cells.map(|own| {
            let text = if at < bound {
                own.text.clone()
            } else {
                wrap::loosened(&own.text)
            };
            // As in [`Cell`]: short figures are not parted either.
            if text.chars().count() <= 6 {
                text.width()
            } else {
                widest_word(&text)
            }
        });
        cells.chain([widest_word(head)]).max().unwrap_or(0) * CHARACTER
    });
    columns.sum::<usize>() + PADDING * table.head.len().saturating_sub(1)
}

/// The widest stretch that a line does not end in.
fn widest_word(text: &str) -> usize {
    let word = |word: &str| match word.width() {
        // Broken anywhere.
        15.. => 1,
        width => width,
    };
    text.split([' ', '-']).map(word).max().unwrap_or(0)
}

/// Longer words are broken anywhere; shorter ones never, so that a name stays readable.
fn has_long_word(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| 14 < word.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, amount: &str) -> Table {
        let cells = [name, "66 +3", "25 Jan (10 wk)", "17 weeks late", amount];
        Table {
            head: ["CLIENT", "SCORE", "GO-LIVE", "AT THIS PACE", "OPEN A WEEK"]
                .map(str::to_owned)
                .to_vec(),
            rows: vec![
                cells
                    .map(|text| Toned {
                        text: wrap::bound(text),
                        tone: crate::domain::brief::Tone::Plain,
                    })
                    .to_vec(),
            ],
            after: Vec::new(),
        }
    }

    fn shown(table: &Table) -> Vec<String> {
        let view = TableView::of(table);
        view.rows[0].iter().map(|cell| cell.text.clone()).collect()
    }

    #[test]
    fn dates_and_amounts_stay_on_one_line_where_a_phone_has_room() {
        let cells = shown(&table("Kestrel Freight", "NZD 850"));
        assert_eq!(cells[2], "25\u{a0}Jan (10\u{a0}wk)");
        assert_eq!(cells[4], "NZD\u{a0}850");
    }

    #[test]
    fn where_it_has_none_the_last_columns_give_way_first() {
        let cells = shown(&table("Brandenburger", "IDR 4.65bn"));
        assert_eq!(cells[2], "25\u{a0}Jan (10\u{a0}wk)");
        assert_eq!(cells[4], "IDR 4.65bn");
    }
}
