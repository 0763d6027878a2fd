//! Whether the databases that gaps come from can be reached.

use crate::config::Source;
use crate::source;

use super::Check;

const CHECK: &str = "source";

/// Reaches each source and asks it nothing.
pub(super) async fn checks(sources: &[Source]) -> Vec<Check> {
    let mut found = Vec::with_capacity(sources.len());
    for own in sources {
        found.push(check(own).await);
    }
    found
}

async fn check(own: &Source) -> Check {
    match source::reach(own).await {
        Ok(()) => Check::ok(CHECK, format!("{} lets us in ({})", own.name, source::engine(own))),
        Err(error) => {
            let advice = "briefs go out with what was last read and say how old it is; see `brief source check`";
            Check::warn(CHECK, error.to_string(), advice)
        }
    }
}
