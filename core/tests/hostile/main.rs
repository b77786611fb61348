//! What a hostile phone may send, and that none of it gets in, stops the server or fills its memory.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bombs;
mod chunk;
mod order;
mod shape;
mod sweep;

use doorstep_core::{
    closeout::{Answer, RecordFacts, RecordKind, Step},
    digest::Sha256,
    document::{
        Actor, Document, Put,
        admit::{self, Admitted, Incoming, Refusal},
    },
    id::{AppointmentId, DeviceId, EpochId, PhotoId, RecordId},
    photo::{MediaType, PhotoFacts},
    time::{Moment, ServerSeen, Timestamp},
};
use std::sync::Once;

pub(crate) const VISIT: AppointmentId = AppointmentId::from_bytes([0xa1; 16]);
pub(crate) const DEVICE: DeviceId = DeviceId::from_bytes([7; 16]);

pub(crate) const fn actor(epoch: u8) -> Actor {
    Actor { device: DEVICE, epoch: EpochId::from_bytes([epoch; 8]) }
}

pub(crate) fn moment(n: u64) -> Moment {
    let wall = Timestamp(1_790_000_000_000 + n as i64 * 60_000);
    Moment {
        epoch: EpochId::from_bytes([1; 8]),
        monotonic_ms: n * 60_000,
        wall,
        seen: Some(ServerSeen { server: wall.plus_ms(-900), wall, monotonic_ms: Some(n * 60_000) }),
    }
}

pub(crate) fn skeleton() -> Document {
    Document::skeleton(VISIT).unwrap()
}

/// One change of every kind that a phone writes.
pub(crate) fn honest_edits() -> Vec<Put> {
    let photo = PhotoId::from_bytes([0x33; 16]);
    let facts = PhotoFacts {
        shot: "after".to_owned(),
        sha256: Sha256::of(b"a picture"),
        size: 412_345,
        width: 2048,
        height: 1536,
        media: MediaType::Jpeg,
        taken: moment(3),
    };
    let note = RecordFacts { kind: RecordKind::Note, length: 41, step: None };
    vec![
        Put::Step(Step::OnMyWay, moment(1)),
        Put::Step(Step::Arrived, moment(2)),
        Put::Answer("work_done".to_owned(), Answer::No),
        Put::Answer("work_done".to_owned(), Answer::Yes),
        Put::Photo(photo, facts),
        Put::RemovePhoto(photo),
        Put::Record(RecordId::from_bytes([0x44; 16]), note),
    ]
}

/// The skeleton and honest changes of one device.
pub(crate) fn filled() -> (Document, Vec<Vec<u8>>) {
    let mut document = skeleton();
    let edits = honest_edits();
    let changes = edits.into_iter().map(|put| document.edit(actor(1), &[put]).unwrap().unwrap().bytes);
    let changes = changes.collect();
    (document, changes)
}

pub(crate) fn admit_changes(document: &Document, changes: Vec<Vec<u8>>) -> Result<Admitted, Refusal> {
    silence_panics();
    admit::admit(document, DEVICE, &Incoming::Changes(changes))
}

pub(crate) fn admit_save(document: &Document, save: Vec<u8>) -> Result<Admitted, Refusal> {
    silence_panics();
    admit::admit(document, DEVICE, &Incoming::Save(save))
}

/// What was admitted is sound: it loads, reads, goes on, and is still this visit's closeout.
pub(crate) fn assert_sound(admitted: &Admitted) {
    let mut document = Document::load(&admitted.saved).unwrap();
    assert_eq!(document.heads(), admitted.document.heads());
    assert_eq!(document.read().unwrap(), admitted.closeout);
    assert_eq!(admitted.closeout.appointment, VISIT);
    serde_json::to_vec(&admitted.closeout).unwrap();
    let next = document.edit(actor(9), &[Put::Answer("next".to_owned(), Answer::Yes)]).unwrap().unwrap();
    let after = admit_changes(&admitted.document, vec![next.bytes]).unwrap();
    assert_eq!(after.closeout.answers["next"], Answer::Yes);
    Document::load(&document.save_for_wire()).unwrap().read().unwrap();
}

/// Automerge panics on some of what is tried here, on purpose. The failures of tests are still printed.
fn silence_panics() {
    static SILENCED: Once = Once::new();
    SILENCED.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let is_ours = panic.location().is_some_and(|at| at.file().contains("hostile"));
            if is_ours {
                loud(panic);
            }
        }));
    });
}

/// The most memory this process ever had, in MiB, where the system says.
pub(crate) fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// The processor time this process has used, in milliseconds, where the system says: no clock is asked, and what
/// else the machine does does not count.
pub(crate) fn cpu_ms() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(stat.split_whitespace().next()?.parse::<u64>().ok()? / 1_000_000)
}
