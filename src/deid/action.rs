//! What the codes of Table E.1-1 mean in one instance, where the Type of every attribute is known.

use crate::dicom::{Tag, Tape};
use crate::standard::annex_e::Code;
use crate::standard::iod_types::Type;

/// What is done with an attribute that may not stay as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// X.
    Remove,
    /// Z, with a zero-length value.
    Empty,
    /// D.
    Dummy,
    /// U.
    Uid,
}

/// Referenced Series Sequence and Studies Containing Other Referenced Instances Sequence.
const COMMON_INSTANCE_REFERENCE: [Tag; 2] = [Tag(0x0008_1115), Tag(0x0008_1200)];

impl Code {
    /// The action in this instance. X/Z/U* turns to U where the Common Instance Reference Module (PS3.3 section
    /// C.12.2) lists what the sequence refers to: without it, that list would have nothing to list.
    pub fn resolve_in(self, kind: Type, tape: &Tape) -> Action {
        let listed = || {
            COMMON_INSTANCE_REFERENCE
                .iter()
                .any(|tag| tape.find(*tag).is_some())
        };
        if self == Code::XZU && listed() {
            return Action::Uid;
        }
        self.resolve(kind)
    }

    /// The action that a code means for an attribute of this Type (PS3.15 Table E.1-1a).
    ///
    /// A plain X or Z gives way where the IOD would break: the attribute is emptied or gets a dummy instead.
    pub fn resolve(self, kind: Type) -> Action {
        match (self, kind) {
            (Code::X | Code::XZ | Code::XD | Code::XZD | Code::XZU, Type::Three) => Action::Remove,
            (Code::D, _)
            | (Code::XD, Type::Two)
            | (Code::X | Code::Z | Code::ZD | Code::XZ | Code::XD | Code::XZD, Type::One) => {
                Action::Dummy
            }
            (Code::U, _) | (Code::XZU, Type::One) => Action::Uid,
            (Code::X | Code::XZ | Code::XZD | Code::XZU, Type::Two) | (Code::Z | Code::ZD, _) => {
                Action::Empty
            }
        }
    }
}

/// What becomes of an attribute that identifies by its role.
pub fn by_type(kind: Type) -> Action {
    match kind {
        Type::Three => Action::Remove,
        Type::Two => Action::Empty,
        Type::One => Action::Dummy,
    }
}
