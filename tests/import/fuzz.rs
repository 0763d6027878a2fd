//! No bytes make the readers panic, and what a CSV writer wrote is read as it was.

use std::path::{Path, PathBuf};

use back_office_brief::import::kind::FileKind;
use back_office_brief::import::map::Map;
use back_office_brief::import::read::{RawRow, Rows, kinds_in};
use back_office_brief::import::sources::Origin;
use back_office_brief::import::{ImportError, inputs};
use proptest::prelude::*;

fn file(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Reads a file to its end.
fn read(path: &Path) -> Result<Vec<RawRow>, ImportError> {
    let mut rows = Rows::open(path, FileKind::Promises, &Map::default())?;
    let mut out = Vec::new();
    while let Some(row) = rows.next_row()? {
        out.push(row);
    }
    Ok(out)
}

/// Bytes that a table is made of, and some that it is not.
fn tableish() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[a-z,\"\n\r ;\\[\\]{}:]{0,6}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..4),
        1 => Just(b"session,text\n".to_vec()),
        1 => Just(b"\"\"".to_vec()),
        1 => Just(b"\xef\xbb\xbf".to_vec()),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_csv_makes_the_reader_panic(bytes in tableish(), with_header in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let head: &[u8] = if with_header { b"session,text\n" } else { b"" };
        let path = file(&folder, "promises.csv", &[head, &bytes].concat());
        match read(&path) {
            Err(error) => prop_assert!(error.to_string().starts_with(&path.display().to_string())),
            Ok(rows) => {
                let lines = 2 + bytes.iter().filter(|b| matches!(b, b'\n' | b'\r')).count() as u64;
                prop_assert!(rows.iter().all(|r| r.line >= 1 && r.line <= lines), "{rows:?}");
            }
        }
    }

    #[test]
    fn no_json_makes_the_reader_panic(bytes in tableish()) {
        let folder = tempfile::tempdir().unwrap();
        for head in [b"".as_slice(), b"[{\"session\":", b"{\"promises\":["] {
            let path = file(&folder, "promises.json", &[head, &bytes].concat());
            let _ = kinds_in(&path, &Origin::File).map_err(|e| e.to_string());
            let _ = read(&path).map_err(|e| e.to_string());
        }
    }

    #[test]
    fn what_a_csv_writer_wrote_is_read_as_it_was(
        cells in prop::collection::vec(("[a-z\", é\n]{1,12}", "[a-z\",;'\n\u{201c}]{0,12}"), 1..20),
        crlf in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().terminator(end).from_writer(Vec::new());
        writer.write_record(["session", "text"]).unwrap();
        for (a, b) in &cells {
            writer.write_record([a, b]).unwrap();
        }
        let path = file(&folder, "promises.csv", &writer.into_inner().unwrap());
        let rows = read(&path).unwrap();
        let mut line = 2;
        let mut expected = Vec::new();
        for (a, b) in &cells {
            if !(a.trim().is_empty() && b.trim().is_empty()) {
                expected.push((line, vec![a.clone(), b.clone()]));
            }
            line += 1 + (a.matches('\n').count() + b.matches('\n').count()) as u64;
        }
        let found: Vec<_> = rows.into_iter().map(|r| (r.line, r.values)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn no_map_makes_the_parser_panic(text in "(\\[?[a-z.\"\\]= {}0-9\n-]{0,12}){0,12}") {
        let _ = Map::parse(&text, Path::new("m.toml")).map_err(|e| e.to_string());
    }

    #[test]
    fn no_table_of_a_map_makes_the_parser_panic(
        kind in "gaps|changes|people|x",
        table in "rename|drop|defaults|constants|translate|skip|cut|files|y",
        value in "[{\\[]?[a-z\"=, 0-9]{0,16}[}\\]]?",
    ) {
        let _ = Map::parse(&format!("[{kind}]\n{table} = {value}\n"), Path::new("m.toml")).map_err(|e| e.to_string());
    }

    #[test]
    fn no_inputs_make_the_parser_panic(text in "[{a-z=;|0-9\":,}\\[\\] é-]{0,40}") {
        let _ = inputs::parse(&text);
    }
}
