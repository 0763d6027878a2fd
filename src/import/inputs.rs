//! The `exposure_inputs` cell: the named numbers of an estimate.
//!
//! Two forms: a JSON object, `{"amount_minor": 1200, "period_days": [28, 30, 31]}`, and the one that
//! fits a spreadsheet cell, `amount_minor=1200;period_days=28|30|31`.

use serde_json::{Map, Value};

/// Reads the cell; the names are checked later, by the formula.
///
/// # Errors
/// What cannot be read, and how it is written.
pub fn parse(cell: &str) -> Result<Map<String, Value>, String> {
    let cell = cell.trim();
    if cell.starts_with('{') {
        return serde_json::from_str(cell)
            .map_err(|e| format!("the inputs are not a JSON object that can be read: {e}"));
    }
    let mut inputs = Map::new();
    for pair in cell.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(format!(
                "{:?} is not of the form name=number or name=low|likely|high",
                super::times::shown(pair)
            ));
        };
        let (name, value) = (name.trim(), quantity(value)?);
        if inputs.insert(name.to_owned(), value).is_some() {
            return Err(format!("input {name:?} is given twice"));
        }
    }
    Ok(inputs)
}

/// A number, or three.
fn quantity(text: &str) -> Result<Value, String> {
    let number = |part: &str| {
        let part = part.trim();
        part.parse::<i64>()
            .map(Value::from)
            .map_err(|_| format!("{:?} is not a whole number", super::times::shown(part)))
    };
    let parts: Vec<&str> = text.split('|').collect();
    match parts.as_slice() {
        [one] => number(one),
        [low, likely, high] => Ok(Value::from(vec![number(low)?, number(likely)?, number(high)?])),
        _ => {
            Err(format!("{:?} is neither a number nor low|likely|high", super::times::shown(text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_mean_the_same() {
        let json = parse(r#"{"amount_minor": 1200, "period_days": [28, 30, 31]}"#).unwrap();
        assert_eq!(parse(" amount_minor = 1200; period_days=28|30|31; ").unwrap(), json);
        assert!(parse("amount_minor").unwrap_err().contains("name=number"));
        assert!(parse("a=1|2").unwrap_err().contains("low|likely|high"));
        assert!(parse("a=1;a=2").unwrap_err().contains("twice"));
        assert!(parse("a=1.5").unwrap_err().contains("whole number"));
        assert!(parse("{").unwrap_err().contains("JSON"));
    }
}
