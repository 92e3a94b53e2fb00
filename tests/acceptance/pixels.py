#!/usr/bin/env python3
"""Blanks regions in every transfer syntax and pixel form, and lets decoders that know nothing of samar judge each output."""
import collections
import concurrent.futures
import itertools
import os
import re
import sys
import tempfile
import warnings

import jpeglib
import numpy
import pydicom

import pixel_files as files
import pixel_readers as readers
from common import Report, Verdict, Work, arguments, deid, instances, lookup, new_key
from pixel_files import SIZES, Case

# What no lawful output can be made of. Anything else that is quarantined fails: (text in the case's name, why).
CANNOT = ()

# Lossy syntaxes whose decoders may differ by one step, because the standard lets them round.
RECODED = (files.J2K, files.HT, files.XL)

PROFILE = """samar: 1
name: pixels
extends: basic
options: [clean-pixel-data]
pixels:
  detect: {text: "off"}
  rules:
"""


def native_cases(syntax):
    """Every pixel form, for a syntax that stores samples as they are."""
    tables = itertools.cycle(("empty", "basic", "extended", "basic"))
    splits = itertools.cycle((1, 1, 1, 3))
    boxed = syntax not in files.NATIVE
    how = (lambda: {"table": next(tables), "split": next(splits)}) if boxed else dict
    forms = [(1, 1), (8, 8), (16, 10), (16, 12), (16, 16), (32, 32)]
    for (allocated, stored), signed, frames, size in itertools.product(forms, (False, True), (1, 3), SIZES):
        # Readers do not agree on the order of the two words of 32-bit samples in big endian, so that only fills that
        # look the same either way are asked for.
        if signed and (stored == 1 or (syntax == files.BIG and stored == 32)):
            continue
        for photometric in ("MONOCHROME1", "MONOCHROME2"):
            yield Case(syntax, photometric, allocated, stored, signed, frames=frames, size=size, **how())
    for bits, planar, frames, size in itertools.product((8, 16), (0, 1), (1, 3), SIZES):
        for photometric in ("RGB", "YBR_FULL"):
            yield Case(syntax, photometric, bits, bits, planar=planar, frames=frames, size=size, **how())
    for frames in (1, 3):
        yield Case(syntax, "YBR_FULL_422", frames=frames, size=SIZES[1], **how())
        for (allocated, stored), size in itertools.product(((8, 8), (16, 12)), SIZES):
            yield Case(syntax, "PALETTE COLOR", allocated, stored, frames=frames, size=size, **how())
    yield Case(syntax, allocated=16, stored=12, signed=True, params=(("sign", "cut"),), **how())
    if syntax in (files.EXPLICIT, files.BIG, files.DEFLATED):
        yield Case(syntax, params=(("vr", "OW"),))


def boxed(cases):
    """The same cases with offset tables and fragments of all kinds, in turn."""
    forms = itertools.cycle((("basic", 1), ("empty", 1), ("extended", 1), ("basic", 2), ("basic", 3)))
    for case in cases:
        table, split = next(forms)
        split = 1 if case.syntax == files.RLE else split
        yield Case(**{**{f: getattr(case, f) for f in case.__dataclass_fields__}, "table": table, "split": split})
        if case.frames == 1 and split == 1 and case.syntax != files.RLE and table == "empty":
            yield Case(**{**{f: getattr(case, f) for f in case.__dataclass_fields__}, "table": "empty", "split": 2})


