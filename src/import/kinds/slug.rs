//! Names for commands and links, made from names for people.

use std::collections::HashSet;

use crate::store::slug::slug_of;

/// Longest slug before its number.
const LENGTH: usize = 48;

/// A slug of `name`, else of `other`, that is not taken yet; takes it.
pub(super) fn fresh(name: &str, other: &str, taken: &mut HashSet<String>) -> String {
    let names = [name, other, "unnamed"].map(slug_of);
    let base = names.iter().find(|s| !s.is_empty()).map_or("", String::as_str);
    let base = base.get(..LENGTH).unwrap_or(base).trim_end_matches('-');
    let mut slug = base.to_owned();
    let mut number = 2_u32;
    while !taken.insert(slug.clone()) {
        slug = format!("{base}-{number}");
        number += 1;
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_and_never_taken_twice() {
        let mut taken = HashSet::new();
        assert_eq!(fresh("Tarn & Reyes, Inc.", "", &mut taken), "tarn-reyes-inc");
        assert_eq!(fresh("Tarn Reyes inc", "", &mut taken), "tarn-reyes-inc-2");
        assert_eq!(fresh("日本", "C 7", &mut taken), "c-7");
        assert_eq!(fresh("日本", "社", &mut taken), "unnamed");
    }
}
