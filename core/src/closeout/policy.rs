//! What a seller wants recorded, as data.

mod flaw;
mod standard;

pub use flaw::{Flaw, PolicyFlaw};

use crate::digest::Sha256;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answers a question takes. No free text: that would be a note, which is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Yes,
    No,
    NotApplicable,
}

impl Answer {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotApplicable => "not_applicable",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Yes, Self::No, Self::NotApplicable].into_iter().find(|answer| answer.name() == name)
    }
}

/// A text in other languages, by their code (`de`). Where one is missing the text itself stands.
pub type Texts = BTreeMap<String, String>;

/// When something is asked at all: another question has one of these answers, and is asked itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    pub question: String,
    pub is: Vec<Answer>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// Stable; the key of the answer in the document.
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub texts: Texts,
    /// The answers that let the technician leave.
    pub accepts: Vec<Answer>,
    /// `None`: always asked.
    #[serde(default)]
    pub shown_if: Option<Condition>,
}

/// A photo the seller wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Shot {
    /// Stable; photos name it.
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub texts: Texts,
    /// How many photos at least.
    pub minimum: u32,
    /// A picture of how it should look.
    #[serde(default)]
    pub sample: Option<Sha256>,
    /// Pixels of the longer edge, where the usual is not enough.
    #[serde(default)]
    pub long_edge: Option<u32>,
    /// Of the JPEG, in percent, where the usual is not enough.
    #[serde(default)]
    pub quality: Option<u8>,
    /// The shot it is compared with: before and after.
    #[serde(default)]
    pub pair: Option<String>,
    /// `None`: always wanted.
    #[serde(default)]
    pub shown_if: Option<Condition>,
}

/// How much something is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Need {
    #[default]
    No,
    Optional,
    Required,
}

/// A serial number to be scanned or typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SerialWanted {
    /// Stable; the slot of the serial in the document.
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub texts: Texts,
    pub required: bool,
}

/// What has to be on record before a visit counts as a no-show: Amazon's codes for it are disputed without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct NoShowTerms {
    /// From *arrived*.
    pub wait_minutes: u16,
    /// To reach the buyer.
    pub attempts: u8,
    /// A photo of the shot `door`.
    pub door_photo: bool,
}

impl Default for NoShowTerms {
    fn default() -> Self {
        Self { wait_minutes: 15, attempts: 2, door_photo: true }
    }
}

/// The shot that the drawn signature is taken as. No policy asks for it by this name.
pub const SIGNATURE_SHOT: &str = "signature";
/// The shot of a door that nobody opened.
pub const DOOR_SHOT: &str = "door";

/// What makes a closeout complete.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    pub version: u32,
    pub questions: Vec<Question>,
    pub shots: Vec<Shot>,
    /// Photos in all, whatever the shots.
    pub minimum_photos: u32,
    /// Of the buyer or who stands in for them.
    #[serde(default)]
    pub signature: Need,
    #[serde(default)]
    pub serials: Vec<SerialWanted>,
    #[serde(default)]
    pub no_show: NoShowTerms,
}

impl Policy {
    /// What every visit is held to until a seller writes a policy of its own.
    pub fn standard() -> Self {
        let question = |id: &str, text: &str, accepts: &[Answer]| Question {
            id: id.to_owned(),
            text: text.to_owned(),
            accepts: accepts.to_vec(),
            ..Question::default()
        };
        let shot = |id: &str, text: &str| Shot {
            id: id.to_owned(),
            text: text.to_owned(),
            minimum: 1,
            ..Shot::default()
        };
        Self {
            version: 1,
            questions: vec![
                question("work_done", "Everything ordered is done", &[Answer::Yes]),
                question("tested", "Tested, and it works", &[Answer::Yes, Answer::NotApplicable]),
                question(
                    "site_clean",
                    "The place is clean, packaging is taken away or left as agreed",
                    &[Answer::Yes],
                ),
                question("damage", "Something was damaged", &[Answer::Yes, Answer::No]),
            ],
            shots: vec![
                shot("after", "The finished work"),
                shot("detail", "The label or a fixing, close up"),
            ],
            minimum_photos: 2,
            ..Self::default()
        }
    }

    /// Whether something under this condition is asked, by the answers so far. What hangs on a question that is
    /// hidden is hidden too, whatever was answered before.
    pub fn shows(&self, condition: Option<&Condition>, answers: &BTreeMap<String, Answer>) -> bool {
        let mut condition = condition;
        // A chain is as long as there are questions; a longer one goes in a circle, and nothing of it is asked.
        for _ in 0..=self.questions.len() {
            let Some(Condition { question, is }) = condition else { return true };
            if !answers.get(question).is_some_and(|answer| is.contains(answer)) {
                return false;
            }
            let Some(asked) = self.questions.iter().find(|asked| asked.id == *question) else { return false };
            condition = asked.shown_if.as_ref();
        }
        false
    }

    /// The questions that are asked by the answers so far.
    pub fn asked<'a>(&'a self, answers: &'a BTreeMap<String, Answer>) -> impl Iterator<Item = &'a Question> {
        self.questions.iter().filter(|question| self.shows(question.shown_if.as_ref(), answers))
    }

    /// The shots that are wanted by the answers so far.
    pub fn wanted<'a>(&'a self, answers: &'a BTreeMap<String, Answer>) -> impl Iterator<Item = &'a Shot> {
        self.shots.iter().filter(|shot| self.shows(shot.shown_if.as_ref(), answers))
    }

    /// The questions and shots that are not asked by the answers so far, as fields of a closeout.
    pub fn hidden(&self, answers: &BTreeMap<String, Answer>) -> Vec<String> {
        let questions = self.questions.iter().map(|one| ("answers", &one.id, &one.shown_if));
        let shots = self.shots.iter().map(|one| ("photos", &one.id, &one.shown_if));
        let hidden = questions.chain(shots).filter(|(.., shown_if)| !self.shows(shown_if.as_ref(), answers));
        hidden.map(|(kind, id, _)| format!("{kind}.{id}")).collect()
    }
}
