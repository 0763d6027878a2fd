//! Quoted-printable (RFC 2045 6.7), our own because a mould must know where a line may be broken.
//!
//! Beyond the RFC's musts, a dot or `From ` at the beginning of a line is encoded as well: a relay
//! that forgets to undo dot-stuffing, or a mailbox in the mbox format, then cannot change the text.

/// Longest line, without its CRLF (RFC 2045 6.7 rule 5).
pub const LINE_MAX: usize = 76;
const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Appends `text` to `out`, of which the current line already holds `column` octets; returns the
/// column reached. Any of CRLF, LF and CR is a line break. A blank at the end is encoded, so that
/// what follows may be a line break.
pub fn encode(text: &str, column: usize, out: &mut Vec<u8>) -> usize {
    let mut column = column;
    let mut rest = text.chars().peekable();
    let mut at = 0;
    while let Some(c) = rest.next() {
        at += c.len_utf8();
        if c == '\r' || c == '\n' {
            if c == '\r' && rest.next_if_eq(&'\n').is_some() {
                at += 1;
            }
            out.extend_from_slice(b"\r\n");
            column = 0;
            continue;
        }
        let ends_line = matches!(rest.peek(), None | Some('\r' | '\n'));
        let starts_from = c == 'F' && text[at..].starts_with("rom ");
        let plain = is_plain(c) && !(matches!(c, ' ' | '\t') && ends_line);
        let width = if plain { 1 } else { 3 * c.len_utf8() };
        if LINE_MAX - 1 < column + width {
            soft_break(out);
            column = 0;
        }
        if plain && !(column == 0 && (c == '.' || starts_from)) {
            out.push(c as u8);
            column += 1;
        } else {
            column += push_encoded(c, out);
        }
    }
    column
}

/// A line break that a decoder removes.
pub fn soft_break(out: &mut Vec<u8>) {
    out.extend_from_slice(b"=\r\n");
}

/// Printable ASCII without `=`, and the two blanks (rules 2 and 3).
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\t') && c != '='
}

fn push_encoded(c: char, out: &mut Vec<u8>) -> usize {
    let mut buffer = [0; 4];
    let octets = c.encode_utf8(&mut buffer).as_bytes();
    for octet in octets {
        out.push(b'=');
        out.push(HEX[usize::from(octet >> 4)]);
        out.push(HEX[usize::from(octet & 15)]);
    }
    octets.len() * 3
}

#[cfg(test)]
mod tests;
