"""Decoders that judge: imagecodecs, pydicom, GDCM and DCMTK. Each takes a file and gives frames x rows x columns x samples."""
import os
import re
import struct
import subprocess
import tempfile
import warnings
import zlib

import gdcm
import imagecodecs
import numpy
import pydicom
import pydicom.config
import pydicom.pixels

import pixel_files as files

pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
gdcm.Trace.WarningOff()
gdcm.Trace.ErrorOff()
JPEGS = (files.BASELINE, files.EXTENDED, files.LOSSLESS, files.LOSSLESS_SV1)
LSS = (files.LS, files.LS_NEAR)
HTS = (files.HT_LOSSLESS, files.HT_RPCL, files.HT)
XLS = (files.XL_LOSSLESS, files.XL)


class Cannot(Exception):
    """The decoder does not know this kind of image."""


def items(value):
    """Offset table and fragments of encapsulated pixel data, each fragment as (offset of its item, bytes)."""
    at, found = 0, []
    while at + 8 <= len(value):
        group, element, length = struct.unpack_from("<HHI", value, at)
        if (group, element) == (0xFFFE, 0xE0DD):
            break
        if (group, element) != (0xFFFE, 0xE000) or at + 8 + length > len(value):
            raise ValueError("pixel data hold something else than items")
        found.append((at, value[at + 8 : at + 8 + length]))
        at += 8 + length
    if not found:
        raise ValueError("pixel data have no offset table")
    table, fragments = found[0][1], found[1:]
    start = 8 + len(table)
    return table, [(offset - start, data) for offset, data in fragments]


def coded_frames(dataset):
    """The codestream of every frame, by whatever offset table there is."""
    count = int(dataset.get("NumberOfFrames", 1) or 1)
    table, fragments = items(dataset.PixelData)
    if "ExtendedOffsetTable" in dataset:
        offsets = numpy.frombuffer(dataset.ExtendedOffsetTable, "<u8").tolist()[:count]
    elif table:
        offsets = numpy.frombuffer(table, "<u4").tolist()
    elif count == 1:
        offsets = [0]
    elif len(fragments) == count:
        offsets = [offset for offset, _ in fragments]
    else:
        ends = [data.rstrip(b"\0").endswith(b"\xff\xd9") for _, data in fragments]
        offsets = [offset for (offset, _), ended in zip(fragments, [True, *ends]) if ended]
    if len(offsets) != count:
        raise ValueError(f"{len(offsets)} frames found, {count} declared")
    limits = [*offsets[1:], float("inf")]
    return [b"".join(data for offset, data in fragments if start <= offset < end) for start, end in zip(offsets, limits)]


def misplaced(dataset):
    """What is wrong with fragments and offset tables."""
    table, fragments = items(dataset.PixelData)
    found = []
    starts = {offset for offset, _ in fragments}
    if any(len(data) % 2 for _, data in fragments):
        found.append("a fragment has an odd length")
    if table:
        offsets = numpy.frombuffer(table, "<u4").tolist()
        if len(offsets) != int(dataset.get("NumberOfFrames", 1) or 1) or not set(offsets) <= starts or offsets != sorted(set(offsets)) or offsets[0]:
            found.append("the basic offset table is wrong")
    if ("ExtendedOffsetTable" in dataset) != ("ExtendedOffsetTableLengths" in dataset):
        found.append("one of the extended offset tables is missing")
    elif "ExtendedOffsetTable" in dataset:
        offsets = numpy.frombuffer(dataset.ExtendedOffsetTable, "<u8").tolist()
        lengths = numpy.frombuffer(dataset.ExtendedOffsetTableLengths, "<u8").tolist()
        by_start = dict(fragments)
        good = len(offsets) == len(lengths) == int(dataset.get("NumberOfFrames", 1) or 1)
        # The length may leave out the byte that makes a fragment even.
        if not good or any(o not in by_start or len(by_start[o]) - n not in (0, 1) for o, n in zip(offsets, lengths)):
            found.append("the extended offset table is wrong")
    return found


