//! Files that are not what they seem, and hands that they are not for.

use back_office_brief::store::Db;
use jiff::SignedDuration;

use crate::browser::Browser;
use crate::desk::{Who, ana, browser, world};
use crate::html::faults;
use crate::importing::{ALL, CLIENT, ODD, form_data, sending};
use crate::on_both;
use crate::world::{World, number};

const HEAD: &str = "external_id,organization,area,category,severity,title,opened_on";
const EVIL: &str = "\"><script>alert(1)</script>'&amp;\u{202e}";

async fn kept(world: &World) -> i64 {
    number(&world.db, "SELECT COUNT(*) FROM upload").await
}

fn is_tame(text: &str, what: &str) {
    assert!(!text.contains("<script"), "{what}: {text}");
    assert!(!text.contains('\u{202e}'), "{what} turns its direction");
    assert_eq!(faults(text), Vec::<String>::new(), "{what}");
}

on_both! {
    async fn what_is_no_table_is_refused_in_words(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
        let cases: &[(&str, &[u8], &str)] = &[
            ("a.csv", b"", "The file is empty"),
            ("a.csv", b"PK\x03\x04\x14\0xl/workbook.xml", "This looks like an Excel file. Save it as CSV"),
            ("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "This looks like an Excel file"),
            ("a.csv", b"PK\x03\x04\x14\0gaps.csv", "ZIP archive"),
            ("a.csv", b"\x7fELF\x02\x01\x01\0\0\0\0", "not a text file"),
            ("a.csv", b"\xFF\xFEa\0;\0b\0", "UTF-16"),
            ("a.csv", b"external_id,title\n", "It has no rows"),
            ("a.csv", b"a,b\n1,\"2\n", "never closed"),
            ("a.csv", b"a,a\n1,2\n", ""),
            ("a.json", b"{\"gaps\": [", "in the middle"),
            ("a.json", b"{\"people\": [{}]}", "Only the operator imports people"),
            ("a.json", deep.as_bytes(), "is not an object that can be read"),
            ("people.csv", b"email,name\na@client.example,A\n", "Only the operator imports people"),
        ];
        for (name, bytes, words) in cases {
            let page = browser.upload(CLIENT, &[(name, bytes)]).await;
            if words.is_empty() {
                // It is taken, and what is wrong is said where its columns are.
                page.is(303);
                continue;
            }
            page.is(422).says(words).says("Nothing was kept.");
            assert_eq!(faults(&page.text), Vec::<String>::new(), "{name}");
        }
        browser.upload(CLIENT, &[]).await.is(422).says("Choose a file.");
        browser.upload(CLIENT, &[("a.csv", b"a,b\n1,2\n"), ("A/a.csv", b"a,b\n1,2\n")]).await.is(422).says("Two files have this name");
        browser.upload(CLIENT, &[("a.csv", b"a,b\n1,2\n"), ("b.csv", b"a;b\n1;2\n")]).await.is(422).says("one after another");
        assert_eq!(kept(&world).await, 1);
    }

    async fn a_file_beyond_the_limit_is_told_so(db: Db) {
        let mut world = world(db).await;
        world.settings.desk.upload_limit = 1;
        let browser = ana(&world).await;
        let row = "N-1;x;billing\n";
        let large = format!("Nr;Titel;Bereich\n{}", row.repeat(1_100_000 / row.len()));
        let page = browser.upload(CLIENT, &[("large.csv", large.as_bytes())]).await;
        page.is(413).says("1 MB is the most that comes at once");
        let huge = "x".repeat(3_000_000);
        browser.upload(CLIENT, &[("large.csv", huge.as_bytes())]).await.is(413).says("1 MB is the most");
        assert_eq!(kept(&world).await, 0);
        // Four times the limit may wait, and not more.
        let fits = &large[..1_000_000];
        for _ in 0..4 {
            browser.upload(CLIENT, &[("fits.csv", fits.as_bytes())]).await.is(303);
        }
        browser.upload(CLIENT, &[("fits.csv", fits.as_bytes())]).await.is(422).says("4 MB is the most");
        let page = browser.get(CLIENT).await;
        let (mark, id) = (page.field("mark"), page.field("upload"));
        let fields = [("mark", mark.as_str()), ("do", "discard"), ("upload", id.as_str())];
        browser.post(CLIENT, &fields).await.is(303);
        browser.post(CLIENT, &fields).await.is(404);
        browser.upload(CLIENT, &[("fits.csv", fits.as_bytes())]).await.is(303);
        assert_eq!(kept(&world).await, 4);
    }

    async fn rows_about_others_are_rejected_without_a_word_about_them(db: Db) {
        let world = world(db).await;
        world.by_hand("UPDATE organization SET external_id = 'h-77' WHERE id = 'halden'").await;
        world.by_hand("UPDATE implementation SET external_id = 'halden-erp' WHERE id = 'halden-erp'").await;
        let browser = ana(&world).await;
        let text = format!(
            "{HEAD},implementation\n\
             x1,halden,billing,no_source,3,A,2026-11-20,\nx2,h-77,billing,no_source,3,A,2026-11-20,\n\
             x3,nobody,billing,no_source,3,A,2026-11-20,\nx4,,billing,no_source,3,A,2026-11-20,halden-erp\n\
             x5,,billing,no_source,3,A,2026-11-20,nothing-erp\nHALDEN-G1,,billing,no_source,3,A,2026-11-20,\n\
             x6,northfield,billing,no_source,3,A,2026-11-20,\n"
        );
        let upload = browser.uploaded(CLIENT, "gaps.csv", &text).await;
        let page = browser.get(&format!("{upload}/diff")).await;
        page.is(200).says("<dt>Rejected</dt><dd>6</dd>").says("1 row would be written").says("this id is in use already; give another");
        // What is another's and what is nobody's is told in the same words.
        let said = |name: &str| page.text.replace(name, "NAME").matches("&#34;NAME&#34; is not taken here").count();
        assert_eq!((said("halden"), said("h-77"), said("nobody")), (1, 1, 1), "{}", page.text);
        page.says("implementation &#34;halden-erp&#34; is not known").says("implementation &#34;nothing-erp&#34; is not known");
        browser.apply(&upload).await.is(200).says("1 row was written");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM gap WHERE organization_id = 'halden'").await, 3);
        // Histories, looks, sessions and promises of another are not known either.
        for (name, text, words) in [
            ("changes.csv", "external_id,gap,kind,to,effective_at\nc1,HALDEN-G1,note,x,2026-11-20\n", "&#34;HALDEN-G1&#34; is not known"),
            ("areas.csv", "implementation,area,weight\nhalden-erp,billing,5\n", "&#34;halden-erp&#34; is not known"),
            ("sessions.csv", "organization,consultant,starts_at\nnorthfield,ben.stone@advisor.example,2026-11-20T10:00:00Z\n", "this consultant is not known"),
            ("sessions.csv", "organization,consultant,starts_at\nhalden,ana.mendel@advisor.example,2026-11-20T10:00:00Z\n", "is not taken here"),
            ("promises.csv", "session,text\nhalden@2026-11-20T10:00:00Z,x\n", "is not taken here"),
        ] {
            let upload = browser.uploaded(CLIENT, name, text).await;
            let page = browser.get(&format!("{upload}/diff")).await;
            page.is(200).says("Nothing would change.").says(words);
        }
        // Nobody is told who is behind an address.
        let text = format!("{HEAD},owner_email\nx7,,billing,no_source,3,A,2026-11-20,ben.stone@advisor.example\nx8,,billing,no_source,3,A,2026-11-20,no.one@client.example\n");
        let upload = browser.uploaded(CLIENT, "gaps.csv", &text).await;
        let page = browser.get(&format!("{upload}/diff")).await;
        assert_eq!(page.text.matches("an address without a name").count(), 2, "{}", page.text);
    }

    async fn an_upload_is_its_senders_alone_and_for_a_day(db: Db) {
        let world = world(db).await;
        let ana = ana(&world).await;
        let upload = ana.uploaded(CLIENT, "export.csv", ODD).await;
        let id = upload.rsplit('/').next().unwrap().to_owned();
        let operator = browser(&world, Who::Operator).await;
        for path in [upload.clone(), format!("{upload}/diff"), format!("{upload}/map.toml"), format!("{upload}/rejects.csv"), format!("{ALL}/{id}")] {
            operator.get(&path).await.is(404);
        }
        // Its own page, and no other client's.
        ana.get(&format!("/desk/c/calder/import/{id}")).await.is(404);
        let mark = operator.get(ALL).await.field("mark");
        for (path, what) in [(upload.clone(), "next"), (format!("{upload}/diff"), "")] {
            operator.post(&path, &[("mark", &mark), ("do", what), ("seen", "x")]).await.is(404);
        }
        operator.post(CLIENT, &[("mark", &mark), ("do", "discard"), ("upload", &id)]).await.is(404);
        let leader = browser(&world, Who::Leader).await;
        leader.get(CLIENT).await.is(403);
        leader.send(sending(CLIENT, form_data(&[("mark", &mark)], &[("a.csv", b"a,b\n1,2\n")]))).await.is(403);
        browser(&world, Who::Stranger).await.get(CLIENT).await.is(404);
        // A day later it is over, and the next pruning takes it.
        let later = crate::world::at(crate::desk::NOW) + SignedDuration::from_hours(24);
        world.clock.set(later);
        ana.get(&upload).await.is(410).says("Uploads are kept for a day");
        world.engine.prune(later, 5).await.expect("pruned");
        assert_eq!((kept(&world).await, number(&world.db, "SELECT COUNT(*) FROM upload_file").await), (0, 0));
        ana.get(&upload).await.is(404);
    }

    async fn hostile_names_and_cells_are_shown_as_words(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let quoted = EVIL.replace('"', "\"\"");
        let cell = "x".repeat(1_000_000);
        let text = format!(
            "{HEAD},\"{quoted}\",status\n\"{quoted}\",,billing,no_source,3,\"{quoted}\",2026-11-20,x,\"{quoted}\"\n\
             e2,,billing,no_source,3,=cmd|' /C calc'!A0,2026-11-20,x,open\ne3,,billing,no_source,3,a\0b,2026-11-20,x,open\n\
             e4,,billing,no_source,3,{cell},2026-11-20,x,open\n"
        );
        let name = format!("{EVIL}.csv");
        let mark = browser.get(CLIENT).await.field("mark");
        let sent = browser.send(sending(CLIENT, form_data(&[("mark", &mark), ("kind", "gaps")], &[(&name, text.as_bytes())]))).await;
        sent.is(303);
        let upload = sent.header("Location").to_owned();
        is_tame(&browser.get(CLIENT).await.text, "the list");
        let page = browser.get(&upload).await;
        is_tame(&page.text, "the columns");
        assert!(page.text.len() < 100_000, "{} octets", page.text.len());
        let page = browser.choose(&upload, "next", &[("w.gaps.status.0", "closed"), ("d.gaps.area", EVIL), ("c.gaps.owner", EVIL), ("kind.0", "gaps"), ("zone", EVIL)]).await;
        is_tame(&page.is(422).text, "the columns again");
        browser.choose(&upload, "next", &[("w.gaps.status.0", "closed")]).await.is(303);
        let page = browser.get(&format!("{upload}/diff")).await;
        is_tame(&page.text, "what would change");
        page.says("=cmd|").says("the cell holds a NUL character").says("the cell holds 1000000 bytes");
        assert!(page.text.len() < 100_000, "{} octets", page.text.len());
        let done = browser.apply(&upload).await;
        is_tame(&done.is(200).text, "what was written");
        done.says("2 rows were written");
        is_tame(&browser.get(CLIENT).await.text, "the list");
        is_tame(&browser.get(&format!("{CLIENT}/batch/{}", crate::importing::batch(&done))).await.text, "the import");
        for path in ["?before=%00", "?before=%22%3E%3Cscript%3E", "?told=%3Cscript%3E", "/%00", "/x%00/diff"] {
            let page = browser.get(&format!("{CLIENT}{path}")).await;
            assert!([200, 404].contains(&page.status.as_u16()), "{path}: {}", page.status);
            is_tame(&page.text, path);
        }
    }

    async fn forged_choices_change_nothing_else(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let upload = browser.uploaded(CLIENT, "gaps.csv", &format!("{HEAD}\nf1,northfield,billing,no_source,3,A,2026-11-20\n")).await;
        for (name, value) in [
            ("kind.0", "people"), ("kind.0", "organizations"), ("kind.x", "gaps"), ("kind.9", "gaps"), ("encoding", "utf-16le"),
            ("encoding", "\0"), ("delimiter", "\0"), ("days", "%q"), ("d.gaps.organization", "halden"), ("c.gaps.nothing", "title"),
            ("w.gaps.area.0", "moon"), ("last", "gaps"), ("last", "people"), ("zone", "\0"), ("d.gaps.area", "a\0b"),
        ] {
            let page = browser.choose(&upload, "show", &[(name, value)]).await;
            assert!(page.status.as_u16() < 500, "{name}={value:?}: {} {}", page.status, page.text);
        }
        let page = browser.get(&format!("{upload}/diff")).await;
        page.is(200).says("1 row would be written");
        browser.apply(&upload).await.is(200);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM gap WHERE external_id = 'f1' AND organization_id = 'northfield'").await, 1);
    }

    async fn a_body_cut_short_breaks_nothing(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let mark = browser.get(CLIENT).await.field("mark");
        let whole = form_data(&[("mark", &mark)], &[("gaps.csv", format!("{HEAD}\nk1,,billing,no_source,3,A,2026-11-20\n").as_bytes())]);
        for end in 0..whole.len() - 4 {
            let page = browser.send(sending(CLIENT, whole[..end].to_vec())).await;
            assert!((400..500).contains(&page.status.as_u16()), "{end}: {}", page.status);
        }
        for at in (0..whole.len()).step_by(3) {
            for bit in [0x01, 0x20, 0x80] {
                let mut damaged = whole.clone();
                damaged[at] ^= bit;
                let page = browser.send(sending(CLIENT, damaged)).await;
                assert!(page.status.as_u16() < 500, "{at}: {} {}", page.status, page.text);
            }
        }
        let mut request = sending(CLIENT, whole.clone());
        request.headers_mut().insert("Content-Type", "multipart/form-data".parse().unwrap());
        browser.send(request).await.is(400);
        browser.send(sending(CLIENT, whole)).await;
        assert!(answers(&browser).await);
    }
}

/// Whether the pages still answer.
async fn answers(browser: &Browser) -> bool {
    browser.get(CLIENT).await.status.as_u16() == 200
}
