//! People who sign in: adding them, and their passwords.

use crate::{
    app::App,
    db::user::{LinkKind, User},
};
use anyhow::{Context as _, anyhow, ensure};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use doorstep_core::{api::Role, id::UserId, pii::Pii};

/// Amazon's policy asks for 12 characters.
pub const SHORTEST_PASSWORD: usize = 12;
/// Longer ones only cost time to hash.
pub const LONGEST_PASSWORD: usize = 200;
const LONGEST_NAME: usize = 80;

/// Nobody's password, hashed like everybody's: verifying against it takes as long as verifying a real one, so the
/// time of an answer does not tell whether the name exists.
pub const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Somebody to add.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub name: String,
    pub role: Role,
    pub password: Pii<String>,
    /// Amazon's `technicianId`s of this person.
    pub technician_ids: Vec<String>,
    /// Amazon's `resourceId`s of this person.
    pub resource_ids: Vec<String>,
}

/// Adds a user with links, whole or not at all.
///
/// # Errors
/// One line for the administrator: what does not fit, or that a name or an id is taken.
pub async fn add(app: &App, new: NewUser) -> anyhow::Result<UserId> {
    let name = new.name.trim();
    ensure!(
        (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control),
        "a name takes 1 to {LONGEST_NAME} characters"
    );
    check_password(name, &new.password)?;
    let links: Vec<(LinkKind, &str)> =
        (new.technician_ids.iter().map(|id| (LinkKind::Technician, id.trim())))
            .chain(new.resource_ids.iter().map(|id| (LinkKind::Resource, id.trim())))
            .collect();
    ensure!(
        links.is_empty() || new.role == Role::Technician,
        "only technicians are linked to ids of Amazon's: leave out --technician-id and --resource-id"
    );
    ensure!(links.iter().all(|(_, id)| !id.is_empty()), "an id of Amazon's is empty");

    let user = User {
        user: UserId::from_bytes(app.entropy.bytes()),
        seller: app.seller,
        name: name.to_owned(),
        role: new.role,
        password_hash: hash(new.password, app.entropy.bytes()).await?,
    };
    let mut tx = app.db.write().await?;
    ensure!(tx.insert_user(&user, app.clock.now()).await?, "the name {name:?} is taken");
    for (kind, amazon_id) in links {
        ensure!(
            tx.link_user(app.seller, user.user, kind, amazon_id).await?,
            "{amazon_id:?} is linked to somebody already"
        );
    }
    tx.commit().await?;
    Ok(user.user)
}

/// Closes an account or opens it again. Sessions stay, and grant nothing while it is closed.
///
/// # Errors
/// Nobody has this name.
pub async fn set_enabled(app: &App, name: &str, enabled: bool) -> anyhow::Result<()> {
    let mut tx = app.db.write().await?;
    let user = tx.user_id_named(app.seller, name.trim()).await?;
    let user = user.with_context(|| format!("there is nobody called {name:?}"))?;
    let disabled_at = (!enabled).then(|| app.clock.now());
    tx.set_user_enabled(app.seller, user, disabled_at).await?;
    Ok(tx.commit().await?)
}

fn check_password(name: &str, password: &Pii<String>) -> anyhow::Result<()> {
    let length = password.expose().chars().count();
    ensure!(length >= SHORTEST_PASSWORD, "a password takes at least {SHORTEST_PASSWORD} characters");
    ensure!(length <= LONGEST_PASSWORD, "a password takes at most {LONGEST_PASSWORD} characters");
    // Amazon's policy: not part of the user's name, nor the name part of it.
    ensure!(
        !password.expose().to_lowercase().contains(&name.to_lowercase()),
        "the password has the name in it: choose another"
    );
    Ok(())
}

/// OWASP's first choice for argon2id with one lane: 19 MiB, two passes.
fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| anyhow!("argon2: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn hash(password: Pii<String>, salt: [u8; 16]) -> anyhow::Result<String> {
    let argon2 = argon2()?;
    tokio::task::spawn_blocking(move || {
        let hash: PasswordHash = argon2
            .hash_password_with_salt(password.expose().as_bytes(), &salt)
            .map_err(|error| anyhow!("hashing the password: {error}"))?;
        Ok(hash.to_string())
    })
    .await
    .context("hashing the password")?
}

/// Whether the password is the one of the PHC string.
///
/// # Errors
/// The stored hash is damaged.
pub async fn verify(password: Pii<String>, phc: String) -> anyhow::Result<bool> {
    let argon2 = argon2()?;
    tokio::task::spawn_blocking(move || {
        let phc = PasswordHash::new(&phc).map_err(|_| anyhow!("a stored password hash is damaged"))?;
        Ok(argon2.verify_password(password.expose().as_bytes(), &phc).is_ok())
    })
    .await
    .context("verifying a password")?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_only() {
        let password = || Pii::new("made up, long".to_owned());
        let phc = hash(password(), [7; 16]).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify(password(), phc.clone()).await.unwrap());
        assert!(!verify(Pii::new("made up, lonh".to_owned()), phc).await.unwrap());
        assert!(!verify(password(), NOBODY.to_owned()).await.unwrap());
        assert!(verify(password(), "plain".to_owned()).await.is_err());
    }

    #[test]
    fn a_password_that_is_short_or_has_the_name_in_it_is_refused() {
        let refused = |password: &str| check_password("Ana", &Pii::new(password.to_owned())).is_err();
        assert!(refused("elevenchars"));
        assert!(refused("long-enough-ANA"));
        assert!(!refused("twelve chars"));
        assert!(refused(&"x".repeat(201)));
    }
}
