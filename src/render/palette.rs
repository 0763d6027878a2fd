//! The colours of a mail, all made from one: on a light card and on a dark one.
//!
//! Contrast is measured as WCAG 2.2 does (relative luminance, SC 1.4.3).

use crate::domain::colour::Colour;

/// Least contrast of words with what they stand on (WCAG 2.2 SC 1.4.3).
pub const LEGIBLE: f64 = 4.5;
/// The same on a dark card, where light letters look thinner.
const LEGIBLE_ON_DARK: f64 = 6.0;

const WHITE: Colour = Colour::new(0x00ff_ffff);
const BLACK: Colour = Colour::new(0);
/// The card of a mail in dark mode.
const DARK_CARD: Colour = Colour::new(0x001b_1f22);
/// Hundredths by which a colour is moved until it can be read.
const STEP: usize = 2;

/// What is drawn in the accent, or in something made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shades {
    /// Links, headings, buttons, the newest bar.
    pub accent: Colour,
    /// Words on a button.
    pub on_accent: Colour,
    /// Behind the one action.
    pub tint: Colour,
    /// Older bars.
    pub bar: Colour,
    /// The range's second stretch.
    pub second: Colour,
    /// The range's last stretch.
    pub third: Colour,
}

/// The colours of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// On a white card.
    pub light: Shades,
    /// On a dark one.
    pub dark: Shades,
}

impl Palette {
    /// The service's own.
    pub const PRODUCT: Self = Self {
        light: Shades {
            accent: Colour::new(0x000b_5a53),
            on_accent: WHITE,
            tint: Colour::new(0x00e9_f2f0),
            bar: Colour::new(0x008a_a7a3),
            second: Colour::new(0x006c_a39d),
            third: Colour::new(0x00cf_e0dd),
        },
        dark: Shades {
            accent: Colour::new(0x007c_cabf),
            on_accent: Colour::new(0x000c_1f1c),
            tint: Colour::new(0x0020_3230),
            bar: Colour::new(0x005f_7b77),
            second: Colour::new(0x004d_8a82),
            third: Colour::new(0x002f_4f4b),
        },
    };

    /// Around somebody's own accent, which [`is_legible`].
    #[must_use]
    pub fn of(accent: Colour) -> Self {
        let light = Shades {
            accent,
            on_accent: WHITE,
            tint: tint(accent),
            bar: accent.mixed(WHITE, 50),
            second: accent.mixed(WHITE, 40),
            third: accent.mixed(WHITE, 80),
        };
        let on_dark = |own: &Colour| contrast(*own, dark_tint(*own)) >= LEGIBLE_ON_DARK;
        let bright = (0..=100).step_by(STEP).map(|percent| accent.mixed(WHITE, percent));
        let bright = bright.clone().find(on_dark).unwrap_or(WHITE);
        let dark = Shades {
            accent: bright,
            on_accent: bright.mixed(BLACK, 88),
            tint: dark_tint(bright),
            bar: bright.mixed(DARK_CARD, 50),
            second: bright.mixed(DARK_CARD, 40),
            third: bright.mixed(DARK_CARD, 75),
        };
        Self { light, dark }
    }
}

impl Default for Palette {
    fn default() -> Self {
        Self::PRODUCT
    }
}

/// Behind the one action on a white card.
fn tint(accent: Colour) -> Colour {
    accent.mixed(WHITE, 91)
}

/// The same on a dark card.
fn dark_tint(accent: Colour) -> Colour {
    accent.mixed(DARK_CARD, 88)
}

/// Whether words in a colour can be read on a white card and behind the one action.
#[must_use]
pub fn is_legible(accent: Colour) -> bool {
    contrast(accent, tint(accent)) >= LEGIBLE
}

/// The lightest shade of a colour that can be read.
#[must_use]
pub fn nearest_legible(accent: Colour) -> Colour {
    let darker = (0..=100).step_by(STEP).map(|percent| accent.mixed(BLACK, percent));
    darker.clone().find(|own| is_legible(*own)).unwrap_or(BLACK)
}

/// The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio").
#[must_use]
pub fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// WCAG 2.2, "relative luminance".
fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = colour.channels.map(|octet| {
        let part = f64::from(octet) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126f64.mul_add(red, 0.7152f64.mul_add(green, 0.0722 * blue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_definition() {
        assert!((contrast(WHITE, BLACK) - 21.0).abs() < 1e-9);
        assert!((contrast(WHITE, Colour::new(0x0076_7676)) - 4.54).abs() < 0.01);
        assert!((contrast(WHITE, WHITE) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_made_from_any_colour_can_be_read() {
        // Every colour on a coarse grid, and the service's own.
        let steps = (0..=255u32).step_by(15);
        let grid = steps.clone().flat_map(|r| {
            let steps = steps.clone();
            steps.clone().flat_map(move |g| steps.clone().map(move |b| r << 16 | g << 8 | b))
        });
        let made = grid.map(|rgb| Palette::of(nearest_legible(Colour::new(rgb))));
        for Palette { light, dark } in made.chain([Palette::PRODUCT]) {
            for on in [WHITE, light.tint] {
                assert!(contrast(light.accent, on) >= LEGIBLE, "{} on {on}", light.accent);
            }
            for on in [DARK_CARD, dark.tint] {
                assert!(contrast(dark.accent, on) >= LEGIBLE, "{} on {on}", dark.accent);
            }
            for own in [light, dark] {
                assert!(contrast(own.on_accent, own.accent) >= LEGIBLE, "{}", own.accent);
            }
            // The words behind the one action stay the card's own.
            assert!(contrast(Colour::new(0x001d_2226), light.tint) >= LEGIBLE);
            assert!(contrast(Colour::new(0x00ec_eeef), dark.tint) >= LEGIBLE);
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays() {
        assert_eq!(nearest_legible(Colour::new(0x000b_5a53)), Colour::new(0x000b_5a53));
        assert!(!is_legible(Colour::new(0x00ff_cc00)));
        assert!(is_legible(nearest_legible(Colour::new(0x00ff_cc00))));
    }
}
