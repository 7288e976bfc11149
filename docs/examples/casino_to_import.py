#!/usr/bin/env python3
"""Turns recorded negotiations into the lines that `entente import` takes.

    python3 casino_to_import.py negotiations.jsonl > past.jsonl

The input has one negotiation a line, in the reduced form of CaSiNo (Chawla et al., "CaSiNo: A Corpus of Campsite
Negotiation Dialogues for Automatic Negotiation Systems", NAACL 2021, CC BY 4.0):

    {"id": "…", "turns": [{"by": "first" | "second", "act": "say", "text": "…"},
                          {"by": …, "act": "submit_deal", "keeps": {"Water": "2", …}, "gives": {…}},
                          {"by": …, "act": "reject_deal" | "accept_deal" | "walk_away"}]}

It is an example of how a centre may write a converter of its own: `first` becomes the claimant, `second` the
respondent. Names, companies, subjects and times are made up, and are the same at every run, so that the lines are too.
"""

import json
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone

FIRST_CASE = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
BETWEEN_CASES = timedelta(hours=3)
BETWEEN_TURNS = timedelta(minutes=2)
FOREIGN = ["KR", "DE", "CA", "IT", "GB", "ES", "JP", "BE", "US", "PL"]
SECTORS = ["manufacturing", "construction", "trade", "transport", "technology", "energy", "services"]
AMOUNTS = ["under10k", "under100k", "under1m", "over1m", "unstated"]
ANSWERS = {
    "voluntary": "b",
    "confidential": "a",
    "no_judge": "c",
    "stop_at_any_time": "a",
    "mediator_does_not_decide": "b",
}
SIDES = {"first": "claimant", "second": "respondent"}


class Case:
    """The lines of one negotiation."""

    def __init__(self, index, negotiation):
        self.index = index
        self.name = negotiation["id"]
        self.turns = negotiation["turns"]
        self.clock = FIRST_CASE + index * BETWEEN_CASES
        self.count = 0

    def line(self, by, command, content, wait=BETWEEN_TURNS):
        """One line; its id follows from the case's name and the line's number in the case."""
        self.clock += wait
        self.count += 1
        return {
            "id": f"{self.name}/{self.count}",
            "case": self.name,
            "at": self.clock.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "by": by,
            "command": {command: content},
        }

    def person(self, side):
        """The head of mandate of a side, by a name that no other case has."""
        return f"{self.name} {side}"

    def by(self, side):
        return {"person": self.person(side)}

    def opening(self):
        """From the request to the open table."""
        staff = {"staff": "case desk"}
        mediator = f"mediator {self.index % 12 + 1}"
        claimant, respondent = self.person("claimant"), self.person("respondent")
        yield self.line(self.by("claimant"), "register", {
            "claimant": {"country": "FR", "name": f"Company of {claimant}"},
            "head": claimant,
            "respondent": {"country": FOREIGN[self.index % len(FOREIGN)], "name": f"Company of {respondent}"},
            "nature": "Who takes how much of what is left in stock",
            "sector": SECTORS[self.index % len(SECTORS)],
            "amount": AMOUNTS[self.index % len(AMOUNTS)],
            "languages": ["en"],
        })
        yield self.line(self.by("claimant"), "answer_questionnaire", {"version": 1, "answers": ANSWERS})
        yield self.line(staff, "invite_respondent", {
            "contact": {"person": f"person:{respondent}", "name": respondent},
        })
        yield self.line(self.by("respondent"), "give_consent", {}, timedelta(days=1))
        yield self.line(staff, "appoint_mediator", {
            "mediator": {"person": f"person:{mediator}", "name": mediator},
            "declaration": "I know neither company and have no interest in the outcome.",
        }, timedelta(hours=5))
        self.joint = f"@{self.name}/{self.count}#joint"

    def conversation(self):
        """The recorded turns, one command each; an accepted deal is signed by both."""
        draft = None
        for turn in self.turns:
            side = SIDES[turn["by"]]
            match turn["act"]:
                case "say":
                    yield self.line(self.by(side), "post_message", {"discussion": self.joint, "body": turn["text"]})
                case "submit_deal":
                    yield self.line(self.by(side), "propose_settlement", {"text": deal(side, turn), "scope": "whole"})
                    draft = f"@{self.name}/{self.count}"
                case "reject_deal":
                    yield self.line(self.by(side), "decline_settlement", {"item": draft})
                case "accept_deal":
                    for signer in (side, "claimant" if side == "respondent" else "respondent"):
                        content = {"item": draft, "digest": f"{draft}#digest"}
                        yield self.line(self.by(signer), "sign_settlement", content)
                case "walk_away":
                    yield self.line(self.by(side), "withdraw", {})
                case other:
                    raise SystemExit(f"{self.name}: unknown act {other!r}")


def deal(side, turn):
    """A draft's text."""
    def goods(numbers):
        return ", ".join(f"{count} of {name}" for name, count in sorted(numbers.items()))

    other = "claimant" if side == "respondent" else "respondent"
    return f"The {side} keeps {goods(turn['keeps'])}.\nThe {other} receives {goods(turn['gives'])}."


def main():
    source = open(sys.argv[1], encoding="utf-8") if len(sys.argv) > 1 else sys.stdin
    acts = Counter()
    index = -1
    with source:
        for index, text in enumerate(source):
            case = Case(index, json.loads(text))
            acts.update(turn["act"] for turn in case.turns)
            for part in (case.opening(), case.conversation()):
                for line in part:
                    print(json.dumps(line, ensure_ascii=False))
    print(f"{index + 1} negotiations, {acts.total()} turns: {dict(sorted(acts.items()))}", file=sys.stderr)


if __name__ == "__main__":
    main()
