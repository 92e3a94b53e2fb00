#!/usr/bin/env python3
"""Measures what blanking a banner costs, as ratios within interleaved rounds, in CPU milliseconds a frame.

Uncompressed images are compared with `cp`, JPEG Baseline with libjpeg-turbo's decoding and encoding of the same frames, JPEG Lossless,
JPEG-LS and JPEG 2000 with GDCM's. The inputs are made here, from seeds. The first round warms up and is not counted. Prints Markdown.
Needs what tests/acceptance/requirements.txt names."""
import argparse
import itertools
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "acceptance"))

import imagecodecs
import numpy
import pydicom

import pixel_files as files
import pixel_readers as readers
from dicomwriter import EXPLICIT, part10
from pixel_files import Case
from throughput import run, written

BANNER = [0, 0, 400, 40]
RSS_LIMIT = 100e6
PROFILE = f"""samar: 1
name: bench-pixels
extends: basic
options: [clean-pixel-data]
pixels:
  - {{id: banner, when: Modality == "MR", regions: [{BANNER}], because: measuring}}
"""


def frame(case, number):
    """A moving picture with grain that does not compress too well."""
    rows, columns = case.size
    y, x = numpy.mgrid[0:rows, 0:columns].astype(numpy.float32)
    top = (1 << case.stored) - 1
    seeded = numpy.random.default_rng(number)
    channels = []
    for channel in range(case.samples):
        image = 0.45 + 0.2 * numpy.sin((x + 3 * number) / (37 + channel)) * numpy.cos((y - 2 * number) / 29)
        image += 0.25 * numpy.exp(-(((x - columns / 2) / (columns / 3)) ** 2) - ((y - rows / 2) / (rows / 3)) ** 2)
        image += seeded.normal(0, 0.004, (rows, columns)).astype(numpy.float32)
        channels.append(numpy.rint(numpy.clip(image, 0, 1) * top).astype(numpy.int64))
    return numpy.stack(channels, -1) if case.samples == 3 else channels[0]


def make(case, folder, count, distinct=16):
    """`count` files; frames repeat after `distinct` of them, which no codec can profit from."""
    folder.mkdir(parents=True)
    frames = [frame(case, number) for number in range(min(distinct, case.frames * count))]
    coded = [files.native(case, f) if case.syntax in files.NATIVE else files.encoded(case, f) for f in frames]
    for number in range(count):
        chosen = list(itertools.islice(itertools.cycle(coded), number, number + case.frames))
        data = files.header(case, number + 1)
        if case.syntax in files.NATIVE:
            data.put(0x7FE00010, "OW", b"".join(chosen))
        else:
            files.encapsulated(data, chosen, "basic")
        with open(folder / f"{number:04d}.dcm", "wb") as file:
            file.write(part10(data, case.syntax))


def samar(args, work, inputs, jobs=1):
    return [args.samar, "deid", inputs, "--out", work / "out", "--profile", work / "bench.yaml", "--key-file", work / "key.txt",
            "--report", work / f"report-{jobs}.jsonl", "-j", str(jobs)]


def turbo(inputs):
    """CPU seconds that libjpeg-turbo takes to decode and encode every frame, codec alone."""
    spent = 0.0
    for path in sorted(inputs.iterdir()):
        for data in readers.coded_frames(pydicom.dcmread(path)):
            start = time.process_time()
            image = imagecodecs.jpeg8_decode(data, colorspace="YCBCR", outcolorspace="YCBCR")
            imagecodecs.jpeg8_encode(image, 90, colorspace="YCBCR", outcolorspace="YCBCR", subsampling="422")
            spent += time.process_time() - start
    return spent


def gdcm(inputs, work, option):
    """CPU seconds of gdcmconv to and from raw, or None when it fails."""
    spent = 0.0
    out = work / "gdcm"
    for path in sorted(inputs.iterdir()):
        for command in (["gdcmconv", "--raw", path, work / "raw.dcm"], ["gdcmconv", option, work / "raw.dcm", work / "coded.dcm"]):
            _, cpu, _, code, _ = run(command, out, False)
            if code != 0:
                return None
            spent += cpu
    return spent


def clean(work):
    for path in work.glob("report-*.jsonl"):
        path.unlink()
    shutil.rmtree(work / "out", ignore_errors=True)


