//! Deciding: one pass over the tape that turns the profile's table into edits.

mod act;
mod chosen;
mod content;
mod context;
mod private;
mod replace;
mod retain;

use std::cell::OnceCell;

use crate::deid::action::{Action, by_type};
use crate::deid::claims::Claims;
use crate::deid::kept::is_well_formed;
use crate::deid::measured;
use crate::deid::refusal::Refusal;
use crate::dicom::tape::{Element, Flags, Tape};
use crate::dicom::{Tag, Vr};
use crate::profile::selector::Step;
use crate::profile::settings::UnknownElement;
use crate::profile::table::{Plan, Row};
use crate::standard::dictionary;
use crate::standard::iod_types::{Path, Type};

use act::text_vr;
use content::ItemRule;
use private::Creators;

pub(in crate::deid) use context::{Context, Decided, Why};

/// Longest value under a header with a 16-bit length, in bytes.
const MAX_SHORT_VALUE: usize = 0xFFFE;

/// A sequence around the element at hand.
#[derive(Clone, Copy)]
struct Frame {
    /// Index of the first element behind it.
    end: usize,
    tag: Tag,
    /// In whose block it stands, by index.
    creator: Option<usize>,
    /// The item at hand, counted from 0; -1 before the first.
    item: i64,
    path: Path,
    /// Whether the item at hand is a content item.
    is_content: bool,
    /// What the concept name of the item at hand asks for.
    rule: ItemRule,
    /// Whether codes inside say who somebody is, and so are replaced whatever their scheme.
    hides_codes: bool,
}

impl Frame {
    const TOP: Frame = Frame {
        end: usize::MAX,
        tag: Tag(0),
        creator: None,
        item: 0,
        path: Path::TOP,
        is_content: false,
        rule: ItemRule::None,
        hides_codes: false,
    };
}

/// Decides about every element; with `log`, also tells who decided.
pub(in crate::deid) fn decide(
    tape: &Tape,
    context: &Context<'_>,
    log: bool,
) -> Result<Decided, Refusal> {
    let mut pass = Pass {
        tape,
        context,
        decided: Decided {
            log: log.then(Vec::new),
            ..Decided::default()
        },
        frames: Vec::new(),
        creators: Creators::default(),
        claims: OnceCell::new(),
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
    /// The private blocks of the data sets around the element at hand.
    creators: Creators,
    /// What the instance says of its private elements.
    claims: OnceCell<Claims>,
}

impl Pass<'_> {
    fn frame(&self) -> Frame {
        self.frames.last().copied().unwrap_or(Frame::TOP)
    }

    /// An item: entered, unless it is a content item that identifies as a whole.
    fn item(&mut self, i: usize, element: &Element) -> usize {
        let is_content = self.is_content(self.frame().tag, i);
        let rule = if is_content {
            self.item_rule(i)
        } else {
            ItemRule::None
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.item += 1;
            frame.is_content = is_content;
            frame.rule = rule;
        }
        if rule == ItemRule::Remove {
            self.tell(i, Why::Concept);
            self.decided.counts.removed += 1;
            self.decided.edits.remove(i);
            return element.next as usize;
        }
        i + 1
    }

    fn element(&mut self, i: usize, element: &Element) -> Result<usize, Refusal> {
        let tag = element.tag;
        if tag.is_private() {
            return self.private(i, element);
        }
        let row = self.context.table.row(tag);
        let top_level = self.frames.is_empty();
        let plan = self.plan(&row, tag);
        let plan = match plan {
            // What is not in memory cannot be looked at, and only pixels may stay so.
            _ if element.flags.has(Flags::BULK) && tag.group() != 0x7FE0 => Plan::Remove,
            // Images inside images (icons, thumbnails) are carriers of their own.
            Plan::Keep if tag.group() == 0x7FE0 && !top_level => Plan::Remove,
            plan => plan,
        };
        if let Some(next) = self.content_value(i, element, &row, plan)? {
            self.tell(i, Why::Concept);
            return Ok(next);
        }
        self.tell(i, Why::Plan(plan));
        match plan {
            Plan::Instead(instead) => self.instead(i, element, &row, instead),
            Plan::CodedEntry => self.coded_entry(i, element),
            Plan::Keep => self.keep(i, element, row),
            Plan::Retain(instead) => self.retain(i, element, &row, instead),
            Plan::Clean(instead) => self.clean(i, element, &row, instead),
            Plan::Remove => {
                if row.entry.is_none() && !tag.is_group_length() {
                    Self::unknown(self.context.profile.unknown.public)?;
                }
                self.act(i, element, row.vr, Action::Remove)
            }
            Plan::Chosen(rule) => self.chosen(i, element, &row, rule),
        }
    }

    fn tell(&mut self, i: usize, why: Why) {
        if let Some(log) = &mut self.decided.log {
            log.push((i as u32, why));
        }
    }

    /// What the table says here.
    fn plan(&self, row: &Row, tag: Tag) -> Plan {
        self.context
            .table
            .plan(row, tag, || self.path(), self.context.answers)
    }

    /// The sequences around the element at hand, as selectors see them.
    fn path(&self) -> Vec<Step<'_>> {
        let step = |frame: &Frame| Step {
            tag: frame.tag,
            creator: frame.creator.and_then(|index| self.creator_name(index)),
            item: usize::try_from(frame.item).unwrap_or_default(),
        };
        self.frames.iter().map(step).collect()
    }

    /// The Type of an attribute at this place in the instance's IOD.
    fn kind(&self, tag: Tag) -> Type {
        self.context
            .types
            .resolve(self.frame().path, tag, |marker| {
                self.tape.find(marker).is_some()
            })
    }

    /// What the profile says of an element that nobody knows.
    fn unknown(what: UnknownElement) -> Result<(), Refusal> {
        match what {
            UnknownElement::Remove => Ok(()),
            UnknownElement::Quarantine => Err(Refusal::quarantine(
                "unknown-element",
                "it holds an element that neither the standard nor the profile knows",
            )),
        }
    }

    /// Goes into a sequence.
    fn enter(&mut self, i: usize, element: &Element, is_dummy: bool) -> usize {
        let frame = self.frame();
        if element.tag.is_private() {
            self.decided.vouched.add(element.tag, b"");
        }
        let names_someone = is_dummy
            && dictionary::by_tag(element.tag).is_some_and(|e| e.keyword.ends_with("CodeSequence"));
        let private = element.tag.is_private();
        let creator = private.then(|| self.creator_of(element)).flatten();
        self.frames.push(Frame {
            end: element.next as usize,
            tag: element.tag,
            creator,
            item: -1,
            path: frame.path.inside(element.tag),
            is_content: false,
            rule: ItemRule::None,
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
}
