//! A World to prove Doorstep in: the real server on port 0, the sandbox in Amazon's place, phones that run the real
//! core on a simulated host, and one clock that moves only when a test moves it.

pub mod administrator;
pub mod entropy;
pub mod phone;
pub mod picture;
pub mod rates;
pub mod supervisor;
pub mod world;
