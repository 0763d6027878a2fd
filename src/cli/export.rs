//! `brief export PERSON|ORG`: everything that is stored about one of them.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::{Map, Value, json};

use crate::domain::address::EmailAddress;
use crate::store::{export, organizations, people};

use super::Context;

/// Arguments of `brief export`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief export northfield --out northfield.json
  brief export d.ruiz@northfield.example

The result is one JSON object with the rows of each table; instants are milliseconds since 1970 UTC.")]
pub struct Args {
    /// A person by address, or an organization by its slug.
    #[arg(value_name = "PERSON|ORG")]
    whom: String,
    /// Write to FILE, readable by you alone, instead of standard output; it must not exist yet.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Writes the rows.
///
/// # Errors
/// Somebody who does not exist; a file that exists or cannot be written.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let db = ctx.db().await?;
    let (kind, tables) = if args.whom.contains('@') {
        let email = EmailAddress::parse(&args.whom)
            .map_err(|error| anyhow::anyhow!("{:?} {error}", args.whom))?;
        let person = people::find(db, &email).await?.with_context(|| {
            format!(
                "there is no person with the address {email}; `brief people list` shows everyone"
            )
        })?;
        ("person", export::person(db, &person.id).await?)
    } else {
        let organization = organizations::find(db, &args.whom).await?;
        ("organization", export::organization(db, &organization.id).await?)
    };
    let n_rows: usize = tables.iter().map(|(_, rows)| rows.len()).sum();
    let tables: Map<String, Value> =
        tables.into_iter().map(|(name, rows)| (name.to_owned(), Value::Array(rows))).collect();
    let all = json!({
        "kind": kind,
        "of": args.whom,
        "exported_at": ctx.clock.now().to_string(),
        "tables": tables,
    });
    let Some(file) = &args.out else {
        ctx.output.value(&all)?;
        return Ok(ExitCode::SUCCESS);
    };
    write(file, &all)?;
    let sentence = format!("{n_rows} rows about {} are written to {}.", args.whom, file.display());
    ctx.output.done(sentence, &json!({ "file": file, "rows": n_rows }))?;
    Ok(ExitCode::SUCCESS)
}

fn write(file: &Path, all: &Value) -> anyhow::Result<()> {
    let advice = || format!("{} cannot be written; name a new file", file.display());
    let mut open = OpenOptions::new();
    let mut out = open.write(true).create_new(true).mode(0o600).open(file).with_context(advice)?;
    let mut text = serde_json::to_vec_pretty(all)?;
    text.push(b'\n');
    out.write_all(&text).and_then(|()| out.sync_all()).with_context(advice)
}