def dct_cases():
    q = 90
    for frames, size in itertools.product((1, 3), SIZES):
        for syntax, quality in itertools.product((files.BASELINE, files.EXTENDED), (60, 95)):
            for photometric in ("MONOCHROME1", "MONOCHROME2"):
                yield Case(syntax, photometric, frames=frames, size=size, lossy=True, params=(("quality", quality),))
            for photometric, sampling in (("YBR_FULL", "444"), ("YBR_FULL_422", "422"), ("YBR_FULL_422", "420"), ("RGB", "444")):
                yield Case(syntax, photometric, frames=frames, size=size, lossy=True, params=(("quality", quality), ("sampling", sampling)))
        for photometric in ("MONOCHROME1", "MONOCHROME2"):
            yield Case(files.EXTENDED, photometric, 16, 12, frames=frames, size=size, lossy=True, params=(("quality", q),))
        for restart in (1, 3, 7):
            yield Case(files.BASELINE, frames=frames, size=size, lossy=True, params=(("quality", q), ("restart", restart)))
            for sampling in ("4:4:4", "4:2:2", "4:2:0"):
                photometric = "YBR_FULL" if sampling == "4:4:4" else "YBR_FULL_422"
                params = (("quality", q), ("restart", restart), ("sampling", sampling))
                yield Case(files.BASELINE, photometric, frames=frames, size=size, lossy=True, params=params)


GREY = ((8, 8), (16, 10), (16, 12), (16, 16))


def lossless_cases():
    for (allocated, stored), signed, frames in itertools.product(GREY, (False, True), (1, 3)):
        for number, photometric in enumerate(("MONOCHROME1", "MONOCHROME2")):
            how = {"allocated": allocated, "stored": stored, "signed": signed, "frames": frames, "photometric": photometric}
            size = SIZES[(frames + number + stored) % 2]
            for predictor in range(1, 8):
                yield Case(files.LOSSLESS, size=size, params=(("predictor", predictor),), **how)
            yield Case(files.LOSSLESS_SV1, size=size, params=(("predictor", 1),), **how)
            yield Case(files.LS, size=size, **how)
            if not signed:
                yield Case(files.LS_NEAR, size=size, lossy=True, params=(("near", 2),), **how)
            yield Case(files.LS_NEAR, size=size, **how)
            yield Case(files.J2K_LOSSLESS, size=size, **how)
            yield Case(files.J2K, size=size, **how)
            yield Case(files.J2K, size=size, lossy=True, **how)
            if signed:
                yield Case(files.J2K_LOSSLESS, size=size, params=(("sign", "cut"),), **how)
            for syntax in (files.HT_LOSSLESS, files.HT_RPCL, files.HT):
                yield Case(syntax, size=size, **how)
            yield Case(files.HT, size=size, lossy=True, **how)
            yield Case(files.RLE, size=size, **how)
            if not signed:
                yield Case(files.XL_LOSSLESS, size=size, **how)
                yield Case(files.XL_LOSSLESS, size=size, params=(("container", True),), **how)
                yield Case(files.XL, size=size, lossy=True, **how)
    for frames, size in itertools.product((1, 3), SIZES):
        how = {"frames": frames, "size": size}
        for syntax in (files.LOSSLESS, files.LOSSLESS_SV1):
            for predictor in range(1, 8) if syntax == files.LOSSLESS else (1,):
                yield Case(syntax, "RGB", params=(("predictor", predictor),), **how)
            yield Case(syntax, "RGB", 16, 16, params=(("predictor", predictor),), **how)
            yield Case(syntax, "YBR_FULL", params=(("predictor", predictor),), **how)
            yield Case(syntax, "PALETTE COLOR", params=(("predictor", predictor),), **how)
        for interleave, bits in itertools.product((0, 1, 2), (8, 16)):
            planar = int(interleave == 0)
            yield Case(files.LS, "RGB", bits, bits, planar=planar, params=(("interleave", interleave),), **how)
        yield Case(files.LS, "YBR_FULL", params=(("interleave", 2),), **how)
        yield Case(files.LS, "PALETTE COLOR", **how)
        yield Case(files.LS_NEAR, "RGB", lossy=True, params=(("interleave", 2), ("near", 3)), **how)
        for bits in (8, 16):
            for photometric in ("YBR_RCT", "RGB"):
                yield Case(files.J2K_LOSSLESS, photometric, bits, bits, **how)
            yield Case(files.HT_LOSSLESS, "YBR_RCT", bits, bits, **how)
            yield Case(files.XL_LOSSLESS, "RGB", bits, bits, **how)
        yield Case(files.J2K_LOSSLESS, "PALETTE COLOR", **how)
        yield Case(files.J2K_LOSSLESS, params=(("tile", (16, 16)),), **how)
        yield Case(files.J2K, "YBR_ICT", lossy=True, **how)
        yield Case(files.J2K, "YBR_RCT", **how)
        yield Case(files.HT_RPCL, "YBR_RCT", **how)
        yield Case(files.HT, "YBR_RCT", **how)
        yield Case(files.HT, "YBR_ICT", lossy=True, **how)
        yield Case(files.XL, "RGB", lossy=True, **how)
        for photometric, bits, planar in itertools.product(("RGB", "YBR_FULL"), (8, 16), (0, 1)):
            if (photometric, bits) != ("YBR_FULL", 16):
                yield Case(files.RLE, photometric, bits, bits, planar=planar, **how)
        yield Case(files.RLE, "PALETTE COLOR", **how)
        yield Case(files.RLE, "PALETTE COLOR", 16, 12, **how)


