#!/usr/bin/env python3
"""Attacks released reports: works out, by linear programming, what their suppressed cells can be told to hold.

    python3 attack_tables.py released.json… [--with-truth centre.json…] [--shrewd] [--integer]

The attacker knows every number that a report gives, and how figures hang together by their definitions: that k is
within n, that whoever settled had a mediator, that cells make up the total. Of each suppressed figure the program asks
between which bounds its n can lie, and whether it can be that 0 < k < n. Each report is attacked alone; those of the
same scope are also attacked together, since what has closed stays closed.

It prints {"suppressed": how many figures were attacked, "violations": [...], ...}. It ends with 1 if there are any,
with 2 if it cannot attack:

    unsafe         a figure is shown that has n from 1 to 4, or 0 % or 100 %
    told           a number stands where it is said to be suppressed, or a comparison tells of a suppressed cell
    narrow         SR6's n of a cell that is suppressed as a whole is bounded to less than five apart
    all-or-nothing a suppressed figure cannot have 0 < k < n, though there may be somebody in it
    impossible     no numbers fit the report at all: it contradicts itself, or the attacker's knowledge is wrong
    untrue         with `--with-truth`: the unsuppressed report does not fit what is released or what the attacker knows
    needless       with `--with-truth`: nothing that the rule says explains that a figure is suppressed

Not violations: `differences` are changes of one to four cases between two releases, which no rule about one report can
prevent; `by_companies` are suppressions that only a count of companies can explain, which no report has.

What closed cases have in common is always known. With `--shrewd` the attacker also knows what the channels mean, and
how figures with different dates hang together where there is no period: that who has a mediator had agreed, that who
was asked had filed.

SciPy's HiGHS solves the programs. They are relaxed to fractions, and the bounds then rounded inwards; `--integer`
solves them in whole numbers, which is slower and can only find more.
"""

import argparse
import json
import math
import sys
from collections import defaultdict

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack

RATES = ["SR1", "SR2", "SR3", "SR4", "SR5", "SR6"]
OF_CLOSED = [*RATES, "H1", "W1"]
NUMBERS = {"k", "n", "rate", "low", "high", "excluded", "observed", "pending", "max", "p50", "p90"}
FIVE = 5
TINY = 1e-6


class Report:
    """A report with its figures by cell; a figure is None where it is suppressed."""

    def __init__(self, name, whole):
        self.name, self.whole = name, whole
        self.kind = whole["scope"]["kind"]
        self.cells = {}
        for table in whole["tables"]:
            for cell in table["cells"]:
                place = tuple(table["by"]), tuple(sorted(cell["at"].items()))
                self.cells[place] = {
                    figure["code"]: None if figure.get("suppressed") else (figure["n"], figure["k"])
                    for figure in cell["figures"]
                }

    def table(self, *by):
        return {place: found for place, found in self.cells.items() if place[0] == by}

    def suppressed(self):
        return [(place, code) for place, cell in self.cells.items() for code, shown in cell.items() if shown is None]

    def is_whole(self, place):
        """Whether a cell is suppressed as a whole."""
        cell = self.cells[place]
        return place[0] != () and bool(cell) and all(shown is None for shown in cell.values())


TOTAL = ((), ())


def at(place, name):
    return dict(place[1]).get(name)


# ---- What the attacker knows

class Knowledge:
    """Relations between numbers: each a sum of numbers with a sign, and at least, or exactly, what they make up."""

    def __init__(self):
        self.relations = []

    def at_least(self, why, minimum, *terms):
        self.relations.append((why, dict_of(terms), ">=", minimum))

    def equal(self, why, value, *terms):
        self.relations.append((why, dict_of(terms), "==", value))


def dict_of(terms):
    sums = defaultdict(int)
    for sign, number in terms:
        sums[number] += sign
    return dict(sums)


def plus(numbers):
    return [(1, number) for number in numbers]


def minus(numbers):
    return [(-1, number) for number in numbers]


def knowledge(report, shrewd, may_be_empty=frozenset()):
    """What follows from the definitions, and the numbers that are shown. A number is (report, cell, figure, n or k)."""
    known = Knowledge()

    def of(place, code, letter):
        return report, place, code, letter

    for place, cell in report.cells.items():
        for code, shown in cell.items():
            if shown is not None:
                known.equal("shown", shown[0], (1, of(place, code, "n")))
                known.equal("shown", shown[1], (1, of(place, code, "k")))
        in_cell(known, report, place, lambda code, letter: of(place, code, letter), shrewd)
        # A cell is there because something is in it; that it is a closed case is nearly always so.
        if report.is_whole(place) and place not in may_be_empty:
            known.at_least("a cell is not empty", 1, (1, of(place, size(cell), "n")))
    sums(known, report, of, shrewd)
    return known


