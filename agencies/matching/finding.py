"""What stands at a token: an agency, a group, a named place, a unit of an agency, or the rest of a shared head."""

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from agencies.folding import fold

from .catalogue import Hit, Name, without_level
from .cells import CellWarning
from .context import Context
from .ended import ended_locality, of_other_province
from .group_words import (
    CENTRE,
    DEPARTMENTS,
    HEAD,
    JOINT_OF,
    MINISTRY_UNITS,
    ONE_STOP,
    PLACE_NAMES,
    PROFESSIONAL,
    PROVINCE_NAME,
    PUBLIC_UNITS,
    UNITS,
)
from .groups import ends_here, misspelt, read_group, read_list, read_unit
from .localities import Locality, name_end, read_locality, spelt_name
from .prose import PROSE, is_proper
from .roles import Draft, read_roles
from .words import LINE, Words

_LEVEL = re.compile(
    rf"(?:cua |thuoc |cap |o |tai |chi nhanh )?(?P<level>tinh|thanh pho|"
    rf"tp(?: \.)?)(?: (?P<place>{PLACE_NAMES}))? "
)
_PLACE = re.compile(rf"(?:(?:cua |tai |o |chi nhanh |- )?(?:{PLACE_NAMES})|khu vuc (?:[ivx]+|\d+)) ")
_BELONGS = re.compile(r"(?:- |(?:truc )?thuoc |cua )")
_REGION = re.compile(r"(?:[ivx]+|\d+) ")
_ALONE_OFFICE = re.compile(r"(?:van phong|vp) ")
_MINISTRY_UNITS = re.compile(r"cac (?:tong cuc|vu|cuc)(?: (?:,|va) (?:cac )?(?:tong cuc|vu|cuc|vien|truong|don vi))* ")
_OFFICE_WORDS = ("phòng", "phong", "vp")
_OWN_DESK = re.compile(r"(?:cua |tai |thuoc )?so ")
_DISTRICT_KINDS = {"huyện", "thị xã", "thành phố", "quận", "huyện đảo"}
SHARED_HEADS = {"so", "bo", "hoi", "phong", "ban", "cuc", "truong", "chi"}


class Level(NamedTuple):
    """What stands behind a name: the token after it, "tỉnh", "thành phố" or "nơi", and the province that is named."""

    end: int
    said: str = ""
    province: str = ""


@dataclass(slots=True)
class Found:
    """An agency or some groups that start at a token."""

    drafts: list[Draft]
    end: int
    head: str = ""
    unit: str = ""
    plural: bool = False
    place: Locality | None = None
    strength: int = 0
    doubt: str = ""
    misspelt: bool = False
    remark: CellWarning | None = None


@dataclass(slots=True)
class Shared:
    """What earlier names lend to later ones: "Sở" to "Tài chính", "các huyện" to "Vĩnh Tường", a unit to "cấp xã"."""

    head: str = ""
    place: Locality | None = None
    plural: bool = False
    unit: str = ""


