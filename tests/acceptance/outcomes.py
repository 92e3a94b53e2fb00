#!/usr/bin/env python3
"""Runs samar over test-data/ and compares every outcome with test-data/expected/outcomes.tsv."""
import collections
import csv
import sys

from common import ROOT, Report, Verdict, Work, arguments, deid, instances, lookup, new_key, tree


def expectations(path):
    with open(path, newline="", encoding="utf-8") as lines:
        return {row["file"]: row for row in csv.DictReader(lines, delimiter="\t")}


def judge(row, line):
    """What is wrong with this outcome, or None."""
    if line is None:
        return "no report line"
    outcome, reason = line["outcome"], line.get("reason") or ""
    if outcome not in row["outcome"].split("|"):
        return f"{outcome} ({reason}), expected {row['outcome']}"
    said = f"{reason}: {line.get('detail') or ''}"
    if outcome != "written" and row["reason"] and not any(word in said for word in row["reason"].split("|")):
        return f"reason `{said}`, expected one with {row['reason']}"
    return None


def main():
    args = arguments(__doc__)
    verdict = Verdict()
    data = ROOT / "test-data"
    expected = expectations(data / "expected" / "outcomes.tsv")
    with Work(args.keep) as work:
        key = new_key(args.samar, work)
        for part in ("studies", "odd", "bombs"):
            out = work / part
            run = deid(args.samar, [data / part], out, key, work / f"{part}.jsonl")
            verdict.check(not run.panicked and run.exit in (0, 1), f"{part}: exit {run.exit}")
            report = Report(work / f"{part}.jsonl")
            for problem in report.problems:
                verdict.check(False, f"{part}: {problem}")
            lines = report.by_input()
            counts = collections.Counter()
            for name, row in expected.items():
                if not name.startswith(part + "/"):
                    continue
                line = lookup(lines, name) or lookup(lines, name.removeprefix(part + "/"))
                counts[line["outcome"] if line else "absent"] += 1
                wrong = judge(row, line)
                verdict.check(wrong is None, f"{name}: {wrong}")
            verdict.check(len(tree(out)) == len(instances(out)), f"{part}: files in the output that are no instances")
            print(f"{part}: " + ", ".join(f"{k} {v}" for k, v in sorted(counts.items())))
    verdict.end()


if __name__ == "__main__":
    sys.exit(main())
