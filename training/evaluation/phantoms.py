"""Radiographic phantoms: chest, limb, breast, vessels, test patterns.

All return float32 in window units (0..1 is what the header window shows).
Nothing here is made from a patient's image.
"""

import cv2
import numpy as np

from paint import blur, curve, ellipse, fill, fractal, grain, lines, put, soft


def at_scale(h, w, most=900):
    """Size in which the smooth parts are made; they are enlarged afterwards."""
    f = min(1.0, most / max(h, w))
    return max(32, int(h * f)), max(32, int(w * f)), f


def up(img, h, w):
    return img if img.shape == (h, w) else cv2.resize(img, (w, h), interpolation=cv2.INTER_CUBIC)


def chest(rng, h, w):
    sh, sw, f = at_scale(h, w)
    cx, img = sw * rng.uniform(.47, .53), np.full((sh, sw), rng.uniform(-.15, .05), np.float32)
    put(img, ellipse(sh, sw, cx, sh * .62, sw * .47, sh * .6, 0, sw * .01), .62)
    put(img, fill(sh, sw, [(cx - sw * .08, 0), (cx + sw * .08, 0), (cx + sw * .45, sh * .2), (cx - sw * .45, sh * .2)], sw * .02), .6, .9)
    for side in (-1, 1):
        lung = ellipse(sh, sw, cx + side * sw * .21, sh * .45, sw * .14, sh * .3, side * 6, sw * .012)
        put(img, lung, .2 + .05 * rng.random(), .9)
    put(img, ellipse(sh, sw, cx + sw * .06, sh * .58, sw * .14, sh * .15, 30, sw * .012), .72, .85)
    put(img, fill(sh, sw, [(0, sh), (0, sh * .85), (cx, sh * .74), (sw, sh * .85), (sw, sh)], sw * .02), .8, .9)
    spine = lines(sh, sw, [[(cx, 0), (cx, sh)]], sw * .06, sw * .006)
    put(img, spine, .85, .45)
    for i in range(14):
        y = sh * (.02 + i * .075)
        put(img, lines(sh, sw, [[(cx - sw * .035, y), (cx + sw * .035, y)]], 2, 1), 1.0, .18)
    ribs, thin = [], max(2, sw * .016)
    for side in (-1, 1):
        for i in range(10):
            t = np.linspace(0, 1, 30)
            y0 = sh * (.12 + i * .065)
            ribs.append(np.stack([cx + side * sw * (.03 + .33 * np.sin(t * 1.75)), y0 + sh * (-.05 * np.sin(t * 3.0) + .16 * t ** 2)], 1))
    wide, core = lines(sh, sw, ribs, thin * 1.7, 1), lines(sh, sw, ribs, thin * 1.1, 1)
    img += .1 * wide + .07 * np.clip(wide - core, 0, 1)
    for side in (-1, 1):
        img += .14 * lines(sh, sw, [curve(rng, (cx + side * sw * .03, sh * .15), (cx + side * sw * .38, sh * .08), sh * .02)], thin * 1.6, 1.2)
    img += .035 * fractal(rng, sh, sw, 60, 4)
    img = up(img, h, w)
    return img + rng.uniform(.006, .03) * grain(rng, h, w, rng.uniform(.5, 1.0))


def bone(rng, img, a, b, wide):
    """One long bone with cortex, marrow with trabeculae and wide ends."""
    h, w = img.shape
    t = np.linspace(0, 1, 40)
    path = curve(rng, a, b, wide * .25, 40)
    radius = wide * (.5 + .35 * (np.abs(2 * t - 1) ** 4))
    outer = np.zeros((h, w), np.uint8)
    inner = outer.copy()
    for (x, y), r in zip(path, radius):
        cv2.circle(outer, (int(x), int(y)), max(1, int(r)), 255, -1, cv2.LINE_AA)
        cv2.circle(inner, (int(x), int(y)), max(1, int(r * .72)), 255, -1, cv2.LINE_AA)
    out, marrow = blur(outer, wide * .03), blur(inner, wide * .06)
    put(img, out, .8, .75)
    put(img, marrow, .6, .5)
    turn = fractal(rng, h, w, 14, 2, .8) * .6 + soft(rng, h, w, 4, 4) * .5
    img += .05 * turn * marrow


def limb(rng, h, w):
    sh, sw, f = at_scale(h, w)
    img = np.full((sh, sw), rng.uniform(-.1, .04), np.float32)
    kind, s = rng.integers(3), min(sh, sw)
    if kind == 0:
        palm = np.array([sw * .5, sh * .75])
        put(img, ellipse(sh, sw, palm[0], palm[1], sw * .22, sh * .2, 0, 6), .3)
        for i in range(5):
            a = np.deg2rad(-155 + i * 32 + rng.normal(0, 4))
            d, at, long = np.array([np.cos(a), np.sin(a)]), palm + 0, s * .2
            at = at + d * s * .1
            put(img, lines(sh, sw, [[at, at + d * long * 2.6]], s * .085, 3), .28, .9)
            for part in (1.0, .62, .45, .3):
                bone(rng, img, at, at + d * long * part, s * .04)
                at = at + d * long * (part + .08)
    elif kind == 1:
        put(img, lines(sh, sw, [[(sw * .5, 0), (sw * .52, sh)]], s * .42, 8), .33)
        bone(rng, img, (sw * .5, -sh * .1), (sw * .51, sh * .48), s * .17)
        bone(rng, img, (sw * .5, sh * .53), (sw * .5, sh * 1.1), s * .15)
        bone(rng, img, (sw * .64, sh * .58), (sw * .63, sh * 1.1), s * .06)
    else:
        put(img, ellipse(sh, sw, sw * .5, sh * .5, sw * .47, sh * .42, 0, 8), .45)
        for side in (-1, 1):
            put(img, ellipse(sh, sw, sw * (.5 + side * .2), sh * .4, sw * .15, sh * .2, side * 25, 3), .7, .7)
            put(img, ellipse(sh, sw, sw * (.5 + side * .13), sh * .58, sw * .06, sh * .06, 0, 3), .4, .7)
            bone(rng, img, (sw * (.5 + side * .3), sh * .55), (sw * (.5 + side * .33), sh * 1.1), s * .1)
        bone(rng, img, (sw * .5, -5), (sw * .5, sh * .45), s * .1)
    img += .02 * fractal(rng, sh, sw, 80, 6)
    img = up(img, h, w)
    return img + rng.uniform(.006, .025) * grain(rng, h, w, rng.uniform(.4, .9))


