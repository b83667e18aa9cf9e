"""Groups said in words: "các sở, ban, ngành cấp tỉnh", "UBND các huyện, thị xã, thành phố", "các đơn vị có liên quan".

A group is read by grammar, not from a list: an optional head of agency ("thủ trưởng"), an optional unit ("UBND",
"Bộ phận Một cửa"), "các", a list of class words, and what follows them ("cấp tỉnh", "có liên quan"). The class
words decide the name, so that "các sở, ngành liên quan" is still "Các sở, ban, ngành" and "các cơ quan, đơn vị,
địa phương có liên quan" one group.
"""

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from .group_words import (
    ALL,
    ALLOWED_AFTER,
    CENTRAL,
    CENTRE,
    CLASS,
    DEPARTMENT_STARTS,
    DEPARTMENTS,
    EVERY_LEVEL,
    EVERYBODY,
    FAMILY,
    HEAD,
    JOINT,
    JOINT_COMMITTEE,
    JOINT_OF,
    LOCALITIES,
    LONG_CLASSES,
    MANY,
    MINISTRIES,
    NAME_STARTS,
    NEEDS_MANY,
    NO_SLIPS,
    OFFICES,
    ONE_STOP,
    OTHER_UNIT,
    PROVINCE_NAME,
    QUALIFIER,
    RELEVANT,
    RELEVANT_TAIL,
    SHORT_DISTRICT,
    SOCIO_POLITICAL,
    SPELLINGS,
    STOP_SPELLINGS,
    STOPS,
    SURVEY,
    SURVEYED,
    UNIT,
    UNIT_HEADS,
    UNIT_SLIPS,
    UNITS,
    WHOLE,
)
from .words import LINE, Words


@dataclass(frozen=True, slots=True)
class Group:
    """A group's official name with its span of tokens and the kind of its members."""

    name: str
    start: int
    end: int
    misspelt: bool = False
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One class word of a list."""

    family: str
    word: str
    start: int
    end: int


_NO_PLURALS = ("môi", "mới", "mối", "tùng", "tung")
"""Words that look like "mọi", "từng" without diacritics: "Môi trường" is no "mọi trường"."""
_HEADS_OF_UNITS = ("truong", "nguoi", "thu", "giam")


def ends_here(words: Words, at: int) -> bool:
    """Say whether a name may end before this token: a separator, a role, a verb of prose, or the end."""
    if at >= len(words):
        return True
    if words.match(STOPS, at) is None:
        return False
    token = words.tokens[at]
    return token.key == token.plain or token.key in STOP_SPELLINGS.get(token.plain, (token.key,))


def misspelt(words: Words, start: int, end: int) -> bool:
    """Say whether a word of the span has the letters of a group's word but other diacritics ("cac so", "nghành")."""
    return any(
        token.is_word
        and (
            token.plain in UNIT_SLIPS
            or (token.key not in SPELLINGS[token.plain] if token.plain in SPELLINGS else _is_slip(token.plain))
        )
        for token in words.tokens[start:end]
    )


def _is_slip(plain: str) -> bool:
    return len(plain) >= 4 and plain not in NO_SLIPS and any(OSA.distance(plain, word) == 1 for word in LONG_CLASSES)


def read_group(words: Words, at: int, *, internal: bool) -> tuple[list[Group], int] | None:
    """Return the groups whose words start at a token and the token after them; None where no group starts.

    ``internal``: the plan is a department's own, so that "các phòng, đơn vị" and "các đơn vị" are its units.
    """
    start = words.match(HEAD, at) or at
    if start < len(words) and words.tokens[start].key in _NO_PLURALS:
        return None
    headed = words.plain(at) if start > at else ""
    found = _listed(words, start, headed, internal)
    whole = _whole(words, start)
    if whole and (found is None or whole[1] >= found[1]):
        found = whole
    if found is None:
        return None
    groups, end = found
    wrong = misspelt(words, at, end)
    return [
        Group(g.name, at if g.start == start else g.start, g.end, g.misspelt or wrong, g.doubt) for g in groups
    ], end


def _whole(words: Words, at: int) -> tuple[list[Group], int] | None:
    best: tuple[str, int] | None = None
    for pattern, name in WHOLE:
        end = words.match(pattern, at)
        if end is None or (name in NEEDS_MANY and words.match(MANY, at) is None and words.match(OFFICES, at) is None):
            continue
        if best is None or end > best[1]:
            best = (name, end)
    if best is None:
        return None
    name, end = best
    after = after_qualifiers(words, end)
    if not ends_here(words, after):
        return None
    if name.startswith("MTTQ+"):
        cut = next(i for i in range(at, end) if words.plain(i) == "va")
        return [Group("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", at, cut), Group(SOCIO_POLITICAL, cut + 1, after)], after
    if name == EVERYBODY:
        return [Group(ALL, at, after, doubt=f"“{words.printed(at, after)}” không rõ gồm những cơ quan nào")], after
    return [Group(name, at, after)], after


