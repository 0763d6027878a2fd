//! Reading the sources: the text as it is, and the code alone (comments and the insides of strings
//! are blanks, every line stays where it is).

use std::fs;
use std::path::{Path, PathBuf};

/// One Rust file.
pub struct Source {
    /// From the repository's root, for example `src/domain/cost.rs`.
    pub path: String,
    /// As it is.
    pub text: String,
    /// The code alone.
    pub code: String,
    /// The code without what is compiled for tests only.
    pub shipped: String,
}

impl Source {
    /// The room it is in: `domain` of `src/domain/cost.rs`, `clock` of `src/clock.rs`.
    pub fn room(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let first = inside.split('/').next().unwrap_or(inside);
        first.strip_suffix(".rs").unwrap_or(first)
    }
}

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under `folder` with one of the endings, by path; target and version control left out.
pub fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path: PathBuf = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if !["target", ".git", "var", "demo-run"].iter().any(|n| name == *n) {
                    open.push(path);
                }
            } else if endings.iter().any(|end| path.to_string_lossy().ends_with(end)) {
                let inside = path.strip_prefix(root()).unwrap_or(&path);
                found.push(inside.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// One file's text.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The Rust files under `folder`.
pub fn rust(folder: &str) -> Vec<Source> {
    let all: Vec<Source> = files(folder, &[".rs"]).into_iter().map(load).collect();
    assert!(!all.is_empty(), "{folder} has no Rust file: the rule would hold nothing");
    let test_only: Vec<String> = all.iter().flat_map(modules_for_tests).collect();
    all.into_iter()
        .map(|mut source| {
            if test_only.iter().any(|m| is_of_module(&source.path, m)) {
                source.shipped = blank(&source.code);
            }
            source
        })
        .collect()
}

fn load(path: String) -> Source {
    let text = read(&path);
    let code = code_of(&text);
    let shipped = without_tests(&code);
    Source { path, text, code, shipped }
}

/// Paths without `.rs` of the modules that a file declares for tests only.
fn modules_for_tests(source: &Source) -> Vec<String> {
    let folder = source.path.trim_end_matches(".rs").trim_end_matches("/mod").to_owned();
    let mut found = Vec::new();
    for part in source.code.split("#[cfg(test)]").skip(1) {
        if let Some(name) = part.trim_start().strip_prefix("mod ").and_then(|m| m.split(';').next())
            && !name.contains('{')
        {
            found.push(format!("{folder}/{name}"));
        }
    }
    found
}

fn is_of_module(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

fn blank(code: &str) -> String {
    code.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// The code with every item under `#[cfg(test)]` blanked.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    let mut from = 0;
    while let Some(at) = out[from..].find("#[cfg(test)]").map(|i| i + from) {
        let end = item_end(&out, at + "#[cfg(test)]".len());
        let blanked = blank(&out[at..end]);
        out.replace_range(at..end, &blanked);
        from = at;
    }
    out
}

/// Where the item that starts at `from` ends: after its `;`, or after the brace that closes it.
pub fn item_end(code: &str, from: usize) -> usize {
    let (mut braces, mut others) = (0_i32, 0_i32);
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => others += 1,
            b')' | b']' => others -= 1,
            b'{' => braces += 1,
            b'}' => {
                braces -= 1;
                if braces <= 0 && others <= 0 {
                    return at + 1;
                }
            }
            b';' if braces == 0 && others == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// Blanks comments and the insides of strings and characters, octet for octet.
pub fn code_of(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = opaque_end(text, at);
        if end == at {
            out.push(bytes[at]);
            at += 1;
        } else {
            out.extend(bytes[at..end].iter().map(|b| if *b == b'\n' { b'\n' } else { b' ' }));
            at = end;
        }
    }
    String::from_utf8(out).expect("whole characters are copied or blanked")
}

/// Where the comment or literal that starts at `at` ends, or `at` when none starts there.
fn opaque_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let rest = &bytes[at..];
    let until = |mark: &str| text[at..].find(mark).map_or(text.len(), |i| at + i + mark.len());
    let in_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    match rest[0] {
        b'/' if rest.starts_with(b"//") => until("\n") - 1,
        b'/' if rest.starts_with(b"/*") => until("*/"),
        b'"' => after_quote(bytes, at + 1, b'"'),
        b'r' if !in_word || bytes[at - 1] == b'b' => {
            let hashes = rest[1..].iter().take_while(|b| **b == b'#').count();
            if rest.get(1 + hashes) == Some(&b'"') {
                let close = format!("\"{}", "#".repeat(hashes));
                let inside = at + hashes + 2;
                return text[inside..]
                    .find(&close)
                    .map_or(text.len(), |i| inside + i + close.len());
            }
            at
        }
        b'\'' if rest.get(1) == Some(&b'\\') => after_quote(bytes, at + 1, b'\''),
        b'\'' => {
            let width = text[at + 1..].chars().next().map_or(0, char::len_utf8);
            // A lifetime has no closing quote.
            if rest.get(1 + width) == Some(&b'\'') { at + width + 2 } else { at }
        }
        _ => at,
    }
}

fn after_quote(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// Every place of `needle` as a whole word: 1-based line and the octet's index.
pub fn places(code: &str, needle: &str) -> Vec<(usize, usize)> {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let bytes = code.as_bytes();
    let ends_in_word = needle.bytes().last().is_some_and(is_word);
    let starts_in_word = needle.bytes().next().is_some_and(is_word);
    code.match_indices(needle)
        .filter(|(at, _)| !(starts_in_word && *at > 0 && is_word(bytes[at - 1])))
        .filter(|(at, _)| {
            !(ends_in_word && bytes.get(at + needle.len()).copied().is_some_and(is_word))
        })
        .map(|(at, _)| (code[..at].matches('\n').count() + 1, at))
        .collect()
}

/// The identifier at the start of `code`.
pub fn word(code: &str) -> &str {
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len());
    &code[..end]
}

#[test]
fn comments_strings_and_tests_are_told_from_code() {
    let text = "let a = \"// no { unwrap\"; // panic!\nlet b = r#\"\"}\"#; let c = '{'; fn f<'a>() {}\n\
                /* { */ let d = '\\''; x\n#[cfg(test)]\nmod tests { fn g() {} }\nfn h() {}\n";
    let code = code_of(text);
    assert_eq!(code.len(), text.len());
    assert_eq!(code.matches('{').count(), 4, "{code}");
    assert!(!code.contains("unwrap") && !code.contains("panic") && code.contains("fn f<'a>()"));
    let shipped = without_tests(&code);
    assert!(!shipped.contains("fn g") && shipped.contains("fn h() {}"), "{shipped}");
    assert_eq!(places("a.b b_ b", "b").iter().map(|p| p.1).collect::<Vec<_>>(), [2, 7]);
}
