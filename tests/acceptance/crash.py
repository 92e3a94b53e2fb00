#!/usr/bin/env python3
"""Kills samar -9 at many moments. What stands in the output must be whole and equal to a clean run; a second run completes."""
import os
import random
import shutil
import signal
import subprocess
import sys
import time

from common import Verdict, Work, arguments, deid, new_key, staging, tree
from dicomwriter import Dataset, part10

FILES, KILLS = 300, 60
# With strace: the n-th call of each kind, in any one thread, is answered by SIGKILL before it takes effect.
CALLS = ("openat", "mkdir,mkdirat", "write,writev,pwrite64,pwritev", "copy_file_range,sendfile", "rename,renameat,renameat2,link,linkat",
         "close", "fsync,fdatasync,syncfs,sync_file_range", "unlink,unlinkat,rmdir", "fchmod,fchmodat,chmod,ftruncate,fallocate")
TIMES = (1, 2, 3, 7, 20, 50, 120, 280)


def make(folder):
    """Images of 16 to 512 kB: small ones take one write, large ones many."""
    noise = random.Random(7)
    for n in range(FILES):
        side = noise.choice((64, 128, 256, 512))
        data = Dataset()
        data.put(0x00080016, "UI", b"1.2.840.10008.5.1.4.1.1.2")
        data.put(0x00080018, "UI", f"2.25.99{n:05d}".encode())
        data.put(0x00080060, "CS", b"CT" if side == 64 else b"MR")
        data.put(0x00100010, "PN", f"Crash^Test{n % 5}".encode())
        data.put(0x00100020, "LO", f"C{n % 5}".encode())
        data.put(0x0020000D, "UI", f"2.25.98{n % 5}".encode())
        data.put(0x0020000E, "UI", f"2.25.97{n % 10}".encode())
        for tag, value in ((0x00280002, 1), (0x00280010, side), (0x00280011, side), (0x00280100, 16), (0x00280101, 12), (0x00280102, 11), (0x00280103, 0)):
            data.put(tag, "US", [value])
        data.put(0x00280004, "CS", b"MONOCHROME2")
        data.put(0x7FE00010, "OW", noise.randbytes(side * side * 2))
        place = folder / f"s{n % 10}" / f"{n}.dcm"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(part10(data))


def profile(work):
    """The Basic Profile, but only small images are searched for text: most of the time would go there, and to no other kill."""
    path = work / "site.yaml"
    path.write_text("samar: 1\nname: site\nextends: basic\npixels: {detect: {text: redact, modalities: {MR: \"off\"}}}\n")
    return ["--profile", path]


def inspect(label, out, wanted, verdict):
    """What a killed run left: how many files are published and how many stand in staging."""
    found = tree(out) if out.exists() else {}
    published = {name: path for name, path in found.items() if not staging(name)}
    for name, path in published.items():
        if name not in wanted:
            verdict.check(False, f"{label}: a file that a clean run does not write ({path.suffix or 'no suffix'})")
        elif path.read_bytes() != wanted[name]:
            verdict.check(False, f"{label}: a torn file")
    return len(published), len(found) - len(published)


def complete(label, samar, work, out, key, wanted, verdict):
    """The next run writes what is missing and clears what the killed one left."""
    again = deid(samar, [work / "in"], out, key, work / "again.jsonl", profile(work))
    verdict.check(again.exit == 0, f"{label}: the next run ends with {again.exit}: {again.stderr[-200:]!r}")
    verdict.check({name: path.read_bytes() for name, path in tree(out).items()} == wanted, f"{label}: the next run does not complete the output")
    left = [path for path in out.rglob("*") if staging(str(path.relative_to(out)))]
    verdict.check(not left, f"{label}: the next run leaves {len(left)} staging entries")


def quickest(args, work, key, out):
    """Seconds of a run with everything in the cache: kills are spread over that, not over a first, slow run."""
    walls = []
    for _ in range(3):
        shutil.rmtree(out, ignore_errors=True)
        walls.append(deid(args.samar, [work / "in"], out, key, work / "report.jsonl", [*profile(work), "-j", "1"]).wall)
    return min(walls)


def by_time(args, work, key, wanted, verdict):
    """Kills spread over the run."""
    killed = partial = leftovers = 0
    seen = set()
    out = work / "out"
    wall = quickest(args, work, key, out)
    for n in range(KILLS):
        if n % 3 != 2:  # every third kill hits a run that continues an interrupted one
            shutil.rmtree(out, ignore_errors=True)
        command = [args.samar, "deid", work / "in", "--out", out, "--key-file", key, "--report", work / "report.jsonl", *profile(work), "-j", "1"]
        process = subprocess.Popen([os.fspath(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        until = time.monotonic() + wall * (n + 1) / (KILLS + 1)
        while time.monotonic() < until and process.poll() is None:
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed += process.returncode == -signal.SIGKILL
        published, staged = inspect(f"kill {n}", out, wanted, verdict)
        leftovers += staged
        partial += 0 < published < FILES
        seen.add(published)
        if n % 3 == 1 or n == KILLS - 1:
            complete(f"kill {n}", args.samar, work, out, key, wanted, verdict)
    print(f"kills by time {KILLS}, that hit a running process {killed}, with part of the output published {partial}; "
          f"published counts {min(seen)} to {max(seen)}; staging files left {leftovers}")
    verdict.check(killed >= KILLS // 2 and partial >= KILLS // 10, "too few kills hit the run in the middle to prove anything")


def by_call(args, work, key, wanted, verdict):
    """Kills at chosen system calls, for which no luck is needed."""
    if not shutil.which("strace"):
        print("skipped: kills by system call, for want of strace")
        return
    tried = killed = partial = 0
    out = work / "out"
    for calls in CALLS:
        for when in TIMES:
            shutil.rmtree(out, ignore_errors=True)
            (work / "report.jsonl").unlink(missing_ok=True)
            command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=SIGKILL:when={when}",
                       args.samar, "deid", work / "in", "--out", out, "--key-file", key, "--report", work / "report.jsonl", *profile(work)]
            process = subprocess.run([os.fspath(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False)
            tried += 1
            label = f"{calls.split(',')[0]} call {when}"
            if process.returncode == 0:
                continue
            killed += 1
            published, _ = inspect(label, out, wanted, verdict)
            partial += 0 < published < FILES
            complete(label, args.samar, work, out, key, wanted, verdict)
    print(f"kills by system call: {tried} tried, {killed} hit, with part of the output published {partial}")
    verdict.check(killed > 0, "no kill by system call hit; is tracing allowed here?")


def main():
    args = arguments(__doc__, ("--tmp", "where to work, such as a folder on another file system"))
    verdict = Verdict()
    with Work(args.keep, args.tmp) as work:
        make(work / "in")
        key = new_key(args.samar, work)
        clean = deid(args.samar, [work / "in"], work / "clean", key, work / "clean.jsonl", profile(work))
        verdict.check(clean.exit == 0, f"clean run: exit {clean.exit}")
        wanted = {name: path.read_bytes() for name, path in tree(work / "clean").items()}
        verdict.check(len(wanted) == FILES, f"clean run wrote {len(wanted)} of {FILES}")
        by_time(args, work, key, wanted, verdict)
        by_call(args, work, key, wanted, verdict)
    verdict.end()


if __name__ == "__main__":
    sys.exit(main())
