//! The worked example of MODEL 6.1.

use super::{action, block, footer, item, text, toned, trend};
use crate::domain::brief::{Block, BlockRole, Brief, Piece, Range, Tone};

pub fn leader() -> Brief {
    Brief {
        subject: "ERP cutover: 17 weeks late at this pace".into(),
        preheader: "Two closures change that. One of them has no owner.".into(),
        title: "BACK OFFICE BRIEF".into(),
        dateline: "Northfield Supply | week to 23 November 2026".into(),
        verdict: toned(
            "At this pace the ERP cutover is ready on 31 May, 17 weeks after go-live. If the faster \
             weeks hold: 15 February. If the slower: no date.",
            Tone::Bad,
        ),
        blocks: vec![
            action("Name one owner for invoice exceptions by Friday 27 November."),
            readiness(),
            profit(),
            this_week(),
            block(
                BlockRole::From,
                "FROM A. MENDEL",
                None,
                vec![Piece::Quote("Two teams quote from different lists. Ask who decides.".into())],
            ),
            block(
                BlockRole::Insight,
                "WHY IT MATTERS",
                None,
                vec![text(
                    "In one company, incidents that were never handed over took a median of 45 hours. \
                     Handed over twice or more: 185 hours. [1]",
                )],
            ),
        ],
        footer: footer("You get this as leader of Northfield Supply."),
    }
}

fn readiness() -> Block {
    block(
        BlockRole::Readiness,
        "READINESS",
        Some(toned("66 of 100, up 3. Target: 85 by 1 February.", Tone::Good)),
        vec![
            trend(&[34, 58, 60, 63, 63, 62, 63, 66], Some(85)),
            text(
                "Closing price lists and invoice exceptions makes it 88. Without price lists it stops at \
                 79. Look at billing and payables again by 14 December.",
            ),
        ],
    )
}

fn profit() -> Block {
    let gaps = vec![
        item("Price lists (D. Ruiz)", "$3,800. Blocks go-live. Idle 3 weeks.", Tone::Bad),
        item("Close pack (P. Osei)", "$1,500.", Tone::Plain),
        item("Disputed invoices (D. Ruiz)", "$1,100.", Tone::Plain),
    ];
    let range = Range {
        low: 440_833,
        likely: 784_295,
        high: 1_177_779,
        printed: ["$4,400", "$7,800", "$11,800"].map(String::from),
    };
    block(
        BlockRole::Profit,
        "PROFIT AT STAKE",
        Some(toned("about $7,800 a week ($4,400 to $11,800)", Tone::Plain)),
        vec![
            Piece::Range(range),
            text("Lost $4,400, time and corrections $2,300, late cash $1,100."),
            Piece::List { numbered: true, items: gaps },
            text("All gaps, open and closed, have cost $74,900 since 14 September."),
        ],
    )
}

fn this_week() -> Block {
    let items = vec![
        item("Closed", "duplicate vendor payments. Protects $440 a week.", Tone::Good),
        item("In test", "purchase approvals.", Tone::Plain),
    ];
    block(BlockRole::ThisWeek, "THIS WEEK", None, vec![Piece::List { numbered: false, items }])
}
