"""What a viewer shows of a DICOM image, and the windows where text hides.

Independent of samar: written from PS3.3 C.7.6.3 and C.11.2 with pydicom and numpy.
"""

from dataclasses import dataclass

import numpy as np
import pydicom


@dataclass
class Seen:
    """One frame: grey stored values with their window, or colour 0..255."""

    pixels: np.ndarray
    window: tuple | None = None
    padding: int | None = None
    inverted: bool = False

    @property
    def colour(self):
        return self.pixels.ndim == 3


def load(path):
    ds = pydicom.dcmread(path)
    shape = (ds.Rows, ds.Columns) + ((3,) if ds.SamplesPerPixel == 3 else ())
    kind = f"{'i' if ds.PixelRepresentation else 'u'}{ds.BitsAllocated // 8}"
    count = int(np.prod(shape))
    stored = np.frombuffer(ds.PixelData, "<" + kind)[:count].reshape(shape)
    if ds.SamplesPerPixel == 3:
        return Seen(stored)
    if ds.PhotometricInterpretation == "PALETTE COLOR":
        table = [np.frombuffer(ds[f"{c}PaletteColorLookupTableData"].value, "<u2") >> 8 for c in ("Red", "Green", "Blue")]
        return Seen(np.stack([t[stored] for t in table], 2).astype(np.uint8))
    slope, shift = float(ds.get("RescaleSlope", 1)), float(ds.get("RescaleIntercept", 0))
    window = None
    if "WindowCenter" in ds:
        c, w = float(np.atleast_1d(ds.WindowCenter)[0]), float(np.atleast_1d(ds.WindowWidth)[0])
        window = ((c - w / 2 - shift) / slope, (c + w / 2 - shift) / slope)
    return Seen(stored, window, ds.get("PixelPaddingValue"), ds.PhotometricInterpretation == "MONOCHROME1")


def ranges(pixels, window, padding=None):
    """The grey views as (low, high) pairs; a view that would show nothing is left out."""
    known = pixels if padding is None else pixels[pixels != padding]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    low, high = low, max(high, low + 1)
    if window is None:
        return {"header": (low, high)}
    out = {"header": window}
    span = window[1] - window[0]
    if low < window[0] - .02 * span or high > window[1] + .02 * span or (high - low) < .8 * span:
        out["minmax"] = (low, high)
    if low < window[0] - 1:
        out["below"] = (low, window[0])
    if high > window[1] + 1:
        out["above"] = (window[1], high)
    return out


def shown(pixels, window, inverted=False):
    low, high = window
    grey = (np.asarray(pixels, np.float32) - low) * np.float32(255.0 / max(high - low, 1e-6))
    grey = np.clip(grey, 0, 255).astype(np.uint8)
    return 255 - grey if inverted else grey


def luma(rgb):
    return np.clip(rgb[..., 0] * .299 + rgb[..., 1] * .587 + rgb[..., 2] * .114 + .5, 0, 255).astype(np.uint8)


def views(seen):
    """All views as 8-bit grey pictures by name."""
    if seen.colour:
        out = {"header": luma(seen.pixels)}
        chroma = seen.pixels.max(2) - seen.pixels.min(2)
        if (chroma > 24).mean() > .0005:
            out["chroma"] = chroma
        return out
    out = {k: shown(seen.pixels, v, seen.inverted) for k, v in ranges(seen.pixels, seen.window, seen.padding).items()}
    if seen.inverted:
        # "Above" means brighter than what the window shows as white, in both polarities.
        turned = {"above": "below", "below": "above"}
        out = {turned.get(k, k): v for k, v in out.items()}
    return out


def picture(seen):
    """The header-window view, in colour where the image is."""
    if seen.colour:
        return seen.pixels
    return shown(seen.pixels, ranges(seen.pixels, seen.window, seen.padding)["header"], seen.inverted)
