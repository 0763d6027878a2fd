//! The next session, with the promises of the last one.

use super::super::limits::Limits;
use super::super::numbers::{spelled, spelled_first, uncapitalized, weekday_date};
use super::super::{Block, BlockRole, Piece, Tone, Toned, names};
use super::client_name;
use crate::domain::portfolio::SessionFacts;

/// Longest promise shown, characters.
const PROMISE: usize = 80;

/// NEXT SESSION: Halden Foods, Thursday 26 November, 10:00.
pub fn block(session: &SessionFacts, limits: &Limits) -> Block {
    let day = session.local.date();
    let mut said = vec![match (session.promises, session.done) {
        (0, _) => "Nothing was promised last time.".to_owned(),
        (1, 0) => "The promise from last time is open.".to_owned(),
        (1, _) => "The promise from last time is kept.".to_owned(),
        (all, done) => format!(
            "{} of {} promises from last time are done.",
            if done == 0 { "None".to_owned() } else { spelled_first(done) },
            spelled(all)
        ),
    }];
    if let Some(open) = session.open.first().filter(|_| limits.details) {
        let text = uncapitalized(&names::tidy(&open.text, PROMISE));
        let owner = open.owner.as_deref().and_then(names::person);
        let owner = owner.map_or(String::new(), |owner| format!(" ({owner})"));
        if !text.is_empty() {
            said.push(names::fitting([
                format!("Open: {text}{owner}."),
                format!("Open: {}.", names::tidy(&text, 40)),
            ]));
        }
    }
    said.extend(session.ask.clone());
    Block {
        role: BlockRole::Session,
        heading: "NEXT SESSION".to_owned(),
        headline: Some(Toned {
            text: format!(
                "{}, {}, {:02}:{:02}",
                client_name(&session.client_name),
                weekday_date(day, day),
                session.local.hour(),
                session.local.minute()
            ),
            tone: Tone::Plain,
        }),
        pieces: vec![Piece::Text(said.join(" "))],
    }
}
