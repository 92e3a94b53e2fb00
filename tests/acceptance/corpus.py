#!/usr/bin/env python3
"""Runs samar over real and generated files and judges every output with other readers: pydicom, dcmdump and dciodvfy."""
import collections
import concurrent.futures
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import warnings

import imagecodecs
import numpy
import pydicom
import pydicom.data

import burned_in
from canary import inflated, walk
from common import TABLES, Report, Verdict, Work, arguments, deid, instances, new_key, options, profile_file, shared, tree

# Files of pydicom's own that the usual Rust reader cannot read, and that must be read here.
READABLE = "ExplVR_BigEndNoMeta ExplVR_LitEndNoMeta SC_rgb_jpeg UN_sequence meta_missing_tsyntax no_meta no_meta_group_length rtstruct".split()
TRUNCATED = "MR_truncated rtplan_truncated".split()
# Read, and withheld for what it is: written implicitly, and declared as a syntax that is explicit.
CONTRADICTORY = {"SC_rgb_jpeg": ("quarantined", "syntax-contradiction", "SecondaryCaptureImageStorage")}
UNREADABLE = re.compile(r"malformed|truncat|syntax|parse|unread|length|not-dicom|io-|panic|element|meta|inflat|deflat")
ENCODINGS = (
    "utf-8 utf-16-le utf-16-be latin-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-15 tis-620 "
    "shift_jis euc_jp iso2022_jp iso2022_jp_2 euc_kr gb2312 gbk gb18030 cp1251"
).split()


def gather(work):
    """Copies every input below one folder, so that a report path names one file. Returns the count per source."""
    counts = {}
    folder = work / "in"
    reference = shared()
    sources = {}
    if reference and (reference / "corpus").is_dir():
        sources["files"] = reference / "corpus" / "files"
        sources["synth"] = reference / "corpus" / "synth"
    data = pathlib.Path(pydicom.data.__file__).parent
    for name in ("test_files", "charset_files"):
        if (data / name).is_dir():
            sources[f"pydicom-{name}"] = data / name
        else:
            print(f"skipped: pydicom is installed without {name}")
    for name, source in sources.items():
        shutil.copytree(source, folder / name, symlinks=False, ignore=shutil.ignore_patterns("__pycache__"))
        for path in [folder / name, *(folder / name).rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        counts[name] = len(tree(folder / name))
    return folder, counts, reference


def messages(path):
    """dciodvfy's error messages with values taken out, counted; None when it could not read the file or tell its IOD."""
    run = subprocess.run(["dciodvfy", path], capture_output=True, check=False)
    text = (run.stdout + run.stderr).decode("latin-1")
    if any(sign in text for sign in ("Dicom dataset read failed", "giving up", "Information Object Not found")) or run.returncode < 0:
        return None
    out = collections.Counter()
    for line in text.splitlines():
        if not line.startswith("Error"):
            continue
        line = re.sub(r"(?<!Element=)(?<!Module=)(?<!attribute )<[^>]*>", "<value>", line)
        line = re.sub(r'"[^"]*"', '"value"', line)
        line = re.sub(r" = '.*' \(0x[0-9a-f]+\)|values are \S+|ReferencedSOPInstanceUID \S+", "", line)
        out[re.sub(r"(?<!Type )\b\d+\b(?![A-Z])", "n", line).strip()] += 1
    return out


def pixels(dataset):
    """The bytes of every pixel data element, native ones cut to the size that the header declares."""
    out = {}
    for tag in (0x7FE00008, 0x7FE00009, 0x7FE00010):
        if tag not in dataset:
            continue
        value = dataset[tag].value
        syntax = getattr(dataset.file_meta, "TransferSyntaxUID", None) if hasattr(dataset, "file_meta") else None
        if not (syntax and not syntax.is_private and syntax.is_encapsulated):
            try:
                count = dataset.Rows * dataset.Columns * dataset.get("SamplesPerPixel", 1) * int(dataset.get("NumberOfFrames", 1) or 1)
                if dataset.get("PhotometricInterpretation") == "YBR_FULL_422":
                    count = count * 2 // 3
                size = (count * dataset.BitsAllocated + 7) // 8
                value = value[: size + size % 2] if 0 < size <= len(value) else value
            except (AttributeError, TypeError, ValueError):
                pass
        out[tag] = bytes(value or b"")
    return out


def samples(dataset):
    """What the codestreams of the first frames decode to, whatever else lies around them."""
    frames = pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=int(dataset.get("NumberOfFrames", 1) or 1))
    return [imagecodecs.jpeg_decode(frame) for frame, _ in zip(frames, range(3))]


