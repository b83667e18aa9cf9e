"""The register a province starts with: who is in it on a day, under whom, in which groups."""

import json
import time
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from agencies.folding import fold
from agencies.models import Agency, AgencyGroup, Province
from agencies.registers import (
    DATA,
    Register,
    UnknownProvinceError,
    find_province,
    load_register,
    register_of,
    save_register,
    units,
)

SIGNED = date(2024, 3, 20)
GOLD = Path(settings.BASE_DIR).parent / "shared" / "gold"
# Bodies Vĩnh Phúc did not have: an economic zone, customs of its own, an information centre of that name.
NOT_IN_VINH_PHUC = {"BQLKKT", "CHQ", "TTTT-VP"}
SUCCESSORS = {"SNNMT", "SDTTG", "SVHTT", "SDL", "THUE", "KBNNKV"}


def gold_agencies() -> list[dict]:
    """Return the agencies of the hand-made register, or skip loudly."""
    if not GOLD.exists():
        pytest.skip("the hand-made register is not beside the project")
    return json.loads((GOLD / "agencies.json").read_text(encoding="utf-8"))["agencies"]


def names_of(register: Register) -> set[str]:
    """Return every name and alias, folded."""
    return {fold(words) for body in register.agencies for words in (body.name, body.short_name, *body.aliases)}


@pytest.fixture
def vinh_phuc(db: None) -> Province:
    """Load the register of Vĩnh Phúc on the day plan 82/KH-UBND was signed."""
    return load_register("Vĩnh Phúc", SIGNED).province


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [
        (date(2022, 7, 6), 63, 705, 10_603),
        (SIGNED, 63, 705, 10_598),
        (date(2025, 1, 15), 63, 696, 10_039),
        (date(2025, 7, 1), 34, 0, 3_321),
    ],
)
def test_the_country_has_the_units_of_the_day(day: date, provinces: int, districts: int, communes: int) -> None:
    counts = Counter(len(unit.code) for unit in units() if unit.exists_on(day))

    assert (counts[2], counts[3], counts[5]) == (provinces, districts, communes)


def test_the_names_of_provinces_are_those_by_which_documents_are_read() -> None:
    words = json.loads((DATA / "standard_agencies.json").read_text(encoding="utf-8"))
    readable = {*words["provinces"], *(city["name"] for city in words["cities"])}

    assert {unit.name for unit in units() if len(unit.code) == 2} == readable


def test_every_unit_stands_under_a_unit_of_the_same_days() -> None:
    for day in (SIGNED, date(2025, 1, 15), date(2025, 7, 1)):
        of_day = {unit.code: unit for unit in units() if unit.exists_on(day)}

        assert [unit.code for unit in of_day.values() if unit.parent and unit.parent not in of_day] == []


def test_a_province_is_found_without_diacritics_and_with_its_kind() -> None:
    assert find_province("tinh son la", SIGNED).name == "Sơn La"
    assert find_province("TP. Hồ Chí Minh", SIGNED).code == "79"


def test_a_province_code_given_to_another_province_in_2025_is_not_mixed_up() -> None:
    assert find_province("Gia Lai", SIGNED).code == "64"
    assert find_province("Gia Lai", date(2025, 7, 1)).code == "52"


def test_a_province_that_has_merged_is_unknown_afterwards() -> None:
    with pytest.raises(UnknownProvinceError, match="01/07/2025"):
        find_province("Vĩnh Phúc", date(2025, 7, 1))


def test_vinh_phuc_has_nine_districts_and_136_communes_when_the_plan_is_signed(vinh_phuc: Province) -> None:
    kinds = Counter(vinh_phuc.agencies.values_list("kind", flat=True))

    assert kinds[Agency.Kind.DISTRICT_PC] == 9
    assert kinds[Agency.Kind.COMMUNE_PC] == 136
    assert kinds[Agency.Kind.DEPARTMENT] == 16
    assert kinds[Agency.Kind.CENTRAL_VERTICAL] == 8
    assert vinh_phuc.agencies.count() == 191


def test_the_communes_of_vinh_phuc_are_fewer_after_the_mergers_of_2025() -> None:
    register = register_of("Vĩnh Phúc", date(2025, 1, 15))

    assert sum(body.kind == Agency.Kind.COMMUNE_PC for body in register.agencies) == 121
    assert fold("UBND xã Hội Thịnh") in names_of(register)
    assert fold("UBND xã Hội Thịnh") not in names_of(register_of("Vĩnh Phúc", SIGNED))