def cases():
    found = []
    for syntax in (*files.NATIVE, files.UNCOMPRESSED, files.DEFLATED_FRAME):
        found += native_cases(syntax)
    found += boxed([*dct_cases(), *lossless_cases()])
    return list(dict.fromkeys(found))


def make(task):
    number, case, path = task
    with open(path, "wb") as file:
        file.write(files.build(case, number))


def grown(inside, height, width, margin=0):
    """The blocks that touch the mask, and `margin` times a pixel around them."""
    rows, columns = inside.shape
    out = numpy.zeros_like(inside)
    for y, x in itertools.product(range(0, rows, height), range(0, columns, width)):
        if inside[y : y + height, x : x + width].any():
            out[max(0, y - margin) : y + height + margin, max(0, x - margin) : x + width + margin] = True
    return out


def sampling(case):
    """How many luma samples one chroma sample covers, across and down."""
    text = str(dict(case.params).get("sampling", "444")).replace(":", "")
    if case.photometric == "YBR_FULL_422" and case.syntax not in files.DCT:
        text = "422"
    return {"444": (1, 1), "422": (2, 1), "420": (2, 2)}[text]


def masks(inside, dct, across, down):
    """Where samples may change and where they must be one value, for luma or the only channel, and for the others."""
    if not dct:
        return [(inside, inside), (grown(inside, down, across), inside)]
    # Chroma is smoothed on its way up, so that a neighbouring block's value reaches one chroma sample far.
    margin = 2 if across > 1 else 0
    chroma = grown(inside, 8 * down, 8 * across, margin)
    kernel = inside.copy()
    for _ in range(margin):
        kernel[1:] &= kernel[:-1].copy()
        kernel[:-1] &= kernel[1:].copy()
        kernel[:, 1:] &= kernel[:, :-1].copy()
        kernel[:, :-1] &= kernel[:, 1:].copy()
    return [(grown(inside, 8, 8), inside), (chroma, kernel)]


def coefficients(case, before, after):
    """Blocks that touch no region and whose coefficients or tables changed, by libjpeg; None where it cannot read them."""
    inside = files.mask(case.rows, case.columns, files.REGIONS[case.rows])
    across, down = sampling(case)
    wrong = compared = 0
    for old, new in zip(before, after):
        read = []
        for data in (old, new):
            with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
                file.write(data)
                file.flush()
                image = jpeglib.read_dct(file.name)
                read.append(([image.Y, image.Cb, image.Cr][: case.samples], image.qt))
        if not numpy.array_equal(read[0][1], read[1][1]):
            return 0, 1
        for channel, (a, b) in enumerate(zip(read[0][0], read[1][0])):
            height, width = (8 * down, 8 * across) if channel else (8, 8)
            for y, x in itertools.product(range(a.shape[0]), range(a.shape[1])):
                if inside[y * height : (y + 1) * height, x * width : (x + 1) * width].any():
                    continue
                compared += 1
                wrong += not numpy.array_equal(a[y, x], b[y, x])
    return compared, wrong


