//! `brief dkim`: the keys that sign mail, and the records that let receivers check it.

mod generate;
mod show;

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;

use crate::mail::dkim::{Key, Record};

use super::Context;

/// Arguments of `brief dkim`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief dkim generate
  brief dkim generate --selector spring --algorithm rsa --dir /etc/brief/dkim
  brief dkim show
  brief dkim show --json

A new key is published first and signs later: list it with use = \"published\", publish its record, and
once the record answers write use = \"sign\". An old key goes the other way: its record stays for a week
after it signed the last mail.")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make keys; print the records to publish and the settings to add.
    Generate(generate::Args),
    /// Print the records of the configured keys.
    Show,
}

/// Makes keys, or shows those that are configured.
///
/// # Errors
/// A key file that exists already or cannot be written; a name that is no selector or domain.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Generate(args) => generate::run(ctx, &args),
        Command::Show => show::run(ctx),
    }
}

/// A key as it is printed.
#[derive(Debug, Serialize)]
struct Shown {
    selector: String,
    domain: String,
    /// With the bits of an RSA key.
    algorithm: String,
    /// The word of the setting.
    r#use: &'static str,
    key: String,
    record: ShownRecord,
}

#[derive(Debug, Serialize)]
struct ShownRecord {
    name: String,
    value: String,
    /// The value in strings of at most 255 octets.
    strings: Vec<String>,
    zone_line: String,
}

impl Shown {
    fn of(key: &Key) -> Self {
        let record = Record::of(key);
        Self {
            selector: key.selector.to_string(),
            domain: key.domain.to_string(),
            algorithm: key.algorithm().to_string(),
            r#use: key.usage.as_str(),
            key: key.file.display().to_string(),
            record: ShownRecord {
                strings: record.strings().into_iter().map(str::to_owned).collect(),
                zone_line: record.zone_line(),
                name: record.name,
                value: record.value,
            },
        }
    }

    /// The record, for a form and for a zone file.
    fn record_text(&self) -> String {
        let ShownRecord { name, value, zone_line, .. } = &self.record;
        format!("Name       {name}\nType       TXT\nValue      {value}\nZone file  {zone_line}\n")
    }

    /// What to add to the settings; the domain only where it is not the sender's own.
    fn settings_text(&self, from: &str) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let mut text = format!(
            "[[mail.dkim]]\nselector = {}\nkey = {}\n",
            quoted(&self.selector),
            quoted(&self.key)
        );
        if self.domain != from {
            text.push_str(&format!("domain = {}\n", quoted(&self.domain)));
        }
        text.push_str(&format!("use = {}\n", quoted(self.r#use)));
        text
    }
}

/// A path as it will stand in the settings and in messages.
fn utf8(path: &Path) -> anyhow::Result<&str> {
    path.to_str().ok_or_else(|| {
        anyhow::anyhow!(
            "{} is not UTF-8 and cannot stand in the settings; use another --dir",
            path.display()
        )
    })
}
