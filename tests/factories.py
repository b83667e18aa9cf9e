"""The smallest valid objects; a test names only what matters to it."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from agencies.models import Agency, AgencyGroup, Membership, Province, User
from plans.models import Assignment, Deadline, Occurrence, Plan, Section, Task, WorkItem
from plans.models.occurrence import OccurrenceKind
from plans.models.plan import Role
from reports.models import Period, Report


class ProvinceFactory(DjangoModelFactory):
    """A province."""

    class Meta:
        model = Province
        django_get_or_create = ("code",)

    code = "vinh-phuc"
    name = "Vĩnh Phúc"


class AgencyFactory(DjangoModelFactory):
    """A department of Vĩnh Phúc."""

    class Meta:
        model = Agency

    province = factory.SubFactory(ProvinceFactory)
    code = factory.Sequence(lambda n: f"CQ{n}")
    kind = Agency.Kind.DEPARTMENT
    name = factory.Sequence(lambda n: f"Sở Thử nghiệm {n}")


class AgencyGroupFactory(DjangoModelFactory):
    """A group over kinds."""

    class Meta:
        model = AgencyGroup
        skip_postgeneration_save = True

    province = factory.SubFactory(ProvinceFactory)
    code = factory.Sequence(lambda n: f"G{n}")
    name = "Các sở, ban, ngành"
    kinds = factory.LazyFunction(lambda: [Agency.Kind.DEPARTMENT])


class UserFactory(DjangoModelFactory):
    """A person without any membership."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"nguoi{n}")
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn {n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@vinhphuc.example")
    province = factory.SubFactory(ProvinceFactory)


class MembershipFactory(DjangoModelFactory):
    """An officer's place in an agency of their province."""

    class Meta:
        model = Membership

    agency = factory.SubFactory(AgencyFactory)
    user = factory.LazyAttribute(lambda place: UserFactory(province=place.agency.province))
    role = Membership.Role.OFFICER


def person(agency: Agency, role: str = Membership.Role.OFFICER, **details: object) -> User:
    """Return a new person with this role in the agency."""
    user = UserFactory(province=agency.province, **details)
    MembershipFactory(user=user, agency=agency, role=role)
    return user


class PlanFactory(DjangoModelFactory):
    """An active plan of 2024."""

    class Meta:
        model = Plan

    province = factory.SubFactory(ProvinceFactory)
    number = factory.Sequence(lambda n: f"{n + 100}/KH-UBND")
    title = "Kế hoạch thử nghiệm năm 2024"
    issuer = "UBND tỉnh Vĩnh Phúc"
    signed_on = date(2024, 3, 20)
    year = 2024
    status = Plan.Status.ACTIVE
    activated_on = date(2024, 3, 20)
    coordinating_agency = factory.SubFactory(
        AgencyFactory, name="Sở Nội vụ", province=factory.SelfAttribute("..province")
    )


class SectionFactory(DjangoModelFactory):
    """A heading."""

    class Meta:
        model = Section

    plan = factory.SubFactory(PlanFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = "I. Công tác chỉ đạo, điều hành"


class TaskFactory(DjangoModelFactory):
    """A task due on one day (30/6/2024 unless said otherwise)."""

    class Meta:
        model = Task
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFactory)
    position = factory.Sequence(lambda n: n + 1)
    text = factory.Sequence(lambda n: f"Rà soát, đơn giản hóa thủ tục hành chính lần {n}")
    time_text = "Quý II"
    agencies_text = "Sở Y tế"

    @factory.post_generation
    def deadline(self, create, extracted, **details):
        """Every task has its deadline."""
        details = {"due_dates": [date(2024, 6, 30)], "kind": "quarter", "completes": "each", **details}
        Deadline.objects.create(task=self, **details)


def work_item(
    agency: Agency,
    *,
    plan: Plan | None = None,
    task: Task | None = None,
    due: date | None = date(2024, 6, 30),
    kind: str = OccurrenceKind.DELIVERY,
    role: str = Role.IMPLEMENT,
    ordinal: int = 1,
    **details: object,
) -> WorkItem:
    """Return what the agency owes at a (new or known) occurrence of a task, with its assignment."""
    if task is None:
        task = TaskFactory(plan=plan or PlanFactory(province=agency.province), deadline__due_dates=[due] if due else [])
    occurrence, _ = Occurrence.objects.get_or_create(
        task=task, ordinal=ordinal, defaults={"kind": kind, "due_date": due}
    )
    Assignment.objects.get_or_create(task=task, agency=agency, role=role)
    return WorkItem.objects.create(
        task=task,
        occurrence=occurrence,
        agency=agency,
        kind=kind,
        role=role,
        due_date=due,
        original_due_date=due,
        **details,
    )


class PeriodFactory(DjangoModelFactory):
    """The six-month period of a plan, not open yet."""

    class Meta:
        model = Period

    plan = factory.SubFactory(PlanFactory)
    name = "6 tháng đầu năm 2024"
    begins_on = date(2024, 1, 1)
    ends_on = date(2024, 6, 30)
    cut_off = date(2024, 6, 9)
    due_date = date(2024, 6, 9)


class ReportFactory(DjangoModelFactory):
    """A draft report of an open period."""

    class Meta:
        model = Report

    period = factory.SubFactory(PeriodFactory, status=Period.Status.OPEN)
    agency = factory.SubFactory(AgencyFactory, province=factory.SelfAttribute("..period.plan.province"))
    due_date = factory.SelfAttribute("period.due_date")