def in_cell(known, report, place, of, shrewd):
    """How the figures of one cell hang together."""
    cell = report.cells[place]

    def at_most(why, smaller, *larger):
        """That a number is at most the sum of others; the first of a pair tells whether it is added or taken away."""
        codes = {number[0] for number in (smaller, *(pair[1] for pair in larger))}
        if codes <= cell.keys():
            known.at_least(why, 0, (-1, of(*smaller)), *((sign, of(*number)) for sign, number in larger))

    for code in cell:
        known.at_least("k is not negative", 0, (1, of(code, "k")))
        at_most("k is within n", (code, "k"), (1, (code, "n")))
    # The same cases have closed, whatever the table: these figures have the same date.
    for smaller, larger in ("SR4", "SR1"), ("SR1", "SR5"), ("SR5", "SR6"):
        at_most("fewer conditions, more cases", (smaller, "n"), (1, (larger, "n")))
    at_most("who settled engaged or not", ("SR4", "k"), (1, ("SR1", "k")))
    for smaller, larger in ("SR4", "SR1"), ("SR1", "SR5"), ("SR5", "SR6"):
        at_most("who did not settle", (smaller, "n"), (1, (larger, "n")), (-1, (larger, "k")), (1, (smaller, "k")))
    for other in "SR2", "SR3":
        at_most("settled is part of it", ("SR1", "k"), (1, (other, "k")))
    # Only what is without any agreement can be settled later.
    at_most("partly or later, not both", ("SR2", "k"), (1, ("SR1", "n")), (1, ("SR1", "k")), (-1, ("SR3", "k")))
    at_most("withdrawn is neither settled nor partly", ("W1", "k"), (1, ("SR6", "n")), (-1, ("SR2", "k")))
    for first, second, letter in [
        ("SR1", "SR2", "n"), ("SR1", "SR3", "n"), ("SR1", "H1", "n"), ("SR6", "W1", "n"), ("SR1", "SR5", "k"),
        ("SR1", "SR6", "k"),
    ]:
        if {first, second} <= cell.keys():
            known.equal("the same cases", 0, (1, of(first, letter)), (-1, of(second, letter)))
    if report.kind != "cohort" and {"SR6", "C1"} <= cell.keys():
        known.equal("the same cases", 0, (1, of("SR6", "n")), (-1, of("C1", "n")))
    if not shrewd:
        return
    if at(place, "channel") == "offline" and "SR4" in cell:
        known.equal("offline is where nobody wrote", 0, (1, of("SR4", "n")))
    if report.kind == "cohort":
        # There it counts all who filed.
        at_most("of those filed", ("SR6", "n"), (1, ("C1", "n")))
        at_most("of those filed", ("U1", "n"), (1, ("C1", "n")))
    if report.kind == "cohort" or report.kind == "all" and "year" not in place[0]:
        # Then figures are about the same cases, whatever their dates.
        at_most("of those who agreed", ("E1", "n"), (1, ("U1", "k")))
        at_most("of those who agreed", ("SR5", "n"), (1, ("U1", "k")))
        at_most("who has a mediator is counted", ("SR1", "n"), (1, ("E1", "n")))


