//! `brief dkim generate`: new keys in files of their own.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};

use crate::clock::chance;
use crate::config::Origin;
use crate::domain::address::Domain;
use crate::domain::time::date_of;
use crate::mail::dkim::{Key, Selector, Usage, generate};

use super::super::Context;
use super::{Shown, utf8};

/// Arguments of `brief dkim generate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief dkim generate
  brief dkim generate --selector spring --algorithm rsa --dir /etc/brief/dkim

Two keys get two selectors, the one that is given with -rsa and -ed25519 behind it: one record holds
one key. A file that exists is never written over.")]
pub struct Args {
    /// Under which name the keys are published; without it brief- and the year and month.
    #[arg(long, value_name = "SELECTOR", value_parser = selector)]
    selector: Option<Selector>,
    /// Which keys to make; receivers that do not know Ed25519 need the RSA key.
    #[arg(long, value_name = "ALGORITHM", default_value = "both")]
    algorithm: Which,
    /// The folder of the key files; without it dkim under secrets.dir.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The domain that signs; without it the domain of mail.from.
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    domain: Option<Domain>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// RSA of 2048 bits, which every receiver knows.
    Rsa,
    /// Ed25519, short and fast.
    Ed25519,
    /// One of each.
    Both,
}

fn selector(text: &str) -> Result<Selector, String> {
    Selector::parse(text).map_err(|error| format!("it {error}"))
}

fn domain(text: &str) -> Result<Domain, String> {
    Domain::parse(text).map_err(|_| "it must be a full domain name such as example.org".to_owned())
}

/// A key to be made.
struct Plan {
    kind: Which,
    selector: Selector,
    file: PathBuf,
}

pub(super) fn run(ctx: &Context, args: &Args) -> anyhow::Result<ExitCode> {
    let from = ctx.settings.mail.from.address.domain();
    let domain = match &args.domain {
        Some(domain) => domain.clone(),
        None => Domain::parse(from)?,
    };
    let plans = plans(ctx, args, &domain)?;
    let mut made = Vec::new();
    for plan in plans {
        let text = match plan.kind {
            Which::Ed25519 => generate::ed25519(&mut chance())?,
            Which::Rsa | Which::Both => generate::rsa(&mut chance())?,
        };
        write(&plan.file, &text)?;
        let shown = plan.file.display().to_string();
        // Read as the service will read it.
        let key = Key::read(&plan.file, plan.selector, domain.clone(), Usage::Published);
        made.push(Shown::of(&key.map_err(|error| anyhow::anyhow!("{shown} {error}"))?));
    }
    if ctx.output.json {
        ctx.output.value(&made)?;
    } else {
        tell(ctx, args, &made, from)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What to make, once it is certain that nothing is in the way.
fn plans(ctx: &Context, args: &Args, domain: &Domain) -> anyhow::Result<Vec<Plan>> {
    let dir = args.dir.clone().unwrap_or_else(|| ctx.settings.secrets.dir.join("dkim"));
    let today = date_of(ctx.clock.now(), &TimeZone::UTC);
    let month = format!("{:04}{:02}", today.year(), today.month());
    let base = match &args.selector {
        Some(selector) => selector.as_str().to_owned(),
        None => format!("brief-{month}"),
    };
    let named: &[(Which, &str)] = match args.algorithm {
        Which::Both => &[(Which::Rsa, "-rsa"), (Which::Ed25519, "-ed25519")],
        Which::Rsa if args.selector.is_none() => &[(Which::Rsa, "-rsa")],
        Which::Ed25519 if args.selector.is_none() => &[(Which::Ed25519, "-ed25519")],
        Which::Rsa => &[(Which::Rsa, "")],
        Which::Ed25519 => &[(Which::Ed25519, "")],
    };
    let plan = |(kind, ending): &(Which, &str)| {
        let name = format!("{base}{ending}");
        let selector = Selector::parse(&name).with_context(|| format!("--selector {base}"))?;
        if selector.record_name(domain).is_none() {
            anyhow::bail!("--selector {name} is too long before {domain}; use a shorter one");
        }
        let file = dir.join(format!("{selector}.pem"));
        if utf8(&file)?.is_empty() || file.symlink_metadata().is_ok() {
            return Err(in_the_way(&file));
        }
        Ok(Plan { kind: *kind, selector, file })
    };
    named.iter().map(plan).collect()
}

fn in_the_way(file: &Path) -> anyhow::Error {
    anyhow::anyhow!(
        "{} exists and is not written over; use another --selector, or --dir",
        file.display()
    )
}

/// Writes a key that only this user may read.
fn write(file: &Path, text: &SecretString) -> anyhow::Result<()> {
    if let Some(dir) = file.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(dir).with_context(|| {
            format!("{} cannot be made; name a folder that can be with --dir", dir.display())
        })?;
    }
    let mut opened = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(in_the_way(file)),
        opened => opened.with_context(|| cannot_write(file))?,
    };
    let written =
        opened.write_all(text.expose_secret().as_bytes()).and_then(|()| opened.sync_all());
    written.with_context(|| cannot_write(file))
}

fn cannot_write(file: &Path) -> String {
    format!("{} cannot be written; name another folder with --dir", file.display())
}

/// Says what was made and what to do with it, in the order of doing.
fn tell(ctx: &Context, args: &Args, made: &[Shown], from: &str) -> anyhow::Result<()> {
    let out = &ctx.output;
    for key in made {
        out.line(format_args!("Wrote {} ({}).", key.key, key.algorithm))?;
    }
    if args.domain.is_none() && is_placeholder(ctx) {
        out.note(format_args!(
            "\nmail.from is not set: {from} is a placeholder. Set it, or name a --domain, before you publish."
        ))?;
    }
    out.line("\n1. Publish these records:\n")?;
    for key in made {
        out.line(key.record_text())?;
    }
    out.line("2. Add this to the settings:\n")?;
    for key in made {
        out.line(key.settings_text(from))?;
    }
    let name = made.first().map_or("", |key| key.record.name.as_str());
    out.line(format_args!(
        "3. When the records answer (dig +short TXT {name}), write use = \"sign\"\n   in place of \
         \"published\", into the older keys the other way round, and restart the service."
    ))
}

fn is_placeholder(ctx: &Context) -> bool {
    let shown = ctx.settings.shown();
    shown.iter().any(|shown| shown.key == "mail.from" && shown.origin == Origin::Default)
}
