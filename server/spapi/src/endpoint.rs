//! Where Amazon is: endpoints by region, regions by marketplace.

use url::{Host, Url};

use crate::id::MarketplaceId;

/// What keeps a client from being made.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The text is not an absolute http(s) address, or has parts an endpoint cannot have.
    #[error("{0:?} is not the address of an endpoint")]
    NotAnEndpoint(String),
    /// Tokens and buyer data would cross the network in the clear.
    #[error("{0:?} is plain http: only a loopback address may be")]
    PlainHttp(String),
    /// An operation that this crate does not know was to send restricted data tokens.
    #[error("{0:?} is no operation of the Services API")]
    UnknownOperation(String),
    /// The TLS set-up of this machine failed, for example because it has no CA certificates.
    #[error("the HTTP client could not be set up")]
    Http(#[source] reqwest::Error),
}

/// One of Amazon's three regions of the selling partner API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// North America, us-east-1.
    Na,
    /// Europe, the Middle East, Africa and India, eu-west-1.
    Eu,
    /// The Far East and Australia, us-west-2.
    Fe,
}

/// Country, marketplace and region, as Amazon's guide lists them.
const MARKETPLACES: &[(&str, &str, Region)] = &[
    ("CA", "A2EUQ1WTGCTBG2", Region::Na),
    ("US", "ATVPDKIKX0DER", Region::Na),
    ("MX", "A1AM78C64UM0Y8", Region::Na),
    ("BR", "A2Q3Y263D00KWC", Region::Na),
    ("IE", "A28R8C7NBKEWEA", Region::Eu),
    ("ES", "A1RKKUPIHCS9HS", Region::Eu),
    ("UK", "A1F83G8C2ARO7P", Region::Eu),
    ("FR", "A13V1IB3VIYZZH", Region::Eu),
    ("BE", "AMEN7PMS3EDWL", Region::Eu),
    ("NL", "A1805IZSGTT6HS", Region::Eu),
    ("DE", "A1PA6795UKMFR9", Region::Eu),
    ("IT", "APJ6JRA9NG5V4", Region::Eu),
    ("SE", "A2NODRKZP88ZB9", Region::Eu),
    ("ZA", "AE08WJ6YKNBMC", Region::Eu),
    ("PL", "A1C3SOZRARQ6R3", Region::Eu),
    ("EG", "ARBP9OOSHTCHU", Region::Eu),
    ("TR", "A33AVAJ2PDY3EV", Region::Eu),
    ("SA", "A17E79C6D8DWNP", Region::Eu),
    ("AE", "A2VIGQ35RCS4UG", Region::Eu),
    ("IN", "A21TJRUUN4KGV", Region::Eu),
    ("SG", "A19VAU5U5O7RUS", Region::Fe),
    ("AU", "A39IBJ37TRP1C6", Region::Fe),
    ("JP", "A1VC38T7YXB528", Region::Fe),
];

impl Region {
    /// The region of a marketplace, if Amazon lists it.
    pub fn of(marketplace: &MarketplaceId) -> Option<Region> {
        MARKETPLACES.iter().find(|(_, id, _)| *id == marketplace.as_str()).map(|(_, _, region)| *region)
    }

    /// The country of a marketplace in two letters (`UK`, as Amazon writes it), if Amazon lists it.
    pub fn country(marketplace: &MarketplaceId) -> Option<&'static str> {
        MARKETPLACES.iter().find(|(_, id, _)| *id == marketplace.as_str()).map(|(country, _, _)| *country)
    }

    fn letters(self) -> &'static str {
        match self {
            Region::Na => "na",
            Region::Eu => "eu",
            Region::Fe => "fe",
        }
    }
}

/// The base address of the selling partner API: https, or plain http on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// Takes a base address such as `https://sellingpartnerapi-eu.amazon.com`.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let url = checked(text)?;
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// Amazon's endpoint of a region.
    pub fn production(region: Region) -> Self {
        Self(format!("https://sellingpartnerapi-{}.amazon.com", region.letters()))
    }

    /// Amazon's static sandbox of a region.
    pub fn sandbox(region: Region) -> Self {
        Self(format!("https://sandbox.sellingpartnerapi-{}.amazon.com", region.letters()))
    }

    /// The base address, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The production endpoint behind Amazon's sandbox of a region; any other endpoint itself.
    pub(crate) fn beyond_sandbox(&self) -> Self {
        match self.0.strip_prefix("https://sandbox.sellingpartnerapi-") {
            Some(rest) => Self(format!("https://sellingpartnerapi-{rest}")),
            None => self.clone(),
        }
    }

    /// Whether this is Amazon's sandbox, whose rates differ from the published ones.
    pub(crate) fn is_amazons_sandbox(&self) -> bool {
        self.0.starts_with("https://sandbox.sellingpartnerapi-")
    }

    /// Whether requests never leave this machine.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.starts_with("http:")
    }
}

