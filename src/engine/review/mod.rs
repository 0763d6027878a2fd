//! Review before sending: draft, note, approve, skip, cancel, remind, correct (DESIGN 2.3).

mod correct;
mod decide;
mod draft;
mod remind;
mod settle;
mod today;

pub use correct::Correction;
pub use decide::Decision;
pub use today::DraftToday;
