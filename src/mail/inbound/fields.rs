//! Fields as in a header, wherever they stand: above a message, in a report, in what is returned.

/// Most fields of one block: a header has fifty.
const MOST: usize = 500;

/// A block of fields, in order, unfolded; names in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads up to the first blank line. A line that is no field is passed over.
    pub fn read(text: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            if line.trim().is_empty() || fields.len() == MOST {
                break;
            }
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    /// Every block of a text, blank lines between them.
    pub fn blocks(text: &str) -> Vec<Self> {
        let mut blocks = Vec::new();
        let mut rest = text.trim_start_matches(['\r', '\n', ' ', '\t']);
        while !rest.is_empty() && blocks.len() < MOST {
            blocks.push(Self::read(rest));
            let mut at = 0;
            for line in rest.split_inclusive('\n') {
                if line.trim().is_empty() {
                    break;
                }
                at += line.len();
            }
            rest = rest[at..].trim_start_matches(['\r', '\n', ' ', '\t']);
        }
        blocks
    }

    /// The first field of that name, given in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Every field of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Whether there is such a field.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// What stands behind the type in a field such as `rfc822; anna@client.example` or
    /// `smtp; 550 no` (RFC 3464 2.1.2); the whole where no type is named.
    pub fn typed(&self, name: &str) -> Option<&str> {
        let value = self.get(name)?;
        let is_type = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let behind = value.split_once(';').filter(|(kind, _)| is_type(kind.trim()));
        Some(behind.map_or(value, |(_, behind)| behind.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unfolded_and_end_at_a_blank_line() {
        let fields = Fields::read("To: a\r\n  b\r\nno field\r\nX-Y :c: d\r\n\r\nTo: e\r\n");
        assert_eq!((fields.get("to"), fields.get("x-y")), (Some("a b"), Some("c: d")));
        assert_eq!(fields.all("to").count(), 1);
        assert_eq!(Fields::read(" folded into nothing").get("to"), None);
    }

    #[test]
    fn blocks_are_told_apart_by_blank_lines() {
        let blocks = Fields::blocks("\n\nA: 1\n\n \nB: 2\nC: 3\n");
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[1].get("c"), Some("3"));
        assert_eq!(Fields::blocks("").len(), 0);
    }

    #[test]
    fn a_type_is_taken_off_where_one_is_named() {
        let fields = Fields::read("A: smtp; 550 no; really\nB: 550 no; really\nC: ; x\n");
        assert_eq!(fields.typed("a"), Some("550 no; really"));
        assert_eq!(fields.typed("b"), Some("550 no; really"));
        assert_eq!(fields.typed("c"), Some("; x"));
    }
}
