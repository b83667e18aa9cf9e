"""Several people at one report, period or template at the same moment, each over a connection of their own."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.base import ContentFile

from agencies.models import Membership, User
from plans.models.occurrence import State
from reports.consolidating import consolidate
from reports.filling import fill_reports
from reports.models import Consolidation, DocumentTemplate, NarrativeDraft, Period, Report, ReportEvent, ReportState
from tests.cast import Cast
from tests.factories import PeriodFactory, person, work_item
from tests.reports.conftest import BEFORE, submitted, write
from tests.reports.test_period_verbs import at_once

LATER = date(2024, 6, 12)
PDF = b"%PDF-1.7\n%signed\n"

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def fresh(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def kinds(report: Report) -> list[str]:
    return list(report.events.values_list("kind", flat=True))


@pytest.fixture
def second(cast: Cast) -> User:
    """Return another coordinator of the plan."""
    return person(cast.home_affairs, Membership.Role.COORDINATOR, username="dieuphoi2")


def test_approving_while_an_officer_saves_never_approves_words_that_nobody_read(cast: Cast, report_of: Callable):
    report = write(report_of(cast.health), cast.health_officer)
    seen, words = report.revision, {"results": "Lời mới"}
    answers = at_once(
        lambda: fresh(report).approve(by=cast.health_leader, on=BEFORE, revision=seen),
        lambda: fresh(report).write(by=cast.health_officer, revision=seen, words=words, results_by_line={}),
    )
    assert answers == ["done", "taken"]
    now = fresh(report)
    assert (now.state == ReportState.APPROVED) == (now.words["results"] != "Lời mới") == (kinds(now) == ["approved"])


def test_excluding_twice_and_asking_back_twice_at_the_same_moment_are_one_step_each(
    cast: Cast, second: User, report_of: Callable
):
    report = report_of(cast.health)
    for verb, kind, state in (
        (Report.exclude, "excluded", State.WAIVED),
        (Report.include, "included", State.NOT_STARTED),
    ):
        both = [
            lambda by=by, verb=verb: verb(fresh(report), by=by, on=BEFORE, reason="Vậy.")
            for by in (cast.coordinator, second)
        ]
        assert at_once(*both) == ["done", "taken"]
        assert kinds(report).count(kind) == 1
        assert fresh(report).item.state == state


def test_a_report_sent_by_its_agency_and_on_behalf_at_the_same_moment_comes_once(cast: Cast, report_of: Callable):
    report = write(report_of(cast.health), cast.health_officer)
    paper = {"number": "45/BC-SYT", "dated_on": BEFORE, "signer": "Lê Văn C"}
    report.attach(by=cast.health_officer, file=ContentFile(PDF), name="ky.pdf", **paper)
    report.approve(by=cast.health_leader, on=BEFORE)
    answers = at_once(
        lambda: fresh(report).submit(by=cast.health_officer, on=LATER),
        lambda: fresh(report).submit_on_behalf(by=cast.coordinator, on=LATER, came_on=BEFORE),
    )
    assert answers == ["done", "taken"]
    assert kinds(report) == ["approved", "submitted"]
    assert fresh(report).item.events.filter(kind="handed_in").count() == 1


def test_two_versions_made_at_the_same_moment_have_numbers_of_their_own_and_one_draft_makes_one(
    cast: Cast, second: User, period: Period, report_of: Callable, without_pdf: None
):
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    both = [lambda by=by: consolidate(period, by=by, on=LATER) for by in (cast.coordinator, second)]
    assert at_once(*both) == ["done", "done"]
    assert sorted(Consolidation.objects.values_list("version", flat=True)) == [1, 2]
    draft = NarrativeDraft.of(period, None)
    signing = {"issuer": "coordinator", "signed_as": "head", "signer": ""}
    draft.write(by=second, revision=0, words={"outlook": "Tiếp tục."}, proposals={}, signing=signing)
    both = [
        lambda by=by: consolidate(period, by=by, on=LATER, revision=draft.revision) for by in (cast.coordinator, second)
    ]
    assert at_once(*both) == ["done", "taken"]
    assert Consolidation.objects.count() == 3


def test_two_people_who_begin_the_narrative_at_the_same_moment_leave_one_draft_with_one_text(
    cast: Cast, second: User, period: Period
):
    def write_draft(by: User) -> None:
        told = {"words": {"outlook": str(by.pk)}, "proposals": {}}
        signing = {"issuer": "coordinator", "signed_as": "head", "signer": ""}
        NarrativeDraft.of(period, None).write(by=by, revision=0, signing=signing, **told)

    assert at_once(lambda: write_draft(cast.coordinator), lambda: write_draft(second)) == ["done", "taken"]
    kept = NarrativeDraft.objects.get()
    assert (kept.revision, kept.words["outlook"]) == (1, str(kept.changed_by_id))


def test_of_two_templates_taken_into_use_at_the_same_moment_one_is_used(cast: Cast):
    told = {"agency": cast.health, "kind": "report", "data": b"PK", "sha256": "0", "warnings": []}
    made = [
        DocumentTemplate.keep(by=cast.health_officer, on=LATER, name=name, file_name="mau.docx", **told)
        for name in ("Một", "Hai")
    ]

    def use(template: DocumentTemplate) -> None:
        DocumentTemplate.objects.get(pk=template.pk).activate(by=cast.health_officer, on=LATER)

    assert at_once(*[lambda one=one: use(one) for one in made]) == ["done", "done"]
    assert DocumentTemplate.objects.filter(is_active=True).count() == 1
    used = DocumentTemplate.objects.get(is_active=True)
    assert at_once(*[lambda: used.stop(by=cast.health_officer, on=LATER)] * 2) == ["done", "taken"]
    assert [event.kind for event in used.events.order_by("pk")][-2:] == ["activated", "stopped"]


def test_everybody_at_one_period_at_the_same_moment_waits_and_nobody_locks_up(
    cast: Cast, second: User, period: Period, report_of: Callable, justice_leader: User, without_pdf: None
):
    for agency in (cast.health, cast.justice, cast.district):
        work_item(agency, plan=cast.plan)
    sent = submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    ready = write(report_of(cast.justice), cast.justice_officer)
    ready.approve(by=justice_leader, on=BEFORE)
    still = report_of(cast.district)
    words = {"words": {"results": "Đã làm."}, "results_by_line": {}}
    seen = Period.objects.get(pk=period.pk)
    answers = at_once(
        lambda: fill_reports(period, BEFORE),
        lambda: fill_reports(period, LATER),
        lambda: fresh(still).write(by=cast.district_officer, revision=still.revision, **words),
        lambda: fresh(sent).accept(by=cast.coordinator, on=LATER),
        lambda: fresh(sent).send_back(by=second, on=LATER, reason="Thiếu."),
        lambda: fresh(ready).submit(by=cast.justice_officer, on=LATER),
        lambda: consolidate(period, by=second, on=LATER),
        lambda: Period.objects.get(pk=period.pk).change(by=second, on=LATER, revision=seen.revision, remind_below=40),
    )
    assert len(answers) == 8
    assert answers.count("done") >= 6
    assert ReportEvent.objects.filter(report=sent, kind__in=["accepted", "returned"]).count() == 1
    assert fresh(ready).state == ReportState.SUBMITTED
    assert set(answers) <= {"done", "taken", "refused"}


def test_handing_outlines_on_from_two_periods_at_the_same_moment_makes_no_ring_of_waiting(cast: Cast, second: User):
    days = {"begins_on": date(2024, 1, 1), "ends_on": date(2024, 3, 1), "cut_off": date(2024, 3, 1)}
    first, last, middle = (
        PeriodFactory(plan=cast.plan, name=name, due_date=due, status="proposed", **days)
        for name, due in (("Một", date(2024, 4, 1)), ("Ba", date(2024, 10, 1)), ("Hai", date(2024, 7, 1)))
    )
    answers = at_once(
        *[
            lambda one=one, by=by: Period.objects.get(pk=one.pk).change(
                by=by, on=LATER, revision=one.revision, remind_below=30, for_later=True
            )
            for one, by in ((first, cast.coordinator), (middle, second))
        ]
    )
    assert set(answers) <= {"done", "taken"}
    assert "done" in answers
    assert Period.objects.get(pk=last.pk).remind_below == 30
