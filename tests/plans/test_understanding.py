"""Understanding: tables and prose of any plan become tasks; what is doubtful is said."""

import time
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from plans.importing.columns import role_of
from plans.importing.proposal import Proposal, Task
from plans.importing.reading import read_document
from plans.importing.understanding import understand, understand_row
from tests.plans.plan_files import fill, table_plan, word, workbook

SHARED = Path(settings.BASE_DIR).parent / "shared"
needs_samples = pytest.mark.skipif(not SHARED.is_dir(), reason="CẢNH BÁO: không có các văn bản mẫu cạnh mã nguồn")
HEAD = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"]


def propose(data: bytes | str, name: str = "") -> Proposal:
    return understand(read_document(data.encode() if isinstance(data, str) else data, name))


def roles(task: Task) -> list[tuple[str, str]]:
    return [(one.agency_or_group, one.role) for one in task.assignments]


def codes(task: Task) -> set[str]:
    return {one.code for one in task.warnings}


def counted(task: Task) -> set[str]:
    return {one.code for one in task.counted_warnings}


@pytest.mark.parametrize(
    ("head", "above", "role"),
    [
        ("Số TT", "", "no"),
        ("STT", "", "no"),
        ("Tên nhiệm vụ", "", "text"),
        ("Nội dung công việc", "", "text"),
        ("Lĩnh vực/Tiêu chí", "", "heading"),
        ("Cơ quan chủ trì, thực hiện", "", "lead_implement"),
        ("Đơn vị chủ trì thực hiện", "", "lead"),
        ("Cơ quan chủ trì, phối hợp", "", "lead_coordinate"),
        ("Đơn vị phối hợp", "", "coordinate"),
        ("Đơn vị thực hiện", "", "implement"),
        ("Chủ trì", "Phân công thực hiện", "lead"),
        ("Thực hiện", "Cơ quan", "implement"),
        ("Tiến độ hoàn thành", "", "time"),
        ("Thời gian thực hiện", "", "time"),
        ("Kết thúc", "Thời gian", "end"),
        ("Dự kiến kết quả đạt được", "", "product"),
        ("Kinh phí thực hiện", "", "funding"),
        ("Ghi chú", "", "note"),
        ("Lãnh đạo phụ trách", "", "person"),
        ("Đơn vị tính", "", "other"),
        ("Huyện", "", ""),
    ],
)
def test_the_head_of_a_column_tells_what_it_holds(head, above, role):
    assert role_of(head, above) == role


def test_columns_may_stand_in_any_order():
    rows = [
        ["Tiến độ", "Cơ quan phối hợp", "Đơn vị chủ trì", "Tên nhiệm vụ", "Sản phẩm", "Ghi chú", "Số TT"],
        ["Quý II", "Sở Tư pháp", "Sở Nội vụ", "Rà soát văn bản", "Báo cáo", "Lồng ghép", "1"],
    ]
    task = propose(table_plan(rows)).tasks[0]
    assert (task.no, task.text, task.product, task.note, task.time_text) == (
        "1",
        "Rà soát văn bản",
        "Báo cáo",
        "Lồng ghép",
        "Quý II",
    )
    assert sorted(roles(task)) == [("Sở Nội vụ", "lead"), ("Sở Tư pháp", "coordinate")]
    assert task.deadline["due_dates"] == ["2025-06-30"]
    assert not task.warnings


def test_a_head_of_two_rows_and_a_row_of_column_numbers_are_no_tasks():
    rows = [
        ["STT", "Nội dung công việc", "Phân công thực hiện", "", "Thời gian", ""],
        ["", "", "Chủ trì", "Phối hợp", "Bắt đầu", "Kết thúc"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["1", "Tập huấn", "Sở Nội vụ", "Sở Y tế", "01/3/2025", "30/4/2025"],
        ["2", "Khảo sát", "Sở Nội vụ", "Bưu điện tỉnh", "01/9/2025", "31/8/2025"],
    ]
    tasks = propose(table_plan(rows, [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5)])).tasks
    assert [task.deadline["due_dates"] for task in tasks] == [["2025-04-30"], ["2025-08-31"]]
    assert codes(tasks[0]) == set()
    assert "start_after_due" in codes(tasks[1])


