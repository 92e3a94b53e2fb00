"""Draws lines of text onto an image and keeps the truth about each of them.

Values are stored values. A line counts only when it can be seen: in at least one
view its glyphs differ from their surroundings by 8 % of the range shown, and by
1.5 times the deviation of those surroundings. A line that cannot be seen is not
drawn at all.
"""

import cv2
import numpy as np

import content
import fonts
from views import ranges

SMALLEST = {"han": 10, "kana": 10, "hangul": 10, "arabic": 9, "thai": 8, "devanagari": 9, "cyrillic": 6, "latin": 6}
COLOURS = [(255, 255, 0), (0, 255, 0), (255, 60, 60), (0, 220, 255), (255, 160, 0), (255, 120, 255), (120, 170, 255), (150, 255, 150), (60, 60, 255), (200, 0, 0)]
GREY_STYLES = ["max"] * 9 + ["min"] * 4 + ["beyond"] * 3 + ["bright"] * 3 + ["outlined"] * 4 + ["shadowed"] * 3 + ["boxed"] * 3 + ["semi"] * 4 + ["low"] * 8 + ["hand"] * 2
COLOUR_STYLES = ["max"] * 6 + ["min"] * 2 + ["coloured"] * 8 + ["iso"] * 5 + ["outlined"] * 3 + ["shadowed"] * 3 + ["boxed"] * 3 + ["semi"] * 3 + ["low"] * 4 + ["hand"] * 1


def glyphs(rng, text, script, cap, hand, mono):
    """Coverage 0..255 of a line, the font's name and kind, and the true height of its capitals."""
    if script == "latin" and not hand:
        kind = rng.random()
        if kind < .22:
            path = content.pick(rng, [p for p in fonts.PIXEL if fonts.bitmap_cap(p) <= max(cap, 7) * 1.25] or [fonts.PIXEL[0]])
            scale = max(1, round(cap / fonts.bitmap_cap(path)))
            return fonts.bitmap(path, text, scale), path, "bitmap", scale * fonts.bitmap_cap(path)
        if kind < .27:
            scale = max(1, round(cap / 7))
            return fonts.dots(text, scale), "drawn/dots", "bitmap", 7 * scale
        if kind < .31 and cap >= 8:
            return fonts.plotter(text, cap, rng.uniform(.08, .14) * cap), "drawn/plotter", "stroke", cap
    pool = fonts.HAND if hand else fonts.LATIN if script == "latin" else fonts.SCRIPTS[script]
    path = content.pick(rng, pool)
    px = max(4, round(cap / fonts.per_pixel(path, script)))
    return fonts.outline(path, script, text, cap, mono), path, "hand" if hand else "outline", px * fonts.per_pixel(path, script)


def turned(alpha, angle):
    """The coverage turned counter-clockwise, and the corners of the line in it."""
    h, w = alpha.shape
    corners = np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32)
    if angle % 90 == 0:
        k = int(angle // 90) % 4
        out = np.ascontiguousarray(np.rot90(alpha, k))
        return out, np.array([(0, 0), (out.shape[1], 0), (out.shape[1], out.shape[0]), (0, out.shape[0])], np.float32)
    a = np.deg2rad(angle)
    m = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0]], np.float32)
    moved = corners @ m[:, :2].T
    m[:, 2] = 2 - moved.min(0)
    size = np.ceil(moved.max(0) - moved.min(0)).astype(int) + 4
    out = cv2.warpAffine(alpha, m, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR)
    return out, moved + m[:, 2]