def test_nobody_stands_above_a_central_agency_and_everybody_else_has_the_right_parent(vinh_phuc: Province) -> None:
    parents = {
        agency.code: agency.parent and agency.parent.name for agency in vinh_phuc.agencies.select_related("parent")
    }

    assert parents["SYT"] == parents["246"] == "UBND tỉnh"
    assert parents["TTPVHCC"] == "Văn phòng UBND tỉnh"
    assert parents["08764"] == "UBND huyện Lập Thạch"
    assert parents["BAO"] == "Tỉnh ủy"
    assert parents["CTT"] is parents["CAT"] is parents["MTTQ"] is parents["UBNDT"] is None


@pytest.mark.parametrize(
    ("code", "members"),
    [
        ("G_DEPTS", 22),
        ("G_PROF", 19),
        ("G_CENTRAL", 8),
        ("G_DISTRICT", 9),
        ("G_COMMUNE", 136),
        ("G_LOCAL", 145),
        ("G_ALL", 176),
        ("G_ONESTOP", 146),
        ("G_ONESTOP_DISTRICT", 9),
        ("G_ONESTOP_COMMUNE", 136),
        ("G_OFFICERS", 22),
        ("G_SOCPOL", 5),
        ("G_PUBLIC", 1),
        ("G_RELEVANT", 0),
        ("G_SURVEYED", 0),
        ("G_UNITS", 0),
        ("G_UNIT_HEADS", 0),
    ],
)
def test_a_group_has_these_members_on_the_signing_day(vinh_phuc: Province, code: str, members: int) -> None:
    assert vinh_phuc.groups.get(code=code).members(on=SIGNED).count() == members


def test_the_19_specialised_agencies_of_vinh_phuc_are_those_of_before_march_2025(vinh_phuc: Province) -> None:
    names = set(vinh_phuc.groups.get(code="G_PROF").members(on=SIGNED).values_list("name", flat=True))

    assert {"Sở Ngoại vụ", "Ban Dân tộc tỉnh", "Thanh tra tỉnh", "Văn phòng UBND tỉnh", "Sở Tài chính"} <= names
    assert "Ban Quản lý các khu công nghiệp tỉnh" not in names


def test_the_13_specialised_agencies_of_vinh_phuc_after_march_2025(db: None) -> None:
    province = load_register("Vĩnh Phúc", date(2025, 3, 15), excluding=["SNGV"]).province

    members = province.groups.get(code="G_PROF").members(on=date(2025, 3, 15))

    assert members.count() == 13
    assert {"Sở Nông nghiệp và Môi trường", "Sở Dân tộc và Tôn giáo"} <= set(members.values_list("name", flat=True))


def test_the_groups_carry_the_names_and_aliases_of_the_hand_made_register(vinh_phuc: Province) -> None:
    expected = {row["name"]: row["aliases_in_seeds"] for row in gold_agencies() if row["group"]}
    groups = {group.name: group for group in vinh_phuc.groups.all()}

    assert groups.keys() == expected.keys()
    for name, aliases in expected.items():
        known = {fold(words) for words in (name, *groups[name].aliases)}
        assert {fold(alias) for alias in aliases if "[" not in alias} <= known, name


def test_every_provincial_agency_of_the_hand_made_register_is_in_the_register() -> None:
    everything = [code for code in NOT_IN_VINH_PHUC | SUCCESSORS if code not in ("SNNMT", "THUE", "KBNNKV", "SDTTG")]
    known = names_of(register_of("Vĩnh Phúc", SIGNED, including=everything))
    known |= names_of(register_of("Phú Thọ", date(2025, 7, 1), including=["SDTTG"]))
    rows = [row for row in gold_agencies() if not row["group"] and row["level"] == "province"]

    missing = [row["name"] for row in rows if fold(row["name"].split(" (")[0]) not in known]

    assert len(rows) > 45
    assert missing == []


def test_every_agency_plan_82_may_name_is_there_under_its_name_aliases_and_abbreviations() -> None:
    known = names_of(register_of("Vĩnh Phúc", SIGNED))
    rows = [
        row
        for row in gold_agencies()
        if not row["group"] and row["level"] == "province" and row["code"] not in NOT_IN_VINH_PHUC | SUCCESSORS
    ]
    # One abbreviation of each is too short to mean one agency only, and two aliases are of other provinces.
    words = {
        word
        for row in rows
        for word in (row["name"].split(" (")[0], *row["abbreviations"], *row["aliases_in_seeds"])
        if word not in ("CT", "UBND", "Báo Sơn La")
    }

    assert sorted(word for word in words if fold(word) not in known) == []