@dataclass(slots=True)
class Finder:
    """Finds agencies in the words of one cell."""

    context: Context
    shared: Shared = field(default_factory=Shared)

    def agency(self, words: Words, at: int) -> Found | None:
        """Return the longest agency, group or named place that starts at a token."""
        if not words.is_word(at):
            return None
        options = [self._group(words, at), self._named(words, at), self._locality(words, at), self._office(words, at)]
        best = max((found for found in options if found), key=lambda found: (found.end, found.strength), default=None)
        return best or self._shared(words, at)

    def _group(self, words: Words, at: int) -> Found | None:
        if (desk := self._own_desk(words, at)) is not None:
            return desk
        if self.context.of_ministry and (end := words.match(_MINISTRY_UNITS, at)) and ends_here(words, end):
            return Found([self.draft_of(MINISTRY_UNITS, words.printed(at, end), group=True)], end, strength=1)
        read = read_group(words, at, internal=self.context.internal)
        if read is None:
            return None
        listed, end = read
        if (own := self._own(words, at, end, [group.name for group in listed])) is not None:
            return own
        drafts = [self.draft_of(group.name, words.printed(group.start, group.end), group=True) for group in listed]
        if self.shared.unit and len(listed) == 1 and re.fullmatch(r"cap (?:huyen|xa)", words.sub(at, end)):
            level = words.printed(at, end).casefold()
            drafts = [self.draft_of(f"{self.shared.unit} {level}", words.printed(at, end), group=True)]
        return Found(drafts, end, strength=1, doubt=listed[0].doubt, misspelt=any(group.misspelt for group in listed))

    def _own_desk(self, words: Words, at: int) -> Found | None:
        """Return the department's own desk for "Bộ phận Một cửa (của) Sở" in its own plan."""
        unit, place = read_unit(words, at)
        if unit != ONE_STOP or not self.context.of_department:
            return None
        end = words.match(_OWN_DESK, place)
        if end is None or not ends_here(words, end):
            return None
        return Found([self.draft_of(f"{ONE_STOP} Sở", words.printed(at, end), group=False)], end, strength=5)

    def _own(self, words: Words, at: int, end: int, names: list[str]) -> Found | None:
        """Return the issuer itself for "UBND huyện" in a district's plan, and its own offices for "các phòng, ban"."""
        local = self.context.local_issuer
        if local is None:
            return None
        printed = words.printed(at, end)
        if (level := _own_offices(names, fold(printed), local.place)) is not None:
            return Found([self.draft_of(level, printed, group=True)], end, strength=5)
        if len(names) != 1:
            return None
        if fold(printed).endswith(f" {local.place}") and not re.search(r"\bcác\b|cấp|,", fold(printed)):
            unit = names[0].removesuffix(" cấp huyện").removesuffix(" cấp xã")
            official = local.official if unit == "UBND" else f"{unit} {local.place}"
            return Found([Draft(printed, official, False)], end, strength=5)
        return None

    def _named(self, words: Words, at: int) -> Found | None:
        catalogue = self.context.catalogue
        hit = catalogue.longest(words, at, on=self.context.on)
        if (start := words.match(HEAD, at)) is not None:
            behind = catalogue.longest(words, start, on=self.context.on)
            if behind and (hit is None or behind.end > hit.end or (behind.end == hit.end and hit.weak)):
                hit = behind
        if hit is None:
            return None
        if (of_levels := self._of_levels(words, at, hit)) is not None:
            return of_levels
        if (regional := self._regional(words, at, hit)) is not None:
            return regional
        level = self._level(words, hit.end)
        end = level.end
        if (unit := self._unit_of(words, at, end, hit)) is not None:
            return unit
        if hit.weak and not level.said and words.plain(end) == "cac":
            return None
        if not ends_here(words, end) and ((hit.weak and not level.said) or (end == hit.end and hit.names[0].group)):
            return None
        if not ends_here(words, end) and (unit := self._unit_of_department(words, at, hit)) is not None:
            return unit
        if not ends_here(words, end) and not self._prose_follows(words, end):
            return None
        head = words.printed(at, at + 1) if words.plain(at) in SHARED_HEADS else ""
        return self._found(hit, words.printed(at, end), level, head)

    def _found(self, hit: Hit, printed: str, place: Level, head: str) -> Found:
        """Return what a hit of the catalogue says: of several names of one spelling the one in use on the signing
        day."""
        end, level = place.end, place.said
        if (elsewhere := of_other_province(hit.names[0], printed, place.province, self.context)) is not None:
            draft, remark = elsewhere
            return Found([draft], end, head=head, strength=3, misspelt=hit.misspelt, remark=remark)
        valid = [name for name in hit.names if name.valid_on(self.context.on)] or list(hit.names)
        doubt = f"“{printed}” có thể là {' hoặc '.join(name.name for name in valid[:3])}" if len(valid) > 1 else ""
        if not level and valid[0].name == "Thanh tra tỉnh" and (self.context.of_department or self.context.of_ministry):
            own = "Thanh tra Sở" if self.context.of_department else "Thanh tra Bộ"
            return Found([self.draft_of(own, printed, group=False)], end, strength=3)
        local = self.context.local_issuer
        if local and not level and without_level(valid[0].name) == CENTRE:
            return Found([Draft(printed, f"{CENTRE} {local.place}", False)], end, strength=3)
        draft = Draft(printed, self.official(valid[0], level), valid[0].group, valid[0])
        unit = without_level(valid[0].name) if level == "tỉnh" and valid[0].kind != "department" else ""
        return Found([draft], end, head=head, unit=unit, strength=3, doubt=doubt, misspelt=hit.misspelt)

    def _regional(self, words: Words, at: int, hit: Hit) -> Found | None:
        """Return "Chi cục Thuế khu vực VIII": a regional body keeps its number."""
        end = words.match(_REGION, hit.end)
        if end is None or not hit.names[0].name.endswith("khu vực"):
            return None
        found = self._found(hit, words.printed(at, end), Level(end), "")
        found.drafts[0].official += f" {words.printed(hit.end, end).upper()}"
        return found

    def _prose_follows(self, words: Words, at: int) -> bool:
        return words.match(PROSE, at) is not None or read_roles(words, at) is not None or self._name_follows(words, at)

    def _name_follows(self, words: Words, at: int) -> bool:
        """Say whether the next agency starts here with a capital: a comma or a line end between them was lost."""
        if not words.is_word(at) or not words.tokens[at].text[0].isupper():
            return False
        hit = self.context.catalogue.longest(words, at)
        return (hit is not None and not hit.weak and not hit.misspelt) or read_group(
            words, at, internal=self.context.internal
        ) is not None

    def _of_levels(self, words: Words, at: int, hit: Hit) -> Found | None:
        """Return "Công an các huyện, thành phố" or "Công an huyện Yên Lạc" for a unit that also exists below the
        province."""
        name = hit.names[0]
        if name.kind in ("department", "board"):
            return None
        if (name.group and not name.name.startswith(ONE_STOP)) or words.plain(hit.end) in (",", ";", ":"):
            return None
        if not name.group and words.plain(hit.end - 1) in ("tinh", "pho"):
            return None
        unit = without_level(name.name).removesuffix(" các cấp")
        unit = "Ban Chỉ huy Quân sự" if unit == "Bộ Chỉ huy Quân sự" else unit
        place = words.match(JOINT_OF, hit.end) or hit.end
        listed = read_list(words, at, place, unit, "", False)
        if listed is not None:
            if (own := self._own(words, at, listed[1], [g.name for g in listed[0]])) is not None:
                return own
            drafts = [self.draft_of(g.name, words.printed(g.start, g.end), group=True) for g in listed[0]]
            return Found(drafts, listed[1], strength=4, misspelt=hit.misspelt or misspelt(words, hit.end, listed[1]))
        local = read_locality(words, place, unit=unit)
        if local is None or self.context.is_province_city(local) or not (ends_here(words, local.end)):
            return None
        return Found(
            [Draft(words.printed(at, local.end), local.official, False)],
            local.end,
            place=local,
            plural=local.many,
            strength=4,
            remark=ended_locality(local, self.context.on),
        )

    def _unit_of(self, words: Words, at: int, end: int, hit: Hit) -> Found | None:
        """Return "Phòng CCHC - Sở Nội vụ", "Trung tâm … thuộc Sở …": a unit said with the agency that it belongs to."""
        start = words.match(_BELONGS, end)
        if start is None or hit.names[0].kind not in ("internal_unit", "public_unit"):
            return None
        parent = self.context.catalogue.longest(words, start)
        if parent is None or parent.names[0].kind not in ("department", "equivalent", "armed_force", "board"):
            return None
        after, level, _ = self._level(words, parent.end)
        if not ends_here(words, after):
            return None
        if hit.names[0].kind == "public_unit":
            return self._found(hit, words.printed(at, after), Level(after), "")
        official = f"{hit.names[0].name} - {self.official(parent.names[0], level)}"
        return Found([Draft(words.printed(at, after), official, False)], after, strength=3)

    def _unit_of_department(self, words: Words, at: int, hit: Hit) -> Found | None:
        """Return "Thanh tra Sở Y tế", "Văn phòng Sở Nội vụ": a unit inside a department."""
        if not hit.names[0].name.endswith(" Sở"):
            return None
        behind = self.context.catalogue.longest(words, hit.end, lead="Sở")
        if behind is None or not ends_here(words, behind.end):
            return None
        official = f"{hit.names[0].name.removesuffix(' Sở')} {behind.names[0].name}"
        return Found([Draft(words.printed(at, behind.end), official, False)], behind.end, strength=3)

    def _level(self, words: Words, at: int) -> Level:
        """Return what "tỉnh", "thành phố", "tỉnh Sơn La" or "Sơn La" behind a name say."""
        if (end := words.match(_LEVEL, at)) is not None and (ends_here(words, end) or self._prose_follows(words, end)):
            said = "tỉnh" if re.search(r"\btinh\b", words.sub(at, end)) else "thành phố"
            return Level(end, said, _province_in(words, at, end))
        if (end := words.match(_PLACE, at)) is not None:
            return Level(end, "nơi", _province_in(words, at, end))
        before = words.sub(max(0, at - 1), at)
        return Level(at, {"tinh": "tỉnh"}.get(before, ""))

    def official(self, name: Name, level: str) -> str:
        """Return the name as a clerk of the province writes it: "tỉnh" or "thành phố" as printed, else as the
        province is."""
        if name.key is not None or not name.name.endswith(" tỉnh"):
            return name.name
        if level == "thành phố" or (level != "tỉnh" and self.context.city):
            return name.name.removesuffix("tỉnh") + "thành phố"
        return name.name

    def draft_of(self, official: str, printed: str, *, group: bool) -> Draft:
        name = self.context.catalogue.named(official)
        return Draft(printed, name.name if name else official, group if name is None else name.group, name)

    def _locality(self, words: Words, at: int) -> Found | None:
        start = words.match(HEAD, at) or at
        local = read_locality(words, start)
        if local is None or self.context.is_province_city(local):
            return None
        draft = self.draft_of(local.official, words.printed(at, local.end), group=False)
        remark = None if draft.name else ended_locality(local, self.context.on)
        return Found([draft], local.end, place=local, plural=local.many, strength=2, remark=remark)

    def _office(self, words: Words, at: int) -> Found | None:
        """Read "Văn phòng" alone inside the issuing agency."""
        end = words.match(_ALONE_OFFICE, words.match(HEAD, at) or at)
        if end is None or not (ends_here(words, end) or self._prose_follows(words, end)):
            return None
        if words.tokens[end - 1].key not in _OFFICE_WORDS or (end > 1 and words.tokens[end - 2].key == "vân"):
            return None
        doubt = ""
        if self.context.internal:
            official = "Văn phòng Sở" if self.context.of_department else "Văn phòng"
        elif self.context.of_ministry:
            official = "Văn phòng Bộ"
        elif self.context.local_issuer:
            official = f"Văn phòng HĐND và UBND {self.context.local_issuer.place}"
        else:
            official = "Văn phòng UBND tỉnh"
            if not self.context.issuer:
                doubt = "“Văn phòng” không ghi rõ của cơ quan nào; tạm hiểu là Văn phòng UBND tỉnh"
        draft = self.draft_of(official, words.printed(at, end), group=False)
        draft.official = self.official(draft.name, "") if draft.name else draft.official
        return Found([draft], end, doubt=doubt)

    def _shared(self, words: Words, at: int) -> Found | None:
        """Read "Tài chính" after "Sở Nội vụ," and "Vĩnh Tường" after "các huyện Yên Lạc,"."""
        return self._behind_head(words, at) or self._behind_place(words, at)

    def without_head(self, words: Words, at: int) -> Found | None:
        """Read "Nội vụ" alone in a province's plan as the department, its "Sở" forgotten; told as misspelt."""
        if self.context.internal or self.context.of_ministry or self.context.local_issuer:
            return None
        if not words.tokens[at].text[0].isupper():
            return None
        hit = self.context.catalogue.longest(words, at, lead="Sở", on=self.context.on)
        if hit is None or hit.names[0].kind != "department" or not ends_here(words, hit.end):
            return None
        return replace(self._found(hit, words.printed(at, hit.end), Level(hit.end), ""), misspelt=True)

    def goes_on(self, words: Words, at: int) -> bool:
        """Say whether the clause is only the rest of a department's name: "Sở Nội vụ; Tài chính; Y tế"."""
        if self.shared.head.casefold() != "sở":
            return False
        hit = self.context.catalogue.longest(words, at, lead=self.shared.head)
        return hit is not None and words.plain(hit.end) in ("", ";", ".", LINE)

    def _behind_head(self, words: Words, at: int) -> Found | None:
        hit = self.context.catalogue.longest(words, at, lead=self.shared.head) if self.shared.head else None
        if hit is None:
            return None
        level = self._level(words, hit.end)
        if not ends_here(words, level.end) and not self._prose_follows(words, level.end):
            return None
        found = self._found(hit, words.printed(at, level.end), level, self.shared.head)
        if at and words.plain(at - 1) == "-" and not found.doubt:
            found.doubt = f"dấu gạch trước “{found.drafts[0].printed}”: hai cơ quan hay tên của một cơ quan hợp nhất"
        return found

    def _behind_place(self, words: Words, at: int) -> Found | None:
        place = self.shared.place
        end = name_end(words, at) if place and read_roles(words, at) is None else None
        if place is None or end is None or not ends_here(words, end):
            return None
        if not is_proper(words, at, end) and (not self.shared.plural or words.match(PROSE, at) is not None):
            return None
        official = f"{place.unit} {place.place} {spelt_name(words.printed(at, end))}"
        draft = Draft(words.printed(at, end), official, False, self.context.catalogue.named(official))
        remark = None if draft.name else ended_locality(replace(place, official=official), self.context.on)
        return Found([draft], end, place=place, plural=self.shared.plural, remark=remark)


