//! Who is asking: extractors that turn the session cookie into a person with a role.

use super::problem::Refusal;
use crate::{app::App, db::session::Session};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use doorstep_core::{
    api::Role,
    digest::Sha256,
    id::{DeviceId, SellerId, UserId},
};

pub const COOKIE: &str = "doorstep_session";

/// Anybody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedInUser {
    pub user: UserId,
    pub seller: SellerId,
    pub name: String,
    pub role: Role,
    /// Technicians only.
    pub device: Option<DeviceId>,
    pub token_hash: Sha256,
}

/// A technician on a phone.
#[derive(Clone, Debug)]
pub struct Technician {
    pub user: UserId,
    pub device: DeviceId,
    pub seller: SellerId,
    pub name: String,
}

/// A supervisor at the console.
#[derive(Clone, Debug)]
pub struct Supervisor {
    pub user: UserId,
    pub seller: SellerId,
    pub name: String,
}

/// Who sets the server up.
#[derive(Clone, Debug)]
pub struct Administrator {
    pub user: UserId,
    pub seller: SellerId,
}

/// A supervisor or an administrator, for what the office may see.
#[derive(Clone, Debug)]
pub struct Office {
    pub user: UserId,
    pub seller: SellerId,
}

/// For the few routes both may call; what each may see there is the handler's matter.
#[derive(Clone, Debug)]
pub enum TechnicianOrSupervisor {
    Technician(Technician),
    Supervisor(Supervisor),
}

impl FromRequestParts<App> for SignedInUser {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let token_hash = token(&parts.headers).ok_or_else(Refusal::signed_out)?;
        let session = app.db.read().await?.session(&token_hash, app.clock.now()).await?;
        let Session { user, seller, name, role, device } = session.ok_or_else(Refusal::signed_out)?;
        Ok(Self { user, seller, name, role, device, token_hash })
    }
}

impl OptionalFromRequestParts<App> for SignedInUser {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Refusal> {
        match <Self as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(user) => Ok(Some(user)),
            Err(refusal) if refusal.problem().code == "signed_out" => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}

impl FromRequestParts<App> for TechnicianOrSupervisor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let user = <SignedInUser as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        match (user.role, user.device) {
            (Role::Technician, Some(device)) => Ok(Self::Technician(Technician {
                user: user.user,
                device,
                seller: user.seller,
                name: user.name,
            })),
            (Role::Supervisor, _) => {
                Ok(Self::Supervisor(Supervisor { user: user.user, seller: user.seller, name: user.name }))
            }
            _ => Err(Refusal::not_your_role()),
        }
    }
}

impl FromRequestParts<App> for Technician {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        match TechnicianOrSupervisor::from_request_parts(parts, app).await? {
            TechnicianOrSupervisor::Technician(technician) => Ok(technician),
            TechnicianOrSupervisor::Supervisor(_) => Err(Refusal::not_your_role()),
        }
    }
}

impl FromRequestParts<App> for Supervisor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        match TechnicianOrSupervisor::from_request_parts(parts, app).await? {
            TechnicianOrSupervisor::Supervisor(supervisor) => Ok(supervisor),
            TechnicianOrSupervisor::Technician(_) => Err(Refusal::not_your_role()),
        }
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let who = <SignedInUser as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        match who.role {
            Role::Administrator => Ok(Self { user: who.user, seller: who.seller }),
            Role::Technician | Role::Supervisor => Err(Refusal::not_your_role()),
        }
    }
}

impl FromRequestParts<App> for Office {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let who = <SignedInUser as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        match who.role {
            Role::Supervisor | Role::Administrator => Ok(Self { user: who.user, seller: who.seller }),
            Role::Technician => Err(Refusal::not_your_role()),
        }
    }
}

/// The hash of the session token in the cookies, if there is one that could be ours.
fn token(headers: &HeaderMap) -> Option<Sha256> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let value = cookies
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(value, &mut bytes).ok()?;
    Some(Sha256::of(&bytes))
}

/// The `Set-Cookie` that signs in for `seconds`, or out with 0. Not `Secure` on plain loopback http, where some
/// browsers would drop it; the settings allow nothing else without TLS.
pub(super) fn cookie(token: &[u8; 32], seconds: i64, public_https: bool) -> HeaderValue {
    let secure = if public_https { "; Secure" } else { "" };
    let value = if seconds > 0 { hex::encode(token) } else { String::new() };
    let text = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    // Only hex digits and the constants above.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies_and_only_whole() {
        let found = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, text.parse().unwrap());
            token(&headers)
        };
        let hex = "ab".repeat(32);
        let expected = Some(Sha256::of(&[0xab; 32]));
        assert_eq!(found(&format!("{COOKIE}={hex}")), expected);
        assert_eq!(found(&format!("a=b; {COOKIE}={hex}; c=d")), expected);
        assert_eq!(found(&format!("x{COOKIE}={hex}")), None);
        assert_eq!(found(&format!("{COOKIE}={}", &hex[2..])), None);
    }

    #[test]
    fn the_cookie_is_secure_behind_tls() {
        let text = |public| cookie(&[1; 32], 60, public).to_str().unwrap().to_owned();
        assert!(text(true).ends_with("Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure"));
        assert!(text(false).ends_with("Path=/; HttpOnly; SameSite=Strict; Max-Age=60"));
    }
}