def judge(task):
    """Reads one output with every reader. Runs in a worker; returns plain values."""
    warnings.simplefilter("ignore")
    source, output, changed, blanked = task
    found = {"source": source, "problems": [], "new": [], "compared": None, "validated": False}
    try:
        dataset = pydicom.dcmread(output, force=False)
        for _, element in walk(dataset):
            str(element.value)
        dataset.decode()
    except Exception as error:  # whatever pydicom raises is a finding
        found["problems"].append(f"pydicom cannot read the output: {type(error).__name__}")
        dataset = None
    run = subprocess.run(["dcmdump", "-q", output], capture_output=True, check=False)
    if run.returncode != 0:
        found["problems"].append(f"dcmdump ends with {run.returncode}")
    before, after = messages(source), messages(output)
    if after is None:
        if before is not None:
            found["problems"].append("dciodvfy cannot read the output, but can read the input")
    elif before is not None:
        found["validated"] = True
        found["new"] = list((after - before).elements())
    if dataset is not None:
        try:
            original = pydicom.dcmread(source, force=True)
            old = pixels(original)
            syntax = original.file_meta.get("TransferSyntaxUID")
        except Exception:  # an input that pydicom cannot read is not compared
            old = None
        if old is not None:
            found["compared"] = old == pixels(dataset) if old else "none"
            if found["compared"] is False and blanked is not None:
                seen = burned_in.picture(source, output, burned_in.clipped(blanked, original.Rows, original.Columns))
                found["problems"].extend(seen["wrong"])
                if blanked and not seen["checked"]:
                    found["problems"].append("nothing within the blanked boxes could be checked")
                found["compared"] = "undecoded" if seen["by"] == "nobody" else "blanked" if blanked else "cleared"
            elif found["compared"] is False and changed:
                found["compared"] = "stripped" if numpy.array_equal(samples(original), samples(dataset)) else False
            if syntax and syntax != dataset.file_meta.TransferSyntaxUID:
                found["problems"].append("transfer syntax changed")
    return found


def blanks(line):
    """The boxes that the report says were blanked for text; None where samples may not change, or where a rule speaks."""
    done = line.get("pixels", {})
    if done.get("rules") or not (done.get("blanked") or done.get("cleared_bits")):
        return None
    if not done.get("blanked"):
        return []
    return [[place[key] for key in "xywh"] for place in line["text"]["found"]]


# What the validator concludes from another element's being there or not: a body part that repeats the patient's name went,
# so that it asks for a side; an empty label text stays, so that it sees a module that PS3.15's X/Z leaves incomplete.
CONSEQUENCES = ("Type 2C Conditional Element=<Laterality>", "Type 2 Required Element=<BarcodeValue>")


def demanded(message, basic):
    """Whether PS3.15 asks for what the validator complains about: the element's plain action is X and its Type is not 1."""
    if any(part in message for part in CONSEQUENCES):
        return True
    match = re.search(r"Element=<(\w+)>", message) or re.search(r"attribute <(\w+)>", message)
    return bool(match) and basic.get(match.group(1)) == "X" and "Type 1 Required" not in message


def by_name(report, out):
    """Report lines by path below the input folder, each with the full path of its output."""
    prefix = os.path.commonprefix([line["input"] for line in report.inputs]) if report.inputs else ""
    strip = "in/" if prefix.startswith("in/") else ""
    lines = {}
    for line in report.inputs:
        line["root"] = str(out)
        line["path"] = str(out / line["output"]) if line.get("output") else ""
        lines[line["input"].removeprefix(strip)] = line
    return lines


