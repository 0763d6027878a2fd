//! The relaxed forms of RFC 6376 3.4, enough of them to say what they cost.

use ring::digest::{SHA256, digest};

/// The header in its relaxed form, with the hash of the body where the signature will carry it.
pub fn hashes(message: &[u8]) -> Vec<u8> {
    let end = memchr::memmem::find(message, b"\r\n\r\n").expect("a header and a body") + 2;
    let body = digest(&SHA256, &body(&message[end + 2..]));
    let mut out = header(&message[..end]);
    out.extend_from_slice(b"dkim-signature:v=1; c=relaxed/relaxed; bh=");
    out.extend_from_slice(body.as_ref());
    out
}

/// Names in small letters, folds undone, blanks run together (RFC 6376 3.4.2).
fn header(lines: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(lines.len());
    let mut is_name = true;
    for line in lines.split_inclusive(|octet| *octet == b'\n') {
        let goes_on = line.starts_with(b" ") || line.starts_with(b"\t");
        if goes_on {
            out.truncate(out.len() - 2);
        } else {
            is_name = true;
        }
        for octet in line.trim_ascii_end() {
            match octet {
                b' ' | b'\t' if matches!(out.last(), Some(b' ' | b':' | b'\n') | None) => {}
                b' ' | b'\t' => out.push(b' '),
                b':' => {
                    is_name = false;
                    out.push(b':');
                }
                octet if is_name => out.push(octet.to_ascii_lowercase()),
                octet => out.push(*octet),
            }
        }
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// Blanks run together, none before a line end, no empty lines at the end (RFC 6376 3.4.4).
fn body(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|octet| *octet == b'\n') {
        let mut is_blank = false;
        for octet in line.trim_ascii_end() {
            let blank = matches!(octet, b' ' | b'\t');
            if !blank {
                if is_blank {
                    out.push(b' ');
                }
                out.push(*octet);
            }
            is_blank = blank;
        }
        out.extend_from_slice(b"\r\n");
    }
    while out.ends_with(b"\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    out
}
