//! Stories of the phone's session on a simulated phone: a disk that fails or loses what was not committed, pages
//! that die between any two effects, two tabs, and a network that loses requests or answers.

mod disk;
mod lanes;
mod model;
mod photos;
mod refusals;
mod server;
mod tabs;
mod traffic;
mod world;
