//! The log of a week that goes wrong: whom it does not name, and how long it gets.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use back_office_brief::store::Db;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::EnvFilter;

use crate::on_both;
use crate::serving::Serving;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, at};

/// What was logged by this test's thread; all tasks of a test run on it.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Captured {
    fn start(filter: &str) -> (Self, DefaultGuard) {
        let captured = Self::default();
        let writer = captured.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(filter))
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (captured, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("nobody panicked").clone()).expect("text")
    }
}

/// A relay that fails in every way it can, and repeats addresses while it does.
fn hostile() -> Script {
    Script::new()
        .at(At::Rcpt, "reader.1@", Act::reply("550 5.1.1 <reader.1@many.example>: user unknown"))
        .at(At::Rcpt, "reader.2@", Act::reply("450 4.7.1 reader.2@many.example is greylisted"))
        .at(At::Dot, "reader.3@", Act::Close)
        .at(At::Data, "reader.4@", Act::reply("451 4.3.0 reader.4@many.example: later"))
        .at(At::Dot, "reader.5@", Act::reply("554 5.7.1 no mail for reader.5@many.example"))
        .at(At::Rcpt, "reader.6@", Act::reply("421 4.3.2 goodbye reader.6@many.example"))
}

on_both! {
    async fn no_address_and_no_password_is_ever_logged(db: Db) {
        let (captured, _guard) = Captured::start("back_office_brief=trace");
        let mut world = World::with(db, &[("BRIEF__ALERTS__TO", "ops@operator.example")]);
        world.organization("acme").await;
        world.many_leaders("acme", 8).await;
        world.leader("acme", "not an address").await;
        world.subscriber("acme", "lost@many.example", |person, _| {
            person.time_zone = Some("lost@many.example".to_owned());
        }).await;
        world.organization_with("atlantis", |o| o.time_zone = "Atlantic/Atlantis".to_owned()).await;
        world.tick(MONDAY).await;
        let strict = SmtpServer::start(Script::new().with_login("brief", "right")).await;
        world.relay_is_at(&format!("smtp://brief:hunter2@{}", strict.address));
        world.tick(SEVEN).await;
        let server = SmtpServer::start(hostile()).await;
        world.relay_is(&server);
        for minute in ["2026-11-23T13:20:00Z", "2026-11-23T14:30:00Z", "2026-11-23T20:00:00Z"] {
            world.tick(minute).await;
        }
        world.db.pause("anna@many.example said so", at(SEVEN)).await.unwrap();
        world.tick("2026-11-24T13:00:00Z").await;
        world.tick("2026-11-30T14:00:00Z").await;
        let log = captured.text();
        for told in ["not accepted", "not planned", "delivery stands still", "not a time zone", "something is wrong"] {
            assert!(log.contains(told), "{told:?} is not in\n{log}");
        }
        let mut secrets = vec!["hunter2".to_owned(), "not an address".to_owned(), "@".to_owned()];
        secrets.extend(world.deliveries().await.into_iter().filter_map(|d| d.email));
        assert!(secrets.len() > 10);
        for secret in secrets {
            let line = log.lines().find(|line| line.contains(&secret));
            assert_eq!(line, None, "{secret}");
        }
    }

    async fn two_thousand_refusals_are_a_few_lines(db: Db) {
        let (captured, _guard) = Captured::start("back_office_brief=info");
        let refused = Act::reply("550 5.1.1 no such user");
        let later = Act::reply("451 4.3.0 try later");
        let script = Script::new().times(1_000, At::Rcpt, "", later).at(At::Rcpt, "", refused);
        let server = SmtpServer::start(script).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 2_000).await;
        let service = Serving::start(&world);
        service.at(&world, MONDAY).await;
        service.at(&world, SEVEN).await;
        service.end().await;
        let log = captured.text();
        assert!(log.contains("mails were not accepted cause=\"550 5.1.1 at rcpt\" count=1000"), "{log}");
        assert!(log.contains("cause=\"451 4.3.0 at rcpt\" count=1000"), "{log}");
        assert!(log.lines().count() <= 10, "{} lines\n{log}", log.lines().count());
    }

    async fn what_lasts_is_said_when_it_begins_and_when_it_is_over(db: Db) {
        let (captured, _guard) = Captured::start("back_office_brief=info");
        let mut world = World::on(db);
        let gone = SmtpServer::start(Script::new()).await.url();
        world.relay_is_at(&gone);
        world.organization("acme").await;
        world.many_leaders("acme", 3).await;
        world.organization_with("atlantis", |o| o.time_zone = "Atlantic/Atlantis".to_owned()).await;
        let service = Serving::start(&world);
        for minute in 0..30 {
            service.at(&world, &format!("2026-11-23T13:{minute:02}:00Z")).await;
        }
        let log = captured.text();
        let count = |words: &str| log.lines().filter(|line| line.contains(words)).count();
        assert_eq!(count("delivery stands still"), 1, "{log}");
        assert_eq!(count("organization atlantis"), 2, "once as a failure, once as an alarm\n{log}");
        assert!(log.lines().count() <= 12, "{log}");
        world.by_hand("UPDATE organization SET time_zone = 'UTC' WHERE id = 'atlantis'").await;
        service.at(&world, "2026-11-23T13:31:00Z").await;
        service.at(&world, "2026-11-23T13:40:00Z").await;
        let log = captured.text();
        assert!(log.contains("planned, or given up"), "{log}");
        assert!(log.contains("it is over kind=\"planning\""), "{log}");
        service.end().await;
    }
}
