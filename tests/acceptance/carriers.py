#!/usr/bin/env python3
"""Hides a drawn word and written words in every carrier of an image, and looks for both in what samar writes."""
import collections
import concurrent.futures
import os
import struct
import sys
import zlib

import imagecodecs
import numpy
import pydicom

import pixel_files as files
import pixel_readers as readers
from common import Report, Verdict, Work, arguments, deid, instances, lookup, new_key
from dicomwriter import BIG, DEFLATED, EXPLICIT, IMPLICIT, JPEG, Dataset, Fragments, part10
from pixel_files import Case

ROWS, COLUMNS = 64, 96
REGION = (8, 4, 56, 16)
WORD = files.token_bitmap("QXJZKVW", REGION[2], REGION[3])
# How well a picture must fit the word before it counts as readable. Noise stays below 0.3.
READABLE = 0.5

PROFILE = f"""samar: 1
name: carriers
extends: basic
options: [clean-pixel-data]
pixels:
  - {{id: word, when: Rows == {ROWS}, regions: [{list(REGION)}], because: acceptance}}
"""


class Seed:
    """One file. `texts` are planted as bytes; `drawn` says that the word is in it somewhere as a picture."""

    def __init__(self, name, data, syntax=EXPLICIT, texts=(), drawn=False, rows=(), tail=b""):
        self.name, self.texts, self.drawn, self.rows = name, tuple(texts), drawn, tuple(rows)
        self.data = part10(data, syntax, tail=tail)


def text(number):
    return f"TOKENQX{number:05d}JZ".encode()


def body(stored=12, frame=0, channel=0):
    """The picture below the word, in stored values."""
    return numpy.rint(files.picture(ROWS, COLUMNS, frame, channel) * ((1 << stored) - 1)).astype(numpy.int64)


def worded(image, high, region=REGION):
    x, y, width, height = region
    image = image.copy()
    image[y : y + height, x : x + width][WORD] = high
    return image


def grid(word=WORD, rows=ROWS, columns=COLUMNS, x=REGION[0], y=REGION[1]):
    """The word as a plane of bits of the image's size."""
    plane = numpy.zeros((rows, columns), bool)
    plane[y : y + word.shape[0], x : x + word.shape[1]] = word
    return plane


