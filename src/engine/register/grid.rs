//! The assessment grid of an implementation: areas by the five questions.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::domain::codes::{Area, Category};
use crate::domain::history::days_between;
use crate::domain::readiness::fresh_pct;
use crate::domain::register::ask::Cell;
use crate::engine::Engine;
use crate::store::StoreError;
use crate::store::register::LatestAnswer;
use crate::store::row::Place;

use super::RegisterError;

/// What is known of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellView {
    /// Column.
    pub category: Category,
    /// 0 to 5; none where it was never looked at, or only the look is known.
    pub level: Option<i64>,
    /// When it was last looked at.
    pub held_on: Option<Date>,
    /// Days since then.
    pub age_days: Option<i64>,
    /// How much the look still counts, percent; 0 where there was none.
    pub fresh_pct: i64,
    /// External id of the gap that the shortfall is.
    pub gap: Option<String>,
    /// In words.
    pub note: Option<String>,
    /// Who looked.
    pub assessor: Option<String>,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    /// The area.
    pub area: Area,
    /// 1 to 5; none where the area was looked at and is not in scope.
    pub weight: Option<i64>,
    /// The five questions, in the order of the model.
    pub cells: Vec<CellView>,
}

/// The grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Slug of the implementation.
    pub implementation: String,
    /// Its name.
    pub name: String,
    /// Today at the organization: what ages are counted to.
    pub as_of: Date,
    /// Heaviest area first.
    pub rows: Vec<GridRow>,
}

impl Engine {
    /// The assessment grid of an implementation, by its slug, external id or row id.
    ///
    /// # Errors
    /// [`RegisterError::NotFound`].
    pub async fn assessment_grid(
        &self,
        organization: &str,
        implementation: &str,
    ) -> Result<Grid, RegisterError> {
        let mut book = self.begin_reading(organization).await?;
        let known = book.implementation(implementation).await?;
        let latest = book.tx.latest_answers(&known.row.id).await?;
        let mut weights: BTreeMap<Area, i64> = BTreeMap::new();
        for area in &known.areas {
            let place = Place { table: "implementation_area", row: &area.id };
            weights.insert(place.code("area", &area.area)?, area.weight);
        }
        let place = Place { table: "assessment", row: &known.row.id };
        let looked = latest.iter().map(|l| place.code("area", &l.area));
        let looked = looked.collect::<Result<BTreeSet<Area>, _>>()?;
        if weights.is_empty() {
            // Without a scope it leans on whatever has gaps or was looked at (DESIGN 3).
            let gaps = book.tx.areas_of_gaps(&book.place.id, &known.row.id).await?;
            let gaps = gaps.iter().map(|area| place.code("area", area));
            let gaps = gaps.collect::<Result<BTreeSet<Area>, _>>()?;
            weights.extend(gaps.union(&looked).map(|area| (*area, 1)));
        }
        let outside = looked.into_iter().filter(|area| !weights.contains_key(area));
        let mut rows: Vec<(Area, Option<i64>)> = outside.map(|area| (area, None)).collect();
        rows.extend(weights.into_iter().map(|(area, weight)| (area, Some(weight))));
        rows.sort_by_key(|(area, weight)| (Reverse(*weight), *area));
        let rows = rows.into_iter().map(|(area, weight)| -> Result<GridRow, StoreError> {
            let cells = Category::ALL.iter().map(|category| {
                let cell = Cell { area, category: *category };
                self.cell(cell, latest.iter().find(|l| l.is_of(cell)), book.today)
            });
            Ok(GridRow { area, weight, cells: cells.collect::<Result<_, _>>()? })
        });
        Ok(Grid {
            rows: rows.collect::<Result<_, _>>()?,
            implementation: known.row.slug,
            name: known.row.name,
            as_of: book.today,
        })
    }

    fn cell(
        &self,
        cell: Cell,
        latest: Option<&LatestAnswer>,
        on: Date,
    ) -> Result<CellView, StoreError> {
        let place = Place { table: "assessment", row: "" };
        let held_on = place.date_if("held_on", latest.map(|l| l.held_on.as_str()))?;
        let age_days = held_on.map(|day| days_between(day, on).max(0));
        Ok(CellView {
            category: cell.category,
            level: latest.and_then(|l| l.level),
            held_on,
            age_days,
            fresh_pct: age_days.map_or(0, |age| fresh_pct(age, &self.settings.model)),
            gap: latest.and_then(|l| l.gap.clone()),
            note: latest.and_then(|l| l.note.clone()),
            assessor: latest.and_then(|l| l.assessor.clone()),
        })
    }
}
