"""A DICOM writer that writes whatever it is told, legal or not, in any uncompressed syntax."""
import struct
import zlib

IMPLICIT, EXPLICIT, DEFLATED, BIG = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
)
JPEG = "1.2.840.10008.1.2.4.50"
LONG = frozenset("OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
UNDEFINED = 0xFFFFFFFF


class Fragments(list):
    """Encapsulated pixel data: offset table first, then fragments."""


class Raw(bytes):
    """Whole element bytes, copied as they are."""


class Dataset(dict):
    """tag -> (vr, bytes | list of ints | list of Dataset | Fragments | Raw)."""

    def put(self, tag, vr, value):
        self[tag] = (vr, value)
        return self


def header(tag, vr, length, syntax):
    end = ">" if syntax == BIG else "<"
    out = struct.pack(end + "HH", tag >> 16, tag & 0xFFFF)
    if syntax == IMPLICIT or tag >> 16 == 0xFFFE:
        return out + struct.pack(end + "I", length)
    if vr in LONG:
        return out + vr.encode() + b"\0\0" + struct.pack(end + "I", length)
    return out + vr.encode() + struct.pack(end + "H", length)


def padded(vr, value):
    if len(value) % 2:
        value += b"\0" if vr in LONG - {"UC", "UR", "UT"} or vr == "UI" else b" "
    return value


def encode(data, syntax=EXPLICIT, undefined=False):
    out = []
    for tag in sorted(data):
        vr, value = data[tag]
        if isinstance(value, Raw):
            out.append(bytes(value))
        elif isinstance(value, Fragments):
            out.append(header(tag, vr, UNDEFINED, syntax))
            out += [header(0xFFFEE000, "", len(padded("OB", f)), syntax) + padded("OB", f) for f in value]
            out.append(header(0xFFFEE0DD, "", 0, syntax))
        elif vr == "SQ":
            out.append(sequence(tag, vr, value, syntax, undefined))
        else:
            if isinstance(value, list):
                end = ">" if syntax == BIG else "<"
                value = struct.pack(end + {"US": "H", "SS": "h", "UL": "I", "FD": "d", "FL": "f", "OW": "H", "AT": "H"}[vr] * len(value), *value)
            value = padded(vr, value)
            out.append(header(tag, vr, len(value), syntax) + value)
    return b"".join(out)


def sequence(tag, vr, items, syntax, undefined, inner=None):
    """A sequence; `inner` is the syntax of its items where it differs (UN)."""
    inner = inner or syntax
    body = b""
    for item in items:
        data = encode(item, inner, undefined)
        if undefined:
            body += header(0xFFFEE000, "", UNDEFINED, inner) + data + header(0xFFFEE00D, "", 0, inner)
        else:
            body += header(0xFFFEE000, "", len(data), inner) + data
    if undefined:
        return header(tag, vr, UNDEFINED, syntax) + body + header(0xFFFEE0DD, "", 0, inner)
    return header(tag, vr, len(body), syntax) + body


def part10(data, syntax=EXPLICIT, undefined=False, meta=None, preamble=b"", tail=b"", sop_class=None, sop_instance=None):
    """A whole file; `meta` adds to or replaces File Meta elements."""
    body = encode(data, BIG if syntax == BIG else IMPLICIT if syntax == IMPLICIT else EXPLICIT, undefined) + tail
    if syntax == DEFLATED:
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = deflater.compress(body) + deflater.flush()
        body += b"\0" * (len(body) % 2)
    head = Dataset()
    head.put(0x00020001, "OB", b"\0\1")
    head.put(0x00020002, "UI", sop_class or data[0x00080016][1])
    head.put(0x00020003, "UI", sop_instance or data[0x00080018][1])
    head.put(0x00020010, "UI", syntax.encode())
    head.put(0x00020012, "UI", b"2.25.1234567")
    head.update(meta or {})
    head = encode(head)
    return preamble.ljust(128, b"\0") + b"DICM" + header(0x00020000, "UL", 4, EXPLICIT) + struct.pack("<I", len(head)) + head + body
