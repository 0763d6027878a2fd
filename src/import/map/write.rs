//! A map as the text of a map file: what was put together elsewhere, for the command line.

use toml::{Table, Value};

use super::{KindMap, Map, Translation};

impl Map {
    /// The text of a map file that says the same.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut all = Table::new();
        let mut say = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                all.insert(key.to_owned(), Value::String(value));
            }
        };
        say("encoding", self.encoding.map(|own| own.name().to_ascii_lowercase()));
        say("delimiter", self.delimiter.map(|mark| char::from(mark).to_string()));
        let zone = self.time_zone.as_ref().and_then(jiff::tz::TimeZone::iana_name);
        say("time_zone", zone.map(str::to_owned));
        put(&mut all, "date_formats", texts(&self.date_formats));
        put(&mut all, "timestamp_formats", texts(&self.timestamp_formats));
        put(&mut all, "ignore_files", texts(&self.ignore_files));
        for (kind, map) in &self.kinds {
            all.insert(kind.as_str().to_owned(), Value::Table(of_kind(map)));
        }
        // A table of plain values always has a text.
        toml::to_string(&all).unwrap_or_default()
    }
}

/// One kind's table.
fn of_kind(map: &KindMap) -> Table {
    let mut own = Table::new();
    put(&mut own, "files", texts(&map.files));
    put(&mut own, "drop", texts(&map.drop));
    let text = |text: &str| Value::String(text.to_owned());
    let rename = map.rename.iter().map(|(from, to)| (from.as_ref().clone(), text(to.as_ref())));
    put_table(&mut own, "rename", rename.collect());
    let given = |values: &super::Values| -> Table {
        values.iter().map(|(name, value)| (name.as_ref().clone(), value.clone())).collect()
    };
    put_table(&mut own, "defaults", given(&map.defaults));
    put_table(&mut own, "constants", given(&map.constants));
    let skip = map.skip.iter().map(|skip| {
        let mut one = Table::new();
        one.insert("column".to_owned(), text(&skip.column));
        put(&mut one, "values", texts(&skip.values));
        Value::Table(one)
    });
    put(&mut own, "skip", skip.collect());
    let cut = map.cut.iter().map(|(name, length)| {
        let length = i64::try_from(*length).unwrap_or(i64::MAX);
        (name.as_ref().clone(), Value::Integer(length))
    });
    put_table(&mut own, "cut", cut.collect());
    let translate = map.translate.iter();
    let translate =
        translate.map(|(name, words)| (name.as_ref().clone(), Value::Table(of_words(words))));
    put_table(&mut own, "translate", translate.collect());
    own
}

fn of_words(words: &Translation) -> Table {
    let mut own = Table::new();
    if let Some(other) = &words.default {
        own.insert("default".to_owned(), Value::String(other.clone()));
    }
    let values = words.values.iter().map(|(from, to)| (from.clone(), Value::String(to.clone())));
    put_table(&mut own, "values", values.collect());
    own
}

fn texts(all: &[String]) -> Vec<Value> {
    all.iter().cloned().map(Value::String).collect()
}

fn put(table: &mut Table, key: &str, values: Vec<Value>) {
    if !values.is_empty() {
        table.insert(key.to_owned(), Value::Array(values));
    }
}

fn put_table(table: &mut Table, key: &str, values: Table) {
    if !values.is_empty() {
        table.insert(key.to_owned(), Value::Table(values));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn what_is_written_reads_back_as_the_same() {
        let text = r#"
            encoding = "latin-1"
            delimiter = ";"
            time_zone = "Europe/Rome"
            date_formats = ["%d/%m/%Y"]
            [gaps]
            files = ["tickets \"1\".csv"]
            rename = { "ticket\u0001" = "external_id", amount = "exposure_inputs.amount_minor" }
            drop = ["colour"]
            defaults = { category = "undocumented", severity = 3 }
            constants = { exposure_kind = "direct" }
            skip = [{ column = "state", values = ["spam"] }]
            cut = { title = 60 }
            [gaps.translate.area]
            values = { "Product 1" = "billing" }
            default = "master_data"
        "#;
        let map = Map::parse(text, Path::new("m.toml")).unwrap();
        let written = map.to_toml();
        let again = Map::parse(&written, Path::new("m.toml")).unwrap();
        assert_eq!(again.to_toml(), written);
        assert_eq!((again.delimiter, again.encoding), (Some(b';'), map.encoding));
        let (own, first) = (&again.kinds[&crate::import::kind::FileKind::Gaps], &map.kinds);
        let first = &first[&crate::import::kind::FileKind::Gaps];
        assert_eq!(
            (&own.rename, &own.defaults, &own.cut),
            (&first.rename, &first.defaults, &first.cut)
        );
        assert_eq!(
            (&own.drop, &own.files, &own.constants),
            (&first.drop, &first.files, &first.constants)
        );
        assert_eq!(own.skip[0].values, ["spam"]);
        assert_eq!(own.translate.values().next().unwrap().default.as_deref(), Some("master_data"));
    }
}
