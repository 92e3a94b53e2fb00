#!/usr/bin/env python3
"""Blanks the text that people found burned into real and generated files, by a site rule for each, and judges every output."""
import collections
import concurrent.futures
import csv
import os
import re
import shutil
import sys
import warnings

import pydicom

import pixel_files as files
import pixel_readers as readers
import pixels
from common import ROOT, Report, Verdict, Work, arguments, deid, instances, new_key, shared

# Rules of the Basic Profile that withhold an image because of what it is, and not because of what its bytes hold.
CLASSES = (
    "burned-in-annotation recognizable-features secondary-capture screen-or-film hardcopy ultrasound photograph retina microscopy "
    "slide-label endoscopy video"
).split()
JUDGES = ("imagecodecs", "pydicom", "GDCM", "DCMTK")


def boxes(folder):
    """Path -> [x, y, width, height] of every burned-in text."""
    found = collections.defaultdict(list)
    for table, base in (("burned_in.tsv", folder), ("synth/burned_in.tsv", folder / "synth")):
        if not (folder / table).exists():
            print(f"skipped: there is no {table}")
            continue
        with open(folder / table, newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows, delimiter="\t"):
                path = base / row["file"]
                box = [int(row[key]) for key in ("x", "y", "w", "h")]
                if path.exists() and box not in found[path]:
                    found[path].append(box)
    return found


def clipped(found, rows, columns):
    """Boxes within the image."""
    out = []
    for x, y, width, height in found:
        right, lower = min(x + width, columns), min(y + height, rows)
        if max(x, 0) < right and max(y, 0) < lower:
            out.append([max(x, 0), max(y, 0), right - max(x, 0), lower - max(y, 0)])
    return out


def groups(everything):
    """Files that have no UID in common, so that each file has a rule and an output of its own."""
    out, skipped = [], collections.Counter()
    for path, found in sorted(everything.items()):
        try:
            header = pydicom.dcmread(path, force=True, stop_before_pixels=True)
            uid, rows, columns = str(header.SOPInstanceUID), header.Rows, header.Columns
        except Exception as error:  # what pydicom cannot read cannot be judged either
            skipped[f"pydicom cannot read the header: {type(error).__name__}"] += 1
            continue
        for group in out:
            if uid not in group:
                break
        else:
            group = {}
            out.append(group)
        group[uid] = (path, clipped(found, rows, columns))
    return out, skipped


def profile(group):
    accept = "".join(f"  - {{id: {name}, do: accept, because: the regions were found by eye}}\n" for name in CLASSES)
    rules = "".join(
        f"  - {{id: file-{number}, when: SOPInstanceUID == \"{uid}\", regions: {found}, because: found by eye}}\n"
        for number, (uid, (_, found)) in enumerate(group.items(), 1)
    )
    return f"samar: 1\nname: burned-in\nextends: basic\noptions: [clean-pixel-data]\naccept:\n{accept}pixels:\n  detect: {{text: \"off\"}}\n  rules:\n{rules}"


def chroma(dataset, syntax):
    """How many luma samples a chroma sample covers, as the coded frames say."""
    if syntax not in files.DCT:
        return (2, 1) if dataset.PhotometricInterpretation == "YBR_FULL_422" and syntax in files.NATIVE else (1, 1)
    data = readers.coded_frames(dataset)[0]
    at = 2
    while not 0xC0 <= data[at + 1] <= 0xC3:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    factors = [(data[at + 11 + 3 * n] >> 4, data[at + 11 + 3 * n] & 15) for n in range(data[at + 9])]
    return factors[0][0] // min(f[0] for f in factors), factors[0][1] // min(f[1] for f in factors)


def picture(source, output, found_boxes):
    """The images of one output against those of its input: the same but for the boxes, and these are black."""
    found = {"wrong": [], "outside": 0, "compared": 0, "inside": 0, "checked": 0, "rounded": 0, "by": "", "same": True}
    old, new = pydicom.dcmread(source, force=True), pydicom.dcmread(output)
    syntax = str(new.file_meta.TransferSyntaxUID)
    if "TransferSyntaxUID" not in old.file_meta:  # written without file meta information
        implicit, little = old.original_encoding
        old.file_meta.TransferSyntaxUID = files.IMPLICIT if implicit else files.EXPLICIT if little else files.BIG
    if str(old.file_meta.get("TransferSyntaxUID", syntax)) != syntax:
        found["wrong"].append("the transfer syntax changed")
    for name in JUDGES:
        before, after = readers.decode(name, source, old), readers.decode(name, output, new)
        if not isinstance(before, str):
            break
    else:
        found["by"] = "nobody"
        return found
    found["by"] = name
    inside = files.mask(old.Rows, old.Columns, found_boxes)
    lossy = str(old.get("LossyImageCompression", "00")) == "01" or syntax in (files.J2K, files.HT, files.XL)
    limits = pixels.masks(inside, syntax in files.DCT, *chroma(old, syntax))
    pixels.compare(limits, 1 if lossy and syntax in pixels.RECODED else 0, name, before, after, found)
    if not isinstance(after, str):
        kernel = limits[-1][1]
        fill = [int(after[0, kernel, channel][0]) for channel in range(after.shape[-1])] if kernel.any() else None
        if fill and not readers.black(new, fill, 3 if syntax in files.DCT else 0):
            found["wrong"].append(f"the fill {fill} is not black as displayed")
    for key, words in (("outside", "samples differ outside"), ("inside", "samples inside are not blank")):
        if found[key]:
            found["wrong"].append(f"{found[key]} {words}")
    return found


