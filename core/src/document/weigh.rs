//! Weighs bytes before automerge decodes them: a chunk of some kilobytes can inflate to gigabytes, by deflate or by
//! one run of a thousand million equal values. Nothing here allocates by what the bytes say.
//!
//! Layouts from automerge's binary format: a chunk is magic (4), checksum (4), type (1), length, data; columns
//! are listed as (specification, length) pairs before their data.

/// The bytes are not what they should be, or too heavy. The words are for an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Overweight {
    #[error("more than {MAX_BYTES} bytes")]
    Bytes,
    #[error("more than {MAX_RUN} values in one column")]
    Run,
    #[error("compressed inside")]
    Compressed,
    #[error("not a chunk of the expected kind")]
    Malformed,
}

/// One change or one save. A day's closeout is some 5 KB.
pub(super) const MAX_BYTES: usize = 256 * 1024;
/// Values in one column: operations of one change, or of one document.
pub(super) const MAX_RUN: u64 = 20_000;

const DOCUMENT: u8 = 0;
const CHANGE: u8 = 1;

/// Passes an uncompressed change of a sane size.
pub(super) fn change(bytes: &[u8]) -> Result<(), Overweight> {
    let mut at = chunk(bytes, CHANGE)?;
    at.skip_list(32)?; // dependencies
    at.skip_sized()?; // actor
    at.number()?; // seq
    at.number()?; // start op
    at.number()?; // time; signed, but it ends where an unsigned one does
    at.skip_sized()?; // message
    for _ in 0..at.count()? {
        at.skip_sized()?; // other actors
    }
    let columns = at.columns()?;
    at.weigh_columns(&columns)
}

/// Passes an uncompressed save of a sane size.
pub(super) fn save(bytes: &[u8]) -> Result<(), Overweight> {
    let mut at = chunk(bytes, DOCUMENT)?;
    for _ in 0..at.count()? {
        at.skip_sized()?; // actors
    }
    at.skip_list(32)?; // heads
    let (changes, operations) = (at.columns()?, at.columns()?);
    at.weigh_columns(&changes)?;
    at.weigh_columns(&operations)
}

fn chunk(bytes: &[u8], kind: u8) -> Result<Cursor<'_>, Overweight> {
    if bytes.len() > MAX_BYTES {
        return Err(Overweight::Bytes);
    }
    match bytes.get(8) {
        Some(found) if *found == kind => {}
        Some(2) => return Err(Overweight::Compressed),
        _ => return Err(Overweight::Malformed),
    }
    let mut at = Cursor(&bytes[9..]);
    // Exactly one chunk: whatever followed would be decoded too.
    if at.number()? != at.0.len() as u64 { Err(Overweight::Malformed) } else { Ok(at) }
}

struct Column {
    kind: u32,
    length: usize,
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Overweight> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Overweight::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    /// An unsigned LEB128.
    fn number(&mut self) -> Result<u64, Overweight> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f).checked_shl(shift).ok_or(Overweight::Malformed)?;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Overweight::Malformed)
    }

    /// A signed LEB128.
    fn signed(&mut self) -> Result<i64, Overweight> {
        let mut value = 0i64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let unused = 64 - (shift + 7).min(64);
                return Ok((value << unused) >> unused);
            }
        }
        Err(Overweight::Malformed)
    }

    /// How many items follow; each takes a byte at least.
    fn count(&mut self) -> Result<u64, Overweight> {
        let count = self.number()?;
        if count > self.0.len() as u64 { Err(Overweight::Malformed) } else { Ok(count) }
    }

    fn skip_list(&mut self, each: usize) -> Result<(), Overweight> {
        let count = self.count()?;
        let length = usize::try_from(count).ok().and_then(|n| n.checked_mul(each));
        self.take(length.ok_or(Overweight::Malformed)?).map(drop)
    }

    fn skip_sized(&mut self) -> Result<(), Overweight> {
        let length = usize::try_from(self.number()?).map_err(|_| Overweight::Malformed)?;
        self.take(length).map(drop)
    }

    fn columns(&mut self) -> Result<Vec<Column>, Overweight> {
        let count = self.count()?;
        let mut columns = Vec::new();
        for _ in 0..count {
            let specification = self.number()?;
            if specification & 0b1000 != 0 {
                return Err(Overweight::Compressed);
            }
            let length = usize::try_from(self.number()?).map_err(|_| Overweight::Malformed)?;
            columns.push(Column { kind: (specification & 0b111) as u32, length });
        }
        Ok(columns)
    }

    fn weigh_columns(&mut self, columns: &[Column]) -> Result<(), Overweight> {
        for column in columns {
            let mut data = Cursor(self.take(column.length)?);
            match column.kind {
                // group: runs of numbers that each count items of the next columns
                0 => data.weigh_runs(Self::number)?,
                // actor, integer, value metadata: runs of unsigned numbers
                1 | 2 | 6 => data.weigh_runs(|at| at.number().map(|_| 1))?,
                // delta: runs of signed numbers
                3 => data.weigh_runs(|at| at.signed().map(|_| 1))?,
                // boolean: alternating run lengths
                4 => data.weigh_booleans()?,
                // string: runs of sized texts
                5 => data.weigh_runs(|at| at.skip_sized().map(|()| 1))?,
                // value: plain bytes, which the metadata cuts up
                _ => {}
            }
        }
        Ok(())
    }

    /// `weigh` passes over one value and says for how many it stands.
    fn weigh_runs(&mut self, weigh: impl Fn(&mut Self) -> Result<u64, Overweight>) -> Result<(), Overweight> {
        let mut total = 0u64;
        while !self.0.is_empty() {
            let run = self.signed()?;
            let values = match run {
                0 => self.number()?, // empty values
                1.. => run.unsigned_abs().saturating_mul(weigh(self)?.max(1)),
                _ => {
                    let mut values = 0u64;
                    for _ in 0..run.unsigned_abs() {
                        values = values.saturating_add(weigh(self)?.max(1));
                    }
                    values
                }
            };
            total = total.saturating_add(values);
            if total > MAX_RUN {
                return Err(Overweight::Run);
            }
        }
        Ok(())
    }

    fn weigh_booleans(&mut self) -> Result<(), Overweight> {
        let mut total = 0u64;
        while !self.0.is_empty() {
            total = total.saturating_add(self.number()?);
            if total > MAX_RUN {
                return Err(Overweight::Run);
            }
        }
        Ok(())
    }
}