def sums(known, report, of, shrewd):
    """How cells make up totals, and how a breakdown tells what a figure counts."""
    def adds_up(why, place, parts):
        for code in report.cells[place]:
            if all(code in report.cells[part] for part in parts):
                for letter in "nk":
                    numbers = [of(part, code, letter) for part in parts]
                    known.equal(why, 0, (-1, of(place, code, letter)), *plus(numbers))

    for by in ("year",), ("channel",), ("cross_border",), ("sector",), ("amount",), ("rule_set",):
        table = report.table(*by)
        if table:
            adds_up(f"the total is the sum of {by[0]}", TOTAL, list(table))
    both = report.table("year", "channel")
    for name in ("year", "channel") if both else ():
        for place in report.table(name):
            parts = [part for part in both if at(part, name) == at(place, name)]
            adds_up(f"{name} is the sum of its cells", place, parts)

    def tells(place, figure, table, dimension, value, counted="SR1"):
        """A breakdown by what a figure counts gives it away: its k is the n of those, and n - k that of the others."""
        why = f"{figure} counts {dimension}={value}"
        others = [(1, of(place, figure, "n")), (-1, of(place, figure, "k"))]
        for terms, is_counted in ([(1, of(place, figure, "k"))], True), (others, False):
            parts = [part for part in table if (at(part, dimension) == value) == is_counted]
            if not all(counted in report.cells[part] for part in parts):
                continue
            numbers = minus(of(part, counted, "n") for part in parts)
            if figure == "C1" and counted == "SR6" and report.kind == "cohort":
                # There it counts all who filed: of those some have closed.
                if shrewd:
                    known.at_least(why, 0, *numbers, *terms)
            else:
                known.equal(why, 0, *numbers, *terms)

    channels, borders = report.table("channel"), report.table("cross_border")
    if "H1" in report.cells[TOTAL] and channels:
        tells(TOTAL, "H1", channels, "channel", "online")
    for place in report.table("year") if both else ():
        if "H1" in report.cells[place]:
            tells(place, "H1", [part for part in both if at(part, "year") == at(place, "year")], "channel", "online")
    if "C1" in report.cells[TOTAL] and borders:
        tells(TOTAL, "C1", borders, "cross_border", "true", "C1")
        tells(TOTAL, "C1", borders, "cross_border", "true", "SR6")
    if "C1" in report.cells[TOTAL] and report.kind == "cohort" and report.whole.get("filed") is not None:
        known.equal("all who filed", report.whole["filed"], (1, of(TOTAL, "C1", "n")))


def grows(known, earlier, later):
    """What has closed stays so: in a later report of the same scope there is no less of it."""
    for place in earlier.cells.keys() & later.cells.keys():
        for code in OF_CLOSED:
            if code in earlier.cells[place] and code in later.cells[place]:
                why = "what has closed stays closed"
                n, k = ([(1, (later, place, code, letter)), (-1, (earlier, place, code, letter))] for letter in "nk")
                known.at_least(why, 0, *n)
                known.at_least(why, 0, *k)
                # But who had not settled may have done so later.
                if code != "SR3":
                    known.at_least(why, 0, *n, *((-sign, number) for sign, number in k))


# ---- Solving

class Programs:
    """One small program for each set of unknown numbers that hang together; built once, asked many times."""

    def __init__(self, known, integer):
        self.integer = integer
        self.values = {}
        self.contradictions = []
        rows = self.substituted(known.relations)
        self.of = {}
        self.systems = []
        for numbers, own in components(rows):
            system = System(numbers, own, integer)
            self.systems.append(system)
            for number in numbers:
                self.of[number] = system

    def substituted(self, relations):
        """The relations without the numbers that are known, or follow from one alone."""
        rows = [(why, dict(terms), sense, value) for why, terms, sense, value in relations]
        while True:
            left, found = [], False
            for why, terms, sense, value in rows:
                value -= sum(sign * self.values[number] for number, sign in terms.items() if number in self.values)
                terms = {number: sign for number, sign in terms.items() if number not in self.values and sign}
                if not terms:
                    if value > TINY or sense == "==" and value < -TINY:
                        self.contradictions.append(why)
                elif sense == "==" and len(terms) == 1:
                    [(number, sign)] = terms.items()
                    self.values[number] = value // sign
                    found = True
                else:
                    left.append((why, terms, sense, value))
            rows = left
            if not found:
                return rows

    def bounds(self, number):
        """Between which whole numbers it can lie."""
        if number in self.values:
            return self.values[number], self.values[number]
        if number not in self.of:
            return 0, math.inf
        low, high = self.of[number].extent({number: 1})
        return math.ceil(low - TINY), high if math.isinf(high) else math.floor(high + TINY)

    def can_be_mixed(self, n, k):
        """Whether it can be that 0 < k < n."""
        if (n in self.values) and (k in self.values):
            return 0 < self.values[k] < self.values[n]
        system = self.of.get(k) or self.of.get(n)
        if system is None:
            return True
        rows = []
        for terms in {k: 1}, {n: 1, k: -1}:
            # Each is at least 1: `0 < k < n` in whole numbers.
            least = 1 - sum(sign * self.values[number] for number, sign in terms.items() if number in self.values)
            rows.append(({number: sign for number, sign in terms.items() if number in self.of}, least))
        return system.is_possible(rows)