def judge(task):
    """One output against its input. Runs in a worker."""
    warnings.simplefilter("ignore")
    source, output, found_boxes = task
    found = picture(source, output, found_boxes)
    if found["by"] == "nobody":
        return found
    new = pydicom.dcmread(output, stop_before_pixels=True)
    if new.get("BurnedInAnnotation") != "NO":
        found["wrong"].append("(0028,0301) does not say NO")
    if "113101" not in {item.get("CodeValue") for item in new.get("DeidentificationMethodCodeSequence", [])}:
        found["wrong"].append("(0012,0064) lacks 113101")
    return found


def main():
    args = arguments(__doc__)
    warnings.simplefilter("ignore")
    reference = shared()
    if not reference or not (reference / "corpus").is_dir():
        if reference:
            print("skipped: there is no corpus in it")
        return 0
    known = set(re.findall(r"- id: ([\w-]+)", (ROOT / "profiles" / "basic.yaml").read_text(encoding="utf-8")))
    verdict = Verdict()
    verdict.check(set(CLASSES) <= known, f"the Basic Profile has no rule {sorted(set(CLASSES) - known)}")
    everything = boxes(reference / "corpus")
    parts, skipped = groups(everything)
    print(f"files with boxes: {len(everything)}, boxes {sum(map(len, everything.values()))}, runs {len(parts)}")
    for reason, count in skipped.items():
        print(f"  skipped {count}: {reason}")
    refused, tasks = collections.defaultdict(list), {}
    failures = pixels.Grouped()
    with Work(args.keep) as work, concurrent.futures.ProcessPoolExecutor() as pool:
        key = new_key(args.samar, work)
        for turn, group in enumerate(parts):
            place = work / str(turn)
            (place / "in").mkdir(parents=True)
            named = {}
            for number, (path, found) in enumerate(group.values()):
                named[f"{number:04d}.dcm"] = path, found
                shutil.copyfile(path, place / "in" / f"{number:04d}.dcm")
            (place / "site.yaml").write_text(profile(group))
            out = place / "out"
            run = deid(args.samar, [place / "in"], out, key, place / "report.jsonl", ["--profile", place / "site.yaml", "--jobs", "2"])
            verdict.check(not run.panicked and run.exit in (0, 1), f"exit {run.exit}: {run.stderr[-600:].decode(errors='replace')}")
            report = Report(place / "report.jsonl")
            for problem in report.problems:
                verdict.check(False, problem)
            lines = {os.path.basename(line["input"]): line for line in report.inputs}
            done = 0
            for name, (path, found) in named.items():
                label, line = str(path.relative_to(reference / "corpus")), lines.get(name) or {}
                if line.get("outcome") == "written":
                    done += 1
                    tasks[label] = (os.fspath(place / "in" / name), os.fspath(out / line["output"]), found)
                else:
                    reason = line.get("reason") or ""
                    refused[line.get("outcome"), reason].append(label)
                    verdict.check(line.get("outcome") in ("quarantined", "rejected", "not-dicom") and reason, f"{label}: {line.get('outcome')} without a reason")
            verdict.check(len(instances(out)) == done, f"{len(instances(out))} files are in the output, {done} are reported")
        judged = dict(zip(tasks, pool.map(judge, tasks.values())))
    total, by = collections.Counter(), collections.Counter()
    for label, found in judged.items():
        by[found["by"]] += 1
        for name in ("outside", "compared", "inside", "checked", "rounded"):
            total[name] += found[name]
        for words in found["wrong"]:
            failures.add("burned in", label, words)
    failures.tell(verdict)
    print(f"written {len(judged)}, withheld {sum(map(len, refused.values()))}")
    for (outcome, reason), labels in sorted(refused.items(), key=str):
        print(f"  {len(labels):4d} {outcome}: {reason}, such as {labels[0]}")
    print(f"judged by: {', '.join(f'{name} {count}' for name, count in by.items())}")
    print(f"samples outside: {total['compared']} compared, {total['outside']} different, {total['rounded']} one step off after lossy wavelets or JPEG XL")
    print(f"samples inside: {total['checked']} checked, {total['inside']} not blank")
    verdict.check(judged, "nothing was written, so nothing was proven")
    verdict.end()


if __name__ == "__main__":
    sys.exit(main())
