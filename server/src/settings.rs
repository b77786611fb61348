//! What whoever runs the server may set, from the environment or the command line.

mod amazon;

pub use amazon::AmazonChoices;

use anyhow::{Context as _, bail, ensure};
use clap::{Args, ValueEnum};
use doorstep_core::{api::LeaseTerms, time::Timestamp};
use doorstep_spapi::{Endpoint, LoginEndpoint, MarketplaceId, Region, Secret};
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Whether a name and a password make a new phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Enrolment {
    /// A new phone takes a code from the office; name and password open a phone that is known.
    Required,
    /// Name and password are enough.
    Open,
}

/// All settings, with their defaults. Secrets have no `Debug`.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Folder of the root key, the photos and, by default, the database.
    #[arg(long, env = "DOORSTEP_DATA", default_value = "data", global = true)]
    pub data: PathBuf,

    /// sqlite://path or postgres://…; without it, doorstep.db in the data folder.
    #[arg(long, env = "DOORSTEP_DATABASE_URL", hide_env_values = true, value_parser = secret, global = true)]
    pub database_url: Option<Secret<String>>,

    /// Where the server listens.
    #[arg(long, env = "DOORSTEP_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,

    /// Set to 1 when a TLS proxy stands before the server: needed to listen beyond this machine.
    #[arg(long, env = "DOORSTEP_PUBLIC_HTTPS", value_parser = yes_or_no, default_value = "0", global = true)]
    pub public_https: bool,

    /// Folder of the built web pages; without it only the API is served.
    #[arg(long, env = "DOORSTEP_WEB", global = true)]
    pub web: Option<PathBuf>,

    /// Base address of the selling partner API; without it, Amazon's for the marketplace.
    #[arg(long, env = "DOORSTEP_SPAPI_ENDPOINT", global = true)]
    pub spapi_endpoint: Option<String>,

    /// Address of Login with Amazon; without it, Amazon's own.
    #[arg(long, env = "DOORSTEP_LWA_ENDPOINT", global = true)]
    pub lwa_endpoint: Option<String>,

    #[arg(long, env = "DOORSTEP_LWA_CLIENT_ID", global = true)]
    pub lwa_client_id: Option<String>,

    #[arg(long, env = "DOORSTEP_LWA_CLIENT_SECRET", hide_env_values = true, value_parser = secret, global = true)]
    pub lwa_client_secret: Option<Secret<String>>,

    #[arg(long, env = "DOORSTEP_LWA_REFRESH_TOKEN", hide_env_values = true, value_parser = secret, global = true)]
    pub lwa_refresh_token: Option<Secret<String>>,

    #[command(flatten)]
    pub amazon: AmazonChoices,

    /// The marketplaces whose jobs are taken in, all of one region, with commas between them.
    #[arg(long, env = "DOORSTEP_MARKETPLACE_ID", default_value = "ATVPDKIKX0DER", global = true)]
    pub marketplace_id: String,

    /// IANA name of the zone that times are shown in.
    #[arg(long, env = "DOORSTEP_TIME_ZONE", default_value = "America/Los_Angeles", value_parser = zone, global = true)]
    pub time_zone: String,

    /// How often Amazon is asked for jobs.
    #[arg(long, env = "DOORSTEP_INTAKE_EVERY_MS", default_value_t = 60_000, global = true)]
    pub intake_every_ms: i64,

    /// How far each intake reaches back behind the one before: Amazon promises no consistent snapshot.
    #[arg(long, env = "DOORSTEP_INTAKE_OVERLAP_MS", default_value_t = 300_000, global = true)]
    pub intake_overlap_ms: i64,

    /// How long one request to Amazon may take.
    #[arg(long, env = "DOORSTEP_AMAZON_TIMEOUT_MS", default_value_t = 30_000, global = true)]
    pub amazon_timeout_ms: i64,

    /// How long after a lost reply nothing is sent again; at least the timeout.
    #[arg(long, env = "DOORSTEP_FENCE_MS", default_value_t = 120_000, global = true)]
    pub fence_ms: i64,

    /// Days that buyer data may live after the end of the visit.
    #[arg(long, env = "DOORSTEP_RETENTION_DAYS", default_value_t = 30, global = true)]
    pub retention_days: i64,

    /// Days that buyer data of a job without any visit may live after the job was made.
    #[arg(long, env = "DOORSTEP_UNAPPOINTED_DAYS", default_value_t = 30, global = true)]
    pub unappointed_days: i64,

    /// How long after its end a visit stays on the technician's list.
    #[arg(long, env = "DOORSTEP_DAY_BEFORE_MS", default_value_t = 12 * HOUR_MS, global = true)]
    pub day_before_ms: i64,

    /// How long before its start a visit appears on the technician's list.
    #[arg(long, env = "DOORSTEP_DAY_AFTER_MS", default_value_t = 24 * HOUR_MS, global = true)]
    pub day_after_ms: i64,

    /// How long a technician stays signed in. The longest working day and the way home, so that nobody signs in
    /// again on a roof; not two days in a row.
    #[arg(long, env = "DOORSTEP_TECHNICIAN_SESSION_MS", default_value_t = 14 * HOUR_MS, global = true)]
    pub technician_session_ms: i64,

    /// How long a phone may show buyer data after it last heard from the server.
    #[arg(long, env = "DOORSTEP_LEASE_MS", default_value_t = 24 * HOUR_MS, global = true)]
    pub lease_ms: i64,

    /// How long a phone stays unlocked that nobody touches.
    #[arg(long, env = "DOORSTEP_IDLE_LOCK_MS", default_value_t = 15 * 60_000, global = true)]
    pub idle_lock_ms: i64,

    /// How long a supervisor or an administrator stays signed in: one shift at a desk.
    #[arg(long, env = "DOORSTEP_OFFICE_SESSION_MS", default_value_t = 10 * HOUR_MS, global = true)]
    pub office_session_ms: i64,

    /// Whether a new phone takes a code from the office, or name and password are enough.
    #[arg(long, env = "DOORSTEP_ENROLMENT", default_value = "open", global = true)]
    pub enrolment: Enrolment,
}

