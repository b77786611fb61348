//! The policies that ship with Doorstep: what visits are held to until a seller writes policies of its own, and what
//! an own one can begin from. All of them ask under the same ids, so that answers of one fit the next.

use super::{Answer, Need, Policy, Question, SerialWanted, Shot, Texts};
use crate::job::ServiceType;

/// English, German, Spanish, French, Hindi, Japanese.
type Said = [&'static str; 6];
const OTHERS: [&str; 5] = ["de", "es", "fr", "hi", "ja"];

/// What differs from one kind of work to the next.
struct Kind {
    name: &'static str,
    /// Skills whose names hold one of these are of it.
    marks: &'static [&'static str],
    tested: Said,
    detail: Said,
}

const ANY: Kind = Kind {
    name: "any",
    marks: &[],
    tested: [
        "Tested, and it works",
        "Geprüft, und es funktioniert",
        "Probado, y funciona",
        "Essayé, et cela fonctionne",
        "जाँच लिया, और यह काम करता है",
        "試して、正常に動く",
    ],
    detail: [
        "The label or a fixing, close up",
        "Das Typenschild oder eine Befestigung, aus der Nähe",
        "La etiqueta o una fijación, de cerca",
        "L’étiquette ou une fixation, de près",
        "लेबल या कोई जोड़, पास से",
        "ラベルまたは固定部分の接写",
    ],
};

const ASSEMBLY: Kind = Kind {
    name: "assembly",
    marks: &["ASSEMBLY"],
    tested: [
        "It stands firmly; doors and drawers move freely",
        "Es steht fest; Türen und Schubladen laufen frei",
        "Está firme; las puertas y los cajones se mueven bien",
        "C’est stable ; portes et tiroirs bougent librement",
        "यह मज़बूती से खड़ा है; दरवाज़े और दराज़ आसानी से चलते हैं",
        "しっかり立ち、扉と引き出しが滑らかに動く",
    ],
    detail: [
        "The wall anchor or the main joint, close up",
        "Die Kippsicherung oder die wichtigste Verbindung, aus der Nähe",
        "El anclaje a la pared o la unión principal, de cerca",
        "La fixation murale ou l’assemblage principal, de près",
        "दीवार का एंकर या मुख्य जोड़, पास से",
        "転倒防止金具または主な接合部の接写",
    ],
};

const TV_MOUNTING: Kind = Kind {
    name: "tv_mounting",
    marks: &["TV_MOUNT", "TELEVISION"],
    tested: [
        "It hangs level and firmly, and shows a picture",
        "Es hängt gerade und fest und zeigt ein Bild",
        "Está nivelado y firme, y muestra imagen",
        "Il est droit et bien fixé, et affiche une image",
        "यह सीधा और मज़बूती से लगा है, और तस्वीर दिखाता है",
        "水平にしっかり掛かり、映像が映る",
    ],
    detail: [
        "The bracket with its fixings in the wall",
        "Die Halterung mit ihren Befestigungen in der Wand",
        "El soporte con sus fijaciones en la pared",
        "Le support avec ses fixations dans le mur",
        "दीवार में लगे पेंचों के साथ ब्रैकेट",
        "壁に固定した金具とねじ",
    ],
};

const HVAC: Kind = Kind {
    name: "hvac",
    marks: &["HVAC", "AIR_CONDITION", "HEAT_PUMP"],
    tested: [
        "It ran for ten minutes, and the condensate drains",
        "Es lief zehn Minuten, und das Kondensat läuft ab",
        "Funcionó diez minutos y el agua condensada drena",
        "Il a tourné dix minutes et les condensats s’écoulent",
        "यह दस मिनट चला, और पानी ठीक से निकलता है",
        "10分間運転し、結露水が流れる",
    ],
    detail: [
        "The rating plate of the unit, readable",
        "Das Typenschild des Geräts, lesbar",
        "La placa de características del aparato, legible",
        "La plaque signalétique de l’appareil, lisible",
        "यूनिट की रेटिंग प्लेट, पढ़ने योग्य",
        "読み取れる本体の銘板",
    ],
};

/// A job of several kinds is of the first.
const KINDS: [&Kind; 4] = [&HVAC, &TV_MOUNTING, &ASSEMBLY, &ANY];

const WORK_DONE: Said = [
    "Everything ordered is done",
    "Alles Bestellte ist erledigt",
    "Todo lo pedido está hecho",
    "Tout ce qui a été commandé est fait",
    "ऑर्डर का सारा काम पूरा है",
    "注文の作業はすべて完了",
];
const SITE_CLEAN: Said = [
    "The place is clean, packaging is taken away or left as agreed",
    "Der Ort ist sauber, die Verpackung ist mitgenommen oder wie vereinbart dagelassen",
    "El lugar está limpio y el embalaje, retirado o dejado según lo acordado",
    "Les lieux sont propres, les emballages emportés ou laissés comme convenu",
    "जगह साफ़ है, पैकिंग ले ली गई है या तय अनुसार छोड़ी गई है",
    "現場は清掃済み。梱包材は持ち帰ったか、取り決めどおり残した",
];
const DAMAGE: Said = [
    "Something was damaged",
    "Etwas wurde beschädigt",
    "Algo se dañó",
    "Quelque chose a été endommagé",
    "कुछ टूट-फूट हुई",
    "何かを破損した",
];
const AFTER: Said = [
    "The finished work",
    "Die fertige Arbeit",
    "El trabajo terminado",
    "Le travail terminé",
    "पूरा हुआ काम",
    "完成した状態",
];
const SERIAL: Said = [
    "Serial number of the unit",
    "Seriennummer des Geräts",
    "Número de serie del aparato",
    "Numéro de série de l’appareil",
    "यूनिट का सीरियल नंबर",
    "本体のシリアル番号",
];

