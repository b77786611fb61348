//! The client reaches the published rates and never goes over them.

use doorstep_spapi::operations::{jobs::GET_SERVICE_JOBS, resources::ASSIGN_APPOINTMENT_RESOURCES};
use doorstep_tests::rates::Race;

#[tokio::test]
async fn ten_callers_reach_the_published_rate_and_are_never_throttled() {
    let race = Race::start().await.unwrap();
    for operation in [&GET_SERVICE_JOBS, &ASSIGN_APPOINTMENT_RESOURCES] {
        let reached = race.run(operation, 10, 10).await.unwrap();
        assert!(reached.percent >= 98.0 && reached.percent <= 100.0, "{} {reached:?}", operation.name);
        assert_eq!(reached.throttled, 0, "{}", operation.name);
        assert!(reached.burst as f64 >= operation.rate.burst - 1.0, "{} {reached:?}", operation.name);
    }
}