class Seeds:
    """Makes every carrier once."""

    def __init__(self):
        self.all = []
        self.count = 0

    def base(self, case):
        return files.header(case, len(self.all) + 1)

    def token(self):
        self.count += 1
        return text(self.count)

    def add(self, *args, **how):
        self.all.append(Seed(*args, **how))

    def frames(self):
        """The picture itself, in all forms and all frames."""
        size = (ROWS, COLUMNS)
        for syntax in (*files.NATIVE, files.UNCOMPRESSED, files.DEFLATED_FRAME, files.RLE, files.LOSSLESS, files.LS, files.J2K_LOSSLESS,
                       files.HT_LOSSLESS, files.XL_LOSSLESS):
            case = Case(syntax, allocated=16, stored=12, frames=3, size=size, table="basic", params=(("predictor", 4),))
            self.picture(f"frames, {files.NAMES[syntax]}", case, [worded(body(12, n), 3900) for n in range(3)])
        for syntax in (files.BASELINE, files.EXTENDED):
            case = Case(syntax, frames=3, size=size, table="basic", lossy=True, params=(("quality", 90),))
            self.picture(f"frames, {files.NAMES[syntax]}", case, [worded(body(8, n), 250) for n in range(3)])
        for planar in (0, 1):
            for syntax in (EXPLICIT, files.RLE):
                case = Case(syntax, "RGB", frames=3, size=size, planar=planar)
                rgb = [numpy.stack([worded(body(8, n, c), 250) for c in range(3)], -1) for n in range(3)]
                self.picture(f"frames, planar {planar}, {files.NAMES[syntax]}", case, rgb)
        case = Case(EXPLICIT, "YBR_FULL_422", size=size)
        chroma = numpy.stack([body(8), worded(body(8, 0, 1), 250), worded(body(8, 0, 2), 10)], -1)
        self.picture("colour alone, YBR_FULL_422", case, [chroma])
        self.picture("frames, PALETTE COLOR", Case(EXPLICIT, "PALETTE COLOR", frames=3, size=size), [worded(body(8, n), 250) for n in range(3)])
        self.picture("frames, one bit", Case(EXPLICIT, allocated=1, stored=1, frames=3, size=size), [grid().astype(int)] * 3)
        self.picture("frames, 32 bits", Case(EXPLICIT, allocated=32, stored=32, frames=2, size=size), [worded(body(32, n), 4 * 10**9) for n in range(2)])

    def picture(self, name, case, frames, change=None, texts=()):
        data = self.base(case)
        if case.syntax in files.NATIVE:
            data.put(0x7FE00010, *files.native_element(case, frames))
        else:
            files.encapsulated(data, [files.encoded(case, frame) for frame in frames], case.table)
        if change:
            change(data)
        self.add(name, data, case.syntax, texts, drawn=True)

    def floats(self):
        for tag, vr, kind, bits in ((0x7FE00008, "OF", "<f4", 32), (0x7FE00009, "OD", "<f8", 64)):
            for frames in (1, 2):
                data = files.header(Case(EXPLICIT, allocated=32, stored=32, size=(ROWS, COLUMNS), frames=frames), len(self.all) + 1,
                                    b"1.2.840.10008.5.1.4.1.1.30")
                for gone in (0x00280101, 0x00280102, 0x00280103):
                    del data[gone]
                data.put(0x00280100, "US", [bits]).put(0x00080060, "CS", b"MR")
                images = [worded(body(12, n), 3900) / 4096.0 for n in range(frames)]
                data.put(tag, vr, b"".join(i.astype(kind).tobytes() for i in images))
                self.add(f"{'Float' if bits == 32 else 'Double Float'} Pixel Data, {frames} frames", data, drawn=True)

    def icons(self):
        def icon(compressed=False):
            item = Dataset()
            item.put(0x00280002, "US", [1]).put(0x00280004, "CS", b"MONOCHROME2").put(0x00280010, "US", [64]).put(0x00280011, "US", [64])
            item.put(0x00280100, "US", [8]).put(0x00280101, "US", [8]).put(0x00280102, "US", [7]).put(0x00280103, "US", [0])
            image = (files.picture(64, 64, 1) * 255).astype("u1")
            image[10 : 10 + REGION[3], 4 : 4 + REGION[2]][WORD] = 250
            if compressed:
                item.put(0x7FE00010, "OB", Fragments([b"", bytes(imagecodecs.jpeg8_encode(image, 95))]))
            else:
                item.put(0x7FE00010, "OW", image.tobytes())
            return item

        case = Case(EXPLICIT, allocated=16, stored=12, size=(ROWS, COLUMNS))
        self.picture("icon", case, [body()], lambda data: data.put(0x00880200, "SQ", [icon()]))
        reference = Dataset().put(0x00081150, "UI", files.MR).put(0x00081155, "UI", b"2.25.779").put(0x00880200, "SQ", [icon()])
        self.picture("icon in a referenced image", case, [body()], lambda data: data.put(0x00081140, "SQ", [reference]))
        deep = Dataset().put(0x00400260, "SQ", [Dataset().put(0x00880200, "SQ", [icon()])])
        self.picture("icon two items deep", case, [body()], lambda data: data.put(0x00400275, "SQ", [deep]))
        lossy = Case(JPEG, size=(ROWS, COLUMNS), lossy=True, params=(("quality", 90),))
        self.picture("icon in JPEG", lossy, [body(8)], lambda data: data.put(0x00880200, "SQ", [icon(True)]))

    def overlays(self):
        def group(data, number, position=0, plane=None, tail=b"", label=None):
            top = number << 16
            data.put(top | 0x10, "US", [ROWS]).put(top | 0x11, "US", [COLUMNS]).put(top | 0x40, "CS", b"G")
            data.put(top | 0x50, "OW", struct.pack("<hh", 1, 1)).put(top | 0x100, "US", [1 if plane is not None else 16])
            data.put(top | 0x102, "US", [position])
            data[top | 0x50] = ("SS", struct.pack("<hh", 1, 1))
            if plane is not None:
                data.put(top | 0x3000, "OW", files.packed([plane]) + tail)
            if label:
                data.put(top | 0x22, "LO", label).put(top | 0x1500, "LO", label)

        case = Case(EXPLICIT, allocated=16, stored=12, size=(ROWS, COLUMNS))
        for number in (0x6000, 0x6002, 0x601E):
            words = self.token(), self.token()
            self.picture(f"overlay {number:04X}", case, [body()], lambda data: group(data, number, 0, grid(), words[0], words[1]), words)
        for position in range(12, 16):
            hidden = body() | (grid(x=30, y=40).astype(int) << position)
            for syntax in (IMPLICIT, EXPLICIT, BIG, DEFLATED, files.RLE):
                how = Case(syntax, allocated=16, stored=12, size=(ROWS, COLUMNS), table="basic")
                self.picture(f"overlay in bit {position}, {files.NAMES[syntax]}", how, [hidden], lambda data: group(data, 0x6000, position))
            for syntax in (files.LOSSLESS, files.LS, files.J2K_LOSSLESS, files.HT_LOSSLESS):
                self.wide(f"overlay in bit {position}, {files.NAMES[syntax]}", syntax, hidden, lambda data: group(data, 0x6000, position))
        plain = body() | (grid(x=30, y=40).astype(int) << 14)
        for syntax in (IMPLICIT, EXPLICIT, BIG, DEFLATED, files.UNCOMPRESSED, files.RLE):
            how = Case(syntax, allocated=16, stored=12, size=(ROWS, COLUMNS), table="basic", frames=3)
            self.picture(f"bit 14 without overlay, {files.NAMES[syntax]}", how, [plain, body(), plain])
        for syntax in (files.LOSSLESS, files.LS, files.J2K_LOSSLESS, files.HT_LOSSLESS):
            self.wide(f"bit 14 without overlay, {files.NAMES[syntax]}", syntax, plain)
        low = (body() << 4) | (grid(x=30, y=40).astype(int) << 1)
        self.picture("bit below the low bit", case, [low], lambda data: data.put(0x00280102, "US", [15]))

    def wide(self, name, syntax, image, change=None):
        """A codestream of 16 bits in an image of 12."""
        case = Case(syntax, allocated=16, stored=16, size=(ROWS, COLUMNS), table="basic", params=(("predictor", 1),))

        def narrow(data):
            data.put(0x00280101, "US", [12]).put(0x00280102, "US", [11])
            if change:
                change(data)

        self.picture(name, case, [image], narrow)

    def rest(self):
        """Bytes that belong to no frame."""
        case = Case(EXPLICIT, allocated=16, stored=12, size=(ROWS, COLUMNS))
        drawn = worded(body(), 3900).astype("<u2").tobytes()
        for syntax in files.NATIVE:
            case = Case(syntax, allocated=16, stored=12, size=(ROWS, COLUMNS))
            word = self.token()
            data = self.base(case)
            vr, value = files.native_element(case, [body()])
            extra = drawn if syntax != BIG else numpy.frombuffer(drawn, "<u2").astype(">u2").tobytes()
            data.put(0x7FE00010, vr, value + extra + word)
            self.add(f"after the last frame, {files.NAMES[syntax]}", data, syntax, [word], rows=word_rows(extra))
        word = self.token()
        data = self.base(Case(EXPLICIT, allocated=16, stored=12, size=(ROWS, COLUMNS)))
        data.put(0x7FE00010, *files.native_element(Case(EXPLICIT, allocated=16, stored=12, size=(ROWS, COLUMNS)), [body()]))
        data.put(0xFFFCFFFC, "OB", word + b"\0" * 20)
        self.add("data set trailing padding", data, texts=[word])
        palette = Case(EXPLICIT, "PALETTE COLOR", size=(ROWS, COLUMNS))
        word = self.token()
        data = self.base(palette)
        data.put(0x7FE00010, *files.native_element(palette, [worded(body(8), 250)]))
        data.put(0x00281201, "OW", data[0x00281201][1] + word)
        self.add("after the entries of a palette", data, texts=[word], drawn=True)

        for syntax in (files.UNCOMPRESSED, files.RLE, files.BASELINE, files.LOSSLESS, files.LS, files.J2K_LOSSLESS):
            for table in ("basic", "extended", "empty"):
                self.fragments(syntax, table)

    def fragments(self, syntax, table):
        lossy = syntax == files.BASELINE
        stored = 8 if lossy else 12
        case = Case(syntax, allocated=8 if lossy else 16, stored=stored, frames=3, size=(ROWS, COLUMNS), table=table, lossy=lossy,
                    params=(("quality", 90), ("predictor", 1)))
        name = f"{files.NAMES[syntax]}, {table} offset table"
        coded = [files.encoded(case, body(stored, n)) for n in range(3)]
        coded = [frame + b"\0" * (len(frame) % 2) for frame in coded]

        def plant(where, change):
            word = self.token()
            data = self.base(case)
            files.encapsulated(data, coded, table)
            change(data, word)
            self.add(f"{where}, {name}", data, syntax, [word])

        def between(data, word):
            parts = data[0x7FE00010][1]
            extra = word + b"\0" * (len(word) % 2)
            at = 2
            moved = len(extra) + 8
            if table == "basic":
                offsets = list(struct.unpack("<3I", parts[0]))
                parts[0] = struct.pack("<3I", offsets[0], offsets[1] + moved, offsets[2] + moved)
            elif table == "extended":
                offsets = struct.unpack("<3Q", data[0x7FE00001][1])
                data.put(0x7FE00001, "OV", struct.pack("<3Q", offsets[0], offsets[1] + moved, offsets[2] + moved))
            parts.insert(at, extra)

        def behind(data, word):
            data[0x7FE00010][1].append(word + b"\0" * (len(word) % 2))

        def padding(data, word):
            parts = data[0x7FE00010][1]
            parts[-1] += word + b"\0" * (len(word) % 2)
            if table == "extended":
                sizes = list(struct.unpack("<3Q", data[0x7FE00002][1]))
                data.put(0x7FE00002, "OV", struct.pack("<3Q", *sizes[:2], len(parts[-1])))

        def in_table(data, word):
            if table == "basic":
                data[0x7FE00010][1][0] += word + b"\0" * (-len(word) % 4)
            else:
                data.put(0x7FE00001, "OV", data[0x7FE00001][1] + word + b"\0" * (-len(word) % 8))

        plant("fragment between frames", between)
        plant("fragment after the last frame", behind)
        plant("padding of the last fragment", padding)
        if table != "empty":
            plant("tail of the offset table", in_table)

    def segments(self):
        """Comments, application data and boxes in codestreams."""
        lossy = Case(files.BASELINE, size=(ROWS, COLUMNS), lossy=True, params=(("quality", 90),))
        jpeg = files.encoded(lossy, worded(body(8), 250))
        thumbnail = numpy.repeat((grid(rows=40, columns=80, x=4, y=4) * 230).astype("u1")[..., None], 3, -1)
        jfif = b"JFIF\0\1\2\0\0\1\0\1" + bytes([80, 40]) + thumbnail.tobytes()
        exif = lambda word: b"Exif\0\0II*\0\x08\0\0\0\1\0\x0e\x01\x02\0" + struct.pack("<II", len(word), 26) + b"\0\0\0\0" + word
        app = {"COM": (0xFE, lambda w: w), "APP1 Exif": (0xE1, exif), "APP1 XMP": (0xE1, lambda w: b"http://ns.adobe.com/xap/1.0/\0" + w),
               "APP2": (0xE2, lambda w: b"ICC_PROFILE\0\1\1" + w), "APP13": (0xED, lambda w: b"Photoshop 3.0\0" + w),
               "APP14 tail": (0xEE, lambda w: b"Adobe\0\x64\0\0\0\0\0" + w), "APP15": (0xEF, lambda w: w)}
        for name, (marker, payload) in app.items():
            for where in ("first", "before the scan"):
                self.segment(f"JPEG Baseline {name}, {where}", lossy, jpeg, marker, payload, where == "first")
        data = self.base(lossy)
        files.encapsulated(data, [segment(jpeg, 0xE0, jfif, True)])
        self.add("JPEG Baseline APP0 thumbnail", data, lossy.syntax, drawn=True, rows=word_rows(thumbnail.tobytes(), 80, 3, 4))
        for syntax in (files.EXTENDED, files.LOSSLESS, files.LOSSLESS_SV1, files.LS):
            case = Case(syntax, size=(ROWS, COLUMNS), lossy=syntax == files.EXTENDED, params=(("quality", 90), ("predictor", 1)))
            coded = files.encoded(case, worded(body(8), 250))
            self.segment(f"{files.NAMES[syntax]} COM", case, coded, 0xFE, lambda w: w, False)
            self.segment(f"{files.NAMES[syntax]} APP1", case, coded, 0xE1, exif, True)
        for syntax in (files.J2K_LOSSLESS, files.J2K, files.HT_LOSSLESS, files.HT_RPCL, files.HT):
            case = Case(syntax, allocated=16, stored=12, size=(ROWS, COLUMNS), lossy=syntax == files.J2K)
            coded = files.encoded(case, worded(body(), 3900))
            for where in ("main header", "tile-part header"):
                word = self.token()
                data = self.base(case)
                files.encapsulated(data, [wavelet_comment(coded, word, where == "main header")])
                self.add(f"{files.NAMES[syntax]} COM in the {where}", data, syntax, [word], drawn=True)
        for syntax in (files.J2K_LOSSLESS, files.HT_LOSSLESS):
            case = Case(syntax, allocated=16, stored=12, size=(ROWS, COLUMNS))
            coded = files.encoded(case, worded(body(), 3900))
            for kind in (b"xml ", b"uuid"):
                word = self.token()
                data = self.base(case)
                files.encapsulated(data, [jp2(coded, kind, word)])
                self.add(f"{files.NAMES[syntax]} in JP2 with a box {kind.decode().strip()}", data, syntax, [word], drawn=True)
        for syntax in (files.XL_LOSSLESS, files.XL):
            case = Case(syntax, size=(ROWS, COLUMNS), lossy=syntax == files.XL, params=(("container", True),))
            coded = files.encoded(case, worded(body(8), 250))
            for kind in (b"Exif", b"xml ", b"jumb", b"free"):
                word = self.token()
                data = self.base(case)
                files.encapsulated(data, [coded + box(kind, b"\0\0\0\0" + word)])
                self.add(f"{files.NAMES[syntax]} with a box {kind.decode().strip()}", data, syntax, [word], drawn=True)

    def segment(self, name, case, coded, marker, payload, first):
        word = self.token()
        data = self.base(case)
        files.encapsulated(data, [segment(coded, marker, payload(word), first)])
        self.add(name, data, case.syntax, [word], drawn=True)


