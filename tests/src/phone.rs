//! A phone: the real session of the core on a simulated host. Its disk and its network fail when told to; what it
//! sends goes over real HTTP.

mod camera;
mod network;
mod outbox;

pub(crate) use network::cookie_of;
pub use outbox::Outgoing;

use crate::{
    entropy::Dice,
    world::{PASSWORD, World},
};
use anyhow::{Context as _, ensure};
use doorstep_core::{
    api::{Day, Device, SignedIn},
    closeout::{Answer, Step},
    id::{AppointmentId, EpochId, PhotoId, RecordId, UserId},
    pii::Pii,
    record::Position,
    session::{Edit, Effect, Event, Failure, Holder, Now, Request, Row, Session, View, Visit},
    time::{Reading, Timestamp},
    unlock::PROVES_HEADER,
};
use doorstep_server::clock::{Clock as _, ManualClock};
use reqwest::{Client, Method};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// What survives a killed page: committed rows and photos, and what sign-in left.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub rows: BTreeMap<String, Vec<u8>>,
    /// What waits for the server, by the place of the row it is a copy of.
    pub outbox: BTreeMap<String, Outgoing>,
}

/// What goes wrong, and how often.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    pub offline: bool,
    /// Requests that arrive and whose answers are lost.
    pub lose_answers: u32,
    /// Requests that do not arrive.
    pub lose_requests: u32,
    /// Upload requests that break in the middle of the body.
    pub break_uploads: u32,
    /// No upload comes through; everything else does.
    pub no_uploads: bool,
    /// Sync requests are kept in `held` instead of sent.
    pub hold_syncs: bool,
    /// Writes that fail, as with a full disk.
    pub fail_writes: u32,
    /// The wall clock's error.
    pub wall_error_ms: i64,
    /// Of a thousand requests, so many do not arrive, so many answers are lost, and so many uploads break.
    pub bad_link: u64,
    /// The page is of the version before facts.
    pub reads_no_facts: bool,
    /// The page dies after so many moments: before, during or after something it was asked for.
    pub dies_in: Option<u32>,
    /// What is under way at once ends in any order.
    pub any_order: bool,
}

#[derive(Debug)]
pub struct Phone {
    pub session: Session,
    pub disk: Disk,
    pub faults: Faults,
    pub user: UserId,
    /// Requests sent, by path template.
    pub sent: BTreeMap<&'static str, u32>,
    /// Bytes of sync bodies, up and down.
    pub synced_bytes: (u64, u64),
    /// Bodies of sync requests that were kept back.
    pub held: Vec<Vec<u8>>,
    device: Device,
    cookie: String,
    http: Client,
    pub url: String,
    clock: Arc<ManualClock>,
    page_started: Timestamp,
    wake_at: Option<u64>,
    is_dead: bool,
    /// How often the page died of `Faults::dies_in`.
    pub deaths: u32,
    dice: Dice,
}

impl Phone {
    pub(crate) async fn sign_in(
        world: &World,
        name: &str,
        seed: u64,
        faults: Faults,
    ) -> anyhow::Result<Self> {
        let http = Client::builder().timeout(std::time::Duration::from_secs(30)).build()?;
        let body = serde_json::json!({ "name": name, "password": PASSWORD });
        let request = http.post(format!("{}/api/sign-in", world.url)).header(PROVES_HEADER, "1");
        let answer = request.json(&body).send().await?;
        let cookie = cookie_of(&answer)?;
        let signed_in: SignedIn = answer.json().await?;
        let device = signed_in.device.context("a technician gets a device")?;
        let mut dice = Dice::new(seed ^ u64::from(device.id.as_bytes()[0]) << 8);
        let epoch = EpochId::from_bytes(dice.bytes());
        let holder = Holder { device: device.id, store_key: device.store_key.clone(), epoch };
        let mut phone = Self {
            session: Session::new(holder),
            disk: Disk::default(),
            faults,
            user: signed_in.user,
            sent: BTreeMap::new(),
            synced_bytes: (0, 0),
            held: Vec::new(),
            device,
            cookie,
            http,
            url: world.url.clone(),
            clock: world.clock.clone(),
            page_started: world.now(),
            wake_at: None,
            is_dead: false,
            deaths: 0,
            dice,
        };
        phone.give(Event::Loaded { rows: vec![] }).await?;
        Ok(phone)
    }

