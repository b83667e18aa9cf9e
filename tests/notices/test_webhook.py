"""The province's own messenger: each notice once, signed, and never to a machine that it must not reach."""

import hmac
import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from notices import webhook
from notices.models import Notice, WebhookDelivery
from notices.rules import make_notices
from notices.webhook import deliver_waiting
from plans.models import WorkItem
from tests.cast import Cast
from tests.factories import work_item

FRIDAY = date(2024, 6, 28)
MONDAY = FRIDAY + timedelta(days=3)
KEY = "mot-khoa-bi-mat-du-dai-de-ky-noi-dung"


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@dataclass
class Messenger:
    """The other side: what it was handed, and the answers it gives, one after the other, then 200."""

    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    def bodies(self) -> list[dict]:
        return [json.loads(body) for _, body in self.taken]


def serve(box: Messenger, context: ssl.SSLContext | None = None) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            box.taken.append((dict(self.headers), body))
            status, headers = box.answers.pop(0) if box.answers else (200, {})
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "2"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    box.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def messenger(settings: Settings) -> Iterator[Messenger]:
    """A real HTTP server on loopback; the setting that allows it is on."""
    box = Messenger()
    server = serve(box)
    settings.DEMO = False
    settings.WEBHOOK_URL = f"http://127.0.0.1:{box.port}/thong-bao?kenh=zalo"
    settings.WEBHOOK_KEY = KEY
    settings.WEBHOOK_ALLOW_PRIVATE = True
    settings.WEBHOOK_TIMEOUT = 5
    yield box
    server.shutdown()
    server.server_close()


@pytest.fixture
def due(cast: Cast) -> WorkItem:
    """One item of Sở Y tế is due on Friday and the round has run: two notices to its officer."""
    cast.plan.activated_on = FRIDAY
    cast.plan.save()
    item = work_item(cast.health, plan=cast.plan, due=FRIDAY)
    make_notices(FRIDAY)
    return item


def test_each_notice_is_handed_over_once_with_what_the_messenger_needs(due: WorkItem, messenger: Messenger) -> None:
    outcome = deliver_waiting(FRIDAY, at(FRIDAY))
    assert (outcome.new, outcome.sent) == (2, 2)
    make_notices(FRIDAY)
    assert deliver_waiting(FRIDAY, at(FRIDAY, 9)).sent == 0
    body = next(body for body in messenger.bodies() if body["kind"] == "due")
    notice = Notice.objects.get(kind="due")
    assert body == {
        "version": 1,
        "key": notice.key,
        "kind": "due",
        "kind_label": "đến hạn hôm nay",
        "urgent": False,
        "on": "2024-06-28",
        "due_date": "2024-06-28",
        "words": f"Đến hạn 28/6/2024: {due.task.short_text}",
        "why": notice.why,
        "url": f"http://127.0.0.1:8000/dau-viec/{due.pk}/",
        "recipient": {
            "username": "yte",
            "name": notice.recipient.full_name,
            "email": "yte@vinhphuc.example",
        },
        "agency": {"code": "SYT", "name": "Sở Y tế"},
        "plan": "82/KH-UBND",
    }
    assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_the_signature_covers_the_time_and_the_body_and_the_key_names_the_notice(
    due: WorkItem, messenger: Messenger
) -> None:
    deliver_waiting(FRIDAY, at(FRIDAY))
    headers, body = messenger.taken[0]
    expected = hmac.new(KEY.encode(), headers["X-Sipas-Timestamp"].encode() + b"." + body, sha256).hexdigest()
    assert headers["X-Sipas-Signature"] == f"v1={expected}"
    assert abs(int(headers["X-Sipas-Timestamp"]) - timezone.now().timestamp()) < 60
    assert headers["Idempotency-Key"] == json.loads(body)["key"]


def test_the_example_of_the_document_verifies_what_we_sign(
    due: WorkItem, messenger: Messenger, settings: Settings
) -> None:
    deliver_waiting(FRIDAY, at(FRIDAY))
    words = (Path(settings.BASE_DIR) / "docs" / "webhook.md").read_text("utf-8")
    example = words.split("```python\n")[1].split("```")[0]
    names: dict = {}
    exec(example, names)
    headers, body = messenger.taken[0]
    verify = names["verify"]
    assert verify(KEY, headers, body)
    assert not verify(KEY, headers, body + b" ")
    assert not verify("khac", headers, body)
    assert not verify(KEY, headers | {"X-Sipas-Timestamp": "1700000000"}, body)


