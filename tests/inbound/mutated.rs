//! Ten thousand damaged reports: none panics, and none finds a delivery by a mark that is not ours.

use back_office_brief::mail::inbound::{Clue, read};

use crate::samples::{DELIVERY, TOKEN, all, ours};

const ROUNDS: u64 = 10_000;

/// xorshift64*: the same damage on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).expect("below a usize")
    }
}

/// Damages a message in a few places: octets, lines, pieces of other messages, an early end.
fn damage(octets: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    for _ in 0..=chance.below(6) {
        let at = chance.below(octets.len());
        let end = (at + 1 + chance.below(80)).min(octets.len());
        match chance.below(8) {
            0 if !octets.is_empty() => {
                octets[at] = u8::try_from(chance.below(256)).expect("an octet")
            }
            1 => drop(octets.drain(at..end)),
            2 => octets.truncate(at),
            3 => {
                let from = chance.below(other.len());
                let to = (from + chance.below(400)).min(other.len());
                octets.splice(at..at, other[from..to].iter().copied());
            }
            4 => {
                let piece = octets[at..end].to_vec();
                octets.splice(at..at, piece);
            }
            5 => octets.splice(at..at, *b"\r\n\r\n").for_each(drop),
            6 if !octets.is_empty() => octets[at] ^= 1 << chance.below(8),
            _ => octets.splice(at..at, "\u{e9}\u{202e}\0".bytes()).for_each(drop),
        }
    }
}

#[test]
fn damage_neither_panics_nor_finds_a_stranger() {
    let samples = all();
    let mut chance = Chance(0x00b0_0ce5);
    let (mut understood, mut matched) = (0, 0);
    for _ in 0..ROUNDS {
        let (name, octets) = &samples[chance.below(samples.len())];
        let mut octets = octets.clone();
        let other = &samples[chance.below(samples.len())].1;
        damage(&mut octets, other, &mut chance);
        let inbound = read(&octets, &ours());
        let finding = inbound.finding(Some("anna@client.example"));
        understood += u32::from(finding.action.is_some());
        assert!(finding.words.chars().count() <= 300);
        // A mark is found where it is written, and only there: one sample has it in base64.
        let text = String::from_utf8_lossy(&octets).to_lowercase();
        for clue in &inbound.clues {
            let (Clue::Token(mark) | Clue::Delivery(mark)) = clue;
            let is_there = text.contains(&mark.to_lowercase()) || name == "envelope-id-only";
            assert!(is_there, "{name}: {mark}");
        }
        if name != "envelope-id-only" {
            let foreign = text.replace(TOKEN, "x").replace(DELIVERY, "y");
            let clues = read(foreign.as_bytes(), &ours()).clues;
            assert!(clues.iter().all(|clue| !is_ours(clue)), "{name}: {clues:?}");
        }
        matched += u32::from(inbound.clues.iter().any(is_ours));
    }
    assert!(understood > 4_000 && matched > 4_000, "{understood} understood, {matched} matched");
}

fn is_ours(clue: &Clue) -> bool {
    match clue {
        Clue::Token(token) => token == TOKEN,
        Clue::Delivery(id) => id == DELIVERY,
    }
}
