"""Things that look a little like text and are none: the hard negatives.

Each function draws one kind into a float image in place. Grey images take
window units, colour images 0..255 per channel; `ink(img, v)` maps between.
"""

import cv2
import numpy as np

from paint import curve, ellipse, fill, lines, paste, put


def ink(img, v):
    """A grey value 0..1 in the units of this image."""
    return v if img.ndim == 2 else (255 * v,) * 3


def size(img):
    return img.shape[0], img.shape[1]


def ruler(rng, img):
    """Ticks along a line, long ones in between; no figures."""
    h, w = size(img)
    upright, step = rng.random() < 0.6, float(rng.uniform(4, 24) * max(1, min(h, w) / 800))
    length = (h if upright else w) * rng.uniform(0.4, 0.95)
    at = rng.uniform(0.02, 0.98) * (w if upright else h)
    start = ((h if upright else w) - length) * rng.random()
    short, every = rng.uniform(3, 10) * max(1, min(h, w) / 900), int(rng.choice([5, 10, 4]))
    paths = []
    for i in range(int(length / step)):
        a, tick = start + i * step, short * (2 if i % every == 0 else 1)
        paths.append([(at, a), (at + tick, a)] if upright else [(a, at), (a, at + tick)])
    if rng.random() < 0.6:
        paths.append([(at, start), (at, start + length)] if upright else [(start, at), (start + length, at)])
    put(img, lines(h, w, paths, rng.choice([1, 1, 2])), ink(img, rng.choice([1.0, 1.0, 0.8, 0.0])))


def grid(rng, img):
    """Anti-scatter or localiser grid over all or a part of the image."""
    h, w = size(img)
    step = float(rng.uniform(6, 60) * max(1, min(h, w) / 900))
    x0, y0, x1, y1 = (0, 0, w, h) if rng.random() < 0.4 else (w * .15, h * .2, w * rng.uniform(.4, .95), h * rng.uniform(.4, .9))
    xs, ys = np.arange(x0, x1, step), np.arange(y0, y1, step)
    paths = [[(x, y0), (x, y1)] for x in xs]
    if rng.random() < 0.75:
        paths += [[(x0, y), (x1, y)] for y in ys]
    put(img, lines(h, w, paths, rng.choice([1, 1, 2])), ink(img, rng.choice([1.0, 0.6, 0.1])), rng.uniform(.15, .8))


def wedge(rng, img):
    """Step or continuous calibration wedge, sometimes with ticks."""
    h, w = size(img)
    long, wide = int(min(h, w) * rng.uniform(.25, .7)), int(min(h, w) * rng.uniform(.015, .05)) + 4
    ramp = np.linspace(0, 1, long)
    if rng.random() < 0.5:
        steps = int(rng.integers(6, 17))
        ramp = np.floor(ramp * steps) / (steps - 1)
    bar = np.tile(ramp[::-1, None], (1, wide)).astype(np.float32)
    if rng.random() < 0.3:
        bar = bar.T
    bar = bar if img.ndim == 2 else np.repeat(bar[..., None] * 255, 3, 2)
    x, y = int(rng.uniform(0, max(1, w - bar.shape[1]))), int(rng.uniform(0, max(1, h - bar.shape[0])))
    paste(img, bar, x, y)
    if rng.random() < 0.6:
        cv2.rectangle(img, (x, y), (x + bar.shape[1], y + bar.shape[0]), ink(img, 1.0), 1)


def collimator(rng, img):
    """Dark outside of a (turned) rectangle, polygon or circle."""
    h, w = size(img)
    if rng.random() < 0.3:
        keep = ellipse(h, w, w / 2, h / 2, min(h, w) * rng.uniform(.42, .52), min(h, w) * rng.uniform(.42, .52), 0, 1)
    else:
        a, cx, cy = np.deg2rad(rng.uniform(-6, 6)), w / 2, h / 2
        rx, ry = w * rng.uniform(.36, .49), h * rng.uniform(.36, .49)
        corner = np.array([(-rx, -ry), (rx, -ry), (rx, ry), (-rx, ry)]) @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
        keep = fill(h, w, corner + (cx, cy), rng.uniform(.5, 3))
    put(img, 1 - keep, ink(img, float(rng.uniform(-.12, .03)) if img.ndim == 2 else 0.0), rng.uniform(.9, 1))


