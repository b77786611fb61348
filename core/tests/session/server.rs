//! The server's half of an exchange without a database, as `docs/PROTOCOL.md` describes it.

use doorstep_core::{
    api::{Day, LeaseTerms, PhotoReceipt, SwitchPosition},
    closeout::Policy,
    digest::Sha256,
    document::{
        Document, Hash,
        admit::{self, Incoming},
    },
    id::{AppointmentId, DeviceId, JobId, PhotoId, RecordId, ServiceJobId},
    job::{Job, JobStatus, LocationType, ServiceType, Standing, Window},
    record::Content,
    time::Timestamp,
    vault::Key,
    wire::{self, DocumentDown, DocumentUp, HeadsDigest, Known, Outcome, SyncReply, SyncRequest},
};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const DEVICE: DeviceId = DeviceId::from_bytes([7; 16]);

pub(crate) fn visit(n: u8) -> AppointmentId {
    AppointmentId::try_from(&Sha256::of(&[n]).as_bytes()[..16]).unwrap()
}

fn job(n: u8) -> Job {
    Job {
        appointment: visit(n),
        job: JobId::from_bytes([n; 16]),
        service_job_id: ServiceJobId::new(format!("job-{n}")),
        status: JobStatus::NotServiced,
        appointment_active: true,
        title: "Assembly".to_owned(),
        quantity: 1,
        skills: vec![],
        window: Window { start: Timestamp(i64::from(n)), end: Timestamp(i64::from(n) + 1) },
        time_zone: "UTC".to_owned(),
        buyer: None,
        address: None,
        items: vec![],
        technician_linked: true,
        policy: Policy::standard(),
        key: Key::from_bytes([n; 32]),
        standing: Standing::default(),
        evidence: None,
        marketplace: String::new(),
        service_type: ServiceType::Standard,
        location: LocationType::InHome,
        assets: vec![],
        crew: vec![],
        me: None,
        decisions: Vec::new(),
    }
}

/// What the server says to a document, instead of what it would.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Whim {
    /// Refuses, and sends its own.
    Refuses,
    /// Refuses, and has none to send.
    RefusesWithout,
    /// Says nothing of it.
    IsSilent,
    /// Says taken, and did not.
    Forgets,
}

#[derive(Default)]
pub(crate) struct Server {
    pub(crate) documents: BTreeMap<AppointmentId, Document>,
    pub(crate) day: Vec<Job>,
    pub(crate) closing: BTreeMap<AppointmentId, SwitchPosition>,
    pub(crate) records: BTreeMap<RecordId, (AppointmentId, Vec<u8>)>,
    pub(crate) photos: BTreeSet<PhotoId>,
    pub(crate) whims: BTreeMap<AppointmentId, Whim>,
    pub(crate) refused_record_code: Option<String>,
    /// Exchanges kept aside.
    pub(crate) refused: usize,
    pub(crate) exchanges: usize,
    pub(crate) time: i64,
}

impl Server {
    pub(crate) fn with_visits(count: u8) -> Self {
        let mut server = Self { day: (0..count).map(job).collect(), ..Self::default() };
        for n in 0..count {
            server.documents.insert(visit(n), Document::skeleton(visit(n)).unwrap());
        }
        server
    }

    fn now(&self) -> Timestamp {
        Timestamp(1_790_000_000_000 + self.time)
    }

    pub(crate) fn day(&self) -> Day {
        Day {
            server_time: self.now(),
            jobs: self.day.clone(),
            closing: self.closing.clone(),
            lease: LeaseTerms::default(),
            policies: vec![],
            begun: Default::default(),
        }
    }

    fn heads(&self) -> BTreeMap<AppointmentId, Vec<Hash>> {
        self.day.iter().map(|job| (job.appointment, self.documents[&job.appointment].heads())).collect()
    }

    pub(crate) fn answer(&mut self, body: &[u8]) -> Vec<u8> {
        self.exchanges += 1;
        let request: SyncRequest = wire::decode(body).unwrap();
        let before = self.heads();
        let digest = |heads: &BTreeMap<AppointmentId, Vec<Hash>>| {
            wire::digest_of(heads.iter().map(|(id, heads)| (id, heads.as_slice())))
        };
        let mut documents = Vec::new();
        let mut refused_records = Vec::new();
        for up in &request.documents {
            for record in &up.records {
                match &self.refused_record_code {
                    Some(code) => refused_records.push((record.record, code.clone())),
                    None => drop(self.records.insert(record.record, (up.appointment, record.sealed()))),
                }
            }
            documents.extend(up.incoming.as_ref().and_then(|incoming| self.take(up, incoming)));
        }
        for (id, heads) in &before {
            let same = |known: &Known| known.appointment == *id && known.heads == HeadsDigest::of(heads);
            let answered = documents.iter().any(|down: &DocumentDown| down.appointment == *id);
            if !answered && request.known.as_ref().is_some_and(|known| !known.iter().any(same)) {
                let save = Some(self.documents[id].save());
                documents.push(DocumentDown { appointment: *id, outcome: Outcome::Taken, save });
            }
        }
        let reply = SyncReply {
            server_time: self.now(),
            digest: digest(&self.heads()),
            list_wanted: digest(&before) != request.digest && request.known.is_none(),
            documents,
            refused_records,
        };
        wire::encode(&reply).unwrap()
    }

    fn take(&mut self, up: &DocumentUp, incoming: &Incoming) -> Option<DocumentDown> {
        let appointment = up.appointment;
        let mine = &self.documents[&appointment];
        let answer = |outcome, save| Some(DocumentDown { appointment, outcome, save });
        let refused = || Outcome::Refused("no_document".to_owned());
        match self.whims.get(&appointment) {
            Some(Whim::Refuses) => {
                self.refused += 1;
                return answer(refused(), Some(mine.save()));
            }
            Some(Whim::RefusesWithout) => {
                self.refused += 1;
                return answer(refused(), None);
            }
            Some(Whim::IsSilent) => return None,
            Some(Whim::Forgets) => return answer(Outcome::Taken, Some(mine.save())),
            None => {}
        }
        let had_all = up.known == HeadsDigest::of(&mine.heads());
        match admit::admit(mine, DEVICE, incoming) {
            Err(refusal) => {
                self.refused += 1;
                answer(Outcome::Refused(refusal.code().to_owned()), Some(mine.save()))
            }
            Ok(admitted) => {
                self.documents.insert(appointment, admitted.document);
                answer(Outcome::Taken, (!had_all).then_some(admitted.saved))
            }
        }
    }

    pub(crate) fn keep_photo(&mut self, photo: PhotoId, picture: &[u8]) -> PhotoReceipt {
        self.photos.insert(photo);
        PhotoReceipt {
            photo,
            uploaded_sha256: Sha256::of(&doorstep_core::photo::envelope(picture)),
            picture_sha256: Sha256::of(picture),
            safe_at: self.now(),
        }
    }

    /// The notes of a visit that its document names, opened. Sorted.
    pub(crate) fn notes(&self, appointment: AppointmentId) -> Vec<String> {
        let key = &self.day.iter().find(|job| job.appointment == appointment).unwrap().key;
        let named = self.documents[&appointment].read().unwrap().records;
        let mut notes: Vec<String> = named
            .keys()
            .filter_map(|id| match Content::open(key, *id, &self.records.get(id)?.1).unwrap() {
                Content::Note(text) => Some(text.expose().clone()),
                _ => None,
            })
            .collect();
        notes.sort();
        notes
    }
}
