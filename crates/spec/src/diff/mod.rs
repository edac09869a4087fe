//! Compares two documents by what the difference means to a program that uses the generated client.
//!
#![doc = include_str!("checks.md")]

mod call;
mod compare;
mod document;
mod entry;
mod reach;
mod schema;
#[cfg(test)]
mod tests;

pub use self::compare::{Side, compare};
pub use self::entry::{Class, Diff, Entry};