def test_headings_merged_across_stand_over_their_tasks():
    rows = [HEAD, ["I", "CẢI CÁCH THỂ CHẾ", "", "", ""], ["1", "Rà soát", "Sở Tư pháp", "", "Quý I"]]
    rows += [["II", "THỦ TỤC", "", "", ""], ["1", "Công khai", "Văn phòng UBND tỉnh", "", "Quý II"]]
    tasks = propose(table_plan(rows, [(1, 1, 1, 4), (3, 1, 3, 4)])).tasks
    assert [task.heading_path for task in tasks] == [["I. CẢI CÁCH THỂ CHẾ"], ["II. THỦ TỤC"]]
    assert all(not counted(task) for task in tasks)


def test_a_numbered_row_with_empty_cells_is_a_heading_only_when_something_stands_under_it():
    rows = [HEAD, ["1", "Thể chế", "", "", ""], ["1.1", "Rà soát", "Sở Tư pháp", "", "Quý I"]]
    rows += [["1.2", "Thiếu cả cơ quan và thời gian", "", "", ""], ["1.3", "Tập huấn", "Sở Nội vụ", "", "Quý II"]]
    tasks = propose(table_plan(rows)).tasks
    assert [task.no for task in tasks] == ["1.1", "1.2", "1.3"]
    assert [task.heading_path for task in tasks] == [["1. Thể chế"]] * 3
    assert {"missing_lead", "missing_deadline"} <= codes(tasks[1])
    assert not counted(tasks[0])
    assert not counted(tasks[2])


def test_tasks_without_number_belong_to_the_heading_beside_them():
    rows = [["TT", "Lĩnh vực", "Nhiệm vụ", "Cơ quan thực hiện", "Thời gian"]]
    rows += [
        ["I", "Chỉ đạo", "Ban hành kế hoạch", "Sở Nội vụ", "Quý I"],
        ["", "", "Báo cáo kết quả", "Sở Nội vụ", "Quý IV"],
    ]
    rows += [["II", "Điều tra", "Khảo sát", "Sở Nội vụ", "Quý III"]]
    tasks = propose(table_plan(rows, [(1, 0, 2, 0), (1, 1, 2, 1)])).tasks
    assert [(task.no, task.heading_path[-1]) for task in tasks] == [
        ("I", "I. Chỉ đạo"),
        ("I", "I. Chỉ đạo"),
        ("II", "II. Điều tra"),
    ]


def test_a_cell_merged_over_several_tasks_counts_for_each():
    rows = [
        HEAD,
        ["1", "Việc một", "Sở Nội vụ", "", "Quý I"],
        ["2", "Việc hai", "", "", ""],
        ["3", "Việc ba", "", "", ""],
    ]
    tasks = propose(table_plan(rows, [(1, 2, 3, 2), (1, 4, 3, 4)])).tasks
    assert [roles(task) for task in tasks] == [[("Sở Nội vụ", "lead")]] * 3
    assert [task.deadline["due_dates"] for task in tasks] == [["2025-03-31"]] * 3
    assert not any(task.warnings for task in tasks)


def test_as_above_takes_the_words_of_the_row_above_and_says_so():
    rows = [HEAD, ["1", "Việc một", "Sở Nội vụ", "Sở Y tế", "Quý I"], ["2", "Việc hai", "-nt-", "nt", "Như trên"]]
    task = propose(table_plan(rows)).tasks[1]
    assert roles(task) == [("Sở Nội vụ", "lead"), ("Sở Y tế", "coordinate")]
    assert task.deadline["due_dates"] == ["2025-03-31"]
    assert codes(task) == {"ditto"}
    assert not counted(task)


def test_ticked_columns_give_the_time():
    rows = [
        ["TT", "Hoạt động", "Đơn vị thực hiện", "Thời gian", "", "", ""],
        ["", "", "", "Quý I", "Quý II", "Quý III", "Quý IV"],
    ]
    rows += [["1", "Đối thoại", "UBND cấp xã", "x", "", "x", ""]]
    task = propose(table_plan(rows, [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 6)])).tasks[0]
    assert task.deadline["due_dates"] == ["2025-03-31", "2025-09-30"]


def test_a_list_split_over_two_tables_is_read_on_and_said():
    def build(document):
        fill(document, [HEAD, ["1", "Việc một", "Sở Nội vụ", "", "Quý I"]])
        document.add_paragraph("(tiếp theo)")
        fill(document, [["2", "Việc hai", "Sở Y tế", "", "Quý II"], ["3", "Việc ba", "Sở Y tế", "", "Quý III"]])

    proposal = propose(word(build))
    assert [task.no for task in proposal.tasks] == ["1", "2", "3"]
    assert {one.code for one in proposal.warnings} == {"table_without_head"}
    assert proposal.tasks[1].place == "Bảng 2, dòng 1"


