//! A colour, as style sheets write it.

use std::fmt;
use std::str::FromStr;

/// A colour in sRGB, eight bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Red, green, blue.
    pub channels: [u8; 3],
}

/// Not six hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoColour;

impl fmt::Display for NoColour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a colour; write it as six digits like #0b5a53")
    }
}

impl Colour {
    /// Of the number that style sheets write: `0x0b5a53`. Bits above are left out.
    #[must_use]
    pub const fn new(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self { channels: [red, green, blue] }
    }

    /// This one with `percent` (0 to 100) of another.
    #[must_use]
    pub fn mixed(self, other: Self, percent: u32) -> Self {
        let percent = percent.min(100);
        let mut channels = self.channels;
        for (own, theirs) in channels.iter_mut().zip(other.channels) {
            let sum = u32::from(*own) * (100 - percent) + u32::from(theirs) * percent;
            // A mean of two octets is one.
            *own = u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX);
        }
        Self { channels }
    }
}

impl FromStr for Colour {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Self, NoColour> {
        let digits = text.trim();
        let digits = digits.strip_prefix('#').unwrap_or(digits);
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NoColour);
        }
        u32::from_str_radix(digits, 16).map(Self::new).map_err(|_| NoColour)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.channels;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_style_sheets_write_it() {
        for (text, printed) in
            [("#0b5a53", "#0b5a53"), (" 0B5A53 ", "#0b5a53"), ("ffffff", "#ffffff")]
        {
            assert_eq!(text.parse::<Colour>().unwrap().to_string(), printed);
        }
        for text in ["", "#", "#fff", "red", "#0b5a5", "#0b5a533", "#+b5a53", "#0b5a5é"] {
            assert_eq!(text.parse::<Colour>(), Err(NoColour), "{text}");
        }
    }

    #[test]
    fn mixes_by_hundredths() {
        let (black, white) = (Colour::new(0), Colour::new(0x00ff_ffff));
        assert_eq!(black.mixed(white, 0), black);
        assert_eq!(black.mixed(white, 50).to_string(), "#808080");
        assert_eq!(black.mixed(white, 100), white);
        assert_eq!(black.mixed(white, 900), white);
    }
}
