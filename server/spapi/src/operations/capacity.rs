//! Capacity: how much a resource can take on. Both operations only read, although they are a POST.

mod fixed;
mod range;

use crate::open_enum::open_enum;
use crate::operations::Parameter;
use crate::schema::{Field, Schema};

pub use fixed::{FixedSlot, FixedSlotCapacity, FixedSlotCapacityQuery, GET_FIXED_SLOT_CAPACITY};
pub use range::{
    GET_RANGE_SLOT_CAPACITY, RangeCapacity, RangeSlot, RangeSlotCapacity, RangeSlotCapacityQuery,
};

open_enum! {
    /// `capacityType`.
    CapacityType {
        /// What the schedule gives.
        Scheduled = "SCHEDULED_CAPACITY",
        /// What is left for reservations.
        Available = "AVAILABLE_CAPACITY",
        /// What Amazon's jobs, appointments and orders take.
        Encumbered = "ENCUMBERED_CAPACITY",
        /// What breaks, leave and the like take.
        Reserved = "RESERVED_CAPACITY",
    }
}

const RESOURCE: Parameter = Parameter::path("resourceId");
const NEXT_PAGE: Parameter = Parameter::optional("nextPageToken", &Schema::PageToken);

const PARAMETERS: &[Parameter] = &[RESOURCE, Parameter::MARKETPLACE, NEXT_PAGE];

const CAPACITY_TYPES: Field =
    Field::optional("capacityTypes", &Schema::list(&Schema::Choice(CapacityType::WORDS)));
const START: Field = Field::required("startDateTime", &Schema::Time);
const END: Field = Field::required("endDateTime", &Schema::Time);
