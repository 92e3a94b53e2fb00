"""Runs other text detectors over the set and writes what they would blank, as JSON lines.

    python rivals.py SET OUT --onnx pp3=FILE [--onnx pp4=FILE]   DBNet detectors (PP-OCR)
    python rivals.py SET OUT --tesseract                         Tesseract, psm 11, word boxes

Each row: {"file": ..., "boxes": [[x, y, w, h, score], ...], "cpu": seconds}.
For a DBNet model three files come out of one run: NAME.header (header window alone),
NAME.views (all views) and NAME.wide (all views, thick components cut again at a
higher threshold, boxes widened by half a line height at each end).
"""

import argparse
import json
import os
import resource
import subprocess
import time
from pathlib import Path

import cv2
import numpy as np

import views

MEAN, STD = np.array([.485, .456, .406], np.float32), np.array([.229, .224, .225], np.float32)
THRESH, BOX_THRESH, UNCLIP, SMALLEST = .3, .5, 1.6, 3


def enlargement(longest):
    return 2.0 if longest <= 700 else 1.5 if longest <= 1100 else 1.0


def probability(session, grey):
    """The model's map, in the picture's size."""
    h, w = grey.shape
    f = enlargement(max(h, w))
    size = (max(32, round(w * f / 32) * 32), max(32, round(h * f / 32) * 32))
    im = cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)[..., None] / 255
    feed = ((im - MEAN) / STD).transpose(2, 0, 1)[None]
    return session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(feed)})[0][0, 0], (w / size[0], h / size[1])


def mean_in(prob, corners):
    """The mean of the map inside of a turned box."""
    x0, y0 = np.maximum(np.floor(corners.min(0)).astype(int), 0)
    x1, y1 = np.minimum(np.ceil(corners.max(0)).astype(int) + 1, (prob.shape[1], prob.shape[0]))
    if x1 <= x0 or y1 <= y0:
        return 0.0
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    cv2.fillPoly(mask, [np.round(corners - (x0, y0)).astype(np.int32)], 1)
    return float(cv2.mean(prob[y0:y1, x0:x1], mask)[0])


def components(prob, binary):
    contours, _ = cv2.findContours(binary.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours[:3000]:
        rect = cv2.minAreaRect(contour)
        if min(rect[1]) >= SMALLEST:
            yield contour, rect


def boxes(prob, scale, shape, wide):
    """DBNet's usual way from map to boxes; `wide` adds the cut and the widening."""
    fx, fy = scale
    thick = max(40, .08 * min(shape)) / max(fx, fy)
    binary = cv2.dilate((prob > THRESH).astype(np.uint8), np.ones((2, 2), np.uint8))
    todo, out = [(binary, THRESH)], []
    while todo:
        current, level = todo.pop()
        for contour, rect in components(prob, current):
            if wide and min(rect[1]) > thick and level < .85:
                part = np.zeros_like(current)
                cv2.drawContours(part, [contour], -1, 1, -1)
                todo.append((part & (prob > level + .2), level + .2))
                continue
            score = mean_in(prob, cv2.boxPoints(rect))
            if score < BOX_THRESH:
                continue
            (cx, cy), (rw, rh), angle = rect
            grow = rw * rh * UNCLIP / (2 * (rw + rh))
            rw, rh = rw + 2 * grow, rh + 2 * grow
            if min(rw, rh) < SMALLEST + 2:
                continue
            if wide:
                rw, rh = (rw + rh, rh) if rw >= rh else (rw, rh + rw)
            corners = cv2.boxPoints(((cx, cy), (rw, rh), angle)) * (fx, fy)
            x0, y0 = np.maximum(np.floor(corners.min(0)), 0)
            x1, y1 = np.minimum(np.ceil(corners.max(0)), (shape[1], shape[0]))
            if x1 - x0 > 3 and y1 - y0 > 3:
                out.append([int(x0), int(y0), int(x1 - x0), int(y1 - y0), round(score, 3)])
    return out


def cpu():
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


KINDS = ("header", "views", "wide")


class Dbnet:
    """One model and the three files it writes."""

    def __init__(self, spec, out, resume):
        import onnxruntime

        name, path = spec.split("=", 1)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_mem_pattern = False
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.files = {k: open(out / f"{name}.{k}.jsonl", "a" if resume else "w") for k in KINDS}

    def run(self, row, pictures):
        found, spent = {k: [] for k in KINDS}, {k: 0.0 for k in KINDS}
        for view, grey in pictures.items():
            start = cpu()
            prob, scale = probability(self.session, grey)
            model = cpu() - start
            for kind in KINDS:
                if kind == "header" and view != "header":
                    continue
                start = cpu()
                found[kind] += boxes(prob, scale, grey.shape, kind == "wide")
                spent[kind] += model + cpu() - start
        for kind, out in self.files.items():
            out.write(json.dumps({"file": row["file"], "boxes": found[kind], "cpu": round(spent[kind], 3)}) + "\n")
            out.flush()


def dbnet(args, rows):
    models = [Dbnet(spec, args.out, args.resume) for spec in args.onnx]
    for row in rows:
        pictures = views.views(views.load(args.set / row["file"]))
        for model in models:
            model.run(row, pictures)


def tesseract(args, rows):
    env = dict(os.environ, OMP_THREAD_LIMIT="1")
    with open(args.out / "tesseract.jsonl", "a" if args.resume else "w") as out:
        for row in rows:
            start = cpu()
            try:
                text = subprocess.run(["tesseract", str(args.set / row["png"]), "-", "--psm", "11", "-l", args.lang, "tsv"],
                                      capture_output=True, env=env, check=False, text=True, errors="replace", timeout=45).stdout
            except subprocess.TimeoutExpired:
                text = ""  # it can take for ever on a checkerboard
            found = []
            for line in text.splitlines()[1:]:
                cells = line.split("\t")
                if len(cells) >= 12 and cells[0] == "5" and cells[11].strip():
                    found.append([int(v) for v in cells[6:10]] + [float(cells[10]) / 100])
            out.write(json.dumps({"file": row["file"], "boxes": found, "cpu": round(cpu() - start, 3)}) + "\n")
            out.flush()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("set", type=Path)
    ap.add_argument("out", type=Path)
    ap.add_argument("--onnx", action="append", default=[], metavar="NAME=FILE")
    ap.add_argument("--tesseract", action="store_true")
    ap.add_argument("--lang", default="eng")
    ap.add_argument("--resume", type=int, default=0, help="go on after this many images of a run that was cut off")
    ap.add_argument("--every", type=int, default=1, help="only every n-th image, for quick runs")
    args = ap.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    rows = [json.loads(line) for line in open(args.set / "truth.jsonl")]
    # Every stride of this order has all kinds of images, so a cut-off run still tells something.
    rows = [rows[i] for i in np.random.default_rng(7).permutation(len(rows))][:: args.every][args.resume :]
    start = time.time()
    (tesseract if args.tesseract else dbnet)(args, rows)
    print(f"{len(rows)} images, {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
