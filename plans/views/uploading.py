"""The page where a plan's document is uploaded or pasted."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from agencies.access import SignedInRequest, access_of
from plans.forms import UploadForm
from plans.importing.starting import start_draft


def upload(request: SignedInRequest) -> HttpResponse:
    """Take a plan's document or its pasted text, and go on to its proposal."""
    if not access_of(request.user).coordinates:
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        file, text = form.cleaned_data["document"], form.cleaned_data["text"]
        data, name = (file.read(), file.name) if file else (text.encode(), "noi-dung-dan.txt")
        try:
            new = start_draft(data=data, name=name, by=request.user, agency=form.cleaned_data["coordinating_agency"])
        except ValidationError as error:
            form.add_error("document" if file else "text", error)
        else:
            return redirect(new)
    return render(request, "plans/plan_upload.html", {"form": form}, status=422 if form.errors else 200)
