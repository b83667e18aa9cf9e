"""Pages of a corrected document, of a plan for another year, and of child plans."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from plans.importing.comparing import compare
from plans.models import Amendment, ImportDraft, Plan, TaskLink
from tests.cast import Cast
from tests.factories import PlanFactory, TaskFactory
from tests.plans.test_amending import THREE, correction, plan_of_three
from tests.plans.test_saving import small_plan


@pytest.fixture
def client(client: Client, cast: Cast) -> Client:
    """The coordinator's browser."""
    client.force_login(cast.coordinator)
    return client


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A plan of three tasks, under way."""
    return plan_of_three(cast)


def test_a_corrected_document_is_uploaded_read_and_laid_beside_the_plan(client: Client, cast: Cast, plan: Plan):
    rows = (*THREE, ("Tập huấn một cửa", "Sở Y tế", "Quý IV"))
    file = SimpleUploadedFile("dinh-chinh.md", small_plan(*rows))
    answer = client.post(reverse("plan-correct", args=[plan.pk]), {"document": file})
    draft = ImportDraft.objects.get(amends=plan)
    assert answer.headers["Location"] == draft.get_absolute_url()
    page = client.get(reverse("import-compare", args=[draft.pk]))
    assert [one.kind for one, _ in page.context["added"]] == ["added"]
    assert page.context["unchanged"] == 3


def test_a_document_that_is_a_plan_under_way_is_offered_for_comparison(client: Client, cast: Cast, plan: Plan):
    rows = (*THREE, ("Tập huấn một cửa", "Sở Y tế", "Quý IV"))
    file = SimpleUploadedFile("ban-moi.md", small_plan(*rows))
    client.post(reverse("plan-upload"), {"document": file, "coordinating_agency": cast.home_affairs.pk})
    draft = ImportDraft.objects.get(document_name="ban-moi.md")
    assert "Đối chiếu với kế hoạch đang theo dõi" in client.get(draft.get_absolute_url()).content.decode()
    client.post(reverse("import-read", args=[draft.pk]), {"compare": "1"})
    draft.refresh_from_db()
    assert (draft.state, draft.amends) == (ImportDraft.State.OPEN, plan)
    assert len(client.get(reverse("import-compare", args=[draft.pk])).context["added"]) == 1


def test_what_is_ticked_is_applied(client: Client, cast: Cast, plan: Plan):
    draft = correction(cast, plan, ("Rà soát thủ tục", "Sở Y tế", "Quý III"), THREE[2])
    changed = next(one for one in compare(draft, plan).differences if one.kind == "changed")
    body = {"differences": [changed.key], "words": "Văn bản số 7", "revision": draft.revision}
    answer = client.post(reverse("import-compare", args=[draft.pk]), body)
    assert answer.headers["Location"] == plan.get_absolute_url()
    assert Amendment.objects.get(plan=plan).words == "Văn bản số 7"
    assert list(plan.tasks.values_list("time_text", "withdrawn_by")) == [
        ("Quý III", None),
        ("Quý III", None),
        ("Quý IV", None),
    ]
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "Đã điều chỉnh 1 lần" in page
    task = client.get(plan.tasks.first().get_absolute_url()).content.decode()
    assert "<ins>Quý III (30/09/2024)</ins>" in task


def test_rows_are_paired_by_a_person_and_the_choice_is_kept_on_the_page(client: Client, cast: Cast, plan: Plan):
    draft = correction(cast, plan, ("Mua sắm thiết bị phòng họp", "Sở Y tế", "Quý II"), *THREE[1:])
    row, task = draft.rows.first(), plan.tasks.first()
    address = reverse("import-compare", args=[draft.pk])
    assert len(client.get(address).context["gone"]) == 1
    paired = client.get(address, {"ghep": f"{row.pk}:{task.pk}"})
    assert not paired.context["gone"]
    assert f'name="ghep" value="{row.pk}:{task.pk}"' in paired.content.decode()
    assert client.get(address, {"ghep": "x:y"}).status_code == 200


def test_nothing_ticked_is_said_in_words_and_nothing_changes(client: Client, cast: Cast, plan: Plan):
    draft = correction(cast, plan, *THREE[:2])
    answer = client.post(reverse("import-compare", args=[draft.pk]), {"revision": draft.revision})
    assert answer.status_code == 422
    assert "Chưa chọn thay đổi nào" in answer.content.decode()
    assert not Amendment.objects.exists()


def test_a_gone_task_is_not_ticked_by_itself(client: Client, cast: Cast, plan: Plan):
    draft = correction(cast, plan, *THREE[:2])
    page = client.get(reverse("import-compare", args=[draft.pk])).content.decode()
    key = f'value="task:{plan.tasks.last().pk}"'
    assert key in page
    assert f"{key} checked" not in page


def test_looking_at_differences_asks_as_often_for_many_as_for_few(
    client: Client,
    cast: Cast,
    plan: Plan,
    django_assert_max_num_queries,
):
    many = correction(cast, plan, *((f"Việc mới số {n}", "Sở Y tế", "Quý IV") for n in range(30)))
    with django_assert_max_num_queries(24):
        client.get(reverse("import-compare", args=[many.pk]))


def test_a_plan_for_the_next_year_begins_as_a_draft(client: Client, cast: Cast, plan: Plan):
    answer = client.post(reverse("plan-copy", args=[plan.pk]), {"year": 2025})
    draft = ImportDraft.objects.get(copied_from=plan)
    assert answer.headers["Location"] == draft.get_absolute_url()
    assert client.get(draft.get_absolute_url()).status_code == 200
    again = client.post(reverse("plan-copy", args=[plan.pk]), {"year": 2025})
    assert again.status_code == 422
    assert "Đã có một bản lập từ kế hoạch này" in again.content.decode()


def test_a_child_plans_tasks_are_linked_on_its_page_and_seen_from_the_parents_task(client: Client, cast: Cast):
    child = PlanFactory(province=cast.province, number="15/KH-SNV", coordinating_agency=cast.home_affairs)
    task = TaskFactory(plan=child, text="Rà soát thủ tục hành chính về đất đai")
    parent = TaskFactory(plan=cast.plan, text="Rà soát thủ tục hành chính về đất đai")
    address = reverse("plan-carry-out", args=[child.pk])
    client.post(address, {"parent": cast.plan.pk})
    page = client.get(address)
    assert page.context["lines"][0].suggestions[0].task == parent
    client.post(address, {"shown": [task.pk], "links": [f"{task.pk}:{parent.pk}"]})
    assert TaskLink.objects.get(task=task).parent_task == parent
    assert "Được cụ thể hóa bởi" in client.get(parent.get_absolute_url()).content.decode()
    client.post(address, {"shown": [task.pk]})
    assert not TaskLink.objects.exists()


def test_the_plan_that_the_document_names_is_offered_as_the_parent(client: Client, cast: Cast, plan: Plan):
    plan.draft.head["parent_number"] = "82/KH-UBND"
    plan.draft.save()
    page = client.get(reverse("plan-carry-out", args=[plan.pk]))
    assert page.context["form"].initial["parent"] == cast.plan.pk
    assert "Văn bản nêu thực hiện Kế hoạch số 82/KH-UBND" in page.content.decode()


def test_who_only_looks_sees_links_and_no_form(cast: Cast, client: Client):
    child = PlanFactory(
        province=cast.province, coordinating_agency=cast.home_affairs, parent=cast.plan, signed_on=date(2024, 4, 1)
    )
    task, parent = TaskFactory(plan=child), TaskFactory(plan=cast.plan)
    TaskLink.objects.create(task=task, parent_task=parent, made_by=cast.coordinator, made_on=date(2024, 4, 2))
    client.force_login(cast.health_officer)
    address = reverse("plan-carry-out", args=[child.pk])
    page = client.get(address).content.decode()
    assert "disabled" in page
    assert "Ghi liên kết" not in page
    client.post(address, {"shown": [task.pk]})
    assert TaskLink.objects.exists(), "only the coordinator changes links"
