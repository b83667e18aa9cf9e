"""Forms of the page where an officer looks at the proposals of a document and mends them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict

from agencies.folding import printable, squeeze
from agencies.models import Agency, User
from agencies.naming import NameBook
from plans.forms import PlanHeadForm
from plans.importing.mended import chosen_criteria, entry_of, is_settled
from plans.importing.mending import Times, day_of
from plans.importing.mending_head import head_revision
from plans.models import DraftRow, ImportDraft
from plans.models.plan import Role

ARROW = " › "
"""Stands between the headings above a row where they are shown or typed on one line."""
WORDS, HAND, NEVER, READING = "words", "hand", "none", "reading"
MOST_DAYS = 60
_TYPED_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_FAR = 15
"""Years after the plan's in which a typed date is believed; before it, one."""


def path_words(path: Iterable[str]) -> str:
    """Return headings on one line."""
    return ARROW.join(path)


def typed_path(words: str) -> list[str]:
    """Return the headings of one typed line."""
    return [title for part in re.split(r"\s*[›>]\s*", words) if (title := squeeze(part)[:1000])]


def days_words(days: Iterable[str]) -> str:
    """Return ISO dates as a person types them: "30/06/2024; 31/12/2024"."""
    return "; ".join(f"{date.fromisoformat(day):%d/%m/%Y}" for day in days)


