//! How a visit ends, by what was said of it and what the office decided.

use super::visit::{ask, come_again, decide, no_show};
use crate::{
    closeout::{Closeout, Ending, Outcome},
    decision::DecisionState,
    job::{Job, NoticeKind},
    reason::{ReasonCode, Wish},
};

#[test]
fn how_a_visit_ends_follows_from_what_was_said_and_decided() {
    let ending = |record: fn(&mut Job, &mut Closeout)| {
        let (mut job, mut closeout) = (super::job(), super::complete());
        record(&mut job, &mut closeout);
        closeout.ending(&job)
    };
    assert_eq!(ending(|_, _| {}), Ending::Complete);
    assert_eq!(ending(|_, closeout| closeout.outcome = Some(Outcome::Served)), Ending::Complete);
    assert_eq!(ending(|_, closeout| no_show(closeout, 17)), Ending::Nothing);
    assert_eq!(ending(|_, closeout| come_again(closeout)), Ending::FulfilOnly);
    let again = ending(|job, closeout| {
        come_again(closeout);
        decide(job, false, Wish::Reschedule, DecisionState::Done, 5);
        job.standing.notices.push(super::notice(NoticeKind::Moved, 6, None));
    });
    assert_eq!(again, Ending::Complete, "this is the other visit");
    let withdrawn = ending(|_, closeout| ask(closeout, Wish::Cancel, ReasonCode::S1, true));
    assert_eq!(withdrawn, Ending::Complete);
    // A request waits for its answer, and for what comes of it; a visit that was moved goes on.
    use DecisionState::{Approved, Declined, Done, Dropped, Stuck};
    for what in [Wish::Cancel, Wish::Reschedule] {
        let decided = |state: Option<DecisionState>| {
            let (mut job, mut closeout) = (super::job(), super::complete());
            ask(&mut closeout, what, ReasonCode::S1, false);
            state.into_iter().for_each(|state| decide(&mut job, true, what, state, 5));
            closeout.ending(&job)
        };
        for waits in [None, Some(Approved), Some(Stuck), Some(Dropped)] {
            assert_eq!(decided(waits), Ending::Nothing, "{what:?} {waits:?}");
        }
        assert_eq!(decided(Some(Declined)), Ending::Complete);
        let moved = if what == Wish::Reschedule { Ending::Complete } else { Ending::Nothing };
        assert_eq!(decided(Some(Done)), moved);
    }
}
