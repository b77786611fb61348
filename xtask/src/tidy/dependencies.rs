//! Who may depend on whom.

use super::Breach;
use crate::metadata::Metadata;

/// The core is pure: these crates do no IO and ask for no time.
const CORE: [&str; 11] = [
    "aes-gcm",
    "argon2",
    "automerge",
    "chrono",
    "flate2",
    "hex",
    "hkdf",
    "postcard",
    "serde",
    "sha2",
    "thiserror",
];
/// Only with the feature `typescript`, which no shipped build turns on.
const CORE_OPTIONAL: [&str; 1] = ["ts-rs"];

/// Which crates of ours each may use in what it ships. One that is not named here may use all of them.
const OURS: [(&str, &[&str]); 5] = [
    ("doorstep-core", &[]),
    ("doorstep-wasm", &["doorstep-core"]),
    ("doorstep-spapi", &["doorstep-core"]),
    ("doorstep-server", &["doorstep-core", "doorstep-spapi"]),
    // It is written from Amazon's model alone, so that a mistake of ours cannot hide in it.
    ("doorstep-sandbox", &[]),
];

pub(crate) fn check(metadata: &Metadata) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for package in &metadata.packages {
        for dependency in &package.dependencies {
            let (ours, ships) = (dependency.path.is_some(), dependency.kind.as_deref() != Some("dev"));
            let name = dependency.name.as_str();
            let allowed = OURS.iter().find(|(user, _)| *user == package.name).map(|(_, allowed)| allowed);
            // The sandbox's tests are bound by the same rule as what it ships.
            if ours
                && (ships || package.name == "doorstep-sandbox")
                && allowed.is_some_and(|allowed| !allowed.contains(&name))
            {
                breaches.push(Breach::new(&package.name, format!("must not depend on {name}")));
            }
            if package.name == "doorstep-core"
                && ships
                && !ours
                && !CORE.contains(&name)
                && !(dependency.optional && CORE_OPTIONAL.contains(&name))
            {
                breaches
                    .push(Breach::new(&package.name, format!("{name} is not on its list of pure crates")));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(package: &str, dependency: &str) -> Vec<String> {
        let text =
            format!(r#"{{"packages":[{{"name":"{package}","targets":[],"dependencies":[{dependency}]}}]}}"#);
        check(&serde_json::from_str(&text).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_core_has_only_pure_crates() {
        let dependency = |name: &str, optional: bool, kind: &str| {
            format!(r#"{{"name":"{name}","kind":{kind},"path":null,"optional":{optional}}}"#)
        };
        assert_eq!(
            breaches("doorstep-core", &dependency("tokio", false, "null")),
            ["doorstep-core: tokio is not on its list of pure crates"]
        );
        assert_eq!(breaches("doorstep-core", &dependency("serde", false, "null")).len(), 0);
        assert_eq!(breaches("doorstep-core", &dependency("proptest", false, "\"dev\"")).len(), 0);
        assert_eq!(breaches("doorstep-core", &dependency("ts-rs", true, "null")).len(), 0);
        assert_eq!(breaches("doorstep-core", &dependency("ts-rs", false, "null")).len(), 1);
    }

    #[test]
    fn the_sandbox_uses_nothing_of_ours_and_the_tests_may_use_all() {
        let core = r#"{"name":"doorstep-core","kind":"dev","path":"/core","optional":false}"#;
        assert_eq!(
            breaches("doorstep-sandbox", core),
            ["doorstep-sandbox: must not depend on doorstep-core"]
        );
        assert_eq!(breaches("doorstep-tests", core).len(), 0);
    }
}