def breast(rng, h, w):
    sh, sw, f = at_scale(h, w)
    left = rng.random() < .5
    body = ellipse(sh, sw, 0, sh * rng.uniform(.48, .55), sw * rng.uniform(.6, .85), sh * rng.uniform(.36, .45), 0, sw * .008)
    tissue = fractal(rng, sh, sw, 200, 4, .68)
    dense = ellipse(sh, sw, sw * .25, sh * .5, sw * .35, sh * .28, 0, sw * .06)
    img = body * (.33 + .1 * tissue + .25 * dense * (1 + .4 * tissue))
    put(img, fill(sh, sw, [(0, 0), (sw * rng.uniform(.2, .4), 0), (0, sh * rng.uniform(.4, .6))], 5) * body, .8, .8)
    img += body * .12 * lines(sh, sw, [curve(rng, (0, sh * rng.random()), (sw * .7, sh * .5), sw * .06) for _ in range(14)], 1, .7)
    img = img + (1 - body) * rng.uniform(-.15, -.02)
    if rng.random() < .4:
        put(img, lines(sh, sw, [[(sw * .93, 0), (sw * .93, sh)]], 2, .5), .3)
    img = up(img.astype(np.float32), h, w)
    for _ in range(int(rng.integers(0, 50))):
        cv2.circle(img, (int(rng.uniform(.1, .5) * w), int(rng.uniform(.3, .7) * h)), int(rng.integers(1, 3)), float(rng.uniform(.9, 1.2)), -1)
    img = img + .012 * grain(rng, h, w, .6)
    return img if left else img[:, ::-1].copy()


def vessels(rng, h, w):
    """Angiogram: a branching tree, subtracted or not."""
    img = .55 + .08 * fractal(rng, h, w, 160, 10)
    if rng.random() < .6:
        back = chest if rng.random() < .5 else limb
        img = .35 + .5 * np.clip(back(rng, h, w), 0, 1)
    sign = -1 if rng.random() < .75 else 1

    def branch(p, a, wide, depth):
        q = p + np.array([np.cos(a), np.sin(a)]) * min(h, w) * rng.uniform(.1, .24)
        mask = lines(h, w, [curve(rng, p, q, min(h, w) * .02, 24)], wide, max(.6, wide * .2))
        np.copyto(img, img + sign * .3 * mask)
        if depth:
            for turn in (rng.uniform(.2, .7), -rng.uniform(.2, .7)):
                branch(q, a + turn, max(1, wide * .68), depth - 1)

    for _ in range(int(rng.integers(1, 3))):
        branch(np.array([w * rng.uniform(.2, .8), h * rng.uniform(0, .2)]), rng.uniform(.9, 2.2), min(h, w) * rng.uniform(.01, .025), 4)
    img += rng.uniform(.01, .04) * grain(rng, h, w, .7)
    if rng.random() < .6:
        r = min(h, w) * rng.uniform(.46, .52)
        put(img, 1 - ellipse(h, w, w / 2, h / 2, r, r, 0, .8), rng.uniform(-.25, -.05))
    return img.astype(np.float32)


def pattern(rng, h, w):
    """Quality-control patterns without letters: steps, bars, discs, noise, stripes."""
    kind = rng.integers(6)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    if kind == 0:
        img = np.floor(xx / w * 12) / 11 + 0 * yy
    elif kind == 1:
        img = grain(rng, h, w, rng.choice([0, .6, 1.5])) * .2 + .5
    elif kind == 2:
        cell = float(rng.choice([2, 4, 8, 16, 32, 64]))
        img = ((yy // cell + xx // cell) % 2).astype(np.float32)
    elif kind == 3:
        img = .5 + .5 * np.sin(2 * np.pi * np.hypot(xx - w / 2, yy - h / 2) ** 2 / (min(h, w) * rng.uniform(6, 40)))
    elif kind == 4:
        img = .1 + 0 * xx
        for i in range(8):
            s, x, y = min(h, w) // 9, int(w * (.05 + .9 * (i % 4) / 4)), int(h * (.15 + .45 * (i // 4)))
            cell = i + 1
            img[y:y + s, x:x + s] = ((xx[y:y + s, x:x + s] // cell) % 2) * .9
            img[y + s + 8:y + 2 * s, x:x + s] = ((yy[y + s + 8:y + 2 * s, x:x + s] // cell) % 2) * .9
    else:
        img = .5 + .4 * np.sin(xx / rng.uniform(2, 20) + yy / rng.uniform(5, 60))
        for _ in range(30):
            cv2.circle(img, (int(rng.uniform(0, w)), int(rng.uniform(0, h))), int(rng.uniform(2, 20)), float(rng.random()), -1)
    return (img + rng.choice([0, .01, .03]) * grain(rng, h, w)).astype(np.float32)
