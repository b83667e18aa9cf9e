"""A stretch of days gone through with everything that can break broken, and the account of what arrived.

    outcome = Year(plan, first, last, faults, broker_url).run()

Works in the database that Django is connected to, commits, and leaves its rows: call it in one of its own.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.test.utils import override_settings

from notices.models import Notice
from notices.simulation.deeds import Deeds
from notices.simulation.reckoning import Claim, Reckoning, is_working_day
from notices.simulation.relay import Orders
from notices.simulation.worker import Workers
from plans.models import Plan

MINUTES = (425, 440, 480, 540, 630, 780, 960)
"""When bells ring on a working day: 07:05, 07:20 … 16:00; the round with the first."""
QUIET = 3
"""Last bells of a day at which nobody is killed, on most days: letters are tried again within the day."""
HEADING = re.compile(r"^(.+) \((\d+)\)$")
"""A heading of the plain text, in capitals, with how many notices stand under it."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong. Letters refused for now (`smtp_errors`; `refusing` in the relay's bad fortnight) and answers
    lost after a letter was taken are per cent; `kill` is the share of days on which the workers are killed twice.
    """

    seed: int = 0
    kill: float = 0
    smtp_errors: float = 0
    lost_answers: float = 0
    skip_days: int = 0
    refusing: float = 0
    relay_away_days: int = 0
    broker_losses: int = 0
    two_workers: bool = False


@dataclass
class Weather:
    """Which day brings which fault, decided by the seed before the first day."""

    skipped: set[date] = field(default_factory=set)
    away: set[date] = field(default_factory=set)
    broker_lost: set[date] = field(default_factory=set)
    refusing: set[date] = field(default_factory=set)
    killed: set[date] = field(default_factory=set)
    late_kill: set[date] = field(default_factory=set)
    two_workers: set[date] = field(default_factory=set)

    @classmethod
    def decide(cls, days: list[date], faults: Faults, chance: Random) -> "Weather":
        """Give each fault its days; the three that stop everything fall on different days."""
        bad = chance.sample(days, min(len(days), faults.skip_days + faults.relay_away_days + faults.broker_losses))
        skipped, rest = bad[: faults.skip_days], bad[faults.skip_days :]
        start = chance.randrange(max(1, len(days) - 10))
        killed = {day for day in days if chance.random() < faults.kill}
        return cls(
            skipped=set(skipped),
            away=set(rest[: faults.relay_away_days]),
            broker_lost=set(rest[faults.relay_away_days :]),
            refusing=set(days[start : start + 10]) if faults.refusing else set(),
            killed=killed,
            late_kill={day for day in sorted(killed) if chance.random() < 0.1},
            two_workers={day for day in days if faults.two_workers and chance.random() < 0.3},
        )


@dataclass
class Account:
    """What came of it. `doubled` are notices told twice beyond the one written-down window.

    `doubled_in_the_window`: letters that arrived again under the same Message-ID, since the sender was killed, or the
    server's answer was lost, between the server's yes and our mark. `uncalled`: told and never due. `contradictions`:
    letters whose own words announce another number of notices than the ledger says they carry.
    """

    due: int = 0
    told: int = 0
    lost: int = 0
    doubled: int = 0
    doubled_in_the_window: int = 0
    uncalled: int = 0
    contradictions: int = 0
    on_days_off: int = 0
    letters: int = 0
    kills: int = 0
    days_skipped: int = 0
    deeds: int = 0
    seed: int = 0
    seconds: float = 0
    examples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Say whether nothing was lost, doubled, invented or sent on a day off."""
        return not (self.lost or self.doubled or self.uncalled or self.contradictions or self.on_days_off)


