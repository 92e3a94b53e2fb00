#!/usr/bin/env python3
"""Compares samar with `cp -r` and with other de-identifiers on the same inputs, in interleaved rounds.

Machines are shared and noisy, so only ratios within one round count: each round runs every command once, one after the other,
and the median of the rounds' ratios is printed. The first round warms up and is not counted. Inputs are read before each run so
that all commands find them in the page cache; the old output is removed just before. Prints Markdown."""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
# Name, folder of inputs, how many files at most, whether the output is on disk, limit of CPU against cp.
CASES = (
    ("ct, disk", "ct", 500, True, 1.5),
    ("ct, tmpfs", "ct", 500, False, 1.5),
    ("cr, tmpfs", "cr", 30, False, 1.5),
    ("us, tmpfs", "us", None, False, 1.5),
    ("small, tmpfs", "small", 20_000, False, 1.5),
    ("enhanced, tmpfs", "enhanced", 1, False, 1.5),
)
RSS_LIMIT = 64e6
PEER_FACTOR = 1.5


class Inputs:
    """Hard links to the first files of a folder, in one tree that every command is given."""

    def __init__(self, source, most, work):
        files = sorted(p for p in source.rglob("*") if p.is_file())[:most]
        self.folder = work / "in"
        for path in files:
            place = self.folder / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, place)
            except OSError:
                shutil.copyfile(path, place)
        self.files = [self.folder / p.relative_to(source) for p in files]
        self.size = sum(p.stat().st_size for p in self.files)

    def warm(self):
        for path in self.files:
            with open(path, "rb", buffering=0) as file:
                while file.read(1 << 20):
                    pass


def run(command, out, make_out):
    """One run: wall and CPU seconds, peak RSS in bytes, exit code, files written."""
    shutil.rmtree(out, ignore_errors=True)
    if make_out:
        out.mkdir(parents=True)
    start = time.monotonic()
    process = subprocess.Popen([os.fspath(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    files = sum(len(names) for _, _, names in os.walk(out))
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, process.returncode, files


def commands(args, work, inputs, out, peers=True):
    """Name -> (command, whether the output folder must exist). Every command reads `inputs` and writes `out`."""
    found = {"cp": (["cp", "-r", inputs.folder, out], False)}
    for jobs in (1, 2):
        report = work / f"report-{jobs}.jsonl"
        found[f"samar -j{jobs}"] = (
            [args.samar, "deid", inputs.folder, "--out", out, "--profile", HERE / "accept-all.yaml", "--key-file", work / "key.txt",
             "--report", report, "-j", str(jobs)],
            False,
        )
    if peers and shutil.which("gdcmanon"):
        found["gdcmanon"] = (["gdcmanon", "-e", "-c", work / "certificate.pem", "-r", "--continue", "-i", inputs.folder, "-o", out], True)
    dcmanon = args.dcmanon or shutil.which("dcmanon")
    if peers and dcmanon:
        found["dcmanon"] = ([dcmanon, "anonymize", "-r", "--continue", "-i", inputs.folder, "-o", out], True)
    return found


def prepare(args, work):
    subprocess.run([args.samar, "key", "new", "--out", work / "key.txt"], check=True, capture_output=True)
    if shutil.which("gdcmanon"):
        # gdcmanon encrypts what it removes for the holder of a certificate, so it needs one.
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", work / "private.pem", "-out", work / "certificate.pem",
                        "-days", "30", "-subj", "/CN=bench"], check=True, capture_output=True)


def written(work, jobs):
    """How many inputs samar says that it wrote in its last run."""
    report = work / f"report-{jobs}.jsonl"
    if not report.exists():
        return 0
    lines = (json.loads(line) for line in report.read_text().splitlines())
    return sum(line.get("outcome") == "written" for line in lines)


def measure(args, name, source, most, disk, peers=True):
    work = pathlib.Path(tempfile.mkdtemp(prefix="samar-bench-", dir=args.disk))
    place = pathlib.Path(tempfile.mkdtemp(prefix="samar-bench-", dir=args.disk if disk else args.tmpfs))
    try:
        prepare(args, work)
        inputs = Inputs(source, most, work)
        out = place / "out"
        todo = commands(args, work, inputs, out, peers)
        rounds = {key: [] for key in todo}
        for turn in range(args.rounds + 1):
            for key, (command, make_out) in todo.items():
                inputs.warm()
                (work / f"report-{key[-1]}.jsonl").unlink(missing_ok=True)
                result = run(command, out, make_out)
                if turn:
                    rounds[key].append(result)
                if key.startswith("samar") and written(work, int(key[-1])) != len(inputs.files):
                    print(f"VOID {name}: {key} wrote {written(work, int(key[-1]))} of {len(inputs.files)} inputs, exit {result[3]}")
                if not key.startswith("samar") and (result[3] != 0 or result[4] != len(inputs.files)):
                    print(f"note {name}: {key} ended with {result[3]} and {result[4]} files of {len(inputs.files)}")
        return inputs, rounds
    finally:
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)


