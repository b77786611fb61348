//! What a sandbox is started with.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};

use crate::clock::Clock;
use crate::scenario::Scenario;
use crate::script::Script;
use crate::seed::Day;

/// Login with Amazon: what the one seller's application must present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub client_id: String,
    pub client_secret: String,
    pub refresh_token: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            client_id: "amzn1.application-oa2-client.sandbox".into(),
            client_secret: "amzn1.oa2-cs.v1.sandbox".into(),
            refresh_token: "Atzr|sandbox".into(),
        }
    }
}

/// Whether the published requests per second are enforced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rates {
    #[default]
    Published,
    Off,
}

/// What `contentSha256` is taken over. Amazon's guide hashes the ciphertext, the model's prose reads like the
/// plaintext, and nobody outside Amazon can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContentHash {
    #[default]
    Ciphertext,
    Plaintext,
}

/// Everything a sandbox needs to start.
#[derive(Clone, Debug)]
pub struct Config {
    /// A loopback address; port 0 takes a free one.
    pub listen: SocketAddr,
    pub clock: Clock,
    pub day: Day,
    /// Lays another day around the clock's present, of the given day's seed, technicians and jobs.
    pub scenario: Option<Scenario>,
    pub credentials: Credentials,
    pub rates: Rates,
    pub content_hash: ContentHash,
    /// The operations, by their ids, that take a restricted data token only. Amazon's list has none of this API,
    /// and one page of Amazon's says otherwise.
    pub restricted: BTreeSet<String>,
    /// Headers, by their lower-case names, that an upload must carry as they are given out with its destination.
    /// Amazon's model allows for them, and its examples have none.
    pub signed_headers: BTreeMap<String, String>,
    /// What goes wrong and what happens from the start.
    pub script: Script,
}

impl Config {
    /// A free loopback port, the default credentials, published rates, hashes over the ciphertext.
    pub fn new(clock: Clock, day: Day) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            clock,
            day,
            scenario: None,
            credentials: Credentials::default(),
            rates: Rates::default(),
            content_hash: ContentHash::default(),
            restricted: BTreeSet::new(),
            signed_headers: BTreeMap::new(),
            script: Script::default(),
        }
    }
}
