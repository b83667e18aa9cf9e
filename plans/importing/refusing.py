"""What is already there is not imported a second time: the refusals, with what a page needs to lead on."""

from datetime import date

from django.core.exceptions import ValidationError

from agencies.models import Province
from plans.models import ImportDraft, Plan


class KnownDocument(ValidationError):
    """The plan or its document is in the system: ``plan`` or ``draft`` is where to go on."""

    def __init__(self, message: str, *, plan: Plan | None = None, draft: ImportDraft | None = None) -> None:
        super().__init__(message, code="known")
        self.plan = plan
        self.draft = draft


def refuse_known_plan(
    province: Province, number: str | None, signed: date | str | None, *, issuer: str | None = None
) -> None:
    """Raise `KnownDocument` in words when the province already has this issuer's plan of this number and day.

    Without an issuer any plan of that number and day counts.
    """
    plan = plan_known_as(province, number, signed, issuer=issuer)
    if plan:
        raise known_plan(plan)


def plan_known_as(
    province: Province, number: str | None, signed: date | str | None, *, issuer: str | None = None
) -> Plan | None:
    """Return the province's plan of this number, day and issuer, if there is one."""
    if not number or not signed:
        return None
    return Plan.objects.filter(province=province).known_as(number, issuer, signed).first()


def known_plan(plan: Plan) -> KnownDocument:
    """Return the refusal of a plan that is already there, in words."""
    return KnownDocument(
        f"Kế hoạch {plan.number} ngày {plan.signed_on:%d/%m/%Y} đã có trong hệ thống, không nhập lần nữa. "
        "Mở kế hoạch đó để xem và cập nhật.",
        plan=plan,
    )
