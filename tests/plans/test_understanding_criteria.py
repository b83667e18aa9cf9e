"""Criteria that tasks seem to serve: proposed by their words and headings, for the framework that is passed."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from plans.importing.proposal import Task
from plans.importing.reading import read_document
from plans.importing.understanding import understand, understand_row
from plans.importing.understanding.criteria_named import criteria_named

SHARED = Path(settings.BASE_DIR).parent / "shared"
needs_samples = pytest.mark.skipif(not SHARED.is_dir(), reason="CẢNH BÁO: không có các văn bản mẫu cạnh mã nguồn")
METHOD = [
    ("A", "Sự hài lòng"),
    ("A.1", "Cung ứng dịch vụ hành chính công"),
    ("A.1.1", "Tiếp cận dịch vụ hành chính công"),
    ("A.1.1.1", "Nơi tiếp nhận có biển hiệu, hướng dẫn rõ ràng, dễ thấy."),
    ("A.1.1.2", "Nơi tiếp nhận có đủ ghế ngồi chờ và bàn viết cho người dân."),
    ("A.1.2", "Công chức trực tiếp giải quyết công việc"),
    ("A.1.2.1", "Công chức có thái độ giao tiếp lịch sự, tôn trọng đối với người dân."),
    ("A.1.3", "Kết quả giải quyết thủ tục hành chính"),
    ("A.1.3.1", "Kết quả giải quyết thủ tục hành chính được trả đúng hẹn."),
    ("B.1", "Tăng cường ứng dụng công nghệ thông tin, chuyển đổi số trong giải quyết công việc"),
]


def codes(heading: str, text: str) -> list[tuple[str, str]]:
    return [(one["code"], one["confidence"]) for one in criteria_named([heading], text, METHOD)]


def test_words_that_name_a_criterion_propose_it():
    assert codes("II. Nhiệm vụ", "Bố trí đủ ghế ngồi, bàn viết tại Bộ phận Một cửa") == [("A.1.1.2", "high")]


def test_a_heading_that_names_a_factor_proposes_the_factor_where_the_words_name_no_criterion_of_it():
    assert codes("2.1. Tiếp cận dịch vụ", "Kéo dài giờ làm việc sáng thứ bảy") == [("A.1.1", "medium")]


def test_the_nearest_factor_is_taken_where_two_have_like_names():
    assert codes("2.4. Kết quả dịch vụ giải quyết thủ tục hành chính", "Rút gọn quy trình") == [("A.1.3", "medium")]


def test_words_of_another_subject_than_the_heading_are_followed():
    assert codes("2.3. Công chức trực tiếp giải quyết công việc", "Triển khai nền tảng địa chỉ số")[0] == (
        "B.1",
        "high",
    )


def test_each_proposal_says_why():
    (one,) = criteria_named(["2.1. Tiếp cận dịch vụ"], "Kéo dài giờ làm việc", METHOD)
    assert one["why"] == "Nằm trong mục “2.1. Tiếp cận dịch vụ”"


@pytest.mark.parametrize(
    "text", ["Báo cáo kết quả về thái độ phục vụ", "Điều tra xã hội học về thái độ phục vụ", "Họp giao ban"]
)
def test_what_measures_reports_or_says_nothing_serves_no_criterion(text):
    assert codes("I. Công tác chỉ đạo", text) == []


def test_without_a_method_nothing_is_proposed():
    assert criteria_named(["2.1. Tiếp cận dịch vụ"], "Bố trí ghế ngồi", []) == []


def test_proposals_stand_in_the_task_and_survive_an_edit_and_storing():
    text = "KẾ HOẠCH\nCải cách năm 2025\n\nTT\tNhiệm vụ\tCơ quan chủ trì\tThời gian\n1\tBố trí ghế ngồi chờ\tSở Nội vụ\tQuý II\n"
    proposal = understand(read_document(text.encode(), "a.txt"), criteria=METHOD)
    (task,) = proposal.tasks
    assert [one["code"] for one in task.criteria] == ["A.1.1.2"]
    assert understand_row(task, proposal.plan, time_text="Quý III").criteria == task.criteria
    assert Task.from_dict(task.as_dict()).criteria == task.criteria


@needs_samples
def test_proposals_for_plan_82_agree_with_the_links_of_careful_people():
    """At least 95 of 100 proposals are links that people made too (any confidence), and 9 of 10 of their sure links are found."""
    method = _names(json.loads((SHARED / "gold/criteria.json").read_text("utf-8"))["appendices"])
    rows = json.loads((SHARED / "gold/vinhphuc_tasks.json").read_text("utf-8"))["tasks"]
    links = {one["row"]: one for one in json.loads((SHARED / "gold/links.json").read_text("utf-8"))["links"]}
    right = proposed = sure = found = 0
    for row in rows:
        people = {one.get("criterion") or one["code"]: one["confidence"] for one in _links(links[row["row"]])}
        if len(people) > 20:  # the survey measures everything
            continue
        got = {one["code"] for one in criteria_named(row["heading_path"], row["text"], method)}
        proposed += len(got)
        right += sum(any(_near(code, other) for other in people) for code in got)
        sure += sum(confidence == "high" for confidence in people.values())
        found += sum(confidence == "high" and code in got for code, confidence in people.items())
    assert right / proposed >= 0.95
    assert found / sure >= 0.9


def _links(row: dict) -> list[dict]:
    return row.get("criteria") or row.get("links") or []


def _near(code: str, other: str) -> bool:
    return code == other or code.startswith(f"{other}.") or other.startswith(f"{code}.")


def _names(tree: object) -> list[tuple[str, str]]:
    if isinstance(tree, list):
        return [pair for one in tree for pair in _names(one)]
    if not isinstance(tree, dict):
        return []
    own = (
        [(tree["code"], tree.get("name") or tree["text"])]
        if "code" in tree and ("name" in tree or "text" in tree)
        else []
    )
    return own + [pair for value in tree.values() for pair in _names(value)]
