"""The form in which the words of a consolidated report are written over the figures."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms

from agencies.models import Agency
from reports.consolidating.narrative import RECIPIENTS, proposals_of, sections_of
from reports.models import Consolidation, NarrativeDraft, SignedAs

WORDS = "words-"
LONGEST = 60_000
"""Longest section, in characters: the words of a hundred agencies, one under the other."""
HINTS = {
    "results": "Đứng đầu mục II, trước kết quả từng nội dung. Có thể để trống.",
    "shortcomings": "Số liệu quá hạn, chậm báo cáo được tự ghi ở đầu mục.",
    "obstacles": "Bảng vướng mắc theo cơ quan giải quyết được lập thành phụ lục.",
    "proposals": "Sắp theo cơ quan được kiến nghị.",
    "outlook": "Các mốc đến hạn được tự ghi ở cuối mục.",
    RECIPIENTS: "Mỗi nơi một dòng.",
}


@dataclass(frozen=True)
class Written:
    """One section on the page: its field, the product's proposal, and whether people wrote over it."""

    key: str
    field: forms.BoundField
    proposal: str
    is_own: bool
    has_newer_proposal: bool


class NarrativeForm(forms.Form):
    """Whose paper it is, who signs, and the words of every section; it begins with what is kept or proposed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    issuer = forms.ChoiceField(label="Cơ quan ban hành", choices=Consolidation.Issuer.choices, required=False)
    signed_as = forms.ChoiceField(label="Thẩm quyền ký", choices=SignedAs.choices)
    signer = forms.CharField(label="Người ký", required=False, max_length=150, help_text="Có thể để trống.")

    def __init__(
        self, data: Any = None, *, draft: NarrativeDraft, figures: dict[str, Any], collector: Agency | None
    ) -> None:
        self.draft, self.figures, self.collector = draft, figures, collector
        asked = (data or {}).get("issuer")
        self.chosen_issuer = asked if asked in Consolidation.Issuer.values else draft.issuer
        self.proposals = proposals_of(figures, self.chosen_issuer)
        initial = {name: getattr(draft, name) for name in ("revision", "issuer", "signed_as", "signer")}
        initial |= {f"{WORDS}{key}": draft.words.get(key, text) for key, text in self.proposals.items()}
        super().__init__(data, initial=initial)
        for key, title in sections_of(figures):
            self.fields[f"{WORDS}{key}"] = _words(title, HINTS.get(key, "Tập hợp từ báo cáo các cơ quan; sửa được."))
        if collector is not None:
            del self.fields["issuer"]
        else:
            cast(forms.ChoiceField, self.fields["issuer"]).choices = issuers_of(figures)

    def written(self) -> list[Written]:
        """Return the sections as the page shows them."""
        return [self._written(key) for key, _ in sections_of(self.figures)]

    def _written(self, key: str) -> Written:
        proposal, is_own = self.proposals[key], key in self.draft.words
        newer = is_own and self.draft.proposed.get(key, proposal) != proposal
        return Written(key, self[f"{WORDS}{key}"], proposal, is_own, newer)

    def words(self, *, without: str = "") -> dict[str, str]:
        """Return the words of every section, but for the one to be restored; recipients of the other issuer are no words."""
        found = {
            key: self.cleaned_data[f"{WORDS}{key}"].replace("\r\n", "\n") for key in self.proposals if key != without
        }
        usual = [proposals_of(self.figures, issuer)[RECIPIENTS].split() for issuer in Consolidation.Issuer.values]
        if found.get(RECIPIENTS, "").split() in usual:
            del found[RECIPIENTS]
        return found

    def signing(self) -> dict[str, str]:
        """Return whose paper it is and who signs."""
        signed = {name: self.cleaned_data[name] for name in ("signed_as", "signer")}
        return signed | {"issuer": self.cleaned_data.get("issuer") or Consolidation.Issuer.COORDINATOR}


def _words(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONGEST, help_text=help_text, widget=forms.Textarea(attrs={"rows": 6})
    )


def issuers_of(figures: dict[str, Any]) -> list[tuple[str, str]]:
    """Return whose paper it may be, by the names of the agencies."""
    committee = f"UBND {figures['plan']['province_kind']}"
    return [
        (Consolidation.Issuer.COORDINATOR.value, f"{figures['plan']['coordinator']} báo cáo {committee}"),
        (Consolidation.Issuer.COMMITTEE.value, f"{committee} ban hành (dự thảo trình ký)"),
    ]
