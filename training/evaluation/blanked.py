"""What a tool blanked: as rectangles it named, or as pixels that changed in its files."""

import json
from pathlib import Path

import numpy as np
import pydicom


class Rectangles:
    """Boxes from a JSON lines file."""

    by_pixels = False

    def __init__(self, path, least):
        self.rows, self.least = {}, least
        for line in open(path):
            row = json.loads(line)
            self.rows[Path(row["file"]).stem] = row

    def knows(self, row):
        return Path(row["file"]).stem in self.rows

    def cpu(self, row):
        return self.rows[Path(row["file"]).stem].get("cpu")

    def blank(self, row, shape):
        out = np.zeros(shape, bool)
        for box in self.rows[Path(row["file"]).stem]["boxes"]:
            if len(box) > 4 and box[4] < self.least:
                continue
            x, y, w, h = (int(round(v)) for v in box[:4])
            out[max(0, y):max(0, y + h), max(0, x):max(0, x + w)] = True
        return out


def pixels(path):
    """Stored values of the first frame, undecoded of colour and window."""
    ds = pydicom.dcmread(path)
    values = ds.pixel_array
    if int(ds.get("NumberOfFrames", 1) or 1) > 1:
        values = values[0]
    return values


class Written:
    """De-identified files against their originals.

    A pixel counts as blanked when it changed. A pixel that was black before cannot be
    seen to change, so the area given is the least it can be; whether a *line* is hidden
    is judged by glyphs and surroundings both standing at the fill value.
    A file without an output was withheld (quarantined, rejected or failed).
    """

    by_pixels = True

    def __init__(self, originals, output, report):
        self.originals, self.output, self.pairs, self.last = Path(originals), Path(output), {}, (None, None, None)
        if report:
            for line in open(report):
                event = json.loads(line)
                if event.get("type") == "input":
                    self.pairs[Path(event["input"]).stem] = self.output / event["output"] if event.get("output") else None
        else:
            for path in self.output.rglob("*.dcm"):
                self.pairs[path.stem] = path
            if not any(p.stem in self.pairs for p in self.originals.glob("*.dcm")):
                self.pair_by_pixels()

    def pair_by_pixels(self):
        """Without a report: the output of the same shape that agrees in most sampled pixels."""
        shapes = {}
        for path in sorted(self.output.rglob("*.dcm")):
            values = pixels(path)
            shapes.setdefault((values.shape, values.dtype.str), []).append((path, values.ravel()[::997].copy()))
        self.pairs = {}
        for path in sorted(self.originals.glob("*.dcm")):
            values = pixels(path)
            sample = values.ravel()[::997]
            best = max(((float((s == sample).mean()), p) for p, s in shapes.get((values.shape, values.dtype.str), [])), default=(0, None))
            self.pairs[path.stem] = best[1] if best[0] > .3 else None

    def knows(self, row):
        return (self.originals / Path(row["file"]).name).exists()

    def cpu(self, _row):
        return None

    def look(self, row):
        stem = Path(row["file"]).stem
        if self.last[0] == stem:
            return self.last[1:]
        path = self.pairs.get(stem)
        changed = black = None
        if path is not None and path.exists():
            before, after = pixels(self.originals / f"{stem}.dcm"), pixels(path)
            if before.shape != after.shape:
                raise ValueError(f"{stem}: the output has another shape")
            changed = before != after
            flat = changed.any(2) if changed.ndim == 3 else changed
            if flat.any():
                values, counts = np.unique(after[flat], axis=0, return_counts=True)
                black = after == values[np.argmax(counts)]
                black = black.all(2) if black.ndim == 3 else black
            else:
                black = np.zeros(flat.shape, bool)
            changed = flat
        self.last = (stem, changed, black)
        return changed, black

    def blank(self, row, _shape):
        return self.look(row)[0]

    def black(self, row, _shape):
        return self.look(row)[1]