class DaysField(forms.CharField):
    """Dates typed day first, with anything between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=1000, **kwargs)
        self.plan_year: int | None = None

    def clean(self, value: Any) -> tuple[date, ...]:
        """Return the dates in order; raises ValidationError for words that are no date and for years out of sense."""
        words = super().clean(value)
        rest = _TYPED_DAY.sub(" ", words)
        if re.search(r"\w", rest):
            raise forms.ValidationError("Hãy ghi từng ngày theo dạng ngày/tháng/năm, cách nhau bằng dấu chấm phẩy.")
        days = []
        for found in _TYPED_DAY.finditer(words):
            try:
                days.append(datetime(int(found[3]), int(found[2]), int(found[1])).date())
            except ValueError:
                raise forms.ValidationError(f"Không có ngày {found[0]} trong lịch.") from None
        year = self.plan_year
        strange = [day for day in days if year and not year - 1 <= day.year <= year + _FAR]
        if strange:
            raise forms.ValidationError(f"Năm {strange[0].year} quá xa năm của kế hoạch ({year}). Hãy kiểm tra lại.")
        if len(days) > MOST_DAYS:
            raise forms.ValidationError(f"Chỉ nhận đến {MOST_DAYS} ngày cho một nhiệm vụ.")
        return tuple(sorted(set(days)))


class TimesForm(forms.Form):
    """A time: its words, or one of their readings, or dates typed by a person."""

    time_text = forms.CharField(label="Lời văn về thời gian", required=False, max_length=1000)
    time = forms.ChoiceField(label="Cách xác định thời hạn", required=False)
    days = DaysField(
        label="Các ngày",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "30/06/2024; 31/12/2024", "autocomplete": "off"}),
    )
    completes = forms.ChoiceField(
        label="Ý nghĩa các ngày",
        required=False,
        choices=[
            ("each", "Mỗi ngày là một lần phải hoàn thành"),
            ("final", "Ngày cuối là hạn, các ngày trước là mốc cập nhật"),
        ],
    )

    def clean(self) -> dict[str, Any]:
        """Ask for dates where they are to be typed."""
        data = super().clean() or self.cleaned_data
        if data.get("time") == HAND and not data.get("days") and "days" not in self.errors:
            self.add_error("days", "Hãy nhập ít nhất một ngày.")
        return data

    def times(self) -> Times | None:
        """Return what a person decided about the dates; None where the words decide."""
        way = self.cleaned_data.get("time") or WORDS
        if way.startswith(READING):
            return Times(reading=int(way.removeprefix(READING)))
        if way == HAND:
            return Times(days=self.cleaned_data["days"], completes=self.cleaned_data.get("completes") or "each")
        return Times() if way == NEVER else None


class RowForm(TimesForm):
    """One proposed row as mended by a person.

    Beside its fields it carries the entries (``agency``, ``role``, ``except``, one of each for a line) and under
    ``was_…`` what stood in each field when the page was opened: where a colleague was faster, what each of the two
    changed can then be told apart.
    """

    no = forms.CharField(label="Số TT", required=False, max_length=30)
    heading = forms.CharField(label="Đề mục", required=False, max_length=4000)
    text = forms.CharField(label="Nội dung nhiệm vụ", widget=forms.Textarea, max_length=20_000)
    product = forms.CharField(label="Sản phẩm", required=False, widget=forms.Textarea, max_length=5000)
    agencies_text = forms.CharField(label="Lời văn ô cơ quan", required=False, widget=forms.Textarea, max_length=5000)
    coordinating_text = forms.CharField(
        label="Lời văn ô phối hợp", required=False, widget=forms.Textarea, max_length=5000
    )
    is_report = forms.BooleanField(label="Là nhiệm vụ báo cáo (có kỳ báo cáo riêng)", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("no", "heading", "text", "product", "time_text")
    SINGLE = ("no", "heading", "text", "product", "time_text", "agencies_text", "coordinating_text")

    def __init__(self, data: QueryDict | None = None, *, row: DraftRow, book: NameBook) -> None:
        self.row, self.book = row, book
        super().__init__(data, initial=initial_of(row), prefix=None, auto_id=f"row{row.pk}_%s")
        self.order_fields(self.field_order)
        readings = row.task["deadline"].get("readings") or []
        ways = [WORDS, HAND, NEVER, *(f"{READING}{number}" for number in range(len(readings)))]
        self.fields["time"].choices = [(way, way) for way in ways]  # type: ignore[attr-defined]
        self.fields["days"].plan_year = row.draft.head.get("plan_year")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Browsers send line ends as two characters; the words of a document have one."""
        data = super().clean()
        return {name: plain_lines(value) if isinstance(value, str) else value for name, value in data.items()}

    # What stands in the form

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Return the lines of agencies as they stand in the form, typed or from the row."""
        if not self.is_bound or "editor" not in self.data:
            return [
                {"name": one["agency_or_group"], "role": one["role"], "except": "; ".join(one.get("excluded") or [])}
                for one in self.row.task["assignments"]
            ]
        lines = zip(*(self._list(name) for name in ("agency", "role", "except")), strict=False)
        return [
            {"name": squeeze(printable(name))[:500], "role": role, "except": printable(but)[:2000]}
            for name, role, but in lines
            if name.strip()
        ]

    @property
    def ticked(self) -> list[str]:
        """Return the codes of the ticked criteria."""
        return self._list("criteria") if self.is_bound and "editor" in self.data else chosen_criteria(self.row.task)

    @property
    def way(self) -> str:
        """Return how the dates are found."""
        return str(self["time"].value() or WORDS)

    def was(self) -> dict[str, str]:
        """Return what the row holds now, for the hidden fields that tell later who changed what."""
        values = initial_of(self.row)
        return {name: str(values.get(name) or "") for name in self.SINGLE} | {
            "time": f"{values['time']} {values['days']} {values['completes']}",
            "entries": said(RowForm(row=self.row, book=self.book).entries),
        }

    @property
    def kept_was(self) -> dict[str, str]:
        """Return what the hidden fields hold: what was there when the page was opened, also after a refusal."""
        if self.is_bound and "editor" in self.data:
            return {name: plain_lines(self.data.get(f"was_{name}", "")) for name in (*self.SINGLE, "time", "entries")}
        return self.was()

    def _list(self, name: str) -> list[str]:
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []

    # What a person changed

    def changed(self) -> dict[str, Any]:
        """Return the arguments of `mending.change_row` for what the form holds; a field that was not sent stays."""
        data, sent = self.cleaned_data, self.data
        fields = {name: data[name] for name in ("no", "text", "product", "time_text") if name in sent}
        fields |= {name: data[name] for name in ("agencies_text", "coordinating_text") if name in sent}
        if "heading" in sent and squeeze(data["heading"]) != squeeze(path_words(self.row.task["heading_path"])):
            fields["heading_path"] = typed_path(data["heading"])
        if "editor" not in sent:
            return fields
        if data["is_report"] != bool(self.row.task.get("is_report")):
            fields["is_report"] = data["is_report"]
        if self.row.task.get("criteria"):
            known = {one["code"] for one in self.row.task["criteria"]}
            fields["criteria_chosen"] = [code for code in self.ticked if code in known]
        if self._time_now() != self.was()["time"]:
            fields["times"] = self.times()
            if fields["times"] is None:  # back to the words: read them even where they stayed the same
                fields["from_words"] = True
        if said(self.entries) != self.was()["entries"]:
            fields["entries"] = self._as_assignments()
        return fields

    def _time_now(self) -> str:
        way = self.way
        typed = days_words(day.isoformat() for day in self.cleaned_data.get("days") or ()) if way == HAND else ""
        meaning = (self.cleaned_data.get("completes") or "each") if way == HAND else ""
        return f"{way} {typed} {meaning}"

    def _as_assignments(self) -> list[dict[str, Any]]:
        old = {one["agency_or_group"]: one for one in self.row.task["assignments"]}
        answer = []
        for line in self.entries:
            found = self.book.agency(line["name"]) or self.book.group(line["name"])
            role = line["role"] if line["role"] in Role.values else Role.IMPLEMENT
            before = old.get(line["name"])
            group = not isinstance(found, Agency) if found else bool(before and before["group"])
            excluded = [name for part in re.split(r"[;\n]", line["except"]) if (name := squeeze(part))]
            if before and (before["role"], list(before.get("excluded") or [])) == (role, excluded):
                answer.append(dict(before))
                continue
            name = found.name if found else line["name"]
            entry = entry_of(name, role, group=group, known=found is not None, old=before)
            answer.append(entry | {"excluded": [self._official(one) for one in excluded]})
        return answer

    def _official(self, name: str) -> str:
        found = self.book.agency(name)
        return found.name if found else name

    # A colleague was faster

    def merged(self, row: DraftRow) -> tuple["RowForm", list[dict[str, str]]]:
        """Return the form over the row as a colleague left it, and the fields that both of them changed.

        What only the colleague changed is taken over; what only this person changed, or both, stays as typed.
        """
        data = self.data.copy()  # type: ignore[attr-defined]
        fresh = RowForm(row=row, book=self.book)
        now, conflicts = fresh.was(), []
        for name in (*self.SINGLE, "time", "entries"):
            was, theirs, mine = plain_lines(self.data.get(f"was_{name}", "")), now[name], self._mine(name)
            if theirs in (was, mine):
                continue
            if mine == was:
                fresh.pour(name, data)
            else:
                label = {"time": "Thời hạn", "entries": "Cơ quan"}.get(name) or str(self.fields[name].label)
                conflicts.append({"label": label, "theirs": fresh.in_words(name)})
        data["revision"] = str(row.revision)
        for name, words in now.items():
            data[f"was_{name}"] = words
        return RowForm(data, row=row, book=self.book), conflicts

    def _mine(self, name: str) -> str:
        if name == "entries":
            return said(self.entries)
        if name == "time":
            return self._time_now() if hasattr(self, "cleaned_data") else self.way
        return plain_lines(str(self.data.get(name) or ""))

    def pour(self, name: str, data: QueryDict) -> None:
        """Put what this form holds in a field into the data of another one."""
        if name == "entries":
            for key, part in (("agency", "name"), ("role", "role"), ("except", "except")):
                data.setlist(key, [line[part] for line in self.entries])
        elif name == "time":
            for key in ("time", "days", "completes"):
                data[key] = str(self.initial.get(key) or "")
        else:
            data[name] = str(self.initial.get(name) or "")

    def in_words(self, name: str) -> str:
        """Return what a field holds, for a person to read."""
        if name == "entries":
            return "; ".join(f"{line['name']} ({Role(line['role']).label})" for line in self.entries) or "không có"
        if name == "time":
            days = self.row.task["deadline"].get("due_dates") or []
            return days_words(days) or "không có ngày"
        return str(self.initial.get(name) or "") or "để trống"


def initial_of(row: DraftRow) -> dict[str, Any]:
    """Return what the form shows of a row."""
    task, deadline = row.task, row.task["deadline"]
    way, days, completes = WORDS, "", ""
    if is_settled(deadline) and deadline.get("by_hand"):
        way = HAND if deadline.get("due_dates") else NEVER
    elif is_settled(deadline):
        way = f"{READING}{deadline.get('chosen', 0)}"
    if way == HAND:
        days, completes = days_words(deadline["due_dates"]), deadline.get("completes") or "each"
    return {
        "no": task.get("no") or "",
        "heading": path_words(task.get("heading_path") or []),
        "text": task.get("text") or "",
        "product": task.get("product") or "",
        "time_text": task.get("time_text") or "",
        "agencies_text": task.get("agencies_text") or "",
        "coordinating_text": task.get("coordinating_text") or "",
        "is_report": bool(task.get("is_report")),
        "time": way,
        "days": days,
        "completes": completes,
        "revision": row.revision,
    }


def said(entries: Iterable[Mapping[str, str]]) -> str:
    """Return lines of agencies as one string that tells two states apart."""
    return "\n".join(f"{one['name']}|{one['role']}|{squeeze(one['except'])}" for one in entries)


def plain_lines(words: str) -> str:
    """Return the words with line ends of one character."""
    return words.replace("\r\n", "\n")


class DraftHeadForm(PlanHeadForm):
    """The plan's head as kept in a draft: corrected at any time, confirmed at the end."""

    legal_basis = forms.CharField(
        label="Căn cứ", required=False, widget=forms.Textarea, max_length=20_000, help_text="Mỗi căn cứ một dòng."
    )
    head_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """Return the head in the shape of `PlanHead.as_dict` and the two switches."""
        data = self.cleaned_data
        return {
            "number": data["number"],
            "title": data["title"],
            "issuer": data["issuer"],
            "signed": data["signed_on"].isoformat(),
            "plan_year": data["year"],
            "target": data["target"],
            "signer": data["signer"],
            "legal_basis": [squeeze(line) for line in data["legal_basis"].splitlines() if line.strip()],
            "before_is_inclusive": data["before_is_inclusive"],
            "skip_early": data["skip_early"],
        }


