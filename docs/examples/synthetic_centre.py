#!/usr/bin/env python3
"""Makes up the past of a centre, as lines that `entente import` takes, to try the figures on.

    python3 synthetic_centre.py > past.jsonl
    python3 synthetic_centre.py --cases-per-year 14000 --years 2021..2025 > large.jsonl

The proportions are those that the press gave of such a centre in about 2000: 70 cases a year, "85 % success", a French
company in each, some that go on by telephone or in one room. 85 % of 70 cannot be. Here it is 51 of the 60 cases that
come before a mediator in a year; in the other ten the other company declines or does not answer, or somebody stops
before. Every case closes in the year in which it is registered, so that the year as a period and as a cohort say the
same.

Nothing here is about anybody: companies and people have numbers, words are made up, and are the same at every run.
"""

import argparse
import heapq
import json
import random
import sys
import uuid
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# The rules' own: until when an invitation stands is in whole days of Paris, until when a mediator comes in hours.
CONSENT_DAYS, APPOINTMENT_HOURS, LATER_DAYS = 15, 48, 90

ANSWERS = {
    "voluntary": "b",
    "confidential": "a",
    "no_judge": "c",
    "stop_at_any_time": "a",
    "mediator_does_not_decide": "b",
}
FOREIGN = ["KR", "DE", "CA", "IT", "GB", "ES", "JP", "BE", "US", "PL"]
# Each with its weight: a few trades and amounts have most of the cases.
SECTORS = {
    "manufacturing": 22, "trade": 18, "construction": 14, "technology": 14, "services": 12, "transport": 10,
    "energy": 5, "finance": 3, "other": 2,
}
AMOUNTS = {"under10k": 10, "under100k": 34, "under1m": 32, "over1m": 12, "unstated": 12}
MEANS = {"telephone": 60, "in_person": 30, "fax": 10}
NATURES = [
    "A delivery that came late", "An invoice in dispute", "Goods outside the tolerance that was agreed",
    "Works that were stopped half-way", "A licence that was ended early", "Who bears the cost of a recall",
]
OPENINGS = ["This is how we see it.", "We sent our account of the facts.", "Here is what the delay has cost us."]
REPLIES = ["We see it otherwise.", "We agree on the dates, not on the amount.", "We can go half of the way."]
SETTLEMENT = {
    "settled": ("whole", "The claim is settled for an amount that both have agreed on."),
    "partly_settled": ("part", "The first invoice is paid; the second stays in dispute."),
}


class Year:
    """How many cases of a year end in which way, in an order that is drawn."""

    def __init__(self, draw, cases):
        before = round(cases * 10 / 70)
        with_mediator = cases - before
        settled = round(with_mediator * 0.85)
        rest = with_mediator - settled
        declined, lapsed = round(before * 0.4), round(before * 0.3)
        partly, disagreed = round(rest * 3 / 9), round(rest * 4 / 9)
        self.ends = (
            ["declined"] * declined + ["lapsed"] * lapsed + ["stopped"] * (before - declined - lapsed)
            + ["settled"] * settled + ["partly_settled"] * partly + ["no_agreement"] * disagreed
            + ["withdrawn"] * (rest - partly - disagreed)
        )
        draw.shuffle(self.ends)


class Company:
    """One that may come back: the same id, the same person who binds it."""

    def __init__(self, draw, number, country):
        self.ask = {
            "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "country": country,
            "name": f"Company {number} ({country})",
        }
        self.head = f"Head of company {number} ({country})"


class Companies:
    """Those that have had a case, of one kind."""

    def __init__(self, draw, countries):
        self.draw, self.countries, self.known = draw, countries, []

    def one(self, other=None):
        """In three of ten cases, one that has been there before."""
        if self.known and self.draw.random() < 0.3:
            found = self.draw.choice(self.known)
            if found is not other:
                return found
        self.known.append(Company(self.draw, len(self.known) + 1, self.draw.choice(self.countries)))
        return self.known[-1]


