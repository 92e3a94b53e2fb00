//! `pseudonyms`: how identifiers are replaced.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::check::Checker;
use super::diagnostic::did_you_mean;
use super::places::Item;
use super::selector::unknown_attribute;
use super::settings::{PatientPseudonym, Settings};
use super::syntax::{Field, FormatSyntax, PatientSyntax, PseudonymsSyntax, UidSyntax};
use super::tree::Node;
use super::words;
use crate::dicom::{Tag, Vr};
use crate::pseudonym::format::Format;
use crate::pseudonym::uid::check_root;
use crate::standard::dictionary;

/// The fewest bits of a pseudonym. With 40, a thousand patients meet with a chance of one in two million.
const FEWEST_BITS: u32 = 40;

/// Forms in one file.
const MOST_FORMS: usize = 100;

/// The longest name of a form, in bytes.
const LONGEST_NAME: usize = 40;

/// The forms of `pseudonym.NAME` while files are laid over one another: rules may name one before it is written.
#[derive(Debug, Default)]
pub(super) struct Forms {
    forms: Vec<Form>,
    by_name: FxHashMap<String, usize>,
}

#[derive(Debug)]
pub(super) struct Form {
    pub(super) name: String,
    /// `None` when no file has it, or it is wrong.
    pub(super) format: Option<Format>,
    /// Whether a file has it, right or wrong.
    pub(super) is_written: bool,
}

impl Forms {
    /// The index of a name.
    pub(super) fn index(&mut self, name: &str) -> usize {
        if let Some(index) = self.by_name.get(name) {
            return *index;
        }
        let index = self.forms.len();
        self.by_name.insert(name.to_owned(), index);
        self.forms.push(Form {
            name: name.to_owned(),
            format: None,
            is_written: false,
        });
        index
    }

    pub(super) fn get(&self, index: usize) -> Option<&Form> {
        self.forms.get(index)
    }

    /// What to do about a name that no file has.
    pub(super) fn suggest(&self, name: &str) -> String {
        let written = self.forms.iter().filter(|form| form.is_written);
        let known: Vec<&str> = ["patient", "accession"]
            .into_iter()
            .chain(written.map(|form| form.name.as_str()))
            .collect();
        did_you_mean(name, known.iter().copied()).unwrap_or_else(|| {
            format!("write its form: `pseudonyms: {{{name}: {{format: '{{hmac:10}}'}}}}`")
        })
    }

    /// Every form with its format. Those without one are errors by now.
    pub(super) fn finish(self) -> Vec<(String, Format)> {
        let done = |form: Form| Some((form.name, form.format?));
        self.forms.into_iter().filter_map(done).collect()
    }

    /// Every form with its index.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, &Form)> {
        self.forms.iter().enumerate()
    }

    fn set(&mut self, name: &str, format: Option<Format>) {
        let index = self.index(name);
        if let Some(form) = self.forms.get_mut(index) {
            form.is_written = true;
            form.format = format;
        }
    }
}

