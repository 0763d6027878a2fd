//! What a file that was sent looks like, told by its bytes: a table, or something that only its
//! sender can turn into one.

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::import::read::is_json;
use std::path::Path;

/// Bytes that are looked at for marks of something else than text.
const HEAD: usize = 4096;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looks {
    /// How its bytes are to be read; none means UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// What stands between two cells; none means a comma, and in JSON nothing does.
    pub delimiter: Option<u8>,
}

/// Looks at the bytes of a file.
///
/// # Errors
/// It is no table: what it is, and what to do.
pub fn look(name: &str, bytes: &[u8]) -> Result<Looks, String> {
    if let Some(words) = foreign(bytes) {
        return Err(words.to_owned());
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if text.trim_ascii().is_empty() {
        return Err("The file is empty. Its first line must name the columns.".to_owned());
    }
    let head = &text[..text.len().min(HEAD)];
    let odd = head.iter().filter(|b| b.is_ascii_control() && !b"\t\r\n\x0c".contains(b)).count();
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if line.contains(&0) || odd * 50 > head.len() {
        return Err("This is not a text file. Save it as CSV and upload that.".to_owned());
    }
    let encoding = std::str::from_utf8(text).is_err().then_some(WINDOWS_1252);
    let first = text.trim_ascii_start().first();
    let begins_as_json = matches!(first, Some(b'[' | b'{'));
    if is_json(Path::new(name)) {
        return match (begins_as_json, encoding) {
            (false, _) => {
                Err("This is no JSON that can be read here: it must be a list of objects."
                    .to_owned())
            }
            (true, Some(_)) => Err("JSON is always UTF-8, and this file is not.".to_owned()),
            (true, None) => Ok(Looks { encoding: None, delimiter: None }),
        };
    }
    if begins_as_json {
        return Err("This looks like JSON. Give the file a name that ends in .json.".to_owned());
    }
    Ok(Looks { encoding, delimiter: delimiter(text) })
}

/// What the first bytes say about a file that is no text.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const EXCEL: &str =
        "This looks like an Excel file. Save it as CSV (CSV UTF-8 if offered) and upload that.";
    if bytes.starts_with(b"PK\x03\x04") {
        let holds = |name: &[u8]| memchr::memmem::find(bytes, name).is_some();
        if holds(b"xl/") || holds(b"[Content_Types].xml") {
            return Some(EXCEL);
        }
        if holds(b"opendocument.spreadsheet") {
            return Some(
                "This looks like a spreadsheet of LibreOffice. Save it as CSV and upload that.",
            );
        }
        return Some("This is a ZIP archive. Unpack it and upload the files in it.");
    }
    let lower: Vec<u8> =
        bytes.trim_ascii_start().iter().take(16).map(u8::to_ascii_lowercase).collect();
    match bytes {
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Some(EXCEL),
        [b'%', b'P', b'D', b'F', ..] => Some("This is a PDF. A table is needed: save it as CSV."),
        [0x1F, 0x8B, ..] => Some("This file is compressed (gzip). Unpack it first."),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            Some("This file is written in UTF-16. Save it as CSV UTF-8 and upload that.")
        }
        _ if lower.starts_with(b"<!doctype") || lower.starts_with(b"<html") => {
            Some("This is a web page, not a table. Download the table itself as CSV.")
        }
        _ if lower.starts_with(b"<?xml") => {
            Some("This is an XML file. Save it as CSV and upload that.")
        }
        _ => None,
    }
}

/// The mark that the first line has most of, outside quotes; none for a comma.
fn delimiter(text: &[u8]) -> Option<u8> {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut in_quotes = false;
    for byte in text.trim_ascii_start() {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'\n' | b'\r' if !in_quotes => break,
            mark if !in_quotes => {
                counts.iter_mut().filter(|(own, _)| own == mark).for_each(|(_, n)| *n += 1);
            }
            _ => {}
        }
    }
    // The first of those with as many.
    let best = counts.iter().rev().max_by_key(|(_, n)| *n)?;
    (best.1 > 0 && best.0 != b',').then_some(best.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_told_by_its_first_line() {
        for (text, delimiter) in [
            ("a,b;c,d\n", None),
            ("\u{feff}a;b\r\n1,5;2", Some(b';')),
            ("\"a,b,c\";d\n", Some(b';')),
            ("a\tb\n", Some(b'\t')),
            ("a|b\n", Some(b'|')),
            ("alone\n", None),
        ] {
            assert_eq!(look("x.csv", text.as_bytes()).unwrap().delimiter, delimiter, "{text:?}");
        }
        assert_eq!(look("x.csv", b"Stra\xDFe;b\n").unwrap().encoding, Some(WINDOWS_1252));
        assert_eq!(look("x.json", b" [{}]").unwrap(), Looks { encoding: None, delimiter: None });
    }

    #[test]
    fn what_is_no_table_is_named_for_what_it_is() {
        let cases: [(&str, &[u8], &str); 13] = [
            ("a.csv", b"PK\x03\x04....xl/workbook.xml", "an Excel file"),
            ("a.csv", b"\xD0\xCF\x11\xE0\xA1", "an Excel file"),
            (
                "a.csv",
                b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
                "LibreOffice",
            ),
            ("a.zip", b"PK\x03\x04....gaps.csv", "ZIP"),
            ("a.csv", b"%PDF-1.7", "PDF"),
            ("a.csv", b"\x1F\x8B\x08", "gzip"),
            ("a.csv", b"\xFF\xFEa\0;\0", "UTF-16"),
            ("a.csv", b"  <!DOCTYPE html><p>", "web page"),
            ("a.csv", b"<?xml version", "XML"),
            ("a.csv", b" \n\n", "empty"),
            ("a.csv", b"\x00\x01\x02\x03a", "not a text file"),
            ("a.csv", b"[{\"a\":1}]", "ends in .json"),
            ("a.json", b"a,b", "no JSON"),
        ];
        for (name, bytes, words) in cases {
            let said = look(name, bytes).unwrap_err();
            assert!(said.contains(words), "{words}: {said}");
        }
    }
}
