#!/usr/bin/env python3
"""One key, one tree: whatever the thread count, order, place, clock zone and language. A second run writes nothing."""
import hashlib
import os
import random
import shutil
import sys

from common import ROOT, Report, Verdict, Work, arguments, deid, new_key, shared, tree


def tree_hash(folder):
    digest = hashlib.sha256()
    for name, path in tree(folder).items():
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def listing(folder):
    """What a rewrite would change: inode, size and time of change of every file and folder."""
    out = {}
    for path in sorted(folder.rglob("*")):
        stat = path.lstat()
        out[str(path.relative_to(folder))] = (stat.st_ino, stat.st_size if path.is_file() else 0, stat.st_mtime_ns)
    return out


def gather(folder):
    for part in ("studies", "odd"):
        shutil.copytree(ROOT / "test-data" / part, folder / part)
    reference = shared()
    if reference:
        for part in ("files", "synth"):
            shutil.copytree(reference / "corpus" / part, folder / part)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def main():
    args = arguments(__doc__)
    verdict = Verdict()
    with Work(args.keep) as work:
        inputs = work / "in"
        gather(inputs)
        key = new_key(args.samar, work)
        # Inputs that hold different bytes under one UID depend on who comes first; they are looked at apart, below.
        first = deid(args.samar, [inputs], work / "first", key, work / "first.jsonl", ["-j1"])
        verdict.check(first.exit in (0, 1), f"first run: exit {first.exit}: {first.stderr[-300:]!r}")
        report = Report(work / "first.jsonl")
        losers = [line for line in report.inputs if "conflict" in (line.get("reason") or "")]
        files = tree(inputs)
        apart = work / "conflicts"
        for line in losers:
            for name in (line["input"], line["input"].removeprefix("in/")):
                if name in files:
                    (apart / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.move(files[name], apart / name)
                    break
        files = tree(inputs)
        print(f"inputs {len(files)}, conflicting ones set apart {len(tree(apart))}")

        def run(name, source, extra, **how):
            finished = deid(args.samar, source, work / name, key, work / f"{name}.jsonl", extra, **how)
            found = tree_hash(work / name)
            print(f"  {name:12s} {found} files {len(tree(work / name))} exit {finished.exit}")
            return finished, found

        base, wanted = run("one-job", [inputs], ["-j1"])
        verdict.check(len(tree(work / "one-job")) > 0, "nothing was written, so nothing is compared")

        def same(name, *rest, **how):
            finished, found = run(name, *rest, **how)
            verdict.check(found == wanted, f"{name}: another tree")
            verdict.check(finished.exit == base.exit, f"{name}: exit {finished.exit}, not {base.exit}")

        same("two-jobs", [inputs], ["-j2"])
        same("eight-jobs", [inputs], ["-j8"])
        for seed in (1, 2):
            names = [os.fsencode(path) for path in files.values()]
            random.Random(seed).shuffle(names)
            (work / f"list-{seed}").write_bytes(b"\0".join(names) + b"\0")
            same(f"shuffled-{seed}", [], ["--files0-from", work / f"list-{seed}", "-j2"])
        foreign = {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}
        same("elsewhere", [inputs], ["-j2"], env=foreign, cwd="/")
        moved = work / "other place"
        shutil.copytree(inputs, moved)
        same("moved", [moved], ["-j2"], env={"TZ": "America/St_Johns", "LC_ALL": "C"}, cwd=work)

        before = listing(work / "two-jobs")
        finished = deid(args.samar, [inputs], work / "two-jobs", key, work / "second.jsonl", ["-j2"])
        verdict.check(listing(work / "two-jobs") == before, "a second run changed the output")
        verdict.check(finished.exit == base.exit, f"a second run ends with {finished.exit}, not {base.exit}")
        lines = [line for line in Report(work / "second.jsonl").inputs if line["outcome"] == "written"]
        verdict.check(lines and all(line.get("same") for line in lines), "a second run reports files as new")

        other = work / "other-key"
        other.mkdir()
        deid(args.samar, [inputs / "studies"], work / "rekeyed", new_key(args.samar, other))
        names = set(tree(work / "rekeyed")) & set(tree(work / "one-job"))
        verdict.check(not names, f"{len(names)} output paths do not depend on the key")

        if losers:
            everything = [os.fsencode(p) for p in [*tree(inputs).values(), *tree(apart).values()]]
            hashes = set()
            for seed in (3, 4, 5):
                random.Random(seed).shuffle(everything)
                (work / "list").write_bytes(b"\0".join(everything) + b"\0")
                deid(args.samar, [], work / f"conflict-{seed}", key, None, ["--files0-from", work / "list"])
                hashes.add(tree_hash(work / f"conflict-{seed}"))
            print(f"with conflicting inputs, three orders give {len(hashes)} tree(s) (no failure: the first one wins)")
    verdict.end()


if __name__ == "__main__":
    sys.exit(main())
