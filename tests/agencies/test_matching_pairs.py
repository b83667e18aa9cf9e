"""Every name beside every group: what stands in a list must not swallow or change its neighbour."""

import itertools

import pytest

from agencies.matching import Catalogue, parse_agency_cell

CATALOGUE = Catalogue.standard()
NAMES = """Sở Nội vụ|Sở Xây dựng|Sở Giáo dục và Đào tạo|Sở Tài chính|Sở Lao động - Thương binh và Xã hội|
Sở Văn hóa, Thể thao và Du lịch|Văn phòng UBND tỉnh|Thanh tra tỉnh|Ban Quản lý Khu kinh tế tỉnh|Ban Chỉ đạo CCHC tỉnh|
Ban Tổ chức Tỉnh ủy|Công an tỉnh|Bộ Chỉ huy Quân sự tỉnh|Bộ Chỉ huy Bộ đội Biên phòng tỉnh|Bảo hiểm xã hội tỉnh|
Cục Thuế tỉnh|Đài Phát thanh và Truyền hình tỉnh|Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh|Hội Nông dân tỉnh|
Thi hành án dân sự tỉnh|UBND huyện Mường La|UBND thành phố Sơn La|UBND thị xã Quảng Trị|UBND huyện Hướng Hóa|
UBND xã Thành Công""".replace("\n", "").split("|")
DEPARTMENTS, ALL = "Các sở, ban, ngành", "Các cơ quan, đơn vị, địa phương"
DISTRICTS, COMMUNES = "UBND cấp huyện", "UBND cấp xã"
GROUPS = {
    "các sở, ban, ngành": [DEPARTMENTS],
    "các sở, ngành liên quan": [DEPARTMENTS],
    "UBND các huyện, thị xã, thành phố": [DISTRICTS],
    "Ủy ban nhân dân cấp xã": [COMMUNES],
    "UBND cấp huyện, cấp xã": [DISTRICTS, COMMUNES],
    "các cơ quan, đơn vị, địa phương": [ALL],
    "các cơ quan, đơn vị liên quan": ["Các cơ quan, đơn vị có liên quan"],
    "các đơn vị có liên quan": ["Các cơ quan, đơn vị có liên quan"],
    "các cơ quan Trung ương đóng trên địa bàn tỉnh": ["Các cơ quan ngành dọc Trung ương"],
    "các cơ quan chuyên môn thuộc UBND tỉnh": ["Các cơ quan chuyên môn thuộc UBND tỉnh"],
}
PARTS = [(name, [name]) for name in NAMES] + list(GROUPS.items())
JOINTS = [", ", "; ", " và ", "\n", ";\n"]


def read(text, column="coordinate"):
    return parse_agency_cell(text, column=column, catalogue=CATALOGUE, province="Sơn La", issuer="UBND tỉnh Sơn La")


def capital(words):
    return words[0].upper() + words[1:]


def pairs():
    return [(one, two) for one, two in itertools.permutations(PARTS, 2) if not set(one[1]) & set(two[1])]


@pytest.mark.parametrize("joint", JOINTS, ids=repr)
def test_two_entries_of_a_list_are_both_read_whatever_stands_between_them(joint):
    wrong = []
    for (one, first), (two, second) in pairs():
        cell = read(capital(one) + joint + (capital(two) if "\n" in joint else two))
        names = [entry.agency_or_group for entry in cell.entries]
        if names != first + second or cell.unknown or cell.ambiguous:
            wrong.append((one, two, names, cell.unknown, cell.why))

    assert wrong == []


def test_who_leads_and_who_coordinates_is_told_for_every_pair():
    wrong = []
    for (one, first), (two, second) in pairs():
        cell = read(f"{capital(one)} chủ trì, phối hợp với {two}", "lead_implement")
        told = [(entry.agency_or_group, entry.role, entry.role_stated) for entry in cell.entries]
        due = [(name, "lead", True) for name in first] + [(name, "coordinate", True) for name in second]
        if told != due or cell.unknown:
            wrong.append((one, two, told, cell.unknown))

    assert wrong == []
