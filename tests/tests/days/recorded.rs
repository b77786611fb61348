//! What a technician does in a day, and all of it that the phone has called saved.

use anyhow::ensure;
use doorstep_core::{
    closeout::{Answer, Closeout, Step},
    digest::Sha256,
    id::{AppointmentId, PhotoId},
    session::Visit,
};
use doorstep_tests::{entropy::Dice, phone::Phone, picture};
use std::collections::{BTreeMap, BTreeSet};

/// One after the other, three of each job.
pub(crate) const SHOTS: [&str; 3] = ["after", "detail", "after"];

/// One thing that a technician does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Step(Step),
    Answer(String, Answer),
    Note(String),
    Photo(&'static str, Vec<u8>),
}

/// All of a visit that the phone has called saved.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) steps: BTreeSet<Step>,
    pub(crate) answers: BTreeMap<String, Answer>,
    pub(crate) notes: Vec<String>,
    pub(crate) photos: BTreeMap<PhotoId, Vec<u8>>,
}

impl Recorded {
    /// Whether the act is on the phone, besides all that was there before.
    pub(crate) fn has(&mut self, visit: &Visit, act: &Act) -> bool {
        match act {
            Act::Step(step) => visit.closeout.steps.contains_key(step) && self.steps.insert(*step),
            Act::Answer(question, answer) => {
                let is = visit.closeout.answers.get(question) == Some(answer);
                if is {
                    self.answers.insert(question.clone(), *answer);
                }
                is
            }
            Act::Note(text) => {
                let is = visit.notes.iter().any(|note| note.expose() == text);
                if is {
                    self.notes.push(text.clone());
                }
                is
            }
            Act::Photo(shot, picture) => {
                let new = visit.closeout.photos.iter().find(|(photo, _)| !self.photos.contains_key(photo));
                let is = new.is_some_and(|(_, photo)| {
                    photo.facts.sha256 == Sha256::of(picture) && photo.facts.shot == *shot
                });
                if let Some((photo, _)) = new.filter(|_| is) {
                    self.photos.insert(*photo, picture.clone());
                }
                is
            }
        }
    }

    /// Nothing that was saved is gone or has become something else.
    pub(crate) fn check(&self, visit: &Visit) -> anyhow::Result<()> {
        let Closeout { steps, answers, photos, conflicts, .. } = &visit.closeout;
        ensure!(self.steps.iter().all(|step| steps.contains_key(step)), "a step is gone: {steps:?}");
        ensure!(self.answers == *answers, "answers are {answers:?}, not {:?}", self.answers);
        ensure!(self.photos.keys().all(|photo| photos.contains_key(photo)), "a photo is gone");
        let mut notes: Vec<_> = visit.notes.iter().map(|note| note.expose().clone()).collect();
        notes.sort();
        let mut written = self.notes.clone();
        written.sort();
        ensure!(notes == written, "notes are {notes:?}, not {written:?}");
        ensure!(conflicts.is_empty(), "one technician does not disagree with himself: {conflicts:?}");
        Ok(())
    }
}

/// A visit from the way there to the end, with what is asked of it and a note.
pub(crate) fn acts(
    phone: &mut Phone,
    dice: &mut Dice,
    visit: AppointmentId,
    seed: u64,
) -> anyhow::Result<Vec<Act>> {
    let mut acts: Vec<Act> = [Step::OnMyWay, Step::Arrived, Step::Started].map(Act::Step).into();
    for question in phone.visit(visit)?.job.policy.questions {
        let right = question.accepts.first().copied().unwrap_or(Answer::Yes);
        if dice.roll(4) == 0 {
            // Tapped, and thought better of.
            let wrong = if right == Answer::Yes { Answer::No } else { Answer::Yes };
            acts.push(Act::Answer(question.id.clone(), wrong));
        }
        acts.push(Act::Answer(question.id, right));
    }
    for (n, shot) in SHOTS.into_iter().enumerate() {
        acts.push(Act::Photo(shot, picture::jpeg((seed * 3 + n as u64) as u32, 40, 32)));
    }
    let length = 1 + dice.roll(400) as usize;
    acts.push(Act::Note(format!("Visit {seed}: {}", "the shelf is level. ".repeat(length / 20 + 1))));
    // What comes in any order is done in any order.
    for at in (4..acts.len()).rev() {
        let with = 3 + dice.roll(at as u64 - 2) as usize;
        let is_answer = |act: &Act| matches!(act, Act::Answer(..));
        if !is_answer(&acts[at]) && !is_answer(&acts[with]) {
            acts.swap(at, with);
        }
    }
    acts.push(Act::Step(Step::Finished));
    Ok(acts)
}
