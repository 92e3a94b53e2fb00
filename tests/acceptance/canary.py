#!/usr/bin/env python3
"""Plants a unique token in every place where DICOM can hold an identity, runs samar, and searches everything that came out."""
import collections
import json
import os
import stat
import sys
import warnings
import zlib

import pydicom

from canary_files import Canary
from common import Report, Verdict, Work, arguments, deid, instances, lookup, new_key, options, profile_file, tree
from design import by_design
from tokens import Searcher


def inflated(data):
    """The data set of a deflated file, inflated; nothing for other files."""
    if data[128:132] != b"DICM" or b"1.2.840.10008.1.2.1.99" not in data[:600]:
        return b""
    end = 144 + int.from_bytes(data[140:144], "little")
    try:
        return zlib.decompressobj(-15).decompress(data[end:])
    except zlib.error:
        return b""


def walk(dataset, prefix=""):
    for element in dataset:
        where = f"{prefix}{element.tag.group:04X}{element.tag.element:04X}"
        yield where, element
        if element.VR == "SQ":
            for item in element.value:
                yield from walk(item, where + ">")


def main():
    warnings.simplefilter("ignore")
    args = arguments(__doc__, ("--profile", "shipped profile or profile file; basic without it"))
    profile = args.profile or "basic"
    verdict = Verdict()
    canary = Canary().build()
    tokens = canary.tokens.planted
    on = options(profile)
    by_design(tokens, on)
    searcher = Searcher(canary.tokens)
    names = {path: name for path, (name, _, _) in canary.files.items()}
    with Work(args.keep) as work:
        source, out, temp = work / "in", work / "out", work / "tmp"
        temp.mkdir()
        found_in_input = set()
        for path, (name, data, _) in canary.files.items():
            place = source / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            for _, token in searcher.find(data + inflated(data) + path.encode()):
                if not isinstance(token, str):
                    found_in_input.add(id(token))
        # The search itself is on trial first: what it cannot see in the inputs it would not see in the outputs.
        blind = [t for t in tokens.values() if not t.weak and id(t) not in found_in_input]
        verdict.check(not blind, f"the search is blind to {len(blind)} planted tokens, such as {[(t.file, t.where) for t in blind[:5]]}")

        key = new_key(args.samar, work)
        report_path = work / "report.jsonl"
        run = deid(args.samar, [source], out, key, report_path, ["-vvv", "--profile", profile_file(profile)], env={"TMPDIR": str(temp)})
        verdict.check(not run.panicked and run.exit in (0, 1), f"samar ended with {run.exit}: {run.stderr[-300:]!r}" if run.exit not in (0, 1) else "samar panicked")
        report = Report(report_path)
        for problem in report.problems:
            verdict.check(False, problem)
        lines = report.by_input()

        # Where each input went.
        outcomes = collections.Counter()
        source_of = {}
        for path, (name, _, must_write) in canary.files.items():
            line = lookup(lines, path)
            if line is None:
                verdict.check(False, f"no report line for {name}")
                continue
            outcomes[line["outcome"]] += 1
            if line.get("output"):
                source_of[line["output"]] = name
            if must_write and line["outcome"] != "written":
                verdict.check(False, f"{name} was not written ({line['outcome']}: {line.get('reason')}: {line.get('detail')}), so its tokens prove nothing")

        # Everything that came out.
        leaks = collections.defaultdict(set)
        kept = set()

        def search(label, data):
            for encoding, token in searcher.find(data):
                if isinstance(token, str):
                    leaks[("?", token)].add(f"{label} ({encoding})")
                elif token.kind == "kept":
                    kept.add(id(token))
                else:
                    leaks[(token.file, token.where)].add(f"{label} ({encoding})")

        published = instances(out)
        for name, path in tree(out).items():
            search("output file name", name.encode())
            verdict.check(name in published, f"left over in the output: a file that is no instance ({path.suffix or 'no suffix'})")
            data = path.read_bytes()
            search("output bytes", data)
            search("output, inflated", inflated(data))
        weak(tokens, published, source_of, leaks, verdict, on)
        for path in temp.rglob("*"):
            verdict.check(False, "left over in TMPDIR")
        search("standard error", run.stderr)
        search("standard output", run.stdout)
        for line in report.lines:
            search("report", json.dumps({k: v for k, v in line.items() if k != "input"}, ensure_ascii=False).encode())
        if report_path.exists():
            verdict.check(stat.S_IMODE(os.stat(report_path).st_mode) == 0o600, "the report is not mode 0600")

    print(f"profile {profile}: {', '.join(sorted(on)) or 'no options'}")
    must = [t for t in tokens.values() if t.kind == "must"]
    files = collections.Counter(file for file, _ in leaks)
    print(f"files {len(names)}: " + ", ".join(f"{k} {v}" for k, v in sorted(outcomes.items())))
    print(f"tokens planted {len(must)} in {len({(t.where) for t in must})} places, found {len(leaks)}")
    print(f"tokens in attributes that the profile keeps: planted {len(tokens) - len(must)}, retained {len(kept)} (no failure)")
    for (file, where), how in sorted(leaks.items())[:60]:
        print(f"  LEAK {file}: {where}: {', '.join(sorted(how))}")
    if len(leaks) > 60:
        print(f"  ... and {len(leaks) - 60} more; by file: {dict(files.most_common(40))}")
    verdict.check(not leaks, f"{len(leaks)} tokens found")
    verdict.end()


def weak(tokens, published, source_of, leaks, verdict, on):
    """Values too short to search for as bytes: no output element may hold what the same element of its input held."""
    short = collections.defaultdict(dict)
    for token in tokens.values():
        if token.weak:
            short[token.file][token.where.split(" ")[-1].split(">")[-1][:8]] = token
    for name, path in published.items():
        token_of = short.get(source_of.get(name), {})
        if name not in source_of:
            verdict.check(False, "an output file that no report line names")
        try:
            elements = list(walk(pydicom.dcmread(path, force=True)))
        except Exception as error:  # any failure to read is a finding
            verdict.check(False, f"pydicom cannot read an output: {type(error).__name__}")
            continue
        for where, element in elements:
            token = token_of.get(where[-8:])
            if element.VR in ("AS", "DA", "UN") and token and token.kind != "kept" and str(element.value) == token.value:
                leaks[(token.file, token.where)].add("output element")
            if element.VR == "US" and element.value == 4242 and "retain-patient-characteristics" not in on:
                leaks[("PregnancyStatus and other US", where)].add("output element")


if __name__ == "__main__":
    sys.exit(main())
