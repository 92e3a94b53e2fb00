"""What a profile's options keep on purpose, so that a token found there is no leak."""
import csv
import re

from common import TABLES

COLUMNS = {
    "retain-uids": "retain_uids",
    "retain-device-identity": "retain_device_identity",
    "retain-institution-identity": "retain_institution_identity",
    "retain-patient-characteristics": "retain_patient_characteristics",
    "retain-full-dates": "retain_longitudinal_full_dates",
    "retain-modified-dates": "retain_longitudinal_modified_dates",
}
TAG = re.compile(r"[0-9A-F]{8}")
SR = {"SR DATE": "0040A121", "SR TIME": "0040A122", "SR DATETIME": "0040A120"}
DAY = re.compile(r"\d{8}")
TIME = re.compile(r"\d{6}\.\d{6}")


def by_design(tokens, on):
    """Marks tokens that the options `on` keep as `kept`, and days that they move as `weak`: a moved day may well be another token's."""
    with open(TABLES / "ps3.15-e1-1.tsv", newline="", encoding="utf-8") as lines:
        rows = {row["tag"]: row for row in csv.DictReader(lines, delimiter="\t")}
    with open(TABLES / "ps3.6-elements.tsv", newline="", encoding="utf-8") as lines:
        vrs = {row["tag"]: row["vr"] for row in csv.DictReader(lines, delimiter="\t")}
    columns = [column for option, column in COLUMNS.items() if option in on]
    # Where the standard has a stricter word from another option, that one holds.
    cleaned = [name for name in ("clean_descriptors", "clean_structured_content", "clean_graphics") if name.replace("_", "-") in on]
    kept = set()
    for tag, row in rows.items():
        if any(row[column] == "K" for column in columns) and not any(row[column] == "C" for column in cleaned):
            kept.add(tag)
    moved = "retain-modified-dates" in on
    for token in tokens.values():
        tag = SR.get(token.where) or (TAG.findall(token.where) or [""])[-1]
        if token.kind != "must":
            continue
        beyond = "retain-full-dates" in on and tag not in rows and vrs.get(tag) in ("DA", "DT", "TM")
        if tag in kept or beyond:
            token.kind = "kept"
        elif moved and DAY.fullmatch(str(token.value)):
            token.weak = True
        elif moved and TIME.fullmatch(str(token.value)) and rows.get(tag, {}).get("retain_longitudinal_modified_dates") == "C":
            token.kind = "kept"  # the time of day stays