def test_tables_of_criteria_and_of_scores_are_no_tasks():
    def build(document):
        fill(document, [["TT", "Tiêu chí"], ["1", "Mức độ hài lòng"]])
        scores = [
            ["Nội dung", "Chỉ số 2024", "Vị thứ", "Cơ quan chủ trì"],
            ["Tiếp cận dịch vụ", "82,28", "32", "Sở Nội vụ"],
        ]
        fill(document, scores)
        fill(document, [HEAD, ["1", "Khảo sát", "Sở Nội vụ", "", "Quý III"]])

    assert [task.text for task in propose(word(build)).tasks] == ["Khảo sát"]


def test_a_row_that_goes_on_with_the_task_above_is_joined_and_said():
    rows = [HEAD, ["1", "Rà soát các thủ tục", "Sở Tư pháp", "", "Quý I"], ["", "- lĩnh vực đất đai;", "", "", ""]]
    task = propose(table_plan(rows)).tasks[0]
    assert task.text == "Rà soát các thủ tục\n- lĩnh vực đất đai;"
    assert "continued_row" in counted(task)


def test_a_last_paragraph_in_brackets_is_a_note():
    rows = [
        HEAD,
        [
            "1",
            "Báo cáo kết quả năm 2025\n(Lồng ghép trong báo cáo cải cách hành chính)",
            "Sở Nội vụ",
            "",
            "Trước 10/12/2025",
        ],
    ]
    task = propose(table_plan(rows)).tasks[0]
    assert (task.text, task.note) == ("Báo cáo kết quả năm 2025", "(Lồng ghép trong báo cáo cải cách hành chính)")
    assert task.is_report
    assert codes(task) == {"report_task"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["2", "Việc", "Sở Nội vụ", "", ""], "missing_deadline"),
        (["2", "Việc", "", "", "Quý I"], "missing_lead"),
        (["1", "Việc", "Sở Nội vụ", "", "Quý I"], "duplicate_no"),
        (["2", "", "Sở Nội vụ", "", "Quý I"], "missing_cell"),
        (["2", "Việc", "Sở Vũ trụ và Thiên văn", "", "Quý I"], "unknown_agency"),
        (["2", "Việc", "Sở Nội vụ", "Sở Nội vụ", "Quý I"], "same_agency_two_roles"),
        (["2", "Phối hợp với Công an tỉnh tuyên truyền", "Sở Nội vụ", "", "Quý I"], "partner_in_text"),
        (["2", "Đề nghị công khai kết quả", "Sở Nội vụ", "", "Quý I"], "request_not_order"),
        (["2", "Việc", "Sở Nội vụ", "", "Quý VI"], "impossible_date"),
        (["2", "Việc", "Sở Nội vụ", "", "Quý IV/2023"], "year_mismatch"),
        (["4", "Việc", "Sở Nội vụ", "", "Quý I"], "number_gap"),
        (["2", "- Một\n- Hai", "Sở Nội vụ", "", "Quý I\nQuý II"], "several_tasks"),
        (["2", "Việc đầu", "Sở Y tế", "", "Quý I"], "duplicate_task"),
    ],
)
def test_what_is_doubtful_in_a_row_is_said_at_this_row(row, code):
    tasks = propose(table_plan([HEAD, ["1", "Việc đầu", "Sở Y tế", "", "Quý I"], row])).tasks
    assert code in codes(tasks[1])
    assert not tasks[0].warnings
    assert all(one.message for one in tasks[1].warnings)


def test_the_head_of_the_plan_is_read_from_the_letterhead():
    plan = propose(table_plan([HEAD, ["1", "Việc", "Sở Nội vụ", "", "Quý I"]])).plan
    assert (plan.number, plan.signed, plan.province) == ("15/KH-UBND", "2025-01-20", "Thái Bình")
    assert (plan.issuer, plan.plan_year) == ("UBND tỉnh Thái Bình", 2025)
    assert plan.title == "Kế hoạch cải cách hành chính tỉnh Thái Bình năm 2025"