def components(rows):
    """The numbers and rows of each part that has nothing to do with the others."""
    parent = {}

    def root(number):
        while parent.setdefault(number, number) != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for _, terms, _, _ in rows:
        first, *rest = terms
        for other in rest:
            parent[root(other)] = root(first)
        root(first)
    numbers, own = defaultdict(list), defaultdict(list)
    for number in parent:
        numbers[root(number)].append(number)
    for row in rows:
        own[root(next(iter(row[1])))].append(row)
    return [(numbers[key], own[key]) for key in numbers]


class System:
    """The relations of some numbers as matrices."""

    def __init__(self, numbers, rows, integer):
        self.why = sorted({row[0] for row in rows})
        self.column = {number: index for index, number in enumerate(numbers)}
        self.integrality = np.ones(len(numbers)) if integer else None
        least = [row for row in rows if row[2] == ">="]
        equal = [row for row in rows if row[2] == "=="]
        # The solver's form is `at most`.
        self.upper, self.upper_values = -self.matrix([row[1] for row in least]), -np.array([row[3] for row in least])
        self.equal, self.equal_values = self.matrix([row[1] for row in equal]), np.array([row[3] for row in equal])
        # What the solver found before are numbers that fit: they may answer the next question too.
        self.fits = []

    def matrix(self, terms):
        rows, columns, signs = [], [], []
        for row, found in enumerate(terms):
            for number, sign in found.items():
                rows.append(row)
                columns.append(self.column[number])
                signs.append(float(sign))
        return csr_array(coo_array((signs, (rows, columns)), shape=(len(terms), len(self.column))))

    def solve(self, objective, extra=()):
        upper, values = self.upper, self.upper_values
        if extra:
            upper = vstack([upper, -self.matrix([terms for terms, _ in extra])], format="csr")
            values = np.append(values, [-least for _, least in extra])
        found = linprog(
            objective, A_ub=upper, b_ub=values, A_eq=self.equal, b_eq=self.equal_values, bounds=(0, None),
            integrality=self.integrality, method="highs",
        )
        # 4 is HiGHS not telling apart what has no bound and what cannot be; that something can be was asked before.
        if found.status == 3 or found.status == 4 and np.any(objective):
            return -math.inf
        if found.status == 2:
            return None
        if found.status != 0:
            stop(f"the solver gave up: {found.message}")
        self.fits.append(found.x)
        return found.fun

    def exists(self):
        return self.solve(np.zeros(len(self.column))) is not None

    def extent(self, terms):
        objective = self.matrix([terms]).toarray()[0]
        low, high = self.solve(objective), self.solve(-objective)
        return low, -high if not math.isinf(high) else math.inf

    def is_possible(self, rows):
        matrix, least = self.matrix([terms for terms, _ in rows]), np.array([value for _, value in rows])
        if any(np.all(matrix @ point >= least - TINY) for point in self.fits):
            return True
        return self.solve(np.zeros(len(self.column)), rows) is not None


# ---- The attack

def attack(reports, empty_cells, shrewd=False, integer=False):
    """What can be told of the suppressed figures of reports of one scope, taken together."""
    known = Knowledge()
    for report in reports:
        may_be_empty = empty_cells.get(report, frozenset())
        known.relations += knowledge(report, shrewd, may_be_empty).relations
    for earlier, later in zip(reports, reports[1:]):
        grows(known, earlier, later)
    programs = Programs(known, integer)
    contradictions = programs.contradictions + [
        f"all of: {', '.join(system.why)}" for system in programs.systems if not system.exists()
    ]
    if contradictions:
        # The only assumption that is not a law: take it away before saying that nothing fits.
        if not all(report in empty_cells for report in reports):
            return attack(reports, {report: report.cells.keys() for report in reports}, shrewd, integer)
        names = [report.name for report in reports]
        return [{"kind": "impossible", "reports": names, "why": contradictions[:5]}]

    violations = []
    for report in reports:
        for place, code in report.suppressed():
            n, k = (report, place, code, "n"), (report, place, code, "k")
            where = {"reports": [one.name for one in reports], "cell": named(place), "code": code}
            if code == size(report.cells[place]) and report.is_whole(place):
                low, high = programs.bounds(n)
                # Where SR6 is suppressed in the total no cell is so for its size alone: C1 or W1 may tell the n of it,
                # which then must not be small.
                if high - low < FIVE and (low < FIVE or report.cells[TOTAL][code] is not None):
                    violations.append({"kind": "narrow", **where, "n": [low, high]})
            # Where there surely is nobody, nothing is told of anybody. Anywhere else it must not be certain that all or
            # none did, not even on the condition that there is somebody.
            if not programs.can_be_mixed(n, k):
                low, high = programs.bounds(n)
                if high > 0:
                    bounds = [low, None if math.isinf(high) else high]
                    violations.append({"kind": "all-or-nothing", **where, "n": bounds, "k": programs.bounds(k)})
    return violations


