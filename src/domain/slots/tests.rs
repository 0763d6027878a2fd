//! What is put in for each recipient, and only that.

use super::*;

const VALUES: SlotValues<'_> = SlotValues {
    trend: "https://b.example/t?a=1&b=2",
    why: "https://b.example/w",
    stop: "https://b.example/s",
    copy: "https://b.example/c",
    answer: "https://b.example/a",
    name: "<Zoë & \"co\">",
};

#[test]
fn every_token_is_filled_and_everything_else_is_left_alone() {
    let text = format!(
        "{SLOT_NAME}: {SLOT_TREND} slot--none--slot {SLOT_WHY}{SLOT_STOP}{SLOT_COPY} {SLOT_ANSWER}/12"
    );
    let filled = "<Zoë & \"co\">: https://b.example/t?a=1&b=2 slot--none--slot \
                  https://b.example/whttps://b.example/shttps://b.example/c https://b.example/a/12";
    assert_eq!(fill_text(&text, &VALUES), filled);
}

#[test]
fn html_values_are_escaped_for_text_and_attributes() {
    let html = format!("<a href=\"{SLOT_TREND}\">{SLOT_NAME}</a>");
    let filled = "<a href=\"https://b.example/t?a=1&amp;b=2\">&lt;Zoë &amp; &quot;co&quot;&gt;</a>";
    assert_eq!(fill_html(&html, &VALUES), filled);
}

#[test]
fn tokens_can_be_told_apart_wherever_they_stand() {
    for slot in Slot::ALL {
        let text = format!("slot--{}--slot", slot.token());
        let found: Vec<Piece<'_>> = pieces(&text).collect();
        assert_eq!(found, [Piece::Fixed("slot--"), Piece::Own(slot), Piece::Fixed("--slot")]);
    }
    assert_eq!(pieces("").count(), 0);
}
