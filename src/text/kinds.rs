//! What was taken out of a text, by kind and number. No value is ever part of it.

/// Why a word or number did not stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The instance's own value, as the caller named it.
    Own,
    /// An Indonesian national identity number (NIK).
    NationalId,
    /// An Indonesian health insurance number (BPJS).
    Insurance,
    /// An Indonesian tax number (NPWP).
    TaxNumber,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// An address in the web, or a host name.
    Url,
    /// An address of the Internet Protocol.
    Ip,
    /// A DICOM UID or another dotted number.
    Uid,
    /// A calendar date, a year, or a part of one.
    Date,
    /// A time of day.
    Time,
    /// An age over 89 years.
    Age,
    /// A number behind words such as `No. RM` or `MRN`, or of such a form.
    RecordNumber,
    /// A postal address or a part of one.
    Address,
    /// A long number of no known kind.
    Digits,
    /// A mix of letters and digits that is no known term.
    Code,
    /// A name, or what stands where a name stands.
    Name,
    /// A word that no list of allowed words has.
    Word,
    /// Characters that have no place in a plain text.
    Odd,
}

impl Kind {
    /// All kinds, in the order of a report.
    pub const ALL: [Kind; 19] = [
        Kind::Own,
        Kind::NationalId,
        Kind::Insurance,
        Kind::TaxNumber,
        Kind::Phone,
        Kind::Email,
        Kind::Url,
        Kind::Ip,
        Kind::Uid,
        Kind::Date,
        Kind::Time,
        Kind::Age,
        Kind::RecordNumber,
        Kind::Address,
        Kind::Digits,
        Kind::Code,
        Kind::Name,
        Kind::Word,
        Kind::Odd,
    ];

    /// The kind's name in reports.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Own => "own-value",
            Kind::NationalId => "nik",
            Kind::Insurance => "bpjs",
            Kind::TaxNumber => "npwp",
            Kind::Phone => "phone",
            Kind::Email => "email",
            Kind::Url => "url",
            Kind::Ip => "ip",
            Kind::Uid => "uid",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::Age => "age",
            Kind::RecordNumber => "record-number",
            Kind::Address => "address",
            Kind::Digits => "digits",
            Kind::Code => "code",
            Kind::Name => "name",
            Kind::Word => "word",
            Kind::Odd => "odd",
        }
    }
}

/// How many words or numbers of each kind were taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    counts: [u32; Kind::ALL.len()],
}

impl Kinds {
    /// How many of this kind were taken out.
    pub fn get(&self, kind: Kind) -> u32 {
        self.counts.get(kind as usize).copied().unwrap_or(0)
    }

    /// The kinds that occurred, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, u32)> + '_ {
        Kind::ALL
            .into_iter()
            .map(|kind| (kind, self.get(kind)))
            .filter(|(_, count)| *count > 0)
    }

    /// How many were taken out in all.
    pub fn total(&self) -> u32 {
        self.counts.iter().fold(0, |sum, n| sum.saturating_add(*n))
    }

    pub(super) fn add(&mut self, kind: Kind) {
        if let Some(count) = self.counts.get_mut(kind as usize) {
            *count = count.saturating_add(1);
        }
    }
}
