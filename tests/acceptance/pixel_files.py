"""Image files for the pixel scripts, made by encoders that have nothing to do with samar."""
import dataclasses
import functools
import io
import itertools
import struct
import zlib

import imagecodecs
import jpeg_ls
import numpy
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
from pydicom.pixels.encoders import RLELosslessEncoder

from dicomwriter import BIG, DEFLATED, EXPLICIT, IMPLICIT, Dataset, Fragments, part10

UNCOMPRESSED = "1.2.840.10008.1.2.1.98"
DEFLATED_FRAME = "1.2.840.10008.1.2.8.1"
RLE = "1.2.840.10008.1.2.5"
BASELINE, EXTENDED, LOSSLESS, LOSSLESS_SV1, LS, LS_NEAR, J2K_LOSSLESS, J2K, XL_LOSSLESS, XL, HT_LOSSLESS, HT_RPCL, HT = (
    f"1.2.840.10008.1.2.4.{number}" for number in (50, 51, 57, 70, 80, 81, 90, 91, 110, 112, 201, 202, 203)
)
NATIVE = (IMPLICIT, EXPLICIT, BIG, DEFLATED)
NAMES = {
    IMPLICIT: "Implicit", EXPLICIT: "Explicit", BIG: "Big Endian", DEFLATED: "Deflated", UNCOMPRESSED: "Encapsulated Uncompressed",
    DEFLATED_FRAME: "Deflated Image Frame", RLE: "RLE", BASELINE: "JPEG Baseline", EXTENDED: "JPEG Extended", LOSSLESS: "JPEG Lossless",
    LOSSLESS_SV1: "JPEG Lossless SV1", LS: "JPEG-LS", LS_NEAR: "JPEG-LS near-lossless", J2K_LOSSLESS: "JPEG 2000 lossless",
    J2K: "JPEG 2000", HT_LOSSLESS: "HTJ2K lossless", HT_RPCL: "HTJ2K lossless RPCL", HT: "HTJ2K", XL_LOSSLESS: "JPEG XL lossless", XL: "JPEG XL",
}
DCT = (BASELINE, EXTENDED)
MR = b"1.2.840.10008.5.1.4.1.1.4"

# Regions by rows of the frame: [x, y, width, height]. One touches the right and the lower edge, none ends on a block.
REGIONS = {37: ([3, 2, 20, 9], [40, 30, 13, 7]), 48: ([5, 3, 37, 13],)}
SIZES = ((37, 53), (48, 64))


@dataclasses.dataclass(frozen=True)
class Case:
    """One combination. `params` go to the encoder."""

    syntax: str
    photometric: str = "MONOCHROME2"
    allocated: int = 8
    stored: int = 8
    signed: bool = False
    planar: int = 0
    frames: int = 1
    size: tuple = SIZES[0]
    table: str = "empty"
    split: int = 1
    lossy: bool = False
    params: tuple = ()

    @property
    def rows(self):
        return self.size[0]

    @property
    def columns(self):
        return self.size[1]

    @property
    def samples(self):
        return 1 if self.photometric.startswith("MONO") or self.photometric.startswith("PALETTE") else 3

    @property
    def name(self):
        parts = [NAMES[self.syntax], self.photometric, f"{self.stored} of {self.allocated} bits", "signed" if self.signed else "unsigned"]
        parts += [f"planar {self.planar}", f"{self.frames} frames", f"{self.rows}x{self.columns}"]
        if self.syntax not in NATIVE:
            parts += [f"{self.table} offset table", f"{self.split} fragments a frame"]
        return ", ".join(parts + [f"{key} {value}" for key, value in self.params])


def mask(rows, columns, regions):
    """True inside."""
    inside = numpy.zeros((rows, columns), bool)
    for x, y, width, height in regions:
        inside[y : y + height, x : x + width] = True
    return inside