def _own_offices(names: list[str], printed: str, place: str) -> str | None:
    """Return the offices of a district or a commune that its own plan calls "các phòng, ban", "các ngành huyện"."""
    district = place in _DISTRICT_KINDS
    level = "cấp huyện" if district else "cấp xã"
    if names == [PROFESSIONAL] and "tỉnh" not in printed:
        return f"Các cơ quan chuyên môn thuộc UBND {level}"
    if names == [PUBLIC_UNITS] and "tỉnh" not in printed:
        return f"Các đơn vị sự nghiệp công lập {level}"
    others = set(names) - {UNITS, DEPARTMENTS}
    of_place = re.search(rf"[^,] (?:của |thuộc )?{place}$", printed)
    if (
        "sở" in printed.split()
        or (others and not (of_place and others == {f"UBND {level}"}))
        or names[0]
        not in (
            UNITS,
            DEPARTMENTS,
        )
    ):
        return None
    return "Các phòng, ban chuyên môn cấp huyện" if district else "Các cơ quan chuyên môn thuộc UBND cấp xã"


def _province_in(words: Words, start: int, end: int) -> str:
    """Return the name of the province within a span, as printed; empty where none is named."""
    for place in range(start, end):
        if words.match(PROVINCE_NAME, place) == end:
            return words.printed(place, end)
    return ""
