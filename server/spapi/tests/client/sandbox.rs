//! The life of a job and of a working week through the typed methods, against the sandbox with its state.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use doorstep_sandbox::{Config, Sandbox, seed};
use doorstep_spapi::job::JobStatus;
use doorstep_spapi::operations;
use doorstep_spapi::{
    AddAppointment, AmazonAppointmentId, AppointmentTimeInput, AssignAppointmentResources,
    AvailabilityRecord, CapacityType, Client, Clock as _, ContentType, Credentials, Endpoint,
    FixedSlotCapacityQuery, FulfillmentData, FulfillmentDocument, FulfillmentTime, LoginEndpoint,
    MarketplaceId, NewReservation, Other, Query, RangeSlotCapacityQuery, RescheduleAppointment,
    ReservationRequest, ReservationType, ResourceId, ServiceJob, ServiceJobId, Settings, Since, SlotWindow,
    StoreId, TimeRange, UpdateSchedule, UploadDocument,
};

use crate::fake::Fake;

const RESOURCE: &str = "RESA1";

struct Week {
    /// For its clock.
    fake: Fake,
    sandbox: Sandbox,
    client: Client,
    now: DateTime<Utc>,
    marketplace: MarketplaceId,
    resource: ResourceId,
}

impl Week {
    async fn start() -> Self {
        let fake = Fake::start().await;
        let now = fake.clock.now();
        let day = seed::day_around(7, now, seed::technicians(), 4);
        let sandbox = Sandbox::start(Config::new(doorstep_sandbox::Clock::manual(now), day)).await.unwrap();
        let known = sandbox.credentials();
        let settings = Settings {
            endpoint: Endpoint::parse(sandbox.url()).unwrap(),
            lwa_endpoint: LoginEndpoint::parse(sandbox.url()).unwrap(),
            credentials: Credentials {
                client_id: known.client_id,
                client_secret: known.client_secret.into(),
                refresh_token: known.refresh_token.into(),
            },
            ..fake.settings()
        };
        let client = fake.client_with(settings);
        Self { fake, sandbox, client, now, marketplace: seed::MARKETPLACE.into(), resource: RESOURCE.into() }
    }

    /// The first job that is as wanted, read whole.
    async fn job(&self, wanted: impl Fn(&ServiceJob) -> bool) -> (ServiceJobId, ServiceJob) {
        let query = Query::new(self.marketplace.clone(), Since::Created(self.now - TimeDelta::days(60)));
        let page = self.client.get_service_jobs(&query).await.unwrap().value;
        assert_eq!(page.unreadable, []);
        let id = page.jobs.into_iter().find(wanted).unwrap().service_job_id.unwrap();
        let job = self.client.get_service_job(&id).await.unwrap().value;
        (id, job)
    }

    async fn is_now(&self, job: &ServiceJobId, status: JobStatus) {
        let job = self.client.get_service_job(job).await.unwrap().value;
        assert_eq!(job.service_job_status, Some(status));
    }

    async fn appoint(&self, id: &ServiceJobId, job: &ServiceJob) -> AmazonAppointmentId {
        let client = &self.client;
        let window = SlotWindow {
            start_time: Some(self.now + TimeDelta::days(2)),
            end_time: Some(self.now + TimeDelta::days(3)),
        };
        let of_job = client.get_appointment_slots_by_job(id, &self.marketplace, window).await.unwrap().value;
        let asin = job.scope_of_work.as_ref().unwrap().asin.as_deref().unwrap();
        let store: &StoreId = job.store_id.as_ref().unwrap();
        let of_service =
            client.get_appointment_slots(asin, store, &self.marketplace, window).await.unwrap().value;
        assert_eq!(of_job.appointment_slots, of_service.appointment_slots);
        let slot =
            of_job.appointment_slots.iter().find(|slot| slot.capacity.is_some_and(|left| left > 0)).unwrap();
        let at = |start_time| AppointmentTimeInput { start_time, duration_in_minutes: None };
        let start = slot.start_time.unwrap();
        let made = client.add_appointment(id, &AddAppointment { appointment_time: at(start) }).await.unwrap();
        let resources = AssignAppointmentResources { resources: vec![self.resource.clone().into()] };
        client.assign_appointment_resources(id, &made.value.appointment_id, &resources).await.unwrap();

        let later = RescheduleAppointment {
            appointment_time: at(start + TimeDelta::hours(3)),
            reschedule_reason_code: "RS4".to_owned(),
        };
        let moved = client.reschedule_appointment(id, &made.value.appointment_id, &later).await.unwrap();
        // Twice a second is over the rate of this operation.
        self.fake.clock.advance(2);
        client.assign_appointment_resources(id, &moved.value.appointment_id, &resources).await.unwrap();
        moved.value.appointment_id
    }

