//! JSON: an array of objects with our column names, or an object with such an array for each kind.

use std::path::Path;

use serde_json::{Map as Object, Value};

use super::input::Input;
use super::json_scan::{Scan, pass_over_array};
use super::{Binding, RawRow};
use crate::import::error::ImportError;
use crate::import::header::{Header, Target, bind_one};
use crate::import::kind::FileKind;
use crate::import::map::KindMap;

/// Most different names that the objects of one file may have.
const MAX_COLUMNS: usize = 200;

/// The objects of one kind in a JSON file.
#[derive(Debug)]
pub struct JsonRows {
    scan: Scan,
    kind: FileKind,
    map: Option<KindMap>,
    binding: Binding,
    header: Header,
    /// The array is the whole file. What follows one in an object was looked at when its kinds were read.
    is_whole: bool,
    started: bool,
    done: bool,
}

impl JsonRows {
    /// Opens a file and goes to the array of `kind`.
    pub(super) fn open(
        path: &Path,
        input: Input,
        kind: FileKind,
        map: Option<KindMap>,
        binding: Binding,
    ) -> Result<Self, ImportError> {
        let mut scan = Scan::open(path, input)?;
        let is_whole = scan.peek_solid()? == Some(b'[');
        let found = to_array(&mut scan, kind)?;
        if found {
            scan.mark(b'[')?;
        }
        Ok(Self {
            scan,
            kind,
            map,
            binding,
            header: Header { names: Vec::new(), targets: Vec::new() },
            is_whole,
            started: false,
            done: !found,
        })
    }

    /// The names seen so far.
    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The next object.
    pub(super) fn next_row(&mut self) -> Result<Option<RawRow>, ImportError> {
        if self.done {
            return Ok(None);
        }
        if !self.another()? {
            self.done = true;
            if self.is_whole {
                self.scan.end()?;
            }
            return Ok(None);
        }
        self.started = true;
        let (line, bytes) = self.scan.value()?;
        let object: Object<String, Value> = serde_json::from_slice(&bytes).map_err(|e| {
            let line = line + (e.line() as u64).saturating_sub(1);
            self.scan.bad(format!("line {line} is not an object that can be read: {e}"))
        })?;
        Ok(Some(self.row(line, &object, &bytes)))
    }

    /// Whether an object follows; else the array is behind.
    fn another(&mut self) -> Result<bool, ImportError> {
        if self.started {
            return self.scan.another(b']');
        }
        if self.scan.peek_solid()? == Some(b']') {
            self.scan.mark(b']')?;
            return Ok(false);
        }
        Ok(true)
    }

    /// An object as cells under the names of the header.
    fn row(&mut self, line: u64, object: &Object<String, Value>, bytes: &[u8]) -> RawRow {
        let mut values = vec![String::new(); self.header.names.len()];
        let mut said = vec![false; values.len()];
        let mut fault = None;
        for (name, value) in object {
            match self.place(name).and_then(|at| Ok((at, cell(name, value)?))) {
                Ok((at, text)) => {
                    values.resize(values.len().max(at + 1), String::new());
                    said.resize(values.len(), false);
                    (values[at], said[at]) = (text, true);
                }
                Err(reason) => fault = fault.or(Some((name.clone(), reason))),
            }
        }
        let text = Some(String::from_utf8_lossy(bytes).into_owned());
        RawRow { line, values, said, fault, text }
    }

    /// The place of a name in the header, which grows by a new one.
    fn place(&mut self, name: &str) -> Result<usize, String> {
        if let Some(at) = self.header.named(name) {
            return Ok(at);
        }
        if self.header.names.len() >= MAX_COLUMNS {
            return Err(format!(
                "the objects of this file have more than {MAX_COLUMNS} different names"
            ));
        }
        let target = match self.binding {
            Binding::Loose => Target::Dropped,
            Binding::Lenient => self.bind(name).unwrap_or(Target::Dropped),
            Binding::Bound => self.bind(name)?,
        };
        self.header.names.push(name.to_owned());
        self.header.targets.push(target);
        Ok(self.header.names.len() - 1)
    }

    /// Where a new name goes: to a column that no other name fills, as in the header of a CSV file.
    fn bind(&self, name: &str) -> Result<Target, String> {
        let target = bind_one(self.kind, name, self.map.as_ref())?;
        let other = self.header.targets.iter().position(|own| *own == target);
        match other.filter(|_| target != Target::Dropped).and_then(|at| self.header.names.get(at)) {
            None => Ok(target),
            Some(other) => Err(format!(
                "{name:?} fills the same column of {} as {other:?}, which an object of this file has; keep one, or \
                 drop the other in a map file",
                self.kind
            )),
        }
    }
}

/// A value as it would stand in a cell. Only `exposure_inputs` may be an object.
fn cell(name: &str, value: &Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Object(_) if name == "exposure_inputs" => Ok(value.to_string()),
        Value::Array(_) | Value::Object(_) => {
            Err("text, a number or null is expected here, not a list or an object".to_owned())
        }
    }
}

/// Goes to the array of `kind`: the whole file, or the value under its name.
fn to_array(scan: &mut Scan, kind: FileKind) -> Result<bool, ImportError> {
    if scan.peek_solid()? == Some(b'[') {
        return Ok(true);
    }
    scan.mark(b'{')?;
    if scan.peek_solid()? == Some(b'}') {
        return Ok(false);
    }
    loop {
        if scan.key()? == kind.as_str() {
            return Ok(true);
        }
        pass_over_array(scan)?;
        if !scan.another(b'}')? {
            return Ok(false);
        }
    }
}
