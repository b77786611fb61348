//! What is wrong with a policy: a technician must never stand in a house with something to record that cannot be
//! recorded.

use super::{Condition, DOOR_SHOT, Policy, SIGNATURE_SHOT, Texts};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Far above what anybody answers at a door.
const MAX_ITEMS: usize = 60;
const MAX_MINIMUM: u32 = 30;
const MAX_TEXT_BYTES: usize = 600;
const MAX_LANGUAGES: usize = 12;
/// With the name of its kind it is a key in the document.
const MAX_ID_BYTES: usize = 40;

/// One thing that keeps a policy from being used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyFlaw {
    /// Where: `questions.2.id`, `shots.0.pair`, `minimumPhotos`.
    pub field: String,
    pub flaw: Flaw,
}

/// Stable codes, with words in the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// An id takes lower-case letters, digits, `_` and `-`.
    BadId,
    /// Another one has the id.
    Duplicate,
    /// The app uses this id itself.
    Reserved,
    NoText,
    TextTooLong,
    /// More than a visit can hold.
    TooMany,
    /// No answer lets the technician leave.
    NoAnswer,
    /// The condition names a question that is not there.
    UnknownQuestion,
    /// The condition takes no answer, so it is never asked.
    NeverShown,
    /// It is asked only when it is asked itself.
    Circle,
    UnknownPair,
    /// The number is out of its range.
    OutOfRange,
    /// Photos are wanted where no shot is always shown that they could be taken for.
    NoShotToTake,
}

impl Policy {
    /// All that is wrong with it; empty when a technician can always leave. Stored policies have none.
    pub fn flaws(&self) -> Vec<PolicyFlaw> {
        let mut flaws = Flaws(Vec::new());
        let lists = [
            ("questions", self.questions.len()),
            ("shots", self.shots.len()),
            ("serials", self.serials.len()),
        ];
        for (list, length) in lists {
            flaws.when(length > MAX_ITEMS, list, Flaw::TooMany);
        }
        let mut ids = BTreeSet::new();
        for (n, question) in self.questions.iter().enumerate() {
            let at = |field: &str| format!("questions.{n}.{field}");
            flaws.item(&at, &mut ids, &question.id, &question.text, &question.texts);
            flaws.when(question.accepts.is_empty(), &at("accepts"), Flaw::NoAnswer);
            self.condition(&mut flaws, &at("shownIf"), question.shown_if.as_ref());
        }
        let mut ids = BTreeSet::new();
        for (n, shot) in self.shots.iter().enumerate() {
            let at = |field: &str| format!("shots.{n}.{field}");
            flaws.item(&at, &mut ids, &shot.id, &shot.text, &shot.texts);
            flaws.when([SIGNATURE_SHOT, DOOR_SHOT].contains(&shot.id.as_str()), &at("id"), Flaw::Reserved);
            flaws.when(shot.minimum > MAX_MINIMUM, &at("minimum"), Flaw::OutOfRange);
            let edge = shot.long_edge.is_none_or(|edge| (640..=8_192).contains(&edge));
            flaws.when(!edge, &at("longEdge"), Flaw::OutOfRange);
            let quality = shot.quality.is_none_or(|quality| (30..=95).contains(&quality));
            flaws.when(!quality, &at("quality"), Flaw::OutOfRange);
            let is_other =
                |pair: &String| *pair != shot.id && self.shots.iter().any(|other| other.id == *pair);
            flaws.when(!shot.pair.as_ref().is_none_or(is_other), &at("pair"), Flaw::UnknownPair);
            self.condition(&mut flaws, &at("shownIf"), shot.shown_if.as_ref());
        }
        let mut ids = BTreeSet::new();
        for (n, serial) in self.serials.iter().enumerate() {
            let at = |field: &str| format!("serials.{n}.{field}");
            flaws.item(&at, &mut ids, &serial.id, &serial.text, &serial.texts);
        }
        flaws.when(self.minimum_photos > MAX_MINIMUM, "minimumPhotos", Flaw::OutOfRange);
        let has_shot = self.shots.iter().any(|shot| shot.shown_if.is_none());
        flaws.when(self.minimum_photos > 0 && !has_shot, "minimumPhotos", Flaw::NoShotToTake);
        flaws.when(self.no_show.wait_minutes > 240, "noShow.waitMinutes", Flaw::OutOfRange);
        flaws.when(self.no_show.attempts > 20, "noShow.attempts", Flaw::OutOfRange);
        flaws.0
    }

