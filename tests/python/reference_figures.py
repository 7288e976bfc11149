#!/usr/bin/env python3
"""Holds the program's intervals and quantiles against those of SciPy.

Standard input has one a line, each with what was asked and what the program answered:

    {"wilson": [k, n, low, high]}
    {"newcombe": [k1, n1, k2, n2, low, high]}
    {"survival": {"events": [minutes, …], "pending": [minutes, …], "p50": minutes or null, "p90": minutes or null}}

It prints `N agree`, or each line that differs, and then ends with 1.
"""

import json
import math
import sys

from scipy.stats import CensoredData, binomtest, ecdf

TOLERANCE = 1e-9


def wilson(k, n):
    if n == 0:
        return None, None
    limits = binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
    return float(limits.low), float(limits.high)


def newcombe(k1, n1, k2, n2):
    """Newcombe's method 10, made of SciPy's own limits; SciPy itself has no such function."""
    if n1 == 0 or n2 == 0:
        return None, None
    (l1, u1), (l2, u2) = wilson(k1, n1), wilson(k2, n2)
    p1, p2 = k1 / n1, k2 / n2
    return p1 - p2 - math.hypot(p1 - l1, u2 - p2), p1 - p2 + math.hypot(u1 - p1, p2 - l2)


def survival(events, pending):
    """The least times at which the estimated share of those still waiting is a half, and a tenth."""
    if not events:
        # With nothing observed the curve stays at 1.
        return None, None
    censored = [False] * len(events) + [True] * len(pending)
    curve = ecdf(CensoredData.right_censored(events + pending, censored)).sf
    # The product is made in another order than the program's: the tolerance is the definition's own.
    return tuple(
        next((int(time) for time, share in zip(curve.quantiles, curve.probabilities) if share <= rest + 1e-12), None)
        for rest in (0.5, 0.1)
    )


def agree(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    return abs(ours - theirs) <= TOLERANCE


def check(line):
    """What SciPy says, and what the program said."""
    [(kind, said)] = json.loads(line).items()
    match kind:
        case "wilson":
            return wilson(*said[:2]), tuple(said[2:])
        case "newcombe":
            return newcombe(*said[:4]), tuple(said[4:])
        case "survival":
            return survival(said["events"], said["pending"]), (said["p50"], said["p90"])
    raise ValueError(f"unknown: {kind}")


def main():
    number = differences = 0
    for line in filter(str.strip, sys.stdin):
        number += 1
        ours, theirs = check(line)
        if len(ours) != len(theirs) or not all(map(agree, ours, theirs)):
            differences += 1
            print(f"{line.strip()[:200]}: SciPy has {ours}")
    if differences:
        print(f"{differences} of {number} differ")
        return 1
    print(f"{number} agree")
    return 0


if __name__ == "__main__":
    sys.exit(main())
