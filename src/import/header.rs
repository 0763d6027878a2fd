//! Which of our columns each column of a file fills.

use super::kind::FileKind;
use super::map::KindMap;

/// Where the cells of one source column go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Column number in [`FileKind::columns`].
    Column(usize),
    /// One named input of the `exposure_inputs` column: `exposure_inputs.amount_minor`.
    Input(String),
    /// Nowhere: the map drops it.
    Dropped,
}

/// What a name in our vocabulary stands for.
#[must_use]
pub fn target(kind: FileKind, name: &str) -> Option<Target> {
    if let Some(index) = kind.column(name) {
        return Some(Target::Column(index));
    }
    let input = name.strip_prefix("exposure_inputs.")?;
    let named = !input.is_empty()
        && input.len() <= 60
        && input.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    (named && kind == FileKind::Gaps).then(|| Target::Input(input.to_owned()))
}

/// The columns of one file, bound to ours.
#[derive(Debug, Clone)]
pub struct Header {
    /// Names as they stand in the file.
    pub names: Vec<String>,
    /// Where each goes.
    pub targets: Vec<Target>,
}

impl Header {
    /// Binds the names of a file's first line.
    ///
    /// # Errors
    /// What is wrong with which column, and which ones are known.
    pub fn bind(kind: FileKind, names: Vec<String>, map: Option<&KindMap>) -> Result<Self, String> {
        let (header, problems) = Self::look(kind, names, map);
        problems.into_iter().next().map_or(Ok(header), Err)
    }

    /// Names that go nowhere yet.
    #[must_use]
    pub fn loose(names: Vec<String>) -> Self {
        let targets = vec![Target::Dropped; names.len()];
        Self { names, targets }
    }

    /// Names bound as far as they can be.
    #[must_use]
    pub fn lenient(kind: FileKind, names: Vec<String>, map: Option<&KindMap>) -> Self {
        Self::look(kind, names, map).0
    }

    /// Everything that is wrong with these names.
    #[must_use]
    pub fn problems(kind: FileKind, names: &[String], map: Option<&KindMap>) -> Vec<String> {
        Self::look(kind, names.to_vec(), map).1
    }

    /// The columns as far as they can be bound, and what is wrong.
    fn look(kind: FileKind, names: Vec<String>, map: Option<&KindMap>) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let mut targets: Vec<Target> = Vec::with_capacity(names.len());
        for index in 0..names.len() {
            let target = bind_next(kind, &names, index, &targets, map);
            targets.push(target.unwrap_or_else(|problem| {
                problems.push(problem);
                Target::Dropped
            }));
        }
        let header = Self { names, targets };
        problems.extend(header.missing(kind, map));
        (header, problems)
    }

    /// Required columns that are not there and have no default.
    fn missing(&self, kind: FileKind, map: Option<&KindMap>) -> Vec<String> {
        let given = |name: &str| {
            map.is_some_and(|m| {
                m.defaults.keys().chain(m.constants.keys()).any(|k| k.as_ref() == name)
            })
        };
        let columns = kind.columns().iter().enumerate().filter(|(index, column)| {
            column.required
                && !self.targets.contains(&Target::Column(*index))
                && !given(column.name)
        });
        columns
            .map(|(_, column)| {
                format!(
                    "the header has no column {:?}, which {kind} must have; rename one or give a default in a map file",
                    column.name
                )
            })
            .collect()
    }

    /// The source column that fills ours, if any.
    #[must_use]
    pub fn source_of(&self, column: usize) -> Option<usize> {
        self.targets.iter().position(|t| *t == Target::Column(column))
    }

    /// A source column by its own name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }
}

/// Where the column number `index` goes, after those before it.
fn bind_next(
    kind: FileKind,
    names: &[String],
    index: usize,
    targets: &[Target],
    map: Option<&KindMap>,
) -> Result<Target, String> {
    let name = &names[index];
    if name.is_empty() {
        return Err(format!("column {} of the header has no name", index + 1));
    }
    if names[..index].contains(name) {
        return Err(format!("the header names column {name:?} twice"));
    }
    let target = bind_one(kind, name, map)?;
    if target != Target::Dropped && targets.contains(&target) {
        return Err(format!(
            "column {name:?} and another column of the header fill the same column of {kind}"
        ));
    }
    Ok(target)
}

/// Where one source column goes.
pub(super) fn bind_one(
    kind: FileKind,
    name: &str,
    map: Option<&KindMap>,
) -> Result<Target, String> {
    if let Some(map) = map {
        if map.drop.iter().any(|d| d == name) {
            return Ok(Target::Dropped);
        }
        let renamed = map.rename.iter().find(|(from, _)| from.as_ref() == name);
        if let Some(found) = renamed.and_then(|(_, to)| target(kind, to.as_ref())) {
            return Ok(found);
        }
    }
    target(kind, name).ok_or_else(|| {
        let shown: String = name.chars().take(60).collect();
        format!(
            "{kind} has no column {shown:?}; rename or drop it in a map file. The columns are: {}",
            kind.column_names()
        )
    })
}
