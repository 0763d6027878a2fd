//! A consultant's own name, colour, logo and address for answers: what the form takes and refuses, and
//! what clients see of it.

use axum::body::Body;
use axum::http::Request;
use back_office_brief::store::Db;

use crate::browser::{Browser, HOME, Page, header};
use crate::desk::{Who, ana, browser, world};
use crate::on_both;
use crate::world::mail::Mail;
use crate::world::{World, number};

const PAGE: &str = "/desk/brand";
const NEXT: &str = "2026-11-30T13:00:00Z";
const DELIMITER: &str = "a-line-that-no-file-holds";

/// A PNG of one colour.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.add_text_chunk("Author".to_owned(), "somebody".to_owned()).expect("a chunk");
    let pixels = vec![0x30; (width * height * 3) as usize];
    encoder.write_header().expect("a head").write_image_data(&pixels).expect("pixels");
    file
}

/// Sends the form as a browser does, with a file.
async fn send(browser: &Browser, fields: &[(&str, &str)], logo: &[u8]) -> Page {
    let mark = browser.get(PAGE).await.field("mark");
    let mut body = Vec::new();
    for (name, value) in fields.iter().chain([&("mark", mark.as_str())]) {
        body.extend(format!("--{DELIMITER}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
    }
    // A browser sends an empty part without a name where no file is chosen.
    let name = if logo.is_empty() { "" } else { "l.png" };
    body.extend(
        format!(
            "--{DELIMITER}\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"{name}\"\r\n\
             Content-Type: image/png\r\n\r\n"
        )
        .into_bytes(),
    );
    body.extend(logo);
    body.extend(format!("\r\n--{DELIMITER}--\r\n").into_bytes());
    post(browser, body).await
}

async fn post(browser: &Browser, body: Vec<u8>) -> Page {
    let request = Request::builder()
        .method("POST")
        .uri(PAGE)
        .header("Content-Type", format!("multipart/form-data; boundary={DELIMITER}"))
        .body(Body::from(body));
    browser.send(request.expect("a request")).await
}

/// The HTML part as it was stored.
fn html(mail: &Mail) -> String {
    let message = mail_parser::MessageParser::default().parse(&mail.bytes).expect("a message");
    message.body_html(0).expect("an HTML part").into_owned()
}

/// Name and address of the sender.
fn sender(mail: &Mail) -> (String, String) {
    let message = mail_parser::MessageParser::default().parse(&mail.bytes).expect("a message");
    let from = message.from().and_then(|from| from.first()).expect("a sender");
    let part = |text: Option<&str>| text.unwrap_or_default().to_owned();
    (part(from.name()), part(from.address()))
}

const OWN: [(&str, &str); 3] =
    [("name", "Mendel & Co"), ("accent", "#7A1F5C"), ("reply_to", "office@mendel.example")];

async fn brands(world: &World) -> i64 {
    number(&world.db, "SELECT COUNT(*) FROM brand").await
}

on_both! {
    async fn clients_see_the_brand_from_their_next_brief_on(db: Db) {
        let world = world(db).await;
        let ana = ana(&world).await;
        let saved = send(&ana, &OWN, &png(480, 96)).await;
        assert_eq!((saved.status.as_u16(), saved.header("Location")), (303, "/desk/brand?told=branded"));
        let page = ana.get("/desk/brand?told=branded").await;
        page.is(200).says("Saved. Your clients see it").says("width=\"240\" height=\"48\"");
        assert!(page.text.contains("value=\"Mendel &#38; Co\"") && page.text.contains("value=\"#7a1f5c\""), "{}", page.text);

        world.tick(NEXT).await;
        let mails = world.mails();
        let to = |who: &str| mails.iter().find(|mail| mail.to == who).unwrap_or_else(|| panic!("no mail to {who}"));
        let leader = to("lee.park@client.example");
        assert_eq!(sender(leader), ("Mendel & Co".to_owned(), world.engine.settings.mail.from.address.to_string()));
        assert_eq!(header(leader, "Reply-To").as_deref(), Some("office@mendel.example"));
        assert!(leader.text.starts_with("MENDEL & CO The northfield"), "{}", leader.text);
        assert!(!leader.text.contains("BACK OFFICE BRIEF"), "{}", leader.text);
        let html = html(leader);
        assert!(html.contains("Mendel &#38; Co</p>") && html.contains("color:#7a1f5c"), "{html}");
        assert!(!html.contains("#0b5a53"), "nothing is left of the service's colour: {html}");

        let trend = browser(&world, Who::Leader).await.get("/o/northfield").await;
        trend.is(200).says("– Mendel &#38; Co</title>");

        let at = html.find(&format!("src=\"{HOME}/logo/")).expect("a logo") + 5;
        let logo = &html[at..at + html[at..].find('"').expect("an end")];
        let everybody = browser(&world, Who::SignedOut).await;
        let shown = everybody.get(logo).await;
        shown.is(200);
        assert_eq!(shown.header("content-type"), "image/png");
        assert_eq!(shown.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(shown.header("cross-origin-resource-policy"), "cross-origin");
        assert!(!shown.text.contains("somebody"), "only pixels go out");
    }

    async fn the_portfolio_carries_it_and_others_do_not(db: Db) {
        let world = world(db).await;
        world.subscriber("halden", "hal@halden.example", |_, own| own.role = "leader".to_owned()).await;
        send(&ana(&world).await, &OWN, b"").await.is(303);
        world.tick(NEXT).await;
        let mails = world.mails();
        for mail in &mails {
            let is_branded = mail.text.contains("MENDEL & CO");
            let is_of_ana = !mail.to.contains("halden") && !mail.to.contains("ben.stone");
            assert_eq!(is_branded, is_of_ana, "{}: {}", mail.to, mail.text);
            assert!(!html(mail).contains("<img"), "no logo was given");
        }
        let portfolio = mails.iter().find(|mail| mail.to.starts_with("ana.mendel")).expect("a portfolio");
        assert!(portfolio.text.starts_with("MENDEL & CO | PORTFOLIO "), "{}", portfolio.text);
        // Whoever answers their own portfolio writes to the service.
        assert_ne!(header(portfolio, "Reply-To").as_deref(), Some("office@mendel.example"));
    }

    async fn what_was_made_before_is_made_again_as_it_was(db: Db) {
        use back_office_brief::engine::preview::Whose;
        let world = world(db).await;
        let whose = Whose::Leader("northfield".to_owned());
        let monday = crate::world::at("2026-11-24T12:00:00Z");
        let before = world.engine.preview(&whose, monday).await.expect("a preview");
        send(&ana(&world).await, &OWN, &png(64, 32)).await.is(303);
        let after = world.engine.preview(&whose, monday).await.expect("a preview");
        assert_eq!(before.body.mould, after.body.mould);
        let next = world.engine.preview(&whose, crate::world::at(NEXT)).await.expect("a preview");
        assert!(next.body.html.contains("Mendel &#38; Co"));
    }

    async fn what_cannot_be_taken_says_why_and_stays_typed(db: Db) {
        let world = world(db).await;
        let ana = ana(&world).await;
        let long = "m".repeat(41);
        for (fields, logo, words) in [
            ([("name", "x"), ("accent", "#ffcc00")], vec![], "too light for words on white; the nearest that can be read is #"),
            ([("name", "x"), ("accent", "red")], vec![], "is not a colour; write it as six digits like #0b5a53"),
            ([("name", long.as_str()), ("accent", "")], vec![], "longer than 40 characters"),
            ([("name", "ceo@bank.example"), ("accent", "")], vec![], "Holds an address"),
            ([("reply_to", "nobody"), ("accent", "")], vec![], "Answers go to"),
            ([("reply_to", "j\u{fc}rgen@mendel.example"), ("accent", "")], vec![], "not every relay takes"),
            ([("name", "x"), ("accent", "")], b"<svg onload=alert(1)>".to_vec(), "is not a PNG"),
            ([("name", "x"), ("accent", "")], png(8, 8), "is 8 by 8 pixels"),
            ([("name", "x"), ("accent", "")], png(64, 32)[..80].to_vec(), "is a damaged PNG"),
            ([("name", "x"), ("accent", "")], vec![0x89; 600 * 1024], "Holds 600 kB and may hold 512"),
        ] {
            let page = send(&ana, &fields, &logo).await;
            page.is(422).says("Nothing was written").says(words);
            assert!(!page.text.contains("<svg"), "{}", page.text);
        }
        assert_eq!(brands(&world).await, 0);
    }

    async fn a_body_that_is_cut_off_or_too_long_is_refused(db: Db) {
        let world = world(db).await;
        let ana = ana(&world).await;
        let whole = format!(
            "--{DELIMITER}\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"l\"\r\n\r\nabc\r\n--{DELIMITER}--\r\n"
        );
        for end in 0..whole.len() {
            let page = post(&ana, whole.as_bytes()[..end].to_vec()).await;
            assert_eq!(page.status.as_u16(), 400, "cut at {end}: {}", page.text);
        }
        let mut long = whole.into_bytes();
        let at = long.len() - DELIMITER.len() - 8;
        long.splice(at..at, std::iter::repeat_n(b'x', 3 * 1024 * 1024));
        post(&ana, long).await.is(413);
        assert_eq!(brands(&world).await, 0);
    }

    async fn it_can_be_taken_back_and_is_in_the_log(db: Db) {
        let world = world(db).await;
        let ana = ana(&world).await;
        send(&ana, &OWN, &png(64, 32)).await.is(303);
        let same = send(&ana, &OWN, b"").await;
        assert_eq!(same.header("Location"), "/desk/brand?told=same", "a logo that is left alone stays");
        assert_eq!(brands(&world).await, 1);
        ana.fill(PAGE, &[("no_logo", "y")]).await.is(303);
        let page = ana.get(PAGE).await;
        assert!(!page.text.contains("<img") && !page.text.contains("Mendel &"), "{}", page.text);
        let world_sees = world.engine.db.brand_of("person-ana.mendel@advisor.example", crate::world::at(NEXT)).await;
        assert!(world_sees.expect("a brand").is_plain());
        let logged = "SELECT COUNT(*) FROM audit WHERE action = 'brand.save' AND detail NOT LIKE '%office@%'";
        assert_eq!(number(&world.db, logged).await, 2);
    }

    async fn whoever_forgets_the_address_for_answers_is_answered_by_the_consultant(db: Db) {
        let world = world(db).await;
        send(&ana(&world).await, &OWN, b"").await.is(303);
        let office = "office@mendel.example".parse().expect("an address");
        back_office_brief::store::people::forget(&world.db, &office, crate::world::at(NEXT)).await.expect("forgotten");
        world.tick(NEXT).await;
        let mails = world.mails();
        let leader = mails.iter().find(|mail| mail.to == "lee.park@client.example").expect("a mail");
        let reply_to = header(leader, "Reply-To").expect("Reply-To");
        assert!(reply_to.contains("ana.mendel@advisor.example"), "{reply_to}");
    }

    async fn only_who_looks_after_somebody_has_one(db: Db) {
        let world = world(db).await;
        let operator = browser(&world, Who::Operator).await;
        operator.get(PAGE).await.is(200).says("You are nobody&rsquo;s consultant");
        assert!(!operator.get("/desk").await.text.contains("/desk/brand"));
        let ana = ana(&world).await;
        assert!(ana.get("/desk").await.text.contains("href=\"/desk/brand\""));
        for address in ["/logo/x.png", "/logo/..%2f..%2fetc%2fpasswd", &format!("/logo/{}.png", "0".repeat(64))] {
            ana.get(address).await.is(404);
        }
    }
}
