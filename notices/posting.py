"""The talk with the mail server: some connections at once, each with one letter in hand. Knows no database.

A letter in hand is one whose answer is not yet written down: at most `settings.EMAIL_CONNECTIONS` at any moment.
"""

import logging
import re
import smtplib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum
from hashlib import sha256
from queue import Empty, SimpleQueue
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from notices.models import Letter

logger = logging.getLogger(__name__)
ADDRESS_CODES = {550, 551, 553, 521, 556}
"""Answers to RCPT that speak of the address, where the server gives no enhanced code (RFC 5321, 4.2.3; RFC 7504)."""
ENHANCED = re.compile(r"^\s*5\.(\d{1,3})\.(\d{1,3})\b")
"""RFC 3463: 5.1.x is the address and 5.2.1 a closed mailbox; 5.7.x (policy) and the rest may be our own fault."""


class Verdict(Enum):
    """What became of one attempt."""

    TAKEN = "taken"
    LATER = "later"
    NEVER = "never"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said about one letter. `in_doubt`: the talk broke off, the server may have taken it."""

    letter: Letter
    verdict: Verdict
    words: str = ""
    in_doubt: bool = False


class Post:
    """Connections to the mail server, opened as they are needed; a context manager that hangs up at the end."""

    def __init__(self) -> None:
        self.answers: SimpleQueue[Answer] = SimpleQueue()
        self.idle: list[_Connection] = []
        self.busy: dict[int, _Connection] = {}
        self.may_open = max(1, settings.EMAIL_CONNECTIONS)

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *_: object) -> None:
        everybody = [*self.idle, *self.busy.values()]
        for connection in everybody:
            connection.letters.put(None)
        for connection in everybody:
            connection.join()

    @property
    def has_room(self) -> bool:
        """Say whether a letter can be handed over now."""
        return bool(self.idle) or self.may_open > 0

    def hand_over(self, letter: Letter) -> None:
        """Give a letter to a free connection; there must be room."""
        if self.idle:
            connection = self.idle.pop()
        else:
            self.may_open -= 1
            connection = _Connection(self.answers)
            connection.start()
        self.busy[letter.pk] = connection
        connection.letters.put(letter)

    def collect(self) -> list[Answer]:
        """Wait for an answer; return all that are there. A connection that could not be opened is not used again."""
        answers = [self.answers.get()]
        with suppress(Empty):
            while True:
                answers.append(self.answers.get_nowait())
        for answer in answers:
            connection = self.busy.pop(answer.letter.pk)
            if answer.verdict == Verdict.AWAY:
                connection.letters.put(None)
            else:
                self.idle.append(connection)
        return answers


class _Connection(Thread):
    """One connection in a thread of its own; None in its letters ends it."""

    def __init__(self, answers: "SimpleQueue[Answer]") -> None:
        super().__init__(name="notices.posting", daemon=True)
        self.answers = answers
        self.letters: SimpleQueue[Letter | None] = SimpleQueue()

    def run(self) -> None:
        """Hand over what comes until None comes."""
        server = get_connection()
        try:
            while letter := self.letters.get():
                self.answers.put(hand_over(letter, server))
        finally:
            _hang_up(server)


def hand_over(letter: Letter, server: BaseEmailBackend) -> Answer:
    """Try one letter; whatever is wrong with it must not stop the others."""
    try:
        server.open()
    except (smtplib.SMTPException, OSError) as error:
        _hang_up(server)
        return Answer(letter, Verdict.AWAY, readable(error))
    try:
        server.send_messages([message_of(letter)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        if any(code == 421 for code, _ in _codes(error)):
            _hang_up(server)
        verdict = Verdict.NEVER if speaks_of_the_address(error) else Verdict.LATER
        return Answer(letter, verdict, readable(error))
    except (smtplib.SMTPException, OSError) as error:
        _hang_up(server)
        return Answer(letter, Verdict.LATER, readable(error), in_doubt=True)
    except Exception as error:
        logger.exception("Letter %s cannot be written as a mail", letter.pk)
        _hang_up(server)
        return Answer(letter, Verdict.LATER, readable(error))
    return Answer(letter, Verdict.TAKEN)


def _hang_up(server: BaseEmailBackend) -> None:
    with suppress(OSError, smtplib.SMTPException):
        server.close()


def message_of(letter: Letter, to: str = "") -> EmailMultiAlternatives:
    """Return the mail: plain text and HTML, with a Message-ID that is the same at every attempt.

    The envelope's sender, where mail servers return what they cannot deliver, may differ from what people see.
    """
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_EMAIL,
        to=[to or letter.address],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": f"<sipas.{letter.pk}.{sha256(letter.key.encode()).hexdigest()[:20]}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    body = mark_safe(letter.html)  # our own template escaped it
    html = render_to_string("notices/letter_document.html", {"subject": letter.subject, "body": body})
    message.attach_alternative(html, "text/html")
    return message


def speaks_of_the_address(error: Exception) -> bool:
    """Say whether the server refused for good because of the address itself, and not because of us or of its state.

    Only then is it right never to write there again: "554 5.7.1 relay access denied" to everybody is our own fault.
    """
    if isinstance(error, smtplib.SMTPSenderRefused):
        return False
    at_recipient = isinstance(error, smtplib.SMTPRecipientsRefused)
    for code, words in _codes(error):
        if enhanced := ENHANCED.match(words):
            subject, detail = enhanced.groups()
            if 500 <= code < 600 and (subject == "1" or (subject, detail) == ("2", "1")):
                return True
        elif at_recipient and code in ADDRESS_CODES:
            return True
    return False


def _codes(error: Exception) -> Iterable[tuple[int, str]]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [(code, _text(words)) for code, words in error.recipients.values()]
    if isinstance(error, smtplib.SMTPResponseException):
        return [(error.smtp_code, _text(error.smtp_error))]
    return []


def readable(error: Exception) -> str:
    """Return the server's answer, or the error's name and words, for people who run the system."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{address}: {code} {_text(words)}" for address, (code, words) in error.recipients.items())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
