//! One phone with its disk and tabs, and one server.

use crate::server::{DEVICE, Server, visit};
use doorstep_core::{
    closeout::{Answer, Step},
    digest::Sha256,
    id::{EpochId, PhotoId, RecordId},
    photo::{MediaType, PhotoFacts},
    pii::Pii,
    session::{
        Capture, Edit, Effect, Event, Failure, Holder, Now, Request, Row, Saved, Session, View, Visit,
    },
    time::{Reading, Timestamp},
    vault::Key,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(crate) struct Write {
    number: u64,
    pub(crate) put: Vec<Row>,
    pub(crate) delete: Vec<String>,
    /// The places of rescue copies that are put, and of those that go though their rows stay.
    copies: Vec<String>,
    let_go: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Asked {
    Day,
    /// Waits for its turn.
    Sync,
    /// On its way.
    Spoken(Vec<u8>),
    Upload(PhotoId),
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fate {
    Arrives,
    RequestIsLost,
    /// The server did it; nobody hears of it.
    AnswerIsLost,
    /// Something else answers: a captive portal's page, or a newer server.
    AnswerIsForeign,
}

pub(crate) struct Page {
    pub(crate) session: Session,
    started: u64,
    pub(crate) writes: VecDeque<Write>,
    pub(crate) asked: VecDeque<Asked>,
    /// Rows other tabs told of.
    heard: VecDeque<Vec<Row>>,
    pub(crate) wake: Option<u64>,
}

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) disk: BTreeMap<String, Vec<u8>>,
    /// The rescue copies on the disk, by the places of their rows.
    pub(crate) outbox: BTreeSet<String>,
    pub(crate) pages: Vec<Option<Page>>,
    pub(crate) clock: u64,
    drawn: u64,
}

impl World {
    /// A server with visits and a phone on which no page is open.
    pub(crate) fn new(visits: u8) -> Self {
        let server = Server::with_visits(visits);
        Self { server, disk: BTreeMap::new(), outbox: BTreeSet::new(), pages: vec![], clock: 0, drawn: 0 }
    }

    /// A phone with one page that has met the server.
    pub(crate) fn met(visits: u8) -> Self {
        let mut world = Self::new(visits);
        world.open();
        world.settle();
        world
    }

    pub(crate) fn page(&mut self, page: usize) -> &mut Page {
        self.pages[page].as_mut().unwrap()
    }

    /// Opens a page on what is on disk.
    pub(crate) fn open(&mut self) -> usize {
        self.drawn += 1;
        let epoch = Sha256::of(&[&b"epoch"[..], &self.drawn.to_be_bytes()].concat());
        let holder = Holder {
            device: DEVICE,
            store_key: Key::from_bytes([1; 32]),
            epoch: EpochId::try_from(&epoch.as_bytes()[..8]).unwrap(),
        };
        self.pages.push(Some(Page {
            session: Session::new(holder),
            started: self.clock,
            writes: VecDeque::new(),
            asked: VecDeque::new(),
            heard: VecDeque::new(),
            wake: None,
        }));
        let row = |(key, value): (&String, &Vec<u8>)| Row { key: key.clone(), value: value.clone() };
        let rows = self.disk.iter().map(row).collect();
        let page = self.pages.len() - 1;
        self.give(page, Event::Loaded { rows });
        page
    }

    /// The page is gone with all it had not committed.
    pub(crate) fn kill(&mut self, page: usize) {
        self.pages[page] = None;
    }

    pub(crate) fn reopen(&mut self, page: usize) -> usize {
        self.kill(page);
        self.open()
    }

    pub(crate) fn now(&mut self, page: usize) -> Now {
        self.clock += 1;
        self.drawn += 1;
        let entropy = RecordId::try_from(&Sha256::of(&self.drawn.to_be_bytes()).as_bytes()[..16]).unwrap();
        let monotonic_ms = self.clock - self.page(page).started;
        let wall = Timestamp(1_790_000_000_000 + self.clock as i64);
        self.server.time = self.clock as i64;
        Now { reading: Reading { monotonic_ms, wall }, entropy }
    }

    pub(crate) fn give(&mut self, page: usize, event: Event) {
        let now = self.now(page);
        let page = self.page(page);
        for effect in page.session.handle(&now, event) {
            match effect {
                Effect::Write { write, put, delete, copies, let_go } => {
                    let copies = copies.into_iter().map(|copy| copy.place).collect();
                    page.writes.push_back(Write { number: write, put, delete, copies, let_go });
                }
                Effect::FetchDay => page.asked.push_back(Asked::Day),
                Effect::Sync => page.asked.push_back(Asked::Sync),
                Effect::Upload { photo, .. } => page.asked.push_back(Asked::Upload(photo)),
                Effect::Wake { monotonic_ms } => {
                    assert!(monotonic_ms > now.reading.monotonic_ms, "a wish for a past moment never ends");
                    page.wake = Some(monotonic_ms);
                }
                Effect::Show => {}
            }
        }
    }

    /// The oldest write of a page is on disk, and the page hears of it. False when there is none.
    pub(crate) fn commit(&mut self, page: usize) -> bool {
        let Some(number) = self.commit_silently(page) else { return false };
        self.give(page, Event::Written { write: number });
        true
    }

    /// The oldest write of a page is on disk, and nobody has heard of it yet.
    pub(crate) fn commit_silently(&mut self, page: usize) -> Option<u64> {
        let write = self.page(page).writes.pop_front()?;
        for row in &write.put {
            self.disk.insert(row.key.clone(), row.value.clone());
        }
        for key in &write.delete {
            assert!(!write.put.iter().any(|row| row.key == *key), "{key} is put and deleted");
            self.disk.remove(key);
        }
        self.outbox.retain(|key| !write.delete.contains(key) && !write.let_go.contains(key));
        self.outbox.extend(write.copies);
        self.tell_others(page, &write.put);
        Some(write.number)
    }

    pub(crate) fn tell_others(&mut self, page: usize, rows: &[Row]) {
        for (other, heard) in self.pages.iter_mut().enumerate() {
            if other != page
                && let Some(heard) = heard
            {
                heard.heard.push_back(rows.to_vec());
            }
        }
    }

    pub(crate) fn fail_write(&mut self, page: usize) -> bool {
        let Some(write) = self.page(page).writes.pop_front() else { return false };
        self.give(page, Event::WriteFailed { write: write.number, reason: "the disk is full".to_owned() });
        true
    }

    /// A tab takes in what another told it. False when there is nothing.
    pub(crate) fn hear(&mut self, page: usize) -> bool {
        let Some(rows) = self.page(page).heard.pop_front() else { return false };
        self.give(page, Event::Loaded { rows });
        true
    }

    /// What a page says when its turn to speak has come.
    pub(crate) fn body(&mut self, page: usize) -> Vec<u8> {
        let now = self.now(page);
        self.page(page).session.exchange(&now).unwrap()
    }

    /// The turn of a page comes: what it records from now on is not in this exchange.
    pub(crate) fn speak(&mut self, page: usize) {
        if self.page(page).asked.front() == Some(&Asked::Sync) {
            let body = self.body(page);
            self.page(page).asked[0] = Asked::Spoken(body);
        }
    }

    /// The oldest request of a page meets its fate. False when there is none.
    pub(crate) fn serve(&mut self, page: usize, fate: Fate) -> bool {
        let Some(asked) = self.page(page).asked.pop_front() else { return false };
        let request = match &asked {
            Asked::Day => Request::Day,
            Asked::Sync | Asked::Spoken(_) => Request::Sync,
            Asked::Upload(photo) => Request::Upload { photo: *photo },
        };
        let lost = Event::Failed { request, failure: Failure::Unreachable };
        if fate == Fate::RequestIsLost {
            self.give(page, lost);
            return true;
        }
        let answer = match asked {
            Asked::Day => Event::DayFetched { day: self.server.day() },
            Asked::Spoken(body) => Event::Synced { body: self.server.answer(&body) },
            Asked::Sync => {
                let body = self.body(page);
                Event::Synced { body: self.server.answer(&body) }
            }
            Asked::Upload(photo) => {
                let picture = &self.disk[&format!("photo/{photo}")];
                Event::Uploaded { receipt: self.server.keep_photo(photo, picture) }
            }
        };
        let answer = match (fate, answer) {
            (Fate::Arrives, answer) => answer,
            (Fate::AnswerIsForeign, Event::Synced { .. }) => {
                Event::Synced { body: b"<!doctype html><title>Sign in to the hotel's network".to_vec() }
            }
            _ => lost,
        };
        self.give(page, answer);
        true
    }

    /// Everything works, until nothing is left to do.
    pub(crate) fn settle(&mut self) {
        for _ in 0..200 {
            let mut steps = 0;
            while self.step_all() {
                steps += 1;
                assert!(steps < 2_000, "it never comes to rest");
            }
            let mut waiting = Vec::new();
            for page in 0..self.pages.len() {
                if self.pages[page].is_some() {
                    let sync = self.view(page).sync;
                    if sync.changes_to_send + sync.photos_to_send > 0 && sync.next_try_in_ms.is_some() {
                        waiting.push(page);
                    }
                }
            }
            if waiting.is_empty() {
                return;
            }
            waiting.into_iter().for_each(|page| self.sleep_until_wake(page));
        }
        panic!("it waits and waits");
    }

    fn step_all(&mut self) -> bool {
        let mut stepped = false;
        for page in 0..self.pages.len() {
            if self.pages[page].is_some() {
                stepped |= self.commit(page) | self.hear(page) | self.serve(page, Fate::Arrives);
            }
        }
        stepped
    }

    /// Time passes until the page wanted to be woken.
    pub(crate) fn sleep_until_wake(&mut self, page: usize) {
        let Some(wake) = self.page(page).wake.take() else { return };
        self.clock = self.clock.max(self.page(page).started + wake);
        self.give(page, Event::Woken);
    }

    pub(crate) fn view(&mut self, page: usize) -> View {
        let now = self.now(page);
        self.page(page).session.view(&now)
    }

    pub(crate) fn shown(&mut self, page: usize, n: u8) -> Visit {
        let view = self.view(page);
        view.visits.into_iter().find(|shown| shown.job.appointment == visit(n)).unwrap()
    }

    pub(crate) fn saved(&mut self, page: usize, n: u8) -> Saved {
        self.shown(page, n).state
    }

    pub(crate) fn edit(&mut self, page: usize, n: u8, edit: Edit) {
        self.give(page, Event::Edited { appointment: visit(n), edit });
    }

    pub(crate) fn note(&mut self, page: usize, n: u8, text: &str) {
        self.edit(page, n, Edit::Note { text: Pii::new(text.to_owned()) });
    }

    pub(crate) fn answer(&mut self, page: usize, n: u8, question: &str, answer: Answer) {
        self.edit(page, n, Edit::Answer { question: question.to_owned(), answer });
    }

    pub(crate) fn step(&mut self, page: usize, n: u8, step: Step) {
        self.edit(page, n, Edit::Step { step, position: None });
    }

    /// The picture and its capture row are on disk; the session has not heard of them.
    pub(crate) fn shoot(&mut self, page: usize, n: u8, number: u32) -> Capture {
        let picture = format!("picture {number}").into_bytes();
        let now = self.now(page);
        let row = self.page(page).session.capture(&now, visit(n), photo(number), |taken| PhotoFacts {
            shot: if number.is_multiple_of(2) { "after" } else { "detail" }.to_owned(),
            sha256: Sha256::of(&picture),
            size: picture.len() as u32,
            width: 2048,
            height: 1536,
            media: MediaType::Jpeg,
            taken,
        });
        let row = row.unwrap();
        self.disk.insert(row.row.key.clone(), row.row.value.clone());
        self.disk.insert(format!("photo/{}", photo(number)), picture);
        self.tell_others(page, &[row.row]);
        row.capture
    }

    pub(crate) fn take_photo(&mut self, page: usize, n: u8, number: u32) {
        let capture = self.shoot(page, n, number);
        self.give(page, Event::Captured { capture });
    }

    /// Rows on disk whose key begins so.
    pub(crate) fn rows(&self, prefix: &str) -> usize {
        self.disk.keys().filter(|key| key.starts_with(prefix)).count()
    }
}

pub(crate) fn photo(number: u32) -> PhotoId {
    PhotoId::try_from(&Sha256::of(&number.to_be_bytes()).as_bytes()[..16]).unwrap()
}
