//! The program from outside: the real binary in an empty directory of its own.

mod admin;
mod bounces;
mod config;
mod doctor;
mod help;
mod operate;
mod restore;
mod secrets;
mod support;
mod tokens;
mod week;
