"""Small drawing helpers on float images, shared by the phantoms and the clutter.

Grey images are float32 in *window units*: 0 is the bottom of the header window,
1 its top; values outside are what a viewer clips.
"""

import cv2
import numpy as np


def soft(rng, h, w, cell, aspect=1.0):
    """Smooth noise of unit variance whose blobs are about `cell` pixels wide."""
    gh, gw = max(3, int(h / cell) + 3), max(3, int(w / (cell * aspect)) + 3)
    grid = rng.standard_normal((gh, gw)).astype(np.float32)
    return cv2.resize(grid, (w, h), interpolation=cv2.INTER_CUBIC)


def fractal(rng, h, w, coarse, fine, fall=0.55):
    """Sum of smooth noises from `coarse` to `fine` pixels, unit variance or so."""
    out, gain, cell = np.zeros((h, w), np.float32), 1.0, coarse
    while cell >= fine:
        out += gain * soft(rng, h, w, cell)
        gain, cell = gain * fall, cell / 2
    return out / max(float(out.std()), 1e-6)


def grain(rng, h, w, sigma=0.0):
    """White noise of unit variance, blurred when `sigma` > 0."""
    noise = rng.standard_normal((h, w), dtype=np.float32)
    if sigma > 0:
        noise = cv2.GaussianBlur(noise, (0, 0), sigma)
        noise /= max(float(noise.std()), 1e-6)
    return noise


def ellipse(h, w, cx, cy, rx, ry, angle=0.0, edge=2.0):
    """Filled ellipse, 0..1, with a soft edge of `edge` pixels."""
    mask = np.zeros((h, w), np.uint8)
    cv2.ellipse(mask, (int(cx), int(cy)), (max(1, int(rx)), max(1, int(ry))), angle, 0, 360, 255, -1, cv2.LINE_AA)
    return blur(mask, edge)


def blur(mask, edge):
    out = mask.astype(np.float32) / 255
    return cv2.GaussianBlur(out, (0, 0), edge) if edge > 0.3 else out


def lines(h, w, paths, width, edge=0.0, closed=False):
    """Polylines as a 0..1 mask."""
    mask = np.zeros((h, w), np.uint8)
    for path in paths:
        pts = np.round(np.asarray(path, np.float32) * 8).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(mask, [pts], closed, 255, max(1, int(round(width))), cv2.LINE_AA, 3)
    return blur(mask, edge)


def fill(h, w, polygon, edge=0.0):
    mask = np.zeros((h, w), np.uint8)
    cv2.fillPoly(mask, [np.round(np.asarray(polygon)).astype(np.int32)], 255, cv2.LINE_AA)
    return blur(mask, edge)


def put(img, mask, value, strength=1.0):
    """Blend `value` into the image where the mask is; works for grey and colour."""
    a = mask * strength
    if img.ndim == 3:
        a = a[..., None]
    img += (np.asarray(value, np.float32) - img) * a


def curve(rng, start, end, bend, n=60):
    """A smooth random curve between two points; `bend` in pixels."""
    t = np.linspace(0, 1, n)[:, None]
    a, b = np.asarray(start, float), np.asarray(end, float)
    normal = np.array([-(b - a)[1], (b - a)[0]])
    normal = normal / (np.linalg.norm(normal) + 1e-9)
    wave = sum(rng.normal() * np.sin(np.pi * k * t) / k for k in (1, 2, 3))
    return a + (b - a) * t + normal * wave * bend


def paste(img, patch, x, y):
    """Put a patch at (x, y), cut to the image."""
    h, w = img.shape[:2]
    x0, y0 = max(0, x), max(0, y)
    x1, y1 = min(w, x + patch.shape[1]), min(h, y + patch.shape[0])
    if x1 > x0 and y1 > y0:
        img[y0:y1, x0:x1] = patch[y0 - y:y1 - y, x0 - x:x1 - x]
