"""Tags and filters of the pages, registered as builtins: a template needs no {% load %} for them.

Values come in as the models hold them (dates, fractions, states) and leave as an office reads them.
"""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from sipas_tracker.templatetags.faults import fault_words
from sipas_tracker.templatetags.marks import EXTENSIONS, OBSTACLES, PLANS, REPORTS, ROLES, STATES, TIMELINESS, Mark
from sipas_tracker.templatetags.wording import (
    NOTHING,
    day,
    day_official,
    days_to_mark,
    days_words,
    moment,
    percent_vi,
    share_of,
    weekday,
)

logger = logging.getLogger(__name__)
register = template.Library()

ICONS = Path(settings.BASE_DIR) / "sipas_tracker" / "static" / "vendor" / "icons"
FILTERS_IN_SIGHT = 4
"""Filters of a list that are always seen; the others open on request."""

for filter_function in (day, day_official, days_to_mark, days_words, moment, percent_vi, share_of, weekday):
    register.filter(filter_function)


@register.filter
def plain(value: Any) -> str:
    """Return the value without separators of thousands: for years, ids, values of attributes (2024, never 2.024)."""
    return "" if value is None else str(value)


# Addresses


@register.simple_tag(takes_context=True)
def crumb(context: Context, label: Any, to: str = "", *args: Any) -> SafeString:
    """Return one step of the breadcrumbs; `to` is an address or the name of one, nothing for the page itself."""
    if not to:
        return format_html('<li aria-current="page">{}</li>', label)
    address = to if to.startswith("/") else _address(to, *args)
    return format_html('<li><a href="{}">{}</a></li>', address, label)


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        logger.warning("no address is named %s", name)
        return "#"


def _query(context: Context, **changes: Any) -> str:
    """Return the present query string with some keys changed; None takes a key away."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """Return "?…" of this page with the keys changed, so that filter, search and order stay."""
    return _query(context, **changes)


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, key: str, label: str, css: str = "", param: str = "sort") -> dict[str, Any]:
    """Return a <th> that orders the list by `key` (again: the other way round) and tells it to screen readers."""
    present = context["request"].GET.get(param, "")
    order = {key: "ascending", f"-{key}": "descending"}.get(present, "")
    turned = f"-{key}" if present == key else key
    return {"label": label, "css": css, "order": order, "url": _query(context, **{param: turned, "page": None})}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Page, noun: str = "dòng") -> dict[str, Any]:
    """Return the foot of a list: which rows are shown of how many, and the way to the other pages."""
    numbers = [
        {"number": number, "url": _query(context, page=number) if isinstance(number, int) else ""}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "noun": noun,
        "numbers": numbers,
        "before": _query(context, page=page.number - 1) if page.has_previous() else "",
        "after": _query(context, page=page.number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: Context, form: forms.Form, export: str = "", search: str = "q", keep: str = ""
) -> dict[str, Any]:
    """Return a GET form of the filters of a list; `search` names the field that stands first and stays in sight.

    `export` is the address of the Excel file; the present query is added (unless the address has one already), so the
    file holds what is shown. `keep` names a key of the query that is no filter (the tab) and stays, also when cleared.
    """
    query = context["request"].GET
    kept = query.get(keep, "") if keep else ""
    asked = {name for name in form.fields if any(query.getlist(name))}
    others = [_filter_field(bound) for bound in form.visible_fields() if bound.name != search]
    return {
        "form": form,
        "search": form[search] if search in form.fields else None,
        "near": others[:FILTERS_IN_SIGHT],
        "far": others[FILTERS_IN_SIGHT:],
        "far_asked": any(row["field"].name in asked for row in others[FILTERS_IN_SIGHT:]),
        "asked": len(asked - {search}),
        "any_asked": bool(asked),
        "sort": query.get("sort", ""),
        "export": f"{export}{_query(context, page=None)}" if export and "?" not in export else export,
        "path": context["request"].path,
        "keep": keep,
        "kept": kept,
    }


def _filter_field(bound: BoundField) -> dict[str, Any]:
    """Return a filter and, for one of many ticks, how many are ticked: such a filter opens like a list."""
    ticks = isinstance(bound.field.widget, forms.CheckboxSelectMultiple)
    return {"field": bound, "ticks": ticks, "ticked": len(bound.value() or []) if ticks else 0}


# Marks


def _badge(kind: str, marks: Mapping[str, Mark], value: Any, label: Any, title: str = "") -> dict[str, Any]:
    mark = marks.get(str(value), Mark(str(label or value or NOTHING), "", "plain"))
    return {"kind": kind, "value": value, "mark": mark, "label": label or mark.word, "title": title}


@register.inclusion_tag("components/badge.html")
def state_badge(value: Any, label: Any = "", title: str = "") -> dict[str, Any]:
    """Return the state of a work item: word and icon."""
    return _badge("state", STATES, value, label, title)


@register.inclusion_tag("components/badge.html")
def timeliness_badge(value: Any, label: Any = "", title: str = "") -> dict[str, Any]:
    """Return how a work item or report stands to its due date; overdue looks like the stamp KHẨN of a document."""
    return _badge("time", TIMELINESS, value, label, title)


@register.inclusion_tag("components/badge.html")
def report_badge(value: Any, label: Any = "", title: str = "") -> dict[str, Any]:
    """Return the state of an agency's report."""
    return _badge("report", REPORTS, value, label, title)


