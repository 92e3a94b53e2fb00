//! The options of PS3.15 section E.3, and the codes by which (0012,0064) tells which of them ran (PS3.16 CID 7050).

use std::fmt;

/// An option of PS3.15 section E.3. The first ten have a column in Table E.1-1, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProfileOption {
    /// E.3.10: private elements that are known to be safe stay.
    RetainSafePrivate,
    /// E.3.9: UIDs stay.
    RetainUids,
    /// E.3.8: what identifies the device stays.
    RetainDeviceIdentity,
    /// E.3.11: what identifies the institution stays.
    RetainInstitutionIdentity,
    /// E.3.7: age, sex, size and the like stay.
    RetainPatientCharacteristics,
    /// E.3.6: dates and times stay as they are.
    RetainFullDates,
    /// E.3.6: dates and times stay, moved by an interval.
    RetainModifiedDates,
    /// E.3.5: descriptions stay, without what identifies.
    CleanDescriptors,
    /// E.3.4: structured content stays, without what identifies.
    CleanStructuredContent,
    /// E.3.3: graphics, overlays and annotations stay, without what identifies.
    CleanGraphics,
    /// E.3.1: identifying text in pixels is removed.
    CleanPixelData,
    /// E.3.2: faces and the like in pixels are made unrecognizable.
    CleanRecognizableVisualFeatures,
}

/// A code of CID 7050; its Coding Scheme Designator is `DCM`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Method {
    /// Code Value.
    pub code: &'static str,
    /// Code Meaning.
    pub meaning: &'static str,
}

/// Coding Scheme Designator of every [`Method`].
pub const SCHEME: &str = "DCM";

/// The Basic Profile itself.
pub const BASIC: Method = Method {
    code: "113100",
    meaning: "Basic Application Confidentiality Profile",
};

/// What there is to say of one option: name in a profile, title in PS3.15, code and meaning in CID 7050.
struct Facts {
    name: &'static str,
    title: &'static str,
    method: Method,
}

const fn facts(
    name: &'static str,
    title: &'static str,
    code: &'static str,
    meaning: &'static str,
) -> Facts {
    Facts {
        name,
        title,
        method: Method { code, meaning },
    }
}

impl ProfileOption {
    /// Every option, those of Table E.1-1 first.
    pub const ALL: &[ProfileOption] = &[
        ProfileOption::RetainSafePrivate,
        ProfileOption::RetainUids,
        ProfileOption::RetainDeviceIdentity,
        ProfileOption::RetainInstitutionIdentity,
        ProfileOption::RetainPatientCharacteristics,
        ProfileOption::RetainFullDates,
        ProfileOption::RetainModifiedDates,
        ProfileOption::CleanDescriptors,
        ProfileOption::CleanStructuredContent,
        ProfileOption::CleanGraphics,
        ProfileOption::CleanPixelData,
        ProfileOption::CleanRecognizableVisualFeatures,
    ];

    /// The ten options that have a column in Table E.1-1, in the order of the columns.
    pub const TABLE: &[ProfileOption] = &[
        ProfileOption::RetainSafePrivate,
        ProfileOption::RetainUids,
        ProfileOption::RetainDeviceIdentity,
        ProfileOption::RetainInstitutionIdentity,
        ProfileOption::RetainPatientCharacteristics,
        ProfileOption::RetainFullDates,
        ProfileOption::RetainModifiedDates,
        ProfileOption::CleanDescriptors,
        ProfileOption::CleanStructuredContent,
        ProfileOption::CleanGraphics,
    ];

    const fn facts(self) -> Facts {
        match self {
            ProfileOption::RetainSafePrivate => facts(
                "retain-safe-private",
                "Retain Safe Private Option",
                "113111",
                "Retain Safe Private Option",
            ),
            ProfileOption::RetainUids => facts(
                "retain-uids",
                "Retain UIDs Option",
                "113110",
                "Retain UIDs Option",
            ),
            ProfileOption::RetainDeviceIdentity => facts(
                "retain-device-identity",
                "Retain Device Identity Option",
                "113109",
                "Retain Device Identity Option",
            ),
            ProfileOption::RetainInstitutionIdentity => facts(
                "retain-institution-identity",
                "Retain Institution Identity Option",
                "113112",
                "Retain Institution Identity Option",
            ),
            ProfileOption::RetainPatientCharacteristics => facts(
                "retain-patient-characteristics",
                "Retain Patient Characteristics Option",
                "113108",
                "Retain Patient Characteristics Option",
            ),
            ProfileOption::RetainFullDates => facts(
                "retain-full-dates",
                "Retain Longitudinal Temporal Information With Full Dates Option",
                "113106",
                "Retain Longitudinal Temporal Information Full Dates Option",
            ),
            ProfileOption::RetainModifiedDates => facts(
                "retain-modified-dates",
                "Retain Longitudinal Temporal Information With Modified Dates Option",
                "113107",
                "Retain Longitudinal Temporal Information Modified Dates Option",
            ),
            ProfileOption::CleanDescriptors => facts(
                "clean-descriptors",
                "Clean Descriptors Option",
                "113105",
                "Clean Descriptors Option",
            ),
            ProfileOption::CleanStructuredContent => facts(
                "clean-structured-content",
                "Clean Structured Content Option",
                "113104",
                "Clean Structured Content Option",
            ),
            ProfileOption::CleanGraphics => facts(
                "clean-graphics",
                "Clean Graphics Option",
                "113103",
                "Clean Graphics Option",
            ),
            ProfileOption::CleanPixelData => facts(
                "clean-pixel-data",
                "Clean Pixel Data Option",
                "113101",
                "Clean Pixel Data Option",
            ),
            ProfileOption::CleanRecognizableVisualFeatures => facts(
                "clean-recognizable-visual-features",
                "Clean Recognizable Visual Features Option",
                "113102",
                "Clean Recognizable Visual Features Option",
            ),
        }
    }

    /// The name in a profile, such as `retain-uids`.
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// Reads a name as a profile writes it.
    pub fn parse(name: &str) -> Option<ProfileOption> {
        Self::ALL.iter().copied().find(|o| o.name() == name)
    }

    /// What PS3.15 calls it.
    pub const fn title(self) -> &'static str {
        self.facts().title
    }

    /// Its code of CID 7050.
    pub const fn method(self) -> Method {
        self.facts().method
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl fmt::Display for ProfileOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of options, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct OptionSet(u16);

impl OptionSet {
    /// No option: the Basic Profile as it stands.
    pub const EMPTY: OptionSet = OptionSet(0);

    /// Turns an option on.
    pub fn insert(&mut self, option: ProfileOption) {
        self.0 |= option.bit();
    }

    /// Turns an option off.
    pub fn remove(&mut self, option: ProfileOption) {
        self.0 &= !option.bit();
    }

    /// Whether an option is on.
    pub const fn contains(self, option: ProfileOption) -> bool {
        self.0 & option.bit() != 0
    }

    /// Whether no option is on.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The options that are on, in the order of [`ProfileOption::ALL`].
    pub fn iter(self) -> impl Iterator<Item = ProfileOption> {
        ProfileOption::ALL
            .iter()
            .copied()
            .filter(move |option| self.contains(*option))
    }
}

impl FromIterator<ProfileOption> for OptionSet {
    fn from_iter<I: IntoIterator<Item = ProfileOption>>(options: I) -> Self {
        let mut set = OptionSet::EMPTY;
        for option in options {
            set.insert(option);
        }
        set
    }
}

impl fmt::Debug for OptionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(ProfileOption::name))
            .finish()
    }
}
