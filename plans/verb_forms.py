"""Forms that call a verb of a model, and how what a verb refuses is shown where it belongs."""

from collections.abc import Mapping
from datetime import date

from django import forms

from agencies.models import User
from plans.models.work import NewEvidence


def refuse(form: forms.BaseForm, error: forms.ValidationError, said_at: Mapping[str, str] | None = None) -> None:
    """Show what a verb refuses at the fields that it is about, the rest on the whole form; what was typed stays.

    ``said_at``: names under which the verb refuses → the field that shows it.
    """
    by_name = error.error_dict.items() if hasattr(error, "error_dict") else [("", error.error_list)]
    for name, faults in by_name:
        field = (said_at or {}).get(name, name)
        form.add_error(field if field in form.fields else None, faults)


class VerbForm(forms.Form):
    """A form that calls one verb of a model and shows what the verb refuses at the field that it is about."""

    SAID_AT: dict[str, str] = {}
    """Names under which a verb refuses → the field that shows it."""

    def refuse(self, error: forms.ValidationError) -> None:
        """Show the verb's refusal; what was typed stays."""
        refuse(self, error, self.SAID_AT)

    def take_revision(self, revision: int) -> None:
        """Carry the present revision: after looking at what somebody else did, the same words can be sent again."""
        if "revision" in self.fields:
            self.data = {**self.data.dict(), "revision": str(revision)}  # type: ignore[attr-defined]

    def all_errors(self) -> list[str]:
        """Return what is wrong, for a page that does not offer the form any more."""
        return [str(words) for found in self.errors.values() for words in found]

    def carry_out(self, *, by: User, on: date) -> str:
        """Call the verb; returns what to tell the person."""
        raise NotImplementedError

    def new_file(self) -> NewEvidence | None:
        """Return the file as it will be attached."""
        file = self.cleaned_data.get("file")
        return NewEvidence(file, file.name or "tệp") if file else None