def word_rows(data, columns=COLUMNS, size=2, margin=REGION[0]):
    """Bytes of the word's rows as they stand in uncompressed samples, those with much in them."""
    rows = [data[at : at + columns * size] for at in range(0, len(data) - columns * size + 1, columns * size)]
    rows = [row[margin * size : (margin + REGION[2]) * size] for row in rows]
    top = 4 if margin == 4 else REGION[1]
    return [rows[top + n] for n in range(REGION[3]) if numpy.diff(WORD[n].astype(int)).astype(bool).sum() > 8]


def segment(coded, marker, payload, first):
    """A JPEG or JPEG-LS codestream with one more segment, right after SOI or right before the first scan."""
    piece = b"\xff" + bytes([marker]) + struct.pack(">H", len(payload) + 2) + payload
    at = 2
    while not first and coded[at + 1] != 0xDA:
        at += 2 + struct.unpack_from(">H", coded, at + 2)[0]
    return coded[:at] + piece + coded[at:]


def wavelet_comment(coded, word, main):
    """A JPEG 2000 codestream with a comment in its main header or in its first tile-part."""
    piece = b"\xff\x64" + struct.pack(">HH", len(word) + 4, 1) + word
    at = 2
    while coded[at : at + 2] != b"\xff\x90":
        at += 2 + struct.unpack_from(">H", coded, at + 2)[0]
    if main:
        return coded[:at] + piece + coded[at:]
    length = struct.unpack_from(">I", coded, at + 6)[0]
    start = bytearray(coded[at : at + 12])
    if length:
        struct.pack_into(">I", start, 6, length + len(piece))
    return coded[:at] + bytes(start) + piece + coded[at + 12 :]