def attributes(case, before, after):
    """What the header of a redacted instance must say."""
    wrong = []

    def want(good, text):
        if not good:
            wrong.append(text)

    want(after.file_meta.TransferSyntaxUID == case.syntax, "the transfer syntax changed")
    image_type = after.get("ImageType") or [""]
    want(([image_type] if isinstance(image_type, str) else image_type)[0] == "DERIVED", "Image Type does not say DERIVED")
    want(after.get("BurnedInAnnotation") == "NO", "(0028,0301) does not say NO")
    want(bool(after.get("DerivationDescription")), "(0008,2111) is absent")
    methods = {item.get("CodeValue") for item in after.get("DeidentificationMethodCodeSequence", [])}
    want("113101" in methods, "(0012,0064) lacks 113101")
    derivation = {item.get("CodeValue") for item in after.get("DerivationCodeSequence", [])}
    want("113062" not in derivation, "(0008,9215) says pixel by pixel subtraction")
    want(case.lossy or "LossyImageCompression" not in after or after.LossyImageCompression == "00", "a lossless image says that it is lossy")
    want(not case.lossy or after.get("LossyImageCompression") == "01", "a lossy image does not say so any more")
    for name in "Rows Columns BitsAllocated BitsStored HighBit PixelRepresentation SamplesPerPixel NumberOfFrames PlanarConfiguration".split():
        want(before.get(name) == after.get(name), f"{name} changed")
    same = before.PhotometricInterpretation == after.PhotometricInterpretation
    want(same or (case.photometric, after.PhotometricInterpretation) == ("YBR_ICT", "YBR_RCT"), "the photometric interpretation changed")
    if case.syntax in files.NATIVE:
        want(len(after.PixelData) == len(before.PixelData), "the pixel data have another length")
    else:
        wrong.extend(readers.misplaced(after))
    return wrong


def limits_of(case):
    return masks(files.mask(case.rows, case.columns, files.REGIONS[case.rows]), case.syntax in files.DCT, *sampling(case))


def compare(limits, slack, name, before, after, found):
    """One decoder's view of input and output: outside the same, inside one value."""
    if isinstance(after, str):
        found["wrong"].append(f"{name} decodes the input and not the output: {after}")
        return
    if before.shape != after.shape:
        found["wrong"].append(f"{name} finds another size")
        return
    for channel in range(before.shape[-1]):
        allowed, kernel = limits[min(channel, 1)]
        off = numpy.abs(before[..., channel] - after[..., channel])[:, ~allowed]
        found["compared"] += off.size
        found["rounded"] += int((off == 1).sum()) if slack else 0
        found["outside"] += int((off > slack).sum())
        blank = after[:, kernel, channel]
        found["checked"] += blank.size
        found["inside"] += int((blank != blank.flat[:1]).sum())


def alike(case, one, two):
    """Whether two decoders see one input, up to what lossy codecs leave to the decoder."""
    if one.shape != two.shape:
        return False
    if case.syntax in files.DCT:
        return True
    return numpy.abs(one - two).max() <= (2 if case.lossy and case.syntax in RECODED else 0)


def agreement(case, before, after, found):
    """Decoders must be no further apart on the output than on the input, but for the rounding of lossy ones."""
    names = [name for name in after if not isinstance(after[name], str) and not isinstance(before[name], str)]
    for one, two in itertools.combinations(names, 2):
        if before[one].shape != before[two].shape or after[one].shape != after[two].shape:
            continue
        apart = numpy.abs(before[one] - before[two]).max()
        slack = (8 if case.syntax in files.DCT else 1) if case.lossy else 0
        if numpy.abs(after[one] - after[two]).max() > apart + slack:
            found["disagree"] += 1
            found["wrong"].append(f"{one} and {two} disagree")


