"""Where lines go on an image, in which style, size, script and rotation."""

import numpy as np

import content
from content import pick
from draw import COLOUR_STYLES, GREY_STYLES, SMALLEST

BUCKETS = [(6, 7.9), (8, 11.9), (12, 19.9), (20, 39.9), (40, 80)]
WEIGHTS = [(170, (.5, .45, .05, 0, 0)), (300, (.25, .5, .25, 0, 0)), (700, (.14, .36, .33, .15, .02)),
           (1500, (.1, .3, .32, .2, .08)), (9999, (.05, .16, .25, .34, .2))]


def cap_height(rng, short):
    weights = next(w for limit, w in WEIGHTS if short <= limit)
    low, high = BUCKETS[rng.choice(len(BUCKETS), p=weights)]
    return float(rng.uniform(low, high))


def angle_of(rng):
    r = rng.random()
    if r < .72:
        return 0.0
    if r < .80:
        return 90.0
    if r < .87:
        return 270.0
    if r < .90:
        return 180.0
    return round(float(rng.choice([-1, 1]) * rng.uniform(1, 8)), 1)


def script_of(rng):
    return "latin" if rng.random() < .84 else pick(rng, list(content.PIECES))


def item_for(rng, script, room, cap):
    """A line that should fit into `room` pixels."""
    for _ in range(8):
        item = content.latin(rng) if script == "latin" else content.other(rng, script)
        per = .85 if script in ("latin", "cyrillic", "arabic", "thai", "devanagari") else 1.2
        if len(item[1]) * cap * per <= room:
            return item
    return item[0], item[1][: max(3, int(room / cap / per))].strip() or "ID 7", item[2]


def block(sheet, count, style, angle, cap, script):
    """Some lines one after another from a corner or an edge."""
    rng, h, w = sheet.rng, sheet.h, sheet.w
    right, low = rng.random() < .45, rng.random() < .45
    margin = max(2, rng.uniform(.005, .04) * min(h, w))
    pitch = rng.uniform(1.45, 2.1)
    if rng.random() < .2:
        start = rng.uniform(.1, .6) * (w if angle in (90, 270) else h)
    else:
        start = margin
    offset, done = start, 0
    for i in range(count):
        side = (h if angle in (90, 270) else w) - 2 * margin
        item = item_for(rng, script, side, cap)
        if style in ("iso", "boxed"):
            step = max(cap * 1.6, cap + 12)
        else:
            step = cap * pitch + 3

        def at(bw, bh, offset=offset):
            if angle in (90, 270):
                return (w - offset - bw if right else offset), (h - margin - bh if low else margin)
            return (w - margin - bw if right else margin), (h - offset - bh if low else offset)

        for _ in range(2):
            if sheet.line(item, script, cap, style, angle, at, contrast_of(rng, style)):
                done += 1
                break
        offset += step
    return done


def contrast_of(rng, style):
    if style.startswith("hidden"):
        return float(rng.uniform(.3, .8))
    return float(rng.uniform(.10, .60) if rng.random() < .6 else rng.uniform(.10, .25))


def anywhere(sheet, item, script, cap, style, angle, tries=10, blur=0.0):
    rng = sheet.rng

    def at(bw, bh):
        return rng.uniform(2, max(3, sheet.w - bw - 2)), rng.uniform(2, max(3, sheet.h - bh - 2))

    return any(sheet.line(item, script, cap, style, angle, at, contrast_of(rng, style), blur) for _ in range(tries))


def write(sheet, hide, most=14):
    """Fills a sheet with lines; `hide` puts some of them outside of the window."""
    rng, short = sheet.rng, min(sheet.h, sheet.w)
    styles = COLOUR_STYLES if sheet.colour else GREY_STYLES
    if rng.random() < .05 and short > 300:
        return lone_letter(sheet)
    want = int(rng.integers(2, 5)) if short <= 260 else int(rng.integers(5, most + 1))
    rounds = 0
    while len(sheet.rows) < want and rounds < 8:
        rounds += 1
        style, script = pick(rng, styles), script_of(rng)
        angle, cap = angle_of(rng), cap_height(rng, short)
        if hide and rng.random() < .55:
            style = pick(rng, hide)
        if style == "hand":
            script, cap = "latin", max(cap, 14)
        cap = max(cap, SMALLEST[script])
        if angle % 90 or style.startswith("hidden") or rng.random() < .25:
            for _ in range(3 if style.startswith("hidden") else 1):
                item = item_for(rng, script, .8 * (sheet.w if angle not in (90, 270) else sheet.h), cap)
                if angle % 90 and len(item[1]) * cap > .5 * sheet.h / max(.02, abs(np.sin(np.deg2rad(angle)))):
                    angle = 0.0
                anywhere(sheet, item, script, cap, style, angle, 60 if style.startswith("hidden") else 10)
        else:
            block(sheet, int(rng.integers(1, 6)), style, angle, cap, script)
    if rng.random() < .3 and short > 300:
        side_letter(sheet)


def side_letter(sheet):
    rng = sheet.rng
    cap = rng.uniform(10, 60) * min(1.0, min(sheet.h, sheet.w) / 700)
    lead = not sheet.colour and rng.random() < .4
    anywhere(sheet, content.side(rng), "latin", max(8, cap), "max", pick(rng, [0.0, 0.0, 0.0, 90.0, 4.0]), 10, .03 * cap + .4 if lead else 0.0)


def lone_letter(sheet):
    for _ in range(int(sheet.rng.integers(1, 3))):
        side_letter(sheet)