def box(kind, data):
    return struct.pack(">I", len(data) + 8) + kind + data


def jp2(coded, kind, word):
    """A codestream in JP2 boxes, which DICOM does not allow and archives hold all the same."""
    image = box(b"ihdr", struct.pack(">IIHBBBB", ROWS, COLUMNS, 1, 11, 7, 0, 0)) + box(b"colr", b"\1\0\0" + struct.pack(">I", 17))
    head = box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ") + box(b"jp2h", image)
    return head + box(kind, b"\x5a" * 16 * (kind == b"uuid") + word) + box(b"jp2c", coded)


def fit(image, word=WORD):
    """The best normalised correlation of the word with any place of an image."""
    image = image.astype(float)
    rows, columns = image.shape
    height, width = word.shape
    if rows < height or columns < width or image.min() == image.max():
        return 0.0
    image = image - image.mean()
    kernel = word - word.mean()
    shape = (rows, columns)

    def slide(what, how):
        return numpy.fft.irfft2(numpy.fft.rfft2(what) * numpy.conj(numpy.fft.rfft2(how, shape)), shape)[: rows - height + 1, : columns - width + 1]

    ones = numpy.ones_like(word, float)
    total, squares = slide(image, ones), slide(image * image, ones)
    spread = numpy.clip(squares - total * total / word.size, 0, None)
    good = spread > 1e-9 * max(float(squares.max()), 1e-30)
    value = numpy.abs(slide(image, kernel)) / numpy.sqrt(numpy.where(good, spread, 1) * (kernel**2).sum())
    return float(numpy.where(good, value, 0).max())


