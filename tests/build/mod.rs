//! Instances built element by element, in any encoding, and what an independent reader sees in a result.
//!
//! Shared by several test binaries; each uses a part of it.
#![allow(dead_code, unreachable_pub)]
// A helper that fails has failed the test.
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use samar::deid::{Deidentifier, Refusal};
use samar::dicom::encode::{element, header};
use samar::dicom::syntax::{DEFLATED, EXPLICIT_BE, EXPLICIT_LE, IMPLICIT_LE};
use samar::dicom::{
    Backing, Encoding, Instance, Limits, NoRoom, Part, ReadAt, Scratch, Source, Tag, Vr,
};
use samar::profile::{Profile, TextPolicy};
use samar::pseudonym::Key;
use samar::verify::Verified;

pub const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub const UNDEFINED: u32 = u32::MAX;
/// Explicit VR for the meta information, implicit big endian for those who never read PS3.5.
pub const IMPLICIT_BE: Encoding = Encoding {
    explicit: false,
    big_endian: true,
};

/// An element of a data set to be written.
#[derive(Clone, Debug)]
pub struct Node {
    pub tag: Tag,
    pub vr: Vr,
    pub value: Value,
}

#[derive(Clone, Debug)]
pub enum Value {
    /// Written as it is, odd length or not.
    Raw(Vec<u8>),
    /// Text, padded to even length.
    Text(Vec<u8>),
    /// Unsigned 16-bit numbers.
    Words(Vec<u16>),
    /// Items; lengths defined or not.
    Items { items: Vec<Item>, defined: bool },
    /// Fragments, the offset table first.
    Fragments(Vec<Vec<u8>>),
}

#[derive(Clone, Debug)]
pub struct Item {
    pub nodes: Vec<Node>,
    pub defined: bool,
}

pub fn raw(tag: u32, vr: Vr, value: &[u8]) -> Node {
    Node {
        tag: Tag(tag),
        vr,
        value: Value::Raw(value.to_vec()),
    }
}

pub fn text(tag: u32, vr: Vr, value: impl AsRef<[u8]>) -> Node {
    Node {
        tag: Tag(tag),
        vr,
        value: Value::Text(value.as_ref().to_vec()),
    }
}

pub fn words(tag: u32, vr: Vr, value: &[u16]) -> Node {
    Node {
        tag: Tag(tag),
        vr,
        value: Value::Words(value.to_vec()),
    }
}

/// A sequence with lengths, its items too.
pub fn sequence(tag: u32, items: &[&[Node]]) -> Node {
    nested(tag, Vr::SQ, items, true)
}

/// A sequence, or what is written as one under another VR.
pub fn nested(tag: u32, vr: Vr, items: &[&[Node]], defined: bool) -> Node {
    let items = items
        .iter()
        .map(|nodes| Item {
            nodes: nodes.to_vec(),
            defined,
        })
        .collect();
    Node {
        tag: Tag(tag),
        vr,
        value: Value::Items { items, defined },
    }
}

/// A coded entry as an item's content.
pub fn code(value: &str, scheme: &str, meaning: impl AsRef<[u8]>) -> Vec<Node> {
    vec![
        text(0x0008_0100, Vr::SH, value),
        text(0x0008_0102, Vr::SH, scheme),
        text(0x0008_0104, Vr::LO, meaning),
    ]
}

fn mark(out: &mut Vec<u8>, encoding: Encoding, tag: Tag, len: u32) {
    out.extend(encoding.put_u16(tag.group()));
    out.extend(encoding.put_u16(tag.element()));
    out.extend(encoding.put_u32(len));
}

impl Node {
    pub fn write(&self, out: &mut Vec<u8>, encoding: Encoding) {
        match &self.value {
            Value::Raw(bytes) => {
                header(out, encoding, self.tag, self.vr, bytes.len() as u32);
                out.extend(bytes);
            }
            Value::Text(bytes) => element(out, encoding, self.tag, self.vr, bytes),
            Value::Words(numbers) => {
                let bytes: Vec<u8> = numbers.iter().flat_map(|n| encoding.put_u16(*n)).collect();
                element(out, encoding, self.tag, self.vr, &bytes);
            }
            Value::Fragments(fragments) => {
                header(out, encoding, self.tag, self.vr, UNDEFINED);
                for fragment in fragments {
                    mark(out, encoding, Tag::ITEM, fragment.len() as u32);
                    out.extend(fragment);
                }
                mark(out, encoding, Tag::SEQUENCE_END, 0);
            }
            Value::Items { items, defined } => self.write_items(out, encoding, items, *defined),
        }
    }

