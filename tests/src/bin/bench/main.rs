//! `cargo xtask bench --only system`: what a day costs on the wire and on the server. One JSON line per figure.
//!
//! | Figure | Meaning |
//! | --- | --- |
//! | `sync_day_bytes` | a day of 20 jobs with 60 edits each, made without a network, up plus down |
//! | `sync_day_round_trips` | requests of `POST /api/sync` until the server has all of it |
//! | `sync_nothing_new_bytes` | an exchange when neither side has anything new, up plus down |
//! | `server_exchanges_per_second` | such days that the server takes per second on one core, committed |
//!
//! Bytes are those of the bodies, as they are sent. The clock and the edits are simulated and the same in every
//! run; server, HTTP, database and disk are real. `bench spapi` is another matter: see `rates`.

mod day;
mod figure;
mod notes;
mod pace;
mod rates;
mod traffic;

/// One thread for server and phones: no more than one core works at any time.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    if std::env::args().nth(1).as_deref() == Some("spapi") {
        return rates::measure().await?.iter().try_for_each(figure::Figure::print);
    }
    for figure in traffic::measure().await? {
        figure.print()?;
    }
    pace::measure().await?.print()
}