def pictures(dataset, syntax):
    """Every picture of a data set and its items: frames with all their bits, floats, overlays."""
    stack = [dataset]
    while stack:
        data = stack.pop()
        for element in data:
            if element.VR == "SQ":
                stack += element.value
            elif element.tag.group & 0xFF00 == 0x6000 and element.tag.element == 0x3000 and element.value:
                group = element.tag.group
                bits = numpy.unpackbits(numpy.frombuffer(element.value, "u1"), bitorder="little")
                rows, columns = data[group, 0x10].value, data[group, 0x11].value
                for at in range(0, len(bits) - rows * columns + 1, rows * columns):
                    yield bits[at : at + rows * columns].reshape(rows, columns)
        if "Rows" not in data or "Columns" not in data:
            continue
        for name, kind in (("FloatPixelData", "<f4"), ("DoubleFloatPixelData", "<f8")):
            if name in data:
                yield from numpy.frombuffer(data[name].value, kind).reshape(-1, data.Rows, data.Columns)
        if "PixelData" not in data:
            continue
        if not hasattr(data, "file_meta"):
            data.file_meta = pydicom.dataset.FileMetaDataset()
            data.file_meta.TransferSyntaxUID = syntax if bytes(data.PixelData[:4]) == b"\xfe\xff\x00\xe0" else EXPLICIT
        if data.file_meta.TransferSyntaxUID in files.NATIVE:
            whole = readers.unpacked(data)
        else:
            try:
                coded = readers.coded_frames(data)
            except ValueError:
                coded = [fragment for _, fragment in readers.items(data.PixelData)[1]]
            whole = []
            for frame in coded:
                inner = frame.find(b"jp2c")
                frame = frame[inner + 4 :] if frame[4:8] == b"jP  " else frame
                whole.append(numpy.asarray(readers.decoded_frame(data, frame)).reshape(data.Rows, data.Columns, data.SamplesPerPixel))
        for frame in whole:
            for channel in range(frame.shape[-1]):
                yield frame[..., channel]


