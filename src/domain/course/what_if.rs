//! What if some gaps closed today: the score, the load, the forecast and the money afterwards.
//!
//! Nothing is changed by asking. The score afterwards is what the score will be once these gaps are
//! closed and nothing else happened; the pace is that of the past weeks.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::domain::constants::Constants;
use crate::domain::cost;
use crate::domain::facts::ImplementationFacts;
use crate::domain::forecast::{self, Forecast, forecast};
use crate::domain::path::{Board, Candidate};
use crate::domain::readiness::{AreaPoint, allowed_load, load_milli, printed};
use crate::domain::snapshot::Bounds;

/// One implementation as it stands today, ready to have gaps closed on it.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// Its areas.
    pub areas: Vec<AreaPoint>,
    /// External ids of the gaps that can be closed, by rank.
    pub ids: Vec<String>,
    /// What each holds the score down by, in the same order.
    pub candidates: Vec<Candidate>,
    /// Withdrawals that cap the score until somebody signs.
    pub other_materials: usize,
    /// Weekly loads that the pace is made from.
    pub loads: Vec<i64>,
    /// What the platform brings in a week once live, minor units.
    pub benefit_per_week: Option<i64>,
    /// For each gap or group that costs something: the ids with their figures.
    pub pools: Vec<Vec<(String, Bounds)>>,
}

/// How things stand once the gaps are closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The gaps that are open and were asked about, by rank; what is not open is left out.
    pub closed: Vec<String>,
    /// The implementation afterwards.
    pub after: ImplementationFacts,
    /// What open gaps cost a week afterwards.
    pub per_week: Bounds,
    /// How much less than now, likely.
    pub saved_per_week: i64,
}

impl Scene {
    /// Closes the gaps with these external ids, all at once, on `of`, whose scene this is.
    ///
    /// `counted_from` is the day from which the forecast counts its weeks.
    #[must_use]
    pub fn closing(
        &self,
        of: &ImplementationFacts,
        ids: &BTreeSet<String>,
        counted_from: Date,
        constants: &Constants,
    ) -> Outcome {
        let closed: Vec<usize> =
            (0..self.ids.len()).filter(|i| ids.contains(&self.ids[*i])).collect();
        let gone: BTreeSet<String> = closed.iter().map(|i| self.ids[*i].clone()).collect();
        let now = self.per_week(&BTreeSet::new());
        let per_week = self.per_week(&gone);
        Outcome {
            closed: closed.iter().map(|i| self.ids[*i].clone()).collect(),
            after: self.after(of, &closed, counted_from, constants),
            per_week,
            saved_per_week: now.likely.saturating_sub(per_week.likely),
        }
    }

    fn after(
        &self,
        of: &ImplementationFacts,
        closed: &[usize],
        counted_from: Date,
        constants: &Constants,
    ) -> ImplementationFacts {
        let target = of.target_milli;
        let board =
            Board::new(&self.areas, &self.candidates, self.other_materials, target, constants);
        let score = board.score_closing(closed);
        let areas = self.areas_without(closed);
        let load = load_milli(&areas);
        let allowed = allowed_load(&areas, target, constants).map(|allowed| allowed.load_milli);
        let input = forecast::Input {
            loads: &self.loads,
            load_milli: load,
            allowed_milli: allowed,
            as_of: counted_from,
            go_live: of.go_live_on,
        };
        let mut after = of.clone();
        after.change_points = Some(printed(score) - of.score_printed);
        after.score_milli = score;
        after.score_printed = printed(score);
        after.load_milli = load;
        after.allowed_milli = allowed;
        after.path_to_target = None;
        let stays = |id: &String| !closed.iter().any(|i| self.ids[*i] == *id);
        after.open_material.retain(stays);
        after.in_scope.iter_mut().for_each(|ids| ids.retain(stays));
        take(&mut after, &forecast(&input, constants));
        let late = after.weeks_late.zip(self.benefit_per_week);
        after.delay_cost = late.map(|(weeks, benefit)| cost::of_delay(weeks, benefit));
        after
    }

    fn areas_without(&self, closed: &[usize]) -> Vec<AreaPoint> {
        let freed = |area: &AreaPoint| {
            let own = closed.iter().map(|i| &self.candidates[*i]).filter(|c| c.area == area.area);
            area.points_milli - own.map(|c| c.points_milli).sum::<i64>()
        };
        self.areas.iter().map(|area| AreaPoint { points_milli: freed(area), ..*area }).collect()
    }

    /// What is left to cost a week: in a group the largest figure of those that stay.
    fn per_week(&self, closed: &BTreeSet<String>) -> Bounds {
        let left = |pool: &Vec<(String, Bounds)>| {
            let open = pool.iter().filter(|(id, _)| !closed.contains(id));
            cost::largest(open.map(|(_, bounds)| *bounds))
        };
        self.pools.iter().map(left).fold(Bounds::default(), cost::add)
    }
}

/// Puts what a forecast says in its place.
pub fn take(of: &mut ImplementationFacts, said: &Forecast) {
    of.verdict = said.verdict;
    of.points_used = said.points_used;
    of.weeks_left = said.weeks_left;
    of.weeks_since_go_live = said.weeks_since_go_live;
    of.required_milli_per_week = said.required_milli_per_week;
    of.pace_milli_per_week = said.pace_milli_per_week;
    of.ratio_pct = said.ratio_pct;
    of.weeks_until_forecast = said.weeks_until_forecast;
    of.ready_on = said.ready_on;
    of.earliest_on = said.earliest_on;
    of.latest_on = said.latest_on;
    of.weeks_late = said.weeks_late;
    of.weeks_early = said.weeks_early;
}
