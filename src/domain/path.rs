//! The path to target: the smallest set of open gaps whose closing reaches it (MODEL 4.4).

use super::codes::Area;
use super::constants::Constants;
use super::readiness::{AreaPoint, score_of_shares, share};

/// Sets of up to three are searched among this many gaps, the ones worth most.
const SEARCHED: usize = 24;

/// A gap that holds the score down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its area.
    pub area: Area,
    /// Its points, milli.
    pub points_milli: i64,
    /// Severity 4: caps the score until it is closed.
    pub material: bool,
    /// Score without it minus score, milli.
    pub worth_milli: i64,
}

/// The answer: indices into the candidates, in rising order of rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Which to close.
    pub close: Vec<usize>,
    /// Score afterwards, milli.
    pub score_after_milli: i64,
    /// Whether no smaller set exists.
    pub exact: bool,
}

/// An implementation's score as a function of which gaps are closed.
#[derive(Debug)]
pub struct Board<'a> {
    areas: &'a [AreaPoint],
    candidates: &'a [Candidate],
    constants: &'a Constants,
    target_milli: i64,
    shares: i64,
    weights: i64,
    materials: usize,
}

impl<'a> Board<'a> {
    /// `candidates` by rank; their points are part of `areas`. `other_materials` cap the score too
    /// and are not to be closed: withdrawals that wait for a second signature.
    #[must_use]
    pub fn new(
        areas: &'a [AreaPoint],
        candidates: &'a [Candidate],
        other_materials: usize,
        target_milli: i64,
        constants: &'a Constants,
    ) -> Self {
        Self {
            areas,
            candidates,
            constants,
            target_milli,
            shares: areas.iter().map(|p| share(p, constants)).sum(),
            weights: areas.iter().map(|p| p.weight).sum(),
            materials: candidates.iter().filter(|c| c.material).count() + other_materials,
        }
    }

    /// The score with these candidates closed. Only the areas they touch are worked out anew.
    #[must_use]
    pub fn score_closing(&self, closed: &[usize]) -> i64 {
        let mut shares = self.shares;
        for (i, area) in self.areas.iter().enumerate() {
            let points: i64 = closed
                .iter()
                .map(|c| &self.candidates[*c])
                .filter(|c| c.area == self.areas[i].area)
                .map(|c| c.points_milli)
                .sum();
            if points > 0 {
                shares += share(&freed(area, points), self.constants) - share(area, self.constants);
            }
        }
        let material = closed.iter().filter(|c| self.candidates[**c].material).count();
        self.score(shares, self.materials - material)
    }

    /// The score from a sum of shares, with so many material gaps left.
    fn score(&self, shares: i64, materials: usize) -> i64 {
        let score = score_of_shares(shares, self.weights);
        if materials > 0 { score.min(self.constants.material_cap_milli) } else { score }
    }

    /// The smallest set that reaches the target; none where the target is reached already or even
    /// closing all misses it (cases PT1 to PT3).
    #[must_use]
    pub fn path(&self) -> Option<Path> {
        let all: Vec<usize> = (0..self.candidates.len()).collect();
        if self.score_closing(&[]) >= self.target_milli
            || self.score_closing(&all) < self.target_milli
        {
            return None;
        }
        let mut searched = all.clone();
        searched.sort_by_key(|i| (std::cmp::Reverse(self.candidates[*i].worth_milli), *i));
        searched.truncate(SEARCHED);
        searched.sort_unstable();
        (1..=3).find_map(|size| self.best_set(&searched, size)).or_else(|| self.one_at_a_time(all))
    }

    /// The highest score among sets of one size that reach the target; ties go to the better rank,
    /// which is the order in which sets are visited.
    fn best_set(&self, searched: &[usize], size: usize) -> Option<Path> {
        let mut best: Option<Path> = None;
        let mut visit = |set: &[usize]| {
            let score = self.score_closing(set);
            if score >= self.target_milli
                && best.as_ref().is_none_or(|b| score > b.score_after_milli)
            {
                best = Some(Path { close: set.to_vec(), score_after_milli: score, exact: true });
            }
        };
        for (i, a) in searched.iter().enumerate() {
            if size == 1 {
                visit(&[*a]);
                continue;
            }
            for (j, b) in searched.iter().enumerate().skip(i + 1) {
                if size == 2 {
                    visit(&[*a, *b]);
                    continue;
                }
                for c in &searched[j + 1..] {
                    visit(&[*a, *b, *c]);
                }
            }
        }
        best
    }

    /// Closes the gap with the best resulting score, again and again, until the target is reached.
    /// The areas are carried along, so that a long list takes a square of its length and no more.
    fn one_at_a_time(&self, mut left: Vec<usize>) -> Option<Path> {
        let mut areas = self.areas.to_vec();
        let (mut shares, mut materials) = (self.shares, self.materials);
        let mut closed = Vec::new();
        loop {
            let score = self.score(shares, materials);
            if score >= self.target_milli {
                closed.sort_unstable();
                return Some(Path { close: closed, score_after_milli: score, exact: false });
            }
            let after = |i: usize, areas: &[AreaPoint]| {
                let candidate = &self.candidates[i];
                let gain: i64 = areas
                    .iter()
                    .filter(|area| area.area == candidate.area)
                    .map(|area| {
                        share(&freed(area, candidate.points_milli), self.constants)
                            - share(area, self.constants)
                    })
                    .sum();
                (shares + gain, materials - usize::from(candidate.material))
            };
            let best = (0..left.len()).min_by_key(|p| {
                let (shares, materials) = after(left[*p], &areas);
                (std::cmp::Reverse(self.score(shares, materials)), left[*p])
            })?;
            let best = left.remove(best);
            (shares, materials) = after(best, &areas);
            let candidate = &self.candidates[best];
            for area in areas.iter_mut().filter(|a| a.area == candidate.area) {
                *area = freed(area, candidate.points_milli);
            }
            closed.push(best);
        }
    }

    /// The member of a path without which everything else closed still misses the target, and where
    /// the score then stops; the lowest stop first, then the better rank.
    #[must_use]
    pub fn without(&self, path: &Path) -> Option<(usize, i64)> {
        path.close
            .iter()
            .map(|kept| {
                let others: Vec<usize> = (0..self.candidates.len()).filter(|i| i != kept).collect();
                (*kept, self.score_closing(&others))
            })
            .filter(|(_, stops_at)| *stops_at < self.target_milli)
            .min_by_key(|(kept, stops_at)| (*stops_at, *kept))
    }
}

/// An area with some of its points gone.
fn freed(area: &AreaPoint, points_milli: i64) -> AreaPoint {
    AreaPoint { points_milli: area.points_milli - points_milli, ..*area }
}
