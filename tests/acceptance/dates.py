#!/usr/bin/env python3
"""Studies of several patients, before and after: the days between all dates of a patient are equal, and so is the time of day."""
import datetime
import itertools
import random
import warnings

import pydicom

from common import Report, Verdict, Work, arguments, deid, lookup, new_key, options, profile_file
from dicomwriter import EXPLICIT, Dataset, part10

PATIENTS, STUDIES, SERIES = 25, 5, 2
CT = b"1.2.840.10008.5.1.4.1.1.2"
PERIOD = datetime.date(1998, 1, 1).toordinal(), datetime.date(2024, 12, 31).toordinal()
# 29 February, the turn of a year, of a century.
ODD = [datetime.date(2000, 2, 29), datetime.date(2016, 2, 29), datetime.date(1999, 12, 31), datetime.date(2000, 1, 1)]


def written(day, form):
    """A day as devices write it: PS3.5's form and the one of ACR-NEMA."""
    return day.strftime("%Y.%m.%d" if form else "%Y%m%d").encode()


def build(chance, patient, study, series):
    """One instance with dates at the top, in sequences, as DT with and without zone, and two in one value."""
    days = [ODD[study - 1]] if 0 < study <= len(ODD) else []
    days += [datetime.date.fromordinal(chance.randint(*PERIOD)) for _ in range(8)]
    time = f"{chance.randint(0, 23):02d}{chance.randint(0, 59):02d}{chance.randint(0, 59):02d}.{chance.randint(0, 999999):06d}".encode()
    data = Dataset().put(0x00080016, "UI", CT).put(0x00080060, "CS", b"CT")
    root = f"1.2.826.0.1.3680043.9.77.{patient}.{study}".encode()
    data.put(0x0020000D, "UI", root).put(0x0020000E, "UI", root + b".%d" % series).put(0x00080018, "UI", root + b".%d.1" % series)
    data.put(0x00100010, "PN", b"Quill%c^Anna" % (65 + patient % 26)).put(0x00100020, "LO", b"MRN-%05d" % (patient * 7919))
    data.put(0x00080020, "DA", written(days[0], False)).put(0x00080030, "TM", time)
    data.put(0x00080021, "DA", written(days[1], False)).put(0x00080022, "DA", written(days[2], series == 1))
    data.put(0x0008002A, "DT", written(days[3], False) + time).put(0x0018A002, "DT", written(days[4], False) + time[:6] + b"+0700")
    data.put(0x00181200, "DA", written(days[5], False) + b"\\" + written(days[6], False))
    step = Dataset().put(0x00400244, "DA", written(days[7], False)).put(0x00400245, "TM", time)
    data.put(0x00400275, "SQ", [step])
    for tag, value in ((0x00280002, 1), (0x00280010, 8), (0x00280011, 8), (0x00280100, 16), (0x00280101, 12), (0x00280102, 11), (0x00280103, 0)):
        data.put(tag, "US", [value])
    data.put(0x00280004, "CS", b"MONOCHROME2").put(0x7FE00010, "OW", [1000] * 64)
    return part10(data, syntax=EXPLICIT)


def moments(dataset, where=""):
    """Every day and time of a data set by its place."""
    for element in dataset:
        place = f"{where}{element.tag}"
        if element.VR == "SQ":
            for number, item in enumerate(element.value):
                yield from moments(item, f"{place}[{number}]")
        elif element.VR in ("DA", "DT", "TM") and element.value:
            values = element.value if element.VM > 1 else [element.value]
            for number, value in enumerate(values):
                text = str(value).replace(".", "", 2) if element.VR == "DA" else str(value)
                if element.VR == "TM":
                    yield f"{place}/{number}", None, text
                else:
                    day = datetime.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
                    yield f"{place}/{number}", day, text[8:]


def main():
    warnings.simplefilter("ignore")
    args = arguments(__doc__, ("--profile", "shipped profile or profile file; research without it"))
    profile = args.profile or "research"
    verdict = Verdict()
    chance = random.Random(531)
    pairs, shifts = 0, {}
    with Work(args.keep) as work:
        source, report = work / "in", work / "report.jsonl"
        source.mkdir()
        for patient, study, series in itertools.product(range(PATIENTS), range(STUDIES), range(SERIES)):
            (source / f"{patient}-{study}-{series}").write_bytes(build(chance, patient, study, series))
        run = deid(args.samar, [source], work / "out", new_key(args.samar, work), report, ["--profile", profile_file(profile)])
        verdict.check(run.exit == 0, f"samar ended with {run.exit}: {run.stderr[-300:]!r}")
        lines = Report(report).by_input()
        for patient in range(PATIENTS):
            moved = set()
            for path in sorted(source.glob(f"{patient}-*")):
                line = lookup(lines, path.name)
                if not line or line["outcome"] != "written":
                    verdict.check(False, f"{path.name} was not written")
                    continue
                before = {place: rest for place, *rest in moments(pydicom.dcmread(path))}
                output = pydicom.dcmread(work / "out" / line["output"])
                after = {place: rest for place, *rest in moments(output)}
                verdict.check(before.keys() == after.keys(), f"{path.name}: {sorted(before.keys() ^ after.keys())}")
                for place in before.keys() & after.keys():
                    (old, old_time), (new, new_time) = before[place], after[place]
                    verdict.check(old_time == new_time, f"{path.name}: {place} has another time of day")
                    if old:
                        moved.add((new - old).days)
                        pairs += 1
                wanted = "UNMODIFIED" if "retain-full-dates" in options(profile) else "MODIFIED"
                verdict.check(output.get("LongitudinalTemporalInformationModified") == wanted, f"{path.name} does not say {wanted}")
            # One number for all dates of a patient is the same as equal days between any two of them.
            verdict.check(len(moved) == 1, f"patient {patient}: dates moved by {sorted(moved)} days")
            shifts[patient] = moved
    distinct = {day for moved in shifts.values() for day in moved}
    print(f"patients {PATIENTS}, dates compared {pairs}, different shifts {len(distinct)}, from {min(distinct, default=None)} to {max(distinct, default=None)} days")
    if "retain-modified-dates" in options(profile):
        verdict.check(len(distinct) > PATIENTS // 2 and 0 not in distinct, "shifts do not differ, or are nothing")
    verdict.end()


if __name__ == "__main__":
    main()
