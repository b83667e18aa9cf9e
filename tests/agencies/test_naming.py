"""Looking up names of a province's register on a day."""

from datetime import date

from agencies.models import Agency, Succession
from agencies.naming import NameBook, register_catalogue
from tests.factories import AgencyFactory, AgencyGroupFactory, ProvinceFactory

DAY = date(2024, 3, 20)


def book() -> NameBook:
    return NameBook(ProvinceFactory(), DAY)


def test_an_agency_is_found_by_name_alias_short_name_and_without_diacritics(db: None):
    health = AgencyFactory(name="Sở Y tế", short_name="SYT", aliases=["Sở Y tế tỉnh Vĩnh Phúc"])
    names = book()
    for words in ("Sở Y tế", "SỞ  Y TẾ", "syt", "Sở Y tế tỉnh Vĩnh Phúc", "so y te"):
        assert names.agency(words) == health, words
    assert names.agency("Sở Y học") is None


def test_a_group_is_no_agency_and_an_agency_is_no_group(db: None):
    AgencyFactory(name="Sở Y tế")
    group = AgencyGroupFactory(name="Các sở, ban, ngành", aliases=["Các sở ngành"])
    names = book()
    assert names.group("các sở ngành") == group
    assert names.agency("Các sở, ban, ngành") is None
    assert names.group("Sở Y tế") is None


def test_an_official_name_wins_over_the_alias_of_another(db: None):
    AgencyFactory(name="Sở Tài chính", aliases=["Sở Kế hoạch và Đầu tư"])
    planning = AgencyFactory(name="Sở Kế hoạch và Đầu tư")
    assert book().agency("Sở Kế hoạch và Đầu tư") == planning


def test_only_agencies_of_the_day_and_of_the_province_are_found(db: None):
    AgencyFactory(name="Sở Đã hết", valid_to=date(2024, 3, 19))
    AgencyFactory(name="Sở Chưa có", valid_from=date(2024, 3, 21))
    AgencyFactory(name="Sở Nơi khác", province=ProvinceFactory(code="son-la", name="Sơn La"))
    names = book()
    assert [names.agency(name) for name in ("Sở Đã hết", "Sở Chưa có", "Sở Nơi khác")] == [None, None, None]


def test_a_book_asks_the_database_once_for_agencies_and_once_for_groups(db: None, django_assert_num_queries):
    province = ProvinceFactory()
    for number in range(20):
        AgencyFactory(name=f"Sở Thứ {number}")
    with django_assert_num_queries(2):
        names = NameBook(province, DAY)
        assert names.agency("Sở Thứ 7")


def test_the_catalogue_knows_what_became_of_an_agency(db: None):
    old = AgencyFactory(name="Sở Kế hoạch và Đầu tư", valid_to=date(2025, 2, 28))
    new = AgencyFactory(name="Sở Tài chính")
    Succession.objects.create(predecessor=old, successor=new, kind=Succession.Kind.MERGE, on=date(2025, 3, 1))
    name = register_catalogue(old.province).named("Sở Kế hoạch và Đầu tư")
    assert name is not None
    assert name.successors == ("Sở Tài chính",)
    assert name.key == f"agency:{old.pk}"
    assert Agency.objects.count() == 2
