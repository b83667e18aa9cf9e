"""Registers: which agencies and groups a province has on a day, from the data files into the database.

`register_of` composes the register of any province and day (no database): the bodies every province has
(data/provincial_bodies.json), what differs in that province (data/provinces/), its districts and communes
(data/units.tsv). `save_register` writes what is missing. How sure the data are: data/README.md.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from agencies.folding import fold, unaccent
from agencies.models import Agency, AgencyGroup, Province
from agencies.units import DATA, Unit, day_of, units

# The day on which a list was fetched, not a day of law: what begins there may have begun earlier.
_FETCHED_ONLY = date(2023, 5, 7)
_LOCAL = (Agency.Kind.DISTRICT_PC, Agency.Kind.COMMUNE_PC)


@dataclass(frozen=True, slots=True)
class Body:
    """One agency of a register, before it is a row: ``parent`` is a code of the same register."""

    code: str
    kind: str
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    parent: str = ""
    since: date | None = None
    until: date | None = None
    everywhere: bool = True


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One group of a register: kinds, and codes to add and to leave out."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """The agencies and groups of one province on one day.

    ``left_out``: bodies that only some provinces have and this one was not said to have; a person decides.
    ``of_other_days``: codes of bodies that end before or begin after that day.
    """

    province: str
    kind: str
    as_of: date
    agencies: tuple[Body, ...]
    groups: tuple[GroupRule, ...]
    left_out: tuple[Body, ...] = ()
    of_other_days: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What `save_register` did: the province, and how many rows are new."""

    province: Province
    agencies_added: int
    groups_added: int
    left_out: tuple[Body, ...] = field(default=())


class UnknownProvinceError(ValueError):
    """No province has this name on this day; the message is for people."""


def find_province(name: str, on: date) -> Unit:
    """Return the province of that day. "Sơn La", "tỉnh Sơn La" and "son la" are one name.

    Raises `UnknownProvinceError` with the names of that day.
    """
    wanted = re.sub(r"^(tinh|thanh pho|tp\.?)\s+", "", unaccent(name))
    provinces = [unit for unit in units() if len(unit.code) == 2 and unit.exists_on(on)]
    found = next((unit for unit in provinces if unaccent(unit.name) == wanted), None)
    if found is None:
        names = ", ".join(unit.name for unit in provinces)
        raise UnknownProvinceError(
            f"Ngày {on:%d/%m/%Y} không có tỉnh, thành phố “{name}”. Các tỉnh, thành phố: {names}."
        )
    return found


def register_of(
    province: str, as_of: date, *, including: Iterable[str] = (), excluding: Iterable[str] = ()
) -> Register:
    """Compose the register of a province on a day. Reads data files only.

    ``including`` and ``excluding`` are codes of bodies, on top of what the province's own file says (Sở Ngoại vụ,
    Ban Dân tộc and the like do not exist everywhere). Raises `UnknownProvinceError`, or `ValueError` for an unknown
    code.
    """
    top = find_province(province, as_of)
    standard = _read("provincial_bodies.json")
    own_file = DATA / "provinces" / f"{slugify(unaccent(top.name))}.json"
    own = _read(own_file.relative_to(DATA)) if own_file.exists() else {}
    known = {body.code: body for body in map(_body, [*standard["agencies"], *own.get("agencies", ())])}
    wanted, refused = {*own.get("with", ()), *including}, {*own.get("without", ()), *excluding}
    if strange := sorted((wanted | refused) - known.keys()):
        raise ValueError(f"Không có mã cơ quan {', '.join(strange)} trong danh mục.")
    of_day = [body for body in known.values() if _holds(body, as_of) and body.code not in refused]
    taken = [_localised(body, top) for body in of_day if body.everywhere or body.code in wanted]
    left_out = tuple(body for body in of_day if not body.everywhere and body.code not in wanted)
    return Register(
        province=top.name,
        kind=Province.Kind.CITY if top.kind == "thành phố" else Province.Kind.PROVINCE,
        as_of=as_of,
        agencies=(*taken, *_local_governments(top, as_of)),
        groups=tuple(GroupRule(**_tuples(row)) for row in standard["groups"]),
        left_out=left_out,
        of_other_days=frozenset(body.code for body in known.values() if not _holds(body, as_of)),
    )


