//! Rows of jobs as older pages wrote them.

use crate::{
    closeout::{Answer, Policy, Question, Shot},
    id::{AppointmentId, JobId, ServiceJobId},
    job::{Address, Buyer, Item, Job, JobStatus, Window},
};

/// All of a job before its policy.
type Head = (
    AppointmentId,
    JobId,
    ServiceJobId,
    JobStatus,
    bool,
    String,
    u32,
    Vec<String>,
    Window,
    String,
    Option<Buyer>,
    Option<Address>,
    Vec<Item>,
    bool,
);
/// A policy before it grew: its version, questions, shots and photos in all.
type FirstPolicy = (u32, Vec<(String, String, Vec<Answer>)>, Vec<(String, String, u32)>, u32);

/// A job of version 5 is the beginning of one of today. One before that has another policy in its middle as well.
pub(super) fn read_job(version: u8, plain: &[u8]) -> Option<Job> {
    // Whatever a job got later is empty in an older one, and each empty value is coded as one zero.
    let lacking = match version {
        // Nothing was decided in the office. Its policy is one of today.
        5 => {
            let mut whole = plain.to_vec();
            whole.push(0);
            return super::read(&whole);
        }
        4 => SINCE_5,
        // Nothing was sealed for the server yet.
        3 => SINCE_5 + 1,
        // What came from a file was not told from the rest.
        2 => SINCE_5 + 2,
        // Nothing was known of its standing.
        1 => SINCE_5 + 8,
        _ => return None,
    };
    let (_, rest) = postcard::take_from_bytes::<Head>(plain).ok()?;
    let mut whole = plain.get(..plain.len() - rest.len())?.to_vec();
    let ((version, questions, shots, minimum_photos), rest) =
        postcard::take_from_bytes::<FirstPolicy>(rest).ok()?;
    let question = |(id, text, accepts)| Question { id, text, accepts, ..Question::default() };
    let shot = |(id, text, minimum)| Shot { id, text, minimum, ..Shot::default() };
    let policy = Policy {
        version,
        questions: questions.into_iter().map(question).collect(),
        shots: shots.into_iter().map(shot).collect(),
        minimum_photos,
        ..Policy::default()
    };
    whole = postcard::to_extend(&policy, whole).ok()?;
    whole.extend_from_slice(rest);
    whole.resize(whole.len() + lacking, 0);
    super::read(&whole)
}

/// What came with version 5: marketplace, service type, location, assets, crew and who holds the phone. And the
/// decisions of 6.
const SINCE_5: usize = 7;
