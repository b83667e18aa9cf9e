"""Forms of the extension desk and the obstacle desk: they check input; the verbs of the models check rights and rules."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agencies.access import access_of
from agencies.models import Agency, User
from plans.files import EVIDENCE_TYPES, check_upload
from plans.models import Extension, Obstacle, Task, WorkItem
from plans.models.extension import ExtensionState, SuperiorDocument
from plans.models.obstacle_rules import addressees
from plans.verb_forms import VerbForm

FILE_HELP = "Không bắt buộc. PDF, Word, Excel, ảnh …; tối đa 25 MB."


class OneFileField(forms.FileField):
    """One file that may be left out, checked by `check_upload`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_empty_file": True, "help_text": FILE_HELP, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        """Return the file or None."""
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            check_upload(file, EVIDENCE_TYPES)
            return file
        return None


class ExtensionAskForm(VerbForm):
    """A later due date, and why."""

    until = forms.DateField(label="Gia hạn đến hết ngày")
    reason = forms.CharField(
        label="Lý do",
        widget=forms.Textarea,
        max_length=4000,
        help_text="Nêu phần việc đã làm, phần còn lại và nguyên nhân chưa xong trong hạn.",
    )
    file = OneFileField(label="Văn bản đề nghị kèm theo")

    def ask(self, item: WorkItem, *, by: User, on: date) -> Extension:
        """Ask."""
        data = self.cleaned_data
        return Extension.ask(item, by=by, on=on, until=data["until"], reason=data["reason"], file=self.new_file())


class DecisionForm(VerbForm):
    """What the plan's coordinator decides on a request; which decisions there are follows from its state."""

    SAID_AT = {"reason": "words", "document": "document_number"}
    DONE = {
        "approve": "Đã gia hạn; hạn của đầu việc đã đổi.",
        "offer": "Đã đề xuất ngày khác, chờ cơ quan trả lời.",
        "forward": "Đã ghi trình cấp trên; ghi văn bản quyết định khi có.",
        "refuse": "Đã ghi không đồng ý gia hạn.",
    }

    decision = forms.ChoiceField(label="Quyết định", widget=forms.RadioSelect)
    until = forms.DateField(
        label="Ngày khác", required=False, help_text="Chỉ điền khi ngày mới khác ngày cơ quan đề nghị."
    )
    words = forms.CharField(label="Ý kiến, lý do", widget=forms.Textarea, max_length=4000, required=False)
    document_number = forms.CharField(label="Số, ký hiệu văn bản của cấp trên", max_length=100, required=False)
    document_date = forms.DateField(label="Ngày văn bản", required=False)
    document_issuer = forms.CharField(label="Cơ quan ban hành", max_length=255, required=False)

    def __init__(self, *args: Any, extension: Extension, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extension = extension
        choices = [("approve", f"Đồng ý gia hạn đến {extension.asked_until:%d/%m/%Y}")]
        if not extension.needs_document:
            choices.append(("offer", "Đề xuất ngày khác"))
        if extension.state == ExtensionState.ASKED:
            choices.append(("forward", "Trình cấp trên quyết định"))
        choices.append(("refuse", "Không đồng ý"))
        if extension.needs_document:
            self.fields["until"].label = "Hạn theo văn bản"
            self.fields["until"].help_text = "Để trống nếu đúng ngày cơ quan đề nghị."
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the day of an offer and for all three parts of a document."""
        data = super().clean() or self.cleaned_data
        if data.get("decision") == "offer" and not data.get("until") and "until" not in self.errors:
            self.add_error("until", "Hãy ghi ngày đề xuất.")
        parts = ("document_number", "document_date", "document_issuer")
        if any(data.get(name) for name in parts):
            for name in parts:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "Hãy ghi đủ số, ngày và cơ quan ban hành văn bản.")
        return data

    @property
    def document(self) -> SuperiorDocument | None:
        """Return the superior's document, if one was typed."""
        data = self.cleaned_data
        if not data.get("document_date"):
            return None
        return SuperiorDocument(data["document_number"], data["document_date"], data["document_issuer"])

    def carry_out(self, *, by: User, on: date) -> str:
        """Decide; returns what to tell the person."""
        data, extension = self.cleaned_data, self.extension
        words, until, decision = data["words"], data["until"], data["decision"]
        if decision == "approve":
            extension.approve(by=by, on=on, words=words, until=until, document=self.document)
        elif decision == "offer":
            extension.offer(by=by, on=on, until=until, words=words)
        elif decision == "forward":
            extension.forward(by=by, on=on, words=words)
        else:
            extension.refuse(by=by, on=on, reason=words, document=self.document)
        return self.DONE[decision]


class OfferAnswerForm(VerbForm):
    """The asker's answer to another day."""

    SAID_AT = {"reason": "words"}

    decision = forms.ChoiceField(label="Trả lời", widget=forms.RadioSelect)
    words = forms.CharField(
        label="Lý do", widget=forms.Textarea, max_length=4000, required=False, help_text="Cần ghi khi không nhận."
    )

    def __init__(self, *args: Any, extension: Extension, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extension = extension
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            ("accept", f"Nhận ngày {extension.until:%d/%m/%Y}"),
            ("decline", "Không nhận, giữ hạn hiện tại"),
        ]

    def carry_out(self, *, by: User, on: date) -> str:
        """Answer; returns what to tell the person."""
        if self.cleaned_data["decision"] == "accept":
            self.extension.accept_offer(by=by, on=on)
            return "Đã nhận ngày được đề xuất; hạn của đầu việc đã đổi."
        self.extension.decline_offer(by=by, on=on, reason=self.cleaned_data["words"])
        return "Đã ghi không nhận ngày được đề xuất."


class ObstaclePutForm(VerbForm):
    """An obstacle of an agency on a task, what it proposes and to whom."""

    agency = forms.ModelChoiceField(queryset=Agency.objects.none(), label="Cơ quan gặp vướng mắc")
    words = forms.CharField(label="Vướng mắc", widget=forms.Textarea, max_length=10_000)
    cause = forms.CharField(label="Nguyên nhân", widget=forms.Textarea, max_length=10_000, required=False)
    proposal = forms.CharField(
        label="Kiến nghị",
        widget=forms.Textarea,
        max_length=10_000,
        help_text="Nêu rõ đề nghị cơ quan nào làm gì, trước khi nào.",
    )
    addressee = forms.ModelChoiceField(
        queryset=Agency.objects.none(), label="Gửi đến cơ quan", empty_label="Chọn cơ quan"
    )
    file = OneFileField(label="Tài liệu kèm theo")

    def __init__(self, *args: Any, task: Task, item: WorkItem | None, user: User, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task, self.item = task, item
        theirs = Agency.objects.filter(pk__in=access_of(user).reach)
        theirs = theirs.filter(pk=item.agency_id) if item else theirs.filter(assignments__task=task).distinct()
        self.fields["agency"].queryset = theirs  # type: ignore[attr-defined]
        first = theirs.first()
        self.fields["agency"].initial = first
        others = Agency.objects.visible_to(user).valid_on(on)
        if item is not None:
            self.fields["agency"].widget = forms.HiddenInput()
            others = addressees(item.agency, on)
        self.fields["addressee"].queryset = others  # type: ignore[attr-defined]
        if first is None or first.pk != task.plan.coordinating_agency_id:
            self.fields["addressee"].initial = task.plan.coordinating_agency_id

    def put(self, *, by: User, on: date) -> Obstacle:
        """Raise it."""
        data = self.cleaned_data
        names = ("agency", "words", "cause", "proposal", "addressee")
        texts = {name: data[name] for name in names}
        return Obstacle.put(by=by, on=on, task=self.task, item=self.item, file=self.new_file(), **texts)


class ObstacleAnswerForm(VerbForm):
    """The addressee's answer, or the way to another agency."""

    SAID_AT = {"reason": "words", "addressee": "to"}

    decision = forms.ChoiceField(
        label="Xử lý",
        widget=forms.RadioSelect,
        choices=[("answer", "Trả lời"), ("forward", "Chuyển cơ quan khác trả lời")],
        initial="answer",
    )
    words = forms.CharField(label="Nội dung trả lời, hoặc lý do chuyển", widget=forms.Textarea, max_length=10_000)
    document = forms.CharField(
        label="Văn bản trả lời",
        max_length=300,
        required=False,
        help_text="Số, ngày, cơ quan ban hành; để trống nếu trả lời trực tiếp trên hệ thống.",
    )
    to = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        label="Chuyển đến",
        required=False,
        empty_label="Chọn cơ quan",
        help_text="Chỉ chọn khi chuyển.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, obstacle: Obstacle, on: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"revision": obstacle.revision, "decision": "answer"})
        super().__init__(*args, **kwargs)
        self.obstacle = obstacle
        others = addressees(obstacle.agency, on).exclude(pk=obstacle.addressee_id)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the other agency."""
        data = super().clean() or self.cleaned_data
        if data.get("decision") == "forward" and not data.get("to") and "to" not in self.errors:
            self.add_error("to", "Hãy chọn cơ quan nhận.")
        return data

    def carry_out(self, *, by: User, on: date) -> str:
        """Answer or pass on; returns what to tell the person."""
        data = self.cleaned_data
        words, revision = data["words"], data["revision"]
        if data["decision"] == "forward":
            self.obstacle.forward(by=by, on=on, to=data["to"], reason=words, revision=revision)
            return f"Đã chuyển đến {data['to']}."
        self.obstacle.answer_it(by=by, on=on, words=words, document=data["document"], revision=revision)
        return "Đã gửi trả lời."


class ObstacleEndForm(VerbForm):
    """What the asker makes of an answer: it is settled, or asked again."""

    decision = forms.ChoiceField(label="Ý kiến của cơ quan nêu", widget=forms.RadioSelect)
    words = forms.CharField(label="Nội dung", widget=forms.Textarea, max_length=4000, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, obstacle: Obstacle, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"revision": obstacle.revision})
        super().__init__(*args, **kwargs)
        self.obstacle = obstacle
        choices = []
        if obstacle.state != Obstacle.State.SETTLED:
            choices.append(("settle", "Kết thúc: vướng mắc đã được giải quyết"))
        if not obstacle.is_open:
            choices.append(("reopen", "Hỏi lại: vẫn còn vướng"))
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]
        self.fields["words"].help_text = (
            "Chưa có trả lời: ghi rõ vướng mắc đã được giải quyết thế nào."
            if obstacle.is_open
            else "Khi hỏi lại: ghi rõ nội dung còn vướng."
        )

    def carry_out(self, *, by: User, on: date) -> str:
        """Close or ask again; returns what to tell the person."""
        words, revision = self.cleaned_data["words"], self.cleaned_data["revision"]
        if self.cleaned_data["decision"] == "settle":
            self.obstacle.settle(by=by, on=on, words=words, revision=revision)
            return "Đã kết thúc vướng mắc."
        self.obstacle.reopen(by=by, on=on, words=words, revision=revision)
        return "Đã hỏi lại."
