use super::engines::{MORNING, Seeded, on_both_engines};
use doorstep_server::{app::App, clock::ManualClock, seal, settings::Settings};
use std::{fs, sync::Arc};

async fn open(settings: &Settings) -> anyhow::Result<App> {
    App::open(settings.clone(), ManualClock::at(MORNING), Arc::new(Seeded::default())).await
}

#[tokio::test]
async fn a_database_opens_again_with_its_own_key_only() {
    on_both_engines(async |ground| {
        let settings = Settings::clone(&ground.app.settings);
        let key = settings.data.join(seal::FILE);
        let own = fs::read(&key).unwrap();
        assert_eq!(open(&settings).await.unwrap().seller, ground.app.seller);

        fs::remove_file(&key).unwrap();
        let refusal = open(&settings).await.unwrap_err().to_string();
        assert!(refusal.contains("put root.key back"), "{refusal}");
        assert!(!key.exists(), "a missing key is not replaced");

        let mut other = own.clone();
        other[0] = if own[0] == b'0' { b'1' } else { b'0' };
        fs::write(&key, other).unwrap();
        fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let refusal = open(&settings).await.unwrap_err().to_string();
        assert!(refusal.contains("not the key of this database"), "{refusal}");
    })
    .await;
}

#[tokio::test]
async fn a_database_belongs_to_one_marketplace() {
    on_both_engines(async |ground| {
        let settings =
            Settings { marketplace_id: "A1PA6795UKMFR9".to_owned(), ..Settings::clone(&ground.app.settings) };
        let refusal = open(&settings).await.unwrap_err().to_string();
        assert!(refusal.contains("DOORSTEP_MARKETPLACE_ID"), "{refusal}");
    })
    .await;
}
