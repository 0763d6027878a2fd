//! Opening by URL and backing up while in use.

use back_office_brief::store::{Db, StoreError, backup, organizations};

use crate::sample::{acme, at};
use crate::support;

#[tokio::test]
async fn a_backup_of_a_file_opens_as_a_database() {
    let (db, folder) = support::sqlite().await;
    acme(&db).await;
    let copy = folder.path().join("copy.db");
    backup::backup(&db, "", &copy).await.unwrap();
    let again = backup::backup(&db, "", &copy).await.unwrap_err().to_string();
    assert!(again.contains("exists already"), "{again}");
    let opened = Db::open(&format!("sqlite://{}", copy.display())).await.unwrap();
    opened.migrate().await.unwrap();
    assert_eq!(organizations::list(&opened).await.unwrap().len(), 1);
    let nowhere = folder.path().join("no/such/folder/copy.db");
    let error = backup::backup(&db, "", &nowhere).await.unwrap_err();
    assert!(matches!(error, StoreError::Setup(_)), "{error}");
}

#[tokio::test]
async fn a_backup_of_a_server_is_a_dump_that_pg_restore_reads() {
    let Some(url) = support::postgres::url().await else {
        return;
    };
    let db = Db::open(&url).await.unwrap();
    acme(&db).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("brief.dump");
    match backup::backup(&db, &url, &file).await {
        Ok(()) => {
            let bytes = std::fs::read(&file).unwrap();
            assert!(bytes.starts_with(b"PGDMP"), "the custom format of pg_dump");
        }
        Err(error) => assert!(error.to_string().contains("pg_dump is not on PATH"), "{error}"),
    }
}

#[tokio::test]
async fn a_url_that_cannot_be_opened_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let shown = folder.path().display().to_string();
    std::fs::write(
        folder.path().join("notes.txt"),
        "not a database, and long enough to be sure of it",
    )
    .unwrap();
    for (url, says) in [
        ("mysql://localhost/brief".to_owned(), "sqlite://"),
        ("brief.db".to_owned(), "sqlite://var/brief.db"),
        ("sqlite::memory:".to_owned(), "name a file"),
        ("sqlite://".to_owned(), "name a file"),
        (format!("sqlite://{shown}"), "name a file"),
        (format!("sqlite://{shown}/notes.txt"), "not a database"),
        (format!("sqlite://{shown}/notes.txt/brief.db"), "cannot be made"),
        ("postgres://brief:secret@127.0.0.1:1/brief".to_owned(), "127.0.0.1:1"),
    ] {
        let error = Db::open(&url).await.expect_err(&url).to_string();
        assert!(error.contains(says), "{url}: {error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn folders_are_made_and_two_processes_may_start_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/a/b/brief.db", folder.path().display());
    let (one, two) = (Db::open(&url).await.unwrap(), Db::open(&url).await.unwrap());
    let (left, right) = tokio::join!(one.migrate(), two.migrate());
    left.unwrap();
    right.unwrap();
    acme(&two).await;
    assert_eq!(
        organizations::find(&one, "acme").await.unwrap().created_at,
        at("2026-10-05T09:00:00Z").as_millisecond()
    );
}

#[tokio::test]
async fn writers_wait_for_one_another() {
    let (db, _folder) = support::sqlite().await;
    let writers = (0..8).map(|n| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut tx = db.begin().await?;
            let row = crate::sample::organization(&format!("o{n}"));
            back_office_brief::store::bulk::insert(&mut tx, &[row]).await?;
            tx.commit().await
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    assert_eq!(organizations::list(&db).await.unwrap().len(), 8);
}
