"""The fonts that the training draws with, by the folders in which Debian's packages install them.

The evaluation draws with other families.
"""

import glob
import gzip
import struct
from functools import lru_cache

import numpy as np
from PIL import ImageFont

LATIN = [
    "/usr/share/fonts/truetype/dejavu/*.ttf",
    "/usr/share/fonts/truetype/liberation*/*.ttf",
    "/usr/share/fonts/truetype/freefont/*.ttf",
    "/usr/share/fonts/truetype/hack/*.ttf",
    "/usr/share/fonts/truetype/inconsolata/*.?tf",
    "/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF/*.ttf",
    "/usr/share/fonts/truetype/lato/*.ttf",
    "/usr/share/fonts/truetype/open-sans/*.ttf",
    "/usr/share/fonts/truetype/crosextra/*.ttf",
    "/usr/share/fonts/opentype/urw-base35/*.otf",
    "/usr/share/fonts/truetype/noto/NotoSans-*.ttf",
    "/usr/share/fonts/truetype/noto/NotoSerif-*.ttf",
    "/usr/share/fonts/truetype/noto/NotoMono-*.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansMono-*.ttf",
]
HAND = [
    "/usr/share/fonts/truetype/breip/*.ttf",
    "/usr/share/fonts/truetype/rufscript/*.ttf",
    "/usr/share/fonts/truetype/kristi/*.ttf",
    "/usr/share/fonts/opentype/urw-base35/Z003*.otf",
]
SCRIPTS = {
    "han": ["/usr/share/fonts/opentype/noto/NotoSansCJK-*.ttc", "/usr/share/fonts/opentype/noto/NotoSerifCJK-*.ttc"],
    "arabic": ["/usr/share/fonts/truetype/noto/NotoNaskhArabic-*.ttf", "/usr/share/fonts/truetype/noto/NotoKufiArabic-*.ttf", "/usr/share/fonts/truetype/noto/NotoSansArabic-*.ttf"],
    "cyrillic": ["/usr/share/fonts/truetype/dejavu/*.ttf", "/usr/share/fonts/truetype/noto/NotoSans-*.ttf", "/usr/share/fonts/truetype/liberation*/*.ttf"],
    "greek": ["/usr/share/fonts/truetype/dejavu/*.ttf", "/usr/share/fonts/truetype/noto/NotoSerif-*.ttf"],
    "thai": ["/usr/share/fonts/truetype/noto/NotoSansThai-*.ttf", "/usr/share/fonts/truetype/noto/NotoSerifThai-*.ttf"],
    "devanagari": ["/usr/share/fonts/truetype/noto/NotoSansDevanagari-*.ttf"],
    "hebrew": ["/usr/share/fonts/truetype/noto/NotoSansHebrew-*.ttf"],
    "hangul": ["/usr/share/fonts/opentype/noto/NotoSansCJK-*.ttc"],
    "bengali": ["/usr/share/fonts/truetype/noto/NotoSansBengali-*.ttf"],
    "tamil": ["/usr/share/fonts/truetype/noto/NotoSansTamil-*.ttf"],
}
# Letters of each script, as ranges of code points.
LETTERS = {
    "han": [(0x4E00, 0x9FA5)],
    "arabic": [(0x0627, 0x063A), (0x0641, 0x064A)],
    "cyrillic": [(0x0410, 0x044F)],
    "greek": [(0x0391, 0x03A1), (0x03B1, 0x03C9)],
    "thai": [(0x0E01, 0x0E2E), (0x0E40, 0x0E44)],
    "devanagari": [(0x0905, 0x0914), (0x0915, 0x0939), (0x093E, 0x0948)],
    "hebrew": [(0x05D0, 0x05EA)],
    "hangul": [(0xAC00, 0xD7A3)],
    "bengali": [(0x0995, 0x09A8)],
    "tamil": [(0x0B95, 0x0B95), (0x0B99, 0x0B9A), (0x0BA8, 0x0BAA), (0x0BAE, 0x0BB5)],
}
CONSOLE = [
    "/usr/share/consolefonts/Lat*VGA*.psf.gz",
    "/usr/share/consolefonts/Lat*Terminus*.psf.gz",
    "/usr/share/consolefonts/Uni*VGA*.psf.gz",
    "/usr/share/consolefonts/Uni*Terminus*.psf.gz",
]
X_BITMAPS = ["/usr/share/fonts/X11/75dpi/*.pcf.gz", "/usr/share/fonts/X11/100dpi/*.pcf.gz", "/usr/share/fonts/X11/misc/[5-9]x*.pcf.gz", "/usr/share/fonts/X11/misc/1?x*.pcf.gz"]


def files(patterns):
    """The files that fit, in a fixed order; those that are missing are left out."""
    found = {path for pattern in patterns for path in glob.glob(pattern)}
    # A font of the evaluation that lies in the same folder.
    return sorted(path for path in found if not path.endswith("maru.pcf.gz"))


@lru_cache(maxsize=400)
def scalable(path, size):
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=None)
def console(path):
    """The glyphs of a console font (PSF 1 or 2) for the code points 32 to 126: array 95 x height x width of 0 and 1."""
    data = gzip.open(path).read()
    if data[:2] == b"\x36\x04":
        height, width, at, count = data[3], 8, 4, 512 if data[2] & 1 else 256
        step = height
    else:
        at, _, count, step, height, width = struct.unpack_from("<6I", data, 8)
    rows = np.frombuffer(data, np.uint8, count * step, at).reshape(count, height, -1)
    bits = np.unpackbits(rows, axis=2)[:, :, :width]
    return bits[32:127]


@lru_cache(maxsize=None)
def x_bitmap(path):
    """A bitmap font of X in the one size that it has, or None."""
    for size in range(4, 45):
        try:
            return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    return None
