#!/usr/bin/env python3
"""Computes every figure of a report again, from a fact file and the published definition alone.

    entente facts --format csv --output facts.csv
    python3 recompute_figures.py facts.csv --all > figures.json
    python3 recompute_figures.py facts.csv --period 2026-01-01..2026-12-31
    python3 recompute_figures.py facts.csv --cohort 2025
    python3 recompute_figures.py facts.csv --period 2026 --explain SR1
    python3 recompute_figures.py facts.csv --compare report.json

It needs Python 3.11 and its standard library, and shares nothing with the program: what it does is what docs/figures.md
says (version 1). `--explain` prints where one figure puts each case: `k`, `n` (counted, not in k), or why it is left
out. `--compare` takes a report as JSON in the centre's view, names each difference, and ends with 1 if there is one; it
ends with 2 if it cannot compare.

The file is read once, row by row. What is kept are counts, for each kind of case and each minute of a duration.
"""

import argparse
import csv
import json
import math
import sys
from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from zoneinfo import ZoneInfo

DEFINITION = 1
PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
# The 97.5th percentile of the standard normal distribution.
Z = 1.959963984540054
SMALL = 30

TIMES = [
    "registered", "qualified", "invited", "invitation_due", "consented", "appointment_due", "appointed",
    "claimant_item", "respondent_item", "left_online", "offline_exchange", "closed", "settled_later",
]
COLUMNS = """as_of_position as_of_time pseudonym rule_set sector amount cross_border claimant_company respondent_company
registered registered_position qualified qualified_position invited invited_position invitation_due
consented consented_position appointment_due appointed appointed_position claimant_item claimant_item_position
respondent_item respondent_item_position left_online left_online_position offline_exchange offline_exchange_position
closed closed_position outcome settled_later settled_later_position channels""".split()

RATES = ["SR1", "SR2", "SR3", "SR4", "SR5", "SR6"]
FIGURES = [*RATES, "U1", "E1", "H1", "W1", "C1"]
DURATIONS = ["E2", "D1", "D2"]
TABLES = [
    (), ("year",), ("channel",), ("cross_border",), ("sector",), ("amount",), ("rule_set",), ("year", "channel"),
]
DIMENSIONS = ["channel", "cross_border", "sector", "amount", "rule_set"]
# A breakdown by the very thing that a figure counts says nothing: 0 % or 100 % in each cell.
POINTLESS = {*((code, "channel") for code in FIGURES if code not in RATES[:4]), ("C1", "cross_border")}
ORDER = {
    "channel": ["online", "hybrid", "offline"],
    "cross_border": ["true", "false"],
    "sector": [
        "manufacturing", "construction", "trade", "transport", "technology", "finance", "energy", "services", "other",
    ],
    "amount": ["under10k", "under100k", "under1m", "over1m", "unstated"],
}
OUTCOMES = [
    "settled", "partly_settled", "no_agreement", "withdrawn", "declined", "lapsed", "expired", "inadmissible",
    "mediator_unavailable",
]


# ---- Days and scopes

def day(when):
    """The calendar day of an instant, in Paris."""
    return when.astimezone(PARIS).date()


def span(text):
    """`2026`, `2026-01..2026-03` or `2026-01-01..2026-03-31`: the first and the last day."""
    first, _, last = text.partition("..")
    first, last = bounds(first)[0], bounds(last or first)[1]
    if first > last:
        raise argparse.ArgumentTypeError(f"{text}: ends before it begins")
    return first, last


def bounds(text):
    try:
        match [int(part) for part in text.split("-")]:
            case [year]:
                return date(year, 1, 1), date(year, 12, 31)
            case [year, month]:
                return date(year, month, 1), date(year, month, monthrange(year, month)[1])
            case [year, month, number]:
                return (date(year, month, number),) * 2
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no year, month or day")


