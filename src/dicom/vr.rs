//! Value Representations (PS3.5 section 6.2).

use std::fmt;

macro_rules! vrs {
    ($($name:ident),* $(,)?) => {
        /// A Value Representation, as written in explicit syntaxes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)] // the names are PS3.5's own
        pub enum Vr { $($name),* }

        impl Vr {
            /// Every VR of the standard, in alphabetical order.
            pub const ALL: &[Vr] = &[$(Vr::$name),*];

            /// Reads the two letters; `None` for anything the standard does not define.
            pub fn from_bytes(bytes: [u8; 2]) -> Option<Vr> {
                match &bytes {
                    $(b if *b == code(stringify!($name)) => Some(Vr::$name),)*
                    _ => None,
                }
            }

            /// The two letters.
            pub const fn code(self) -> [u8; 2] {
                match self { $(Vr::$name => code(stringify!($name)),)* }
            }
        }
    };
}

const fn code(name: &str) -> [u8; 2] {
    let bytes = name.as_bytes();
    [bytes[0], bytes[1]]
}

vrs!(
    AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB, OD, OF, OL, OV, OW, PN, SH, SL, SQ, SS, ST,
    SV, TM, UC, UI, UL, UN, UR, US, UT, UV,
);

impl Vr {
    /// Whether the explicit header has two reserved bytes and a 32-bit length (PS3.5 section 7.1.2).
    pub const fn has_long_header(self) -> bool {
        matches!(
            self,
            Vr::OB
                | Vr::OD
                | Vr::OF
                | Vr::OL
                | Vr::OV
                | Vr::OW
                | Vr::SQ
                | Vr::SV
                | Vr::UC
                | Vr::UN
                | Vr::UR
                | Vr::UT
                | Vr::UV
        )
    }

    /// Whether values are character strings.
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Vr::AE
                | Vr::AS
                | Vr::CS
                | Vr::DA
                | Vr::DS
                | Vr::DT
                | Vr::IS
                | Vr::LO
                | Vr::LT
                | Vr::PN
                | Vr::SH
                | Vr::ST
                | Vr::TM
                | Vr::UC
                | Vr::UI
                | Vr::UR
                | Vr::UT
        )
    }

    /// Whether values are free text that a person may have typed.
    pub const fn is_free_text(self) -> bool {
        matches!(
            self,
            Vr::LO | Vr::LT | Vr::SH | Vr::ST | Vr::UC | Vr::UR | Vr::UT
        )
    }

    /// Whether values are bytes that only another attribute gives a meaning.
    pub const fn is_opaque(self) -> bool {
        matches!(
            self,
            Vr::OB | Vr::OD | Vr::OF | Vr::OL | Vr::OV | Vr::OW | Vr::UN
        )
    }

    /// The largest number of characters in one value, where the standard sets one below 2^32-2.
    pub const fn max_chars(self) -> Option<usize> {
        match self {
            Vr::AE | Vr::CS | Vr::DS | Vr::SH | Vr::TM => Some(16),
            Vr::AS => Some(4),
            Vr::DA => Some(8),
            Vr::DT => Some(26),
            Vr::IS => Some(12),
            Vr::LO | Vr::PN | Vr::UI => Some(64),
            Vr::ST => Some(1024),
            Vr::LT => Some(10240),
            _ => None,
        }
    }

    /// The byte that pads a value to even length.
    pub const fn padding(self) -> u8 {
        if self.is_text() && !matches!(self, Vr::UI) {
            b' '
        } else {
            0
        }
    }
}

impl fmt::Display for Vr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = self.code();
        write!(f, "{}{}", a as char, b as char)
    }
}
