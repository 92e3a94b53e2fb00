"""The fonts of the evaluation set. The training uses none of them.

Every family is a Debian package (see `packages.txt`) or is drawn here. Families
that are near copies of a training font are left out on purpose: Arimo, Tinos and
Cousine (Liberation), Bitstream Vera and Ark Pandora (DejaVu), WenQuanYi Micro Hei
(Droid/Noto), the bitmap that Pillow ships (Adobe Courier of xfonts-75dpi), Ricty (Inconsolata),
Garuda, Norasi and Tlwg Typewriter (the Thai of GNU FreeFont).
"""

import functools
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = Path("/usr/share/fonts")
TT, OT, BITMAP = "truetype/", "opentype/", "X11/misc/"

LATIN = [TT + p for p in (
    "jetbrains-mono/JetBrainsMono-Regular.ttf", "jetbrains-mono/JetBrainsMono-Bold.ttf", "firacode/FiraCode-Regular.ttf",
    "firacode/FiraCode-Bold.ttf", "tuffy/Tuffy.ttf", "tuffy/Tuffy_Bold.ttf", "quicksand/Quicksand-Regular.ttf",
    "quicksand/Quicksand-Bold.ttf", "paratype/PTS55F.ttf", "paratype/PTS75F.ttf", "paratype/PTF55F.ttf",
    "paratype/PTM55F.ttf", "paratype/PTN57F.ttf", "gentiumplus/GentiumPlus-Regular.ttf", "andika/Andika-Regular.ttf",
    "ocr-a/OCRA.ttf", "vollkorn/Vollkorn-Regular.ttf", "vollkorn/Vollkorn-BlackItalic.ttf", "monofur/monof55.ttf",
    "anonymous-pro/Anonymous Pro.ttf", "anonymous-pro/Anonymous Pro B.ttf", "monoid/Monoid-Regular.ttf",
    "mononoki/mononoki-Regular.ttf", "mononoki/mononoki-Bold.ttf", "oxygen/Oxygen-Sans.ttf", "oxygen/Oxygen-Sans-Bold.ttf",
    "play/Play-Regular.ttf", "dustin/Dustismo.ttf", "dustin/Dustismo_Roman.ttf", "vlgothic/VL-PGothic-Regular.ttf",
    "fantasque-sans/Normal/TTF/FantasqueSansMono-Regular.ttf")]
LATIN += [OT + p for p in (
    "cabin/Cabin-Regular.otf", "cabin/Cabin-Bold.otf", "dosis/Dosis-Medium.otf", "cantarell/Cantarell-Regular.otf",
    "cantarell/Cantarell-Bold.otf", "comic-neue/ComicNeue-Regular.otf", "league-spartan/LeagueSpartan-Medium.otf",
    "linux-libertine/LinLibertine_R.otf", "linux-libertine/LinBiolinum_RB.otf", "ocr-b/OCRB.otf",
    "yanone-kaffeesatz/YanoneKaffeesatz-Regular.otf", "junicode/JunicodeTwoBeta-Regular.otf")]
LATIN += ["fonts-go/Go-Regular.ttf", "fonts-go/Go-Mono.ttf", "fonts-go/Go-Bold.ttf", TT + "proggy/ProggyTiny.ttf"]
HAND = [TT + p for p in ("fifthhorseman/dkg.ttf", "femkeklaver/femkeklaver.ttf", "isabella/Isabella.ttf",
                         "humor-sans/Humor-Sans.ttf", "ecolier-court/Ecolier-court.ttf", "dustin/Domestic_Manners.ttf")]
PIXEL = [BITMAP + p for p in (
    "mplus_f10r.pcf.gz", "mplus_f12r.pcf.gz", "mplus_f12b.pcf.gz", "mplus_h10r.pcf.gz", "shnm6x12a.pcf.gz",
    "shnm7x14a.pcf.gz", "shnm8x16a.pcf.gz", "neep-alt-iso10646-1-06x13.pcf.gz", "neep-alt-iso10646-1-08x15-bold.pcf.gz",
    "neep-alt-iso10646-1-10x20.pcf.gz", "modd-iso8859-1-06x13.pcf.gz", "kaname-latin1.pcf.gz", "7x14maru.pcf.gz")]
