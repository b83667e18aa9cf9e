"""A real mail server on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from email import message_from_bytes
from email.message import Message
from email.policy import default
from threading import Lock

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone
from pytest_django import Settings

from notices.rules import make_notices
from plans.models import WorkItem
from sipas_tracker.embedded.account import free_port
from tests.cast import Cast
from tests.factories import work_item

FRIDAY = date(2024, 6, 28)


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    """Return the moment of the day, in Vietnam."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@dataclass
class Mailbox:
    """What the server took, and how it answers: `refusals` says no to that many letters first.

    `answers` are the server's words to RCPT for an address, or to the letter itself under "DATA"; `broken` letters
    are taken, and the line is cut before the answer.
    """

    letters: list[Message] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    refusals: int = 0
    broken: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take an address or refuse it."""
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a letter or refuse it."""
        with self.lock:
            if "DATA" in self.answers:
                return self.answers["DATA"]
            if self.refusals:
                self.refusals -= 1
                return "451 4.3.0 Try again later"
            self.senders.append(envelope.mail_from or "")
            self.letters.append(message_from_bytes(envelope.content or b"", policy=default))  # type: ignore[arg-type]
            if self.broken:
                self.broken -= 1
                server.transport.abort()
        return "250 OK"

    def to(self) -> list[str]:
        """Return the addresses that got a letter, sorted."""
        return sorted(str(letter["To"]) for letter in self.letters)


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """Run a mail server and let the product send through it."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.LETTERS_LEAVE = True
    settings.DEMO = False
    yield box
    controller.stop()


@pytest.fixture
def due(cast: Cast) -> WorkItem:
    """One item of Sở Y tế is due on Friday and the round has run."""
    cast.plan.activated_on = FRIDAY
    cast.plan.save()
    item = work_item(cast.health, plan=cast.plan, due=FRIDAY)
    make_notices(FRIDAY)
    return item