    fn write_items(&self, out: &mut Vec<u8>, encoding: Encoding, items: &[Item], defined: bool) {
        // PS3.5 section 6.2.2: a sequence under UN is Implicit VR Little Endian inside.
        let inside = if self.vr == Vr::UN && encoding.explicit {
            Encoding::IMPLICIT_LE
        } else {
            encoding
        };
        let mut body = Vec::new();
        for item in items {
            let content = bytes_of(&item.nodes, inside);
            let len = if item.defined {
                content.len() as u32
            } else {
                UNDEFINED
            };
            mark(&mut body, inside, Tag::ITEM, len);
            body.extend(content);
            if !item.defined {
                mark(&mut body, inside, Tag::ITEM_END, 0);
            }
        }
        if defined {
            header(out, encoding, self.tag, self.vr, body.len() as u32);
            out.extend(body);
        } else {
            header(out, encoding, self.tag, self.vr, UNDEFINED);
            out.extend(body);
            mark(out, inside, Tag::SEQUENCE_END, 0);
        }
    }
}

/// The nodes in the order in which they stand.
pub fn bytes_of(nodes: &[Node], encoding: Encoding) -> Vec<u8> {
    let mut out = Vec::new();
    for node in nodes {
        node.write(&mut out, encoding);
    }
    out
}

/// A data set whose elements stay in tag order.
#[derive(Clone, Debug, Default)]
pub struct DataSet(pub Vec<Node>);

impl DataSet {
    /// Puts an element in, in place of one with the same tag.
    #[must_use]
    pub fn with(mut self, node: Node) -> DataSet {
        match self.0.binary_search_by_key(&node.tag, |n| n.tag) {
            Ok(at) => self.0[at] = node,
            Err(at) => self.0.insert(at, node),
        }
        self
    }

    #[must_use]
    pub fn without(mut self, tag: u32) -> DataSet {
        self.0.retain(|node| node.tag != Tag(tag));
        self
    }

    pub fn bytes(&self, encoding: Encoding) -> Vec<u8> {
        bytes_of(&self.0, encoding)
    }

    /// A whole file with proper file meta information.
    pub fn file(&self, encoding: Encoding) -> Vec<u8> {
        let syntax = match encoding {
            Encoding::EXPLICIT_LE => EXPLICIT_LE,
            Encoding::EXPLICIT_BE => EXPLICIT_BE,
            _ => IMPLICIT_LE,
        };
        self.file_in(syntax, encoding)
    }

    /// A whole file that declares `syntax`.
    pub fn file_in(&self, syntax: &str, encoding: Encoding) -> Vec<u8> {
        let mut out = part10(&self.meta(syntax), Some(()));
        out.extend(self.bytes(encoding));
        out
    }

    /// File meta information that names the data set's own SOP Class.
    fn meta(&self, syntax: &str) -> Vec<Node> {
        let own = self.0.iter().find(|node| node.tag == Tag(0x0008_0016));
        let mut nodes = meta(Some(syntax));
        for node in &mut nodes {
            if node.tag == Tag(0x0002_0002)
                && let Some(own) = own
            {
                node.value = own.value.clone();
            }
        }
        nodes
    }

    /// A whole file in Deflated Explicit VR Little Endian.
    pub fn deflated(&self) -> Vec<u8> {
        let mut out = part10(&self.meta(DEFLATED), Some(()));
        out.extend(deflate(&self.bytes(Encoding::EXPLICIT_LE)));
        out
    }
}

pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    samar::dicom::deflate::deflate(Vec::new(), bytes).unwrap()
}

