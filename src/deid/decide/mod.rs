//! Deciding: one pass over the tape that turns the policy into edits.

mod replace;

use crate::deid::harvest::Harvest;
use crate::deid::kept::is_well_formed;
use crate::deid::measured;
use crate::deid::policy::{Action, Plan, Policy, Row};
use crate::deid::refusal::Refusal;
use crate::deid::surrogate::dummy;
use crate::deid::{Counts, Mapped};
use crate::dicom::charset::Charset;
use crate::dicom::tape::{Element, Flags, Tape};
use crate::dicom::value::trim;
use crate::dicom::{Edits, Encoding, Tag, Vr};
use crate::profile::RuleAction;
use crate::pseudonym::{Ids, Uids};
use crate::standard::annex_e::Code;
use crate::standard::dictionary;
use crate::standard::iod_types::{IodTypes, Path, Type};

const CODE_VALUE: Tag = Tag(0x0008_0100);
const LONG_CODE_VALUE: Tag = Tag(0x0008_0119);
const CONCEPT_NAME_CODE_SEQUENCE: Tag = Tag(0x0040_A043);
const CONTENT_SEQUENCE: Tag = Tag(0x0040_A730);

/// Concepts whose content items hold a number, a code or a container and identify: of PS3.15 Table E.3.4-1 Subject
/// Age, Subject Sex, Unique Device Identifiers and Experience; and other schemes' words for age and sex.
const REMOVED_CONCEPTS: &[&[u8]] = &[
    b"121033",
    b"121032",
    b"121000",
    b"C54627", // DCM, NCIt
    b"397669002",
    b"424144002",
    b"263495000",
    b"248153007",
    b"248152002",
    b"184100006", // SCT
    b"30525-0",
    b"29553-5",
    b"21612-7",
    b"63900-5",
    b"46098-0",
    b"21840-4", // LN
    b"G-D709",
    b"G-0225", // SRT
];

/// Longest value under a header with a 16-bit length, in bytes.
const MAX_SHORT_VALUE: usize = 0xFFFE;

/// What deciding needs to know besides the tape.
pub(in crate::deid) struct Context<'a> {
    pub(in crate::deid) policy: &'a Policy,
    pub(in crate::deid) types: &'a IodTypes,
    pub(in crate::deid) uids: &'a Uids,
    pub(in crate::deid) ids: &'a Ids,
    pub(in crate::deid) charset: Charset,
    /// How numbers at the top level are written.
    pub(in crate::deid) encoding: Encoding,
    pub(in crate::deid) harvest: &'a Harvest,
    /// Pseudonym of the instance's patient.
    pub(in crate::deid) patient: &'a str,
    /// Whether old and new UIDs are to be listed.
    pub(in crate::deid) list_uids: bool,
}

/// What deciding gives.
#[derive(Debug, Default)]
pub(in crate::deid) struct Decided {
    pub(in crate::deid) edits: Edits,
    pub(in crate::deid) counts: Counts,
    pub(in crate::deid) mapped_uids: Vec<Mapped>,
}

/// The sequence whose items are being decided.
#[derive(Clone, Copy)]
struct Frame {
    /// Index behind the sequence.
    end: usize,
    path: Path,
    is_content: bool,
    /// The codes inside say who or where: they become dummies.
    hides_codes: bool,
}

impl Frame {
    /// The top level.
    const TOP: Frame = Frame {
        end: usize::MAX,
        path: Path::TOP,
        is_content: false,
        hides_codes: false,
    };
}

pub(in crate::deid) fn decide(tape: &Tape, context: &Context<'_>) -> Result<Decided, Refusal> {
    let mut pass = Pass {
        tape,
        context,
        decided: Decided::default(),
        frames: Vec::new(),
    };
    let mut i = 0;
    while let Some(element) = tape.elements.get(i) {
        while pass.frames.last().is_some_and(|frame| frame.end <= i) {
            pass.frames.pop();
        }
        i = if element.tag == Tag::ITEM {
            pass.item(i, element)
        } else {
            pass.element(i, element)?
        };
    }
    Ok(pass.decided)
}

struct Pass<'a> {
    tape: &'a Tape,
    context: &'a Context<'a>,
    decided: Decided,
    /// The sequences around the element at hand, outermost first.
    frames: Vec<Frame>,
}

