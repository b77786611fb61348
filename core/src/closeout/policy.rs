//! What a seller wants recorded, as data.

use serde::{Deserialize, Serialize};

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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// Stable; the key of the answer in the document.
    pub id: String,
    pub text: String,
    /// The answers that let the technician leave.
    pub accepts: Vec<Answer>,
}

/// A photo the seller wants to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Shot {
    /// Stable; photos name it.
    pub id: String,
    pub text: String,
    /// How many photos at least.
    pub minimum: u32,
}

/// What makes a closeout complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    pub version: u32,
    pub questions: Vec<Question>,
    pub shots: Vec<Shot>,
    /// Photos in all, whatever the shots.
    pub minimum_photos: u32,
}

impl Policy {
    /// What every visit is held to until a seller writes a policy of its own.
    pub fn standard() -> Self {
        let question = |id: &str, text: &str, accepts: &[Answer]| Question {
            id: id.to_owned(),
            text: text.to_owned(),
            accepts: accepts.to_vec(),
        };
        let shot = |id: &str, text: &str| Shot { id: id.to_owned(), text: text.to_owned(), minimum: 1 };
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
        }
    }
}