def catheter(rng, img):
    """A tube with two bright walls and sometimes side holes, or a thin guide wire."""
    h, w = size(img)
    for _ in range(int(rng.integers(1, 4))):
        path = curve(rng, (rng.uniform(0, w), rng.uniform(0, h)), (rng.uniform(0, w), rng.uniform(0, h)), min(h, w) * .12, 160)
        wide = max(1.0, min(h, w) / 1000 * rng.uniform(1, 8))
        v = ink(img, rng.uniform(.75, 1.15) if img.ndim == 2 else .9)
        tube = lines(h, w, [path], wide, .6)
        if wide > 3 and rng.random() < .7:
            tube = np.clip(tube - .7 * lines(h, w, [path], wide * .5, .6), 0, 1)
        put(img, tube, v, rng.uniform(.35, .95))
        if rng.random() < .4:
            for x, y in path[-40::8]:
                cv2.circle(img, (int(x), int(y)), max(1, int(wide)), ink(img, 1.0), -1)


def screw(rng, img):
    """Pedicle screws and osteosynthesis screws with threads and heads."""
    h, w = size(img)
    for _ in range(int(rng.integers(1, 7))):
        x, y, a = rng.uniform(.15, .85) * w, rng.uniform(.15, .85) * h, rng.uniform(0, 6.28)
        long, wide = min(h, w) * rng.uniform(.04, .14), min(h, w) * rng.uniform(.006, .014) + 1.5
        d, n = np.array([np.cos(a), np.sin(a)]), np.array([-np.sin(a), np.cos(a)])
        p, paths = np.array([x, y]), []
        for i in range(int(long / (wide * .9))):
            c = p + d * i * wide * .9
            paths.append([c - n * wide, c + n * wide + d * wide * .5])
        mask = np.maximum(lines(h, w, paths, max(1, wide * .45), .5), lines(h, w, [[p, p + d * long]], wide * 1.1, .5))
        mask = np.maximum(mask, lines(h, w, [[p - n * wide * 1.8, p + n * wide * 1.8]], wide * 1.2, .5))
        put(img, mask, ink(img, rng.uniform(.95, 1.3) if img.ndim == 2 else 1.0))


def plate(rng, img):
    """A metal plate with a row of round or long holes."""
    h, w = size(img)
    x, y, a = rng.uniform(.3, .7) * w, rng.uniform(.3, .7) * h, rng.uniform(-.6, .6) + rng.choice([0, 1.57])
    long, wide = min(h, w) * rng.uniform(.15, .45), min(h, w) * rng.uniform(.015, .035) + 3
    d = np.array([np.cos(a), np.sin(a)])
    mask = lines(h, w, [[(x, y) - d * long / 2, (x, y) + d * long / 2]], wide, .6)
    n = int(rng.integers(4, 11))
    holes = [[(x, y) + d * long * (i / (n - 1) - .5) * .9] * 2 for i in range(n)]
    mask = np.clip(mask - lines(h, w, [[p[0] - d * wide * .1, p[0] + d * wide * .1] for p in holes], wide * .5, .6), 0, 1)
    put(img, mask, ink(img, rng.uniform(.9, 1.3) if img.ndim == 2 else 1.0))


