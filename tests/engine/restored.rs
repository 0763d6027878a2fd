//! A database that was restored from a backup, and the journal that knows more (DESIGN 2.8).
//!
//! The database that was lost and the one that was restored hold the same people; what was planned
//! and delivered on the first after the backup is in the journal alone.

use back_office_brief::clock::Clock;
use back_office_brief::domain::codes::Channel;
use back_office_brief::engine::journal::{Answer, Journal};
use back_office_brief::engine::review::Decision;
use back_office_brief::engine::tick::TickReport;
use back_office_brief::store::Db;
use back_office_brief::store::consent;
use back_office_brief::store::records::Subscription;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::support;
use crate::world::{MONDAY, SEVEN, World, at, by, intend, ms};

const WEEK: &str = "2026-W48";
const OPS: &str = "ops@operator.example";
/// When the loss is noticed.
const LATER: &str = "2026-11-23T13:40:00Z";
const NINE: &str = "2026-11-23T15:00:00Z";
const EVE: &str = "0193f0c2-7a10-7c3e-9a51-5d0f5d2a1b77";
/// Later than the grace after the cut-off.
const THURSDAY: &str = "2026-11-26T18:00:00Z";
/// When a reader of Fridays is due.
const FRIDAY: &str = "2026-11-27T13:00:00Z";

/// The lost and the restored database, one relay, one journal.
struct Two {
    lost: World,
    restored: World,
    server: SmtpServer,
    _folder: tempfile::TempDir,
}

impl Two {
    /// Both with anna and ben at seven, and zoe at nine.
    async fn on(db: Db, script: Script) -> Self {
        let (lost, folder) = if db.is_postgres() {
            let db = support::postgres::database().await.expect("a server, since there is one");
            (db, tempfile::tempdir().expect("a folder"))
        } else {
            support::sqlite().await
        };
        let server = SmtpServer::start(script).await;
        let journal = folder.path().join("journal").display().to_string();
        let settings = [("BRIEF__JOURNAL__DIR", journal.as_str()), ("BRIEF__ALERTS__TO", OPS)];
        let (mut lost, mut restored) = (World::with(lost, &settings), World::with(db, &settings));
        for world in [&mut lost, &mut restored] {
            world.relay_is(&server);
            world.organization("acme").await;
            world.leader("acme", "anna@client.example").await;
            world.leader("acme", "ben@client.example").await;
            world.subscriber("acme", "zoe@client.example", |_, s| s.hour = Some(9)).await;
        }
        Self { lost, restored, server, _folder: folder }
    }

    /// One more leader on both, under a row id as the service makes them.
    async fn both_have(&self, email: &str, id: &str) {
        for world in [&self.lost, &self.restored] {
            world.subscriber("acme", email, |_, s| s.id = id.to_owned()).await;
        }
    }

    /// The same with fay on Fridays, a consultant and a reader of the public edition.
    async fn all_week(db: Db) -> Self {
        let two = Self::on(db, Script::new()).await;
        for world in [&two.lost, &two.restored] {
            let friday = |_: &mut _, s: &mut Subscription| s.weekday = Some(5);
            world.subscriber("acme", "fay@client.example", friday).await;
            world.consultant("mendel@advisor.example", &["acme"], |_, _| {}).await;
            world.public("pat@public.example").await;
        }
        for now in ["2026-11-22T13:00:00Z", SEVEN, NINE, "2026-11-24T14:00:00Z"] {
            two.lost.tick(now).await;
        }
        assert_eq!(two.readers(), ALL_BUT_FAY, "fay's day has not come");
        two
    }

