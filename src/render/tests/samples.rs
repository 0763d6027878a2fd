//! Briefs as the rules write them, one of each kind (MODEL 6.1 to 6.7).

mod leader;
mod portfolio;

use crate::domain::brief::{
    Block, BlockRole, Brief, Footer, Item, Piece, Source, Tone, Toned, Trend,
};
use crate::render::{Frame, Links};

pub use leader::leader;
pub use portfolio::portfolio;

pub fn frame() -> Frame {
    Frame {
        product_name: "Back Office Brief".into(),
        lang: "en".into(),
        postal_address: "418 Alder Street, Suite 3, Portland, OR 97205, USA".into(),
        reply_to: Some("help@brief.example".into()),
        links: Links {
            stop: Some(
                "mailto:unsubscribe+q7Zt2mXv9Kc4RbLw0HsNf1@brief.example?subject=unsubscribe"
                    .into(),
            ),
            ..Links::default()
        },
        ..Frame::default()
    }
}

pub fn all() -> Vec<(&'static str, Brief)> {
    vec![
        ("leader", leader()),
        ("portfolio", portfolio()),
        ("public", public()),
        ("quiet", quiet()),
        ("first_week", first_week()),
        ("live", live()),
    ]
}

pub fn toned(text: &str, tone: Tone) -> Toned {
    Toned { text: text.into(), tone }
}

pub fn text(words: &str) -> Piece {
    Piece::Text(words.into())
}

pub fn block(role: BlockRole, heading: &str, headline: Option<Toned>, pieces: Vec<Piece>) -> Block {
    Block { role, heading: heading.into(), headline, pieces }
}

pub fn item(lead: &str, rest: &str, tone: Tone) -> Item {
    Item { lead: lead.into(), rest: rest.into(), tone, ..Item::default() }
}

fn footer(why: &str) -> Footer {
    Footer {
        notes: vec!["Figures of 20 November, estimated from your team's own numbers.".into()],
        sources: vec![Source {
            text: "Service incident log, UCI Machine Learning Repository, 2019".into(),
            url: "https://archive.ics.uci.edu/dataset/498/incident+management+process+enriched+event+log".into(),
        }],
        invites_reply: true,
        why: why.into(),
    }
}

fn action(words: &str) -> Block {
    block(BlockRole::Action, "ONE ACTION", None, vec![text(words)])
}

fn trend(scores: &[i64], target: Option<i64>) -> Piece {
    Piece::Trend(Trend { label: "Eight weeks".into(), scores: scores.to_vec(), target })
}

fn public() -> Brief {
    Brief {
        subject: "Which copy of the price list wins?".into(),
        preheader: "One question for Monday, and what it is worth.".into(),
        title: "BACK OFFICE BRIEF".into(),
        dateline: "Issue 3 | 24 November 2026".into(),
        verdict: toned("Which copy of the price list wins?", Tone::Plain),
        blocks: vec![
            block(
                BlockRole::Essay,
                "",
                None,
                vec![
                    text(
                        "Sales quotes from a sheet that somebody saved in March. Billing uses the list in the \
                         ledger. Both teams are careful. The customer sees two prices.",
                    ),
                    text(
                        "Nobody decided that two lists may exist. Nobody decided which one wins either. [1]",
                    ),
                ],
            ),
            block(
                BlockRole::Essay,
                "ASK ON MONDAY",
                None,
                vec![text("Which copy of the price list wins, and who says so?")],
            ),
        ],
        footer: Footer {
            invites_reply: false,
            notes: vec![],
            ..footer("You get this because you asked for the public issue.")
        },
    }
}

fn quiet() -> Brief {
    Brief {
        subject: "ERP cutover: 66, unchanged, 9 weeks left".into(),
        preheader: "Nothing moved. One stalled gap decides the date.".into(),
        verdict: toned("Nothing moved this week. That cost about $7,800.", Tone::Bad),
        blocks: vec![
            action("Agree a dated next step for price lists with D. Ruiz."),
            block(
                BlockRole::Readiness,
                "READINESS",
                Some(toned("66 of 100, unchanged. Target: 85 by 1 February.", Tone::Plain)),
                vec![
                    trend(&[58, 60, 63, 63, 62, 63, 66, 66], Some(85)),
                    text("At this pace ready on 31 May, 17 weeks late."),
                ],
            ),
        ],
        footer: Footer { sources: vec![], ..leader().footer },
        ..leader()
    }
}

fn first_week() -> Brief {
    Brief {
        subject: "ERP cutover: first count, 31 of 100".into(),
        preheader: "Eight gaps, five of them priced, two areas unseen.".into(),
        verdict: toned("First count: 8 gaps, 5 of them priced, about $5,200 a week.", Tone::Plain),
        blocks: vec![
            action("Look at billing before configuration starts on 14 December."),
            block(
                BlockRole::Readiness,
                "READINESS",
                Some(toned("31 of 100. 3 of 5 areas looked at.", Tone::Plain)),
                vec![
                    trend(&[31], Some(85)),
                    text("A date needs 4 weekly points; the first is on 14 December."),
                ],
            ),
        ],
        footer: Footer { sources: vec![], ..leader().footer },
        ..leader()
    }
}

fn live() -> Brief {
    let mut brief = leader();
    brief.subject = "ERP cutover: live 3 weeks, four gaps open".into();
    brief.verdict = toned(
        "Live for 3 weeks. Four gaps went live with the platform and have cost about $9,200 since.",
        Tone::Bad,
    );
    brief.blocks[1] = block(
        BlockRole::Readiness,
        "FOUNDATION",
        Some(toned("88 of 100, down 2.", Tone::Bad)),
        vec![trend(&[81, 84, 88, 90, 92, 91, 90, 88], None)],
    );
    brief.blocks.insert(
        0,
        block(
            BlockRole::Correction,
            "CORRECTION",
            Some(toned("price lists were given as $8,300 a week. They are $3,800.", Tone::Plain)),
            vec![],
        ),
    );
    brief.blocks.push(block(
        BlockRole::YourGaps,
        "YOUR GAPS",
        None,
        vec![Piece::List {
            numbered: true,
            items: vec![
                item("Price lists", "CHF 1,200. Reopened twice.", Tone::Bad),
                item("Close pack", "not priced.", Tone::Plain),
            ],
        }],
    ));
    brief
}
