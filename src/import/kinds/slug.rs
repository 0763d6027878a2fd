//! Names for commands and links, made from names for people.

use std::collections::HashSet;

/// Longest slug before its number.
const LENGTH: usize = 48;

/// A slug of `name`, else of `other`, that is not taken yet; takes it.
pub(super) fn fresh(name: &str, other: &str, taken: &mut HashSet<String>) -> String {
    let base = [name, other, "unnamed"]
        .iter()
        .map(|t| plain(t))
        .find(|s| !s.is_empty());
    let base = base.unwrap_or_default();
    let mut slug = base.clone();
    let mut number = 2_u32;
    while !taken.insert(slug.clone()) {
        slug = format!("{base}-{number}");
        number += 1;
    }
    slug
}

/// Lower-case ASCII letters and digits with single hyphens.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if out.len() >= LENGTH {
            break;
        }
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_and_never_taken_twice() {
        let mut taken = HashSet::new();
        assert_eq!(
            fresh("Tarn & Reyes, Inc.", "", &mut taken),
            "tarn-reyes-inc"
        );
        assert_eq!(fresh("Tarn Reyes inc", "", &mut taken), "tarn-reyes-inc-2");
        assert_eq!(fresh("日本", "C 7", &mut taken), "c-7");
        assert_eq!(fresh("日本", "社", &mut taken), "unnamed");
    }
}
