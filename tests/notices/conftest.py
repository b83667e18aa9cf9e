"""A real mail server on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from threading import Lock

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from sipas_tracker.embedded.account import free_port


@dataclass
class Mailbox:
    """What the server took, and how it answers: `refusals` says no to that many letters first."""

    letters: list[Message] = field(default_factory=list)
    refusals: int = 0
    lock: Lock = field(default_factory=Lock)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a letter or refuse it."""
        with self.lock:
            if self.refusals:
                self.refusals -= 1
                return "451 4.3.0 Try again later"
            self.letters.append(message_from_bytes(envelope.content or b"", policy=default))  # type: ignore[arg-type]
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
