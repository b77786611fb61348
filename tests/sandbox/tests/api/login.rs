use chrono::TimeDelta;
use serde_json::json;

use crate::seller::{ALL, Answer, Seller};

/// The right form, with one field changed or, for an empty value, left out.
async fn login_with(seller: &Seller, field: &str, value: &str) -> (u16, String) {
    let credentials = seller.sandbox.credentials();
    let mut form = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", credentials.client_id),
        ("client_secret", credentials.client_secret),
        ("refresh_token", credentials.refresh_token),
    ];
    form.retain(|(name, _)| *name != field);
    form.push((field, value.to_owned()));
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = seller.login(&form).await;
    assert!(answer.body["error_description"].is_string());
    (answer.status, answer.body["error"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_refresh_token_buys_an_access_token_for_an_hour() {
    let seller = Seller::new().await;
    let credentials = seller.sandbox.credentials();
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", &credentials.client_id),
        ("client_secret", &credentials.client_secret),
        ("refresh_token", &credentials.refresh_token),
    ];
    let answer = seller.login(&form).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body["access_token"].as_str().unwrap().starts_with("Atza|"));
    assert_eq!(answer.body["token_type"], "bearer");
    assert_eq!(answer.body["expires_in"], 3600);
    assert_eq!(answer.body["refresh_token"], "Atzr|sandbox");
}

#[tokio::test]
async fn the_form_may_come_as_json() {
    let seller = Seller::new().await;
    let credentials = seller.sandbox.credentials();
    let body = json!({
        "grant_type": "refresh_token",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "refresh_token": credentials.refresh_token,
    });
    assert_eq!(Answer::of(seller.http.post(seller.url("/auth/o2/token")).json(&body)).await.status, 200);
}

#[tokio::test]
async fn a_login_with_a_wrong_or_missing_field_is_refused_in_oauth_terms() {
    let seller = Seller::new().await;
    let cases = [
        ("client_id", "someone else", 401, "invalid_client"),
        ("client_secret", "rotated away", 401, "invalid_client"),
        ("refresh_token", "Atzr|revoked", 400, "invalid_grant"),
        ("grant_type", "client_credentials", 400, "unsupported_grant_type"),
        ("grant_type", "", 400, "invalid_request"),
        ("client_id", "", 400, "invalid_request"),
        ("client_secret", "", 400, "invalid_request"),
        ("refresh_token", "", 400, "invalid_request"),
    ];
    for (field, value, status, code) in cases {
        assert_eq!(login_with(&seller, field, value).await, (status, code.to_owned()), "{field}={value}");
    }
    assert_eq!(seller.sandbox.effects("token"), 1, "only the sign-in of the test itself made a token");
}

#[tokio::test]
async fn an_access_token_works_until_its_hour_is_over_and_a_new_one_after() {
    let mut seller = Seller::new().await;
    seller.sandbox.clock().advance(TimeDelta::seconds(3599));
    assert_eq!(seller.list(ALL).await.status, 200);
    seller.sandbox.clock().advance(TimeDelta::seconds(1));
    let answer = seller.list(ALL).await;
    let (status, code, _) = answer.error();
    assert_eq!((status, code), (403, "Unauthorized"));
    assert!(answer.details().contains("expired"));
    seller.sign_in().await;
    assert_eq!(seller.list(ALL).await.status, 200);
}
