"""Makes the evaluation set: DICOM files, masks, header-window pictures and truth.jsonl.

    python make_set.py OUT [--scale 0.1] [--seed 50021]

OUT/dicom/NNNN.dcm   the images; two thirds hold text, one third holds none
OUT/mask/NNNN.png    per pixel the number of the line whose glyph covers it (0: none)
OUT/png/NNNN.png     what a viewer shows in the header window
OUT/truth.jsonl      one row an image with its lines
"""

import argparse
import io
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

import clutter
import fonts
import layout
import phantoms
import phantoms_screen
import phantoms_section
import views
from content import pick
from dicom_file import write_dicom
from draw import Sheet


@dataclass
class Picture:
    """An image on its way to a file; values are stored values as a viewer reads them (not inverted)."""

    modality: str
    recipe: str
    pixels: np.ndarray
    window: tuple = (0, 255)
    limits: tuple = (0, 255)
    bits: int = 8
    signed: bool = False
    intercept: float = 0
    slope: float = 1
    padding: int | None = None
    says_window: bool = True
    photometric: str = "MONOCHROME2"
    hide: list = field(default_factory=list)
    clutter: list = field(default_factory=list)
    jpeg: int = 0


def dose(rng, img, bits):
    """Window units to stored values of a radiograph: (pixels, window, limits)."""
    top = 2 ** bits - 1
    low, high = top * rng.uniform(.08, .3), top * rng.uniform(.55, .85)
    if rng.random() < .25:
        low, high = 0.0, float(top)
    low, high = float(round(low)), float(round(high))
    return np.clip(low + img * (high - low), 0, top).astype(np.float32), (low, high), (0, top)


def bright_strip(rng, img):
    """An over-exposed border, so that something lies above the window."""
    h, w = img.shape
    s = int(rng.uniform(.06, .2) * min(h, w))
    value = rng.uniform(1.06, 1.15) + .01 * rng.standard_normal((h, w), dtype=np.float32)
    side = rng.integers(3)
    cut = [np.s_[:s], np.s_[-s:], np.s_[:, -s:]][side]
    img[cut] = value[cut]


def radiograph(rng, large, free):
    modality = pick(rng, ["CR", "DX", "DX", "MG"])
    if large:
        h, w = int(rng.integers(2000, 2501)), int(rng.integers(2000, 2301))
    else:
        h, w = int(rng.integers(700, 1500)), int(rng.integers(700, 1400))
    make = phantoms.breast if modality == "MG" else pick(rng, [phantoms.chest, phantoms.limb])
    if modality != "MG" and rng.random() < (.15 if free else .03):
        make = phantoms.pattern
    img = make(rng, h, w)
    if rng.random() < .15:
        img = 1 - img
    names = clutter.some(rng, img, clutter.RADIOGRAPH, 4 if free else 2)
    hide = []
    if not free and rng.random() < .4:
        hide = ["hidden_low", "hidden_high"]
        if rng.random() < .7:
            bright_strip(rng, img)
            hide = ["hidden_high", "hidden_high", "hidden_low"]
    bits = int(rng.choice([12, 12, 14, 16, 10]))
    pixels, window, limits = dose(rng, img, bits)
    mono = "MONOCHROME1" if rng.random() < (.15 if modality == "MG" else .4) else "MONOCHROME2"
    return Picture(modality, make.__name__, pixels, window, limits, bits, photometric=mono, hide=hide, clutter=names)


def ct(rng, free):
    n = int(rng.choice([512, 512, 512, 512, 256, 768]))
    c, width = pick(rng, phantoms_section.CT_WINDOWS)
    units = (phantoms_section.ct(rng, n, n) - (c - width / 2)) / width
    names = clutter.some(rng, units, clutter.SECTION, 3 if free else 1)
    hu = units * width + c - width / 2
    signed = rng.random() < .5
    shift = 0 if signed else -1024
    pixels = np.clip(hu - shift, -1024 - shift, 3071 - shift).astype(np.float32)
    padding = None
    if rng.random() < .45:
        padding = -2000 if signed else 63536 if rng.random() < .3 else None
    if padding is not None:
        yy, xx = np.mgrid[0:n, 0:n]
        pixels[np.hypot(yy - n / 2, xx - n / 2) > n * .5] = padding
    low = c - width / 2 - shift
    limits = (-1024 - shift, 3071 - shift) if padding is None else (min(-1024 - shift, padding), max(3071 - shift, padding))
    hide = ["hidden_low"] if rng.random() < .4 and c - width / 2 > -900 else []
    return Picture("CT", "ct", pixels, (low, low + width), limits, 16 if padding else 12 + 4 * signed, signed, shift,
                   padding=padding, hide=hide, clutter=names, says_window=bool(hide) or rng.random() < .92)


