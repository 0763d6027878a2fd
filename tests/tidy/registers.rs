//! Things that must be complete in two places at once: settings and their sentences, migrations of
//! two engines, templates and what shows them.

use super::hold;
use super::source::{files, read, rust};

#[test]
fn every_setting_has_a_sentence() {
    let text = read("config/default.toml");
    let lines: Vec<&str> = text.lines().collect();
    let mut findings = Vec::new();
    let mut keys = 0;
    for (at, line) in lines.iter().enumerate() {
        let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.starts_with('#')) else {
            continue;
        };
        keys += 1;
        let above = at.checked_sub(1).map_or("", |i| lines[i]);
        if !(above.starts_with("# ") && above.ends_with('.')) {
            findings.push(format!("config/default.toml:{}: {key}", at + 1));
        }
    }
    assert!(keys > 40, "the settings were read");
    hold(
        "Every key of config/default.toml stands under its own comment, which ends as a sentence does.",
        "the file is the reference: what it does not explain, nobody can set.",
        &findings,
    );
}

#[test]
fn every_migration_is_there_for_both_engines() {
    let names = |engine: &str| -> Vec<String> {
        let folder = format!("migrations/{engine}/");
        files(&folder, &[".sql"]).iter().map(|f| f.replacen(&folder, "", 1)).collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert!(!sqlite.is_empty(), "the migrations were read");
    let mut findings = Vec::new();
    if sqlite != postgres {
        findings.push(format!("sqlite has {sqlite:?}, postgres has {postgres:?}"));
    }
    let registered = read("src/store/open.rs");
    for (at, name) in sqlite.iter().enumerate() {
        if !name.starts_with(&format!("{:04}_", at + 1)) {
            findings.push(format!("{name} is number {} in order", at + 1));
        }
        for engine in ["sqlite", "postgres"] {
            let path = format!("migrations/{engine}/{name}");
            if !registered.contains(&path) {
                findings.push(format!("{path} is not in the list of src/store/open.rs"));
            }
        }
    }
    hold(
        "A migration has the same number and name for both engines, without holes, and is applied.",
        "two schemas that drift apart are two products, one of them untested.",
        &findings,
    );
}

/// Every template, the test that shows it, and the words by which that test can be found.
const TEMPLATES: &[(&str, &str, &str)] = &[
    (
        "mail/base.html",
        "src/render/tests/mod.rs",
        "insta::assert_snapshot!(format!(\"{name}.html\")",
    ),
    (
        "mail/macros.html",
        "src/render/tests/mod.rs",
        "insta::assert_snapshot!(format!(\"{name}.html\")",
    ),
    (
        "mail/brief.html",
        "src/render/tests/mod.rs",
        "insta::assert_snapshot!(format!(\"{name}.html\")",
    ),
    (
        "mail/brief.txt",
        "src/render/tests/mod.rs",
        "insta::assert_snapshot!(format!(\"{name}.txt\")",
    ),
    ("mail/letter.html", "src/render/tests/mod.rs", "insta::assert_snapshot!(\"letter.html\""),
    ("mail/letter.txt", "src/render/tests/mod.rs", "insta::assert_snapshot!(\"letter.txt\""),
    ("web/outbox/base.html", "tests/viewer.rs", "fn every_answer_carries_the_strict_headers"),
    ("web/outbox/style.css", "tests/viewer.rs", "(\"GET\", \"/style.css\")"),
    ("web/outbox/list.html", "tests/viewer.rs", "fn the_list_shows_what_is_there_newest_first"),
    ("web/outbox/mail.html", "tests/viewer.rs", "fn a_mail_is_framed_at_both_widths"),
    ("web/site/base.html", "tests/web/guard.rs", "fn every_answer_keeps_the_page_in_its_place"),
    ("web/site/style.css", "tests/web/guard.rs", "fn the_style_sheets_are_served_and_may_be_kept"),
    ("web/desk/style.css", "tests/web/guard.rs", "fn the_style_sheets_are_served_and_may_be_kept"),
    ("web/trend/style.css", "tests/web/guard.rs", "fn the_style_sheets_are_served_and_may_be_kept"),
    ("web/site/words.html", "tests/web/leaving.rs", "fn a_page_asks_before_anything_changes"),
    ("web/site/subscribe.html", "tests/web/asking.rs", "fn the_form_is_a_form_for_everybody"),
    ("web/site/preferences.html", "tests/web/choosing.rs", "fn the_page_shows_each_list_apart"),
    (
        "web/site/archive.html",
        "tests/web/reading.rs",
        "fn the_archive_lists_what_was_sent_newest_first",
    ),
    (
        "web/desk/sign_in.html",
        "tests/web/signing_in.rs",
        "fn a_link_lets_in_the_browser_that_asked",
    ),
    (
        "web/desk/account.html",
        "tests/web/signing_in.rs",
        "fn signing_out_everywhere_ends_every_session",
    ),
    (
        "web/answers/question.html",
        "tests/answers/answering.rs",
        "fn done_is_in_test_and_not_closed",
    ),
    ("web/api/index.html", "tests/api/browsing.rs", "fn the_pages_say_what_the_document_says"),
    ("web/api/tag.html", "tests/api/browsing.rs", "fn the_pages_say_what_the_document_says"),
    ("web/api/problems.html", "tests/api/browsing.rs", "fn every_kind_of_problem_has_a_page"),
    ("web/desk/home.html", "tests/desk/portfolio.rs", "fn clients_stand_in_the_order_of_the_model"),
    ("web/desk/organizations.html", "tests/desk/roles.rs", "fn whoever_reads_several_chooses"),
    ("web/desk/tabs.html", "tests/desk/roles.rs", "fn every_page_opens_for_whom_it_is"),
    ("web/desk/import.html", "tests/desk/roles.rs", "fn every_page_opens_for_whom_it_is"),
    ("web/desk/import_frame.html", "tests/desk/roles.rs", "fn every_page_opens_for_whom_it_is"),
    ("web/desk/import_map.html", "tests/desk/import_map.rs", "fn an_odd_file_is_read_by_a_guess"),
    (
        "web/desk/import_diff.html",
        "tests/desk/import_apply.rs",
        "fn a_file_is_seen_applied_and_taken_back",
    ),
    (
        "web/desk/import_changes.html",
        "tests/desk/import_apply.rs",
        "fn a_file_is_seen_applied_and_taken_back",
    ),
    (
        "web/desk/import_result.html",
        "tests/desk/import_apply.rs",
        "fn a_file_is_seen_applied_and_taken_back",
    ),
    ("web/desk/import_batch.html", "tests/desk/import_undo.rs", "fn what_others_rest_on_waits"),
    (
        "web/desk/answer_lines.html",
        "tests/desk/answers.rs",
        "fn answers_wait_until_they_are_dealt_with",
    ),
    (
        "web/desk/brand.html",
        "tests/desk/brand.rs",
        "fn clients_see_the_brand_from_their_next_brief_on",
    ),
    (
        "web/desk/round.html",
        "tests/desk/round.rs",
        "fn twelve_clients_are_done_with_twelve_buttons",
    ),
    ("web/desk/nudges.html", "tests/nudges/week.rs", "fn a_week_of_a_nudge_from_draft_to_measure"),
    ("web/desk/client.html", "tests/desk/roles.rs", "fn every_page_opens_for_whom_it_is"),
    (
        "web/desk/overview.html",
        "tests/desk/gaps.rs",
        "fn a_client_is_told_in_the_words_of_its_brief",
    ),
    ("web/desk/fields.html", "tests/desk/gaps.rs", "fn what_a_new_gap_lacks_is_said_at_its_field"),
    ("web/desk/gap.html", "tests/desk/moves.rs", "fn only_legal_moves_are_offered"),
    ("web/desk/gap_new.html", "tests/desk/gaps.rs", "fn a_gap_is_added"),
    ("web/desk/grid.html", "tests/desk/grid.rs", "fn each_cell_says_its_level_and_its_age"),
    ("web/desk/grid_table.html", "tests/desk/grid.rs", "fn one_click_says_that_nothing_changed"),
    (
        "web/desk/grid_area.html",
        "tests/desk/grid.rs",
        "fn the_five_questions_are_answered_with_gaps",
    ),
    ("web/desk/sessions.html", "tests/desk/sessions.rs", "fn a_session_is_at_its_local_time"),
    ("web/desk/session.html", "tests/desk/sessions.rs", "fn promises_are_made_kept_and_taken_out"),
    ("web/desk/promises.html", "tests/desk/sessions.rs", "fn what_cannot_be_taken_is_kept"),
    ("web/desk/implementations.html", "tests/desk/implementations.rs", "fn what_is_known_is_shown"),
    (
        "web/desk/implementation.html",
        "tests/desk/implementations.rs",
        "fn a_date_that_moves_is_told_in_the_next_brief",
    ),
    (
        "web/desk/implementation_fields.html",
        "tests/desk/implementations.rs",
        "fn one_is_added_with_its_scope",
    ),
    ("web/desk/review.html", "tests/desk/reviewing.rs", "fn when_the_next_draft_comes_is_said"),
    ("web/desk/reviews.html", "tests/desk/reviewing.rs", "fn a_week_is_read_noted_and_approved"),
    ("web/desk/review_one.html", "tests/desk/reviewing.rs", "fn a_week_is_read_noted_and_approved"),
    ("web/desk/draft.html", "tests/desk/reviewing.rs", "fn a_week_is_read_noted_and_approved"),
    ("web/desk/past.html", "tests/desk/corrections.rs", "fn a_mistake_is_corrected_once"),
    ("web/desk/preview.html", "tests/desk/previews.rs", "fn a_preview_is_that_of_the_command_line"),
    (
        "web/desk/preview_own.html",
        "tests/desk/previews.rs",
        "fn a_portfolio_is_previewed_at_any_day",
    ),
    (
        "web/desk/preview_shown.html",
        "tests/desk/sending.rs",
        "fn a_test_goes_to_whoever_looks_at_it",
    ),
    ("web/site/feed.xml", "tests/web/reading.rs", "fn the_feed_is_atom"),
    (
        "web/trend/macros.html",
        "tests/trend/shown.rs",
        "fn every_page_is_whole_and_every_link_leads_somewhere",
    ),
    (
        "web/trend/page.html",
        "tests/trend/figures.rs",
        "fn the_page_tells_every_figure_of_the_full_case",
    ),
    (
        "web/trend/gaps.html",
        "tests/trend/arithmetic.rs",
        "fn every_kind_of_price_is_shown_as_the_sum_it_is",
    ),
    (
        "web/trend/weeks.html",
        "tests/trend/large.rs",
        "fn every_page_stays_under_a_hundred_kilobytes",
    ),
    (
        "web/trend/what_if.html",
        "tests/trend/what_if.rs",
        "fn a_closing_that_is_tried_out_does_what_a_closing_does",
    ),
    ("web/outbox/problem.html", "tests/viewer.rs", "fn nothing_outside_the_folder_is_ever_shown"),
];

#[test]
fn every_template_is_shown_by_a_test() {
    let mut findings = Vec::new();
    for path in files("templates", &[""]) {
        let name = path.trim_start_matches("templates/");
        match TEMPLATES.iter().find(|(template, ..)| *template == name) {
            None => findings.push(format!("{path} is not in the table of tests/tidy/registers.rs")),
            Some((_, test, words)) if !read(test).contains(words) => {
                findings.push(format!("{path}: {test} has no {words} any more"));
            }
            Some(_) => {}
        }
    }
    for (template, ..) in TEMPLATES {
        if !super::source::root().join("templates").join(template).is_file() {
            findings.push(format!("templates/{template} is in the table and not in the folder"));
        }
    }
    hold(
        "Every template is in the table beside this test with the test that shows what it draws.",
        "a template is code that only a reader runs; unseen it breaks in somebody's inbox.",
        &findings,
    );
}

#[test]
fn every_file_opens_with_its_purpose() {
    let findings: Vec<String> =
        rust("src").into_iter().filter(|s| !s.text.starts_with("//! ")).map(|s| s.path).collect();
    hold(
        "Every file under src opens with a sentence about what it is for.",
        "a reader decides by it whether to read on; whoever cannot write it has two files in one.",
        &findings,
    );
}

#[test]
fn nothing_points_outside_the_repository() {
    let words = [
        concat!("..", "/shared"),
        concat!("/wo", "rk/"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
    ];
    let endings = [".rs", ".toml", ".md", ".html", ".txt", ".css", ".sql", ".snap", "/run"];
    let mut findings = Vec::new();
    for path in files("", &endings) {
        for (at, line) in read(&path).lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                findings.push(format!("{path}:{}: {word}", at + 1));
            }
        }
    }
    hold(
        "No file names a path that only one machine has, and none puts work off.",
        "whoever clones this has the repository and nothing else.",
        &findings,
    );
}
