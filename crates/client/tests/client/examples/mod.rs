//! The examples that make promises beyond running to their end.

mod batch_job;
mod canary_rollout;
mod controller;
mod hot_load_loop;
mod killed;
