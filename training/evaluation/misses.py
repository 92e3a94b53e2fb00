"""Contact sheet of the lines a tool failed to hide, worst first, as a viewer could see them."""

import numpy as np
from PIL import Image, ImageDraw

import views


def crop(root, row, line, blank):
    """The line in the view that shows it best, with what was blanked tinted."""
    seen = views.load(root / row["file"])
    pictures = {**views.views(seen)}
    if seen.colour:
        base = seen.pixels
    else:
        grey = pictures.get(line["view"], pictures["header"])
        base = np.repeat(grey[..., None], 3, 2)
    x, y, w, h = line["box"]
    m = max(14, int(line["cap"]))
    at = (slice(max(0, y - m), y + h + m), slice(max(0, x - m), x + w + m))
    out = base[at].astype(np.float32)
    out[blank[at]] = out[blank[at]] * .5 + np.array([120, 0, 0])
    if h > 1.5 * w:
        out = np.rot90(out)
    return Image.fromarray(np.ascontiguousarray(out).astype(np.uint8))


def contact_sheet(root, judged, path, hidden_at, tool, most=60, across=4, cell=(400, 110)):
    missed = [(share, r["row"], line) for r in judged for line, share, _ in r["lines"] if share < hidden_at]
    missed.sort(key=lambda m: (not m[2]["identifying"], m[2]["cap"] < 8, m[0], m[1]["file"], m[2]["id"]))
    chosen = missed if len(missed) <= most else [missed[int(i)] for i in np.linspace(0, len(missed) - 1, most)]
    page = Image.new("RGB", (across * cell[0], max(1, -(-len(chosen) // across)) * cell[1]), (40, 40, 60))
    draw = ImageDraw.Draw(page)
    for k, (share, row, line) in enumerate(chosen):
        x, y = (k % across) * cell[0], (k // across) * cell[1]
        im = crop(root, row, line, tool.blank(row, (row["rows"], row["columns"])))
        f = min((cell[0] - 6) / im.width, (cell[1] - 18) / im.height, 3)
        page.paste(im.resize((max(1, int(im.width * f)), max(1, int(im.height * f)))), (x, y + 14))
        view = "" if line["view"] == "header" else " " + line["view"]
        note = f"{row['file'][6:10]}/{line['id']} {row['modality']} {line['style']} cap {line['cap']:.0f} c {line['contrast']:.2f} rot {line['rotation']:g} {line['script'][:5]}{view} {100 * share:.0f}%"
        draw.text((x + 2, y + 1), note, fill=(255, 220, 120))
    page.save(path)