def staples(rng, img):
    """A row of skin or bowel staples, sternal wires."""
    h, w = size(img)
    path = curve(rng, (rng.uniform(.2, .8) * w, rng.uniform(.1, .4) * h), (rng.uniform(.2, .8) * w, rng.uniform(.6, .9) * h), min(h, w) * .05, int(rng.integers(6, 26)))
    s, paths = min(h, w) * rng.uniform(.005, .012) + 2, []
    for x, y in path:
        a = rng.normal(0, .3)
        r = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
        shape = rng.choice(3)
        c = [np.array([(-1, .5), (-1, -.3), (1, -.3), (1, .5)]), np.array([(-.5, -.8), (.5, 0), (-.5, .8)]),
             np.array([(np.cos(t), np.sin(t)) for t in np.linspace(0, 5.6, 12)])][shape] * s
        paths.append(c @ r + (x, y))
    put(img, lines(h, w, paths, max(1, s * .25), .4), ink(img, rng.uniform(.9, 1.3) if img.ndim == 2 else 1.0))


def clips(rng, img):
    """Biopsy clips: ribbons, coils, bars, hearts; a few bright pixels each."""
    h, w = size(img)
    spiral = [(t / 9 * np.cos(t), t / 9 * np.sin(t)) for t in np.linspace(0, 9, 30)]
    shapes = [[(-1, .3), (-.4, -.4), (0, .2), (.4, -.4), (1, .3)], [(-1, 0), (1, .1)], [(-.7, -1), (.7, -1), (-.7, 1), (.7, 1), (-.7, -1)],
              [(0, 1), (-1, 0), (-.5, -.7), (0, 0), (.5, -.7), (1, 0), (0, 1)], spiral, [(-.3, -1), (.3, -.5), (-.3, 0), (.3, .5), (-.3, 1)]]
    for _ in range(int(rng.integers(1, 6))):
        s, p = min(h, w) * rng.uniform(.003, .008) + 2, np.array([rng.uniform(.2, .8) * w, rng.uniform(.2, .8) * h])
        put(img, lines(h, w, [np.array(shapes[rng.integers(len(shapes))]) * s + p], max(1, s * .3), .3), ink(img, 1.1 if img.ndim == 2 else 1.0))


def ecg_path(rng, x0, x1, y, amp, beat):
    xs = np.arange(x0, x1)
    t = ((xs - x0) / beat + rng.random()) % 1
    wave = .12 * np.exp(-((t - .2) / .03) ** 2) - .15 * np.exp(-((t - .35) / .012) ** 2) + 1.0 * np.exp(-((t - .38) / .012) ** 2)
    wave += -.25 * np.exp(-((t - .41) / .012) ** 2) + .25 * np.exp(-((t - .62) / .05) ** 2) + rng.normal(0, .01, len(xs))
    return np.stack([xs, y - amp * wave], 1)


def ecg(rng, img):
    """One or more ECG or respiration traces across the image."""
    h, w = size(img)
    for _ in range(int(rng.integers(1, 4))):
        x0 = rng.uniform(0, .3) * w
        path = ecg_path(rng, x0, rng.uniform(.6, 1) * w, rng.uniform(.1, .98) * h, h * rng.uniform(.02, .08), rng.uniform(25, 140))
        value = ink(img, 1.0) if img.ndim == 2 or rng.random() < .3 else [(40, 255, 60), (255, 230, 40), (60, 220, 255)][rng.integers(3)]
        put(img, lines(h, w, [path], rng.choice([1, 1, 2])), value)


