//! Questions are answered, and cells confirmed unchanged.

use back_office_brief::domain::codes::{Area, Category, GapStatus};
use back_office_brief::domain::register::ask::{
    Cell, ConfirmedCells, GapChange, GapLink, ImplementationChange, NewAnswer, NewAssessment,
    NewGap,
};
use back_office_brief::store::Db;

use crate::on_both;
use crate::scene::{day, gap, mendel, osei, refusals, scene};
use crate::world::World;

fn cell(category: Category) -> Cell {
    Cell { area: Area::Billing, category }
}

fn answer(category: Category, level: i64, gap: Option<GapLink>) -> NewAnswer {
    NewAnswer { cell: cell(category), level, note: None, gap }
}

fn known(id: &str) -> Option<GapLink> {
    Some(GapLink::Known(id.to_owned()))
}

fn assessment(answers: Vec<NewAnswer>) -> NewAssessment {
    NewAssessment { implementation: "erp".to_owned(), answers, ..NewAssessment::default() }
}

fn confirmed(categories: &[Category]) -> ConfirmedCells {
    let cells = categories.iter().map(|category| cell(*category)).collect();
    ConfirmedCells { implementation: "erp".to_owned(), cells, ..ConfirmedCells::default() }
}

/// Level, gap and age of each cell of billing.
async fn billing(world: &World) -> Vec<(Option<i64>, Option<String>, Option<i64>)> {
    let grid = world.engine.assessment_grid("acme", "erp").await.unwrap();
    let row = grid.rows.into_iter().find(|row| row.area == Area::Billing).unwrap();
    row.cells.into_iter().map(|c| (c.level, c.gap, c.age_days)).collect()
}

