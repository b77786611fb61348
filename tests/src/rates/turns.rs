//! A clock that moves by itself, from one sleeper's time to the next, as soon as everybody sleeps.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use doorstep_spapi::{Clock, Sleep};
use tokio::sync::watch;

#[derive(Debug)]
pub(super) struct Turns {
    state: Mutex<State>,
    /// Rings when the time moved, and when somebody fell asleep or woke.
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct State {
    now: DateTime<Utc>,
    sleepers: BTreeMap<u64, DateTime<Utc>>,
    next: u64,
}

/// Somebody who sleeps; gone with the sleep, however it ends.
struct Sleeper<'turns> {
    turns: &'turns Turns,
    number: u64,
    until: DateTime<Utc>,
}

impl Turns {
    pub(super) fn from(now: DateTime<Utc>) -> Arc<Self> {
        let state = State { now, sleepers: BTreeMap::new(), next: 0 };
        Arc::new(Self { state: Mutex::new(state), changed: watch::Sender::new(()) })
    }

    /// Moves the time on until it is `until`, whenever so many sleep.
    pub(super) async fn take(&self, sleepers: usize, until: DateTime<Utc>) {
        let mut changed = self.changed.subscribe();
        loop {
            {
                let mut state = self.state();
                let next = state.sleepers.values().min().copied();
                if state.sleepers.len() == sleepers
                    && let Some(next) = next.filter(|next| *next > state.now)
                {
                    if next > until {
                        state.now = until;
                        return;
                    }
                    state.now = next;
                    self.changed.send_replace(());
                }
            }
            // Fails only without a sender, which is ours.
            let _rung = changed.changed().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fall_asleep(&self, span: Duration) -> Sleeper<'_> {
        let mut state = self.state();
        let until = state.now + TimeDelta::from_std(span).unwrap_or(TimeDelta::MAX);
        let number = state.next;
        state.next += 1;
        state.sleepers.insert(number, until);
        self.changed.send_replace(());
        Sleeper { turns: self, number, until }
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.turns.state().sleepers.remove(&self.number);
        self.turns.changed.send_replace(());
    }
}

impl Clock for Turns {
    fn now(&self) -> DateTime<Utc> {
        self.state().now
    }

    fn sleep(&self, span: Duration) -> Sleep<'_> {
        Box::pin(async move {
            let mut changed = self.changed.subscribe();
            let sleeper = self.fall_asleep(span);
            while self.now() < sleeper.until {
                // Fails only without a sender, which is ours.
                let _rung = changed.changed().await;
            }
        })
    }
}
