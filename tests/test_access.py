"""Who may open what: one line for every address. A new address without a line fails here.

People: O an officer of Sở Y tế (whose item, report, notice and letter stand in the world below), J an officer of another
department, K the plan's coordinator, V a viewer, S an officer of another province; and nobody signed in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from rest_framework.test import APIClient

from agencies.models import User
from notices.models import CalendarAddress, Letter, Notice, Urging
from plans.importing.starting import start_draft
from plans.models import Extension, ImportDraft, ItemLink, Obstacle, OfflineReturn, Plan, Target, WorkItem
from plans.models.target import NewTarget
from plans.models.work import NewEvidence
from reports.consolidating import figures_of
from reports.documents import pdf
from reports.documents.letterheads import issuer_of
from reports.documents.templating.example import example_template
from reports.models import Consolidation, DocumentTemplate, Period, Report
from tests.cast import Cast, make_cast
from tests.factories import AgencyFactory, PeriodFactory, PlanFactory, ReportFactory, work_item
from tests.plans.test_saving import small_plan

DAY = date(2024, 6, 5)
EVERYBODY = "OJKVS"
PROVINCE = "OJKV"
"""Everybody in the province: plans, tasks and the state of each agency."""
WORDS = "OKV"
"""Words of Sở Y tế: the agency, the plan's coordinators, viewers."""


@dataclass(frozen=True)
class Address:
    """An address, by its name: what stands in it, who opens it, and how it is asked. All others get 404."""

    name: str
    who: str
    of: str = ""
    method: str = "get"
    body: dict[str, Any] = field(default_factory=dict)
    more: tuple[Any, ...] = ()

    def url(self, world: "World") -> str:
        """Return the address of the thing in this world; ``more`` may name a second thing."""
        more = [getattr(world, one, one) if isinstance(one, str) else one for one in self.more]
        return reverse(self.name, args=[*([getattr(world, self.of)] if self.of else []), *more])


def post(name: str, who: str, of: str = "", *more: Any, **body: Any) -> Address:
    """Return an address that takes what is sent to it; whoever sees the thing gets an answer, in words if refused."""
    return Address(name, who, of, "post", body, more)


