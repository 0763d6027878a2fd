//! The relaxed form of a body (RFC 6376 3.4.4), line by line: mail-auth's own goes octet by octet, which
//! takes longer than an Ed25519 signature.

/// Blanks in a row are one, those at the end of a line and the empty lines at the end are gone; what is
/// not empty ends with a line end.
pub(super) fn body(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    for line in text.split_inclusive(|octet| *octet == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = without_end(line.strip_suffix(b"\r").unwrap_or(line));
        if has_run(line) {
            run_together(line, &mut out);
        } else {
            out.extend_from_slice(line);
        }
        out.extend_from_slice(b"\r\n");
    }
    while out.ends_with(b"\r\n\r\n") || out == b"\r\n" {
        out.truncate(out.len() - 2);
    }
    out
}

const fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}

fn without_end(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|octet| !is_blank(*octet)).map_or(0, |last| last + 1);
    &line[..end]
}

/// Whether anything in a line is not in its relaxed form yet.
fn has_run(line: &[u8]) -> bool {
    memchr::memchr(b'\t', line).is_some() || line.windows(2).any(|pair| pair == b"  ")
}

fn run_together(line: &[u8], out: &mut Vec<u8>) {
    let mut is_in_run = false;
    for octet in line {
        if !is_blank(*octet) {
            out.push(*octet);
        } else if !is_in_run {
            out.push(b' ');
        }
        is_in_run = is_blank(*octet);
    }
}

#[cfg(test)]
mod tests {
    use mail_auth::common::headers::Writable;
    use mail_auth::dkim::Canonicalization;
    use proptest::prelude::*;

    use super::body;

    #[test]
    fn the_examples_of_the_standard() {
        for (text, relaxed) in [
            (" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n"),
            ("", ""),
            ("\r\n", ""),
            ("\r\n\r\n", ""),
            (" \r\n", ""),
            ("a", "a\r\n"),
            ("\r\na\r\n", "\r\na\r\n"),
            ("\ta  b\t\tc \r\n", " a b c\r\n"),
        ] {
            assert_eq!(String::from_utf8(body(text.as_bytes())).unwrap(), relaxed, "{text:?}");
        }
    }

    proptest! {
        /// Lines of blanks alone are left out: mail-auth keeps those at the end, which the standard
        /// drops. A brief ends with its MIME boundary.
        #[test]
        fn it_is_what_a_verifier_makes_of_the_same(
            lines in prop::collection::vec("([ \t]{0,3}[a-z=.]{1,4}){0,5}[ \t]{0,2}", 0..12),
        ) {
            let lines: Vec<String> = lines
                .into_iter()
                .map(|line| if line.trim().is_empty() { String::new() } else { line })
                .collect();
            let text = lines.join("\r\n");
            let mut theirs = Vec::new();
            Canonicalization::Relaxed.canonical_body(text.as_bytes(), 0).write(&mut theirs);
            prop_assert_eq!(
                String::from_utf8(body(text.as_bytes())).unwrap(),
                String::from_utf8(theirs).unwrap()
            );
        }
    }
}
