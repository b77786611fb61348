//! Any order of edits, kills, lost requests and answers, failing disks and tabs, held against a model.

use crate::{
    server::visit,
    world::{Fate, World, photo},
};
use doorstep_core::session::{Event, Saved};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Deed {
    Note {
        tab: usize,
        visit: u8,
    },
    Photo {
        tab: usize,
        visit: u8,
        dies: bool,
    },
    Commit(usize),
    /// On disk, and the page dies before it hears so.
    CommitAndDie(usize),
    FailWrite(usize),
    Hear(usize),
    Speak(usize),
    Serve(usize, Fate),
    Sleep(usize),
    TryNow(usize),
    Kill(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let fate = prop_oneof![
        6 => Just(Fate::Arrives),
        2 => Just(Fate::AnswerIsLost),
        1 => Just(Fate::RequestIsLost),
        1 => Just(Fate::AnswerIsForeign),
    ];
    let tab = 0..2usize;
    prop_oneof![
        6 => (tab.clone(), 0..2u8).prop_map(|(tab, visit)| Deed::Note { tab, visit }),
        2 => (tab.clone(), 0..2u8, any::<bool>())
            .prop_map(|(tab, visit, dies)| Deed::Photo { tab, visit, dies }),
        8 => tab.clone().prop_map(Deed::Commit),
        1 => tab.clone().prop_map(Deed::CommitAndDie),
        1 => tab.clone().prop_map(Deed::FailWrite),
        4 => tab.clone().prop_map(Deed::Hear),
        8 => (tab.clone(), fate).prop_map(|(tab, fate)| Deed::Serve(tab, fate)),
        3 => tab.clone().prop_map(Deed::Speak),
        2 => tab.clone().prop_map(Deed::Sleep),
        1 => tab.clone().prop_map(Deed::TryNow),
        1 => tab.prop_map(Deed::Kill),
    ]
}

/// What a technician did, and how much of it a screen has called saved.
#[derive(Clone, Debug)]
struct Done {
    number: u32,
    visit: u8,
    is_photo: bool,
    /// The page it was done in, while that page lives.
    page: Option<usize>,
    secured: bool,
}

struct Story {
    world: World,
    tabs: [usize; 2],
    done: Vec<Done>,
}

impl Story {
    fn new() -> Self {
        let mut world = World::met(2);
        let second = world.open();
        world.settle();
        Self { world, tabs: [0, second], done: vec![] }
    }

    fn restart(&mut self, tab: usize) {
        let page = self.tabs[tab];
        self.done.iter_mut().filter(|done| done.page == Some(page)).for_each(|done| done.page = None);
        self.tabs[tab] = self.world.reopen(page);
    }

    fn act(&mut self, deed: Deed) {
        let number = self.done.len() as u32;
        let world = &mut self.world;
        match deed {
            Deed::Note { tab, visit } => {
                let page = self.tabs[tab];
                world.note(page, visit, &format!("note {number}"));
                self.done.push(Done { number, visit, is_photo: false, page: Some(page), secured: false });
            }
            Deed::Photo { tab, visit, dies } => {
                let page = self.tabs[tab];
                let capture = world.shoot(page, visit, number);
                // Committed with its row: whatever happens now, it is there.
                self.done.push(Done { number, visit, is_photo: true, page: Some(page), secured: true });
                if dies {
                    self.restart(tab);
                } else {
                    world.give(page, Event::Captured { capture });
                }
            }
            Deed::Commit(tab) => drop(world.commit(self.tabs[tab])),
            Deed::CommitAndDie(tab) => {
                world.commit_silently(self.tabs[tab]);
                self.restart(tab);
            }
            Deed::FailWrite(tab) => drop(world.fail_write(self.tabs[tab])),
            Deed::Hear(tab) => drop(world.hear(self.tabs[tab])),
            Deed::Serve(tab, fate) => drop(world.serve(self.tabs[tab], fate)),
            Deed::Speak(tab) => world.speak(self.tabs[tab]),
            Deed::Sleep(tab) => world.sleep_until_wake(self.tabs[tab]),
            Deed::TryNow(tab) => world.give(self.tabs[tab], Event::TryNow),
            Deed::Kill(tab) => self.restart(tab),
        }
        self.listen_to_the_screens();
    }

    /// What a screen calls saved is secured; what it calls safe the server has.
    fn listen_to_the_screens(&mut self) {
        for page in self.tabs {
            for n in 0..2 {
                let state = self.world.saved(page, n);
                let of_page = |done: &&mut Done| done.page == Some(page) && done.visit == n;
                if matches!(state, Saved::OnPhone | Saved::Safe) {
                    self.done.iter_mut().filter(of_page).for_each(|done| done.secured = true);
                }
                if state == Saved::Safe {
                    for done in self.done.iter().filter(|done| done.page == Some(page) && done.visit == n) {
                        assert_eq!(count(&self.world, done), 1, "called safe: {done:?}");
                    }
                }
            }
        }
    }

    fn end(mut self) {
        for tab in 0..2 {
            self.world.kill(self.tabs[tab]);
        }
        let page = self.world.open();
        self.world.settle();
        for done in &self.done {
            let count = count(&self.world, done);
            assert!(count <= 1, "doubled: {done:?}");
            assert!(!done.secured || count == 1, "lost: {done:?}");
        }
        assert_eq!(self.world.server.refused, 0);
        assert_eq!(self.world.view(page).sync.unreadable, 0);
        for n in 0..2 {
            let state = self.world.saved(page, n);
            assert!(matches!(state, Saved::Safe | Saved::Untouched), "{state:?}");
            let closeout = self.world.server.documents[&visit(n)].read().unwrap();
            assert_eq!(self.world.shown(page, n).closeout, closeout);
            assert_eq!(closeout.conflicts, Vec::<String>::new());
        }
        // Rows that a base covers go with the next exchange of their visit.
        (0..2).for_each(|n| self.world.note(page, n, "the last"));
        self.world.settle();
        assert_eq!((self.world.rows("change/"), self.world.rows("capture/")), (0, 0));
        assert_eq!(self.world.rows("base/"), 2);
    }
}

/// How often the server has something.
fn count(world: &World, done: &Done) -> usize {
    if done.is_photo {
        let named = world.server.documents[&visit(done.visit)].read().unwrap().photos;
        let has =
            named.contains_key(&photo(done.number)) && world.server.photos.contains(&photo(done.number));
        usize::from(has)
    } else {
        let text = format!("note {}", done.number);
        world.server.notes(visit(done.visit)).into_iter().filter(|note| *note == text).count()
    }
}

fn cases() -> u32 {
    if std::env::var_os("DOORSTEP_LONG").is_some() { 4_000 } else { 64 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_the_server_gets_every_saved_edit_once_and_safe_means_safe(
        deeds in prop::collection::vec(deed(), 0..60),
    ) {
        let mut story = Story::new();
        deeds.into_iter().for_each(|deed| story.act(deed));
        story.end();
    }
}