def median(rounds, column):
    return statistics.median(r[column] for r in rounds)


def paired(rounds, base, column):
    return statistics.median(a[column] / max(b[column], 1e-3) for a, b in zip(rounds, base))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samar", required=True, help="a release build")
    parser.add_argument("--inputs", required=True, type=pathlib.Path, help="folder with ct, cr, us, enhanced and small")
    parser.add_argument("--dcmanon", help="the dcmanon binary, when it is not in PATH")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--disk", default="/var/tmp", help="a folder on ext4, on the inputs' file system (default /var/tmp)")
    parser.add_argument("--tmpfs", default="/dev/shm", help="a folder on tmpfs (default /dev/shm)")
    parser.add_argument("--only", help="only cases whose name holds this word")
    parser.add_argument("--no-peers", action="store_true")
    args = parser.parse_args()
    args.samar = os.path.abspath(args.samar)
    verdicts = []

    def verdict(name, text, good):
        verdicts.append((name, text, good))

    print("| case | command | wall, s | CPU, s | peak RSS, MB | wall / cp | CPU / cp |\n|---|---|---|---|---|---|---|")
    for name, folder, most, disk, limit in CASES:
        source = args.inputs / folder
        if args.only and args.only not in name:
            continue
        if not source.is_dir():
            print(f"skipped: {name}, no {folder} in the inputs")
            continue
        inputs, rounds = measure(args, name, source, most, disk, not args.no_peers)
        label = f"{name}: {len(inputs.files)} files, {inputs.size / 1e6:.0f} MB"
        for key, results in rounds.items():
            print(f"| {label} | {key} | {median(results, 0):.3f} | {median(results, 1):.3f} | {max(r[2] for r in results) / 1e6:.1f} "
                  f"| {paired(results, rounds['cp'], 0):.2f} | {paired(results, rounds['cp'], 1):.2f} |", flush=True)
        ours = rounds["samar -j1"]
        ratio = paired(ours, rounds["cp"], 1)
        verdict(name, f"CPU {ratio:.2f} x cp -r, limit {limit}", ratio <= limit)
        for peer in ("gdcmanon", "dcmanon"):
            if peer in rounds:
                factor = paired(rounds[peer], ours, 1)
                verdict(name, f"{peer} takes {factor:.1f} x the CPU, wanted {PEER_FACTOR}", factor >= PEER_FACTOR)
        if folder == "enhanced":
            rss = max(r[2] for r in ours)
            verdict(name, f"peak RSS {rss / 1e6:.1f} MB, limit {RSS_LIMIT / 1e6:.0f}", rss < RSS_LIMIT)
        else:
            gain = paired(rounds["samar -j2"], ours, 0)
            verdict(name, f"wall of two jobs {gain:.2f} of one job's", gain < 1)
    print("\n| case | figure | holds |\n|---|---|---|")
    for name, text, good in verdicts:
        print(f"| {name} | {text} | {'yes' if good else '**no**'} |")
    return 0 if verdicts and all(good for _, _, good in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
