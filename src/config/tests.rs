//! What people rely on when they configure the program.

use std::time::Duration;

use secrecy::ExposeSecret;

use super::*;
use crate::domain::constants::Constants;

fn with(variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let mut environment = vec![("PATH".to_owned(), "/bin".to_owned())];
    environment.extend(variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
    // A directory without config/local.toml: the crate root has none.
    load(&Sources { file: None, environment })
}

fn with_file(text: &str) -> Result<Settings, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("brief.toml");
    std::fs::write(&path, text).unwrap();
    load(&Sources { file: Some(path), environment: Vec::new() })
}

#[test]
fn the_built_in_file_holds_the_defaults_that_the_product_promises() {
    let settings = Settings::built_in();
    assert_eq!(settings.model, Constants::default());
    assert_eq!(settings.database.url.expose_secret(), "sqlite://var/brief.db");
    assert_eq!(settings.relay.way.to_string(), "file://var/outbox");
    assert_eq!(settings.relay.connections, 8);
    assert_eq!((settings.relay.rate_per_second, settings.relay.per_domain), (None, None));
    assert_eq!(settings.relay.per_domain_connections, None);
    assert_eq!(settings.relay.on_uncertain, OnUncertain::Resend);
    assert_eq!(settings.relay.resend_after, Duration::from_secs(30 * 60));
    assert!(settings.mail.from.address.domain().ends_with(".example"));
    assert!(settings.web.listen.ip().is_loopback());
    assert_eq!(settings.schedule.grace, Duration::from_secs(48 * 3600));
    let (cut_off, send) = (settings.schedule.cut_off, settings.schedule.send);
    assert_eq!(cut_off, WeekHour::new(1, 6).unwrap());
    assert_eq!(send, WeekHour::new(1, 7).unwrap());
    assert_eq!(settings.schedule.public, WeekHour::new(2, 8).unwrap());
    assert_eq!(settings.schedule.portfolio_lead_hours, 24);
    let Retention { message_weeks, body_weeks, reply_weeks } = settings.retention;
    assert_eq!((message_weeks, body_weeks, reply_weeks), (Some(6), Some(104), Some(26)));
}

#[test]
fn what_is_kept_for_ever_is_none_and_nothing_is_kept_for_less_than_it_is_needed() {
    for key in ["MESSAGE_WEEKS", "BODY_WEEKS", "REPLY_WEEKS"] {
        let name = format!("BRIEF__RETENTION__{key}");
        let retention = with(&[(&name, "none")]).unwrap().retention;
        let all = [retention.message_weeks, retention.body_weeks, retention.reply_weeks];
        assert_eq!(all.iter().filter(|weeks| weeks.is_none()).count(), 1, "{key}");
        assert!(with(&[(&name, "3")]).is_ok());
        for wrong in ["2", "0", "1001", "never"] {
            let text = with(&[(&name, wrong)]).unwrap_err().to_string();
            let advice = "it must be a whole number, 3 to 1000, or \"none\"";
            assert!(text.contains(advice) && text.contains(&name), "{wrong}: {text}");
        }
    }
}

#[test]
fn every_key_stands_under_a_comment_of_one_sentence() {
    let lines: Vec<&str> = DEFAULT_TOML.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        if line.contains(" = ") && !line.starts_with('#') {
            let above = lines[index - 1];
            assert!(above.starts_with("# ") && above.ends_with('.'), "{line:?} has no comment");
        }
    }
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("brief.toml");
    std::fs::write(&path, "[relay]\nconnections = 3\nper_domain = 5\n").unwrap();
    let environment = vec![("BRIEF__RELAY__CONNECTIONS".to_owned(), "2".to_owned())];
    let settings = load(&Sources { file: Some(path.clone()), environment }).unwrap();
    assert_eq!(settings.relay.connections, 2);
    assert_eq!(settings.relay.per_domain, Some(5));
    let origin = |key: &str| {
        settings.shown().into_iter().find(|shown| shown.key == key).unwrap().origin.to_string()
    };
    assert_eq!(origin("relay.connections"), "environment variable BRIEF__RELAY__CONNECTIONS");
    assert_eq!(origin("relay.per_domain"), format!("{} line 3", path.display()));
    assert_eq!(origin("relay.url"), "default");
}

