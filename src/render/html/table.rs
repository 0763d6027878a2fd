//! Tables in the HTML part.

use unicode_width::UnicodeWidthChar;

use super::tone;
use crate::domain::brief::{Table, Toned};
use crate::render::{sentence, wrap};

/// What the narrowest phone, of 320 px, leaves for a table, less what [`pixels`] may be wrong by. One of
/// 375 px leaves more, also with the padding of a client that drops `<style>`.
const PHONE: usize = 284;
/// Between two columns, as in `templates/mail/macros.html`.
const PADDING: usize = 6;

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
        Self { text: sentence::capitalized(&text.to_lowercase()), is_long: has_long_word(text) }
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
    fn of(own: &Toned, is_bound: bool) -> Self {
        Self {
            tone: tone(own.tone),
            is_short: own.text.chars().count() <= 6,
            is_long: has_long_word(&own.text),
            text: if is_bound { own.text.clone() } else { wrap::loosened(&own.text) },
        }
    }
}

impl<'a> TableView<'a> {
    /// Of a table whose heads are in capitals or not.
    ///
    /// Dates and amounts stay unbroken as far as a phone has room. The last column but one gives way
    /// first: it holds words where the others hold figures.
    pub fn of(table: &'a Table) -> Self {
        let columns = table.head.len();
        let words = columns.saturating_sub(2);
        let order = (0..columns).filter(|at| *at != words).chain([words]);
        let mut bound = vec![false; columns];
        for at in order {
            if let Some(one) = bound.get_mut(at) {
                *one = true;
            }
            let fits = narrowest(table, &bound) <= PHONE;
            if let Some(one) = bound.get_mut(at) {
                *one = fits;
            }
        }
        let cells = |row: &'a Vec<Toned>| {
            let cells = row.iter().zip(&bound);
            cells.map(|(own, is_bound)| Cell::of(own, *is_bound)).collect()
        };
        Self {
            head: table.head.iter().map(|text| Head::of(text)).collect(),
            rows: table.rows.iter().map(cells).collect(),
            after: &table.after,
        }
    }
}

/// The width in px below which the table cannot get while its `bound` columns stay unbroken.
fn narrowest(table: &Table, bound: &[bool]) -> usize {
    let columns = table.head.iter().zip(bound).enumerate();
    let columns = columns.map(|(at, (head, is_bound))| {
        let cells = table.rows.iter().filter_map(|row| row.get(at));
        let cells = cells.map(|own| {
            let cell = Cell::of(own, *is_bound);
            if cell.is_short { pixels(&cell.text) } else { widest_word(&cell.text) }
        });
        let head = widest_word(&Head::of(head).text);
        cells.chain([head]).max().unwrap_or(0)
    });
    columns.sum::<usize>() + PADDING * table.head.len().saturating_sub(1)
}

/// The widest stretch that a line does not end in, in px.
fn widest_word(text: &str) -> usize {
    let word = |word: &str| match word.chars().count() {
        // Broken anywhere.
        15.. => pixels("W"),
        _ => pixels(word),
    };
    text.split([' ', '-']).map(word).max().unwrap_or(0)
}

/// About the width of the table's bold letters of 14 px.
fn pixels(text: &str) -> usize {
    let one = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | '(' | ')' | ',' | '.' | '\'' => 4,
        'm' | 'w' | 'M' | 'W' => 12,
        _ if c.is_whitespace() => 4,
        _ if c.is_uppercase() => 10,
        _ => 8 * c.width().unwrap_or(0),
    };
    text.chars().map(one).sum()
}

/// Longer words are broken anywhere; shorter ones never, so that a name stays readable.
fn has_long_word(text: &str) -> bool {
    text.split_whitespace().any(|word| 14 < word.chars().count())
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
    fn where_it_has_none_words_give_way_first_and_then_the_amount() {
        let cells = shown(&table("Northfield Supply", "NZD 850"));
        assert_eq!(cells[2], "25\u{a0}Jan (10\u{a0}wk)");
        assert_eq!(cells[3], "17 weeks late");
        assert_eq!(cells[4], "NZD\u{a0}850");
        let cells = shown(&table("Northfield Supply", "IDR 4.65bn"));
        assert_eq!(cells[2], "25\u{a0}Jan (10\u{a0}wk)");
        assert_eq!(cells[4], "IDR 4.65bn");
    }
}