impl Pass<'_> {
    fn frame(&self) -> Frame {
        self.frames.last().copied().unwrap_or(Frame::TOP)
    }

    /// An item: entered, unless it is a content item that identifies as a whole.
    fn item(&mut self, i: usize, element: &Element) -> usize {
        if self.frame().is_content && self.is_removed_concept(i) {
            self.decided.counts.removed += 1;
            self.decided.edits.remove(i);
            return element.next as usize;
        }
        i + 1
    }

    fn is_removed_concept(&self, item: usize) -> bool {
        let concept = self
            .tape
            .children(item)
            .find(|(_, e)| e.tag == CONCEPT_NAME_CODE_SEQUENCE);
        let Some((sequence, _)) = concept else {
            return false;
        };
        self.tape
            .children(sequence)
            .flat_map(|(code_item, _)| self.tape.children(code_item))
            .any(|(_, e)| {
                matches!(e.tag, CODE_VALUE | LONG_CODE_VALUE)
                    && REMOVED_CONCEPTS.contains(&trim(self.tape.value(e)))
            })
    }

    fn element(&mut self, i: usize, element: &Element) -> Result<usize, Refusal> {
        let tag = element.tag;
        if tag.is_private() {
            self.decided.counts.private += 1;
            self.decided.edits.remove(i);
            return Ok(element.next as usize);
        }
        let row = self.context.policy.row(tag);
        let top_level = self.frames.is_empty();
        let plan = match row.plan {
            // What is not in memory cannot be looked at, and only pixels may stay so.
            _ if element.flags.has(Flags::BULK) && tag.group() != 0x7FE0 => Plan::Remove,
            // Images inside images (icons, thumbnails) are carriers of their own.
            Plan::Keep if tag.group() == 0x7FE0 && !top_level => Plan::Remove,
            plan => plan,
        };
        match plan {
            Plan::Table(code) => {
                let action = match code {
                    Code::D => Action::Dummy,
                    Code::U => Action::Uid,
                    code => code.resolve_in(self.kind(tag), self.tape),
                };
                self.act(i, element, row.vr, action)
            }
            Plan::ByType => {
                let action = by_type(self.kind(tag));
                self.act(i, element, row.vr, action)
            }
            Plan::Uid => self.act(i, element, row.vr, Action::Uid),
            Plan::CodedEntry => self.coded_entry(i, element),
            Plan::Keep => self.keep(i, element, row),
            Plan::Remove => self.act(i, element, row.vr, Action::Remove),
            Plan::Chosen(action) => self.chosen(i, element, row.vr, action),
        }
    }

    /// The Type of an attribute at this place in the instance's IOD.
    fn kind(&self, tag: Tag) -> Type {
        self.context
            .types
            .resolve(self.frame().path, tag, |marker| {
                self.tape.find(marker).is_some()
            })
    }

    fn act(
        &mut self,
        i: usize,
        element: &Element,
        vr: Vr,
        action: Action,
    ) -> Result<usize, Refusal> {
        let next = element.next as usize;
        let is_container = element.flags.has(Flags::CONTAINER);
        // Written as a sequence what PS3.6 knows as a value: nothing in it has a meaning.
        let action = if is_container && vr != Vr::SQ {
            Action::Remove
        } else {
            action
        };
        match action {
            Action::Remove => {
                self.decided.counts.removed += 1;
                self.decided.edits.remove(i);
            }
            Action::Empty => self.empty(i, element),
            Action::Dummy | Action::Uid if is_container => {
                return Ok(self.enter(i, element, action == Action::Dummy));
            }
            // What the dictionary calls a sequence and the file does not: nothing to put in its place.
            Action::Dummy | Action::Uid if vr == Vr::SQ => {
                self.decided.counts.removed += 1;
                self.decided.edits.remove(i);
            }
            Action::Dummy if vr == Vr::UI && !trim(self.tape.value(element)).is_empty() => {
                self.uid(i, element)?;
            }
            Action::Dummy => {
                let written = text_vr(element.vr, vr);
                let value = self.tape.value(element);
                let surrogate = if vr == Vr::UI {
                    self.context.uids.map(value).into_bytes()
                } else {
                    dummy(
                        self.context.ids,
                        element.tag,
                        written,
                        value,
                        self.context.charset,
                    )
                };
                self.decided.counts.dummied += 1;
                self.decided.edits.replace(i, &surrogate);
            }
            Action::Uid => self.uid(i, element)?,
        }
        Ok(next)
    }

    fn empty(&mut self, i: usize, element: &Element) {
        if self.tape.value_len(element) > 0 {
            self.decided.counts.emptied += 1;
            self.decided.edits.replace(i, b"");
        }
    }

    /// Goes into a sequence.
    fn enter(&mut self, i: usize, element: &Element, is_dummy: bool) -> usize {
        let frame = self.frame();
        let names_someone = is_dummy
            && dictionary::by_tag(element.tag).is_some_and(|e| e.keyword.ends_with("CodeSequence"));
        self.frames.push(Frame {
            end: element.next as usize,
            path: frame.path.inside(element.tag),
            is_content: element.tag == CONTENT_SEQUENCE,
            hides_codes: frame.hides_codes || names_someone,
        });
        self.decided.counts.kept += 1;
        i + 1
    }

    /// Keeps a value that is what its VR says and names nobody; a sequence is entered.
    fn keep(&mut self, i: usize, element: &Element, row: Row) -> Result<usize, Refusal> {
        let vr = row.vr;
        if element.flags.has(Flags::CONTAINER) {
            if vr == Vr::SQ {
                return Ok(self.enter(i, element, false));
            }
            return self.act(i, element, vr, Action::Remove);
        }
        let value = self.tape.value(element);
        let in_place = !vr.is_opaque() || self.context.types.has_binary(element.tag);
        let well_formed = vr != Vr::SQ
            && in_place
            && row
                .entry
                .is_some_and(|entry| is_well_formed(entry, element.vr, value));
        let harvest = self.context.harvest;
        let names_someone = match vr {
            Vr::DS | Vr::IS => harvest.is_number(value),
            // A code string that the IOD insists on is one of its terms, whatever people are called.
            Vr::CS => harvest.is_in_code(value) && self.kind(element.tag) != Type::One,
            vr => vr.is_text() && harvest.is_in_text(value),
        };
        if well_formed && !names_someone {
            self.decided.counts.kept += 1;
            if let Some(max) = measured::max_len(self.tape, element, self.context.encoding)
                && value.len() > max
            {
                self.decided.counts.trailing_bytes += (value.len() - max) as u64;
                self.decided.edits.cut(i, max as u64);
            }
            return Ok(element.next as usize);
        }
        let describes_image = matches!(element.tag.0, 0x0028_0002..=0x0028_0103);
        if describes_image && !vr.is_free_text() && self.frames.is_empty() {
            return Err(Refusal::quarantine(
                "invalid-value",
                format!(
                    "`{}` does not hold what its VR allows, and the image needs it",
                    dictionary::name(element.tag)
                ),
            ));
        }
        self.act(i, element, vr, by_type(self.kind(element.tag)))
    }

    fn chosen(
        &mut self,
        i: usize,
        element: &Element,
        vr: Vr,
        action: RuleAction,
    ) -> Result<usize, Refusal> {
        match action {
            RuleAction::Keep if element.flags.has(Flags::CONTAINER) => {
                Ok(self.enter(i, element, false))
            }
            RuleAction::Keep => {
                self.decided.counts.kept += 1;
                Ok(element.next as usize)
            }
            RuleAction::Remove => self.act(i, element, vr, Action::Remove),
            RuleAction::Empty => self.act(i, element, vr, Action::Empty),
            RuleAction::Dummy => self.act(i, element, vr, Action::Dummy),
            RuleAction::Uid => self.act(i, element, vr, Action::Uid),
            RuleAction::PseudonymPatient | RuleAction::PseudonymAccession => {
                self.pseudonym(i, element, action);
                Ok(element.next as usize)
            }
        }
    }
}

/// A UN value takes the dummy of the VR that PS3.6 gives it.
fn text_vr(written: Vr, dictionary: Vr) -> Vr {
    if written == Vr::UN {
        dictionary
    } else {
        written
    }
}

fn by_type(kind: Type) -> Action {
    match kind {
        Type::Three => Action::Remove,
        Type::Two => Action::Empty,
        Type::One => Action::Dummy,
    }
}