@dataclass
class Year:
    """One run. `begins(day)` is called each morning: the plan may come in on one of the days."""

    plan: Plan
    first: date
    last: date
    faults: Faults
    broker_url: str
    share: float = 1
    longest_kill: float = 0.3
    begins: Callable[[date], None] = lambda day: None

    def run(self) -> Account:
        """Go through the days and return the account."""
        started = time.monotonic()
        self.chance = Random(self.faults.seed)
        with ExitStack() as until_the_end:
            folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="sipas-year-")))
            self.journal, self.orders = folder / "journal", folder / "orders"
            until_the_end.enter_context(override_settings(**self._mail(self._start_relay(until_the_end))))
            self.workers = Workers(self.broker_url, f"sipas-year-{folder.name}")
            until_the_end.callback(self.workers.dismiss)
            days = [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]
            self.weather = Weather.decide([day for day in days if is_working_day(day)], self.faults, self.chance)
            self.deeds = Deeds(self.plan, self.faults.seed, self.share)
            self.deeds.foresee()
            self.reckoning = Reckoning(self.plan)
            self.reckoning.begin()
            for day in days:
                self._day(day)
            self.workers.staff(0)
            account = self._account()
        account.seconds = round(time.monotonic() - started, 1)
        return account

    def _start_relay(self, until_the_end: ExitStack) -> int:
        Orders(seed=self.faults.seed).give(self.orders)
        command = [sys.executable, "-m", "notices.simulation.relay", str(self.journal), str(self.orders)]
        relay = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        until_the_end.enter_context(relay)  # closes its input, which ends it, and waits
        assert relay.stdout is not None
        return int(relay.stdout.readline())

    def _mail(self, port: int) -> dict[str, Any]:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": port,
            "EMAIL_HOST_USER": "",
            "EMAIL_HOST_PASSWORD": "",
            "EMAIL_USE_TLS": False,
            "EMAIL_USE_SSL": False,
            "LETTERS_LEAVE": True,
        }

    def _day(self, day: date) -> None:
        """People work; bells ring; some of it goes wrong."""
        self.begins(day)
        self.deeds.play(day)
        held = self.reckoning.look(day)
        if day in self.weather.skipped:
            return
        self._order(day)
        self.workers.staff(2 if day in self.weather.two_workers else 1)
        if not is_working_day(day):
            self._ring(day, 480, with_round=True)
            return
        undisturbed = day not in self.weather.away | self.weather.broker_lost | self.weather.late_kill
        for number, minute in enumerate(self._kill_times(day)):
            self._ring(day, MINUTES[number], with_round=number == 0, kill_after=minute)
        if undisturbed:
            self.reckoning.must |= held

    def _order(self, day: date) -> None:
        faults = self.faults
        later = faults.refusing if day in self.weather.refusing else faults.smtp_errors
        orders = Orders(away=day in self.weather.away, later=later, lost=faults.lost_answers, seed=faults.seed)
        orders.day = day.isoformat()
        orders.give(self.orders)

    def _kill_times(self, day: date) -> list[float | None]:
        """Return for each bell of the day after how many seconds the workers are killed, or None.

        Two workers are not killed in the round: the other one would compose letters before the round is made up, and
        what it misses would rightly come a day later.
        """
        times: list[float | None] = [None] * len(MINUTES)
        if day in self.weather.killed:
            first = 1 if day in self.weather.two_workers else 0
            last = len(MINUTES) - (0 if day in self.weather.late_kill else QUIET)
            for number in self.chance.sample(range(first, last), 2):
                times[number] = self.chance.random() * self.longest_kill
            if day in self.weather.late_kill:
                times[-1] = self.chance.random() * self.longest_kill / 4
        return times

    def _ring(self, day: date, minute: int, *, with_round: bool, kill_after: float | None = None) -> None:
        self.workers.ring(day, minute, with_round=with_round)
        if day in self.weather.broker_lost:
            self.workers.lose_everything()
        if kill_after is not None:
            self.workers.kill(kill_after)
        self.workers.wait()

    # The account

    def _account(self) -> Account:
        """Compare what the mail server took with what was due."""
        lines = [json.loads(line) for line in self.journal.read_text("utf-8").splitlines()]
        letters: dict[str, set[Claim]] = {}
        account = Account(seed=self.faults.seed, letters=len(lines), kills=self.workers.kills)
        carried = self._carried()
        for line in lines:
            claims = {(line["to"][0], what) for what in carried[int(line["id"].split(".")[1])]}
            account.contradictions += announced(line["text"]) != len(claims)
            account.on_days_off += not is_working_day(date.fromisoformat(line["day"]))
            account.doubled_in_the_window += line["id"] in letters
            letters[line["id"]] = claims
        times = Counter(claim for claims in letters.values() for claim in claims)
        must, may, told = self.reckoning.must, self.reckoning.may, set(times)
        account.due, account.told = len(must), len(told)
        account.lost, account.uncalled = len(must - told), len(told - may)
        account.doubled = sum(number - 1 for number in times.values())
        account.days_skipped, account.deeds = len(self.weather.skipped), self.deeds.done
        account.examples = {
            name: [f"{email} {what}: {self._ledger(email, what)}" for email, what in sorted(claims)[:5]]
            for name, claims in {
                "lost": must - told,
                "uncalled": told - may,
                "doubled": {claim for claim, number in times.items() if number > 1},
            }.items()
            if claims
        }
        return account

    def _ledger(self, email: str, what: str) -> str:
        """Return what the ledger says about a claim, for whoever looks for the cause."""
        row = Notice.objects.filter(key__startswith=f"{what}:user:", recipient__email=email).first()
        return f"{row.on} {row.state} {row.reason}" if row else "-"

    def _carried(self) -> dict[int, list[str]]:
        """Return what each letter carries, by the names of the ledger without the person."""
        carried: dict[int, list[str]] = defaultdict(list)
        rows = Notice.objects.filter(letter__isnull=False).values_list("letter", "key")
        for letter, key in rows.iterator(chunk_size=5000):
            carried[letter].append(key.rpartition(":user:")[0])
        return carried


def announced(text: str) -> int:
    """Return how many notices a letter says it carries."""
    found = [HEADING.match(line) for line in text.splitlines()]
    return sum(int(heading[2]) for heading in found if heading and heading[1].isupper())


def as_json(account: Account) -> str:
    """Return the account on one line."""
    return json.dumps(asdict(account), ensure_ascii=False)
