//! Walks through a JSON file by its bytes: finds each object of an array and its line, so that a
//! file of any size is read one object at a time.

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::input::Input;
use super::{MAX_ROW, UTF_16, is_utf_16};
use crate::import::error::{ImportError, Place};
use crate::import::kind::FileKind;
use crate::import::sources::Origin;

/// A position in a JSON file.
#[derive(Debug)]
pub(super) struct Scan {
    path: PathBuf,
    bytes: std::io::Bytes<BufReader<Input>>,
    peeked: Option<u8>,
    /// Line of the next byte.
    pub(super) line: u64,
}

impl Scan {
    /// Opens a file at its first byte that is not white space, past a BOM.
    pub(super) fn open(path: &Path, input: Input) -> Result<Self, ImportError> {
        let mut scan = Self {
            path: path.to_owned(),
            bytes: BufReader::with_capacity(1 << 16, input).bytes(),
            peeked: None,
            line: 1,
        };
        if let Some(first @ (0xFE | 0xFF)) = scan.peek()? {
            scan.take()?;
            let is_utf_16 = scan.peek()?.is_some_and(|second| is_utf_16(&[first, second]));
            return Err(scan.bad(if is_utf_16 { UTF_16 } else { "the file is not UTF-8 text" }));
        }
        if scan.peek()? == Some(0xEF) {
            for expected in [0xEF, 0xBB, 0xBF] {
                if scan.take()? != Some(expected) {
                    return Err(scan.bad("the file is not UTF-8 text"));
                }
            }
        }
        Ok(scan)
    }

    /// An error at the current line.
    pub(super) fn bad(&self, reason: impl Into<String>) -> ImportError {
        ImportError::unreadable(Place::line(&self.path, self.line), reason)
    }

    /// The next byte, left where it is.
    fn peek(&mut self) -> Result<Option<u8>, ImportError> {
        if self.peeked.is_none() {
            self.peeked =
                self.bytes.next().transpose().map_err(|e| ImportError::io(&self.path, e))?;
        }
        Ok(self.peeked)
    }

    /// The next byte.
    fn take(&mut self) -> Result<Option<u8>, ImportError> {
        let byte = self.peek()?;
        self.peeked = None;
        if byte == Some(b'\n') {
            self.line += 1;
        }
        Ok(byte)
    }

    /// The next byte that is not white space, left where it is.
    pub(super) fn peek_solid(&mut self) -> Result<Option<u8>, ImportError> {
        while let Some(byte) = self.peek()? {
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.take()?;
        }
        Ok(None)
    }

    /// Takes one mark such as `[`.
    pub(super) fn mark(&mut self, mark: u8) -> Result<(), ImportError> {
        if self.peek_solid()? == Some(mark) {
            self.take()?;
            return Ok(());
        }
        Err(self.bad(format!("{:?} is expected here", char::from(mark))))
    }

    /// Takes a comma, or the closing mark; false at the closing mark.
    pub(super) fn another(&mut self, close: u8) -> Result<bool, ImportError> {
        match self.peek_solid()? {
            Some(b',') => {
                self.take()?;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.take()?;
                Ok(false)
            }
            _ => Err(self.bad(format!(
                "a comma or {:?} is expected here; the file may have been cut off",
                char::from(close)
            ))),
        }
    }

    /// Nothing but white space is left.
    pub(super) fn end(&mut self) -> Result<(), ImportError> {
        match self.peek_solid()? {
            None => Ok(()),
            Some(_) => Err(self.bad(
                "something follows the end of the list; a file holds one list, or one object with a list for \
                 each kind: give every list a file of its own",
            )),
        }
    }

    /// Takes one whole value: its bytes and the line on which it begins.
    pub(super) fn value(&mut self) -> Result<(u64, Vec<u8>), ImportError> {
        self.peek_solid()?;
        let line = self.line;
        let mut out = Vec::new();
        let mut depth = 0_u32;
        let mut in_text = false;
        while let Some(byte) = self.peek()? {
            if !in_text
                && depth == 0
                && !out.is_empty()
                && matches!(byte, b',' | b']' | b'}' | b':')
            {
                break;
            }
            self.take()?;
            out.push(byte);
            if out.len() > MAX_ROW {
                return Err(self.bad(format!("an object of more than {MAX_ROW} bytes")));
            }
            match byte {
                b'"' => in_text = !in_text,
                b'\\' if in_text => out.extend(self.take()?),
                b'{' | b'[' if !in_text => depth += 1,
                b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if in_text || depth > 0 || out.is_empty() {
            return Err(self.bad("the file ends in the middle of a value"));
        }
        Ok((line, out))
    }

    /// Takes a key and its colon.
    pub(super) fn key(&mut self) -> Result<String, ImportError> {
        let (_, bytes) = self.value()?;
        let key = serde_json::from_slice::<String>(bytes.trim_ascii())
            .map_err(|_| self.bad("a name in double quotes is expected here"))?;
        self.mark(b':')?;
        Ok(key)
    }
}

/// The kinds that a JSON file of the form `{"gaps": [...]}` holds, in its own order; none where the
/// file is an array.
///
/// # Errors
/// It is neither, or names something that is no kind.
pub fn kinds_in(path: &Path, origin: &Origin) -> Result<Option<Vec<FileKind>>, ImportError> {
    let mut scan = Scan::open(path, Input::of(path, origin)?)?;
    match scan.peek_solid()? {
        Some(b'[') => return Ok(None),
        Some(b'{') => scan.mark(b'{')?,
        _ => return Err(scan.bad("an array of objects or an object of arrays is expected")),
    }
    let mut kinds = Vec::new();
    if scan.peek_solid()? == Some(b'}') {
        scan.mark(b'}')?;
        scan.end()?;
        return Ok(Some(kinds));
    }
    loop {
        let key = scan.key()?;
        let kind = FileKind::named(&key).ok_or_else(|| {
            let shown: String = key.chars().take(60).collect();
            let known: Vec<&str> = FileKind::ALL.iter().map(|k| k.as_str()).collect();
            scan.bad(format!("{shown:?} is no kind of row; use one of: {}", known.join(" ")))
        })?;
        if kinds.contains(&kind) {
            return Err(scan.bad(format!("{kind} is there twice")));
        }
        kinds.push(kind);
        pass_over_array(&mut scan)?;
        if !scan.another(b'}')? {
            scan.end()?;
            return Ok(Some(kinds));
        }
    }
}

/// Goes past an array, element by element.
pub(super) fn pass_over_array(scan: &mut Scan) -> Result<(), ImportError> {
    scan.mark(b'[')?;
    if scan.peek_solid()? == Some(b']') {
        return scan.mark(b']');
    }
    loop {
        scan.value()?;
        if !scan.another(b']')? {
            return Ok(());
        }
    }
}