def recovered(data, texts, rows, drawn):
    """What of a seed can be found in a file."""
    found = []
    raw = [data]
    at = data.find(b"1.2.840.10008.1.2.1.99")
    if at >= 0:
        start = 144 + struct.unpack_from("<I", data, 140)[0]
        raw.append(zlib.decompressobj(-15).decompress(data[start:]))
    for number, needle in enumerate(texts):
        if any(needle in view for view in raw):
            found.append(f"text {number}")
    if any(row in view for view in raw for row in rows):
        found.append("rows of the drawn word, as bytes")
    if drawn and not rows or not found:
        dataset = pydicom.dcmread(pydicom.filebase.DicomBytesIO(data), force=True)
        best = 0.0
        for image in pictures(dataset, str(dataset.file_meta.TransferSyntaxUID)):
            best = max(best, fit(image))
            if image.dtype.kind in "iu":
                for bit in range(33):
                    plane = (image >> bit) & 1
                    if plane.any() and not plane.all():
                        best = max(best, fit(plane))
        if best >= READABLE:
            found.append("the drawn word")
    return found


def search(task):
    """Looks into one file. Runs in a worker."""
    path, texts, rows, drawn = task
    with open(path, "rb") as file:
        data = file.read()
    try:
        return recovered(data, texts, rows, drawn), None
    except Exception as error:  # an output that cannot be searched proves nothing
        return [], f"{type(error).__name__}: {error}"


