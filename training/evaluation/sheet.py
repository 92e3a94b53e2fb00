"""A contact sheet of the set: pictures with the lines' boxes, to be looked at."""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("truth", type=Path)
    ap.add_argument("out", type=Path)
    ap.add_argument("--count", type=int, default=40)
    ap.add_argument("--first", type=int, default=0, help="rotates the choice")
    ap.add_argument("--boxes", action="store_true")
    ap.add_argument("--tile", type=int, default=400)
    args = ap.parse_args()
    rows = [json.loads(x) for x in open(args.truth)]
    chosen = [rows[int(i)] for i in (np.linspace(0, len(rows) - 1, args.count) + args.first) % len(rows)]
    across = 8 if args.count > 12 else 4
    page = Image.new("RGB", (across * args.tile, -(-len(chosen) // across) * args.tile), (60, 0, 60))
    for k, row in enumerate(chosen):
        im = Image.open(args.truth.parent / row["png"]).convert("RGB")
        f = min((args.tile - 4) / im.width, (args.tile - 4) / im.height)
        im = im.resize((max(1, int(im.width * f)), max(1, int(im.height * f))), Image.Resampling.LANCZOS)
        draw = ImageDraw.Draw(im)
        for line in row["lines"] if args.boxes else []:
            x, y, w, h = (v * f for v in line["box"])
            draw.rectangle((x - 2, y - 2, x + w + 2, y + h + 2), outline=(255, 0, 255) if line["hidden"] else (0, 200, 0))
        draw.text((2, im.height - 12), f"{row['file'][6:10]} {row['modality']}", fill=(255, 128, 0))
        page.paste(im, ((k % across) * args.tile, (k // across) * args.tile))
    page.save(args.out)


if __name__ == "__main__":
    main()
