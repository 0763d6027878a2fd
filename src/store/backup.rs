//! A copy of the whole database while it is in use.
//!
//! SQLite: `VACUUM INTO`, one consistent state, compacted, readable as a database at once.
//! PostgreSQL: `pg_dump` in its custom format, to be read by `pg_restore`.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Db, StoreError};

/// Writes a backup to `file`, which must not exist. `url` is the one the database was opened with.
///
/// # Errors
/// [`StoreError::Setup`] when the file is there already, cannot be written, or `pg_dump` is missing
/// or fails; a file that was begun is removed.
pub async fn backup(db: &Db, url: &str, file: &Path) -> Result<(), StoreError> {
    let shown = file.display();
    if file.exists() {
        let problem =
            format!("{shown} exists already; name a new file, a backup overwrites nothing");
        return Err(StoreError::Setup(problem));
    }
    let result = match db {
        Db::Sqlite(pool, _) => {
            db.count(1);
            let path = file.to_str().ok_or_else(|| {
                StoreError::Setup(format!("{shown} is not UTF-8; choose another name"))
            })?;
            let done = sqlx::query("VACUUM INTO $1").bind(path).execute(pool).await;
            done.map(drop).map_err(|e| StoreError::Setup(format!("backup to {shown}: {e}")))
        }
        Db::Postgres(..) => {
            let (url, file) = (url.to_owned(), file.to_owned());
            let dump = tokio::task::spawn_blocking(move || pg_dump(&url, &file)).await;
            dump.unwrap_or_else(|e| Err(StoreError::Setup(format!("backup to {shown}: {e}"))))
        }
    };
    if result.is_err() {
        // Half a backup must not look like one. Nothing to remove is fine.
        drop(std::fs::remove_file(file));
    }
    result
}

fn pg_dump(url: &str, file: &Path) -> Result<(), StoreError> {
    let (url, password) = without_password(url);
    let mut command = Command::new("pg_dump");
    command.arg("--format=custom").arg("--no-password").arg("--file").arg(file);
    command.arg("--dbname").arg(url).stdin(Stdio::null());
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let out = command.output().map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => StoreError::Setup(
            "pg_dump is not on PATH; install the PostgreSQL client tools (Debian: postgresql-client)"
                .to_owned(),
        ),
        _ => StoreError::Setup(format!("pg_dump: {e}")),
    })?;
    if out.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&out.stderr);
    Err(StoreError::Setup(format!("pg_dump failed: {}", said.trim())))
}

/// The URL without its password, which goes by the environment: the arguments of a process can be
/// read by everyone on the machine.
fn without_password(url: &str) -> (String, Option<String>) {
    let split = || {
        let (scheme, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (user_info, host) = rest[..end].rsplit_once('@')?;
        let (user, password) = user_info.split_once(':')?;
        Some((format!("{scheme}://{user}@{host}{}", &rest[end..]), decoded(password)))
    };
    split().map_or_else(|| (url.to_owned(), None), |(url, password)| (url, Some(password)))
}

/// Percent-decoded, as RFC 3986 2.1 has it; what is not valid stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let pair = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_leaves_the_command_line() {
        let (url, password) =
            without_password("postgres://brief:p%40ss:w%2Fd@db.example:5432/brief?x=y@z");
        assert_eq!(url, "postgres://brief@db.example:5432/brief?x=y@z");
        assert_eq!(password.as_deref(), Some("p@ss:w/d"));
        for plain in ["postgres://brief@db/brief", "postgres:///brief?host=/run"] {
            assert_eq!(without_password(plain), (plain.to_owned(), None));
        }
    }
}