def unpack(data, rows, columns, frames, samples, allocated, signed, planar, photometric):
    """Native bytes as an array."""
    count = rows * columns * frames * samples
    if allocated == 1:
        bits = numpy.unpackbits(numpy.frombuffer(data, "u1"), bitorder="little")
        return bits[:count].reshape(frames, rows, columns, 1).astype(numpy.int64)
    if photometric.startswith("YBR_FULL_422") and len(data) < count:
        four = numpy.frombuffer(data, "u1", count * 2 // 3).reshape(frames, rows, columns // 2, 4)
        out = numpy.empty((frames, rows, columns, 3), numpy.int64)
        out[:, :, 0::2, 0], out[:, :, 1::2, 0] = four[..., 0], four[..., 1]
        out[..., 1], out[..., 2] = numpy.repeat(four[..., 2], 2, 2), numpy.repeat(four[..., 3], 2, 2)
        return out
    flat = numpy.frombuffer(data, f"<{'i' if signed else 'u'}{allocated // 8}", count)
    if planar and samples > 1:
        return numpy.moveaxis(flat.reshape(frames, samples, rows, columns), 1, -1).astype(numpy.int64)
    return flat.reshape(frames, rows, columns, samples).astype(numpy.int64)


def unpacked(dataset):
    """`unpack` with what the header says; big endian words are put right first."""
    data = dataset.PixelData
    if dataset.file_meta.TransferSyntaxUID == files.BIG and dataset["PixelData"].VR == "OW":
        data = numpy.frombuffer(data, ">u2").astype("<u2").tobytes()
    return unpack(data, dataset.Rows, dataset.Columns, int(dataset.get("NumberOfFrames", 1) or 1), dataset.SamplesPerPixel, dataset.BitsAllocated,
                  dataset.PixelRepresentation, dataset.get("PlanarConfiguration", 0), dataset.PhotometricInterpretation)


def sign(dataset, array):
    """Stored values: bits above the high bit go, the sign is extended."""
    bits = dataset.BitsStored
    array = array & ((1 << bits) - 1)
    return numpy.where(array >> (bits - 1) == 1, array - (1 << bits), array) if dataset.PixelRepresentation else array


def decoded_frame(dataset, data):
    """One codestream through imagecodecs. Colours are left as they are coded."""
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if syntax in JPEGS:
        if dataset.SamplesPerPixel == 1:
            return imagecodecs.jpeg8_decode(data)
        space = "RGB" if dataset.PhotometricInterpretation == "RGB" or syntax not in files.DCT else "YCBCR"
        return imagecodecs.jpeg8_decode(data, colorspace=space, outcolorspace=space)
    if syntax in LSS:
        array = imagecodecs.jpegls_decode(data)
        # Scans without interleaving come out plane by plane.
        plane = array.ndim == 3 and array.shape[0] == 3 and array.shape[1:] == (dataset.Rows, dataset.Columns)
        return numpy.moveaxis(array, 0, -1) if plane else array
    if syntax in (files.J2K_LOSSLESS, files.J2K):
        return imagecodecs.jpeg2k_decode(data)
    if syntax in HTS:
        return imagecodecs.htj2k_decode(data)
    if syntax in XLS:
        return imagecodecs.jpegxl_decode(data)
    if syntax == files.RLE:
        array = imagecodecs.dicomrle_decode(data, f"<u{dataset.BitsAllocated // 8}")
        array = numpy.frombuffer(array, f"<u{dataset.BitsAllocated // 8}")[: dataset.Rows * dataset.Columns * dataset.SamplesPerPixel]
        return numpy.moveaxis(array.reshape(dataset.SamplesPerPixel, dataset.Rows, dataset.Columns), 0, -1)
    if syntax == files.DEFLATED_FRAME:
        inflater = zlib.decompressobj(-15)
        data = inflater.decompress(data)
        if inflater.unused_data.strip(b"\0"):
            raise ValueError("bytes follow the deflated frame")
    return unpack(data, dataset.Rows, dataset.Columns, 1, dataset.SamplesPerPixel, dataset.BitsAllocated, 0, dataset.get("PlanarConfiguration", 0),
                  dataset.PhotometricInterpretation)[0]


def by_imagecodecs(path, dataset):
    if dataset.file_meta.TransferSyntaxUID in files.NATIVE:
        return sign(dataset, unpacked(dataset))
    frames = [numpy.asarray(decoded_frame(dataset, data)).astype(numpy.int64) for data in coded_frames(dataset)]
    return sign(dataset, numpy.stack([frame.reshape(dataset.Rows, dataset.Columns, dataset.SamplesPerPixel) for frame in frames]))


PLUGIN = {files.RLE: "pydicom", **dict.fromkeys(JPEGS + LSS + (files.J2K_LOSSLESS, files.J2K) + HTS, "pylibjpeg"), **dict.fromkeys(files.NATIVE, "")}


def by_pydicom(path, dataset):
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if syntax not in PLUGIN:
        raise Cannot
    array = pydicom.pixels.pixel_array(dataset, raw=True, decoding_plugin=PLUGIN[syntax]).astype(numpy.int64)
    return sign(dataset, array.reshape(-1, dataset.Rows, dataset.Columns, dataset.SamplesPerPixel))


def by_gdcm(path, dataset):
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if syntax in HTS + XLS + (files.UNCOMPRESSED, files.DEFLATED_FRAME) or dataset.BitsAllocated == 1:
        raise Cannot
    reader = gdcm.ImageReader()
    reader.SetFileName(os.fspath(path))
    if not reader.Read():
        raise ValueError("GDCM cannot read the file")
    image = reader.GetImage()
    dims = image.GetDimensions()
    form = image.GetPixelFormat()
    buffer = image.GetBuffer()
    if buffer is None:
        raise ValueError("GDCM cannot decode the frames")
    data = buffer.encode("utf-8", errors="surrogateescape") if isinstance(buffer, str) else bytes(buffer)
    photometric = image.GetPhotometricInterpretation().GetString().strip()
    return sign(dataset, unpack(data, dims[1], dims[0], dims[2] if len(dims) > 2 else 1, form.GetSamplesPerPixel(), form.GetBitsAllocated(),
                form.GetPixelRepresentation(), image.GetPlanarConfiguration(), photometric))


TOOLS = {**dict.fromkeys(JPEGS, ("dcmdjpeg", "+cn")), **dict.fromkeys(LSS, ("dcmdjpls",)), files.RLE: ("dcmdrle",),
         **dict.fromkeys(files.NATIVE, ("dcmconv", "+te"))}


def by_dcmtk(path, dataset):
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if syntax not in TOOLS:
        raise Cannot
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.dcm")
        run = subprocess.run([*TOOLS[syntax], "-q", path, out], capture_output=True, check=False)
        if run.returncode != 0 or not os.path.exists(out):
            raise ValueError(f"{TOOLS[syntax][0]} ends with {run.returncode}")
        plain = pydicom.dcmread(out, force=True)
        return sign(plain, unpacked(plain))


DECODERS = {"imagecodecs": by_imagecodecs, "pydicom": by_pydicom, "GDCM": by_gdcm, "DCMTK": by_dcmtk}


def decode(name, path, dataset=None):
    """Samples, or the reason as text: "cannot" when the decoder has no such codec."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return DECODERS[name](path, dataset if dataset is not None else pydicom.dcmread(path, force=True))
        except (Cannot, FileNotFoundError):
            return "cannot"
        except Exception as error:  # whatever a decoder raises is its verdict on the file
            return f"{type(error).__name__}: {re.sub(r'[^ -~]', '?', str(error))[:120]}"


def black(dataset, values, near=0):
    """Whether one fill value a sample is black as displayed. `near` allows for quantisation, in steps of 1/255."""
    photometric = dataset.PhotometricInterpretation
    top = (1 << dataset.BitsStored) - 1
    low = -(1 << (dataset.BitsStored - 1)) if dataset.PixelRepresentation else 0
    slack = near * top / 255
    if photometric.startswith("MONOCHROME"):
        # The data span a fifth to four fifths of the range; black is what lies below the window of all of it.
        value = (values[0] - low) if photometric == "MONOCHROME2" else top - (values[0] - low)
        if value <= slack + top * 0.02:
            return True
        # Far from the extreme, but beyond the end of the window with which the image comes.
        if "WindowWidth" not in dataset:
            return False
        shown = values[0] * float(dataset.get("RescaleSlope", 1)) + float(dataset.get("RescaleIntercept", 0))
        centre, width = (value if isinstance(value, (int, float, str)) else value[0] for value in (dataset.WindowCenter, dataset.WindowWidth))
        beyond = (shown - float(centre)) / (float(width) / 2)
        return beyond <= -1 if photometric == "MONOCHROME2" else beyond >= 1
    if photometric.startswith("PALETTE"):
        entries, first, _ = dataset[0x00281101].value
        entries = entries or 1 << 16
        indices = numpy.arange(first, first + entries, dtype="i4" if first < 0 else "u2").reshape(1, -1)
        light = pydicom.pixels.apply_color_lut(indices, dataset)[0].astype(float) @ (0.299, 0.587, 0.114)
        index = min(max(values[0] - first, 0), len(light) - 1)
        return light[index] <= light.min() + 1
    if photometric in ("YBR_FULL", "YBR_FULL_422"):
        middle = (top + 1) / 2
        return values[0] <= slack and all(abs(value - middle) <= slack for value in values[1:])
    return all(value <= slack for value in values)
