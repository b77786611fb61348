//! Reports that give way to a cancellation, and come back.

use super::*;
use crate::db::closeout::ask;
use axum::{body::Body, http::Method};
use doorstep_core::api::{SetPosition, SwitchPosition, Waiting};

#[tokio::test]
async fn reports_that_gave_way_to_a_cancellation_go_when_amazon_refuses_that_and_not_when_it_is_tried_again()
{
    on_both_engines(async |ground| {
        let scene = Scene::before_closing(ground).await;
        let supervisor = scene.ground.add("Sam Sample", Role::Supervisor, &[], &[]).await;
        let mut office = Office { scene, supervisor };
        let app = office.scene.ground.app.clone();
        let set = async |position, waiting| {
            let wish = SetPosition { position: Some(position), program: None, waiting };
            doorstep_server::connection::set(&app, COMPLETE, &wish, None).await.unwrap().unwrap();
        };
        set(SwitchPosition::Observe, None).await;
        office.scene.close().await;
        office.approve(Wish::Cancel, "S1", None).await.unwrap();
        assert_eq!(office.scene.forwarding().await.state, ForwardingState::Sending);
        office.scene.fault(CANCEL, FaultKind::MissingRole, 1);
        office.scene.run().await;
        let parked = office.scene.call(CallKind::Cancel).await;
        assert_eq!((parked.state, office.decisions().await), (CallState::Parked, vec![DecisionState::Stuck]));
        assert_eq!((office.scene.requests(FULFIL), office.scene.requests(COMPLETE)), (1, 0));
        assert_eq!(office.scene.call(CallKind::Complete).await.state, CallState::Observed);

        let lee = sign_in(&office.scene.ground, "Lee Sample", Role::Supervisor, &[], &[]).await;
        let router = http::router(app.clone());
        let path = format!("/api/calls/{}/retry", parked.id);
        office.scene.fault(CANCEL, FaultKind::MissingRole, 1);
        ask(&router, &lee, Method::POST, &path, &[], Body::empty()).await;
        assert_eq!(office.scene.call(CallKind::Complete).await.state, CallState::Left);
        office.scene.run().await;
        assert_eq!(office.scene.requests(CANCEL), 2);

        set(SwitchPosition::Send, Some(Waiting::Send)).await;
        office.scene.run().await;
        assert_eq!(office.scene.sandbox.completions(&office.scene.service_job), 1);
        assert_eq!(office.scene.requests(FULFIL), 1);
    })
    .await;
}