def after_qualifiers(words: Words, at: int) -> int:
    """Return the token after words such as "cấp tỉnh", "có liên quan", "trên địa bàn tỉnh"."""
    while (end := words.match(QUALIFIER, at)) is not None and end > at:
        at = end
    return at


def read_unit(words: Words, at: int) -> tuple[str | None, int]:
    """Return a unit that exists on several levels ("UBND", "Bộ phận Một cửa") and the token after it."""
    for pattern, unit in UNIT:
        if (end := words.match(pattern, at)) is not None:
            return unit, end
    return None, at


def _listed(words: Words, at: int, headed: str, internal: bool) -> tuple[list[Group], int] | None:
    unit, place = read_unit(words, at)
    if unit is None:
        return read_list(words, at, at, None, headed, internal)
    if words.plain(place) == LINE and words.match(MANY, place + 1) is not None:
        place += 1
    of = words.match(JOINT_OF, place)
    return read_list(
        words, at, of or place, unit, headed, internal, of_committees=of is not None and unit in (ONE_STOP, CENTRE)
    )


def read_list(
    words: Words, at: int, place: int, unit: str | None, headed: str, internal: bool, *, of_committees: bool = False
) -> tuple[list[Group], int] | None:
    """Read "các" and class words at ``place``; ``unit`` (if any) stands before them, from token ``at``."""
    many = None if words.match(EVERY_LEVEL, place) else words.match(MANY, place)
    items, end = _items(words, place if many is None else many, unit, JOINT_COMMITTEE if of_committees else JOINT)
    if not items:
        return None
    end, tail = _tail(words, end)
    if not ends_here(words, end):
        return None
    if unit is None and many is None and len(items) == 1 and not _stands_alone(items[0], tail, internal):
        return None
    if unit is not None and many is None and len(items) == 1 and _names_a_place(words, items[0]):
        return None
    groups = _named(items, unit, tail, headed, internal, at)
    return (_spanned(groups, at, end), end) if groups else None


def _names_a_place(words: Words, item: Item) -> bool:
    """Say whether one class word names one place: "thành phố", and "thị xã Quảng Trị" that is called as its province."""
    return item.word in ("thanh pho", "tp") or words.match(PROVINCE_NAME, item.end) is not None


def _stands_alone(item: Item, tail: str, internal: bool) -> bool:
    if internal and item.word == "don vi" and "thuoc" in tail:
        return True
    return item.word in ("cap huyen", "cap xa", "dia phuong") or (
        item.family in ("department", "unit", "room") and bool(RELEVANT_TAIL.search(tail) or SURVEY.search(tail))
    )


def _items(words: Words, place: int, unit: str | None, between: re.Pattern[str]) -> tuple[list[Item], int]:
    allowed = ALLOWED_AFTER.get(unit, OTHER_UNIT)
    items: list[Item] = []
    end = place
    while (item := _item(words, place, items)) is not None and item.family in allowed:
        if items and item.family == "unit" and (whole := _whole(words, place)) and whole[0][0].name == CENTRAL:
            break
        after = item.end
        if not _class_ends(words, after, items, item):
            named = _last_city(words, after, item, items)
            if named is None:
                break
            after = named
        items.append(Item(item.family, item.word, item.start, after))
        end = after
        joint = words.match(between, after)
        place = joint if joint is not None else after
        if joint is not None and unit is None and words.plain(joint - 1) == "cac" and _begins_anew(words, joint, items):
            break
    return items, end


def _begins_anew(words: Words, at: int, items: list[Item]) -> bool:
    """Say whether a second "các" begins another group: "các sở, ngành, các cơ quan Trung ương"."""
    following = _item(words, at, items)
    return (
        _whole(words, at - 1) is not None
        or following is None
        or following.family != items[-1].family
        or items[-1].word == "dia phuong"
    )


def _item(words: Words, place: int, items: list[Item]) -> Item | None:
    end = words.match(CLASS, place)
    if end is not None and _begins_a_name(words, place, end, items):
        return None
    if end is not None:
        word = words.sub(place, end)
        return Item(FAMILY[word], word, place, end)
    plain = words.plain(place)
    if not items or not words.is_word(place):
        return None
    cut = plain not in ("thi", "thanh") or (words.tokens[place].key != plain and ends_here(words, place + 1))
    if plain in SHORT_DISTRICT and cut and items[-1].family in ("district", "commune"):
        full = SHORT_DISTRICT[plain]
        return Item(FAMILY[full], full, place, place + 1)
    near = [word for word in LONG_CLASSES if _is_slip(plain) and OSA.distance(plain, word) == 1]
    if near and ends_here(words, place + 1):
        return Item(FAMILY[near[0]], near[0], place, place + 1)
    return None


