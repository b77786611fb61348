//! Stories of the phone's session on a simulated phone: a disk that fails or loses what was not committed, pages
//! that die between any two effects, two tabs, and a network that loses requests or answers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod closing;
mod disk;
mod lanes;
mod model;
mod panel;
mod photos;
mod position;
mod refusals;
mod server;
mod tabs;
mod traffic;
mod world;