def judge(task):
    """One output against its input. Runs in a worker."""
    warnings.simplefilter("ignore")
    case, source, output = task
    found = {"wrong": [], "outside": 0, "compared": 0, "inside": 0, "checked": 0, "disagree": 0, "rounded": 0, "blocks": 0, "cannot": [], "by": []}
    old, new = pydicom.dcmread(source), pydicom.dcmread(output)
    try:
        found["wrong"] += attributes(case, old, new)
    except Exception as error:  # a file that cannot be looked at is wrong
        found["wrong"].append(f"the header cannot be judged: {type(error).__name__}")
    before = {name: readers.decode(name, source, old) for name in readers.DECODERS}
    trusted = before["imagecodecs"]
    for name, value in before.items():
        # Who reads the input otherwise than it was made has nothing to say about the output.
        if not isinstance(value, str) and not isinstance(trusted, str) and not alike(case, trusted, value):
            before[name] = "reads the input otherwise"
    after = {}
    limits = limits_of(case)
    # Decoders of lossy wavelets round in their own ways: one step is theirs, when the codestream was made anew.
    slack = 1 if case.lossy and case.syntax in RECODED else 0
    for name, value in before.items():
        if isinstance(value, str):
            after[name] = "cannot"
            found["cannot"].append((name, value))
            continue
        after[name] = readers.decode(name, output, new)
        found["by"].append(name)
        compare(limits, slack, name, value, after[name], found)
    if not found["by"]:
        found["wrong"].append("no decoder reads the input")
        return found
    agreement(case, before, after, found)
    main = after["imagecodecs"]
    if not isinstance(main, str):
        inside = limits[-1][1]
        fill = [int(main[0, inside, channel][0]) for channel in range(case.samples)]
        near = 3 if case.lossy and case.syntax in files.DCT else 0
        if not readers.black(new, fill, near):
            found["wrong"].append(f"the fill {fill} is not black as displayed")
    if case.syntax in files.DCT and case.stored == 8:
        try:
            found["blocks"], wrong = coefficients(case, readers.coded_frames(old), readers.coded_frames(new))
            if wrong:
                found["wrong"].append(f"{wrong} untouched blocks have other coefficients")
        except Exception as error:  # libjpeg reads the input, so it must read the output
            found["wrong"].append(f"the coefficients cannot be read: {type(error).__name__}")
    for key, text in (("outside", "samples differ outside"), ("inside", "samples inside are not blank")):
        if found[key]:
            found["wrong"].append(f"{found[key]} {text}")
    return found


class Grouped:
    """Failures of many files, told once a kind."""

    def __init__(self):
        self.kinds = {}

    def add(self, group, name, text):
        kind = group, re.sub(r"-?\d+", "n", text)
        self.kinds.setdefault(kind, [0, f"{name}: {text}"])[0] += 1

    def tell(self, verdict):
        for (group, _), (count, example) in self.kinds.items():
            verdict.check(False, f"{group}: {count} x, such as {example}")