def mr(rng, free):
    h = int(rng.choice([256, 320, 512, 512, 640]))
    w = h if rng.random() < .7 else int(h * rng.uniform(.7, 1))
    img = phantoms_section.mr(rng, h, w)
    names = clutter.some(rng, img, clutter.SECTION, 2 if free else 1)
    top = int(rng.choice([800, 1500, 4095, 20000]))
    low, high = float(rng.choice([0, 0, .04]) * top), float(rng.uniform(.5, .9) * top)
    pixels = np.clip(low + img * (high - low), 0, top).astype(np.float32)
    return Picture("MR", "mr", pixels, (low, high), (0, top), 16, rng.random() < .4, clutter=names, says_window=rng.random() < .85,
                   hide=["hidden_low"] if low and rng.random() < .7 else [])


def xa(rng, free):
    n, bits = int(rng.choice([512, 512, 1024, 1024, 768])), int(rng.choice([8, 8, 10, 12]))
    make = phantoms.vessels if rng.random() < .8 else phantoms.pattern if free else phantoms.chest
    img = make(rng, n, n)
    names = clutter.some(rng, img, [clutter.catheter, clutter.ecg, clutter.ruler, clutter.grid, clutter.wires, clutter.collimator], 3)
    pixels, window, limits = dose(rng, img, bits)
    hide = ["hidden_low"] if bits > 8 and rng.random() < .3 else []
    return Picture(pick(rng, ["XA", "XA", "RF"]), make.__name__, pixels, window, limits, bits, hide=hide, clutter=names, says_window=bool(hide) or rng.random() < .7)


def nm(rng, free):
    h, w = (int(rng.choice([128, 256, 192])),) * 2 if rng.random() < .7 else (256, 128)
    img = phantoms_section.nuclear(rng, h, w)
    if rng.random() < .25:
        img = np.clip(1 - img, 0, 1)
    names = clutter.some(rng, img, [clutter.wedge, clutter.ruler], 1)
    pet = rng.random() < .5
    top = 32767 if pet else int(rng.choice([255, 1023, 4095]))
    high = top * rng.uniform(.4, .9)
    pixels = np.clip(img * high, 0, top).astype(np.float32)
    return Picture("PT" if pet else "NM", "nuclear", pixels, (0.0, float(round(high))), (0, top), 16, pet, slope=.7 if pet else 1,
                   photometric="MONOCHROME1" if pet and rng.random() < .4 else "MONOCHROME2", clutter=names)


def screen(rng, modality, make, kind, sizes):
    """Ultrasound, captures and photographs: 8 bits, colour, palette or grey."""
    h, w = pick(rng, sizes)
    img = make(rng, h, w)
    names = clutter.some(rng, img, clutter.SCREEN, 2)
    if kind == "grey" and img.ndim == 3:
        img = img @ np.array([.299, .587, .114], np.float32)
    elif kind != "grey" and img.ndim == 2:
        img = np.repeat(img[..., None], 3, 2)
    jpeg = int(rng.integers(70, 96)) if kind != "palette" and rng.random() < .45 else 0
    photometric = {"grey": "MONOCHROME2", "palette": "PALETTE COLOR"}.get(kind, "RGB")
    return Picture(modality, make.__name__, np.ascontiguousarray(img, np.float32), photometric=photometric, clutter=names, jpeg=jpeg, says_window=False)


US_SIZES = [(480, 640), (600, 800), (768, 1024), (576, 768), (708, 1016)]
SC_SIZES = [(768, 1024), (600, 800), (720, 1280), (512, 512), (1024, 1280)]


def us_grey(rng, h, w):
    return phantoms_screen.ultrasound(rng, h, w, False)


def us_colour(rng, h, w):
    return phantoms_screen.ultrasound(rng, h, w, True)


us_grey.__name__, us_colour.__name__ = "ultrasound_grey", "ultrasound_colour"
# (what, images with text, images without)
PLAN = [
    (lambda r, f: radiograph(r, True, f), 96, 44), (lambda r, f: radiograph(r, False, f), 72, 46), (ct, 95, 50), (mr, 70, 40),
    (lambda r, f: screen(r, "US", us_colour, "rgb", US_SIZES), 60, 30), (lambda r, f: screen(r, "US", us_grey, "grey", US_SIZES), 52, 24),
    (lambda r, f: screen(r, "US", us_colour, "palette", US_SIZES), 16, 8), (xa, 60, 32), (nm, 45, 20),
    (lambda r, f: screen(r, "SC", phantoms_screen.capture, "rgb", SC_SIZES), 56, 24), (lambda r, f: screen(r, "SC", phantoms_screen.capture, "palette", SC_SIZES), 12, 6),
    (lambda r, f: screen(r, "SC", phantoms_screen.capture, "grey", SC_SIZES), 12, 6),
    (lambda r, f: screen(r, pick(r, ["ES", "OP"]), phantoms_screen.photograph, "rgb", SC_SIZES), 20, 12),
]