def test_every_body_has_the_name_by_which_agency_cells_are_read() -> None:
    words = json.loads((DATA / "standard_agencies.json").read_text(encoding="utf-8"))["names"]
    readable = {row["name"] for row in words} | {"Báo {province}"}
    bodies = json.loads((DATA / "provincial_bodies.json").read_text(encoding="utf-8"))

    assert {row["name"] for row in bodies["agencies"] + bodies["groups"]} - readable == set()


def test_any_province_gets_a_full_register_of_its_time() -> None:
    register = register_of("Sơn La", date(2022, 7, 6))
    kinds = Counter(body.kind for body in register.agencies)

    assert (kinds[Agency.Kind.DISTRICT_PC], kinds[Agency.Kind.COMMUNE_PC]) == (12, 204)
    assert "Sở Lao động - Thương binh và Xã hội" in {body.name for body in register.agencies}
    assert "Báo Sơn La" in {body.name for body in register.agencies}


def test_since_july_2025_communes_stand_right_under_the_province() -> None:
    register = register_of("Phú Thọ", date(2025, 7, 1))
    communes = [body for body in register.agencies if body.kind == Agency.Kind.COMMUNE_PC]

    assert len(communes) == 148
    assert {body.parent for body in communes} == {"UBNDT"}
    assert not any(body.kind == Agency.Kind.DISTRICT_PC for body in register.agencies)
    assert not any(body.name == "Sở Giao thông vận tải" for body in register.agencies)


def test_a_city_run_by_the_centre_has_agencies_of_the_city() -> None:
    names = {body.name for body in register_of("Hải Phòng", SIGNED).agencies}

    assert {"UBND thành phố", "Công an thành phố", "Thành ủy", "UBND huyện Bạch Long Vĩ"} <= names
    assert not any(name.endswith(" tỉnh") for name in names)


def test_communes_of_one_name_in_a_province_are_told_apart_by_their_district() -> None:
    names = {body.name for body in register_of("Thừa Thiên Huế", SIGNED).agencies}

    assert {"UBND xã Hương Phong, thành phố Huế", "UBND xã Hương Phong, huyện A Lưới"} <= names
    assert "UBND xã Hương Phong" not in names


@pytest.mark.parametrize("day", [date(2022, 7, 6), SIGNED, date(2025, 1, 15), date(2025, 7, 1)])
def test_no_two_agencies_of_a_province_have_one_name_or_one_code(day: date) -> None:
    for province in (unit for unit in units() if len(unit.code) == 2 and unit.exists_on(day)):
        agencies = register_of(province.name, day).agencies

        assert len({fold(body.name) for body in agencies}) == len(agencies), province.name
        assert len({body.code for body in agencies}) == len(agencies), province.name


def test_a_body_only_some_provinces_have_waits_for_a_person_to_say_so() -> None:
    plain = register_of("Hà Nam", SIGNED)
    asked = register_of("Hà Nam", SIGNED, including=["BQLKCN"], excluding=["TDOAN"])

    assert "BQLKCN" in {body.code for body in plain.left_out}
    assert {"BQLKCN"} == {body.code for body in asked.agencies} - {body.code for body in plain.agencies}
    assert {"TDOAN"} == {body.code for body in plain.agencies} - {body.code for body in asked.agencies}


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(ValueError, match="XYZ"):
        register_of("Hà Nam", SIGNED, including=["XYZ"])


def test_loading_twice_adds_nothing_and_keeps_what_people_changed(vinh_phuc: Province) -> None:
    Agency.objects.filter(province=vinh_phuc, code="SYT").update(short_name="Y tế")
    rows = list(Agency.objects.order_by("pk").values()) + list(AgencyGroup.objects.order_by("pk").values())

    again = load_register("Vĩnh Phúc", SIGNED)

    assert (again.agencies_added, again.groups_added) == (0, 0)
    assert list(Agency.objects.order_by("pk").values()) + list(AgencyGroup.objects.order_by("pk").values()) == rows


def test_an_agency_that_is_missing_is_added_again(vinh_phuc: Province) -> None:
    vinh_phuc.agencies.filter(code="SXD").delete()

    assert load_register("Vĩnh Phúc", SIGNED).agencies_added == 1
    assert vinh_phuc.agencies.get(code="SXD").parent.code == "UBNDT"


