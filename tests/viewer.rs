//! The outbox viewer, asked through its router.

use std::fmt::Write as _;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use back_office_brief::web::outbox::{listen, router};
use http_body_util::BodyExt;
use tower::ServiceExt;

const HTML: &str = "<html><head><style>@media (prefers-color-scheme: dark){p{color:#eee}}</style></head>\
     <body><p>Naïve &amp; plain</p><script>alert(1)</script></body></html>";

fn eml(subject: &str) -> String {
    format!(
        "From: Brief <brief@brief.example>\r\nTo: D. Ruiz <d.ruiz@northfield.example>\r\nSubject: {subject}\r\n\
         Reply-To: \"A. Mendel & co\" <a.mendel@advisor.example>\r\n\
         Date: Mon, 23 Nov 2026 13:00:00 +0000\r\nMessage-ID: <m1@brief.example>\r\n\
         Feedback-ID: leader:2026-W48:brief:brief-1\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe plain <part>\r\n\
         --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{HTML}\r\n--b--\r\n"
    )
}

fn outbox(mails: &[(&str, &str)]) -> (Router, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in mails {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    (router(folder.path().to_owned()), folder)
}

async fn ask(router: &Router, host: &str, method: &str, uri: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(uri).header("Host", host);
    let request = request.body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap()
}

async fn get(router: &Router, uri: &str) -> (StatusCode, String) {
    let response = ask(router, "127.0.0.1:8025", "GET", uri).await;
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn the_list_shows_what_is_there_newest_first() {
    let (router, _folder) = outbox(&[
        ("0001.eml", &eml("ERP: first")),
        ("0002.eml", &eml("<b>ERP</b>: second")),
        ("notes.txt", "no mail"),
    ]);
    let (status, page) = get(&router, "/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("2 mails, newest first"), "{page}");
    let second = page.find("&#60;b&#62;ERP&#60;/b&#62;: second").expect("escaped");
    assert!(second < page.find("ERP: first").unwrap());
    assert!(page.contains("D. Ruiz &#60;d.ruiz@northfield.example&#62;"), "{page}");
    assert!(page.contains(">leader<") && page.contains("Mon 23 Nov 2026, 13:00 UTC"), "{page}");
    assert!(!page.contains("notes"));
}

#[tokio::test]
async fn what_is_no_delivery_stands_on_top() {
    let (router, folder) = outbox(&[("0193-a.eml", &eml("A brief"))]);
    let notices = folder.path().with_file_name(format!("{}-notices", name_of(folder.path())));
    std::fs::create_dir_all(&notices).unwrap();
    std::fs::write(notices.join("sign-in-00ff.eml"), eml("Your link to sign in")).unwrap();
    let (status, list) = get(&router, "/").await;
    assert_eq!(status, StatusCode::OK);
    let at = |words: &str| list.find(words).unwrap_or_else(|| panic!("no {words} in {list}"));
    assert!(at("Your link to sign in") < at("A brief"));
    let (status, mail) = get(&router, "/mail/sign-in-00ff").await;
    assert_eq!(status, StatusCode::OK);
    assert!(mail.contains("Your link to sign in"));
    std::fs::remove_dir_all(&notices).unwrap();
}

#[tokio::test]
async fn an_empty_and_an_absent_outbox_say_so() {
    let (empty, _folder) = outbox(&[]);
    assert!(get(&empty, "/").await.1.contains("No mail has been written here yet"));
    let absent = router("/nowhere/at/all".into());
    let (status, page) = get(&absent, "/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("No mail has been written here yet"));
}

#[tokio::test]
async fn a_mail_is_framed_at_both_widths_without_scripts_or_this_origin() {
    let (router, _folder) = outbox(&[("m.eml", &eml("Hello"))]);
    for (view, width) in [("phone", "width=\"375\""), ("desktop", "width=\"640\"")] {
        let (_, page) = get(&router, &format!("/mail/m?view={view}")).await;
        let frames: Vec<&str> = page.split("<iframe ").skip(1).collect();
        assert_eq!(frames.len(), 2, "{page}");
        for (frame, look) in frames.iter().zip(["light", "dark"]) {
            let tag = frame.split('>').next().unwrap();
            assert!(tag.contains(width) && tag.contains(&format!("look={look}")), "{tag}");
            let sandbox = tag.split("sandbox=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(!sandbox.contains("scripts") && !sandbox.contains("same-origin"), "{sandbox}");
            assert!(tag.contains("title=\""), "{tag}");
        }
        assert!(!page.contains("<script"), "the mail's own markup never reaches the page");
        assert!(page.contains("A. Mendel &#38; co &#60;a.mendel@advisor.example&#62;"), "{page}");
    }
    let (_, text) = get(&router, "/mail/m?view=text").await;
    assert!(text.contains("The plain &#60;part&#62;"), "{text}");
    let (_, source) = get(&router, "/mail/m?view=source").await;
    assert!(source.contains("Feedback-ID: leader:2026-W48") && source.contains("&#60;script&#62;"));
}

#[tokio::test]
async fn the_frame_holds_the_mail_with_its_dark_rules_decided() {
    let (router, _folder) = outbox(&[("m.eml", &eml("Hello"))]);
    let (_, dark) = get(&router, "/mail/m/html?look=dark").await;
    assert!(dark.contains("@media (min-width: 0){p{color:#eee}}"), "{dark}");
    let (_, light) = get(&router, "/mail/m/html?look=light").await;
    assert!(light.contains("@media (max-width: 0){p{color:#eee}}"), "{light}");
    assert!(light.contains("Naïve &amp; plain"));
    let response = ask(&router, "localhost:1", "GET", "/mail/m/html").await;
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("; sandbox"), "{policy}");
    assert!(!policy.contains("script"), "{policy}");
}

#[tokio::test]
async fn every_answer_carries_the_strict_headers() {
    let (router, _folder) = outbox(&[("m.eml", &eml("Hello"))]);
    for (method, uri) in [
        ("GET", "/"),
        ("GET", "/style.css"),
        ("GET", "/mail/m"),
        ("GET", "/mail/m/html"),
        ("GET", "/mail/m/download"),
        ("GET", "/nothing"),
        ("POST", "/"),
        ("GET", "/mail/%ff"),
    ] {
        let response = ask(&router, "127.0.0.1", method, uri).await;
        for name in
            ["content-security-policy", "x-frame-options", "referrer-policy", "cache-control"]
        {
            assert!(response.headers().contains_key(name), "{method} {uri} lacks {name}");
        }
        assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{method} {uri}");
    }
}

#[tokio::test]
async fn another_host_name_is_refused() {
    let (router, _folder) = outbox(&[("m.eml", &eml("Hello"))]);
    for host in
        ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:8025", "localhost.evil.example"]
    {
        let response = ask(&router, host, "GET", "/mail/m").await;
        assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    for host in ["localhost", "127.0.0.1:8025", "[::1]:8025"] {
        assert_eq!(ask(&router, host, "GET", "/").await.status(), StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_ever_shown() {
    let (router, folder) = outbox(&[("m.eml", &eml("Hello"))]);
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.eml"), eml("Secret")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.eml"), folder.path().join("link.eml"))
        .unwrap();
    std::fs::create_dir(folder.path().join("dir.eml")).unwrap();
    let up = format!("..%2f{}%2fsecret", name_of(outside.path()));
    for name in
        [&up, "..%2f..%2fetc%2fpasswd", "%2e%2e", "..", ".", "link", "dir", "m%00", "a%5cb", "%ff"]
    {
        for page in ["", "/html", "/download"] {
            let (status, body) = get(&router, &format!("/mail/{name}{page}")).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{name}{page}");
            assert!(!body.contains("Secret"), "{name}{page}");
        }
    }
}

fn name_of(folder: &Path) -> &str {
    folder.file_name().unwrap().to_str().unwrap()
}

#[tokio::test]
async fn a_broken_file_is_listed_and_can_be_looked_at() {
    let (router, folder) = outbox(&[("good.eml", &eml("Hello")), ("empty.eml", "")]);
    std::fs::write(folder.path().join("bytes.eml"), [0_u8, 255, 254, 10, 13, 0, 1]).unwrap();
    let (status, page) = get(&router, "/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("empty.eml cannot be read as a mail"), "{page}");
    assert!(page.contains("bytes.eml cannot be read as a mail"), "{page}");
    for view in ["phone", "desktop", "text", "source"] {
        for name in ["empty", "bytes"] {
            let (status, _) = get(&router, &format!("/mail/{name}?view={view}")).await;
            assert_eq!(status, StatusCode::OK, "{name} {view}");
        }
    }
}

#[tokio::test]
async fn ten_thousand_mails_come_in_pages() {
    let (router, folder) = outbox(&[]);
    for number in 0..10_000 {
        let name = format!("{number:05}.eml");
        std::fs::write(folder.path().join(name), eml(&format!("Number {number:05}"))).unwrap();
    }
    let (_, first) = get(&router, "/").await;
    assert!(first.contains("10000 mails, newest first, page 1 of 200"));
    assert!(
        first.contains("Number 09999")
            && first.contains("Number 09950")
            && !first.contains("Number 09949")
    );
    let (_, last) = get(&router, "/?page=999999999").await;
    assert!(last.contains("page 200 of 200") && last.contains("Number 00000"));
    let (status, _) = get(&router, "/?page=-1&page=2&x=%ff").await;
    assert_eq!(status, StatusCode::OK);
    let (_, mail) = get(&router, "/mail/09949").await;
    assert!(
        mail.contains("href=\"/?page=2\"")
            && mail.contains("/mail/09950")
            && mail.contains("/mail/09948")
    );
}

#[tokio::test]
async fn a_download_is_the_file_itself() {
    let text = eml("Hello");
    let (router, _folder) = outbox(&[("m.eml", &text)]);
    let response = ask(&router, "127.0.0.1", "GET", "/mail/m/download").await;
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"m.eml\"");
    assert_eq!(response.headers()["content-type"], "message/rfc822");
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), text.as_bytes());
}

#[tokio::test]
async fn a_taken_port_is_passed_over() {
    let first = listen(18_025).await.unwrap();
    let second = listen(first.address.port()).await.unwrap();
    assert!(first.address.port() < second.address.port());
    assert!(second.address.ip().is_loopback());
    let mut shown = String::new();
    write!(shown, "{}", second.address).unwrap();
    assert!(shown.starts_with("127.0.0.1:"));
}
