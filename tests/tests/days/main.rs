//! Days of twenty jobs by seed. The phone has no network, dies at moments that nobody chose, is locked, and its clock
//! is set; what it called saved reaches the server over a bad link, byte for byte and once, from the open page or from
//! a locked one, and what it calls safe is.

mod recorded;

use anyhow::{Context as _, ensure};
use doorstep_core::{
    closeout::{Closeout, Step},
    document::Document,
    id::{AppointmentId, PhotoId},
    pii::Pii,
    record::Content,
    session::{Edit, Event, PhotoState, Saved},
};
use doorstep_server::photo::Image;
use doorstep_tests::{
    entropy::Dice,
    phone::Phone,
    world::{Engine, World},
};
use recorded::{Act, Recorded, SHOTS, acts};
use std::collections::{BTreeMap, BTreeSet};

const JOBS: usize = 20;
/// How often the page dies in a day, most of it while recording.
const DEATHS: u64 = 50;
/// Requests, answers and uploads that are lost, of a thousand each.
const BAD_LINK: u64 = 150;

/// Seeds of one run: a handful; a thousand with `cargo xtask test --long`, which runs this optimised, since that is an
/// hour otherwise; or those that `DOORSTEP_SEEDS` names (`7`, `0..50`).
fn seeds() -> anyhow::Result<std::ops::Range<u64>> {
    if let Ok(asked) = std::env::var("DOORSTEP_SEEDS") {
        return Ok(match asked.split_once("..") {
            Some((from, to)) => from.parse()?..to.parse()?,
            None => asked.parse()?..asked.parse::<u64>()? + 1,
        });
    }
    let is_long = std::env::var_os("DOORSTEP_LONG").is_some() && !cfg!(debug_assertions);
    Ok(0..if is_long { 1_000 } else { 4 })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_offline_with_fifty_deaths_arrive_whole_and_once() -> anyhow::Result<()> {
    let seeds = seeds()?;
    let number = seeds.end - seeds.start;
    let mut left = seeds;
    let mut under_way = tokio::task::JoinSet::new();
    let mut total = Told::default();
    loop {
        // Two worlds at a time: while one waits for its disk, the other works.
        while under_way.len() < 2
            && let Some(seed) = left.next()
        {
            under_way.spawn(async move { day(seed).await.map_err(|e| e.context(format!("seed {seed}"))) });
        }
        let Some(done) = under_way.join_next().await else { break };
        total.add(done??);
    }
    println!(
        "{number} days: {} acts, {} photos, {} deaths, {} locks, {} sent while locked, {} requests",
        total.acts, total.photos, total.deaths, total.locks, total.rescued, total.requests
    );
    Ok(())
}

/// What a day came to.
#[derive(Debug, Default)]
struct Told {
    acts: u64,
    photos: u64,
    deaths: u64,
    locks: u64,
    /// Phones that sent all of it while they were locked.
    rescued: u64,
    requests: u64,
}

impl Told {
    fn add(&mut self, day: Self) {
        self.acts += day.acts;
        self.photos += day.photos;
        self.deaths += day.deaths;
        self.locks += day.locks;
        self.rescued += day.rescued;
        self.requests += day.requests;
    }
}

struct Run {
    dice: Dice,
    world: World,
    phone: Phone,
    recorded: BTreeMap<AppointmentId, Recorded>,
    /// Of each visit that was last called safe: what of it was found on the server.
    proven: BTreeMap<AppointmentId, Closeout>,
    proven_photos: BTreeSet<PhotoId>,
    told: Told,
}

async fn day(seed: u64) -> anyhow::Result<Told> {
    let world = World::on(Engine::Sqlite, 50_000 + seed, JOBS).await?;
    world.worker.intake().await?;
    let mut phone = world.phone("TECHA1").await?;
    phone.try_now().await?;
    let visits: Vec<AppointmentId> = phone.view().visits.iter().map(|visit| visit.job.appointment).collect();
    ensure!(visits.len() == JOBS, "the day has {} jobs", visits.len());
    phone.faults.offline = true;
    phone.faults.any_order = true;
    phone.kill().await?;

    let mut run = Run {
        dice: Dice::new(seed),
        world,
        phone,
        recorded: visits.iter().map(|visit| (*visit, Recorded::default())).collect(),
        proven: BTreeMap::new(),
        proven_photos: BTreeSet::new(),
        told: Told::default(),
    };
    for (n, visit) in visits.iter().enumerate() {
        for act in acts(&mut run.phone, &mut run.dice, *visit, seed * 100 + n as u64)? {
            run.trouble().await?;
            run.perform(*visit, act).await?;
        }
    }
    // Of three phones one goes on, one is locked until all has been sent, and one never gets its key again.
    if !seed.is_multiple_of(3) {
        run.send_locked().await?;
    }
    if seed % 3 < 2 {
        run.reconnect().await?;
        run.compare_claims()?;
    }
    run.compare().await?;
    let sent = run.phone.sent.values().map(|count| u64::from(*count)).sum();
    Ok(Told { deaths: u64::from(run.phone.deaths), requests: sent, ..run.told })
}

impl Run {
    /// What happens to a phone between two taps.
    async fn trouble(&mut self) -> anyhow::Result<()> {
        self.world.clock.advance_ms(10_000 + self.dice.roll(120_000) as i64);
        match self.dice.roll(40) {
            // Locked in the pocket: the session is gone with all it held, and made anew from the rows.
            0..=3 => {
                self.world.clock.advance_ms(self.dice.roll(1_200_000) as i64);
                self.phone.kill().await?;
                self.told.locks += 1;
            }
            4 => self.phone.faults.wall_error_ms = self.dice.roll(7_200_000) as i64 - 3_600_000,
            5 => self.phone.faults.wall_error_ms = (self.dice.roll(11) as i64 - 5) * 86_400_000,
            6 => self.phone.faults.fail_writes = 1 + self.dice.roll(2) as u32,
            7 => self.phone.give(Event::TryNow).await?,
            _ => {}
        }
        // About three hundred acts, fifty of them fatal.
        if self.dice.roll(300) < DEATHS {
            self.phone.faults.dies_in = Some(self.dice.roll(6) as u32);
        }
        Ok(())
    }

    /// Does it until the phone says that it is saved, as somebody does who looks at the screen.
    async fn perform(&mut self, visit: AppointmentId, act: Act) -> anyhow::Result<()> {
        for _ in 0..10 {
            let deaths = self.phone.deaths;
            match &act {
                Act::Step(step) => self.phone.step(visit, *step).await?,
                Act::Answer(question, answer) => {
                    let edit = Edit::Answer { question: question.clone(), answer: *answer };
                    self.phone.edit(visit, edit).await?;
                }
                Act::Note(text) => {
                    self.phone.edit(visit, Edit::Note { text: Pii::new(text.clone()) }).await?
                }
                Act::Photo(shot, picture) => self.phone.try_photo(visit, shot, picture).await?,
            }
            let mut shown = self.phone.visit(visit)?;
            while shown.state == Saved::NotSaved {
                self.phone.give(Event::TryNow).await?;
                shown = self.phone.visit(visit)?;
            }
            let recorded = self.recorded.get_mut(&visit).context("a visit of the day")?;
            if recorded.has(&shown, &act) {
                ensure!(shown.state == Saved::OnPhone, "{:?} after {act:?}", shown.state);
                recorded.check(&shown)?;
                self.told.acts += 1;
                self.told.photos += u64::from(matches!(act, Act::Photo(..)));
                return Ok(());
            }
            ensure!(self.phone.deaths > deaths, "{act:?} is not there, and nobody died");
            recorded.check(&shown)?;
        }
        anyhow::bail!("{act:?} was not recorded in ten tries")
    }

    /// The network comes back, as bad as it can be: requests, answers and halves of photos are lost, the server dies,
    /// and the page too. In the end it is calm.
    async fn reconnect(&mut self) -> anyhow::Result<()> {
        self.phone.faults.offline = false;
        self.phone.faults.bad_link = BAD_LINK;
        self.phone.give(Event::TryNow).await?;
        for round in 0.. {
            ensure!(round < 3_000, "does not come to an end: {:?}", self.phone.view().sync);
            if round == 1_000 {
                self.phone.faults.bad_link = 0;
            }
            self.check_claims().await?;
            let sync = self.phone.view().sync;
            if sync.changes_to_send == 0 && sync.photos_to_send == 0 {
                break;
            }
            if self.dice.roll(60) == 0 {
                self.world.restart().await?;
                self.phone.url = self.world.url.clone();
            }
            if self.dice.roll(20) == 0 {
                self.phone.faults.dies_in = Some(self.dice.roll(30) as u32);
            }
            if self.dice.roll(20) == 0 {
                self.phone.give(Event::TryNow).await?;
            } else {
                self.phone.wait_for_tries(1).await?;
            }
        }
        Ok(())
    }

    /// The network comes back to a phone that is locked: what waits goes as it was sealed at the shutter and at each tap.
    async fn send_locked(&mut self) -> anyhow::Result<()> {
        self.phone.faults.offline = false;
        self.phone.faults.bad_link = BAD_LINK;
        for round in 0.. {
            let left = self.phone.send_outbox().await?;
            if left.is_empty() {
                break;
            }
            ensure!(round < 300, "a locked phone does not come to an end: {left:?}");
            if self.dice.roll(3) == 0 {
                self.phone.faults.dies_in = Some(self.dice.roll(30) as u32);
            }
            if self.dice.roll(5) == 0 {
                self.world.restart().await?;
                self.phone.url = self.world.url.clone();
            }
            self.world.clock.advance_ms(30_000);
        }
        self.told.rescued += 1;
        // Unlocked, where it ever is.
        self.phone.kill().await
    }

    /// What the phone calls safe is on the server at this moment.
    async fn check_claims(&mut self) -> anyhow::Result<()> {
        for visit in self.phone.view().visits {
            let appointment = visit.job.appointment;
            for photo in visit.photos.iter().filter(|photo| photo.state == PhotoState::Safe) {
                if self.proven_photos.insert(photo.photo) {
                    self.check_photo(appointment, photo.photo).await?;
                }
            }
            if visit.state == Saved::Safe && self.proven.get(&appointment) != Some(&visit.closeout) {
                ensure!(
                    self.served(appointment).await? == visit.closeout,
                    "called safe, and the server has less"
                );
                self.proven.insert(appointment, visit.closeout);
            }
        }
        Ok(())
    }

    async fn served(&self, appointment: AppointmentId) -> anyhow::Result<Closeout> {
        let app = &self.world.app;
        let stored = app.db.read().await?.load_document(app.seller, appointment).await?;
        let stored = stored.context("the server has a document")?;
        ensure!(stored.late_changes == 0, "something counts as late");
        Ok(Document::load(&stored.snapshot)?.read()?)
    }

    /// The picture of a photo, as the server would hand it over.
    async fn check_photo(&self, appointment: AppointmentId, photo: PhotoId) -> anyhow::Result<()> {
        let app = &self.world.app;
        let mut tx = app.db.read().await?;
        let (safe, _) = tx.load_photo(app.seller, photo).await?.context("called safe, and not there")?;
        ensure!(safe.appointment == appointment, "a photo of another visit");
        let visit = tx.visit(app.seller, appointment).await?.context("the visit")?;
        let key = visit.key(&app.root_key)?.context("the job's key")?;
        let picture = Image::Picture.open(&app.blobs, &key, photo).await?;
        let taken = self.recorded.get(&appointment).and_then(|recorded| recorded.photos.get(&photo));
        ensure!(taken == Some(&picture), "other bytes than were taken");
        Ok(())
    }

    /// The phone knows in the end that all of it is safe, and nothing is left to send. A visit of many hours ago has left
    /// it by now, as it may when the server has all of it.
    fn compare_claims(&mut self) -> anyhow::Result<()> {
        for shown in self.phone.view().visits {
            let appointment = &shown.job.appointment;
            let recorded = self.recorded.get(appointment).context("a visit of the day")?;
            recorded.check(&shown)?;
            ensure!(shown.state == Saved::Safe, "{:?}: {:?}", shown.state, self.phone.view().sync);
            ensure!(self.proven.get(appointment) == Some(&shown.closeout), "not all of it was proven");
            let known = recorded.photos.keys().all(|photo| self.proven_photos.contains(photo));
            ensure!(known, "a photo without a receipt");
        }
        ensure!(self.phone.disk.outbox.is_empty(), "what the server has still waits");
        Ok(())
    }

    /// The day on the server: all that was called saved, and nothing else.
    async fn compare(&self) -> anyhow::Result<()> {
        let app = &self.world.app;
        for (appointment, recorded) in &self.recorded {
            let closeout = self.served(*appointment).await?;
            ensure!(closeout.steps.keys().eq(recorded.steps.iter()), "steps: {:?}", closeout.steps);
            ensure!(closeout.answers == recorded.answers, "answers: {:?}", closeout.answers);
            ensure!(closeout.photos.keys().eq(recorded.photos.keys()), "photos: {:?}", closeout.photos);
            ensure!(closeout.conflicts.is_empty(), "conflicts: {:?}", closeout.conflicts);
            let mut tx = app.db.read().await?;
            let photos = tx.safe_photos(app.seller, *appointment).await?;
            ensure!(photos.iter().eq(recorded.photos.keys()), "safe photos: {photos:?}");
            ensure!(photos.len() == SHOTS.len(), "{} photos", photos.len());
            ensure!(tx.count_refused(app.seller, *appointment).await? == 0, "a change was refused");

            let visit = tx.visit(app.seller, *appointment).await?.context("the visit")?;
            let key = visit.key(&app.root_key)?.context("the job's key")?;
            let records = tx.records_of(app.seller, *appointment).await?;
            let (mut notes, mut positions) = (Vec::new(), 0);
            for (id, sealed) in records {
                match Content::open(&key, id, &sealed.context("a record that is erased")?)? {
                    Content::Note(text) => notes.push(text.expose().clone()),
                    Content::Position(_) => positions += 1,
                    other => anyhow::bail!("no day records {:?}", other.kind()),
                }
            }
            ensure!(notes == recorded.notes, "notes: {notes:?}");
            ensure!(positions == Step::ALL.len(), "{positions} positions");
            drop(tx);
            for photo in photos {
                self.check_photo(*appointment, photo).await?;
            }
        }
        Ok(())
    }
}
