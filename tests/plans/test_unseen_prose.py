"""Heads and prose of plans nobody has seen yet, against answer keys written by hand before they were read (tests/plans/unseen).

The first lots were read at first with 95 % of the fields of heads and, of prose, 79 % of tasks, 49 % of days and 68 % of
assignments right; the second lots, written after mending, with 93 %, and 81 %, 75 % and 67 %.
"""

import pytest

from plans.importing.reading import read_document
from plans.importing.understanding import understand
from tests.plans.unseen_heads import Head, heads, wrong
from tests.plans.unseen_prose import Text, propose, score, texts

HEADS = [*heads("heads_1.txt"), *heads("heads_2.txt")]
TEXTS = [*texts("prose_1.txt"), *texts("prose_2.txt")]
LETTER = "ỦY BAN NHÂN DÂN\nTỈNH YÊN BÁI\nSố: 6/KH-UBND\nYên Bái, ngày 11 tháng 3 năm 2024\nKẾ HOẠCH\nNâng cao Chỉ số SIPAS năm 2024\n"


def tasks_of(body: str):
    return understand(read_document((LETTER + body).encode(), "ke-hoach.txt")).tasks


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.name)
def test_a_head_is_read_as_a_careful_clerk_reads_it(head: Head):
    assert wrong(head) == []


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_a_plan_in_prose_gives_its_tasks_and_nothing_else(text: Text):
    found = score(text)
    assert found.remarks == []
    assert (found.found, found.extra, found.silent) == (len(text.tasks), 0, 0)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_aims_demands_and_funding_never_become_tasks(text: Text):
    words = " ".join(task.text for task in propose(text).tasks)
    assert "Kinh phí" not in words
    assert "Nâng cao chất lượng phục vụ người dân" not in words
    assert "Trên đây" not in words


def test_the_keys_hold_at_least_fifty_heads_and_eighteen_plans():
    assert len(HEADS) >= 50
    assert len(TEXTS) >= 18


def test_properties_below_several_bulleted_duties_belong_to_all_of_them():
    body = "II. NHIỆM VỤ\n1. Cải cách thể chế\n- Rà soát văn bản quy phạm pháp luật\n- Kiểm tra văn bản của cấp huyện\n"
    tasks = tasks_of(body + "Cơ quan chủ trì: Sở Tư pháp. Thời gian hoàn thành: Quý III/2024.\n")
    assert [[one.agency_or_group for one in task.assignments] for task in tasks] == [["Sở Tư pháp"], ["Sở Tư pháp"]]
    assert {task.deadline["final_due"] for task in tasks} == {"2024-09-30"}


def test_a_property_with_a_bullet_belongs_to_the_duty_right_above():
    body = "II. NHIỆM VỤ\n1. Rà soát văn bản của tỉnh.\n2. Kiểm tra văn bản của huyện.\n- Thời gian: Quý III/2024.\n"
    assert [task.time_text for task in tasks_of(body)] == ["", "Quý III/2024"]


def test_two_duties_with_days_of_their_own_in_one_sentence_are_two_tasks():
    body = "III. NHIỆM VỤ\n1. Sở Nội vụ xây dựng phiếu khảo sát trước ngày 30/4/2024; tổ chức tập huấn điều tra viên trong tháng 5/2024.\n"
    tasks = tasks_of(body)
    assert [task.deadline["final_due"] for task in tasks] == ["2024-04-29", "2024-05-31"]
    assert {one.agency_or_group for task in tasks for one in task.assignments} == {"Sở Nội vụ"}


def test_two_days_of_one_duty_stay_together():
    body = (
        "III. NHIỆM VỤ\n1. Sở Nội vụ họp rà soát, lần thứ nhất trong tháng 5/2024, lần thứ hai trong tháng 10/2024.\n"
    )
    assert [task.deadline["due_dates"] for task in tasks_of(body)] == [["2024-05-31", "2024-10-31"]]


@pytest.mark.parametrize(
    "words",
    [
        "Sở Nội vụ trả lời phản ánh trong thời hạn không quá 05 ngày làm việc.",
        "Sở Nội vụ rà soát hồ sơ tiếp nhận trong quý IV/2023 và năm 2024 đã giải quyết xong.",
        "Sở Nội vụ tuyên truyền Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ.",
        "Sở Nội vụ tổng hợp số liệu tính đến hết ngày 30/11/2024 của các cơ quan.",
        "Sở Nội vụ triển khai Đề án giai đoạn 2021-2025 đã được phê duyệt.",
    ],
)
def test_days_that_bind_nobody_are_no_deadline(words):
    assert [task.deadline["due_dates"] for task in tasks_of(f"III. NHIỆM VỤ\n1. {words}\n")] == [[]]


def test_a_limit_that_may_only_say_which_files_are_meant_is_asked_about():
    body = "III. NHIỆM VỤ\n1. UBND cấp huyện lập danh sách người dân đã giao dịch trước ngày 15/8/2024.\n"
    (task,) = tasks_of(body)
    assert task.deadline["due_dates"] == []
    assert [(one.code, one.words) for one in task.counted_warnings] == [("ambiguous_deadline", "trước ngày 15/8/2024")]


def test_the_name_of_a_unit_outside_the_register_is_kept_and_asked_about():
    (task,) = tasks_of(
        "III. NHIỆM VỤ\n1. Phòng Cải cách hành chính và Chuyển đổi số\n- Xây dựng bộ câu hỏi khảo sát.\n"
    )
    assert [(one.agency_or_group, one.known) for one in task.assignments] == [
        ("Phòng Cải cách hành chính và Chuyển đổi số", False)
    ]
    assert {one.code for one in task.counted_warnings} == {"unknown_agency"}


def test_duties_under_a_request_are_marked_as_no_order():
    (task,) = tasks_of("III. NHIỆM VỤ\n1. Đề nghị Bảo hiểm xã hội tỉnh\n- Bảo đảm quyền lợi của người bệnh.\n")
    assert {one.code for one in task.counted_warnings} == {"request_not_order"}


def test_a_title_that_looks_back_on_last_year_does_not_make_a_plan_of_last_year():
    head = LETTER.replace("Nâng cao Chỉ số SIPAS năm 2024", "Khắc phục hạn chế của Chỉ số SIPAS năm 2023")
    proposal = understand(read_document((head + "III. NHIỆM VỤ\n1. Sở Nội vụ kiểm tra.\n").encode(), "a.txt"))
    assert proposal.plan.plan_year == 2024
    assert [one.words for one in proposal.warnings if one.code == "year_mismatch"] == ["năm 2023"]


def test_a_blank_number_is_named_in_the_warning():
    head = LETTER.replace("Số: 6/KH-UBND", "Số:      /KH-UBND")
    proposal = understand(read_document((head + "III. NHIỆM VỤ\n1. Sở Nội vụ kiểm tra.\n").encode(), "a.txt"))
    said = next(one for one in proposal.warnings if one.code == "missing_cell")
    assert proposal.plan.number is None
    assert "KH-UBND" in said.words
    assert "số, ký hiệu" in said.message