impl Settings {
    /// The defaults, with data in `data` and Amazon at `spapi_endpoint` (Login with Amazon too). For tests.
    pub fn for_tests(data: &Path, spapi_endpoint: &str) -> Self {
        Self {
            data: data.to_owned(),
            database_url: None,
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            public_https: false,
            web: None,
            spapi_endpoint: Some(spapi_endpoint.to_owned()),
            lwa_endpoint: Some(spapi_endpoint.to_owned()),
            lwa_client_id: Some("made-up-client".to_owned()),
            lwa_client_secret: Some(Secret::from("made-up-secret")),
            lwa_refresh_token: Some(Secret::from("made-up-refresh-token")),
            amazon: AmazonChoices::default(),
            marketplace_id: "ATVPDKIKX0DER".to_owned(),
            time_zone: "America/Los_Angeles".to_owned(),
            intake_every_ms: 60_000,
            intake_overlap_ms: 300_000,
            amazon_timeout_ms: 30_000,
            fence_ms: 120_000,
            retention_days: 30,
            unappointed_days: 30,
            day_before_ms: 12 * HOUR_MS,
            day_after_ms: 24 * HOUR_MS,
            technician_session_ms: 14 * HOUR_MS,
            lease_ms: 24 * HOUR_MS,
            idle_lock_ms: 15 * 60_000,
            office_session_ms: 10 * HOUR_MS,
            enrolment: Enrolment::Open,
        }
    }

