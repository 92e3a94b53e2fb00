"""Writes a finished picture as a DICOM file that a strict reader accepts."""

import datetime

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

import content
from views import Seen

CLASS = {"CR": "1", "DX": "1.1", "MG": "1.2", "CT": "2", "MR": "4", "US": "6.1", "XA": "12.1", "RF": "12.2", "NM": "20", "PT": "128",
         "SC": "7", "ES": "77.1.1", "OP": "77.1.5.1"}
MAKERS = ["Ekwador Imaging", "Nusa Medika", "Talang Systems", "Oakmere Devices"]


def uid(seed, *parts):
    return "2.25." + str(int.from_bytes(np.random.SeedSequence([seed, *parts]).generate_state(4).tobytes(), "big"))


def identify(ds, rng, picture, seed, number, lines):
    """Patient, study, series and image: an invented person in every file."""
    name, pid = content.person(rng)
    named = [r["text"] for r in lines if r["kind"] == "name" and r["script"] == "latin" and "^" in r["text"]]
    if named and rng.random() < .5:
        name = named[0].split(":")[-1].strip().removeprefix("Nama ").removeprefix("Pt. ")
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.ImageType = ["DERIVED", "SECONDARY"] if picture.modality in ("SC", "ES", "OP") else ["ORIGINAL", "PRIMARY"]
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1." + CLASS[picture.modality]
    ds.SOPInstanceUID, ds.StudyInstanceUID, ds.SeriesInstanceUID = (uid(seed, number, k) for k in (1, 2, 3))
    day = datetime.date(2019, 1, 1) + datetime.timedelta(days=int(rng.integers(0, 2400)))
    ds.StudyDate, ds.StudyTime, ds.AccessionNumber = day.strftime("%Y%m%d"), "101500", f"A{number:06}"
    ds.Modality = {"SC": "OT"}.get(picture.modality, picture.modality)
    ds.Manufacturer, ds.ReferringPhysicianName = MAKERS[number % 4], ""
    ds.ManufacturerModelName = f"Phantom {picture.modality}"
    if picture.modality == "SC":
        ds.ConversionType = "WSD"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = name, pid, "", "O"
    ds.StudyID, ds.SeriesNumber, ds.InstanceNumber = str(number), "1", "1"


def describe(ds, picture):
    """The Image Pixel module and the window."""
    shape = picture.pixels.shape
    ds.SamplesPerPixel = 3 if picture.photometric == "RGB" else 1
    ds.PhotometricInterpretation = picture.photometric
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = 0
    ds.Rows, ds.Columns = shape[0], shape[1]
    wide = 8 if picture.bits <= 8 else 16
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = wide, picture.bits, picture.bits - 1
    ds.PixelRepresentation = int(picture.signed)


def write_dicom(rng, path, picture, seed, number, lines, index, table):
    """Writes the file; returns the image as a viewer is given it."""
    ds = Dataset()
    identify(ds, rng, picture, seed, number, lines)
    describe(ds, picture)
    if table is not None:
        for k, colour in enumerate(("Red", "Green", "Blue")):
            setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
            setattr(ds, f"{colour}PaletteColorLookupTableData", (table[:, k].astype("<u2") * 257).tobytes())
        stored, seen = index.astype("u1"), Seen(picture.pixels.astype("u1"))
    elif picture.photometric == "RGB":
        stored = np.clip(picture.pixels, 0, 255).astype("u1")
        seen = Seen(stored)
    else:
        stored, seen = grey(ds, picture)
    raw = stored.tobytes()
    ds.PixelData = raw + b"\0" * (len(raw) % 2)
    ds["PixelData"].VR = "OB" if ds.BitsAllocated == 8 else "OW"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID, ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    ds.save_as(path, enforce_file_format=True)
    return seen


def grey(ds, picture):
    """MONOCHROME1 stores the picture upside down in its range; the window follows."""
    pixels, window = picture.pixels, picture.window
    inverted = picture.photometric == "MONOCHROME1"
    if inverted:
        turn = picture.limits[0] + picture.limits[1]
        pixels, window = turn - pixels, (turn - window[1], turn - window[0])
    if picture.says_window:
        ds.WindowCenter = str(round((window[0] + window[1]) / 2 * picture.slope + picture.intercept, 2))
        ds.WindowWidth = str(round((window[1] - window[0]) * picture.slope, 2))
    if picture.slope != 1 or picture.intercept or picture.modality in ("CT", "PT"):
        ds.RescaleIntercept, ds.RescaleSlope = str(picture.intercept), str(picture.slope)
    if picture.padding is not None:
        ds.PixelPaddingValue = picture.padding
        ds["PixelPaddingValue"].VR = "SS" if picture.signed else "US"
    if picture.modality == "PT":
        ds.Units = "BQML"
    kind = f"<{'i' if picture.signed else 'u'}{ds.BitsAllocated // 8}"
    info = np.iinfo(kind)
    stored = np.clip(pixels, info.min, info.max).astype(kind)
    return stored, Seen(stored, window if picture.says_window else None, picture.padding, inverted)
