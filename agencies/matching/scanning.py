"""Walks over the words of a cell, finds agencies, groups, roles, brackets and exclusions, and keeps what it cannot
read."""

import re
from dataclasses import dataclass, field, replace

from agencies.folding import fold

from .cells import CellWarning
from .context import Context
from .finding import SHARED_HEADS, Finder, Found
from .group_words import SCOPE
from .groups import ends_here
from .localities import Locality, read_locality
from .prose import FIRM_ROLE, ORGANISATION, PROSE, has_abbreviation, is_note, is_organisation, is_proper, spelt_out
from .roles import Assigning, Draft, RoleWords, read_roles, read_short
from .words import BRACKET, LINE, Words

_SKIP = re.compile(
    r"(?:giao cho|giao|do|yeu cau|chi dao|gom co|gom|bao gom ca|bao gom|trong do|cung voi|cung(?! (?:cap|ung|van hoa|thieu nhi))|voi|cho|"
    r"va|tai(?! (?:chinh|nguyen))|(?:co quan|don vi)(?= (?::|la|nhu) )|la|nhu|mot so|"
    r"cac co quan nhu|rieng|tat ca cac|tat ca|cac|dong thoi|ngoai ra|,|\.|:|/|\+|\||-|hoac|…|\"|'|\*|!|\?|=|>|<|•|`) "
)
_REQUEST = re.compile(r"de nghi ")
_EXCLUDING = re.compile(
    r"(?:\( ?)?(?:ngoai tru|loai tru|tru|khong bao gom|khong gom|khong ke|khong tinh|"
    r"chua ke)(?: ca| cac)?(?= )"
)
_OBJECT = re.compile(
    r"(?:trinh|bao cao(?: ket qua)?(?: thuc hien)?(?: ve| cho| voi)?|gui(?: ve)?|giup|thong qua|qua|ve|"
    r"(?:theo )?(?:huong dan|chi dao|yeu cau|"
    r"de nghi|quy dinh|ke hoach|su chi dao) cua|thuoc|cua|tu|tai|ban hanh cua) "
)
_BY_ORDER = re.compile(
    r"(?:theo )(?:su )?(?:phan cong|huong dan|chi dao|yeu cau|de nghi|quy dinh|ke hoach|"
    r"uy quyen)(?: cua)? "
)
_SUPERIOR_OBJECT = re.compile(
    r"(?:cho |giup |voi |voi cho )?(?=(?:lanh dao |chu tich |thuong truc |"
    r"ban thuong vu )?(?:ubnd|uy ban nhan dan|hdnd|tinh uy|thanh uy|chinh phu|bo) )"
)
_ZONES = re.compile(r"cac (?=khu )")
_STANDING = re.compile(r"(?:[-,] )?(?:la )?co quan thuong truc [^,;¶⟦]*")
_OPEN_END = re.compile(r"(?:… |\. \. |v \. v |v v |\.\.\. )")
LONGEST_NAME = 60
"""Words of a piece that may be a misspelt name."""


