//! A message as it crosses the wire after DATA (RFC 5321 4.5.2).

use memchr::memmem;

/// Appends `message` to `out` with a second dot before each one that begins a line, and the lone
/// dot that ends it. A message without a line end at its end is given one.
pub fn stuff(message: &[u8], out: &mut Vec<u8>) {
    out.reserve(message.len() + message.len() / 64 + 8);
    if message.first() == Some(&b'.') {
        out.push(b'.');
    }
    let mut copied = 0;
    for line_end in memmem::find_iter(message, b"\r\n.") {
        let dot = line_end + 2;
        out.extend_from_slice(&message[copied..dot]);
        out.push(b'.');
        copied = dot;
    }
    out.extend_from_slice(&message[copied..]);
    if !message.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
}

#[cfg(test)]
mod tests {
    use super::stuff;

    fn stuffed(message: &str) -> String {
        let mut out = Vec::new();
        stuff(message.as_bytes(), &mut out);
        String::from_utf8(out).expect("only dots were added")
    }

    #[test]
    fn only_dots_that_begin_a_line_are_doubled() {
        assert_eq!(stuffed("a\r\n.b\r\nc.\r\n"), "a\r\n..b\r\nc.\r\n.\r\n");
        assert_eq!(stuffed(".\r\n.\r\n..\r\n"), "..\r\n..\r\n...\r\n.\r\n");
        assert_eq!(stuffed("a\n.b\r.c\r\n"), "a\n.b\r.c\r\n.\r\n");
    }

    #[test]
    fn the_end_stands_on_a_line_of_its_own() {
        assert_eq!(stuffed(""), "\r\n.\r\n");
        assert_eq!(stuffed("a"), "a\r\n.\r\n");
        assert_eq!(stuffed("a\r\n"), "a\r\n.\r\n");
        assert_eq!(stuffed("a\r\n."), "a\r\n..\r\n.\r\n");
    }
}
