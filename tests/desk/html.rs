//! What every page holds that somebody reads without seeing it, or without a mouse.

use std::collections::BTreeSet;

/// One tag: its name and its attributes.
#[derive(Debug)]
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    is_end: bool,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
    }
}

const VOID: [&str; 5] = ["meta", "link", "input", "br", "hr"];

/// Everything that is wrong with a page; empty where nothing is.
pub fn faults(html: &str) -> Vec<String> {
    let tags = tags(html);
    let mut faults = nesting(&tags);
    faults.extend(headings(&tags));
    faults.extend(controls(&tags));
    let mut ids = BTreeSet::new();
    for tag in tags.iter().filter(|tag| !tag.is_end) {
        if let Some(id) = tag.get("id").filter(|id| !ids.insert(id.to_string())) {
            faults.push(format!("the id {id} is there twice"));
        }
        if tag.name == "th" && tag.get("scope").is_none() {
            faults.push("a th has no scope".to_owned());
        }
        if tag.name == "script" || tag.get("style").is_some() {
            faults.push(format!("{} is scripted or styled in place", tag.name));
        }
        if tag.attributes.iter().any(|(name, _)| name.starts_with("on")) {
            faults.push(format!("{} has a handler", tag.name));
        }
        if tag.name == "form" && tag.get("method").is_none() {
            faults.push("a form does not say how it is sent".to_owned());
        }
    }
    for tag in &tags {
        for name in ["aria-labelledby", "aria-describedby", "for", "list"] {
            for id in tag.get(name).unwrap_or_default().split_whitespace() {
                if !ids.contains(id) {
                    faults.push(format!("{name}={id} leads nowhere"));
                }
            }
        }
        let anchor = tag.get("href").and_then(|to| to.strip_prefix('#'));
        if let Some(id) = anchor.filter(|id| !ids.contains(*id)) {
            faults.push(format!("the link to #{id} leads nowhere"));
        }
    }
    faults
}

fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    for piece in html.split('<').skip(1) {
        // An attribute's value never holds the sign: it is escaped.
        let Some((inside, _)) = piece.split_once('>') else { continue };
        if inside.starts_with('!') {
            continue;
        }
        let is_end = inside.starts_with('/');
        let inside = inside.trim_start_matches('/');
        let (name, rest) = inside.split_once([' ', '\n']).unwrap_or((inside, ""));
        found.push(Tag { name, attributes: attributes(rest), is_end });
    }
    found
}

fn attributes(mut text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return found;
        }
        let end = text.find(['=', ' ', '\n']).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        match rest.strip_prefix("=\"") {
            Some(value) => {
                let close = value.find('"').expect("a closed value");
                found.push((name, &value[..close]));
                text = &value[close + 1..];
            }
            None => {
                found.push((name, ""));
                text = rest;
            }
        }
    }
}

fn nesting(tags: &[Tag<'_>]) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags {
        if tag.is_end {
            let last = open.pop();
            if last != Some(tag.name) {
                return vec![format!("</{}> closes {last:?}", tag.name)];
            }
        } else if !VOID.contains(&tag.name) {
            if tag.name == "form" && open.contains(&"form") {
                return vec!["a form is in a form".to_owned()];
            }
            let in_p = open.last() == Some(&"p");
            if in_p && ["p", "div", "ul", "form", "h2", "table", "dl"].contains(&tag.name) {
                return vec![format!("{} is in a p", tag.name)];
            }
            open.push(tag.name);
        }
    }
    if open.is_empty() { Vec::new() } else { vec![format!("{open:?} stay open")] }
}

fn headings(tags: &[Tag<'_>]) -> Vec<String> {
    let level = |tag: &Tag<'_>| -> Option<u32> {
        (!tag.is_end && tag.name.len() == 2).then(|| tag.name.strip_prefix('h')?.parse().ok())?
    };
    let levels: Vec<u32> = tags.iter().filter_map(level).collect();
    let mut faults = Vec::new();
    if levels.iter().filter(|level| **level == 1).count() != 1 || levels.first() != Some(&1) {
        faults.push(format!("the headings are {levels:?}"));
    }
    if let Some(jump) = levels.windows(2).find(|pair| pair[1] > pair[0] + 1) {
        faults.push(format!("a heading of level {} follows one of {}", jump[1], jump[0]));
    }
    faults
}

/// Each control has a name.
fn controls(tags: &[Tag<'_>]) -> Vec<String> {
    let labelled: BTreeSet<&str> =
        tags.iter().filter(|tag| tag.name == "label").filter_map(|tag| tag.get("for")).collect();
    let mut in_label = false;
    let mut faults = Vec::new();
    for tag in tags {
        match tag.name {
            "label" => in_label = !tag.is_end,
            "input" | "select" | "textarea" | "progress" if !tag.is_end => {
                let is_hidden = tag.get("type") == Some("hidden");
                let by_id = tag.get("id").is_some_and(|id| labelled.contains(id));
                let named = |name| tag.get(name).is_some_and(|label: &str| !label.is_empty());
                let by_name = named("aria-label") || named("aria-labelledby");
                if !is_hidden && !in_label && !by_id && !by_name {
                    faults.push(format!("{:?} has no label", tag.get("name")));
                }
            }
            _ => {}
        }
    }
    faults
}

#[test]
fn what_is_wrong_is_found() {
    let good = "<html><h1>a</h1><h2>b</h2><p><label for=\"x\">c</label><input id=\"x\" name=\"x\"></p></html>";
    assert_eq!(faults(good), Vec::<String>::new());
    for (bad, word) in [
        ("<h1>a</h1><h1>b</h1>", "headings"),
        ("<h1>a</h1><h3>b</h3>", "level 3"),
        ("<h1>a</h1><input name=\"x\">", "no label"),
        ("<h1>a</h1><table><tr><th>b</th></tr></table>", "scope"),
        ("<h1>a</h1><p id=\"x\"></p><p id=\"x\"></p>", "twice"),
        ("<h1>a</h1><p><b>c</p></b>", "closes"),
        ("<h1>a</h1><script></script>", "scripted"),
        ("<h1>a</h1><p><ul></ul></p>", "in a p"),
        ("<h1>a</h1><p aria-describedby=\"y\"></p>", "leads nowhere"),
    ] {
        assert!(faults(bad).iter().any(|fault| fault.contains(word)), "{bad}: {:?}", faults(bad));
    }
}