class Case:
    """The lines of one case."""

    def __init__(self, draw, name, registered, end, companies):
        self.draw, self.name, self.clock, self.end = draw, name, registered, end
        self.lines = []
        french, foreign = companies
        first = french.one()
        # One French company is enough (B3): the other is foreign in two of three cases, on either side.
        sides = [first, foreign.one() if draw.random() < 0.66 else french.one(first)]
        draw.shuffle(sides)
        self.claimant, self.respondent = sides
        self.mediator = f"Mediator {draw.randint(1, 12)}"

    def pick(self, weights):
        return self.draw.choices(list(weights), list(weights.values()))[0]

    def some(self, low, high):
        """A time between the two, in whole minutes."""
        return MINUTE * self.draw.randint(low // MINUTE, high // MINUTE)

    def line(self, by, command, content=None, wait=timedelta(0)):
        """One line; its id follows from the case's name and the line's number in the case."""
        self.clock += wait
        number = len(self.lines) + 1
        self.lines.append({
            "id": f"{self.name}/{number}",
            "case": self.name,
            "at": self.clock.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "by": by,
            "command": {command: content or {}},
        })
        return f"@{self.name}/{number}"

    def play(self, last):
        """All of the case, closed before `last`."""
        self.staff = {"staff": f"Desk {self.draw.randint(1, 2)}"}
        self.by = {side.head: {"person": side.head} for side in (self.claimant, self.respondent)}
        self.first, self.second = self.by.values()
        self.intake()
        if self.end not in ("declined", "lapsed", "stopped"):
            self.appointment()
            self.mediation(last)
        return self.lines

    def intake(self):
        """From the request to the other company's answer."""
        contact = {"person": f"person:{self.respondent.head}", "name": self.respondent.head}
        knows_whom = self.draw.random() < 0.5
        self.line(self.first, "register", {
            "claimant": self.claimant.ask,
            "head": self.claimant.head,
            "respondent": self.respondent.ask,
            **({"respondent_contact": contact} if knows_whom else {}),
            "nature": self.draw.choice(NATURES),
            "sector": self.pick(SECTORS),
            "amount": self.pick(AMOUNTS),
            "languages": ["fr"] if self.draw.random() < 0.4 else ["fr", "en"],
        })
        if self.draw.random() < 0.1:
            wrong = {"version": 1, "answers": {**ANSWERS, "no_judge": "a"}}
            self.line(self.first, "answer_questionnaire", wrong, self.some(5 * MINUTE, 30 * MINUTE))
        self.line(
            self.first, "answer_questionnaire", {"version": 1, "answers": ANSWERS}, self.some(5 * MINUTE, 2 * HOUR)
        )
        # Who names the other's contact has passing invite it at once.
        if not knows_whom:
            self.line(self.staff, "invite_respondent", {"contact": contact}, self.some(HOUR, 2 * DAY))
        invited = self.clock
        if self.end == "lapsed":
            self.clock = days_after(invited, CONSENT_DAYS)
            self.line("clock", "lapse_invitation", wait=self.some(MINUTE, HOUR))
        elif self.end == "declined":
            self.line(self.second, "decline", wait=self.some(HOUR, 10 * DAY))
        elif self.end == "stopped" and self.draw.random() < 0.5:
            self.line(self.first, "withdraw", wait=self.some(HOUR, 6 * DAY))
        else:
            self.line(self.second, "give_consent", wait=self.some(HOUR, 12 * DAY))
            if self.end == "stopped":
                self.line(self.draw.choice([self.first, self.second]), "withdraw", wait=self.some(HOUR, DAY))

    def appointment(self):
        """A mediator, most often within 48 hours."""
        due = self.clock + APPOINTMENT_HOURS * HOUR
        if self.draw.random() < 0.88:
            self.clock += self.some(2 * HOUR, 46 * HOUR)
        else:
            self.clock = due
            self.line("clock", "record_missed_appointment", wait=self.some(MINUTE, 10 * MINUTE))
            self.clock += self.some(HOUR, 2 * DAY)
        table = self.line(self.staff, "appoint_mediator", {
            "mediator": {"person": f"person:{self.mediator}", "name": self.mediator},
            "declaration": "I know neither company and have no interest in the outcome.",
        })
        self.joint = f"{table}#joint"

    def mediation(self, last):
        """What is said, by which means, and how it ends."""
        third = {"person": self.mediator}
        length = min(self.some(3 * DAY, 45 * DAY), last - self.clock)
        # A step can be halved twice and is still in whole minutes.
        step = length // (32 * MINUTE) * 4 * MINUTE
        # Where nobody writes there is nothing online but the record of the exchanges.
        means = self.draw.choices(["online", "hybrid", "offline"], [50, 40, 10])[0]
        if means != "offline":
            self.say(self.first, self.draw.choice(OPENINGS), step)
            # Who stops early may never have answered.
            if self.end != "withdrawn" or self.draw.random() < 0.5:
                self.say(self.second, self.draw.choice(REPLIES), step)
        if means != "online":
            how = self.pick(MEANS)
            leaves = means == "offline" or self.draw.random() < 0.7
            if leaves:
                self.line(third, "switch_channel", {"channel": how}, wait=step / 2)
            self.clock += step
            for _ in range(self.draw.randint(1, 2)):
                minutes = self.draw.randint(10, 120)
                began = (self.clock - minutes * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ")
                content = {"channel": how, "audience": "joint", "began": began, "minutes": minutes}
                self.line(third, "record_offline_exchange", content, step / 2)
            if means == "hybrid" and leaves and self.draw.random() < 0.5:
                self.line(third, "switch_channel", {"channel": "online"}, wait=step / 4)
                self.say(self.first, "We go on here.", step / 4)
        self.say(third, "Let us see what is still between you.", step / 2)

        if self.end in SETTLEMENT:
            scope, text = SETTLEMENT[self.end]
            author = third if means == "offline" else self.draw.choice([third, self.first, self.second])
            draft = self.line(author, "propose_settlement", {"text": text, "scope": scope}, step)
            signers = [self.first, self.second]
            self.draw.shuffle(signers)
            for signer in signers:
                self.line(signer, "sign_settlement", {"item": draft, "digest": f"{draft}#digest"}, step / 4)
        elif self.end == "no_agreement":
            self.line(third, "report_no_agreement", wait=step)
            self.afterwards()
        else:
            self.line(self.draw.choice([self.first, self.second]), "withdraw", wait=step)
            self.afterwards()

    def say(self, by, body, wait):
        self.line(by, "post_message", {"discussion": self.joint, "body": body}, wait)

    def afterwards(self):
        """Some settle after all; and of some only one side says so, which does not count."""
        said = self.draw.choices([[], [self.first], [self.first, self.second]], [5, 1, 4])[0]
        latest = self.clock + (LATER_DAYS - 10) * DAY
        for camp in said:
            self.line(camp, "record_later_settlement", wait=self.some(2 * DAY, (latest - self.clock) // 2))


def days_after(start, days):
    """A time by which a period of whole days is over, whatever weekend and holidays its last day falls on."""
    midnight = datetime.combine(start.astimezone(PARIS).date() + (days + 1) * DAY, datetime.min.time(), PARIS)
    return midnight.astimezone(timezone.utc) + 5 * DAY


def registrations(draw, year, cases):
    """When the cases of a year come in, in order: early enough for each to close in it."""
    first = datetime(year, 1, 3, 8, tzinfo=timezone.utc)
    days = (date(year, 11, 20) - first.date()).days
    for at in sorted(draw.random() * days for _ in range(cases)):
        # In working hours, at a whole minute.
        yield first + int(at) * DAY + int(at % 1 * 9 * 60) * MINUTE


def lines(cases_per_year, years):
    """All lines in the order of their time; few are kept, for cases that run at the same time."""
    draw = random.Random(20000)
    companies = Companies(draw, ["FR"]), Companies(draw, FOREIGN)
    waiting, order = [], 0
    for year in years:
        ends = Year(draw, cases_per_year).ends
        last = datetime(year, 12, 28, tzinfo=timezone.utc)
        for number, registered in enumerate(registrations(draw, year, cases_per_year)):
            while waiting and waiting[0][0] < registered.strftime("%Y-%m-%dT%H:%M:%SZ"):
                yield heapq.heappop(waiting)[2]
            case = Case(draw, f"synthetic-{year}-{number + 1:03}", registered, ends[number], companies)
            for line in case.play(last):
                order += 1
                heapq.heappush(waiting, (line["at"], order, line))
    while waiting:
        yield heapq.heappop(waiting)[2]


def span(text):
    first, _, last = text.partition("..")
    return range(int(first), int(last or first) + 1)


def main():
    parser = argparse.ArgumentParser(description="Makes up the past of a centre.")
    parser.add_argument("--cases-per-year", type=int, default=70, metavar="N")
    parser.add_argument("--years", type=span, default=span("2021..2025"), metavar="FROM..TO")
    asked = parser.parse_args()
    for line in lines(asked.cases_per_year, asked.years):
        json.dump(line, sys.stdout, ensure_ascii=False)
        print()


if __name__ == "__main__":
    main()
