//! What the tests of `sync` and `diff` share: reference pages in upstream's form, a site that serves
//! them, and workspaces to sync.
#![allow(dead_code, reason = "each test file uses its own part of this")]

pub(crate) mod pages;
pub(crate) mod site;
pub(crate) mod workspace;
