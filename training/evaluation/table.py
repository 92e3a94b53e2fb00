"""Results of all tools side by side, as Markdown."""

import math


def size_bucket(cap):
    return next(name for limit, name in ((8, "6-7 px"), (12, "8-11 px"), (20, "12-19 px"), (40, "20-39 px"), (999, "40-80 px")) if cap < limit)


def contrast_bucket(c):
    return next(name for limit, name in ((.1, "< 10 %"), (.18, "10-18 %"), (.3, "18-30 %"), (.6, "30-60 %"), (9, "> 60 %")) if c < limit)


def rotation_bucket(angle):
    return f"{angle:.0f}" if angle % 90 == 0 else "1-8 either way"


def shown_where(line):
    return f"hidden in the header window, seen {line['view']}" if line["hidden"] else "in the header window"


GROUPS = {
    "Size (capital height)": lambda r, line: size_bucket(line["cap"]), "Style": lambda r, line: line["style"],
    "Contrast, share of the window": lambda r, line: contrast_bucket(line["contrast"]), "Rotation": lambda r, line: rotation_bucket(line["rotation"]),
    "Modality": lambda r, line: r["modality"], "Script": lambda r, line: line["script"], "Font kind": lambda r, line: line["font_kind"],
    "Where seen": lambda r, line: shown_where(line), "Content": lambda r, line: line["kind"], "Values": lambda r, line: r["photometric"],
    "After JPEG": lambda r, line: "quality 70-95" if r["jpeg"] else "no", "Image": lambda r, line: "large (> 3 Mpx)" if r["rows"] * r["columns"] > 3e6 else "small",
}
ORDER = ["6-7 px", "8-11 px", "12-19 px", "20-39 px", "40-80 px", "< 10 %", "10-18 %", "18-30 %", "30-60 %", "> 60 %"]


def percent(hit, total):
    return f"{100 * hit / total:.1f}" if total else "-"


def interval(hit, total):
    """Wilson's 95 % interval."""
    if not total:
        return "-"
    p, z = hit / total, 1.96
    mid, half = p + z * z / (2 * total), z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return f"{100 * p:.2f} ({abs(100 * (mid - half) / (1 + z * z / total)):.1f}-{100 * (mid + half) / (1 + z * z / total):.1f})"


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else float("nan")


def line(cells):
    return "| " + " | ".join(str(c) for c in cells) + " |"


def pairs(judged):
    return [(r["row"], item, share, box) for r in judged for item, share, box in r["lines"]]


def summary(results, at):
    """The rows of the first table: label and a function of one tool's results."""
    def hidden(choose=lambda r, item: True, box=False):
        def f(judged):
            took = [(b if box else s) >= at for r, item, s, b in pairs(judged) if choose(r, item)]
            return interval(sum(took), len(took))
        return f

    def whole(judged):
        texts = [all(s >= at for _, s, _ in r["lines"]) for r in judged if r["lines"]]
        return percent(sum(texts), len(texts))

    def free(judged):
        return [r for r in judged if not r["row"]["has_text"] and not r.get("withheld")]

    def cost(big):
        def f(judged):
            times = [r["cpu"] for r in judged if r["cpu"] is not None and (r["pixels"] > 3e6) == big]
            return f"{mean(times):.2f}" if times else "-"
        return f

    return [
        ("lines hidden, % (95 % interval)", hidden()), ("... of 8 px and more", hidden(lambda r, i: i["cap"] >= 8)),
        ("... of 8 px and more, contrast >= 18 %", hidden(lambda r, i: i["cap"] >= 8 and i["contrast"] >= .18)),
        ("... identifying, 8 px and more", hidden(lambda r, i: i["cap"] >= 8 and i["identifying"])),
        ("... by the area of the line's box instead of its glyphs", hidden(box=True)), ("images with every line hidden, %", whole),
        ("text-free images touched, %", lambda j: percent(sum(r["touched"] for r in free(j)), len(free(j)))),
        ("text-free images: mean area blanked, %", lambda j: f"{100 * mean(r['area'] for r in free(j)):.2f}"),
        ("text-free images with > 5 % blanked, %", lambda j: percent(sum(r["area"] > .05 for r in free(j)), len(free(j)))),
        ("images with text: mean area blanked outside of the lines, %", lambda j: f"{100 * mean(r['spill'] for r in j if 'spill' in r):.2f}"),
        ("CPU s an image, up to 3 Mpx", cost(False)), ("CPU s an image, larger", cost(True)),
        ("files withheld: with text / free", lambda j: f"{sum(r['row']['has_text'] for r in j if r.get('withheld'))} / {sum(not r['row']['has_text'] for r in j if r.get('withheld'))}"),
    ]


def markdown(results, all_images, at):
    tools = list(results)
    first = results[tools[0]]
    with_text = sum(r["row"]["has_text"] for r in first)
    count = sum(1 for r in first if r["row"]["has_text"] for item in r["row"]["lines"] if item["counts"])
    out = [f"{len(first)} of {all_images} images ({with_text} with text, {len(first) - with_text} without), {count} lines. A line is hidden when {100 * at:.0f} % of its glyph pixels are blanked.", "",
           line(["", *tools]), line(["---"] * (len(tools) + 1))]
    out += [line([label, *(f(results[t]) for t in tools)]) for label, f in summary(results, at)]
    for title, key in GROUPS.items():
        groups = {}
        for t in tools:
            for r, item, share, _ in pairs(results[t]):
                cell = groups.setdefault(key(r, item), {}).setdefault(t, [0, 0])
                cell[0] += share >= at
                cell[1] += 1
        out += ["", f"**{title}**: lines hidden, %", "", line(["", "lines", *tools]), line(["---"] * (len(tools) + 2))]
        names = sorted(groups, key=lambda g: (ORDER.index(g) if g in ORDER else 99, str(g)))
        for name in names:
            cells = [groups[name].get(t, [0, 0]) for t in tools]
            out.append(line([name, max(c[1] for c in cells), *(percent(*c) for c in cells)]))
    out += ["", "**Text-free images**: touched, % / mean area blanked, %", "", line(["", "images", *tools]), line(["---"] * (len(tools) + 2))]
    for modality in sorted({r["row"]["modality"] for r in first if not r["row"]["has_text"]}):
        cells = []
        for t in tools:
            chosen = [r for r in results[t] if not r["row"]["has_text"] and r["row"]["modality"] == modality and not r.get("withheld")]
            cells.append(f"{percent(sum(r['touched'] for r in chosen), len(chosen))} / {100 * mean(r['area'] for r in chosen):.2f}" if chosen else "-")
        n = sum(not r["row"]["has_text"] and r["row"]["modality"] == modality for r in first)
        out.append(line([modality, n, *cells]))
    return "\n".join(out)
