"""The reader of agency cells: words of a cell → agencies and groups with their roles, and what a person must look
at."""

import datetime as dt
import logging
import re

from agencies import standard
from agencies.folding import fold

from .catalogue import Catalogue
from .cells import COORDINATE, LEAD, AgencyCell, CellWarning, Entry
from .context import Context
from .ended import dated
from .roles import Draft
from .scanning import Scan
from .words import Words, clean

log = logging.getLogger(__name__)
LONGEST = 4000  # characters of a cell that is still read; the longest known one has some hundreds
_REMEMBERED = 5000  # cells kept per catalogue: the cells of a plan repeat
_BULLET = re.compile(
    r"(?m)^\s*(?:[-+•*·●▪◦–►✓»>]+\s*(?=[^\W\d_])|o\s+(?=[A-ZĐÀ-Ỹ])|\d{1,2}[.)/]\s*(?=[^\W\d_])|[a-zđA-ZĐ]\)\s*|"
    r"(?:[IVX]{1,4}|[a-zđ])\.\s+)"
)
_INLINE_NUMBER = re.compile(r"(?<=[\w.,;)])\s+(?:\d{1,2}[.)]|[a-zđ]\))\s+(?=[A-ZĐ])")
_SHORT_HOSPITAL = re.compile(r"\bBV\.?\s+(?=[^\W\d_])")
_SHORT_ROOM = re.compile(r"\bP\.\s*(?=[^\W\d_])")
_LISTED = re.compile(r"(?<=[;\n])\s*(?:\d{1,2}|[a-zđA-ZĐ])\)\s*(?=[^\W\d_])")
_SMALL_BULLET = re.compile(r"(?<=[.;:])\s+[-+•]\s*(?=[^\W\d_])")
_NAMED_SHORT = re.compile(r"\s*\((?:UBND|HĐND|MTTQ|(?:sau đây )?(?:gọi|viết) (?:tắt|chung)[^)]*)\)\s*", re.I)
_SHORT_CITY = re.compile(r"\b(TP|TX)\.\s*(?=\w)", re.IGNORECASE)
_TORN_AT_DASH = re.compile(r"\A([^\n]*[^\W\d_])\n-\s+([^\W\d_][^\n-]*)\Z")
_BEGINS = re.compile(
    r"(?:các|những|toàn|sở|ban|ubnd|uỷ ban|ủy ban|văn phòng|công an|phòng|cơ quan|đơn vị|huyện|thành phố|thị xã|xã(?! hội)|phường|"
    r"hội|đoàn|trung tâm|báo|đài|bộ|cục|chi cục|thanh tra|trường|viện|bệnh viện|chủ trì|phối hợp|thực hiện|tham mưu|theo dõi)\b"
)
"""What the second item of a list begins with, and not the rest of a name torn at its dash ("kinh tế / - xã hội")."""
_LINE_END = re.compile(r"(?<=[^\W\d_])\n(?=([^\W\d_]{2}))")
_DITTO = re.compile(
    r"[\s\-–—.(\"'“”″〃]*(?:nt|n\.t|như trên|nhu tren|như dòng trên|tương tự|tương tự như trên|〃|″|//|\"|“|”|,,|"
    r"'')[\s\-–—.)\"'“”″〃]*",
    re.I,
)
_NOTHING = re.compile(r"(?:không(?: có)?|chưa có|0|x)?\W*", re.I)


def is_ditto(text: str | None) -> bool:
    """Say whether a cell only repeats the one above it ("nt", "-nt-", "Như trên", a quotation mark)."""
    return bool(text and _DITTO.fullmatch(clean(text)))


def parse_agency_cell(
    text: str | None,
    *,
    column: str,
    catalogue: Catalogue,
    province: str | None = None,
    issuer: str | None = None,
    plan_signed: dt.date | None = None,
) -> AgencyCell:
    """Read one agency cell.

    ``column`` is the cell's column: "lead", "coordinate", "implement" or "lead_implement" (one column for both
    roles). ``issuer`` tells inside which agency "Văn phòng" and "các phòng, đơn vị" are read; ``plan_signed``
    which names had ended. Never raises.
    """
    plain = clean(text if isinstance(text, str) else "")
    place = province or catalogue.province
    asked = (plain, column, place, issuer, plan_signed)
    if asked not in catalogue.read_before:
        city = standard.is_city(place, plan_signed)
        context = Context(catalogue, column, clean(issuer or ""), plan_signed, place, city)
        if len(catalogue.read_before) >= _REMEMBERED:
            catalogue.read_before.clear()
        catalogue.read_before[asked] = _safely(plain, context)
    return catalogue.read_before[asked]


def _safely(plain: str, context: Context) -> AgencyCell:
    """Read a cell; one that breaks the reader must not break the plan: it goes to a person, whole."""
    try:
        return _read(plain, context)
    except Exception as error:
        log.error("agency cell not read (%s): %r", type(error).__name__, plain[:200])
        return AgencyCell(ambiguous=True, why="không đọc được ô này", unknown=(" ".join(plain.split()),))


def _read(plain: str, context: Context) -> AgencyCell:
    if len(plain) > LONGEST:
        return AgencyCell(
            ambiguous=True, why="ô dài bất thường, không phải ô cơ quan", unknown=(" ".join(plain.split()),)
        )
    if is_ditto(plain):
        remark = CellWarning("ditto", plain, "Ô ghi như dòng trên: lấy cơ quan của dòng trên.")
        return AgencyCell(why="như dòng trên", warnings=(remark,), ditto=True)
    if _NOTHING.fullmatch(plain):
        return AgencyCell(warnings=_missing_lead(context.column, []))
    scan = Scan(context)
    scan.run(Words(_separated(_with_heads(plain, context))))
    if not scan.assigning.drafts and not scan.unknown and not scan.excluded:
        scan.unknown.append(" ".join(plain.split()))
    return _cell(scan, context)


