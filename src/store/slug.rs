//! Slugs: what commands, links and file names call something.

use super::StoreError;

/// Refuses what would not stand in a link or a file name as it is.
///
/// # Errors
/// [`StoreError::Invalid`] for anything but lower-case letters, digits and single hyphens.
pub fn check_slug(slug: &str) -> Result<(), StoreError> {
    let fine = !slug.is_empty()
        && slug.len() <= 64
        && !slug.starts_with('-')
        && !slug.ends_with('-')
        && !slug.contains("--")
        && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if fine {
        return Ok(());
    }
    let problem =
        format!("{slug:?} will not do; use lower-case letters, digits and hyphens, at most 64");
    Err(StoreError::Invalid { field: "slug", problem })
}

/// A slug made from a name: lower case, runs of anything else as one hyphen. Empty where the name
/// holds no ASCII letter or digit.
#[must_use]
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= 64 {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_slug_that_is_accepted() {
        for (name, slug) in [
            ("Northfield Supply", "northfield-supply"),
            ("  A & B -- Söhne (GmbH) ", "a-b-s-hne-gmbh"),
            ("7 Eleven", "7-eleven"),
        ] {
            assert_eq!(slug_of(name), slug);
            check_slug(slug).unwrap();
        }
        assert!(check_slug(&slug_of(&"x ".repeat(200))).is_ok());
        assert_eq!(slug_of("株式会社"), "");
    }

    #[test]
    fn what_would_not_stand_in_a_link_is_refused_with_what_would() {
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "../etc", "a/b"] {
            let error = check_slug(bad).unwrap_err().to_string();
            assert!(error.contains("lower-case letters"), "{error}");
        }
    }
}