class Sheet:
    """An image being written on."""

    def __init__(self, rng, pixels, window, limits, padding=None):
        self.rng, self.pixels, self.window, self.limits, self.padding = rng, pixels, window, limits, padding
        self.h, self.w = pixels.shape[:2]
        self.colour = pixels.ndim == 3
        self.taken = np.zeros((self.h, self.w), bool)
        self.labels = np.zeros((self.h, self.w), np.uint8)
        self.rows = []
        self.ranges = None if self.colour else ranges(pixels, window, padding)

    def refresh(self):
        self.ranges = None if self.colour else ranges(self.pixels, self.window, self.padding)

    def measure(self, patch, ink):
        """Contrast and noise of glyphs against the ring around them, by view."""
        mask = ink.astype(np.uint8)
        near, far = cv2.dilate(mask, np.ones((3, 3), np.uint8)), cv2.dilate(mask, np.ones((7, 7), np.uint8))
        ring = (far > 0) & (near == 0)
        if not ring.any() or not mask.any():
            return None
        g, r, out = patch[ink], patch[ring], {}
        if self.colour:
            weights = np.array([.299, .587, .114], np.float32)
            out["header"] = (abs(np.median(g @ weights) - np.median(r @ weights)) / 255, float((r @ weights).std()) / 255)
            step = np.abs(np.median(g, 0) - np.median(r, 0))
            k = int(np.argmax(step))
            out["colour"] = (float(step[k]) / 255, float(r[:, k].std()) / 255)
            return out
        for view, (low, high) in self.ranges.items():
            gv, rv = (np.clip((v - low) / (high - low), 0, 1) for v in (g, r))
            out[view] = (float(abs(np.median(gv) - np.median(rv))), float(rv.std()))
        return out

    def clear(self, patch, ink, view):
        """Share of the glyphs' pixels that differ from what is around them, so that no part of the line is lost."""
        if self.colour:
            shown = patch / 255 if view == "colour" else (patch @ np.array([.299, .587, .114], np.float32))[..., None] / 255
        else:
            low, high = self.ranges[view]
            shown = np.clip((patch - low) / (high - low), 0, 1)[..., None]
        paper = (~ink).astype(np.float32)
        k = (max(9, min(ink.shape) // 2) // 2 * 2 + 1,) * 2
        weight = cv2.blur(paper, k) + 1e-6
        step = [np.abs(shown[..., i] - cv2.blur(shown[..., i] * paper, k) / weight)[ink] for i in range(shown.shape[2])]
        return float((np.max(step, 0) > .04).mean())

    def plain(self, v):
        """A window share as a value of this image."""
        low, high = self.window
        v = low + v * (high - low)
        return np.array([v, v, v], np.float32) if self.colour else np.float32(v)

    def inked(self, patch, alpha, style, contrast, want):
        """The patch with the line on it, and a note of the value used."""
        rng, a = self.rng, alpha.astype(np.float32) / 255
        low, high = self.window
        level = float(np.median(patch)) if not self.colour else float(np.median(patch @ np.array([.299, .587, .114], np.float32)))
        share = np.clip((level - low) / (high - low), 0, 1)
        dark, light = self.plain(0), self.plain(1)
        far = light if share < .5 else dark
        if style in ("low", "semi_low"):
            sign = 1 if share + contrast <= 1 and (share - contrast < 0 or want > .5) else -1
            value = self.plain(share + sign * contrast)
        elif style == "min":
            value = dark
        elif style == "beyond":
            value = self.plain(1) if self.colour else np.float32(self.limits[1])
        elif style == "bright":
            value = self.plain(.7 + .3 * want)
        elif style == "coloured":
            value = np.array(COLOURS[int(want * len(COLOURS)) % len(COLOURS)], np.float32)
        elif style in ("outlined", "shadowed", "boxed", "semi", "hand"):
            value = (light if want < .65 else dark) if style in ("outlined", "shadowed") else far
        elif style == "hidden_low":
            value = np.float32(self.limits[0] if want < .4 and level - self.limits[0] > .4 * (low - self.limits[0]) else min(low - 1, level + contrast * (low - self.limits[0])))
        elif style == "hidden_high":
            value = np.float32(self.limits[1] if want < .6 else min(self.limits[1], level + contrast * (self.limits[1] - high)))
        elif style == "iso":
            plate, value = self.iso_pair()
            patch = patch.copy()
            patch[2:-2, 2:-2] = plate
        else:
            value = light
        contra = dark if np.mean(value) > np.mean((dark + light) / 2) else light
        spread = a[..., None] if self.colour else a
        out = patch.copy()
        if style == "outlined":
            k = 3 if min(alpha.shape) < 40 else 5
            halo = cv2.dilate(alpha, np.ones((k, k), np.uint8)).astype(np.float32) / 255
            out += (contra - out) * (halo[..., None] if self.colour else halo)
        elif style == "shadowed":
            d = 1 if min(alpha.shape) < 28 else 2
            fall = np.zeros_like(a)
            fall[d:, d:] = a[:-d, :-d]
            out += (contra - out) * (fall[..., None] if self.colour else fall)
        elif style == "boxed":
            out[2:-2, 2:-2] = self.plain(.08 * want if share < .5 else 1 - .1 * want)
        strength = .3 + .5 * want if style == "semi" else 1.0
        out += (value - out) * spread * strength
        return out, [round(float(v), 1) for v in np.atleast_1d(value)]

    def iso_pair(self):
        """Two colours of one luma, far apart in hue."""
        for _ in range(200):
            a, b = self.rng.uniform(0, 255, 3), self.rng.uniform(0, 255, 3)
            b += (a - b) @ np.array([.299, .587, .114])
            if b.min() >= 0 and b.max() <= 255 and np.abs(a - b).max() > 90:
                return a.astype(np.float32), b.astype(np.float32)
        return np.array([180, 60, 60], np.float32), np.array([40, 119, 60], np.float32)

    def line(self, item, script, cap, style, angle, at, contrast=.3, blur=0.0):
        """Draws one line with its box at `at`; false when it does not fit or cannot be seen."""
        kind, text, identifying = item
        alpha, font, fontkind, cap = glyphs(self.rng, text, script, cap, style == "hand", self.rng.random() < .2)
        if alpha is None or len(self.rows) >= 254:
            return None
        alpha, corners = turned(alpha, angle)
        if blur:
            alpha = cv2.GaussianBlur(np.pad(alpha, 3), (0, 0), blur)
            corners = corners + 3
        m = 5
        alpha, corners = np.pad(alpha, m), corners + m
        h, w = alpha.shape
        x, y = at(w - 2 * m, h - 2 * m)
        x, y = int(x) - m, int(y) - m
        if h > self.h or w > self.w:
            return None
        x, y = min(max(x, -m + 1), self.w - w + m - 1), min(max(y, -m + 1), self.h - h + m - 1)
        cx, cy, ex, ey = max(0, x), max(0, y), min(self.w, x + w), min(self.h, y + h)
        alpha = alpha[cy - y:ey - y, cx - x:ex - x]
        corners = corners + np.array([x, y], np.float32)
        core = (slice(cy + 3, ey - 3), slice(cx + 3, ex - 3))
        if self.taken[core].any():
            return None
        where = (slice(cy, ey), slice(cx, ex))
        patch = self.pixels[where]
        if style == "hidden_low" and (patch > self.window[0]).mean() > .03:
            return None
        if style == "hidden_high" and (patch < self.window[1]).mean() > .03:
            return None
        drawn, value = self.inked(patch, alpha, style, contrast, self.rng.random())
        if not self.colour:
            drawn = np.clip(drawn, *self.limits)
        ink = alpha >= 128 if alpha.max() >= 160 else alpha >= alpha.max() * .6
        seen = self.measure(drawn, ink)
        if seen is None or not self.visible(seen, style, drawn, ink):
            return None
        self.pixels[where] = drawn
        self.taken[core] = True
        self.labels[where][ink] = len(self.rows) + 1
        self.rows.append({"id": len(self.rows) + 1, "text": text, "kind": kind, "identifying": identifying, "script": script, "font": font,
                          "font_kind": fontkind, "cap": round(float(cap), 1), "style": style, "rotation": angle, "value": value,
                          "polygon": [[round(float(a), 1), round(float(b), 1)] for a, b in corners], "blurred": bool(blur)})
        return x + m, y + m, w - 2 * m, h - 2 * m

    def visible(self, seen, style, drawn, ink):
        good = [k for k, (c, n) in seen.items() if c >= .08 and c >= 1.5 * n]
        if style.startswith("hidden"):
            good = [k for k in good if k != "header" and seen[k][0] >= .15] if seen["header"][0] < .03 else []
        else:
            good = [k for k in good if k in ("header", "colour")]
        return any(self.clear(drawn, ink, k) >= .9 for k in good)

    def truth(self):
        """The lines as they stand in the finished image; those no longer seen are marked."""
        self.refresh()
        for row in self.rows:
            ys, xs = np.nonzero(self.labels == row["id"]) if self.labels.size < 4e5 else self.near(row)
            x, y, ex, ey = int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1
            row["box"], row["glyph_pixels"] = [x, y, ex - x, ey - y], int(len(xs))
            where = (slice(max(0, y - 4), ey + 4), slice(max(0, x - 4), ex + 4))
            seen = self.measure(self.pixels[where].astype(np.float32), self.labels[where] == row["id"])
            if seen is None:
                row.update(contrast=0, counts=False, hidden=False, view="", contrast_views={}, noise=0)
                continue
            best = max(seen, key=lambda k: seen[k][0])
            hidden = seen["header"][0] < .04 and not self.colour
            main = best if hidden or self.colour else "header"
            row["contrast_views"] = {k: round(c, 3) for k, (c, _) in seen.items()}
            row["contrast"], row["noise"] = round(seen[main][0], 3), round(seen[main][1], 3)
            row["hidden"], row["view"] = bool(hidden), best
            row["counts"] = any(c >= .08 and c >= 1.2 * n for c, n in seen.values())
        return self.rows

    def near(self, row):
        p = np.array(row["polygon"])
        x0, y0 = np.maximum(np.floor(p.min(0)).astype(int) - 6, 0)
        x1, y1 = np.ceil(p.max(0)).astype(int) + 6
        ys, xs = np.nonzero(self.labels[y0:y1, x0:x1] == row["id"])
        return ys + y0, xs + x0
