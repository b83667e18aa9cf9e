"""One table for each rule of reading an agency cell."""

import datetime as dt

import pytest

from agencies.matching import Catalogue, is_ditto, parse_agency_cell

CATALOGUE = Catalogue.standard()


def read(text, column="lead_implement", **where):
    return parse_agency_cell(text, column=column, catalogue=CATALOGUE, **where)


def roles(cell):
    return [(entry.agency_or_group, entry.role, entry.role_stated) for entry in cell.entries]


def names(cell):
    return [entry.agency_or_group for entry in cell.entries]


@pytest.mark.parametrize("column", ["lead", "coordinate", "implement"])
def test_a_column_with_one_role_gives_it_to_all_and_it_counts_as_stated(column):
    cell = read("Sở Nội vụ; các sở, ban, ngành; UBND cấp xã.", column)

    assert roles(cell) == [
        ("Sở Nội vụ", column, True),
        ("Các sở, ban, ngành", column, True),
        ("UBND cấp xã", column, True),
    ]


def test_a_role_in_brackets_goes_back_to_the_previous_bracket():
    cell = read("VP UBND tỉnh (chủ trì); các sở, ban, ngành; UBND cấp xã (thực hiện); Sở Y tế")

    assert roles(cell) == [
        ("Văn phòng UBND tỉnh", "lead", True),
        ("Các sở, ban, ngành", "implement", True),
        ("UBND cấp xã", "implement", True),
        ("Sở Y tế", "implement", False),
    ]


def test_without_brackets_groups_implement_and_the_first_named_agency_leads():
    cell = read("Các sở, ban, ngành, UBND cấp huyện; Sở Kế hoạch và Đầu tư; Sở Y tế")

    assert roles(cell) == [
        ("Các sở, ban, ngành", "implement", False),
        ("UBND cấp huyện", "implement", False),
        ("Sở Kế hoạch và Đầu tư", "lead", False),
        ("Sở Y tế", "implement", False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Sở Nội vụ chủ trì, phối hợp với Sở Y tế",
        "Chủ trì: Sở Nội vụ; Phối hợp: Sở Y tế",
        "Cơ quan chủ trì: Sở Nội vụ. Cơ quan phối hợp: Sở Y tế.",
        "Sở Nội vụ chủ trì; Sở Y tế phối hợp",
        "Sở Nội vụ (chủ trì, phối hợp với Sở Y tế)",
        "- Sở Nội vụ: Chủ trì\n- Sở Y tế: Phối hợp",
        "Giao Sở Nội vụ làm đầu mối, phối hợp với Sở Y tế triển khai thực hiện",
        "Sở Nội vụ (CT); Sở Y tế (PH)",
    ],
)
def test_who_leads_and_who_coordinates_is_read_from_verbs_labels_and_brackets(text):
    cell = read(text)

    assert roles(cell) == [("Sở Nội vụ", "lead", True), ("Sở Y tế", "coordinate", True)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sở Nội vụ (tham mưu, đề xuất)", ["advise"]),
        ("Sở Nội vụ (theo dõi, đôn đốc)", ["monitor"]),
        ("Sở Nội vụ (chủ trì thực hiện)", ["lead"]),
        ("Sở Nội vụ (phối hợp thực hiện)", ["coordinate"]),
        ("Sở Nội vụ (chủ trì, tham mưu)", ["lead", "advise"]),
        ("Sở Nội vụ tham mưu UBND tỉnh ban hành Kế hoạch", ["advise"]),
    ],
)
def test_each_word_for_a_role_is_understood(text, said):
    cell = read(text)

    assert [(entry.agency_or_group, entry.role) for entry in cell.entries] == [("Sở Nội vụ", role) for role in said]
    assert not [warning for warning in cell.warnings if warning.code == "same_agency_two_roles"]


