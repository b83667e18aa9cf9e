"""Every warning code of the importer: a realistic row or document raises it, names the words and says what to do."""

import re
from collections.abc import Callable

import docx
import pytest

from agencies.folding import fold
from plans.importing.proposal import REMARKS, Proposal, Warning
from plans.importing.reading import read_document
from plans.importing.understanding import understand
from plans.importing.understanding.messages import _MESSAGES
from tests.plans.plan_files import fill, table_plan, word, workbook

HEAD = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"]
BEFORE = ["1", "Tuyên truyền cải cách hành chính", "Sở Y tế", "Sở Tư pháp", "Quý I"]


def propose(data: bytes) -> Proposal:
    return understand(read_document(data))


def with_row(*row: str) -> Callable[[], Proposal]:
    return lambda: propose(table_plan([HEAD, BEFORE, list(row)]))


def with_rows(*rows: list[str], head: list[str] = HEAD) -> Callable[[], Proposal]:
    return lambda: propose(table_plan([head, *rows]))


def signed_in_2025(agency: str, time: str) -> Callable[[], Proposal]:
    """A plan of 20/01/2025, some weeks before the departments were merged."""
    return with_row("2", "Nâng cấp hạ tầng giao thông", agency, "Sở Tài chính", time)


def after_the_merger() -> Proposal:
    lines = [
        "UBND TỈNH SƠN LA",
        "Số: 90/KH-UBND",
        "Sơn La, ngày 10 tháng 4 năm 2025",
        "KẾ HOẠCH",
        "Cải cách năm 2025",
        "",
    ]
    lines += ["\t".join(HEAD), "1\tPhân bổ vốn đầu tư công\tSở Kế hoạch và Đầu tư\tSở Y tế\tQuý II"]
    return propose("\n".join(lines).encode())