#[test]
fn all_problems_come_at_once_each_with_its_place_key_and_advice() {
    let error = with_file(
        "[relay]\nconections = 3\nconnections = 0\n[schedule]\ngrace = \"two days\"\nsend_hour = 24\n\
         [mail]\nfrom = \"nobody\"\n[model]\nstall_days = 0\n[colour]\nred = 1\n",
    )
    .unwrap_err();
    let text = error.to_string();
    for expected in [
        "line 2: relay.conections: there is no such setting; did you mean relay.connections?",
        "line 3: relay.connections: the value cannot be used; it must be a whole number, 1 to 256",
        "line 5: schedule.grace: the value cannot be used; it must be a time span such as",
        "line 6: schedule.send_hour: the value cannot be used; it must be a whole number, 0 to 23",
        "line 8: mail.from: the value cannot be used",
        "line 10: model.stall_days: the value cannot be used; model.stall_days is 0",
        "line 12: colour.red: there is no such setting; `brief config` lists every setting",
    ] {
        assert!(text.contains(expected), "{expected}\nis not in\n{text}");
    }
    assert_eq!(error.problems().len(), 7, "{text}");
}

#[test]
fn a_limit_is_a_number_or_none() {
    let with = |text: &str| with(&[("BRIEF__RELAY__PER_DOMAIN_CONNECTIONS", text)]);
    assert_eq!(with("4").unwrap().relay.per_domain_connections, Some(4));
    assert_eq!(with("none").unwrap().relay.per_domain_connections, None);
    for wrong in ["0", "257", "few"] {
        let text = with(wrong).unwrap_err().to_string();
        let advice = "relay.per_domain_connections: the value cannot be used; it must be a whole \
                      number, 1 to 256, or \"none\"";
        assert!(text.contains(advice), "{text}");
    }
}

#[test]
fn a_file_that_is_not_toml_is_answered_with_its_line() {
    let text = with_file("[relay]\nurl = smtp\n").unwrap_err().to_string();
    assert!(text.contains("brief.toml line 2: this is not valid TOML"), "{text}");
}

#[test]
fn a_named_file_must_exist() {
    let sources = Sources { file: Some("no/such.toml".into()), environment: Vec::new() };
    let text = load(&sources).unwrap_err().to_string();
    assert!(text.contains("no/such.toml: the file cannot be read"), "{text}");
}

#[test]
fn variables_are_checked_like_keys() {
    let text = with(&[("BRIEF__RELAY__URI", "x"), ("BRIEF__RELAY", "x")]).unwrap_err().to_string();
    assert!(
        text.contains("environment variable BRIEF__RELAY__URI: relay.uri: there is no"),
        "{text}"
    );
    assert!(
        text.contains("BRIEF__RELAY__URI") && text.contains("did you mean relay.url?"),
        "{text}"
    );
}

