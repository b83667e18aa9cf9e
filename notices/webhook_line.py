"""The line to the messenger: one HTTPS connection to an address that was looked at before it was opened."""

import hmac
import socket
import ssl
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from time import time
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 32
"""Characters of the secret at least."""
MOST_ANSWER = 2000
"""Bytes of the other side's words that are read."""


class Unreachable(OSError):
    """The messenger's machine cannot be reached, or must not be."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the messenger said: the HTTP status and the beginning of its words."""

    status: int
    words: str

    @property
    def taken(self) -> bool:
        """Say whether the notice is in the messenger's hands."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Say whether asking again is pointless. A redirect is never followed: the address must be mended here."""
        return 300 <= self.status < 500 and self.status not in (408, 425, 429)


def endpoint() -> SplitResult:
    """Return WEBHOOK_URL taken apart; ImproperlyConfigured, in words, when it is not safe to use."""
    address = urlsplit(settings.WEBHOOK_URL)
    if not address.hostname or address.username or address.fragment:
        raise ImproperlyConfigured("WEBHOOK_URL phải có dạng https://tên-máy/đường-dẫn, không kèm tài khoản.")
    if address.scheme != "https" and not (address.scheme == "http" and settings.WEBHOOK_ALLOW_PRIVATE):
        raise ImproperlyConfigured("WEBHOOK_URL phải bắt đầu bằng https://.")
    if len(settings.WEBHOOK_KEY) < SHORTEST_KEY:
        raise ImproperlyConfigured(f"WEBHOOK_KEY phải có ít nhất {SHORTEST_KEY} ký tự.")
    return address


def sign(key: str, timestamp: str, body: bytes) -> str:
    """Return the signature: HMAC-SHA256, in hexadecimal, over the timestamp, a full stop and the body."""
    return hmac.new(key.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


class Line:
    """One connection to the messenger, opened when it is first used and kept; `close` it at the end."""

    def __init__(self) -> None:
        self.address = endpoint()
        self.connection: HTTPConnection | None = None

    def open(self) -> None:
        """Connect to the address that the name stands for now, if that may be; `Unreachable` otherwise."""
        if self.connection is not None:
            return
        host, secure = self.address.hostname or "", self.address.scheme == "https"
        port = self.address.port or (443 if secure else 80)
        timeout = settings.WEBHOOK_TIMEOUT
        try:
            sock = socket.create_connection((_number_of(host, port, secure), port), timeout)
            if secure:
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        except OSError as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        kind = HTTPSConnection if secure else HTTPConnection
        self.connection = kind(host, port, timeout=timeout)
        self.connection.sock = sock
        self.connection.auto_open = 0  # never looks the name up by itself

    def hand_over(self, key: str, body: bytes) -> Answer:
        """Hand one notice over under its key; OSError or HTTPException when no answer came."""
        self.open()
        assert self.connection is not None
        timestamp = str(int(time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "SIPAS-Tracker",
            "Idempotency-Key": key,
            "X-Sipas-Timestamp": timestamp,
            "X-Sipas-Signature": f"v1={sign(settings.WEBHOOK_KEY, timestamp, body)}",
        }
        path = (self.address.path or "/") + (f"?{self.address.query}" if self.address.query else "")
        self.connection.request("POST", path, body, headers)
        response = self.connection.getresponse()
        return Answer(response.status, self._words(response))

    def _words(self, response: HTTPResponse) -> str:
        words = response.read(MOST_ANSWER).decode("utf-8", "replace")
        if response.read(1) or response.will_close:
            self.close()
        return words

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _number_of(host: str, port: int, secure: bool) -> str:
    """Return the number to connect to. All numbers of the name are looked at: none may be of a private network.

    The connection is opened to this very number, so that the name cannot mean another machine a moment later. Plain
    HTTP is for this machine only.
    """
    numbers = list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    for number in numbers:
        there = ip_address(number)
        if not secure and not there.is_loopback:
            raise Unreachable("WEBHOOK_URL không mã hóa chỉ dùng được trên chính máy chủ này.")
        if not there.is_global and not settings.WEBHOOK_ALLOW_PRIVATE:
            raise Unreachable(f"{host} là địa chỉ mạng nội bộ ({number}); chỉ dùng được khi WEBHOOK_ALLOW_PRIVATE=1.")
    return numbers[0]