def head_values(draft: ImportDraft) -> dict[str, Any]:
    """Return what the form of the head begins with; issuer and year have a usual value where the document is silent."""
    head = draft.head
    try:
        signed = date.fromisoformat(head["signed"]) if head.get("signed") else None
    except ValueError:
        signed = None
    return {
        "number": head.get("number") or "",
        "signed_on": signed,
        "issuer": head.get("issuer") or f"UBND {draft.province.full_name}",
        "title": head.get("title") or "",
        "year": head.get("plan_year") or (signed.year if signed else None),
        "target": head.get("target") or "",
        "signer": head.get("signer") or "",
        "legal_basis": "\n".join(head.get("legal_basis") or []),
        "before_is_inclusive": bool(head.get("before_is_inclusive")),
        "skip_early": bool(head.get("skip_early")),
        "head_revision": head_revision(draft),
    }


class ManyTimesForm(TimesForm):
    """One time for many rows: words to read, or dates."""

    def __init__(self, data: Any, *, plan_year: int | None) -> None:
        given = dict(data.items())
        given.setdefault("time", HAND if given.get("days", "").strip() else WORDS)
        super().__init__(given)
        self.fields["time"].choices = [(WORDS, WORDS), (HAND, HAND), (NEVER, NEVER)]  # type: ignore[attr-defined]
        self.fields["days"].plan_year = plan_year  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the words where they are to be read."""
        data = super().clean()
        if (data.get("time") or WORDS) == WORDS and not data.get("time_text"):
            self.add_error("time_text", "Hãy ghi thời gian, ví dụ: Quý II/2024.")
        return data


class NewAgencyForm(forms.ModelForm):
    """A body that the plan names and the register does not hold yet."""

    remember = forms.BooleanField(
        label="Ghi nhớ cách viết trong văn bản là tên gọi khác của cơ quan này", required=False, initial=True
    )

    class Meta:
        model = Agency
        fields = ["name", "kind", "parent", "valid_from"]

    def __init__(self, *args: Any, user: User, draft: ImportDraft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alive = Agency.objects.visible_to(user).valid_on(day_of(draft))
        self.fields["parent"].queryset = alive  # type: ignore[attr-defined]
        self.fields["valid_from"].help_text = "Để trống nếu cơ quan đã có từ trước, không rõ ngày."