/// A CT image of 16 x 16 samples, with the identifiers that any has.
pub fn ct() -> DataSet {
    [
        text(0x0008_0016, Vr::UI, CT),
        text(0x0008_0018, Vr::UI, "1.2.826.0.1.3680043.9.1.100"),
        text(0x0008_0020, Vr::DA, "20190301"),
        text(0x0008_0050, Vr::SH, "ACC-4711"),
        text(0x0008_0060, Vr::CS, "CT"),
        text(0x0008_0070, Vr::LO, "Acme Imaging"),
        text(0x0008_0090, Vr::PN, "Referrer^Rosa"),
        text(0x0010_0010, Vr::PN, "Quillfeather^Anna"),
        text(0x0010_0020, Vr::LO, "MRN-0815-42"),
        text(0x0018_0050, Vr::DS, "2.5"),
        text(0x0018_1210, Vr::SH, "B30f"),
        text(0x0020_000D, Vr::UI, "1.2.826.0.1.3680043.9.1.1"),
        text(0x0020_000E, Vr::UI, "1.2.826.0.1.3680043.9.1.10"),
        text(0x0020_0013, Vr::IS, "7"),
        words(0x0028_0002, Vr::US, &[1]),
        text(0x0028_0004, Vr::CS, "MONOCHROME2"),
        words(0x0028_0010, Vr::US, &[16]),
        words(0x0028_0011, Vr::US, &[16]),
        words(0x0028_0100, Vr::US, &[16]),
        words(0x0028_0101, Vr::US, &[12]),
        words(0x0028_0102, Vr::US, &[11]),
        words(0x0028_0103, Vr::US, &[0]),
        words(0x7FE0_0010, Vr::OW, &pixels()),
    ]
    .into_iter()
    .fold(DataSet::default(), DataSet::with)
}

/// The samples of [`ct`].
pub fn pixels() -> Vec<u16> {
    (0..256).map(|n| n * 5 % 4096).collect()
}

/// Group 0002 without its length, as another system writes it.
pub fn meta(syntax: Option<&str>) -> Vec<Node> {
    let mut nodes = vec![
        raw(0x0002_0001, Vr::OB, &[0, 1]),
        text(0x0002_0002, Vr::UI, CT),
        text(0x0002_0003, Vr::UI, "1.2.826.0.1.3680043.9.1.100"),
    ];
    nodes.extend(syntax.map(|uid| text(0x0002_0010, Vr::UI, uid)));
    nodes.push(text(0x0002_0012, Vr::UI, "1.2.826.0.1.3680043.9.1.77"));
    nodes.push(text(0x0002_0016, Vr::AE, "QUILLSTATION"));
    nodes
}

/// Preamble, prefix and group 0002, with its length or without.
pub fn part10(meta: &[Node], group_length: Option<()>) -> Vec<u8> {
    let group = bytes_of(meta, Encoding::EXPLICIT_LE);
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    if group_length.is_some() {
        let length = raw(0x0002_0000, Vr::UL, &(group.len() as u32).to_le_bytes());
        length.write(&mut out, Encoding::EXPLICIT_LE);
    }
    out.extend(group);
    out
}

/// A profile that does not search for text: for tests about anything else, whose frames may be noise or no frames at all.
/// `tests/detection` is about the search.
pub fn blind(mut profile: Profile) -> Profile {
    profile.detect.text = TextPolicy::Off;
    profile
}

/// The built-in Basic Profile under a fixed key, which does not search for text.
pub static BASIC: LazyLock<Deidentifier> = LazyLock::new(|| {
    let profile = blind(samar::profile::load("basic").unwrap());
    Deidentifier::new(profile, &Key::from_bytes([7; 32]), Limits::default(), None).unwrap()
});

/// A result with its bytes put together.
#[derive(Debug)]
pub struct Cleaned {
    pub bytes: Vec<u8>,
    pub verified: Verified,
}

pub fn clean(file: &[u8]) -> Result<Cleaned, Refusal> {
    clean_with(&BASIC, file)
}

pub fn clean_with(deidentifier: &Deidentifier, file: &[u8]) -> Result<Cleaned, Refusal> {
    let source = Source::Memory(file.to_vec());
    let verified = samar::run::process(deidentifier, &source, &mut Scratch::default(), &NoRoom)?;
    let bytes = joined(verified.parts(), &verified.backing(&source));
    Ok(Cleaned { bytes, verified })
}

/// Runs of memory and source as one.
pub fn join(memory: &[u8], parts: &[Part], source: &dyn ReadAt) -> Vec<u8> {
    let backing = Backing {
        memory,
        source,
        spool: None,
        rewrite: None,
    };
    joined(parts, &backing)
}

/// Runs as one, wherever they are.
pub fn joined(parts: &[Part], backing: &Backing<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        let mut run = vec![0; part.len() as usize];
        assert_eq!(backing.read_at(part, 0, &mut run).unwrap(), run.len());
        out.extend(run);
    }
    out
}

/// The reason of a refusal that there must be.
#[track_caller]
pub fn reason(file: &[u8]) -> String {
    match clean(file) {
        Err(refusal) => refusal.reason,
        Ok(_) => panic!("written"),
    }
}