class Scope:
    """Which cases are looked at, and which dates count."""

    def __init__(self, kind, days=(None, None)):
        self.kind = kind
        self.first, self.last = days

    def covers(self, when):
        """Whether a date is in the period; without a period, each is."""
        return self.kind != "period" or self.first <= day(when) <= self.last

    def takes(self, case):
        """Whether a case is among those that a figure puts in a place."""
        return self.kind != "cohort" or self.first <= day(case.registered) <= self.last

    def json(self):
        days = {} if self.kind == "all" else {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return {"kind": self.kind, **days}


# ---- The definitions: where each figure puts a case

def place(case, scope):
    """For each figure its place, `k`, `n` or why the case is left out; and the figure's own date, if it is counted."""
    settled = case.outcome == "settled"
    no_mediator = case.appointed is None and "no_mediator"
    not_engaged = (case.claimant_item is None or case.respondent_item is None) and "not_engaged"
    no_consent = case.consented is None and "no_consent"

    if case.closed is None:
        outside = "still_open"
    else:
        outside = not scope.covers(case.closed) and "closed_outside"

    def closed(yes, *reasons):
        """A figure of closed cases: the first reason that applies leaves the case out."""
        for reason in (outside, *reasons):
            if reason:
                return reason, None
        return ("k" if yes else "n"), case.closed

    return {
        "SR1": closed(settled, no_mediator),
        "SR2": closed(settled or case.outcome == "partly_settled", no_mediator),
        "SR3": closed(settled or case.settled_later is not None, no_mediator),
        "SR4": closed(settled, no_mediator, not_engaged),
        "SR5": closed(settled, no_consent),
        "SR6": closed(settled),
        "U1": uptake(case, scope),
        "E1": in_time(case, scope),
        "H1": closed(case.channel == "online", no_mediator),
        "W1": closed(case.outcome == "withdrawn"),
        "C1": across(case) if scope.kind == "cohort" else closed(case.cross_border),
    }


def across(case):
    """C1 of a cohort: of all who filed, whose companies are in two countries?"""
    return ("k" if case.cross_border else "n"), case.registered


def uptake(case, scope):
    """U1: of those who were invited, who agreed?"""
    if case.invited is None:
        return "not_invited", None
    if case.consented is not None:
        answer, decided = "k", case.consented
    elif case.outcome == "declined":
        answer, decided = "n", case.closed
    elif case.outcome == "lapsed":
        answer, decided = "n", case.invitation_due
    elif case.closed is not None:
        return "ended_before_answer", None
    elif case.invitation_due <= case.as_of:
        answer, decided = "n", case.invitation_due
    else:
        return "answer_not_due", None
    return (answer, decided) if scope.covers(decided) else ("decided_outside", None)


def in_time(case, scope):
    """E1: was a mediator appointed by the end of the 48 hours?"""
    due = case.appointment_due
    if case.consented is None:
        return "no_consent", None
    if case.appointed is not None:
        answer = "k" if case.appointed <= due else "n"
    elif case.closed is not None and case.closed < due:
        return "ended_before_due", None
    elif case.closed is not None or due <= case.as_of:
        answer = "n"
    else:
        return "not_due", None
    return (answer, due) if scope.covers(due) else ("due_outside", None)


def last(case, scope):
    """For each duration: the place, `observed`, `pending` or the reason; the start; and the whole minutes."""
    def from_to(start, event):
        if not scope.covers(start):
            return "started_outside", None, None
        end = event or case.closed or case.as_of
        # Rounded down; and nothing lasts less than no time.
        return ("observed" if event else "pending"), start, max((end - start) // MINUTE, 0)

    if case.consented is None:
        appointment = "no_consent", None, None
    else:
        appointment = from_to(max(case.qualified or case.consented, case.consented), case.appointed)
    consent = from_to(case.invited, case.consented) if case.invited else ("not_invited", None, None)
    return {"E2": appointment, "D1": consent, "D2": from_to(case.registered, case.closed)}


def channel(case):
    """How the parties exchanged, all in all."""
    if case.left_online is None and case.offline_exchange is None:
        return "online"
    return "offline" if case.claimant_item is None and case.respondent_item is None else "hybrid"


# ---- Intervals and quantiles

def wilson(k, n):
    """The score interval of Wilson (1927) at 95 %; none of nothing."""
    if n == 0:
        return None, None
    rate, square = k / n, Z * Z
    centre = (rate + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    # At the ends the bound is exact; a crumb of rounding would be left otherwise.
    return (0.0 if k == 0 else max(centre - half, 0.0)), (1.0 if k == n else min(centre + half, 1.0))


def newcombe(k1, n1, k2, n2):
    """The difference of two rates, and its hybrid score interval (Newcombe 1998, method 10)."""
    (l1, u1), (l2, u2), p1, p2 = wilson(k1, n1), wilson(k2, n2), k1 / n1, k2 / n2
    low = p1 - p2 - math.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    return p1 - p2, low, p1 - p2 + math.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)


def survival(observed, pending):
    """The least times by which half and nine in ten are done, after Kaplan and Meier (1958)."""
    at_risk = sum(observed.values()) + sum(pending.values())
    still, quantiles = 1.0, {0.5: None, 0.1: None}
    for minutes in sorted(observed.keys() | pending.keys()):
        # Who is pending at this very minute is still at risk in it.
        events = observed.get(minutes, 0)
        if events:
            still *= 1 - events / at_risk
            for rest in quantiles:
                if quantiles[rest] is None and still <= rest + 1e-12:
                    quantiles[rest] = minutes
        at_risk -= events + pending.get(minutes, 0)
    return quantiles[0.5], quantiles[0.1]


# ---- Reading

def cases(path):
    """The cases, one at a time, each with the position and the time that the file is as of."""
    with open(path, encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        header = next(rows, [])
        if header != COLUMNS:
            other = sorted({*header} ^ {*COLUMNS}) or "in another order"
            stop(f"{path}: its columns are not those of a fact file: {other}")
        as_of = None
        for values in rows:
            if len(values) != len(COLUMNS):
                stop(f"{path}, line {rows.line_num}: {len(values)} values for {len(COLUMNS)} columns")
            row = dict(zip(COLUMNS, values))
            as_of = as_of or (row["as_of_position"], row["as_of_time"])
            if as_of != (row["as_of_position"], row["as_of_time"]):
                stop(f"{path}, line {rows.line_num}: as of another position than the rows before")
            try:
                yield read(row)
            except ValueError as problem:
                stop(f"{path}, line {rows.line_num}: {problem}")


def read(row):
    for name in ("invited", "invitation_due"), ("consented", "appointment_due"), ("closed", "outcome"):
        if bool(row[name[0]]) != bool(row[name[1]]):
            raise ValueError(f"{name[0]} and {name[1]} are there together or not at all")
    for name, known in {**ORDER, "outcome": ["", *OUTCOMES]}.items():
        # The channel is no column: it follows from four of them.
        if name in row and row[name] not in known:
            raise ValueError(f"{row[name]!r} is no {name}")
    case = SimpleNamespace(**{name: datetime.fromisoformat(row[name]) if row[name] else None for name in TIMES})
    case.pseudonym, case.outcome = row["pseudonym"], row["outcome"]
    case.cross_border = row["cross_border"] == "true"
    case.position, case.as_of_text = row["as_of_position"], row["as_of_time"]
    case.as_of = instant(row["as_of_time"])
    case.channel = channel(case)
    case.values = (case.channel, *(row[name] for name in DIMENSIONS[1:]))
    return case


def stop(problem):
    """Ends with 2: it is no difference between two reports."""
    print(problem, file=sys.stderr)
    raise SystemExit(2)


def instant(text, seen={}):
    """The same time is in every row: it is read once."""
    if text not in seen:
        seen.clear()
        seen[text] = datetime.fromisoformat(text)
    return seen[text]


# ---- Counting

class Count:
    """What a figure counts in a cell."""

    def __init__(self):
        self.k = self.n = 0
        self.excluded = Counter()
        self.rule_sets = set()


def count(path, scope):
    """Counts the file: how many cases, their outcomes, the cells of each table, and what the file is as of."""
    # Cases that are alike in all that is counted are counted together: as many keys as kinds, not as cases.
    kinds, outcomes, filed, as_of = Counter(), Counter(), 0, None
    cells = {by: defaultdict(new_cell) for by in TABLES}
    # The eight cells of a case, one in each table, are looked up once for each kind of case.
    cells_of = {}

    def cells_at(values, year):
        if (values, year) not in cells_of:
            named = dict(zip(DIMENSIONS, values), year=year)
            # In a table by year there are those that a figure counts, each in the year of its own date.
            tables = [by for by in TABLES if "year" not in by or year]
            cells_of[values, year] = [cells[by][tuple(named[name] for name in by)] for by in tables]
        return cells_of[values, year]

    for case in cases(path):
        as_of = as_of or {"position": int(case.position), "time": case.as_of_text}
        if not scope.takes(case):
            continue
        filed += 1
        registered = day(case.registered).year

        def year_of(date_of_figure):
            return str(registered if scope.kind == "cohort" else day(date_of_figure).year)

        places = place(case, scope)
        if places["SR6"][1]:
            outcomes[case.outcome] += 1
        kinds[
            case.values,
            tuple((where, dated and year_of(dated)) for where, dated in places.values()),
        ] += 1
        for code, (where, start, minutes) in last(case, scope).items():
            if start:
                for cell in cells_at(case.values, year_of(start)):
                    cell.durations[code, where][minutes] += 1
    for (values, places), cases_alike in kinds.items():
        for code, (where, year) in zip(FIGURES, places):
            for cell in cells_at(values, year):
                add(cell.figures[code], where, values[-1], cases_alike)
    cells[()][()]  # There is a total of nothing, too.
    return filed, outcomes, cells, as_of


def new_cell():
    return SimpleNamespace(
        figures={code: Count() for code in FIGURES},
        durations={(code, where): defaultdict(int) for code in DURATIONS for where in ("observed", "pending")},
    )


def add(figure, where, rule_set, number):
    if where in ("k", "n"):
        figure.n += number
        figure.k += number * (where == "k")
        figure.rule_sets.add(rule_set)
    else:
        figure.excluded[where] += number


# ---- The report

def report(path, scope):
    """The report as the program prints it in the centre's view."""
    filed, outcomes, cells, as_of = count(path, scope)
    stamp = {"scope": scope.json(), "as_of": as_of}
    tables = [{"by": list(by), "cells": [
        {
            "at": dict(zip(by, values)),
            "figures": [
                figure_json(code, found.figures[code], stamp)
                for code in FIGURES if not any((code, name) in POINTLESS for name in by)
            ],
            "durations": [duration_json(code, found) for code in DURATIONS],
        }
        for values, found in sorted(cells[by].items(), key=lambda item: in_order(by, item[0]))
    ]} for by in TABLES]
    return {
        "definition": DEFINITION, **stamp, "view": "centre", "filed": filed,
        "rule_set": sorted(value for value, in cells[("rule_set",)]),
        "outcomes": {outcome: outcomes[outcome] for outcome in OUTCOMES if outcomes[outcome]},
        "tables": tables,
        "comparisons": list(comparisons(cells)),
    }


def in_order(by, values):
    return [(ORDER[name].index(value) if name in ORDER else 0, value) for name, value in zip(by, values)]


def figure_json(code, found, stamp):
    low, high = wilson(found.k, found.n)
    return {
        "code": code, "k": found.k, "n": found.n, "rate": found.k / found.n if found.n else None,
        "low": low, "high": high, "small": found.n < SMALL, "method": "Wilson 95 %", **stamp,
        "excluded": dict(sorted(found.excluded.items())), "rule_set": sorted(found.rule_sets),
    }


def duration_json(code, cell):
    observed, pending = cell.durations[code, "observed"], cell.durations[code, "pending"]
    p50, p90 = survival(observed, pending)
    seen, waiting = sum(observed.values()), sum(pending.values())
    return {
        "code": code, "n": seen + waiting, "observed": seen, "pending": waiting,
        "p50": p50, "p90": p90, "max": max(observed, default=None),
    }


def comparisons(cells):
    """Channels with one another, and each year with the one before."""
    years = pairwise(sorted(year for year, in cells[("year",)]))
    pairs = [("channel", *pair) for pair in (("online", "hybrid"), ("online", "offline"), ("hybrid", "offline"))]
    for by, first, second in pairs + [("year", later, earlier) for earlier, later in years]:
        table = cells[(by,)]
        if (first,) not in table or (second,) not in table:
            continue
        for code in (code for code in RATES if (code, by) not in POINTLESS):
            one, other = (table[(value,)].figures[code] for value in (first, second))
            if one.n and other.n:
                difference, low, high = newcombe(one.k, one.n, other.k, other.n)
                yield {
                    "code": code, "by": by, "first": first, "second": second,
                    "difference": difference, "low": low, "high": high, "method": "Newcombe 95 %",
                    "tells": "nothing" if low <= 0 <= high else "higher" if low > 0 else "lower",
                    "small": one.n < SMALL or other.n < SMALL,
                }


# ---- Comparing with a report

def compare(ours, theirs):
    """How many figures there are to compare, and each difference in words."""
    differences = []
    for name in "definition", "scope", "as_of", "filed", "rule_set":
        # A file without rows does not say what it is as of.
        if name != "as_of" or ours["as_of"]:
            check(differences, name, ours[name], theirs.get(name))
    check(differences, "outcomes", ours["outcomes"], nonzero(theirs.get("outcomes", {})))

    number = 0
    ours_by, theirs_by = by_name(ours), by_name(theirs)
    for name in sorted(ours_by.keys() | theirs_by.keys()):
        mine, found = ours_by.get(name), theirs_by.get(name)
        if mine is None or found is None:
            side, what = (ours_by, "absent from the report") if found is None else (theirs_by, "in the report alone")
            # A cell in which there is nothing may be left out.
            if name[0] == "comparison" or not is_empty(name, side):
                differences.append(f"{words(name)}: {what}")
            continue
        number += 1
        for field in mine:
            if field == "rule_set":
                # Those of n at least, and none that the report has not.
                if not set(mine[field]) <= set(found.get(field, [])) <= set(ours["rule_set"]):
                    check(differences, f"{words(name)} {field}", mine[field], found.get(field))
            elif field == "excluded":
                check(differences, f"{words(name)} {field}", mine[field], nonzero(found.get(field, {})))
            elif not (field == "small" and mine.get("n") == 0 or field == "as_of" and mine[field] is None):
                check(differences, f"{words(name)} {field}", mine[field], found.get(field))
    return number, differences


def by_name(whole):
    """Every figure, duration and comparison by its name, whatever the order of tables and cells."""
    found = {}
    for table in whole["tables"]:
        for cell in table["cells"]:
            at = tuple(sorted(cell["at"].items()))
            for one in cell["figures"] + cell["durations"]:
                found["cell", at, one["code"]] = one
    for one in whole["comparisons"]:
        found["comparison", one["by"], one["first"], one["second"], one["code"]] = one
    return found


def is_empty(name, side):
    return name[1] != () and all(one["n"] == 0 for other, one in side.items() if other[:2] == name[:2])


def nonzero(counts):
    return {name: value for name, value in counts.items() if value}


def words(name):
    if name[0] == "comparison":
        return f"{name[4]} {name[2]} and {name[3]}"
    return " ".join([name[2], *(f"{dimension}={value}" for dimension, value in name[1])])


def check(differences, name, mine, found):
    if isinstance(mine, float) and isinstance(found, (int, float)):
        same = math.isclose(mine, found, rel_tol=1e-12, abs_tol=1e-12)
    else:
        same = mine == found
    if not same:
        differences.append(f"{name}: {json.dumps(mine)} here, {json.dumps(found)} in the report")


# ---- The command

def explain(path, scope, code):
    """Where a figure puts each case of the scope."""
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(["pseudonym", "place"])
    for case in cases(path):
        if scope.takes(case):
            found = place(case, scope) if code in FIGURES else last(case, scope)
            lines.writerow([case.pseudonym, found[code][0]])


def main():
    parser = argparse.ArgumentParser(description="Computes the figures of a fact file.")
    parser.add_argument("facts", help="the fact file, as CSV")
    scopes = parser.add_mutually_exclusive_group()
    scopes.add_argument("--all", action="store_true", help="every case; so it is unless said, or the report says")
    scopes.add_argument("--period", type=span, metavar="FROM..TO", help="what happened in these days")
    scopes.add_argument("--cohort", type=span, metavar="FROM..TO", help="the cases registered in these days")
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--explain", choices=FIGURES + DURATIONS, metavar="CODE", help="where it puts each case")
    modes.add_argument("--compare", metavar="REPORT.json", help="a report to compare with")
    asked = parser.parse_args()

    scope = Scope("all")
    if asked.period or asked.cohort:
        scope = Scope("period" if asked.period else "cohort", asked.period or asked.cohort)
    if asked.explain:
        return explain(asked.facts, scope, asked.explain)
    if not asked.compare:
        json.dump(report(asked.facts, scope), sys.stdout, indent=2)
        print()
        return None

    try:
        with open(asked.compare, encoding="utf-8") as source:
            theirs = json.load(source)
    except (OSError, ValueError) as problem:
        stop(f"{asked.compare}: no report: {problem}")
    if theirs.get("view") != "centre":
        stop(f"{asked.compare}: not the centre's view (`entente report --staff`): something is suppressed")
    if not (asked.all or asked.period or asked.cohort) and theirs["scope"]["kind"] != "all":
        said = theirs["scope"]
        scope = Scope(said["kind"], (date.fromisoformat(said["from"]), date.fromisoformat(said["to"])))
    number, differences = compare(report(asked.facts, scope), theirs)
    print("\n".join(differences) or f"{number} figures agree")
    return 1 if differences else None


if __name__ == "__main__":
    sys.exit(main())
