"""Lines of text as masks: how much of each pixel is ink, and which pixels belong to the line."""

import cv2
import numpy as np
from PIL import Image, ImageDraw

import fonts
import words

MOST = 640


class Style:
    """One font at one size; several lines share it."""

    def __init__(self, rng):
        kind = rng.random()
        self.height = float(np.exp(rng.uniform(np.log(6), np.log(80))))
        if rng.random() < 0.45:
            self.height = float(rng.uniform(6, 18))
        self.script = None
        self.scale = 1
        if kind < 0.2:
            self.form, self.path = "console", choose(rng, "console", fonts.CONSOLE)
        elif kind < 0.34:
            self.form, self.path = "x", choose(rng, "x", fonts.X_BITMAPS)
        elif kind < 0.74:
            self.form, self.path = "scalable", choose(rng, "latin", fonts.LATIN)
        elif kind < 0.82:
            self.form, self.path = "scalable", choose(rng, "hand", fonts.HAND)
        else:
            self.script = str(rng.choice(list(fonts.SCRIPTS)))
            self.form, self.path = "scalable", choose(rng, self.script, fonts.SCRIPTS[self.script])
        if self.form != "scalable":
            self.scale = int(rng.choice([1, 1, 1, 2, 3]))
        self.smooth = rng.random() < 0.7
        self.spacing = float(rng.uniform(1.1, 1.9))

    def content(self, rng):
        if self.script is None or rng.random() < 0.15:
            return words.line(rng)
        ranges = fonts.LETTERS[self.script]
        letters = []
        for _ in range(int(rng.integers(1, 4))):
            for _ in range(int(rng.integers(1, 9))):
                low, high = ranges[int(rng.integers(len(ranges)))]
                letters.append(chr(int(rng.integers(low, high + 1))))
            letters.append(" ")
        return "".join(letters).strip()

    def line(self, rng):
        """Ink of one line, 0..1, cut to where there is ink; None when the font has none of its glyphs."""
        content = self.content(rng)
        if self.form == "console":
            glyphs = fonts.console(self.path)
            codes = [ord(c) - 32 for c in content if 32 <= ord(c) < 127]
            ink = np.hstack([glyphs[c] for c in codes]).astype(np.float32) if codes else None
        else:
            font = fonts.x_bitmap(self.path) if self.form == "x" else fonts.scalable(self.path, max(6, round(self.height * 1.35)))
            ink = drawn(font, content, self.smooth and self.form == "scalable") if font else None
        if ink is None:
            return None
        if self.scale > 1:
            ink = np.kron(ink, np.ones((self.scale, self.scale), np.float32))
        rows, columns = np.where(ink.max(1) > 0.2)[0], np.where(ink.max(0) > 0.2)[0]
        if len(rows) == 0:
            return None
        return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1][:, :MOST]


_FILES = {}


def choose(rng, key, patterns):
    if key not in _FILES:
        _FILES[key] = fonts.files(patterns)
        if not _FILES[key]:
            raise SystemExit(f"no fonts found for {key}: install the packages that README.md lists")
    return _FILES[key][int(rng.integers(len(_FILES[key])))]


def drawn(font, content, smooth):
    try:
        box = font.getbbox(content)
    except (OSError, ValueError):
        return None
    width, height = min(box[2] + 4, MOST * 2), box[3] + 4
    if width <= 4 or height <= 4:
        return None
    image = Image.new("L", (int(width), int(height)))
    draw = ImageDraw.Draw(image)
    draw.fontmode = "L" if smooth else "1"
    draw.text((1, 1), content, fill=255, font=font)
    return np.asarray(image, np.float32) / 255


def turned(ink, degrees):
    """The line turned, with the area that it takes: both as large as they need to be."""
    area = np.ones(ink.shape, np.float32)
    if degrees % 90 == 0:
        turns = int(degrees // 90) % 4
        return np.rot90(ink, turns), np.rot90(area, turns)
    height, width = ink.shape
    spin = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    cos, sin = abs(spin[0, 0]), abs(spin[0, 1])
    w, h = int(height * sin + width * cos) + 2, int(height * cos + width * sin) + 2
    spin[0, 2] += (w - width) / 2
    spin[1, 2] += (h - height) / 2
    return cv2.warpAffine(ink, spin, (w, h)), cv2.warpAffine(area, spin, (w, h))