def measure(args, name, case, count, peer, ask):
    """Prints one case; `ask` gives the peer's CPU seconds."""
    work = pathlib.Path(tempfile.mkdtemp(prefix="samar-bench-", dir=args.tmp))
    try:
        prepare(args, work)
        inputs = work / "in"
        make(case, inputs, count)
        size = sum(p.stat().st_size for p in inputs.iterdir())
        ours, theirs = [], []
        for turn in range(args.rounds + 1):
            spent = ask(inputs, work)
            clean(work)
            result = run(samar(args, work, inputs), work / "out", False)
            if written(work, 1) != count:
                print(f"VOID {name}: samar wrote {written(work, 1)} of {count}, exit {result[3]}")
                return None
            if spent is None:
                print(f"VOID {name}: {peer} failed")
                return None
            if turn:
                ours.append(result)
                theirs.append(spent)
        frames = case.frames * count
        cpu = statistics.median(r[1] for r in ours)
        ratio = statistics.median(r[1] / max(t, 1e-3) for r, t in zip(ours, theirs))
        print(f"| {name}: {frames} frames, {size / 1e6:.0f} MB | {1000 * cpu / frames:.3f} | {peer} | {1000 * statistics.median(theirs) / frames:.3f} "
              f"| {ratio:.2f} |", flush=True)
        return ratio
    finally:
        shutil.rmtree(work, ignore_errors=True)


def prepare(args, work):
    subprocess.run([args.samar, "key", "new", "--out", work / "key.txt"], check=True, capture_output=True)
    (work / "bench.yaml").write_text(PROFILE)


def copied(inputs, work):
    return run(["cp", "-r", inputs, work / "copy"], work / "copy", False)[1]


def memory(args, name, case, count):
    """Peak memory of two jobs."""
    work = pathlib.Path(tempfile.mkdtemp(prefix="samar-bench-", dir=args.tmp))
    try:
        prepare(args, work)
        make(case, work / "in", count, distinct=4)
        largest = max(p.stat().st_size for p in (work / "in").iterdir())
        # The kernel counts what a forked parent held, so that a small parent must start it.
        script = "import json,os,subprocess,sys; p=subprocess.Popen(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);" \
                 "_,s,u=os.wait4(p.pid,0); print(json.dumps([s,u.ru_maxrss*1024]))"
        command = [sys.executable, "-c", script, *map(os.fspath, samar(args, work, work / "in", 2))]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rss = int(answer.strip("[]\n").split(",")[1])
        good = written(work, 2) == count and rss < RSS_LIMIT
        if written(work, 2) != count:
            print(f"VOID {name}: samar wrote {written(work, 2)} of {count}")
        return f"{name}: {count} files of {largest / 1e6:.0f} MB, two jobs, peak {rss / 1e6:.0f} MB, limit {RSS_LIMIT / 1e6:.0f}", good
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samar", required=True, help="a release build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tmp", default="/var/tmp", help="a folder with 2 GB to spare (default /var/tmp)")
    parser.add_argument("--only", default="", help="only cases whose name holds this word")
    args = parser.parse_args()
    args.samar = os.path.abspath(args.samar)

    ct = dict(allocated=16, stored=12, size=(512, 512))
    us = dict(size=(480, 640))
    lossy = dict(photometric="YBR_FULL_422", lossy=True, params=(("quality", 90), ("sampling", "422")))
    cases = [
        ("CT, uncompressed", Case(EXPLICIT, **ct), 200, "cp -r", copied),
        ("US cine, uncompressed", Case(EXPLICIT, "RGB", frames=60, **us), 2, "cp -r", copied),
        ("US cine, JPEG Baseline", Case(files.BASELINE, frames=200, **us, **lossy), 2, "libjpeg-turbo", lambda inputs, work: turbo(inputs)),
        ("CT, JPEG Lossless", Case(files.LOSSLESS_SV1, frames=40, params=(("predictor", 1),), **ct), 2, "gdcmconv --jpeg",
         lambda inputs, work: gdcm(inputs, work, "--jpeg")),
        ("CT, JPEG-LS", Case(files.LS, frames=40, **ct), 2, "gdcmconv --jpegls", lambda inputs, work: gdcm(inputs, work, "--jpegls")),
        ("CT, JPEG 2000", Case(files.J2K_LOSSLESS, frames=20, **ct), 2, "gdcmconv --j2k", lambda inputs, work: gdcm(inputs, work, "--j2k")),
    ]
    print("| case | samar, CPU ms a frame | peer | peer, CPU ms a frame | samar / peer |\n|---|---|---|---|---|")
    good = True
    for name, case, count, peer, ask in cases:
        if args.only not in name:
            continue
        if peer.startswith("gdcmconv") and not shutil.which("gdcmconv"):
            print(f"skipped: {name}: gdcmconv is not installed")
            continue
        good &= measure(args, name, case, count, peer, ask) is not None
    print()
    for name, case, count in (
        ("memory, uncompressed", Case(EXPLICIT, frames=600, **ct), 2),
        ("memory, JPEG cine", Case(files.BASELINE, frames=2000, **us, **lossy), 2),
    ):
        if args.only in name:
            text, held = memory(args, name, case, count)
            good &= held
            print(f"{text}: {'holds' if held else '**does not hold**'}", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