def checker(rng, img):
    """Checkerboard or line pairs of several widths."""
    h, w = size(img)
    s = int(min(h, w) * rng.uniform(.15, .5))
    cell = int(rng.choice([1, 2, 3, 4, 6, 8, 12, 20]))
    yy, xx = np.mgrid[0:s, 0:s]
    board = (((yy // cell) + (xx // cell)) % 2) if rng.random() < .6 else ((xx // cell) % 2)
    low, high = sorted(rng.uniform(0, 1, 2))
    patch = np.where(board, max(high, low + .3), low).astype(np.float32)
    patch = patch if img.ndim == 2 else np.repeat(patch[..., None] * 255, 3, 2)
    paste(img, patch, int(rng.uniform(0, w - s)), int(rng.uniform(0, h - s)))


def balls(rng, img):
    """Calibration ball grid or fiducials."""
    h, w = size(img)
    n, r = int(rng.integers(3, 12)), max(1, int(min(h, w) * rng.uniform(.003, .012)))
    for i in range(n):
        for j in range(n):
            at = (int(w * (.15 + .7 * i / n) + rng.normal(0, .5)), int(h * (.15 + .7 * j / n) + rng.normal(0, .5)))
            cv2.circle(img, at, r, ink(img, 1.0), -1 if rng.random() < .97 else 1, cv2.LINE_8)


def callipers(rng, img):
    """Measuring crosses, dashed lines, arrows, regions of interest; no figures."""
    h, w = size(img)
    for _ in range(int(rng.integers(1, 5))):
        p, q = (np.array([rng.uniform(.1, .9) * w, rng.uniform(.1, .9) * h]) for _ in range(2))
        s = rng.uniform(3, 7) * max(1, min(h, w) / 900)
        paths, kind = [], rng.integers(4)
        if kind == 0:
            for c in (p, q):
                paths += [[c - (s, 0), c + (s, 0)], [c - (0, s), c + (0, s)]]
            n = int(np.hypot(*(q - p)) / (2 * s)) + 1
            paths += [[p + (q - p) * i / n, p + (q - p) * (i + .3) / n] for i in range(n)]
        elif kind == 1:
            d = (q - p) / (np.hypot(*(q - p)) + 1e-6)
            q = p + d * 6 * s
            n = np.array([-d[1], d[0]])
            paths += [[p, q], [q, q - d * 2 * s + n * s], [q, q - d * 2 * s - n * s]]
        elif kind == 2:
            t = np.linspace(0, 6.283, 60)
            paths.append(p + np.stack([np.cos(t) * 6 * s, np.sin(t) * 4 * s], 1))
        else:
            paths.append([p, (q[0], p[1]), q, (p[0], q[1]), p])
        colour = ink(img, rng.choice([1.0, 1.0, .0])) if img.ndim == 2 or rng.random() < .4 else [(255, 255, 0), (0, 255, 0), (255, 90, 90), (0, 200, 255)][rng.integers(4)]
        put(img, lines(h, w, paths, rng.choice([1, 1, 2])), colour)


def wires(rng, img):
    """ECG electrodes with cables, pacemaker with leads, sternal loops."""
    h, w = size(img)
    for _ in range(int(rng.integers(1, 4))):
        p = np.array([rng.uniform(.2, .8) * w, rng.uniform(.15, .7) * h])
        r = max(2, int(min(h, w) * rng.uniform(.008, .018)))
        cv2.circle(img, (int(p[0]), int(p[1])), r, ink(img, 1.0), max(1, r // 3))
        cv2.circle(img, (int(p[0]), int(p[1])), max(1, r // 3), ink(img, 1.0), -1)
        path = curve(rng, p, (rng.uniform(0, w), h if rng.random() < .6 else 0), min(h, w) * .06, 120)
        put(img, lines(h, w, [path], max(1, r * .25), .5), ink(img, .95), rng.uniform(.5, 1))


RADIOGRAPH = [ruler, grid, wedge, collimator, catheter, screw, plate, staples, clips, wires, balls, callipers, checker]
SECTION = [ruler, wedge, callipers, catheter, clips, staples, screw, grid]
SCREEN = [ruler, wedge, ecg, callipers, grid, checker]


def some(rng, img, kinds, most=3):
    """Draws up to `most` kinds of clutter; returns their names."""
    names = []
    for f in rng.permutation(np.array(kinds, dtype=object))[: int(rng.integers(0, most + 1))]:
        f(rng, img)
        names.append(f.__name__)
    return names
