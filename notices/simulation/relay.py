"""A mail server in a process of its own, on loopback: speaks SMTP, writes down what it took, and can misbehave.

    python -m notices.simulation.relay JOURNAL ORDERS

Prints its port, and ends when its input ends. Every letter is one line of JOURNAL (JSON: the envelope's sender and
recipients, Message-ID, subject, plain text), written *before* "250 OK" is answered, so that what a sender was told is
never more than what stands there. ORDERS is a JSON file that is read at each step (see `Orders`). JOURNAL "-" keeps
nothing, ORDERS "-" are none.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from random import Random
from typing import Any

LARGEST = 2**24
"""Bytes of the largest letter."""


@dataclass(slots=True)
class Orders:
    """How to behave. Shares are per cent of the letters: `later` refused with 451, `lost` taken but not answered."""

    away: bool = False
    later: float = 0
    lost: float = 0
    seed: int = 0
    day: str = ""
    gone: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "Orders":
        """Return what stands in the file; nothing special when it is not there."""
        try:
            return cls(**json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return cls()

    def give(self, path: Path) -> None:
        """Write the orders, all at once."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps({name: getattr(self, name) for name in self.__slots__}), "utf-8")
        new.replace(path)


class Relay:
    """One server: every connection reads the orders, every letter is decided by its own chance."""

    def __init__(self, journal: str, orders: str) -> None:
        self.journal = None if journal == "-" else Path(journal).open("ab", buffering=0)  # noqa: SIM115 - as long as it lives
        self.orders_path = None if orders == "-" else Path(orders)
        self.chance = Random(self.orders.seed)

    @property
    def orders(self) -> Orders:
        """Return the orders as they stand now."""
        return Orders.read(self.orders_path) if self.orders_path else Orders()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak SMTP with one client until it leaves."""
        try:
            if self.orders.away:
                return
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        say: Callable[[str], None] = lambda words: writer.write(words.encode() + b"\r\n")  # noqa: E731
        say("220 loopback ESMTP")
        sender = ""
        recipients: list[str] = []
        while line := await reader.readline():
            words = line.decode("utf-8", "replace").strip()
            verb = words.upper()
            if verb.startswith("EHLO"):
                say("250-loopback\r\n250-SMTPUTF8\r\n250 8BITMIME")
            elif verb.startswith("MAIL FROM:"):
                sender = _address(words)
                recipients = []
                say("250 2.1.0 OK")
            elif verb.startswith("RCPT TO:"):
                self._recipient(_address(words), recipients, say)
            elif verb == "DATA" and recipients:
                say("354 go on")
                await writer.drain()
                if not self._take(sender, recipients, await _content(reader), say):
                    return
            elif verb == "QUIT":
                say("221 bye")
                await writer.drain()
                return
            else:
                say("250 OK" if verb in ("RSET", "NOOP") or verb.startswith("HELO") else "503 5.5.1 Bad sequence")
            await writer.drain()

    def _recipient(self, address: str, recipients: list[str], say: Callable[[str], None]) -> None:
        if address in self.orders.gone:
            say("550 5.1.1 The mailbox does not exist")
        else:
            recipients.append(address)
            say("250 2.1.5 OK")

    def _take(self, sender: str, recipients: list[str], content: bytes, say: Callable[[str], None]) -> bool:
        """Decide about one letter; False: hang up without a word, having taken it."""
        orders, luck = self.orders, self.chance.random() * 100
        if orders.away or luck < orders.later:
            say("451 4.3.0 Try again later")
            return True
        if self.journal:
            entry = {"day": orders.day, "from": sender, "to": recipients, **_read(content)}
            self.journal.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        if luck < orders.later + orders.lost:
            return False
        say("250 2.0.0 OK")
        return True


def _address(words: str) -> str:
    return words[words.index("<") + 1 : words.index(">")]


async def _content(reader: asyncio.StreamReader) -> bytes:
    """Return the letter up to the line with a single dot; doubled dots at the start of a line are undone."""
    content = await reader.readuntil(b"\r\n.\r\n")
    return content[:-3].replace(b"\r\n..", b"\r\n.")


def _read(content: bytes) -> dict[str, Any]:
    message = message_from_bytes(content, policy=default)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return {"id": str(message["Message-ID"]), "subject": str(message["Subject"]), "text": text}


async def serve(journal: str, orders: str) -> None:
    """Listen until our input ends: with whoever started us."""
    relay = Relay(journal, orders)
    server = await asyncio.start_server(relay.talk, "127.0.0.1", 0, limit=LARGEST, backlog=128)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:3]))
