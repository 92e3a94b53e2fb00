"""Sectional phantoms: CT in Hounsfield units, MR, nuclear medicine and PET."""

import cv2
import numpy as np

from paint import curve, ellipse, fractal, grain, lines, put

CT_WINDOWS = [(40, 400), (40, 350), (-600, 1500), (400, 1800), (50, 150), (35, 80), (60, 500)]


def ct(rng, h, w):
    """Axial slice in HU, with table, streaks and noise."""
    img = np.full((h, w), -1000, np.float32)
    cx, cy = w * rng.uniform(.46, .54), h * rng.uniform(.44, .52)
    rx, ry = w * rng.uniform(.32, .43), h * rng.uniform(.24, .34)
    if rng.random() < .25:
        head(rng, img, cx, cy, min(rx, ry))
    else:
        trunk(rng, img, cx, cy, rx, ry)
    t = np.linspace(-1, 1, 50)
    for k in range(int(rng.integers(1, 3))):
        y = cy + ry * 1.08 + k * h * .02 + t ** 2 * -h * .04
        put(img, lines(h, w, [np.stack([cx + t * w * .34, y], 1)], 2, .5), rng.uniform(-650, -100))
    if rng.random() < .3:
        metal(rng, img, cx + rng.normal(0, rx * .3), cy + rng.normal(0, ry * .3))
    return img + rng.uniform(6, 28) * grain(rng, h, w, rng.uniform(.5, 1.1))


def trunk(rng, img, cx, cy, rx, ry):
    h, w = img.shape
    put(img, ellipse(h, w, cx, cy, rx, ry, 0, 1), -100)
    put(img, ellipse(h, w, cx, cy, rx * .9, ry * .86, 0, 1.5), 50)
    if rng.random() < .5:
        for side in (-1, 1):
            put(img, ellipse(h, w, cx + side * rx * .45, cy - ry * .05, rx * .34, ry * .62, side * 8, 1.5), -840)
            tree = [curve(rng, (cx + side * rx * .15, cy), (cx + side * rx * rng.uniform(.3, .75), cy + ry * rng.uniform(-.5, .5)), 8) for _ in range(16)]
            put(img, lines(h, w, tree, 2, .8), -100, .8)
        put(img, ellipse(h, w, cx, cy - ry * .1, rx * .2, ry * .36, 20, 2), rng.uniform(40, 250))
    else:
        put(img, ellipse(h, w, cx - rx * .42, cy - ry * .15, rx * .4, ry * .55, 10, 2), rng.uniform(50, 120))
        for _ in range(9):
            put(img, ellipse(h, w, cx + rng.normal(0, rx * .35), cy + rng.normal(0, ry * .3), rx * rng.uniform(.05, .16), ry * rng.uniform(.05, .18), rng.uniform(0, 90), 1.2), rng.choice([-90, 20, 40, 130, 220, -900]))
    put(img, ellipse(h, w, cx, cy + ry * .5, rx * .12, ry * .16, 0, 1.2), rng.uniform(350, 800))
    put(img, ellipse(h, w, cx, cy + ry * .58, rx * .045, ry * .06, 0, 1), 30)
    for a in np.linspace(0, 2 * np.pi, 18)[:-1]:
        put(img, ellipse(h, w, cx + rx * .84 * np.cos(a), cy + ry * .8 * np.sin(a), rx * .05, ry * .025, np.rad2deg(a) + 90, .8), rng.uniform(400, 900))
    inner = ellipse(h, w, cx, cy, rx * .9, ry * .86, 0, 2)
    img += inner * 12 * fractal(np.random.default_rng(int(rng.integers(1 << 30))), h, w, 40, 4)


def head(rng, img, cx, cy, r):
    h, w = img.shape
    put(img, ellipse(h, w, cx, cy, r * .9, r * 1.1, 0, 1), 40)
    put(img, ellipse(h, w, cx, cy, r * .85, r * 1.05, 0, .8), rng.uniform(900, 1600))
    put(img, ellipse(h, w, cx, cy, r * .77, r * .97, 0, .8), 32)
    img += 4 * fractal(rng, h, w, 40, 5) * ellipse(h, w, cx, cy, r * .77, r * .97, 0, 1)
    for side in (-1, 1):
        put(img, ellipse(h, w, cx + side * r * .14, cy - r * .1, r * .07, r * .3, side * 14, 1.5), 8)


