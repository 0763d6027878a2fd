//! One clean line whatever was typed.

use proptest::prelude::*;

use super::*;

#[test]
fn names_lose_what_could_leave_the_line() {
    for (written, kept) in [
        ("Anna Berg", "Anna Berg"),
        ("  Anna \t\r\n Berg ", "Anna Berg"),
        ("Anna\r\nBcc: eve@evil.example", "Anna Bcc: eve@evil.example"),
        ("An\0na\u{7f}", "Anna"),
        ("\u{202e}annA\u{202c}", "annA"),
        ("Zoë \u{1f469}\u{200d}\u{1f33e}", "Zoë \u{1f469}\u{200d}\u{1f33e}"),
    ] {
        assert_eq!(DisplayName::new(written).expect(written).as_str(), kept);
    }
    assert_eq!(DisplayName::new(" \u{200b}\r\n"), None);
    let long = DisplayName::new(&"é".repeat(100)).expect("a name");
    assert_eq!(long.as_str().chars().count(), 64);
}

proptest! {
    #[test]
    fn a_clean_line_is_one_short_line_and_stays_as_it_is(text in any::<String>(), max in 1_usize..80) {
        let kept = clean(&text, max);
        prop_assert!(kept.chars().count() <= max);
        prop_assert!(kept.chars().all(|c| !is_unprintable(c) && (c == ' ' || !c.is_whitespace())));
        prop_assert!(!kept.contains("  ") && kept.trim() == kept);
        prop_assert_eq!(clean(&kept, max), kept);
    }
}
