//! The mailboxes that reports are delivered to, and the hooks of providers.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use back_office_brief::engine::inbound::Looked;
use back_office_brief::mail::inbound::imap::Mailbox;
use back_office_brief::store::Db;
use back_office_brief::web::hooks::{MOST, hooks_router};
use tower::ServiceExt;

use crate::imap::ImapServer;
use crate::on_both;
use crate::world::{SEVEN, World, number};

const ANNA: &str = "anna@client.example";

/// A report that names the delivery by its envelope id.
fn report(delivery: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.client.example\nTo: bounces@brief.example\n\
         Message-ID: <1@mx.client.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n\
         --B\nContent-Type: text/plain\n\nNo.\n\n--B\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.client.example\nOriginal-Envelope-Id: {delivery}\n\n\
         Final-Recipient: rfc822; {ANNA}\nAction: failed\nStatus: 5.1.1\n\n--B--\n"
    )
}

const ANSWER: &str =
    "From: a@b.example\nSubject: Automatic reply: x\nAuto-Submitted: auto-replied\n\nAway.\n";
const LETTER: &str = "From: a@b.example\nSubject: hello\n\nIs anybody there?\n";

async fn world(db: Db, overrides: &[(&str, &str)]) -> (World, String) {
    let world = World::with(db, overrides);
    world.organization("acme").await;
    world.leader("acme", ANNA).await;
    world.tick(SEVEN).await;
    let delivery = world.delivery(ANNA, "2026-W48").await.id;
    (world, delivery)
}

on_both! {
    async fn a_maildir_is_emptied_of_what_is_recorded_and_of_nothing_else(db: Db) {
        let (world, delivery) = world(db, &[]).await;
        let dir = tempfile::tempdir().unwrap();
        let missing = world.engine.look_into(dir.path()).await.unwrap_err().to_string();
        assert!(missing.contains(&dir.path().display().to_string()), "{missing}");
        for folder in ["new", "cur", "tmp"] {
            std::fs::create_dir(dir.path().join(folder)).unwrap();
        }
        let put = |name: &str, text: &str| std::fs::write(dir.path().join("new").join(name), text).unwrap();
        put("1795438804.M1.host", &report(&delivery));
        put("1795438805.M2.host", ANSWER);
        put("1795438806.M3.host", LETTER);
        put(".hidden", LETTER);
        let looked = world.engine.look_into(dir.path()).await.unwrap();
        assert_eq!(looked, Looked { recorded: 1, left: 2 });
        let mut left: Vec<String> = std::fs::read_dir(dir.path().join("cur")).unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        left.sort();
        assert_eq!(left, ["1795438805.M2.host:2,S", "1795438806.M3.host:2,FS"]);
        assert_eq!(world.engine.look_into(dir.path()).await.unwrap(), Looked::default());
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM suppression").await, 1);
    }

    async fn a_mailbox_is_fetched_from_and_waited_at(db: Db) {
        let server = ImapServer::start().await;
        let (world, delivery) = world(db, &[("BRIEF__BOUNCE__IMAP_URL", &server.url())]).await;
        server.deliver(1, ANSWER);
        server.deliver(2, LETTER);
        let engine = world.engine.clone();
        let watching = tokio::spawn(async move { engine.watch_mailboxes().await });
        let until = async |commands: usize| {
            while server.commands().iter().filter(|command| *command == "IDLE").count() < commands {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let patience = Duration::from_secs(30);
        tokio::time::timeout(patience, until(1)).await.expect("it waits for more");
        assert_eq!(server.left(), [(1, true, false), (2, true, true)]);
        server.deliver(3, &report(&delivery));
        tokio::time::timeout(patience, until(2)).await.expect("it was told, looked, and waits again");
        assert_eq!(server.left(), [(1, true, false), (2, true, true)], "what is recorded is gone");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM suppression").await, 1);
        world.engine.stop.cancel();
        tokio::time::timeout(patience, watching).await.expect("it ends").unwrap();
        let all = server.commands().join("\n");
        assert!(all.contains("SELECT \"Bounces\"") && !all.contains("UID EXPUNGE 1"), "{all}");
    }

    async fn a_mailbox_that_refuses_is_said_without_the_password(db: Db) {
        let server = ImapServer::start().await;
        let (world, _) = world(db, &[]).await;
        let wrong = server.url().replace("secret", "hunter2");
        let error = world.engine.look_once(&Mailbox::parse(&wrong).unwrap()).await.unwrap_err();
        assert!(error.contains("/Bounces") && !error.contains("hunter2"), "{error}");
        let nobody = Mailbox::parse("imap://b:hunter2@127.0.0.1:1/").unwrap();
        let error = world.engine.look_once(&nobody).await.unwrap_err();
        assert!(error.starts_with("imap://127.0.0.1:1/INBOX") && !error.contains("hunter2"), "{error}");
    }

    async fn a_hook_records_what_its_provider_proves_and_is_no_page_for_others(db: Db) {
        let login = ("BRIEF__BOUNCE__POSTMARK_LOGIN", "postmark:0123456789abcdef");
        let (world, delivery) = world(db, &[login]).await;
        let router = hooks_router(Arc::new(world.engine.clone()));
        let call = async |path: &str, authorization: &str, body: String| {
            let request = Request::post(path).header("authorization", authorization).body(Body::from(body)).unwrap();
            router.clone().oneshot(request).await.unwrap().status()
        };
        // "postmark:0123456789abcdef" in base64.
        let good = "Basic cG9zdG1hcms6MDEyMzQ1Njc4OWFiY2RlZg==";
        let body = serde_json::json!({ "RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "Email": ANNA,
            "Details": "smtp;550 5.1.1 no such user", "Content": format!("Message-ID: <{delivery}@brief.example>") });
        let bounce = || body.to_string();
        assert_eq!(call("/hooks/postmark", "Basic x", bounce()).await, StatusCode::FORBIDDEN);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM bounce").await, 0);
        assert_eq!(call("/hooks/postmark", good, bounce()).await, StatusCode::OK);
        assert_eq!(call("/hooks/postmark", good, bounce()).await, StatusCode::OK, "it may call twice");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM bounce WHERE source = 'postmark'").await, 1);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM suppression WHERE reason = 'hard_bounce'").await, 1);
        assert_eq!(call("/hooks/postmark", good, "{".to_owned()).await, StatusCode::BAD_REQUEST);
        let large = " ".repeat(MOST + 1);
        assert_eq!(call("/hooks/postmark", good, large).await, StatusCode::PAYLOAD_TOO_LARGE);
        for other in ["ses", "sendgrid", "mailgun", "nobody"] {
            assert_eq!(call(&format!("/hooks/{other}"), good, bounce()).await, StatusCode::NOT_FOUND, "{other}");
        }
        let get = Request::get("/hooks/postmark").body(Body::empty()).unwrap();
        assert_eq!(router.clone().oneshot(get).await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
        world.db.close().await;
        assert_eq!(call("/hooks/postmark", good, bounce()).await, StatusCode::SERVICE_UNAVAILABLE);
    }
}