impl Checker<'_> {
    pub(super) fn pseudonyms(
        &mut self,
        top: &Node,
        field: Field<PseudonymsSyntax>,
        settings: &mut Settings,
        forms: &mut Forms,
    ) {
        let (Some(syntax), Some(node)) =
            (self.value(top, "pseudonyms", field), top.get("pseudonyms"))
        else {
            return;
        };
        let pseudonyms = &mut settings.pseudonyms;
        self.patient(node, syntax.patient, &mut pseudonyms.patient);
        if let Some(format) = self.form(node, "accession", syntax.accession) {
            pseudonyms.accession = Some(format);
        }
        if let Some(root) = self.uid_root(node, syntax.uid) {
            pseudonyms.uid_root = Some(root);
        }
        self.named(node, syntax.named, forms);
    }

    fn patient(
        &mut self,
        parent: &Node,
        field: Field<PatientSyntax>,
        patient: &mut PatientPseudonym,
    ) {
        let (Some(syntax), Some(node)) =
            (self.value(parent, "patient", field), parent.get("patient"))
        else {
            return;
        };
        self.keys(node, &syntax.others, words::PATIENT);
        if let Some(from) = self.from(node, syntax.from) {
            patient.from = from;
        }
        if let Some(format) = self.format(node, "pseudonyms.patient.format", syntax.format) {
            patient.format = Some(format);
        }
        if let Some(missing) = self.word(node, "missing", syntax.missing, words::MISSING, "word") {
            patient.missing = missing;
        }
        let (Some(table), Some(node)) =
            (self.value(node, "table", syntax.table), node.get("table"))
        else {
            return;
        };
        match self.source.folder() {
            Some(folder) if !table.is_empty() => patient.table = Some(folder.join(table)),
            Some(_) => {
                self.error(node, "`table` names no file")
                    .help("write the path of a CSV file, relative to this profile");
            }
            None => {
                self.error(node, "a built-in profile has no table beside it")
                    .help("name the table in a profile of your own");
            }
        }
    }

    fn from(&mut self, parent: &Node, field: Field<Vec<Field<String>>>) -> Option<Vec<Tag>> {
        let Field::Given(_) = &field else {
            self.entries(parent, "from", field);
            return None;
        };
        let list = parent.get("from")?;
        let mut tags = Vec::new();
        if list.items().is_empty() {
            self.error(list, "this list tells no patient from another")
                .help("write [PatientID, IssuerOfPatientID], or leave `from` out");
            return None;
        }
        for (keyword, node) in self.entries(parent, "from", field) {
            if self.found.is_full() {
                return None;
            }
            let Some(entry) = dictionary::by_keyword(&keyword) else {
                let unknown = unknown_attribute(&keyword);
                self.error(node, unknown.message).help = unknown.help;
                continue;
            };
            if !entry.vr.is_text() {
                self.error(node, format!("`{keyword}` (VR {}) holds no text", entry.vr))
                    .help("name attributes such as PatientID, which tell patients apart");
            } else if tags.contains(&entry.tag) {
                self.error(node, format!("`{keyword}` is here twice"))
                    .help("take one of them out");
            } else {
                tags.push(entry.tag);
            }
        }
        Some(tags)
    }

    fn form(&mut self, parent: &Node, name: &str, field: Field<FormatSyntax>) -> Option<Format> {
        let syntax = self.value(parent, name, field)?;
        let node = parent.get(name)?;
        self.keys(node, &syntax.others, words::FORMAT);
        self.require(
            node,
            words::FORMAT,
            Some("such as `format: 'DEV-{hmac:8}'`"),
        );
        self.format(node, &format!("pseudonyms.{name}.format"), syntax.format)
    }

    fn format(&mut self, parent: &Node, item: &str, field: Field<String>) -> Option<Format> {
        let text = self.value(parent, "format", field)?;
        let node = parent.get("format")?;
        self.places.note(Item::Setting(item), node.span.clone());
        let format = match Format::parse(&text) {
            Ok(format) => format,
            Err(error) => {
                let at = node.within(self.source, error.at);
                self.found.at(self.source, at, error.message).help = error.help;
                return None;
            }
        };
        if format.bits() < FEWEST_BITS {
            let message = format!(
                "{} bits are too few: different values would get the same pseudonym",
                format.bits()
            );
            self.error(node, message).help(format!(
                "{FEWEST_BITS} bits are needed, as in `{{hmac:8}}`, `{{hex:10}}` or `{{digits:13}}`"
            ));
            return None;
        }
        let needed: &[Vr] = match item {
            "pseudonyms.patient.format" => &[Vr::LO, Vr::PN],
            "pseudonyms.accession.format" => &[Vr::SH],
            _ => &[],
        };
        if let Some(vr) = needed.iter().find(|vr| !format.fits(**vr)) {
            let longest = vr.max_chars().unwrap_or(usize::MAX);
            let message = format!(
                "pseudonyms of {} characters, and VR {vr} has room for {longest}",
                format.len()
            );
            self.error(node, message).help("ask for fewer characters");
            return None;
        }
        Some(format)
    }

    fn uid_root(&mut self, parent: &Node, field: Field<UidSyntax>) -> Option<String> {
        let syntax = self.value(parent, "uid", field)?;
        let node = parent.get("uid")?;
        self.keys(node, &syntax.others, words::UID);
        let root = self.value(node, "root", syntax.root)?;
        match check_root(&root) {
            Ok(()) => Some(root),
            Err(error) => {
                self.error(node.get("root")?, error.to_string())
                    .help(error.help());
                None
            }
        }
    }

    fn named(
        &mut self,
        parent: &Node,
        named: BTreeMap<String, Field<FormatSyntax>>,
        forms: &mut Forms,
    ) {
        if named.len() > MOST_FORMS {
            self.error(parent, format!("more than {MOST_FORMS} forms"))
                .help("one form can serve many rules");
            return;
        }
        for (name, field) in named {
            if self.found.is_full() {
                return;
            }
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            let fits = (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain);
            let key = parent.pairs().iter().map(|(key, _)| key);
            let key = key
                .into_iter()
                .find(|key| key.text() == Some(name.as_str()));
            if let Some(key) = key.filter(|_| !fits) {
                self.error(key, format!("`{name}` is not a name for a form"))
                    .help("use letters, digits, `-` and `_`, as in `device`");
                continue;
            }
            let strange = match &field {
                Field::Given(form) => !form.others.is_empty(),
                Field::Wrong(_) => true,
                Field::Absent => false,
            };
            let meant = did_you_mean(&name, words::PSEUDONYMS.iter().copied());
            if let (true, Some(help), Some(key)) = (strange, meant, key) {
                self.error(key, format!("unknown key `{name}`")).help(help);
                forms.set(&name, None);
                continue;
            }
            let format = self.form(parent, &name, field);
            forms.set(&name, format);
        }
    }
}