    /// Refuses what would be unsafe or cannot work, naming the setting.
    ///
    /// # Errors
    /// One line for the person who runs the server.
    pub fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.listen.ip().is_loopback() || self.public_https,
            "DOORSTEP_LISTEN is open to other machines without TLS: put a TLS proxy before the server and set \
             DOORSTEP_PUBLIC_HTTPS=1, or listen on 127.0.0.1"
        );
        ensure!(
            self.fence_ms >= self.amazon_timeout_ms,
            "DOORSTEP_FENCE_MS is shorter than DOORSTEP_AMAZON_TIMEOUT_MS"
        );
        for (name, value, least) in [
            ("DOORSTEP_INTAKE_EVERY_MS", self.intake_every_ms, 100),
            ("DOORSTEP_INTAKE_OVERLAP_MS", self.intake_overlap_ms, 0),
            ("DOORSTEP_AMAZON_TIMEOUT_MS", self.amazon_timeout_ms, 100),
            ("DOORSTEP_DAY_BEFORE_MS", self.day_before_ms, 0),
            ("DOORSTEP_DAY_AFTER_MS", self.day_after_ms, 0),
            ("DOORSTEP_TECHNICIAN_SESSION_MS", self.technician_session_ms, 60_000),
            ("DOORSTEP_OFFICE_SESSION_MS", self.office_session_ms, 60_000),
            ("DOORSTEP_LEASE_MS", self.lease_ms, 1000),
            ("DOORSTEP_IDLE_LOCK_MS", self.idle_lock_ms, 1000),
        ] {
            ensure!((least..=365 * DAY_MS).contains(&value), "{name} takes {least} to {} ms", 365 * DAY_MS);
        }
        // Amazon's policy: buyer data lives 30 days at most.
        ensure!((1..=30).contains(&self.retention_days), "DOORSTEP_RETENTION_DAYS takes 1 to 30");
        ensure!((1..=30).contains(&self.unappointed_days), "DOORSTEP_UNAPPOINTED_DAYS takes 1 to 30");
        self.check_marketplaces()?;
        if let Some(web) = &self.web {
            ensure!(
                web.join("index.html").is_file(),
                "DOORSTEP_WEB has no index.html: build the web pages first"
            );
        }
        Ok(())
    }

    /// One set of credentials reaches one region.
    fn check_marketplaces(&self) -> anyhow::Result<()> {
        let marketplaces = self.marketplaces();
        ensure!(
            marketplaces.iter().all(|id| !id.as_str().is_empty()),
            "DOORSTEP_MARKETPLACE_ID has an empty name in its list"
        );
        let regions: BTreeSet<_> = marketplaces.iter().map(|id| format!("{:?}", Region::of(id))).collect();
        ensure!(
            regions.len() == 1,
            "DOORSTEP_MARKETPLACE_ID names marketplaces of more than one region: run one server for each"
        );
        Ok(())
    }

    /// The database's address.
    pub fn database_address(&self) -> String {
        match &self.database_url {
            Some(url) => url.expose().clone(),
            None => format!("sqlite://{}", self.data.join("doorstep.db").display()),
        }
    }

    /// When data about the buyer of a visit that ends at `end` has to be gone.
    pub fn retention_deadline(&self, end: Timestamp) -> Timestamp {
        end.plus_ms(self.retention_days.saturating_mul(DAY_MS))
    }

    /// When data about the buyer of a job that was made at `made` and never got a visit has to be gone.
    pub fn unappointed_deadline(&self, made: Timestamp) -> Timestamp {
        made.plus_ms(self.unappointed_days.saturating_mul(DAY_MS))
    }

    /// The span whose visits a technician holds at `now`.
    pub fn day_around(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        (now.plus_ms(-self.day_before_ms), now.plus_ms(self.day_after_ms))
    }

    /// What each contact grants a phone.
    pub const fn lease_terms(&self) -> LeaseTerms {
        LeaseTerms { length_ms: self.lease_ms, idle_ms: self.idle_lock_ms }
    }

    /// The first of the marketplaces.
    pub fn marketplace(&self) -> MarketplaceId {
        MarketplaceId::from(self.marketplace_id.split(',').next().unwrap_or_default().trim())
    }

    /// All of them, each once, in the order of the setting.
    pub fn marketplaces(&self) -> Vec<MarketplaceId> {
        let mut named: Vec<&str> = Vec::new();
        for name in self.marketplace_id.split(',').map(str::trim) {
            if !named.contains(&name) {
                named.push(name);
            }
        }
        named.into_iter().map(MarketplaceId::from).collect()
    }

    /// Where the selling partner API is.
    ///
    /// # Errors
    /// The address is no endpoint, or the marketplace is unknown and no address is set.
    pub fn endpoint(&self) -> anyhow::Result<Endpoint> {
        if let Some(address) = &self.spapi_endpoint {
            ensure!(
                !self.amazon.spapi_sandbox,
                "DOORSTEP_SPAPI_SANDBOX and DOORSTEP_SPAPI_ENDPOINT name two addresses: set one of them"
            );
            return Endpoint::parse(address).context("DOORSTEP_SPAPI_ENDPOINT");
        }
        match Region::of(&self.marketplace()) {
            Some(region) if self.amazon.spapi_sandbox => Ok(Endpoint::sandbox(region)),
            Some(region) => Ok(Endpoint::production(region)),
            None => {
                bail!("DOORSTEP_MARKETPLACE_ID is not in Amazon's list: set DOORSTEP_SPAPI_ENDPOINT as well")
            }
        }
    }

    /// Where Login with Amazon is.
    ///
    /// # Errors
    /// The address is no endpoint.
    pub fn login_endpoint(&self) -> anyhow::Result<LoginEndpoint> {
        Ok(match &self.lwa_endpoint {
            Some(address) => LoginEndpoint::parse(address).context("DOORSTEP_LWA_ENDPOINT")?,
            None => LoginEndpoint::amazon(),
        })
    }
}

