//! The words of every edition: the worked example, the variants of MODEL 6.3, and the style rules of
//! MODEL 6.4 over generated facts.

mod asks;
mod example;
mod fixture;
mod forms;
mod generated;
mod money;
mod nudges;
mod other_kinds;
mod portfolio;
mod read;
mod strategy;
mod verdicts;
mod week;