    /// What the restored database says of a week that was lost, once it was said what is true.
    async fn is_settled(&self) {
        let report = self.restored.tick(THURSDAY).await;
        assert!(report.closes() && why(&report).is_empty(), "{report:?}");
        assert_eq!((report.plan.expired, report.deliver.sent), (0, 0), "{report:?}");
        let anna = self.restored.fate("anna@client.example", WEEK).await;
        assert!(anna.0 == "sent" && anna.1.starts_with("assumed sent"), "{anna:?}");
        assert_eq!(
            self.restored.db.hand_overs_waiting().await.unwrap(),
            0,
            "nothing waits for ever"
        );
        let report = self.restored.tick(FRIDAY).await;
        assert!(report.closes(), "{report:?}");
        let mut all = ALL_BUT_FAY.to_vec();
        all.insert(2, "fay@client.example");
        assert_eq!(self.readers(), all, "each once");
    }

    fn journal(&self) -> Journal {
        Journal::of(&self.restored.settings.journal)
    }

    async fn answer(&self, answer: Answer) -> u64 {
        let now = self.restored.clock.now();
        self.journal().answer(&self.restored.db, answer, now).await.expect("a journal")
    }

    /// Whom the relay took a brief for, in order of the alphabet.
    fn readers(&self) -> Vec<String> {
        let mut to: Vec<_> = self.server.received().into_iter().map(|r| r.to).collect();
        to.retain(|to| to != OPS);
        to.sort();
        to
    }
}

/// Somebody leaves by one click.
async fn leaves(world: &World, subscription: &str, when: &str) {
    world.clock.set(at(when));
    let act = consent::Act::by(Channel::OneClick);
    assert!(consent::withdraw(&world.db, subscription, &act, at(when)).await.expect("a list"));
}

async fn one_who_left(db: Db, answer: Answer) {
    let two = Two::on(db, Script::new()).await;
    two.both_have("eve@client.example", EVE).await;
    two.lost.tick(SEVEN).await;
    leaves(&two.lost, EVE, "2026-11-23T13:20:00Z").await;
    two.lost.tick("2026-11-23T13:21:00Z").await;
    two.restored.tick(LATER).await;
    let leave_out = async || two.journal().leave_out(&two.restored.db, at(LATER)).await;
    assert_eq!(leave_out().await.expect("a journal"), 1);
    two.answer(answer).await;
    two.restored.tick(NINE).await;
    let before = two.server.mails_to("eve@client.example").len();
    assert!(two.restored.tick("2026-11-30T15:00:00Z").await.closes());
    assert_eq!(two.server.mails_to("eve@client.example").len(), before);
    assert!(two.server.mails_to("ben@client.example").len() >= 2, "the others get theirs");
    assert_eq!(leave_out().await.expect("a journal"), 0);
}

/// Whom the lost database mailed before it was lost.
const ALL_BUT_FAY: [&str; 5] = [
    "anna@client.example",
    "ben@client.example",
    "mendel@advisor.example",
    "pat@public.example",
    "zoe@client.example",
];

fn why(report: &TickReport) -> &str {
    report.deliver.stopped.as_deref().unwrap_or_default()
}

