//! Where Amazon lets a seller do less: in all programs, or in one.

use super::*;
use doorstep_core::api::Program;
use doorstep_server::work::intake::End;

#[tokio::test]
async fn a_seller_who_may_not_close_keeps_everything_and_is_told_so() {
    on_both_engines(async |ground| {
        set(&ground, COMPLETE, SwitchPosition::NotAllowed, None).await.unwrap();
        set(&ground, FULFIL, SwitchPosition::NotAllowed, None).await.unwrap();
        set(&ground, DESTINATION, SwitchPosition::NotAllowed, None).await.unwrap();
        let scene = Scene::on(ground).await;
        scene.run().await;
        assert_eq!(scene.writes(), [0; 4]);
        assert_eq!(scene.forwarding().await.state, ForwardingState::Kept);
        assert_eq!(scene.states().await, [CallState::NotAllowed; 4]);
        let told = scene.told().await;
        assert!(told.contains(&What::CloseoutKept) && !told.contains(&What::ReadyToSend), "{told:?}");
        let app = &scene.ground.app;
        assert_eq!(app.db.read().await.unwrap().safe_photos(app.seller, scene.visit).await.unwrap().len(), 2);

        // When the buyer's data expires nobody has to do anything about calls that were never to be sent.
        scene.ground.clock.advance_ms(40 * 24 * HOUR);
        scene.worker.expire().await.unwrap();
        assert_eq!(scene.forwarding().await.state, ForwardingState::Left);
        let parked = |what: &What| matches!(what, What::CallParked { .. });
        assert!(!scene.told().await.iter().any(parked));
    })
    .await;
}

#[tokio::test]
async fn one_program_may_not_close_and_the_others_are_sent() {
    on_both_engines(async |ground| {
        let store = |name: &str, store: &str| Program {
            name: name.to_owned(),
            asins: vec![],
            skills: vec![],
            stores: vec![store.to_owned()],
        };
        let programs = [store("Bikes", "sampletown-store-1"), store("Walls", "sampletown-store-9")];
        connection::set_programs(&ground.app, &programs, None).await.unwrap().unwrap();
        let wish = |program: &str, position| SetPosition {
            position,
            program: Some(program.to_owned()),
            waiting: Some(Waiting::Send),
        };
        let app = ground.app.clone();
        let set = async |program: &str, position| {
            connection::set(&app, COMPLETE, &wish(program, position), None).await.unwrap()
        };
        set("Bikes", Some(SwitchPosition::NotAllowed)).await.unwrap();
        assert_eq!(set("Doors", Some(SwitchPosition::Send)).await, Err(Refused::NoSuchProgram));
        let scene = Scene::on(ground).await;
        scene.run().await;
        assert_eq!(scene.writes(), [2, 2, 1, 0]);
        assert_eq!(scene.forwarding().await.state, ForwardingState::Kept);
        let mut tx = app.db.read().await.unwrap();
        let shown = connection::load(&app, &mut tx).await.unwrap();
        drop(tx);
        let line = shown.operations.iter().find(|line| line.operation == COMPLETE).unwrap();
        assert_eq!((line.position, line.waiting_calls), (SwitchPosition::Send, 0));
        assert_eq!((line.programs.len(), line.programs[0].waiting_calls), (1, 1));
        assert_eq!(shown.waiting[0].program.as_deref(), Some("Bikes"));

        // Its own line taken back, what holds for all programs holds.
        assert_eq!(set("Bikes", None).await, Ok(PositionSet { released: 1, left: 0 }));
        scene.run().await;
        scene.assert_completed_once().await;
    })
    .await;
}

#[tokio::test]
async fn waiting_calls_follow_their_job_into_another_program() {
    on_both_engines(async |ground| {
        as_new(&ground).await;
        let scene = Scene::on(ground).await;
        let app = &scene.ground.app;
        let bikes = Program {
            name: "Bikes".to_owned(),
            asins: vec![],
            skills: vec![],
            stores: vec![" sampletown-store-1 ".to_owned()],
        };
        connection::set_programs(app, std::slice::from_ref(&bikes), None).await.unwrap().unwrap();
        let wish = SetPosition {
            position: Some(SwitchPosition::NotAllowed),
            program: Some("Bikes".to_owned()),
            waiting: None,
        };
        connection::set(app, COMPLETE, &wish, None).await.unwrap().unwrap();
        assert_eq!(scene.forwarding().await.state, ForwardingState::Kept);
        // Without the program its switches are gone as well.
        connection::set_programs(app, &[], None).await.unwrap().unwrap();
        assert_eq!(scene.states().await, [CallState::Observed; 4]);
        let twice = [bikes.clone(), Program { name: "Other".to_owned(), ..bikes }];
        let refused = connection::set_programs(app, &twice, None).await.unwrap();
        assert!(matches!(refused, Err(Refused::Program(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn calls_that_a_program_holds_back_are_not_sent_because_it_is_taken_out() {
    on_both_engines(async |ground| {
        let bikes = Program {
            name: "Bikes".to_owned(),
            asins: vec![],
            skills: vec![],
            stores: vec!["sampletown-store-1".to_owned()],
        };
        let app = ground.app.clone();
        connection::set_programs(&app, std::slice::from_ref(&bikes), None).await.unwrap().unwrap();
        let wish = |position, waiting| SetPosition { position, program: Some("Bikes".to_owned()), waiting };
        let held = wish(Some(SwitchPosition::NotAllowed), None);
        connection::set(&app, COMPLETE, &held, None).await.unwrap().unwrap();
        let scene = Scene::on(ground).await;
        scene.run().await;
        assert_eq!(scene.forwarding().await.state, ForwardingState::Kept);
        let walls = Program { name: "Walls".to_owned(), ..bikes.clone() };
        for programs in [vec![], vec![walls]] {
            let refused = connection::set_programs(&app, &programs, None).await.unwrap();
            assert_eq!(refused, Err(Refused::ProgramsHold { calls: 1, visits: 1 }));
        }
        scene.run().await;
        assert_eq!((scene.requests(COMPLETE), scene.forwarding().await.state), (0, ForwardingState::Kept));
        let mut tx = app.db.read().await.unwrap();
        assert_eq!(tx.programs(app.seller).await.unwrap(), [bikes]);
        drop(tx);

        // Once somebody has said what becomes of them it may go.
        let left = wish(Some(SwitchPosition::Send), Some(Waiting::Leave));
        assert_eq!(connection::set(&app, COMPLETE, &left, None).await.unwrap().unwrap().left, 1);
        connection::set_programs(&app, &[], None).await.unwrap().unwrap();
        scene.run().await;
        assert_eq!(scene.requests(COMPLETE), 0);
    })
    .await;
}

#[tokio::test]
async fn a_seller_who_may_not_read_is_not_asked_to() {
    on_both_engines(async |ground| {
        set(&ground, "getServiceJobs", SwitchPosition::NotAllowed, None).await.unwrap();
        set(&ground, READ, SwitchPosition::NotAllowed, None).await.unwrap();
        let worker = Worker::new(ground.app.clone(), amazon(&ground.app));
        // Nobody listens where Amazon would be: what is asked fails.
        assert_eq!(worker.intake().await.unwrap().end, End::Complete);
        assert!(worker.intake_due().await.unwrap() > ground.clock.now());
        assert_eq!(worker.read_due().await.unwrap(), 0);
        set(&ground, "getServiceJobs", SwitchPosition::Send, None).await.unwrap();
        assert_ne!(worker.intake().await.unwrap().end, End::Complete);
    })
    .await;
}
