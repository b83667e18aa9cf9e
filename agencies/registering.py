"""Adding to the register from the page where a plan is read: a body that it names and nobody has entered yet.

The administration keeps its own pages; these are the two verbs that a plan's coordinator may use in the middle of an
import. Each leaves an entry in the register's history (the log of the administration), with who and why.
"""

from datetime import date
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agencies.access import access_of
from agencies.folding import fold, printable, squeeze, unaccent
from agencies.models import Agency, AgencyGroup, Province, User

NOT_ALLOWED = "Chỉ cơ quan điều phối kế hoạch hoặc người quản trị được bổ sung danh bạ."
_LONGEST_CODE = 40


def may_register(user: User) -> bool:
    """Say whether the person may add agencies of their province: who coordinates its plans, or administers it."""
    access = access_of(user)
    return access.province_id is not None and (bool(access.coordinates) or access.is_administrator)


@transaction.atomic
def register_agency(
    *, by: User, name: str, kind: str, parent: Agency | None, valid_from: date | None, why: str
) -> Agency:
    """Add an agency to the register of the person's province; ``why`` goes into its history.

    Raises ValidationError when the person may not, or when a body of that name is there for the same time.
    """
    if not may_register(by) or by.province is None:
        raise ValidationError(NOT_ALLOWED, code="forbidden")
    name = squeeze(printable(name))
    Province.objects.select_for_update().get(pk=by.province.pk)  # two people adding one body: the second one finds it
    _refuse_known(by.province, name, valid_from)
    agency = Agency(province=by.province, name=name, kind=kind, parent=parent, valid_from=valid_from)
    agency.code = _free_code(by.province, name)
    agency.full_clean(exclude=["name_key", "search_key", "sort_key"])
    agency.save()
    _note(by, agency, ADDITION, why)
    return agency


@transaction.atomic
def remember_spelling(agency: Agency | AgencyGroup, words: str, *, by: User, why: str) -> bool:
    """Keep another way to write a name, so that the next plan is read at once. False where the spelling is known.

    A spelling that already leads to another body of the province is refused: names would become doubtful.
    """
    if not may_register(by) or by.province_id != agency.province_id:
        raise ValidationError(NOT_ALLOWED, code="forbidden")
    words = squeeze(printable(words))
    row = type(agency)._default_manager.select_for_update().get(pk=agency.pk)
    known = {fold(one) for one in (row.name, *row.aliases)}
    if not words or fold(words) in known:
        return False
    other = _named(agency.province, words)
    if other is not None and other != agency:
        raise ValidationError(f"“{words}” đã là tên của {other.name} trong danh bạ.", code="known")
    row.aliases = [*row.aliases, words[:255]]
    row.save()
    agency.aliases = row.aliases
    _note(by, row, CHANGE, f"Thêm tên gọi khác “{words}”. {why}")
    return True


def _refuse_known(province: Province, name: str, valid_from: date | None) -> None:
    """Two bodies of one name may follow one another in time, never stand beside each other."""
    alive = Agency.objects.filter(province=province, name_key=fold(name))
    if valid_from:
        alive = alive.exclude(valid_to__lt=valid_from)
    if alive.exists():
        raise ValidationError(f"Danh bạ đã có “{name}”. Hãy chọn cơ quan này thay vì thêm mới.", code="known")


def _named(province: Province, words: str) -> Agency | AgencyGroup | None:
    key = fold(words)
    for model in (Agency, AgencyGroup):
        for row in model._default_manager.filter(province=province):
            if key in {fold(one) for one in (row.name, *row.aliases)}:
                return row
    return None


def _free_code(province: Province, name: str) -> str:
    """Return a code of the first letters ("Chi cục Thủy sản" gives CCTS), with a number where it is taken."""
    letters = "".join(word[0] for word in unaccent(name).split() if word[0].isalnum()).upper() or "CQ"
    letters = letters[: _LONGEST_CODE - 6]
    taken = set(Agency.objects.filter(province=province, code__startswith=letters).values_list("code", flat=True))
    return next(
        code for number in range(1, 100_000) if (code := letters + (str(number) if number > 1 else "")) not in taken
    )


def _note(by: User, row: Any, flag: int, words: str) -> None:
    """Write the history that the administration shows."""
    try:
        with transaction.atomic():
            LogEntry.objects.create(
                user_id=by.pk,
                content_type_id=ContentType.objects.get_for_model(row).pk,
                object_id=str(row.pk),
                object_repr=str(row)[:200],
                action_flag=flag,
                change_message=words,
            )
    except IntegrityError as error:  # the account is gone meanwhile: without a trail nothing is changed
        raise ValidationError(NOT_ALLOWED, code="forbidden") from error