SCRIPTS = {
    "cyrillic": [TT + "paratype/PTS55F.ttf", TT + "paratype/PTS75F.ttf", TT + "paratype/PTF55F.ttf", TT + "paratype/PTM55F.ttf",
                 TT + "gentiumplus/GentiumPlus-Regular.ttf", TT + "jetbrains-mono/JetBrainsMono-Regular.ttf", OT + "linux-libertine/LinLibertine_R.otf"],
    "han": [TT + "arphic/uming.ttc", TT + "arphic/ukai.ttc", OT + "ipafont-gothic/ipag.ttf", TT + "vlgothic/VL-Gothic-Regular.ttf"],
    "kana": [OT + "ipafont-gothic/ipag.ttf", TT + "vlgothic/VL-Gothic-Regular.ttf", TT + "takao-gothic/TakaoPGothic.ttf"],
    "hangul": [TT + "nanum/NanumGothic.ttf", TT + "nanum/NanumMyeongjo.ttf", TT + "unfonts-core/UnBatang.ttf", TT + "unfonts-core/UnDotum.ttf"],
    "arabic": [OT + "fonts-hosny-amiri/Amiri-Regular.ttf", TT + "kacst/KacstBook.ttf", TT + "kacst/KacstOffice.ttf", TT + "scheherazade/Scheherazade-Regular.ttf"],
    "thai": [TT + "tlwg/Loma.ttf", TT + "tlwg/Sawasdee.ttf", TT + "tlwg/Purisa.ttf", TT + "tlwg/Umpush.ttf"],
    "devanagari": [TT + "lohit-devanagari/Lohit-Devanagari.ttf", TT + "Sahadeva/sahadeva.ttf"],
}
# A tall plain letter of each script; its height is the line's size.
TALL = {"latin": "H", "cyrillic": "Н", "han": "国", "kana": "国", "hangul": "한", "arabic": "ا", "thai": "ก", "devanagari": "क"}

# Two fonts drawn here: a 5x7 dot matrix (columns, lowest bit on top) and a pen plotter's.
DOTS = {k: bytes.fromhex(v) for k, v in zip(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./:",
    "7e1111117e 7f49494936 3e41414122 7f4141221c 7f49494941 7f09090901 3e4149497a 7f0808087f 00417f4100 2040413f01 "
    "7f08142241 7f40404040 7f020c027f 7f0408107f 3e4141413e 7f09090906 3e4151215e 7f09192946 4649494931 01017f0101 "
    "3f4040403f 1f2040201f 3f4038403f 6314081463 0708700807 6151494543 3e5149453e 00427f4000 4261514946 2141454b31 "
    "1814127f10 2745454539 3c4a494930 0171090503 3649494936 064949291e 0808080808 0060600000 2010080402 0036360000".split())}
STROKES = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./:", (
    "0620 2046 0444|0626 0020 2031 3122 0323 2334 3526 0026|4110 1001 0105 0516 1645|0006 0626 2644 4442 4220 2000|4000 0006 0646 0333|4000 0006 0333|"
    "4110 1001 0105 0516 1636 3644 4424|0006 4046 0343|1030 2026 1636|4044 4436 3616 1604|0006 4003 0346|0006 0646|0600 0023 2340 4046|0600 0046 4640|"
    "1030 3041 4145 4536 3616 1605 0501 0110|0600 0030 3041 4142 4233 3303|1030 3041 4145 4536 3616 1605 0501 0110 2446|0600 0030 3041 4142 4233 3303 2346|"
    "4130 3010 1001 0102 0213 1333 3344 4445 4536 3616 1605|0040 2026|0005 0516 1636 3645 4540|0026 2640|0016 1622 2236 3640|0046 4006|0023 2340 2326|0040 4006 0646|"
    "1030 3041 4145 4536 3616 1605 0501 0110 4105|1120 2026 1636|0110 1030 3041 4142 4206 0646|0040 4023 2343 4345 4536 3616 1605|3036 3004 0444|4000 0003 0333 3344 4445 4536 3606|"
    "4010 1002 0205 0516 1636 3645 4544 4433 3303|0040 4016|1030 3041 4142 4233 3313 1302 0201 0110 1304 0405 0516 1636 3645 4544 4433|4303 1301 0110 1030 3041 4144 4436 3606|"
    "0343|2526|4006|2122 2526").split("|")))


