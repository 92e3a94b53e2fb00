"""Phantoms of what a screen or a camera shows: ultrasound, captures, photographs.

All return float32 0..255, HxW (grey) or HxWx3 (colour); none holds a letter.
"""

import cv2
import numpy as np

from clutter import ecg_path
from paint import curve, ellipse, fill, fractal, grain, lines, paste, put


def ultrasound(rng, h, w, colour):
    """A sector, linear or phased image with depth ticks, wedge and focus mark."""
    scan = np.zeros((h, w), np.float32)
    kind, cx = rng.integers(3), w * rng.uniform(.42, .55)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    top, depth = h * rng.uniform(.06, .14), h * rng.uniform(.74, .88)
    if kind == 0:
        d, r0, half = np.hypot(xx - cx, yy - top + h * .12), h * .12, rng.uniform(.5, .75)
    elif kind == 1:
        d, r0, half = np.hypot(xx - cx, yy - top), 0, rng.uniform(.6, .8)
    if kind < 2:
        a = np.arctan2(xx - cx, yy - top + r0)
        area = (np.abs(a) < half) & (d > r0) & (d < r0 + depth * .95)
    else:
        half = w * rng.uniform(.2, .3)
        area, d, r0 = (np.abs(xx - cx) < half) & (yy > top) & (yy < top + depth), yy - top, 0
    speckle = np.hypot(grain(rng, h, w, 1.0), grain(rng, h, w, 1.0))
    echo = 70 + 28 * fractal(rng, h, w, 120, 12)
    for _ in range(int(rng.integers(1, 5))):
        lesion = ellipse(h, w, cx + rng.normal(0, w * .1), top + depth * rng.uniform(.2, .8), w * rng.uniform(.02, .09), h * rng.uniform(.02, .09), rng.uniform(0, 90), 2)
        put(echo, lesion, rng.choice([8, 15, 150, 40]))
    for _ in range(3):
        put(echo, lines(h, w, [curve(rng, (cx - w * .2, top + depth * rng.random()), (cx + w * .2, top + depth * rng.random()), h * .04)], rng.uniform(2, 6), 1.5), 210, .8)
    scan = np.clip(echo * (.35 + .5 * speckle) * np.exp(-.6 * np.clip(d - r0, 0, None) / depth), 0, 235) * area
    img = np.repeat(scan[..., None], 3, 2) if colour else scan
    white = (lambda v: (v, v, v)) if colour else (lambda v: v)
    if colour and rng.random() < .5:
        doppler(rng, img, area, cx, top, depth)
    x = int(min(w - 12, cx + w * rng.uniform(.3, .42)))
    for i in range(int(rng.integers(8, 25))):
        y = int(top + i * depth / rng.integers(10, 24))
        if y < h - 4:
            cv2.line(img, (x, y), (x + (8 if i % 5 == 0 else 4), y), white(220), 1)
    bar = np.linspace(255, 0, int(h * .3), dtype=np.float32)[:, None] * np.ones((1, int(w * .018) + 3), np.float32)
    paste(img, np.repeat(bar[..., None], 3, 2) if colour else bar, int(w * rng.choice([.02, .95])), int(h * .12))
    tri = np.array([(x - 12, top + depth * .5 - 5), (x - 12, top + depth * .5 + 5), (x - 4, top + depth * .5)])
    put(img, fill(h, w, tri), white(230))
    cv2.circle(img, (int(cx - w * .05), int(top - 12)), 5, white(200), 1)
    if rng.random() < .4:
        path = ecg_path(rng, int(w * .1), int(w * .9), h * .95, h * .05, rng.uniform(50, 140))
        put(img, lines(h, w, [path], 1), (60, 255, 80) if colour else 230)
    if rng.random() < .3:
        img += rng.uniform(6, 30)
    return np.clip(img, 0, 255)


def doppler(rng, img, area, cx, top, depth):
    """A colour box with blotches, and sometimes a spectral trace below."""
    h, w = img.shape[:2]
    x, y = int(cx - w * .08), int(top + depth * .3)
    bw, bh = int(w * .2), int(h * .22)
    flow = fractal(rng, bh, bw, 24, 6)
    box = img[y:y + bh, x:x + bw]
    flow = flow[:box.shape[0], :box.shape[1]]
    hot, cold = (flow > .7)[..., None], (flow < -.7)[..., None]
    box[:] = np.where(hot, (230, 60, 10), np.where(cold, (20, 60, 230), box))
    cv2.rectangle(img, (x, y), (x + bw, y + bh), (60, 230, 60), 1)
    if rng.random() < .4:
        s = int(h * .2)
        t = np.abs(np.sin(np.arange(w) / rng.uniform(20, 60))) ** 3
        band = (np.arange(s)[::-1, None] < t[None] * s * .85) * np.abs(grain(rng, s, w)) * 120
        img[h - s:] = band[..., None]


PANEL = [(24, 26, 30), (40, 44, 52), (236, 236, 236), (255, 255, 255), (212, 208, 200), (10, 10, 10), (0, 40, 70), (246, 241, 228)]


