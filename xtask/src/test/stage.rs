//! The stages of a test run, in order, and what becomes of each.

use anyhow::Result;

use super::run::Run;

#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// The stages whose work this one uses.
    pub(crate) needs: &'static [&'static str],
    pub(crate) run: fn(&mut Run) -> Result<Count>,
}

/// How much a stage looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) number: u64,
    pub(crate) what: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed(Count),
    Failed(String),
    NotRun { needed: &'static str },
}

impl Outcome {
    pub(crate) fn is_success(&self) -> bool {
        matches!(self, Self::Passed(_))
    }

    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Passed(_) => "passed",
            Self::Failed(_) => "FAILED",
            Self::NotRun { .. } => "NOT RUN",
        }
    }

    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Passed(Count { number, what }) => format!("{number} {what}"),
            // The whole of it stands above, where the stage failed.
            Self::Failed(problem) => problem.lines().next().unwrap_or_default().chars().take(60).collect(),
            Self::NotRun { needed } => format!("needs {needed}"),
        }
    }
}

pub(crate) const STAGES: &[Stage] = &[
    Stage { name: "tidy", about: "the conventions of this repository", needs: &[], run: Run::tidy },
    Stage { name: "format", about: "rustfmt", needs: &[], run: Run::format },
    Stage {
        name: "clippy",
        about: "no warning in any crate, for both targets",
        needs: &[],
        run: Run::clippy,
    },
    Stage {
        name: "build",
        about: "the programs and tests that run on this machine",
        needs: &[],
        run: Run::build,
    },
    Stage { name: "postgres", about: "a fresh PostgreSQL", needs: &[], run: Run::postgres },
    Stage {
        name: "rust",
        about: "the tests of every native crate, on SQLite and PostgreSQL",
        needs: &["build", "postgres"],
        run: Run::rust,
    },
    Stage { name: "wasm", about: "the core in a headless browser", needs: &[], run: Run::wasm },
    Stage { name: "web", about: "everything the browser loads, and its types", needs: &[], run: Run::web },
    Stage {
        name: "stories",
        about: "the browser stories, server and sandbox included",
        needs: &["build", "web"],
        run: Run::stories,
    },
    Stage {
        name: "webkit",
        about: "the stories that both browser engines must tell, in WebKit",
        needs: &["build", "web"],
        run: Run::webkit,
    },
];

/// The stages to run: all, or one with everything it is built on.
pub(crate) fn chosen(only: Option<&str>) -> Vec<&'static Stage> {
    let Some(only) = only else { return STAGES.iter().collect() };
    let mut wanted = vec![only];
    for stage in STAGES.iter().rev() {
        if wanted.contains(&stage.name) {
            wanted.extend(stage.needs);
        }
    }
    STAGES.iter().filter(|stage| wanted.contains(&stage.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: Option<&str>) -> Vec<&'static str> {
        chosen(only).iter().map(|stage| stage.name).collect()
    }

    #[test]
    fn one_stage_brings_what_it_is_built_on() {
        assert_eq!(names(Some("tidy")), ["tidy"]);
        assert_eq!(names(Some("rust")), ["build", "postgres", "rust"]);
        assert_eq!(names(Some("stories")), ["build", "web", "stories"]);
        assert_eq!(names(Some("webkit")), ["build", "web", "webkit"]);
        assert_eq!(names(None).len(), STAGES.len());
    }

    #[test]
    fn a_stage_needs_only_earlier_ones() {
        for (place, stage) in STAGES.iter().enumerate() {
            for needed in stage.needs {
                assert!(STAGES[..place].iter().any(|earlier| earlier.name == *needed), "{}", stage.name);
            }
        }
    }
}