def metal(rng, img, x, y):
    """A dense object with star-like streaks."""
    h, w = img.shape
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    a, d = np.arctan2(yy - y, xx - x), np.hypot(yy - y, xx - x) + 4
    star = sum(np.cos(a * k + rng.uniform(0, 6)) for k in (6, 10, 14, 22))
    img += star * 2600 / d
    put(img, ellipse(h, w, x, y, rng.uniform(3, 12), rng.uniform(3, 12), 0, .6), 3000)


def mr(rng, h, w):
    """Head or knee in window units, with bias, ghosts, wrap and Rician noise."""
    img, cx, cy = np.zeros((h, w), np.float32), w * .5, h * .5
    if rng.random() < .6:
        r = min(h, w) * rng.uniform(.33, .44)
        tones = rng.uniform(.25, .95, 5)
        put(img, ellipse(h, w, cx, cy, r * .9, r * 1.08, 0, 1), tones[0])
        put(img, ellipse(h, w, cx, cy, r * .84, r * 1.02, 0, 1), .06)
        brain = ellipse(h, w, cx, cy, r * .77, r * .95, 0, 1)
        put(img, brain, tones[1])
        fold = np.clip(fractal(rng, h, w, r * .22, 4, .5), -1.2, 1.2)
        put(img, brain * (fold > .2), tones[2], .8)
        for side in (-1, 1):
            put(img, ellipse(h, w, cx + side * r * .13, cy - r * .05, r * .08, r * .3, side * 16, 1.2), tones[3])
    else:
        put(img, lines(h, w, [[(cx, 0), (cx, h)]], w * .55, 3), .25)
        put(img, lines(h, w, [[(cx, -5), (cx, h * .44)]], w * .34, 2), .75, .9)
        put(img, lines(h, w, [[(cx, h * .56), (cx, h + 5)]], w * .32, 2), .7, .9)
        put(img, lines(h, w, [curve(rng, (cx - w * .2, h * .3), (cx + w * .2, h * .7), 10) for _ in range(3)], 4, 1), .05)
        img *= 1 + .12 * fractal(rng, h, w, 40, 3)
    img *= 1 + .25 * fractal(rng, h, w, max(h, w), max(h, w) / 2)
    if rng.random() < .35:
        img = img + rng.uniform(.2, .5) * np.roll(img, h // 2, 0)
    if rng.random() < .3:
        img = img + .15 * np.roll(img, int(w * .22), 1) + .12 * np.roll(img, -int(w * .22), 1)
    s = rng.uniform(.01, .05)
    return np.hypot(img + s * grain(rng, h, w), s * grain(rng, h, w)).astype(np.float32)


def nuclear(rng, h, w):
    """Scintigram or PET slice: blobs under Poisson noise, in window units."""
    img = np.zeros((h, w), np.float32)
    if rng.random() < .5:
        for _ in range(int(rng.integers(3, 12))):
            put(img, ellipse(h, w, w * rng.uniform(.25, .75), h * rng.uniform(.2, .8), w * rng.uniform(.02, .16), h * rng.uniform(.02, .16), rng.uniform(0, 180), w * .02), rng.uniform(.2, 1.3))
    else:
        for cx in ((w * .28, w * .72) if w >= h else (w * .5,)):
            put(img, lines(h, w, [[(cx, h * .1), (cx, h * .55)]], w * .13, w * .02), .35)
            for side in (-1, 1):
                put(img, lines(h, w, [[(cx + side * w * .04, h * .55), (cx + side * w * .06, h * .97)]], w * .06, w * .015), .3)
                put(img, lines(h, w, [[(cx + side * w * .07, h * .2), (cx + side * w * .12, h * .55)]], w * .03, w * .01), .22)
            put(img, lines(h, w, [[(cx, h * .12), (cx, h * .5)]], max(1, w * .02), w * .008), .9, .7)
            put(img, ellipse(h, w, cx, h * .07, w * .05, h * .05, 0, w * .01), .5)
    counts = rng.uniform(12, 150)
    return (rng.poisson(np.clip(img, 0, 4) * counts + .3) / counts).astype(np.float32)
