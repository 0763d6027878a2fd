//! Names with macros in them, `%{d}` and the like (RFC 7208 7).

use std::net::IpAddr;

use super::super::names;

/// What macros stand for. What is not known makes the name unknown.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The domain whose record is being read.
    pub domain: &'a str,
    /// The domain of the bounce address. Its local part is another one in every mail.
    pub sender: &'a str,
    /// The address that the mail comes from, if one is asked about.
    pub address: Option<IpAddr>,
}

/// A name as a record writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Macro { letter: char, keep: usize, is_reversed: bool, delimiters: String },
}

impl Spec {
    /// Reads a `domain-spec` (RFC 7208 7.1).
    ///
    /// # Errors
    /// What is wrong with it, as a clause.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            push(&mut pieces, &rest[..at]);
            rest = &rest[at + 1..];
            if let Some(inside) = rest.strip_prefix('{') {
                let (inside, behind) =
                    inside.split_once('}').ok_or_else(|| "a macro has no }".to_owned())?;
                pieces.push(read_macro(inside)?);
                rest = behind;
            } else {
                let literal = match rest.as_bytes().first() {
                    Some(b'%') => "%",
                    Some(b'_') => " ",
                    Some(b'-') => "%20",
                    _ => return Err("a % is followed by none of { % _ -".to_owned()),
                };
                push(&mut pieces, literal);
                rest = &rest[1..];
            }
        }
        push(&mut pieces, rest);
        let spec = Self { text: text.to_owned(), pieces };
        spec.check_end()?;
        Ok(spec)
    }

    /// A name ends in a top label or in a macro (RFC 7208 7.1, `domain-end`).
    fn check_end(&self) -> Result<(), String> {
        let Some(Piece::Text(last)) = self.pieces.last() else {
            let is_empty = self.pieces.is_empty();
            return if is_empty { Err("no name is given".to_owned()) } else { Ok(()) };
        };
        let last = last.strip_suffix('.').unwrap_or(last);
        let Some((_, top)) = last.rsplit_once('.') else {
            return Err(format!("{:?} is no full domain name", self.text));
        };
        let fits = !top.is_empty()
            && top.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !top.bytes().all(|b| b.is_ascii_digit())
            && !top.starts_with('-')
            && !top.ends_with('-');
        if fits { Ok(()) } else { Err(format!("{:?} is no domain name", self.text)) }
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name that is meant; none where it depends on what is not known.
    #[must_use]
    pub fn expand(&self, context: &Context<'_>) -> Option<String> {
        let mut name = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => name.push_str(text),
                Piece::Macro { letter, keep, is_reversed, delimiters } => {
                    let value = value(*letter, context)?;
                    name.push_str(&transform(&value, *keep, *is_reversed, delimiters));
                }
            }
        }
        let mut name = names::plain(&name);
        // What is too long loses labels on the left (RFC 7208 7.3).
        while name.len() > 253 {
            name = names::parent(&name)?.to_owned();
        }
        Some(name)
    }
}

fn push(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(own)) => own.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

/// What stands between the braces: a letter, digits, `r`, delimiters.
fn read_macro(inside: &str) -> Result<Piece, String> {
    let wrong = || format!("%{{{inside}}} is no macro");
    let letter = inside.chars().next().filter(char::is_ascii).ok_or_else(wrong)?;
    // c, r and t are for explanations only (RFC 7208 7.2).
    if !"slodiphv".contains(letter.to_ascii_lowercase()) {
        return Err(wrong());
    }
    let rest = &inside[1..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = rest.split_at(digits);
    let keep = match digits {
        "" => usize::MAX,
        digits => digits.parse().ok().filter(|keep| *keep > 0).ok_or_else(wrong)?,
    };
    let (is_reversed, delimiters) = match rest.strip_prefix(['r', 'R']) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if !delimiters.chars().all(|c| ".-+,/_=".contains(c)) {
        return Err(wrong());
    }
    let delimiters = if delimiters.is_empty() { "." } else { delimiters }.to_owned();
    Ok(Piece::Macro { letter, keep, is_reversed, delimiters })
}

fn value(letter: char, context: &Context<'_>) -> Option<String> {
    match letter.to_ascii_lowercase() {
        'd' => Some(context.domain.to_owned()),
        'o' => Some(context.sender.to_owned()),
        // We greet with the domain of the bounce address.
        'h' => Some(context.sender.to_owned()),
        'i' => context.address.map(|address| match address.to_canonical() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => {
                let octets = ip.octets();
                let nibbles = octets.iter().flat_map(|octet| [octet >> 4, octet & 15]);
                nibbles.map(|nibble| format!("{nibble:x}")).collect::<Vec<_>>().join(".")
            }
        }),
        'v' => context.address.map(|address| {
            if address.to_canonical().is_ipv4() { "in-addr" } else { "ip6" }.to_owned()
        }),
        _ => None,
    }
}

fn transform(value: &str, keep: usize, is_reversed: bool, delimiters: &str) -> String {
    let mut parts: Vec<&str> = value.split(|c| delimiters.contains(c)).collect();
    if is_reversed {
        parts.reverse();
    }
    parts[parts.len().saturating_sub(keep)..].join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str, address: &str) -> Option<String> {
        let context = Context {
            domain: "email.example.com",
            sender: "email.example.com",
            address: address.parse().ok(),
        };
        Spec::parse(text).expect(text).expand(&context)
    }

    #[test]
    fn the_examples_of_the_rfc() {
        // RFC 7208 7.4, without those that need the local part.
        for (text, wanted) in [
            ("%{d}", "email.example.com"),
            ("%{d4}", "email.example.com"),
            ("%{d2}", "example.com"),
            ("%{d1}", "com"),
            ("%{dr}", "com.example.email"),
            ("%{d2r}", "example.email"),
            ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
            ("%{i}.a%%b.example", "192.0.2.3.a%b.example"),
        ] {
            assert_eq!(expanded(text, "192.0.2.3").as_deref(), Some(wanted), "{text}");
        }
        let ip6 = expanded("%{ir}.%{v}._spf.%{d2}", "2001:db8::cb01").expect("known");
        assert!(
            ip6.starts_with("1.0.b.c.0.0.") && ip6.ends_with("2.ip6._spf.example.com"),
            "{ip6}"
        );
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        assert_eq!(expanded("%{i}.x.example", ""), None);
        assert_eq!(expanded("%{l}.x.example", "192.0.2.3"), None);
    }

    #[test]
    fn broken_names_are_refused() {
        for text in ["", "x", "%", "%{", "%{d", "%{}", "%{q}.a.b", "%{d0}", "%{d}.1", "a.-b", "%x"]
        {
            assert!(Spec::parse(text).is_err(), "{text}");
        }
    }
}
