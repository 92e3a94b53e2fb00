"""What every acceptance script shares: running samar, reading its report, walking its output."""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLES = ROOT / "src" / "standard" / "data"
OUTCOMES = ("written", "quarantined", "rejected", "not-dicom", "failed")


def arguments(description, *extra):
    """The options that every script takes, and `extra` as (flag, help) pairs that take a path."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--samar", required=True, help="the samar binary to judge")
    parser.add_argument("--keep", action="store_true", help="keep the working folder and print where it is")
    for flag, help_text in extra:
        parser.add_argument(flag, help=help_text)
    args = parser.parse_args()
    args.samar = os.path.abspath(args.samar)
    return args


def profile_file(name):
    """The file of a shipped profile, or the one that is named."""
    shipped = ROOT / "profiles" / f"{name}.yaml"
    return str(shipped if shipped.exists() else pathlib.Path(name).resolve())


def options(name):
    """The options that a profile asks for, as far as it says so itself."""
    text = "\n".join(line.split("#")[0] for line in pathlib.Path(profile_file(name)).read_text(encoding="utf-8").splitlines())
    return frozenset(re.findall(r"\b(?:retain|clean)-[a-z]+(?:-[a-z]+)*", text))


class Work:
    """A temporary folder, kept on request."""

    def __init__(self, keep=False, parent=None):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="samar-acceptance-", dir=parent))
        self.keep = keep

    def __enter__(self):
        return self.path

    def __exit__(self, *_):
        if self.keep:
            print(f"kept: {self.path}")
        else:
            shutil.rmtree(self.path, ignore_errors=True)


class Run:
    """One finished process: exit code (negative: signal), output, seconds and peak memory."""

    def __init__(self, command, env=None, cwd=None, timeout=None):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            start = time.monotonic()
            process = subprocess.Popen(
                [os.fspath(c) for c in command],
                stdout=out,
                stderr=err,
                stdin=subprocess.DEVNULL,
                env=None if env is None else {**os.environ, **env},
                cwd=cwd,
            )
            self.timed_out = False
            usage = None
            while usage is None:
                pid, status, found = os.wait4(process.pid, os.WNOHANG if timeout else 0)
                if pid:
                    usage = found
                elif time.monotonic() - start > timeout:
                    self.timed_out = True
                    process.kill()
                    timeout = None
                else:
                    time.sleep(0.005)
            self.wall = time.monotonic() - start
            process.returncode = self.exit = os.waitstatus_to_exitcode(status)
            self.cpu = usage.ru_utime + usage.ru_stime
            self.rss = usage.ru_maxrss * 1024
            out.seek(0)
            err.seek(0)
            self.stdout = out.read()
            self.stderr = err.read()

    @property
    def panicked(self):
        return self.exit < 0 or self.exit == 101 or b"panicked at" in self.stderr


def new_key(samar, folder):
    """Makes a key file with samar itself."""
    path = folder / "key.txt"
    run = Run([samar, "key", "new", "--out", path])
    if run.exit != 0 or not path.exists():
        sys.exit(f"samar key new failed ({run.exit}): {run.stderr.decode(errors='replace')[:500]}")
    return path


def deid(samar, inputs, out, key=None, report=None, extra=(), **how):
    """Runs `samar deid` and returns the finished process."""
    command = [samar, "deid", *inputs, "--out", out]
    if key:
        command += ["--key-file", key]
    if report:
        command += ["--report", report]
    return Run([*command, *extra], **how)


class Report:
    """A report's lines: header, one per input, footer."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.lines = []
        self.problems = []
        if not self.path.exists():
            self.problems.append("no report was written")
            return
        if self.path.stat().st_mode & 0o077:
            self.problems.append(f"report mode is {self.path.stat().st_mode & 0o777:o}, not 600")
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                self.lines.append(json.loads(line))
            except ValueError:
                self.problems.append(f"line {number} is not JSON")
        self.inputs = [line for line in self.lines if isinstance(line, dict) and "outcome" in line]
        for line in self.inputs:
            if line["outcome"] not in OUTCOMES:
                self.problems.append(f"unknown outcome {line['outcome']!r}")

    inputs = ()

    def by_input(self):
        """Report lines by input path relative to the named input."""
        return {line.get("input"): line for line in self.inputs}


def tree(folder):
    """Relative path -> path of every file below `folder`, staging included."""
    folder = pathlib.Path(folder)
    return {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*")) if not p.is_dir()}


def instances(folder):
    """The published files alone: `*.dcm` outside staging folders."""
    return {name: path for name, path in tree(folder).items() if name.endswith(".dcm") and not staging(name)}


def staging(name):
    return any(part.startswith(".samar-") for part in pathlib.PurePath(name).parts)


def lookup(lines, name):
    """The report line of `name`, whether or not the report puts the named folder in front."""
    if name in lines:
        return lines[name]
    for given, line in lines.items():
        if given and given.endswith("/" + name):
            return line
    return None


def shared():
    """The folder of shared reference data, or None with the reason printed."""
    for candidate in (os.environ.get("SAMAR_SHARED"), ROOT / ".." / "shared"):
        if candidate and pathlib.Path(candidate).is_dir():
            return pathlib.Path(candidate).resolve()
    print("skipped: no SAMAR_SHARED folder")
    return None


class Verdict:
    """Collects failures and ends the script."""

    def __init__(self):
        self.failures = []

    def check(self, good, text):
        if not good:
            self.failures.append(text)
            print(f"FAIL {text}")

    def end(self):
        print("PASS" if not self.failures else f"FAIL: {len(self.failures)} problem(s)")
        sys.exit(1 if self.failures else 0)
