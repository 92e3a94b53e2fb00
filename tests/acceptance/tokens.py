"""Unique tokens that fit each VR, and a search that finds them raw and in every plain encoding of bytes.

A text token is PREFIX and five characters, so any occurrence of PREFIX is a leak even where a value was cut. Dates, times and
numbers are unique digit strings. A UID token is a unique component under a root that looks registered but is not."""
import base64
import binascii
import collections
import re

PREFIX = "QXJZKV"
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
UID_ROOT = "1.2.840.10008.999."
UID_MARK = "777888999111"

TEXT = frozenset("AE CS LO LT OB OW OF OD OL OV PN SH ST UC UN UR UT".split())
PLANTABLE = TEXT | frozenset("AS DA DS DT IS TM UI".split())


class Token:
    """One planted value: `needles` are what the search looks for; `weak` values are too short to search for in bytes."""

    def __init__(self, file, where, kind, value, needle, weak=False):
        self.file, self.where, self.kind, self.value, self.needle, self.weak = file, where, kind, value, needle, weak


class Tokens:
    """Makes tokens and remembers what was planted where."""

    def __init__(self):
        self.count = collections.Counter()
        self.planted = {}

    def new(self, vr, file, where, kind="must"):
        """A fresh value for one element of `vr`, as bytes."""
        self.count[vr] += 1
        n = self.count[vr]
        if vr in TEXT:
            self.count["text"] += 1
            n = self.count["text"]
        weak = False
        if vr == "UI":
            needle = f"{UID_MARK}{n:06d}"
            value = UID_ROOT + needle
        elif vr == "DA":
            needle = value = self._date(n)
        elif vr == "TM":
            needle = value = self._time(n)
        elif vr == "DT":
            value = self._date(n) + self._time(n)
            needle = value
        elif vr == "AS":
            value, weak = f"{n % 89 + 10:03d}Y", True
            needle = value
        elif vr == "IS":
            needle = value = f"1{n:06d}531"
        elif vr == "DS":
            needle = value = f"{n:07d}.1357913"
        elif vr in TEXT:
            needle = self.word(n)
            value = needle
            if vr == "PN":
                value = f"{needle}^Given^^"
            elif vr == "UR":
                value = f"http://{needle}.example/x"
        else:
            raise ValueError(vr)
        token = Token(file, where, kind, value, needle, weak)
        key = (file, where) if weak else needle
        if key in self.planted:
            raise ValueError(f"token made twice: {where}")
        self.planted[key] = token
        return value.encode("ascii")

    def charset(self, text, encodings, file, where):
        """A token in a character set: found as `text` in any of the `encodings`."""
        needles = {text.encode(e) for e in {*encodings, "utf-8", "utf-16-le", "utf-16-be"}}
        token = Token(file, where, "must", text, frozenset(needles))
        self.planted[(file, where)] = token

    @staticmethod
    def word(n):
        out = ""
        n = n * 7919 + 104729
        for _ in range(5):
            n, digit = divmod(n, 32)
            out += ALPHABET[digit]
        return PREFIX + out

    @staticmethod
    def _date(n):
        n = n * 11 % 35280  # 105 years of 12 months of 28 days, in an order that scatters
        year, rest = divmod(n, 336)
        month, day = divmod(rest, 28)
        return f"{1821 + year:04d}{month + 1:02d}{day + 1:02d}"

    @staticmethod
    def _time(n):
        return f"{n // 3600 % 24:02d}{n // 60 % 60:02d}{n % 60:02d}.{(n * 7919 + 13) % 999983:06d}"


DIGITS = re.compile(rb"[0-9]{6,}(?:\.[0-9]{6,8})?")
WORD = re.compile(PREFIX.encode() + rb"[A-Z2-9]{0,5}", re.I)
UID = re.compile(UID_MARK.encode() + rb"[0-9]{0,6}")
WIDE = re.compile(rb"(?:[\x20-\x7e]\0){6,}")
WIDE_BE = re.compile(rb"(?:\0[\x20-\x7e]){6,}")
HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){6,}")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{11,}")


def views(data):
    """The bytes as they are and decoded in every way that a tool might have written them."""
    yield "raw", data
    for name, pattern in (("utf-16le", WIDE), ("utf-16be", WIDE_BE)):
        for match in pattern.finditer(data):
            yield name, match.group().replace(b"\0", b"")
    for match in HEX.finditer(data):
        run = match.group()
        yield "hex", binascii.unhexlify(run)
        if len(run) > 14:
            yield "hex", binascii.unhexlify(run[1:-1])
    for match in BASE64.finditer(data):
        run = match.group().replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            tail = run[start:]
            tail = tail[: len(tail) - (len(tail) % 4 == 1)]
            yield "base64", base64.b64decode(tail + b"=" * (-len(tail) % 4))


class Searcher:
    """Finds planted tokens in bytes."""

    def __init__(self, tokens):
        self.exact = {}
        self.wide = []
        for token in tokens.planted.values():
            if token.weak:
                continue
            if isinstance(token.needle, frozenset):
                self.wide += [(needle, token) for needle in token.needle]
            else:
                self.exact[token.needle.encode()] = token

    def find(self, data):
        """Yields (encoding, token or the text of an unknown fragment)."""
        seen = set()
        for encoding, view in views(data):
            for match in WORD.finditer(view):
                yield from self._once(seen, encoding, match.group().upper())
            for match in UID.finditer(view):
                yield from self._once(seen, encoding, match.group())
            for match in DIGITS.finditer(view):
                # The next element's tag may begin with a byte that is a digit: group 0032 does.
                run = match.group()
                for needle in (run, run[:-1], run[1:], run[1:-1]):
                    if needle in self.exact:
                        yield from self._once(seen, encoding, needle)
            if encoding != "base64":
                for needle, token in self.wide:
                    if needle in view and (encoding, id(token)) not in seen:
                        seen.add((encoding, id(token)))
                        yield encoding, token

    def _once(self, seen, encoding, needle):
        if (encoding, needle) not in seen:
            seen.add((encoding, needle))
            yield encoding, self.exact.get(needle, needle.decode())
