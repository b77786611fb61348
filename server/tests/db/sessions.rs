use super::engines::{MORNING, on_both_engines};
use doorstep_core::{api::Role, digest::Sha256, id::DeviceId};
use doorstep_server::db::session::Session;

#[tokio::test]
async fn a_session_lives_until_it_expires_or_is_deleted() {
    on_both_engines(async |ground| {
        let (app, now) = (&ground.app, MORNING);
        let user = ground.add("Robin Sample", Role::Technician, &["T1"], &[]).await;
        let device = DeviceId::from_bytes([5; 16]);
        let session = Session {
            user,
            seller: app.seller,
            name: "Robin Sample".to_owned(),
            role: Role::Technician,
            device: Some(device),
            proves: false,
            barred: None,
        };
        let (kept, deleted) = (Sha256::of(b"kept"), Sha256::of(b"deleted"));
        let mut tx = app.db.write().await.unwrap();
        tx.insert_device(app.seller, user, device, b"wrapped", now).await.unwrap();
        tx.insert_session(&kept, &session, now, now.plus_ms(1000)).await.unwrap();
        tx.insert_session(&deleted, &session, now, now.plus_ms(1000)).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = app.db.write().await.unwrap();
        tx.delete_session(app.seller, &deleted).await.unwrap();
        let found = tx.session(&kept, now).await.unwrap().unwrap();
        assert_eq!((found.user, found.device, found.role), (user, Some(device), Role::Technician));
        assert!(tx.session(&deleted, now).await.unwrap().is_none());
        assert!(tx.session(&kept, now.plus_ms(1000)).await.unwrap().is_none());
        assert_eq!(tx.delete_expired_sessions(app.seller, now.plus_ms(999)).await.unwrap(), 0);
        assert_eq!(tx.delete_expired_sessions(app.seller, now.plus_ms(1000)).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_device_is_its_users_own() {
    on_both_engines(async |ground| {
        let app = &ground.app;
        let robin = ground.add("Robin Sample", Role::Technician, &[], &[]).await;
        let kim = ground.add("Kim Sample", Role::Technician, &[], &[]).await;
        let device = DeviceId::from_bytes([5; 16]);
        let mut tx = app.db.write().await.unwrap();
        tx.insert_device(app.seller, robin, device, b"wrapped", MORNING).await.unwrap();
        tx.hear_from_device(app.seller, device, MORNING.plus_ms(5)).await.unwrap();
        assert_eq!(tx.device_key(app.seller, robin, device).await.unwrap().as_deref(), Some(&b"wrapped"[..]));
        assert_eq!(tx.device_key(app.seller, kim, device).await.unwrap(), None);
    })
    .await;
}
