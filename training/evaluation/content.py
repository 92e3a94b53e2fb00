"""What the lines say: invented names, dates, numbers and places. No real people."""


ID_FIRST = "Sari Budi Dewi Agus Rina Wayan Made Putu Ketut Joko Siti Bambang Ratna Yanti Eko Tri Dwi Nur Intan Fajar Gilang Melati Kadek Nyoman Asep Cecep".split()
ID_LAST = [a + b for a in ("Wulan", "Harto", "Kusuma", "Pra", "Surya", "Wijaya", "Nugra", "Lesta", "Maha", "Permata") for b in ("ningsih", "wati", "sentosa", "tama", "dinata", "putri")]
SYL = "ka ro mi tel van der sno bri al ven dor qui lex mar ulf tho gra ne bo zu hel ost wy fen".split()
PLACES = ["RSUD", "RS", "RSIA", "Klinik", "Hospital", "Clinic", "Univ. Hosp.", "Medical Centre", "Praxis", "Inst. Radiologi"]
TECH = ["kV 70 mAs 5.0", "WL 40 WW 400", "TE 92 TR 4500", "MI 1.2 TIs 0.3", "FR 28Hz", "SE 3 IM 17", "512 x 512", "DFOV 36.0cm", "Gn 62 DR 70", "Zoom 110%", "kV 120 mA 230", "FFS L 4.0 / 1", "Axial T2", "R CC", "L MLO", "Pwr 100 %"]
SIDES = ["L", "R", "L", "R", "AP", "PA", "LAT", "RT", "LT", "H", "F", "A", "P"]
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()

PIECES = {
    "cyrillic": ("Марин Белов Ольга Дроздин Пётр Снежко Галина Тулов Юрий Вешин Зоя Ракитина Больница Клиника г.р. Отделение".split(), " "),
    "han": (list("王李张林陈黄吴周徐孙志明丽华建国秀英文海伟芳静玲医院市立中心科室年月日号"), ""),
    "kana": (list("さとうたなかすずきやまもとこばしアイウエオカキクケコマミムメモ病院男女"), ""),
    "hangul": (list("김이박최정강조윤장임한오서신권황안송민수지현영호은서병원대학교실"), ""),
    "arabic": ("محمد فاطمة أحمد سعيد ليلى يوسف مريم الطيب الحداد الزهراني مستشفى المدينة عيادة قسم الأشعة".split(), " "),
    "thai": ("สมชาย กมล ศรีสุข วรรณา ทองดี บุญมี มานะ แสงทอง โรงพยาบาล คลินิก นาย นาง".split(), " "),
    "devanagari": ("राजेश कमल सुनीता शर्मा वर्मा मोहन गीता पटेल अस्पताल क्लिनिक दिल्ली विभाग".split(), " "),
}


def pick(rng, items):
    return items[int(rng.integers(len(items)))]


def invented(rng):
    return "".join(pick(rng, SYL) for _ in range(int(rng.integers(2, 4)))).capitalize()


def name(rng):
    first, last = (pick(rng, ID_FIRST), pick(rng, ID_LAST)) if rng.random() < .6 else (invented(rng), invented(rng))
    form = pick(rng, ["{f} {l}", "{l}, {f}", "{L}^{F}", "{L} {F}", "{F} {L}", "{l} {f} {m}."])
    return form.format(f=first, l=last, F=first.upper(), L=last.upper(), m=chr(65 + int(rng.integers(26))))


def date(rng):
    y, m, d = int(rng.integers(1928, 2026)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    return pick(rng, [f"{d:02}/{m:02}/{y}", f"{y}-{m:02}-{d:02}", f"{d:02}.{m:02}.{y}", f"{d}-{MONTHS[m - 1]}-{y}", f"{y}{m:02}{d:02}", f"{d:02} {MONTHS[m - 1].title()} {y % 100:02}"])


def clock(rng):
    return f"{int(rng.integers(24)):02}:{int(rng.integers(60)):02}:{int(rng.integers(60)):02}"


def number(rng):
    n = int(rng.integers(4, 11))
    digits = "".join(str(int(v)) for v in rng.integers(0, 10, n))
    return pick(rng, ["ID: ", "MRN ", "Acc# ", "", "", "RM.", "No. ", "PID:"]) + pick(rng, ["", "", "A", "RD-", "0"]) + digits


def latin(rng):
    """One line: (kind, text, identifying)."""
    kind = pick(rng, ["name"] * 5 + ["date"] * 3 + ["id"] * 4 + ["place"] * 3 + ["stamp"] * 2 + ["age", "birth", "doctor", "tech", "tech"])
    text = {
        "name": lambda: pick(rng, ["", "", "Name: ", "Nama ", "Pt. "]) + name(rng), "date": lambda: date(rng), "id": lambda: number(rng),
        "place": lambda: pick(rng, PLACES) + " " + invented(rng) + pick(rng, ["", " " + invented(rng)]),
        "stamp": lambda: date(rng) + " " + clock(rng), "age": lambda: pick(rng, ["M", "F", "L", "P"]) + pick(rng, ["/", " "]) + f"{int(rng.integers(1, 95)):03}Y",
        "birth": lambda: pick(rng, ["DOB ", "*", "Tgl Lahir: ", "geb. "]) + date(rng), "doctor": lambda: "dr. " + name(rng) + pick(rng, ["", ", Sp.Rad"]),
        "tech": lambda: pick(rng, TECH)}[kind]()
    return kind, text, kind != "tech"


def other(rng, script):
    words, join = PIECES[script]
    n = int(rng.integers(4, 10)) if join == "" else int(rng.integers(2, 4))
    text = join.join(pick(rng, words) for _ in range(n))
    if rng.random() < .25:
        text += " " + "".join(str(int(v)) for v in rng.integers(0, 10, 6))
    return "name", text, True


def side(rng):
    return "side", pick(rng, SIDES), False


def person(rng):
    """A header's patient name and number."""
    return f"{pick(rng, ID_LAST).upper()}^{pick(rng, ID_FIRST).upper()}", "".join(str(int(v)) for v in rng.integers(0, 10, 8))