@register.inclusion_tag("components/badge.html")
def plan_badge(value: Any, label: Any = "", title: str = "") -> dict[str, Any]:
    """Return the state of a plan."""
    return _badge("plan", PLANS, value, label, title)


@register.inclusion_tag("components/badge.html")
def extension_badge(value: Any, label: Any = "", title: str = "") -> dict[str, Any]:
    """Return where a request for a later due date stands."""
    return _badge("state", EXTENSIONS, value, label, title)


@register.inclusion_tag("components/badge.html")
def obstacle_badge(value: Any, label: Any = "", title: str = "") -> dict[str, Any]:
    """Return where an obstacle stands."""
    return _badge("state", OBSTACLES, value, label, title)


@register.inclusion_tag("components/badge.html")
def role_badge(value: Any, label: Any = "", title: str = "") -> dict[str, Any]:
    """Return the role of an agency on a task."""
    return _badge("role", ROLES, value, label, title)


@lru_cache(maxsize=512)
def _icon_paths(name: str) -> str:
    """Return the inside of a lucide icon, or nothing with a line in the log when there is none of that name."""
    path = ICONS / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        logger.warning("there is no icon %s", name)
        return ""
    inside = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.S)
    return re.sub(r"\s*\n\s*", "", inside.group(1)) if inside else ""


@register.simple_tag
def icon(name: str, size: int = 18, label: str = "", css: str = "") -> SafeString:
    """Return a lucide icon as inline SVG; with `label` it speaks, without it is hidden from screen readers."""
    paths = _icon_paths(str(name))
    if not paths:
        return mark_safe("")
    speech = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="glyph {}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        css,
        str(size),
        str(size),
        speech,
        mark_safe(paths),
    )


# Bars


@register.inclusion_tag("components/progress.html")
def progress_bar(value: Any, whole: Any = 100, label: str = "", tone: str = "") -> dict[str, Any]:
    """Return a bar of value out of whole with its percentage in words; `label` says what is measured."""
    percent = share_of(value or 0, whole)
    width = min(100.0, max(0.0, float(percent or 0)))
    return {"percent": percent, "width": f"{round(width, 1):g}", "label": label or "Tiến độ", "tone": tone}


@register.simple_tag
def segments(parts: Sequence[tuple[str, str, int]], label: str = "") -> SafeString:
    """Return one bar of several parts, each (tone, word, number), with a legend that gives the numbers in words."""
    total = sum(number for _, _, number in parts)
    start, pieces = 0.0, []
    for tone, word, number in parts:
        width = 100 * number / total if total else 0.0
        pieces.append({"tone": tone, "word": word, "number": number, "x": f"{start:.2f}", "width": f"{width:.2f}"})
        start += width
    return mark_safe(render_to_string("components/segments.html", {"pieces": pieces, "total": total, "label": label}))


# Forms


@register.simple_tag
def field(
    bound: BoundField, label: str = "", help: str = "", css: str = "", quiet_label: bool = False, **attrs: Any
) -> SafeString:
    """Return a field of a form: label, control, help and errors, tied together for screen readers.

    `quiet_label` hides the label from sight only; other keywords become attributes (`rows=3`, `autofocus=True`;
    `_` in a name becomes `-`).
    """
    shape = _shape(bound)
    control = {name.replace("_", "-"): value for name, value in attrs.items()}
    control["class"] = f"{_control_class(shape)} {bound.field.widget.attrs.get('class', '')}".strip()
    if bound.errors:
        control["class"] += " is-invalid"
    if shape == "date":
        control = {"placeholder": "ngày/tháng/năm", "autocomplete": "off", "data-date": True, **control}
    if shape == "textarea":
        control.setdefault("rows", bound.field.widget.attrs.get("rows", 4) if "rows" not in attrs else attrs["rows"])
    described = [f"{bound.auto_id}_helptext"] if help and not bound.help_text else []
    if described:
        control["aria-describedby"] = " ".join([*described, *([f"{bound.auto_id}_error"] if bound.errors else [])])
    return mark_safe(
        render_to_string(
            "components/field.html",
            {
                "field": bound,
                "shape": shape,
                "label": label or bound.label,
                "help": help or bound.help_text,
                "css": css,
                "quiet_label": quiet_label,
                "faults": fault_words(bound),
                "control": _capitalised(bound.as_widget(attrs=None if shape == "choices" else control)),
            },
        )
    )


