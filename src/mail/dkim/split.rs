//! A finished message as header fields and body.

/// Walks over the fields of the header, from the top; beside them stands the body.
pub(super) struct Split<'x> {
    header: &'x [u8],
    /// What follows the empty line.
    pub body: &'x [u8],
}

impl<'x> Split<'x> {
    /// None when the message has no line that ends its header.
    pub fn of(message: &'x [u8]) -> Option<Self> {
        let end = memchr::memmem::find(message, b"\r\n\r\n")?;
        Some(Self { header: &message[..end + 2], body: &message[end + 4..] })
    }
}

impl<'x> Iterator for Split<'x> {
    /// The name, and everything after the colon with the line end that belongs to it.
    type Item = (&'x [u8], &'x [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut ends = memchr::memchr_iter(b'\n', self.header).map(|at| at + 1);
        let goes_on = |end: &usize| matches!(self.header.get(*end), Some(b' ' | b'\t'));
        let end = ends.find(|end| !goes_on(end))?;
        let (field, rest) = self.header.split_at(end);
        self.header = rest;
        let colon = memchr::memchr(b':', field).unwrap_or(field.len() - 1);
        Some((&field[..colon], &field[colon + 1..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_fields_stay_whole_and_the_body_begins_after_the_empty_line() {
        let mut split = Split::of(b"A: 1\r\nB: 2,\r\n 3\r\nC:\r\n\r\nbody: x\r\n").unwrap();
        assert_eq!(split.next(), Some((&b"A"[..], &b" 1\r\n"[..])));
        assert_eq!(split.next(), Some((&b"B"[..], &b" 2,\r\n 3\r\n"[..])));
        assert_eq!(split.next(), Some((&b"C"[..], &b"\r\n"[..])));
        assert_eq!(split.next(), None);
        assert_eq!(split.body, b"body: x\r\n");
        assert!(Split::of(b"A: 1\r\n").is_none());
    }
}