def main():
    args = arguments(__doc__)
    verdict = Verdict()
    seeds = Seeds()
    for part in (seeds.frames, seeds.floats, seeds.icons, seeds.overlays, seeds.rest, seeds.segments):
        part()
    with Work(args.keep) as work, concurrent.futures.ProcessPoolExecutor() as pool:
        folder, out, report_path = work / "in", work / "out", work / "report.jsonl"
        folder.mkdir()
        named = {}
        for number, seed in enumerate(seeds.all, 1):
            named[f"{number:03d}.dcm"] = seed
            (folder / f"{number:03d}.dcm").write_bytes(seed.data)
        task = lambda path, seed: (os.fspath(path), seed.texts, seed.rows, seed.drawn)
        for (name, seed), (found, error) in zip(named.items(), pool.map(search, [task(folder / n, s) for n, s in named.items()], chunksize=4)):
            wanted = len(seed.texts) + bool(seed.rows) + (seed.drawn and not seed.rows)
            verdict.check(len(found) >= wanted, f"the search does not see {seed.name} in the input: {found} {error or ''}")
        profile = work / "carriers.yaml"
        profile.write_text(PROFILE)
        run = deid(args.samar, [folder], out, new_key(args.samar, work), report_path, ["--profile", profile, "--jobs", "2"])
        verdict.check(not run.panicked and run.exit in (0, 1), f"exit {run.exit}: {run.stderr[-600:].decode(errors='replace')}")
        report = Report(report_path)
        for problem in report.problems:
            verdict.check(False, problem)
        lines, written, refused = report.by_input(), {}, collections.defaultdict(list)
        for name, seed in named.items():
            line = lookup(lines, name)
            if line and line["outcome"] == "written":
                written[name] = out / line["output"]
            else:
                reason = (line or {}).get("reason") or ""
                refused[(line or {}).get("outcome"), reason].append(seed.name)
                verdict.check(line and line["outcome"] == "quarantined" and reason, f"{seed.name}: {line and line['outcome']} without a reason")
        verdict.check(len(instances(out)) == len(written), f"{len(instances(out))} files are in the output, {len(written)} are reported")
        leaks = 0
        tasks = [task(path, named[name]) for name, path in written.items()]
        for name, (found, error) in zip(written, pool.map(search, tasks, chunksize=4)):
            leaks += bool(found)
            verdict.check(not found, f"{named[name].name}: found {', '.join(found)}")
            verdict.check(not error, f"{named[name].name}: the output cannot be searched: {error}")
        print(f"carriers: {len(named)}, written {len(written)}, quarantined {sum(map(len, refused.values()))}, recoverable in {leaks}")
        for (outcome, reason), names in sorted(refused.items(), key=str):
            print(f"  {len(names):4d} {outcome}: {reason}: {'; '.join(names[:6])}{' and more' if len(names) > 6 else ''}")
        verdict.check(written, "nothing was written, so nothing was proven")
    verdict.end()


if __name__ == "__main__":
    sys.exit(main())
