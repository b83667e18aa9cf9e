"""Who owes a duty of the prose, and in which role: by its subject, by the heading over it, by its verbs."""

import re
from dataclasses import replace
from itertools import islice

from agencies.folding import fold
from agencies.matching import AgencyCell
from plans.importing.columns import IMPLEMENT, MIXED
from plans.importing.proposal import Assignment
from plans.importing.understanding import verbs
from plans.importing.understanding.meaning import Reading, entries_as_assignments, partners_in

_TRIED_VERBS = 4
_UNIT_NAME = re.compile(
    r"^(?:các\s+)?(?:Phòng|Trung tâm|Chi cục|Ban|Trường|Bệnh viện|Công ty|Tổng công ty|Hội|Đội|Tổ|Văn phòng|Viện|Quỹ|Khoa|Sở|"
    r"Tập đoàn|Hạt|Trạm)\s+[A-ZĐÀ-Ỹ]"
)
_LONGEST_NAME = 90
_SUPERIOR = re.compile(r"^(?:UBND tỉnh|UBND thành phố|HĐND tỉnh|Tỉnh ủy|Bộ Nội vụ|Chính phủ)$")


def agencies_of_heading(words: str, reading: Reading) -> tuple[list[Assignment], str]:
    """The agencies that a heading consists of ("2. Giao Sở Nội vụ"), and their words; nothing when it says something else."""
    plain = verbs.ORDERED_PRINTED.sub("", words.strip(" *:."), count=1).strip()
    if not plain or len(plain) > 330 or not verbs.SUBJECT.match(fold(plain)):
        return [], ""
    if verbs.FIRST_VERB_PRINTED.search(plain) and not words.rstrip(" *").endswith(":"):
        return [], ""
    cell = reading.agencies(plain, MIXED)
    if not cell.entries:
        return [], ""
    if not _are_names(cell):
        is_one = _UNIT_NAME.match(plain) and not re.search(r"[,;:.]", plain) and len(plain) < _LONGEST_NAME
        return ([Assignment(plain, "lead", False, False, plain, False, "heading")], plain) if is_one else ([], "")
    if sum(len(entry.name) for entry in cell.entries) * 5 < len(plain) * 3 and not cell.excluded:
        return [], ""  # a sentence that only begins with an agency
    return [_inferred(one) for one in entries_as_assignments(cell, MIXED, "heading")], plain


def _are_names(cell: AgencyCell) -> bool:
    """Whether every part is a known agency, or is written as the name of a unit ("Phòng Nghiệp vụ Y")."""
    return all(_UNIT_NAME.match(words) and len(words) < _LONGEST_NAME for words in cell.unknown)


def _inferred(assignment: Assignment) -> Assignment:
    """Groups implement; an agency that a heading names leads; nothing of this is in the words."""
    return replace(assignment, role=IMPLEMENT if assignment.group else "lead", role_stated=False)


def split_subject(text: str, reading: Reading) -> tuple[list[Assignment], str, str]:
    """The agencies that a sentence begins with, their words, and the rest: "Sở Nội vụ tổng hợp, theo dõi …"."""
    if not verbs.SUBJECT.match(fold(text[:120])):
        return [], "", text
    for verb in islice(verbs.FIRST_VERB_PRINTED.finditer(text[:420]), _TRIED_VERBS):
        words = verbs.ORDERED_PRINTED.sub("", text[: verb.start()], count=1).strip(" ,")
        if re.search(r"(?:\bvà|,)$", words):  # "Sở Giáo dục và | đào tạo"
            continue
        cell = reading.agencies(words, MIXED)
        if cell.entries and _are_names(cell):
            return _subject(cell, words, text[verb.start() :].lstrip(" :"))
    return [], "", text


def _subject(cell: AgencyCell, words: str, rest: str) -> tuple[list[Assignment], str, str]:
    found = [replace(_inferred(one), source="text") for one in entries_as_assignments(cell, MIXED, "text")]
    chiefs = bool(verbs.CHIEFS.match(fold(words)))
    if chiefs and re.match(r"trực tiếp", fold(rest)):
        found = [replace(one, role="lead", role_stated=True) for one in found]
    return found, words, rest


def with_roles(owners: list[Assignment], text: str, reading: Reading) -> list[Assignment]:
    """Let the verbs of a duty say what its owners do, and add the partners and the watched that it names."""
    folded = re.sub(r"^(?:có trách nhiệm|chịu trách nhiệm|có nhiệm vụ)\s+", "", fold(text))
    result: list[Assignment] = []
    for owner in owners:
        result += [_group_role(owner, folded)] if owner.group else _single_roles(owner, folded)
    given = {one.agency_or_group for one in result}
    for partner in [*partners_in(text, reading, general=True, named=_UNIT_NAME), *_watched(text, reading)]:
        if partner.agency_or_group not in given and not _SUPERIOR.match(partner.agency_or_group):
            result.append(partner)
            given.add(partner.agency_or_group)
    return result


def _group_role(owner: Assignment, folded: str) -> Assignment:
    if verbs.SUPPORTS.match(folded):
        return replace(owner, role="coordinate", role_stated=True, source="text")
    return owner


def _single_roles(owner: Assignment, folded: str) -> list[Assignment]:
    roles: list[tuple[str, bool]] = []
    if verbs.LEADS.search(folded):
        roles.append(("lead", True))
    if verbs.ADVISES.search(folded):
        roles.append(("advise", True))
    if verbs.MONITORS.search(folded):
        roles.append(("monitor", True))
    if not roles and re.match(r"phối hợp\b(?!.{0,200}tham mưu)", folded):
        roles.append(("lead", False))
    if not any(role == "lead" for role, _ in roles) and not _is_whole(folded, roles):
        roles.insert(0, ("lead", False))
    stated = [role for role, said in roles if said]
    source = "text" if stated else owner.source
    return [
        replace(owner, role=role, role_stated=said, source=source if said else owner.source)
        for role, said in dict(roles).items()
    ]


def _is_whole(folded: str, roles: list[tuple[str, bool]]) -> bool:
    """Whether the first verb already says the whole duty (to advise, to watch), so that no lead is inferred beside it."""
    names = {role for role, _ in roles}
    advises = "advise" in names and not re.search(r"\bđể tham mưu\b", folded)
    return advises or ("monitor" in names and bool(verbs.MONITORS_FIRST.match(folded)))


def _watched(text: str, reading: Reading) -> list[Assignment]:
    """The group that is watched while it carries something out owes that too."""
    match = verbs.WATCHED_PRINTED.search(text[:600])
    if not match:
        return []
    cell = reading.agencies(match["who"].strip(" ,").removeprefix("kiểm tra ").removeprefix("hướng dẫn "), MIXED)
    if cell.unknown:
        return []
    found = entries_as_assignments(cell, MIXED, "text")
    return [
        replace(one, role=IMPLEMENT, role_stated=True)
        for one in found
        if one.group and one.known and "liên quan" not in one.agency_or_group
    ]


def is_general_duty(text: str) -> bool:
    """Whether a duty tells its owners to carry out the whole plan, so that they owe what names nobody."""
    return bool(verbs.GENERAL_DUTY.search(fold(text)))
