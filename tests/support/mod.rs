//! What tests of the database share: a fresh one of either engine, and [`on_both!`].

pub mod postgres;

use back_office_brief::store::Db;

/// A migrated database on a file of its own; the folder goes when the guard does.
pub async fn sqlite() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("brief.db").display());
    let db = Db::open(&url).await.expect("a new file opens");
    db.migrate().await.expect("a new file migrates");
    (db, folder)
}

/// Makes two tests of each body, `NAME::sqlite` and `NAME::postgres`: what holds on one engine
/// holds on the other.
#[macro_export]
macro_rules! on_both {
    ($( $(#[$meta:meta])* async fn $name:ident($db:ident: Db) $body:block )+) => { $(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($db: Db) $body

            #[tokio::test]
            async fn sqlite() {
                let (db, _folder) = $crate::support::sqlite().await;
                body(db.clone()).await;
                db.close().await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(db) = $crate::support::postgres::database().await {
                    body(db.clone()).await;
                    db.close().await;
                }
            }
        }
    )+ };
}
