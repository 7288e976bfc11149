#!/usr/bin/env python3
"""Reads a fact file in its four forms (CSV, JSON lines, Parquet, SQLite) and says whether they hold the same rows."""

import csv
import json
import sqlite3
import sys
from datetime import datetime, timezone

import pyarrow.parquet


def plain(value):
    """A value as one word, whatever its type in a form of the file."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="microseconds")
    text = str(value)
    if text.endswith("Z") and text[4:5] == "-" and "T" in text and " " not in text:
        return datetime.fromisoformat(text).astimezone(timezone.utc).isoformat(timespec="microseconds")
    return text


def rows_of(path):
    """Each row as a dictionary of words."""
    if path.endswith(".csv"):
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    elif path.endswith(".json"):
        with open(path, encoding="utf-8") as file:
            rows = [json.loads(line) for line in file if line.strip()]
    elif path.endswith(".parquet"):
        rows = pyarrow.parquet.read_table(path).to_pylist()
    else:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute("SELECT * FROM facts ORDER BY pseudonym")]
        for row in rows:
            row["cross_border"] = bool(row["cross_border"])
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def main(paths):
    first, *others = [rows_of(path) for path in paths]
    for path, rows in zip(paths[1:], others):
        if rows != first:
            pairs = zip(first, rows)
            found = next(((one, other) for one, other in pairs if one != other), (len(first), len(rows)))
            sys.exit(f"{path} differs: {found}")
    print(f"{len(first)} rows alike in {len(paths)} files")


main(sys.argv[1:])
