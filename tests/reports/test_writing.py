"""Writing a report: two people at one text, the product's own words taken back, files, names that stay."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from docx import Document

from agencies.models import Agency
from plans.models import Obstacle, Target
from plans.models.target import NewTarget
from plans.models.work import NewEvidence
from reports.documents.agency_report import agency_report
from reports.filling import fill
from reports.models import Report
from reports.models.report import MOST_ATTACHMENTS, Seen
from reports.outline import OBSTACLES
from tests.cast import Cast
from tests.factories import TaskFactory, work_item
from tests.reports.conftest import BEFORE, submitted, write

LATER = date(2024, 6, 12)
PDF = b"%PDF-1.7\n%signed\n"


@pytest.fixture
def report(cast: Cast, report_of) -> Report:
    return report_of(cast.health)


def text_of(paper: bytes) -> str:
    """Return all that a Word file says, its tables included."""
    document = Document(BytesIO(paper))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def obstacle(cast: Cast, words: str, proposal: str = "Đề nghị bổ sung kinh phí") -> Obstacle:
    item = work_item(cast.health, plan=cast.plan)
    told = {"words": words, "proposal": proposal, "agency": cast.health, "task": item.task, "item": item}
    return Obstacle.put(by=cast.health_officer, on=date(2024, 5, 2), addressee=cast.home_affairs, **told)


def written_by(report: Report, by, revision: int, seen: Seen | None = None, **words: str) -> None:
    Report.objects.get(pk=report.pk).write(by=by, revision=revision, words=words, results_by_line={}, seen=seen)


# Two people at one report


def test_two_people_write_different_sections_at_the_same_time_and_both_are_kept(cast: Cast, report: Report):
    first = report.revision
    written_by(report, cast.health_officer, first, Seen({"results": ""}), results="Một")
    written_by(report, cast.health_leader, first, Seen({"outlook": ""}), outlook="Hai")
    report.refresh_from_db()
    assert (report.words["results"], report.words["outlook"]) == ("Một", "Hai")


def test_the_second_at_the_same_section_is_refused_even_with_what_the_page_showed(cast: Cast, report: Report):
    first = report.revision
    written_by(report, cast.health_officer, first, Seen({"results": ""}), results="Một")
    with pytest.raises(ValidationError) as refused:
        written_by(report, cast.health_leader, first, Seen({"results": ""}), results="Hai")
    assert refused.value.code == "taken"
    assert Report.objects.get(pk=report.pk).words["results"] == "Một"


def test_the_second_at_the_same_line_is_refused_and_at_another_line_is_not(cast: Cast, report: Report):
    for _ in range(2):
        work_item(cast.health, plan=cast.plan)
    fill(report, BEFORE)
    one, two = report.lines.all()
    stale = Report.objects.get(pk=report.pk)
    report.write(by=cast.health_officer, revision=report.revision, words={}, results_by_line={one.pk: "Một"})
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        stale.write(
            by=cast.health_leader,
            revision=stale.revision,
            words={},
            results_by_line={one.pk: "Hai"},
            seen=Seen(lines={one.pk: ""}),
        )
    stale.write(
        by=cast.health_leader,
        revision=stale.revision,
        words={},
        results_by_line={two.pk: "Ba"},
        seen=Seen(lines={two.pk: ""}),
    )
    assert [line.results for line in report.lines.all()] == ["Một", "Ba"]


def test_a_text_that_was_not_seen_is_not_overwritten_after_somebody_else_saved(cast: Cast, report: Report):
    first = report.revision
    written_by(report, cast.health_officer, first, results="Một")
    with pytest.raises(ValidationError):
        written_by(report, cast.health_leader, first, Seen(), results="Hai")


def test_saving_the_same_words_twice_after_a_lost_answer_is_no_conflict(cast: Cast, report: Report):
    first = report.revision
    for _ in range(2):
        written_by(report, cast.health_officer, first, Seen({"results": ""}), results="Một")
    assert Report.objects.get(pk=report.pk).words["results"] == "Một"


# Words of the product


def test_words_of_the_obstacle_desk_can_be_taken_back_and_follow_the_desk_again(cast: Cast, report: Report):
    obstacle(cast, "Thiếu máy quét")
    fill(report, BEFORE)
    desk = report.words["obstacles"]
    report.write(by=cast.health_officer, revision=report.revision, words={"obstacles": "Khác"}, results_by_line={})
    obstacle(cast, "Thiếu đường truyền")
    fill(report, BEFORE)
    assert report.words["obstacles"] == "Khác"
    report.restore(by=cast.health_officer, revision=report.revision, section="obstacles")
    assert report.words["obstacles"].startswith(desk)
    assert "Thiếu đường truyền" in report.words["obstacles"]
    obstacle(cast, "Thiếu phần mềm")
    fill(report, BEFORE)
    assert "Thiếu phần mềm" in report.words["obstacles"]


def test_a_line_takes_the_words_of_the_latest_update_back(cast: Cast, report: Report):
    item = work_item(cast.health, plan=cast.plan)
    item.record_update(by=cast.health_officer, on=date(2024, 5, 2), percent=40, words="Đã rà soát 12 thủ tục.")
    fill(report, BEFORE)
    line = report.lines.get()
    report.write(by=cast.health_officer, revision=report.revision, words={}, results_by_line={line.pk: "Lời riêng"})
    report.restore(by=cast.health_officer, revision=report.revision, line=line.pk)
    line.refresh_from_db()
    assert line.results == "Đã rà soát 12 thủ tục."


def test_a_section_that_people_write_themselves_has_nothing_to_take_back(cast: Cast, report: Report):
    with pytest.raises(ValidationError, match="do cơ quan tự viết"):
        report.restore(by=cast.health_officer, revision=report.revision, section="results")


def test_taking_back_is_refused_after_somebody_else_saved_and_after_approval(cast: Cast, report: Report):
    stale = report.revision
    write(report, cast.health_officer)
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        report.restore(by=cast.health_officer, revision=stale, section="obstacles")
    report.approve(by=cast.health_leader, on=BEFORE)
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        report.restore(by=cast.health_officer, revision=report.revision, section="obstacles")


def test_the_section_of_an_obstacle_keeps_the_way_to_the_desk(cast: Cast, report: Report):
    put = obstacle(cast, "Thiếu máy quét")
    fill(report, BEFORE)
    [row] = report.obstacle_rows
    assert (row["id"], row["addressee"], row["answered_on"]) == (put.pk, "Sở Nội vụ", None)
    assert next(section for section in report.section_list() if section.key == "obstacles").source == OBSTACLES


# Figures of targets, evidence


def test_a_line_tells_targets_with_the_figures_of_the_day_and_the_evidence(cast: Cast, report: Report):
    item = work_item(cast.health, plan=cast.plan)
    new = NewTarget("Ít nhất 30% cơ quan, đơn vị được kiểm tra", "%", "≥", Decimal(30))
    target = Target.add(item.task, new, by=cast.coordinator, on=date(2024, 4, 1))
    for day, value in ((date(2024, 5, 2), 42), (date(2024, 6, 20), 50)):
        item.record_update(
            by=cast.health_officer,
            on=day,
            percent=60,
            words="Đã kiểm tra.",
            figures={target.pk: Decimal(value)},
            evidence=[NewEvidence(ContentFile(PDF, name="bc.pdf"), f"Báo cáo {day:%d-%m}.pdf", date(2024, 5, 1))],
        )
    fill(report, date(2024, 6, 20))
    line = report.lines.get()
    assert line.target_words == ["Chỉ tiêu ≥ 30%: đạt 42%"]
    assert line.targets[0]["met"] is True
    assert [(file["name"], file["dated_on"], file["on"]) for file in line.evidence] == [
        ("Báo cáo 02-05.pdf", "2024-05-01", "2024-05-02")
    ]
    submitted(report, cast.health_officer, cast.health_leader)
    assert "Chỉ tiêu ≥ 30%: đạt 42%" in text_of(agency_report(report, BEFORE))


def test_evidence_of_a_corrected_update_is_not_told(cast: Cast, report: Report):
    item = work_item(cast.health, plan=cast.plan)
    told = {"by": cast.health_officer, "on": date(2024, 5, 2)}
    wrong = [NewEvidence(ContentFile(PDF, name="nham.pdf"), "Nhầm.pdf")]
    right = [NewEvidence(ContentFile(PDF, name="dung.pdf"), "Đúng.pdf")]
    first = item.record_update(**told, percent=80, words="Nhầm.", evidence=wrong)
    item.record_update(**told, percent=40, words="Đúng.", evidence=right, corrects=first)
    fill(report, BEFORE)
    assert [file["name"] for file in report.lines.get().evidence] == ["Đúng.pdf"]


def test_a_target_without_a_figure_and_finished_work_without_evidence_are_remarks(cast: Cast, report: Report):
    item = work_item(cast.health, plan=cast.plan)
    Target.add(item.task, NewTarget("100% thủ tục", "%", "≥", Decimal(100)), by=cast.coordinator, on=BEFORE)
    item.record_update(by=cast.health_officer, on=date(2024, 5, 2), percent=100, words="Xong.")
    item.hand_in(by=cast.health_officer, on=date(2024, 5, 2))
    item.confirm(by=cast.coordinator, on=date(2024, 5, 3))
    fill(report, BEFORE)
    remarks = [check.words for check in report.remarks()]
    assert "1 nhiệm vụ đã hoàn thành chưa có minh chứng." in remarks
    assert "1 nhiệm vụ có chỉ tiêu chưa được báo số liệu." in remarks


def test_a_check_leads_to_the_place_where_it_is_mended(cast: Cast, report: Report):
    late = work_item(cast.health, plan=cast.plan, due=date(2024, 5, 31))
    fill(report, BEFORE)
    places = {check.words: [anchor for _, anchor in check.places] for check in report.checks()}
    line = report.lines.get(task=late.task)
    assert places["Chưa ghi mục “Kết quả nổi bật trong kỳ”."] == ["muc-results"]
    assert [f"nhiem-vu-{line.pk}"] in places.values()


# Names stay


def test_a_report_that_has_left_keeps_the_old_name_after_the_agency_is_renamed(cast: Cast, report: Report):
    Agency.objects.filter(pk=cast.health.pk).update(name="Sở Y tế tỉnh cũ", aliases=["SYT"])
    submitted(Report.objects.get(pk=report.pk), cast.health_officer, cast.health_leader)
    Agency.objects.filter(pk=cast.health.pk).update(name="Sở Y tế và Dân số")
    Agency.objects.filter(pk=cast.home_affairs.pk).update(name="Sở Nội vụ và Lao động")
    type(cast.plan).objects.filter(pk=cast.plan.pk).update(title="Kế hoạch mang tên khác")
    old = Report.objects.get(pk=report.pk)
    said = text_of(agency_report(old, LATER))
    assert (old.agency_name, old.addressee_name) == ("Sở Y tế tỉnh cũ", "Sở Nội vụ")
    assert "SỞ Y TẾ TỈNH CŨ" in said
    assert "gửi Sở Nội vụ tổng hợp" in said
    assert not any(words in said for words in ("Dân số", "DÂN SỐ", "và Lao động", "mang tên khác"))


def test_a_report_on_the_desk_follows_the_new_name_and_takes_it_when_approved(cast: Cast, report: Report):
    write(report, cast.health_officer)
    Agency.objects.filter(pk=cast.health.pk).update(name="Sở Y tế và Dân số")
    fresh = Report.objects.get(pk=report.pk)
    assert (fresh.agency_name, fresh.names) == ("Sở Y tế và Dân số", {})
    fresh.approve(by=cast.health_leader, on=BEFORE)
    assert fresh.names["agency"]["name"] == "Sở Y tế và Dân số"
    fresh.reopen(by=cast.health_officer, on=BEFORE)
    assert Report.objects.get(pk=report.pk).names == {}


def test_sections_keep_the_titles_under_which_they_were_sent(cast: Cast, report: Report):
    sent = submitted(report, cast.health_officer, cast.health_leader)
    type(sent.period).objects.filter(pk=sent.period_id).update(outline=[{"key": "other", "title": "Mục khác"}])
    old = Report.objects.get(pk=sent.pk)
    assert next(section.title for section, _ in old.sections()) == "Kết quả nổi bật trong kỳ"
    assert old.sections()[0][1] == "Đã ban hành kế hoạch triển khai."


# Files that go with it


def attached(report: Report, by, *names: str) -> None:
    report.add_attachments([ContentFile(b"x" * 10, name=name) for name in names], by=by)


def test_several_files_are_attached_and_one_is_taken_away_with_its_file(cast: Cast, report: Report, settings):
    attached(report, cast.health_officer, "Biểu số 1.xlsx", "Ảnh hội nghị.JPG")
    assert [one.name for one in report.attachments.all()] == ["Biểu số 1.xlsx", "Ảnh hội nghị.JPG"]
    report.remove_attachment(report.attachments.first().pk, by=cast.health_officer)
    assert [one.name for one in report.attachments.all()] == ["Ảnh hội nghị.JPG"]


def test_files_are_neither_added_nor_removed_after_approval_and_none_is_left_behind(
    cast: Cast, report: Report, settings
):
    attached(report, cast.health_officer, "a.pdf")
    write(report, cast.health_officer).approve(by=cast.health_leader, on=BEFORE)
    before = sorted(path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        attached(report, cast.health_officer, "b.pdf")
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        report.remove_attachment(report.attachments.get().pk, by=cast.health_officer)
    assert sorted(path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()) == before
    assert report.attachments.count() == 1


def test_a_report_takes_no_program_and_not_more_files_than_it_may(cast: Cast, report: Report, settings):
    with pytest.raises(ValidationError, match="Không nhận tệp loại"):
        attached(report, cast.health_officer, "a.pdf", "virus.exe")
    with pytest.raises(ValidationError, match="tối đa"):
        attached(report, cast.health_officer, *(f"{number}.pdf" for number in range(MOST_ATTACHMENTS + 1)))
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_stranger_attaches_nothing_and_no_file_of_another_report_is_taken_away(cast: Cast, report: Report, report_of):
    with pytest.raises(ValidationError, match="không được soạn"):
        attached(report, cast.justice_officer, "a.pdf")
    other = report_of(cast.justice)
    attached(other, cast.justice_officer, "a.pdf")
    with pytest.raises(ValidationError, match="không còn trong báo cáo"):
        report.remove_attachment(other.attachments.get().pk, by=cast.health_officer)
    assert other.attachments.count() == 1


def test_where_the_agency_coordinates_its_line_tells_its_evidence_too(cast: Cast, report: Report):
    task = TaskFactory(plan=cast.plan)
    item = work_item(cast.health, task=task, role="coordinate")
    proof = [NewEvidence(ContentFile(PDF, name="a.pdf"), "Phối hợp.pdf")]
    item.record_update(by=cast.health_officer, on=date(2024, 5, 2), percent=10, words="Đã góp ý.", evidence=proof)
    fill(report, BEFORE)
    line = report.lines.get(task=task)
    assert (line.is_owed, line.results, [file["name"] for file in line.evidence]) == (
        False, "Đã góp ý.", ["Phối hợp.pdf"],
    )  # fmt: skip
