//! Places in a rendered edition for what is the recipient's own.
//!
//! An edition is rendered once. Where a link or a name differs from recipient to recipient the
//! templates write a token; a delivery, the web copy and a preview put the value in its place
//! (DESIGN 2.7). The set is closed and every value is always given, so a title that happens to
//! hold a token costs nothing: its reader sees the own link there.

use std::borrow::Cow;

/// The recipient's trend page.
pub const SLOT_TREND: &str = "slot--trend--slot";
/// The page that says why the mail came and lets the reader change it.
pub const SLOT_WHY: &str = "slot--why--slot";
/// The page that ends the subscription.
pub const SLOT_STOP: &str = "slot--stop--slot";
/// The page that shows the mail in a browser.
pub const SLOT_COPY: &str = "slot--copy--slot";
/// The beginning of every answer link; what follows it names the gap and the answer.
pub const SLOT_ANSWER: &str = "slot--answer--slot";
/// The recipient's name.
pub const SLOT_NAME: &str = "slot--name--slot";

/// One place for a value of the recipient's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// [`SLOT_TREND`]
    Trend,
    /// [`SLOT_WHY`]
    Why,
    /// [`SLOT_STOP`]
    Stop,
    /// [`SLOT_COPY`]
    Copy,
    /// [`SLOT_ANSWER`]
    Answer,
    /// [`SLOT_NAME`]
    Name,
}

impl Slot {
    /// Every slot there is.
    pub const ALL: [Self; 6] =
        [Self::Trend, Self::Why, Self::Stop, Self::Copy, Self::Answer, Self::Name];

    /// What the templates write.
    #[must_use]
    pub const fn token(self) -> &'static str {
        match self {
            Self::Trend => SLOT_TREND,
            Self::Why => SLOT_WHY,
            Self::Stop => SLOT_STOP,
            Self::Copy => SLOT_COPY,
            Self::Answer => SLOT_ANSWER,
            Self::Name => SLOT_NAME,
        }
    }
}

/// The values of one recipient, plain text: escaping is done where they are put in.
#[derive(Debug, Clone, Copy, Default)]
pub struct SlotValues<'a> {
    /// Absolute URL of the trend page.
    pub trend: &'a str,
    /// Absolute URL of the page with the reader's choices.
    pub why: &'a str,
    /// Absolute URL of the page that ends the subscription.
    pub stop: &'a str,
    /// Absolute URL of the mail as a page.
    pub copy: &'a str,
    /// Absolute URL that answer links begin with; an edition for those who may not answer has none.
    pub answer: &'a str,
    /// The name to show; may be empty.
    pub name: &'a str,
}

impl<'a> SlotValues<'a> {
    /// The value for `slot`.
    #[must_use]
    pub fn get(&self, slot: Slot) -> &'a str {
        match slot {
            Slot::Trend => self.trend,
            Slot::Why => self.why,
            Slot::Stop => self.stop,
            Slot::Copy => self.copy,
            Slot::Answer => self.answer,
            Slot::Name => self.name,
        }
    }
}

/// A stretch of a template's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// The same for everybody.
    Fixed(&'a str),
    /// The recipient's own.
    Own(Slot),
}

/// Cuts `text` at its tokens. Fixed pieces are never empty.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    let mut pending = None;
    std::iter::from_fn(move || {
        if let Some(slot) = pending.take() {
            return Some(Piece::Own(slot));
        }
        if rest.is_empty() {
            return None;
        }
        let (before, slot, after) = first_token(rest);
        rest = after;
        if before.is_empty() {
            return slot.map(Piece::Own);
        }
        pending = slot;
        Some(Piece::Fixed(before))
    })
}

/// What stands before the first token, the token's slot, and what stands behind it.
fn first_token(text: &str) -> (&str, Option<Slot>, &str) {
    for (at, _) in text.match_indices("slot--") {
        for slot in Slot::ALL {
            if let Some(after) = text[at..].strip_prefix(slot.token()) {
                return (&text[..at], Some(slot), after);
            }
        }
    }
    (text, None, "")
}

/// A plain text with this recipient's values in it.
#[must_use]
pub fn fill_text(text: &str, values: &SlotValues<'_>) -> String {
    fill(text, |slot| Cow::Borrowed(values.get(slot)))
}

/// An HTML text with this recipient's values in it, escaped for text and quoted attributes alike.
#[must_use]
pub fn fill_html(html: &str, values: &SlotValues<'_>) -> String {
    fill(html, |slot| escape_html(values.get(slot)))
}

fn fill<'a>(text: &str, value: impl Fn(Slot) -> Cow<'a, str>) -> String {
    let mut filled = String::with_capacity(text.len() + 256);
    for piece in pieces(text) {
        match piece {
            Piece::Fixed(fixed) => filled.push_str(fixed),
            Piece::Own(slot) => filled.push_str(&value(slot)),
        }
    }
    filled
}

/// `text` with the five characters that mean something in HTML written as entities.
#[must_use]
pub fn escape_html(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 32);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests;
