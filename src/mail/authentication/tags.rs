//! Lists of `name=value` with semicolons between, as DKIM and DMARC write them (RFC 6376 3.2).

/// A list, as far as it can be read.
#[derive(Debug, Default)]
pub(super) struct Tags<'a> {
    list: Vec<(&'a str, &'a str)>,
    /// What is wrong, one clause each.
    pub(super) problems: Vec<String>,
}

impl<'a> Tags<'a> {
    /// Reads what can be read; of a name that stands twice the first counts.
    pub(super) fn parse(text: &'a str) -> Self {
        let mut tags = Self::default();
        for part in text.split(';').map(trim).filter(|part| !part.is_empty()) {
            match part.split_once('=').map(|(name, value)| (trim(name), trim(value))) {
                Some((name, value)) if is_name(name) => {
                    if tags.get(name).is_some() {
                        tags.problems.push(format!("the tag {name} stands twice"));
                    } else {
                        tags.list.push((name, value));
                    }
                }
                _ => tags.problems.push(format!("{part:?} is no tag=value")),
            }
        }
        tags
    }

    /// The value of a tag. Names are told apart by case (RFC 6376 3.2).
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.list.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
    }

    /// The name of the first tag.
    pub(super) fn first(&self) -> Option<&'a str> {
        self.list.first().map(|(name, _)| *name)
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_is_read() {
        let tags = Tags::parse(" v = DKIM1 ; k=rsa;;x; p=a=b ;k=ed25519; 1=2");
        assert_eq!(
            (tags.first(), tags.get("k"), tags.get("p")),
            (Some("v"), Some("rsa"), Some("a=b"))
        );
        assert_eq!(tags.problems.len(), 3, "{:?}", tags.problems);
    }
}