PAGES = [
    Address("home", EVERYBODY),
    Address("plan-list", EVERYBODY),
    Address("plan-upload", "K"),
    Address("import-draft", "K", "draft"),
    Address("import-progress", "K", "draft"),
    post("import-read", "K", "draft"),
    post("import-head", "K", "draft"),
    post("import-many", "K", "draft", do="clean"),
    post("import-add", "K", "draft"),
    Address("import-names", "K", "draft"),
    Address("import-news", "K", "draft"),
    Address("import-row", "K", "draft_row"),
    post("import-row", "K", "draft_row", revision=1, text="Rà soát", time_text="Quý II"),
    Address("import-agency", "K", "draft_row"),
    post("import-agency", "K", "draft_row", words="Sở Lạ"),
    post("import-drop", "K", "draft"),
    post("import-confirm", "K", "draft"),
    Address("import-compare", "K", "amending_draft"),
    post("import-compare", "K", "amending_draft", revision=1),
    Address("plan-detail", PROVINCE, "plan"),
    Address("plan-correct", "K", "plan"),
    post("plan-correct", "K", "plan"),
    Address("plan-copy", "K", "plan"),
    post("plan-copy", "K", "plan", year=2025),
    Address("plan-carry-out", PROVINCE, "plan"),
    post("plan-carry-out", PROVINCE, "plan", parent=""),
    Address("plan-document", PROVINCE, "plan"),
    Address("task-detail", PROVINCE, "task"),
    post("task-settle", PROVINCE, "task"),
    Address("target-add", "K", "task"),
    post("target-add", "K", "task", words="Mở 02 lớp", unit="lớp", comparison="≥", goal="2"),
    Address("target-change", "K", "target"),
    post("target-change", "K", "target", words="Mở 03 lớp", unit="lớp", comparison="≥", goal="3", revision=1),
    post("target-withdraw", "K", "target", reason="Thừa.", revision=1),
    Address("criterion-list", EVERYBODY),
    Address("work-list", EVERYBODY),
    post("work-bulk", EVERYBODY, do="confirm"),
    Address("work-item", WORDS, "item"),
    post("work-hand-in", WORDS, "item"),
    post("work-confirm", WORDS, "item"),
    post("work-return", WORDS, "item", reason="Thiếu."),
    post("work-waive", WORDS, "item", reason="Không có."),
    post("work-give", WORDS, "item", responsible=""),
    Address("work-link", WORDS, "item"),
    post("work-link", WORDS, "item", other=1),
    post("work-unlink", WORDS, "item", link=1),
    post("work-decline", WORDS, "item", reason="Không thuộc chức năng."),
    post("work-decide", "K", "item", decision="insist", reason="Đúng chức năng."),
    Address("work-break-down", "O", "item"),
    post("work-break-down", "O", "item"),
    post("work-propose", WORDS, "item"),
    post("work-send-down", WORDS, "item", reason="Thiếu."),
    post("work-direct", WORDS, "item", reason="Khẩn trương."),
    post("plan-leaders", PROVINCE, "plan", on="1"),
    Address("offline-list", "OJKS"),
    Address("offline-agency", "O", "plan", more=("agency",)),
    post("offline-agency", "O", "plan", "agency"),
    Address("offline-annex", "O", "plan", more=("agency",)),
    Address("offline-return", "O", "offline_return"),
    post("offline-return", "O", "offline_return"),
    post("offline-drop", "O", "offline_return"),
    Address("offline-file", "O", "offline_return"),
    Address("evidence-file", WORDS, "evidence"),
    Address("extension-list", EVERYBODY),
    Address("extension-ask", "O", "item"),
    Address("extension-detail", WORDS, "extension"),
    post("extension-decide", WORDS, "extension", decision="approve"),
    post("extension-answer", WORDS, "extension", decision="accept"),
    post("extension-withdraw", WORDS, "extension"),
    Address("extension-file", WORDS, "extension"),
    Address("obstacle-list", EVERYBODY),
    Address("obstacle-put", "O", "item"),
    Address("obstacle-put-on-task", "O", "task"),
    Address("obstacle-detail", WORDS, "obstacle"),
    post("obstacle-answer", WORDS, "obstacle", decision="answer", words="Đã bố trí.", revision=1),
    post("obstacle-end", WORDS, "obstacle", decision="settle", words="Đã xong.", revision=1),
    Address("obstacle-file", WORDS, "obstacle"),
    Address("report-list", EVERYBODY),
    Address("report-detail", WORDS, "report"),
    Address("report-document", WORDS, "report"),
    Address("report-pdf", WORDS, "report"),
    Address("template-list", "OJKS"),
    Address("template-upload", "OJKS"),
    post("template-upload", "OJKS"),
    Address("template-example", "O", "agency", more=("co-quan",)),
    Address("template-detail", "O", "template"),
    Address("template-file", "O", "template"),
    Address("template-trial", "O", "template", more=("word",)),
    post("template-step", "O", "template", "ngung"),
    Address("report-paper", "O", "report"),
    Address("report-signed-file", WORDS, "report"),
    Address("report-attachment", WORDS, "attached"),
    post("report-save", "O", "report", revision=1),
    post("report-restore", WORDS, "report", revision=1, section="obstacles"),
    post("report-attach", WORDS, "report"),
    post("report-attachment-remove", WORDS, "report", "attached"),
    Address("report-on-behalf", "K", "report"),
    Address("report-include", "K", "report"),
    Address("report-return", "K", "report"),
    Address("report-exclude", "K", "report"),
    post("report-step", WORDS, "report", "duyet"),
    Address("period-list", "KV"),
    Address("period-new", "K"),
    Address("period-detail", "KV", "period"),
    Address("period-collected", "O", "period"),
    Address("period-edit", "K", "period"),
    post("period-edit", "K", "period"),
    Address("period-agencies", "KV", "period"),
    post("period-agencies", "K", "period", revision=1),
    Address("period-ask", "K", "period"),
    post("period-ask", "K", "period", reason="Thêm."),
    Address("period-except", "K", "period"),
    post("period-drop", "K", "period"),
    post("period-many", "OK", "period", do="return"),
    post("period-open", "KV", "period"),
    post("period-close", "KV", "period"),
    Address("consolidation-new", "K", "period"),
    post("consolidation-new", "K", "period", revision=0, signed_as="head"),
    Address("consolidation-new-collected", "O", "period", more=("agency",)),
    Address("consolidation-preview", "K", "period"),
    Address("consolidation-preview-collected", "O", "period", more=("agency",)),
    Address("consolidation-detail", "KV", "consolidation"),
    Address("consolidation-progress", "KV", "consolidation"),
    post("consolidation-make", "K", "consolidation"),
    Address("consolidation-differences", "KV", "consolidation", more=("consolidation",)),
    Address("consolidation-document", "KV", "consolidation", more=("word",)),
    Address("urging-desk", "KV"),
    post("urging-send", "K", "plan", kind="message"),
    Address("urging-letter", "K", "plan", more=("agency",)),
    Address("urging-log", EVERYBODY),
    Address("urging-number", "K", "urging"),
    post("urging-reports", "OK", "period", all="1"),
    Address("notice-rehearsal", "KV"),
    Address("calendar-list", EVERYBODY),
    post("calendar-give", EVERYBODY),
    post("calendar-revoke", "O", "calendar"),
    Address("notice-list", EVERYBODY),
    Address("notice-open", "O", "notice"),
    post("notice-read-all", EVERYBODY),
    Address("notice-wishes", EVERYBODY),
    post("notice-wishes", EVERYBODY),
    Address("plan-notices", PROVINCE, "plan"),
    post("plan-notices", PROVINCE, "plan", steps="14, 7"),
    Address("plan-recipients", "KV", "plan"),
    Address("plan-escalated", "KV", "plan"),
    Address("plan-agency-notices", "KV", "plan", more=("agency",)),
    Address("letter-list", EVERYBODY),
    Address("letter-detail", "O", "letter"),
    post("clock-advance", ""),
    Address("agency-list", EVERYBODY),
    Address("agency-detail", PROVINCE, "agency"),
    Address("account-token", EVERYBODY),
    Address("account_logout", EVERYBODY),
    Address("account_reauthenticate", EVERYBODY),
    Address("account_change_password", EVERYBODY),
    Address("account_set_password", EVERYBODY),
]
API = [
    Address("api-schema", EVERYBODY),
    Address("api-docs", EVERYBODY),
    Address("api-agency-list", EVERYBODY),
    Address("api-agency-detail", PROVINCE, "agency"),
    Address("api-plan-list", EVERYBODY),
    Address("api-plan-detail", PROVINCE, "plan"),
    Address("api-task-list", EVERYBODY),
    Address("api-task-detail", PROVINCE, "task"),
    Address("api-task-states", PROVINCE, "task"),
    Address("api-work-item-list", EVERYBODY),
    Address("api-work-item-detail", WORDS, "item"),
    Address("api-work-item-updates", WORDS, "item"),
    post("api-work-item-updates", WORDS, "item", percent=60, words="Đã làm."),
    post("api-work-item-hand-in", WORDS, "item"),
    post("api-work-item-confirm", WORDS, "item"),
    post("api-work-item-send-back", WORDS, "item", reason="Thiếu."),
    Address("api-target-list", EVERYBODY),
    post("api-target-list", EVERYBODY, words="Mở 02 lớp", unit="lớp", comparison="≥", goal="2"),
    Address("api-target-detail", PROVINCE, "target"),
    Address("api-target-total", PROVINCE, "target"),
    post("api-target-change", PROVINCE, "target", words="Mở 03 lớp", unit="lớp", comparison="≥", goal="3", revision=1),
    post("api-target-withdraw", PROVINCE, "target", reason="Thừa.", revision=1),
    Address("api-item-link-list", EVERYBODY),
    post("api-item-link-list", EVERYBODY, other=1),
    Address("api-item-link-detail", "OKV", "item_link"),
    post("api-item-link-end", "OKV", "item_link"),
    post("api-work-item-waive", WORDS, "item", reason="Không có."),
    post("api-work-item-put-to-leader", WORDS, "item"),
    post("api-work-item-send-down", WORDS, "item", reason="Thiếu."),
    post("api-work-item-direct", WORDS, "item", words="Khẩn trương."),
    post("api-work-item-decline", WORDS, "item", reason="Không thuộc chức năng."),
    post("api-work-item-insist", WORDS, "item", reason="Đúng chức năng."),
    post("api-work-item-reassign", WORDS, "item", reason="Theo chức năng."),
    post("api-work-item-break-down", WORDS, "item"),
    Address("api-extension-list", EVERYBODY),
    post("api-extension-list", EVERYBODY, reason="Chờ hướng dẫn.", until="2024-08-01"),
    Address("api-extension-detail", WORDS, "extension"),
    Address("api-extension-events", WORDS, "extension"),
    Address("api-extension-file", WORDS, "extension"),
    post("api-extension-approve", WORDS, "extension"),
    post("api-extension-refuse", WORDS, "extension", reason="Đủ thời gian."),
    post("api-extension-forward", WORDS, "extension", words="Trình UBND tỉnh."),
    post("api-extension-offer", WORDS, "extension", until="2024-07-10", words="Sớm hơn."),
    post("api-extension-accept-offer", WORDS, "extension"),
    post("api-extension-decline-offer", WORDS, "extension", words="Không kịp."),
    post("api-extension-withdraw", WORDS, "extension"),
    Address("api-obstacle-list", EVERYBODY),
    post("api-obstacle-list", EVERYBODY, words="Thiếu.", proposal="Đề nghị."),
    Address("api-obstacle-detail", WORDS, "obstacle"),
    Address("api-obstacle-events", WORDS, "obstacle"),
    Address("api-obstacle-file", WORDS, "obstacle"),
    post("api-obstacle-answer", WORDS, "obstacle", words="Đã bố trí."),
    post("api-obstacle-forward", WORDS, "obstacle", reason="Thuộc Sở Tư pháp."),
    post("api-obstacle-settle", WORDS, "obstacle", words="Đã xong."),
    post("api-obstacle-reopen", WORDS, "obstacle", words="Còn vướng."),
    Address("api-evidence-detail", WORDS, "evidence"),
    Address("api-evidence-file", WORDS, "evidence"),
    Address("api-import-list", EVERYBODY),
    Address("api-import-detail", "K", "draft"),
    post("api-import-read", "K", "draft"),
    post("api-import-confirm", "K", "draft"),
    Address("api-period-list", EVERYBODY),
    Address("api-period-detail", PROVINCE, "period"),
    post("api-period-list", EVERYBODY, begins_on="2024-01-01"),
    Address("api-period-reporters", "KV", "period"),
    Address("api-period-desk", "KV", "period"),
    post("api-period-change", PROVINCE, "period", revision=1, remind_below=40),
    post("api-period-ask", PROVINCE, "period", reason="Thêm."),
    post("api-period-release", PROVINCE, "period", reason="Giải thể."),
    post("api-period-release-no-more", PROVINCE, "period"),
    post("api-period-open", PROVINCE, "period"),
    post("api-period-close", PROVINCE, "period"),
    post("api-period-consolidate", PROVINCE, "period"),
    Address("api-report-list", EVERYBODY),
    Address("api-report-detail", WORDS, "report"),
    Address("api-report-lines", WORDS, "report"),
    post("api-report-write", WORDS, "report", revision=1, results="Đã làm."),
    post("api-report-approve", WORDS, "report"),
    post("api-report-submit", WORDS, "report"),
    post("api-report-reopen", WORDS, "report"),
    post("api-report-paper", WORDS, "report"),
    post("api-report-accept", WORDS, "report"),
    post("api-report-send-back", WORDS, "report", reason="Thiếu."),
    post("api-report-restore", WORDS, "report", revision=1, section="obstacles"),
    Address("api-report-checks", WORDS, "report"),
    post("api-report-attachments", WORDS, "report"),
    Address("api-report-attachment", WORDS, "report", "delete", {}, ("attached",)),
    post("api-report-submit-on-behalf", WORDS, "report", came_on="2024-06-05"),
    post("api-report-exclude", WORDS, "report", reason="Đã sáp nhập."),
    post("api-report-include", WORDS, "report", reason="Vẫn hoạt động."),
    Address("api-consolidation-list", EVERYBODY),
    Address("api-consolidation-detail", "KV", "consolidation"),
    Address("api-consolidation-document", "KV", "consolidation"),
    Address("api-consolidation-lines", "KV", "consolidation"),
    Address("api-consolidation-differences", "KV", "consolidation", more=("consolidation",)),
    post("api-consolidation-make-documents", "KV", "consolidation"),
    Address("api-notice-list", EVERYBODY),
    Address("api-notice-detail", "O", "notice"),
]
FORMS = {"api-report-paper", "api-report-attachments"}
"""Addresses of the API that take files: they are sent forms."""
OPEN = {
    "health", "api-token", "account_login", "account_signup", "account_inactive", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip
"""Addresses without signing in: the health check, the door itself, and a forgotten password."""
BY_SECRET = {"calendar-feed"}
"""An address that is its own key: who may read it is tested in notices/test_calendars.py."""


@dataclass
class World:
    """One of each thing of Sở Y tế and of the plan, by their ids, and the people."""

    cast: Cast
    plan: int
    task: int
    item: int
    evidence: int
    extension: int
    obstacle: int
    draft: int
    draft_row: int
    amending_draft: int
    urging: int
    calendar: int
    period: int
    report: int
    attached: int
    consolidation: int
    notice: int
    letter: int
    agency: int
    target: int = 0
    item_link: int = 0
    offline_return: int = 0
    template: int = 0
    media: Path | None = None

    @cached_property
    def clients(self) -> dict[str, APIClient]:
        """Return the people, signed in once, by their letter; those with the fewest rights first."""
        cast = self.cast
        people = {
            "S": cast.stranger,
            "J": cast.justice_officer,
            "V": cast.viewer,
            "O": cast.health_officer,
            "K": cast.coordinator,
        }
        return {letter: signed_in(person) for letter, person in people.items()}


def signed_in(person: User) -> APIClient:
    """Return the browser of a person; it sends JSON to the API and forms to pages."""
    client = APIClient()
    client.force_login(person)
    return client


@pytest.fixture(scope="module")
def one_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Make the world once: every test here only looks, or takes back what it did."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        world = make_world(make_cast())
        world.media = media
        assert world.clients
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(one_world: World, db: None, settings: Any) -> World:
    """Return the world of this module."""
    settings.MEDIA_ROOT = one_world.media
    return one_world


@pytest.fixture(autouse=True)
def _pdf_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF is offered, and made without waiting for LibreOffice: here only rights are asked for."""
    monkeypatch.setattr(pdf, "is_available", lambda: True)
    monkeypatch.setattr(pdf, "pdf_of", lambda docx: b"%PDF-1.7")


def make_world(cast: Cast) -> World:
    """Return a world with one of each thing."""
    cast.plan.document.save("82.docx", ContentFile(b"82"))
    item = work_item(cast.health, plan=cast.plan)
    proof = NewEvidence(ContentFile(b"%PDF-1.7", name="bao-cao.pdf"), "Báo cáo.pdf")
    update = item.record_update(by=cast.health_officer, on=DAY, percent=50, words="Mật của Sở Y tế.", evidence=[proof])
    extension, obstacle = asked_of(cast, item)
    rows = [("Rà soát", "Sở Y tế", "Quý II")]
    draft = start_draft(data=small_plan(*rows), name="90.md", by=cast.coordinator, agency=cast.home_affairs)
    calendar = CalendarAddress.give(cast.health_officer)
    urging = Urging.objects.create(
        plan=cast.plan, agency=cast.health, kind=Urging.Kind.LETTER, by=cast.coordinator, on=DAY
    )
    amending = ImportDraft.objects.create(
        province=cast.province, coordinating_agency=cast.home_affairs, uploaded_by=cast.coordinator, amends=cast.plan,
        document_name="dinh-chinh.docx", document_hash="1" * 64,
    )  # fmt: skip
    period = PeriodFactory(plan=cast.plan, status=Period.Status.OPEN)
    report = ReportFactory(period=period, agency=cast.health, words={"results": "Mật của Sở Y tế."})
    unit = AgencyFactory(province=cast.province, parent=cast.health)
    ReportFactory(period=period, agency=unit, collector=cast.health)
    attached = report.attachments.create(
        file=ContentFile(b"%PDF-1.7", name="kem.pdf"), name="kem.pdf", size=8, by=cast.health_officer
    )
    report.signed_file.save("ky.pdf", ContentFile(b"%PDF-1.7"))
    consolidation = Consolidation(
        period=period,
        version=1,
        made_by=cast.coordinator,
        made_on=DAY,
        figures=figures_of(period, DAY),
    )
    consolidation.save()
    consolidation.documents.create(kind="word", file=ContentFile(b"docx", name="th.docx"), name="th.docx", size=4)
    letter = Letter.objects.create(
        key="thu-1", recipient=cast.health_officer, address="yte@vinhphuc.example", on=DAY, subject="Nhắc việc",
        text="Nhắc", html="<p>Nhắc</p>",
    )  # fmt: skip
    notice = Notice.objects.create(
        key="nhac-1", kind=Notice.Kind.NEARLY_DUE, recipient=cast.health_officer, agency=cast.health, plan=cast.plan,
        item=item, on=DAY, words="Sắp đến hạn", letter=letter,
    )  # fmt: skip
    return World(
        cast, cast.plan.pk, item.task_id, item.pk, update.evidence.get().pk, extension.pk, obstacle.pk, draft.pk,
        draft.rows.get().pk, amending.pk, urging.pk, calendar.pk, period.pk, report.pk, attached.pk,
        consolidation.pk, notice.pk, letter.pk, cast.health.pk, *figured(cast, item),
        OfflineReturn.receive(cast.plan, cast.health, by=cast.health_officer, name="phu-luc.xlsx", data=b"PK").pk,
        template_of(cast).pk,
    )  # fmt: skip


def template_of(cast: Cast) -> DocumentTemplate:
    """Return a Word template of Sở Y tế."""
    data = example_template("report", issuer_of(cast.health))
    return DocumentTemplate.keep(
        by=cast.health_officer, on=DAY, agency=cast.health, kind="report", name="Mẫu 2024", file_name="mau.docx",
        data=data, sha256="0" * 64, warnings=[],
    )  # fmt: skip


def figured(cast: Cast, item: WorkItem) -> tuple[int, int]:
    """Return the ids of a target of the task, and of a link of the item with one of another plan."""
    target = Target.add(item.task, NewTarget("100% TTHC", "%", "≥", Decimal(100)), by=cast.coordinator, on=DAY)
    other = work_item(cast.health, plan=PlanFactory(province=cast.province, coordinating_agency=cast.home_affairs))
    return target.pk, ItemLink.make(item, other, by=cast.health_officer, on=DAY).pk


def asked_of(cast: Cast, item: WorkItem) -> tuple[Extension, Obstacle]:
    """Return a request for a later due date and an obstacle of Sở Y tế, each with a file."""
    paper = NewEvidence(ContentFile(b"%PDF-1.7", name="cv.pdf"), "Công văn.pdf")
    extension = Extension.ask(
        item, by=cast.health_officer, on=DAY, until=date(2024, 7, 20), reason="Mật của Sở Y tế.", file=paper
    )
    paper = NewEvidence(ContentFile(b"%PDF-1.7", name="cv.pdf"), "Công văn.pdf")
    obstacle = Obstacle.put(
        by=cast.health_officer, on=DAY, agency=cast.health, task=item.task, item=item, words="Mật của Sở Y tế.",
        proposal="Đề nghị bố trí.", file=paper,
    )  # fmt: skip
    return extension, obstacle


def asked(client: APIClient, address: Address, world: World) -> int:
    """Return the status of the answer; whatever was changed is taken back."""
    with transaction.atomic():
        json = address.name.startswith("api-") and address.name not in FORMS
        how = {"format": "json" if json else "multipart"} if address.method == "post" else {}
        answer = getattr(client, address.method)(address.url(world), address.body, **how)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.parametrize("address", PAGES, ids=lambda address: f"{address.method} {address.name}")
def test_a_page_opens_for_whom_it_is_meant_and_is_not_there_for_others(world: World, address: Address):
    answers = {}
    for letter, client in world.clients.items():
        answers[letter] = asked(client, address, world)
    refused = {letter for letter, status in answers.items() if status == 404}
    assert refused == set(EVERYBODY) - set(address.who), answers
    answered = {200, 302, 422} if address.method == "post" or address.name.startswith("account_") else {200}
    answered |= {302} if address.name == "notice-open" else set()
    assert {answers[letter] for letter in address.who} <= answered, answers


@pytest.mark.parametrize("address", PAGES, ids=lambda address: f"{address.method} {address.name}")
def test_nobody_opens_a_page_without_signing_in(world: World, address: Address):
    client = Client()
    answer = getattr(client, address.method)(address.url(world), address.body)
    assert answer.status_code == 302
    door = reverse("home") if address.name == "account_logout" else reverse("account_login")
    assert answer.headers["Location"].startswith(door)


@pytest.mark.parametrize("address", API, ids=lambda address: f"{address.method} {address.name}")
def test_the_api_answers_for_whom_it_is_meant_and_knows_nothing_for_others(world: World, address: Address):
    answers = {}
    for letter, client in world.clients.items():
        answers[letter] = asked(client, address, world)
    refused = {letter for letter, status in answers.items() if status == 404}
    assert refused == set(EVERYBODY) - set(address.who), answers
    answered = {200} if address.method == "get" else {200, 201, 400}
    assert {answers[letter] for letter in address.who} <= answered, answers


@pytest.mark.parametrize("address", API, ids=lambda address: f"{address.method} {address.name}")
def test_the_api_asks_who_is_there(world: World, address: Address):
    answer = getattr(APIClient(), address.method)(address.url(world), address.body)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("name", sorted(OPEN))
def test_what_is_open_says_nothing_of_the_work(world: World, name: str):
    try:
        url = reverse(name)
    except NoReverseMatch:
        url = reverse(name, args=["1a", "set-password"])
    answer = Client().get(url, follow=True)
    assert answer.status_code in {200, 405}
    assert "Sở Y tế" not in answer.content.decode()


def test_the_demonstrations_clock_belongs_to_the_coordinator_of_a_demonstration(world: World, settings):
    settings.DEMO = True
    statuses = {}
    for letter, client in world.clients.items():
        statuses[letter] = asked(client, post("clock-advance", "K"), world)
    assert {letter for letter, status in statuses.items() if status == 404} == set("SJVO")
    assert statuses["K"] == 302


def test_the_administration_is_closed_to_everybody_without_the_staff_mark(world: World):
    urls = [reverse("admin:index")]
    urls += [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry
    ]
    for client in world.clients.values():
        assert {client.get(url).status_code for url in urls} == {302}


def test_a_draft_of_a_plan_is_seen_by_its_coordinators_only(world: World):
    Plan.objects.filter(pk=world.plan).update(status=Plan.Status.DRAFT)
    names = ["plan-detail", "plan-document", "api-plan-detail"]
    for letter, client in world.clients.items():
        statuses = {asked(client, Address(name, "K", "plan"), world) for name in names}
        assert statuses == ({200} if letter == "K" else {404}), letter


def test_lists_of_others_hold_nothing_of_sở_y_tế(world: World):
    for client in (world.clients["J"], world.clients["S"]):
        for name in (
            "api-work-item-list",
            "api-extension-list",
            "api-obstacle-list",
            "api-report-list",
            "api-notice-list",
            "api-consolidation-list",
            "api-import-list",
            "api-item-link-list",
        ):
            assert client.get(reverse(name)).json()["results"] == [], name
        assert "Mật của Sở Y tế" not in client.get(reverse("task-detail", args=[world.task])).content.decode()
        assert not client.get(reverse("work-list")).context["rows"]


def test_another_province_sees_no_plan_task_agency_or_period_of_this_one(world: World):
    client = world.clients["S"]
    for name in ("api-plan-list", "api-task-list", "api-period-list", "api-target-list"):
        assert client.get(reverse(name)).json()["results"] == [], name
    agencies = client.get(reverse("api-agency-list")).json()["results"]
    assert [agency["name"] for agency in agencies] == ["Sở Y tế"]
    assert agencies[0]["id"] != world.agency
    for name in ("plan-list", "agency-list", "criterion-list", "home", "work-list"):
        assert "82/KH-UBND" not in client.get(reverse(name)).content.decode(), name
    assert not Report.objects.visible_to(world.cast.stranger).exists()


def patterns(urls: Any, before: str = "") -> Iterator[str]:
    """Yield the names of all addresses."""
    for url in urls:
        if isinstance(url, URLPattern):
            yield f"{before}{url.name}"
        else:
            yield from patterns(url.url_patterns, f"{before}{url.namespace}:" if url.namespace else before)


def test_every_address_has_a_line_in_this_table():
    known = {address.name for address in (*PAGES, *API)} | OPEN | BY_SECRET
    all_names = set(patterns(get_resolver().url_patterns))
    ours = {name for name in all_names if not name.startswith("admin:")}
    assert ours - known == set(), "say in PAGES, API or OPEN who may open these"
    assert known - ours == set(), "these addresses are gone"