def named(place):
    return dict(place[1]) or "total"


def look(report):
    """What needs no arithmetic to be seen."""
    seen = []
    for place, cell in report.cells.items():
        for code, shown in cell.items():
            if shown and shown[0] > 0 and (shown[0] < FIVE or shown[1] in (0, shown[0])):
                where = {"cell": named(place), "code": code}
                seen.append({"kind": "unsafe", "reports": [report.name], **where, "n": shown[0], "k": shown[1]})
    for table in report.whole["tables"]:
        for cell in table["cells"]:
            is_whole = report.is_whole((tuple(table["by"]), tuple(sorted(cell["at"].items()))))
            for figure in cell["figures"] + cell["durations"]:
                if figure.get("suppressed"):
                    forbidden = NUMBERS
                elif figure in cell["durations"]:
                    # A quantile tells that at least ten were observed; of a suppressed cell that is too much.
                    forbidden = NUMBERS if is_whole else NUMBERS - {"p50", "p90"}
                else:
                    forbidden = {"excluded"} if cell["at"] else set()
                told = sorted(name for name in forbidden if figure.get(name) not in (None, {}))
                if told:
                    where = {"cell": cell["at"] or "total", "code": figure["code"]}
                    seen.append({"kind": "told", "reports": [report.name], **where, "fields": told})
    for one in report.whole.get("comparisons", []):
        for value in one["first"], one["second"]:
            cell = report.cells.get(((one["by"],), ((one["by"], value),)), {})
            if cell.get(one["code"]) is None:
                where = {"cell": {one["by"]: value}, "code": one["code"]}
                seen.append({"kind": "told", "reports": [report.name], **where, "fields": ["comparison"]})
    return seen


def differences(earlier, later):
    """Where two releases, one taken from the other, tell of one to four cases."""
    for place, cell in later.cells.items():
        for code in OF_CLOSED:
            now, before = cell.get(code), earlier.cells.get(place, {}).get(code)
            if now and before and 0 < now[0] - before[0] < FIVE:
                yield {
                    "reports": [earlier.name, later.name], "cell": named(place), "code": code,
                    "n": now[0] - before[0], "k": now[1] - before[1],
                }


# ---- With the truth

def numbers_of(report, truth):
    """The true value of a number; what a report has not counted is 0."""
    def value(number):
        _, place, code, letter = number
        shown = truth.cells.get(place, {}).get(code)
        return 0 if shown is None else shown["nk".index(letter)]

    return value


def size(cell):
    """The rate whose n says how large a cell is: what closed, or, where that is not split, what closed with a mediator."""
    return "SR6" if "SR6" in cell else "SR1"


def empty_in_truth(report, truth):
    """Cells that are suppressed as a whole without a single closed case: whoever assumes one is mistaken."""
    value = numbers_of(report, truth)
    whole = [place for place in report.cells if report.is_whole(place)]
    return {place for place in whole if value((report, place, size(report.cells[place]), "n")) == 0}


def hold(report, truth):
    """Whether the truth fits what is released and what the attacker knows."""
    value = numbers_of(report, truth)
    for why, terms, sense, wanted in knowledge(report, True, empty_in_truth(report, truth)).relations:
        total = sum(sign * value(number) for number, sign in terms.items())
        if total < wanted or sense == "==" and total != wanted:
            places = sorted({f"{number[2]} {number[3]} {named(number[1])}" for number in terms})
            yield {"kind": "untrue", "reports": [report.name], "why": why, "numbers": places[:6]}