/// The address of Login with Amazon's token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginEndpoint(String);

impl LoginEndpoint {
    const PATH: &'static str = "/auth/o2/token";

    /// Takes the whole address, or the host alone: the path is then the one Amazon uses.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let mut url = checked(text)?;
        if url.path() == "/" {
            url.set_path(Self::PATH);
        }
        Ok(Self(url.into()))
    }

    /// Amazon's own, the same in all regions.
    pub fn amazon() -> Self {
        Self(format!("https://api.amazon.com{}", Self::PATH))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.0.starts_with("http:")
    }
}

fn checked(text: &str) -> Result<Url, SettingsError> {
    let refused = || SettingsError::NotAnEndpoint(text.to_owned());
    let url = Url::parse(text.trim()).map_err(|_| refused())?;
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    // A refused address may hold a password: it is not repeated.
    if !bare {
        return Err(SettingsError::NotAnEndpoint(url.host_str().unwrap_or_default().to_owned()));
    }
    if !matches!(url.scheme(), "https" | "http") {
        return Err(refused());
    }
    if !is_confidential(&url) {
        return Err(SettingsError::PlainHttp(text.to_owned()));
    }
    Ok(url)
}

/// Https, or plain http that stays on this machine.
pub(crate) fn is_confidential(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Domain(name))) => name == "localhost",
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_refused_unless_it_stays_on_this_machine() {
        for good in
            ["http://127.0.0.1:9000", "http://[::1]:9000/", "http://localhost:1", "https://example.com/base/"]
        {
            assert!(Endpoint::parse(good).is_ok(), "{good}");
        }
        for plain in [
            "http://example.com",
            "http://sandbox.sellingpartnerapi-na.amazon.com",
            "http://localhost.example.com",
        ] {
            assert!(matches!(Endpoint::parse(plain), Err(SettingsError::PlainHttp(_))), "{plain}");
        }
        for odd in
            ["example.com", "ftp://example.com", "https://u:p@example.com", "https://example.com?x=1", ""]
        {
            assert!(matches!(Endpoint::parse(odd), Err(SettingsError::NotAnEndpoint(_))), "{odd}");
        }
        assert!(
            !Endpoint::parse("https://u:hunter2@example.com").unwrap_err().to_string().contains("hunter2")
        );
    }

    #[test]
    fn a_marketplace_leads_to_its_region_and_endpoint() {
        assert_eq!(Region::of(&"ATVPDKIKX0DER".into()), Some(Region::Na));
        assert_eq!(Region::of(&"A21TJRUUN4KGV".into()), Some(Region::Eu));
        assert_eq!(Region::of(&"A1VC38T7YXB528".into()), Some(Region::Fe));
        assert_eq!(Region::of(&"NOWHERE".into()), None);
        assert_eq!(Region::country(&"A1F83G8C2ARO7P".into()), Some("UK"));
        assert_eq!(Endpoint::production(Region::Eu).as_str(), "https://sellingpartnerapi-eu.amazon.com");
        assert_eq!(Endpoint::sandbox(Region::Fe).as_str(), "https://sandbox.sellingpartnerapi-fe.amazon.com");
        for region in [Region::Na, Region::Eu, Region::Fe] {
            assert!(Endpoint::sandbox(region).is_amazons_sandbox());
            assert!(!Endpoint::production(region).is_amazons_sandbox());
            assert_eq!(Endpoint::sandbox(region).beyond_sandbox(), Endpoint::production(region));
            assert_eq!(Endpoint::production(region).beyond_sandbox(), Endpoint::production(region));
        }
        assert!(
            MARKETPLACES.iter().all(|(_, id, _)| MARKETPLACES
                .iter()
                .filter(|(_, other, _)| id == other)
                .count()
                == 1)
        );
    }

    #[test]
    fn the_login_endpoint_may_be_a_host_or_a_whole_address() {
        assert_eq!(
            LoginEndpoint::parse("http://127.0.0.1:9").unwrap().as_str(),
            "http://127.0.0.1:9/auth/o2/token"
        );
        assert_eq!(
            LoginEndpoint::parse("https://api.amazon.com/auth/o2/token").unwrap(),
            LoginEndpoint::amazon()
        );
    }
}
