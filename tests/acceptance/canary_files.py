"""The files of the canary: where an identity can hide in DICOM, one token per place."""
import csv
import random

from common import TABLES
from dicomwriter import (
    BIG, DEFLATED, EXPLICIT, IMPLICIT, JPEG, Dataset, Fragments, Raw, part10, sequence,
)
from tokens import PLANTABLE, Tokens

CT = "1.2.840.10008.5.1.4.1.1.2"
CLASSES = {
    "ct": (CT, "CT"),
    "cr": ("1.2.840.10008.5.1.4.1.1.1", "CR"),
    "dx": ("1.2.840.10008.5.1.4.1.1.1.1", "DX"),
    "mr": ("1.2.840.10008.5.1.4.1.1.4", "MR"),
    "enhanced-ct": ("1.2.840.10008.5.1.4.1.1.2.1", "CT"),
    "rtstruct": ("1.2.840.10008.5.1.4.1.1.481.3", "RTSTRUCT"),
    "rtplan": ("1.2.840.10008.5.1.4.1.1.481.5", "RTPLAN"),
    "sr": ("1.2.840.10008.5.1.4.1.1.88.11", "SR"),
    "ecg": ("1.2.840.10008.5.1.4.1.1.9.1.1", "ECG"),
    "gsps": ("1.2.840.10008.5.1.4.1.1.11.1", "PR"),
    "seg": ("1.2.840.10008.5.1.4.1.1.66.4", "SEG"),
}
IMAGES = {"ct", "cr", "dx", "mr", "enhanced-ct", "seg"}
NAMES = {EXPLICIT: "explicit", IMPLICIT: "implicit", BIG: "big-endian", DEFLATED: "deflated"}
# Standard sequences that Table E.1-1 does not list, outermost first.
CHAIN = (0x52009229, 0x00189301, 0x00189314, 0x00189325, 0x00189360)
# Places that a reader may refuse to read or a profile may refuse to clean, so they stand in files of their own.
APART = {"00420011", "FFFCFFFC"}


