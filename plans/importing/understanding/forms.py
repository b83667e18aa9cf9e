"""Tasks that are little forms, the names of the fields at the left and their words at the right, made into a table."""

import re

from plans.importing.columns import AGENCY_ROLES, TIME_ROLES, role_of
from plans.importing.document import Table, grid_from_rows

_NUMBERED = re.compile(r"^(?P<name>\D+?)\s*(?:số\s*)?(?P<no>\d{1,3}(?:\.\d{1,3})*)?\s*[:.]?$", re.DOTALL)
_LEAST_FIELDS = 3


def upright(table: Table) -> Table | None:
    """The table with one row a task, when each task is a form of two columns; else nothing.

    A form begins where the task itself is named; a field whose name says nothing goes to the note with its name.
    """
    if table.width != 2 or len(table.rows) < _LEAST_FIELDS:
        return None
    fields = [(_name(row[0].text), row[0].text, row[1].text) for row in table.rows if row[0] is not row[1]]
    roles = [role for (role, _), _, _ in fields]
    known = sum(bool(role) for role in roles)
    if "text" not in roles or not set(roles) & (AGENCY_ROLES | TIME_ROLES) or known * 5 < len(table.rows) * 4:
        return None
    if sum(bool(role_of(row[1].text)) for row in table.rows) * 3 > len(table.rows):
        return None  # both columns hold names: the head of an ordinary table
    heads: dict[str, str] = {}
    forms: list[dict[str, str]] = []
    places: list[int] = []
    for place, ((role, number), head, words) in enumerate(fields):
        if role == "text":
            forms.append({"no": number})
            places.append(place)
        if not forms:
            continue
        if role:
            heads.setdefault(role, _NUMBERED.sub(r"\g<name>", head).strip())
            forms[-1][role] = f"{forms[-1][role]}\n{words}" if forms[-1].get(role) else words
        else:
            forms[-1]["note"] = f"{forms[-1].get('note', '')}\n{head}: {words}".strip()
    columns = ["no", *heads, *(["note"] if "note" not in heads else [])]
    names = {"no": "TT", "note": "Ghi chú"} | heads
    rows = [[names[role] for role in columns], *([form.get(role, "") for role in columns] for form in forms)]
    made = grid_from_rows(rows, table.name)
    made.places = [table.place(0), *(table.place(place) for place in places)]
    return made


def _name(words: str) -> tuple[str, str]:
    """The role of a field's name and the number in it: "Nhiệm vụ 2:" gives ("text", "2")."""
    match = _NUMBERED.match(words.strip())
    return (role_of(match["name"]), match["no"] or "") if match and len(words) < 60 else ("", "")
