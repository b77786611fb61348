//! A phone: the real session of the core on a simulated host. Its disk and its network fail when told to; what it
//! sends goes over real HTTP.

mod network;

pub(crate) use network::cookie_of;

use crate::{
    entropy::Dice,
    world::{PASSWORD, World},
};
use anyhow::{Context as _, ensure};
use doorstep_core::{
    api::{Day, Device, SignedIn},
    closeout::{Answer, Step},
    digest::Sha256,
    id::{AppointmentId, EpochId, PhotoId, RecordId, UserId},
    photo::{self, PhotoFacts},
    pii::Pii,
    record::Position,
    session::{Edit, Effect, Event, Failure, Holder, Now, Request, Row, Session, View, Visit},
    time::{Reading, Timestamp},
    vault,
};
use doorstep_server::{
    clock::{Clock as _, ManualClock},
    evidence,
};
use reqwest::{Client, Method};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// What survives a killed page: committed rows and photos, and what sign-in left.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub rows: BTreeMap<String, Vec<u8>>,
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
    dice: Dice,
}

impl Phone {
    pub(crate) async fn sign_in(world: &World, name: &str, seed: u64) -> anyhow::Result<Self> {
        let http = Client::builder().timeout(std::time::Duration::from_secs(30)).build()?;
        let body = serde_json::json!({ "name": name, "password": PASSWORD });
        let answer = http.post(format!("{}/api/sign-in", world.url)).json(&body).send().await?;
        let cookie = cookie_of(&answer)?;
        let signed_in: SignedIn = answer.json().await?;
        let device = signed_in.device.context("a technician gets a device")?;
        let mut dice = Dice::new(seed ^ u64::from(device.id.as_bytes()[0]) << 8);
        let epoch = EpochId::from_bytes(dice.bytes());
        let holder = Holder { device: device.id, store_key: device.store_key.clone(), epoch };
        let mut phone = Self {
            session: Session::new(holder),
            disk: Disk::default(),
            faults: Faults::default(),
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
            dice,
        };
        phone.give(Event::Loaded { rows: vec![] }).await?;
        Ok(phone)
    }

    /// The page dies where it stands and is opened again: only the disk is left.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        let epoch = EpochId::from_bytes(self.dice.bytes());
        let holder = Holder { device: self.device.id, store_key: self.device.store_key.clone(), epoch };
        self.session = Session::new(holder);
        self.page_started = self.clock.now();
        self.wake_at = None;
        let rows = self.disk.rows.iter().filter(|(key, _)| !key.starts_with("photo/"));
        let rows = rows.map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect();
        self.give(Event::Loaded { rows }).await
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

    /// Makes the photo durable; `attach` then lets it join the closeout. Two steps, so that a test can kill the
    /// page between them.
    pub fn store_photo(
        &mut self,
        appointment: AppointmentId,
        shot: &str,
        picture: &[u8],
    ) -> anyhow::Result<doorstep_core::session::Capture> {
        let media = photo::accept(picture)?;
        let id = PhotoId::from_bytes(self.dice.bytes());
        let now = self.now();
        let captured = self
            .session
            .capture(&now, appointment, id, |taken| PhotoFacts {
                shot: shot.to_owned(),
                sha256: Sha256::of(picture),
                size: picture.len() as u32,
                width: 64,
                height: 48,
                media,
                taken,
            })
            .map_err(anyhow::Error::msg)?;
        let place = format!("photo/{id}");
        let sealed = vault::seal(&self.device.store_key, &place, self.dice.bytes(), picture)?;
        self.disk.rows.insert(place, sealed);
        if let Some(key) = self.visit(appointment)?.job.evidence {
            let envelope = evidence::seal(&key, id, appointment, picture, self.dice.bytes())?;
            self.disk.rows.insert(format!("evidence/{id}"), envelope);
        }
        self.disk.rows.insert(captured.row.key, captured.row.value);
        Ok(captured.capture)
    }

    pub async fn take_photo(
        &mut self,
        appointment: AppointmentId,
        shot: &str,
        picture: &[u8],
    ) -> anyhow::Result<PhotoId> {
        let capture = self.store_photo(appointment, shot, picture)?;
        let photo = capture.photo;
        self.give(Event::Captured { capture }).await?;
        Ok(photo)
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
        let mut turns = 0;
        while let Some(event) = events.pop_front() {
            turns += 1;
            ensure!(turns < 10_000, "the session does not come to rest");
            let now = self.now();
            for effect in self.session.handle(&now, event) {
                events.extend(self.perform(effect).await?);
            }
        }
        Ok(())
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
            Effect::Write { write, put, delete } => {
                if self.faults.fail_writes > 0 {
                    self.faults.fail_writes -= 1;
                    return Ok(vec![Event::WriteFailed { write, reason: "the disk is full".to_owned() }]);
                }
                delete.iter().for_each(|key| drop(self.disk.rows.remove(key)));
                self.disk.rows.extend(put.into_iter().map(|row| (row.key, row.value)));
                vec![Event::Written { write }]
            }
            Effect::FetchDay => {
                let request = self.request(Method::GET, "/api/day");
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