    async fn capacity(&self) -> Vec<(i64, i64)> {
        let (start, end) = (self.now + TimeDelta::days(20), self.now + TimeDelta::days(21));
        let types = Some(vec![CapacityType::Scheduled, CapacityType::Reserved]);
        let query = RangeSlotCapacityQuery {
            capacity_types: types.clone(),
            start_date_time: start,
            end_date_time: end,
        };
        let range = self
            .client
            .get_range_slot_capacity(&self.resource, &self.marketplace, &query, None)
            .await
            .unwrap()
            .value;
        assert_eq!(range.capacities.len(), 2);
        let query = FixedSlotCapacityQuery {
            capacity_types: types,
            slot_duration: Some(60),
            start_date_time: start,
            end_date_time: end,
        };
        let fixed = self
            .client
            .get_fixed_slot_capacity(&self.resource, &self.marketplace, &query, None)
            .await
            .unwrap()
            .value;
        assert_eq!(fixed.slot_duration, Some(60));
        fixed
            .capacities
            .iter()
            .map(|slot| (slot.scheduled_capacity.unwrap(), slot.reserved_capacity.unwrap()))
            .collect()
    }

    fn hours(&self, from: i64, to: i64) -> AvailabilityRecord {
        let day = self.now + TimeDelta::days(20);
        AvailabilityRecord {
            start_time: day + TimeDelta::hours(from),
            end_time: day + TimeDelta::hours(to),
            recurrence: None,
            capacity: None,
            other: Other::default(),
        }
    }

    fn away(&self, kind: ReservationType, from: i64, to: i64) -> ReservationRequest {
        let availability = self.hours(from, to);
        ReservationRequest {
            resource_id: self.resource.clone(),
            reservation: NewReservation { reservation_id: None, kind, availability },
        }
    }
}

#[tokio::test]
async fn every_operation_does_in_the_sandbox_what_it_is_for() {
    let week = Week::start().await;
    let client = &week.client;

    // Appoint: a job without an appointment gets one, and it is moved.
    let (id, job) = week.job(|job| job.service_job_status == Some(JobStatus::PendingSchedule)).await;
    let moved = week.appoint(&id, &job).await;
    let job = client.get_service_job(&id).await.unwrap().value;
    let visit = job.appointments.iter().find(|visit| visit.appointment_id.as_ref() == Some(&moved)).unwrap();
    assert_eq!(visit.assigned_technicians.len(), 1);
    client.cancel_service_job(&id, "S1").await.unwrap();
    week.is_now(&id, JobStatus::Cancelled).await;

    // Close: proof, fulfilment, completion.
    let (id, job) = week
        .job(|job| {
            let is_on = |time: DateTime<Utc>| time <= week.now;
            job.appointments
                .iter()
                .any(|visit| visit.appointment_time.as_ref().is_some_and(|at| is_on(at.start_time)))
        })
        .await;
    let visit = job.appointments[0].appointment_id.clone().unwrap();
    let picture = b"\x89PNG\r\n\x1a\nmade up".to_vec();
    let document = UploadDocument::of(ContentType::Png, &picture);
    let destination = client.create_upload_destination(&document).await.unwrap().value;
    let hash = client.upload_document(&destination, &picture).await.unwrap();
    let range = TimeRange { start_time: week.now - TimeDelta::minutes(50), end_time: week.now };
    let data = FulfillmentData {
        estimated_arrival_time: Some(range),
        fulfillment_time: Some(FulfillmentTime::from(range)),
        appointment_resources: Some(vec![week.resource.clone().into()]),
        fulfillment_documents: Some(vec![FulfillmentDocument {
            upload_destination_id: Some(destination.id().clone()),
            content_sha256: Some(hash),
        }]),
    };
    client.set_fulfillment_data(&id, &visit, &data).await.unwrap();
    client.complete_service_job(&id).await.unwrap();
    week.is_now(&id, JobStatus::Completed).await;

    // Plan: a schedule of eight hours on one day, an hour of it away, moved, given back.
    let schedule = UpdateSchedule { schedules: vec![week.hours(8, 16)] };
    client.update_schedule(&week.resource, &week.marketplace, &schedule).await.unwrap();
    let made = client
        .create_reservation(&week.marketplace, &week.away(ReservationType::Break, 9, 10))
        .await
        .unwrap();
    let made = made.value.reservation.unwrap().reservation_id.unwrap();
    let capacity = week.capacity().await;
    assert_eq!((capacity[7].0, capacity[8], capacity[9].1), (0, (1, 0), 1));
    let changed = week.away(ReservationType::Training, 10, 12);
    let changed = client.update_reservation(&made, &week.marketplace, &changed).await.unwrap();
    let changed = changed.value.reservation.unwrap().reservation_id.unwrap();
    assert_ne!(made, changed);
    let reserved: Vec<_> = week.capacity().await.iter().map(|(_, reserved)| *reserved).collect();
    assert_eq!(reserved[8..13], [0, 0, 1, 1, 0]);
    client.cancel_reservation(&changed, &week.marketplace).await.unwrap();
    assert!(week.capacity().await.iter().all(|(_, reserved)| *reserved == 0));
    let gone = client.cancel_reservation(&changed, &week.marketplace).await.unwrap_err();
    assert!(gone.is_refusal());

    let called: BTreeSet<_> = week
        .sandbox
        .record()
        .into_iter()
        .filter(|one| one.status < 300)
        .filter_map(|one| one.operation)
        .collect();
    for operation in operations::ALL {
        assert!(called.contains(operation.name), "{} was not called", operation.name);
    }
}