def reasons(report, truth):
    """What is needlessly suppressed, and what the count of companies alone can explain, which no report has."""
    value = numbers_of(report, truth)
    needless, by_companies = [], []

    def counts(place, code):
        return value((report, place, code, "n")), value((report, place, code, "k"))

    def is_small(place, code):
        return 0 < counts(place, code)[0] < FIVE

    def is_uniform(*places, code):
        n, k = (sum(numbers) for numbers in zip((0, 0), *(counts(place, code) for place in places)))
        return n > 0 and k in (0, n)

    total = report.cells[TOTAL]
    hidden = {code for code, shown in total.items() if shown is None}
    if is_small(TOTAL, "SR1"):
        return needless, by_companies
    for code in sorted(hidden):
        # A breakdown with a suppressed cell would give these away, or they it.
        online = code == "H1" and any(report.is_whole(place) for place in report.table("channel"))
        border = code == "C1" and any(report.is_whole(place) for place in report.table("cross_border"))
        if not (online or border or is_small(TOTAL, code) or is_uniform(TOTAL, code=code)):
            by_companies.append({"cell": "total", "code": code})
    if hidden >= total.keys():
        return needless, by_companies

    for by in sorted({place[0] for place in report.cells} - {()}):
        table = report.table(*by)
        whole = [place for place in table if report.is_whole(place)]
        for place in whole:
            codes = report.cells[place].keys() - hidden
            if any(is_small(place, code) or code in RATES and is_uniform(place, code=code) for code in codes):
                continue
            # For the sake of another then, of which there must be one; the smallest are taken first.
            code = size(report.cells[place])
            n = counts(place, code)[0]
            smaller = [named(other) for other in table if other not in whole and counts(other, code)[0] < n]
            if smaller or len(whole) < 2:
                by_companies.append({"cell": named(place), "code": "all", "smaller": smaller})
        shown = [place for place in table if place not in whole]
        for code in sorted({code for place in shown for code in table[place] if table[place][code] is None} - hidden):
            told = any(is_uniform(place, code=code) for place in shown) or is_uniform(*whole, code=code)
            # Whoever had the 48 hours run had consented: E1 goes with U1.
            told = told or code == "E1" and any(table[place].get("U1", 0) is None for place in shown)
            if code in RATES or not told:
                needless.append({"kind": "needless", "reports": [report.name], "cell": list(by), "code": code})
    return needless, by_companies


# ---- The command

def stop(problem):
    """Ends with 2: it is no violation."""
    print(problem, file=sys.stderr)
    raise SystemExit(2)


def load(names, view):
    reports = []
    for name in names:
        try:
            with open(name, encoding="utf-8") as source:
                report = Report(name, json.load(source))
        except (OSError, ValueError, KeyError) as problem:
            stop(f"{name}: no report: {problem!r}")
        if report.whole["view"] != view:
            stop(f"{name}: its view is {report.whole['view']}, not {view}")
        reports.append(report)
    return reports


def main():
    parser = argparse.ArgumentParser(description="Attacks released reports.")
    parser.add_argument("reports", nargs="+", help="reports as JSON, as they are released")
    parser.add_argument("--with-truth", nargs="+", default=[], metavar="CENTRE.json", help="the same, unsuppressed")
    parser.add_argument("--shrewd", action="store_true", help="the attacker knows of figures with different dates, too")
    parser.add_argument("--integer", action="store_true", help="in whole numbers: slower, and can only find more")
    asked = parser.parse_args()

    reports = load(asked.reports, "released")
    truths = {key(report): report for report in load(asked.with_truth, "centre")}
    violations, by_companies, found, empty = [], [], [], {}
    for report in reports:
        violations += look(report)
        truth = truths.get(key(report))
        if truths and truth is None:
            stop(f"{report.name}: none of the reports with the truth has its scope and position")
        if truth:
            violations += hold(report, truth)
            needless, companies = reasons(report, truth)
            violations += needless
            by_companies += [{"reports": [report.name], **one} for one in companies]
            empty[report] = empty_in_truth(report, truth)
        violations += attack([report], empty, asked.shrewd, asked.integer)
    for group in scopes(reports):
        found += [one for pair in zip(group, group[1:]) for one in differences(*pair)]
        violations += attack(group, empty, asked.shrewd, asked.integer)

    suppressed = sum(len(report.suppressed()) for report in reports)
    result = {"suppressed": suppressed, "violations": violations, "differences": found, "by_companies": by_companies}
    json.dump(result, sys.stdout, indent=2)
    print()
    return 1 if violations else 0


def key(report):
    return json.dumps([report.whole["scope"], report.whole["as_of"]["position"]], sort_keys=True)


def scopes(reports):
    """The reports of one scope, in the order of the log; only where there are two."""
    groups = defaultdict(list)
    for report in reports:
        groups[json.dumps(report.whole["scope"], sort_keys=True)].append(report)
    for group in groups.values():
        group.sort(key=lambda report: report.whole["as_of"]["position"])
    return [group for group in groups.values() if len(group) > 1]


if __name__ == "__main__":
    sys.exit(main())
