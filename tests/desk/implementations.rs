//! Implementations: dates, standing, target, benefit, scope.

use back_office_brief::store::Db;

use crate::desk::{Who, ana, browser, world};
use crate::html::faults;
use crate::on_both;
use crate::world::number;

const ALL: &str = "/desk/c/northfield/implementations";
const ERP: &str = "/desk/c/northfield/implementations/erp";
/// The form of the ERP as it stands.
const STANDING: [(&str, &str); 6] = [
    ("name", "ERP cutover"),
    ("kind", "erp"),
    ("status", "preparing"),
    ("target", "85"),
    ("go_live_on", "2027-02-01"),
    ("weight-0", "5"),
];

fn with(fields: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let kept = STANDING.iter().filter(|(name, _)| fields.iter().all(|(own, _)| own != name));
    kept.copied().chain(fields.iter().copied()).collect()
}

on_both! {
    async fn what_is_known_is_shown(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let page = browser.get(ALL).await;
        page.is(200).says("ERP cutover").says("Preparing, ERP").says("1 February 2027").says("Billing 5").says("85");
        let form = browser.get(ERP).await;
        for (name, value) in STANDING {
            let shown = form.text.contains(&format!("value=\"{value}\""));
            assert!(shown, "{name} {value}");
        }
    }

    async fn one_is_added_with_its_scope(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let fields = [
            ("name", "Payroll platform"), ("kind", "other"), ("status", "planned"), ("target", "80"), ("benefit", "1,250.50"),
            ("go_live_on", "2027-06-01"), ("configuration_starts_on", "2027-01-11"), ("weight-4", "5"), ("weight-9", "2"),
        ];
        let page = browser.fill_on(ALL, &fields).await;
        page.says("Payroll platform").says("Planned, Other").says("$1,250.50 a week").says("Payroll 5, people 2").says("11 January 2027");
        browser.get("/desk/c/northfield/grid").await.says("Payroll platform");
        let refused = browser.fill(ALL, &[("name", ""), ("kind", "erp"), ("status", "planned"), ("target", "101"), ("benefit", "lots"), ("weight-0", "9")]).await;
        refused.is(422).says("from 0 to 100").says("is not a number that can be read").says("from 1 to 5");
        assert!(refused.text.contains("value=\"lots\"") && refused.text.contains("value=\"101\""));
        assert_eq!(faults(&refused.text), Vec::<String>::new());
        browser.fill(ALL, &[("name", ""), ("kind", "erp"), ("status", "planned")]).await.is(422).says("Name: This is missing");
    }

    async fn a_date_that_moves_is_told_in_the_next_brief(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        browser.fill_on(ERP, &with(&[("go_live_on", "2027-03-01"), ("weight-2", "3")])).await.says("Saved.");
        browser.get("/desk/c/northfield").await.says("Go-live moved:</strong> to 1 March. It was 1 February.");
        browser.get(ALL).await.says("Billing 5, payables 3");
        browser.fill_on(ERP, &with(&[("go_live_on", "2027-03-01"), ("weight-2", "3")])).await.says("Nothing was different");
        browser.fill_on(ERP, &with(&[("go_live_on", "")])).await;
        browser.get(ALL).await.says("not set");
        browser.fill_on(ERP, &with(&[("status", "cancelled")])).await;
        browser.get("/desk/c/northfield/grid").await.says("There is no implementation to assess yet.");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action LIKE 'implementation.%'").await, 3);
    }

    async fn what_cannot_be_is_refused(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let page = browser.fill(ERP, &with(&[("configuration_starts_on", "2027-05-01"), ("go_live_on", "2027-02-01")])).await;
        page.is(422).says("is after go-live");
        assert!(page.text.contains("value=\"2027-05-01\""), "{}", page.text);
        browser.fill(ERP, &with(&[("go_live_on", "soon")])).await.is(422).says("&#34;soon&#34; is not a day");
        browser.fill(ERP, &with(&[("status", "dreaming")])).await.is(422);
    }

    async fn somebody_elses_change_is_not_overwritten(db: Db) {
        let world = world(db).await;
        let (first, second) = (ana(&world).await, browser(&world, Who::Operator).await);
        let old = first.get(ERP).await;
        second.fill_on(ERP, &with(&[("go_live_on", "2027-03-01")])).await;
        let (mark, version) = (old.field("mark"), old.field("version"));
        let mine = [&with(&[("target", "90")])[..], &[("mark", mark.as_str()), ("version", version.as_str())]].concat();
        let conflict = first.post(ERP, &mine).await;
        conflict.is(409).says("Somebody else changed this meanwhile").says("Stands now:</strong> 2027-03-01");
        assert!(conflict.text.contains("value=\"90\""), "{}", conflict.text);
    }
}
