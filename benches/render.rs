//! From facts to the mould of an edition, once for each organization, and the splice of one
//! delivery, once for each recipient: no input, no output, one core.

#[path = "support/known.rs"]
mod known;
#[path = "support/rate.rs"]
mod rate;

use back_office_brief::domain::brief::compose_leader;
use back_office_brief::engine::deliver::cast::Recipient;
use back_office_brief::engine::links::WayOut;
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::mould::Mould;
use back_office_brief::render::render;
use known::Known;

/// Gaps and weeks of history.
const SIZES: [(usize, u32); 2] = [(12, 12), (500, 104)];
/// The row id that a Message-ID is made of.
const DELIVERY: &str = "019aaaaa-0000-7000-8000-000000000001";

fn main() {
    println!("### Rendering: once for each edition\n\n{}", rate::HEAD);
    for (gaps, weeks) in SIZES {
        edition(gaps, weeks);
    }
    println!("\n### The splice: once for each recipient\n\n{}", rate::HEAD);
    splice();
    println!();
}

fn edition(gaps: usize, weeks: u32) {
    let known = Known::new(gaps, weeks);
    let (engine, facts) = (&known.engine, known.facts());
    let row = |what: &str, rate: rate::Rate, note: String| {
        println!("{}", rate.row(&format!("{what}, {gaps} gaps"), &note));
    };
    let brief = compose_leader(&facts);
    row("words", rate::measure(|| compose_leader(&facts)), String::new());
    let frame = engine.frame();
    let parts = render(&brief, &frame).expect("the templates render");
    let octets = format!("{} octets of HTML, {} of text", parts.html.len(), parts.text.len());
    row("HTML and text", rate::measure(|| render(&brief, &frame).map(|r| r.html.len())), octets);
    let letter = engine.letter("leader", "bench", &parts, facts.edition.cut_off);
    let octets = Mould::of(&letter).expect("it builds").as_bytes().len();
    let rate = rate::measure(|| Mould::of(&letter).map(|m| m.as_bytes().len()));
    row("mould", rate, format!("{octets} octets"));
    let rate =
        rate::measure(|| engine.compose_leader(facts.clone(), None).map(|c| c.body.mould.len()));
    row("all of it, with the facts as JSON", rate, String::new());
}

fn splice() {
    let known = Known::new(12, 12);
    let composed = known.engine.compose_leader(known.facts(), None).expect("it composes");
    let mould = Mould::from_bytes(composed.body.mould).expect("what was made can be read");
    let sender = known.engine.sender().expect("keys");
    let domain = &known.engine.settings.mail.domain;
    let recipient = Recipient {
        email: "leader-1@o1.s1.example",
        name: "Grace Hopper",
        organization: Some(&known.snapshot.organization.name),
        way_out: WayOut::Subscription(DELIVERY),
        iso_week: "2026-W48",
    };
    let mut message = Vec::new();
    let mut cast = || {
        let id = MessageId::of_delivery(DELIVERY, domain).expect("a row id");
        sender.cast(&mould, recipient, id, &mut message).expect("a valid address");
        message.len()
    };
    let octets = cast();
    println!("{}", rate::measure(cast).row("cast of one message", &format!("{octets} octets")));
}
