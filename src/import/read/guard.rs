//! A reader that watches over a CSV reader: no row beyond the limit, and no quote left open.
//!
//! The CSV reader takes the end of the file for the end of an open quote. So a line that no file
//! can hold is put behind the last byte: when it comes back as a row of its own, every quote was
//! closed. Line ends of every kind come out as LF, so that lines can be counted.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::MAX_ROW;

/// The line behind the last byte. It begins with a control character that no cell may hold.
pub(super) const END: &str = "\u{1}end of file\u{1}";

/// Counts the bytes given out since the last row ended; shared with the owner of the CSV reader.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter(Arc<AtomicUsize>);

impl Meter {
    /// A row has ended.
    pub(super) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// The watching reader.
#[derive(Debug)]
pub(super) struct Guard<R> {
    inner: R,
    meter: Meter,
    /// The byte before was a carriage return: a line feed behind it belongs to it.
    after_return: bool,
    /// What is left of the line behind the last byte; none before the last byte.
    tail: Option<io::Cursor<Vec<u8>>>,
}

impl<R: Read> Guard<R> {
    /// Watches `inner` from its first byte.
    pub(super) fn new(inner: R, meter: Meter) -> Self {
        Self { inner, meter, after_return: false, tail: None }
    }
}

impl<R> Guard<R> {
    /// Turns CRLF and CR into LF in place; returns the bytes that are left.
    fn line_feeds(&mut self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = bytes[at];
            let swallowed = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if !swallowed {
                bytes[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(tail) = &mut self.tail {
            return tail.read(buffer);
        }
        let mut count = 0;
        // A read that held nothing but a swallowed line feed is not the end.
        while count == 0 && !buffer.is_empty() {
            let read = self.inner.read(buffer)?;
            if read == 0 {
                let end = format!("\n{END}\n").into_bytes();
                return self.tail.insert(io::Cursor::new(end)).read(buffer);
            }
            count = self.line_feeds(&mut buffer[..read]);
        }
        let since = self.meter.0.fetch_add(count, Ordering::Relaxed) + count;
        if since > MAX_ROW {
            return Err(io::Error::other(format!(
                "a row of more than {MAX_ROW} bytes; a quote may have been left open"
            )));
        }
        Ok(count)
    }
}
