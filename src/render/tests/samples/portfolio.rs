//! The example of MODEL 6.2: a consultant's six clients.

use super::{action, block, footer, item, text, toned};
use crate::domain::brief::{Block, BlockRole, Brief, Footer, Item, Piece, Table, Tone};

/// A client's row: score, go-live, pace, cost, and how score and pace are.
type Client = ([&'static str; 5], Tone, Tone);

const CLIENTS: [Client; 6] = [
    (["Calder Dental", "58 -2", "7 Dec (2 wk)", "no date", "$2,100"], Tone::Bad, Tone::Bad),
    (["Northfield", "66 +3", "1 Feb (10 wk)", "17 weeks late", "$7,800"], Tone::Good, Tone::Bad),
    (["Ostrava Pumps", "74 +1", "15 Mar (16 wk)", "1 week late", "€970"], Tone::Good, Tone::Bad),
    (["Halden Foods", "81 +4", "12 Jan (7 wk)", "on time", "$640"], Tone::Good, Tone::Good),
    (["Brightwell", "88 0", "live 3 weeks", "-", "$310"], Tone::Plain, Tone::Plain),
    (["Tarn & Reyes", "--", "not set", "too early", "not priced"], Tone::Plain, Tone::Plain),
];

pub fn portfolio() -> Brief {
    Brief {
        subject: "2 of your 6 clients need you this week".into(),
        preheader: "Calder Dental goes live in 14 days with no date in sight.".into(),
        title: "BACK OFFICE BRIEF | PORTFOLIO".into(),
        dateline: "A. Mendel | 6 clients | week to 23 November 2026".into(),
        verdict: toned(
            "Calder Dental and Northfield need you this week. The other four do not.",
            Tone::Bad,
        ),
        blocks: vec![
            clients(),
            nudges(),
            block(
                BlockRole::Session,
                "NEXT SESSION",
                Some(toned("Halden Foods, Thursday 26 November, 10:00", Tone::Plain)),
                vec![text(
                    "Two of three promises from last time are done. Open: the approval matrix still has no \
                     deputy. Ask for one name.",
                )],
            ),
            action(
                "Call Calder Dental today. An open blocker goes live in 14 days, and the open load grew two \
                 weeks running.",
            ),
        ],
        footer: Footer {
            sources: vec![],
            ..footer("You get this because you look after six clients.")
        },
    }
}

fn clients() -> Block {
    let row = |(cells, score, pace): Client| {
        let tones = [Tone::Plain, score, Tone::Plain, pace, Tone::Plain];
        cells.into_iter().zip(tones).map(|(words, tone)| toned(words, tone)).collect()
    };
    let head = ["CLIENT", "SCORE", "GO-LIVE", "AT THIS PACE", "OPEN A WEEK"];
    let table = Table {
        head: head.map(String::from).to_vec(),
        rows: CLIENTS.into_iter().map(row).collect(),
        after: vec![],
    };
    let total = text("Open across clients: $10,900 and €970 a week. Closed this week: 4.");
    block(BlockRole::Clients, "", None, vec![Piece::Table(table), total])
}

fn nudges() -> Block {
    let nudge = |lead: &str, rest: &str, quote: &str| Item {
        quote: Some(quote.into()),
        ..item(lead, rest, Tone::Plain)
    };
    let items = vec![
        nudge(
            "Calder Dental, to J. Park.",
            "Payroll list disputed, idle 4 weeks.",
            "When finance meets on Tuesday, choose the payroll list that wins. Then send me its name.",
        ),
        nudge(
            "Northfield, to the sponsor.",
            "Invoice exceptions, no owner, 7 weeks.",
            "When you open Friday's stand-up, name one owner for exceptions.",
        ),
    ];
    let held = text("Held back: Brightwell (nudged 5 days ago), Halden (session Thursday).");
    block(
        BlockRole::Nudges,
        "NUDGES TO APPROVE (2)",
        None,
        vec![Piece::List { numbered: true, items }, held],
    )
}
