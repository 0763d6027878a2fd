//! The exposure of a gap, from its cells (MODEL 3).

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::clock::new_id;
use crate::domain::codes::{Basis, ExposureKind};
use crate::domain::exposure::per_week;
use crate::domain::snapshot::Bounds;
use crate::import::folded::same_inputs;
use crate::import::inputs;
use crate::import::map::{Fault, Row};
use crate::store::import::ExposureRow;
use crate::store::row::millis;

/// An estimate as a row gives it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Estimate {
    /// Formula.
    pub kind: ExposureKind,
    /// Its numbers.
    pub inputs: Map<String, Value>,
    /// What they come to.
    pub bounds: Bounds,
    /// Where they come from.
    pub basis: Basis,
    /// In words.
    pub source: Option<String>,
    /// Whether the row has a column for the basis, and one for the source.
    says: (bool, bool),
}

impl Estimate {
    /// From a kind and its inputs.
    ///
    /// # Errors
    /// An input is missing, unknown or out of range.
    pub(super) fn new(kind: ExposureKind, text: &str) -> Result<Self, String> {
        let inputs = inputs::parse(text)?;
        let bounds = per_week(kind, &inputs).map_err(|e| e.to_string())?;
        Ok(Self { kind, inputs, bounds, basis: Basis::Estimated, source: None, says: (true, true) })
    }

    /// From the cells of a gap; none where they say nothing.
    ///
    /// # Errors
    /// The cells do not fit together.
    pub(super) fn of(row: &Row) -> Result<Option<Self>, Fault> {
        let kind: Option<ExposureKind> = row.word("exposure_kind")?;
        let text = row.text("exposure_inputs");
        let Some(kind) = kind else {
            return match text {
                None => Ok(None),
                Some(_) => Err(Fault::at(
                    "exposure_kind",
                    "there are exposure_inputs and no kind to use them",
                )),
            };
        };
        let made = Self::new(kind, text.unwrap_or_default());
        let made = made.map_err(|reason| Fault::at("exposure_inputs", reason))?;
        let basis: Option<Basis> = row.word("exposure_basis")?;
        Ok(Some(Self {
            basis: basis.unwrap_or(made.basis),
            source: row.text("exposure_source").map(str::to_owned),
            says: (row.has("exposure_basis"), row.has("exposure_source")),
            ..made
        }))
    }

    /// The same over what is known: columns that the file does not have keep their values, as long as the
    /// numbers are those that the basis and the source were told of.
    pub(super) fn over(&self, known: Option<&ExposureRow>) -> Self {
        let mut own = self.clone();
        let Some(known) = known.filter(|known| self.has_numbers_of(known)) else { return own };
        if !self.says.0 {
            own.basis = known.basis.parse().unwrap_or(own.basis);
        }
        if !self.says.1 {
            own.source.clone_from(&known.source_note);
        }
        own
    }

    fn has_numbers_of(&self, known: &ExposureRow) -> bool {
        known.kind == self.kind.as_str() && same_inputs(&known.inputs, &self.text())
    }

    /// Whether the latest estimate says the same. Nothing known is the same as unpriced.
    pub(super) fn is(&self, known: Option<&ExposureRow>) -> bool {
        let Some(known) = known else {
            return self.kind == ExposureKind::Unpriced;
        };
        self.has_numbers_of(known)
            && (self.kind == ExposureKind::Unpriced
                || (known.basis == self.basis.as_str() && known.source_note == self.source))
    }

    /// The inputs as they are stored.
    fn text(&self) -> String {
        Value::Object(self.inputs.clone()).to_string()
    }

    /// The row of an estimate that applies from a day.
    pub(super) fn row(&self, gap: &str, from: Date, recorded_at: Timestamp) -> ExposureRow {
        ExposureRow {
            id: new_id(),
            gap_id: gap.to_owned(),
            kind: self.kind.as_str().to_owned(),
            inputs: self.text(),
            low: self.bounds.low,
            likely: self.bounds.likely,
            high: self.bounds.high,
            basis: self.basis.as_str().to_owned(),
            source_note: self.source.clone(),
            effective_on: from.to_string(),
            recorded_at: millis(recorded_at),
        }
    }

    /// The estimate in one word, for the event beside it.
    pub(super) fn word(&self) -> String {
        match self.kind {
            ExposureKind::Unpriced => ExposureKind::Unpriced.as_str().to_owned(),
            _ => self.bounds.likely.to_string(),
        }
    }
}