def _begins_a_name(words: Words, place: int, end: int, items: list[Item]) -> bool:
    if words.match(NAME_STARTS, place) is not None:
        return True
    capital = words.is_word(end) and (words.tokens[end].text[0].isupper() or words.text == words.text.lower())
    return (bool(items) or capital) and words.match(DEPARTMENT_STARTS, place) is not None


def _class_ends(words: Words, after: int, items: list[Item], item: Item) -> bool:
    if ends_here(words, after) or words.match(QUALIFIER, after) is not None or words.match(SURVEY, after) is not None:
        return True
    following = _item(words, after, [*items, item])
    return following is not None and (
        following.family == item.family or {following.family, item.family} <= {"department", "unit", "room"}
    )


def _last_city(words: Words, after: int, item: Item, items: list[Item]) -> int | None:
    """Return the token after "thành phố Huế" in "các huyện, thị xã và thành phố Huế", "đặc khu Phú Quý" in "các xã,
    phường, đặc khu Phú Quý": the list is still the whole level."""
    if item.word not in ("thanh pho", "tp", "thi xa", "dac khu") or all(other.family != item.family for other in items):
        return None
    end = after
    while words.is_word(end) and end - after < 4 and (not ends_here(words, end) or words.tokens[end].text[0].isupper()):
        end += 1
    return end if end > after and ends_here(words, end) else None


def _tail(words: Words, end: int) -> tuple[int, str]:
    start = end
    while True:
        after = after_qualifiers(words, end)
        surveyed = words.match(SURVEY, after)
        after = after if surveyed is None else surveyed
        if after == end:
            return end, words.sub(start, end)
        end = after


def _named(
    items: list[Item], unit: str | None, tail: str, headed: str, internal: bool, at: int
) -> list[tuple[str, Item, Item]]:
    if unit is not None:
        return _of_unit(items, unit)
    families: dict[str, list[Item]] = {}
    for item in items:
        families.setdefault(item.family, []).append(item)
    if "room" in families and (items[0].family == "room" or len(families) == 1):
        name = UNIT_HEADS if headed in _HEADS_OF_UNITS else UNITS
        return [(name, items[0], items[-1])]
    words_of = {family: {item.word for item in found} for family, found in families.items()}
    named: list[tuple[str, Item, Item]] = []
    for family, found in families.items():
        if (
            family == "unit"
            and not (words_of["unit"] & {"don vi", "dia phuong", "to chuc"})
            and "department" in families
        ):
            continue
        group = _family_name(family, words_of, tail, internal)
        group = UNIT_HEADS if group == UNITS and headed in _HEADS_OF_UNITS else group
        if group is not None:
            named.append((group, found[0], found[-1]))
    return named


def _family_name(family: str, words_of: dict[str, set[str]], tail: str, internal: bool) -> str | None:
    said = words_of[family]
    if family == "department":
        if "ministry" in words_of and said == {"nganh"}:
            return None
        return SOCIO_POLITICAL if said <= {"doan the", "hoi", "mat tran", "to chuc doan the"} else DEPARTMENTS
    if family == "unit":
        if SURVEY.search(tail):
            return SURVEYED
        if "dia phuong" in said:
            return ALL if len(said) > 1 else LOCALITIES
        if RELEVANT_TAIL.search(tail):
            return RELEVANT
        return UNITS if internal and said <= {"don vi"} else ALL
    return {"district": "UBND cấp huyện", "commune": "UBND cấp xã", "ministry": MINISTRIES, "room": UNITS}.get(family)


def _of_unit(items: list[Item], unit: str) -> list[tuple[str, Item, Item]]:
    named: list[tuple[str, Item, Item]] = []
    families = [item.family for item in items]
    for bare in unit.split("+"):
        if not set(families) <= {"district", "commune"}:
            named.append((f"{bare} các cấp", items[0], items[-1]))
            continue
        for family, level in (("district", "cấp huyện"), ("commune", "cấp xã")):
            found = [item for item in items if item.family == family]
            if found:
                named.append((f"{bare} {level}", found[0], found[-1]))
    return named if "+" in unit else sorted(named, key=lambda entry: entry[1].start)


def _spanned(named: list[tuple[str, Item, Item]], at: int, end: int) -> list[Group]:
    groups: list[Group] = []
    for number, (name, first, last) in enumerate(named):
        start = at if number == 0 else first.start
        groups.append(Group(name, start, end if number == len(named) - 1 else last.end))
    return groups