def through_jpeg(rng, pixels, quality):
    raw = io.BytesIO()
    Image.fromarray(np.clip(np.round(pixels), 0, 255).astype(np.uint8)).save(raw, "JPEG", quality=quality, subsampling=int(rng.integers(0, 3)))
    return np.asarray(Image.open(raw)).astype(np.float32)


def finish(rng, picture):
    """Rounds the values as the file will hold them; returns a palette for palette images."""
    if picture.jpeg:
        picture.pixels = through_jpeg(rng, picture.pixels, picture.jpeg)
    picture.pixels = np.round(picture.pixels)
    if picture.photometric != "PALETTE COLOR":
        return None, None
    im = Image.fromarray(np.clip(picture.pixels, 0, 255).astype(np.uint8)).quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    table = np.zeros((256, 3), np.uint8)
    used = np.asarray(im.getpalette(), np.uint8).reshape(-1, 3)
    table[: len(used)] = used
    index = np.asarray(im)
    picture.pixels = table[index].astype(np.float32)
    return index, table


def one(seed, number, make, free, out):
    rng = np.random.default_rng([seed, number])
    cv2.setRNGSeed(number)
    picture = make(rng, free)
    if picture.pixels.ndim == 2 and not picture.says_window:
        known = picture.pixels if picture.padding is None else picture.pixels[picture.pixels != picture.padding]
        picture.window = (float(known.min()), max(float(known.max()), float(known.min()) + 1)) if picture.bits > 8 else (0.0, 255.0)
    limits = picture.limits
    if picture.padding is not None:
        limits = (picture.limits[0] if rng.random() < .4 and picture.padding < 0 else -1024 - picture.intercept, 3071 - picture.intercept)
        limits = (min(limits), max(limits))
    sheet = Sheet(rng, picture.pixels, picture.window, limits, picture.padding)
    if not free:
        layout.write(sheet, picture.hide)
        if not sheet.rows:
            layout.write(sheet, [])
    picture.pixels = sheet.pixels
    index, table = finish(rng, picture)
    sheet.pixels = picture.pixels
    if picture.pixels.ndim == 2 and not picture.says_window:
        sheet.window = None
    lines = sheet.truth()
    stem = f"{number:04}"
    seen = write_dicom(rng, out / "dicom" / f"{stem}.dcm", picture, seed, number, lines, index, table)
    Image.fromarray(views.picture(seen)).save(out / "png" / f"{stem}.png", compress_level=1)
    if lines:
        Image.fromarray(sheet.labels).save(out / "mask" / f"{stem}.png", compress_level=3)
    h, w = picture.pixels.shape[:2]
    return {"file": f"dicom/{stem}.dcm", "png": f"png/{stem}.png", "mask": f"mask/{stem}.png" if lines else None, "has_text": bool(lines),
            "modality": picture.modality, "recipe": picture.recipe, "photometric": picture.photometric, "rows": h, "columns": w, "bits": picture.bits,
            "signed": bool(picture.signed), "padding": picture.padding, "window": None if sheet.window is None else list(picture.window),
            "jpeg": picture.jpeg, "clutter": picture.clutter, "lines": lines}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out", type=Path)
    ap.add_argument("--scale", type=float, default=1.0, help="share of the full set to make")
    ap.add_argument("--seed", type=int, default=50021)
    args = ap.parse_args()
    if fonts.missing():
        raise SystemExit("missing fonts (see packages.txt): " + ", ".join(fonts.missing()))
    for folder in ("dicom", "mask", "png"):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    start, jobs = time.time(), []
    for make, text, free in PLAN:
        jobs += [(make, False)] * max(1, round(text * args.scale)) + [(make, True)] * max(1, round(free * args.scale))
    total = 0
    with open(args.out / "truth.jsonl", "w") as truth:
        for number, (make, free) in enumerate(jobs):
            row = one(args.seed, number, make, free, args.out)
            if not free and not row["lines"]:
                print(f"no line could be placed on {row['file']}")
            total += len(row["lines"])
            truth.write(json.dumps(row, ensure_ascii=False, default=float) + "\n")
    print(f"{len(jobs)} images, {total} lines, {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