@transaction.atomic
def save_register(register: Register) -> Loaded:
    """Write the agencies and groups the province does not have yet, by code; what is there is never changed.

    A province whose register is of another time changes through successions, not by loading over it: this raises
    `ValidationError` then and writes nothing.
    """
    province = _province_row(register)
    ids = dict(Agency.objects.filter(province=province).values_list("code", "pk"))
    missing = [body for body in register.agencies if body.code not in ids]
    _refuse_another_time(register, province, missing)
    added = len(missing)
    while missing:
        ready = [body for body in missing if not body.parent or body.parent in ids]
        if not ready:
            raise ValidationError(f"Không tìm thấy cơ quan cấp trên “{missing[0].parent}” của {missing[0].name}.")
        ids |= {row.code: row.pk for row in Agency.objects.bulk_create(_row(body, province, ids) for body in ready)}
        missing = [body for body in missing if body.code not in ids]
    return Loaded(province, added, _save_groups(register.groups, province, ids), register.left_out)


def load_register(
    province: str, as_of: date, *, including: Iterable[str] = (), excluding: Iterable[str] = ()
) -> Loaded:
    """Compose and save in one go: ``load_register("Vĩnh Phúc", date(2024, 3, 20))``. A second call adds nothing."""
    return save_register(register_of(province, as_of, including=including, excluding=excluding))


def _province_row(register: Register) -> Province:
    """Return the tenant, made if new, locked so that two loads at once do not both add."""
    province, _ = Province.objects.get_or_create(
        name=register.province, defaults={"code": slugify(unaccent(register.province)), "kind": register.kind}
    )
    return Province.objects.select_for_update().get(pk=province.pk)


def _refuse_another_time(register: Register, province: Province, missing: list[Body]) -> None:
    """Raise `ValidationError` if the province's agencies of that day are those of another day's register.

    Mergers keep the code of one partner under another name. One renamed unit alone is a correction somebody made.
    """
    present = Agency.objects.filter(province=province).valid_on(register.as_of)
    local = {body.code: body for body in register.agencies if body.kind in _LOCAL}
    keys = dict(present.filter(kind__in=_LOCAL).values_list("code", "name_key"))
    new = [body for body in local.values() if keys and body.code not in keys]
    renamed = [body for code, body in local.items() if code in keys and keys[code] != fold(body.name)]
    ended = missing if present.filter(code__in=register.of_other_days).exists() else []
    merged = renamed if keys.keys() - local.keys() else []
    if strange := [*new, *merged, *ended]:
        raise ValidationError(
            f"Sổ cơ quan của {province.full_name} ghi tổ chức bộ máy ở thời điểm khác ngày {register.as_of:%d/%m/%Y} "
            f"(ví dụ: {strange[0].name}). Hãy ghi nhận việc sắp xếp, sáp nhập thay vì nạp lại danh mục."
        )


def _row(body: Body, province: Province, ids: dict[str, int]) -> Agency:
    agency = Agency(
        province=province,
        code=body.code,
        kind=body.kind,
        parent_id=ids[body.parent] if body.parent else None,
        name=body.name,
        short_name=body.short_name,
        aliases=list(body.aliases),
        valid_from=None if body.since == _FETCHED_ONLY else body.since,
    )
    agency.set_keys()
    return agency


def _save_groups(rules: Iterable[GroupRule], province: Province, ids: dict[str, int]) -> int:
    """Write the groups that are missing; codes this province does not have are left out of the rule."""
    present = set(AgencyGroup.objects.filter(province=province).values_list("code", flat=True))
    missing = [rule for rule in rules if rule.code not in present]
    rows = AgencyGroup.objects.bulk_create(
        AgencyGroup(
            province=province, code=rule.code, name=rule.name, aliases=list(rule.aliases), kinds=list(rule.kinds)
        )
        for rule in missing
    )
    for rule, row in zip(missing, rows, strict=True):
        for relation, codes in ((row.includes, rule.includes), (row.excludes, rule.excludes)):
            if chosen := [ids[code] for code in codes if code in ids]:
                relation.set(chosen)
    return len(missing)