def test_a_register_of_another_time_is_refused_and_nothing_is_written(vinh_phuc: Province) -> None:
    before = vinh_phuc.agencies.count()

    with pytest.raises(ValidationError, match="thời điểm khác"):
        load_register("Vĩnh Phúc", date(2025, 1, 15))

    assert vinh_phuc.agencies.count() == before


def test_a_register_of_two_tiers_is_not_put_on_top_of_one_of_three(db: None) -> None:
    load_register("Sơn La", SIGNED)

    with pytest.raises(ValidationError, match="sáp nhập"):
        load_register("Sơn La", date(2025, 7, 1))


def test_departments_of_march_2025_are_not_put_beside_those_they_came_from(db: None) -> None:
    load_register("Lai Châu", SIGNED)

    with pytest.raises(ValidationError, match="thời điểm khác"):
        load_register("Lai Châu", date(2025, 3, 15))


def test_a_commune_whose_name_somebody_corrected_does_not_stop_a_second_load(vinh_phuc: Province) -> None:
    vinh_phuc.agencies.filter(code="08746").update(name="UBND phường Xuân Hòa (mới)", name_key="x")

    assert load_register("Vĩnh Phúc", SIGNED).agencies_added == 0


def test_two_provinces_do_not_share_agencies(vinh_phuc: Province) -> None:
    other = load_register("Sơn La", SIGNED).province

    assert other.agencies.filter(parent__province=vinh_phuc).count() == 0
    assert other.groups.get(code="G_COMMUNE").members(on=SIGNED).count() == 204
    assert vinh_phuc.groups.get(code="G_COMMUNE").members(on=SIGNED).count() == 136


def test_agencies_are_found_without_diacritics_and_stand_in_vietnamese_order(vinh_phuc: Province) -> None:
    assert vinh_phuc.agencies.matching("so tt&tt").get().name == "Sở Thông tin và Truyền thông"
    districts = vinh_phuc.agencies.filter(kind=Agency.Kind.DISTRICT_PC, name__startswith="UBND huyện")
    assert [agency.name.removeprefix("UBND huyện ") for agency in districts] == [
        "Bình Xuyên",
        "Lập Thạch",
        "Sông Lô",
        "Tam Dương",
        "Tam Đảo",
        "Vĩnh Tường",
        "Yên Lạc",
    ]


def test_an_agency_of_2025_is_not_a_member_before_it_existed(db: None) -> None:
    group = load_register("Phú Thọ", date(2025, 7, 1)).province.groups.get(code="G_COMMUNE")

    assert group.members(on=date(2025, 7, 1)).count() == 148
    assert group.members(on=date(2025, 6, 30)).count() == 0


def test_the_day_a_list_was_fetched_is_not_taken_for_the_day_a_commune_began(vinh_phuc: Province) -> None:
    # Phường Định Trung, a ward since April 2023, is first in the list fetched on 7/5/2023.
    assert vinh_phuc.groups.get(code="G_COMMUNE").members(on=date(2023, 4, 20)).filter(code="08725").exists()


def test_the_register_of_vinh_phuc_is_written_in_two_seconds_and_few_queries(
    db: None, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    register = register_of("Vĩnh Phúc", SIGNED)
    started = time.perf_counter()

    with django_assert_max_num_queries(40):
        save_register(register)

    assert time.perf_counter() - started < 2


def test_the_command_says_in_vietnamese_what_it_did(db: None) -> None:
    out = StringIO()

    call_command("load_register", "--province", "son la", "--as-of", "06/07/2022", stdout=out)

    assert "tỉnh Sơn La ngày 06/07/2022: thêm 262 cơ quan, 17 nhóm" in out.getvalue()
    assert "--with" in out.getvalue()


def test_the_command_writes_nothing_on_a_dry_run(db: None) -> None:
    out = StringIO()

    call_command("load_register", "--province", "Vĩnh Phúc", "--as-of", "2024-03-20", "--dry-run", stdout=out)

    assert "UBND xã Quang Sơn" in out.getvalue()
    assert Province.objects.count() == 0


def test_the_command_names_the_provinces_when_there_is_no_such_one(db: None) -> None:
    with pytest.raises(CommandError, match="Vĩnh Phúc"):
        call_command("load_register", "--province", "Vĩnh Phú", "--as-of", "2024-03-20")
