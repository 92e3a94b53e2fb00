#!/usr/bin/env python3
"""Runs samar on every bomb, one process each, and prints peak memory and time. None may abort, be written or take long."""
import collections
import re
import shutil
import subprocess
import sys

from common import ROOT, Report, Verdict, Work, arguments, deid, instances, new_key
from outcomes import expectations, judge

TIMEOUT = 300


def family(name):
    stem = name.rsplit("/", 1)[-1].removesuffix(".dcm")
    return "claims" if stem.startswith("claim-") else re.sub(r"-(undefined|implicit|un|unclosed|defined)$", "", stem)


def large(args, work):
    """The folder of bombs too big to commit, made by the generator unless it is given."""
    if args.large:
        return args.large
    if not shutil.which("cargo"):
        print("skipped: the large bombs, for want of cargo; make them and name them with --large")
        return None
    made = work / "large"
    subprocess.run(["cargo", "run", "-q", "--example", "generate_test_data", "--", "--large", made], cwd=ROOT, check=True)
    return made


def main():
    args = arguments(__doc__, ("--large", "a folder that `generate_test_data --large` made"))
    verdict = Verdict()
    with Work(args.keep) as work:
        key = new_key(args.samar, work)
        idle = deid(args.samar, [ROOT / "test-data" / "studies" / "notes.txt"], work / "idle", key)
        print(f"a run over one text file: {idle.rss / 1e6:.1f} MB, {idle.wall:.3f} s")
        groups = collections.defaultdict(list)
        for root in (ROOT / "test-data", large(args, work)):
            if root is None:
                continue
            for name, row in expectations(f"{root}/expected/outcomes.tsv").items():
                if not name.startswith("bombs/"):
                    continue
                out, report_path = work / "out", work / "report.jsonl"
                shutil.rmtree(out, ignore_errors=True)
                report_path.unlink(missing_ok=True)
                run = deid(args.samar, [f"{root}/{name}"], out, key, report_path, timeout=TIMEOUT)
                groups[family(name)].append(run)
                verdict.check(not run.timed_out, f"{name}: still running after {TIMEOUT} s")
                verdict.check(not run.panicked, f"{name}: aborted or panicked, exit {run.exit}")
                report = Report(report_path)
                for problem in report.problems:
                    verdict.check(False, f"{name}: {problem}")
                line = report.inputs[0] if len(report.inputs) == 1 else None
                wrong = judge(row, line)
                verdict.check(wrong is None, f"{name}: {wrong}")
                verdict.check(not out.exists() or not instances(out), f"{name}: something was written")
    print("\n| bomb | files | peak RSS, MB | longest, s | exit codes |\n|---|---|---|---|---|")
    for name, runs in groups.items():
        print(f"| {name} | {len(runs)} | {max(r.rss for r in runs) / 1e6:.1f} | {max(r.wall for r in runs):.3f} | {sorted({r.exit for r in runs})} |")
    every = [run for runs in groups.values() for run in runs]
    print(f"\n{len(every)} bombs, peak {max(r.rss for r in every) / 1e6:.1f} MB, longest {max(r.wall for r in every):.2f} s, aborts {sum(r.panicked for r in every)}")
    verdict.end()


if __name__ == "__main__":
    sys.exit(main())
