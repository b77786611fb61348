//! A day of work without a network: every edit its own commit, as in the application.

use crate::notes::note;
use anyhow::ensure;
use doorstep_core::{
    closeout::{Answer, Closeout, Step},
    digest::Sha256,
    id::{AppointmentId, PhotoId},
    photo::{MediaType, PhotoFacts},
    pii::Pii,
    record::Position,
    session::Edit,
};
use doorstep_tests::{entropy::Dice, phone::Phone, world::World};
use serde::Serialize;
use std::collections::BTreeMap;

pub(crate) const JOBS: usize = 20;
const EDITS: usize = 60;
const PHOTOS: usize = 6;
const NOTES: usize = 10;
/// The rest: answers tapped, thought over and corrected. The final record shows one of each question, so this is
/// history that the limit, made from final records, has no bytes for.
const ANSWERS: usize = EDITS - Step::ALL.len() - PHOTOS - NOTES;

/// What a visit comes to: all that is worth keeping of its closeout when nobody cares how it came about. Steps with
/// all raw clock readings, answers, the facts of photos and records, and what the records hold.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FinalRecord {
    closeout: Closeout,
    notes: Vec<Pii<String>>,
    positions: BTreeMap<Step, Position>,
}

impl FinalRecord {
    pub(crate) fn notes(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().map(|note| note.expose().as_str())
    }
}

/// Works through all visits of the phone, which dies once in the middle of a job. The phone stays offline.
pub(crate) async fn work(world: &World, phone: &mut Phone, seed: u64) -> anyhow::Result<Vec<FinalRecord>> {
    let mut dice = Dice::new(seed);
    // No phone's clock is right to the millisecond.
    phone.faults.wall_error_ms = dice.roll(4_000) as i64 - 2_000;
    phone.try_now().await?;
    phone.faults.offline = true;
    // Photos are announced here, not sent.
    phone.faults.no_uploads = true;
    let visits: Vec<AppointmentId> = phone.view().visits.iter().map(|visit| visit.job.appointment).collect();
    ensure!(visits.len() == JOBS, "the day has {} jobs", visits.len());
    let mut positions = BTreeMap::new();
    for (number, visit) in visits.iter().enumerate() {
        let door = (40.0 + degrees(&mut dice), -74.0 + degrees(&mut dice));
        let mut walked = BTreeMap::new();
        for (turn, edit) in
            edits(&mut dice, &mut walked, door, &questions(phone, *visit)?).into_iter().enumerate()
        {
            world.clock.advance_ms(4_000 + dice.roll(46_000) as i64);
            if number == JOBS / 2 && turn == EDITS / 2 {
                phone.kill().await?;
            }
            match edit {
                Turn::Edit(edit) => phone.edit(*visit, edit).await?,
                Turn::Photo(shot) => photograph(phone, &mut dice, *visit, shot).await?,
            }
        }
        positions.insert(*visit, walked);
    }
    let made = phone.view().visits.into_iter().map(|visit| FinalRecord {
        positions: positions.remove(&visit.job.appointment).unwrap_or_default(),
        notes: visit.notes,
        closeout: visit.closeout,
    });
    let records: Vec<FinalRecord> = made.collect();
    for record in &records {
        let said = (record.notes.len(), record.positions.len(), record.closeout.photos.len());
        ensure!(said == (NOTES, Step::ALL.len(), PHOTOS), "a record lacks something: {said:?}");
    }
    Ok(records)
}

enum Turn {
    Edit(Edit),
    Photo(&'static str),
}

fn questions(phone: &mut Phone, visit: AppointmentId) -> anyhow::Result<Vec<(String, Answer)>> {
    let questions = phone.visit(visit)?.job.policy.questions.into_iter();
    Ok(questions
        .map(|question| (question.id, question.accepts.first().copied().unwrap_or(Answer::Yes)))
        .collect())
}

/// On my way, arrived, started; photos, notes and answers as they come; the right answers; finished.
fn edits(
    dice: &mut Dice,
    walked: &mut BTreeMap<Step, Position>,
    door: (f64, f64),
    questions: &[(String, Answer)],
) -> Vec<Turn> {
    let mut step = |dice: &mut Dice, step| {
        let position = Position {
            latitude: millionths(door.0 + degrees(dice) / 1_000.0),
            longitude: millionths(door.1 + degrees(dice) / 1_000.0),
            accuracy: (4 + dice.roll(60)) as f64,
        };
        walked.insert(step, position);
        Turn::Edit(Edit::Step { step, position: Some(Pii::new(position)) })
    };
    let mut turns: Vec<Turn> = [Step::OnMyWay, Step::Arrived, Step::Started].map(|at| step(dice, at)).into();
    let mut middle: Vec<Turn> = Vec::new();
    middle.extend((0..PHOTOS).map(|n| Turn::Photo(["after", "detail", "before"][n % 3])));
    middle.extend((0..NOTES).map(|_| Turn::Edit(Edit::Note { text: Pii::new(note(dice)) })));
    middle.extend((questions.len()..ANSWERS).map(|_| {
        let (question, _) = &questions[dice.roll(questions.len() as u64) as usize];
        let answer = [Answer::Yes, Answer::No, Answer::NotApplicable][dice.roll(3) as usize];
        Turn::Edit(Edit::Answer { question: question.clone(), answer })
    }));
    for last in (1..middle.len()).rev() {
        middle.swap(last, dice.roll(last as u64 + 1) as usize);
    }
    turns.extend(middle);
    turns.extend(
        questions.iter().map(|(question, answer)| {
            Turn::Edit(Edit::Answer { question: question.clone(), answer: *answer })
        }),
    );
    turns.push(step(dice, Step::Finished));
    turns
}

/// Announces a photo of the usual size. Its picture is of no account here: pictures go up on a lane of their own.
async fn photograph(
    phone: &mut Phone,
    dice: &mut Dice,
    visit: AppointmentId,
    shot: &str,
) -> anyhow::Result<()> {
    let (photo, sha256) = (PhotoId::from_bytes(dice.bytes()), Sha256::from_bytes(dice.bytes()));
    let size = 280_000 + dice.roll(420_000) as u32;
    let (width, height) = if dice.roll(3) == 0 { (1536, 2048) } else { (2048, 1536) };
    let now = phone.now();
    let media = MediaType::Jpeg;
    let captured = phone.session.capture(&now, visit, photo, |taken| PhotoFacts {
        shot: shot.to_owned(),
        sha256,
        size,
        width,
        height,
        media,
        taken,
    });
    let captured = captured.map_err(anyhow::Error::msg)?;
    phone.disk.rows.insert(captured.row.key, captured.row.value);
    phone.give(doorstep_core::session::Event::Captured { capture: captured.capture }).await
}

/// Between -0.5 and 0.5.
fn degrees(dice: &mut Dice) -> f64 {
    dice.roll(1_000_000) as f64 / 1e6 - 0.5
}

fn millionths(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}