def table(name):
    with open(TABLES / name, newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


ELEMENTS = {row["tag"]: row for row in table("ps3.6-elements.tsv")}
E11 = table("ps3.15-e1-1.tsv")
TECHNICAL = set((TABLES / "technical-text.txt").read_text().split())


def vr_of(tag):
    row = ELEMENTS.get(tag)
    vr = (row["vr"] if row else "LO").split("/")[0]
    return "LO" if vr == "NONE" else vr


class Canary:
    """Builds the files; `files` maps a path to (bytes, whether it must be written)."""

    def __init__(self):
        self.tokens = Tokens()
        self.files = {}
        self.random = random.Random(531)

    def token(self, file, where, vr="LO", kind="must"):
        return self.tokens.new(vr, file, where, kind)

    def folder(self, file):
        """A path whose every part carries a token, registered under the file."""
        parts = [self.token(file, f"{part} name").decode() for part in ("folder", "file")]
        return f"{file.split('/')[0]}/{parts[0]}/{parts[1]}^Budi.dcm"

    def add(self, name, data, must_write=True, **how):
        self.files[self.folder(name)] = (name, part10(data, **how), must_write)

    def base(self, file, kind="ct", patient=True):
        """What an instance needs, each identifying value a token; `patient` apart where the caller plants name and ID."""
        sop_class, modality = CLASSES[kind]
        data = Dataset()
        data.put(0x00080016, "UI", sop_class.encode())
        data.put(0x00080060, "CS", modality.encode())
        for tag in (0x00080018, 0x0020000D, 0x0020000E):
            data.put(tag, "UI", self.token(file, f"{tag:08X}", "UI"))
        if patient:
            data.put(0x00100010, "PN", self.token(file, "00100010", "PN"))
            data.put(0x00100020, "LO", self.token(file, "00100020"))
        if kind in IMAGES:
            self.pixels(data)
        getattr(self, f"_{kind}", lambda *_: None)(file, data)
        return data

    @staticmethod
    def pixels(data):
        for tag, value in ((0x00280002, 1), (0x00280010, 8), (0x00280011, 8), (0x00280100, 16), (0x00280101, 12), (0x00280102, 11), (0x00280103, 0)):
            data.put(tag, "US", [value])
        data.put(0x00280004, "CS", b"MONOCHROME2")
        data.put(0x7FE00010, "OW", [1000] * 64)

    # Places that belong to one kind of object.

    def code(self, file, where, scheme=b"99CANARY"):
        kind = "must" if scheme.startswith(b"99") else "kept"
        item = Dataset()
        item.put(0x00080100, "SH", b"C1" if kind == "must" else b"51185008")
        item.put(0x00080102, "SH", scheme)
        return item.put(0x00080104, "LO", self.token(file, f"{where}>00080104", "LO", kind))

    def _sr(self, file, data):
        items = []
        for vt, tag, vr in (("TEXT", 0x0040A160, "UT"), ("PNAME", 0x0040A123, "PN"), ("DATE", 0x0040A121, "DA"), ("TIME", 0x0040A122, "TM"),
                            ("DATETIME", 0x0040A120, "DT"), ("UIDREF", 0x0040A124, "UI")):
            item = Dataset()
            item.put(0x0040A010, "CS", b"CONTAINS")
            item.put(0x0040A040, "CS", vt.encode())
            item.put(0x0040A043, "SQ", [self.code(file, f"SR {vt} name")])
            items.append(item.put(tag, vr, self.token(file, f"SR {vt}", vr)))
        data.put(0x0040A040, "CS", b"CONTAINER")
        data.put(0x0040A043, "SQ", [self.code(file, "SR title")])
        data.put(0x0040A730, "SQ", items)

    def _ecg(self, file, data):
        channel = Dataset()
        channel.put(0x003A0203, "SH", self.token(file, "ECG channel label", "SH"))
        channel.put(0x003A0208, "SQ", [self.code(file, "ECG channel source")])
        group = Dataset()
        group.put(0x003A0005, "US", [1])
        group.put(0x003A0010, "UL", [2])
        group.put(0x003A001A, "DS", b"500")
        group.put(0x003A0020, "SH", self.token(file, "ECG multiplex label", "SH"))
        group.put(0x003A0200, "SQ", [channel])
        group.put(0x54001004, "US", [16])
        group.put(0x54001006, "CS", b"SS")
        group.put(0x54001010, "OW", [1, 2])
        data.put(0x54000100, "SQ", [group])
        note = Dataset().put(0x00700006, "ST", self.token(file, "ECG annotation text", "ST"))
        data.put(0x0040B020, "SQ", [note])

    def _gsps(self, file, data):
        text = Dataset().put(0x00700006, "ST", self.token(file, "GSPS text object", "ST"))
        data.put(0x00700001, "SQ", [Dataset().put(0x00700002, "CS", b"LAYER1").put(0x00700008, "SQ", [text])])

    def _rtstruct(self, file, data):
        roi = Dataset().put(0x30060022, "IS", b"1")
        roi.put(0x30060026, "LO", self.token(file, "ROI name"))
        data.put(0x30060020, "SQ", [roi])

    def _rtplan(self, file, data):
        beam = Dataset().put(0x300A00C0, "IS", b"1")
        beam.put(0x300A00C2, "LO", self.token(file, "beam name"))
        beam.put(0x300A00C3, "ST", self.token(file, "beam description", "ST"))
        data.put(0x300A00B0, "SQ", [beam])

    def _seg(self, file, data):
        segment = Dataset().put(0x00620004, "US", [1])
        segment.put(0x00620005, "LO", self.token(file, "segment label"))
        segment.put(0x00620006, "ST", self.token(file, "segment description", "ST"))
        data.put(0x00620002, "SQ", [segment])

    # Files.

    def build(self):
        for kind in CLASSES:
            self.annex_e(kind, EXPLICIT, False)
        for syntax, undefined in ((IMPLICIT, False), (IMPLICIT, True), (BIG, True), (DEFLATED, False), (EXPLICIT, True)):
            self.annex_e("ct", syntax, undefined)
        self.many_values()
        self.annex_e_sequences()
        self.sweep()
        for syntax in (EXPLICIT, IMPLICIT, BIG, DEFLATED):
            self.private(syntax)
        self.unknown_vr()
        self.wrong_vr()
        self.framing()
        self.groups()
        self.hidden_sequences()
        self.charsets()
        self.echoes()
        self.carriers()
        return self

    def annex_e_values(self, file, where, present=()):
        """A dataset with a token in every attribute of Table E.1-1 that stands in a data set, SQ and `present` apart."""
        out = Dataset()
        for row in E11:
            tag, vr = row["tag"], vr_of(row["tag"])
            if len(tag) != 8 or "x" in tag or tag[:4] in ("0000", "0002", "0004") or tag in APART or int(tag, 16) in present:
                continue
            if vr == "US":
                out.put(int(tag, 16), "US", [4242])
            if vr not in PLANTABLE:
                continue
            out.put(int(tag, 16), vr, self.token(file, f"{where}{tag}", vr))
        return out

    def annex_e(self, kind, syntax, undefined):
        file = f"e11-{kind}-{NAMES[syntax]}{'-undefined' if undefined else ''}"
        data = self.base(file, kind)
        data.update(self.annex_e_values(file, "", data))
        inner = self.annex_e_values(file, "5 deep>")
        for tag in reversed(CHAIN):
            inner = Dataset().put(tag, "SQ", [inner])
        data.update(inner)
        self.add(file, data, syntax=syntax, undefined=undefined)

    def many_values(self):
        """Two values where one is expected."""
        file = "many-values"
        data = self.base(file)
        for row in E11:
            tag, vr = row["tag"], vr_of(row["tag"])
            if len(tag) == 8 and "x" not in tag and tag[:4] not in ("0000", "0002", "0004") and tag != "FFFCFFFC" and int(tag, 16) not in data \
                    and vr in {"AE", "CS", "DA", "DT", "TM", "LO", "SH", "PN", "UC", "UI"}:
                values = [self.token(file, f"{tag}[{n}]", vr) for n in (0, 1)]
                data.put(int(tag, 16), vr, b"\\".join(values))
        self.add(file, data)

    def annex_e_sequences(self):
        """A token in items of every sequence of Table E.1-1: known text, a name, a UID and something private."""
        file = "e11-sequences"
        data = self.base(file)
        for row in E11:
            tag = row["tag"]
            if vr_of(tag) != "SQ" or tag in ("04000561", "04000550", "FFFAFFFA") or "x" in tag:
                continue
            item = Dataset()
            for inner, vr in ((0x00081155, "UI"), (0x00100010, "PN"), (0x00084000, "LT"), (0x00091001, "LO")):
                item.put(inner, vr, self.token(file, f"{tag}>{inner:08X}", vr))
            data.put(int(tag, 16), "SQ", [item, Dataset().put(0x00100020, "LO", self.token(file, f"{tag}[1]>00100020"))])
        self.add(file, data)

    def sweep(self):
        """Every text, date, name, address and UID attribute of the dictionary that Table E.1-1 does not list."""
        listed = {row["tag"] for row in E11}
        # Text in group 0028 may make a reader doubt the image, so it stands in a file of its own.
        for place in ("top", "nested", "image"):
            file = f"dictionary-{place}"
            data, target = self.base(file), Dataset()
            for tag, row in ELEMENTS.items():
                vr = vr_of(tag)
                if (tag[:4] == "0028") != (place == "image"):
                    continue
                if tag in listed or "x" in tag or tag[:4] in ("0000", "0002", "0004", "FFFE") or tag == "00080016" or int(tag, 16) in data:
                    continue
                if (tag == "00181400" or tag == "00180022") or vr not in {"AE", "AS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}:
                    continue
                kept = row["keyword"] in TECHNICAL
                target.put(int(tag, 16), vr, self.token(file, f"{place} {tag} {row['keyword']}", vr, "kept" if kept else "must"))
            if place == "image":
                data.update(target)
                self.add(file, data, must_write=None)
                continue
            # VRs that the profile has no reason to empty.
            for tag, vr in ((0x00180015, "CS"), (0x00282000, "OB"), (0x00281201, "OW"), (0x00180022, "CS"), (0x00181400, "LO")):
                target.put(tag, vr, self.token(file, f"{place} {tag:08X}", vr, "must" if tag == 0x00181400 else "kept"))
            # Public, and in no dictionary.
            for tag, vr in ((0x0018FFF1, "LO"), (0x0018FFF3, "UN"), (0x7776FFF0, "UT")):
                target.put(tag, vr, self.token(file, f"{place} unknown public {tag:08X}", vr))
            if place == "top":
                data.update(target)
            else:
                data.put(CHAIN[0], "SQ", [Dataset().put(CHAIN[1], "SQ", [target])])
            self.add(file, data)

    def private(self, syntax):
        file = f"private-{NAMES[syntax]}"
        data = self.base(file)

        def block(group, where):
            out = Dataset()
            out.put(group << 16 | 0x10, "LO", b"SIEMENS CSA HEADER")
            out.put(group << 16 | 0x11, "LO", self.token(file, f"{where} creator"))
            out.put(group << 16 | 0x1008, "CS", self.token(file, f"{where} known creator CS", "CS"))
            for offset, vr in enumerate(("LO", "PN", "UN", "OB", "UT", "DA", "DT", "TM", "UI", "ST", "UR", "UC")):
                out.put(group << 16 | 0x1110 + offset, vr, self.token(file, f"{where} {vr}", vr))
            out.put(group << 16 | 0x2001, "LO", self.token(file, f"{where} without creator"))
            return out

        data.update(block(0x0009, "private"))
        data.update(block(0x0029, "private 0029"))
        data.put(0x00090001, "LO", self.token(file, "private illegal element 0001"))
        inner = block(0x0019, "private in private SQ")
        inner.put(0x00100010, "PN", self.token(file, "PN in private SQ", "PN"))
        data.put(0x00210010, "LO", b"CANARY")
        data.put(0x00211001, "SQ", [Dataset().put(0x00210010, "LO", b"CANARY").put(0x00211002, "SQ", [inner])])
        chain = block(0x0031, "private 5 deep")
        for tag in reversed(CHAIN):
            chain = Dataset().put(tag, "SQ", [chain])
        data.update(chain)
        self.add(file, data, syntax=syntax)
        if syntax == IMPLICIT:
            return
        # The content of a UN sequence is Implicit VR Little Endian, even in a big-endian file.
        file = f"private-un-{NAMES[syntax]}"
        data = self.base(file)
        hidden = Dataset().put(0x00100010, "PN", self.token(file, "private SQ as UN", "PN"))
        wire = BIG if syntax == BIG else EXPLICIT
        data.put(0x00410010, "LO", b"CANARY")
        data.put(0x00411001, "UN", Raw(sequence(0x00411001, "UN", [hidden], wire, True, IMPLICIT)))
        self.add(file, data, syntax=syntax, must_write=None if syntax == BIG else True)

    def unknown_vr(self):
        """Public attributes written as UN, sequences too."""
        file = "un"
        data = self.base(file)
        for tag in (0x00081030, 0x00100030, 0x00101000, 0x00084000, 0x00204000, 0x00181003):
            data.put(tag, "UN", self.token(file, f"UN {tag:08X}", "LO"))
        for number, tag in enumerate((0x00081140, 0x00400275, CHAIN[0], 0x00082112)):
            hidden = Dataset()
            for inner, vr in ((0x00081155, "UI"), (0x00100010, "PN"), (0x00100020, "LO"), (0x00400244, "DA")):
                hidden.put(inner, vr, self.token(file, f"UN {tag:08X}>{inner:08X}", vr))
            data.put(tag, "UN", Raw(sequence(tag, "UN", [hidden], EXPLICIT, number % 2 == 0, IMPLICIT)))
        self.add(file, data)

    def wrong_vr(self):
        file = "wrong-vr"
        data = self.base(file)
        for tag, vr in ((0x00100030, "LO"), (0x00080020, "PN"), (0x00101010, "LT"), (0x00080090, "OB"), (0x00081155, "ST"), (0x00100040, "UT"),
                        (0x00080050, "UC"), (0x00281050, "PN"), (0x00180050, "LO"), (0x00280030, "DA"), (0x00180060, "UI"), (0x00180080, "PN")):
            data.put(tag, vr, self.token(file, f"{tag:08X} as {vr}", vr))
        self.add(file, data, must_write=None)

    def framing(self):
        """Preamble, File Meta, bytes behind the data set and behind the pixels."""
        file = "framing"
        data = self.base(file)
        meta = Dataset()
        for tag, vr in ((0x00020013, "SH"), (0x00020016, "AE"), (0x00020017, "AE"), (0x00020018, "AE"), (0x00020026, "UR"), (0x00020027, "UR"),
                        (0x00020028, "UR"), (0x00020100, "UI"), (0x00020102, "OB"), (0x00020012, "UI"), (0x00020003, "UI"), (0x00020035, "LO")):
            meta.put(tag, vr, self.token(file, f"meta {tag:08X}", vr))
        data.put(0x00080000, "UL", [4])
        data.put(0xFFFCFFFC, "OB", self.token(file, "data set trailing padding", "OB"))
        data.put(0x7FE00010, "OW", b"\0" * 128 + self.token(file, "bytes behind the pixels", "OB"))
        self.add(file, data, meta=meta, preamble=self.token(file, "preamble", "OB"))

        file = "trailing"
        data = self.base(file)
        self.add(file, data, must_write=None, tail=b"\n" + self.token(file, "bytes behind the data set", "OB") + b"\n")
        file = "trailing-zeros"
        data = self.base(file)
        self.add(file, data, must_write=None, tail=b"\0" * 32 + self.token(file, "bytes behind zeros", "OB"))

    def groups(self):
        """Overlays, curves, retired groups, command and directory attributes."""
        file = "overlays-curves"
        data = self.base(file)
        for group in (0x6000, 0x6002, 0x601E):
            base = group << 16
            data.put(base | 0x0010, "US", [8])
            data.put(base | 0x0011, "US", [8])
            data.put(base | 0x0040, "CS", b"G")
            data.put(base | 0x0050, "SS", [1, 1])
            data.put(base | 0x0100, "US", [1])
            data.put(base | 0x0102, "US", [0])
            for element, vr in ((0x0022, "LO"), (0x0045, "LO"), (0x1500, "LO"), (0x3000, "OW"), (0x4000, "LT")):
                data.put(base | element, vr, self.token(file, f"{base | element:08X}", vr))
        for group in (0x5000, 0x5002):
            base = group << 16
            data.put(base | 0x0005, "US", [1])
            for element, vr in ((0x0022, "LO"), (0x0030, "SH"), (0x0040, "SH"), (0x200C, "OB"), (0x200E, "LT"), (0x2500, "LO"), (0x3000, "OB")):
                data.put(base | element, vr, self.token(file, f"{base | element:08X}", vr))
        for tag in (0x002031FF, 0x002804F2):
            data.put(tag, "LO", self.token(file, f"repeating {tag:08X}"))
        self.add(file, data)

        file = "command-group"
        data = self.base(file)
        for tag, vr in ((0x00000600, "AE"), (0x00001000, "UI"), (0x00001001, "UI"), (0x00000902, "LO")):
            data.put(tag, vr, self.token(file, f"{tag:08X}", vr))
        self.add(file, data, must_write=None)
        file = "directory-group"
        data = self.base(file)
        for tag, vr in ((0x00041130, "CS"), (0x00041500, "CS"), (0x00041511, "UI")):
            data.put(tag, vr, self.token(file, f"{tag:08X}", vr))
        self.add(file, data, must_write=None)

    def hidden_sequences(self):
        """Icon image, Original Attributes, signatures, digests, encrypted attributes."""
        file = "hidden-sequences"
        data = self.base(file)
        icon = Dataset()
        self.pixels(icon)
        icon.put(0x7FE00010, "OW", self.token(file, "icon pixels", "OW"))
        icon.put(0x00084000, "LT", self.token(file, "icon comment", "LT"))
        data.put(0x00880200, "SQ", [icon])

        def values(where, pairs):
            out = Dataset()
            for tag, vr in pairs:
                out.put(tag, vr, self.token(file, f"{where}>{tag:08X}", vr))
            return out

        old = values("original attributes", ((0x00100010, "PN"), (0x00100020, "LO"), (0x00100030, "DA"), (0x0020000D, "UI")))
        data.put(0x04000561, "SQ", [values("original", ((0x04000562, "DT"), (0x04000563, "LO"), (0x04000564, "LO"))).put(0x04000550, "SQ", [old])])
        data.put(0xFFFAFFFA, "SQ", [values("signature", ((0x04000100, "UI"), (0x04000105, "DT"), (0x04000115, "OB"), (0x04000120, "OB")))])
        data.put(0x4FFE0001, "SQ", [values("mac", ((0x04000015, "CS"), (0x04000020, "LO")))])
        data.put(0x04000500, "SQ", [values("encrypted", ((0x04000520, "OB"), (0x04000510, "UI")))])
        data.put(0x04000402, "SQ", [values("digital signature reference", ((0x00081155, "UI"), (0x04000404, "OB")))])
        self.add(file, data)

    def letters(self, first, last, encoding, count=5, wide=False):
        """Random letters between two code positions of a character set."""
        out = ""
        while len(out) < count:
            try:
                if wide:
                    out += bytes([self.random.randint(*first), self.random.randint(*last)]).decode(encoding)
                else:
                    out += bytes([self.random.randint(first, last)]).decode(encoding)
            except UnicodeDecodeError:
                continue
        return out

    def charsets(self):
        g1 = lambda text, encoding: text.encode(encoding)  # noqa: E731
        kana = ("iso2022_jp",)
        kanji = lambda: self.letters((0xB0, 0xCF), (0xA1, 0xFE), "euc_jp", 4, True)  # noqa: E731
        hangul = lambda: self.letters((0xB0, 0xC8), (0xA1, 0xFE), "euc_kr", 4, True)  # noqa: E731
        hanzi = lambda: self.letters((0xB0, 0xD7), (0xA1, 0xF9), "gb2312", 4, True)  # noqa: E731
        sets = (
            ("ISO_IR 100", lambda: self.letters(0xE0, 0xFF, "latin-1", 8), lambda t: g1(t, "latin-1"), ("latin-1",)),
            ("ISO_IR 101", lambda: self.letters(0xE0, 0xFE, "iso8859-2", 8), lambda t: g1(t, "iso8859-2"), ("iso8859-2",)),
            ("ISO_IR 144", lambda: self.letters(0xD0, 0xEF, "iso8859-5", 8), lambda t: g1(t, "iso8859-5"), ("iso8859-5",)),
            ("ISO_IR 126", lambda: self.letters(0xE1, 0xF9, "iso8859-7", 8), lambda t: g1(t, "iso8859-7"), ("iso8859-7",)),
            ("ISO_IR 166", lambda: self.letters(0xA1, 0xD0, "tis-620", 8), lambda t: g1(t, "tis-620"), ("tis-620",)),
            ("ISO_IR 13", lambda: self.letters(0xB1, 0xDC, "shift_jis", 8), lambda t: g1(t, "shift_jis"), ("shift_jis",)),
            ("ISO_IR 192", lambda: kanji() + hangul(), lambda t: g1(t, "utf-8"), ()),
            ("GB18030", hanzi, lambda t: g1(t, "gb18030"), ("gb18030",)),
            ("GBK", hanzi, lambda t: g1(t, "gbk"), ("gbk",)),
            # In ISO 2022 the needle is the code positions alone; escapes stand around them.
            ("\\ISO 2022 IR 87", kanji, lambda t: b"\x1b$B" + bytes(b & 0x7F for b in g1(t, "euc_jp")) + b"\x1b(B", kana),
            ("\\ISO 2022 IR 149", hangul, lambda t: b"\x1b$)C" + g1(t, "euc_kr"), ("euc_kr",)),
            ("\\ISO 2022 IR 58", hanzi, lambda t: b"\x1b$)A" + g1(t, "gb2312"), ("gb2312",)),
        )
        for charset, make, encode_text, encodings in sets:
            file = "charset-" + charset.strip("\\").replace(" ", "-").lower()
            data = self.base(file, patient=False)
            data.put(0x00080005, "CS", charset.encode())

            def value(where):
                text = make()
                self.tokens.charset(text, [e for e in encodings if e != "iso2022_jp"], file, f"{charset} {where}")
                if encodings == kana:
                    token = self.tokens.planted[(file, f"{charset} {where}")]
                    token.needle = frozenset({*token.needle, bytes(b & 0x7F for b in text.encode("euc_jp"))})
                return encode_text(text)

            alphabetic = self.token(file, "alphabetic component", "AE")
            data.put(0x00100010, "PN", alphabetic + b"^X=" + value("PN ideographic") + b"=" + value("PN phonetic"))
            data.put(0x00081070, "PN", value("operator") + b"\\" + value("second operator"))
            data.put(0x00100020, "LO", value("patient id"))
            for tag, vr in ((0x00080080, "LO"), (0x001021B0, "LT"), (0x00081010, "SH"), (0x00080081, "ST"), (0x00181003, "LO"), (0x00104000, "LT")):
                data.put(tag, vr, value(f"{tag:08X}"))
            nested = Dataset().put(0x00100010, "PN", value("nested PN")).put(0x00084000, "LT", value("nested comment"))
            data.put(CHAIN[0], "SQ", [Dataset().put(CHAIN[1], "SQ", [nested])])
            self.add(file, data)

    def echoes(self):
        """The patient's own name and numbers in attributes that a profile keeps: verification has to see them."""
        for number, shape in enumerate((lambda t: t, lambda t: t.lower(), lambda t: b"of " + t, lambda t: t[:6] + t[6:].lower())):
            for tag, vr in ((0x00080070, "LO"), (0x00181210, "SH"), (0x00180024, "SH"), (0x00181020, "LO"), (0x00282000, "OB")):
                file = f"echo-{number}-{tag:08X}"
                data = self.base(file)
                name = data[0x00100010][1].split(b"^")[0]
                data.put(tag, vr, shape(name)[: 16 if vr == "SH" else 64])
                self.add(file, data, must_write=None)

    def carriers(self):
        """What the Basic Profile cannot clean: it must be withheld, or be clean."""
        file = "encapsulated-document"
        data = self.base(file)
        data.put(0x00420011, "OB", self.token(file, "document bytes", "OB"))
        self.add(file, data, must_write=None)
        jpeg = b"\xff\xd8\xff\xdb\0\x43\0" + b"\1" * 64 + b"\xff\xc0\0\x0b\x08\0\x08\0\x08\1\1\x11\0"
        for table_class in (0, 0x10):
            jpeg += b"\xff\xc4\0\x14" + bytes([table_class, 1]) + b"\0" * 16
        jpeg_body = jpeg[2:] + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\x3f\xff\xd9"
        for name, marker in (("com", 0xFE), ("app1", 0xE1), ("app13", 0xED), ("app0", 0xE0), ("app14", 0xEE), ("behind", None), ("fragment", None),
                             ("offsets", None)):
            file = f"jpeg-{name}"
            data = self.base(file)
            data.put(0x00280100, "US", [8]).put(0x00280101, "US", [8]).put(0x00280102, "US", [7])
            token = self.token(file, f"JPEG {name}", "OB")
            frame, extra, offsets = b"\xff\xd8" + jpeg_body, [], b""
            if marker:
                text = b"JFIF\0\1\1\0\0\1\0\1\0\0" if name == "app0" else b"Adobe\0d\0\0\0\0\0" if name == "app14" else b""
                body = text + token
                frame = b"\xff\xd8\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2, "big") + body + jpeg_body
            elif name == "behind":
                frame += token
            elif name == "fragment":
                extra = [token]
            else:
                offsets = token + b"\0"
            data.put(0x7FE00010, "OB", Fragments([offsets, frame, *extra]))
            self.add(file, data, must_write=None, syntax=JPEG)