def summary(everything, judged, lines):
    table = collections.defaultdict(collections.Counter)
    for name, case in everything.items():
        row = table[files.NAMES[case.syntax]]
        line = lookup(lines, name)
        row["combinations"] += 1
        row[line["outcome"] if line else "no report line"] += 1
        if name in judged:
            for key in ("outside", "inside", "disagree", "rounded", "blocks"):
                row[key] += judged[name][key]
            row["wrong"] += bool(judged[name]["wrong"])
    print("\n| transfer syntax | combinations | written | quarantined | different outside | left inside | disagreements | blocks compared | rounded | wrong |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, row in table.items():
        keys = ("combinations", "written", "quarantined", "outside", "inside", "disagree", "blocks", "rounded", "wrong")
        print(f"| {name} | " + " | ".join(str(row[key]) for key in keys) + " |")


def main():
    args = arguments(__doc__, ("--only", "only cases whose name holds this text"))
    verdict = Verdict()
    with Work(args.keep) as work, concurrent.futures.ProcessPoolExecutor() as pool:
        folder = work / "in"
        folder.mkdir()
        everything = {f"{number:04d}.dcm": case for number, case in enumerate(cases(), 1) if not args.only or args.only in case.name}
        list(pool.map(make, [(int(name[:4]), case, folder / name) for name, case in everything.items()], chunksize=16))
        profile = work / "pixels.yaml"
        rules = [f"  - {{id: rows-{rows}, when: Rows == {rows}, regions: {list(boxes)}, because: acceptance}}\n" for rows, boxes in files.REGIONS.items()]
        profile.write_text(PROFILE + "".join(rules))
        out, report_path = work / "out", work / "report.jsonl"
        run = deid(args.samar, [folder], out, new_key(args.samar, work), report_path, ["--profile", profile, "--jobs", "2"])
        print(f"samar: exit {run.exit}, {run.wall:.1f} s, peak {run.rss / 1e6:.0f} MB")
        verdict.check(not run.panicked and run.exit in (0, 1), f"exit {run.exit}: {run.stderr[-600:].decode(errors='replace')}")
        report = Report(report_path)
        for problem in report.problems:
            verdict.check(False, problem)
        lines = report.by_input()
        tasks, refused, failures = {}, collections.Counter(), Grouped()
        for name, case in everything.items():
            line = lookup(lines, name)
            if not line:
                verdict.check(False, f"{name}: no report line")
            elif line["outcome"] == "written":
                tasks[name] = (case, os.fspath(folder / name), os.fspath(out / line["output"]))
            else:
                reason = line.get("reason") or ""
                refused[files.NAMES[case.syntax], line["outcome"], reason] += 1
                verdict.check(line["outcome"] == "quarantined" and reason, f"{name}: {line['outcome']} without a reason")
                known = any(text in case.name for text, _ in CANNOT)
                if not known:
                    failures.add(files.NAMES[case.syntax], f"{name}, {case.name}", f"{line['outcome']}: {reason} {line.get('detail') or ''}")
        verdict.check(len(instances(out)) == len(tasks), f"{len(instances(out))} files are in the output, {len(tasks)} are reported")
        judged = dict(zip(tasks, pool.map(judge, tasks.values(), chunksize=8)))
        for name, found in judged.items():
            for text in found["wrong"]:
                failures.add(files.NAMES[everything[name].syntax], f"{name}, {everything[name].name}", text)
        summary(everything, judged, lines)
        total = collections.Counter()
        by, cannot = collections.Counter(), collections.Counter()
        for name, found in judged.items():
            for key in ("outside", "compared", "inside", "checked", "disagree", "rounded", "blocks"):
                total[key] += found[key]
            by.update(found["by"])
            cannot.update((decoder, files.NAMES[everything[name].syntax], text) for decoder, text in found["cannot"])
        print(f"\ncombinations: {len(everything)}, written {len(judged)}, quarantined {sum(refused.values())}")
        for (syntax, outcome, reason), count in sorted(refused.items()):
            print(f"  {count:4d} {outcome}: {reason}: {syntax}")
        print(f"samples outside: {total['compared']} compared, {total['outside']} different, {total['rounded']} one step off after lossy wavelets or JPEG XL")
        print(f"samples inside: {total['checked']} checked, {total['inside']} not blank")
        print(f"JPEG blocks outside compared by coefficients: {total['blocks']}")
        print(f"decoders: {', '.join(f'{name} {count}' for name, count in by.items())}; disagreements {total['disagree']}")
        print("what a decoder cannot read of the inputs:")
        for (decoder, syntax, text), count in sorted(cannot.items()):
            print(f"  {decoder}: {syntax}: {count}" + (f", {text}" if text != "cannot" else ""))
        failures.tell(verdict)
        for text, why in CANNOT:
            print(f"cannot: {text}: {why}")
        verdict.check(judged, "nothing was written, so nothing was proven")
    verdict.end()


if __name__ == "__main__":
    sys.exit(main())
