//! Automerge's binary format by hand: take a change apart, put it together otherwise, repair the checksum.

use doorstep_core::digest::Sha256;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
pub(crate) const DOCUMENT: u8 = 0;
pub(crate) const CHANGE: u8 = 1;
pub(crate) const COMPRESSED_CHANGE: u8 = 2;

/// A chunk with a right checksum: the first 4 bytes of SHA-256 over type, length and data.
pub(crate) fn chunk(kind: u8, data: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    unsigned(&mut hashed, data.len() as u64);
    hashed.extend_from_slice(data);
    let checksum = Sha256::of(&hashed);
    [&MAGIC[..], &checksum.as_bytes()[..4], &hashed].concat()
}

/// The same bytes with the checksum they should have, where they are still a chunk.
pub(crate) fn repair(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if bytes.len() > 9 {
        let mut at = Reader(&bytes[9..]);
        let length = usize::try_from(at.unsigned().unwrap_or(u64::MAX)).unwrap();
        let header = bytes.len() - at.0.len();
        let end = header.saturating_add(length).min(bytes.len());
        let checksum = Sha256::of(&bytes[8..end]);
        bytes[4..8].copy_from_slice(&checksum.as_bytes()[..4]);
    }
    bytes
}

/// A change, field by field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) deps: Vec<Vec<u8>>,
    pub(crate) actor: Vec<u8>,
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    pub(crate) time: i64,
    pub(crate) message: Vec<u8>,
    pub(crate) others: Vec<Vec<u8>>,
    /// (specification, data)
    pub(crate) columns: Vec<(u64, Vec<u8>)>,
    pub(crate) extra: Vec<u8>,
}

impl Change {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mut at = Reader(&bytes[9..]);
        at.unsigned();
        let deps = at.list(|at| at.take(32));
        let actor = at.sized();
        let (seq, start_op, time) = (at.unsigned().unwrap(), at.unsigned().unwrap(), at.signed());
        let message = at.sized();
        let others = at.list(Reader::sized);
        let specified = at.list(|at| (at.unsigned().unwrap(), at.unsigned().unwrap() as usize));
        let columns = specified.into_iter().map(|(kind, length)| (kind, at.take(length))).collect();
        Self { deps, actor, seq, start_op, time, message, others, columns, extra: at.0.to_vec() }
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut data = Vec::new();
        unsigned(&mut data, self.deps.len() as u64);
        data.extend(self.deps.concat());
        sized(&mut data, &self.actor);
        unsigned(&mut data, self.seq);
        unsigned(&mut data, self.start_op);
        signed(&mut data, self.time);
        sized(&mut data, &self.message);
        unsigned(&mut data, self.others.len() as u64);
        self.others.iter().for_each(|other| sized(&mut data, other));
        unsigned(&mut data, self.columns.len() as u64);
        for (kind, column) in &self.columns {
            unsigned(&mut data, *kind);
            unsigned(&mut data, column.len() as u64);
        }
        self.columns.iter().for_each(|(_, column)| data.extend(column));
        data.extend(&self.extra);
        chunk(CHANGE, &data)
    }
}

pub(crate) fn unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(crate) fn signed(out: &mut Vec<u8>, mut value: i64) {
    while !(-64..64).contains(&value) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8 & 0x7f);
}

fn sized(out: &mut Vec<u8>, bytes: &[u8]) {
    unsigned(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, length: usize) -> Vec<u8> {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken.to_vec()
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> i64 {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.take(1)[0];
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let unused = 64 - (shift + 7);
                return (value << unused) >> unused;
            }
        }
        value
    }

    fn sized(&mut self) -> Vec<u8> {
        let length = self.unsigned().unwrap() as usize;
        self.take(length)
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.unsigned().unwrap();
        (0..count).map(|_| item(self)).collect()
    }
}

#[test]
fn a_change_taken_apart_and_put_together_is_the_same_bytes() {
    let (_, changes) = crate::filled();
    for bytes in changes {
        assert_eq!(Change::parse(&bytes).build(), bytes);
        assert_eq!(repair(&bytes), bytes);
    }
}