pub fn read(bytes: &[u8]) -> Result<Instance<'static>, samar::dicom::ReadError> {
    let source: &'static Source = Box::leak(Box::new(Source::Memory(bytes.to_vec())));
    Instance::read(source, &Limits::default(), Scratch::default())
}

/// What another parser reads.
#[track_caller]
pub fn open(bytes: &[u8]) -> InMemDicomObject {
    match dicom_object::from_reader(bytes) {
        Ok(object) => object.into_inner(),
        Err(e) => panic!("another reader does not read it: {e}"),
    }
}

/// Whether `needle` stands anywhere in the bytes.
pub fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

fn tag_of(tag: u32) -> dicom_object::Tag {
    dicom_object::Tag((tag >> 16) as u16, tag as u16)
}

/// A value as text, without padding; `None` when the element is absent.
pub fn value(object: &InMemDicomObject, tag: u32) -> Option<String> {
    let element = object.element_opt(tag_of(tag)).unwrap()?;
    Some(text_of(element))
}

/// A value's own bytes.
pub fn value_bytes(object: &InMemDicomObject, tag: u32) -> Option<Vec<u8>> {
    let element = object.element_opt(tag_of(tag)).unwrap()?;
    Some(element.to_bytes().unwrap().into_owned())
}

/// The items of a sequence, none when it is absent.
pub fn items(object: &InMemDicomObject, tag: u32) -> Vec<InMemDicomObject> {
    let element = object.element_opt(tag_of(tag)).unwrap();
    element
        .and_then(|e| e.items())
        .map(<[_]>::to_vec)
        .unwrap_or_default()
}

fn text_of(element: &InMemElement) -> String {
    match element.to_multi_str() {
        Ok(values) => {
            let trimmed: Vec<&str> = values
                .iter()
                .map(|one| one.trim_matches([' ', '\0']))
                .collect();
            trimmed.join("\\")
        }
        Err(_) => String::from("<not text>"),
    }
}

/// Every element at every depth as `path = value`: what two files must agree on to say the same.
pub fn listing(object: &InMemDicomObject) -> Vec<String> {
    let mut lines = Vec::new();
    list(object, "", &mut lines);
    lines
}

fn list(object: &InMemDicomObject, path: &str, lines: &mut Vec<String>) {
    for element in object {
        let tag = element.header().tag;
        let here = format!("{path}{:04X}{:04X}", tag.0, tag.1);
        if let Some(items) = element.items() {
            for (n, item) in items.iter().enumerate() {
                list(item, &format!("{here}[{n}]."), lines);
            }
            lines.push(format!("{here} = {} items", items.len()));
        } else if let Some(fragments) = element.fragments() {
            lines.push(format!("{here} = {fragments:02X?}"));
        } else {
            lines.push(format!("{here} = {}", text_of(element)));
        }
    }
}

pub const JPEG_BASELINE: &str = "1.2.840.10008.1.2.4.50";

/// A baseline JPEG frame of 16 x 16 samples in one scan; `extra` stands in front of the frame header.
pub fn jpeg(extra: &[u8]) -> Vec<u8> {
    let mut quantization = vec![0];
    quantization.extend([16; 64]);
    let mut huffman = vec![0, 1];
    huffman.extend([0; 15]);
    huffman.push(5);
    [
        &[0xFF, 0xD8][..],
        extra,
        &segment(0xDB, &quantization),
        &segment(0xC4, &huffman),
        &segment(0xC0, &[8, 0, 16, 0, 16, 1, 1, 0x11, 0]),
        &segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        &[0x12, 0xFF, 0x00, 0x34, 0x56],
        &[0xFF, 0xD9],
    ]
    .concat()
}

/// A marker segment of a JPEG codestream.
pub fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let len = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &len[..], body].concat()
}

/// The CT with 8-bit JPEG frames, one fragment each, in place of its samples.
pub fn jpeg_ct(frames: &[&[u8]]) -> DataSet {
    let mut fragments = vec![Vec::new()];
    fragments.extend(frames.iter().map(|frame| {
        let mut fragment = frame.to_vec();
        if fragment.len() % 2 == 1 {
            fragment.push(0);
        }
        fragment
    }));
    ct().with(words(0x0028_0100, Vr::US, &[8]))
        .with(words(0x0028_0101, Vr::US, &[8]))
        .with(words(0x0028_0102, Vr::US, &[7]))
        .with(text(0x0028_0008, Vr::IS, frames.len().to_string()))
        .with(Node {
            tag: Tag::PIXEL_DATA,
            vr: Vr::OB,
            value: Value::Fragments(fragments),
        })
}
