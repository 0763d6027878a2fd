//! Briefs as the rules write them, one of each kind (MODEL 6.1 to 6.7).

use crate::domain::brief::{
    Block, BlockRole, Brief, Footer, Item, Piece, Range, Source, Table, Tone, Toned, Trend,
};
use crate::render::{Frame, Links};

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
    Toned {
        text: text.into(),
        tone,
    }
}

pub fn text(words: &str) -> Piece {
    Piece::Text(words.into())
}

pub fn block(role: BlockRole, heading: &str, headline: Option<Toned>, pieces: Vec<Piece>) -> Block {
    Block {
        role,
        heading: heading.into(),
        headline,
        pieces,
    }
}

pub fn item(lead: &str, rest: &str, tone: Tone) -> Item {
    Item {
        lead: lead.into(),
        rest: rest.into(),
        tone,
        quote: None,
    }
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
    Piece::Trend(Trend {
        label: "Eight weeks".into(),
        scores: scores.to_vec(),
        target,
    })
}

fn range() -> Piece {
    Piece::Range(Range {
        low: 440_833,
        likely: 784_295,
        high: 1_177_779,
        printed: ["$4,400", "$7,800", "$11,800"].map(String::from),
    })
}

pub fn leader() -> Brief {
    let gaps = vec![
        item(
            "Price lists (D. Ruiz)",
            "$3,800. Blocks go-live. Idle 3 weeks.",
            Tone::Bad,
        ),
        item("Close pack (P. Osei)", "$1,500.", Tone::Plain),
        item("Disputed invoices (D. Ruiz)", "$1,100.", Tone::Plain),
    ];
    let changes = vec![
        item(
            "Closed",
            "duplicate vendor payments. Protects $440 a week.",
            Tone::Good,
        ),
        item("In test", "purchase approvals.", Tone::Plain),
    ];
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
            block(
                BlockRole::Readiness,
                "READINESS",
                Some(toned(
                    "66 of 100, up 3. Target: 85 by 1 February.",
                    Tone::Good,
                )),
                vec![
                    trend(&[34, 58, 60, 63, 63, 62, 63, 66], Some(85)),
                    text(
                        "Closing price lists and invoice exceptions makes it 88. Without price lists it \
                         stops at 79. Look at billing and payables again by 14 December.",
                    ),
                ],
            ),
            block(
                BlockRole::Profit,
                "PROFIT AT STAKE",
                Some(toned(
                    "about $7,800 a week ($4,400 to $11,800)",
                    Tone::Plain,
                )),
                vec![
                    range(),
                    text("Lost $4,400, time and corrections $2,300, late cash $1,100."),
                    Piece::List {
                        numbered: true,
                        items: gaps,
                    },
                    text("All gaps, open and closed, have cost $74,900 since 14 September."),
                ],
            ),
            block(
                BlockRole::ThisWeek,
                "THIS WEEK",
                None,
                vec![Piece::List {
                    numbered: false,
                    items: changes,
                }],
            ),
            block(
                BlockRole::From,
                "FROM A. MENDEL",
                None,
                vec![Piece::Quote(
                    "Two teams quote from different lists. Ask who decides.".into(),
                )],
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

pub fn portfolio() -> Brief {
    let row = |cells: [(&str, Tone); 5]| cells.map(|(words, tone)| toned(words, tone)).to_vec();
    let (good, bad, plain) = (Tone::Good, Tone::Bad, Tone::Plain);
    let rows = vec![
        row([
            ("Calder Dental", plain),
            ("58 -2", bad),
            ("7 Dec (2 wk)", plain),
            ("no date", bad),
            ("$2,100", plain),
        ]),
        row([
            ("Northfield", plain),
            ("66 +3", good),
            ("1 Feb (10 wk)", plain),
            ("17 weeks late", bad),
            ("$7,800", plain),
        ]),
        row([
            ("Ostrava Pumps", plain),
            ("74 +1", good),
            ("15 Mar (16 wk)", plain),
            ("1 week late", bad),
            ("€970", plain),
        ]),
        row([
            ("Halden Foods", plain),
            ("81 +4", good),
            ("12 Jan (7 wk)", plain),
            ("on time", good),
            ("$640", plain),
        ]),
        row([
            ("Brightwell", plain),
            ("88 0", plain),
            ("live 3 weeks", plain),
            ("-", plain),
            ("$310", plain),
        ]),
        row([
            ("Tarn & Reyes", plain),
            ("--", plain),
            ("not set", plain),
            ("too early", plain),
            ("not priced", plain),
        ]),
    ];
    let nudge = |lead: &str, rest: &str, quote: &str| Item {
        quote: Some(quote.into()),
        ..item(lead, rest, plain)
    };
    let head = ["CLIENT", "SCORE", "GO-LIVE", "AT THIS PACE", "OPEN A WEEK"]
        .map(String::from)
        .to_vec();
    Brief {
        subject: "2 of your 6 clients need you this week".into(),
        preheader: "Calder Dental goes live in 14 days with no date in sight.".into(),
        title: "BACK OFFICE BRIEF | PORTFOLIO".into(),
        dateline: "A. Mendel | 6 clients | week to 23 November 2026".into(),
        verdict: toned(
            "Calder Dental and Northfield need you this week. The other four do not.",
            bad,
        ),
        blocks: vec![
            block(
                BlockRole::Clients,
                "",
                None,
                vec![
                    Piece::Table(Table {
                        head,
                        rows,
                        after: vec![],
                    }),
                    text("Open across clients: $10,900 and €970 a week. Closed this week: 4."),
                ],
            ),
            block(
                BlockRole::Nudges,
                "NUDGES TO APPROVE (2)",
                None,
                vec![
                    Piece::List {
                        numbered: true,
                        items: vec![
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
                        ],
                    },
                    text("Held back: Brightwell (nudged 5 days ago), Halden (session Thursday)."),
                ],
            ),
            block(
                BlockRole::Session,
                "NEXT SESSION",
                Some(toned("Halden Foods, Thursday 26 November, 10:00", plain)),
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
        verdict: toned(
            "Nothing moved this week. That cost about $7,800.",
            Tone::Bad,
        ),
        blocks: vec![
            action("Agree a dated next step for price lists with D. Ruiz."),
            block(
                BlockRole::Readiness,
                "READINESS",
                Some(toned(
                    "66 of 100, unchanged. Target: 85 by 1 February.",
                    Tone::Plain,
                )),
                vec![
                    trend(&[58, 60, 63, 63, 62, 63, 66, 66], Some(85)),
                    text("At this pace ready on 31 May, 17 weeks late."),
                ],
            ),
        ],
        footer: Footer {
            sources: vec![],
            ..leader().footer
        },
        ..leader()
    }
}

fn first_week() -> Brief {
    Brief {
        subject: "ERP cutover: first count, 31 of 100".into(),
        preheader: "Eight gaps, five of them priced, two areas unseen.".into(),
        verdict: toned(
            "First count: 8 gaps, 5 of them priced, about $5,200 a week.",
            Tone::Plain,
        ),
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
        footer: Footer {
            sources: vec![],
            ..leader().footer
        },
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
            Some(toned(
                "price lists were given as $8,300 a week. They are $3,800.",
                Tone::Plain,
            )),
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
