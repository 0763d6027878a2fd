//! How many intents a connection asks for ahead of the mail on the wire.
//!
//! One is enough while a mail takes longer than a commit. Where it does not, the connection would
//! wait for each commit; more intents ahead make fewer and larger ones. But each is a row in doubt
//! when the process dies, and a mail that waits behind a relay that hangs. So a connection goes
//! further ahead only when it had to wait, and comes back when it did not.

/// Most intents ahead.
pub const MOST: usize = 3;
/// Mails in a row whose intents were there in time before it comes back by one.
const IN_TIME: usize = 32;

/// How far ahead one connection asks.
#[derive(Debug)]
pub struct Ahead {
    depth: usize,
    in_time: usize,
}

impl Ahead {
    /// One ahead.
    pub const fn new() -> Self {
        Self { depth: 1, in_time: 0 }
    }

    /// Intents to have asked for while a mail is on the wire.
    pub const fn depth(&self) -> usize {
        self.depth
    }

    /// Notes whether the intent of a mail that was asked for ahead was there when its turn came.
    pub fn note(&mut self, was_there: bool) {
        if !was_there {
            (self.depth, self.in_time) = ((self.depth + 1).min(MOST), 0);
            return;
        }
        self.in_time += 1;
        if self.in_time == IN_TIME {
            (self.depth, self.in_time) = ((self.depth - 1).max(1), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_ahead_when_it_waits_and_comes_back_when_it_does_not() {
        let mut ahead = Ahead::new();
        (0..40).for_each(|_| ahead.note(true));
        assert_eq!(ahead.depth(), 1);
        ahead.note(false);
        assert_eq!(ahead.depth(), 2);
        (0..5).for_each(|_| ahead.note(false));
        assert_eq!(ahead.depth(), MOST);
        (0..IN_TIME - 1).for_each(|_| ahead.note(true));
        assert_eq!(ahead.depth(), MOST);
        ahead.note(true);
        assert_eq!(ahead.depth(), MOST - 1);
    }
}
