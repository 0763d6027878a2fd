//! Importing: what files become, what they never become, and the way back.

mod support;

#[path = "import/command.rs"]
mod command;
#[path = "import/desk.rs"]
mod desk;
#[path = "import/diff.rs"]
mod diff;
#[path = "import/fuzz.rs"]
mod fuzz;
#[path = "import/golden.rs"]
mod golden;
#[path = "import/history.rs"]
mod history;
#[path = "import/hostile.rs"]
mod hostile;
#[path = "import/maps.rs"]
mod maps;
#[path = "import/rows.rs"]
mod rows;
#[path = "import/void.rs"]
mod void;
