//! The program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    back_office_brief::cli::main()
}
