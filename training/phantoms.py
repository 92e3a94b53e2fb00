"""Text-free pictures of the kind that scanners make, as arrays 0..1, and the things in them that look like text."""

import cv2
import numpy as np

SIDE = 640


def smooth_noise(rng, side, cell):
    """Noise whose features are about `cell` pixels wide, mean 0, deviation 1."""
    small = rng.standard_normal((side // cell + 2, side // cell + 2)).astype(np.float32)
    big = cv2.resize(small, None, fx=cell, fy=cell, interpolation=cv2.INTER_CUBIC)[:side, :side]
    return big / (big.std() + 1e-6)


def grain(rng, side, sigma):
    noise = rng.standard_normal((side, side)).astype(np.float32)
    return cv2.GaussianBlur(noise, (0, 0), sigma) * sigma * 2 if sigma > 0.3 else noise


def blobs(rng, picture, count, low, high, smallest=10, largest=200, blur=3):
    """Ellipses: organs, vessels, lungs."""
    side = picture.shape[0]
    for _ in range(count):
        layer = np.zeros_like(picture)
        axes = (int(rng.integers(smallest, largest)), int(rng.integers(smallest, largest)))
        centre = tuple(int(v) for v in rng.integers(0, side, 2))
        cv2.ellipse(layer, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
        layer = cv2.GaussianBlur(layer, (0, 0), float(rng.uniform(0.5, blur)))
        picture += layer * float(rng.uniform(low, high))
    return picture


def chest(rng):
    picture = 0.45 + 0.12 * smooth_noise(rng, SIDE, int(rng.choice([80, 160, 320])))
    picture = blobs(rng, picture, int(rng.integers(2, 6)), -0.4, 0.3, 60, 300, 30)
    for _ in range(int(rng.integers(0, 14))):  # ribs and other long bones
        y, bend = int(rng.integers(0, SIDE)), float(rng.uniform(-0.002, 0.002))
        x = np.arange(0, SIDE, 4)
        points = np.stack([x, y + bend * (x - SIDE / 2) ** 2 + rng.uniform(-0.3, 0.3) * x], 1).astype(np.int32)
        layer = np.zeros_like(picture)
        cv2.polylines(layer, [points], False, 1.0, int(rng.integers(5, 40)))
        if rng.random() < 0.5:
            layer -= cv2.erode(layer, np.ones((5, 5))) * 0.6
        picture += cv2.GaussianBlur(layer, (0, 0), float(rng.uniform(1, 4))) * float(rng.uniform(0.05, 0.25))
    picture += rng.uniform(0, 0.05) * trabeculae(rng)
    return picture + grain(rng, SIDE, 0.8) * float(rng.uniform(0, 0.03))


def trabeculae(rng):
    """The fine mesh of spongy bone: noise between two scales."""
    fine, coarse = float(rng.uniform(0.6, 2)), float(rng.uniform(2.5, 6))
    noise = rng.standard_normal((SIDE, SIDE)).astype(np.float32)
    mesh = cv2.GaussianBlur(noise, (0, 0), fine) - cv2.GaussianBlur(noise, (0, 0), coarse)
    return mesh / (mesh.std() + 1e-6)


def limb(rng):
    """A hand or a foot on a dark field with collimator edges."""
    picture = np.full((SIDE, SIDE), float(rng.uniform(0, 0.2)), np.float32)
    for _ in range(int(rng.integers(3, 12))):
        a, b = rng.integers(0, SIDE, 2), rng.integers(0, SIDE, 2)
        width = int(rng.integers(8, 60))
        soft, bone = np.zeros_like(picture), np.zeros_like(picture)
        cv2.line(soft, tuple(map(int, a)), tuple(map(int, b)), 1.0, width * 2)
        cv2.line(bone, tuple(map(int, a)), tuple(map(int, b)), 1.0, width)
        rim = bone - cv2.erode(bone, np.ones((7, 7)))
        picture += cv2.GaussianBlur(soft, (0, 0), 4) * 0.2 + cv2.GaussianBlur(bone + rim, (0, 0), 1.5) * float(rng.uniform(0.1, 0.35))
    picture += (picture > 0.35) * trabeculae(rng) * float(rng.uniform(0, 0.08))
    return collimated(rng, picture) + grain(rng, SIDE, 0.6) * float(rng.uniform(0, 0.03))


def collimated(rng, picture):
    if rng.random() < 0.5:
        return picture
    points = np.array([[20, 20], [SIDE - 20, 20], [SIDE - 20, SIDE - 20], [20, SIDE - 20]]) + rng.integers(-20, 120, (4, 2)) * [[1, 1], [-1, 1], [-1, -1], [1, -1]]
    inside = np.zeros_like(picture)
    cv2.fillPoly(inside, [points.astype(np.int32)], 1.0)
    return picture * inside + (1 - inside) * float(rng.choice([0, 0, 1, 0.1]))


def slice_(rng):
    """CT or MR: a body on air, organs, noise, streaks, a table."""
    picture = np.zeros((SIDE, SIDE), np.float32)
    centre, axes = (SIDE // 2, SIDE // 2), (int(rng.integers(150, 310)), int(rng.integers(120, 290)))
    body = np.zeros_like(picture)
    cv2.ellipse(body, centre, axes, 0, 0, 360, 1.0, -1)
    inside = 0.4 + 0.05 * smooth_noise(rng, SIDE, 40)
    inside = blobs(rng, inside, int(rng.integers(5, 25)), -0.25, 0.3, 5, 80, 2)
    inside = blobs(rng, inside, int(rng.integers(0, 10)), 0.2, 0.6, 2, 20, 1)
    picture += cv2.GaussianBlur(body, (0, 0), 1.2) * inside
    for _ in range(int(rng.integers(0, 3))):  # table
        y = int(rng.integers(SIDE * 3 // 4, SIDE))
        cv2.ellipse(picture, (SIDE // 2, y - 300), (400, 300), 0, 30, 150, float(rng.uniform(0.1, 0.5)), int(rng.integers(1, 5)))
    if rng.random() < 0.3:  # metal streaks
        at = tuple(int(v) for v in rng.integers(150, SIDE - 150, 2))
        for angle in rng.uniform(0, 2 * np.pi, int(rng.integers(5, 30))):
            end = (int(at[0] + 600 * np.cos(angle)), int(at[1] + 600 * np.sin(angle)))
            layer = np.zeros_like(picture)
            cv2.line(layer, at, end, 1.0, int(rng.integers(1, 6)), cv2.LINE_AA)
            picture += layer * float(rng.uniform(-0.15, 0.15))
    return picture + grain(rng, SIDE, float(rng.choice([0, 0.7, 1.2]))) * float(rng.uniform(0, 0.08))


def ultrasound(rng):
    speckle = np.abs(grain(rng, SIDE, float(rng.uniform(0.8, 2.5))) + 1j * grain(rng, SIDE, float(rng.uniform(0.8, 2.5))))
    tissue = np.clip(0.3 + 0.25 * smooth_noise(rng, SIDE, int(rng.choice([30, 60, 120]))), 0.02, 1)
    picture = (speckle * tissue * 0.5).astype(np.float32)
    fan = np.zeros_like(picture)
    apex = (int(rng.integers(SIDE // 3, SIDE * 2 // 3)), int(rng.integers(-200, 60)))
    if rng.random() < 0.7:
        cv2.ellipse(fan, apex, (600, 600), 90, -float(rng.uniform(20, 50)), float(rng.uniform(20, 50)), 1.0, -1)
        cv2.circle(fan, apex, int(rng.integers(40, 180)), 0.0, -1)
    else:
        a, b = rng.integers(0, 150, 2), rng.integers(SIDE - 200, SIDE, 2)
        cv2.rectangle(fan, tuple(map(int, a)), tuple(map(int, b)), 1.0, -1)
    picture *= fan
    if rng.random() < 0.6:  # grey wedge
        x, y, h = int(rng.integers(5, SIDE - 30)), int(rng.integers(10, 200)), int(rng.integers(100, 300))
        ramp = np.linspace(1, 0, h, dtype=np.float32)[:, None]
        if rng.random() < 0.4:
            ramp = np.round(ramp * 12) / 12
        w = int(rng.integers(6, 24))
        picture[y : y + h, x : x + w] = ramp[: SIDE - y]
    for _ in range(int(rng.integers(0, 3))):
        ticks(rng, picture)
    return picture


def nuclear(rng):
    side = SIDE // 4
    rate = np.clip(blobs(rng, np.full((side, side), 0.3, np.float32), int(rng.integers(2, 12)), 0.5, 12, 3, 40, 6), 0, None)
    counts = rng.poisson(rate).astype(np.float32)
    picture = counts / max(counts.max(), 1)
    return cv2.resize(picture, (SIDE, SIDE), interpolation=int(rng.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR])))


def angiogram(rng):
    picture = 0.55 + 0.1 * smooth_noise(rng, SIDE, 150)
    for _ in range(int(rng.integers(3, 20))):
        walk(rng, picture, -float(rng.uniform(0.05, 0.4)), int(rng.integers(1, 12)))
    picture += grain(rng, SIDE, 0.7) * float(rng.uniform(0, 0.06))
    if rng.random() < 0.5:
        inside = np.zeros_like(picture)
        cv2.circle(inside, (SIDE // 2, SIDE // 2), int(rng.integers(260, 330)), 1.0, -1)
        picture = picture * inside
    return picture


def breast(rng):
    picture = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(picture, (0, SIDE // 2), (int(rng.integers(250, 500)), int(rng.integers(250, 400))), 0, 0, 360, 0.5, -1)
    tissue = 0.5 + 0.2 * smooth_noise(rng, SIDE, 40) + 0.1 * smooth_noise(rng, SIDE, 8)
    picture = cv2.GaussianBlur(picture, (0, 0), 6) * tissue
    for _ in range(int(rng.integers(0, 40))):  # calcifications
        at = tuple(int(v) for v in rng.integers(0, SIDE, 2))
        cv2.circle(picture, at, int(rng.integers(1, 4)), float(rng.uniform(0.5, 1)), -1)
    return picture + grain(rng, SIDE, 0.6) * float(rng.uniform(0, 0.03))


def flat(rng):
    picture = np.full((SIDE, SIDE), float(rng.choice([0, 0, 1, 0.5, rng.random()])), np.float32)
    if rng.random() < 0.4:
        picture += grain(rng, SIDE, float(rng.choice([0, 1, 2]))) * float(rng.uniform(0, 0.3))
    for _ in range(int(rng.integers(0, 8))):  # boxes and frames of a screen
        a, b = rng.integers(0, SIDE, 2), rng.integers(0, SIDE, 2)
        cv2.rectangle(picture, tuple(map(int, a)), tuple(map(int, b)), float(rng.random()), int(rng.choice([-1, 1, 1, 2, 3])))
    return picture


def mesh(rng):
    """Nothing but texture at some scale, stretched as a tail window stretches it."""
    picture = trabeculae(rng) if rng.random() < 0.5 else grain(rng, SIDE, float(rng.uniform(0, 3)))
    return 0.5 + picture * float(rng.uniform(0.05, 0.5)) + 0.2 * smooth_noise(rng, SIDE, 100)


def walk(rng, picture, strength, width):
    """A vessel, a catheter or a wire."""
    angle, at = rng.uniform(0, 2 * np.pi), rng.uniform(0, SIDE, 2)
    points = []
    for _ in range(int(rng.integers(10, 70))):
        angle += rng.normal(0, 0.25)
        at = at + 14 * np.array([np.cos(angle), np.sin(angle)])
        points.append(at)
    layer = np.zeros_like(picture)
    cv2.polylines(layer, [np.array(points, np.int32)], False, 1.0, width, cv2.LINE_AA)
    if width > 4 and rng.random() < 0.4:
        layer -= cv2.erode(layer, np.ones((3, 3))) * 0.7
    picture += cv2.GaussianBlur(layer, (0, 0), float(rng.uniform(0.4, 1.5))) * strength


def ticks(rng, picture):
    """Depth ticks, rulers: equal strokes at equal distances along an edge, some longer."""
    step, long, vertical = float(rng.uniform(4, 60)), int(rng.choice([5, 10, 2])), rng.random() < 0.5
    at, length, width = int(rng.integers(5, SIDE - 25)), int(rng.integers(1, 14)), int(rng.integers(1, 4))
    value = float(rng.choice([1, 1, 0, rng.random()]))
    start = float(rng.uniform(0, 200))
    for i in range(int(rng.integers(5, 100))):
        along = int(start + i * step)
        if along >= SIDE - 4:
            break
        reach = length * 2 if i % long == 0 else length
        a, b = ((at, along), (at + reach, along + width - 1)) if vertical else ((along, at), (along + width - 1, at + reach))
        cv2.rectangle(picture, a, b, value, -1)


def grid(rng, picture):
    step, value = int(rng.integers(6, 80)), float(rng.choice([1, 0, rng.random()]))
    a, b = sorted(int(v) for v in rng.integers(0, SIDE, 2))
    for at in range(a, b, step):
        cv2.line(picture, (at, a), (at, b), value, 1)
        cv2.line(picture, (a, at), (b, at), value, 1)


def trace(rng, picture):
    """An ECG or respiration trace, or a time-intensity curve."""
    x = np.arange(0, SIDE)
    beat = float(rng.uniform(30, 200))
    phase = (x + rng.uniform(0, beat)) % beat / beat
    y = np.exp(-((phase - 0.3) / 0.02) ** 2) - 0.3 * np.exp(-((phase - 0.34) / 0.02) ** 2) + 0.25 * np.exp(-((phase - 0.6) / 0.06) ** 2) + 0.1 * np.exp(-((phase - 0.15) / 0.04) ** 2)
    y = int(rng.integers(60, SIDE - 10)) - y * float(rng.uniform(8, 90)) + rng.normal(0, 0.6, SIDE)
    cv2.polylines(picture, [np.stack([x, y], 1).astype(np.int32)], False, float(rng.choice([1, 1, 0, 0.7])), int(rng.integers(1, 3)), int(rng.choice([8, cv2.LINE_AA])))


def screw(rng, picture):
    """A screw, a plate with holes, clips and staples: metal with sharp edges."""
    kind = rng.integers(4)
    layer = np.zeros_like(picture)
    at = rng.integers(60, SIDE - 60, 2)
    x, y = int(at[0]), int(at[1])
    if kind == 0:
        pitch, width, length = int(rng.integers(3, 10)), int(rng.integers(4, 16)), int(rng.integers(30, 140))
        cv2.rectangle(layer, (x, y), (x + length, y + width), 1.0, -1)
        for i in range(0, length, pitch):
            cv2.line(layer, (x + i, y - 3), (x + i + pitch // 2, y + width + 3), 1.0, max(1, pitch // 3), cv2.LINE_AA)
        cv2.circle(layer, (x, y + width // 2), width, 1.0, -1)
    elif kind == 1:
        length, width = int(rng.integers(80, 240)), int(rng.integers(12, 34))
        cv2.rectangle(layer, (x, y), (x + length, y + width), 1.0, -1)
        for i in range(width, length, width * 2):
            cv2.circle(layer, (x + i, y + width // 2), width // 3, 0.0, -1)
    elif kind == 2:
        for _ in range(int(rng.integers(1, 20))):  # surgical clips and staples
            cx, cy = int(rng.normal(x, 60)), int(rng.normal(y, 60))
            cv2.ellipse(layer, (cx, cy), (int(rng.integers(2, 8)), int(rng.integers(2, 6))), float(rng.uniform(0, 180)), 0, float(rng.choice([180, 300, 360])), 1.0, int(rng.integers(1, 3)), cv2.LINE_AA)
    else:
        for i in range(int(rng.integers(3, 9))):  # sternal wires
            cy = y + i * int(rng.integers(20, 40))
            cv2.ellipse(layer, (x, cy), (int(rng.integers(6, 14)), int(rng.integers(3, 8))), float(rng.uniform(-30, 30)), 0, 330, 1.0, int(rng.integers(1, 3)), cv2.LINE_AA)
            cv2.line(layer, (x + 8, cy), (x + 16, cy - 6), 1.0, 2, cv2.LINE_AA)
    if kind < 2:
        spin = cv2.getRotationMatrix2D((x, y), float(rng.uniform(0, 360)), 1)
        layer = cv2.warpAffine(layer, spin, (SIDE, SIDE))
    layer = cv2.GaussianBlur(layer, (0, 0), float(rng.uniform(0.4, 1.2)))
    picture += layer * float(rng.choice([0.5, 0.3, 0.9, -0.4]))


def bars(rng, picture):
    """Step wedges and resolution patterns."""
    x, y = (int(v) for v in rng.integers(10, SIDE - 120, 2))
    if rng.random() < 0.5:
        n, w, h = int(rng.integers(4, 18)), int(rng.integers(6, 30)), int(rng.integers(10, 40))
        for i in range(n):
            cv2.rectangle(picture, (x + i * w, y), (x + i * w + w - 1, y + h), i / n, -1)
    else:
        w = 12.0
        while w > 1 and x < SIDE - 20:
            for _ in range(4):
                cv2.rectangle(picture, (x, y), (x + int(w) - 1, y + 40), 1.0, -1)
                x += int(w * 2)
            w *= 0.8


def marks(rng, picture, unsure):
    """Caliper crosses, arrows, dots, corners: what stands beside text. Nobody is told apart by them, and it does not
    matter whether they are taken for text: they go into `unsure`."""
    for _ in range(int(rng.integers(1, 5))):
        x, y = (int(v) for v in rng.integers(15, SIDE - 15, 2))
        r, value, kind = int(rng.integers(2, 9)), float(rng.choice([1, 1, 0])), rng.integers(4)
        if kind == 0:
            cv2.line(picture, (x - r, y), (x + r, y), value, 1)
            cv2.line(picture, (x, y - r), (x, y + r), value, 1)
        elif kind == 1:
            cv2.line(picture, (x - r, y - r), (x + r, y + r), value, 1)
            cv2.line(picture, (x - r, y + r), (x + r, y - r), value, 1)
        elif kind == 2:
            cv2.arrowedLine(picture, (x - 2 * r, y - r), (x + r, y + r), value, int(rng.integers(1, 3)), tipLength=0.4)
        else:
            cv2.circle(picture, (x, y), r, value, int(rng.choice([-1, 1])))
        cv2.rectangle(unsure, (x - 2 * r - 3, y - 2 * r - 3), (x + 2 * r + 3, y + 2 * r + 3), 1, -1)


KINDS = [chest, limb, slice_, ultrasound, nuclear, angiogram, breast, flat, mesh]
WEIGHTS = [0.14, 0.12, 0.16, 0.16, 0.06, 0.1, 0.07, 0.11, 0.08]


def dressed(rng, picture):
    """Adds what looks like text and is none. Gives the picture and where it does not matter."""
    unsure = np.zeros(picture.shape, np.uint8)
    if rng.random() < 0.25:
        for _ in range(int(rng.integers(1, 4))):
            walk(rng, picture, float(rng.uniform(-0.5, 0.6)), int(rng.integers(1, 9)))
    for thing, share in ((ticks, 0.25), (grid, 0.07), (trace, 0.1), (screw, 0.2), (bars, 0.07)):
        if rng.random() < share:
            thing(rng, picture)
    if rng.random() < 0.2:
        marks(rng, picture, unsure)
    return picture, unsure


def phantom(rng):
    picture = KINDS[int(rng.choice(len(KINDS), p=WEIGHTS))](rng).astype(np.float32)
    return dressed(rng, picture)
