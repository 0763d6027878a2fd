//! Reading units and settings, as far as these tests need them.

/// The values of a key of a unit, in order.
pub fn values<'a>(unit: &'a str, key: &'a str) -> Vec<&'a str> {
    unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect()
}

/// A span of a unit, in seconds.
pub fn seconds(value: &str) -> u64 {
    let number = value.trim_end_matches(char::is_alphabetic);
    let unit = match &value[number.len()..] {
        "" | "s" => 1,
        "min" => 60,
        other => panic!("a unit of time that this test does not know: {other}"),
    };
    number.parse::<u64>().unwrap() * unit
}

/// The keys that a text sets, as `section.key`, and what to. A list may stand outside all sections.
pub fn keys(text: &str) -> Vec<(String, toml::Value)> {
    let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut keys = Vec::new();
    for (name, value) in &table {
        match value.as_table() {
            Some(section) => {
                keys.extend(section.iter().map(|(k, v)| (format!("{name}.{k}"), v.clone())));
            }
            None => keys.push((name.clone(), value.clone())),
        }
    }
    keys
}

/// Settings with each line that looks like a setting switched on, the last of a key.
pub fn switched_on(settings: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in settings.lines() {
        let line = match line.strip_prefix("# ") {
            Some(rest) if rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')) => rest,
            _ => line,
        };
        if let Some((key, _)) = line.split_once(" = ") {
            let in_section = lines.iter().rposition(|line| line.starts_with('[')).unwrap();
            let again = lines[in_section..]
                .iter()
                .position(|line| line.split_once(" = ").is_some_and(|(earlier, _)| earlier == key));
            if let Some(again) = again {
                lines.remove(in_section + again);
            }
        }
        lines.push(line);
    }
    lines.join("\n")
}
