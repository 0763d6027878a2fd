//! Files that cannot be read: a clear error, and nothing half written.

use back_office_brief::store::Db;

use crate::desk::{Desk, GAPS, ORGANIZATIONS};
use crate::on_both;

const HEADER: &str = "external_id,name,currency\n";

on_both! {
    async fn a_file_that_cannot_be_read_is_refused_with_the_place_and_the_way_out(db: Db) {
        let desk = Desk::new(&db);
        let before = desk.totals().await;
        let latin1 = [HEADER.as_bytes(), b"a,Caf\xe9 Rossi,EUR\n"].concat();
        let utf16 = b"\xff\xfee\0x\0t\0\n\0";
        let endless = format!("{HEADER}a,\"{},EUR\n", "x".repeat(17 << 20));
        let cases: [(&[u8], &str, &str); 12] = [
            (b"", "organizations.csv: ", "the file is empty; its first line must name columns"),
            (b"external_id,name\na,b\n", "line 1: ", "no column \"currency\""),
            (b"external_id,name,currency,colour\na,b,EUR,red\n", "line 1: ", "no column \"colour\"; rename or drop it"),
            (b"external_id,name,currency,name\na,b,EUR,c\n", "line 1: ", "names column \"name\" twice"),
            (b"external_id,name,currency,\na,b,EUR,c\n", "line 1: ", "column 4 of the header has no name"),
            (b"external_id;name;currency\na;b;EUR\n", "line 1: ", "separated by semicolons"),
            (b"external_id,name,currency\na,b,EUR\n\nb,\"open,EUR\nc,d,EUR\n", "line 4: ", "never closed"),
            (b"external_id,name,currency\na,b,EUR\nb,c,\"EUR", "line 3: ", "never closed"),
            (&latin1, "line 2, column \"name\": ", "character 4 is not UTF-8; convert the file (iconv -f LATIN1"),
            (utf16, "organizations.csv: ", "this file is in UTF-16; convert it: iconv -f UTF-16 -t UTF-8"),
            (b"\xfe\xff\0e\0x", "organizations.csv: ", "this file is in UTF-16"),
            (endless.as_bytes(), "line ", "a row of more than 16777216 bytes"),
        ];
        for (bytes, place, reason) in cases {
            let error = desk.refused("organizations.csv", bytes).await;
            assert!(error.contains(place) && error.contains(reason), "{error}");
        }
        assert_eq!(desk.totals().await, before);
    }

    async fn a_json_file_that_cannot_be_read_is_refused(db: Db) {
        let desk = Desk::new(&db);
        let before = desk.totals().await;
        for (text, reason) in [
            ("", "an array of objects or an object of arrays is expected"),
            ("[{\"external_id\": \"a\"", "middle of a value"),
            ("[{\"external_id\": \"a\"}", "may have been cut off"),
            ("{\"warehouses\": []}", "\"warehouses\" is no kind of row; use one of: organizations"),
            ("{\"gaps\": [], \"gaps\": []}", "gaps is there twice"),
            ("{\"gaps\": {}}", "'[' is expected"),
            ("[] []", "something follows the end of the list"),
            ("[{\"external_id\": \"a\", \"name\": \"A\", \"currency\": \"EUR\"}]]", "something follows the end of the list"),
            ("{\"organizations\": []}, {}", "something follows the end of the list"),
            ("{} []", "something follows the end of the list"),
        ] {
            let error = desk.refused("organizations.json", text).await;
            assert!(error.contains(reason) && error.contains("line 1"), "{text}: {error}");
        }
        let utf16: Vec<u8> = "\u{feff}[]".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let error = desk.refused("organizations.json", utf16).await;
        assert!(error.contains("line 1: this file is in UTF-16"), "{error}");
        desk.file("organizations.json", "[\n{\"external_id\": \"a\", \"name\": \"A\", \"currency\": \"EUR\"},\n{\"a\" 1}]");
        let report = desk.import(&["organizations.json"]).await;
        assert!(report.files[0].refused.as_ref().unwrap().contains("line 3"), "{report}");
        let list = "[{\"external_id\": \"a\", \"name\": \"A\", \"currency\": \"EUR\"}]\n";
        let error = desk.refused("organizations.json", format!("{list}{list}")).await;
        assert!(error.contains("line 2: something follows the end of the list"), "{error}");
        assert_eq!(desk.totals().await, before, "the first object is not there either");
    }

    async fn a_bad_row_is_written_down_with_its_cells_and_the_rest_loads(db: Db) {
        let desk = Desk::new(&db);
        let long = "x".repeat(10 << 20);
        let text = format!(
            "\u{feff}external_id,name,currency,time_zone,review\r\n\
             a,Alpha,EUR,Europe/Rome,hold:24\r\n\
             \r\n\
             b,\"Two\r\nlines\",USD,,\r\n\
             c,Nul\0l,USD,,\r\n\
             d,{long},USD,,\r\n\
             e,Euro,EURO,,\r\n\
             f,Nowhere,EUR,Mars/Olympus,\r\n\
             g,Held,EUR,,hold:0\r\n\
             h,Short\r\n\
             a,Again,EUR,,\r\n\
             i,=HYPERLINK(\"x\"),EUR,,never\r\n\
             j,=1+1,EUR,,\r\n"
        );
        let report = desk.take("organizations.csv", &text).await;
        assert_eq!((report.read, report.written, report.rejected), (11, 3, 8), "{:?}", report.reject_examples);
        assert_eq!(desk.value("SELECT name FROM organization ORDER BY external_id").await, "Alpha|Two lines|=1+1");
        let path = report.rejects_file.unwrap();
        assert_eq!(path, desk.path("organizations.rejects.csv"));
        let mut rejects = csv::Reader::from_path(path).unwrap();
        let header: Vec<String> = rejects.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(header[..5], ["file", "line", "column", "reason", "external_id"]);
        let rows: Vec<csv::StringRecord> = csv::ReaderBuilder::new().flexible(true)
            .from_path(desk.path("organizations.rejects.csv")).unwrap().records().map(Result::unwrap).collect();
        let told: Vec<(&str, &str)> = rows.iter().map(|r| (r.get(1).unwrap(), r.get(2).unwrap())).collect();
        assert_eq!(
            told,
            [("6", "name"), ("7", "name"), ("11", ""), ("12", "external_id"), ("8", "currency"), ("9", "time_zone"),
             ("10", "review"), ("13", "review")]
        );
        let reason = |line: &str| rows.iter().find(|r| &r[1] == line).unwrap()[3].to_owned();
        assert!(reason("6").contains("NUL"));
        assert!(reason("7").contains("10485760 bytes"));
        assert!(reason("11").contains("2 cells and the header 5"));
        assert!(reason("12").contains("line 2 of this file has the same external_id"));
        // What a spreadsheet would run is text here and harmless in the file that we write.
        assert_eq!(&rows[7][5], "'=HYPERLINK(\"x\")");
    }

    async fn strict_refuses_the_file_for_one_bad_row_and_stops(db: Db) {
        let desk = Desk::new(&db);
        desk.file("organizations.csv", ORGANIZATIONS);
        desk.file("gaps.csv", GAPS.replace("payables", "warehouse").replace(",erp,", ",,"));
        desk.file("changes.csv", "external_id,gap,kind,effective_at\nc1,g1,confirmed,2026-11-20\n");
        let mut options = desk.options(&["gaps.csv", "organizations.csv", "changes.csv"]);
        options.strict = true;
        let report = desk.run(&options).await.unwrap();
        assert!(!report.is_complete());
        assert_eq!(report.files.len(), 2);
        assert!(report.files[1].refused.as_ref().unwrap().contains("--strict"), "{report}");
        assert_eq!(report.not_tried, [desk.path("changes.csv")]);
        // The file before it stays; nothing of the refused one, not even its batch.
        assert_eq!(desk.totals().await, "1 2 0 0 0 0");
        assert!(desk.path("gaps.rejects.csv").exists());
    }

    async fn a_dry_run_counts_everything_and_writes_nothing(db: Db) {
        let desk = Desk::new(&db);
        desk.file("organizations.csv", ORGANIZATIONS);
        desk.file("gaps.csv", GAPS.replace("payables", "warehouse").replace(",erp,", ",,"));
        let mut options = desk.options(&["gaps.csv", "organizations.csv"]);
        options.dry_run = true;
        options.rejects = None;
        let report = desk.run(&options).await.unwrap();
        assert_eq!((report.files[0].written, report.files[1].written, report.files[1].rejected), (2, 1, 1), "{report}");
        assert!(report.to_string().contains("Dry run: nothing was written."), "{report}");
        assert!(report.files.iter().all(|f| f.batch.is_none()));
        assert_eq!(desk.totals().await, "0 0 0 0 0 0");
        assert!(!desk.path("gaps.rejects.csv").exists());
    }

    async fn a_name_that_tells_no_kind_is_refused_alone_and_left_in_a_folder(db: Db) {
        let desk = Desk::new(&db);
        let error = desk.refused("tickets.csv", "id\n1\n").await;
        assert!(error.contains("tickets.csv: the name of a file tells what it holds (organizations.csv"), "{error}");
        desk.file("organizations.csv", ORGANIZATIONS);
        let report = desk.import(&[""]).await;
        assert_eq!(report.ignored, [desk.path("tickets.csv")]);
        assert_eq!(report.files.len(), 1);
        let missing = desk.run(&desk.options(&["nowhere"])).await.expect_err("no such path").to_string();
        assert!(missing.contains("nowhere"), "{missing}");
    }
}
