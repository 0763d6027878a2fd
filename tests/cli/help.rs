//! Misuse, help, completions and the manual.

use crate::support::Place;

#[test]
fn misuse_exits_with_2_and_says_how_it_is_meant() {
    let place = Place::new();
    for args in [&["no-such-command"][..], &["config", "--no-such-flag"], &[]] {
        let ran = place.run(args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.err.contains("Usage:"), "{args:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{args:?}");
    }
}

#[test]
fn an_instant_that_is_none_is_refused_with_an_example() {
    let place = Place::new();
    for garbage in ["yesterday", "2026-11-23", "2026-11-23T06:00:00", "2026-13-01T00:00:00Z"] {
        let ran = place.run(&["--now", garbage, "config"]);
        assert_eq!(ran.code, 2, "{garbage}");
        assert!(ran.err.contains("RFC 3339"), "{garbage}: {}", ran.err);
    }
    assert_eq!(place.run(&["config", "--now", "2026-11-23T06:00:00+01:00"]).code, 0);
}

#[test]
fn a_broken_log_filter_is_an_error_and_not_a_silence() {
    let place = Place::new();
    let output = place.brief(&["config"]).env("RUST_LOG", "brief=loud").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("RUST_LOG cannot be used"));
}

#[test]
fn each_shell_gets_a_script_that_knows_the_commands() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let ran = place.run(&["completions", shell]);
        assert_eq!(ran.code, 0, "{shell}: {}", ran.err);
        assert!(ran.out.contains("completions"), "{shell}");
    }
    assert_eq!(place.run(&["completions", "basic"]).code, 2);
}

#[test]
fn the_manual_has_a_page_for_the_program_and_one_for_each_command() {
    let place = Place::new();
    let page = place.run(&["man"]);
    assert!(page.out.contains(".TH brief 1"), "{}", page.out);
    assert_eq!(place.run(&["man", "--dir", "man1"]).code, 0);
    assert!(place.path().join("man1/brief.1").exists());
    assert!(place.path().join("man1/brief-config.1").exists());
}

#[test]
fn the_help_of_every_command_fits_a_terminal() {
    let place = Place::new();
    let top = place.run(&["--help"]).out;
    let commands = top.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    for line in commands.lines().filter(|line| !line.trim().is_empty()) {
        let name = line.split_whitespace().next().unwrap();
        let help = place.run(&[name, "--help"]);
        assert_eq!(help.code, 0, "{name}");
        assert!(help.out.contains("Usage: brief"), "{name}");
        assert!(help.out.lines().all(|line| line.chars().count() <= 100), "{name}: {}", help.out);
    }
}