#[test]
fn mail_leaves_the_machine_only_with_a_sender_of_its_own() {
    let relay = ("BRIEF__RELAY__URL", "smtp://user:hunter2@relay.example.org:587");
    let text = with(&[relay]).unwrap_err().to_string();
    for key in
        ["mail.from", "mail.reply_to", "mail.postal_address", "mail.domain", "web.public_url"]
    {
        assert!(text.contains(key), "{key} is not named in {text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
    let mine = [
        relay,
        ("BRIEF__MAIL__FROM", "Ops <ops@client.example>"),
        ("BRIEF__MAIL__REPLY_TO", "ops@client.example"),
        ("BRIEF__MAIL__POSTAL_ADDRESS", "1 High Street, Anytown"),
        ("BRIEF__MAIL__DOMAIN", "Client.example"),
        ("BRIEF__WEB__PUBLIC_URL", "https://brief.client.example/"),
    ];
    let settings = with(&mine).unwrap();
    assert_eq!(settings.mail.domain.as_str(), "client.example");
    assert_eq!(settings.web.public_url, "https://brief.client.example");
    let mut astray = mine.to_vec();
    astray.push(("BRIEF__WEB__PUBLIC_URL", "http://brief.client.example"));
    astray.remove(5);
    let text = with(&astray).unwrap_err().to_string();
    assert!(text.contains("web.public_url: links in mail"), "{text}");
    for option in ["tls=none", "tls=opportunistic"] {
        let url = format!("smtp://relay.example.org:587?{option}");
        let mut plain = mine.to_vec();
        plain.push(("BRIEF__RELAY__URL", url.as_str()));
        plain.remove(0);
        let text = with(&plain).unwrap_err().to_string();
        assert!(text.contains("relay.url: a relay beyond this machine"), "{text}");
    }
    assert!(with(&[("BRIEF__RELAY__URL", "smtp://127.0.0.1:2525")]).is_ok());
}

#[test]
fn passwords_are_hidden_wherever_settings_are_shown() {
    let settings = with(&[
        ("BRIEF__DATABASE__URL", "postgres://brief:hunter2@db.example/brief?password=hunter2"),
        ("BRIEF__RELAY__URL", "smtp://brief:hunter2@localhost:2525"),
    ])
    .unwrap();
    let shown = format!("{:?} {settings:?}", settings.shown());
    assert!(shown.contains("postgres://brief:***@db.example/brief?password=***"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert_eq!(hide_password("smtp://a:b@c:d@host"), "smtp://a:***@host");
    assert_eq!(hide_password("smtp://user@host:25"), "smtp://user@host:25");
}

#[test]
fn alerts_go_to_nobody_or_to_a_list_of_addresses() {
    let settings = Settings::built_in();
    assert!(settings.alerts.to.is_empty());
    assert_eq!(settings.alerts.repeat, Duration::from_secs(6 * 3600));
    assert_eq!(settings.alerts.late_after, Duration::from_secs(3600));
    assert_eq!(settings.web.metrics, super::MetricsFor::Loopback);
    let of = |to: &str| with(&[("BRIEF__ALERTS__TO", to)]).map(|settings| settings.alerts.to);
    let two = of("ops@client.example, night@client.example ,ops@client.example").unwrap();
    assert_eq!(
        two.iter().map(|a| a.as_str()).collect::<Vec<_>>(),
        ["ops@client.example", "night@client.example"]
    );
    let text = of("ops@client.example, nobody").unwrap_err().to_string();
    assert!(text.contains("alerts.to: the value cannot be used; it must be addresses"), "{text}");
}

#[test]
fn further_relays_are_held_to_the_rules_of_the_first() {
    assert_eq!(Settings::built_in().relay.ways().count(), 1);
    let of = |first: &str, more: &str| {
        with(&[("BRIEF__RELAY__URL", first), ("BRIEF__RELAY__FALLBACK", more)])
    };
    let local = "smtp://127.0.0.1:2525";
    let two = of(local, "  smtp://u:hunter2@127.0.0.1:2526\n file://var/spare ").unwrap();
    let places: Vec<String> = two.relay.ways().map(|way| way.place()).collect();
    assert_eq!(places, [local, "smtp://127.0.0.1:2526", "file://var/spare"]);
    let shown = format!("{:?} {two:?}", two.shown());
    assert!(shown.contains("smtp://u:***@127.0.0.1:2526") && shown.contains("file://var/spare"));
    assert!(!shown.contains("hunter2"), "{shown}");
    for (more, told) in [
        ("smtp://127.0.0.1:2525", "relay number 1 is smtp://127.0.0.1:2525 once more"),
        ("file://a file://a", "relay number 2 is file://a once more"),
        ("file://a smtp://u:hunter2@h:port", "relay number 2 has a port that is no number"),
        ("file://a nonsense", "relay number 2 has no scheme we know"),
        ("smtp://u:hunter2@relay.example.org:25?tls=none", "the password would leave this machine"),
    ] {
        let text = of(local, more).unwrap_err().to_string();
        assert!(text.contains("relay.fallback: the value cannot be used"), "{text}");
        assert!(text.contains(told) && !text.contains("hunter2"), "{told:?} is not in {text}");
    }
    let text = of(local, "smtp://relay.example.org:25?tls=none").unwrap_err().to_string();
    assert!(text.contains("relay.fallback: a relay beyond this machine"), "{text}");
    assert!(text.contains("mail.from: a relay beyond this machine needs it"), "{text}");
}

#[test]
fn how_somebody_comes_to_be_on_a_list_is_set_within_limits() {
    let consent = Settings::built_in().consent;
    assert!(consent.is_form_open);
    assert_eq!(consent.confirm_within, Duration::from_secs(72 * 3600));
    assert_eq!(consent.invite_within, Duration::from_secs(14 * 24 * 3600));
    assert_eq!((consent.per_address, consent.per_client), (3, 20));
    assert!(!with(&[("BRIEF__CONSENT__FORM", "closed")]).unwrap().consent.is_form_open);
    for (name, value, told) in [
        ("BRIEF__CONSENT__FORM", "on", "consent.form: the value cannot be used; it must be one of"),
        ("BRIEF__CONSENT__CONFIRM_WITHIN", "0s", "consent.confirm_within: the value cannot"),
        ("BRIEF__CONSENT__INVITE_WITHIN", "721h", "consent.invite_within: the value cannot"),
        ("BRIEF__CONSENT__PER_ADDRESS", "101", "consent.per_address: the value cannot be used; it"),
        (
            "BRIEF__CONSENT__PER_CLIENT",
            "0",
            "consent.per_client: the value cannot be used; it must",
        ),
        (
            "BRIEF__MAIL__ENVELOPE",
            "bounce",
            "mail.envelope: the value cannot be used; it must be one",
        ),
        ("BRIEF__WEB__COPY_WEEKS", "521", "web.copy_weeks: the value cannot be used; it must be a"),
        (
            "BRIEF__WEB__TRUSTED_PROXIES",
            "nginx",
            "web.trusted_proxies: the value cannot be used; it",
        ),
    ] {
        let text = with(&[(name, value)]).unwrap_err().to_string();
        assert!(text.contains(told), "{told:?} is not in {text}");
    }
}

#[test]
fn the_ways_back_are_off_until_they_are_set_and_show_no_secret() {
    let bounce = Settings::built_in().bounce;
    assert_eq!((bounce.soft_limit, bounce.soft_weeks), (3, None));
    assert!(bounce.maildir.is_none() && bounce.imap.is_none());
    assert!(bounce.hooks.ses_topic.is_none() && bounce.hooks.postmark.is_none());
    assert!(bounce.hooks.sendgrid.is_none() && bounce.hooks.mailgun.is_none());
    let set = with(&[
        ("BRIEF__BOUNCE__SOFT_LIMIT", "5"),
        ("BRIEF__BOUNCE__SOFT_WEEKS", "26"),
        ("BRIEF__BOUNCE__MAILDIR", "/var/mail/bounces"),
        ("BRIEF__BOUNCE__IMAP_URL", "imaps://b:hunter2@mail.brief.example/Bounces"),
        ("BRIEF__BOUNCE__POLL", "10m"),
        ("BRIEF__BOUNCE__SES_TOPIC", "arn:aws:sns:eu-central-1:123456789012:bounces"),
        ("BRIEF__BOUNCE__POSTMARK_LOGIN", "postmark:hunter2hunter2"),
        ("BRIEF__BOUNCE__MAILGUN_KEY", "hunter2hunter2hunter2"),
    ]);
    let set = set.unwrap();
    assert_eq!((set.bounce.soft_limit, set.bounce.soft_weeks), (5, Some(26)));
    assert_eq!(set.bounce.poll, Duration::from_secs(600));
    let place = set.bounce.imap.as_ref().map(crate::mail::inbound::imap::Mailbox::place);
    assert_eq!(place.as_deref(), Some("imaps://mail.brief.example:993/Bounces"));
    let shown = format!("{:?} {set:?}", set.shown());
    assert!(shown.contains("imaps://b:***@mail.brief.example/Bounces"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn what_is_wrong_about_the_ways_back_is_said() {
    for (key, value, told) in [
        ("SOFT_LIMIT", "0", "it must be a whole number, 1 to 52"),
        ("SOFT_WEEKS", "0", "it must be a whole number, 1 to 520, or \"none\""),
        ("IMAP_URL", "imap://u:hunter2@mail.brief.example/", "without TLS"),
        ("POLL", "often", "it must be a time span"),
        ("SES_TOPIC", "bounces", "ARN of an SNS topic"),
        ("POSTMARK_LOGIN", "hunter2hunter2hunter2", "it must be USER:PASSWORD"),
        ("POSTMARK_LOGIN", "u:hunter2", "16 characters at least"),
        ("MAILGUN_KEY", "hunter2", "16 characters at least"),
        ("SENDGRID_KEY", "hunter2", "verification key"),
    ] {
        let name = format!("BRIEF__BOUNCE__{key}");
        let text = with(&[(&name, value)]).unwrap_err().to_string();
        assert!(text.contains(told) && text.contains(&name), "{key}: {text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}
