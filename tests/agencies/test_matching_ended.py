"""Bodies that were no more on the plan's day, of another province, or unknown: what the warning says (reform of 2025)."""

import datetime as dt

import pytest

from agencies.matching import Catalogue, Name, parse_agency_cell

CATALOGUE = Catalogue.standard()
TOOK_OVER = """
2025-03-20 | Sở Kế hoạch và Đầu tư | Sở Tài chính
2025-03-20 | Sở GTVT | Sở Xây dựng
2025-03-20 | Sở NN&PTNT | Sở Nông nghiệp và Môi trường
2025-03-20 | Sở Tài nguyên và Môi trường | Sở Nông nghiệp và Môi trường
2025-03-20 | Sở TT&TT | Sở Khoa học và Công nghệ, Sở Văn hóa, Thể thao và Du lịch
2025-03-20 | Sở LĐ-TB&XH | Sở Nội vụ, Sở Giáo dục và Đào tạo, Sở Y tế, Công an tỉnh
2025-03-20 | Ban Dân tộc | Sở Dân tộc và Tôn giáo
2025-03-20 | Cục Thuế tỉnh | Chi cục Thuế khu vực, Thuế tỉnh
2025-03-20 | Cục Hải quan tỉnh | Chi cục Hải quan khu vực
2025-03-20 | Kho bạc Nhà nước tỉnh | Kho bạc Nhà nước khu vực
2025-03-20 | NHNN chi nhánh tỉnh | Ngân hàng Nhà nước chi nhánh khu vực
2025-03-20 | Cục Thống kê tỉnh | Thống kê tỉnh
2025-03-20 | Công an cấp huyện | Công an tỉnh, Công an cấp xã
2025-03-20 | Bộ Thông tin và Truyền thông | Bộ Khoa học và Công nghệ
2025-08-20 | Chi cục Thuế khu vực | Thuế tỉnh
2025-08-20 | Cục Thi hành án dân sự tỉnh | Thi hành án dân sự tỉnh
2025-08-20 | UBND các huyện, thị xã, thành phố | UBND cấp xã
2025-08-20 | UBND huyện Yên Lạc | UBND các xã, phường trên địa bàn
2025-08-20 | UBND thành phố Vĩnh Yên | UBND các xã, phường trên địa bàn
2025-08-20 | UBND thị trấn Hợp Hòa | UBND các xã, phường trên địa bàn
2025-08-20 | Công an huyện Yên Lạc | Công an các xã, phường trên địa bàn
2025-08-20 | Bộ phận Một cửa cấp huyện | Trung tâm Phục vụ hành chính công cấp xã
2025-08-20 | Bộ phận Một cửa cấp xã | Trung tâm Phục vụ hành chính công cấp xã
2025-08-20 | Thanh tra cấp huyện | Thanh tra tỉnh
2025-08-20 | Thanh tra Sở | Thanh tra tỉnh
2025-08-20 | Bộ Chỉ huy Bộ đội Biên phòng tỉnh | Bộ Chỉ huy Quân sự tỉnh
2025-08-20 | Đài Phát thanh và Truyền hình tỉnh | Báo và phát thanh, truyền hình tỉnh
2025-08-20 | Báo Phú Thọ | Báo và phát thanh, truyền hình tỉnh
2025-08-20 | Sở Nội vụ tỉnh Vĩnh Phúc | Sở Nội vụ tỉnh Phú Thọ
2025-08-20 | Công an tỉnh Hòa Bình | Công an tỉnh Phú Thọ
"""
CASES = [[part.strip() for part in line.split("|")] for line in TOOK_OVER.strip().splitlines()]
BEFORE = dt.date(2024, 3, 20)


def warnings(text, on, province="Phú Thọ", **more):
    cell = parse_agency_cell(
        text, column="coordinate", catalogue=CATALOGUE, province=province, issuer="UBND tỉnh", plan_signed=on, **more
    )
    return [(warning.code, warning.message) for warning in cell.warnings]


@pytest.mark.parametrize(("signed", "text", "heirs"), CASES)
def test_a_body_that_is_no_more_is_told_with_the_body_that_took_over(signed, text, heirs):
    ((code, message),) = warnings(text, dt.date.fromisoformat(signed))

    assert code == "obsolete_agency"
    assert heirs in message


@pytest.mark.parametrize("text", [text for _, text, _ in CASES if "khu vực" not in text and "tỉnh Vĩnh" not in text])
def test_before_the_reform_the_same_words_are_clean_or_of_another_province(text):
    assert "obsolete_agency" not in [code for code, _ in warnings(text, BEFORE)]


@pytest.mark.parametrize(
    "text",
    ["Sở Nội vụ", "Sở Tài chính", "UBND các xã, phường", "Thuế tỉnh", "Công an tỉnh", "Trung tâm PVHCC các xã, phường"],
)
def test_a_body_of_today_has_no_warning(text):
    assert warnings(text, dt.date(2026, 1, 15)) == []


def test_a_body_of_another_province_is_not_taken_for_the_own_one():
    cell = parse_agency_cell(
        "Sở Y tế thành phố Hà Nội; Sở Y tế Vĩnh Phúc",
        column="coordinate",
        catalogue=CATALOGUE,
        province="Vĩnh Phúc",
        issuer="UBND tỉnh",
        plan_signed=BEFORE,
    )

    assert [(entry.agency_or_group, entry.known) for entry in cell.entries] == [
        ("Sở Y tế thành phố Hà Nội", False),
        ("Sở Y tế", True),
    ]
    assert [warning.code for warning in cell.warnings] == ["unknown_agency"]


def test_the_two_names_of_hue_are_one_province():
    assert warnings("Sở Nội vụ Thừa Thiên Huế", dt.date(2025, 8, 20), province="Huế") == []


def test_an_unknown_name_is_told_with_its_nearest_candidates():
    ((code, message),) = warnings("Sở Giao thông công chính", BEFORE)

    assert code == "unknown_agency"
    assert "có thể là Sở Giao thông vận tải" in message


def test_a_group_of_the_register_ends_with_its_level_too():
    register = Catalogue([Name("UBND cấp huyện", key="group:1", group=True)], province="Phú Thọ")

    cell = parse_agency_cell(
        "UBND các huyện, thị xã, thành phố",
        column="implement",
        catalogue=register,
        issuer="UBND tỉnh",
        plan_signed=dt.date(2025, 8, 20),
    )

    assert cell.entries[0].key == "group:1"
    assert [warning.code for warning in cell.warnings] == ["obsolete_agency"]