def _with_heads(plain: str, context: Context) -> str:
    """Return the text with short heads written out: "BV" always, "P." (a room in a department's plan, else a phường)."""
    plain = _SHORT_HOSPITAL.sub("Bệnh viện ", plain)
    return _SHORT_ROOM.sub("Phòng ", plain) if context.internal else plain


def _separated(plain: str) -> str:
    """Return the text with its bullets and numbers turned into semicolons."""
    torn = None if plain.startswith(("-", "+", "•", "*")) else _TORN_AT_DASH.match(plain)
    if torn and torn[2][0].islower() and not _BEGINS.match(fold(torn[2])):
        plain = f"{torn[1]} - {torn[2]}"
    if plain != plain.lower():
        plain = _LINE_END.sub(lambda found: " " if found[1].islower() else "\n", plain)
    plain = _SHORT_CITY.sub(r"\1 ", plain)
    text = _BULLET.sub("; ", _NAMED_SHORT.sub(" ", plain))
    if text != plain and re.match(r"\s*(?:\d|a\))", plain):
        text = _INLINE_NUMBER.sub("; ", text)
    return _SMALL_BULLET.sub("; ", _LISTED.sub(" ", text))


def _cell(scan: Scan, context: Context) -> AgencyCell:
    rows = scan.assigning.settle(context.column)
    if scan.assigning.torn:
        scan.doubts.append("“chủ trì, phối hợp” ghi chung cho nhiều cơ quan: không rõ cơ quan nào chủ trì")
    entries = _merged(rows)
    doubts = list(dict.fromkeys(scan.doubts))
    unknown = tuple(dict.fromkeys(scan.unknown))
    return AgencyCell(
        entries=entries,
        excluded=tuple(scan.excluded),
        ambiguous=bool(doubts),
        why="; ".join(doubts),
        unknown=unknown,
        warnings=tuple(_warnings(scan, context, entries, rows)),
    )


def _merged(rows: list[tuple[Draft, str, bool]]) -> tuple[Entry, ...]:
    """Return one entry for each agency and role; what is said twice is kept once."""
    entries: dict[tuple[str, str], Entry] = {}
    for draft, role, stated in rows:
        seen = entries.get((draft.official, role))
        excluded = tuple(dict.fromkeys((*(seen.excluded if seen else ()), *draft.excluded)))
        entries[draft.official, role] = Entry(
            name=seen.name if seen else draft.printed,
            agency_or_group=draft.official,
            group=draft.group,
            role=role,
            role_stated=stated or bool(seen and seen.role_stated),
            known=draft.known,
            key=draft.name.key if draft.name else None,
            candidates=draft.candidates,
            excluded=excluded,
        )
    return tuple(entries.values())


def _warnings(
    scan: Scan, context: Context, entries: tuple[Entry, ...], rows: list[tuple[Draft, str, bool]]
) -> list[CellWarning]:
    found = [_unknown(words, context.catalogue) for words in dict.fromkeys(scan.unknown)]
    found += [
        CellWarning("misspelt_agency", printed, f"“{printed}” viết chưa đúng; hiểu là {official}.")
        for printed, official in dict.fromkeys(scan.misspelt)
        if any(printed == entry.name for entry in entries)
    ]
    names = {draft.official: draft.name for draft, _, _ in rows if draft.name}
    found += [warning for official, name in names.items() if (warning := dated(official, name, context.on))]
    found += dict.fromkeys(scan.remarks)
    found += _two_roles(rows)
    found += _missing_lead(context.column, [entry.role for entry in entries])
    if scan.requested:
        found.append(
            CellWarning(
                "request_not_order", "Đề nghị", "Văn bản đề nghị, không giao: không tính quá hạn đối với cơ quan này."
            )
        )
    return found


def _unknown(words: str, catalogue: Catalogue) -> CellWarning:
    near = catalogue.candidates(words)
    meant = f" (có thể là {', '.join(near)})" if near else ""
    return CellWarning(
        "unknown_agency", words, f"Không nhận ra “{words}” là cơ quan nào{meant}: chọn trong danh bạ hoặc thêm mới."
    )


def _two_roles(rows: list[tuple[Draft, str, bool]]) -> list[CellWarning]:
    """Warn of an agency that stands twice with different roles (not of one that is given two roles at once)."""
    roles: dict[str, set[tuple[str, ...]]] = {}
    for draft, role, _ in rows:
        roles.setdefault(draft.official, set()).add(draft.roles or (role,))
    return [
        CellWarning("same_agency_two_roles", official, f"{official} được ghi hai lần với vai trò khác nhau.")
        for official, said in roles.items()
        if len(said) > 1
    ]


def _missing_lead(column: str, roles: list[str]) -> tuple[CellWarning, ...]:
    if column == LEAD and not set(roles) - {COORDINATE}:
        return (CellWarning("missing_lead", "", "Chưa có cơ quan chủ trì."),)
    if column == "lead_implement" and roles and set(roles) == {COORDINATE}:
        return (CellWarning("missing_lead", "", "Ô chỉ ghi cơ quan phối hợp, chưa có cơ quan chủ trì."),)
    return ()
