"""The catalogue: a province's register in front, the national names behind it."""

import datetime as dt

from agencies.matching import Catalogue, Name, parse_agency_cell

REGISTER = [
    Name("Sở Nội vụ", key=1, kind="department"),
    Name("Văn phòng UBND tỉnh", key=2, kind="equivalent", aliases=("Văn phòng Ủy ban",)),
    Name("Các sở, ban, ngành", key=3, group=True),
    Name("UBND huyện Yên Lạc", key=4, kind="district_pc"),
    Name("Công ty Cấp nước Sông Lô", key=5, kind="enterprise", abbreviations=("CNSL",)),
]


def entries(text, catalogue, **where):
    return parse_agency_cell(text, column="implement", catalogue=catalogue, **where).entries


def test_entries_carry_the_key_that_the_register_gave():
    found = entries("SNV; VP UBND tỉnh; sở, ban, ngành; huyện Yên Lạc; CNSL", Catalogue(REGISTER))

    assert [entry.key for entry in found] == [1, 2, 3, 4, 5]


def test_a_name_that_only_the_nation_knows_is_known_but_has_no_key():
    (entry,) = entries("Sở Y tế", Catalogue(REGISTER))

    assert (entry.known, entry.key) == (True, None)


def test_a_catalogue_without_the_nation_knows_its_own_names_only():
    (entry,) = entries("Sở Y tế", Catalogue(REGISTER, national=False))

    assert not entry.known


def test_a_register_says_itself_until_when_a_body_lived():
    living = Catalogue([Name("Sở Ngoại vụ", key=9, kind="department")])
    ended = Catalogue([Name("Sở Ngoại vụ", key=9, valid_to=dt.date(2025, 2, 19), successors=("Văn phòng UBND tỉnh",))])

    def warnings(catalogue):
        cell = parse_agency_cell("Sở Ngoại vụ", column="lead", catalogue=catalogue, plan_signed=dt.date(2025, 3, 1))
        return [(warning.code, "Văn phòng UBND tỉnh" in warning.message) for warning in cell.warnings]

    assert warnings(living) == []
    assert warnings(ended) == [("obsolete_agency", True)]


def test_unknown_words_come_with_the_nearest_names():
    (entry,) = entries("Trung tâm Xúc tiến thương mại và đầu tư", Catalogue.standard())

    assert not entry.known
    assert entry.candidates
