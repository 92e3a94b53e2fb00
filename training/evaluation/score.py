"""Scores what tools blank against the truth, side by side, as Markdown.

    python score.py SET --tool NAME=FILE.jsonl [--tool ...]          rectangles
    python score.py SET --originals DIR --output DIR [--report FILE] de-identified files

FILE.jsonl has rows {"file": "dicom/0001.dcm", "boxes": [[x, y, w, h, score], ...], "cpu": seconds};
`NAME=FILE.jsonl@0.4` takes only boxes scored 0.4 and more. A line is *hidden* when at
least 90 % of its glyph pixels are blanked. Both ways can be used in one run.
With --misses DIR the worst misses of every tool become contact sheets.
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from blanked import Rectangles, Written
from misses import contact_sheet
from table import markdown

HIDDEN_AT = .9


def polygon_mask(shape, lines, grow):
    """Pixels of the lines' boxes, grown by half a capital and 2 pixels when `grow`."""
    mask = np.zeros(shape, np.uint8)
    for line in lines:
        points = np.round(np.array(line["polygon"])).astype(np.int32)
        cv2.fillPoly(mask, [points], 1)
        if grow:
            cv2.polylines(mask, [points], True, 1, 2 * (int(line["cap"] * .5) + 2))
    return mask > 0


def ring_of(labels, line):
    """The line's glyph pixels and the pixels around them, in a window of the image."""
    x, y, w, h = line["box"]
    at = (slice(max(0, y - 4), y + h + 4), slice(max(0, x - 4), x + w + 4))
    ink = (labels[at] == line["id"]).astype(np.uint8)
    return at, ink > 0, (cv2.dilate(ink, np.ones((5, 5), np.uint8)) > 0) & (ink == 0)


def box_share(blank, line, shape):
    x, y, w, h = line["box"]
    at = (slice(max(0, y - 8), min(shape[0], y + h + 8)), slice(max(0, x - 8), min(shape[1], x + w + 8)))
    area = np.zeros((at[0].stop - at[0].start, at[1].stop - at[1].start), np.uint8)
    points = np.array(line["polygon"]) - (at[1].start, at[0].start)
    cv2.fillPoly(area, [np.round(points).astype(np.int32)], 1)
    return float(blank[at][area > 0].mean()) if area.any() else 1.0


def judge(row, tool, labels, allowed):
    """One tool on one image: the shares hidden of each line, and the area blanked."""
    shape = (row["rows"], row["columns"])
    blank = tool.blank(row, shape)
    result = {"file": row["file"], "row": row, "cpu": tool.cpu(row), "pixels": shape[0] * shape[1], "lines": []}
    if blank is None:
        result["withheld"] = True
        return result
    result["area"], result["touched"] = float(blank.mean()), bool(blank.any())
    if labels is None:
        return result
    result["spill"] = float((blank & ~allowed).mean())
    idx = np.flatnonzero(labels)
    hit = np.bincount(labels.ravel()[idx], weights=blank.ravel()[idx], minlength=256)
    for line in row["lines"]:
        if not line["counts"]:
            continue
        share = hit[line["id"]] / line["glyph_pixels"]
        if tool.by_pixels:
            at, ink, ring = ring_of(labels, line)
            black = tool.black(row, shape)[at]
            share = min(float(black[ink].mean()), float(black[ring].mean()) if ring.any() else 1.0)
        result["lines"].append((line, float(share), box_share(blank, line, shape)))
    return result


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("set", type=Path)
    ap.add_argument("--tool", action="append", default=[], metavar="NAME=FILE[@SCORE]")
    ap.add_argument("--originals", type=Path)
    ap.add_argument("--output", type=Path)
    ap.add_argument("--report", type=Path, help="samar's JSON lines report, to pair the files")
    ap.add_argument("--name", default="samar")
    ap.add_argument("--misses", type=Path)
    ap.add_argument("--json", type=Path, help="every line's shares by tool")
    args = ap.parse_args()
    tools = {}
    for spec in args.tool:
        name, path = spec.split("=", 1)
        path, _, least = path.partition("@")
        tools[name] = Rectangles(path, float(least or 0))
    if args.output:
        tools[args.name] = Written(args.originals or args.set / "dicom", args.output, args.report)
    rows = [json.loads(line) for line in open(args.set / "truth.jsonl")]
    common = [r for r in rows if all(t.knows(r) for t in tools.values())]
    if not tools or not common:
        raise SystemExit("nothing to score")
    results = {name: [] for name in tools}
    for row in common:
        labels = np.asarray(Image.open(args.set / row["mask"])) if row["mask"] else None
        allowed = polygon_mask((row["rows"], row["columns"]), row["lines"], True) if row["mask"] else None
        for name, tool in tools.items():
            results[name].append(judge(row, tool, labels, allowed))
    print(markdown(results, len(rows), HIDDEN_AT))
    if args.json:
        with open(args.json, "w") as out:
            for name, judged in results.items():
                for r in judged:
                    out.write(json.dumps({"tool": name, "file": r["file"], "withheld": r.get("withheld", False), "area": r.get("area"), "spill": r.get("spill"),
                                          "cpu": r["cpu"], "lines": [[line["id"], round(a, 3), round(b, 3)] for line, a, b in r["lines"]]}) + "\n")
    if args.misses:
        args.misses.mkdir(parents=True, exist_ok=True)
        for name, judged in results.items():
            contact_sheet(args.set, judged, args.misses / f"{name}.png", HIDDEN_AT, tools[name])


if __name__ == "__main__":
    main()
