//! Who is asking: extractors that turn the session cookie into a person with a role.

use super::problem::Refusal;
use crate::{app::App, db::session::Session};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use doorstep_core::{
    api::{Barred, Role},
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
    /// Buyer data takes a proof that the phone is unlocked.
    pub proves: bool,
    pub token_hash: Sha256,
}

/// Anybody with a session, also one that grants nothing any more.
#[derive(Clone, Debug)]
pub struct Departing(pub SignedInUser);

/// A phone that brings evidence or tells of itself. One that is revoked, or whose technician is barred, may do that as
/// well: what it brings is held, and it is given nothing.
#[derive(Clone, Debug)]
pub struct Sender(pub Technician);

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

/// Who has this session, and whether it still grants anything.
async fn bearer(parts: &Parts, app: &App) -> Result<(SignedInUser, Option<Barred>), Refusal> {
    let token_hash = token(&parts.headers).ok_or_else(Refusal::signed_out)?;
    let session = app.db.read().await?.session(&token_hash, app.clock.now()).await?;
    let Session { user, seller, name, role, device, proves, barred } =
        session.ok_or_else(Refusal::signed_out)?;
    Ok((SignedInUser { user, seller, name, role, device, proves, token_hash }, barred))
}

impl FromRequestParts<App> for SignedInUser {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        match bearer(parts, app).await? {
            (user, None) => Ok(user),
            (user, Some(barred)) => Err(turned_away(app, &user, barred).await?),
        }
    }
}

async fn turned_away(app: &App, user: &SignedInUser, barred: Barred) -> Result<Refusal, Refusal> {
    let Some(device) = user.device else { return Ok(Refusal::signed_out()) };
    barred_phone(app, user.seller, device, barred).await
}

/// A phone that is told so forgets its keys and jobs; when it was told is noted once.
pub(super) async fn barred_phone(
    app: &App,
    seller: SellerId,
    device: DeviceId,
    barred: Barred,
) -> Result<Refusal, Refusal> {
    if barred == Barred::PhoneRevoked {
        let mut tx = app.db.write().await?;
        if tx.revocation_heard(seller, device, app.clock.now()).await? {
            tx.commit().await?;
            app.bell.ring();
        }
    }
    Ok(Refusal::phone_revoked(barred))
}

impl FromRequestParts<App> for Departing {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        bearer(parts, app).await.map(|(user, _)| Self(user))
    }
}

/// Whoever brings unsent work: somebody who is signed in, or a phone that is barred, for itself.
#[derive(Clone, Debug)]
pub struct Bringer {
    pub user: SignedInUser,
    pub barred: Option<Barred>,
}

impl FromRequestParts<App> for Bringer {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let (user, barred) = bearer(parts, app).await?;
        Ok(Self { user, barred })
    }
}

impl FromRequestParts<App> for Sender {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let (SignedInUser { user, seller, name, role, device, .. }, barred) = bearer(parts, app).await?;
        match (role, device) {
            (Role::Technician, Some(device)) => Ok(Self(Technician { user, device, seller, name })),
            // Nothing comes from a desk, and who is barred there is nobody.
            _ if barred.is_some() => Err(Refusal::signed_out()),
            _ => Err(Refusal::not_your_role()),
        }
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

impl TryFrom<SignedInUser> for TechnicianOrSupervisor {
    type Error = Refusal;

    fn try_from(user: SignedInUser) -> Result<Self, Refusal> {
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

impl FromRequestParts<App> for TechnicianOrSupervisor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        <SignedInUser as FromRequestParts<App>>::from_request_parts(parts, app).await?.try_into()
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
    let ours = cookies.flat_map(|cookies| cookies.split(';'));
    let mut ours = ours.filter_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    // Without TLS a browser takes what came of an answer that was cut off in this very line, and sends it before the
    // whole one that came later.
    ours.find_map(whole)
}

fn whole(value: &str) -> Option<Sha256> {
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
        assert_eq!(found(&format!("{COOKIE}={}; {COOKIE}={hex}", &hex[..20])), expected);
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
