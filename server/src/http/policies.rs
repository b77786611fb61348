//! `/api/policies` and `/api/samples`: what visits are held to, as the office writes it.

use super::{
    extract::{Body, Json},
    problem::Refusal,
    session::{Administrator, Office, SignedInUser},
};
use crate::{
    app::App,
    policies::{self, Refused},
    thumbnail,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use doorstep_core::{
    api::{PolicyWritten, PreviewPolicy, SampleKept, ServiceTypes, WritePolicy},
    digest::Sha256,
    photo::MediaType,
};

/// With all its texts in twelve languages a policy is smaller.
pub const MOST_BYTES: usize = 512 * 1024;
/// Of a sample picture as it is sent.
pub const MOST_SAMPLE_BYTES: usize = 200 * 1024;
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Every version that was published, what ships with Doorstep, and who changed what.
///
/// # Errors
/// The database's.
pub async fn policies(State(app): State<App>, _: Office) -> Result<impl IntoResponse, Refusal> {
    let mut tx = app.db.read().await?;
    Ok((NO_STORE, axum::Json(policies::load(&app, &mut tx).await?)))
}

/// Publishes the next version of a scope.
///
/// # Errors
/// It has a flaw, or somebody was faster.
pub async fn publish(
    State(app): State<App>,
    who: Administrator,
    Json(wish): Json<WritePolicy>,
) -> Result<impl IntoResponse, Refusal> {
    let version = policies::publish(&app, &wish, who.user).await?.map_err(refusal)?;
    Ok((NO_STORE, axum::Json(PolicyWritten { version })))
}

/// What publishing would do. Writes nothing.
///
/// # Errors
/// The scope does not fit.
pub async fn preview(
    State(app): State<App>,
    _: Administrator,
    Json(wish): Json<PreviewPolicy>,
) -> Result<impl IntoResponse, Refusal> {
    let mut tx = app.db.read().await?;
    let preview = policies::preview(&app, &mut tx, &wish).await?.map_err(refusal)?;
    Ok((NO_STORE, axum::Json(preview)))
}

/// Which facts of a job say what kind of service it is.
///
/// # Errors
/// The database's.
pub async fn service_types(State(app): State<App>, who: Office) -> Result<impl IntoResponse, Refusal> {
    let marks = app.db.read().await?.service_type_marks(who.seller).await?;
    Ok((NO_STORE, axum::Json(ServiceTypes { marks })))
}

/// Puts these in place of those before.
///
/// # Errors
/// They do not fit together.
pub async fn set_service_types(
    State(app): State<App>,
    who: Administrator,
    Json(wish): Json<ServiceTypes>,
) -> Result<impl IntoResponse, Refusal> {
    let refused = |why| {
        Refusal::bad_request("service_types_do_not_fit", "These service types do not fit", why).field("marks")
    };
    policies::set_service_types(&app, &wish.marks, who.user).await?.map_err(refused)?;
    Ok((StatusCode::NO_CONTENT, NO_STORE))
}

/// Keeps a sample picture: what it is is seen from its bytes, and it is drawn anew, so that nothing else that lies in
/// the file is handed to phones.
///
/// # Errors
/// It is no picture, or too large.
pub async fn keep_sample(
    State(app): State<App>,
    who: Administrator,
    Body(bytes): Body,
) -> Result<impl IntoResponse, Refusal> {
    let no_picture = || {
        Refusal::bad_request("not_a_picture", "This is not a picture", "Choose a JPEG or PNG file.")
            .field("body")
    };
    let media = MediaType::sniff(&bytes).ok_or_else(no_picture)?;
    // Decoding takes a while: not on a thread that serves others.
    let drawn = tokio::task::spawn_blocking(move || thumbnail::sample(&bytes, media));
    let jpeg = drawn.await.map_err(anyhow::Error::from)?.map_err(|_| no_picture())?;
    let mut tx = app.db.write().await?;
    let sha256 = tx.keep_sample(who.seller, &jpeg, who.user, app.clock.now()).await?;
    tx.commit().await?;
    Ok((NO_STORE, axum::Json(SampleKept { sha256 })))
}

/// A sample picture. Its name is what it holds, so it never changes.
///
/// # Errors
/// There is none of this name.
pub async fn sample(
    State(app): State<App>,
    who: SignedInUser,
    Path(known_by): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let absent = || Refusal::not_found("no_such_sample", "There is no such picture", "Reload the page.");
    let known_by: Sha256 = known_by.parse().map_err(|_| absent())?;
    let jpeg = app.db.read().await?.sample(who.seller, &known_by).await?.ok_or_else(absent)?;
    let headers = [
        (header::CONTENT_TYPE, MediaType::Jpeg.mime()),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, jpeg))
}

fn refusal(refused: Refused) -> Refusal {
    match refused {
        Refused::Flawed(flaw) => Refusal::bad_request(
            "policy_flawed",
            "A technician could not work with this",
            "Look at the field that is named here. The preview lists all of them.",
        )
        .field(flaw.field),
        Refused::Scope(field) => Refusal::bad_request(
            "scope_does_not_fit",
            "This cannot be the name of a marketplace or a skill",
            "A name takes 1 to 200 characters, without spaces around it. Leave it out for any.",
        )
        .field(field),
        Refused::Overtaken { last } => Refusal::conflict(
            "policy_overtaken",
            "Somebody else published meanwhile",
            format!("Version {last} is the last one now. Load the page again and look at it first."),
        )
        .field("after"),
        Refused::NothingToTakeBack => Refusal::bad_request(
            "nothing_to_take_back",
            "Nothing is published here",
            "There is nothing to take back for these jobs.",
        )
        .field("policy"),
        Refused::TooMany => Refusal::conflict(
            "too_many_versions",
            "There are more versions than fit",
            "Ask whoever runs the server.",
        ),
    }
}
