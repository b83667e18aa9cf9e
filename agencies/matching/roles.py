"""Words that say a role, and who gets it.

Rules R0-R4 of the reading of an agency cell: a column with one role gives it to all (R0); a role in brackets goes
back to the previous bracket (R1); in the column "Cơ quan chủ trì, thực hiện" groups implement (R2), the first
named agency leads and the others implement (R3); "A chủ trì, phối hợp với B" (R4). What R2 and R3 give is our
inference: ``role_stated`` false.
"""

import re
from dataclasses import dataclass, field

from .catalogue import Name
from .cells import ADVISE, COORDINATE, IMPLEMENT, LEAD, MONITOR
from .words import Words

_WORDS = [
    (
        r"(?:dong |cung )?chu tri|dau moi|chiu trach nhiem(?: chinh)?|phu trach|lam chu dau tu|chu dau tu|"
        r"chi dao",
        LEAD,
    ),
    (r"(?:cung )?phoi (?:ket )?hop|phoi thuoc|tham gia|ho tro|cung thuc hien|cung tham gia", COORDINATE),
    (r"theo doi|don doc|kiem tra|giam sat", MONITOR),
    (r"tham muu|de xuat", ADVISE),
    (r"(?:to chuc |trien khai )?(?:to chuc |trien khai )?thuc hien|trien khai|thi hanh", IMPLEMENT),
]
# Duties that are no role: they close the list of agencies before them, so that a later role does not reach back.
_DUTY = "huong dan|tong hop|tham dinh"
_ONE = "|".join([*(pattern for pattern, _ in _WORDS), _DUTY])
_BEFORE = (
    r"(?:(?:la|lam|giu|voi|vai tro|nhiem vu|co quan , don vi|don vi , co quan|don vi|co quan|cq|dv|cap|"
    r"duoc giao|co trach nhiem|trach nhiem|"
    r"truc tiep|co nhiem vu|se|thi|to chuc|tu|chu dong) )*?"
)
_AFTER = r"(?: chinh| chung| chat che| truc tiep| viec)*"
_PHRASE = re.compile(
    rf"{_BEFORE}(?:{_ONE}){_AFTER}(?: (?:(?:,|va|-|/|\+|&|dong thoi|cung) ){{0,2}}(?:{_ONE}){_AFTER})* "
)
_WITH = re.compile(r"(?:(?:thuc hien|trien khai) )?(?:chat che )?(?:voi|cung voi|cung|va) ")
_SHORT = [
    (re.compile(pattern), role)
    for pattern, role in [
        (r"(?:ct|cqct|cq ct|dvct) : ", LEAD),
        (r"(?:ph|cqph|cq ph|dvph) : ", COORDINATE),
        (r"(?:th|cqth|dvth) : ", IMPLEMENT),
    ]
]
_EACH = [(re.compile(rf"\b(?:{pattern})\b"), role) for pattern, role in _WORDS]


@dataclass(frozen=True, slots=True)
class RoleWords:
    """A phrase that says roles. ``label``: a colon follows; ``together``: the partners follow ("phối hợp với …")."""

    roles: tuple[str, ...]
    end: int
    label: bool = False
    together: bool = False
    torn: bool = False
    said: tuple[str, ...] = ()


def read_roles(words: Words, at: int) -> RoleWords | None:
    """Return the role phrase that starts at a token, or None.

    "chủ trì thực hiện" is one role, lead; "chủ trì, tham mưu" are two; ``torn`` marks "chủ trì, phối hợp" without
    a partner.
    """
    for pattern, role in _SHORT:
        if (end := words.match(pattern, at)) is not None:
            return RoleWords((role,), end, label=True)
    end = words.match(_PHRASE, at)
    if end is None:
        return None
    said = roles_in(words.sub(at, end))
    last = said[-1] if said else ""
    if words.plain(end) == ":":
        return RoleWords(_told(said), end + 1, label=True, torn=_is_torn(said))
    if words.plain(end) == "-" and words.is_word(end + 1) and at == 0:
        return RoleWords(_told(said), end + 1, label=True, torn=_is_torn(said))
    if COORDINATE in said and last in (COORDINATE, IMPLEMENT) and (after := words.match(_WITH, end)) is not None:
        before = tuple(role for role in _told(said) if role != COORDINATE)
        return RoleWords(before, after, together=True)
    return RoleWords(_told(said), end, torn=_is_torn(said), said=tuple(said))


def read_short(words: Words) -> RoleWords | None:
    """Return the role of a bracket that holds only its abbreviation: "(CT)", "(PH)", "(TH)"."""
    role = {"ct": LEAD, "ph": COORDINATE, "th": IMPLEMENT}.get(words.flat.strip())
    return RoleWords((role,), len(words)) if role else None