def test_the_channel_is_off_until_it_is_set(due: WorkItem, settings: Settings) -> None:
    assert settings.WEBHOOK_URL == ""
    assert deliver_waiting(FRIDAY, at(FRIDAY)).idle
    assert not WebhookDelivery.objects.exists()


def test_nothing_is_handed_over_on_a_day_off_or_at_night(due: WorkItem, messenger: Messenger) -> None:
    assert deliver_waiting(FRIDAY, at(FRIDAY, 21)).idle
    saturday = FRIDAY + timedelta(days=1)
    assert deliver_waiting(saturday, at(saturday)).idle
    assert messenger.taken == []


def test_a_person_without_an_address_is_reached_through_the_messenger(cast: Cast, messenger: Messenger) -> None:
    cast.health_officer.email = ""
    cast.health_officer.save()
    cast.health_leader.delete()
    work_item(cast.health, plan=cast.plan, due=FRIDAY)
    make_notices(FRIDAY)
    deliver_waiting(FRIDAY, at(FRIDAY))
    assert "yte" in {body["recipient"]["username"] for body in messenger.bodies()}


def test_work_that_was_done_meanwhile_is_not_told(due: WorkItem, messenger: Messenger) -> None:
    messenger.answers = [(503, {}), (503, {})]
    deliver_waiting(FRIDAY, at(FRIDAY))
    Notice.objects.filter(kind="due").update(state="suppressed", reason=webhook.composing.OVER)
    deliver_waiting(FRIDAY, at(FRIDAY, 9))
    assert dict(WebhookDelivery.objects.values_list("notice__kind", "state")) == {"due": "dropped", "assigned": "sent"}


# What breaks


@pytest.mark.parametrize("answer", [503, 429, 408, 0])
def test_what_was_not_taken_is_tried_again_after_growing_pauses(
    due: WorkItem, messenger: Messenger, answer: int
) -> None:
    Notice.objects.exclude(kind="due").delete()
    messenger.answers = [(answer, {})] * 2
    assert deliver_waiting(FRIDAY, at(FRIDAY)).postponed == 1
    assert deliver_waiting(FRIDAY, at(FRIDAY)).postponed == 0
    assert deliver_waiting(FRIDAY, at(FRIDAY, 8, 2)).postponed == 1
    assert deliver_waiting(FRIDAY, at(FRIDAY, 8, 4)).postponed == 0
    assert deliver_waiting(FRIDAY, at(FRIDAY, 8, 10)).sent == 1
    assert len({headers["Idempotency-Key"] for headers, _ in messenger.taken}) == 1
    assert WebhookDelivery.objects.get().attempts == 3


def test_a_delivery_that_fails_for_a_day_has_failed_and_the_command_is_red(due: WorkItem, messenger: Messenger) -> None:
    messenger.answers = [(500, {})] * 9
    deliver_waiting(FRIDAY, at(FRIDAY))
    with pytest.raises(CommandError) as stopped:
        call_command("send_webhooks", "--as-of", str(MONDAY))
    assert stopped.value.returncode == 1
    assert set(WebhookDelivery.objects.values_list("state", "error")) == {("failed", "HTTP 500 ok")}


def test_a_redirect_is_not_followed(due: WorkItem, messenger: Messenger) -> None:
    messenger.answers = [(307, {"Location": f"http://127.0.0.1:{messenger.port}/khac"})] * 2
    assert deliver_waiting(FRIDAY, at(FRIDAY)).failed == 2
    assert len(messenger.taken) == 2


def test_a_messenger_that_is_away_costs_nobody_their_notice(
    due: WorkItem, messenger: Messenger, settings: Settings
) -> None:
    address, settings.WEBHOOK_URL = settings.WEBHOOK_URL, "http://127.0.0.1:1/"
    assert deliver_waiting(FRIDAY, at(FRIDAY)).postponed == 2
    settings.WEBHOOK_URL = address
    assert deliver_waiting(MONDAY, at(MONDAY)).sent == 2


