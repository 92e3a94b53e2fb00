//! Transfer syntaxes (PS3.5 section 10 and Annex A) as far as the header is concerned.

use crate::standard::uids;

/// How the header's elements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// Whether every element carries its VR.
    pub explicit: bool,
    /// Whether numbers are big endian.
    pub big_endian: bool,
}

impl Encoding {
    /// Implicit VR Little Endian, also the encoding inside UN sequences (PS3.5 section 6.2.2).
    pub const IMPLICIT_LE: Encoding = Encoding {
        explicit: false,
        big_endian: false,
    };
    /// Explicit VR Little Endian.
    pub const EXPLICIT_LE: Encoding = Encoding {
        explicit: true,
        big_endian: false,
    };
    /// Explicit VR Big Endian (retired).
    pub const EXPLICIT_BE: Encoding = Encoding {
        explicit: true,
        big_endian: true,
    };

    /// Reads an unsigned 16-bit number.
    pub fn u16(self, bytes: [u8; 2]) -> u16 {
        if self.big_endian {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        }
    }

    /// Reads an unsigned 32-bit number.
    pub fn u32(self, bytes: [u8; 4]) -> u32 {
        if self.big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    }

    /// Writes an unsigned 16-bit number.
    pub fn put_u16(self, value: u16) -> [u8; 2] {
        if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    /// Writes an unsigned 32-bit number.
    pub fn put_u32(self, value: u32) -> [u8; 4] {
        if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }
}

/// A transfer syntax: its UID and what it means for the reader of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferSyntax {
    /// The UID.
    pub uid: String,
    /// How elements are written.
    pub encoding: Encoding,
    /// Whether the data set is one deflate stream.
    pub deflated: bool,
}

/// Implicit VR Little Endian.
pub const IMPLICIT_LE: &str = "1.2.840.10008.1.2";
/// Explicit VR Little Endian.
pub const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";
/// Deflated Explicit VR Little Endian.
pub const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
/// JPIP Referenced Deflate.
const JPIP_DEFLATE: &str = "1.2.840.10008.1.2.4.95";
/// JPIP HTJ2K Referenced Deflate.
const JPIP_HTJ2K_DEFLATE: &str = "1.2.840.10008.1.2.4.205";
/// Explicit VR Big Endian.
pub const EXPLICIT_BE: &str = "1.2.840.10008.1.2.2";

impl TransferSyntax {
    /// The syntax of a UID that PS3.6 registers as a transfer syntax; `None` for any other.
    pub fn from_uid(uid: &str) -> Option<TransferSyntax> {
        let row = uids::by_uid(uid)?;
        if row.kind != "Transfer Syntax" {
            return None;
        }
        let encoding = match uid {
            IMPLICIT_LE => Encoding::IMPLICIT_LE,
            EXPLICIT_BE => Encoding::EXPLICIT_BE,
            _ => Encoding::EXPLICIT_LE,
        };
        Some(TransferSyntax {
            uid: uid.to_owned(),
            encoding,
            deflated: matches!(uid, DEFLATED | JPIP_DEFLATE | JPIP_HTJ2K_DEFLATE),
        })
    }

    /// The uncompressed syntax of an encoding, for files that do not name one.
    pub fn of_encoding(encoding: Encoding) -> TransferSyntax {
        let uid = match encoding {
            Encoding::EXPLICIT_BE => EXPLICIT_BE,
            Encoding { explicit: true, .. } => EXPLICIT_LE,
            Encoding { .. } => IMPLICIT_LE,
        };
        TransferSyntax {
            uid: uid.to_owned(),
            encoding,
            deflated: false,
        }
    }

    /// Whether the data set is written as the UID demands: explicitly, unless it is Implicit VR Little Endian.
    pub fn is_consistent(&self) -> bool {
        TransferSyntax::from_uid(&self.uid).is_some_and(|own| own.encoding == self.encoding)
    }

    /// Whether Pixel Data is native: written as one run of samples (PS3.5 section 8.1).
    pub fn is_native(&self) -> bool {
        matches!(
            self.uid.as_str(),
            IMPLICIT_LE | EXPLICIT_LE | EXPLICIT_BE | DEFLATED
        )
    }
}