@functools.cache
def token_bitmap(text, width, height):
    """Text drawn into a box, as booleans."""
    image = PIL.Image.new("L", (width, height), 0)
    draw = PIL.ImageDraw.Draw(image)
    font = PIL.ImageFont.load_default(size=max(8, height))
    left, top, _, bottom = draw.textbbox((0, 0), text, font=font)
    draw.text((1 - left, (height - bottom + top) // 2 - top), text, fill=255, font=font)
    return numpy.asarray(image) > 110


@functools.cache
def picture(rows, columns, frame, channel=0):
    """Round shapes with a little grain, from 0.2 to 0.8, and text from 0.1 to 0.9 in every region."""
    y, x = numpy.mgrid[0:rows, 0:columns]
    wave = numpy.sin((x + 5 * frame) / (9.0 + channel)) * numpy.cos((y - 3 * channel) / (7.0 + frame))
    body = numpy.exp(-(((x - columns / 2) / (columns / 3)) ** 2) - ((y - rows / 2) / (rows / 3)) ** 2)
    grain = numpy.random.default_rng(1000 * frame + channel).normal(0, 0.006, (rows, columns))
    image = numpy.clip(0.35 + 0.15 * wave + 0.28 * body + grain, 0.2, 0.8)
    for number, (left, top, width, height) in enumerate(REGIONS.get(rows, ())):
        text = token_bitmap(f"DOE{frame}{number}JOHN", width, height)
        image[top : top + height, left : left + width][text] = 0.9 if channel != 1 else 0.1
    return image


def stored(case, frame):
    """The stored values of a frame: rows x columns (x 3), as wide integers."""
    top = (1 << case.stored) - 1
    channels = []
    for channel in range(case.samples):
        image = picture(case.rows, case.columns, frame, channel)
        if case.photometric.startswith("YBR_FULL") and channel:
            image = 0.5 + (image - 0.5) * 0.6
        channels.append(image > 0.45 if case.stored == 1 else numpy.rint(image * top))
    values = numpy.stack(channels, -1).astype(numpy.int64) if case.samples == 3 else channels[0].astype(numpy.int64)
    if case.photometric == "MONOCHROME1":
        values = top - values
    return values - (1 << (case.stored - 1)) if case.signed else values


def kind(case):
    return numpy.dtype(f"{'i' if case.signed else 'u'}{max(case.allocated, 8) // 8}")


def native(case, values):
    """One frame as little endian bytes; frames of one bit are packed by the caller."""
    if case.photometric == "YBR_FULL_422":
        pairs = numpy.stack([values[:, 0::2, 0], values[:, 1::2, 0], values[:, 0::2, 1], values[:, 0::2, 2]], -1)
        return pairs.astype("u1").tobytes()
    if case.planar and case.samples == 3:
        values = numpy.moveaxis(values, -1, 0)
    if case.signed and case.stored < case.allocated:
        values = values & ((1 << case.stored) - 1) if dict(case.params).get("sign") == "cut" else values
    return values.astype(kind(case).newbyteorder("<")).tobytes()


def jpeg(case, values, params):
    array = values.astype("u1" if case.stored <= 8 else "<u2")
    if params.get("restart"):
        image = PIL.Image.fromarray(array, "L" if case.samples == 1 else "YCbCr")
        out = io.BytesIO()
        image.save(out, "JPEG", quality=params["quality"], restart_marker_blocks=params["restart"], subsampling=params.get("sampling", "4:4:4"))
        return out.getvalue()
    how = {"bitspersample": max(case.stored, 2)}
    if case.samples == 3:
        space = "RGB" if case.photometric == "RGB" else "YCBCR"
        how |= {"colorspace": space, "outcolorspace": space, "subsampling": params.get("sampling", "444")}
    return imagecodecs.jpeg8_encode(array, params["quality"], **how)


def lossless_jpeg(case, values, params):
    array = (values & ((1 << case.stored) - 1)).astype("u1" if case.stored <= 8 else "<u2")
    how = {"colorspace": "RGB", "outcolorspace": "RGB"} if case.samples == 3 else {}
    return imagecodecs.jpeg8_encode(array, lossless=True, predictor=params["predictor"], bitspersample=case.stored, **how)


def jpegls(case, values, params):
    array = (values & ((1 << case.stored) - 1)).astype("u1" if case.stored <= 8 else "u2")
    if case.samples == 1:
        return imagecodecs.jpegls_encode(array, level=params.get("near", 0))
    if params["interleave"] == 0:
        array = numpy.ascontiguousarray(numpy.moveaxis(array, -1, 0))
    return jpeg_ls.encode_array(array, params.get("near", 0), params["interleave"])


def j2k(case, values, params):
    # A signed image in an unsigned codestream is common and lawful only by luck, but archives are full of them.
    cut = case.signed and params.get("sign") == "cut"
    values = values & ((1 << case.stored) - 1) if cut else values
    sign = "i" if case.signed and not cut else "u"
    array = values.astype(f"{sign}{1 if case.stored <= 8 else 2}")
    how = {"codecformat": "J2K", "bitspersample": case.stored, "reversible": not case.lossy, "mct": case.photometric in ("YBR_RCT", "YBR_ICT")}
    if params.get("tile"):
        out = io.BytesIO()
        PIL.Image.fromarray(array).save(out, "JPEG2000", no_jp2=True, irreversible=False, tile_size=params["tile"])
        return out.getvalue()
    return imagecodecs.jpeg2k_encode(array, level=42 if case.lossy else 0, **how)


def htj2k(case, values, params):
    array = values.astype(f"{'i' if case.signed else 'u'}{1 if case.stored <= 8 else 2}")
    how = {"rgb": case.photometric in ("YBR_RCT", "YBR_ICT")} if case.samples == 3 else {}
    return imagecodecs.htj2k_encode(array, level=0.002 if case.lossy else None, reversible=not case.lossy, tlm=case.syntax == HT_RPCL, **how)


def jpegxl(case, values, params):
    array = values.astype("u1" if case.stored <= 8 else "u2")
    how = {"photometric": "RGB"} if case.samples == 3 else {}
    how |= {"distance": 1.0} if case.lossy else {"lossless": True}
    return imagecodecs.jpegxl_encode(array, bitspersample=case.stored, usecontainer=params.get("container", False), **how)


def rle(case, values, params):
    array = values.astype(kind(case).newbyteorder("<"))
    how = {"rows": case.rows, "columns": case.columns, "samples_per_pixel": case.samples, "bits_allocated": case.allocated}
    how |= {"bits_stored": case.stored, "pixel_representation": int(case.signed), "photometric_interpretation": case.photometric}
    how |= {"number_of_frames": 1, "planar_configuration": 0}
    return RLELosslessEncoder.encode(array.tobytes(), index=0, encoding_plugin="pylibjpeg", **how)


ENCODERS = {
    RLE: rle, BASELINE: jpeg, EXTENDED: jpeg, LOSSLESS: lossless_jpeg, LOSSLESS_SV1: lossless_jpeg, LS: jpegls, LS_NEAR: jpegls,
    J2K_LOSSLESS: j2k, J2K: j2k, HT_LOSSLESS: htj2k, HT_RPCL: htj2k, HT: htj2k, XL_LOSSLESS: jpegxl, XL: jpegxl,
}


def encoded(case, values):
    """One frame as it stands in the fragments."""
    if case.syntax in ENCODERS:
        return bytes(ENCODERS[case.syntax](case, values, dict(case.params)))
    data = packed([values]) if case.stored == 1 else native(case, values)
    if case.syntax == DEFLATED_FRAME:
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = deflater.compress(data) + deflater.flush()
    return data


def packed(frames):
    """Frames of one bit a pixel, one after the other without a gap."""
    return numpy.packbits(numpy.concatenate([f.ravel() for f in frames]).astype("u1"), bitorder="little").tobytes()


def encapsulated(data, coded, table="empty", split=1):
    """Puts fragments into `data`, and the offset tables that are asked for."""
    pieces = []
    for frame in coded:
        frame += b"\0" * (len(frame) % 2)
        step = -(-len(frame) // split)
        step += step % 2
        pieces.append([frame[at : at + step] for at in range(0, len(frame), step)])
    offsets = [0, *itertools.accumulate(sum(len(part) + 8 for part in frame) for frame in pieces)][:-1]
    basic = struct.pack(f"<{len(offsets)}I", *offsets) if table == "basic" else b""
    if table == "extended":
        data.put(0x7FE00001, "OV", struct.pack(f"<{len(offsets)}Q", *offsets))
        data.put(0x7FE00002, "OV", struct.pack(f"<{len(offsets)}Q", *(len(frame[0]) for frame in pieces)))
    data.put(0x7FE00010, "OB", Fragments([basic, *itertools.chain.from_iterable(pieces)]))


def put_palette(data, case):
    """A palette whose darkest entry is the last one."""
    entries = 256 if case.stored == 8 else 4096
    ramp = numpy.linspace(0xFFFF, 0, entries).astype("<u2")
    for number in range(3):
        data.put(0x00281101 + number, "US", [entries, 0, 16])
        data.put(0x00281201 + number, "OW", (ramp // (number + 1)).tobytes())


def header(case, number, sop_class=MR):
    """Everything of an instance but the pixels."""
    data = Dataset()
    data.put(0x00080005, "CS", b"ISO_IR 100").put(0x00080008, "CS", b"ORIGINAL\\PRIMARY\\AXIAL").put(0x00080016, "UI", sop_class)
    data.put(0x00080018, "UI", f"2.25.77{number}".encode()).put(0x00080020, "DA", b"20200102").put(0x00080060, "CS", b"MR")
    data.put(0x00100010, "PN", b"Doe^John").put(0x00100020, "LO", b"P1")
    data.put(0x0020000D, "UI", b"2.25.771").put(0x0020000E, "UI", b"2.25.772").put(0x00200013, "IS", str(number).encode())
    data.put(0x00280002, "US", [case.samples]).put(0x00280004, "CS", case.photometric.encode())
    if case.samples == 3:
        data.put(0x00280006, "US", [case.planar])
    if case.frames > 1:
        data.put(0x00280008, "IS", str(case.frames).encode())
    data.put(0x00280010, "US", [case.rows]).put(0x00280011, "US", [case.columns]).put(0x00280100, "US", [case.allocated])
    data.put(0x00280101, "US", [case.stored]).put(0x00280102, "US", [case.stored - 1]).put(0x00280103, "US", [int(case.signed)])
    if case.samples == 1 and case.photometric.startswith("MONO"):
        middle = 0 if case.signed else 1 << (case.stored - 1)
        data.put(0x00281050, "DS", str(middle).encode()).put(0x00281051, "DS", str(1 << case.stored).encode())
        if case.stored > 8:
            data.put(0x00281052, "DS", b"-100").put(0x00281053, "DS", b"2")
    if case.photometric.startswith("PALETTE"):
        put_palette(data, case)
    if case.lossy:
        method = {BASELINE: b"ISO_10918_1", EXTENDED: b"ISO_10918_1", LS_NEAR: b"ISO_14495_1", J2K: b"ISO_15444_1", HT: b"ISO_15444_15"}
        data.put(0x00282110, "CS", b"01").put(0x00282112, "DS", b"8").put(0x00282114, "CS", method.get(case.syntax, b"ISO_18181_1"))
    return data


def native_element(case, frames):
    """VR and bytes of native pixel data in the order that the syntax wants."""
    value = packed(frames) if case.stored == 1 else b"".join(native(case, frame) for frame in frames)
    if case.allocated <= 8:
        words = dict(case.params).get("vr", "OB") == "OW" or case.syntax in (IMPLICIT, BIG)
        value += b"\0" * (len(value) % 2)
        if words and case.syntax == BIG:
            # Eight-bit samples in 16-bit words: the words are swapped, and so are the samples.
            value = numpy.frombuffer(value, "<u2").astype(">u2").tobytes()
        return "OW" if words else "OB", value
    if case.syntax == BIG:
        # OW is a string of 16-bit words (PS3.5 section 6.2): only the bytes of each word change places.
        value = numpy.frombuffer(value, "<u2").astype(">u2").tobytes()
    return "OW", value


def build(case, number):
    """A whole Part 10 file."""
    data = header(case, number)
    frames = [stored(case, frame) for frame in range(case.frames)]
    if case.syntax in NATIVE:
        data.put(0x7FE00010, *native_element(case, frames))
        if case.syntax == BIG:
            for tag, (vr, value) in list(data.items()):
                if vr == "OW" and tag >> 16 == 0x0028:
                    data.put(tag, vr, numpy.frombuffer(value, "<u2").astype(">u2").tobytes())
    else:
        encapsulated(data, [encoded(case, frame) for frame in frames], case.table, case.split)
    return part10(data, case.syntax)