    /// The page dies where it stands and is opened again: only the disk is left.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        let loaded = self.reopen();
        self.give(loaded).await
    }

    /// A new page, and the first event it gets.
    fn reopen(&mut self) -> Event {
        let epoch = EpochId::from_bytes(self.dice.bytes());
        let holder = Holder { device: self.device.id, store_key: self.device.store_key.clone(), epoch };
        self.session = Session::new(holder);
        self.page_started = self.clock.now();
        self.wake_at = None;
        self.is_dead = false;
        let rows = self.disk.rows.iter().filter(|(key, _)| !key.starts_with("photo/"));
        Event::Loaded {
            rows: rows.map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect(),
        }
    }

    /// One of the moments at which the page may die. True when it has.
    fn passes_moment(&mut self) -> bool {
        self.faults.dies_in = match self.faults.dies_in {
            Some(0) => {
                self.is_dead = true;
                self.deaths += 1;
                None
            }
            Some(left) => Some(left - 1),
            None => None,
        };
        self.is_dead
    }

    fn by_chance(&mut self, of_a_thousand: u64) -> bool {
        of_a_thousand > 0 && self.dice.roll(1_000) < of_a_thousand
    }

    pub fn now(&mut self) -> Now {
        let at = self.clock.now();
        let monotonic_ms = u64::try_from(at.since(self.page_started)).unwrap_or_default();
        let reading = Reading { monotonic_ms, wall: at.plus_ms(self.faults.wall_error_ms) };
        Now { reading, entropy: RecordId::from_bytes(self.dice.bytes()) }
    }

    pub fn view(&mut self) -> View {
        let now = self.now();
        self.session.view(&now)
    }

    pub fn visit(&mut self, appointment: AppointmentId) -> anyhow::Result<Visit> {
        let mut visits = self.view().visits.into_iter();
        visits.find(|visit| visit.job.appointment == appointment).context("the visit is on the phone")
    }

    /// The first visit that can be worked on.
    pub fn first_visit(&mut self) -> anyhow::Result<AppointmentId> {
        let mut visits = self.view().visits.into_iter();
        visits.next().map(|visit| visit.job.appointment).context("there is a visit")
    }

    pub async fn edit(&mut self, appointment: AppointmentId, edit: Edit) -> anyhow::Result<()> {
        self.give(Event::Edited { appointment, edit }).await
    }

    pub async fn step(&mut self, appointment: AppointmentId, step: Step) -> anyhow::Result<()> {
        let position = Position { latitude: 47.123_456, longitude: 8.654_321, accuracy: 12.0 };
        self.edit(appointment, Edit::Step { step, position: Some(Pii::new(position)) }).await
    }

    /// Answers every question so that it lets the technician leave.
    pub async fn answer_all(&mut self, appointment: AppointmentId) -> anyhow::Result<()> {
        for question in self.visit(appointment)?.job.policy.questions {
            let answer = question.accepts.first().copied().unwrap_or(Answer::Yes);
            self.edit(appointment, Edit::Answer { question: question.id, answer }).await?;
        }
        Ok(())
    }

    /// The whole visit, as a careful technician does it, with one photo per shot.
    pub async fn close_out(
        &mut self,
        appointment: AppointmentId,
        pictures: &[Vec<u8>],
    ) -> anyhow::Result<Vec<PhotoId>> {
        for step in [Step::OnMyWay, Step::Arrived, Step::Started] {
            self.clock.advance_ms(600_000);
            self.step(appointment, step).await?;
        }
        self.answer_all(appointment).await?;
        let mut photos = Vec::new();
        for (shot, picture) in self.visit(appointment)?.job.policy.shots.iter().zip(pictures) {
            photos.push(self.take_photo(appointment, &shot.id, picture).await?);
        }
        self.clock.advance_ms(1_800_000);
        self.step(appointment, Step::Finished).await?;
        Ok(photos)
    }

    /// Asks to try at once, as a returning network does, and waits until nothing is under way.
    pub async fn try_now(&mut self) -> anyhow::Result<()> {
        self.give(Event::TryNow).await
    }

    /// Lets time pass until the phone wants to try again, `times` times at most, or until it rests.
    pub async fn wait_for_tries(&mut self, times: u32) -> anyhow::Result<()> {
        for _ in 0..times {
            let sync = self.view().sync;
            if sync.changes_to_send == 0 && sync.photos_to_send == 0 {
                return Ok(());
            }
            let now = self.now().reading.monotonic_ms;
            let at = self.wake_at.context("a phone with work left plans its next try")?;
            self.clock.advance_ms(i64::try_from(at.saturating_sub(now))? + 1);
            self.give(Event::Woken).await?;
        }
        Ok(())
    }

    /// Gives an event and performs whatever follows, until the session rests.
    pub async fn give(&mut self, event: Event) -> anyhow::Result<()> {
        let mut events = VecDeque::from([event]);
        let mut asked = VecDeque::new();
        let mut turns = 0;
        while !events.is_empty() || !asked.is_empty() {
            turns += 1;
            ensure!(turns < 10_000, "the session does not come to rest");
            if let Some(event) = events.pop_front() {
                let now = self.now();
                asked.extend(self.session.handle(&now, event));
            }
            if self.faults.any_order && asked.len() > 1 {
                let first = usize::try_from(self.dice.roll(asked.len() as u64))?;
                asked.swap(0, first);
            }
            let at_once = if self.faults.any_order { 1 } else { asked.len() };
            for effect in asked.drain(..at_once.min(asked.len())).collect::<Vec<_>>() {
                match self.carry_out(effect).await? {
                    Some(reports) => events.extend(reports),
                    // The page takes with it all that it had asked for and was not told yet.
                    None => {
                        asked.clear();
                        events = VecDeque::from([self.reopen()]);
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// What came of an effect; `None` when the page died before it, in the middle of it, or before it was told.
    async fn carry_out(&mut self, effect: Effect) -> anyhow::Result<Option<Vec<Event>>> {
        if matches!(effect, Effect::Show | Effect::Wake { .. }) {
            return self.perform(effect).await.map(Some);
        }
        if self.passes_moment() {
            return Ok(None);
        }
        let reports = self.perform(effect).await?;
        Ok((!self.is_dead && !self.passes_moment()).then_some(reports))
    }

    fn exchange(&mut self) -> anyhow::Result<Vec<u8>> {
        let now = self.now();
        self.session.exchange(&now).map_err(anyhow::Error::msg)
    }

    async fn perform(&mut self, effect: Effect) -> anyhow::Result<Vec<Event>> {
        Ok(match effect {
            Effect::Show => vec![],
            Effect::Wake { monotonic_ms } => {
                self.wake_at = Some(monotonic_ms);
                vec![]
            }
            Effect::Write { write, put, delete, copies, let_go } => {
                if self.faults.fail_writes > 0 {
                    self.faults.fail_writes -= 1;
                    return Ok(vec![Event::WriteFailed { write, reason: "the disk is full".to_owned() }]);
                }
                delete.iter().for_each(|key| drop(self.disk.rows.remove(key)));
                delete.iter().chain(&let_go).for_each(|key| drop(self.disk.outbox.remove(key)));
                self.keep_copies(copies)?;
                self.disk.rows.extend(put.into_iter().map(|row| (row.key, row.value)));
                vec![Event::Written { write }]
            }
            Effect::FetchDay => {
                let request = self.unlocked(Method::GET, "/api/day");
                vec![match self.send("day", request).await? {
                    Ok(answer) => Event::DayFetched { day: answer.json::<Day>().await? },
                    Err(failure) => Event::Failed { request: Request::Day, failure },
                }]
            }
            Effect::Sync if self.faults.hold_syncs => {
                let body = self.exchange()?;
                self.held.push(body);
                vec![Event::Failed { request: Request::Sync, failure: Failure::Unreachable }]
            }
            Effect::Sync => {
                let body = self.exchange()?;
                let up = body.len() as u64;
                let request = self.sync_request(body);
                vec![match self.send("sync", request).await? {
                    Ok(answer) => {
                        let body = answer.bytes().await?.to_vec();
                        self.synced_bytes.0 += up;
                        self.synced_bytes.1 += body.len() as u64;
                        Event::Synced { body }
                    }
                    Err(failure) => Event::Failed { request: Request::Sync, failure },
                }]
            }
            Effect::Upload { photo, .. } if self.faults.no_uploads => {
                vec![Event::Failed { request: Request::Upload { photo }, failure: Failure::Unreachable }]
            }
            Effect::Upload { photo, appointment } => vec![match self.upload(photo, appointment).await? {
                Ok(receipt) => Event::Uploaded { receipt },
                Err(failure) => Event::Failed { request: Request::Upload { photo }, failure },
            }],
        })
    }
}