def _capitalised(control: str) -> SafeString:
    """Let the words of a select's options begin with a capital, as tokens do; labels of choices are in lower case."""
    return mark_safe(re.sub(r"(<option[^>]*>)(\w)", lambda found: found[1] + found[2].upper(), control))


def _shape(bound: BoundField) -> str:
    """Return how a field is laid out: hidden, check, choices, file, date, select, textarea or text."""
    widget = bound.field.widget
    kinds: Iterable[tuple[str, type[forms.Widget] | tuple[type[forms.Widget], ...]]] = (
        ("choices", (forms.RadioSelect, forms.CheckboxSelectMultiple)),
        ("check", forms.CheckboxInput),
        ("file", forms.FileInput),
        ("select", forms.Select),
        ("textarea", forms.Textarea),
        ("date", forms.DateInput),
    )
    if widget.is_hidden:
        return "hidden"
    return next((shape for shape, kind in kinds if isinstance(widget, kind)), "text")


def _control_class(shape: str) -> str:
    return {"select": "form-select", "check": "form-check-input", "hidden": ""}.get(shape, "form-control")


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """Return what is wrong with a sent form: faults of the whole, then a link to every field that has one."""
    fields = [(bound, fault_words(bound)[0]) for bound in form if bound.errors and not bound.is_hidden]
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    return {"general": [*form.non_field_errors(), *hidden], "fields": fields, "any": bool(form.errors)}


# Blocks that hold words of the page


def _bare(content: str) -> SafeString:
    """Return the content of a block (rendered and escaped already) without the spaces around it."""
    return mark_safe(content.strip())


@register.simple_block_tag(takes_context=True)
def page_head(context: Context, content: str, title: str, kicker: str = "", meta: str = "") -> str:
    """Head of a page: a line above (`kicker`), the title, a line below (`meta`), and the actions as content."""
    return render_to_string(
        "components/page_head.html", {"actions": _bare(content), "title": title, "kicker": kicker, "meta": meta}
    )


@register.simple_block_tag
def panel(content: str, title: str = "", more: str = "", more_label: str = "Xem tất cả", css: str = "") -> str:
    """A sheet of the page with an optional heading and a link to the whole list."""
    return render_to_string(
        "components/panel.html",
        {"content": content, "title": title, "more": more, "more_label": more_label, "css": css},
    )


@register.simple_block_tag
def quote(content: str, source: str = "", label: str = "Nguyên văn") -> str:
    """Words as a document prints them, set apart from the words of the product, with their place in it."""
    return render_to_string("components/quote.html", {"content": content, "source": source, "label": label})


@register.simple_block_tag
def event(
    content: str, at: Any, what: str, by: Any = "", icon: str = "circle", tone: str = "plain", on: Any = None
) -> str:
    """One entry of `<ol class="timeline">`: when, who, what, and the words as content.

    `on` is the working day that counts; where it is not the day of the clock (sample data), it stands alone.
    """
    when = day(on) if on and day(on) != day(at) else moment(at)
    return render_to_string(
        "components/event.html",
        {"content": _bare(content), "at": on or at, "when": when, "what": what, "by": by, "icon": icon, "tone": tone},
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str, open: bool = False) -> str:
    """A dialog that `data-dialog="id"` opens; `open` shows it at once (a form in it came back with errors)."""
    return render_to_string("components/dialog.html", {"content": content, "id": id, "title": title, "open": open})


@register.simple_block_tag
def bulk_bar(content: str, noun: str = "đầu việc") -> str:
    """The bar at the foot of a list whose rows can be ticked: how many are chosen, and what to do with them."""
    return render_to_string("components/bulk_bar.html", {"content": content, "noun": noun})


@register.inclusion_tag("components/steps.html")
def steps(names: str, current: int) -> dict[str, Any]:
    """Return the steps of a flow, given as "Tải lên|Xem lại|Xác nhận", of which `current` (from 1) is under way."""
    rows = [
        {"number": number, "name": name.strip(), "state": _step_state(number, int(current))}
        for number, name in enumerate(names.split("|"), start=1)
    ]
    return {"steps": rows}


def _step_state(number: int, current: int) -> str:
    if number == current:
        return "now"
    return "done" if number < current else "later"
