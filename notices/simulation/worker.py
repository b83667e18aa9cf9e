"""The worker of a simulated year: a real process that takes bells from a real broker and can be killed at any line.

What Celery does with `acks_late`, said in a few lines: a bell stays in the hand of the worker until its work is done,
and goes back to the queue when the worker died. Celery itself takes seconds to start after each kill; a year has many.
"""

import json
import logging
import multiprocessing
import os
import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as hour
from multiprocessing.process import BaseProcess

from django.conf import settings
from django.db import connections
from django.utils import timezone
from redis import Redis

from notices.rules import make_notices
from notices.sending import send_waiting

FORK = multiprocessing.get_context("fork")
PATIENCE = 120
"""Seconds until a bell must have been answered."""


@dataclass(frozen=True, slots=True)
class Bell:
    """A ring: run the round of the day first, or only send; at a minute of the day."""

    day: date
    minute: int
    with_round: bool
    number: int

    def write(self) -> str:
        """Return what goes to the broker."""
        return json.dumps([self.day.isoformat(), self.minute, self.with_round, self.number])

    @classmethod
    def read(cls, words: str) -> "Bell":
        """Return what came from the broker."""
        day, minute, with_round, number = json.loads(words)
        return cls(date.fromisoformat(day), minute, with_round, number)

    def answer(self) -> None:
        """Do what the tasks of the schedule do."""
        if self.with_round:
            make_notices(self.day)
        moment = datetime.combine(self.day, hour()) + timedelta(minutes=self.minute)
        send_waiting(self.day, timezone.make_aware(moment))


@dataclass
class Workers:
    """The queue, and the processes that work on it."""

    broker_url: str
    name: str
    processes: list[BaseProcess] = field(default_factory=list)
    rung: int = 0
    kills: int = 0

    def __post_init__(self) -> None:
        self.broker = Redis.from_url(self.broker_url)
        self.lose_everything()

    def staff(self, number: int) -> None:
        """Have that many workers."""
        while len(self.processes) > number:
            self._end(self.processes.pop())
        while len(self.processes) < number:
            connections.close_all()  # a forked process must not share them
            process = FORK.Process(target=work, args=(self.broker_url, self.name), daemon=True)
            process.start()
            self.processes.append(process)

    def ring(self, day: date, minute: int, *, with_round: bool) -> None:
        """Put a bell into the queue for each worker."""
        for _ in self.processes:
            self.rung += 1
            self.broker.rpush(self.name, Bell(day, minute, with_round, self.rung).write())

    def wait(self) -> None:
        """Return when every bell is answered; RuntimeError when a worker ended by itself or never comes back."""
        until = time.monotonic() + PATIENCE
        while self.broker.llen(self.name) or self.broker.llen(f"{self.name}:hand"):
            if any(process.exitcode is not None for process in self.processes) or time.monotonic() > until:
                raise RuntimeError("A worker ended by itself or does not answer.")
            time.sleep(0.004)

    def kill(self, after: float) -> None:
        """Kill all workers with SIGKILL that many seconds from now; the broker delivers again what they had in hand."""
        time.sleep(after)
        if not (self.broker.llen(self.name) or self.broker.llen(f"{self.name}:hand")):
            return  # everything was done already: nobody is working
        number = len(self.processes)
        for process in self.processes:
            process.kill()
            process.join()
            self.kills += 1
        self.processes.clear()
        while self.broker.lmove(f"{self.name}:hand", self.name, "RIGHT", "LEFT"):
            pass
        self.staff(number)

    def lose_everything(self) -> None:
        """Forget every bell, as a broker does that is started anew without its data."""
        self.broker.delete(self.name, f"{self.name}:hand")

    def dismiss(self) -> None:
        """End the workers and take everything out of the broker."""
        self.staff(0)
        self.lose_everything()
        self.broker.close()

    def _end(self, process: BaseProcess) -> None:
        process.kill()
        process.join()


def work(broker_url: str, name: str) -> None:
    """Answer bells until killed, or until whoever started us has gone."""
    logging.disable(logging.CRITICAL)  # refusals are ordered, not news
    settings.DEMO = False  # working hours hold
    broker = Redis.from_url(broker_url, decode_responses=True, socket_timeout=60)
    parent = os.getppid()
    while os.getppid() == parent:
        words = broker.blmove(name, f"{name}:hand", 5, "LEFT", "RIGHT")
        if words is None:
            continue
        words = str(words)
        Bell.read(words).answer()
        broker.lrem(f"{name}:hand", 1, words)