def again(samar, key, folder, work, lines, verdict, chosen):
    """Files that share their UIDs with other bytes are conflicts; here they run again without the files that came first."""
    for turn in range(1, 100):
        names = [name for name, line in lines.items() if "conflict" in (line.get("reason") or "")]
        if not names:
            return
        place = work / f"again-{turn}"
        for name in names:
            (place / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, place / "in" / name)
        run = deid(samar, [place / "in"], place / "out", key, place / "report.jsonl", chosen)
        verdict.check(not run.panicked and run.exit in (0, 1), f"exit {run.exit} when conflicts ran again")
        fresh = by_name(Report(place / "report.jsonl"), place / "out")
        left = sum("conflict" in (line.get("reason") or "") for line in fresh.values())
        print(f"conflicts run again: {len(names)}, of which written {sum(line['outcome'] == 'written' for line in fresh.values())}, left {left}")
        verdict.check(left < len(names), "conflicts do not end")
        lines.update({name: line for name, line in fresh.items() if name in lines})
        if left >= len(names):
            return


def truths(folder, lines, verdict, on):
    """Searches outputs for every string that the generator of the synthetic files planted."""
    path = folder / "synth" / "truth.tsv"
    if not path.exists():
        return
    planted = collections.defaultdict(list)
    with open(path, newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            # What an option keeps on purpose proves nothing.
            if not (row["kind"] == "date" and "retain-full-dates" in on):
                planted[row["file"]].append(row)
    searched = found = 0
    for name, rows in planted.items():
        line = lines.get(f"synth/{name}")
        if not line or line["outcome"] != "written":
            continue
        data = pathlib.Path(line["path"]).read_bytes()
        data += inflated(data)
        decoded = []
        try:
            elements = list(walk(pydicom.dcmread(line["path"], force=True)))
        except Exception:  # counted above already; the bytes are searched all the same
            elements = []
        for _, element in elements:
            if element.VR != "SQ" and element.tag != 0x7FE00010:
                decoded.append(str(element.value).casefold())
        decoded = "\n".join(decoded)
        for row in rows:
            searched += 1
            value = row["value"]
            parts = {value} | {part for part in re.split(r"[\^=]", value) if len(part) >= 5 and row["kind"] in ("name", "ref", "op")}
            hit = False
            for part in parts:
                hit |= part.casefold() in decoded
                for encoding in ENCODINGS:
                    try:
                        hit |= len(part) > 1 and part.encode(encoding).replace(b"\x1b(B", b"") in data
                    except UnicodeEncodeError:
                        continue
            if hit:
                found += 1
                verdict.check(False, f"synth/{name}: planted {row['kind']} in {row['location']} is in the output")
    print(f"planted strings of the synthetic files: {searched} searched in written files, {found} found")


def main():
    args = arguments(__doc__, ("--profile", "shipped profile or profile file; basic without it"))
    chosen = ["--profile", profile_file(args.profile or "basic")]
    warnings.simplefilter("ignore")
    verdict = Verdict()
    with open(TABLES / "ps3.15-e1-1.tsv", newline="", encoding="utf-8") as rows:
        basic = {row["keyword"]: row["basic"] for row in csv.DictReader(rows, delimiter="\t")}
    with Work(args.keep) as work:
        folder, counts, _ = gather(work)
        key = new_key(args.samar, work)
        out, report_path = work / "out", work / "report.jsonl"
        run = deid(args.samar, [folder], out, key, report_path, chosen)
        print("inputs: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
        print(f"samar: exit {run.exit}, {run.wall:.1f} s, peak {run.rss / 1e6:.0f} MB")
        verdict.check(not run.panicked, f"panic or signal: exit {run.exit}")
        verdict.check(run.exit in (0, 1), f"exit {run.exit}: {run.stderr[-400:].decode(errors='replace')}")
        report = Report(report_path)
        for problem in report.problems:
            verdict.check(False, problem)
        lines = by_name(report, out)
        verdict.check(len(lines) == len(report.inputs), "one input has two report lines")
        missing = sorted(set(tree(folder)) - set(lines))
        verdict.check(not missing, f"{len(missing)} inputs have no report line, such as {missing[:3]}")

        print("\n| source | outcome | reason | files |\n|---|---|---|---|")
        table = collections.Counter((name.split("/")[0], line["outcome"], line.get("reason") or "") for name, line in lines.items())
        for (source, outcome, reason), count in sorted(table.items()):
            print(f"| {source} | {outcome} | {reason} | {count} |")
        for name, line in lines.items():
            verdict.check("panic" not in (line.get("reason") or ""), f"{name}: panic")

        again(args.samar, key, folder, work, lines, verdict, chosen)
        print("\nfiles that must be readable, and those that are truncated:")
        for stem in READABLE + TRUNCATED:
            names = [n for n in lines if n.startswith("pydicom-test_files/") and pathlib.Path(n).name == f"{stem}.dcm"]
            for name in names:
                line = lines[name]
                print(f"  {stem}: {line['outcome']} {line.get('reason') or ''} {line.get('detail') or ''}")
                reason = line.get("reason") or ""
                if stem in TRUNCATED:
                    verdict.check(line["outcome"] == "quarantined" and "truncated" in reason, f"{stem} is not quarantined as truncated")
                elif stem in CONTRADICTORY:
                    ended = (line["outcome"], reason, line.get("sop_class"))
                    verdict.check(ended == CONTRADICTORY[stem], f"{stem} ends as {ended}")
                else:
                    good = line["outcome"] == "written" or (line["outcome"] == "quarantined" and not UNREADABLE.search(reason))
                    verdict.check(good, f"{stem} is not readable")
            verdict.check(names or not any(n.startswith("pydicom-test_files/") for n in lines), f"{stem} was not met")

        written = {name: line for name, line in lines.items() if line["outcome"] == "written"}
        for root in sorted({line["root"] for line in lines.values()}):
            published = {str(path) for path in instances(root).values()}
            named = {line["path"] for line in written.values() if line["root"] == root}
            verdict.check(published == named, f"output and report disagree: {len(published - named)} unnamed, {len(named - published)} absent")
            stray = len(tree(root)) - len(published)
            verdict.check(not stray, f"{stray} files in the output are no instances")

        # The report says of which frames comments and the like were taken out, and where text was blanked: their images are
        # compared instead of bytes.
        stripped = {name: line.get("pixels", {}).get("stripped", False) for name, line in written.items()}
        blanked = {name: blanks(line) for name, line in written.items()}
        tasks = [(str(folder / name), line["path"], stripped[name], blanked[name]) for name, line in written.items() if os.path.exists(line["path"])]
        with concurrent.futures.ProcessPoolExecutor() as pool:
            judged = list(pool.map(judge, tasks, chunksize=8))
        excused, new, where = collections.Counter(), collections.Counter(), {}
        for item in judged:
            name = str(pathlib.Path(item["source"]).relative_to(folder))
            for problem in item["problems"]:
                verdict.check(False, f"{name}: {problem}")
            verdict.check(item["compared"] is not False, f"{name}: pixel data differ")
            verdict.check(item["compared"] != "undecoded", f"{name}: pixel data differ, and no decoder reads the input")
            for message in item["new"]:
                (excused if demanded(message, basic) else new)[message] += 1
                where.setdefault(message, name)
        compared = collections.Counter(str(item["compared"]) for item in judged)
        print(f"\nwritten files read by pydicom and dcmdump: {sum(not i['problems'] for i in judged)} of {len(judged)}")
        print(f"pixel data: identical {compared['True']}, image the same without comments {compared['stripped']}, the same but for text {compared['blanked']}, only unused bits cleared {compared['cleared']}, no decoder for the input {compared['undecoded']}, different {compared['False']}, no pixel data {compared['none']}, input unreadable {compared['None']}")
        print(f"dciodvfy: compared {sum(i['validated'] for i in judged)}; the rest it cannot read or name in the input")
        for title, table in (("new messages that PS3.15 asks for (plain X, not Type 1)", excused), ("new messages", new)):
            print(f"{title}: {sum(table.values())}")
            for message, count in table.most_common(40):
                print(f"  {count:4d} {message}  e.g. {where[message]}")
        verdict.check(not new, f"{sum(new.values())} new dciodvfy errors")
        truths(folder, lines, verdict, options(args.profile or "basic"))
    verdict.end()


if __name__ == "__main__":
    sys.exit(main())
