//! How a consultant's briefs look and who answers: a name, a colour, a logo, an address of their own.

use super::colour::Colour;
use super::line::DisplayName;
use super::snapshot::Contact;

/// Most pixels of a logo in a mail, as it is shown: across and down.
pub const LOGO_SHOWN: (u64, u64) = (240, 48);

/// What a consultant's briefs carry in place of the service's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brand {
    /// Stands at the head of each mail and before the sender's address.
    pub name: Option<DisplayName>,
    /// Of links, headings, buttons and bars.
    pub accent: Option<Colour>,
    /// Stands over the name.
    pub logo: Option<Logo>,
    /// Who gets the readers' answers in place of the consultant.
    pub reply_to: Option<Contact>,
}

impl Brand {
    /// Whether nothing of it is their own.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// A picture at the head of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// SHA-256 of the file, 64 lower-case hexadecimal digits: what it is known by.
    pub sha256: String,
    /// Pixels of the file.
    pub width: u32,
    /// Pixels of the file.
    pub height: u32,
}

impl Logo {
    /// Its size as it is shown: within [`LOGO_SHOWN`], never larger than it is.
    #[must_use]
    pub fn shown(&self) -> (u32, u32) {
        let (most_width, most_height) = LOGO_SHOWN;
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        if width <= most_width && height <= most_height {
            return (self.width, self.height);
        }
        let fitted = if width * most_height >= most_width * height {
            (most_width, height * most_width / width.max(1))
        } else {
            (width * most_height / height.max(1), most_height)
        };
        let pixels = |pixels: u64| u32::try_from(pixels.max(1)).unwrap_or(u32::MAX);
        (pixels(fitted.0), pixels(fitted.1))
    }
}

/// Who looks after an organization, as its readers meet them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultant {
    /// The person.
    pub contact: Contact,
    /// What is their own in what they send.
    pub brand: Brand,
}

impl Consultant {
    /// Whom readers answer.
    #[must_use]
    pub fn reply_to(&self) -> &Contact {
        self.brand.reply_to.as_ref().unwrap_or(&self.contact)
    }

    /// The name of their own that briefs come under.
    #[must_use]
    pub fn brand_name(&self) -> Option<String> {
        self.brand.name.as_ref().map(ToString::to_string)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_shown_within_its_room() {
        for (file, shown) in [
            ((240, 48), (240, 48)),
            ((100, 30), (100, 30)),
            ((480, 96), (240, 48)),
            ((1200, 100), (240, 20)),
            ((200, 400), (24, 48)),
            ((2000, 1), (240, 1)),
        ] {
            let logo = Logo { sha256: String::new(), width: file.0, height: file.1 };
            assert_eq!(logo.shown(), shown, "{file:?}");
        }
    }
}
