//! `brief dkim show`: the records of the configured keys.

use std::process::ExitCode;

use super::super::Context;
use super::Shown;

pub(super) fn run(ctx: &Context) -> anyhow::Result<ExitCode> {
    let shown: Vec<Shown> = ctx.settings.mail.dkim.iter().map(Shown::of).collect();
    if ctx.output.json {
        ctx.output.value(&shown)?;
        return Ok(ExitCode::SUCCESS);
    }
    if shown.is_empty() {
        ctx.output
            .note("No key is configured: mail is not signed. `brief dkim generate` makes keys.")?;
    }
    for key in &shown {
        let Shown { selector, algorithm, r#use, key: file, .. } = key;
        ctx.output.line(format_args!("{selector}: {algorithm}, use = {use:?}, {file}"))?;
        ctx.output.line(key.record_text())?;
    }
    Ok(ExitCode::SUCCESS)
}