def nested() -> Proposal:
    def build(document: docx.document.Document) -> None:
        table = fill(document, [HEAD, BEFORE, ["2", "Rà soát các lĩnh vực:", "Sở Nội vụ", "Sở Y tế", "Quý II"]])
        inner = table.cell(2, 1).add_table(2, 2)
        for place, words in enumerate(("Đất đai", "30 thủ tục", "Xây dựng", "12 thủ tục")):
            inner.cell(place // 2, place % 2).text = words

    return propose(word(build))


def second_table_without_head() -> Proposal:
    def build(document: docx.document.Document) -> None:
        fill(document, [HEAD, BEFORE])
        document.add_paragraph("Ghi chú giữa hai bảng.")
        fill(document, [["2", "Kiểm tra công vụ", "Sở Nội vụ", "Thanh tra tỉnh", "Quý II"]])

    return propose(word(build))


def serial() -> Proposal:
    head = ["STT", "Nội dung", "Đơn vị chủ trì", "Hạn hoàn thành"]
    rows = [["KẾ HOẠCH"], ["Cải cách hành chính năm 2025 tỉnh Nam Định"], head, [1, "Cập nhật", "Sở Tư pháp", 45838]]
    return propose(workbook({"Kế hoạch": rows}))


def reports_with_one_note() -> Proposal:
    note = "\n(Các báo cáo được lồng ghép trong Báo cáo cải cách hành chính theo hướng dẫn của Sở Nội vụ)"
    first = ["1", "Báo cáo kết quả 6 tháng đầu năm 2025", "Sở Y tế", "Sở Nội vụ", "Trước 10/6/2025"]
    second = ["2", f"Báo cáo kết quả năm 2025{note}", "Sở Y tế", "Sở Nội vụ", "Trước 10/12/2025"]
    return propose(table_plan([HEAD, first, second]))


def partners_for_all_but_one() -> Proposal:
    rows = [[str(n), f"Nhiệm vụ thứ {n} của kế hoạch", "Sở Nội vụ", "Sở Y tế", "Quý II"] for n in range(1, 8)]
    rows[4][3] = ""
    return propose(table_plan([HEAD, *rows]))


GARBLED = "TriÓn khai c¸c nhiÖm vô c¶i c¸ch hµnh chÝnh trªn ®Þa bµn tØnh, ®Èy m¹nh øng dông c«ng nghÖ th«ng tin"
RAISED: dict[str, tuple[Callable[[], Proposal], str]] = {
    "impossible_date": (with_row("2", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", "Quý VI"), "Quý VI"),
    "past_at_signing": (with_row("2", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", "Trước 10/01/2025"), "10/01/2025"),
    "year_mismatch": (with_row("2", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", "Quý IV/2023"), "Quý IV/2023"),
    "missing_deadline": (with_row("2", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", ""), ""),
    "needs_input": (with_row("2", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", "Theo hướng dẫn của Bộ Nội vụ"), "Bộ Nội vụ"),
    "ambiguous_deadline": (with_row("2", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", "Đầu tháng 5/2025"), "Đầu tháng 5"),
    "several_deadlines": (
        with_row("2", "Văn bản chỉ đạo triển khai Kế hoạch", "Sở Nội vụ", "Sở Y tế", "Tháng 6, tháng 12/2025"),
        "Tháng 6, tháng 12/2025",
    ),
    "excel_serial": (serial, "45838"),
    "start_after_due": (
        with_rows(
            ["1", "Kiểm tra", "Sở Nội vụ", "Tháng 9", "Tháng 6"],
            head=["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Bắt đầu", "Kết thúc"],
        ),
        "Tháng 9",
    ),
    "weekend": (with_row("2", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", "Chậm nhất 15/6/2025"), "15/6/2025"),
    "missing_lead": (with_row("2", "Kiểm tra", "", "Sở Y tế", "Quý II"), ""),
    "unknown_agency": (with_row("2", "Kiểm tra", "Sở Vũ trụ và Thiên văn", "Sở Y tế", "Quý II"), "Sở Vũ trụ"),
    "misspelt_agency": (with_row("2", "Kiểm tra", "Sở Nội vu", "Sở Y tế", "Quý II"), "Sở Nội vu"),
    "obsolete_agency": (after_the_merger, "Sở Kế hoạch và Đầu tư"),
    "agency_ends_before_due": (signed_in_2025("Sở Giao thông vận tải", "Quý IV/2025"), "Sở Giao thông vận tải"),
    "same_agency_two_roles": (with_row("2", "Kiểm tra", "Sở Nội vụ", "Sở Nội vụ", "Quý II"), "Sở Nội vụ"),
    "missing_coordinating": (partners_for_all_but_one, "Nhiệm vụ thứ 5"),
    "duplicate_no": (with_row("1", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", "Quý II"), "1"),
    "missing_no": (
        with_rows(
            BEFORE,
            ["2", "Kiểm tra công vụ", "Sở Nội vụ", "Sở Y tế", "Quý II"],
            ["3", "Tổ chức đối thoại", "Sở Nội vụ", "Sở Y tế", "Quý II"],
            ["", "Khảo sát sự hài lòng", "Sở Nội vụ", "Sở Y tế", "Quý III"],
        ),
        "Khảo sát",
    ),
    "number_gap": (with_row("4", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", "Quý II"), "1 → 4"),
    "duplicate_task": (with_row("2", *BEFORE[1:]), "Tuyên truyền"),
    "several_tasks": (with_row("2", "- Tập huấn\n- Kiểm tra", "Sở Nội vụ", "Sở Y tế", "Quý I\nQuý II"), "Quý I"),
    "continued_row": (
        with_rows(["1", "Rà soát các thủ tục", "Sở Tư pháp", "Sở Y tế", "Quý I"], ["", "- lĩnh vực đất đai;", "", "", ""]),
        "lĩnh vực đất đai",
    ),
    "row_lost": (
        with_rows(
            ["1.1", "Tuyên truyền", "Sở Nội vụ", "Sở Y tế", "Quý I"],
            ["1.2", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", "Quý I"],
            ["3.3", "Khảo sát", "Sở Nội vụ", "Sở Y tế", "Quý I"],
        ),
        "1.2 → 3.3",
    ),
    "table_without_head": (second_table_without_head, ""),
    "nested_table": (nested, ""),
    "long_text": (with_row("2", "Tuyên truyền, phổ biến " * 120, "Sở Nội vụ", "Sở Y tế", "Quý II"), "Tuyên truyền"),
    "missing_cell": (with_row("2", "", "Sở Nội vụ", "Sở Y tế", "Quý II"), ""),
    "ditto": (with_row("2", "Kiểm tra", "Sở Nội vụ", "Sở Y tế", "-nt-"), ""),
    "note_changes_task": (reports_with_one_note, "Các báo cáo được lồng ghép"),
    "partner_in_text": (
        with_row("2", "Phối hợp với Công an tỉnh tuyên truyền", "Sở Nội vụ", "Sở Y tế", "Quý II"), "Công an tỉnh"
    ),
    "request_not_order": (with_row("2", "Đề nghị công khai kết quả", "Sở Nội vụ", "Sở Y tế", "Quý II"), "Đề nghị"),
    "report_task": (with_row("2", "Báo cáo kết quả thực hiện", "Sở Nội vụ", "Sở Y tế", "Quý II"), "Báo cáo"),
    "encoding": (with_row("2", GARBLED, "Sở Nội vụ", "Sở Y tế", "Quý II"), ""),
}  # fmt: skip
DOES = re.compile(
    r"hãy|giữ nguyên|đã lấy|nên kiểm tra|có thể gắn|không liền|kiểm tra lại|xác nhận|chọn|xem lại", re.IGNORECASE
)


def all_warnings(proposal: Proposal) -> list[Warning]:
    return [*proposal.warnings, *(one for task in proposal.tasks for one in task.warnings)]


@pytest.mark.parametrize("code", RAISED)
def test_each_code_is_raised_names_the_words_and_says_what_to_do(code):
    make, words = RAISED[code]
    found = [one for one in all_warnings(make()) if one.code == code]
    assert found
    assert any(fold(words) in fold(one.words) for one in found), [one.words for one in found]
    assert all(DOES.search(one.message) for one in found), [one.message for one in found]
    assert all(one.message.endswith((".", ")")) for one in found)


def test_every_standing_message_belongs_to_a_code_that_is_tried_here():
    assert set(RAISED) == set(_MESSAGES)


def test_the_five_remarks_are_shown_but_not_counted():
    assert set(REMARKS) == {"weekend", "ditto", "report_task", "long_text", "number_gap"}
    tasks = RAISED["weekend"][0]().tasks
    assert [one.code for one in tasks[1].warnings] == ["weekend"]
    assert not tasks[1].counted_warnings


def test_a_clean_row_has_no_warning_at_all():
    tasks = with_row("2", "Kiểm tra công vụ", "Sở Nội vụ", "Sở Y tế", "Quý III")().tasks
    assert [task.warnings for task in tasks] == [[], []]


def test_an_agency_that_ends_before_the_work_is_due_names_who_takes_over():
    warnings = RAISED["agency_ends_before_due"][0]().tasks[1].warnings
    said = next(one.message for one in warnings if one.code == "agency_ends_before_due")
    assert "Sở Xây dựng" in said


def test_a_number_missing_in_a_list_marks_the_torn_row_before_it_only_when_it_is_torn():
    tasks = RAISED["row_lost"][0]().tasks
    assert [{one.code for one in task.warnings} for task in tasks] == [set(), set(), {"row_lost"}]


def test_an_aim_for_a_year_that_is_over_is_asked_about():
    text = "Tập trung nâng cao Chỉ số SIPAS năm 2023 của tỉnh"
    task = with_row("2", text, "Sở Nội vụ", "Sở Y tế", "Quý III")().tasks[1]
    assert [one.code for one in task.counted_warnings] == ["year_mismatch"]
    clean = with_row("2", "Công bố kết quả Chỉ số SIPAS năm 2023", "Sở Nội vụ", "Sở Y tế", "Quý III")().tasks[1]
    assert not clean.counted_warnings


def test_a_table_where_half_the_rows_have_no_partner_does_not_ask_for_partners():
    rows = [[str(n), f"Nhiệm vụ thứ {n}", "Sở Nội vụ", "Sở Y tế" if n % 2 else "", "Quý II"] for n in range(1, 9)]
    tasks = propose(table_plan([HEAD, *rows])).tasks
    assert not any(one.code == "missing_coordinating" for task in tasks for one in task.warnings)
