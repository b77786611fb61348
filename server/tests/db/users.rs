use super::engines::{Ground, PASSWORD, on_both_engines};
use doorstep_core::{api::Role, pii::Pii};
use doorstep_server::users::{self, NewUser};

fn new_user(name: &str, technician_ids: &[&str]) -> NewUser {
    NewUser {
        name: name.to_owned(),
        role: Role::Technician,
        password: Pii::new(PASSWORD.to_owned()),
        technician_ids: technician_ids.iter().map(|id| (*id).to_owned()).collect(),
        resource_ids: Vec::new(),
    }
}

async fn refusal(ground: &Ground, new: NewUser) -> String {
    users::add(&ground.app, new).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_user_is_found_by_name_with_a_hash_and_no_password() {
    on_both_engines(async |ground| {
        let user = ground.add("  Robin Sample ", Role::Supervisor, &[], &[]).await;
        let mut tx = ground.app.db.read().await.unwrap();
        let found = tx.user_named("Robin Sample").await.unwrap().unwrap();
        assert_eq!((found.user, found.seller, found.role), (user, ground.app.seller, Role::Supervisor));
        assert!(found.password_hash.starts_with("$argon2id$"));
        assert!(tx.user_named("robin sample").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_name_or_an_id_that_is_taken_adds_nobody() {
    on_both_engines(async |ground| {
        ground.add("Robin Sample", Role::Technician, &["T1", "T2"], &["R1"]).await;
        assert!(refusal(&ground, new_user("Robin Sample", &[])).await.contains("is taken"));
        assert!(refusal(&ground, new_user("Kim Sample", &["T3", "T2"])).await.contains("\"T2\" is linked"));
        let mut tx = ground.app.db.read().await.unwrap();
        assert!(tx.user_named("Kim Sample").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_a_user_is_named() {
    on_both_engines(async |ground| {
        assert!(refusal(&ground, new_user(" ", &[])).await.contains("a name takes"));
        assert!(refusal(&ground, new_user("Kim", &[" "])).await.contains("is empty"));
        let supervisor = NewUser { role: Role::Supervisor, ..new_user("Kim", &["T1"]) };
        assert!(refusal(&ground, supervisor).await.contains("only technicians"));
        let short = NewUser { password: Pii::new("short".to_owned()), ..new_user("Kim", &[]) };
        assert!(refusal(&ground, short).await.contains("at least 12"));
    })
    .await;
}