on_both! {
    async fn answers_are_kept_with_the_gaps_that_they_demand(db: Db) {
        let world = scene(db).await;
        let new = GapLink::New(Box::new(NewGap { area: Area::Payroll, ..gap("Nobody can say which list wins") }));
        let mut second = answer(Category::NoSource, 0, Some(new));
        second.note = Some("Two lists.".to_owned());
        let asked = assessment(vec![
            answer(Category::Undocumented, 1, known("ACME-G1")),
            second,
            answer(Category::ApprovalMemory, 4, None),
        ]);
        let written = world.engine.assess("acme", &asked, &mendel()).await.unwrap();
        assert_eq!(written.gaps, ["ACME-4"]);
        let cells = billing(&world).await;
        assert_eq!(cells[0], (Some(1), Some("ACME-G1".to_owned()), Some(0)));
        assert_eq!(cells[1], (Some(0), Some("ACME-4".to_owned()), Some(0)));
        assert_eq!(cells[2], (Some(4), None, Some(0)));
        assert_eq!(cells[3].2, Some(48), "the others are as old as they were");
        let grid = world.engine.assessment_grid("acme", "erp").await.unwrap();
        let noted = &grid.rows[0].cells[1];
        assert_eq!((noted.note.as_deref(), noted.assessor.as_deref(), noted.fresh_pct), (Some("Two lists."), Some("A. Mendel"), 100));
        let added = world.sees("ACME-4").await;
        assert_eq!((added.area, added.category), (Area::Billing, Category::NoSource), "those of the cell");
    }

    async fn a_shortfall_without_its_gap_keeps_the_whole_assessment_from_being_written(db: Db) {
        let world = scene(db).await;
        world.changes("ACME-G2", GapChange { severity: Some(1), ..GapChange::default() }, &mendel()).await;
        let before = world.rows().await;
        let new = |title: &str, severity| Some(GapLink::New(Box::new(NewGap { severity, ..gap(title) })));
        let asked = assessment(vec![
            answer(Category::Undocumented, 2, None),
            answer(Category::NoSource, 1, known("ACME-G2")),
            answer(Category::ApprovalMemory, 6, None),
            answer(Category::OwnerHabit, 0, known("OTHER-G1")),
            answer(Category::ReportMismatch, 0, new("Too small", 2)),
            answer(Category::ReportMismatch, 3, new("", 2)),
            NewAnswer { cell: Cell { area: Area::Payroll, category: Category::NoSource }, ..answer(Category::NoSource, 5, None) },
        ]);
        let refused = refusals(world.engine.assess("acme", &asked, &mendel()).await);
        let mut told: Vec<_> = refused.iter().map(|(entry, field, _)| (entry.unwrap(), *field)).collect();
        told.sort_unstable();
        assert_eq!(
            told,
            [(0, "gap"), (1, "gap"), (2, "level"), (3, "gap"), (4, "gap"), (5, "category"), (5, "title"), (6, "area")]
        );
        let sentence = |entry| {
            let found = refused.iter().find(|(e, field, _)| *e == Some(entry) && *field == "gap");
            found.map(|(_, _, problem)| problem.as_str()).unwrap()
        };
        assert!(sentence(0).contains("name its gap, of severity 1 or more"), "{}", sentence(0));
        assert!(sentence(1).ends_with("ACME-G2 has 1"), "{}", sentence(1));
        assert!(sentence(3).contains("there is no gap \"OTHER-G1\" here"), "{}", sentence(3));
        assert!(sentence(4).contains("severity 3 or more"), "{}", sentence(4));
        assert_eq!(world.rows().await, before);
        assert_eq!(refusals(world.engine.assess("acme", &assessment(Vec::new()), &mendel()).await)[0].1, "answers");
    }

    async fn a_gap_that_is_done_with_is_no_shortfall(db: Db) {
        let world = scene(db).await;
        let why = GapChange { status: Some(GapStatus::Withdrawn), reason: Some("No gap".to_owned()), ..GapChange::default() };
        world.changes("ACME-G1", why, &mendel()).await;
        let asked = assessment(vec![answer(Category::Undocumented, 1, known("ACME-G1"))]);
        let refused = refusals(world.engine.assess("acme", &asked, &mendel()).await);
        assert!(refused[0].2.contains("ACME-G1 is withdrawn: reopen it, or name another gap"), "{}", refused[0].2);
    }

    async fn a_day_of_an_assessment_is_not_to_come(db: Db) {
        let world = scene(db).await;
        let held = |on: &str| NewAssessment { held_on: Some(day(on)), ..assessment(vec![answer(Category::NoSource, 3, None)]) };
        assert_eq!(refusals(world.engine.assess("acme", &held("2026-11-19"), &mendel()).await)[0].1, "held_on");
        world.engine.assess("acme", &held("2026-11-03"), &mendel()).await.unwrap();
        assert_eq!(billing(&world).await[1], (Some(3), None, Some(14)));
    }

    async fn confirming_repeats_the_latest_levels_today(db: Db) {
        let world = scene(db).await;
        let first = assessment(vec![answer(Category::Undocumented, 1, known("ACME-G1")), answer(Category::NoSource, 4, None)]);
        world.engine.assess("acme", &first, &mendel()).await.unwrap();
        world.clock.set(crate::world::at("2026-12-15T15:00:00Z"));
        let both = confirmed(&[Category::Undocumented, Category::NoSource]);
        world.engine.confirm_cells("acme", &both, &osei()).await.unwrap();
        let cells = billing(&world).await;
        assert_eq!(cells[0], (Some(1), Some("ACME-G1".to_owned()), Some(0)));
        assert_eq!(cells[1], (Some(4), None, Some(0)));
        assert_eq!(cells[2].2, Some(76));
        let grid = world.engine.assessment_grid("acme", "erp").await.unwrap();
        assert_eq!(grid.rows[0].cells[0].assessor.as_deref(), Some("P. Osei"));
        assert_eq!(grid.rows[0].cells[2].fresh_pct, 90, "76 days: one step of 28 begun");
    }

    async fn what_was_never_answered_or_is_not_true_any_more_is_not_confirmed(db: Db) {
        let world = scene(db).await;
        let areas = Some(vec![(Area::Billing, 5), (Area::Payroll, 3)]);
        let wider = ImplementationChange { areas, ..ImplementationChange::default() };
        world.engine.change_implementation("acme", "erp", &wider, &mendel()).await.unwrap();
        let first = assessment(vec![answer(Category::Undocumented, 1, known("ACME-G1")), answer(Category::NoSource, 4, None)]);
        world.engine.assess("acme", &first, &mendel()).await.unwrap();
        let why = GapChange { status: Some(GapStatus::Withdrawn), reason: Some("No gap".to_owned()), ..GapChange::default() };
        world.changes("ACME-G1", why, &mendel()).await;
        let before = world.rows().await;
        let mut cells = confirmed(&[Category::Undocumented, Category::NoSource, Category::OwnerHabit]);
        cells.cells.push(Cell { area: Area::Payroll, category: Category::NoSource });
        let refused = refusals(world.engine.confirm_cells("acme", &cells, &mendel()).await);
        let told: Vec<_> = refused.iter().map(|(entry, field, _)| (entry.unwrap(), *field)).collect();
        assert_eq!(told, [(0, "level"), (2, "level"), (3, "level")]);
        assert!(refused[0].2.contains("ACME-G1 is withdrawn"), "{}", refused[0].2);
        assert!(refused[1].2.contains("name its gap"), "imported without one: {}", refused[1].2);
        assert!(refused[2].2.contains("never looked at"), "{}", refused[2].2);
        assert_eq!(world.rows().await, before);
    }

    async fn many_answers_ask_no_more_of_the_database_than_one(db: Db) {
        let world = scene(db).await;
        let asked = |categories: &[Category]| {
            assessment(categories.iter().enumerate().map(|(n, category)| {
                let new = NewGap { owner: Some(crate::scene::owner("D. Ruiz", Some(&format!("r{n}-{}@client.example", categories.len())))), ..gap("Found") };
                answer(*category, 1, Some(GapLink::New(Box::new(new))))
            }).collect())
        };
        let before = world.db.queries();
        world.engine.assess("acme", &asked(&[Category::NoSource]), &mendel()).await.unwrap();
        let one = world.db.queries() - before;
        world.engine.assess("acme", &asked(Category::ALL), &mendel()).await.unwrap();
        assert_eq!(world.db.queries() - before - one, one);
    }
}
