//! What a reader meets in each part, reduced to words: to compare the two.

/// The document as a screen reader has it: text of the body without what is hidden from it, without
/// the preheader, tags turned into blanks, entities decoded. Panics on HTML that does not nest.
pub fn of_html(html: &str) -> Vec<String> {
    let body = html.split("<body").nth(1).expect("a body");
    let (_, body) = body.split_once('>').expect("the body's tag ends");
    let mut text = String::new();
    let mut open: Vec<(String, bool)> = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find('<') {
        push_shown(&mut text, &rest[..at], &open);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->").expect("a comment ends").1;
            continue;
        }
        let (tag, after) = rest[1..].split_once('>').expect("a tag ends");
        rest = after;
        text.push(' ');
        if let Some(name) = tag.strip_prefix('/') {
            if name == "body" || name == "html" {
                continue;
            }
            let (opened, _) = open.pop().expect("nothing is closed that was not opened");
            assert_eq!(opened, name, "tags nest");
        } else if !tag.starts_with("br") {
            let name = tag.split([' ', '\n']).next().unwrap_or_default().to_owned();
            let is_hidden = tag.contains("aria-hidden=\"true\"") || tag.contains("display:none");
            open.push((name, is_hidden));
        }
    }
    assert_eq!(open, [], "every tag is closed");
    words(&decoded(&text))
}

fn push_shown(text: &mut String, piece: &str, open: &[(String, bool)]) {
    if !open.iter().any(|(_, is_hidden)| *is_hidden) {
        text.push_str(piece);
    }
}

/// The plain part without addresses.
pub fn of_text(text: &str) -> Vec<String> {
    let is_address = |word: &&str| {
        !["https://", "mailto:", "http://", "slot--"].iter().any(|start| word.starts_with(start))
    };
    words(&text.split_whitespace().filter(is_address).collect::<Vec<_>>().join(" "))
}

/// Runs of letters and digits, in upper case (headings are in the text part), sorted.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_uppercase)
        .collect();
    words.sort();
    words
}

/// The letters and digits of words, sorted: equal also where a narrow column broke a word.
pub fn letters(words: &[String]) -> String {
    let mut letters: Vec<char> = words.iter().flat_map(|word| word.chars()).collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

fn decoded(text: &str) -> String {
    [
        ("&#38;", "&"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&ldquo;", " "),
        ("&rdquo;", " "),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c))
}

/// Values of every attribute called `name`.
pub fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("{name}=\"");
    html.match_indices(&start)
        .filter_map(|(at, _)| html[at + start.len()..].split('"').next())
        .collect()
}