def roles_in(plain: str) -> list[str]:
    """Return the roles that a phrase names, in order."""
    found = [(match.start(), role) for pattern, role in _EACH for match in pattern.finditer(plain)]
    return [role for _, role in sorted(found)]


def _told(said: list[str]) -> tuple[str, ...]:
    roles = list(dict.fromkeys(said))
    if len(roles) > 1 and IMPLEMENT in roles:
        roles.remove(IMPLEMENT)
    if len(roles) > 1 and COORDINATE in roles:
        roles.remove(COORDINATE)
    return tuple(roles)


def _is_torn(said: list[str]) -> bool:
    return LEAD in said and COORDINATE in said


@dataclass(slots=True, eq=False)
class Draft:
    """An agency found in the cell, before its role is settled."""

    printed: str
    official: str
    group: bool
    name: Name | None = None
    known: bool = True
    candidates: tuple[str, ...] = ()
    excluded: list[str] = field(default_factory=list)
    roles: tuple[str, ...] = ()
    clause: int = 0


class Assigning:
    """Gives roles to agencies as both turn up, from left to right."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.torn = False
        self._open: list[Draft] = []
        self._subject: list[Draft] = []
        self._forward: tuple[str, ...] = ()
        self._since_with: list[Draft] = []
        self._label = False
        self._clause = 0

    def agency(self, draft: Draft) -> None:
        """Take an agency: it gets the role announced before it, or waits for one behind it."""
        draft.clause = self._clause
        self.drafts.append(draft)
        if self._forward:
            draft.roles = self._forward
            self._since_with.append(draft)
        else:
            self._open.append(draft)

    def gives_orders(self) -> None:
        """Take "UBND tỉnh giao …": who gives the order is not one of those who carry it out."""
        if self.drafts and all(
            not draft.roles and draft.name and draft.name.kind == "superior" for draft in self.drafts
        ):
            self.drafts.clear()
            self._open.clear()

    def clause(self) -> None:
        """Take a semicolon, a bullet or a line end."""
        self._clause += 1

    def bracket(self, words: RoleWords) -> None:
        """Take a role in brackets (R1)."""
        targets = self._open or self._since_with or self.drafts[-1:]
        if words.roles:
            self._give(targets, words)
        self._close(targets)

    def label(self, words: RoleWords) -> None:
        """Take "Chủ trì:"; it holds until the next role."""
        self.torn = self.torn or words.torn
        self._close(self._open or self._subject)
        self._forward, self._label = words.roles, True

    def verb(self, words: RoleWords) -> None:
        """Take "chủ trì" after its agencies, or before them where none waits; then perhaps "phối hợp với"."""
        if words.roles:
            self._own_verb(words)
        elif not words.together and self._open:
            self._close(self._open)
        if words.together:
            self._close(self._open or self._subject)
            self._forward = (COORDINATE,)

    def _own_verb(self, words: RoleWords) -> None:
        if self._open:
            self._give(self._open, words)
            self._close(self._open)
        elif self._since_with and (
            late := [d for d in self._since_with if d.clause > self._since_with[0].clause and d.clause == self._clause]
        ):
            self._give(late, words)
            self._close(late)
        elif self._since_with and self._label and words.roles != (COORDINATE,):
            self._give(self._since_with[-1:], words)
        elif self._subject:
            extra = tuple(role for role in words.roles if role not in (IMPLEMENT, COORDINATE))
            for draft in self._subject:
                if draft.roles or extra:
                    draft.roles = tuple(dict.fromkeys((*draft.roles, *extra)))
        elif not self.drafts:
            self._forward = words.roles

    def _give(self, targets: list[Draft], words: RoleWords) -> None:
        self.torn = self.torn or (words.torn and len(targets) > 1)
        for draft in targets:
            draft.roles = words.roles

    def _close(self, subject: list[Draft]) -> None:
        self._subject = list(subject)
        self._open, self._since_with, self._forward, self._label = [], [], (), False

    def settle(self, column: str) -> list[tuple[Draft, str, bool]]:
        """Return each agency with its role and whether the text states it, for a column (R0, R2, R3); one row a
        role."""
        rows: list[tuple[Draft, str, bool]] = []
        stated = {draft.official for draft in self.drafts if draft.roles}
        led = any(LEAD in draft.roles for draft in self.drafts)
        for draft in self.drafts:
            if draft.roles:
                rows += [(draft, role, True) for role in draft.roles]
            elif draft.official in stated:
                continue
            elif column in (LEAD, COORDINATE, IMPLEMENT, MONITOR, ADVISE):
                rows.append((draft, column, True))
            elif draft.group or led:
                rows.append((draft, IMPLEMENT, False))
            else:
                rows.append((draft, LEAD, False))
                led = True
        return rows
