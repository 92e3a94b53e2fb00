"""Invented content of burned-in lines: names, numbers, dates, places, settings. Nobody real is meant."""

SYLLABLES = "an ba bi bu da de di du ga gi ha ja ka ki ku la li lo ma mi mu na ni no nu pa pu ra ri ro ru sa si su ta ti to tu wa wi ya yu ang eng ing ong".split()
PLACES = "RSUD RS RSUP Klinik Hospital Clinic Institut Puskesmas Krankenhaus Hopital Ospedale Radiology Dept ICU".split()
LABELS = "Name: ID: DOB: Sex: Age: Acc: Date Time Nama Tgl.Lahir No.RM Dokter Dr. Exam Study Ref.By MRN Patient Operator SN Station".split()
SETTINGS = "kV mA mAs mm cm s ms MHz dB W L C Z TR TE FOV SL FR MI TIs TIb Gn AP PA LAT KVP EI DAP Zoom Filter B31f SOFT LUNG CHEST ABD HEART SUPINE ERECT PORTABLE FLAIR T1 T2 DWI ADC".split()
SIDES = "L R A P H F AP PA LL RL LT RT LAO RAO CC MLO RCC LCC RMLO LMLO D S I O".split()


def word(rng):
    name = "".join(rng.choice(SYLLABLES) for _ in range(int(rng.integers(2, 5))))
    style = rng.integers(4)
    return name.upper() if style == 0 else name.capitalize() if style < 3 else name


def digits(rng, low, high):
    return "".join(str(rng.integers(10)) for _ in range(int(rng.integers(low, high))))


def date(rng):
    d, m, y = rng.integers(1, 29), rng.integers(1, 13), rng.integers(1930, 2026)
    forms = [f"{d:02}/{m:02}/{y}", f"{y}-{m:02}-{d:02}", f"{d:02}.{m:02}.{y % 100:02}", f"{y}{m:02}{d:02}", f"{d}-{'JAN FEB MAR APR MEI JUN JUL AGU SEP OKT NOV DES'.split()[m - 1]}-{y}"]
    return str(rng.choice(forms))


def time(rng):
    return f"{rng.integers(24):02}:{rng.integers(60):02}:{rng.integers(60):02}"[: int(rng.choice([5, 8]))]


def setting(rng):
    name = str(rng.choice(SETTINGS))
    number = f"{rng.integers(1, 1000)}" if rng.random() < 0.5 else f"{rng.random() * 100:.1f}"
    return str(rng.choice([f"{name} {number}", f"{name}: {number}", f"{number} {name}", f"{number}{name}", name, number]))


def line(rng):
    kind = rng.integers(10)
    if kind == 0:
        return str(rng.choice(SIDES))
    if kind == 1:
        return f"{word(rng)}, {word(rng)}" if rng.random() < 0.5 else f"{word(rng)}^{word(rng)}"
    if kind == 2:
        return f"{rng.choice(LABELS)} {word(rng)} {word(rng)}"
    if kind == 3:
        return digits(rng, 3, 13)
    if kind == 4:
        return f"{date(rng)} {time(rng)}" if rng.random() < 0.5 else date(rng)
    if kind == 5:
        return time(rng)
    if kind == 6:
        return f"{rng.choice(PLACES)} {word(rng)} {word(rng)}"
    if kind == 7:
        return f"{rng.choice(LABELS)} {digits(rng, 2, 9)}"
    if kind == 8:
        return " ".join(setting(rng) for _ in range(int(rng.integers(1, 4))))
    return setting(rng)
