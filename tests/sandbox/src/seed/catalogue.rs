//! What sellers of home services sell, with ASINs that look like test data.

pub(super) struct Service {
    pub(super) asin: &'static str,
    pub(super) title: &'static str,
    pub(super) skill: &'static str,
    /// `heavybulky` takes its own column of reason codes.
    pub(super) service_type: &'static str,
    pub(super) minutes: u32,
    pub(super) price_cents: u32,
    pub(super) item_asin: &'static str,
    pub(super) item: &'static str,
    pub(super) location: &'static str,
}

const STANDARD: &str = "standard";
const HEAVY: &str = "heavybulky";

#[rustfmt::skip]
pub(super) const SERVICES: [Service; 10] = [
    service(1, "B0TESTSV01", "Bed frame assembly", "FURNITURE_ASSEMBLY", STANDARD, 90, "B0TESTIT01", "Queen bed frame, oak"),
    service(2, "B0TESTSV02", "TV wall mounting, up to 65 inches", "TV_MOUNTING", STANDARD, 60, "B0TESTIT02", "Television, 55 inches"),
    service(3, "B0TESTSV03", "Dishwasher installation", "APPLIANCE_INSTALL", HEAVY, 120, "B0TESTIT03", "Built-in dishwasher, 24 inches"),
    service(4, "B0TESTSV04", "Desk assembly", "FURNITURE_ASSEMBLY", STANDARD, 60, "B0TESTIT04", "Standing desk, 55 inches"),
    service(5, "B0TESTSV05", "Washing machine installation", "APPLIANCE_INSTALL", HEAVY, 90, "B0TESTIT05", "Front-load washing machine"),
    service(6, "B0TESTSV06", "Ceiling fan installation", "ELECTRICAL", STANDARD, 90, "B0TESTIT06", "Ceiling fan with light"),
    service(7, "B0TESTSV07", "Treadmill assembly", "FITNESS_ASSEMBLY", HEAVY, 120, "B0TESTIT07", "Folding treadmill"),
    service(8, "B0TESTSV08", "Smart lock installation", "SMART_HOME", STANDARD, 60, "B0TESTIT08", "Keypad door lock"),
    service(9, "B0TESTSV09", "Wardrobe assembly", "FURNITURE_ASSEMBLY", STANDARD, 120, "B0TESTIT09", "Two-door wardrobe"),
    service(10, "B0TESTSV10", "Range hood installation", "APPLIANCE_INSTALL", STANDARD, 90, "B0TESTIT10", "Range hood, 30 inches"),
];

/// Done in a store, which the buyer comes to.
pub(super) const IN_STORE: Service = Service {
    location: "IN_STORE",
    ..service(
        11,
        "B0TESTSV11",
        "Tire fitting, set of four",
        "TIRE_FITTING",
        STANDARD,
        45,
        "B0TESTIT11",
        "Summer tire",
    )
};

/// Done over a video call.
pub(super) const ONLINE: Service = Service {
    location: "ONLINE",
    ..service(
        12,
        "B0TESTSV12",
        "Router set-up by video call",
        "REMOTE_SETUP",
        STANDARD,
        30,
        "B0TESTIT12",
        "Mesh router",
    )
};

#[expect(clippy::too_many_arguments, reason = "one line per service keeps the table readable")]
const fn service(
    rank: u32,
    asin: &'static str,
    title: &'static str,
    skill: &'static str,
    service_type: &'static str,
    minutes: u32,
    item_asin: &'static str,
    item: &'static str,
) -> Service {
    Service {
        asin,
        title,
        skill,
        service_type,
        minutes,
        price_cents: 4_900 + rank * 1_050,
        item_asin,
        item,
        location: "IN_HOME",
    }
}