    fn condition(&self, flaws: &mut Flaws, field: &str, condition: Option<&Condition>) {
        let Some(first) = condition else { return };
        flaws.when(first.is.is_empty(), field, Flaw::NeverShown);
        let mut next = Some(first);
        for _ in 0..=self.questions.len() {
            let Some(Condition { question, .. }) = next else { return };
            let Some(asked) = self.questions.iter().find(|asked| asked.id == *question) else {
                return flaws.when(question == &first.question, field, Flaw::UnknownQuestion);
            };
            next = asked.shown_if.as_ref();
        }
        flaws.when(true, field, Flaw::Circle);
    }
}

struct Flaws(Vec<PolicyFlaw>);

impl Flaws {
    fn when(&mut self, is_so: bool, field: &str, flaw: Flaw) {
        if is_so {
            self.0.push(PolicyFlaw { field: field.to_owned(), flaw });
        }
    }

    fn item<'a>(
        &mut self,
        at: &dyn Fn(&str) -> String,
        ids: &mut BTreeSet<&'a str>,
        id: &'a str,
        text: &str,
        texts: &Texts,
    ) {
        let is_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
        let is_sound = (1..=MAX_ID_BYTES).contains(&id.len()) && id.bytes().all(is_id);
        self.when(!is_sound, &at("id"), Flaw::BadId);
        self.when(!ids.insert(id), &at("id"), Flaw::Duplicate);
        self.when(text.trim().is_empty(), &at("text"), Flaw::NoText);
        self.when(text.len() > MAX_TEXT_BYTES, &at("text"), Flaw::TextTooLong);
        self.when(texts.len() > MAX_LANGUAGES, &at("texts"), Flaw::TooMany);
        for (language, text) in texts {
            let field = at(&format!("texts.{language}"));
            self.when(text.trim().is_empty(), &field, Flaw::NoText);
            self.when(text.len() > MAX_TEXT_BYTES, &field, Flaw::TextTooLong);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closeout::{Answer, Question, SerialWanted, Shot};

    fn shown_if(question: &str, is: &[Answer]) -> Option<Condition> {
        Some(Condition { question: question.to_owned(), is: is.to_vec() })
    }

    fn altered(alter: impl FnOnce(&mut Policy)) -> Vec<(String, Flaw)> {
        let mut policy = Policy::standard();
        alter(&mut policy);
        policy.flaws().into_iter().map(|flaw| (flaw.field, flaw.flaw)).collect()
    }

    fn one(field: &str, flaw: Flaw) -> Vec<(String, Flaw)> {
        vec![(field.to_owned(), flaw)]
    }

    #[test]
    fn the_standard_policy_has_no_flaw() {
        assert_eq!(altered(|_| {}), []);
        let rich = altered(|policy| {
            policy.questions[1].shown_if = shown_if("work_done", &[Answer::Yes]);
            policy.questions[2].shown_if = shown_if("tested", &[Answer::Yes, Answer::No]);
            policy.shots[1].shown_if = shown_if("damage", &[Answer::Yes]);
            policy.shots[1].pair = Some("after".to_owned());
            policy.serials = vec![SerialWanted {
                id: "unit".to_owned(),
                text: "The unit".to_owned(),
                ..SerialWanted::default()
            }];
        });
        assert_eq!(rich, []);
    }

    #[test]
    fn each_flaw_is_named_with_its_field() {
        assert_eq!(altered(|p| p.questions[0].id = "Über".to_owned()), one("questions.0.id", Flaw::BadId));
        assert_eq!(altered(|p| p.questions[1].id = "x".repeat(41)), one("questions.1.id", Flaw::BadId));
        assert_eq!(
            altered(|p| p.questions[1].id = "damage".to_owned()),
            one("questions.3.id", Flaw::Duplicate)
        );
        assert_eq!(altered(|p| p.shots[0].id = "signature".to_owned()), one("shots.0.id", Flaw::Reserved));
        assert_eq!(altered(|p| p.shots[0].text = " ".to_owned()), one("shots.0.text", Flaw::NoText));
        assert_eq!(altered(|p| p.shots[0].text = "x".repeat(601)), one("shots.0.text", Flaw::TextTooLong));
        let empty = altered(|p| drop(p.questions[0].texts.insert("de".to_owned(), String::new())));
        assert_eq!(empty, one("questions.0.texts.de", Flaw::NoText));
        assert_eq!(altered(|p| p.questions[0].accepts.clear()), one("questions.0.accepts", Flaw::NoAnswer));
        assert_eq!(altered(|p| p.minimum_photos = 31), one("minimumPhotos", Flaw::OutOfRange));
        assert_eq!(altered(|p| p.shots[1].minimum = 31), one("shots.1.minimum", Flaw::OutOfRange));
        assert_eq!(
            altered(|p| p.shots[1].long_edge = Some(9_000)),
            one("shots.1.longEdge", Flaw::OutOfRange)
        );
        assert_eq!(altered(|p| p.shots[1].quality = Some(100)), one("shots.1.quality", Flaw::OutOfRange));
        assert_eq!(
            altered(|p| p.shots[1].pair = Some("detail".to_owned())),
            one("shots.1.pair", Flaw::UnknownPair)
        );
        assert_eq!(altered(|p| p.no_show.wait_minutes = 241), one("noShow.waitMinutes", Flaw::OutOfRange));
        assert_eq!(altered(|p| p.no_show.attempts = 21), one("noShow.attempts", Flaw::OutOfRange));
    }

    #[test]
    fn what_could_hide_and_block_is_refused() {
        let unknown = altered(|p| p.questions[0].shown_if = shown_if("nobody", &[Answer::Yes]));
        assert_eq!(unknown, one("questions.0.shownIf", Flaw::UnknownQuestion));
        let never = altered(|p| p.shots[0].shown_if = shown_if("damage", &[]));
        assert_eq!(never, one("shots.0.shownIf", Flaw::NeverShown));
        let circle = altered(|p| {
            p.questions[0].shown_if = shown_if("tested", &[Answer::Yes]);
            p.questions[1].shown_if = shown_if("work_done", &[Answer::Yes]);
        });
        let named = [
            ("questions.0.shownIf".to_owned(), Flaw::Circle),
            ("questions.1.shownIf".to_owned(), Flaw::Circle),
        ];
        assert_eq!(circle, named);
        let itself = altered(|p| p.questions[0].shown_if = shown_if("work_done", &[Answer::Yes]));
        assert_eq!(itself, one("questions.0.shownIf", Flaw::Circle));
        let hidden = altered(|p| {
            p.shots.iter_mut().for_each(|shot| shot.shown_if = shown_if("damage", &[Answer::Yes]))
        });
        assert_eq!(hidden, one("minimumPhotos", Flaw::NoShotToTake));
    }

    #[test]
    fn more_than_a_visit_can_hold_is_refused() {
        let many = altered(|p| {
            let serial =
                |n| SerialWanted { id: format!("s{n}"), text: "One".to_owned(), ..SerialWanted::default() };
            p.serials = (0..=MAX_ITEMS).map(serial).collect();
        });
        assert_eq!(many, one("serials", Flaw::TooMany));
    }

    #[test]
    fn what_hangs_on_a_hidden_question_is_hidden_whatever_was_answered() {
        let mut policy = Policy::standard();
        policy.questions[1].shown_if = shown_if("work_done", &[Answer::No]);
        policy.questions[2].shown_if = shown_if("tested", &[Answer::Yes]);
        policy.shots[0].shown_if = shown_if("site_clean", &[Answer::Yes]);
        let yes = |id: &str| (id.to_owned(), Answer::Yes);
        let mut answers = ["work_done", "tested", "site_clean"].map(yes).into();
        let ids = |questions: Vec<&Question>| questions.iter().map(|q| q.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(policy.asked(&answers).collect()), ["work_done", "damage"]);
        assert_eq!(policy.wanted(&answers).map(|shot: &Shot| &*shot.id).collect::<Vec<_>>(), ["detail"]);
        answers.insert("work_done".to_owned(), Answer::No);
        assert_eq!(policy.asked(&answers).count(), 4);
        assert_eq!(policy.wanted(&answers).count(), 2);
    }
}