def capture(rng, h, w):
    """A screen capture: panels, image tiles, curves, bars, icons, table rules; no letters."""
    base = np.array(PANEL[rng.integers(len(PANEL))], np.float32)
    img = np.ones((h, w, 3), np.float32) * base
    line = (200, 200, 200) if base.mean() < 120 else (90, 90, 90)
    cols, rows = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    bar = int(h * rng.choice([0, .04, .06]))
    if bar:
        img[:bar] = np.clip(base * .7 + 20, 0, 255)
        for i in range(int(rng.integers(2, 9))):
            icon(rng, img, 6 + i * (bar + 4), 3, bar - 6)
    for r in range(rows):
        for c in range(cols):
            x0, x1 = int(w * c / cols) + 4, int(w * (c + 1) / cols) - 4
            y0, y1 = bar + int((h - bar) * r / rows) + 4, bar + int((h - bar) * (r + 1) / rows) - 4
            tile(rng, img[y0:y1, x0:x1], line)
            if rng.random() < .6:
                cv2.rectangle(img, (x0, y0), (x1, y1), line, 1)
    return np.clip(img, 0, 255)


def icon(rng, img, x, y, s):
    if s < 6:
        return
    colour = tuple(float(v) for v in rng.uniform(60, 255, 3))
    kind = rng.integers(4)
    if kind == 0:
        cv2.rectangle(img, (x, y), (x + s, y + s), colour, 1)
        cv2.line(img, (x + 3, y + s // 2), (x + s - 3, y + s // 2), colour, 1)
    elif kind == 1:
        cv2.circle(img, (x + s // 2, y + s // 2), s // 2, colour, 1)
        cv2.line(img, (x + s // 2, y + s // 2), (x + s // 2, y + 3), colour, 1)
    elif kind == 2:
        cv2.rectangle(img, (x, y), (x + s, y + s), colour, -1)
    else:
        cv2.polylines(img, [np.array([(x, y + s), (x + s // 2, y), (x + s, y + s)], np.int32)], True, colour, 1)


def tile(rng, view, line):
    h, w = view.shape[:2]
    if h < 30 or w < 30:
        return
    kind = rng.integers(6)
    if kind == 0:
        grey = np.clip(.5 + .25 * fractal(rng, h, w, max(20, min(h, w) / 3), 6), 0, 1) * ellipse(h, w, w / 2, h / 2, w * .4, h * .4, 0, 2)
        view[:] = grey[..., None] * 255
    elif kind == 1:
        for i in range(int(rng.integers(1, 4))):
            y = np.cumsum(rng.normal(0, h * .03, w)) + h * .5
            put(view, lines(h, w, [np.stack([np.arange(w), np.clip(y, 3, h - 3)], 1)], rng.choice([1, 2])), rng.uniform(30, 255, 3))
        cv2.line(view, (8, 4), (8, h - 8), line, 1)
        cv2.line(view, (8, h - 8), (w - 4, h - 8), line, 1)
    elif kind == 2:
        n = int(rng.integers(3, 12))
        for i in range(n):
            top = int(h * rng.uniform(.1, .85))
            cv2.rectangle(view, (int(w * (i + .2) / n), top), (int(w * (i + .8) / n), h - 8), tuple(rng.uniform(30, 255, 3)), -1)
    elif kind == 3:
        step = int(rng.integers(14, 40))
        for y in range(step, h, step):
            cv2.line(view, (0, y), (w, y), line, 1)
        for x in range(w // 4, w, max(20, w // 4)):
            cv2.line(view, (x, 0), (x, h), line, 1)
    elif kind == 4:
        body = np.clip(fractal(rng, h, w, min(h, w) / 2, 8), -2, 2) * 30 + 170
        put(view, ellipse(h, w, w / 2, h / 2, w * .35, h * .42, rng.uniform(0, 40), 2), np.stack([body, body * .8, body * .65], 2))
    else:
        paper(rng, view)


def paper(rng, view):
    """An ECG sheet: fine and coarse grid with traces."""
    h, w = view.shape[:2]
    view[:] = (255, 240, 238)
    for step, tone in ((5, (250, 215, 212)), (25, (240, 170, 165))):
        view[::step] = tone
        view[:, ::step] = tone
    for y in np.linspace(.15, .9, int(rng.integers(2, 6))):
        put(view, lines(h, w, [ecg_path(rng, 0, w, h * y, h * .08, rng.uniform(40, 120))], 1), (20, 20, 30))


def photograph(rng, h, w):
    """Eye ground or endoscopy view in colour."""
    img = np.zeros((h, w, 3), np.float32)
    r = min(h, w) * .48
    disc = ellipse(h, w, w / 2, h / 2, r, r, 0, 1.5)
    if rng.random() < .5:
        tone = np.array([190, 80, 35]) * rng.uniform(.7, 1.1)
        base = 1 + .12 * fractal(rng, h, w, 120, 8)
        put(img, disc, base[..., None] * tone)
        ox, oy = w / 2 + r * .4, h / 2
        put(img, ellipse(h, w, ox, oy, r * .11, r * .13, 0, 3), (245, 200, 120))
        for a in np.linspace(0, 6.28, 13)[:-1]:
            end = (ox + np.cos(a) * r * 1.3, oy + np.sin(a) * r * 1.2)
            put(img, lines(h, w, [curve(rng, (ox, oy), end, r * .14)], rng.uniform(1, 5), 1) * disc, tone * .5, .8)
    else:
        base = 1 + .25 * fractal(rng, h, w, 200, 10)
        put(img, disc, base[..., None] * np.array([205, 110, 95]))
        for k in range(5):
            put(img, lines(h, w, [curve(rng, (0, h * rng.random()), (w, h * rng.random()), h * .2)], 10, 6) * disc, (150, 60, 55), .5)
        for _ in range(8):
            put(img, ellipse(h, w, w * rng.uniform(.3, .7), h * rng.uniform(.3, .7), rng.uniform(2, 14), rng.uniform(2, 8), 0, 1), (255, 250, 245))
    img += grain(rng, h, w, .8)[..., None] * 3
    return np.clip(img, 0, 255)