@dataclass(slots=True)
class Scan:
    """One walk over a text. ``assigning`` holds the agencies; the lists hold what needs a person."""

    context: Context
    assigning: Assigning = field(default_factory=Assigning)
    excluded: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    misspelt: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[CellWarning] = field(default_factory=list)
    requested: bool = False
    finder: Finder = field(init=False)
    _told: bool = False
    _after_verb: bool = False

    def __post_init__(self) -> None:
        self.finder = Finder(self.context)

    def run(self, words: Words) -> None:
        """Read all the words."""
        at = 0
        while at < len(words):
            at = max(self._step(words, at), at + 1)

    def _step(self, words: Words, at: int) -> int:
        plain = words.plain(at)
        if plain in (";", LINE):
            return self._clause(words, plain, at)
        if plain == BRACKET:
            self._bracket(words.tokens[at].content)
            return at + 1
        if words.match(_OPEN_END, at) is not None or plain == "…":
            self.doubts.append("danh sách còn bỏ ngỏ (…)")
            return words.match(_OPEN_END, at) or at + 1
        if (end := words.match(_EXCLUDING, at)) is not None:
            return self._exclusion(words, end)
        if self.assigning.drafts and (end := words.match(_STANDING, at) or words.match(SCOPE, at)) is not None:
            return end
        found = self.finder.agency(words, at)
        roles = read_roles(words, at)
        if roles is not None and (found is None or roles.end > found.end or roles.label):
            return self._role(words, roles)
        if found is not None and (end := self._longer_name(words, at, found)) is not None:
            return self._organisation(words, at, end)
        if found is not None:
            return self._take(words, found)
        return self._other(words, at)

    def _longer_name(self, words: Words, at: int, found: Found) -> int | None:
        """Return where a public unit ends whose name only begins like a known one: "Trung tâm Xúc tiến Đầu tư - Thương
        mại và Hội chợ triển lãm"."""
        name = found.drafts[0].name if len(found.drafts) == 1 else None
        start = found.end + 1
        if (
            name is None
            or name.group
            or name.kind != "public_unit"
            or words.plain(found.end) != "-"
            or not words.is_word(start)
            or not words.tokens[start].text[0].isupper()
            or is_organisation(words, start)
            or read_roles(words, start)
            or self.finder.agency(words, start)
        ):
            return None
        return self._whole_name(words, at, self._run_end(words, at))

    def _organisation(self, words: Words, at: int, end: int) -> int:
        """Keep an organisation that no register knows, with the nearest names beside it."""
        printed = words.printed(at, end)
        self.unknown.append(printed)
        near = self.context.catalogue.candidates(printed)
        self.assigning.agency(Draft(printed, spelt_out(printed), False, None, known=False, candidates=near))
        self._told = True
        return end

    def _clause(self, words: Words, plain: str, at: int) -> int:
        self.assigning.clause()
        self._told = self._after_verb = False
        if plain == ";" and not self.finder.shared.plural and not self.finder.goes_on(words, at + 1):
            self.finder.shared.head, self.finder.shared.place = "", None
        return at + 1

    def _role(self, words: Words, roles: RoleWords) -> int:
        if roles.label:
            self.assigning.label(roles)
            self.finder.shared.head, self.finder.shared.place, self.finder.shared.plural = "", None, False
            return roles.end
        if (
            not roles.together
            and "coordinate" in roles.said
            and words.is_word(roles.end)
            and self.finder.agency(words, roles.end)
        ):
            roles = replace(
                roles, roles=tuple(role for role in roles.roles if role != "coordinate"), together=True, torn=False
            )
        self.assigning.verb(roles)
        self._told = True
        self._after_verb = not roles.together
        if not roles.together and "advise" in roles.roles:
            start = words.match(_SUPERIOR_OBJECT, roles.end) or roles.end
            target = self.finder.agency(words, start)
            if target and all(draft.name and draft.name.kind in ("superior", "party") for draft in target.drafts):
                return target.end
        return roles.end

    def _take(self, words: Words, found: Found) -> int:
        if words.plain(found.end) == ":" and all(draft.group for draft in found.drafts):
            return self._list_of_group(words, found)
        self._keep(found)
        self._told, self._after_verb = True, False
        self.finder.shared.unit = found.unit or (self.finder.shared.unit if found.strength == 1 else "")
        if found.place is not None:
            self.finder.shared.place, self.finder.shared.plural = found.place, found.plural or self.finder.shared.plural
            self.finder.shared.head = ""
        elif found.head:
            self.finder.shared.head = found.head
            self.finder.shared.place = None
        return found.end

    def _keep(self, found: Found) -> None:
        for draft in found.drafts:
            self.assigning.agency(draft)
            if found.misspelt:
                self.misspelt.append((draft.printed, draft.official))
        if found.doubt:
            self.doubts.append(found.doubt)
        if found.remark:
            self.remarks.append(found.remark)

    def _list_of_group(self, words: Words, found: Found) -> int:
        """Read "Các sở, ngành: Nội vụ, Tài chính": the list says who, the group's words only what they are."""
        officials = {draft.official for draft in found.drafts}
        keep = (self.finder.shared.head, self.finder.shared.place, self.finder.shared.plural)
        if officials & {"UBND cấp huyện", "UBND cấp xã"}:
            kinds = _kinds_in(words.printed(found.end - 8 if found.end > 8 else 0, found.end))
            self.finder.shared.place, self.finder.shared.head = Locality("", "UBND", kinds[0], 0, True), ""
        else:
            self.finder.shared.head, self.finder.shared.place = "Sở", None
        self.finder.shared.plural = True
        if self.finder.shared.place and len(kinds) > 1 and read_locality(words, found.end + 1) is None:
            self.doubts.append(f"không rõ các đơn vị nêu tên là {' hay '.join(kinds)}")
        behind = self.finder.agency(words, found.end + 1)
        if behind is None or all(draft.group for draft in behind.drafts):
            self.finder.shared.head, self.finder.shared.place, self.finder.shared.plural = keep
            self._keep(found)
        return found.end + 1

    def _bracket(self, content: str) -> None:
        inner = Words(content)
        if not len(inner):
            return
        if (end := inner.match(_EXCLUDING, 0)) is not None:
            self._exclusion(inner, end, whole=True)
            return
        roles = read_short(inner) or read_roles(inner, 0)
        if roles is not None and not roles.label:
            if roles.roles or not roles.together:
                self.assigning.bracket(roles)
            if roles.together:
                self._partners(inner, roles.end)
            elif len(inner) > roles.end and (more := self._within(inner, roles.end)) is not None:
                self._partners(inner, more)
            return
        last = self.assigning.drafts[-1] if self.assigning.drafts else None
        if last is None or is_note(inner):
            return
        listed = Scan(self.context)
        listed.finder.shared.head = "Sở" if last.official.startswith(("Các sở", "Các cơ quan chuyên môn")) else ""
        listed.run(inner)
        told = [draft for draft in listed.assigning.drafts if draft.roles]
        if told:
            self.assigning.drafts += told
            self.misspelt += listed.misspelt
        elif last.group and not listed.unknown and any(_stands_by_itself(draft) for draft in listed.assigning.drafts):
            self.doubts.append(f"“{last.printed} ({content})”: cả nhóm hay chỉ các cơ quan trong ngoặc")

    def _within(self, inner: Words, at: int) -> int | None:
        for place in range(at, len(inner)):
            roles = read_roles(inner, place)
            if roles is not None and roles.together:
                return roles.end
        return None

    def _partners(self, inner: Words, at: int) -> None:
        """Take the agencies of "(chủ trì, phối hợp với …)": they coordinate; the bracket ends their role."""
        partners = Scan(self.context)
        partners.run(_rest(inner, at))
        for draft in partners.assigning.drafts:
            draft.roles = ("coordinate",)
            self.assigning.drafts.append(draft)
        self.unknown += partners.unknown
        self.doubts += partners.doubts
        self.misspelt += partners.misspelt

    def _exclusion(self, words: Words, at: int, *, whole: bool = False) -> int:
        """Take the names behind "trừ" up to the end of the clause, or ``whole`` to the end of a bracket; they belong
        to the last group."""
        while (again := words.match(_EXCLUDING, at)) is not None:
            at = again
        end = at
        while (
            end < len(words)
            and words.plain(end) not in ((BRACKET,) if whole else (";", LINE, BRACKET))
            and (end == at or read_roles(words, end) is None)
        ):
            end += 1
        names = Scan(self.context)
        names.run(_part(words, at, end))
        out = [draft.official for draft in names.assigning.drafts]
        if names.unknown:
            self.doubts.append(f"chưa hiểu phần loại trừ “{words.printed(at, end)}”")
        self.doubts += names.doubts
        self.misspelt += names.misspelt
        out = list(dict.fromkeys(out))
        self.excluded += [name for name in out if name not in self.excluded]
        target = next((draft for draft in reversed(self.assigning.drafts) if draft.group), None)
        if target is not None:
            target.excluded += out
        elif out:
            self.doubts.append("có cơ quan bị loại trừ nhưng không rõ trừ khỏi nhóm nào")
        return end

    def _other(self, words: Words, at: int) -> int:
        """Take what is no agency and no role: a request, an object of prose, filler words, or something unknown."""
        if (end := words.match(_REQUEST, at)) is not None:
            self.requested = True
            return end
        if words.plain(at) == "hoac" and self.assigning.drafts:
            self.doubts.append("“hoặc”: văn bản để ngỏ cơ quan nào thực hiện")
        if (end := words.match(_BY_ORDER, at) or (words.match(_OBJECT, at) if self._told else None)) is not None:
            target = self.finder.agency(words, end)
            if target is not None:
                return target.end
        if words.plain(at) in SHARED_HEADS and words.plain(at + 1) == ":":
            self.finder.shared.head, self.finder.shared.plural = words.printed(at, at + 1), True
            return at + 2
        if (end := words.match(_SKIP, at)) is not None:
            if words.plain(at) == "giao":
                self.assigning.gives_orders()
            return end
        return self._unread(words, at)

    def _unread(self, words: Words, at: int) -> int:
        end = self._run_end(words, at)
        organised = is_organisation(words, at)
        prose = (
            words.match(PROSE, at) is not None
            and words.plain(at - 1 if at else at) != "cac"
            and not (is_proper(words, at, end) and not self._after_verb)
        )
        if self._narrows(words, at) and not organised:
            return end
        if (self._after_verb or (self._told and prose)) and not organised:
            return end
        if (found := self.finder.without_head(words, at)) is not None:
            self._keep(found)
            self._told = True
            return found.end
        if self._guess(words, at):
            return self._guess_end
        end = self._whole_name(words, at, end) if organised else end
        printed = words.printed(at, end)
        if words.is_word(end) and not organised and self.finder.agency(words, end):
            self.doubts.append(f"chưa hiểu “{printed}” đứng trước tên cơ quan")
        if not any(letter.isalpha() for letter in printed):
            return end
        if organised:
            return self._organisation(words, at, end)
        self.unknown.append(printed)
        self._told = True
        return end

    def _narrows(self, words: Words, at: int) -> bool:
        """Say whether small words right behind an agency only narrow it ("các cơ quan soạn thảo văn bản")."""
        return self._told and at > 0 and words.is_word(at - 1) and words.tokens[at].text[0].islower()

    _guess_end: int = 0

    def _guess(self, words: Words, at: int) -> bool:
        """Take a misspelt name: the nearest name of the catalogue where it stands out, else with a doubt."""
        end = at
        likely = words.match(ORGANISATION, at) is not None or bool(self.finder.shared.head) or words.plain(at) == "cac"
        for _ in range(4):
            end = self._piece_end(words, end)
            if not likely and len(words.sub(at, end).replace(" ", "")) < 10:
                break
            for lead in ("", self.finder.shared.head):
                near = self.context.catalogue.nearest(f"{lead} {words.printed(at, end)}".strip())
                printed = words.printed(at, end)
                if not near.names or (not near.clear and has_abbreviation(printed)):
                    continue
                name = near.names[0]
                self.assigning.agency(Draft(printed, self.finder.official(name, ""), name.group, name))
                self.misspelt.append((printed, name.name))
                if not near.clear:
                    names = " hoặc ".join(other.name for other in near.names)
                    self.doubts.append(f"“{printed}” viết sai, có thể là {names}")
                self._guess_end, self._told = end, True
                return True
            if words.plain(end) not in (",", "va", "-", LINE):
                break
            end += 1
            if end >= len(words):
                break
        return False

    def _piece_end(self, words: Words, at: int) -> int:
        end = at
        last = min(len(words), at + LONGEST_NAME)
        while end < last and words.plain(end) not in (",", "va", ";", LINE, BRACKET, ":", "-", "/", "+"):
            if end > at and read_roles(words, end) is not None:
                break
            end += 1
        return max(end, at + 1)

    def _run_end(self, words: Words, at: int) -> int:
        """Return the token where unread words end: a separator, a role, or an agency that stands by itself."""
        organised = is_organisation(words, at)
        end = at + 1
        while words.is_word(end) or (words.plain(end) in ("-", "/") and words.is_word(end + 1)):
            if self._role_stops(words, end, organised) or (
                not organised and not self._told and self.finder.agency(words, end)
            ):
                break
            end += 1
        return end

    def _role_stops(self, words: Words, at: int, organised: bool) -> bool:
        """Say whether a role ends a run of unread words; "hỗ trợ" or "giám sát" inside a name ("Trung tâm Hỗ trợ
        …") does not."""
        roles = read_roles(words, at)
        if roles is None:
            return False
        return not organised or words.match(FIRM_ROLE, at) is not None or ends_here(words, roles.end)

    def _whole_name(self, words: Words, at: int, end: int) -> int:
        """Run an unknown organisation over "," and "và" as long as what follows is no agency of its own."""
        while words.plain(end) in (",", "va") and words.is_word(end + 1):
            start = words.match(_ZONES, end + 1) or end + 1
            if start > end + 1:
                end = self._run_end(words, start)
                continue
            if (
                self.finder.agency(words, start)
                or read_roles(words, start)
                or is_organisation(words, start)
                or words.match(_SKIP, start)
            ):
                break
            end = self._run_end(words, start)
        return end


def _stands_by_itself(draft: Draft) -> bool:
    """Say whether an agency in brackets is one of its own, no unit of the agency before the bracket."""
    return draft.name is None or draft.name.kind not in ("internal_unit", "public_unit")


def _kinds_in(printed: str) -> list[str]:
    """Return the kinds of places that a group's words name: "các huyện, thành phố" gives both."""
    words = fold(printed)
    found = [
        kind for kind in ("huyện", "thị xã", "thành phố", "quận", "phường", "thị trấn", "đặc khu") if kind in words
    ]
    if re.search(r"(?<!thị )xã", words):
        found.append("xã")
    return found or ["xã"]


def _part(words: Words, start: int, end: int) -> Words:
    return Words(words.printed(start, end))


def _rest(words: Words, start: int) -> Words:
    return _part(words, start, len(words))
