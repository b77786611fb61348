//! Taking service jobs in.
/// An intake that Amazon made wait.
#[derive(Debug)]
pub(crate) struct Unfinished;
