"""Makes training data: shards of views and targets, each from its own seed.

    python make_data.py out --shards 60 --real list.txt

`--real` names DICOM files without any text, one a line; they are used beside the phantoms.
"""

import argparse
import os
import time

import cv2
import numpy as np

import phantoms
from scene import SIDE, scene

PER_PICTURE = 6
PICTURES = 80


def real(path, rng):
    """One frame of a DICOM file as a picture of the phantoms' size, 0..1; None when it cannot be read."""
    import pydicom

    try:
        data = pydicom.dcmread(path)
        frames = data.pixel_array
    except Exception:  # the decoders raise anything
        return None
    if int(data.get("NumberOfFrames") or 1) > 1:
        frames = frames[int(rng.integers(len(frames)))]
    if frames.ndim == 3:
        frames = frames[..., :3].mean(axis=2)
    if frames.ndim != 2 or min(frames.shape) < 32:
        return None
    picture = frames.astype(np.float32)
    low, high = picture.min(), picture.max()
    if high <= low:
        return None
    picture = (picture - low) / (high - low)
    side = phantoms.SIDE
    if max(picture.shape) > side * 2 and rng.random() < 0.5:
        scale = float(rng.uniform(0.5, 1))
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    elif min(picture.shape) < 300:
        scale = float(rng.choice([1, 2, 2, 3]))
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=int(rng.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC])))
    y, x = (int(rng.integers(0, max(length - side, 0) + 1)) for length in picture.shape)
    picture = picture[y : y + side, x : x + side]
    pads = [(0, side - length) for length in picture.shape]
    return np.pad(picture, pads, mode="constant" if rng.random() < 0.7 else "reflect")[:side, :side]


def shard(seed, real_files):
    rng = np.random.default_rng([2026, seed])
    views, targets = [], []
    for _ in range(PICTURES):
        picture = None
        if real_files and rng.random() < 0.45:
            picture = real(real_files[int(rng.integers(len(real_files)))], rng)
        if picture is None:
            picture, unsure = phantoms.phantom(rng)
        elif rng.random() < 0.3:
            picture, unsure = phantoms.dressed(rng, np.ascontiguousarray(picture, np.float32))
        else:
            unsure = np.zeros(picture.shape, np.uint8)
        for _ in range(PER_PICTURE):
            grey, target = scene(rng, picture, unsure)
            views.append(grey)
            targets.append(target)
    return np.stack(views), np.stack(targets)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--shards", type=int, default=60)
    parser.add_argument("--first", type=int, default=0, help="seed of the first shard")
    parser.add_argument("--real", help="a list of text-free DICOM files")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    cv2.setNumThreads(1)
    real_files = [line.strip() for line in open(args.real)] if args.real else []
    for seed in range(args.first, args.first + args.shards):
        start = time.time()
        views, targets = shard(seed, real_files)
        part = os.path.join(args.out, f"{seed:04}.part.npz")
        np.savez(part, views=views, targets=targets)
        os.rename(part, os.path.join(args.out, f"{seed:04}.npz"))
        print(f"shard {seed}: {len(views)} views of {SIDE} in {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
