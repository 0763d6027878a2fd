//! Why something is not taken: a sentence for each field, so that a form shows it where it belongs.

use std::fmt;

/// One field that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The field, named as in the request: `owner`, `level`.
    pub field: &'static str,
    /// Which entry of a list it is in, from 0: an answer, a promise, an area.
    pub entry: Option<usize>,
    /// What is wrong and what to do: reads after the field's name.
    pub problem: String,
}

/// Everything about a request that cannot be taken; nothing of it was written. Never empty where it is
/// an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusals(pub Vec<Refusal>);

impl Refusals {
    /// Adds a sentence about a field.
    pub fn add(&mut self, field: &'static str, problem: impl Into<String>) {
        self.0.push(Refusal { field, entry: None, problem: problem.into() });
    }

    /// Adds a sentence about a field in an entry of a list.
    pub fn add_in(&mut self, entry: usize, field: &'static str, problem: impl Into<String>) {
        self.0.push(Refusal { field, entry: Some(entry), problem: problem.into() });
    }

    /// Takes up what was refused inside an entry of a list.
    pub fn take_in(&mut self, entry: usize, inner: Self) {
        let placed = inner.0.into_iter().map(|r| Refusal { entry: Some(entry), ..r });
        self.0.extend(placed);
    }

    /// The value, or none with its sentence kept.
    pub fn keep<T>(&mut self, field: &'static str, checked: Result<T, String>) -> Option<T> {
        checked.map_err(|problem| self.add(field, problem)).ok()
    }

    /// Whether everything can be taken.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` where nothing was refused.
    ///
    /// # Errors
    /// These refusals.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Whether a sentence is about this field.
    #[must_use]
    pub fn is_about(&self, field: &str) -> bool {
        self.0.iter().any(|r| r.field == field)
    }
}

impl From<Refusal> for Refusals {
    fn from(one: Refusal) -> Self {
        Self(vec![one])
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, refusal) in self.0.iter().enumerate() {
            let Refusal { field, entry, problem } = refusal;
            let between = if n == 0 { "" } else { "; " };
            match entry {
                Some(entry) => write!(f, "{between}{field} of entry {}: {problem}", entry + 1)?,
                None => write!(f, "{between}{field}: {problem}")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}
