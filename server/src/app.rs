//! What every handler and worker needs.

use crate::{
    blobs::Blobs,
    clock::Clock,
    db::{Db, seller::Seller},
    entropy::Entropy,
    evidence::{self, KeyStore},
    policies::key::PolicyKey,
    seal::RootKey,
    settings::Settings,
};
use anyhow::{Context as _, bail, ensure};
use doorstep_core::{id::SellerId, vault::Key};
use std::{os::unix::fs::DirBuilderExt as _, sync::Arc};
use tokio::sync::watch;

/// The server's parts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub blobs: Blobs,
    pub root_key: RootKey,
    /// What phones hold against what they are told that visits are held to.
    pub policy_key: PolicyKey,
    /// What opens the evidence that phones send.
    pub evidence: KeyStore,
    pub settings: Arc<Settings>,
    /// The seller this server works for.
    pub seller: SellerId,
    /// Rings after every commit that made events or outbox calls; who listens reads the database.
    pub bell: Bell,
}

/// What is sealed to know the root key again.
const KEY_CHECK: &str = "key/check";

impl App {
    /// Opens database, folders and root key. First use makes them, with the seller's row.
    ///
    /// # Errors
    /// One of them cannot be opened, or they do not belong together.
    pub async fn open(
        settings: Settings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> anyhow::Result<Self> {
        let data = &settings.data;
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(data)
            .with_context(|| format!("making the data folder {}", data.display()))?;
        let blobs =
            Blobs::open(data).with_context(|| format!("opening the data folder {}", data.display()))?;
        let db = Db::open(&settings.database_address()).await.context("opening the database")?;
        let root_key = RootKey::load(data)?;
        let evidence = KeyStore::open(data)?;

        let mut tx = db.write().await?;
        tx.lock_sellers().await?;
        let (root_key, seller) = match (tx.seller().await?, root_key) {
            (Some(seller), Some(root_key)) => {
                ensure!(
                    root_key.unwrap(KEY_CHECK, &seller.key_check).is_ok(),
                    "root.key in {} is not the key of this database",
                    data.display()
                );
                (root_key, seller)
            }
            (Some(_), None) => bail!(
                "the database has data, and the key that opens it is missing: put root.key back into {}",
                data.display()
            ),
            (None, root_key) => {
                let root_key = match root_key {
                    Some(root_key) => root_key,
                    None => RootKey::create(data, &*entropy)?,
                };
                let seller = Seller {
                    seller: SellerId::from_bytes(entropy.bytes()),
                    marketplace_id: settings.marketplace().as_str().to_owned(),
                    key_check: root_key.wrap(KEY_CHECK, &Key::from_bytes(entropy.bytes()), &*entropy)?,
                };
                tx.insert_seller(&seller, &settings.time_zone, clock.now()).await?;
                (root_key, seller)
            }
        };
        ensure!(
            settings.marketplaces().iter().any(|id| id.as_str() == seller.marketplace_id),
            "this database is of marketplace {}: DOORSTEP_MARKETPLACE_ID has to name it",
            seller.marketplace_id
        );
        tx.commit().await?;

        let (settings, seller) = (Arc::new(settings), seller.seller);
        let (bell, policy_key) = (Bell::default(), PolicyKey::of(&root_key));
        let app = Self { db, clock, entropy, blobs, root_key, policy_key, evidence, settings, seller, bell };
        // Before anybody is served: the folder may have come from a backup.
        evidence::destroy_due(&app).await.context("destroying the evidence keys of days that have come")?;
        Ok(app)
    }
}

/// Tells listeners in this process that there is something new to read. It carries nothing: the database is the
/// truth, and a listener in another process finds the same by looking once a second.
#[derive(Clone, Debug)]
pub struct Bell(Arc<watch::Sender<u64>>);

impl Default for Bell {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl Bell {
    pub fn ring(&self) {
        self.0.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
