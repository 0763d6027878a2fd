//! `brief config`: the settings in force.

use std::process::ExitCode;

use serde::Serialize;

use crate::config::Shown;

use super::{Context, Listed};

/// Arguments of `brief config`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  brief config                      everything
  brief config relay                one section
  brief config relay.url            one setting
  brief --config prod.toml config   what a file would make of it

A setting is changed in config/local.toml, or by a variable such as BRIEF__RELAY__URL.")]
pub struct Args {
    /// Only this section or this setting, for example `relay` or `relay.url`.
    #[arg(value_name = "SECTION[.KEY]")]
    only: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    key: String,
    value: serde_json::Value,
    from: String,
}

impl Listed for Row {
    const HEAD: &'static [&'static str] = &["setting", "value", "from"];
    fn cells(&self) -> Vec<String> {
        vec![self.key.clone(), self.value.to_string(), self.from.clone()]
    }
}

/// Prints every setting with its value and the place it came from.
///
/// # Errors
/// A section or key that does not exist.
pub async fn run(ctx: &Context, args: Args) -> anyhow::Result<ExitCode> {
    let only = args.only.as_deref();
    let wanted = |shown: &Shown| {
        only.is_none_or(|only| {
            shown.key == only || shown.key.split('.').next().is_some_and(|section| section == only)
        })
    };
    let shown = ctx.settings.shown();
    let rows: Vec<Row> = shown.into_iter().filter(wanted).map(row).collect::<Result<_, _>>()?;
    if let (Some(only), true) = (only, rows.is_empty()) {
        anyhow::bail!("there is no section or setting {only:?}; `brief config` lists every one");
    }
    ctx.output.listing(&rows, "There are no settings.")?;
    Ok(ExitCode::SUCCESS)
}

fn row(shown: Shown) -> Result<Row, serde_json::Error> {
    Ok(Row {
        value: serde_json::to_value(&shown.value)?,
        from: shown.origin.to_string(),
        key: shown.key,
    })
}
