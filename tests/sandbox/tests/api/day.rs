use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use doorstep_sandbox::{Job, JobStatus, seed};

use crate::seller::afternoon;

fn technician(job: &Job) -> Option<&str> {
    job.active_appointment().map(|a| a.assigned_technicians[0].technician_id.as_str())
}

#[test]
fn a_day_has_a_round_per_technician_a_stranger_and_an_unscheduled_job() {
    let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let jobs = seed::day(1, date, seed::technicians(), 8).jobs();
    let count = |who: &str| jobs.iter().filter(|job| technician(job) == Some(who)).count();
    assert_eq!((count("TECHA1"), count("TECHB2"), count(seed::STRANGER)), (8, 4, 1));
    let unscheduled: Vec<_> = jobs.iter().filter(|job| job.appointments.is_empty()).collect();
    assert_eq!(unscheduled.len(), 1);
    assert_eq!(unscheduled[0].service_job_status, JobStatus::PendingSchedule);
    assert!(unscheduled[0].facts["preferredAppointmentTimes"][0]["startTime"].is_string());
}

#[test]
fn the_same_seed_gives_the_same_day_and_another_seed_other_ids() {
    let day = |seed| seed::day_around(seed, afternoon(), seed::technicians(), 8).jobs();
    assert_eq!(day(5), day(5));
    let ids = |jobs: Vec<Job>| jobs.into_iter().map(|j| j.service_job_id).collect::<BTreeSet<_>>();
    assert_eq!(ids(day(5)).len(), 14);
    assert!(ids(day(5)).is_disjoint(&ids(day(6))));
}

#[test]
fn a_day_around_now_has_work_from_an_hour_ago_to_nine_hours_ahead() {
    for minutes in [0, 7, 14, 599] {
        let now = afternoon() + TimeDelta::minutes(minutes);
        let jobs = seed::day_around(1, now, seed::technicians(), 8).jobs();
        let starts =
            || jobs.iter().filter_map(Job::active_appointment).map(|a| a.appointment_time.start_time);
        let (first, last) = (starts().min().unwrap(), starts().max().unwrap());
        assert!(first <= now - TimeDelta::hours(1) && first > now - TimeDelta::minutes(75));
        assert!(last > now + TimeDelta::hours(6) && last <= now + TimeDelta::hours(9));
        assert!(jobs.iter().all(|job| job.create_time <= job.last_updated && job.last_updated < now));
    }
}

#[test]
fn everyone_in_a_day_is_plainly_made_up() {
    for job in seed::day_around(3, afternoon(), seed::technicians(), 120).jobs() {
        let (buyer, place) = (&job.facts["buyer"], &job.facts["serviceLocation"]["address"]);
        assert!(buyer["name"].as_str().unwrap().starts_with("Test Buyer "));
        assert!(buyer["phone"].as_str().unwrap().starts_with("555-01"));
        assert!(place["addressLine1"].as_str().unwrap().ends_with(" Example Street"));
        assert_eq!(place["city"], "Sampletown");
    }
}
