//! Notes as technicians write them, about jobs that were never done: no two alike, so that one compression over a
//! day's notes gains from them what it would gain in the field, and no more.

use doorstep_tests::entropy::Dice;

const ROOMS: [&str; 14] = [
    "kitchen",
    "guest bedroom",
    "hallway",
    "basement",
    "laundry room",
    "study",
    "garage",
    "attic",
    "living room",
    "nursery",
    "upstairs landing",
    "utility closet",
    "sunroom",
    "pantry",
];
const PARTS: [&str; 20] = [
    "left side panel",
    "rear bracket",
    "drain hose",
    "cam locks",
    "wall anchors",
    "mounting plate",
    "door hinge",
    "power cord",
    "inlet valve",
    "shelf pins",
    "headboard bolts",
    "cable tray",
    "duct collar",
    "strike plate",
    "belt guard",
    "kick plate",
    "ceiling box",
    "blade arms",
    "transit bolts",
    "mid slat",
];
const FAULTS: [&str; 14] = [
    "came with a scratch on the back, not visible once in place",
    "was missing from the carton",
    "had two wrong screws in the bag",
    "did not line up with the predrilled holes",
    "was bent in transit and straightened by hand",
    "is a shade darker than the rest",
    "squeaked until the bolts were tightened a second time",
    "has stripped thread, replaced from van stock",
    "would not seat until the old sealant was scraped off",
    "rubs slightly against the baseboard",
    "was already cracked when the box was opened",
    "needed a washer under each bolt",
    "fits loosely, so it got a drop of thread lock",
    "arrived without its instruction sheet",
];
const AGREED: [&str; 14] = [
    "buyer will paint over the old holes",
    "old unit stays in the yard until pickup on Friday",
    "packaging left folded beside the bins, as asked",
    "owner keeps the spare hardware in the drawer by the sink",
    "landlord is to fix the loose outlet before we come back",
    "they want the cable hidden later and will book that separately",
    "buyer decided on the lower position after trying both",
    "neighbor downstairs was told about the drilling",
    "dog is kept in the yard when the follow-up comes",
    "key is back in the lock box",
    "no drilling into the tiled side, adhesive strips instead",
    "tip-over strap refused after explaining it twice",
    "water stays off at the second valve overnight",
    "replacement goes to the office, not to this address",
];
const MEASURED: [&str; 12] = [
    "stud spacing",
    "supply voltage",
    "water pressure",
    "gap to the wall",
    "door reveal",
    "slope of the drain",
    "height above the floor",
    "distance to the joist",
    "breaker rating",
    "duct diameter",
    "ceiling height",
    "level across the top",
];
const UNITS: [&str; 8] = ["in", "mm", "V", "psi", "A", "ft", "degrees", "cm"];
const TOOLS: [&str; 10] = [
    "torque wrench",
    "stud finder",
    "clamp meter",
    "hole saw",
    "long level",
    "plumb line",
    "moisture meter",
    "rubber mallet",
    "inspection camera",
    "toggle bolts",
];
const WORK: [&str; 14] = [
    "Shimmed the front feet",
    "Ran the cycle twice empty",
    "Re-routed the hose behind the cabinet",
    "Balanced the blades",
    "Cut the template again",
    "Swapped the doors to open left",
    "Checked every joint",
    "Paired the keypad and erased the test code",
    "Anchored both uprights",
    "Vacuumed drilling dust",
    "Moved the outlet cover aside",
    "Filled the gap with foam",
    "Calibrated the incline",
    "Set the latch back a turn",
];
const WHY: [&str; 12] = [
    "floor drops toward the window",
    "the wall is plaster over lath",
    "old wiring has no ground",
    "the manual shows another revision",
    "clearance behind is tight",
    "the carton was wet at one corner",
    "the previous installer used drywall screws",
    "the door is out of square",
    "the joist runs the other way",
    "the shutoff drips",
    "the buyer works from that room",
    "the stairs turn twice",
];

fn pick<'a>(dice: &mut Dice, from: &[&'a str]) -> &'a str {
    from[dice.roll(from.len() as u64) as usize]
}

fn number(dice: &mut Dice) -> String {
    let (whole, rest) = (dice.roll(240), dice.roll(10));
    if dice.roll(2) == 0 { format!("{whole}.{rest}") } else { whole.to_string() }
}

fn sentence(dice: &mut Dice) -> String {
    let (room, part, fault) = (pick(dice, &ROOMS), pick(dice, &PARTS), pick(dice, &FAULTS));
    let (agreed, measured, unit) = (pick(dice, &AGREED), pick(dice, &MEASURED), pick(dice, &UNITS));
    let (tool, work, why) = (pick(dice, &TOOLS), pick(dice, &WORK), pick(dice, &WHY));
    let number = number(dice);
    match dice.roll(10) {
        0 => format!("{work} in the {room} because {why}."),
        1 => format!("The {part} {fault}."),
        2 => format!("Measured {measured}: {number} {unit}, noted on the {part}."),
        3 => format!("Agreed in the {room}: {agreed}."),
        4 => format!("{work}; {measured} now {number} {unit}."),
        5 => format!("Used the {tool} at the {part} since {why}, {agreed}."),
        6 => format!("{part} no. {number} {fault}, {agreed}.").replacen(part, &capital(part), 1),
        7 => format!("{work}, then {measured} {number} {unit} in the {room}."),
        8 => format!("Next visit bring a {tool} and {} {part}: {why}.", dice.roll(9) + 2),
        _ => format!("{} min lost in the {room}, {why}.", dice.roll(50) + 5),
    }
}

fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

/// One to three sentences.
pub(crate) fn note(dice: &mut Dice) -> String {
    let count = 1 + dice.roll(3);
    (0..count).map(|_| sentence(dice)).collect::<Vec<_>>().join(" ")
}