fn secret(text: &str) -> Result<Secret<String>, std::convert::Infallible> {
    Ok(Secret::from(text))
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "1" | "true" | "yes" => Ok(true),
        "0" | "false" | "no" | "" => Ok(false),
        _ => Err("takes 1 or 0".to_owned()),
    }
}

/// Browsers show times in the zone, and the import reads a file's times in it.
fn zone(text: &str) -> Result<String, String> {
    match text.parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(zone.name().to_owned()),
        Err(_) => Err("takes an IANA name such as America/Los_Angeles".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: impl FnOnce(&mut Settings)) -> String {
        let mut settings = Settings::for_tests(Path::new("data"), "http://127.0.0.1:1");
        change(&mut settings);
        settings.check().map_or_else(|refusal| refusal.to_string(), |()| "fine".to_owned())
    }

    #[test]
    fn unsafe_settings_are_refused_by_name() {
        assert_eq!(refusal(|_| ()), "fine");
        assert!(refusal(|s| s.listen = ([0, 0, 0, 0], 8080).into()).contains("DOORSTEP_LISTEN"));
        let behind_a_proxy = |s: &mut Settings| {
            s.listen = ([0, 0, 0, 0], 8080).into();
            s.public_https = true;
        };
        assert_eq!(refusal(behind_a_proxy), "fine");
        assert!(refusal(|s| s.fence_ms = s.amazon_timeout_ms - 1).contains("DOORSTEP_FENCE_MS"));
        assert!(refusal(|s| s.retention_days = 31).contains("DOORSTEP_RETENTION_DAYS"));
        assert!(refusal(|s| s.unappointed_days = 0).contains("DOORSTEP_UNAPPOINTED_DAYS"));
        let marketplaces = |names: &str| refusal(|s| s.marketplace_id = names.to_owned());
        assert_eq!(marketplaces("ATVPDKIKX0DER, A2EUQ1WTGCTBG2"), "fine");
        assert!(marketplaces("ATVPDKIKX0DER,").contains("empty name"));
        assert!(marketplaces("ATVPDKIKX0DER,A1PA6795UKMFR9").contains("more than one region"));
        assert!(refusal(|s| s.intake_every_ms = 0).contains("DOORSTEP_INTAKE_EVERY_MS"));
        assert!(refusal(|s| s.web = Some("nowhere".into())).contains("DOORSTEP_WEB"));
    }

    #[test]
    fn the_endpoint_follows_the_marketplace_and_the_sandbox_is_asked_for() {
        let endpoint = |marketplace: &str, sandbox, address: Option<&str>| {
            let mut settings = Settings::for_tests(Path::new("data"), "http://127.0.0.1:1");
            settings.marketplace_id = marketplace.to_owned();
            settings.spapi_endpoint = address.map(str::to_owned);
            settings.amazon.spapi_sandbox = sandbox;
            settings.endpoint().map_or_else(|refusal| format!("{refusal:#}"), |it| it.as_str().to_owned())
        };
        let germany = "A1PA6795UKMFR9";
        assert_eq!(endpoint(germany, false, None), "https://sellingpartnerapi-eu.amazon.com");
        assert_eq!(endpoint(germany, true, None), "https://sandbox.sellingpartnerapi-eu.amazon.com");
        assert!(endpoint(germany, true, Some("http://127.0.0.1:1")).contains("DOORSTEP_SPAPI_SANDBOX"));
        assert!(endpoint("NOWHERE", true, None).contains("DOORSTEP_MARKETPLACE_ID"));
        assert!(endpoint(germany, false, Some("http://example.com")).contains("plain http"));
    }

    #[test]
    fn a_time_zone_is_a_name_of_the_iana_list() {
        assert!(
            zone("America/Los_Angeles").is_ok()
                && zone("UTC").is_ok()
                && zone("America/Port-au-Prince").is_ok()
        );
        for text in ["", "PST", "/", "America/", "America/Los Angeles", "America/Los_Angles", "<b>/x"] {
            assert!(zone(text).is_err(), "{text}");
        }
    }

    #[test]
    fn secrets_are_not_in_debug_output() {
        let shown = format!("{:?}", Settings::for_tests(Path::new("data"), "http://127.0.0.1:1"));
        assert!(!shown.contains("made-up-secret") && !shown.contains("made-up-refresh-token"), "{shown}");
    }
}
