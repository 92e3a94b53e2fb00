"""One training picture: a view of a text-free picture, with text drawn on it as scanners, viewers and hands do."""

import cv2
import numpy as np

from text import Style, turned

SIDE = 320
# What stands in a target.
NOTHING, TEXT, ANY = 0, 1, 2
# Ink that differs less from what is behind it, in parts of the view's range, cannot be asked for.
FAINTEST = 0.035


def view(rng, picture):
    """8-bit grey as some window shows it: the whole range, the usual part of it, or one of its tails."""
    kind = rng.random()
    low, high = float(picture.min()), float(picture.max())
    if kind < 0.5:
        a, b = rng.uniform(0, 4), rng.uniform(96, 100)
        low, high = np.percentile(picture[::4, ::4], [a, b])
    elif kind < 0.62:
        high = np.percentile(picture[::4, ::4], rng.uniform(2, 30))
    elif kind < 0.72:
        low = np.percentile(picture[::4, ::4], rng.uniform(70, 98))
    elif kind < 0.82:
        low, high = low - rng.uniform(0, 1), high + rng.uniform(0, 1)
    grey = np.clip((picture - low) / max(high - low, 1e-4), 0, 1)
    if 0.5 <= kind < 0.72 or kind > 0.92:
        grey = spread(grey)
    if rng.random() < 0.3:
        grey = grey ** float(rng.uniform(0.5, 2))
    return grey * 255


def spread(grey):
    """Half straight and half by rank, as samar shows tails and pictures that have none."""
    levels = np.minimum((grey * 255).astype(int), 255)
    counts = np.bincount(levels.ravel(), minlength=256).astype(float)
    ends = counts[0] / 2 + counts[-1] / 2
    rank = np.clip((np.cumsum(counts) - counts / 2 - counts[0] / 2) / max(counts.sum() - ends, 1), 0, 1)
    return (0.5 * grey + 0.5 * rank[levels]).astype(np.float32)


