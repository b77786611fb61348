//! The reasons that Amazon takes for moving a visit or cancelling a job. A code that is not valid for the job's
//! marketplace and service type is refused, hours after the technician has left.
//!
//! From Amazon's use-case guide for the Services API: `cancellationReasonCode` of
//! cancelServiceJobByServiceJobId, `rescheduleReasonCode` of rescheduleAppointmentForServiceJobByServiceJobId.
//! What a code means in words is in the phone's and the console's dictionaries, one text per code by its type.

use crate::job::ServiceType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// What is asked of Amazon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Another time for the visit.
    Reschedule,
    /// An end of the job without work.
    Cancel,
}

/// Marketplaces as bits.
type Where = u8;
const NOWHERE: Where = 0;
const US: Where = 1;
const IN: Where = 2;
const UK: Where = 4;
const DE: Where = 8;
const AE: Where = 16;
const JP: Where = 32;

/// The marketplaces for which the guide has codes. For another one nobody knows what Amazon takes.
fn place_of(marketplace: &str) -> Where {
    match marketplace {
        "ATVPDKIKX0DER" => US,
        "A21TJRUUN4KGV" => IN,
        "A1F83G8C2ARO7P" => UK,
        "A1PA6795UKMFR9" => DE,
        "A2VIGQ35RCS4UG" => AE,
        "A1VC38T7YXB528" => JP,
        _ => NOWHERE,
    }
}

macro_rules! reasons {
    ($($code:ident: $wish:ident, $standard:expr, $heavy_bulk:expr, $recurring:expr;)*) => {
        /// A reason by Amazon's code. Append only: documents hold it by its place.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
        pub enum ReasonCode {
            $($code,)*
        }

        /// Where each code is valid, by service type: standard, heavy and bulky, recurring.
        const TABLE: &[(ReasonCode, Wish, [Where; 3])] =
            &[$((ReasonCode::$code, Wish::$wish, [$standard, $heavy_bulk, $recurring]),)*];

        impl ReasonCode {
            /// As Amazon writes it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => stringify!($code),)*
                }
            }
        }
    };
}

// By hand, by the table: what is derived for so many names is 3 KB more for the phone to fetch. In documents a code is
// its place, as it would be with the derived form.

impl Serialize for ReasonCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(self.as_str())
        } else {
            serializer.serialize_u32(*self as u32)
        }
    }
}

impl<'de> Deserialize<'de> for ReasonCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = if deserializer.is_human_readable() {
            Self::named(&String::deserialize(deserializer)?)
        } else {
            let place = u32::deserialize(deserializer)?;
            usize::try_from(place).ok().and_then(|place| TABLE.get(place)).map(|(code, ..)| *code)
        };
        found.ok_or_else(|| D::Error::custom("no reason code of Amazon's"))
    }
}