def test_a_plan_without_number_and_day_says_so():
    proposal = propose("SỐ:      /KH-UBND\nHà Nam, ngày    tháng    năm 2025\nKẾ HOẠCH\nCải cách hành chính năm 2025\n")
    assert (proposal.plan.number, proposal.plan.signed, proposal.plan.province) == (None, None, "Hà Nam")
    assert "số, ký hiệu, ngày ký" in proposal.warnings[0].message


def test_a_title_in_capitals_keeps_names_and_abbreviations():
    text = "KẾ HOẠCH\nNÂNG CAO CHỈ SỐ SIPAS CỦA TỈNH SƠN LA NĂM 2025\nCăn cứ chỉ số SIPAS năm 2024 của tỉnh Sơn La, nâng cao các chỉ số;\n"
    assert propose(text).plan.title == "Kế hoạch nâng cao chỉ số SIPAS của tỉnh Sơn La năm 2025"


def test_a_workbook_has_dates_and_tasks_on_several_sheets():
    head = ["STT", "Nội dung", "Đơn vị chủ trì", "Hạn hoàn thành"]
    first = [
        ["KẾ HOẠCH"],
        ["Cải cách hành chính năm 2025 tỉnh Nam Định"],
        head,
        [1, "Tuyên truyền", "Sở Nội vụ", date(2025, 3, 15)],
    ]
    first += [[2, "Cập nhật", "Sở Tư pháp", 45838]]
    tasks = propose(workbook({"Kế hoạch": first, "Phụ lục": [head, [1, "Kiểm tra", "Thanh tra tỉnh", "Quý IV"]]})).tasks
    assert [task.deadline["due_dates"] for task in tasks] == [["2025-03-15"], ["2025-06-30"], ["2025-12-31"]]
    assert [counted(task) for task in tasks] == [set(), {"excel_serial"}, set()]


PROSE = """KẾ HOẠCH
Cải cách hành chính năm 2025
I. MỤC TIÊU
- Nâng cao Chỉ số SIPAS năm 2025 của tỉnh đạt từ 90 % trở lên.
II. NHIỆM VỤ
1. Cải cách thể chế
1.1. Rà soát văn bản quy phạm pháp luật
- Cơ quan chủ trì: Sở Tư pháp.
- Cơ quan phối hợp: Các sở, ban, ngành.
- Thời gian hoàn thành: Quý III/2025.
2. Sở Xây dựng
- Tham mưu UBND tỉnh đơn giản hóa thủ tục hành chính.
- Chủ trì, phối hợp với Sở Tài chính công khai quy hoạch, hoàn thành trước ngày 30/6/2025.
3. Tuyên truyền
a) Đa dạng hóa hình thức tuyên truyền trên mạng xã hội;
III. TỔ CHỨC THỰC HIỆN
1. Các sở, ban, ngành; UBND các xã, phường
- Căn cứ chức năng, nhiệm vụ được giao triển khai thực hiện Kế hoạch này; định kỳ báo cáo hằng quý, 6 tháng, năm.
2. Giao Sở Nội vụ theo dõi, đôn đốc việc thực hiện Kế hoạch.
Trong quá trình thực hiện nếu có vướng mắc, báo cáo UBND tỉnh./.
Nơi nhận:
- Sở Nội vụ;
"""


def test_prose_gives_tasks_by_headings_subjects_and_properties():
    tasks = propose(PROSE).tasks
    assert [roles(task) for task in tasks] == [
        [("Sở Tư pháp", "lead"), ("Các sở, ban, ngành", "coordinate")],
        [("Sở Xây dựng", "advise")],
        [("Sở Xây dựng", "lead"), ("Sở Tài chính", "coordinate")],
        [("Các sở, ban, ngành", "implement"), ("UBND cấp xã", "implement")],
        [("Các sở, ban, ngành", "implement"), ("UBND cấp xã", "implement")],
        [("Các sở, ban, ngành", "implement"), ("UBND cấp xã", "implement")],
        [("Sở Nội vụ", "monitor")],
    ]
    assert [task.time_text for task in tasks] == [
        "Quý III/2025",
        "",
        "trước ngày 30/6/2025",
        "",
        "",
        "hằng quý, 6 tháng, năm",
        "",
    ]
    assert tasks[2].deadline["due_dates"] == ["2025-06-29"]


def test_a_duty_of_nobody_goes_to_those_who_carry_out_the_plan_and_is_marked():
    tasks = propose(PROSE).tasks
    assert counted(tasks[3]) == {"missing_lead"}
    assert not any(one.role_stated for one in tasks[3].assignments)
    assert [counted(task) for task in (tasks[0], tasks[1], tasks[2])] == [set()] * 3


