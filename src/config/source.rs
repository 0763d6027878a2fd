//! `[[source]]`: the databases of others, and what is asked of them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

use super::reader::Reader;
use super::row::RowReader;
use super::values;

/// The kinds of row that a source may answer, with the two keys of each: the text and its file.
pub const KINDS: [(&str, &str, &str); 11] = [
    ("organizations", "query.organizations", "query.organizations_file"),
    ("people", "query.people", "query.people_file"),
    ("consultants", "query.consultants", "query.consultants_file"),
    ("implementations", "query.implementations", "query.implementations_file"),
    ("areas", "query.areas", "query.areas_file"),
    ("gaps", "query.gaps", "query.gaps_file"),
    ("changes", "query.changes", "query.changes_file"),
    ("assessments", "query.assessments", "query.assessments_file"),
    ("sessions", "query.sessions", "query.sessions_file"),
    ("promises", "query.promises", "query.promises_file"),
    ("subscriptions", "query.subscriptions", "query.subscriptions_file"),
];

/// Longest name: it stands in the name of a batch.
const NAME: usize = 40;
const HOUR: Duration = Duration::from_secs(3_600);
const LEAD: Duration = Duration::from_secs(2 * 3_600);
const EVERY: Duration = Duration::from_secs(24 * 3_600);
/// A lead of more than the week between two cut-offs means nothing.
const LONGEST_LEAD: Duration = Duration::from_secs(168 * 3_600);
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_ROWS: i64 = 100_000;
const MOST_ROWS: i64 = 1_000_000;
const STALE_AFTER_DAYS: i64 = 7;

/// A database of somebody else's that is read before cut-offs, and never written to.
#[derive(Debug, Clone)]
pub struct Source {
    /// What it is called here.
    pub name: String,
    /// Where it is; may hold a password.
    pub url: SecretString,
    /// Whose rows these are where a query does not say: a slug, or an external id.
    pub organization: Option<String>,
    /// A map file of its columns and words.
    pub map: Option<PathBuf>,
    /// How long before a cut-off it is read.
    pub lead: Duration,
    /// How often it is read besides.
    pub every: Option<Duration>,
    /// How long one query may take.
    pub statement_timeout: Duration,
    /// Most rows that one query may answer.
    pub max_rows: u64,
    /// Days without news after which its briefs say so.
    pub stale_after_days: i64,
    /// What is asked of it, parents first.
    pub queries: Vec<Query>,
}

/// One question to a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What its rows are: one of [`KINDS`].
    pub kind: &'static str,
    /// The statement, as the operator wrote it.
    pub sql: String,
}

/// Reads every source; `None` when any of them is unusable.
pub(super) fn sources(r: &mut Reader<'_>) -> Option<Vec<Source>> {
    let rows = r.rows("source")?;
    let mut sources: Vec<Source> = Vec::new();
    let mut is_sound = true;
    for mut reader in rows.readers() {
        let source = source(&mut reader);
        let is_twice =
            source.as_ref().is_some_and(|new| sources.iter().any(|old| old.name == new.name));
        if is_twice {
            reader.refuse_all(
                "its name is that of an earlier source; give each a name of its own".to_owned(),
            );
        }
        let problems = reader.end();
        is_sound &= problems.is_empty();
        r.note(problems);
        sources.extend(source);
    }
    is_sound.then_some(sources)
}

/// One entry.
fn source(r: &mut RowReader<'_>) -> Option<Source> {
    let name = r.parsed("name", name);
    let url = r.parsed("url", url);
    let organization = r.optional("organization", |text| filled(text).map(str::to_owned));
    let map = r.optional("map", |text| filled(text).map(PathBuf::from));
    let lead = r.optional("lead", |text| up_to(text, LONGEST_LEAD, "168h"));
    let every = r.optional("every", |text| match text {
        "none" => Ok(None),
        _ => values::span(text)
            .map(Some)
            .map_err(|_| "must be a time span such as 6h, or \"none\"".to_owned()),
    });
    let statement_timeout = r.optional("statement_timeout", |text| up_to(text, HOUR, "1h"));
    let max_rows = r.whole("max_rows", 1, MOST_ROWS);
    let stale_after_days = r.whole("stale_after_days", 1, 365);
    let queries = queries(r);
    Some(Source {
        name: name?,
        url: url?,
        organization: organization?,
        map: map?,
        lead: lead?.unwrap_or(LEAD),
        every: every?.unwrap_or(Some(EVERY)),
        statement_timeout: statement_timeout?.unwrap_or(STATEMENT_TIMEOUT),
        max_rows: max_rows?.unwrap_or(MAX_ROWS).unsigned_abs(),
        stale_after_days: stale_after_days?.unwrap_or(STALE_AFTER_DAYS),
        queries: queries?,
    })
}

/// Every query, at least one.
fn queries(r: &mut RowReader<'_>) -> Option<Vec<Query>> {
    let mut found = Vec::new();
    let mut is_sound = true;
    for (kind, text, file) in KINDS {
        let is_twice = r.has(text) && r.has(file);
        let written = r.optional(text, |sql| filled(sql).map(str::to_owned));
        let read = r.optional(file, |path| read(Path::new(path)));
        if is_twice {
            r.refuse_all(format!("it has both {text} and {file}; keep one"));
        }
        match (written, read) {
            (Some(written), Some(read)) => {
                is_sound &= !is_twice;
                found.extend(written.or(read).map(|sql| Query { kind, sql }));
            }
            _ => is_sound = false,
        }
    }
    if found.is_empty() && is_sound {
        r.refuse_all("it asks nothing; add query.gaps = \"SELECT ...\" or another".to_owned());
        return None;
    }
    is_sound.then_some(found)
}

fn filled(text: &str) -> Result<&str, String> {
    if text.is_empty() { Err("must not be empty".to_owned()) } else { Ok(text) }
}

/// The text of a query's file.
fn read(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{} cannot be read ({error})", path.display()))?;
    match text.trim() {
        "" => Err(format!("{} holds no statement", path.display())),
        sql => Ok(sql.to_owned()),
    }
}

/// It stands in the names of batches, in metrics' logs and in a brief.
fn name(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = (1..=NAME).contains(&text.len())
        && text.chars().all(is_plain)
        && !text.starts_with('-')
        && !text.ends_with('-');
    fits.then(|| text.to_owned())
        .ok_or_else(|| format!("must be small letters, digits and hyphens, {NAME} of them at most"))
}

fn url(text: &str) -> Result<SecretString, String> {
    let known = ["postgres://", "postgresql://", "mysql://", "mariadb://", "sqlite://"];
    if known.iter().any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())) {
        return Ok(SecretString::from(text));
    }
    Err("must read postgres://USER:PASSWORD@HOST/NAME, mysql://…, mariadb://… or sqlite://PATH"
        .to_owned())
}

fn up_to(text: &str, most: Duration, said: &str) -> Result<Duration, String> {
    values::span(text)
        .ok()
        .filter(|span| *span <= most)
        .ok_or_else(|| format!("must be a time span such as 30s or 2h, up to {said}"))
}

#[cfg(test)]
mod tests;