// Of cancelling the guide has no column of its own for recurring services: everything but heavy and bulky is
// standard there.
reasons! {
    S1: Cancel, US | IN | UK | DE, US | IN | UK | DE, US | IN | UK | DE;
    S2: Cancel, NOWHERE, DE, NOWHERE;
    S3: Cancel, US | IN | UK | DE, US | IN | UK | DE, US | IN | UK | DE;
    S4: Cancel, NOWHERE, DE, NOWHERE;
    S5: Cancel, NOWHERE, DE, NOWHERE;
    S6: Cancel, NOWHERE, DE, NOWHERE;
    S13: Cancel, US | IN | UK | DE, US | IN | UK, US | IN | UK | DE;
    S14: Cancel, US, US, US;
    S15: Cancel, US | IN | UK | DE, US | IN | UK, US | IN | UK | DE;
    S16: Cancel, US | UK | DE, US | UK, US | UK | DE;
    S17: Cancel, US | IN, US | IN, US | IN;
    S20: Cancel, IN, IN, IN;
    S27: Cancel, IN, IN, IN;
    S28: Cancel, NOWHERE, NOWHERE, NOWHERE;
    S29: Cancel, NOWHERE, NOWHERE, NOWHERE;
    S30: Cancel, NOWHERE, NOWHERE, NOWHERE;
    S31: Cancel, IN, NOWHERE, IN;
    S32: Cancel, IN, NOWHERE, IN;
    S33: Cancel, IN, NOWHERE, IN;
    S34: Cancel, IN, NOWHERE, IN;
    S35: Cancel, IN, NOWHERE, IN;
    S36: Cancel, IN, NOWHERE, IN;
    S37: Cancel, IN, NOWHERE, IN;
    S38: Cancel, IN, NOWHERE, IN;
    S39: Cancel, IN, NOWHERE, IN;
    S40: Cancel, IN, NOWHERE, IN;
    S41: Cancel, IN, NOWHERE, IN;
    S42: Cancel, IN, NOWHERE, IN;
    S43: Cancel, IN, NOWHERE, IN;
    S44: Cancel, IN, NOWHERE, IN;
    S45: Cancel, IN, NOWHERE, IN;
    S46: Cancel, IN, NOWHERE, IN;
    S47: Cancel, IN, NOWHERE, IN;
    S51: Cancel, IN, NOWHERE, IN;
    S52: Cancel, IN, NOWHERE, IN;
    S55: Cancel, IN, NOWHERE, IN;
    RS1: Reschedule, NOWHERE, DE, NOWHERE;
    RS2: Reschedule, NOWHERE, DE, NOWHERE;
    RS3: Reschedule, NOWHERE, DE, NOWHERE;
    RS4: Reschedule, US | AE | JP, US | DE | JP, US | JP;
    RS5: Reschedule, NOWHERE, DE, NOWHERE;
    RS6: Reschedule, US | IN | UK | DE | AE | JP, US | IN | UK | JP, NOWHERE;
    RS8: Reschedule, UK | DE, US | UK | JP, US | JP;
    RS9: Reschedule, US | IN | UK | DE | AE | JP, US | IN | UK | JP, NOWHERE;
    RS10: Reschedule, US | UK | DE | AE | JP, US | UK | JP, NOWHERE;
    RS11: Reschedule, US | IN | UK | DE | AE | JP, US | IN | UK | JP, US | JP;
    RS12: Reschedule, IN | UK | DE, IN | UK, NOWHERE;
    DRS1: Reschedule, NOWHERE, US | JP, NOWHERE;
    DRS2: Reschedule, NOWHERE, US | JP, NOWHERE;
    DRS3: Reschedule, NOWHERE, US | JP, NOWHERE;
    DRS4: Reschedule, NOWHERE, US | JP, NOWHERE;
    DRS5: Reschedule, NOWHERE, US | JP, NOWHERE;
    DRS6: Reschedule, NOWHERE, US | JP, NOWHERE;
    SRS1: Reschedule, NOWHERE, US | JP, NOWHERE;
}

impl ReasonCode {
    pub fn named(code: &str) -> Option<Self> {
        TABLE.iter().map(|(reason, ..)| *reason).find(|reason| reason.as_str() == code)
    }
}

/// The codes that Amazon takes for a job of this marketplace (its id) and service type, in the guide's order. Empty for
/// a marketplace that the guide does not know.
pub fn valid(marketplace: &str, service_type: ServiceType, wish: Wish) -> Vec<ReasonCode> {
    let (place, column) = (place_of(marketplace), service_type as usize);
    let takes = |(_, of, valid): &&(ReasonCode, Wish, [Where; 3])| *of == wish && valid[column] & place != 0;
    TABLE.iter().filter(takes).map(|(reason, ..)| *reason).collect()
}