@functools.lru_cache(maxsize=512)
def face(path, px):
    return ImageFont.truetype(str(ROOT / path), px, layout_engine=ImageFont.Layout.RAQM)


@functools.lru_cache(maxsize=64)
def strike(path):
    """The one size of a bitmap font."""
    for px in range(6, 33):
        try:
            return face(path, px)
        except OSError:
            continue
    raise OSError(f"no usable size in {path}")


@functools.lru_cache(maxsize=256)
def per_pixel(path, script):
    """Height of the script's tall letter at 200 px, per px of font size."""
    box = face(path, 200).getbbox(TALL[script])
    return (box[3] - box[1]) / 200


@functools.lru_cache(maxsize=8192)
def holds(path, letter):
    """False when the font would show its empty box instead."""
    font = face(path, 40)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffd"))


def trim(alpha):
    rows, cols = np.flatnonzero(alpha.max(1) > 8), np.flatnonzero(alpha.max(0) > 8)
    if not len(rows):
        return None
    return alpha[rows[0]:rows[-1] + 1, cols[0]:cols[-1] + 1]


def outline(path, script, text, cap, mono):
    """Text of an outline font as coverage 0..255, with capitals `cap` pixels high."""
    if not all(holds(path, c) for c in text):
        return None
    font = face(path, max(4, round(cap / per_pixel(path, script))))
    box = font.getbbox(text)
    im = Image.new("L", (int(box[2]) + 12, int(box[3]) + 12 + max(0, -int(box[1]))), 0)
    draw = ImageDraw.Draw(im)
    draw.fontmode = "1" if mono else "L"
    draw.text((4, 4 + max(0, -int(box[1]))), text, 255, font=font)
    return trim(np.asarray(im))


def bitmap(path, text, scale):
    font = strike(path)
    text = text.encode("latin-1", "replace").decode("latin-1")
    box = font.getbbox(text)
    im = Image.new("L", (int(box[2]) + 8, int(box[3]) + 8), 0)
    draw = ImageDraw.Draw(im)
    draw.fontmode = "1"
    draw.text((2, 2), text, 255, font=font)
    small = trim(np.asarray(im))
    return None if small is None else np.kron(small, np.ones((scale, scale), np.uint8))


@functools.lru_cache(maxsize=64)
def bitmap_cap(path):
    return bitmap(path, "H", 1).shape[0]


def dots(text, scale):
    out = np.zeros((7, 6 * len(text)), np.uint8)
    for i, c in enumerate(text.upper()):
        for x, column in enumerate(DOTS.get(c, b"")):
            for y in range(7):
                out[y, 6 * i + x] = 255 * (column >> y & 1)
    big = np.kron(out, np.ones((scale, scale), np.uint8))
    if scale >= 4:
        big[scale - 1::scale] = 0
        big[:, scale - 1::scale] = 0
    return trim(big)


def plotter(text, cap, pen):
    """Straight pen strokes on a 5x7 lattice."""
    k, f = cap / 6, 4
    im = Image.new("L", (int((len(text) * 5.6 + 2) * k * f), int((cap + 3 * k + 4) * f)), 0)
    draw = ImageDraw.Draw(im)
    for i, c in enumerate(text.upper()):
        for s in STROKES.get(c, "").split():
            pts = [((int(s[j]) + i * 5.6 + 1) * k * f, (int(s[j + 1]) * k + k) * f) for j in (0, 2)]
            draw.line(pts, 255, max(1, round(pen * f)))
    return trim(np.asarray(im.resize((im.width // f, im.height // f), Image.Resampling.BOX)))


def missing():
    paths = [*LATIN, *HAND, *PIXEL, *sum(SCRIPTS.values(), [])]
    return sorted({p for p in paths if not (ROOT / p).exists()})