on_both! {
    async fn nothing_is_delivered_until_it_is_said_what_is_true_and_planning_goes_on(db: Db) {
        let two = Two::on(db, Script::new()).await;
        assert_eq!(two.lost.tick(SEVEN).await.deliver.sent, 2);
        let report = two.restored.tick(LATER).await;
        let said = why(&report);
        for words in ["the database is older than the journal: 2 of the last 2 mails",
            "handed over up to 2026-11-23T13:00:00Z", "`brief assume-sent --journal`",
            "`brief assume-sent --until 2026-11-23T13:00:00Z`", "`brief resume`"] {
            assert!(said.contains(words), "{words} is not in {said}");
        }
        assert!(!report.closes() && report.deliver.sent == 0, "{report:?}");
        assert_eq!(report.plan.frozen, 1, "planning goes on");
        assert_eq!(two.restored.fate("anna@client.example", WEEK).await.0, "queued");
        assert_eq!(two.readers().len(), 2, "nobody is mailed twice");
        assert!(why(&two.restored.tick(NINE).await).starts_with("the database is older"));
    }

    async fn the_operator_is_mailed_at_once_with_the_way_out(db: Db) {
        let two = Two::on(db, Script::new()).await;
        two.lost.tick(SEVEN).await;
        two.restored.tick(LATER).await;
        let mails = two.server.mails_to(OPS);
        let mail = mails.iter().find(|m| m.subject == "Delivery stands still: see the journal");
        let text = &mail.expect("a mail about it").text;
        assert!(text.contains("brief assume-sent --journal"), "{text}");
        two.answer(Answer::JournalIsRight).await;
        two.restored.tick(NINE).await;
        let subjects: Vec<_> = two.server.mails_to(OPS).into_iter().map(|m| m.subject).collect();
        assert!(subjects.contains(&"Resolved: delivery stands still: see the journal".to_owned()), "{subjects:?}");
    }

    async fn what_the_journal_knows_is_sent_once_it_is_planned_and_the_rest_is_delivered(db: Db) {
        let two = Two::on(db, Script::new()).await;
        two.lost.tick(SEVEN).await;
        assert_eq!(two.answer(Answer::JournalIsRight).await, 2);
        assert_eq!(two.restored.db.hand_overs_waiting().await.unwrap(), 2, "nothing is planned yet");
        let report = two.restored.tick(NINE).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((why(&report), report.deliver.sent), ("", 1));
        assert_eq!(two.readers(), ["anna@client.example", "ben@client.example", "zoe@client.example"]);
        let row = two.restored.delivery("anna@client.example", WEEK).await;
        assert_eq!((row.state.as_str(), row.reason.as_deref()), ("sent", Some("assumed sent by the journal")));
        assert_eq!((row.handed_over_at, row.attempts), (Some(ms(SEVEN)), 1));
        assert_eq!(two.restored.db.hand_overs_waiting().await.unwrap(), 0, "nothing is left to say");
        assert_eq!(two.answer(Answer::JournalIsRight).await, 0);
    }

    async fn a_week_that_is_planned_after_the_grace_since_its_database_was_lost_is_not_missed(db: Db) {
        let two = Two::all_week(db).await;
        two.answer(Answer::JournalIsRight).await;
        two.is_settled().await;
    }

    async fn nor_is_one_that_is_planned_before_it_is_said_what_is_true(db: Db) {
        let two = Two::all_week(db).await;
        let report = two.restored.tick(THURSDAY).await;
        assert!(why(&report).starts_with("the database is older"), "{report:?}");
        assert_eq!(report.plan.expired, 0, "{report:?}");
        two.answer(Answer::JournalIsRight).await;
        two.is_settled().await;
    }

    async fn nor_is_one_of_which_an_instant_says_what_was_sent(db: Db) {
        let two = Two::all_week(db).await;
        two.restored.db.assume_sent(at("2026-11-25T12:00:00Z"), at(THURSDAY)).await.unwrap();
        two.answer(Answer::DatabaseIsRight).await;
        two.is_settled().await;
    }

    async fn what_was_held_in_the_backup_is_not_sent_again_by_a_later_approval(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| o.review = "required".to_owned()).await;
        world.leader("acme", "anna@client.example").await;
        world.subscriber("acme", "fay@client.example", |_, s| s.weekday = Some(5)).await;
        world.tick(SEVEN).await;
        world.db.assume_sent(at(NINE), at(THURSDAY)).await.unwrap();
        assert_eq!(world.fate("anna@client.example", WEEK).await.0, "held", "nothing to settle it by");
        world.clock.set(at(THURSDAY));
        let edition = world.editions(WEEK).await.remove(0).id;
        world.engine.decide(&edition, &Decision::Approve, &by("mendel"), None).await.unwrap();
        let report = world.tick(THURSDAY).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(world.fate("anna@client.example", WEEK).await, ("sent".into(), "assumed sent".into()));
        assert_eq!(world.tick(FRIDAY).await.deliver.sent, 1);
        assert_eq!(world.mails_to("anna@client.example").len(), 0);
        assert_eq!(world.mails_to("fay@client.example").len(), 1);
    }

    async fn nor_what_is_held_anew_after_it(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| o.review = "required".to_owned()).await;
        world.leader("acme", "anna@client.example").await;
        world.db.assume_sent(at(NINE), at("2026-11-24T12:00:00Z")).await.unwrap();
        world.tick("2026-11-24T12:00:00Z").await;
        let edition = world.editions(WEEK).await.remove(0).id;
        world.engine.decide(&edition, &Decision::Approve, &by("mendel"), None).await.unwrap();
        assert!(world.tick("2026-11-24T12:01:00Z").await.closes());
        assert_eq!(world.fate("anna@client.example", WEEK).await.0, "sent");
        assert!(world.mails().is_empty());
    }

    async fn a_cut_off_after_all_that_was_said_is_missed_as_ever(db: Db) {
        let two = Two::all_week(db).await;
        two.answer(Answer::JournalIsRight).await;
        let report = two.restored.tick("2026-12-03T18:00:00Z").await;
        assert_eq!(report.plan.expired, 3, "{report:?}");
        assert!(why(&report).is_empty() && report.deliver.sent == 0, "{report:?}");
    }

    async fn what_is_planned_already_is_settled_when_it_is_said(db: Db) {
        let two = Two::on(db, Script::new()).await;
        two.lost.tick(SEVEN).await;
        two.restored.tick(LATER).await;
        two.answer(Answer::JournalIsRight).await;
        let settled = two.restored.db.settle_hand_overs(ms(LATER)).await.unwrap();
        assert_eq!(settled.weeks, [WEEK, WEEK]);
        let report = two.restored.tick(LATER).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(two.readers().len(), 2);
    }

    async fn a_delivery_that_is_planned_while_others_deliver_is_not_begun(db: Db) {
        let two = Two::on(db, Script::new()).await;
        two.lost.tick(SEVEN).await;
        two.answer(Answer::JournalIsRight).await;
        // As a worker that began before the plan was made, and settled nothing of it.
        two.restored.clock.set(at(MONDAY));
        two.restored.engine.schedule(at(MONDAY)).await.unwrap();
        let (db, lease) = (&two.restored.db, ms(LATER));
        let claimed = db.claim_deliveries(ms(SEVEN), lease, "worker", (0, ""), 10).await.unwrap();
        let ids: Vec<String> = claimed.into_iter().map(|c| c.id).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(intend(db, &ids, "worker", lease).await, Vec::<String>::new());
    }

    async fn what_was_deferred_before_the_backup_and_taken_after_it_is_unknown(db: Db) {
        let busy = Act::reply("451 4.3.0 try later");
        let mut two = Two::on(db, Script::new().times(2, At::Rcpt, "anna@", busy)).await;
        let shared = two.restored.settings.journal.dir.clone();
        two.restored.settings.journal.dir = shared.with_file_name("its-own");
        two.restored.restart();
        // Ben's brief is in the backup as well: he is the reader whom the server mails twice here.
        two.restored.tick(SEVEN).await;
        two.lost.tick(SEVEN).await;
        two.lost.tick("2026-11-23T13:10:00Z").await;
        two.restored.settings.journal.dir = shared;
        two.restored.restart();
        assert_eq!(two.restored.fate("anna@client.example", WEEK).await.0, "queued");
        let report = two.restored.tick(LATER).await;
        assert!(why(&report).contains("1 of the last 2 mails"), "{report:?}");
        two.answer(Answer::JournalIsRight).await;
        assert!(two.restored.tick(LATER).await.closes());
        assert_eq!(two.server.mails_to("anna@client.example").len(), 1);
    }

    async fn a_doubt_stays_a_doubt_and_is_resent_as_ever(db: Db) {
        let two = Two::on(db, Script::new().times(1, At::Dot, "anna@", Act::Close)).await;
        two.lost.tick(SEVEN).await;
        two.answer(Answer::JournalIsRight).await;
        let report = two.restored.tick("2026-11-23T13:20:00Z").await;
        assert!(!report.closes(), "{report:?}");
        let fate = two.restored.fate("anna@client.example", WEEK).await;
        assert_eq!(fate, ("uncertain".to_owned(), "no answer after the whole message".to_owned()));
        let report = two.restored.tick(LATER).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(report.deliver.resent, 1);
        let copies = two.server.mails_to("anna@client.example");
        assert_eq!(copies.len(), 2);
        assert_eq!(copies[0].message_id, copies[1].message_id);
        assert_eq!(two.server.mails_to("ben@client.example").len(), 1);
    }

    async fn where_the_database_is_right_it_delivers_what_it_holds_under_the_same_message_ids(db: Db) {
        let two = Two::on(db, Script::new()).await;
        two.lost.tick(SEVEN).await;
        two.restored.tick(LATER).await;
        assert_eq!(two.answer(Answer::DatabaseIsRight).await, 2);
        let report = two.restored.tick(LATER).await;
        assert!(report.closes(), "{report:?}");
        let copies = two.server.mails_to("anna@client.example");
        assert_eq!(copies.len(), 2);
        assert_eq!(copies[0].message_id, copies[1].message_id, "a mail program may drop one");
        assert_eq!(why(&two.restored.tick(NINE).await), "", "it was said once");
        // What it delivered since is known; a second restore is a new question.
        assert_eq!(two.answer(Answer::DatabaseIsRight).await, 0);
        assert!(why(&two.lost.tick(NINE).await).contains("1 of the last 5 mails"));
    }

    async fn whoever_left_since_the_backup_gets_no_more_where_the_journal_is_right(db: Db) {
        one_who_left(db, Answer::JournalIsRight).await;
    }

    async fn whoever_left_since_the_backup_gets_no_more_where_the_database_is_right(db: Db) {
        one_who_left(db, Answer::DatabaseIsRight).await;
    }

    async fn a_withdrawal_alone_that_is_unknown_is_noticed_and_one_that_is_known_is_not(db: Db) {
        let mut two = Two::on(db, Script::new()).await;
        two.both_have("eve@client.example", EVE).await;
        let shared = two.restored.settings.journal.dir.clone();
        two.restored.settings.journal.dir = shared.with_file_name("its-own");
        two.restored.restart();
        two.restored.tick(SEVEN).await;
        two.lost.tick(SEVEN).await;
        leaves(&two.lost, EVE, "2026-11-23T13:20:00Z").await;
        for minute in 21..25 {
            let report = two.lost.tick(&format!("2026-11-23T13:{minute}:00Z")).await;
            assert_eq!(why(&report), "", "whoever knows it stands still for nothing");
        }
        two.restored.settings.journal.dir = shared;
        two.restored.restart();
        let report = two.restored.tick(LATER).await;
        assert!(why(&report).contains("1 of the last 4 mails and withdrawals"), "{report:?}");
        two.journal().leave_out(&two.restored.db, at(LATER)).await.unwrap();
        assert_eq!(why(&two.restored.tick(LATER).await), "");
    }

    async fn whoever_came_back_is_left_on_the_list(db: Db) {
        let two = Two::on(db, Script::new()).await;
        two.both_have("eve@client.example", EVE).await;
        leaves(&two.lost, EVE, "2026-11-23T12:20:00Z").await;
        two.lost.tick("2026-11-23T12:21:00Z").await;
        let again = consent::come_back;
        let words = back_office_brief::domain::consent::AGAIN;
        again(&two.lost.db, EVE, words, None, at("2026-11-23T12:30:00Z")).await.unwrap();
        assert_eq!(two.journal().leave_out(&two.lost.db, at(LATER)).await.unwrap(), 0);
        assert_eq!(why(&two.lost.tick(SEVEN).await), "");
        two.lost.tick("2026-11-30T13:00:00Z").await;
        assert_eq!(two.server.mails_to("eve@client.example").len(), 1);
    }
}
