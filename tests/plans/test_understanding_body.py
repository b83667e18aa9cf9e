"""Duties in the words of a plan whose tasks stand in a table: offered beside them, never among them; and misprints."""

import pytest

from plans.importing.proposal import Proposal
from plans.importing.reading import read_document
from plans.importing.understanding import understand
from plans.importing.understanding.spelling import misprints_in

TABLE = [
    "TT\tNhiệm vụ\tCơ quan chủ trì\tThời gian",
    "1\tTổ chức tập huấn kỹ năng giao tiếp cho công chức\tSở Nội vụ\tQuý II",
    "2\tCông khai thủ tục hành chính tại Bộ phận Một cửa\tVăn phòng UBND tỉnh\tQuý III",
]
BODY = [
    "IV. TỔ CHỨC THỰC HIỆN",
    "1. Sở Nội vụ",
    "a) Chủ trì tổ chức tập huấn kỹ năng giao tiếp cho công chức.",
    "b) Theo dõi, đôn đốc việc thực hiện Kế hoạch; tổng hợp, báo cáo UBND tỉnh trước ngày 15/12/2024.",
    "2. Sở Tư pháp",
    "- Rà soát văn bản quy phạm pháp luật liên quan đến quyền lợi của người dân.",
    "3. Các sở, ban, ngành",
    "- Triển khai thực hiện Kế hoạch này tại cơ quan, đơn vị.",
    "Kinh phí thực hiện do ngân sách bảo đảm.",
]
LETTER = [
    "UBND TỈNH YÊN BÁI",
    "Số: 6/KH-UBND",
    "Yên Bái, ngày 11 tháng 3 năm 2024",
    "KẾ HOẠCH",
    "Cải cách năm 2024",
    "",
]


def propose(*, body: list[str], table: list[str] = TABLE) -> Proposal:
    lines = [*LETTER, "III. NHIỆM VỤ", *table, "", *body]
    return understand(read_document("\n".join(lines).encode(), "ke-hoach.txt"))


def test_duties_of_the_body_never_become_rows_of_the_table():
    assert [task.text for task in propose(body=BODY).tasks] == [row.split("\t")[1] for row in TABLE[1:]]


def test_what_the_body_orders_beyond_the_table_is_offered_with_its_agency_and_day():
    offered = propose(body=BODY).offered
    assert [(task.text[:12], task.assignments[0].agency_or_group, task.deadline["due_dates"]) for task in offered] == [
        ("Theo dõi, đô", "Sở Nội vụ", []),
        ("tổng hợp, bá", "Sở Nội vụ", ["2024-12-14"]),
        ("Rà soát văn ", "Sở Tư pháp", []),
    ]
    assert [task.row for task in offered] == [1, 2, 3]


def test_an_agency_with_duties_but_no_row_is_named_once_for_the_document():
    said = [one for one in propose(body=BODY).warnings if one.code == "partner_in_text"]
    assert [one.words for one in said] == ["Sở Tư pháp"]
    assert "Hãy xem các nhiệm vụ trong phần lời" in said[0].message


def test_a_report_that_only_the_body_orders_is_pointed_out():
    said = [one for one in propose(body=BODY).warnings if one.code == "report_task"]
    assert "trước ngày 15/12/2024" in said[0].message
    assert said[0].is_remark


def test_nothing_is_said_where_the_body_only_repeats_the_table():
    proposal = propose(body=BODY[:3])
    assert proposal.offered == []
    assert proposal.warnings == []
    assert "offered" not in proposal.as_dict()


def test_offered_duties_survive_being_stored():
    stored = propose(body=BODY).as_dict()
    assert Proposal.from_dict(stored).as_dict() == stored


def test_a_plan_in_prose_alone_offers_nothing_beside_its_tasks():
    proposal = propose(body=BODY, table=[])
    assert proposal.offered == []
    assert len(proposal.tasks) == 5


@pytest.mark.parametrize(
    ("words", "wrong", "right"),
    [
        ("công khai trên Công thông tin điện tử tỉnh", "Công thông tin điện tử", "Cổng thông tin điện tử"),
        ("được xử lý hoặc kiên nghị xử lý", "kiên nghị", "kiến nghị"),
        ("hành vi những nhiễu, gây khó khăn", "những nhiễu", "nhũng nhiễu"),
        ("giải quyết TTHTC theo cơ chế một cửa", "TTHTC", "TTHC"),
        ("cơ quan hành chính Nhà nước nước", "nước nước", "nước"),
    ],
)
def test_a_misprint_beyond_doubt_is_shown_with_the_right_words(words, wrong, right):
    assert misprints_in(words) == [(wrong, right)]


@pytest.mark.parametrize(
    "words",
    [
        "Công khai thông tin trên Cổng thông tin điện tử; nhũng nhiễu; những nhiệm vụ; kiến nghị; của tỉnh",
        "thực hiện các dịch vụ công của tỉnh; bệnh viện công lập; ngày ngày; xa xa; phấn đấu; chuyển biến",
        "công chức, công vụ; nhân viên; bệnh viên gan; tình hình; vấn đề; văn hóa",
    ],
)
def test_right_words_are_left_alone(words):
    assert misprints_in(words) == []


def test_misprints_are_one_line_for_the_document_and_no_warning_of_a_row():
    table = [*TABLE, "3\tXử lý hành vi những nhiễu\tThanh tra tỉnh\tQuý IV"]
    proposal = propose(body=[], table=table)
    assert [one.words for one in proposal.warnings if one.code == "encoding"] == ["những nhiễu"]
    assert not proposal.tasks[2].counted_warnings
