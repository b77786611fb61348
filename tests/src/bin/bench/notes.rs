//! Notes as technicians write them, about jobs that were never done. Words are drawn one by one from wide lists, with
//! part numbers, serials and measurements between them, so that the notes of a day have as little in common as prose
//! has: together they deflate to 37 % of their length. Notes from a few templates deflate to 16 %, and
//! `traffic` says what becomes of the limit then.

use doorstep_tests::entropy::Dice;

const DID: &str = "swapped tightened leveled shimmed rerouted trimmed reseated flushed balanced anchored patched \
    rehung sanded wiped vented crimped bled recut drilled tested glued widened aligned clamped unpacked primed \
    insulated rewired greased taped rinsed bolted capped labeled rotated lowered raised freed braced plugged \
    reprogrammed checked measured cleaned shortened sealed adjusted replaced moved extended secured";
const HOW: &str = "warped loose rusty narrow cracked spare short crooked sticky brittle noisy hollow painted bent \
    stripped damp oversized faded wobbly leaking original temporary left right upper lower rear front inner outer \
    second third old new missing matching heavy thin deep blocked corroded dusty frayed sharp tight worn";
const WHAT: &str = "hinge bracket hose gasket panel anchor latch bolt washer drawer shelf rail outlet valve elbow \
    flange clamp duct collar grommet caster leg slat headboard motor belt roller pulley deck console blade canopy \
    downrod switch breaker dimmer plug cord cable tray grille filter damper vent sleeve trap drain inlet spout \
    faucet strainer tub drum door handle knob keypad deadbolt strike plate cylinder battery sensor chime camera \
    mount arm spacer toggle stud joist beam sill threshold baseboard molding tile grout backsplash countertop \
    cabinet hood fan light lamp socket rack hook rod curtain mirror frame desk crossbar foot pad manual template \
    carton pallet foam strap screw nut dowel cam pin rivet spring chain crank treadmill wardrobe dishwasher";
const PLACE: &str = "kitchen pantry hallway basement laundry study garage attic nursery landing closet sunroom porch \
    bedroom bathroom stairwell mudroom den office yard driveway lobby elevator balcony crawlspace alcove entry \
    foyer workshop carport";
const WHERE: &str =
    "behind under above beside near inside along against below across opposite between toward around";
const WHO: &str = "buyer owner tenant neighbor landlord super cousin roommate plumber painter doorman electrician \
    babysitter dispatcher manager caretaker";
const SAID: &str = "agreed asked confirmed declined preferred promised refused approved noticed insisted suggested \
    wondered remembered signed knew hoped";
const TASKS: &str = "repaint return call book order fetch wait keep discard store photograph measure pay mail sign \
    reschedule unlock empty shut open borrow donate recycle collect inspect decide";
const WHEN: &str = "tomorrow tonight Monday Tuesday Wednesday Thursday Friday Saturday soon later afterward first \
    twice weekly overnight before noon eventually again";
const THOUGH: &str = "because although since unless until so but while once where whereas and";
const IS: &str = "sits leans rubs hums drips sticks rattles sags fits turns clicks holds blinks slides swings squeaks \
    rests stays runs shuts sounds looks";
const HOWLY: &str = "barely fine slightly badly evenly now quietly freely still firmly almost hardly properly better \
    sideways loosely flush";
const OF: &str = "gap slope reveal pitch torque pressure voltage current spacing clearance height depth width draft \
    humidity flow offset diameter span";
const UNIT: &str = "in mm V psi A ft cm deg Nm gpm lb min";

fn word(dice: &mut Dice, list: &'static str) -> &'static str {
    let count = list.split_whitespace().count() as u64;
    let turn = dice.roll(count) as usize;
    list.split_whitespace().nth(turn).unwrap_or_default()
}

fn measure(dice: &mut Dice) -> String {
    let number = match dice.roll(3) {
        0 => format!("{}.{}", dice.roll(90), dice.roll(10)),
        1 => format!("{} {}/8", dice.roll(40), dice.roll(8)),
        _ => dice.roll(480).to_string(),
    };
    format!("{number} {}", word(dice, UNIT))
}

/// A part or serial number.
fn number(dice: &mut Dice) -> String {
    let letter = |dice: &mut Dice| char::from(b'A' + dice.roll(26) as u8);
    format!("{}{}-{:05}", letter(dice), letter(dice), dice.roll(100_000))
}

/// "the loose hinge", "a washer", "both pantry drains".
fn thing(dice: &mut Dice) -> String {
    let what = word(dice, WHAT);
    match dice.roll(5) {
        0 => format!("the {what}"),
        1 => format!("{} {} {what}s", dice.roll(9) + 2, word(dice, HOW)),
        2 => format!("the {} {what}", word(dice, PLACE)),
        3 => format!("one {} {what}", word(dice, HOW)),
        _ => format!("the {} {what}", word(dice, HOW)),
    }
}

fn clause(dice: &mut Dice) -> String {
    match dice.roll(5) {
        0 => format!("{} {} {}", thing(dice), word(dice, IS), word(dice, HOWLY)),
        1 => {
            format!("{} {} to {} {}", word(dice, WHO), word(dice, SAID), word(dice, TASKS), word(dice, WHEN))
        }
        2 => format!("{} {} in the {}", word(dice, OF), measure(dice), word(dice, PLACE)),
        3 => format!("the {} is {} {}", word(dice, WHAT), word(dice, HOW), word(dice, WHEN)),
        _ => format!("{} {} {}", word(dice, DID), thing(dice), word(dice, WHEN)),
    }
}

fn sentence(dice: &mut Dice) -> String {
    let text = match dice.roll(7) {
        0 => format!("{} {}, {} {}", word(dice, DID), thing(dice), word(dice, OF), measure(dice)),
        1 => format!("{} {} {} the {}", word(dice, DID), thing(dice), word(dice, WHERE), word(dice, WHAT)),
        2 => format!("{} {} {}", clause(dice), word(dice, THOUGH), clause(dice)),
        3 => format!("{} for {} is {}", word(dice, WHAT), thing(dice), number(dice)),
        4 => format!("{} {} {}", word(dice, WHO), word(dice, SAID), clause(dice)),
        5 => format!("need {} and {}, {}", thing(dice), number(dice), clause(dice)),
        _ => format!("{}, {} {} {}", clause(dice), word(dice, DID), thing(dice), word(dice, WHEN)),
    };
    let (first, rest) = text.split_at(1);
    format!("{}{rest}.", first.to_uppercase())
}

/// One to three sentences.
pub(crate) fn note(dice: &mut Dice) -> String {
    let count = 1 + dice.roll(3);
    (0..count).map(|_| sentence(dice)).collect::<Vec<_>>().join(" ")
}