@pytest.mark.parametrize(
    "text",
    [
        "Sở Nội vụ (qua Phòng Cải cách hành chính)",
        "Sở Nội vụ (Ban Thi đua - Khen thưởng)",
        "Sở Nội vụ (trước đây là Sở Lao động - Thương binh và Xã hội)",
        "Sở Nội vụ (cơ quan thường trực)",
    ],
)
def test_a_bracket_that_is_no_role_changes_nothing(text):
    cell = read(text, "lead")

    assert roles(cell) == [("Sở Nội vụ", "lead", True)]
    assert not cell.ambiguous


@pytest.mark.parametrize("words", ["(trừ {})", "(không bao gồm {})", "trừ {}", "(ngoại trừ {})"])
def test_an_exclusion_belongs_to_its_group_and_is_no_entry(words):
    text = "Các cơ quan chuyên môn thuộc UBND tỉnh " + words.format("Ban Dân tộc, Sở Ngoại vụ") + "; UBND cấp huyện"

    cell = read(text, "implement")

    assert names(cell) == ["Các cơ quan chuyên môn thuộc UBND tỉnh", "UBND cấp huyện"]
    assert cell.entries[0].excluded == ("Ban Dân tộc tỉnh", "Sở Ngoại vụ")
    assert cell.entries[1].excluded == ()
    assert cell.excluded == ("Ban Dân tộc tỉnh", "Sở Ngoại vụ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UBND cấp huyện, cấp xã", ["UBND cấp huyện", "UBND cấp xã"]),
        ("Các sở: Nội vụ, Tài chính", ["Sở Nội vụ", "Sở Tài chính"]),
        ("Sở TT&TT, KH&CN", ["Sở Thông tin và Truyền thông", "Sở Khoa học và Công nghệ"]),
        ("Bộ phận Một cửa cấp huyện, cấp xã", ["Bộ phận Một cửa cấp huyện", "Bộ phận Một cửa cấp xã"]),
        (
            "UBND các huyện Yên Lạc, Lập Thạch và thành phố Vĩnh Yên",
            ["UBND huyện Yên Lạc", "UBND huyện Lập Thạch", "UBND thành phố Vĩnh Yên"],
        ),
    ],
)
def test_a_shared_head_is_given_to_each(text, expected):
    assert names(read(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Sở Lao động, Thương binh và Xã hội",
        "Sở Văn hóa, Thể thao và Du lịch",
        "các sở, ban, ngành",
        "UBND các huyện, thị xã, thành phố",
        "UBND các xã, phường, thị trấn",
        "Các cơ quan, đơn vị, địa phương",
        "Sở Nông nghiệp\nvà Phát triển nông thôn",
    ],
)
def test_commas_and_va_inside_a_name_do_not_split_it(text):
    assert len(read(text).entries) == 1


@pytest.mark.parametrize("text", ["nt", "-nt-", "- nt -", "Như trên", "như trên.", '"', "//"])
def test_ditto_is_left_to_the_reader_of_tables(text):
    cell = read(text)

    assert is_ditto(text)
    assert cell.entries == ()
    assert cell.unknown == ()


@pytest.mark.parametrize(
    ("issuer", "office"),
    [
        ("Sở Giao thông vận tải", "Văn phòng Sở"),
        ("UBND tỉnh Sơn La", "Văn phòng UBND tỉnh"),
        ("UBND huyện Yên Lạc", "Văn phòng HĐND và UBND huyện"),
    ],
)
def test_van_phong_alone_is_read_inside_the_issuing_agency(issuer, office):
    cell = read("Văn phòng", "coordinate", issuer=issuer)

    assert names(cell) == [office]
    assert not cell.ambiguous


@pytest.mark.parametrize(
    ("words", "official"),
    [
        ("Sở Nộ vụ", "Sở Nội vụ"),
        ("So Noi vu", "Sở Nội vụ"),
        ("Sở Giáo dục và Đạo tạo", "Sở Giáo dục và Đào tạo"),
        ("Văn phòng UBNB tỉnh", "Văn phòng UBND tỉnh"),
        ("Các sở, ban, nghành", "Các sở, ban, ngành"),
    ],
)
def test_a_misspelt_name_is_resolved_and_said_so(words, official):
    cell = read(words, "implement")

    assert names(cell) == [official]
    assert [warning.code for warning in cell.warnings] == ["misspelt_agency"]
    assert not cell.ambiguous


