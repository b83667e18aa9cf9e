"""The shape of the program: what only a machine keeps an eye on."""

import io

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db.models import CheckConstraint, ForeignKey, ManyToManyField, Model, OneToOneField, UniqueConstraint
from django.urls import URLPattern, get_resolver
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

APPS = ["workdays", "agencies", "criteria", "plans", "reports", "notices"]
"""From the ground up: an app knows those before it, never those after it."""
OURS = [model for label in APPS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
OPEN_VIEWS = {"TokenView"}
"""Views of the API that answer without a token: the one that gives it."""


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_downwards(model: type[Model]):
    here = APPS.index(model._meta.app_label)
    links = [
        field for field in model._meta.get_fields() if isinstance(field, ForeignKey | OneToOneField | ManyToManyField)
    ]
    upwards = [
        f"{field.name} → {field.related_model._meta.label}"
        for field in links
        if field.related_model._meta.app_label in APPS and APPS.index(field.related_model._meta.app_label) > here
    ]
    assert upwards == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_constraints_are_named_as_sentences_and_not_by_a_machine(model: type[Model]):
    names = [one.name for one in model._meta.constraints]
    assert all(name.islower() and "_" in name and "%(" not in name for name in names)
    assert model._meta.auto_created or not model._meta.unique_together


def edited() -> list[tuple[type[Model], set[str]]]:
    """Return the models that people edit in forms, with the fields they write: model forms, and pages of administration."""
    found = []
    families = list(forms.ModelForm.__subclasses__())
    while families:
        form = families.pop()
        families += form.__subclasses__()
        model = getattr(getattr(form, "_meta", None), "model", None)
        if model in OURS:
            found.append((model, set(form.base_fields)))
    for model, page in admin.site._registry.items():
        if model in OURS and (page.has_add_permission.__qualname__ == "ModelAdmin.has_add_permission"):
            found.append((model, {field.name for field in model._meta.fields if field.editable}))
    return found


def test_every_constraint_that_a_form_can_break_has_words_for_people():
    silent = []
    for model, fields in edited():
        for one in model._meta.constraints:
            if isinstance(one, UniqueConstraint):
                touched = bool(set(one.fields) & fields)
            else:
                assert isinstance(one, CheckConstraint), one
                touched = any(name in str(one.condition) for name in fields)
            if touched and one.violation_error_message == one.default_violation_error_message:
                silent.append(f"{model._meta.label}: {one.name}")
    assert silent == []


def walk(urls, before=""):
    """Yield every address with its view."""
    for url in urls:
        if isinstance(url, URLPattern):
            yield f"{before}{url.pattern}", url.callback
        else:
            yield from walk(url.url_patterns, f"{before}{url.pattern}")


def test_the_api_is_closed_by_default():
    views = {getattr(view, "cls", None) for _, view in walk(get_resolver().url_patterns)}
    views = {view for view in views if isinstance(view, type) and issubclass(view, APIView)}
    assert len(views) > 8
    open_views = {view.__name__ for view in views if not view.permission_classes or AllowAny in view.permission_classes}
    assert open_views == OPEN_VIEWS


def test_pages_of_our_apps_are_never_exempt_from_signing_in_but_the_calendar_that_a_phone_reads_by_a_secret():
    ours = {
        address: view
        for address, view in walk(get_resolver().url_patterns)
        if view.__module__.split(".")[0] in APPS and not hasattr(view, "cls")
    }
    assert len(ours) > 30
    open_to_all = [address for address, view in ours.items() if not getattr(view, "login_required", True)]
    assert open_to_all == ["lich/<str:token>.ics"]


def test_no_migration_is_missing(db: None):
    said = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert "No changes detected" in said.getvalue()


def test_labels_of_models_are_in_vietnamese():
    english = [
        model._meta.label for model in OURS if not model._meta.auto_created and model._meta.verbose_name.isascii()
    ]
    assert english == []
