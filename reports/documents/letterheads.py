"""Who issues a paper: letterhead, symbol, place, and by which title it is signed (Decree 30/2020/NĐ-CP, Appendix I)."""

from dataclasses import dataclass
from datetime import date

from agencies.folding import unaccent
from agencies.models import Agency, Province
from reports.documents.word import SPACES, Letterhead
from reports.models.report import SignedAs

OFFICE_HEAD = "CHÁNH VĂN PHÒNG"
COMMITTEES = ("UBND ", "Ủy ban nhân dân ")
TITLES = (
    ("Văn phòng", OFFICE_HEAD),
    ("Thanh tra", "CHÁNH THANH TRA"),
    ("Ban", "TRƯỞNG BAN"),
    ("Chi cục", "CHI CỤC TRƯỞNG"),
    ("Cục", "CỤC TRƯỞNG"),
    ("Bộ Chỉ huy", "CHỈ HUY TRƯỞNG"),
    ("Báo", "TỔNG BIÊN TẬP"),
    ("Phòng", "TRƯỞNG PHÒNG"),
)
"""Heads of agencies by the first words of the agency's name; a department, centre or station has a director."""
NAMED_AFTER_PEOPLE = ("Hồ Chí Minh",)
UNDER_THE_COMMITTEE = (Agency.Kind.DEPARTMENT, Agency.Kind.EQUIVALENT, Agency.Kind.BOARD)


@dataclass(frozen=True, slots=True)
class Issuer:
    """An agency as the author of a paper."""

    name: str
    superior: str
    lines: tuple[str, ...]
    symbol: str
    place: str

    def letterhead(self, number: str, day: date | None, month: date) -> Letterhead:
        """Return the upper part; without number or day they are left open for the clerk to fill in."""
        shown = number or f"{SPACES}/BC-{self.symbol}"
        return Letterhead(
            self.superior, self.lines, f"Số: {shown}", f"{self.place}, {day_in_words(day) if day else open_day(month)}"
        )

    @property
    def is_committee(self) -> bool:
        """Say whether the paper is a people's committee's, which decides as a body."""
        return self.lines[0].startswith("ỦY BAN NHÂN DÂN")

    @property
    def head(self) -> str:
        """The title of who leads the agency, in capitals."""
        if self.is_committee:
            return "CHỦ TỊCH"
        return next((title for start, title in TITLES if self.name.startswith(f"{start} ")), "GIÁM ĐỐC")

    def signing(self, signed_as: str) -> list[str]:
        """Return the lines above the signature (article 13; Appendix I, II.7a): on whose behalf, for whom, the title.

        A committee's papers are signed on behalf of the committee (TM.), but not those signed by order (TL.).
        """
        titles = {
            SignedAs.HEAD: [self.head],
            SignedAs.DEPUTY: [f"KT. {self.head}", f"PHÓ {self.head}"],
            SignedAs.ACTING: [f"Q. {self.head}"],
            SignedAs.BY_ORDER: [f"TL. {self.head}", OFFICE_HEAD if self.head != OFFICE_HEAD else "TRƯỞNG PHÒNG"],
        }[SignedAs(signed_as)]
        on_behalf = ["TM. ỦY BAN NHÂN DÂN"] if self.is_committee and signed_as != SignedAs.BY_ORDER else []
        return [*on_behalf, *titles]

    def reference(self, kind: str, number: str, day: date | None, month: date, short_name: str = "") -> str:
        """Return to which paper an annex belongs (Appendix I, III.1d), number and day open where they are not known."""
        dated = day_in_words(day) if day else open_day(month)
        shown = number or f"{SPACES}/BC-{self.symbol}"
        return f"Kèm theo {kind} số {shown} {dated} của {short_name or self.name}"


def issuer_of(agency: Agency) -> Issuer:
    """Return the agency as an author: departments stand under the provincial committee, committees on their own."""
    province = agency.province
    full_name = f"{province.get_kind_display()} {province.name}"
    rest = next((agency.name.removeprefix(start) for start in COMMITTEES if agency.name.startswith(start)), "")
    if agency.kind == Agency.Kind.SUPERIOR or rest in ("tỉnh", "thành phố"):
        return committee_of(place_of(province), full_name)
    if rest:
        return Issuer(agency.name, "", ("ỦY BAN NHÂN DÂN", rest.upper()), "UBND", _without_rank(rest))
    superior = f"UBND {full_name}" if agency.kind in UNDER_THE_COMMITTEE else ""
    if not superior and agency.parent and agency.parent.kind != Agency.Kind.SUPERIOR:
        superior = agency.parent.name
    return Issuer(agency.name, superior, (agency.name.upper(),), symbol_of(agency), place_of(province))


def committee_of(place: str, full_name: str) -> Issuer:
    """Return the provincial people's committee as an author."""
    return Issuer(f"UBND {full_name}", "", ("ỦY BAN NHÂN DÂN", full_name.upper()), "UBND", place)


def place_of(province: Province) -> str:
    """Return what a province's papers name as their place: the full name where it is a person's (II.4a)."""
    return named_place(province.get_kind_display(), province.name)


def named_place(kind: str, name: str) -> str:
    """Return "Vĩnh Phúc", but "Thành phố Hồ Chí Minh" and "Phường 1": people's names and figures stand in full (II.4a)."""
    in_full = name[:1].isdigit() or name in NAMED_AFTER_PEOPLE
    return f"{kind[:1].upper()}{kind[1:]} {name}" if in_full else name


def symbol_of(agency: Agency) -> str:
    """Return the letters after "BC-": the alias that spells the code with its diacritics (SLĐTBXH), or the code."""
    for alias in agency.aliases:
        if " " not in alias and alias.isupper() and unaccent(alias).upper() == agency.code.upper():
            return alias
    return agency.code


def _without_rank(name: str) -> str:
    """Return "Lập Thạch" of "huyện Lập Thạch": papers of districts and communes name the place alone."""
    for rank in ("huyện", "thành phố", "thị xã", "quận", "xã", "phường", "thị trấn", "đặc khu"):
        if name.startswith(f"{rank} "):
            return named_place(rank, name.removeprefix(f"{rank} "))
    return name


def day_in_words(day: date) -> str:
    """Return "ngày 05 tháng 02 năm 2024": a zero before days under 10 and months 1 and 2."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def open_day(month: date) -> str:
    """Return the date line with the day left open."""
    shown = f"{month.month:02d}" if month.month < 3 else str(month.month)
    return f"ngày{SPACES}tháng {shown} năm {month.year}"


def day_short(day: date | str | None) -> str:
    """Return 20/3/2024 or 05/02/2024 as documents print it; nothing for None. Takes ISO text as well."""
    if not day:
        return ""
    value = date.fromisoformat(day) if isinstance(day, str) else day
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"{value.day:02d}/{month}/{value.year}"