def _local_governments(province: Unit, on: date) -> list[Body]:
    """Return the people's committees of the province's districts and communes on that day.

    Two of one name in a province (Thanh Hóa has several) carry the district behind the name.
    """
    below: dict[str, list[Unit]] = {}
    for unit in units():
        if unit.parent and unit.exists_on(on):
            below.setdefault(unit.parent, []).append(unit)
    districts = [unit for unit in below.get(province.code, ()) if len(unit.code) == 3]
    communes = [(commune, district) for district in [*districts, province] for commune in below.get(district.code, ())]
    communes = [(commune, above) for commune, above in communes if len(commune.code) == 5]
    same_name = Counter(fold(commune.full_name) for commune, _ in communes)
    bodies = [_people_committee(district, Agency.Kind.DISTRICT_PC, "UBNDT") for district in districts]
    for commune, above in communes:
        parent = above.code if above is not province else "UBNDT"
        place = "" if above is province else f", {above.full_name}"
        twin = same_name[fold(commune.full_name)] > 1
        bodies.append(_people_committee(commune, Agency.Kind.COMMUNE_PC, parent, place, in_name=twin))
    return bodies


def _people_committee(unit: Unit, kind: str, parent: str, place: str = "", *, in_name: bool = False) -> Body:
    """Make "UBND xã Ngọc Mỹ" of the unit; ``place`` (", huyện Lập Thạch") goes into an alias or a twin's name."""
    plain, capital = unit.full_name, unit.full_name[0].upper() + unit.full_name[1:]
    long_name = f"UBND {plain}{place}"
    aliases = [f"Ủy ban nhân dân {plain}{place if in_name else ''}"]
    if not in_name:
        aliases += [f"UBND {unit.name}"] if not place and kind == Agency.Kind.DISTRICT_PC else []
        aliases += [long_name] if place else []
    if unit.kind == "thành phố":
        aliases += [f"UBND TP {unit.name}", f"TP {unit.name}", f"TP. {unit.name}"]
    return Body(
        code=unit.code,
        kind=kind,
        name=long_name if in_name else f"UBND {plain}",
        short_name=f"{capital}{place}" if in_name else capital,
        aliases=tuple(aliases),
        parent=parent,
        since=unit.since,
    )


def _localised(body: Body, province: Unit) -> Body:
    """Put the province into the names: "Báo {province}"; in a city run by the centre "Công an tỉnh" is of the city.

    Where a name ends with the kind of the province, "Công an tỉnh Vĩnh Phúc" becomes an alias.
    """

    def local(words: str) -> str:
        words = words.replace("{province}", province.name)
        if province.kind == "thành phố":
            words = (
                re.sub(r"\btỉnh\b", "thành phố", words)
                .replace("Tỉnh ủy", "Thành ủy")
                .replace("Tỉnh đoàn", "Thành đoàn")
            )
        return words

    name = local(body.name)
    aliases = [local(alias) for alias in body.aliases]
    if name.endswith(f" {province.kind}"):
        aliases.append(f"{name} {province.name}")
    elif body.kind == Agency.Kind.DEPARTMENT:
        aliases.append(f"{name} {province.full_name}")
    unique = {fold(alias): alias for alias in reversed(aliases) if fold(alias) != fold(name)}
    return replace(body, name=name, short_name=local(body.short_name), aliases=tuple(reversed(unique.values())))


def _holds(body: Body, on: date) -> bool:
    return (body.since is None or body.since <= on) and (body.until is None or on <= body.until)


def _body(row: dict[str, Any]) -> Body:
    fields = {**row, "since": day_of(row.get("from")), "until": day_of(row.get("until"))}
    fields.pop("from", None)
    return Body(**_tuples(fields))


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def _read(name: Path | str) -> dict[str, Any]:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