/// The code for a buyer who was not there, where it is valid.
pub fn proposed_for_no_show(marketplace: &str, service_type: ServiceType, wish: Wish) -> Option<ReasonCode> {
    let proposed = match wish {
        Wish::Reschedule => ReasonCode::RS11,
        Wish::Cancel => ReasonCode::S1,
    };
    valid(marketplace, service_type, wish).contains(&proposed).then_some(proposed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ServiceType::{HeavyBulk, Recurring, Standard};

    const MARKETPLACES: [&str; 6] = [
        "ATVPDKIKX0DER",
        "A21TJRUUN4KGV",
        "A1F83G8C2ARO7P",
        "A1PA6795UKMFR9",
        "A2VIGQ35RCS4UG",
        "A1VC38T7YXB528",
    ];

    fn counts(service_type: ServiceType, wish: Wish) -> [usize; 6] {
        MARKETPLACES.map(|marketplace| valid(marketplace, service_type, wish).len())
    }

    #[test]
    fn each_marketplace_and_service_type_has_the_codes_of_the_guide() {
        assert_eq!(counts(Standard, Wish::Cancel), [7, 27, 5, 5, 0, 0]);
        assert_eq!(counts(HeavyBulk, Wish::Cancel), [7, 7, 5, 6, 0, 0]);
        assert_eq!(counts(Recurring, Wish::Cancel), counts(Standard, Wish::Cancel));
        assert_eq!(counts(Standard, Wish::Reschedule), [5, 4, 6, 6, 5, 5]);
        assert_eq!(counts(HeavyBulk, Wish::Reschedule), [13, 4, 6, 5, 0, 13]);
        assert_eq!(counts(Recurring, Wish::Reschedule), [3, 0, 0, 0, 0, 3]);
    }

    #[test]
    fn a_code_of_one_marketplace_is_not_valid_in_another() {
        use ReasonCode::{DRS6, RS4, RS8, RS9, RS11, RS12, S1, S13, S31, SRS1};
        let [us, india, uk, germany, _, japan] = MARKETPLACES;
        let recurring = valid(us, Recurring, Wish::Reschedule);
        assert_eq!(recurring, [RS4, RS8, RS11]);
        assert!(valid(india, Standard, Wish::Cancel).contains(&S31));
        assert!(!valid(us, Standard, Wish::Cancel).contains(&S31));
        assert!(valid(germany, Standard, Wish::Cancel).contains(&S13));
        assert!(!valid(germany, HeavyBulk, Wish::Cancel).contains(&S13));
        assert!(valid(uk, Standard, Wish::Reschedule).contains(&RS12));
        assert!(!valid(uk, Standard, Wish::Reschedule).contains(&RS4));
        assert!(valid(japan, HeavyBulk, Wish::Reschedule).ends_with(&[DRS6, SRS1]));
        assert!(!valid(germany, HeavyBulk, Wish::Reschedule).contains(&RS9));
        assert!(valid(germany, HeavyBulk, Wish::Cancel).contains(&S1));
        assert_eq!(valid("A13V1IB3VIYZZH", Standard, Wish::Cancel), [], "France is not in the guide");
    }

    #[test]
    fn a_no_show_is_proposed_only_where_its_code_is_valid() {
        for marketplace in MARKETPLACES {
            for service_type in [Standard, HeavyBulk, Recurring] {
                for wish in [Wish::Reschedule, Wish::Cancel] {
                    let proposed = proposed_for_no_show(marketplace, service_type, wish);
                    let codes = valid(marketplace, service_type, wish);
                    assert!(proposed.is_none_or(|code| codes.contains(&code)));
                }
            }
        }
        assert_eq!(proposed_for_no_show("ATVPDKIKX0DER", Standard, Wish::Cancel), Some(ReasonCode::S1));
        assert_eq!(proposed_for_no_show("A1VC38T7YXB528", Standard, Wish::Cancel), None);
        assert_eq!(
            proposed_for_no_show("A1VC38T7YXB528", Standard, Wish::Reschedule),
            Some(ReasonCode::RS11)
        );
        assert_eq!(proposed_for_no_show("A1PA6795UKMFR9", HeavyBulk, Wish::Reschedule), None);
    }

    #[test]
    fn a_code_reads_back_from_its_text() {
        for (reason, ..) in TABLE {
            assert_eq!(ReasonCode::named(reason.as_str()), Some(*reason));
        }
        assert_eq!(ReasonCode::named("S99"), None);
    }
}
