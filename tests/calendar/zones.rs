//! The whole engine over weeks in which clocks change: what the table expects is planned and sent at
//! its instant, nothing before it, nothing twice.

use back_office_brief::store::Db;

use crate::expect::{Case, walk};
use crate::on_both;
use crate::world::{World, at};

on_both! {
    async fn spring_in_the_north_and_autumn_in_the_south(db: Db) {
        let world = World::on(db);
        let cases = [
            // In the lost hour: New York 8 March, London and Troll 29 March, Cairo 24 April.
            Case::at_home("America/New_York", (7, 2), (7, 2)),
            Case::at_home("America/St_Johns", (7, 2), (7, 3)),
            Case::at_home("Europe/London", (7, 1), (7, 1)),
            Case::at_home("Antarctica/Troll", (7, 1), (7, 2)),
            Case::at_home("Africa/Cairo", (5, 0), (5, 0)),
            // In the doubled hour: Lord Howe and Chatham 5 April, Casablanca 15 February.
            Case::at_home("Australia/Lord_Howe", (7, 1), (7, 1)),
            Case::at_home("Pacific/Chatham", (7, 2), (7, 3)),
            Case::at_home("Africa/Casablanca", (7, 2), (7, 2)),
            // Round the day's edges, where nothing changes.
            Case::at_home("Pacific/Kiritimati", (1, 0), (1, 0)),
            Case::at_home("Pacific/Pago_Pago", (7, 23), (7, 23)),
            Case::at_home("Asia/Kathmandu", (1, 6), (1, 7)),
            Case::at_home("Asia/Kolkata", (1, 6), (1, 5)),
            Case::at_home("UTC", (1, 6), (3, 9)),
            // Read elsewhere: a day ahead, and a day behind.
            Case::abroad("America/New_York", (1, 6), "Pacific/Kiritimati", (1, 7)),
            Case::abroad("Asia/Kathmandu", (1, 6), "Pacific/Pago_Pago", (1, 7)),
        ];
        walk(&world, &cases, at("2026-02-09T00:00:00Z"), at("2026-04-28T00:00:00Z")).await;
    }

    async fn autumn_in_the_north_and_spring_in_the_south_and_week_53(db: Db) {
        let world = World::on(db);
        let cases = [
            Case::at_home("America/New_York", (7, 1), (7, 1)),
            Case::at_home("America/St_Johns", (7, 1), (1, 7)),
            Case::at_home("Europe/London", (7, 1), (7, 1)),
            Case::at_home("Antarctica/Troll", (7, 2), (7, 2)),
            Case::at_home("Africa/Cairo", (4, 23), (4, 23)),
            Case::at_home("Australia/Lord_Howe", (7, 2), (7, 2)),
            Case::at_home("Pacific/Chatham", (7, 2), (7, 3)),
            Case::abroad("Pacific/Chatham", (1, 6), "America/St_Johns", (7, 23)),
            // Clocks that no longer change.
            Case::at_home("America/Mexico_City", (7, 2), (7, 2)),
            Case::at_home("America/Sao_Paulo", (7, 0), (7, 0)),
            Case::at_home("Europe/Istanbul", (7, 3), (7, 4)),
            Case::at_home("Asia/Amman", (5, 0), (5, 1)),
            Case::at_home("Asia/Tehran", (1, 0), (1, 0)),
            Case::at_home("Pacific/Apia", (5, 7), (5, 7)),
        ];
        walk(&world, &cases, at("2026-09-21T00:00:00Z"), at("2027-01-13T00:00:00Z")).await;
    }

    async fn samoas_week_without_a_friday(db: Db) {
        let world = World::on(db);
        let cases = [
            Case::at_home("Pacific/Apia", (5, 7), (5, 9)),
            Case::at_home("Pacific/Apia", (4, 23), (5, 7)),
            Case::at_home("Pacific/Apia", (6, 0), (6, 0)),
            Case::abroad("Pacific/Apia", (1, 6), "America/New_York", (5, 7)),
            Case::abroad("America/New_York", (4, 9), "Pacific/Apia", (5, 12)),
        ];
        walk(&world, &cases, at("2011-12-05T00:00:00Z"), at("2012-01-20T00:00:00Z")).await;
    }

    async fn mexico_and_jordan_give_their_clock_changes_up(db: Db) {
        let world = World::on(db);
        let cases = [
            Case::at_home("America/Mexico_City", (7, 1), (7, 2)),
            Case::at_home("Asia/Amman", (5, 0), (5, 1)),
            Case::abroad("Asia/Amman", (1, 6), "America/Mexico_City", (1, 7)),
        ];
        walk(&world, &cases, at("2022-10-10T00:00:00Z"), at("2022-11-20T00:00:00Z")).await;
    }

    async fn turkey_gives_its_clock_changes_up(db: Db) {
        let world = World::on(db);
        let cases = [
            Case::at_home("Europe/Istanbul", (7, 3), (7, 4)),
            Case::abroad("Europe/Istanbul", (7, 3), "Europe/London", (7, 1)),
        ];
        walk(&world, &cases, at("2016-10-17T00:00:00Z"), at("2016-11-20T00:00:00Z")).await;
    }
}