impl Policy {
    /// What a visit is held to for which the seller has written nothing. The skills decide; Amazon's service types
    /// alone do not tell one kind of work from another.
    pub fn standard_for(_: ServiceType, skills: &[String]) -> Self {
        let is_of = |kind: &&&Kind| {
            kind.marks.iter().any(|mark| skills.iter().any(|skill| skill.to_ascii_uppercase().contains(mark)))
        };
        policy_of(KINDS.iter().find(is_of).copied().unwrap_or(&ANY))
    }

    /// All that ship with Doorstep, by name; `any` holds where no other does.
    pub fn standards() -> Vec<(&'static str, Self)> {
        KINDS.iter().rev().map(|kind| (kind.name, policy_of(kind))).collect()
    }
}

fn policy_of(kind: &Kind) -> Policy {
    let question = |id: &str, said: &Said, accepts: &[Answer]| {
        let (text, texts) = texts(said);
        Question { id: id.to_owned(), text, texts, accepts: accepts.to_vec(), ..Question::default() }
    };
    let shot = |id: &str, said: &Said| {
        let (text, texts) = texts(said);
        Shot { id: id.to_owned(), text, texts, minimum: 1, ..Shot::default() }
    };
    let mut policy = Policy {
        version: 1,
        questions: vec![
            question("work_done", &WORK_DONE, &[Answer::Yes]),
            question("tested", &kind.tested, &[Answer::Yes, Answer::NotApplicable]),
            question("site_clean", &SITE_CLEAN, &[Answer::Yes]),
            question("damage", &DAMAGE, &[Answer::Yes, Answer::No]),
        ],
        shots: vec![shot("after", &AFTER), shot("detail", &kind.detail)],
        minimum_photos: 2,
        ..Policy::default()
    };
    if kind.name == HVAC.name {
        let (text, texts) = texts(&SERIAL);
        policy.serials = vec![SerialWanted { id: "unit".to_owned(), text, texts, required: false }];
        policy.signature = Need::Optional;
    }
    policy
}

fn texts(said: &Said) -> (String, Texts) {
    let [text, others @ ..] = said;
    let named =
        OTHERS.iter().zip(others).map(|(language, text)| ((*language).to_owned(), (*text).to_owned()));
    ((*text).to_owned(), named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard_for(skills: &[&str]) -> Policy {
        let skills: Vec<String> = skills.iter().map(|skill| (*skill).to_owned()).collect();
        Policy::standard_for(ServiceType::Standard, &skills)
    }

    #[test]
    fn every_standard_policy_is_without_flaw_and_in_every_language() {
        for (name, policy) in Policy::standards() {
            assert_eq!(policy.flaws(), [], "{name}");
            let texts = policy.questions.iter().map(|question| &question.texts);
            let texts = texts.chain(policy.shots.iter().map(|shot| &shot.texts));
            for texts in texts.chain(policy.serials.iter().map(|serial| &serial.texts)) {
                assert_eq!(texts.keys().collect::<Vec<_>>(), OTHERS, "{name}");
            }
        }
    }

    #[test]
    fn the_kind_of_work_decides_by_its_skills() {
        let named = |name| Policy::standards().into_iter().find(|(one, _)| *one == name).unwrap().1;
        assert_eq!(standard_for(&["FURNITURE_ASSEMBLY"]), named("assembly"));
        assert_eq!(standard_for(&["CABLES", "tv_mounting"]), named("tv_mounting"));
        assert_eq!(standard_for(&["TV_MOUNTING", "HVAC_INSTALL"]), named("hvac"));
        assert_eq!(standard_for(&["TIRE_FITTING"]), named("any"));
        assert_eq!(standard_for(&[]), named("any"));
    }

    #[test]
    fn all_ask_under_the_same_ids_in_the_same_words_where_they_can() {
        let ids = |policy: &Policy| {
            let questions = policy.questions.iter().map(|question| question.id.clone());
            questions.chain(policy.shots.iter().map(|shot| shot.id.clone())).collect::<Vec<_>>()
        };
        let plain = Policy::standard();
        for (name, policy) in Policy::standards() {
            assert_eq!(ids(&policy), ids(&plain), "{name}");
        }
        assert_eq!(standard_for(&[]).questions[1].text, plain.questions[1].text);
    }
}