def test_a_misspelling_near_to_two_names_is_ambiguous():
    cell = read("Sở Ngại vụ")

    assert cell.ambiguous
    assert "Sở Ngoại vụ" in cell.why
    assert "Sở Nội vụ" in cell.why


@pytest.mark.parametrize(
    "words", ["Uỷ ban nhân dân tỉnh", "Ủy ban nhân dân tỉnh", "UBND tỉnh", "Ủy ban nhân dân (UBND) tỉnh"]
)
def test_two_places_of_a_tone_mark_are_one_spelling(words):
    cell = read(words, "coordinate")

    assert names(cell) == ["UBND tỉnh"]
    assert cell.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "Tăng cường tuyên truyền trên các phương tiện thông tin đại chúng",
        "Theo phân công của UBND tỉnh",
        "Cả hệ thống chính trị",
        "Hoàn thành trong năm 2024",
    ],
)
def test_prose_without_an_agency_invents_none(text):
    cell = read(text)

    assert cell.entries == ()
    assert cell.unknown


def test_an_unknown_organisation_is_an_entry_that_needs_a_person():
    cell = read("Trung tâm Xúc tiến Ngoại thương Tây Hồ; Sở Nội vụ", "implement")

    assert [(entry.agency_or_group, entry.known) for entry in cell.entries] == [
        ("Trung tâm Xúc tiến Ngoại thương Tây Hồ", False),
        ("Sở Nội vụ", True),
    ]
    assert cell.unknown == ("Trung tâm Xúc tiến Ngoại thương Tây Hồ",)
    assert [warning.code for warning in cell.warnings] == ["unknown_agency"]


def test_a_body_that_ended_before_the_signing_day_is_kept_and_its_successor_named():
    cell = read("Sở Kế hoạch và Đầu tư", "lead", plan_signed=dt.date(2025, 8, 1))

    assert names(cell) == ["Sở Kế hoạch và Đầu tư"]
    assert [warning.code for warning in cell.warnings] == ["obsolete_agency"]
    assert "Sở Tài chính" in cell.warnings[0].message


def test_the_same_body_is_in_order_on_its_last_day():
    cell = read("Sở Kế hoạch và Đầu tư", "lead", plan_signed=dt.date(2025, 2, 28))

    assert cell.warnings == ()


def test_an_agency_said_twice_is_one_entry_and_two_roles_are_a_warning():
    once = read("Sở Nội vụ; SNV", "coordinate")
    twice = read("Sở Nội vụ (chủ trì); Sở Y tế, Sở Nội vụ (phối hợp)")

    assert names(once) == ["Sở Nội vụ"]
    assert [warning.code for warning in twice.warnings] == ["same_agency_two_roles"]


def test_a_request_is_told_from_an_order():
    cell = read("Đề nghị Ủy ban MTTQ Việt Nam tỉnh", "coordinate")

    assert [warning.code for warning in cell.warnings] == ["request_not_order"]


@pytest.mark.parametrize(
    ("words", "province", "official"),
    [
        ("Văn phòng UBND thành phố", "Hà Nội", "Văn phòng UBND thành phố"),
        ("Thanh tra TP", "Hải Phòng", "Thanh tra thành phố"),
        ("Công an thành phố Đà Nẵng", None, "Công an thành phố"),
        ("Văn phòng UBND", "Cần Thơ", "Văn phòng UBND thành phố"),
        ("Công an tỉnh Vĩnh Phúc", None, "Công an tỉnh"),
        ("Công an thành phố Vĩnh Yên", "Vĩnh Phúc", "Công an thành phố Vĩnh Yên"),
        ("UBND thành phố Huế", "Thừa Thiên Huế", "UBND thành phố Huế"),
        ("UBND thành phố Huế", "Huế", "UBND thành phố"),
    ],
)
def test_a_city_run_by_the_centre_keeps_its_own_words(words, province, official):
    assert names(read(words, "lead", province=province)) == [official]
