//! The scenarios of who could see what at which instant, row by row, through HTTP: asked as each person at the instant itself,
//! and of the auditor's API at the end of the whole story.

mod asking;
mod auditing;
mod bad_questions;
mod fixture;
mod rows_12_to_16;
mod rows_17_to_20;
mod rows_1_to_7;
mod rows_21_and_22;
mod rows_8_to_11;
mod steps;
mod told_late;

/// Row 22: every row is played as it stands and with the camps swapped.
const BOTH: [bool; 2] = [false, true];