def test_aims_closing_words_and_recipients_are_no_tasks():
    texts = " ".join(task.text for task in propose(PROSE).tasks)
    assert "90 %" not in texts
    assert "vướng mắc" not in texts
    assert propose(PROSE).plan.target == "đạt từ 90 % trở lên"


def test_text_without_tasks_says_that_none_were_found():
    proposal = propose("Danh sách đại biểu dự hội nghị\nÔng Nguyễn Văn A\nBà Trần Thị B\n")
    assert proposal.tasks == []
    assert any("Không tìm thấy nhiệm vụ" in one.message for one in proposal.warnings)


def test_a_stored_proposal_can_be_taken_up_again():
    proposal = propose(table_plan([HEAD, ["1", "Việc", "Sở Nội vụ", "Sở Y tế", "Trước 10/6/2025"]]))
    assert Proposal.from_dict(proposal.as_dict()).as_dict() == proposal.as_dict()


def test_a_row_is_understood_again_after_its_words_were_edited():
    proposal = propose(table_plan([HEAD, ["1", "Việc", "Sở Vũ trụ và Thiên văn", "", ""]]))
    before = proposal.tasks[0]
    after = understand_row(
        before, proposal.plan, time_text="Quý II", agencies_text="Sở Y tế", coordinating_text="Sở Tài chính"
    )
    assert {"unknown_agency", "missing_deadline"} <= codes(before)
    assert not codes(after)
    assert roles(after) == [("Sở Y tế", "lead"), ("Sở Tài chính", "coordinate")]
    assert after.deadline["due_dates"] == ["2025-06-30"]


def test_editing_the_time_keeps_what_was_said_about_the_agencies():
    proposal = propose(table_plan([HEAD, ["1", "Việc", "Sở Vũ trụ và Thiên văn", "", ""]]))
    after = understand_row(proposal.tasks[0], proposal.plan, time_text="Quý II")
    assert codes(after) == {"unknown_agency"}
    assert roles(after) == roles(proposal.tasks[0])


def test_five_hundred_rows_take_less_than_three_seconds():
    rows = [HEAD] + [
        [str(n), f"Nhiệm vụ số {n}", "Sở Nội vụ; Sở Y tế", "Các sở, ban, ngành", f"Trước {n % 28 + 1}/6/2025"]
        for n in range(1, 501)
    ]
    data = workbook({"Kế hoạch": rows})
    began = time.monotonic()
    assert len(propose(data).tasks) == 500
    assert time.monotonic() - began < 3


@needs_samples
@pytest.mark.parametrize(
    "name",
    [
        "samples/vinhphuc-82-KH-UBND-2024.docx",
        "samples/vinhphuc-82-KH-UBND-2024.pdf",
        "samples/vinhphuc-82-phu-luc-V.xlsx",
        "seeds/000_9d286c80cd500672.txt",
    ],
)
def test_plan_82_has_the_same_33_tasks_from_every_format(name):
    tasks = propose((SHARED / name).read_bytes(), name).tasks
    whole = propose((SHARED / "samples/vinhphuc-82-KH-UBND-2024.docx").read_bytes()).tasks
    assert len(tasks) == 33

    def essence(task: Task) -> tuple[object, ...]:
        return (
            task.no,
            task.heading_path,
            " ".join(task.text.split()),
            roles(task),
            task.deadline["due_dates"],
            task.deadline["kind"],
        )

    assert [essence(task) for task in tasks] == [essence(task) for task in whole]
    assert [task.row for task in tasks if task.counted_warnings] == [2, 3, 4, 13]


@needs_samples
def test_a_scanned_table_cut_by_pages_is_put_together_and_its_losses_are_said():
    tasks = propose((SHARED / "seeds/004_fb41b5bb4375c0ce.txt").read_bytes()).tasks
    assert [task.no for task in tasks] == ["1.1", "1.2", "2.1", "2.2", "", "3.3", "4.1", "4.2", "4.3", "5.1", "5.2"]
    assert {"row_lost", "missing_no"} <= counted(tasks[4])
    assert "row_lost" in counted(tasks[5])
    assert tasks[6].heading_path == ["4. Kết quả dịch vụ"]
    assert tasks[9].heading_path == ["5. Tiếp nhận, xử lý các góp ý, phản ánh, kiến nghị"]