def test_a_crash_before_the_answer_was_written_down_hands_over_again_under_the_same_key(
    due: WorkItem, messenger: Messenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    Notice.objects.exclude(kind="due").delete()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(webhook.Answer, "taken", property(killed))
        with pytest.raises(KeyboardInterrupt):
            deliver_waiting(FRIDAY, at(FRIDAY))
    assert deliver_waiting(FRIDAY, at(FRIDAY, 8, 2)).sent == 0  # the lease still holds
    assert deliver_waiting(FRIDAY, at(FRIDAY, 8, 10)).sent == 1
    assert len({headers["Idempotency-Key"] for headers, _ in messenger.taken}) == 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_hand_over_every_notice_once(cast: Cast, messenger: Messenger) -> None:
    for number in range(40):
        Notice.objects.create(
            key=f"urged:{number}", kind="urged", recipient=cast.health_officer, on=FRIDAY, words="Đôn đốc."
        )
    together = Barrier(2)

    def deliver() -> None:
        try:
            together.wait(10)
            deliver_waiting(FRIDAY, at(FRIDAY))
        finally:
            connections.close_all()

    both = [Thread(target=deliver) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert sorted(body["key"] for body in messenger.bodies()) == sorted(f"urged:{number}" for number in range(40))


# Where it must not go


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:9/",
        "https://localhost:9/",
        "https://[::1]:9/",
        "https://10.0.0.5/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.5]/",
        "https://0.0.0.0/",
    ],
)
def test_a_machine_of_the_inner_network_is_not_spoken_to_unless_the_setting_allows_it(
    due: WorkItem, messenger: Messenger, settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    def connected(*_: object) -> None:
        pytest.fail("a connection was opened")

    settings.WEBHOOK_ALLOW_PRIVATE = False
    settings.WEBHOOK_URL = url
    monkeypatch.setattr(socket, "create_connection", connected)
    assert deliver_waiting(FRIDAY, at(FRIDAY)).postponed == 2
    assert "địa chỉ mạng nội bộ" in WebhookDelivery.objects.first().error  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("url", "private", "key"),
    [
        ("http://messenger.example/", False, KEY),
        ("ftp://messenger.example/", True, KEY),
        ("https://user:word@messenger.example/", False, KEY),
        ("https:///path", False, KEY),
        ("https://messenger.example/", False, "short"),
    ],
)
def test_an_address_or_key_that_is_not_safe_is_refused_in_words(
    due: WorkItem, settings: Settings, url: str, private: bool, key: str
) -> None:
    settings.DEMO = False
    settings.WEBHOOK_URL, settings.WEBHOOK_ALLOW_PRIVATE, settings.WEBHOOK_KEY = url, private, key
    with pytest.raises(ImproperlyConfigured, match="WEBHOOK_"):
        deliver_waiting(FRIDAY, at(FRIDAY))


def test_plain_http_is_for_this_machine_only(due: WorkItem, messenger: Messenger, settings: Settings) -> None:
    settings.WEBHOOK_URL = "http://10.0.0.5/"
    assert deliver_waiting(FRIDAY, at(FRIDAY)).postponed == 2
    assert "không mã hóa" in WebhookDelivery.objects.first().error  # type: ignore[union-attr]


def test_over_https_the_messenger_must_show_a_certificate_of_its_name(
    due: WorkItem, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here: the certificate cannot be made")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run([*make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    box = Messenger()
    server = serve(box, context)
    settings.DEMO, settings.WEBHOOK_KEY, settings.WEBHOOK_ALLOW_PRIVATE = False, KEY, True
    settings.WEBHOOK_URL = f"https://localhost:{box.port}/"
    assert deliver_waiting(FRIDAY, at(FRIDAY)).postponed == 2  # nobody vouches for it
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert deliver_waiting(FRIDAY, at(FRIDAY, 9)).sent == 2
    settings.WEBHOOK_URL = f"https://127.0.0.1:{box.port}/"
    Notice.objects.create(
        key="x", kind="urged", recipient=due.task.items.get().agency.memberships.first().user, on=FRIDAY
    )
    assert deliver_waiting(FRIDAY, at(FRIDAY, 10)).postponed == 1  # another name
    server.shutdown()
    server.server_close()


def test_a_rehearsal_prints_what_would_be_handed_over_and_keeps_nothing(
    due: WorkItem, messenger: Messenger, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("send_webhooks", "--as-of", str(FRIDAY), "--dry-run")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(line["kind"] for line in lines) == ["assigned", "due"]
    assert (WebhookDelivery.objects.count(), messenger.taken) == (0, [])