def difference(rng, picture):
    """What is left of a grey picture when one colour is taken from another: little, and the noise of chroma in JPEG."""
    grey = np.full(picture.shape, 127.5, np.float32)
    if rng.random() < 0.4:
        grey += (picture - picture.mean()) * float(rng.uniform(-80, 80))
    if rng.random() < 0.5:
        side = int(rng.choice([4, 8, 16]))
        blocks = rng.standard_normal((SIDE // side, SIDE // side)).astype(np.float32) * float(rng.uniform(1, 14))
        grey += np.kron(blocks, np.ones((side, side), np.float32))
    return np.clip(grey, 0, 255)


def crop(rng, *layers):
    side = layers[0].shape[0]
    y, x = (int(v) for v in rng.integers(0, side - SIDE + 1, 2))
    return [layer[y : y + SIDE, x : x + SIDE].copy() for layer in layers]


def ink_value(rng, behind):
    kind = rng.random()
    if kind < 0.42:
        return 255.0
    if kind < 0.54:
        return 0.0
    if kind < 0.72:
        return float(rng.uniform(0, 255))
    step = float(rng.uniform(0.04, 0.35)) * 255
    return float(np.clip(behind + (step if rng.random() < 0.6 else -step), 0, 255))


def put(rng, grey, target, ink, area, y, x, look):
    """Draws one line with its top left corner at y, x, partly outside perhaps."""
    h, w = ink.shape
    top, left, bottom, right = max(y, 0), max(x, 0), min(y + h, SIDE), min(x + w, SIDE)
    if bottom - top < 3 or right - left < 3:
        return
    ink = ink[top - y : bottom - y, left - x : right - x]
    area = area[top - y : bottom - y, left - x : right - x]
    if ink.sum() < 4:
        return
    here = np.s_[top:bottom, left:right]
    if look["box"] is not None:
        pad = np.s_[max(top - 2, 0) : bottom + 2, max(left - 2, 0) : right + 2]
        grey[pad] = look["box"]
    behind = grey[here].copy()
    if look["shadow"] and bottom + 1 < SIDE and right + 1 < SIDE:
        shifted = np.s_[top + 1 : bottom + 1, left + 1 : right + 1]
        grey[shifted] = grey[shifted] * (1 - ink) + ink * (255.0 - look["value"] if look["value"] in (0.0, 255.0) else 0.0)
    if look["outline"]:
        around = cv2.dilate(ink, np.ones((3, 3)))
        edge = 0.0 if look["value"] > 127 else 255.0
        grey[here] = grey[here] * (1 - around) + around * edge
    alpha = ink * look["alpha"]
    grey[here] = grey[here] * (1 - alpha) + alpha * look["value"]
    strong = ink > 0.5
    seen = np.abs(grey[here] - behind)[strong] if strong.any() else np.array([255.0])
    # Over ground of the ink's own value a line cannot be seen; what is faint may be found or not.
    share = float((seen > FAINTEST * 255).mean())
    busy = float(behind.std()) if look["box"] is None and not look["outline"] else 0.0
    visible = share > 0.6 and float(np.median(seen)) > max(FAINTEST * 255, 0.55 * busy)
    part = target[here]
    inside = area > 0.5
    part[inside & (part != TEXT)] = TEXT if visible else ANY


def block(rng, grey, target):
    """Lines below each other in one style: a banner, a corner, a list of settings."""
    style = Style(rng)
    first = style.line(rng)
    if first is None:
        return
    degrees = float(rng.choice([0, 90, 180, 270])) if rng.random() < 0.22 else 0.0
    if rng.random() < 0.12:
        degrees += float(rng.uniform(-12, 12))
    y, x = int(rng.integers(-10, SIDE - 6)), int(rng.integers(-60, SIDE - 12))
    behind = float(np.median(grey[max(y, 0) : max(y, 0) + 40, max(x, 0) : max(x, 0) + 80]))
    value = ink_value(rng, behind)
    look = {
        "value": value,
        "alpha": float(rng.uniform(0.35, 0.9)) if rng.random() < 0.12 else 1.0,
        "outline": rng.random() < 0.15,
        "shadow": rng.random() < 0.12,
        "box": float(rng.choice([0, 255, rng.uniform(0, 255)])) if rng.random() < 0.12 else None,
    }
    if look["box"] is not None and abs(look["box"] - value) < 20:
        look["value"] = 255.0 - look["box"]
    soften = float(rng.uniform(0.4, 0.9)) if rng.random() < 0.12 and first.shape[0] > 9 else 0
    count = 1 if rng.random() < 0.55 else int(rng.integers(2, 9))
    step = max(8, int(first.shape[0] * style.spacing))
    for i in range(count):
        ink = first if i == 0 else style.line(rng)
        if ink is None:
            continue
        if soften:
            ink = cv2.GaussianBlur(ink, (0, 0), soften)
        ink, area = turned(ink, degrees)
        sideways = 45 < degrees % 180 < 135
        at_y, at_x = (y, x + i * step) if sideways else (y + i * step, x)
        put(rng, grey, target, ink, area, at_y, at_x, look)


def worn(rng, grey, target):
    """What happens to a picture on its way: smaller or larger, JPEG, noise, blur, turned, mirrored, negative."""
    if rng.random() < 0.15:
        scale = float(rng.uniform(0.75, 1.4))
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        marks = cv2.resize(target, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_NEAREST)
        if scale < 1:
            missing = SIDE - small.shape[0]
            small = np.pad(small, ((0, missing), (0, missing)), mode="reflect")
            marks = np.pad(marks, ((0, missing), (0, missing)), mode="reflect")
        grey, target = small[:SIDE, :SIDE], marks[:SIDE, :SIDE]
    if rng.random() < 0.05:
        grey = cv2.GaussianBlur(grey, (0, 0), float(rng.uniform(0.3, 0.7)))
    if rng.random() < 0.15:
        grey = grey + rng.standard_normal(grey.shape).astype(np.float32) * float(rng.uniform(1, 12))
    grey = np.clip(grey, 0, 255)
    if rng.random() < 0.25:
        _, coded = cv2.imencode(".jpg", grey.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 96))])
        grey = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE).astype(np.float32)
    if rng.random() < 0.4:
        grey = 255 - grey
    if rng.random() < 0.08:
        grey, target = grey[:, ::-1], target[:, ::-1]
    if rng.random() < 0.04:
        grey, target = grey[::-1], target[::-1]
    if rng.random() < 0.04:
        grey, target = grey.T, target.T
    return np.ascontiguousarray(grey).astype(np.uint8), np.ascontiguousarray(target)


def half(target):
    """The target at half the resolution: text where any of the four pixels is text."""
    quads = target.reshape(SIDE // 2, 2, SIDE // 2, 2)
    text = (quads == TEXT).sum(axis=(1, 3))
    any_ = (quads == ANY).any(axis=(1, 3))
    return np.where(text >= 2, TEXT, np.where(any_ | (text == 1), ANY, NOTHING)).astype(np.uint8)


def scene(rng, picture, unsure):
    """A view SIDE x SIDE in 8 bits and its target at half that size."""
    grey, unsure = crop(rng, picture, unsure)
    grey = difference(rng, grey) if rng.random() < 0.05 else view(rng, grey)
    target = np.where(unsure > 0, ANY, NOTHING).astype(np.uint8)
    if rng.random() < 0.72:
        for _ in range(1 + int(rng.exponential(1.8))):
            block(rng, grey, target)
    grey, target = worn(rng, grey, target)
    return grey, half(target)
